//! Leaves a notice in a folder, as a sweep of the record does, and shows the file.
//!
//! `cargo run -p gost-ca-mail --example notices -- [DIR]`; any mail program opens what is there.
#![expect(clippy::print_stdout, reason = "it is a program")]

use std::collections::BTreeMap;
use std::error::Error;

use gost_ca::Timestamp;
use gost_ca::id::NoticeId;
use gost_ca::notice::{NoticeKind, NoticeTexts};
use gost_ca::provider::{Notice, Notifier};
use gost_ca::registration::Email;
use gost_ca_mail::{MailFolder, Sender};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args_os().nth(1).unwrap_or_else(|| "target/mail".into());
    let sender = Sender::new("Учебный удостоверяющий центр", "notices@ca.example.org")?;
    let mail = MailFolder::open(&folder, sender)?;

    let values = [
        ("name", "Анна Петровна Ёлкина"),
        ("authority", "Учебный удостоверяющий центр"),
        ("serial", "01 A7"),
        ("begin", "02.03.2026 12:00 (UTC+03)"),
        ("end", "02.03.2027 12:00 (UTC+03)"),
    ];
    let values: BTreeMap<_, _> = values.map(|(name, value)| (name, value.to_owned())).into();
    let words = NoticeTexts::default().fill(NoticeKind::Issued, &values)?;
    let (id, to) = (NoticeId::new([7; 16]), Email::from_typed("elkina@example.org")?);
    mail.notify(&Notice::new(id, to, (words.subject, words.text), Timestamp::now())).await?;

    let file = std::path::Path::new(&folder).join(format!("{id}.eml"));
    println!("{}:\n\n{}", file.display(), std::fs::read_to_string(&file)?);
    Ok(())
}
