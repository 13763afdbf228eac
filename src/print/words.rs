//! Russian words for what certificates say in numbers.

use const_oid::ObjectIdentifier;
use serde::Serialize;

use super::Zone;
use crate::desk::events::EventLine;
use crate::desk::periods::{StatusEventKind, StatusPeriod};
use crate::language::Language;
use crate::lifecycle::CertificateStatus;
use crate::message::Message;
use crate::registration::IdentificationKind;
use crate::x509::extensions::KeyUsage;

/// A use of a key.
pub(super) const fn usage(usage: KeyUsage) -> &'static str {
    match usage {
        KeyUsage::DigitalSignature => "цифровая подпись",
        KeyUsage::NonRepudiation => "неотрекаемость",
        KeyUsage::KeyEncipherment => "шифрование ключей",
        KeyUsage::DataEncipherment => "шифрование данных",
        KeyUsage::KeyAgreement => "согласование ключей",
        KeyUsage::KeyCertSign => "подписание сертификатов",
        KeyUsage::CrlSign => "подписание списков отзыва",
        KeyUsage::EncipherOnly => "только зашифрование",
        KeyUsage::DecipherOnly => "только расшифрование",
    }
}

/// How an owner was identified.
pub(super) const fn identification(kind: IdentificationKind) -> &'static str {
    match kind {
        IdentificationKind::Personal => "при личном присутствии",
        IdentificationKind::RemoteCert => "по действующей квалифицированной электронной подписи",
        IdentificationKind::RemotePassport => "по биометрическому заграничному паспорту",
        IdentificationKind::RemoteSystem => "по единой биометрической системе",
    }
}

/// What happened to a certificate.
pub(super) const fn event(kind: StatusEventKind) -> &'static str {
    match kind {
        StatusEventKind::Issued => "Сертификат создан",
        StatusEventKind::Suspended => "Действие приостановлено",
        StatusEventKind::Resumed => "Действие возобновлено",
        StatusEventKind::Terminated => "Действие прекращено",
        StatusEventKind::Annulled => "Сертификат аннулирован",
    }
}

/// A stretch of time with one status, for people.
#[derive(Serialize)]
pub(super) struct ShownPeriod {
    from: String,
    to: String,
    status: String,
}

/// What a certificate was over a stretch of time.
pub(super) fn period(period: &StatusPeriod, zone: &Zone) -> ShownPeriod {
    let (from, to) = (zone.show(period.from), zone.show(period.to));
    let message = match (period.status, period.annulled) {
        (CertificateStatus::Revoked { .. }, true) => Message::new("status.annulled"),
        (status, _) => Message::from(status),
    };
    let message = match period.status {
        CertificateStatus::Suspended { since }
        | CertificateStatus::AwaitingAcceptance { since }
        | CertificateStatus::Revoked { since, .. } => message.with("since", zone.show(since)),
        _ => message,
    };
    let status = message.says(Language::Russian);
    ShownPeriod { from, to, status }
}

/// An entry, for people.
#[derive(Serialize)]
pub(super) struct ShownLine<'a> {
    at: String,
    effective: String,
    who: String,
    event: String,
    details: &'a str,
}

/// Who did what, and when.
pub(super) fn line<'a>(line: &'a EventLine, zone: &Zone) -> ShownLine<'a> {
    let role = Message::from(line.actor.role).says(Language::Russian);
    let who = if line.name.is_empty() { role } else { format!("{role}, {}", line.name) };
    let (at, effective) = (zone.show(line.at), zone.show(line.effective));
    let event = Message::of_event(&line.event).says(Language::Russian);
    ShownLine { at, effective, who, event, details: &line.details }
}

/// An object identifier with its name, or in dots.
pub(super) fn named(oid: &ObjectIdentifier) -> String {
    let dots = oid.to_string();
    match NAMES.iter().find(|(known, _)| *known == dots) {
        Some((_, name)) => format!("{name} ({dots})"),
        None => dots,
    }
}

const NAMES: &[(&str, &str)] = &[
    ("1.2.643.7.1.1.1.1", "ГОСТ Р 34.10-2012, 256 бит"),
    ("1.2.643.7.1.1.1.2", "ГОСТ Р 34.10-2012, 512 бит"),
    ("1.2.643.2.2.19", "ГОСТ Р 34.10-2001"),
    ("1.2.643.7.1.1.3.2", "ГОСТ Р 34.10-2012 с ГОСТ Р 34.11-2012, 256 бит"),
    ("1.2.643.7.1.1.3.3", "ГОСТ Р 34.10-2012 с ГОСТ Р 34.11-2012, 512 бит"),
    ("1.2.643.2.2.3", "ГОСТ Р 34.10-2001 с ГОСТ Р 34.11-94"),
    ("1.2.643.100.113.1", "класс средств КС1"),
    ("1.2.643.100.113.2", "класс средств КС2"),
    ("1.2.643.100.113.3", "класс средств КС3"),
    ("1.2.643.100.113.4", "класс средств КВ1"),
    ("1.2.643.100.113.5", "класс средств КВ2"),
    ("1.2.643.100.113.6", "класс средств КА1"),
    ("2.5.29.32.0", "любая политика"),
    ("1.3.6.1.5.5.7.3.1", "проверка подлинности сервера"),
    ("1.3.6.1.5.5.7.3.2", "проверка подлинности клиента"),
    ("1.3.6.1.5.5.7.3.4", "защищённая электронная почта"),
    ("1.3.6.1.5.5.7.3.8", "штампы времени"),
    ("1.3.6.1.5.5.7.3.9", "ответы OCSP"),
];
