//! Parts that several forms have.

use super::{Reading, Row, Section, Zone, words};
use crate::desk::periods::StatusPeriods;
use crate::registration::{Field, RegistrationData, RegistrationForm};
use crate::x509::Certificate;

/// Which certificate: number, term, owner, key, thumbprints.
pub(super) fn certificate(certificate: &Certificate, zone: &Zone) -> Vec<Section> {
    let sections = Reading::of_certificate(certificate, zone).sections;
    sections.into_iter().filter(|section| SHORT.contains(&section.code)).collect()
}

/// What the application documents say, in the order of the form.
pub(super) fn registration(data: &RegistrationData) -> Vec<Section> {
    let form = RegistrationForm::from(data);
    let mut sections: Vec<Section> = Vec::new();
    for (field, _) in form.iter() {
        let (code, heading) = ("registration", field.section().russian());
        let row = Row::text(field.russian(), form.shown(field).unwrap_or_default());
        match sections.last_mut() {
            Some(section) if section.heading == heading => section.rows.push(row),
            _ => sections.push(Section { code, heading, rows: vec![row] }),
        }
    }
    sections
}

/// A person's identity document, in one line.
pub(super) fn identity(data: &RegistrationData) -> String {
    let form = RegistrationForm::from(data);
    let shown = |field| form.shown(field).unwrap_or_default();
    let series = form.shown(Field::DocumentSeries).map(|series| format!(" серия {series}"));
    let (kind, number) = (shown(Field::DocumentKind), shown(Field::DocumentNumber));
    let (day, by) = (shown(Field::DocumentIssued), shown(Field::DocumentIssuer));
    format!("{kind}{} № {number}, выдан {day}, {by}", series.unwrap_or_default())
}

/// What happened to a certificate, with both dates: since when it holds, and when it was entered (R2).
pub(super) fn events(history: &StatusPeriods, zone: &Zone) -> Section {
    let rows = history.events.iter().map(|event| {
        let entered = zone.show(event.entered);
        let value = match (event.since, &event.ground) {
            (since, _) if since != event.entered => {
                format!("с {}, запись в реестр внесена {entered}", zone.show(since))
            }
            _ => entered,
        };
        let ground = event.ground.as_ref().map(|ground| format!("; основание: {ground}"));
        Row::text(words::event(event.kind), format!("{value}{}", ground.unwrap_or_default()))
    });
    Section {
        code: "events", heading: "Записи в реестре сертификатов", rows: rows.collect()
    }
}

const SHORT: &[&str] = &["certificate", "owner", "key", "thumbprints"];
