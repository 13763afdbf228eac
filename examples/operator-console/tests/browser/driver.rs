//! The little of the `WebDriver` protocol (W3C) that the test speaks to `chromedriver`: JSON over HTTP.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

/// A driver's process with one session; neither it nor Chromium outlives the test.
pub(crate) struct Driver {
    process: Child,
    port: u16,
    session: String,
}

impl Driver {
    pub(crate) fn start(folder: &Path) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let process = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver (Debian: chromium-driver)");
        let mut driver = Self { process, port, session: String::new() };
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            let ended = driver.process.try_wait().unwrap();
            assert!(ended.is_none(), "chromedriver ended: {ended:?}");
            std::thread::sleep(Duration::from_millis(50));
        }
        let begun = driver.send("POST", "/session", &capabilities(folder)).unwrap();
        driver.session = format!("/session/{}", begun["sessionId"].as_str().unwrap());
        driver
    }

    pub(crate) fn get(&self, path: &str) -> Result<Value, Value> {
        self.send("GET", &format!("{}{path}", self.session), &Value::Null)
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Result<Value, Value> {
        self.send("POST", &format!("{}{path}", self.session), body)
    }

    /// The `value` of the answer, or of what went wrong.
    fn send(&self, method: &str, path: &str, body: &Value) -> Result<Value, Value> {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let mut line = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        let length = body.len();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nContent-Length: {length}\r\n\r\n",
            self.port
        );
        line.write_all((head + &body).as_bytes()).unwrap();
        let mut reader = BufReader::new(line);
        let (mut status, mut length) = (String::new(), 0);
        reader.read_line(&mut status).unwrap();
        loop {
            let mut header = String::new();
            reader.read_line(&mut header).unwrap();
            match header.trim_end().split_once(':') {
                Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                    length = value.trim().parse().unwrap();
                }
                Some(_) => {}
                None => break,
            }
        }
        let mut octets = vec![0; length];
        reader.read_exact(&mut octets).unwrap();
        let mut answer: Value = serde_json::from_slice(&octets).unwrap();
        let value = answer["value"].take();
        if status.split(' ').nth(1) == Some("200") { Ok(value) } else { Err(value) }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // the driver takes Chromium with it when the session is deleted, and not when it is killed
        if !self.session.is_empty() {
            drop(self.send("DELETE", &self.session, &Value::Null));
        }
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

fn capabilities(folder: &Path) -> Value {
    let profile = format!("--user-data-dir={}", folder.join("profile").display());
    let arguments = [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--window-size=1200,900",
        "--lang=ru",
        "--force-prefers-reduced-motion",
        &profile,
    ];
    let preferences = json!({
        "download.default_directory": folder,
        "download.prompt_for_download": false,
        "intl.accept_languages": "ru",
    });
    let options = json!({ "args": arguments, "prefs": preferences });
    json!({ "capabilities": { "alwaysMatch": {
        "goog:chromeOptions": options,
        "timeouts": { "script": 60_000, "pageLoad": 120_000 },
    } } })
}
