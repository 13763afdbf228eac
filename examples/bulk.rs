//! Executes a bulk file over the office that the example `operator_day` left; `docs/bulk.md` has the file's columns.
//!
//! `cargo run --release --example bulk -- --data DIR [--dry-run] [--results FILE] FILE`: exits with 0 where all rows
//! are done, or would be; with 1 where one is refused or waits, and with 2 where nothing could be done.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "it is a program")]

#[path = "bulk/office.rs"]
mod office;

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

use gost_ca::command::Outcome;
use gost_ca::desk::bulk::{BulkDefaults, BulkFile};
use gost_ca::desk::table::Table;

use office::Office;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const HELP: &str = "\
bulk: many acts from one file

  bulk --data DIR [--office NAME] [--dry-run] [--results FILE] FILE

  FILE            what is to be done, CSV or JSON; see docs/bulk.md
  --data DIR      what operator_day left
  --office NAME   whose operator does it [main]
  --dry-run       only tells what would be done
  --results FILE  where the outcome of each row goes, as CSV

  exit status: 0 all done, 1 a row is refused or waits, 2 nothing could be done";

struct Arguments {
    file: PathBuf,
    data: PathBuf,
    office: String,
    results: Option<PathBuf>,
    dry_run: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    match Box::pin(run()).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("bulk: {error}");
            ExitCode::from(2)
        }
    }
}

async fn run() -> Result<bool> {
    let Some(arguments) = Arguments::parse()? else { return Ok(true) };
    let octets = std::fs::read(&arguments.file)
        .map_err(|error| format!("{}: {error}", arguments.file.display()))?;
    let office = Office::open(&arguments.data, &arguments.office).await?;
    let mut defaults = BulkDefaults::default();
    defaults.office = Some(arguments.office.parse()?);
    defaults.profile = Some("commercial".parse()?);
    defaults.authority = Some(office.authority);
    defaults.names = office.ra.bulk_names(&office.operator, &octets).await?;
    let file = BulkFile::read(&octets, &defaults)
        .map_err(|bad| format!("{} is not as it should be:\n{bad}", arguments.file.display()))?;
    let table = if arguments.dry_run {
        rehearse(&office, &file).await?
    } else {
        execute(&office, &file, &arguments.file.display().to_string()).await?
    };
    if let Some(results) = &arguments.results {
        std::fs::write(results, table.to_csv())?;
    }
    Ok(show(&table))
}

async fn rehearse(office: &Office, file: &BulkFile) -> Result<Table> {
    let command = file.envelope("").command;
    Ok(file.rehearsed(&office.ra.rehearse(&office.operator, &command).await?))
}

async fn execute(office: &Office, file: &BulkFile, title: &str) -> Result<Table> {
    let envelope = file.envelope(title);
    let done = office.ra.execute(&office.operator, &envelope).await?;
    match &done {
        // refusals are told by the first outcome alone
        Outcome::Bulk { items } => return Ok(file.results(items.iter().map(Some))),
        Outcome::ApprovalRequested { approval } => {
            println!("It waits for another operator: approval {approval}.");
        }
        _ => println!("The file was executed before."),
    }
    let told = office.ra.bulk_outcomes(&office.operator, &envelope).await?;
    Ok(file.results(told.iter().map(Option::as_ref)))
}

/// Prints a line for each row; tells whether all went well.
fn show(table: &Table) -> bool {
    let place = |name: &str| table.columns().iter().position(|column| column == name);
    let shown = ["row", "act", "outcome", "code", "login", "user", "case", "serial"].map(place);
    for row in table.rows() {
        let cells = shown.iter().flatten().filter_map(|place| row.get(*place));
        let cells: Vec<_> = cells.filter(|text| !text.is_empty()).map(String::as_str).collect();
        println!("{}", cells.join("  "));
    }
    let outcome = place("outcome");
    let outcome = |row: &Vec<String>| outcome.and_then(|place| row.get(place).cloned());
    let good = |outcome: String| GOOD.contains(&outcome.as_str());
    table.rows().iter().all(|row| outcome(row).is_some_and(good))
}

impl Arguments {
    /// Reads the command line; `None` where help was asked for.
    fn parse() -> Result<Option<Self>> {
        let (mut file, mut data, mut office) = (None, None, "main".to_owned());
        let (mut results, mut dry_run) = (None, false);
        let mut parser = lexopt::Parser::from_env();
        while let Some(argument) = parser.next()? {
            match argument {
                lexopt::Arg::Long("data") => data = Some(PathBuf::from(parser.value()?)),
                lexopt::Arg::Long("office") => office = parser.value()?.to_string_lossy().into(),
                lexopt::Arg::Long("results") => results = Some(PathBuf::from(parser.value()?)),
                lexopt::Arg::Long("dry-run") => dry_run = true,
                lexopt::Arg::Long("help") | lexopt::Arg::Short('h') => {
                    println!("{HELP}");
                    return Ok(None);
                }
                lexopt::Arg::Value(path) if file.is_none() => file = Some(PathBuf::from(path)),
                other => return Err(other.unexpected().into()),
            }
        }
        let file = file.ok_or(HELP)?;
        Ok(Some(Self { file, data: data.ok_or(HELP)?, office, results, dry_run }))
    }
}

const GOOD: [&str; 4] = ["registered", "issued", "done", "would-be-done"];
