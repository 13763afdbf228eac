//! Path validation (RFC 5280 §6.1).

use const_oid::ObjectIdentifier;
use gost_ca::x509::Certificate;
use gost_ca::x509::extensions::{BasicConstraints, ExtensionValue, KeyUsage, KeyUsages, Policies};

use super::names::{NameConstraints, Names};
use super::policies::{InhibitAnyPolicy, PolicyConstraints, PolicyMappings, PolicyState};
use super::{PathFault, PathRules};

/// Validates a way whose signatures are checked, the anchor last; gives the policies that hold.
pub(super) fn validate(
    way: &[&Certificate],
    rules: &PathRules,
) -> Result<Vec<ObjectIdentifier>, PathFault> {
    let below = way.split_last().map(|(_, below)| below).unwrap_or_default();
    let mut state = State::new(below.len(), rules);
    for (index, certificate) in below.iter().enumerate().rev() {
        state.absorb(certificate, index == 0, rules)?;
    }
    Ok(state.policies.finish())
}

struct State {
    policies: PolicyState,
    names: Vec<NameConstraints>,
    /// Authorities that may follow.
    authorities: usize,
}

impl State {
    fn new(length: usize, rules: &PathRules) -> Self {
        Self { policies: PolicyState::new(length, rules), names: Vec::new(), authorities: length }
    }

    fn absorb(
        &mut self,
        certificate: &Certificate,
        last: bool,
        rules: &PathRules,
    ) -> Result<(), PathFault> {
        let serial = || certificate.serial().to_string();
        dates(certificate, rules)?;
        known_extensions(certificate)?;
        let own = certificate.subject() == certificate.issuer();
        if last || !own {
            let names = Names::of(certificate).map_err(|oid| bad(certificate, oid))?;
            if !self.names.iter().all(|constraints| constraints.allow(&names)) {
                return Err(PathFault::Name { certificate: serial() });
            }
        }
        let stated = found::<Policies>(certificate)?.map(|stated| stated.policies);
        if !self.policies.absorb(stated.as_deref(), own, last) {
            return Err(PathFault::Policy { certificate: serial() });
        }
        if !last {
            self.authority(certificate, own)?;
            let mappings = found::<PolicyMappings>(certificate)?.unwrap_or_default();
            if !self.policies.map(&mappings) {
                return Err(PathFault::Policy { certificate: serial() });
            }
            self.names.extend(found::<NameConstraints>(certificate)?);
        }
        let constraints = found::<PolicyConstraints>(certificate)?.unwrap_or_default();
        let inhibited = found::<InhibitAnyPolicy>(certificate)?;
        self.policies.constrain(own, last, &constraints, inhibited);
        if last && !self.policies.holds() {
            return Err(PathFault::Policy { certificate: serial() });
        }
        Ok(())
    }

    fn authority(&mut self, certificate: &Certificate, own: bool) -> Result<(), PathFault> {
        let refuse =
            |why| PathFault::NotAnAuthority { certificate: certificate.serial().to_string(), why };
        let constraints = found::<BasicConstraints>(certificate)?.unwrap_or_default();
        if !constraints.authority {
            return Err(refuse("basicConstraints"));
        }
        let usage = found::<KeyUsages>(certificate)?;
        if usage.is_some_and(|usage| !usage.contains(KeyUsage::KeyCertSign)) {
            return Err(refuse("keyUsage"));
        }
        if !own {
            let left = self.authorities.checked_sub(1);
            self.authorities = left.ok_or_else(|| refuse("pathLenConstraint"))?;
        }
        if let Some(most) = constraints.path_length {
            self.authorities = self.authorities.min(usize::from(most));
        }
        Ok(())
    }
}

fn dates(certificate: &Certificate, rules: &PathRules) -> Result<(), PathFault> {
    let serial = certificate.serial().to_string();
    if rules.at < certificate.validity().not_before {
        return Err(PathFault::NotYetValid { certificate: serial });
    }
    if rules.at > certificate.validity().not_after {
        return Err(PathFault::Ended { certificate: serial });
    }
    Ok(())
}

/// RFC 5280 §4.2: what is critical and not processed makes the certificate unusable.
fn known_extensions(certificate: &Certificate) -> Result<(), PathFault> {
    let unknown =
        certificate.extensions().iter().find(|one| one.critical && !PROCESSED.contains(&one.oid));
    unknown.map_or(Ok(()), |one| Err(bad(certificate, one.oid)))
}

pub(super) fn found<T: ExtensionValue>(certificate: &Certificate) -> Result<Option<T>, PathFault> {
    certificate.find().map_err(|_| bad(certificate, T::OID))
}

fn bad(certificate: &Certificate, extension: ObjectIdentifier) -> PathFault {
    PathFault::Extension { certificate: certificate.serial().to_string(), extension }
}

/// Processed here, or by those who use the certificate; `subjectSignTool` and its like bind nobody's software.
const PROCESSED: [ObjectIdentifier; 12] = [
    ObjectIdentifier::new_unwrap("2.5.29.15"),       // keyUsage
    ObjectIdentifier::new_unwrap("2.5.29.16"),       // privateKeyUsagePeriod
    ObjectIdentifier::new_unwrap("2.5.29.17"),       // subjectAltName
    ObjectIdentifier::new_unwrap("2.5.29.19"),       // basicConstraints
    ObjectIdentifier::new_unwrap("2.5.29.30"),       // nameConstraints
    ObjectIdentifier::new_unwrap("2.5.29.32"),       // certificatePolicies
    ObjectIdentifier::new_unwrap("2.5.29.33"),       // policyMappings
    ObjectIdentifier::new_unwrap("2.5.29.36"),       // policyConstraints
    ObjectIdentifier::new_unwrap("2.5.29.37"),       // extKeyUsage
    ObjectIdentifier::new_unwrap("2.5.29.54"),       // inhibitAnyPolicy
    ObjectIdentifier::new_unwrap("1.2.643.100.111"), // subjectSignTool
    ObjectIdentifier::new_unwrap("1.2.643.100.114"), // identificationKind
];
