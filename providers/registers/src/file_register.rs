//! One register in memory, read from a file.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use async_trait::async_trait;
use gost_ca::provider::applicant_check::{Agreement, FieldAnswer};
use gost_ca::provider::{ApplicantCheck, Result};
use gost_ca::registration::{Field, RegistrationData, RegistrationForm};

use crate::same::folded;

/// A register: rows by their key.
pub struct FileRegister {
    reference: String,
    key: Field,
    columns: Vec<Field>,
    rows: BTreeMap<String, Row>,
}

type Row = BTreeMap<Field, String>;

/// A file is no register.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BadRegister {
    /// The file cannot be read.
    #[error("the file cannot be read")]
    File(#[from] std::io::Error),
    /// It is not CSV with `;` between the cells, in UTF-8.
    #[error("not a table")]
    Csv(#[from] csv::Error),
    /// It is not a list of objects with text in them.
    #[error("not a list of objects with text")]
    Json(#[from] serde_json::Error),
    /// A column is no field of the registration form.
    #[error("the column {0} is no field of the registration form")]
    Column(String),
    /// There is no column that rows are found by.
    #[error("no column is one of: snils, inn, ogrn, organization_inn")]
    Key,
    /// Two rows have the same key, or one has none.
    #[error("row {0} has no key of its own")]
    Row(usize),
}

impl FileRegister {
    /// Reads `*.json`, and anything else as CSV. `reference` names the register in the record.
    ///
    /// # Errors
    /// [`BadRegister`] says what is wrong; values are not told.
    pub fn open(reference: &str, path: &Path) -> std::result::Result<Self, BadRegister> {
        let octets = std::fs::read(path)?;
        let json = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
        if json { Self::from_json(reference, &octets) } else { Self::from_csv(reference, &octets) }
    }

    /// Reads a table: `;` between the cells, names of fields in the first line, UTF-8 with or without a mark.
    ///
    /// # Errors
    /// [`BadRegister`] says what is wrong; values are not told.
    pub fn from_csv(reference: &str, octets: &[u8]) -> std::result::Result<Self, BadRegister> {
        let octets = octets.strip_prefix(b"\xef\xbb\xbf").unwrap_or(octets);
        let mut table =
            csv::ReaderBuilder::new().delimiter(b';').trim(csv::Trim::All).from_reader(octets);
        let columns: Vec<Field> =
            table.headers()?.iter().map(column).collect::<std::result::Result<_, _>>()?;
        let mut rows = Vec::new();
        for record in table.records() {
            let record = record?;
            let cells = columns.iter().copied().zip(record.iter().map(str::to_owned));
            rows.push(cells.filter(|(_, text)| !text.is_empty()).collect());
        }
        Self::of(reference, columns, rows)
    }

    /// Reads a list of objects: `[{"snils": "…", "surname": "…"}]`.
    ///
    /// # Errors
    /// [`BadRegister`] says what is wrong; values are not told.
    pub fn from_json(reference: &str, octets: &[u8]) -> std::result::Result<Self, BadRegister> {
        let list: Vec<BTreeMap<String, String>> = serde_json::from_slice(octets)?;
        let mut rows = Vec::new();
        for object in list {
            let cells = object.into_iter().map(|(name, text)| Ok((column(&name)?, text)));
            rows.push(cells.collect::<std::result::Result<Row, BadRegister>>()?);
        }
        let columns: std::collections::BTreeSet<Field> =
            rows.iter().flat_map(|row| row.keys().copied()).collect();
        Self::of(reference, columns.into_iter().collect(), rows)
    }

    fn of(
        reference: &str,
        columns: Vec<Field>,
        list: Vec<Row>,
    ) -> std::result::Result<Self, BadRegister> {
        let key = KEYS.iter().copied().find(|key| columns.contains(key)).ok_or(BadRegister::Key)?;
        let mut rows = BTreeMap::new();
        for (number, row) in (1..).zip(list) {
            let own = row.get(&key).map(|text| folded(key, text)).filter(|text| !text.is_empty());
            let own = own.ok_or(BadRegister::Row(number))?;
            if rows.insert(own, row).is_some() {
                return Err(BadRegister::Row(number));
            }
        }
        Ok(Self { reference: reference.to_owned(), key, columns, rows })
    }

    /// How many applicants it knows.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether it knows nobody.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

#[async_trait]
impl ApplicantCheck for FileRegister {
    async fn check(&self, data: &RegistrationData) -> Result<Vec<FieldAnswer>> {
        let form = RegistrationForm::from(data);
        let row = form.value(self.key).and_then(|text| self.rows.get(&folded(self.key, text)));
        let answer = |(field, text): (Field, &str)| {
            let right = row.and_then(|row| row.get(&field));
            let agreement = match right.map(|right| folded(field, right) == folded(field, text)) {
                None => Agreement::Unavailable,
                Some(true) => Agreement::Agrees,
                Some(false) => Agreement::Differs,
            };
            FieldAnswer { field, agreement, reference: self.reference.clone() }
        };
        let filled = form.iter().filter(|(field, _)| self.columns.contains(field));
        Ok(filled.map(answer).collect())
    }
}

/// Shows no rows: they are people.
impl fmt::Debug for FileRegister {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FileRegister({:?}, {} rows)", self.reference, self.rows.len())
    }
}

fn column(name: &str) -> std::result::Result<Field, BadRegister> {
    Field::from_key(name).ok_or_else(|| BadRegister::Column(name.to_owned()))
}

/// What rows are found by: the first of these that is a column.
const KEYS: &[Field] = &[Field::Snils, Field::Inn, Field::Ogrn, Field::OrganizationInn];
