//! The register of key carriers (U15): which token has whom, line by line.

use jiff::Timestamp;

use crate::print::Zone;

/// One line of the journal: a carrier, and one handing over of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CarrierLine {
    /// What it is: «Рутокен ЭЦП 3.0».
    pub model: String,
    /// Its serial number.
    pub serial: String,
    /// When it came, and by which paper.
    pub received: (Timestamp, String),
    /// To whom it was handed over, when, and by which paper.
    pub issued: Option<(String, Timestamp, String)>,
    /// When it came back, and by which paper.
    pub returned: Option<(Timestamp, String)>,
    /// When it was destroyed, and by which paper.
    pub destroyed: Option<(Timestamp, String)>,
}

impl CarrierLine {
    /// The cells of the printed journal and of its CSV, in the order of [`COLUMNS`](Self::COLUMNS).
    pub fn cells(&self, zone: &Zone) -> [String; 7] {
        let dated = |at: Timestamp, paper: &str| format!("{}, {paper}", zone.show_day(at));
        let (to, issued) = self.issued.as_ref().map_or_else(Default::default, |issued| {
            let (to, at, paper) = issued;
            (to.clone(), dated(*at, paper))
        });
        let event = |event: &Option<(Timestamp, String)>| {
            event.as_ref().map(|(at, paper)| dated(*at, paper)).unwrap_or_default()
        };
        let (at, paper) = &self.received;
        let (model, serial) = (self.model.clone(), self.serial.clone());
        let (returned, destroyed) = (event(&self.returned), event(&self.destroyed));
        [model, serial, dated(*at, paper), to, issued, returned, destroyed]
    }

    /// The headings of the cells.
    pub const COLUMNS: [&'static str; 7] = [
        "Наименование",
        "Серийный номер",
        "Отметка о получении (дата, документ)",
        "Кому выдан",
        "Отметка о выдаче (дата, документ)",
        "Отметка о возврате (дата, документ)",
        "Отметка об уничтожении (дата, документ)",
    ];
}
