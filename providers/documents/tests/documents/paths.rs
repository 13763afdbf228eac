//! Paths: found among several keys and cross-certificates, and judged as OpenSSL judges them.

use std::fs;

use const_oid::ObjectIdentifier;
use gost_ca::provider::Signer;
use gost_ca::provider::key_store::Message;
use gost_ca::x509::extensions::{
    AuthorityKeyIdentifier, BasicConstraints, Extension, ExtensionValue, KeyUsage, KeyUsages,
    Policies, SubjectKeyIdentifier, encode_all,
};
use gost_ca::x509::{Certificate, PemLabel, to_pem, write};
use gost_ca_documents::path::{PathBuilder, PathFault, PathRules};
use gost_ca_software::{GostSigner, GostVerifier};
use gost3410::ParameterSet;

use crate::support::{invented, name, openssl};

/// Names and keys of authorities are made out of their letters.
fn key(letter: char) -> GostSigner {
    invented(ParameterSet::TC26_256_B, u8::try_from(letter).unwrap()).0
}

#[derive(Clone)]
struct Draft {
    subject: Vec<u8>,
    key: char,
    issuer: Vec<u8>,
    issuer_key: char,
    dates: [&'static str; 2],
    extensions: Vec<Extension>,
}

impl Draft {
    /// An authority by an authority.
    fn authority(subject: &str, issuer: &str) -> Self {
        let usage = KeyUsages::new([KeyUsage::KeyCertSign, KeyUsage::CrlSign]);
        let constraints = BasicConstraints { authority: true, path_length: None };
        Self::new(subject, issuer).with(usage.critical()).with(constraints.critical())
    }

    fn new(subject: &str, issuer: &str) -> Self {
        let letter = |name: &str| name.chars().next().unwrap();
        let (key_letter, issuer_key) = (letter(subject), letter(issuer));
        Self {
            subject: name(subject),
            key: key_letter,
            issuer: name(issuer),
            issuer_key,
            dates: ["2020-01-01T00:00:00Z", "2040-01-01T00:00:00Z"],
            extensions: Vec::new(),
        }
    }

    fn with(mut self, extension: Extension) -> Self {
        self.extensions.retain(|one| one.oid != extension.oid);
        self.extensions.push(extension);
        self
    }

    fn keys(mut self, own: char, issuer: char) -> Self {
        (self.key, self.issuer_key) = (own, issuer);
        self
    }

    fn until(mut self, date: &'static str) -> Self {
        self.dates[1] = date;
        self
    }

