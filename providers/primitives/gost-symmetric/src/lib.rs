//! Kuznyechik and Magma modes, re-keying and key wrapping.
