//! Rules about the extensions.

use const_oid::ObjectIdentifier;

use super::{Examined, Issuer, Rule, rule};
use crate::oid::Oid;
use crate::profile::SignTools;
use crate::registration::IdentificationKind;
use crate::x509::ExtensionValue;
use crate::x509::extensions::{
    AuthorityKeyIdentifier, BasicConstraints, CrlLocations, ExtendedKeyUsage, FreshestCrl,
    InformationLocations, IssuerSerial, IssuerSignTool, KeyUsages, Policies, PrivateKeyUsagePeriod,
    SubjectKeyIdentifier, SubjectSignTool,
};

pub(super) const RULES: &[Rule] = &[
    rule("extensions.known", "only those that the profile speaks of", |it| {
        let known = |oid| CRITICAL.contains(oid) || ORDINARY.contains(oid);
        it.tbs.extensions().iter().all(|extension| known(&extension.oid))
    }),
    rule("extensions.critical", "RFC 5280 §4.2.1, order of the FSB No 795: criticality", |it| {
        it.tbs.extensions().iter().all(|found| found.critical == CRITICAL.contains(&found.oid))
    }),
    rule("basic-constraints", "RFC 5280 §4.2.1.9: authorities alone", |it| {
        let wanted = it.expected.profile.authority;
        let wanted =
            wanted.map(|path| BasicConstraints { authority: true, path_length: path.limit });
        it.says(wanted.as_ref())
    }),
    rule("key-usage", "RFC 5280 §4.2.1.3: the profile's", |it| {
        it.says(Some(&KeyUsages::new(it.expected.profile.key_usage.iter().copied())))
    }),
    rule("extended-key-usage", "RFC 5280 §4.2.1.12: the profile's", |it| {
        let wanted = oids(&it.expected.profile.extended_key_usage);
        it.says((!wanted.is_empty()).then_some(&ExtendedKeyUsage(wanted)))
    }),
    rule("policies", "order of the FSB No 795: classes of tools; limits of use", policies),
    rule("identification-kind", "RFC 9215 §5: how the owner was identified", |it| {
        let found = it.find::<IdentificationKind>();
        let qualified = it.expected.profile.tools.is_some();
        found.is_ok_and(|found| {
            found.is_some() == qualified
                && found.is_none_or(|kind| it.asked(|asked| asked.identification == kind))
        })
    }),
    rule("subject-sign-tool", "order of the FSB No 795: the owner's tool", |it| {
        let wanted = tools(it).map(|tools| SubjectSignTool(tools.subject.clone()));
        it.says(wanted.as_ref())
    }),
    rule("issuer-sign-tool", "order of the FSB No 795: the authority's tools", |it| {
        let wanted = tools(it).map(|tools| IssuerSignTool {
            sign_tool: tools.issuer.clone(),
            ca_tool: tools.authority.clone(),
            sign_tool_document: tools.issuer_document.clone(),
            ca_tool_document: tools.authority_document.clone(),
        });
        it.says(wanted.as_ref())
    }),
    rule("subject-key-identifier", "RFC 5280 §4.2.1.2: the key's", |it| {
        it.says(Some(&SubjectKeyIdentifier::of(it.tbs.public_key())))
    }),
    rule("authority-key-identifier", "63-FZ art. 17: the number of the issuer's own", authority),
    rule("crl-locations", "RFC 5280 §4.2.1.13: the profile's", |it| {
        it.names(&it.expected.profile.locations.crl, CrlLocations)
    }),
    rule("freshest-crl", "RFC 5280 §4.2.1.15: the profile's", |it| {
        it.names(&it.expected.profile.locations.delta, FreshestCrl)
    }),
    rule("information-locations", "RFC 5280 §4.2.2.1: the profile's", |it| {
        let locations = &it.expected.profile.locations;
        let wanted =
            InformationLocations { ocsp: locations.ocsp.clone(), issuer: locations.issuer.clone() };
        it.says((wanted != InformationLocations::default()).then_some(&wanted))
    }),
    rule("key-period", "the profile's term of the private key, within the certificate's", |it| {
        let validity = it.tbs.validity();
        it.says(Some(&PrivateKeyUsagePeriod {
            not_before: Some(validity.not_before),
            not_after: Some(it.expected.profile.key_end(validity)),
        }))
    }),
];

const CRITICAL: &[ObjectIdentifier] = &[BasicConstraints::OID, KeyUsages::OID];
const ORDINARY: &[ObjectIdentifier] = &[
    AuthorityKeyIdentifier::OID,
    CrlLocations::OID,
    ExtendedKeyUsage::OID,
    FreshestCrl::OID,
    IdentificationKind::OID,
    InformationLocations::OID,
    IssuerSignTool::OID,
    Policies::OID,
    PrivateKeyUsagePeriod::OID,
    SubjectKeyIdentifier::OID,
    SubjectSignTool::OID,
];

fn tools<'a>(it: &Examined<'a>) -> Option<&'a SignTools> {
    it.expected.profile.tools.as_ref()
}

fn oids(all: &[Oid]) -> Vec<ObjectIdentifier> {
    all.iter().map(|oid| oid.0).collect()
}

/// The profile's policies and limits of use, then the limits asked for.
fn policies(it: &Examined<'_>) -> bool {
    let profile = it.expected.profile;
    let Ok(found) = it.find::<Policies>() else { return false };
    let found = found.unwrap_or_default();
    let mut notices = found.notices.iter().map(String::as_str);
    let own = profile.notice.iter().all(|notice| notices.next() == Some(notice));
    found.policies == oids(&profile.policies)
        && own
        && it.asked(|asked| notices.clone().eq(asked.notice))
}

/// Key, name and number of the issuer's certificate; a self-signed one needs none (RFC 5280 §4.2.1.1).
fn authority(it: &Examined<'_>) -> bool {
    let issuer = match it.expected.issuer {
        Issuer::Itself => return it.says::<AuthorityKeyIdentifier>(None),
        Issuer::Unknown => {
            let full = |found: AuthorityKeyIdentifier| found.key.and(found.certificate).is_some();
            return it.find().is_ok_and(|found| found.is_some_and(full));
        }
        Issuer::Known(issuer) => issuer,
    };
    it.says(Some(&AuthorityKeyIdentifier {
        key: issuer.subject_key(),
        certificate: Some(IssuerSerial {
            issuer: issuer.issuer().to_vec(),
            serial: issuer.serial().clone(),
        }),
    }))
}
