//! Notices as e-mail: [`MailFolder`] leaves them for whoever delivers, [`SmtpRelay`] hands them to a server.
//!
//! A message is a function of its notice and its sender: tried again, it is the same one, octet by octet, with
//! the notice's id in its `Message-ID`. Whatever its words are, it is ASCII (MIME, RFC 2045 and RFC 2047).
//!
//! ```no_run
//! use gost_ca::secret::Secret;
//! use gost_ca_mail::{Account, Security, Sender, SmtpRelay, SmtpSettings};
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let sender = Sender::new("Удостоверяющий центр", "ca@example.org")?;
//! let mut settings = SmtpSettings::new("mail.example.org", Security::Tls, sender);
//! settings.account = Some(Account { name: "ca".to_owned(), password: Secret::from("…") });
//! let relay = SmtpRelay::new(settings)?;
//! # Ok(())
//! # }
//! ```
#![forbid(unsafe_code)]

mod courier;
mod letter;
mod mail_folder;
mod smtp_relay;
mod smtp_settings;

pub use letter::{BadSender, Sender};
pub use mail_folder::MailFolder;
pub use smtp_relay::SmtpRelay;
pub use smtp_settings::{Account, Security, SmtpSettings, Trust};
