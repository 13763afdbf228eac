//! Chromium through its driver.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use fantoccini::actions::{InputSource, MouseActions, PointerAction};
use fantoccini::wd::{Capabilities, PrintConfigurationBuilder};
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;

pub(crate) struct Browser {
    client: Client,
    address: String,
    driver: Child,
    shots: PathBuf,
}

/// How long a page may take on a busy machine before the test gives up.
const PATIENCE: Duration = Duration::from_secs(60);

impl Browser {
    pub(crate) async fn start(address: &str) -> Self {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let driver = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver (Debian: chromium-driver)");
        let arguments = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--window-size=1200,900",
            "--lang=ru",
        ];
        let mut capabilities = Capabilities::new();
        capabilities.insert("goog:chromeOptions".to_owned(), json!({ "args": arguments }));
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(capabilities);
        let url = format!("http://127.0.0.1:{port}");
        let mut client = builder.connect(&url).await;
        for _ in 0..100 {
            if client.is_ok() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
            client = builder.connect(&url).await;
        }
        let shots = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("../screens");
        std::fs::create_dir_all(&shots).unwrap();
        Self { client: client.unwrap(), address: address.to_owned(), driver, shots }
    }

    pub(crate) async fn close(mut self) {
        self.client.clone().close().await.unwrap();
        self.driver.kill().unwrap();
        self.driver.wait().unwrap();
    }

    pub(crate) async fn go(&self, path: &str) {
        self.client.goto(&format!("{}{path}", self.address)).await.unwrap();
        self.appears("html[data-ready]").await;
    }

    pub(crate) async fn path(&self) -> String {
        self.client.current_url().await.unwrap().path().to_owned()
    }

    pub(crate) async fn appears(&self, css: &str) {
        let found = self.client.wait().at_most(PATIENCE).for_element(Locator::Css(css)).await;
        if found.is_err() {
            self.shot("failed").await;
            let page = self.text("main").await;
            panic!("no {css} on {}:\n{page}", self.path().await);
        }
    }

    pub(crate) async fn disappears(&self, css: &str) {
        for _ in 0..600 {
            if self.client.find(Locator::Css(css)).await.is_err() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("{css} stays");
    }

    /// Waits until an element says something.
    pub(crate) async fn says(&self, css: &str, words: &str) {
        for _ in 0..600 {
            if self.client.find(Locator::Css(css)).await.is_ok()
                && self.text(css).await.contains(words)
            {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("{css} does not say {words}");
    }

    pub(crate) async fn text(&self, css: &str) -> String {
        self.client.find(Locator::Css(css)).await.unwrap().text().await.unwrap()
    }

    pub(crate) async fn value(&self, name: &str) -> String {
        let field = self.client.find(Locator::Css(&format!("[name='{name}']"))).await.unwrap();
        field.prop("value").await.unwrap().unwrap_or_default()
    }

    pub(crate) async fn click(&self, css: &str) {
        self.appears(css).await;
        for _ in 0..20 {
            let element = self.client.find(Locator::Css(css)).await;
            if let Ok(element) = element
                && element.click().await.is_ok()
            {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("{css} cannot be clicked");
    }

    pub(crate) async fn fill(&self, name: &str, value: &str) {
        self.fill_in(&format!("main [name='{name}']"), value).await;
    }

    pub(crate) async fn fill_in(&self, css: &str, value: &str) {
        self.appears(css).await;
        let field = self.client.find(Locator::Css(css)).await.unwrap();
        field.clear().await.unwrap();
        field.send_keys(value).await.unwrap();
    }

    pub(crate) async fn choose(&self, name: &str, value: &str) {
        let css = format!("main select[name='{name}']");
        self.appears(&css).await;
        let field = self.client.find(Locator::Css(&css)).await.unwrap();
        field.select_by_value(value).await.unwrap();
    }

    /// Moves the pointer about over a pad, as a person does, until the pad is gone.
    pub(crate) async fn move_about(&self, pad: &str, form: &str) {
        let mut state = 88_172_645_463_325_252_u64;
        let mut next = move |most: u64| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state % most
        };
        for _ in 0..40 {
            let Ok(element) = self.client.find(Locator::Css(pad)).await else { return };
            if self.client.find(Locator::Css(form)).await.is_err() {
                return;
            }
            let mut mouse = MouseActions::new("mouse".to_owned())
                .then(PointerAction::MoveToElement { element, duration: None, x: 0.0, y: 0.0 });
            for _ in 0..60 {
                let (x, y) = (next(121), next(41));
                mouse = mouse.then(PointerAction::MoveBy {
                    duration: Some(Duration::from_millis(8 + next(9))),
                    x: f64::from(u32::try_from(x).unwrap()) - 60.0,
                    y: f64::from(u32::try_from(y).unwrap()) - 20.0,
                });
            }
            if self.client.perform_actions(mouse).await.is_err() {
                return; // the pad went away in the middle
            }
        }
    }

    /// What the server gives this browser, with its cookies.
    pub(crate) async fn fetch(&self, path: &str) -> Vec<u8> {
        let script = "const [path, done] = arguments; fetch(path).then(r => r.arrayBuffer())\
            .then(b => done(Array.from(new Uint8Array(b))));";
        let octets = self.client.execute_async(script, vec![json!(path)]).await.unwrap();
        serde_json::from_value(octets).unwrap()
    }

    pub(crate) async fn status(&self, path: &str) -> u64 {
        let script = "const [path, done] = arguments; fetch(path).then(r => done(r.status));";
        self.client.execute_async(script, vec![json!(path)]).await.unwrap().as_u64().unwrap()
    }

    /// A form without its token.
    pub(crate) async fn post_forged(&self, path: &str) -> u64 {
        let script = "const [path, done] = arguments; fetch(path, { method: 'POST', \
            body: new URLSearchParams({ csrf: 'forged', old: 'a', new: 'b' }) }).then(r => done(r.status));";
        self.client.execute_async(script, vec![json!(path)]).await.unwrap().as_u64().unwrap()
    }

    pub(crate) async fn shot(&self, name: &str) {
        let png = self.client.screenshot().await.unwrap();
        std::fs::write(self.shots.join(format!("{name}.png")), png).unwrap();
    }

    /// A page as a printer would get it.
    pub(crate) async fn pdf(&self, path: &str, name: &str) {
        let back = self.client.current_url().await.unwrap();
        self.client.goto(&format!("{}{path}", self.address)).await.unwrap();
        let configuration = PrintConfigurationBuilder::default().build().unwrap();
        let pdf = self.client.print(configuration).await.unwrap();
        assert!(pdf.starts_with(b"%PDF"));
        std::fs::write(self.shots.join(format!("{name}.pdf")), pdf).unwrap();
        self.client.goto(back.as_str()).await.unwrap();
        self.appears("html[data-ready]").await;
    }
}
