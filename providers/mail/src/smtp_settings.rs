//! Which server, and how it is spoken to.

use std::time::Duration;

use gost_ca::secret::Secret;

use crate::letter::Sender;

/// How a mail server is reached.
#[derive(Debug)]
#[non_exhaustive]
pub struct SmtpSettings {
    /// Its name, which its certificate must have.
    pub host: String,
    /// Its port: that of [`Security`] unless said otherwise.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// Whose certificates it is believed by.
    pub trust: Trust,
    /// The account to sign in by, where the server wants one.
    pub account: Option<Account>,
    /// Who the messages are from.
    pub sender: Sender,
    /// How long to wait for a connection, and for each answer.
    pub timeout: Duration,
}

/// How a connection is protected. It is never less than was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Security {
    /// TLS from the first octet (RFC 8314): the one to take.
    Tls,
    /// TLS after a plain greeting (RFC 3207), or nothing. Who sits in between cannot read or alter messages, but
    /// may forge an answer.
    StartTls,
    /// None: only for a server on this machine.
    Loopback,
}

/// By whose certificates a server is believed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Trust {
    /// By those of the operating system.
    System,
    /// By these alone, DER.
    These(Vec<Vec<u8>>),
}

/// An account at the mail server.
#[derive(Debug)]
#[expect(clippy::exhaustive_structs, reason = "there is no more to an account")]
pub struct Account {
    /// Its name.
    pub name: String,
    /// Its password. It is wiped here; the copy that signs in is the mail library's, and is not.
    pub password: Secret,
}

impl SmtpSettings {
    /// A server that wants no account, on its usual port, believed as the operating system does.
    pub fn new(host: impl Into<String>, security: Security, sender: Sender) -> Self {
        let port = match security {
            Security::Tls => 465,
            Security::StartTls => 587,
            Security::Loopback => 25,
        };
        let (trust, account, timeout) = (Trust::System, None, Duration::from_secs(30));
        Self { host: host.into(), port, security, trust, account, sender, timeout }
    }
}
