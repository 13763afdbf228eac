//! Which policies hold along a path (RFC 5280 §6.1.3 (d)–(f), §6.1.4 (a), (b), §6.1.5 (g)).
//!
//! Instead of the tree of the RFC, which can be made to grow without bounds, there is one node for each policy
//! (RFC 9618), with the policies of the anchor's domain that lead to it.

use std::collections::{BTreeMap, BTreeSet};

use const_oid::ObjectIdentifier;
use der::asn1::UintRef;
use der::{Decode, Reader, SliceReader};
use gost_ca::x509::extensions::ExtensionValue;
use gost_ca::x509::parse::{self, BadDer, all};
use gost_ca::x509::write;

use super::PathRules;

const ANY: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.32.0");

/// `policyMappings` (RFC 5280 §4.2.1.5): a policy of the issuer, and what the subject calls it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct PolicyMappings(Vec<(ObjectIdentifier, ObjectIdentifier)>);

/// `policyConstraints` (RFC 5280 §4.2.1.11).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct PolicyConstraints {
    explicit: Option<usize>,
    mapping: Option<usize>,
}

/// `inhibitAnyPolicy` (RFC 5280 §4.2.1.14).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct InhibitAnyPolicy(usize);

#[derive(Debug)]
pub(super) struct PolicyState {
    nodes: BTreeMap<ObjectIdentifier, Node>,
    wanted: BTreeSet<ObjectIdentifier>,
    explicit: usize,
    mapping: usize,
    any: usize,
}

#[derive(Clone, Debug, Default)]
struct Node {
    expected: BTreeSet<ObjectIdentifier>,
    /// Policies of the anchor's domain that it comes from.
    origins: BTreeSet<ObjectIdentifier>,
}

impl PolicyState {
    pub(super) fn new(length: usize, rules: &PathRules) -> Self {
        let never = length.saturating_add(1);
        let counter = |now: bool| if now { 0 } else { never };
        let root = Node { expected: [ANY].into(), origins: [ANY].into() };
        Self {
            nodes: [(ANY, root)].into(),
            wanted: rules.policies.iter().copied().collect(),
            explicit: counter(rules.explicit_policy || !rules.policies.is_empty()),
            mapping: counter(rules.inhibit_mapping),
            any: counter(rules.inhibit_any_policy),
        }
    }

    /// Takes the policies that a certificate states; says whether the path may go on.
    pub(super) fn absorb(
        &mut self,
        stated: Option<&[ObjectIdentifier]>,
        own: bool,
        last: bool,
    ) -> bool {
        let parents = core::mem::take(&mut self.nodes);
        for policy in stated.unwrap_or_default().iter().filter(|policy| **policy != ANY) {
            self.descend(&parents, *policy);
        }
        let any = stated.is_some_and(|stated| stated.contains(&ANY));
        if any && (self.any > 0 || (own && !last)) {
            for parent in parents.values() {
                self.inherit(parent);
            }
        }
        self.explicit > 0 || !self.nodes.is_empty()
    }

    fn descend(&mut self, parents: &BTreeMap<ObjectIdentifier, Node>, policy: ObjectIdentifier) {
        let expecting = parents.iter().filter(|(_, parent)| parent.expected.contains(&policy));
        let mut origins: BTreeSet<_> =
            expecting.flat_map(|(_, parent)| parent.origins.iter().copied()).collect();
        if origins.is_empty() && parents.contains_key(&ANY) {
            origins.insert(policy);
        }
        if !origins.is_empty() {
            self.nodes.insert(policy, Node { expected: [policy].into(), origins });
        }
    }

    /// The policy of all policies: whatever is expected and not stated holds on.
    fn inherit(&mut self, parent: &Node) {
        for expected in &parent.expected {
            let node = self.nodes.entry(*expected).or_default();
            node.expected.insert(*expected);
            node.origins.extend(parent.origins.iter().copied());
        }
    }

    /// Goes over into the subject's domain; a mapping of the policy of all policies is forbidden.
    pub(super) fn map(&mut self, mappings: &PolicyMappings) -> bool {
        if mappings.0.iter().any(|(from, to)| *from == ANY || *to == ANY) {
            return false;
        }
        let mut mapped = BTreeMap::<_, BTreeSet<_>>::new();
        for (from, to) in &mappings.0 {
            mapped.entry(*from).or_default().insert(*to);
        }
        for (from, to) in mapped {
            if self.mapping == 0 {
                self.nodes.remove(&from);
            } else if let Some(node) = self.nodes.get_mut(&from) {
                node.expected = to;
            } else if self.nodes.contains_key(&ANY) {
                self.nodes.insert(from, Node { expected: to, origins: [from].into() });
            }
        }
        true
    }

