//! Examines certificates, requests and CRLs: `cargo run --release --example lint -- [--json] [--ru] FILE…`
//!
//! Ends with 0 where no finding is an error, with 1 where one is, and with 2 where a file cannot be read as
//! what it claims to be.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command-line tool")]

use std::process::ExitCode;

use gost_ca::lint::{Report, Severity, lint};
use lexopt::prelude::*;

fn main() -> ExitCode {
    match run() {
        Ok(status) => status,
        Err(error) => {
            eprintln!("lint: {error}\nusage: lint [--json] [--ru] FILE…");
            ExitCode::from(UNREADABLE)
        }
    }
}

const ERRORS: u8 = 1;
const UNREADABLE: u8 = 2;

fn run() -> Result<ExitCode, lexopt::Error> {
    let (mut json, mut russian, mut files) = (false, false, Vec::new());
    let mut arguments = lexopt::Parser::from_env();
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("json") => json = true,
            Long("ru") => russian = true,
            Value(file) => files.push(file),
            other => return Err(other.unexpected()),
        }
    }
    if files.is_empty() {
        return Err("no files".into());
    }
    let mut worst = 0;
    let mut all = Vec::new();
    for file in files {
        let name = file.to_string_lossy().into_owned();
        match std::fs::read(&file) {
            Ok(octets) => {
                let report = lint(&octets);
                worst = worst.max(status(&report));
                match (json, russian) {
                    (true, _) => all.push(serde_json::json!({ "file": name, "report": report })),
                    (_, true) => println!("{name}: {}", report.russian()),
                    _ => println!("{name}: {report}"),
                }
            }
            Err(error) => {
                worst = UNREADABLE;
                all.push(serde_json::json!({ "file": name, "error": error.to_string() }));
                eprintln!("lint: {name}: {error}");
            }
        }
    }
    if json {
        println!("{:#}", serde_json::Value::Array(all));
    }
    Ok(ExitCode::from(worst))
}

fn status(report: &Report) -> u8 {
    match report.worst() {
        _ if report.unreadable.is_some() => UNREADABLE,
        Some(Severity::Error) => ERRORS,
        _ => 0,
    }
}
