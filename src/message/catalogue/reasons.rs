//! Why a certificate was terminated, and what it was at a time: the words of 63-FZ (R3, R11).

use crate::message::text::{Text, name};

pub(super) const TEXTS: &[Text] = &[
    name("reason.unspecified", "причина не указана", "unspecified"),
    name("reason.keyCompromise", "нарушение конфиденциальности ключа", "key compromised"),
    name("reason.affiliationChanged", "изменились сведения о владельце", "affiliation changed"),
    name("reason.superseded", "сертификат заменён", "superseded"),
    name("reason.cessationOfOperation", "использование прекращено", "cessation of operation"),
    name("reason.privilegeWithdrawn", "полномочия прекращены", "privilege withdrawn"),
    name("ground.owner-application", "заявление владельца сертификата", "the owner's application"),
    name(
        "ground.authority-cessation",
        "прекращение деятельности удостоверяющего центра",
        "the authority ends its activity",
    ),
    name("ground.law", "иное основание, установленное законом", "another ground stated by law"),
    name(
        "ground.regulations",
        "порядок, установленный удостоверяющим центром",
        "the rules of the authority",
    ),
    name("ground.successor", "выдан сертификат взамен", "a successor was issued"),
    name(
        "ground.possession-not-proven",
        "аннулирование: не подтверждено владение ключом электронной подписи",
        "annulment: possession of the key is not proven",
    ),
    name(
        "ground.key-in-other-certificate",
        "аннулирование: ключ проверки содержится в другом сертификате",
        "annulment: the key is in another certificate",
    ),
    name("ground.court", "аннулирование: решение суда", "annulment: a court's decision"),
    name("status.unknown", "не выдан", "not issued"),
    name("status.not-yet-valid", "срок действия не начался", "not valid yet"),
    name("status.awaiting-acceptance", "ознакомление не подтверждено", "awaiting acceptance"),
    name("status.good", "действует", "in force"),
    name("status.suspended", "действие приостановлено[ с {since}]", "suspended[ since {since}]"),
    name("status.revoked", "действие прекращено[ {since}]", "terminated[ on {since}]"),
    name("status.annulled", "аннулирован[ {since}]", "annulled[ on {since}]"),
    name("status.expired", "срок действия истёк", "expired"),
];
