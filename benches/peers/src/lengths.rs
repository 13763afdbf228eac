//! The lengths that are hashed.

/// Name and octets, as in `c/bench.h`.
pub(crate) const LENGTHS: [(&str, usize); 4] =
    [("64 B", 64), ("1 kB", 1024), ("1.5 kB", 1500), ("1 MiB", 1 << 20)];

/// Octets in millions: figures are megabytes a second.
pub(crate) fn megabytes(octets: usize) -> f64 {
    f64::from(u32::try_from(octets).unwrap_or(u32::MAX)) / 1e6
}
