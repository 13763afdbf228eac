//! A mail server that follows a script, and keeps what it is given.
#![allow(dead_code, reason = "each test needs its own part of it")]

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

pub(crate) const ROOT: &[u8] = include_bytes!("../data/root.cer");

/// How it speaks.
#[derive(Clone, Default)]
pub(crate) struct Script {
    pub(crate) implicit_tls: bool,
    /// What it can do, in its answer to `EHLO`.
    pub(crate) extensions: &'static [&'static str],
    /// Its answers to commands that begin like this; the first one that fits.
    pub(crate) answers: Vec<(&'static str, &'static str)>,
    /// It breaks off at commands that begin like this.
    pub(crate) breaks_off: Option<&'static str>,
}

#[derive(Clone, Default)]
pub(crate) struct Server {
    pub(crate) port: u16,
    seen: Arc<Mutex<Seen>>,
}

#[derive(Default)]
struct Seen {
    connections: usize,
    lines: Vec<(bool, String)>,
    messages: Vec<Vec<u8>>,
}

impl Server {
    pub(crate) fn start(script: Script) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = Self { port: listener.local_addr().unwrap().port(), ..Self::default() };
        let seen = Arc::clone(&server.seen);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (seen, script) = (Arc::clone(&seen), script.clone());
                seen.lock().unwrap().connections += 1;
                thread::spawn(move || Talk { seen, script }.hold(stream.unwrap()));
            }
        });
        server
    }

    pub(crate) fn messages(&self) -> Vec<Vec<u8>> {
        self.seen.lock().unwrap().messages.clone()
    }

    pub(crate) fn connections(&self) -> usize {
        self.seen.lock().unwrap().connections
    }

    /// The commands, and whether TLS protected each.
    pub(crate) fn lines(&self) -> Vec<(bool, String)> {
        self.seen.lock().unwrap().lines.clone()
    }
}

enum Stream {
    Plain(TcpStream),
    Tls(Box<StreamOwned<ServerConnection, TcpStream>>),
}

struct Talk {
    seen: Arc<Mutex<Seen>>,
    script: Script,
}

impl Talk {
    /// Until one of both ends it.
    fn hold(&self, stream: TcpStream) -> Option<()> {
        let mut stream = Stream::Plain(stream);
        if self.script.implicit_tls {
            stream = stream.protected();
        }
        stream.say("220 mail.example.org ESMTP")?;
        loop {
            let line = stream.line()?;
            let secure = matches!(stream, Stream::Tls(_));
            self.seen.lock().unwrap().lines.push((secure, line.clone()));
            if self.script.breaks_off.is_some_and(|begins| line.starts_with(begins)) {
                return None;
            }
            let scripted = self.script.answers.iter().find(|(begins, _)| line.starts_with(begins));
            match (scripted, line.split(' ').next()?) {
                (Some((_, answer)), _) => stream.say(answer)?,
                (_, "EHLO") => stream.say(&self.greeting())?,
                (_, "STARTTLS") => {
                    stream.say("220 go on")?;
                    stream = stream.protected();
                }
                (_, "AUTH") => stream.say("235 2.7.0 welcome")?,
                (_, "DATA") => {
                    stream.say("354 go on")?;
                    let message = stream.message()?;
                    let refused = self.script.answers.iter().find(|(begins, _)| *begins == ".");
                    if refused.is_none() {
                        self.seen.lock().unwrap().messages.push(message);
                    }
                    stream.say(refused.map_or("250 2.0.0 queued", |(_, answer)| answer))?;
                }
                (_, "QUIT") => return stream.say("221 bye"),
                _ => stream.say("250 fine")?,
            }
        }
    }

    fn greeting(&self) -> String {
        let mut lines = vec!["mail.example.org"];
        lines.extend(self.script.extensions);
        let last = lines.pop().unwrap();
        let more = lines.iter().flat_map(|line| ["250-", line, "\r\n"]);
        more.chain(["250 ", last]).collect()
    }
}

impl Stream {
    fn protected(self) -> Self {
        let Self::Plain(stream) = self else { panic!("protected already") };
        let connection = ServerConnection::new(config()).unwrap();
        Self::Tls(Box::new(StreamOwned::new(connection, stream)))
    }

    fn say(&mut self, line: &str) -> Option<()> {
        let line = format!("{line}\r\n");
        match self {
            Self::Plain(stream) => stream.write_all(line.as_bytes()).ok(),
            Self::Tls(stream) => {
                stream.write_all(line.as_bytes()).and_then(|()| stream.flush()).ok()
            }
        }
    }

    /// One octet at a time: what comes after `STARTTLS` is not ours to read yet.
    fn octet(&mut self) -> Option<u8> {
        let mut octet = [0];
        match self {
            Self::Plain(stream) => stream.read_exact(&mut octet).ok()?,
            Self::Tls(stream) => stream.read_exact(&mut octet).ok()?,
        }
        Some(octet[0])
    }

    fn line(&mut self) -> Option<String> {
        let mut line = Vec::new();
        while !line.ends_with(b"\r\n") {
            line.push(self.octet()?);
        }
        line.truncate(line.len() - 2);
        String::from_utf8(line).ok()
    }

    /// RFC 5321, 4.5.2.
    fn message(&mut self) -> Option<Vec<u8>> {
        let mut message = String::new();
        loop {
            let line = self.line()?;
            match line.strip_prefix('.') {
                Some("") => return Some(message.into_bytes()),
                rest => message.push_str(rest.unwrap_or(&line)),
            }
            message.push_str("\r\n");
        }
    }
}

fn config() -> Arc<ServerConfig> {
    let certificate = CertificateDer::from(include_bytes!("../data/server.cer").as_slice());
    let key = PrivatePkcs8KeyDer::from(include_bytes!("../data/server.pk8").as_slice());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider);
    let config = config.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
    Arc::new(config.with_single_cert(vec![certificate], PrivateKeyDer::from(key)).unwrap())
}
