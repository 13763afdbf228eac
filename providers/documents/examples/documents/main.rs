//! Files signed, checked, encrypted and decrypted: `cargo run --release -p gost-ca-documents --example documents`;
//! with `--features xml,pdf` signatures in XML and PDF too.
//!
//! Of any length, in constant memory. Ends with 0 where all went well and every signature is valid, with 1 where
//! one is invalid, with 2 where one cannot be told, with 3 for everything else.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command-line tool")]

mod arguments;
mod files;
mod http;
mod keys;
#[cfg(feature = "pdf")]
mod pdf;
mod upgrade;
#[cfg(feature = "xml")]
mod xml;

use std::io::{Read, Write};
use std::process::ExitCode;

use gost_ca::language::Language;
use gost_ca::x509::CertificateList;
use gost_ca_documents::cades::Stamping;
use gost_ca_documents::time_stamp::TimeStampClient;
use gost_ca_documents::{
    Checker, ContentDigests, EnvelopedDataReader, EnvelopedDataWriter, Error, HashFunction, Limits,
    Report, Sections, Signatory, SignedData, SignedDataReader, Signing, Verdict, oid,
};
use gost_ca_software::{GostVerifier, SystemRng};

use crate::arguments::{Arguments, Command, Form, HELP, all};
use crate::files::{Output, progress};
use crate::http::Http;
use crate::upgrade::Upgrade;

type Result<T> = core::result::Result<T, Box<dyn std::error::Error>>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run().await {
        Ok(status) => status,
        Err(error) => {
            eprintln!("documents: {error}");
            let mut source = error.source();
            while let Some(error) = source {
                eprintln!("  {error}");
                source = error.source();
            }
            ExitCode::from(3)
        }
    }
}

