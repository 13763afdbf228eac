//! A CRL of a million entries, and more: how long it takes, and how much memory.
//!
//! ```text
//! cargo run --release --example big_crl -- --entries 1000000 --out FILE
//! ```
//!
//! The record is made once, in the folder `FILE.office`, and opened again by the next run. The last line says
//! how long it took to collect, check, sign and write the CRL to FILE, and the memory above the start.
//! Beside it go `FILE.issuer.cer` and `FILE.{good,revoked,suspended}.cer`, to be asked about.
#![expect(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::indexing_slicing,
    reason = "an example on data of its own"
)]

#[path = "big_crl/issuer.rs"]
mod issuer;
#[path = "big_crl/measure.rs"]
mod measure;
#[path = "operator_day/people.rs"]
mod people;
#[path = "big_crl/record.rs"]
mod record;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use measure::{cpu_seconds, forget_peak, peak_memory, resident_memory};
use record::Record;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// One core does the work; the store's threads wait for each other.
#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let done = match arguments() {
        Ok((entries, out)) => run(entries, &out).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("big_crl: {error}");
            ExitCode::FAILURE
        }
    }
}

fn arguments() -> Result<(u64, PathBuf)> {
    let (mut entries, mut out) = (1_000_000, None);
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next()? {
        match argument {
            lexopt::Arg::Long("entries") => entries = parser.value()?.to_string_lossy().parse()?,
            lexopt::Arg::Long("out") => out = Some(PathBuf::from(parser.value()?)),
            other => return Err(other.unexpected().into()),
        }
    }
    Ok((entries, out.ok_or("--out FILE is missing")?))
}

async fn run(entries: u64, out: &Path) -> Result<()> {
    let start = resident_memory()?;
    let opening = Instant::now();
    let record = Record::open(entries, out).await?;
    let opening = opening.elapsed().as_secs_f64();
    forget_peak()?;
    let (clock, cpu) = (Instant::now(), cpu_seconds()?);
    let file = record.issue().await?;
    std::fs::copy(file, out)?;
    let (clock, cpu) = (clock.elapsed().as_secs_f64(), cpu_seconds()? - cpu);
    let memory = f64::from(u32::try_from(peak_memory()?.saturating_sub(start))?) / 1024.0;
    let size = std::fs::metadata(out)?.len() / 1_000_000;
    let sweep = Instant::now();
    record.sweep().await?;
    let sweep = sweep.elapsed().as_secs_f64();
    println!(
        "the record was open after {opening:.2} s; a sweep with nothing due took {sweep:.3} s"
    );
    println!("{} of {size} MB", out.display());
    println!(
        "{entries} entries: {cpu:.2} s of one core ({clock:.2} s by the clock), {memory:.1} MB above the start"
    );
    Ok(())
}
