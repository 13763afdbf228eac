//! The desk around certificates: histories, carriers, scans, checks, reports, dossiers, bulk files.

pub mod bulk;
pub mod carriers;
pub mod dossier;
pub mod events;
pub mod lists;
pub mod periods;
pub mod report;
pub mod scan;
pub mod table;
