//! Writing the exact octets of a certificate to be signed.

use spki::AlgorithmIdentifierOwned;

use super::crl_policy::urls_of_part;
use crate::profile::{Profile, SignTools};
use crate::provider::authority::Validity;
use crate::registration::IdentificationKind;
use crate::x509::extensions::{
    AuthorityKeyIdentifier, BasicConstraints, CrlLocations, ExtendedKeyUsage, Extension,
    ExtensionValue, FreshestCrl, InformationLocations, IssuerSignTool, KeyUsages, Policies,
    PrivateKeyUsagePeriod, SubjectKeyIdentifier, SubjectSignTool, encode_all,
};
use crate::x509::{PublicKey, SerialNumber, write};

/// Everything that a certificate is made of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Contents<'a> {
    /// The algorithm of the issuer's signatures.
    pub(super) algorithm: &'a AlgorithmIdentifierOwned,
    /// The issuer's `Name`, DER.
    pub(super) issuer: &'a [u8],
    /// The issuer's key and certificate; a self-signed certificate needs none (RFC 5280 §4.2.1.1).
    pub(super) issuer_key: Option<&'a AuthorityKeyIdentifier>,
    pub(super) validity: &'a Validity,
    /// The subject's `Name`, DER.
    pub(super) subject: &'a [u8],
    pub(super) public_key: &'a PublicKey,
    pub(super) identification: IdentificationKind,
    /// Limits of use, besides the profile's (R6).
    pub(super) notice: Option<&'a str>,
    pub(super) profile: &'a Profile,
    /// The part of a partitioned CRL that it names.
    pub(super) partition: u16,
}

/// All fields of a `TBSCertificate` (RFC 5280 §4.1) but the version and the serial number.
pub(super) struct Encoded(Vec<u8>);

impl Encoded {
    /// What the serial number is a function of.
    pub(super) fn octets(&self) -> &[u8] {
        &self.0
    }

    pub(super) fn to_tbs(&self, serial: &SerialNumber) -> Vec<u8> {
        let version = write::tlv(write::constructed(0), &write::integer(2));
        let serial = write::tlv(write::INTEGER, serial.as_der_contents());
        write::sequence(&[&version, &serial, &self.0])
    }
}

impl Contents<'_> {
    pub(super) fn encode(self) -> Encoded {
        let validity = [self.validity.not_before, self.validity.not_after].map(write::time);
        let extensions = write::tlv(write::constructed(3), &encode_all(&self.extensions()));
        Encoded(
            [
                &write::algorithm(self.algorithm),
                self.issuer,
                &write::sequence(&validity),
                self.subject,
                self.public_key.as_der(),
                &extensions,
            ]
            .concat(),
        )
    }

    fn extensions(&self) -> Vec<Extension> {
        let profile = self.profile;
        let constraints = profile
            .authority
            .map(|path| BasicConstraints { authority: true, path_length: path.limit }.critical());
        let uses = profile.extended_key_usage.iter().map(|oid| oid.0).collect::<Vec<_>>();
        let policies = Policies {
            policies: profile.policies.iter().map(|oid| oid.0).collect(),
            notices: profile
                .notice
                .as_deref()
                .into_iter()
                .chain(self.notice)
                .map(str::to_owned)
                .collect(),
        };
        let usage_period = PrivateKeyUsagePeriod {
            not_before: Some(self.validity.not_before),
            not_after: Some(profile.key_end(self.validity)),
        };
        [
            constraints,
            Some(KeyUsages::new(profile.key_usage.iter().copied()).critical()),
            (!uses.is_empty()).then(|| ExtendedKeyUsage(uses).extension()),
            (!policies.policies.is_empty()).then(|| policies.extension()),
            profile.tools.as_ref().map(|_| self.identification.extension()),
            Some(SubjectKeyIdentifier::of(self.public_key).extension()),
            self.issuer_key.map(AuthorityKeyIdentifier::extension),
        ]
        .into_iter()
        .flatten()
        .chain(locations(profile, self.partition))
        .chain(profile.tools.iter().flat_map(tools))
        .chain([usage_period.extension()])
        .collect()
    }
}

fn locations(profile: &Profile, partition: u16) -> impl Iterator<Item = Extension> {
    let crl = CrlLocations(urls_of_part(&profile.locations.crl, partition));
    let delta = FreshestCrl(urls_of_part(&profile.locations.delta, partition));
    let information = InformationLocations {
        ocsp: profile.locations.ocsp.clone(),
        issuer: profile.locations.issuer.clone(),
    };
    let crl = (!crl.0.is_empty()).then(|| crl.extension());
    let delta = (!delta.0.is_empty()).then(|| delta.extension());
    let none = information == InformationLocations::default();
    let information = (!none).then(|| information.extension());
    crl.into_iter().chain(delta).chain(information)
}

fn tools(tools: &SignTools) -> [Extension; 2] {
    let issuer = IssuerSignTool {
        sign_tool: tools.issuer.clone(),
        ca_tool: tools.authority.clone(),
        sign_tool_document: tools.issuer_document.clone(),
        ca_tool_document: tools.authority_document.clone(),
    };
    [SubjectSignTool(tools.subject.clone()).extension(), issuer.extension()]
}
