//! Conformance checks for providers and certification authorities.
