//! Extracts of the audit: entries as they are stored, each with its proof, for people and programs outside.

use core::fmt::Write as _;

use serde_json::{Value, json};

use super::checkpoint::SignedCheckpoint;
use super::proof::InclusionProof;
use crate::provider::journal::{StoredEntry, StreamId};

/// Entries, the oldest first, with what proves them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Extract {
    /// The checkpoint that the proofs lead to; none where none was made yet.
    pub checkpoint: Option<SignedCheckpoint>,
    /// The entries.
    pub lines: Vec<Line>,
}

/// One entry of an extract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its stream.
    pub stream: StreamId,
    /// Its number there.
    pub index: u64,
    /// The entry.
    pub entry: StoredEntry,
    /// That it is in the record; none where no checkpoint covers it yet.
    pub proof: Option<InclusionProof>,
}

impl Extract {
    /// One JSON object a line: stream, index, the entry as an object, and the proof, which has its octets.
    pub fn to_json_lines(&self) -> String {
        let mut text = String::new();
        for Line { stream, index, entry, proof } in &self.lines {
            let entry = serde_json::from_slice(&entry.0).unwrap_or(Value::Null);
            let line = json!({ "stream": stream, "index": index, "entry": entry, "proof": proof });
            let _infallible = writeln!(text, "{line}");
        }
        text
    }

    /// A table for office programs: UTF-8 with its mark, `;` between fields, no cell is a formula.
    pub fn to_csv(&self) -> String {
        let mut text = format!("\u{feff}{}\r\n", COLUMNS.map(|(name, _)| name).join(";"));
        for line in &self.lines {
            let entry = serde_json::from_slice(&line.entry.0).unwrap_or(Value::Null);
            let cells = COLUMNS.map(|(_, place)| match place {
                "" => line.stream.to_string(),
                "#" => line.index.to_string(),
                "!" => line.proof.as_ref().map_or_else(String::new, |proof| {
                    proof.checkpoint.checkpoint.number.to_string()
                }),
                path => plain(entry.pointer(path)),
            });
            let _infallible = write!(text, "{}\r\n", cells.map(|cell| quoted(&cell)).join(";"));
        }
        text
    }
}

/// Columns of the table, and where in the entry each is found.
const COLUMNS: [(&str, &str); 11] = [
    ("at", "/at"),
    ("effective", "/effective"),
    ("stream", ""),
    ("index", "#"),
    ("event", "/fact/kind"),
    ("role", "/actor/role"),
    ("user", "/actor/user"),
    ("office", "/actor/office"),
    ("method", "/actor/method"),
    ("command", "/command"),
    ("checkpoint", "!"),
];

fn plain(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

/// A cell in quotes where it needs them; what a program would take for a formula is text.
fn quoted(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let cell = if formula { format!("'{cell}") } else { cell.to_owned() };
    if cell.contains([';', '"', '\r', '\n']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_text() {
        assert_eq!(quoted("=1+1"), "'=1+1");
        assert_eq!(quoted("a;b"), "\"a;b\"");
        assert_eq!(quoted("a\"b;"), "\"a\"\"b;\"");
        assert_eq!(quoted("plain"), "plain");
    }

    #[test]
    fn damaged_entries_do_not_stop_an_extract() {
        let (stream, index, proof) = (StreamId::Access, 3, None);
        let line = Line { stream, index, entry: StoredEntry(vec![0xff]), proof };
        let extract = Extract { checkpoint: None, lines: vec![line] };
        assert!(extract.to_csv().ends_with(";access;3;;;;;;;\r\n"), "{}", extract.to_csv());
        assert!(extract.to_json_lines().contains("\"entry\":null"));
    }
}
