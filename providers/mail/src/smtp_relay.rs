//! A mail server that takes messages (RFC 5321).

use std::error::Error as _;
use std::fmt;
use std::net::{SocketAddr, ToSocketAddrs};

use async_trait::async_trait;
use gost_ca::provider::{ErrorKind, Notice, Notifier, ProviderError, Result};
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{
    Certificate, CertificateStore, SmtpConnection, TlsParameters,
};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::ClientId;

use crate::courier::Courier;
use crate::letter::{Letter, Sender};
use crate::smtp_settings::{Security, SmtpSettings, Trust};

/// Hands notices to a mail server, over one connection that is kept while it is good.
///
/// `Invalid` is what the server says of the address for good; all else is `Unavailable`.
#[derive(Debug)]
pub struct SmtpRelay {
    sender: Sender,
    courier: Courier,
}

impl SmtpRelay {
    /// Prepares to speak to a server; says nothing yet.
    ///
    /// # Errors
    /// `Invalid` for certificates that are none, a password that is no text, and an unprotected connection to
    /// another machine.
    pub fn new(settings: SmtpSettings) -> Result<Self> {
        let sender = settings.sender.clone();
        let mut line = Line::new(settings)?;
        let courier = Courier::start("smtp-relay", move |letter| line.deliver(letter))?;
        Ok(Self { sender, courier })
    }
}

#[async_trait]
impl Notifier for SmtpRelay {
    async fn notify(&self, notice: &Notice) -> Result<()> {
        self.courier.deliver(Letter::write(notice, &self.sender)?).await
    }
}

/// The way to the server.
struct Line {
    settings: SmtpSettings,
    tls: Option<TlsParameters>,
    connection: Option<SmtpConnection>,
}

impl Line {
    fn new(settings: SmtpSettings) -> Result<Self> {
        let tls = match settings.security {
            Security::Loopback if settings.host == "localhost" || is_loopback(&settings.host) => {
                None
            }
            Security::Loopback => return Err(ErrorKind::Invalid.at("loopback")),
            Security::Tls | Security::StartTls => Some(tls(&settings)?),
        };
        let password = settings.account.as_ref().map(|account| account.password.expose_str());
        if password == Some(None) {
            return Err(ErrorKind::Invalid.at("password"));
        }
        Ok(Self { settings, tls, connection: None })
    }

    fn deliver(&mut self, letter: &Letter) -> Result<()> {
        let kept =
            self.connection.take().and_then(|mut kept| kept.test_connected().then_some(kept));
        let mut connection = kept.map_or_else(|| self.connect(), Ok)?;
        let handed = hand_over(&mut connection, letter);
        match handed {
            Ok(()) => self.connection = Some(connection),
            Err(_) => connection.abort(),
        }
        handed
    }

    fn connect(&self) -> Result<SmtpConnection> {
        let SmtpSettings { security, timeout, account, sender, .. } = &self.settings;
        let name = ClientId::Domain(sender.domain().to_owned());
        let at_once = self.tls.as_ref().filter(|_| *security == Security::Tls);
        let connection =
            SmtpConnection::connect(&*self.addresses()?, Some(*timeout), &name, at_once, None);
        let mut connection = connection.map_err(failed("connect"))?;
        if let (Security::StartTls, Some(tls)) = (security, &self.tls) {
            connection.starttls(tls, &name).map_err(failed("STARTTLS"))?;
        }
        if let Some(account) = account {
            let password = account.password.expose_str().unwrap_or_default().to_owned();
            let credentials = Credentials::new(account.name.clone(), password);
            connection.auth(DEFAULT_MECHANISMS, &credentials).map_err(failed("AUTH"))?;
        }
        Ok(connection)
    }

    /// Where the server is; of this machine alone where nothing protects the way.
    fn addresses(&self) -> Result<Vec<SocketAddr>> {
        let SmtpSettings { host, port, security, .. } = &self.settings;
        let found = (host.as_str(), *port).to_socket_addrs();
        let found = found.map_err(|error| ErrorKind::Unavailable.at("resolve").because(error))?;
        let fits = |found: &SocketAddr| *security != Security::Loopback || found.ip().is_loopback();
        Ok(found.filter(fits).collect())
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        if let Some(connection) = &mut self.connection {
            connection.abort();
        }
    }
}

fn hand_over(connection: &mut SmtpConnection, letter: &Letter) -> Result<()> {
    let mail = Mail::new(Some(letter.from.clone()), Vec::new());
    connection.command(mail).map_err(failed("MAIL"))?;
    connection.command(Rcpt::new(letter.to.clone(), Vec::new())).map_err(refused)?;
    connection.command(Data).map_err(failed("DATA"))?;
    connection.message(&letter.octets).map_err(failed("message"))?;
    Ok(())
}

/// The recipient is not taken: is it the address, for good?
fn refused(error: Error) -> ProviderError {
    let code = error.status().map(u16::from);
    let text = error.source().map(ToString::to_string).unwrap_or_default();
    let detail = text.split([' ', '\n']).next().unwrap_or_default();
    // RFC 3463: 5.1 is the address, 5.7 is who may send; without one, RFC 5321, 4.2.3, and RFC 7504
    let of_address = match detail.split('.').collect::<Vec<_>>().as_slice() {
        ["5", subject, _] => *subject == "1" || (*subject == "2" && detail != MAILBOX_FULL),
        _ => code.is_some_and(|code| NO_SUCH_ADDRESS.contains(&code)),
    };
    if of_address && error.is_permanent() {
        return ErrorKind::Invalid.at("RCPT").because(Answer(code));
    }
    failed("RCPT")(error)
}

/// What a server says may repeat the address: its code alone is kept.
fn failed(operation: &'static str) -> impl FnOnce(Error) -> ProviderError {
    move |error| match error.status() {
        Some(code) => ErrorKind::Unavailable.at(operation).because(Answer(Some(code.into()))),
        None => ErrorKind::Unavailable.at(operation).because(error),
    }
}

/// The code of a server's answer.
#[derive(Debug)]
struct Answer(Option<u16>);

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the server answered {}", self.0.unwrap_or_default())
    }
}

impl std::error::Error for Answer {}

fn tls(settings: &SmtpSettings) -> Result<TlsParameters> {
    let invalid = |error: Error| ErrorKind::Invalid.at("certificate").because(error);
    let mut tls = TlsParameters::builder(settings.host.clone());
    if let Trust::These(certificates) = &settings.trust {
        tls = tls.certificate_store(CertificateStore::None);
        for der in certificates {
            tls = tls.add_root_certificate(Certificate::from_der(der.clone()).map_err(invalid)?);
        }
    }
    tls.build().map_err(invalid)
}

fn is_loopback(host: &str) -> bool {
    host.parse().is_ok_and(|address: std::net::IpAddr| address.is_loopback())
}

const NO_SUCH_ADDRESS: &[u16] = &[550, 551, 553, 556];
const MAILBOX_FULL: &str = "5.2.2";
