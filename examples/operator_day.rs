//! An operator's day, from an empty folder to certificates that were issued, suspended, resumed, renewed and
//! revoked: the main job of the library, over software GOST keys and an embedded database.
//!
//! ```text
//! cargo run --release --example operator_day -- [--applications FILE] [--out DIR] [--param-set SET] \
//!     [--key-store pkcs11:MODULE?slot=N|cryptopro[:LIBRARY]] [--authority-key KIND]
//! ```

#[path = "operator_day/applicant.rs"]
mod applicant;
#[path = "operator_day/arguments.rs"]
mod arguments;
#[path = "operator_day/authority.rs"]
mod authority;
#[path = "operator_day/events.rs"]
mod events;
#[path = "operator_day/keys.rs"]
mod keys;
#[path = "operator_day/letterhead.rs"]
mod letterhead;
#[path = "operator_day/office.rs"]
mod office;
#[path = "operator_day/people.rs"]
mod people;
#[path = "operator_day/report.rs"]
mod report;
#[path = "operator_day/staff.rs"]
mod staff;

use std::error::Error;
use std::process::ExitCode;

use gost_ca::audit::verify::verify;
use gost_ca::registration::parse_applications;
use indicatif::{ProgressBar, ProgressStyle};

use arguments::Arguments;
use office::Office;
use report::Summary;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

#[tokio::main]
async fn main() -> ExitCode {
    let done = match Arguments::parse() {
        Ok(Some(arguments)) => day(&arguments).await,
        Ok(None) => return ExitCode::SUCCESS, // --help
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("operator_day: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn day(arguments: &Arguments) -> Result<()> {
    let applications = arguments.read_applications()?;
    let applications = parse_applications(&applications)
        .map_err(|error| format!("{}: {error}", arguments.applications.display()))?;

    println!("1. The record is founded, the authority gets its keys ({}).", arguments.set_name);
    let office = Office::found(arguments).await?;
    println!("2. The administrator opens the offices and registers an operator for each.");
    let operators = office.open_offices(&applications).await?;

    println!("3. The operators serve {} applicants.", applications.len());
    let mut summary = Summary::default();
    let bar = progress(applications.len());
    for document in &applications {
        let operator = office::operator_for(&operators, document)?;
        let line = applicant::serve(&office, operator, document).await?;
        bar.suspend(|| println!("   {line}"));
        summary.0.push(line);
        bar.inc(1);
    }
    bar.finish_and_clear();

    println!("4. An operator of another office is refused what is not hers.");
    for refusal in office.trespass(&operators, &summary).await? {
        println!("   {refusal}");
    }
    println!("5. The CRL is published.");
    office.publish().await?;
    println!("   A dossier is put together: {}.", office.write_dossier(&summary).await?.display());

    let (letters, unsent) = office.send_letters().await?;
    println!("6. Owners are told: {letters} letters in letters/, {unsent} have no address.");

    let report = verify(office.ra.providers().journal.audit()).await?;
    println!(
        "7. The audit: {} links in {} chain(s), {} finding(s).",
        report.links,
        report.writers,
        report.findings.len()
    );
    report.findings.iter().for_each(|finding| println!("   {finding}"));
    summary.write(&arguments.out)?;
    println!("Everything is in {}.", arguments.out.display());
    if report.is_whole() { Ok(()) } else { Err("the audit is not whole".into()) }
}

fn progress(length: usize) -> ProgressBar {
    let style = ProgressStyle::with_template("   {bar:40} {pos}/{len} applicants");
    let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(length as u64).with_style(style)
}
