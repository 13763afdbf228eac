//! What all pages share: the office, who is signed in, the templates, the limits.

use std::sync::Arc;
use std::time::Duration;

use axum::http::HeaderValue;
use minijinja::Environment;

use crate::office::{DEMO, DEMO_PASSWORD, Office};
use crate::web::{Limits, Sessions, policy, templates};
use crate::{Arguments, Result};

/// The console: an office and its pages.
#[derive(Debug)]
pub struct Console {
    pub(crate) office: Office,
    pub(crate) sessions: Sessions,
    pub(crate) limits: Limits,
    pub(crate) templates: Environment<'static>,
    /// What pages may load and call.
    pub(crate) policy: HeaderValue,
    pub(crate) arguments: Arguments,
}

impl Console {
    /// Opens the console over a folder; founds a training office in a fresh one.
    ///
    /// # Errors
    /// When the folder, the record or the authority's key cannot be opened.
    pub async fn open(arguments: &Arguments) -> Result<Self> {
        Ok(Self {
            office: Box::pin(Office::open(arguments)).await?,
            sessions: Sessions::default(),
            limits: Limits::default(),
            templates: templates()?,
            policy: policy(arguments)?,
            arguments: arguments.clone(),
        })
    }

    /// What to tell whoever started it.
    pub fn greeting(&self) -> String {
        if !self.arguments.demo {
            return "Вход по сертификату или по логину и паролю.".to_owned();
        }
        format!(
            "Учебные ключи администратора и оператора предложит страница входа; они же в {}, \
             пароль {DEMO_PASSWORD}.",
            self.arguments.data.join(DEMO).display()
        )
    }

    /// Does what is due, every minute, until it is dropped: ends of holds, CRLs, notices.
    pub async fn sweep_for_ever(console: Arc<Self>) {
        let mut minutes = tokio::time::interval(Duration::from_secs(60));
        loop {
            minutes.tick().await;
            console.sessions.forget_old();
            if let Err(error) = console.office.ra.sweep().await {
                eprintln!("sweep: {error}");
            }
        }
    }
}
