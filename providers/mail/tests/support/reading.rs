//! What a message says, read by a parser that is not ours.
#![allow(dead_code, reason = "each test needs its own part of it")]

use gost_ca::Timestamp;
use gost_ca::id::NoticeId;
use gost_ca::provider::Notice;
use gost_ca::registration::Email;
use gost_ca_conformance::Delivered;
use gost_ca_mail::Sender;
use mail_parser::MessageParser;

pub(crate) fn read(octets: &[u8]) -> Delivered {
    assert!(octets.is_ascii(), "a message is ASCII");
    let long = octets.split(|octet| *octet == b'\n').any(|line| line.len() > 999);
    assert!(!long, "RFC 5322, 2.1.1: lines of at most 998 characters");
    let message = MessageParser::default().parse(octets).unwrap();
    let id = message.message_id().unwrap().strip_suffix("@ca.example.org").unwrap();
    let to = message.to().unwrap();
    assert_eq!(to.iter().count(), 1);
    Delivered {
        id: id.parse().unwrap(),
        to: to.first().unwrap().address().unwrap().to_owned(),
        subject: message.subject().unwrap().to_owned(),
        text: message.body_text(0).unwrap_or_default().into_owned(),
    }
}

pub(crate) fn sender() -> Sender {
    Sender::new("УЦ «Образец», № 1", "notices@ca.example.org").unwrap()
}

pub(crate) fn notice(number: u8, subject: &str, text: &str) -> Notice {
    let to = Email::try_from("ivan.petrov+ca@mail.example.org").unwrap();
    let at: Timestamp = "2026-03-02T09:00:00Z".parse().unwrap();
    let words = (subject.to_owned(), text.to_owned());
    Notice::new(NoticeId::new([number; 16]), to, words, at)
}