async fn run() -> Result<ExitCode> {
    let arguments = Arguments::parse()?;
    match arguments.command {
        Command::Help => println!("{HELP}"),
        Command::Sign => sign(&arguments).await?,
        Command::Verify => return verify(&arguments).await,
        #[cfg(feature = "pdf")]
        Command::SignPdf => pdf::sign(&arguments).await?,
        #[cfg(feature = "pdf")]
        Command::VerifyPdf => return verify(&arguments).await,
        Command::Stamp | Command::Upgrade => upgrade(&arguments).await?,
        Command::Encrypt => encrypt(&arguments)?,
        Command::Decrypt => decrypt(&arguments).await?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Reads the file once to hash it, and a second time where it goes into the message. A message that is signed
/// already gets one signature more.
async fn sign(arguments: &Arguments) -> Result<()> {
    if arguments.form == Form::Xml {
        return xml::sign(arguments).await;
    }
    let (key, certificate) = (arguments.key().await?, arguments.certificate()?);
    let signatory = Signatory::new(&*key, &certificate)?;
    let functions = [signatory.hash_function()];
    let input = arguments.input()?;
    let digests = ContentDigests::of(&mut progress(input)?, &functions)?;
    let mut message = SignedData::new(oid::DATA);
    all(&arguments.chain)?.iter().for_each(|one| message.enclose(one));
    crls(arguments)?.iter().for_each(|list| message.enclose_crl(list));
    let signing = Signing { time: Some(jiff::Timestamp::now()), ..Signing::default() };
    message.sign(&signatory, &signing, &digests).await?;
    let mut output = Output::create(arguments.output()?)?;
    if arguments.form == Form::Attached {
        message.write_attached(&digests, &mut progress(input)?, &mut output)?;
    } else {
        output.write_all(&message.to_detached())?;
    }
    output.keep()
}

async fn verify(arguments: &Arguments) -> Result<ExitCode> {
    let anchors = all(&arguments.anchors)?;
    let pool = all(&arguments.chain)?;
    let crls = crls(arguments)?;
    let mut checker = Checker::new(&anchors, &GostVerifier, arguments.rules());
    (checker.certificates, checker.crls) = (&pool, &crls);
    let report = match arguments.command {
        #[cfg(feature = "pdf")]
        Command::VerifyPdf => pdf::check(arguments, &checker).await?,
        _ if begins_as_xml(arguments.input()?)? => xml::verify(arguments, &checker).await?,
        _ => {
            let (message, digests) = read_signed(arguments)?;
            checker.message(&message, &digests).await
        }
    };
    print(&report, arguments)?;
    Ok(ExitCode::from(match report.verdict {
        Verdict::Valid => 0,
        Verdict::Invalid => 1,
        Verdict::Indeterminate => 2,
    }))
}

/// A message begins with the tag of a sequence, which is a digit.
fn begins_as_xml(path: &std::path::Path) -> Result<bool> {
    let mut start = [0; 16];
    let length = std::fs::File::open(path)?.read(&mut start)?;
    let start = start.get(..length).unwrap_or_default();
    let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start);
    Ok(start.trim_ascii_start().first() == Some(&b'<'))
}

#[cfg(not(feature = "xml"))]
mod xml {
    use core::future::{Ready, ready};

    use gost_ca_documents::{Checker, Report};

    use crate::{Arguments, Result, Stamping};

    pub(crate) fn sign(_: &Arguments) -> Ready<Result<()>> {
        ready(Err(MISSING.into()))
    }

    pub(crate) fn verify(_: &Arguments, _: &Checker<'_>) -> Ready<Result<Report>> {
        ready(Err(MISSING.into()))
    }

    pub(crate) fn stamp(_: &Arguments, _: &Stamping<'_>) -> Ready<Result<()>> {
        ready(Err(MISSING.into()))
    }

    const MISSING: &str = "XML: built without --features xml";
}

/// Adds to the signatures; a content within is read twice, as when it was signed.
async fn upgrade(arguments: &Arguments) -> Result<()> {
    let input = arguments.input()?;
    let transport = Http::new();
    let client = TimeStampClient { transport: &transport, rng: &SystemRng };
    let stamping = Stamping { client, url: arguments.tsa()?, function: HashFunction::Streebog256 };
    match arguments.command {
        Command::Stamp if begins_as_xml(input)? => return xml::stamp(arguments, &stamping).await,
        _ if begins_as_xml(input)? => return Err("XML: stamp is all that is done".into()),
        _ => {}
    }
    let reader = SignedDataReader::open(progress(input)?, Limits::default())?;
    let attached = reader.is_attached();
    let (mut message, digests) = reader.finish()?;
    let (anchors, pool, crls) =
        (all(&arguments.anchors)?, all(&arguments.chain)?, crls(arguments)?);
    let upgrade = Upgrade {
        stamping,
        verifier: &GostVerifier,
        anchors: &anchors,
        pool: &pool,
        crls: &crls,
        ocsp: arguments.ocsp.as_deref(),
        at: arguments.rules().at,
    };
    match arguments.command {
        Command::Stamp => upgrade.stamp(&mut message).await?,
        _ => upgrade.prolong(&mut message).await?,
    }
    let mut output = Output::create(arguments.output()?)?;
    if attached {
        let mut content = SignedDataReader::open(progress(input)?, Limits::default())?;
        message.write_attached(&digests, &mut content, &mut output)?;
    } else {
        output.write_all(&message.to_detached())?;
    }
    output.keep()
}

fn crls(arguments: &Arguments) -> Result<Vec<CertificateList>> {
    let read = |path| Ok(CertificateList::from_der(&std::fs::read(path)?)?);
    arguments.crls.iter().map(read).collect()
}

fn read_signed(arguments: &Arguments) -> Result<(SignedData, ContentDigests)> {
    let mut reader = SignedDataReader::open(progress(arguments.input()?)?, Limits::default())?;
    if let (true, Some(path)) = (reader.is_attached(), &arguments.output) {
        let mut output = Output::create(path)?;
        copy(&mut reader, &mut output)?;
        output.keep()?;
    }
    let attached = reader.is_attached();
    let (message, digests) = reader.finish()?;
    if attached {
        return Ok((message, digests));
    }
    let content = arguments.content.as_ref().ok_or("--content: the signature is detached")?;
    let digests = ContentDigests::of(&mut progress(content)?, &message.hash_functions())?;
    Ok((message, digests))
}

fn print(report: &Report, arguments: &Arguments) -> Result<()> {
    if arguments.json {
        println!("{}", serde_json::to_string_pretty(report)?);
    } else {
        let language = if arguments.russian { Language::Russian } else { Language::English };
        print!("{}", report.text(language));
    }
    Ok(())
}

fn encrypt(arguments: &Arguments) -> Result<()> {
    let recipients = all(&arguments.recipients)?;
    let output = Output::create(arguments.output()?)?;
    let encryption = arguments.encryption;
    let mut writer = EnvelopedDataWriter::begin(output, encryption, &recipients, &SystemRng)?;
    copy(&mut progress(arguments.input()?)?, &mut writer)?;
    writer.finish()?.keep()
}

/// Nothing is kept of a content that is not what was encrypted. Readers and writers do not agree on how often
/// keys change: where the code of the content does not fit, the other way is tried.
async fn decrypt(arguments: &Arguments) -> Result<()> {
    match decrypt_by(arguments, Sections::Standard).await {
        Err(error) if is_forged(&*error) => decrypt_by(arguments, Sections::Engine).await,
        done => done,
    }
}

async fn decrypt_by(arguments: &Arguments, sections: Sections) -> Result<()> {
    let (key, certificate) = (arguments.key().await?, arguments.certificate()?);
    let senders = all(&arguments.chain)?;
    let reader = EnvelopedDataReader::open(progress(arguments.input()?)?, Limits::default())?;
    if !reader.cipher().is_authenticated() {
        eprintln!("documents: this cipher does not notice changed content");
    }
    let mut content = reader.decrypt((&*key, &certificate), &senders, sections).await?;
    let mut output = Output::create(arguments.output()?)?;
    copy(&mut content, &mut output)?;
    content.finish()?;
    output.keep()
}

fn is_forged(error: &(dyn std::error::Error + 'static)) -> bool {
    matches!(error.downcast_ref(), Some(Error::Forged))
}

fn copy(from: &mut impl Read, to: &mut impl Write) -> core::result::Result<(), Error> {
    let mut buffer = vec![0; 0x1_0000];
    loop {
        let length = from.read(&mut buffer)?;
        if length == 0 {
            return Ok(());
        }
        to.write_all(buffer.get(..length).unwrap_or_default())?;
    }
}
