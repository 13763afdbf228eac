//! Software keys, verifier, random generators and password hashing on GOST.
