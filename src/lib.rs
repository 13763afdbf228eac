//! Registration desk and issuing engine of a certification authority on Russian cryptography.
