//! What the command line says.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use gost_ca::provider::Signer;
use gost_ca::x509::Certificate;
use gost_ca_documents::{CheckRules, ContentCipher, Encryption, Exchange, Sections};
use lexopt::prelude::*;

use crate::files::{certificates, key};
use crate::{Result, keys};

pub(crate) const HELP: &str = "\
documents sign    KEY --certificate FILE [--attached] [--chain FILE]… [--crl FILE]… INPUT OUTPUT
documents sign    --xml [--element ID] KEY --certificate FILE [--chain FILE]… INPUT OUTPUT
documents verify  --anchor FILE… [--chain FILE]… [--crl FILE]… [--content FILE] [--at TIME] [--no-status]
                  [--trust-signing-time] [--qualified] [--json | --ru] [--element ID] SIGNED [OUTPUT]
documents stamp   --tsa URL SIGNED OUTPUT
documents upgrade --tsa URL --anchor FILE… [--chain FILE]… [--crl FILE]… [--ocsp URL] SIGNED OUTPUT
documents sign-pdf KEY --certificate FILE [--field NAME] [--reason TEXT]
                  [--stamp PAGE,LEFT,BOTTOM,WIDTH,HEIGHT --font FILE] INPUT OUTPUT
documents verify-pdf …as verify… SIGNED
documents encrypt --recipient FILE… [--cipher CIPHER] [--agreement] [--engine-sections] INPUT OUTPUT
documents decrypt KEY --certificate FILE [--chain FILE]… INPUT OUTPUT

KEY is --key FILE, PKCS#8 without password, or --key CONTAINER --key-store PLACE [--pin-file FILE]: PLACE is
software:FOLDER, or pkcs11:MODULE?token=LABEL&pin-source=FILE. Certificates are DER or PEM, CRLs are DER. CIPHER is gost28147, magma,
magma-omac, kuznyechik or kuznyechik-omac. URL is http://…: stamp makes CAdES-T or XAdES-T, upgrade CAdES-X Long. TIME is as 2026-03-02T09:00:00Z. Places on
pages are in points; those commands want the feature pdf. XML wants the feature xml, and is known by itself when it is verified; ID is that of the
element that must be signed, else the whole document. See docs/documents.md.";

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Command {
    Help,
    Sign,
    Verify,
    #[cfg(feature = "pdf")]
    SignPdf,
    #[cfg(feature = "pdf")]
    VerifyPdf,
    Stamp,
    Upgrade,
    Encrypt,
    Decrypt,
}

/// What signing makes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Detached,
    Attached,
    Xml,
}

pub(crate) struct Arguments {
    pub(crate) command: Command,
    key: Option<PathBuf>,
    key_store: Option<String>,
    pin_file: Option<PathBuf>,
    certificate: Option<PathBuf>,
    pub(crate) anchors: Vec<PathBuf>,
    pub(crate) chain: Vec<PathBuf>,
    pub(crate) crls: Vec<PathBuf>,
    pub(crate) recipients: Vec<PathBuf>,
    pub(crate) content: Option<PathBuf>,
    pub(crate) form: Form,
    #[cfg(feature = "xml")]
    pub(crate) element: Option<String>,
    tsa: Option<String>,
    pub(crate) ocsp: Option<String>,
    #[cfg(feature = "pdf")]
    pub(crate) pdf: crate::pdf::Options,
    pub(crate) json: bool,
    pub(crate) russian: bool,
    pub(crate) encryption: Encryption,
    rules: CheckRules,
    input: Option<PathBuf>,
    pub(crate) output: Option<PathBuf>,
}

impl Arguments {
    pub(crate) fn parse() -> Result<Self> {
        let mut parser = lexopt::Parser::from_env();
        let mut arguments = Self::new();
        while let Some(argument) = parser.next()? {
            match argument {
                Long("help") | Short('h') => return Ok(Self::new()),
                Long(name) => {
                    let name = name.to_owned();
                    arguments.option(&name, &mut parser)?;
                }
                Value(word) if arguments.command == Command::Help => {
                    arguments.command = command(&word.string()?)?;
                }
                Value(path) if arguments.input.is_none() => arguments.input = Some(path.into()),
                Value(path) if arguments.output.is_none() => arguments.output = Some(path.into()),
                other => return Err(other.unexpected().into()),
            }
        }
        Ok(arguments)
    }

