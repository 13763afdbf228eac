//! What the office prints on.

use gost_ca::Timestamp;
use gost_ca::language::Language;
use gost_ca::print::{
    Form, HandOver, Marking, Paper, Requisites, SecretPaper, Stationery, Templates, Zone,
};

use crate::Result;

/// The training authority's texts, name and time.
pub(crate) struct Letterhead {
    templates: Templates,
    requisites: Requisites,
    zone: Zone,
}

impl Letterhead {
    pub(crate) fn new() -> Result<Self> {
        let requisites = Requisites {
            name: "ООО «Учебный удостоверяющий центр»".to_owned(),
            address: "г. Москва, ул. Учебная, д. 1".to_owned(),
            phones: vec!["+7 (495) 000-00-00".to_owned()],
            email: "ca@example.org".to_owned(),
            accreditation_number: None,
            accreditation_date: None,
        };
        let (templates, zone) = (Templates::shipped()?, Zone::new(3, "МСК, UTC+3")?);
        Ok(Self { templates, requisites, zone })
    }

    pub(crate) const fn stationery(&self) -> Stationery<'_> {
        let Self { templates, requisites, zone } = self;
        let (language, marking) = (Language::Russian, Marking::Test);
        Stationery { templates, language, requisites, zone, marking }
    }

    pub(crate) fn print(&self, form: &Form<'_>) -> Result<Paper> {
        Ok(self.stationery().print(form, Timestamp::now())?)
    }

    /// For the printer alone.
    pub(crate) fn print_secret(&self, form: &HandOver<'_>) -> Result<SecretPaper> {
        Ok(self.stationery().print_secret(form, Timestamp::now())?)
    }
}
