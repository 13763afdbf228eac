//! How an authority's CRLs are made, as data.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::id::Name;

/// When CRLs are made, what they list, and where they go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CrlPolicy {
    /// How often a complete CRL is made.
    pub period: SignedDuration,
    /// How long one is valid, at most until its issuer's end.
    pub validity: SignedDuration,
    /// How soon after a revocation there is a new one, complete or delta.
    pub urgency: SignedDuration,
    /// Between complete CRLs changes go into delta CRLs.
    pub delta: bool,
    /// Into how many parts the list is cut, at least one. May grow, never shrink.
    pub partitions: u16,
    /// URLs of the CRL, as certificates name it, with `{partition}` where the part's number goes.
    pub locations: Vec<String>,
    /// URLs of the delta CRL, likewise.
    pub delta_locations: Vec<String>,
    /// How long after its end a certificate stays on the list (RFC 5280 §3.3: on one CRL at least).
    pub look_back: SignedDuration,
    /// Certificates that ended since then stay listed for ever: `expiredCertsOnCRL`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expired_since: Option<Timestamp>,
    /// A list that lost more than so many of a hundred entries is not published by itself.
    pub shrink_percent: u8,
    /// Where CRLs are published, by the publisher's name.
    pub endpoints: Vec<Name>,
}

/// A policy contradicts itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BadCrlPolicy {
    /// Terms are positive, and a CRL is valid for longer than the next one is away.
    #[error("period, urgency or validity")]
    Terms,
    /// There is one part at least, and each of several has a URL of its own.
    #[error("partitions without URLs of their own")]
    Partitions,
    /// Delta CRLs are nowhere to be found.
    #[error("delta CRLs without a URL")]
    Delta,
}

impl Default for CrlPolicy {
    /// Every 12 hours for 7 days, one list, five minutes after a revocation at the latest.
    fn default() -> Self {
        Self {
            period: SignedDuration::from_hours(12),
            validity: SignedDuration::from_hours(7 * 24),
            urgency: SignedDuration::from_mins(5),
            delta: false,
            partitions: 1,
            locations: Vec::new(),
            delta_locations: Vec::new(),
            look_back: SignedDuration::from_hours(7 * 24),
            expired_since: None,
            shrink_percent: 20,
            endpoints: Vec::new(),
        }
    }
}

impl CrlPolicy {
    /// Checks that its parts agree.
    ///
    /// # Errors
    /// [`BadCrlPolicy`] names what does not.
    pub fn check(&self) -> Result<(), BadCrlPolicy> {
        let positive = [self.period, self.urgency].iter().all(SignedDuration::is_positive);
        if !positive || self.validity <= self.period || self.look_back.is_negative() {
            return Err(BadCrlPolicy::Terms);
        }
        let own = |urls: &[String]| !urls.is_empty() && urls.iter().all(|url| url.contains(PART));
        if self.partitions == 0 || (self.partitions > 1 && !own(&self.locations)) {
            return Err(BadCrlPolicy::Partitions);
        }
        let delta = !self.delta_locations.is_empty();
        if self.delta && !delta || (delta && self.partitions > 1 && !own(&self.delta_locations)) {
            return Err(BadCrlPolicy::Delta);
        }
        Ok(())
    }

    /// Whether a certificate that ends then is listed on a CRL of that moment.
    pub fn keeps(&self, not_after: Timestamp, this_update: Timestamp) -> bool {
        let since = this_update.checked_sub(self.look_back).unwrap_or(Timestamp::MIN);
        since <= not_after || self.expired_since.is_some_and(|since| since <= not_after)
    }
}

/// The URLs of one part of a list.
pub fn urls_of_part(urls: &[String], partition: u16) -> Vec<String> {
    urls.iter().map(|url| url.replace(PART, &partition.to_string())).collect()
}

/// Whether URLs differ from part to part.
pub fn names_parts(urls: &[String]) -> bool {
    urls.iter().any(|url| url.contains(PART))
}

/// Where the number of the part goes.
const PART: &str = "{partition}";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_have_urls_of_their_own() {
        let mut policy = CrlPolicy::default();
        assert_eq!(policy.check(), Ok(()));
        policy.partitions = 4;
        assert_eq!(policy.check(), Err(BadCrlPolicy::Partitions));
        policy.locations = vec!["http://ca.test/{partition}.crl".to_owned()];
        assert_eq!(policy.check(), Ok(()));
        assert_eq!(urls_of_part(&policy.locations, 3), ["http://ca.test/3.crl"]);
        policy.delta = true;
        assert_eq!(policy.check(), Err(BadCrlPolicy::Delta));
    }

    #[test]
    fn a_crl_outlives_its_period() {
        let day = SignedDuration::from_hours(24);
        let policy = CrlPolicy { period: day, validity: day, ..CrlPolicy::default() };
        assert_eq!(policy.check(), Err(BadCrlPolicy::Terms));
    }
}