    fn new() -> Self {
        Self {
            command: Command::Help,
            key: None,
            key_store: None,
            pin_file: None,
            certificate: None,
            anchors: Vec::new(),
            chain: Vec::new(),
            crls: Vec::new(),
            recipients: Vec::new(),
            content: None,
            form: Form::Detached,
            #[cfg(feature = "xml")]
            element: None,
            tsa: None,
            ocsp: None,
            #[cfg(feature = "pdf")]
            pdf: crate::pdf::Options::default(),
            json: false,
            russian: false,
            encryption: Encryption::default(),
            rules: CheckRules::at(jiff::Timestamp::now()),
            input: None,
            output: None,
        }
    }

    fn option(&mut self, name: &str, parser: &mut lexopt::Parser) -> Result<()> {
        match name {
            "attached" => self.form = Form::Attached,
            "xml" => self.form = Form::Xml,
            #[cfg(feature = "xml")]
            "element" => self.element = Some(parser.value()?.string()?),
            "json" => self.json = true,
            "ru" => self.russian = true,
            "no-status" => self.rules.status = false,
            "trust-signing-time" => self.rules.trust_signing_time = true,
            "qualified" => self.rules.qualified = true,
            "agreement" => self.encryption.exchange = Exchange::Agreement,
            "engine-sections" => self.encryption.sections = Sections::Engine,
            "at" => self.rules.at = parser.value()?.string()?.parse()?,
            "cipher" => self.encryption.cipher = cipher(&parser.value()?.string()?)?,
            "key" => self.key = Some(parser.value()?.into()),
            "key-store" => self.key_store = Some(parser.value()?.string()?),
            "pin-file" => self.pin_file = Some(parser.value()?.into()),
            "certificate" => self.certificate = Some(parser.value()?.into()),
            "content" => self.content = Some(parser.value()?.into()),
            "tsa" => self.tsa = Some(parser.value()?.string()?),
            "ocsp" => self.ocsp = Some(parser.value()?.string()?),
            "anchor" => self.anchors.push(parser.value()?.into()),
            "chain" => self.chain.push(parser.value()?.into()),
            "crl" => self.crls.push(parser.value()?.into()),
            "recipient" => self.recipients.push(parser.value()?.into()),
            #[cfg(feature = "pdf")]
            other if self.pdf.set(other, parser)? => {}
            other => return Err(format!("--{other} is no option").into()),
        }
        Ok(())
    }

    /// The open key, from a file or from a key store.
    pub(crate) async fn key(&self) -> Result<Arc<dyn Signer>> {
        let name = self.key.as_deref().ok_or("--key is missing")?;
        let Some(place) = &self.key_store else {
            return Ok(Arc::new(key(name)?));
        };
        let container = name.to_str().ok_or("--key: no name of a container")?;
        keys::open(place, container, self.pin_file.as_deref()).await
    }

    pub(crate) fn certificate(&self) -> Result<Certificate> {
        let path = self.certificate.as_deref().ok_or("--certificate is missing")?;
        Ok(certificates(path)?.into_iter().next().ok_or("--certificate: there is none")?)
    }

    pub(crate) fn tsa(&self) -> Result<&str> {
        Ok(self.tsa.as_deref().ok_or("--tsa is missing")?)
    }

    pub(crate) fn rules(&self) -> CheckRules {
        self.rules.clone()
    }

    pub(crate) fn input(&self) -> Result<&Path> {
        Ok(self.input.as_deref().ok_or("no input")?)
    }

    pub(crate) fn output(&self) -> Result<&Path> {
        Ok(self.output.as_deref().ok_or("no output")?)
    }
}

/// The certificates in all files.
pub(crate) fn all(paths: &[PathBuf]) -> Result<Vec<Certificate>> {
    let all = paths.iter().map(|path| certificates(path)).collect::<Result<Vec<_>>>()?;
    Ok(all.concat())
}

fn command(word: &str) -> Result<Command> {
    Ok(match word {
        "sign" => Command::Sign,
        "verify" => Command::Verify,
        #[cfg(feature = "pdf")]
        "sign-pdf" => Command::SignPdf,
        #[cfg(feature = "pdf")]
        "verify-pdf" => Command::VerifyPdf,
        "stamp" => Command::Stamp,
        "upgrade" => Command::Upgrade,
        "encrypt" => Command::Encrypt,
        "decrypt" => Command::Decrypt,
        other => return Err(format!("{other} is no command").into()),
    })
}

fn cipher(word: &str) -> Result<ContentCipher> {
    Ok(match word {
        "gost28147" => ContentCipher::Gost28147,
        "magma" => ContentCipher::Magma,
        "magma-omac" => ContentCipher::MagmaOmac,
        "kuznyechik" => ContentCipher::Kuznyechik,
        "kuznyechik-omac" => ContentCipher::KuznyechikOmac,
        other => return Err(format!("{other} is no cipher").into()),
    })
}
