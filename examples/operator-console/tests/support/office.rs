//! A console without a browser: what a page's script does, done here, by the same workplace.

use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::header::{CONTENT_TYPE, COOKIE, HOST, LOCATION, ORIGIN, SET_COOKIE};
use axum::http::{HeaderMap, Request, StatusCode};
use base64ct::{Base64, Encoding as _};
use gost_ca_software::SystemRng;
use gost_ca_software::biological::recorded::insecure_events_of_recording;
use operator_console::{Arguments, Console, router};
use serde_json::{Value, json};
use tower::ServiceExt as _;
use workplace::Workplace;

pub(crate) struct Office {
    pub(crate) router: Router,
    pub(crate) data: PathBuf,
    arguments: Arguments,
    _folder: Option<tempfile::TempDir>,
}

impl Office {
    pub(crate) async fn open() -> Self {
        Self::open_as(|_| ()).await
    }

    pub(crate) async fn open_as(change: impl FnOnce(&mut Arguments)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        let mut arguments = Arguments::over(&data);
        arguments.iterations = 1_000;
        change(&mut arguments);
        let router = router(Arc::new(Console::open(&arguments).await.unwrap()));
        Self { router, data, arguments, _folder: Some(folder) }
    }

    /// The same office in another process, as it were; the first one keeps the folder.
    pub(crate) async fn opened_again(&self) -> Self {
        let (arguments, data) = (self.arguments.clone(), self.data.clone());
        let router = router(Arc::new(Console::open(&arguments).await.unwrap()));
        Self { router, data, arguments, _folder: None }
    }

    pub(crate) fn tab(&self) -> Tab {
        let workplace = Workplace::new(Arc::new(SystemRng)).with_iterations(1_000);
        let router = self.router.clone();
        Tab {
            router,
            cookie: String::new(),
            csrf: String::new(),
            key: Value::Null,
            made: Default::default(),
            workplace,
        }
    }

    /// A member of the training staff, signed in.
    pub(crate) async fn staff(&self, who: &str) -> Tab {
        let mut tab = self.tab();
        let container = std::fs::read(self.data.join(format!("demo/{who}.key"))).unwrap();
        let go = tab.sign_in(&Base64::encode_string(&container), "demo-2026").await;
        assert_eq!(go["go"], "/", "{go}");
        tab
    }
}

/// An answer, read.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) octets: Vec<u8>,
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.octets).into_owned()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.octets).unwrap_or_else(|_| panic!("{}", self.text()))
    }

    pub(crate) fn location(&self) -> &str {
        self.headers.get(LOCATION).map_or("", |value| value.to_str().unwrap())
    }

    /// What stands between two texts of a page.
    pub(crate) fn between(&self, from: &str, to: &str) -> String {
        let text = self.text();
        let start = text.find(from).unwrap_or_else(|| panic!("no {from} in {text}")) + from.len();
        let end = text[start..].find(to).unwrap();
        unescaped(&text[start..start + end])
    }
}

/// A browser's tab: its cookie, its form token, its open key.
pub(crate) struct Tab {
    router: Router,
    pub(crate) cookie: String,
    pub(crate) csrf: String,
    key: Value,
    /// What the last key was made into, and its number.
    made: (String, Value),
    workplace: Workplace,
}

