//! Streebog (GOST R 34.11-2012), HMAC, PBKDF2 and key derivation.
