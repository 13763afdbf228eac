//! One changed octet anywhere it matters is found.

use gost_ca::provider::Rng as _;
use gost_ca_memory::SeededRng;
use rusqlite::types::Value;
use rusqlite::{Connection, params};

use crate::desk::Result;
use crate::record::Record;

/// Columns that matter, of the tables that are the record.
const COLUMNS: &[(&str, &[&str])] = &[
    ("entries", &["stream", "place", "octets"]),
    ("streams", &["name"]),
    ("writers", &["name", "opening"]),
    ("links", &["number", "stream", "place", "hash"]),
    ("documents", &["commitment", "salt", "octets"]),
    ("accounts", &["id", "role", "office", "state", "registration", "created", "due"]),
    (
        "cases",
        &["id", "user", "office", "state", "lineage", "created", "not_after", "hidden", "due"],
    ),
    (
        "certificates",
        &[
            "serial",
            "issuer",
            "\"case\"",
            "thumbprint",
            "subject_key",
            "not_after",
            "partition",
            "entry",
        ],
    ),
    ("authorities", &["id", "due"]),
    ("user_versions", &["user", "commitment", "salt", "octets"]),
];

#[tokio::test]
async fn one_changed_octet_is_found() -> Result<()> {
    let record = Record::of_a_day().await?;
    let times: u32 = std::env::var("FLIPS").ok().and_then(|text| text.parse().ok()).unwrap_or(100);
    let mut draw = Draw(SeededRng::new(7));
    let copy = record.copy()?;
    let mut flipped = 0;
    while flipped < times {
        let (table, columns) = COLUMNS[draw.below(COLUMNS.len())];
        let column = columns[draw.below(columns.len())];
        let Some(flip) = Flip::choose(&copy.hand()?, table, column, &mut draw)? else { continue };
        flip.write(&copy.hand()?, &flip.after)?;
        let report = copy.inspect().await?;
        assert!(!report.is_whole(), "{flip:?}");
        flip.write(&copy.hand()?, &flip.before)?;
        flipped += 1;
    }
    let report = copy.inspect().await?;
    assert!(report.is_whole(), "all is as it was: {:#?}", report.findings);
    Ok(())
}

/// One bit of one column of one row.
#[derive(Debug)]
struct Flip {
    table: &'static str,
    column: &'static str,
    /// The row by its number among all, in the order of its other columns.
    key: (String, Vec<Value>),
    before: Value,
    after: Value,
}

impl Flip {
    /// A flip that the database takes; `None` where it would not, or the column is empty.
    fn choose(
        connection: &Connection,
        table: &'static str,
        column: &'static str,
        draw: &mut Draw,
    ) -> Result<Option<Self>> {
        let rows = |row: &rusqlite::Row<'_>| row.get::<_, i64>(0);
        let rows = connection.query_row(&format!("SELECT count(*) FROM {table}"), (), rows)?;
        let nth = draw.below(usize::try_from(rows)?);
        let keys = key_columns(table);
        let sql = format!("SELECT {column}, {keys} FROM {table} LIMIT 1 OFFSET {nth}");
        let count = keys.split(", ").count();
        let (before, key) = connection.query_row(&sql, (), |row| {
            let key = (1..=count).map(|place| row.get(place)).collect::<rusqlite::Result<_>>()?;
            Ok((row.get::<_, Value>(0)?, key))
        })?;
        let Some(after) = flipped(&before, draw) else { return Ok(None) };
        // a key that is part of what is flipped has its new value when it is flipped back
        let flip = Self { table, column, key: (keys.to_owned(), key), before, after };
        let taken = flip.write(connection, &flip.after).is_ok();
        if taken {
            flip.write(connection, &flip.before)?;
        }
        Ok(taken.then_some(flip))
    }

    fn write(&self, connection: &Connection, value: &Value) -> Result<()> {
        let (keys, key) = &self.key;
        let mut condition = Vec::new();
        let other = if *value == self.before { &self.after } else { &self.before };
        for (name, key) in keys.split(", ").zip(key) {
            let key = if name == self.column { other } else { key };
            condition.push(format!("{name} = {}", literal(key)));
        }
        let (table, column) = (self.table, self.column);
        let condition = condition.join(" AND ");
        let sql = format!("UPDATE {table} SET {column} = ?1 WHERE {condition}");
        let written = connection.execute(&sql, params![value])?;
        assert_eq!(written, 1, "{sql}");
        Ok(())
    }
}

/// What finds a row again.
fn key_columns(table: &str) -> &'static str {
    match table {
        "links" => "writer, number",
        "authorities" => "id",
        "accounts" | "cases" | "certificates" => "number",
        _ => "id",
    }
}

fn literal(value: &Value) -> String {
    match value {
        Value::Integer(number) => number.to_string(),
        Value::Blob(octets) => format!("x'{}'", gost_ca::hex::encode(octets)),
        other => panic!("{other:?} is no key"),
    }
}

/// The value with one bit changed.
fn flipped(value: &Value, draw: &mut Draw) -> Option<Value> {
    let flip = |octets: &mut Vec<u8>, draw: &mut Draw| {
        let place = draw.below(octets.len());
        octets[place] ^= 1 << draw.below(8);
    };
    match value {
        Value::Integer(number) => Some(Value::Integer(number ^ (1 << draw.below(40)))),
        Value::Blob(octets) if !octets.is_empty() => {
            let mut octets = octets.clone();
            flip(&mut octets, draw);
            Some(Value::Blob(octets))
        }
        Value::Text(text) if !text.is_empty() => {
            let mut octets = text.clone().into_bytes();
            flip(&mut octets, draw);
            String::from_utf8(octets).ok().map(Value::Text)
        }
        _ => None,
    }
}

/// Draws numbers, the same ones in each run.
struct Draw(SeededRng);

impl Draw {
    fn below(&mut self, end: usize) -> usize {
        let mut octets = [0; 8];
        self.0.fill(&mut octets).unwrap();
        usize::try_from(u64::from_be_bytes(octets) % u64::try_from(end).unwrap()).unwrap()
    }
}
