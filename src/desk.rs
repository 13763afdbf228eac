//! The desk around certificates: histories, carriers, scans, checks, reports, dossiers.

pub mod carriers;
pub mod periods;
pub mod scan;
