//! Signatures in XML.

use std::io::Write;
use std::path::Path;

use gost_ca_documents::cades::Stamping;
use gost_ca_documents::xml::{
    Coverage, Locator, XmlDocument, XmlFault, XmlLimits, XmlRules, XmlSigning,
};
use gost_ca_documents::{Checker, Error, Report, Signatory, Verdict};

use crate::Result;
use crate::arguments::{Arguments, all};
use crate::files::Output;

/// Signs the document, or the element whose identifier is given; the signature is in the document element.
pub(crate) async fn sign(arguments: &Arguments) -> Result<()> {
    let (key, certificate) = (arguments.key().await?, arguments.certificate()?);
    let signatory = Signatory::new(&*key, &certificate)?;
    let mut signing = XmlSigning::default();
    signing.targets = vec![element(arguments)];
    signing.time = Some(jiff::Timestamp::now());
    signing.certificates = all(&arguments.chain)?;
    let signed = read(arguments.input()?)?.sign(&signatory, &signing).await?;
    let mut output = Output::create(arguments.output()?)?;
    output.write_all(signed.as_bytes())?;
    output.keep()
}

/// Stamps all signatures that are not under another one.
pub(crate) async fn stamp(arguments: &Arguments, stamping: &Stamping<'_>) -> Result<()> {
    let mut document = read(arguments.input()?)?;
    let mut stamped = 0_usize;
    for path in document.signatures()? {
        match document.stamp(&path, stamping).await {
            Ok(text) => {
                document = XmlDocument::from_octets(text.as_bytes(), XmlLimits::default())?;
                stamped = stamped.saturating_add(1);
            }
            Err(error @ Error::Xml(XmlFault::Covered(_))) => eprintln!("{path}: {error}"),
            Err(error) => return Err(error.into()),
        }
    }
    if stamped == 0 {
        return Err("there is no signature to be stamped".into());
    }
    let mut output = Output::create(arguments.output()?)?;
    output.write_all(document.as_str().as_bytes())?;
    output.keep()
}

/// Checks all signatures; what is written is what the first one covers, in its canonical form.
pub(crate) async fn verify(arguments: &Arguments, checker: &Checker<'_>) -> Result<Report> {
    let document = read(arguments.input()?)?;
    let mut rules = XmlRules::default();
    rules.covers = Coverage::Element(element(arguments));
    let found = checker.xml(&document, &rules).await?;
    for signature in &found.signatures {
        for covered in &signature.covered {
            eprintln!("{} signs {:?}", signature.path, covered.part);
        }
    }
    let first = found.signatures.iter().flat_map(|one| &one.covered).next();
    if let (Verdict::Valid, Some(path), Some(covered)) =
        (found.report.verdict, &arguments.output, first)
    {
        let mut output = Output::create(path)?;
        output.write_all(&covered.octets)?;
        output.keep()?;
    }
    Ok(found.report)
}

fn element(arguments: &Arguments) -> Locator {
    arguments.element.clone().map_or(Locator::DocumentElement, Locator::Id)
}

fn read(path: &Path) -> Result<XmlDocument> {
    let octets = std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(XmlDocument::from_octets(&octets, XmlLimits::default())?)
}
