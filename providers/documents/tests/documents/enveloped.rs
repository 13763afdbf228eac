//! Messages encrypted here.

use std::io::{Read, Write};

use gost_ca::x509::Certificate;
use gost_ca_documents::{
    ContentCipher, Encryption, EnvelopedDataReader, EnvelopedDataWriter, Error, Exchange, Limits,
    Result, Sections,
};
use gost_ca_software::{GostSigner, SystemRng};
use gost3410::ParameterSet;

use crate::support::{certificate, invented, long};

fn encrypt(encryption: Encryption, recipients: &[Certificate], content: &[u8]) -> Result<Vec<u8>> {
    let mut writer = EnvelopedDataWriter::begin(Vec::new(), encryption, recipients, &SystemRng)?;
    writer.write_all(content)?;
    writer.finish()
}

async fn decrypt(
    message: &[u8],
    owner: (&GostSigner, &Certificate),
    sections: Sections,
) -> Result<Vec<u8>> {
    let reader = EnvelopedDataReader::open(message, Limits::default())?;
    let mut opened = reader.decrypt((owner.0, owner.1), &[], sections).await?;
    let mut content = Vec::new();
    opened.read_to_end(&mut content)?;
    opened.finish()?;
    Ok(content)
}

fn all() -> impl Iterator<Item = Encryption> {
    let exchanges = [Exchange::Agreement, Exchange::Transport];
    let sections = [Sections::Standard, Sections::Engine];
    ContentCipher::ALL.into_iter().flat_map(move |cipher| {
        exchanges.into_iter().flat_map(move |exchange| {
            sections.map(|sections| Encryption { cipher, exchange, sections })
        })
    })
}

#[tokio::test]
async fn every_recipient_decrypts_and_nobody_else() {
    let content = long(9_000);
    let owners: Vec<_> =
        ParameterSet::ALL.iter().zip(1..).map(|(set, number)| invented(*set, number)).collect();
    let recipients: Vec<_> = owners.iter().map(|(_, certificate)| certificate.clone()).collect();
    let (stranger, strangers) = invented(ParameterSet::TC26_256_A, 99);
    for encryption in all() {
        let message = encrypt(encryption, &recipients, &content).unwrap();
        for (key, certificate) in &owners {
            let opened = decrypt(&message, (key, certificate), encryption.sections).await;
            assert_eq!(opened.unwrap(), content, "{encryption:?} {certificate:?}");
        }
        let other = decrypt(&message, (&stranger, &strangers), encryption.sections).await;
        assert!(matches!(other, Err(Error::NotForThisKey)), "{encryption:?}");
        let wrong = decrypt(&message, (&stranger, &recipients[0]), encryption.sections).await;
        assert!(matches!(wrong, Err(Error::WrongKey)), "{encryption:?}");
    }
}

/// With authentication every changed octet of content is noticed, and so is a wrong length of sections.
#[tokio::test]
async fn changed_content_is_refused() {
    let (key, certificate) = invented(ParameterSet::TC26_256_A, 7);
    for encryption in all().filter(|one| one.cipher.is_authenticated()) {
        let message =
            encrypt(encryption, core::slice::from_ref(&certificate), &long(270_000)).unwrap();
        for position in [message.len() / 2, message.len() - 100, message.len() - 10] {
            let mut changed = message.clone();
            changed[position] ^= 1;
            let opened = decrypt(&changed, (&key, &certificate), encryption.sections).await;
            assert!(matches!(opened, Err(Error::Forged)), "{encryption:?} {position}");
        }
        let other = match encryption.sections {
            Sections::Standard => Sections::Engine,
            _ => Sections::Standard,
        };
        let opened = decrypt(&message, (&key, &certificate), other).await;
        assert!(matches!(opened, Err(Error::Forged)), "{encryption:?}");
        for length in (0..message.len()).step_by(9973) {
            let cut = decrypt(&message[..length], (&key, &certificate), encryption.sections).await;
            assert!(matches!(cut, Err(Error::Malformed(_))), "{encryption:?} {length}");
        }
    }
}

#[test]
fn certificates_that_forbid_it_are_no_recipients() {
    let encryption = Encryption::default();
    let nobody = encrypt(encryption, &[], b"");
    assert!(matches!(nobody, Err(Error::Recipient(_))));
    // keyUsage of the authority: keyCertSign, cRLSign
    let authority = encrypt(encryption, &[certificate("ca256")], b"");
    assert!(matches!(authority, Err(Error::Recipient("keyUsage"))));
    encrypt(encryption, &[certificate("person")], b"").unwrap();
}

#[tokio::test]
async fn empty_content_is_content() {
    let (key, certificate) = invented(ParameterSet::TC26_512_B, 7);
    for encryption in all() {
        let message = encrypt(encryption, core::slice::from_ref(&certificate), b"").unwrap();
        let opened = decrypt(&message, (&key, &certificate), encryption.sections).await;
        assert_eq!(opened.unwrap(), b"", "{encryption:?}");
    }
}
