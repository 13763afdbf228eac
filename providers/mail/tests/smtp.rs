//! The mail server's side: the kit over it, what is Invalid and what is tried again, TLS and signing in.

use std::time::Duration;

use gost_ca::provider::{ErrorKind, Notifier};
use gost_ca::secret::Secret;
use gost_ca_conformance::{block_on, notifier};
use gost_ca_mail::{Account, Security, SmtpRelay, SmtpSettings, Trust};

#[path = "support/reading.rs"]
mod reading;
#[path = "support/server.rs"]
mod server;
use reading::{notice, read, sender};
use server::{ROOT, Script, Server};

fn settings(server: &Server, security: Security) -> SmtpSettings {
    let mut settings = SmtpSettings::new("localhost", security, sender());
    settings.port = server.port;
    settings.trust = Trust::These(vec![ROOT.to_vec()]);
    settings.timeout = Duration::from_secs(20);
    settings
}

fn account() -> Account {
    Account { name: "ca".to_owned(), password: Secret::from("very secret") }
}

/// What becomes of one notice.
fn told(script: Script) -> (Result<(), ErrorKind>, Server) {
    let server = Server::start(script);
    let relay = SmtpRelay::new(settings(&server, Security::Loopback)).unwrap();
    let told = block_on(relay.notify(&notice(1, "Тема", "Текст\n")));
    if let Err(error) = &told {
        let cause = std::error::Error::source(error).unwrap().to_string();
        assert!(!cause.contains("ivan"), "no address in an error: {cause}");
    }
    (told.map_err(|error| error.kind().clone()), server)
}

#[test]
fn a_server_keeps_the_promises() {
    let server = Server::start(Script::default());
    let open = || -> Box<dyn Notifier> {
        Box::new(SmtpRelay::new(settings(&server, Security::Loopback)).unwrap())
    };
    let delivered = || server.messages().iter().map(|message| read(message)).collect();
    block_on(notifier("smtp", &open, &delivered)).assert_conformant(&[]);
    assert!(server.connections() <= 6, "a connection is kept while it is good");
}

#[test]
fn what_is_said_of_the_address_for_good_is_invalid_and_all_else_is_tried_again() {
    for (answer, right) in [
        ("550 5.1.1 <ivan.petrov+ca@mail.example.org>: no such user", ErrorKind::Invalid),
        ("550 no such user", ErrorKind::Invalid),
        ("553-5.1.3 bad\r\n553 5.1.3 address", ErrorKind::Invalid),
        ("550 5.2.1 disabled", ErrorKind::Invalid),
        ("556 5.1.10 takes no mail", ErrorKind::Invalid),
        ("552 5.2.2 full", ErrorKind::Unavailable),
        ("550 5.7.1 relaying denied", ErrorKind::Unavailable),
        ("530 5.7.0 sign in first", ErrorKind::Unavailable),
        ("450 4.2.1 busy", ErrorKind::Unavailable),
        ("450 5.1.1 of two minds", ErrorKind::Unavailable),
        ("nonsense", ErrorKind::Unavailable),
    ] {
        let (told, server) = told(Script { answers: vec![("RCPT", answer)], ..Script::default() });
        assert_eq!(told, Err(right), "{answer}");
        assert!(server.messages().is_empty());
    }
    for begins in ["EHLO", "MAIL", "DATA", "."] {
        let answers = vec![(begins, "550 5.1.1 no")];
        let (told, _) = told(Script { answers, ..Script::default() });
        assert_eq!(told, Err(ErrorKind::Unavailable), "{begins}");
    }
    for breaks_off in [Some("EHLO"), Some("RCPT"), Some("DATA")] {
        let (told, _) = told(Script { breaks_off, ..Script::default() });
        assert_eq!(told, Err(ErrorKind::Unavailable), "{breaks_off:?}");
    }
}

#[test]
fn a_lost_connection_is_made_again() {
    let server = Server::start(Script { breaks_off: Some("NOOP"), ..Script::default() });
    let relay = SmtpRelay::new(settings(&server, Security::Loopback)).unwrap();
    for number in 1..4 {
        block_on(relay.notify(&notice(number, "Тема", "Текст\n"))).unwrap();
    }
    assert_eq!((server.messages().len(), server.connections()), (3, 3));
}

