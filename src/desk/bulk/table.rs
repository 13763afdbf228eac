//! Rows with named cells, out of CSV or JSON.

use core::fmt;
use std::collections::BTreeMap;

use csv::{ReaderBuilder, Trim};
use serde::de::{Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_path_to_error::Segment;

use super::act;
use super::fault::{BulkFault, Problem};

/// One row: its filled cells, by their columns.
pub(super) struct Line {
    pub(super) number: usize,
    pub(super) cells: BTreeMap<String, String>,
}

pub(super) fn lines(file: &[u8]) -> Result<Vec<Line>, BulkFault> {
    let file = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
    let text = core::str::from_utf8(file).map_err(|error| {
        let before = file.get(..error.valid_up_to()).unwrap_or_default();
        let row = before.split(|octet| *octet == b'\n').count();
        BulkFault::of_row(row, Problem::Encoding)
    })?;
    if text.trim_start().starts_with('[') { objects(text) } else { table(text) }
}

fn table(text: &str) -> Result<Vec<Line>, BulkFault> {
    let head = text.trim_start().lines().next().unwrap_or_default();
    let delimiter = if head.contains(';') { b';' } else { b',' };
    let mut table =
        ReaderBuilder::new().delimiter(delimiter).trim(Trim::All).from_reader(text.as_bytes());
    let columns = table.headers().map_err(|error| broken(text, &error))?.clone();
    for (place, column) in columns.iter().enumerate() {
        let problem = match column {
            _ if columns.iter().take(place).any(|other| other == column) => Problem::ColumnTwice,
            column if !act::knows(column) => Problem::UnknownColumn,
            _ => continue,
        };
        return Err(BulkFault::of_row(1, problem).at(column));
    }
    let (mut lines, mut counter) = (Vec::new(), Counter::of(text));
    for record in table.records() {
        let record = record.map_err(|error| broken(text, &error))?;
        let number = record.position().map_or(0, |position| counter.line(position));
        let cells = columns.iter().zip(record.iter()).filter(|(_, text)| !text.is_empty());
        let cells: BTreeMap<_, _> =
            cells.map(|(column, text)| (column.to_owned(), text.to_owned())).collect();
        // a spreadsheet may leave rows of separators at the end
        if !cells.is_empty() {
            lines.push(Line { number, cells });
        }
    }
    Ok(lines)
}

/// A row of another length than the first one, or what is no CSV at all.
fn broken(text: &str, error: &csv::Error) -> BulkFault {
    let number = error.position().map_or(1, |position| Counter::of(text).line(position));
    BulkFault::of_row(number, Problem::Syntax)
}

/// Counts lines as an editor does. The reader's own count is one less after CR LF.
struct Counter<'a> {
    rest: &'a [u8],
    passed: usize,
    line: usize,
}

impl<'a> Counter<'a> {
    const fn of(text: &'a str) -> Self {
        Self { rest: text.as_bytes(), passed: 0, line: 1 }
    }

    /// The line where a record begins; of records in their order.
    fn line(&mut self, position: &csv::Position) -> usize {
        let byte = usize::try_from(position.byte()).unwrap_or(usize::MAX);
        let (before, rest) = self
            .rest
            .split_at_checked(byte.saturating_sub(self.passed))
            .unwrap_or((self.rest, &[]));
        // it may stand before the end of the line before, or before empty ones
        let blank = rest.iter().take_while(|octet| matches!(octet, b'\r' | b'\n')).count();
        let (ends, rest) = rest.split_at_checked(blank).unwrap_or((rest, &[]));
        let lines = before.iter().chain(ends).filter(|octet| **octet == b'\n').count();
        self.passed = self.passed.saturating_add(before.len()).saturating_add(ends.len());
        (self.rest, self.line) = (rest, self.line.saturating_add(lines));
        self.line
    }
}

fn objects(text: &str) -> Result<Vec<Line>, BulkFault> {
    let mut json = serde_json::Deserializer::from_str(text);
    let list: Vec<Object> = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let mut fault = BulkFault::of_file(Problem::Syntax);
        for segment in error.path() {
            match segment {
                Segment::Seq { index } => {
                    fault = BulkFault::of_row(index.saturating_add(1), Problem::Syntax);
                }
                Segment::Map { key } if act::knows(key) => fault = fault.at(key),
                _ => {}
            }
        }
        fault
    })?;
    json.end().map_err(|_| BulkFault::of_file(Problem::Syntax))?;
    let line = |(number, Object(cells))| Line { number, cells };
    Ok((1..).zip(list).map(line).collect())
}

/// An object of texts; blank ones are left out.
struct Object(BTreeMap<String, String>);

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Texts)
    }
}

struct Texts;

impl<'de> Visitor<'de> for Texts {
    type Value = Object;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of texts")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object, A::Error> {
        let mut cells = BTreeMap::new();
        while let Some((column, text)) = map.next_entry::<String, String>()? {
            if cells.insert(column, text.trim().to_owned()).is_some() {
                return Err(A::Error::custom("a key stands twice"));
            }
        }
        cells.retain(|_, text| !text.is_empty());
        Ok(Object(cells))
    }
}
