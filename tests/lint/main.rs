//! Lint: every rule broken and kept, real files with their documented results, the document of the rules.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod certificates;
mod document;
mod encodings;
mod forms;
mod octets;
mod peers;
mod requests_and_crls;
mod samples;
mod tool;
mod tree;

use std::collections::BTreeSet;

use gost_ca::lint::{lint, rules};

use tree::{Node, sample};

/// A rule, a file that keeps it, a change that breaks it, and the other rules that the change breaks.
struct Case {
    id: &'static str,
    file: &'static str,
    change: fn(&mut Node),
    others: &'static [&'static str],
}

const fn case(
    id: &'static str,
    file: &'static str,
    change: fn(&mut Node),
    others: &'static [&'static str],
) -> Case {
    Case { id, file, change, others }
}

/// An owner's certificate, an authority's, a request and CRLs, in which another tool left nothing to find.
const OWNER: &str = "generated/ul.cer";
const AUTHORITY: &str = "generated/ca256.cer";
const REQUEST: &str = "generated/ul.p10";
const CRL: &str = "generated/ca256.crl";
const DELTA: &str = "generated/ca256-delta.crl";
const PARTIAL: &str = "generated/ca256-idp.crl";

fn ids(octets: &[u8]) -> BTreeSet<&'static str> {
    let report = lint(octets);
    assert_eq!(report.unreadable, None);
    report.findings.into_iter().map(|finding| finding.id).collect()
}

fn cases() -> impl Iterator<Item = &'static Case> {
    encodings::CASES.iter().chain(certificates::CASES).chain(requests_and_crls::CASES)
}

#[test]
fn the_files_keep_all_rules() {
    for file in [OWNER, AUTHORITY, REQUEST, CRL, DELTA, PARTIAL] {
        let octets = sample(file);
        assert_eq!(ids(&octets), [].into(), "{file}");
        assert_eq!(Node::read(&octets).write(), octets, "{file}");
    }
}

#[test]
fn each_change_breaks_its_rules() {
    let broken = |Case { id, file, change, others }: &'static Case| {
        let mut tree = Node::read(&sample(file));
        change(&mut tree);
        let wanted: BTreeSet<_> = others.iter().copied().chain([*id]).collect();
        let found = ids(&tree.write());
        (found != wanted).then_some((id, wanted, found))
    };
    let broken: Vec<_> = cases().filter_map(broken).collect();
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn every_rule_has_a_change_that_breaks_it() {
    let tried: BTreeSet<_> = cases().map(|case| case.id).collect();
    let all: BTreeSet<_> = rules().map(|rule| rule.id).collect();
    assert_eq!(tried, all);
    assert_eq!(rules().count(), all.len(), "ids are unique");
}
