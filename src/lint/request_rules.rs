//! Rules about requests (RFC 2986, RFC 2985).

use const_oid::ObjectIdentifier;

use super::artefact::{Artefact, request_attribute};
use super::rule::{Rule, at, holds, named, nowhere, request, rule};
use super::tlv::Tlv;
use crate::x509::EXTENSION_REQUEST;

pub(super) const RULES: &[Rule] = &[
    rule(
        "e_rfc2986_version",
        "RFC 2986 §4.1",
        ("the version is 0", "версия — 0"),
        request,
        |it| holds(it.version.is_some_and(|version| version.contents == [0])),
    ),
    rule(
        "e_rfc2986_attributes",
        "RFC 2986 §4.1",
        ("the attributes are there, be they none", "поле attributes есть, пусть и пустое"),
        request,
        |it| holds(it.attributes.is_some()),
    ),
    rule(
        "e_rfc2986_attribute_form",
        "RFC 2986 §4.1",
        (
            "an attribute is a type and a set of at least one value",
            "атрибут — тип и множество хотя бы из одного значения",
        ),
        request,
        |it| {
            let is_good = |tlv: &Tlv<'_>| {
                request_attribute(*tlv).is_some_and(|(_, values)| !values.contents.is_empty())
            };
            nowhere(attributes(it).filter(|tlv| !is_good(tlv)).map(|tlv| at(it, tlv)))
        },
    ),
    rule(
        "e_rfc2986_attributes_once",
        "RFC 2986 §4.1, X.501 §8.2",
        ("each attribute stands once", "каждый атрибут указан один раз"),
        request,
        |it| {
            let mut types: Vec<_> = types(it).collect();
            types.sort_unstable();
            let pairs = types.iter().zip(types.iter().skip(1));
            nowhere(pairs.filter(|(one, next)| one == next).map(|(one, _)| named(one)))
        },
    ),
    rule(
        "e_rfc2985_extension_request",
        "RFC 2985 §5.4.2",
        ("extensionRequest has one value", "у extensionRequest одно значение"),
        request,
        |it| {
            let all = attributes(it).filter_map(request_attribute);
            let mut ours = all.filter(|(oid, _)| *oid == EXTENSION_REQUEST.as_bytes());
            holds(ours.all(|(_, values)| values.values().count() == 1))
        },
    ),
    rule(
        "n_challenge_password",
        "RFC 2985 §5.4.1",
        (
            "there is no challengePassword: anybody who sees the request reads it",
            "нет challengePassword: его прочтёт всякий, кто видит запрос",
        ),
        request,
        |it| holds(!types(it).any(|oid| oid == CHALLENGE_PASSWORD.as_bytes())),
    ),
];

const CHALLENGE_PASSWORD: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.7");

fn attributes<'a>(it: &Artefact<'a>) -> impl Iterator<Item = Tlv<'a>> {
    it.attributes.into_iter().flat_map(Tlv::values)
}

fn types<'a>(it: &Artefact<'a>) -> impl Iterator<Item = &'a [u8]> {
    attributes(it).filter_map(request_attribute).map(|(oid, _)| oid)
}