    async fn sign(&self) -> Certificate {
        let (own, issuer) = (key(self.key), key(self.issuer_key));
        let own_key = SubjectKeyIdentifier::of(own.public_key()).extension();
        let issuer_key = AuthorityKeyIdentifier {
            key: Some(SubjectKeyIdentifier::of(issuer.public_key()).0),
            certificate: None,
        };
        let extensions = [&[own_key, issuer_key.extension()], &self.extensions[..]].concat();
        let algorithm = write::algorithm(issuer.algorithm());
        let serial = gost_hash::streebog256(&[&self.subject[..], &self.issuer].concat());
        let tbs = write::sequence(&[
            &write::tlv(write::constructed(0), &write::integer(2)),
            &write::tlv(write::INTEGER, &[&[1], &serial[..8]].concat()),
            algorithm.as_slice(),
            &self.issuer,
            &write::sequence(&self.dates.map(|date| write::time(date.parse().unwrap()))),
            &self.subject,
            own.public_key().as_der(),
            &write::tlv(write::constructed(3), &encode_all(&extensions)),
        ]);
        let signature = issuer.sign(Message::Bytes(&tbs)).await.unwrap();
        let der = write::sequence(&[tbs, algorithm, write::bit_string(&signature)]);
        Certificate::from_der(&der).unwrap()
    }
}

fn oid(dots: &str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(dots)
}

fn extension(dots: &str, critical: bool, value: Vec<u8>) -> Extension {
    Extension { oid: oid(dots), critical, value }
}

fn policies(all: &[&str]) -> Extension {
    let policies = all.iter().map(|one| oid(one)).collect();
    Policies { policies, notices: Vec::new() }.extension()
}

fn mappings(pairs: &[(&str, &str)]) -> Extension {
    let pair =
        |(from, to): &(&str, &str)| write::sequence(&[from, to].map(|one| write::oid(&oid(one))));
    extension("2.5.29.33", true, write::sequence(&pairs.iter().map(pair).collect::<Vec<_>>()))
}

/// `requireExplicitPolicy`, `inhibitPolicyMapping`.
fn policy_constraints(explicit: Option<u8>, mapping: Option<u8>) -> Extension {
    let field = |tag, count: Option<u8>| {
        count.map(|count| write::tlv(write::primitive(tag), &[count])).unwrap_or_default()
    };
    extension("2.5.29.36", true, write::sequence(&[field(0, explicit), field(1, mapping)]))
}

fn inhibit_any(count: u8) -> Extension {
    extension("2.5.29.54", true, write::integer(count))
}

/// `nameConstraints` of general names that are permitted and excluded.
fn names(permitted: &[Vec<u8>], excluded: &[Vec<u8>]) -> Extension {
    let subtrees = |tag, all: &[Vec<u8>]| {
        if all.is_empty() {
            return Vec::new();
        }
        let all: Vec<_> = all.iter().map(|one| write::sequence(&[one])).collect();
        write::wrap(write::constructed(tag), &all)
    };
    let value = write::sequence(&[subtrees(0, permitted), subtrees(1, excluded)]);
    extension("2.5.29.30", true, value)
}

fn alternative(all: &[Vec<u8>]) -> Extension {
    extension("2.5.29.17", false, write::sequence(all))
}

fn email(text: &str) -> Vec<u8> {
    write::tlv(write::primitive(1), text.as_bytes())
}

fn host(text: &str) -> Vec<u8> {
    write::tlv(write::primitive(2), text.as_bytes())
}

fn directory(text: &str) -> Vec<u8> {
    write::tlv(write::constructed(4), &name(text))
}

fn uri(text: &str) -> Vec<u8> {
    write::tlv(write::primitive(6), text.as_bytes())
}

fn address(octets: &[u8]) -> Vec<u8> {
    write::tlv(write::primitive(7), octets)
}

/// A chain of root, authority and user; whether it is valid; the policies that are asked for.
type Case = (&'static str, Draft, Draft, bool, &'static [&'static str]);

const FIRST: &str = "1.2.643.100.113.1";
const SECOND: &str = "1.2.643.100.113.2";
const ANY: &str = "2.5.29.32.0";

fn cases() -> Vec<Case> {
    let middle = || Draft::authority("Middle", "Root");
    let user = || Draft::new("User", "Middle");
    let no_authority = BasicConstraints { authority: false, path_length: None };
    let cannot_sign = KeyUsages::new([KeyUsage::CrlSign]).critical();
    let unknown = |critical| extension("1.2.3.4.5", critical, vec![5, 0]);
    let constrained =
        |permitted: &[Vec<u8>], excluded: &[Vec<u8>]| middle().with(names(permitted, excluded));
    let named = |all: &[Vec<u8>]| user().with(alternative(all));
    vec![
        ("plain", middle(), user(), true, &[]),
        ("no authority", middle().with(no_authority.critical()), user(), false, &[]),
        ("may not sign", middle().with(cannot_sign), user(), false, &[]),
        ("ended above", middle().until("2021-01-01T00:00:00Z"), user(), false, &[]),
        ("ended", middle(), user().until("2021-01-01T00:00:00Z"), false, &[]),
        ("forged", middle(), user().keys('U', 'X'), false, &[]),
        ("unknown critical", middle(), user().with(unknown(true)), false, &[]),
        ("unknown critical above", middle().with(unknown(true)), user(), false, &[]),
        ("unknown", middle(), user().with(unknown(false)), true, &[]),
        // Policies
        (
            "asked",
            middle().with(policies(&[FIRST])),
            user().with(policies(&[FIRST])),
            true,
            &[FIRST],
        ),
        (
            "another",
            middle().with(policies(&[FIRST])),
            user().with(policies(&[FIRST])),
            false,
            &[SECOND],
        ),
        (
            "not above",
            middle().with(policies(&[SECOND])),
            user().with(policies(&[FIRST])),
            false,
            &[FIRST],
        ),
        ("none", middle(), user(), false, &[FIRST]),
        (
            "any above",
            middle().with(policies(&[ANY])),
            user().with(policies(&[FIRST])),
            true,
            &[FIRST],
        ),
        (
            "any below",
            middle().with(policies(&[FIRST])),
            user().with(policies(&[ANY])),
            true,
            &[FIRST],
        ),
        (
            "any and other",
            middle().with(policies(&[ANY])),
            user().with(policies(&[FIRST])),
            false,
            &[SECOND],
        ),
        (
            "any inhibited",
            middle().with(policies(&[FIRST])).with(inhibit_any(0)),
            user().with(policies(&[ANY])),
            false,
            &[FIRST],
        ),
        (
            "mapped",
            middle().with(policies(&[FIRST])).with(mappings(&[(FIRST, SECOND)])),
            user().with(policies(&[SECOND])),
            true,
            &[FIRST],
        ),
        (
            "mapped away",
            middle().with(policies(&[FIRST])).with(mappings(&[(FIRST, SECOND)])),
            user().with(policies(&[FIRST])),
            false,
            &[FIRST],
        ),
        (
            "mapped from any",
            middle().with(policies(&[ANY])).with(mappings(&[(FIRST, SECOND)])),
            user().with(policies(&[SECOND])),
            true,
            &[FIRST],
        ),
        (
            "mapping of any",
            middle().with(policies(&[ANY])).with(mappings(&[(ANY, SECOND)])),
            user().with(policies(&[SECOND])),
            false,
            &[SECOND],
        ),
        (
            "explicit",
            middle().with(policies(&[FIRST])).with(policy_constraints(Some(0), None)),
            user(),
            false,
            &[],
        ),
        (
            "explicit held",
            middle().with(policies(&[FIRST])).with(policy_constraints(Some(0), None)),
            user().with(policies(&[FIRST])),
            true,
            &[],
        ),
        ("explicit later", middle().with(policy_constraints(Some(5), None)), user(), true, &[]),
        (
            "no mapping",
            middle()
                .with(policies(&[FIRST]))
                .with(policy_constraints(Some(0), Some(0)))
                .with(mappings(&[(FIRST, SECOND)])),
            user().with(policies(&[SECOND])),
            true,
            &[FIRST],
        ),
        // Names
        (
            "host within",
            constrained(&[host("example.org")], &[]),
            named(&[host("www.example.org")]),
            true,
            &[],
        ),
        (
            "host outside",
            constrained(&[host("example.org")], &[]),
            named(&[host("example.com")]),
            false,
            &[],
        ),
        (
            "host alike",
            constrained(&[host("example.org")], &[]),
            named(&[host("badexample.org")]),
            false,
            &[],
        ),
        (
            "host excluded",
            constrained(&[], &[host("example.org")]),
            named(&[host("a.EXAMPLE.org")]),
            false,
            &[],
        ),
        (
            "other forms are free",
            constrained(&[host("example.org")], &[]),
            named(&[email("a@b.example")]),
            true,
            &[],
        ),
        (
            "mail within",
            constrained(&[email("example.org")], &[]),
            named(&[email("a@example.org")]),
            true,
            &[],
        ),
        (
            "mail below",
            constrained(&[email("example.org")], &[]),
            named(&[email("a@b.example.org")]),
            false,
            &[],
        ),
        (
            "mail of a domain",
            constrained(&[email(".example.org")], &[]),
            named(&[email("a@b.example.org")]),
            true,
            &[],
        ),
        (
            "mailbox",
            constrained(&[email("a@example.org")], &[]),
            named(&[email("b@example.org")]),
            false,
            &[],
        ),
        (
            "uri within",
            constrained(&[uri("example.org")], &[]),
            named(&[uri("http://example.org:80/a")]),
            true,
            &[],
        ),
        (
            "uri outside",
            constrained(&[uri("example.org")], &[]),
            named(&[uri("http://a.example.org/a")]),
            false,
            &[],
        ),
        (
            "address within",
            constrained(&[address(&[10, 0, 0, 0, 255, 0, 0, 0])], &[]),
            named(&[address(&[10, 1, 2, 3])]),
            true,
            &[],
        ),
        (
            "address outside",
            constrained(&[address(&[10, 0, 0, 0, 255, 0, 0, 0])], &[]),
            named(&[address(&[11, 1, 2, 3])]),
            false,
            &[],
        ),
        ("directory within", constrained(&[directory("User")], &[]), user(), true, &[]),
        ("directory in other case", constrained(&[directory("USER")], &[]), user(), true, &[]),
        ("directory outside", constrained(&[directory("Other")], &[]), user(), false, &[]),
        ("directory excluded", constrained(&[], &[directory("uSER")]), user(), false, &[]),
    ]
}

fn rules(policies: &[&str]) -> PathRules {
    let mut rules = PathRules::at("2026-11-22T10:00:00Z".parse().unwrap());
    rules.policies = policies.iter().map(|one| oid(one)).collect();
    rules
}

#[tokio::test]
async fn chains_are_judged() {
    let root = Draft::authority("Root", "Root").sign().await;
    for (title, middle, user, valid, policies) in cases() {
        let (middle, user) = (middle.sign().await, user.sign().await);
        let builder = PathBuilder {
            anchors: core::slice::from_ref(&root),
            pool: core::slice::from_ref(&middle),
            verifier: &GostVerifier,
        };
        let found = builder.find(&user, &rules(policies));
        assert_eq!(found.is_ok(), valid, "{title}: {found:?}");
        if let Ok(path) = found {
            assert_eq!(path.certificates, [user, middle, root.clone()], "{title}");
        }
    }
}

#[tokio::test]
#[ignore = "needs OpenSSL with the GOST engine"]
async fn openssl_judges_alike() {
    let folder = tempfile::tempdir().unwrap();
    let write = |file: &str, certificate: &Certificate| {
        let pem = to_pem(PemLabel::Certificate, certificate.as_der());
        fs::write(folder.path().join(file), pem).unwrap();
    };
    write("root.pem", &Draft::authority("Root", "Root").sign().await);
    for (title, middle, user, valid, policies) in cases() {
        write("middle.pem", &middle.sign().await);
        write("user.pem", &user.sign().await);
        let asked: Vec<_> = policies.iter().map(|one| format!("-policy {one} ")).collect();
        // To OpenSSL no policy is none; here it is any.
        let explicit =
            if policies.is_empty() { "-policy 2.5.29.32.0 " } else { "-explicit_policy " };
        let command = format!(
            "verify -attime 1795341600 -policy_check {explicit}{}-CAfile root.pem -untrusted middle.pem user.pem",
            asked.concat()
        );
        let judged = openssl(folder.path(), &command);
        assert_eq!(judged.is_ok(), valid, "{title}: {judged:?}");
    }
}

#[tokio::test]
async fn ways_are_found_among_keys_and_cross_certificates() {
    let root = Draft::authority("Root", "Root").sign().await;
    let other_root = Draft::authority("Elder", "Elder").sign().await;
    // One authority with two keys, and a cross-certificate of each by another root.
    let pool = [
        Draft::authority("Middle", "Root").keys('1', 'R').sign().await,
        Draft::authority("Middle", "Root").keys('2', 'R').sign().await,
        Draft::authority("Root", "Elder").sign().await,
        Draft::authority("Elder", "Root").sign().await,
    ];
    let user = Draft::new("User", "Middle").keys('U', '2').sign().await;
    let find = |anchors: &[Certificate], pool: &[Certificate]| {
        PathBuilder { anchors, pool, verifier: &GostVerifier }.find(&user, &rules(&[]))
    };
    let short = find(core::slice::from_ref(&root), &pool).unwrap();
    assert_eq!(short.certificates, [user.clone(), pool[1].clone(), root.clone()]);
    let long = find(core::slice::from_ref(&other_root), &pool).unwrap();
    let expected = [user.clone(), pool[1].clone(), pool[2].clone(), other_root.clone()];
    assert_eq!(long.certificates, expected);
    assert!(matches!(find(&[], &pool), Err(PathFault::NoIssuer { .. })));
    let wrong_key = find(core::slice::from_ref(&root), &pool[..1]);
    assert!(matches!(wrong_key, Err(PathFault::Signature { .. })));
    // Anchors are anchors by themselves.
    let anchors = core::slice::from_ref(&root);
    let builder = PathBuilder { anchors, pool: &[], verifier: &GostVerifier };
    assert_eq!(builder.find(&root, &rules(&[])).unwrap().certificates, std::slice::from_ref(&root));
}

/// Authorities that certify each other without end are given up in time.
#[tokio::test]
async fn mazes_end() {
    let letters = ["A", "B", "C", "D", "E", "F", "G"];
    let mut pool = Vec::new();
    for subject in letters {
        for issuer in letters.iter().filter(|issuer| **issuer != subject) {
            pool.push(Draft::authority(subject, issuer).sign().await);
        }
    }
    let user = Draft::new("User", "A").sign().await;
    let root = Draft::authority("Root", "Root").sign().await;
    let builder = PathBuilder { anchors: &[root], pool: &pool, verifier: &GostVerifier };
    assert!(builder.find(&user, &rules(&[])).is_err());
}

#[tokio::test]
async fn lengths_of_paths_are_kept() {
    let root = Draft::authority("Root", "Root").sign().await;
    for (length, valid) in [(Some(0), false), (Some(1), true), (None, true)] {
        let constraints = BasicConstraints { authority: true, path_length: length };
        let upper = Draft::authority("Upper", "Root").with(constraints.critical());
        let pool = [upper.sign().await, Draft::authority("Middle", "Upper").sign().await];
        let user = Draft::new("Leaf", "Middle").sign().await;
        let builder = PathBuilder {
            anchors: core::slice::from_ref(&root),
            pool: &pool,
            verifier: &GostVerifier,
        };
        assert_eq!(builder.find(&user, &rules(&[])).is_ok(), valid, "{length:?}");
    }
}
