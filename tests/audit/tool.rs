//! `examples/audit_verify` over a copy of a record: its exit status, and what it names. `cargo test` builds the
//! example before.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command as Process, Output};

use gost_ca::audit::checkpoint::SignedCheckpoint;
use gost_ca::command::Command;
use gost_ca::id::CaseId;
use rusqlite::Connection;
use serde_json::Value;

use crate::desk::Result;
use crate::office::Office;
use crate::record::{Record, ground};

/// The example that `cargo test` built beside this test.
fn tool() -> PathBuf {
    let test = env::current_exe().unwrap();
    test.parent().unwrap().parent().unwrap().join("examples/audit_verify")
}

fn run(database: &Path, arguments: &[&Path]) -> Output {
    let mut tool = Process::new(tool());
    tool.arg(database).args(arguments).output().expect("cargo test builds the examples")
}

/// A record with a suspended certificate and two checkpoints, the first copied, both kept.
struct Scene {
    office: Office,
    older: Record,
    kept: Kept,
    case: CaseId,
}

/// Checkpoints in files.
struct Kept {
    folder: tempfile::TempDir,
}

impl Kept {
    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, checkpoint: &SignedCheckpoint) -> Result<()> {
        Ok(fs::write(self.file(name), serde_json::to_vec(checkpoint)?)?)
    }
}

impl Scene {
    async fn of_an_office() -> Result<Self> {
        let office = Office::found().await?;
        let kept = Kept { folder: tempfile::tempdir()? };
        let case = office.desk.active(10).await?;
        office.checkpoint().await?;
        kept.write("1", &office.kept().await?)?;
        let older = office.record.copy()?;
        let suspend = Command::Suspend { case, ground: ground(), until: None, on_end: None };
        office.desk.run(&office.desk.operator, suspend).await?;
        office.checkpoint().await?;
        kept.write("2", &office.kept().await?)?;
        Ok(Self { office, older, kept, case })
    }

    /// Somebody's hand in a copy; then what the tool says of it, as text and as data.
    fn after(&self, hand: impl Fn(&Connection), kept: Option<&str>) -> Result<Said> {
        let copy = self.office.record.copy()?;
        hand(&copy.hand()?);
        let kept = kept.map(|name| self.kept.file(name));
        Ok(Said::of(&copy.path(), kept.as_deref()))
    }
}

/// What the tool said.
struct Said {
    status: Option<i32>,
    text: String,
    findings: Vec<Value>,
}

impl Said {
    fn of(database: &Path, kept: Option<&Path>) -> Self {
        let kept: Vec<&Path> =
            kept.into_iter().flat_map(|file| [Path::new("--checkpoint"), file]).collect();
        let told = run(database, &kept);
        let data = run(database, &[kept.as_slice(), &[Path::new("--json")]].concat());
        assert_eq!(told.status, data.status);
        let report: Value = serde_json::from_slice(&data.stdout).unwrap_or_default();
        let text = [told.stdout, told.stderr].concat();
        Self {
            status: told.status.code(),
            text: String::from_utf8(text).unwrap(),
            findings: report["findings"].as_array().cloned().unwrap_or_default(),
        }
    }

    #[track_caller]
    fn names(&self, finding: &str, places: &[(&str, Value)]) {
        assert_eq!(self.status, Some(1), "{}", self.text);
        assert!(self.text.contains("WRONG: "), "{}", self.text);
        let fits = |found: &&Value| {
            found["finding"] == finding && places.iter().all(|(key, place)| found[key] == *place)
        };
        assert!(self.findings.iter().any(|found| fits(&found)), "{finding}: {}", self.text);
    }
}

fn execute(sql: &str) -> impl Fn(&Connection) {
    move |hand| hand.execute_batch(sql).unwrap()
}

