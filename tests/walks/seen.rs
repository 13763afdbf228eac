//! What walks come to.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// How often each command had each answer.
pub(crate) type Seen = Arc<Mutex<BTreeMap<String, u32>>>;

/// What walks that prove anything come to.
pub(crate) const SEEN_AT_LEAST: &[&str] = &["block ok"];
