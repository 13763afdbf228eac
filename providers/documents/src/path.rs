//! Certification paths: built from what is at hand, validated by RFC 5280 §6.
//!
//! An authority may have several keys and cross-certificates: issuers are sought by name and key identifier,
//! and every way to an anchor is tried until one is valid.

mod names;
mod policies;
mod validate;

use const_oid::ObjectIdentifier;
use gost_ca::provider::{Unverified, Verifier};
use gost_ca::x509::Certificate;
use jiff::Timestamp;

/// What paths are made of.
#[derive(Clone, Copy, Debug)]
pub struct PathBuilder<'a> {
    /// Authorities that are trusted: their names and keys alone (RFC 5280 §6.1.1 (d)).
    pub anchors: &'a [Certificate],
    /// Certificates that may lie between, from wherever they came.
    pub pool: &'a [Certificate],
    /// Checks the signatures.
    pub verifier: &'a dyn Verifier,
}

/// What is asked of a path (RFC 5280 §6.1.1).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PathRules {
    /// When all certificates must be within their dates.
    pub at: Timestamp,
    /// The policies of which one must hold; none: any.
    pub policies: Vec<ObjectIdentifier>,
    /// Whether a policy must hold even where no certificate demands it.
    pub explicit_policy: bool,
    /// Whether policies may not be mapped.
    pub inhibit_mapping: bool,
    /// Whether the policy of all policies counts for none.
    pub inhibit_any_policy: bool,
}

/// A valid path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// From the certificate to the anchor, both included; one where the certificate is an anchor.
    pub certificates: Vec<Certificate>,
    /// The policies under which the certificate is valid; none where nobody stated any.
    pub policies: Vec<ObjectIdentifier>,
}

/// Why no path is valid: the best one's fault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PathFault {
    /// Nobody at hand issued it.
    #[error("no issuer of {certificate} is at hand")]
    NoIssuer {
        /// Serial number.
        certificate: String,
    },
    /// Too many ways to try.
    #[error("too many ways to an anchor")]
    TooManyWays,
    /// The signature's algorithm is not known.
    #[error("unsupported algorithm {0}")]
    UnsupportedAlgorithm(String),
    /// A certificate is not signed by the key that its names lead to.
    #[error("the signature of {certificate} does not verify")]
    Signature {
        /// Serial number.
        certificate: String,
    },
    /// Its dates are over.
    #[error("{certificate} has ended")]
    Ended {
        /// Serial number.
        certificate: String,
    },
    /// Its dates have not begun.
    #[error("{certificate} is not valid yet")]
    NotYetValid {
        /// Serial number.
        certificate: String,
    },
    /// It is no authority, or may not sign certificates, or stands too high.
    #[error("{certificate} may not issue certificates: {why}")]
    NotAnAuthority {
        /// Serial number.
        certificate: String,
        /// What forbids it.
        why: &'static str,
    },
    /// Its names are outside of what an authority above may name.
    #[error("{certificate} has a name that an authority above may not give")]
    Name {
        /// Serial number.
        certificate: String,
    },
    /// No policy that is asked for holds.
    #[error("no policy that is asked for holds at {certificate}")]
    Policy {
        /// Serial number.
        certificate: String,
    },
    /// An extension that must be understood is not.
    #[error(
        "{certificate} has the extension {extension}, which is critical and unknown or malformed"
    )]
    Extension {
        /// Serial number.
        certificate: String,
        /// Which.
        extension: ObjectIdentifier,
    },
}

impl PathRules {
    /// Any policy, at a time.
    pub const fn at(at: Timestamp) -> Self {
        Self {
            at,
            policies: Vec::new(),
            explicit_policy: false,
            inhibit_mapping: false,
            inhibit_any_policy: false,
        }
    }
}

impl PathBuilder<'_> {
    /// Finds a valid path from a certificate to an anchor.
    ///
    /// # Errors
    /// The fault of the way that came furthest.
    pub fn find(&self, certificate: &Certificate, rules: &PathRules) -> Result<Path, PathFault> {
        if self.anchors.contains(certificate) {
            let certificates = vec![certificate.clone()];
            return Ok(Path { certificates, policies: Vec::new() });
        }
        let mut search = Search { builder: *self, rules, best: None, tries: MOST_TRIES };
        match search.extend(&mut vec![certificate]) {
            Some(path) => Ok(path),
            None => Err(search.best.map_or_else(|| no_issuer(certificate), |(_, fault)| fault)),
        }
    }
}

struct Search<'a> {
    builder: PathBuilder<'a>,
    rules: &'a PathRules,
    /// The fault of the way that came furthest, and how far that was.
    best: Option<(usize, PathFault)>,
    /// Signatures that may be checked yet: the ways could be made to be very many.
    tries: usize,
}

impl<'a> Search<'a> {
    fn extend(&mut self, way: &mut Vec<&'a Certificate>) -> Option<Path> {
        let last = *way.last()?;
        if way.len() >= LONGEST {
            self.fail(way.len(), PathFault::TooManyWays);
            return None;
        }
        let mut issuers = self.issuers(last);
        issuers.retain(|(issuer, _)| !way.contains(issuer));
        if issuers.is_empty() {
            self.fail(way.len(), no_issuer(last));
        }
        for (issuer, anchor) in issuers {
            if let Err(fault) = self.signed_by(last, issuer) {
                self.fail(way.len(), fault);
                continue;
            }
            way.push(issuer);
            let found = if anchor { self.validate(way) } else { self.extend(way) };
            way.pop();
            if found.is_some() {
                return found;
            }
        }
        None
    }

    fn validate(&mut self, way: &[&Certificate]) -> Option<Path> {
        match validate::validate(way, self.rules) {
            Ok(policies) => {
                let certificates = way.iter().map(|one| (*one).clone()).collect();
                Some(Path { certificates, policies })
            }
            Err(fault) => {
                self.fail(way.len().saturating_add(LONGEST), fault);
                None
            }
        }
    }

    /// Those that may have issued it, the likeliest first; whether each is an anchor.
    fn issuers(&self, certificate: &Certificate) -> Vec<(&'a Certificate, bool)> {
        let anchors = self.builder.anchors.iter().map(|one| (one, true));
        let all = anchors.chain(self.builder.pool.iter().map(|one| (one, false)));
        let mut issuers: Vec<_> =
            all.filter(|(one, _)| one.subject() == certificate.issuer()).collect();
        let wanted = certificate.authority_key();
        issuers.sort_by_key(|(issuer, anchor)| {
            let key = issuer.subject_key();
            let other = wanted.is_some() && key.is_some() && wanted != key;
            (other, key.is_none(), !*anchor)
        });
        issuers
    }

    fn signed_by(
        &mut self,
        certificate: &Certificate,
        issuer: &Certificate,
    ) -> Result<(), PathFault> {
        self.tries = self.tries.checked_sub(1).ok_or(PathFault::TooManyWays)?;
        let verified = certificate.verify(issuer.public_key(), self.builder.verifier);
        verified.map_err(|error| match error {
            Unverified::Unsupported(what) => PathFault::UnsupportedAlgorithm(what),
            _ => PathFault::Signature { certificate: certificate.serial().to_string() },
        })
    }

    fn fail(&mut self, length: usize, fault: PathFault) {
        if self.best.as_ref().is_none_or(|(best, _)| length > *best) {
            self.best = Some((length, fault));
        }
    }
}

fn no_issuer(certificate: &Certificate) -> PathFault {
    PathFault::NoIssuer { certificate: certificate.serial().to_string() }
}

/// Certificates of a path.
const LONGEST: usize = 10;
const MOST_TRIES: usize = 100;
