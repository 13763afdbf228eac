//! The folder of messages: the kit over it, and what it alone promises.

use std::fs;
use std::process::{Command, Stdio};

use gost_ca::provider::{ErrorKind, Notifier};
use gost_ca_conformance::{block_on, notifier};
use gost_ca_mail::{BadSender, MailFolder, Sender};

#[path = "support/reading.rs"]
mod reading;
use reading::{notice, read, sender};

#[test]
fn a_folder_keeps_the_promises() {
    let folder = tempfile::tempdir().unwrap();
    let open =
        || -> Box<dyn Notifier> { Box::new(MailFolder::open(folder.path(), sender()).unwrap()) };
    let delivered = || {
        let files = fs::read_dir(folder.path()).unwrap();
        files.map(|file| read(&fs::read(file.unwrap().path()).unwrap())).collect()
    };
    block_on(notifier("folder", &open, &delivered)).assert_conformant(&[]);
}

#[test]
fn a_notice_is_one_file_and_the_first_one_counts() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("half.new"), "half").unwrap();
    let mail = MailFolder::open(folder.path(), sender()).unwrap();
    block_on(mail.notify(&notice(7, "Первое", "слово\n"))).unwrap();
    let names = || -> Vec<_> {
        fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().file_name()).collect()
    };
    let path = folder.path().join("07070707070707070707070707070707.eml");
    assert_eq!(names(), [path.file_name().unwrap()], "what was half there is swept away");
    let first = fs::read(&path).unwrap();
    block_on(mail.notify(&notice(7, "Второе", "слово\n"))).unwrap();
    assert_eq!((names().len(), fs::read(&path).unwrap()), (1, first.clone()));
    // delivered, and tried again: the same octets
    fs::remove_file(&path).unwrap();
    block_on(mail.notify(&notice(7, "Первое", "слово\n"))).unwrap();
    assert_eq!(fs::read(&path).unwrap(), first);
}

#[test]
fn a_folder_that_is_gone_is_tried_again() {
    let folder = tempfile::tempdir().unwrap();
    let inner = folder.path().join("inner");
    let mail = MailFolder::open(&inner, sender()).unwrap();
    fs::remove_dir(&inner).unwrap();
    let error = block_on(mail.notify(&notice(1, "a", "b"))).unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::Unavailable);
    fs::create_dir(&inner).unwrap();
    block_on(mail.notify(&notice(1, "a", "b"))).unwrap();
}

#[test]
fn nobody_adds_a_header() {
    let folder = tempfile::tempdir().unwrap();
    let mail = MailFolder::open(folder.path(), sender()).unwrap();
    block_on(mail.notify(&notice(1, "a\r\nBcc: b@example.org\n\nx", "text"))).unwrap();
    let file = folder.path().join("01010101010101010101010101010101.eml");
    let octets = fs::read(file).unwrap();
    let (header, _) = std::str::from_utf8(&octets).unwrap().split_once("\r\n\r\n").unwrap();
    let names: Vec<_> = header.lines().filter_map(|line| line.split_once(": ")).collect();
    let names: Vec<_> = names.iter().map(|(name, _)| *name).collect();
    let right = [
        "From",
        "To",
        "Subject",
        "Date",
        "Message-ID",
        "Auto-Submitted",
        "MIME-Version",
        "Content-Type",
        "Content-Transfer-Encoding",
    ];
    assert_eq!(
        names.iter().collect::<std::collections::BTreeSet<_>>(),
        right.iter().collect::<std::collections::BTreeSet<_>>(),
        "{header}"
    );
    assert_eq!(read(&octets).subject, "a  Bcc: b@example.org  x");
    for (name, address) in [("a\nb", "a@example.org"), ("a", "a"), ("a", "a@b\r\nc")] {
        assert_eq!(Sender::new(name, address), Err(BadSender));
    }
}

const PYTHON: &str = "
import email, email.policy, sys
message = email.message_from_binary_file(sys.stdin.buffer, policy=email.policy.default)
assert not message.defects, message.defects
for part in (message['from'], message['to'], message['subject'], message['date'].datetime.isoformat(),
             message['message-id'], message['auto-submitted'], message.get_content()):
    sys.stdout.buffer.write(str(part).encode() + b'\\0')
";

#[test]
#[ignore = "needs python3"]
fn python_reads_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let mail = MailFolder::open(folder.path(), sender()).unwrap();
    let subject = "Сертификат ключа проверки электронной подписи истекает через 30 дней, № 0A";
    let text = "Уважаемая Анна Петровна!\n\n.\nFrom нас: ".to_owned() + &"длинно ".repeat(200);
    block_on(mail.notify(&notice(2, subject, &text))).unwrap();
    let file = folder.path().join("02020202020202020202020202020202.eml");
    let mut python = Command::new("python3");
    let python = python.args(["-c", PYTHON]).stdin(fs::File::open(file).unwrap());
    let output = python.stderr(Stdio::inherit()).output().unwrap();
    assert!(output.status.success());
    let told = String::from_utf8(output.stdout).unwrap();
    let told: Vec<_> = told.split('\0').map(|part| part.replace("\r\n", "\n")).collect();
    let right = [
        "\"УЦ «Образец», № 1\" <notices@ca.example.org>",
        "ivan.petrov+ca@mail.example.org",
        subject,
        "2026-03-02T09:00:00+00:00",
        "<02020202020202020202020202020202@ca.example.org>",
        "auto-generated",
    ];
    assert_eq!(told[..6], right);
    assert_eq!(told[6].trim_end_matches('\n'), text);
}