impl Tab {
    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let octets = to_bytes(body, usize::MAX).await.unwrap().to_vec();
        Answer { status: parts.status, headers: parts.headers, octets }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        let request = Request::get(path).header(COOKIE, &self.cookie).header(HOST, "console");
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// Fields beside the form token.
    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let own = [("csrf", self.csrf.as_str())];
        self.post_from("http://console", path, &[own.as_slice(), fields].concat()).await
    }

    pub(crate) async fn post_from(
        &self,
        origin: &str,
        path: &str,
        fields: &[(&str, &str)],
    ) -> Answer {
        let pairs = fields.iter().map(|(key, value)| format!("{}={}", quoted(key), quoted(value)));
        let request = Request::post(path)
            .header(COOKIE, &self.cookie)
            .header(HOST, "console")
            .header(ORIGIN, origin)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        let body = pairs.collect::<Vec<_>>().join("&");
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    /// A form with a file.
    pub(crate) async fn upload(&self, path: &str, fields: &[(&str, String)], file: &str) -> Answer {
        let part = |name: &str, value: &str| {
            format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        let mut body = part("csrf", &self.csrf);
        body.extend(fields.iter().map(|(name, value)| part(name, value)));
        body += &part("file\"; filename=\"scan", file);
        body += "--edge--\r\n";
        let request = Request::post(path)
            .header(COOKIE, &self.cookie)
            .header(HOST, "console")
            .header(ORIGIN, "http://console")
            .header(CONTENT_TYPE, "multipart/form-data; boundary=edge");
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    pub(crate) async fn post_json(&self, path: &str, body: &Value) -> Answer {
        let request = Request::post(path)
            .header(COOKIE, &self.cookie)
            .header(HOST, "console")
            .header(CONTENT_TYPE, "application/json");
        self.send(request.body(Body::from(body.to_string())).unwrap()).await
    }

    pub(crate) fn ask(&mut self, question: &Value) -> Value {
        serde_json::from_slice(&self.workplace.answer(question.to_string().as_bytes())).unwrap()
    }

    pub(crate) async fn sign_in(&mut self, container: &str, password: &str) -> Value {
        let seen = self.ask(&json!({ "do": "look", "container": container }));
        let open = json!({ "do": "open", "container": container, "password": password });
        self.key = self.ask(&open)["key"].clone();
        let asked = self.post_json("/sign-in/challenge", &json!({})).await.json();
        let signed = self.sign(asked["message"].as_str().unwrap());
        let body = json!({
            "challenge": asked["challenge"],
            "certificate": seen["certificates"][0],
            "algorithm": signed["algorithm"],
            "signature": signed["signature"],
        });
        let answer = self.post_json("/sign-in/certificate", &body).await;
        self.begin(&answer).await;
        answer.json()
    }

    pub(crate) async fn sign_in_by_password(&mut self, login: &str, password: &str) -> Answer {
        let fields = [("login", login), ("password", password)];
        let answer = self.post_from("http://console", "/sign-in/password", &fields).await;
        self.begin(&answer).await;
        answer
    }

    pub(crate) async fn change_password(&mut self, fields: &[(&str, &str)]) -> Answer {
        let answer = self.post("/password", fields).await;
        self.begin(&answer).await;
        answer
    }

    async fn begin(&mut self, answer: &Answer) {
        let Some(cookie) = answer.headers.get(SET_COOKIE) else { return };
        cookie.to_str().unwrap().split(';').next().unwrap().clone_into(&mut self.cookie);
        let page = self.get("/workplace").await;
        self.csrf = page.between("name=\"csrf\" value=\"", "\"");
    }

    pub(crate) fn sign(&mut self, message: &str) -> Value {
        let key = self.key.clone();
        self.ask(&json!({ "do": "sign", "key": key, "message": message }))
    }

    /// Signs with the key that was made last.
    pub(crate) fn sign_own(&mut self, message: &str) -> String {
        let key = self.made.1.clone();
        let signed = self.ask(&json!({ "do": "sign", "key": key, "message": message }));
        signed["signature"].as_str().unwrap().to_owned()
    }

    /// The container that was made last, with its certificate.
    pub(crate) fn bound_container(&mut self, certificate: &[u8]) -> String {
        let (container, certificate) = (self.made.0.clone(), Base64::encode_string(certificate));
        let install =
            json!({ "do": "install", "container": container, "certificate": certificate });
        self.ask(&install)["container"].as_str().unwrap().to_owned()
    }

    /// Signs what a page asks to be signed, and sends it.
    pub(crate) async fn confirm(&mut self, page: &Answer) -> Answer {
        let envelope = page.between("name=\"envelope\" value=\"", "\"");
        let on = page.between("name=\"on\" value=\"", "\"");
        let signature = if page.text().contains("data-message=\"") {
            let message = page.between("data-message=\"", "\"");
            self.sign(&message)["signature"].as_str().unwrap().to_owned()
        } else {
            String::new()
        };
        let fields = [("on", &*on), ("envelope", &*envelope), ("signature", &*signature)];
        self.post("/execute", &fields).await
    }

    /// What `signedPost` of the script does.
    pub(crate) async fn signed_post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let prepared = self.post(path, fields).await.json();
        let message = prepared["message"].as_str().unwrap_or_else(|| panic!("{prepared}"));
        let signature = self.sign(message)["signature"].as_str().unwrap_or_default().to_owned();
        let envelope = prepared["envelope"].as_str().unwrap().to_owned();
        let more = [("envelope", envelope.as_str()), ("signature", signature.as_str())];
        self.post(path, &[fields, more.as_slice()].concat()).await
    }

    /// As a person who moves the pointer about.
    pub(crate) fn move_about(&mut self) {
        self.ask(&json!({ "do": "begin" }));
        let recording = include_str!("../../../data/events.json");
        let events = insecure_events_of_recording(recording).unwrap();
        for part in events.chunks(100) {
            if self.ask(&json!({ "do": "collect", "events": part }))["percent"] == 100 {
                return;
            }
        }
        panic!("the recording is too short");
    }

    /// Registers a person; gives login and temporary password.
    pub(crate) async fn register(&mut self, form: &[(&str, &str)]) -> (String, String, String) {
        let asked = self.post("/users/new", form).await;
        let notice = self.confirm(&asked).await;
        let shown = |what: &str| notice.between(&format!("{what}>"), "<");
        let user = notice.between("href=\"/users/", "/certificates\"");
        let user = user.rsplit("/users/").next().unwrap().to_owned();
        (user, shown("data-login"), shown("data-temporary"))
    }

    /// An act with its fields, signed.
    pub(crate) async fn act(&mut self, case: &str, act: &str, fields: &[(&str, &str)]) -> Answer {
        let on = format!("case-{case}");
        let fields = [&[("on", on.as_str())], fields].concat();
        let asked = self.post(&format!("/act/{act}"), &fields).await;
        self.confirm(&asked).await
    }

    /// Makes a key for a case of that person, and lets the certificate be issued.
    pub(crate) async fn issue(&mut self, user: &str, profile: &str) -> String {
        let asked = self
            .post(
                "/act/create-request",
                &[("on", &format!("request-{user}")), ("profile", profile)],
            )
            .await;
        let case = self.confirm(&asked).await;
        let case = case.location().split('/').nth(2).unwrap().to_owned();
        self.make_key(&case).await;
        case
    }

    pub(crate) async fn make_key(&mut self, case: &str) {
        let page = self.get(&format!("/certificates/{case}/key")).await;
        let data = |name: &str| {
            serde_json::from_str::<Value>(&page.between(&format!("data-{name}=\""), "\""))
        };
        self.move_about();
        let made = self.ask(&json!({
            "do": "make", "set": "1.2.643.7.1.2.1.1.1", "password": "container-1",
            "subject": data("subject").unwrap(), "profile": data("profile").unwrap(),
        }));
        self.made =
            (made["container"].as_str().unwrap_or_default().to_owned(), made["key"].clone());
        let request = made["request"].as_str().unwrap_or_else(|| panic!("{made}")).to_owned();
        for (path, fields) in [("key/browser", vec![("request", &*request)]), ("submit", vec![])] {
            let done = self.signed_post(&format!("/certificates/{case}/{path}"), &fields).await;
            assert_eq!(done.json(), json!({ "done": true }));
        }
    }
}

fn quoted(text: &str) -> String {
    let quote = |octet: u8| match octet {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => {
            char::from(octet).to_string()
        }
        _ => format!("%{octet:02X}"),
    };
    text.bytes().map(quote).collect()
}

fn unescaped(text: &str) -> String {
    let marks = [
        ("&quot;", "\""),
        ("&#x27;", "'"),
        ("&#x2f;", "/"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&amp;", "&"),
    ];
    marks.iter().fold(text.to_owned(), |text, (mark, sign)| text.replace(mark, sign))
}
