//! Recorded key strokes and pointer moves: for examples and tests, never the library's default (V4).