    /// Counts down, and takes what the certificate demands of those below it.
    pub(super) fn constrain(
        &mut self,
        own: bool,
        last: bool,
        constraints: &PolicyConstraints,
        inhibited: Option<InhibitAnyPolicy>,
    ) {
        if last {
            self.explicit = self.explicit.saturating_sub(1);
            if constraints.explicit == Some(0) {
                self.explicit = 0;
            }
            return;
        }
        for counter in [&mut self.explicit, &mut self.mapping, &mut self.any] {
            *counter = counter.saturating_sub(usize::from(!own));
        }
        let lower = |counter: usize, demand: Option<usize>| demand.unwrap_or(counter).min(counter);
        self.explicit = lower(self.explicit, constraints.explicit);
        self.mapping = lower(self.mapping, constraints.mapping);
        self.any = lower(self.any, inhibited.map(|inhibited| inhibited.0));
    }

    /// Whether a policy that is wanted holds, where one must.
    pub(super) fn holds(&self) -> bool {
        self.explicit > 0 || self.nodes.values().any(|node| self.is_wanted(node))
    }

    /// The policies that hold.
    pub(super) fn finish(self) -> Vec<ObjectIdentifier> {
        let held = self.nodes.iter().filter(|(_, node)| self.is_wanted(node));
        held.map(|(policy, _)| *policy).collect()
    }

    fn is_wanted(&self, node: &Node) -> bool {
        self.wanted.is_empty()
            || node.origins.contains(&ANY)
            || node.origins.iter().any(|origin| self.wanted.contains(origin))
    }
}

impl ExtensionValue for PolicyMappings {
    const OID: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.33");

    fn encode(&self) -> Vec<u8> {
        let pair = |(from, to): &(ObjectIdentifier, ObjectIdentifier)| {
            write::sequence(&[write::oid(from), write::oid(to)])
        };
        write::sequence(&self.0.iter().map(pair).collect::<Vec<_>>())
    }

    fn decode(value: &[u8]) -> Result<Self, BadDer> {
        all("policyMappings", value, |reader| {
            parse::sequence_of(reader, |reader| reader.sequence(read_mapping)).map(Self)
        })
    }
}

fn read_mapping(reader: &mut SliceReader<'_>) -> der::Result<(ObjectIdentifier, ObjectIdentifier)> {
    let from = ObjectIdentifier::decode(reader)?;
    Ok((from, ObjectIdentifier::decode(reader)?))
}

impl ExtensionValue for PolicyConstraints {
    const OID: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.36");

    fn encode(&self) -> Vec<u8> {
        let field = |tag, count: Option<usize>| {
            count.map(|count| write::tlv(write::primitive(tag), &small(count))).unwrap_or_default()
        };
        write::sequence(&[field(0, self.explicit), field(1, self.mapping)])
    }

    fn decode(value: &[u8]) -> Result<Self, BadDer> {
        all("policyConstraints", value, |reader| {
            reader.sequence(|reader: &mut SliceReader<'_>| {
                let explicit = parse::tagged(reader, 0)?.map(count);
                let mapping = parse::tagged(reader, 1)?.map(count);
                Ok(Self { explicit, mapping })
            })
        })
    }
}

impl ExtensionValue for InhibitAnyPolicy {
    const OID: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.54");

    fn encode(&self) -> Vec<u8> {
        write::tlv(write::INTEGER, &small(self.0))
    }

    fn decode(value: &[u8]) -> Result<Self, BadDer> {
        all("inhibitAnyPolicy", value, |reader| {
            UintRef::decode(reader).map(|number| Self(count(number.as_bytes())))
        })
    }
}

/// A number of certificates; too great ones never run down anyway.
fn count(octets: &[u8]) -> usize {
    octets
        .iter()
        .fold(0, |sum: usize, octet| sum.saturating_mul(256).saturating_add(usize::from(*octet)))
}

fn small(count: usize) -> Vec<u8> {
    let number = u8::try_from(count).unwrap_or(u8::MAX);
    write::integer(number).get(2..).unwrap_or_default().to_vec()
}