/// One bit of what lies in a column of the row that the condition names.
fn flip(table: &str, column: &str, condition: &str) -> impl Fn(&Connection) {
    let (table, column, condition) = (table.to_owned(), column.to_owned(), condition.to_owned());
    move |hand| {
        let sql = format!("SELECT rowid, {column} FROM {table} WHERE {condition}");
        let (row, mut octets): (i64, Vec<u8>) =
            hand.query_row(&sql, (), |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        let middle = octets.len() / 2;
        octets[middle] ^= 1;
        let sql = format!("UPDATE {table} SET {column} = ?1 WHERE rowid = ?2");
        assert_eq!(hand.execute(&sql, (octets, row)).unwrap(), 1);
    }
}

#[tokio::test]
async fn a_whole_record_is_whole() -> Result<()> {
    let case = Scene::of_an_office().await?;
    for kept in [None, Some("1"), Some("2")] {
        let said = case.after(|_| {}, kept)?;
        assert_eq!(said.status, Some(0), "{}", said.text);
        assert!(said.text.contains("checkpoint 2 is the newest"), "{}", said.text);
        assert!(said.text.ends_with("The record is whole.\n"), "{}", said.text);
    }
    let said = Said::of(&case.office.record.path(), None);
    assert_eq!(said.status, Some(0), "also while it is in use: {}", said.text);
    Ok(())
}

#[tokio::test]
async fn each_deed_is_told_with_its_place() -> Result<()> {
    let case = Scene::of_an_office().await?;
    let (id, stream) = (case.case, Value::from(format!("case/{}", case.case)));
    let writer = Value::from("01".repeat(16));
    // 1. One octet: of an entry, of a row, of a document.
    let suspended = "instr(octets, 'certificate.suspended')";
    let number = |hand: &Connection| -> i64 {
        let sql = format!(
            "SELECT number FROM links JOIN entries USING (stream, place) WHERE {suspended}"
        );
        hand.query_row(&sql, (), |row| row.get(0)).unwrap()
    };
    let number = number(&case.office.record.hand()?);
    case.after(flip("entries", "octets", suspended), None)?
        .names("broken", &[("writer", writer.clone()), ("number", number.into())]);
    let row = Value::from(format!("the row of case {id}"));
    case.after(execute("UPDATE cases SET state = 'active' WHERE state = 'suspended'"), None)?
        .names("row", &[("stream", stream.clone()), ("row", row), ("what", "altered".into())]);
    let issued = "kind = 'certificate' ORDER BY id DESC LIMIT 1";
    case.after(flip("documents", "octets", issued), None)?
        .names("document", &[("stream", stream.clone())]);
    // 2. Entries: one taken out, two exchanged.
    let place = |hand: &Connection| -> i64 {
        let sql = format!("SELECT place FROM entries WHERE {suspended}");
        hand.query_row(&sql, (), |row| row.get(0)).unwrap()
    };
    let place = place(&case.office.record.hand()?);
    case.after(execute(&format!("DELETE FROM entries WHERE {suspended}")), None)?
        .names("gone", &[("stream", stream.clone()), ("index", place.into())]);
    let exchanged = format!(
        "CREATE TEMP TABLE two AS SELECT * FROM entries WHERE stream =
            (SELECT stream FROM entries WHERE {suspended}) AND place >= {place} - 1;
         UPDATE entries SET octets = (SELECT octets FROM two
            WHERE two.stream = entries.stream AND two.place = 2 * {place} - 1 - entries.place)
         WHERE id IN (SELECT id FROM two);"
    );
    case.after(execute(&exchanged), None)?
        .names("broken", &[("writer", writer.clone()), ("number", number.into())]);
    // 3. A claim.
    let holders = "UPDATE claims SET holder = randomblob(16) WHERE space = 'person'";
    case.after(execute(holders), None)?.names("claim", &[("space", "person".into())]);
    Ok(())
}

/// The end of the chain cut off with all that hangs on it: below a checkpoint of the record that shows by
/// itself, above it by what was kept.
#[tokio::test]
async fn truncation_is_told() -> Result<()> {
    let case = Scene::of_an_office().await?;
    let cut = |links: u8| {
        move |hand: &Connection| {
            for _ in 0..links {
                let last = "SELECT stream, place FROM links ORDER BY number DESC LIMIT 1";
                let last = hand.query_row(last, (), |row| Ok((row.get(0)?, row.get(1)?)));
                let (stream, place): (i64, i64) = last.unwrap();
                let entry = "DELETE FROM entries WHERE stream = ?1 AND place = ?2";
                hand.execute(entry, (stream, place)).unwrap();
                let link = "DELETE FROM links WHERE number = (SELECT max(number) FROM links)";
                hand.execute(link, ()).unwrap();
            }
        }
    };
    let keep = |hand: &Connection| {
        // but for the checkpoint's own entry
        let sql = "DELETE FROM links WHERE number = (SELECT max(number) - 1 FROM links)";
        hand.execute(sql, ()).unwrap();
    };
    case.after(keep, None)?.names("checkpoint", &[("number", 2.into())]);
    let lost = [("kept", Value::from(2)), ("newest", Value::from(1))];
    for links in 1..3 {
        case.after(cut(links), Some("2"))?.names("rolled-back", &lost);
    }
    let unseen = case.after(cut(1), Some("1"))?;
    assert_eq!(unseen.status, Some(0), "what nobody kept a checkpoint of: {}", unseen.text);
    Ok(())
}

#[tokio::test]
async fn a_rollback_is_told_by_what_was_kept() -> Result<()> {
    let case = Scene::of_an_office().await?;
    let older = case.older.path();
    let said = Said::of(&older, None);
    assert_eq!(said.status, Some(0), "by itself it is whole: {}", said.text);
    let said = Said::of(&older, Some(&case.kept.file("2")));
    said.names("rolled-back", &[("kept", 2.into()), ("newest", 1.into())]);
    assert!(said.text.contains("checkpoint 2, which was kept, is not in the record"));
    // a checkpoint of another record
    let other = Office::found().await?;
    other.desk.active(11).await?;
    other.checkpoint().await?;
    let foreign = other.kept().await?;
    case.kept.write("foreign", &foreign)?;
    let said = case.after(|_| {}, Some("foreign"))?;
    said.names("rolled-back", &[("kept", 1.into())]);
    // one that is ours, but for its signature
    let mut forged = case.office.kept().await?;
    forged.checkpoint.at =
        forged.checkpoint.at.saturating_add(jiff::SignedDuration::from_secs(1))?;
    case.kept.write("forged", &forged)?;
    case.after(|_| {}, Some("forged"))?.names("checkpoint", &[("number", 2.into())]);
    Ok(())
}

#[tokio::test]
async fn what_cannot_be_verified_is_not_whole() -> Result<()> {
    let case = Scene::of_an_office().await?;
    let folder = tempfile::tempdir()?;
    let file = |name: &str, octets: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, octets).unwrap();
        path
    };
    let whole = fs::read(case.older.path())?;
    // no record at all, or nothing of it
    let stranger = folder.path().join("stranger.db");
    Connection::open(&stranger)?.execute_batch("CREATE TABLE entries (id)")?;
    let noise: Vec<u8> =
        (0..20_000_u32).flat_map(|i| i.wrapping_mul(0x9e37_79b9).to_be_bytes()).collect();
    for path in [folder.path().join("none"), file("empty", b""), file("noise", &noise), stranger] {
        let said = Said::of(&path, None);
        assert_eq!(said.status, Some(2), "{}: {}", path.display(), said.text);
        assert!(said.text.contains(path.to_str().unwrap()), "{}", said.text);
    }
    // half of it, or a page of it overwritten
    let half = file("half", &whole[..whole.len() / 2]);
    let mut spoiled = whole.clone();
    let event = b"certificate.issued";
    let entry = whole.windows(event.len()).position(|octets| octets == event).unwrap();
    let page = entry / 4_096 * 4_096;
    spoiled[page..page + 4_096].fill(0xa5);
    for path in [half, file("spoiled", &spoiled)] {
        let said = Said::of(&path, None);
        assert!(matches!(said.status, Some(1 | 2)), "{}: {}", path.display(), said.text);
    }
    // what was kept is none
    let older = case.older.path();
    for (path, octets) in [("garbage", &b"{}"[..]), ("nothing", b"")] {
        let path = file(path, octets);
        let said = Said::of(&older, Some(&path));
        assert_eq!(said.status, Some(2), "{}", said.text);
        assert!(said.text.contains(path.to_str().unwrap()), "{}", said.text);
    }
    let unknown = run(&older, &[Path::new("--nonsense")]);
    assert_eq!(unknown.status.code(), Some(2));
    assert_eq!(run(&older, &[Path::new("--help")]).status.code(), Some(0));
    Ok(())
}
