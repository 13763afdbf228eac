//! Verifies a record that nobody's word is taken for: chains, entries, lists, documents, claims.
//!
//! `cargo run --release --example audit_verify -- office.db [--checkpoint FILE] [--json]`: exits with 0 where the
//! record is whole, with 1 where it is not, and with 2 where it could not be verified. See docs/audit.md.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "it is a program")]

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

use gost_ca::audit::inspect::Inspection;
use gost_ca::audit::verify::Report;
use gost_ca::provider::Rng as _;
use gost_ca_software::{GostVerifier, SystemRng};
use gost_ca_sqlite::SqliteStore;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const HELP: &str = "\
audit_verify: is the record whole?

  audit_verify OFFICE.DB [--checkpoint FILE]… [--json]

  OFFICE.DB           the database; it is opened for reading only
  --checkpoint FILE   a checkpoint that was kept elsewhere: the record must have it
  --json              the report as JSON

  exit status: 0 whole, 1 not whole, 2 it could not be verified";

struct Arguments {
    database: PathBuf,
    checkpoints: Vec<PathBuf>,
    json: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("audit_verify: {error}");
            ExitCode::from(2)
        }
    }
}

async fn run() -> Result<bool> {
    let Some(arguments) = Arguments::parse()? else { return Ok(true) };
    let store = SqliteStore::inspect(&arguments.database)
        .map_err(|error| format!("{}: {error}", arguments.database.display()))?;
    // whoever altered the file did not know it
    let mut seed = [0; 32];
    SystemRng.fill(&mut seed)?;
    let mut inspection = Inspection::new(&store, &GostVerifier, seed).with_directory(&store);
    for path in &arguments.checkpoints {
        let unreadable = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
        let json = std::fs::read(path).map_err(|error| unreadable(&error))?;
        let kept = serde_json::from_slice(&json).map_err(|error| unreadable(&error))?;
        inspection = inspection.with_kept(kept);
    }
    let report = inspection.run().await?;
    if arguments.json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        show(&report);
    }
    Ok(report.is_whole())
}

fn show(report: &Report) {
    println!("{} links of {} writers", report.links, report.writers);
    match report.checkpoints {
        0 => println!("no checkpoints"),
        newest => println!("checkpoint {newest} is the newest"),
    }
    for lost in &report.restores {
        println!("checkpoint {lost} was lost by a restore that was acknowledged");
    }
    for finding in &report.findings {
        println!("WRONG: {finding}");
    }
    println!(
        "{}",
        if report.is_whole() { "The record is whole." } else { "The record is NOT whole." }
    );
}

impl Arguments {
    /// Reads the command line; `None` where help was asked for.
    fn parse() -> Result<Option<Self>> {
        let (mut database, mut checkpoints, mut json) = (None, Vec::new(), false);
        let mut parser = lexopt::Parser::from_env();
        while let Some(argument) = parser.next()? {
            match argument {
                lexopt::Arg::Value(path) if database.is_none() => {
                    database = Some(PathBuf::from(path));
                }
                lexopt::Arg::Long("checkpoint") => checkpoints.push(parser.value()?.into()),
                lexopt::Arg::Long("json") => json = true,
                lexopt::Arg::Long("help") | lexopt::Arg::Short('h') => {
                    println!("{HELP}");
                    return Ok(None);
                }
                other => return Err(other.unexpected().into()),
            }
        }
        let database = database.ok_or(format!("which database?\n\n{HELP}"))?;
        Ok(Some(Self { database, checkpoints, json }))
    }
}
