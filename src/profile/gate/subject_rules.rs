//! Rules about the subject's name.

use super::{Examined, Rule, rule};
use crate::oid::Oid;
use crate::registration::{AttributeRule, Presence, SubjectKind};
use crate::x509::DistinguishedName;
use crate::x509::name::NameAttribute;

pub(super) const RULES: &[Rule] = &[
    rule("subject.registered", "the registration data's attributes, in their order", registered),
    rule("subject.kind", "order of the FSB No 795: what a kind must and must not have", kind),
    rule("subject.string-type", "order of the FSB No 795, RFC 9215 §5: string types", |it| {
        all(&it.subject, |attribute, rule| attribute.is(rule.string))
    }),
    rule("subject.length", "order of the FSB No 795, RFC 5280 App. A: lengths", |it| {
        all(&it.subject, |attribute, rule| {
            let (min, max) = rule.length;
            (min..=max).contains(&attribute.text().chars().count())
        })
    }),
    rule("subject.once", "each attribute at most once", |it| {
        let mut oids: Vec<_> = it.subject.attributes().iter().map(NameAttribute::oid).collect();
        let count = oids.len();
        oids.sort_unstable();
        oids.dedup();
        oids.len() == count
    }),
];

fn registered(it: &Examined<'_>) -> bool {
    let read = it.subject.attributes().iter();
    let read = read.map(|attribute| (*attribute.oid(), attribute.text()));
    it.asked(|asked| {
        let wanted = asked.subject.iter().map(|wanted| (wanted.oid.0, wanted.value.as_str()));
        read.clone().eq(wanted)
    })
}

/// The kind asked for is one of the profile's and fits, or one of them fits: its obligatory attributes, none forbidden, none unknown.
fn kind(it: &Examined<'_>) -> bool {
    let mut kinds = it.expected.profile.subject_kinds.iter();
    kinds.any(|kind| it.asked(|asked| asked.kind == *kind) && is_kind(&it.subject, *kind))
}

fn is_kind(subject: &DistinguishedName, kind: SubjectKind) -> bool {
    let known = all(subject, |_, rule| rule.presence(kind) != Presence::Forbidden);
    known
        && AttributeRule::ALL
            .iter()
            .filter(|rule| rule.presence(kind) == Presence::Obligatory)
            .all(|rule| subject.text(&rule.oid.0).is_some())
}

/// Whether all attributes are known, and hold to their rules in that respect.
fn all(
    subject: &DistinguishedName,
    holds: impl Fn(&NameAttribute, &AttributeRule) -> bool,
) -> bool {
    subject.attributes().iter().all(|attribute| {
        AttributeRule::of(Oid(*attribute.oid())).is_some_and(|rule| holds(attribute, rule))
    })
}