#[test]
fn tls_protects_all_of_it() {
    let script = Script { implicit_tls: true, extensions: &["AUTH PLAIN"], ..Script::default() };
    let server = Server::start(script);
    let mut settings = settings(&server, Security::Tls);
    settings.account = Some(account());
    let relay = SmtpRelay::new(settings).unwrap();
    block_on(relay.notify(&notice(1, "Тема", "Текст\n"))).unwrap();
    assert_eq!(server.messages().len(), 1);
    assert!(server.lines().iter().all(|(protected, _)| *protected));
    let auth = server.lines().iter().any(|(_, line)| line == "AUTH PLAIN AGNhAHZlcnkgc2VjcmV0");
    assert!(auth, "{:?}", server.lines());
}

#[test]
fn starttls_comes_before_anything_of_worth_or_nothing_does() {
    let script = Script { extensions: &["STARTTLS", "AUTH PLAIN LOGIN"], ..Script::default() };
    let server = Server::start(script);
    let mut with_account = settings(&server, Security::StartTls);
    with_account.account = Some(account());
    let relay = SmtpRelay::new(with_account).unwrap();
    block_on(relay.notify(&notice(1, "Тема", "Текст\n"))).unwrap();
    let open: Vec<_> =
        server.lines().into_iter().filter(|(protected, _)| !protected).map(|line| line.1).collect();
    assert_eq!(open, ["EHLO ca.example.org", "STARTTLS"]);
    assert_eq!(server.messages().len(), 1);

    // somebody in between took the offer out
    let stripped = Server::start(Script { extensions: &["AUTH PLAIN"], ..Script::default() });
    let mut with_account = settings(&stripped, Security::StartTls);
    with_account.account = Some(account());
    let relay = SmtpRelay::new(with_account).unwrap();
    let error = block_on(relay.notify(&notice(1, "Тема", "Текст\n"))).unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::Unavailable);
    let sent = stripped.lines().into_iter().map(|line| line.1).collect::<String>();
    assert!(!sent.contains("AUTH") && !sent.contains("MAIL"), "{sent}");
}

#[test]
fn a_server_that_is_somebody_else_gets_nothing() {
    let server = Server::start(Script { implicit_tls: true, ..Script::default() });
    let mut stranger = settings(&server, Security::Tls);
    stranger.trust = Trust::These(Vec::new());
    let mut misnamed = settings(&server, Security::Tls);
    misnamed.host = "127.0.0.1".to_owned(); // its certificate says localhost
    for settings in [stranger, misnamed] {
        let relay = SmtpRelay::new(settings).unwrap();
        let error = block_on(relay.notify(&notice(1, "Тема", "Текст\n"))).unwrap_err();
        assert_eq!(*error.kind(), ErrorKind::Unavailable);
    }
    assert!(server.lines().is_empty());
}

#[test]
fn a_wrong_password_is_tried_again_later_and_shown_to_nobody() {
    let answers = vec![("AUTH", "535 5.7.8 no")];
    let server =
        Server::start(Script { extensions: &["AUTH PLAIN"], answers, ..Script::default() });
    let mut settings = settings(&server, Security::Loopback);
    settings.account = Some(account());
    assert!(!format!("{settings:?}").contains("very secret"));
    let relay = SmtpRelay::new(settings).unwrap();
    assert!(!format!("{relay:?}").contains("very secret"));
    let error = block_on(relay.notify(&notice(1, "Тема", "Текст\n"))).unwrap_err();
    assert_eq!((error.kind(), error.operation()), (&ErrorKind::Unavailable, "AUTH"));
    assert!(!format!("{error:?}").contains("very secret"));
}

#[test]
fn nothing_goes_unprotected_to_another_machine() {
    let refused = |settings| *SmtpRelay::new(settings).unwrap_err().kind() == ErrorKind::Invalid;
    for host in ["mail.example.org", "192.0.2.1", "localhost.example.org"] {
        assert!(refused(SmtpSettings::new(host, Security::Loopback, sender())), "{host}");
    }
    let mut settings = SmtpSettings::new("localhost", Security::Tls, sender());
    settings.trust = Trust::These(vec![b"no certificate".to_vec()]);
    assert!(refused(settings));
}
