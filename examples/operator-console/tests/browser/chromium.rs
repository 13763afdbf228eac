//! Chromium as somebody sits before it.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use base64ct::{Base64, Encoding as _};
use serde_json::{Value, json};

use crate::driver::Driver;

pub(crate) struct Browser {
    driver: Driver,
    address: String,
    shots: PathBuf,
    folder: tempfile::TempDir,
}

/// How long a page may take on a busy machine before the test gives up.
const PATIENCE: Duration = Duration::from_secs(120);
const BLINK: Duration = Duration::from_millis(50);
/// The key of an element's id in the protocol.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

impl Browser {
    pub(crate) fn start(address: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let driver = Driver::start(folder.path());
        let shots = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("../screens");
        std::fs::create_dir_all(&shots).unwrap();
        Self { driver, address: address.to_owned(), shots, folder }
    }

    pub(crate) fn go(&self, path: &str) {
        self.load(&format!("{}{path}", self.address));
        self.appears("html[data-ready]");
    }

    fn load(&self, url: &str) {
        self.driver.post("/url", &json!({ "url": url })).unwrap();
    }

    fn url(&self) -> String {
        self.driver.get("/url").unwrap().as_str().unwrap().to_owned()
    }

    /// An element's path in the protocol.
    fn find(&self, css: &str) -> Option<String> {
        let asked = json!({ "using": "css selector", "value": css });
        let found = self.driver.post("/element", &asked).ok()?;
        Some(format!("/element/{}", found[ELEMENT].as_str()?))
    }

    /// Waits until something holds.
    fn until(&self, what: &str, holds: impl Fn() -> bool) {
        let end = Instant::now() + PATIENCE;
        while !holds() {
            if Instant::now() > end {
                self.shot("failed");
                panic!("{what} on {}:\n{}", self.url(), self.text("main"));
            }
            std::thread::sleep(BLINK);
        }
    }

    fn element(&self, css: &str) -> String {
        self.appears(css);
        self.find(css).unwrap()
    }

    pub(crate) fn appears(&self, css: &str) {
        self.until(&format!("no {css}"), || self.is_there(css));
    }

    pub(crate) fn disappears(&self, css: &str) {
        self.until(&format!("{css} stays"), || !self.is_there(css));
    }

    pub(crate) fn is_there(&self, css: &str) -> bool {
        self.find(css).is_some()
    }

    /// Waits until an element says something.
    pub(crate) fn says(&self, css: &str, words: &str) {
        self.until(&format!("{css} does not say {words}"), || self.text(css).contains(words));
    }

    /// What an element shows; nothing where there is none.
    pub(crate) fn text(&self, css: &str) -> String {
        let text = self.find(css).and_then(|at| self.driver.get(&format!("{at}/text")).ok());
        text.and_then(|text| text.as_str().map(str::to_owned)).unwrap_or_default()
    }

    pub(crate) fn value(&self, name: &str) -> String {
        let at = self.element(&format!("[name='{name}']"));
        let value = self.driver.get(&format!("{at}/property/value")).unwrap();
        value.as_str().unwrap().to_owned()
    }

    pub(crate) fn attribute(&self, css: &str, name: &str) -> String {
        let at = self.element(css);
        let value = self.driver.get(&format!("{at}/attribute/{name}")).unwrap();
        value.as_str().unwrap_or_default().to_owned()
    }

    pub(crate) fn click(&self, css: &str) {
        // a page that is being swapped has no element that can be clicked
        let click = || {
            let clicked = |at| self.driver.post(&format!("{at}/click"), &json!({})).is_ok();
            self.find(css).is_some_and(clicked)
        };
        self.until(&format!("{css} cannot be clicked"), click);
    }

    pub(crate) fn fill(&self, name: &str, value: &str) {
        self.fill_in(&format!("main [name='{name}']"), value);
    }

    pub(crate) fn fill_in(&self, css: &str, value: &str) {
        let fill = || {
            let Some(at) = self.find(css) else { return false };
            let cleared = self.driver.post(&format!("{at}/clear"), &json!({})).is_ok();
            cleared && self.driver.post(&format!("{at}/value"), &json!({ "text": value })).is_ok()
        };
        self.until(&format!("{css} cannot be filled in"), fill);
    }

    /// Chooses a file.
    pub(crate) fn upload(&self, css: &str, file: &Path) {
        let at = self.element(css);
        self.driver.post(&format!("{at}/value"), &json!({ "text": file })).unwrap();
    }

    pub(crate) fn choose(&self, name: &str, value: &str) {
        self.choose_in(&format!("main select[name='{name}']"), value);
    }

    pub(crate) fn choose_in(&self, css: &str, value: &str) {
        self.click(&format!("{css} option[value='{value}']"));
    }

    /// Moves the pointer about over a pad, as a person does, until the pad is gone.
    pub(crate) fn move_about(&self, pad: &str) {
        let mut state = 88_172_645_463_325_252_u64;
        let mut next = move |most: u64| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            i64::try_from(state % most).unwrap()
        };
        for _ in 0..100 {
            let Some(at) = self.find(pad) else { return };
            let element = json!({ ELEMENT: at.trim_start_matches("/element/") });
            let mut moves =
                vec![json!({ "type": "pointerMove", "origin": element, "x": 0, "y": 0 })];
            let (mut x, mut y) = (0, 0);
            for _ in 0..40 {
                // a walk that stays on the pad
                let step = (next(61) - 30 - x / 8, next(41) - 20 - y / 6);
                (x, y) = (x + step.0, y + step.1);
                moves.push(json!({
                    "type": "pointerMove", "origin": "pointer", "duration": 8 + next(9),
                    "x": step.0, "y": step.1,
                }));
            }
            let mouse = json!({ "type": "pointer", "id": "mouse", "actions": moves });
            if self.driver.post("/actions", &json!({ "actions": [mouse] })).is_err() {
                return; // the pad went away in the middle
            }
        }
        panic!("the generator does not fill");
    }

    /// A script that gives its answer to `done`.
    fn run(&self, script: &str, argument: &str) -> Value {
        let script = format!("const [argument, done] = arguments; {script}");
        let asked = json!({ "script": script, "args": [argument] });
        self.driver.post("/execute/async", &asked).unwrap()
    }

    /// What the server gives this browser, with its cookies.
    pub(crate) fn fetch(&self, path: &str) -> Vec<u8> {
        let script = "fetch(argument).then(r => r.arrayBuffer())\
            .then(b => done(Array.from(new Uint8Array(b))));";
        serde_json::from_value(self.run(script, path)).unwrap()
    }

    /// What a download is called.
    pub(crate) fn fetch_name(&self, path: &str) -> String {
        let script = "fetch(argument)\
            .then(r => done(r.headers.get('content-disposition').split('\"')[1]));";
        self.run(script, path).as_str().unwrap().to_owned()
    }

    pub(crate) fn status(&self, path: &str) -> u64 {
        self.run("fetch(argument).then(r => done(r.status));", path).as_u64().unwrap()
    }

    /// A form with a token that is none.
    pub(crate) fn post_forged(&self, path: &str) -> u64 {
        let script = "fetch(argument, { method: 'POST', body: new URLSearchParams(\
            { csrf: 'forged', old: 'a', new: 'b' }) }).then(r => done(r.status));";
        self.run(script, path).as_u64().unwrap()
    }

    /// How many keys the browser keeps, and how many of them are other people's.
    pub(crate) fn keys(&self) -> (u64, u64) {
        let script = "import('/assets/workplace.js').then(w => w.containers())\
            .then(all => done([all.length, all.filter(one => one.foreign).length]));";
        serde_json::from_value(self.run(script, "")).unwrap()
    }

    /// The value of the option that says something.
    pub(crate) fn option_saying(&self, list: &str, words: &str) -> String {
        let script = format!(
            "const all = [...document.querySelectorAll({} + ' option')];\
            const found = all.find(one => one.textContent.includes(argument));\
            done(found ? found.value : '');",
            json!(list)
        );
        let found = || self.run(&script, words).as_str().unwrap().to_owned();
        self.until(&format!("{list} has no {words}"), || !found().is_empty());
        found()
    }

    /// A file to be chosen.
    pub(crate) fn file(&self, name: &str, octets: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, octets).unwrap();
        path
    }

    /// The key of the container that is named so.
    pub(crate) fn container_of(&self, name: &str) -> String {
        let script = "import('/assets/workplace.js').then(w => w.containers())\
            .then(all => done(all.find(one => one.name.includes(argument)).key));";
        self.run(script, name).as_str().unwrap().to_owned()
    }

    /// Milliseconds of one signature by the key that is open.
    pub(crate) fn signing_time(&self) -> f64 {
        let script = "import('/assets/workplace.js').then(async w => {
            const begun = performance.now();
            for (let n = 0; n < 20; n += 1) await w.sign('AAAA');
            done((performance.now() - begun) / 20);
        });";
        self.run(script, "").as_f64().unwrap()
    }

    /// A file that the browser saved.
    pub(crate) fn saved(&self, name: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        self.until(&format!("{name} was not saved"), || path.exists());
        path
    }

    pub(crate) fn shot(&self, name: &str) {
        let png = self.driver.get("/screenshot").unwrap();
        let png = Base64::decode_vec(png.as_str().unwrap()).unwrap();
        std::fs::write(self.shots.join(format!("{name}.png")), png).unwrap();
    }

    /// The same page on a telephone, and in the dark; nothing may stick out at the side.
    pub(crate) fn shots(&self, name: &str) {
        self.shot(name);
        let narrow =
            json!({ "width": 320, "height": 800, "deviceScaleFactor": 1, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", &narrow);
        self.shot(&format!("{name}-320"));
        let width = self.run("done(document.documentElement.scrollWidth);", "").as_u64().unwrap();
        self.devtools("Emulation.clearDeviceMetricsOverride", &json!({}));
        assert!(width <= 320, "{name} is {width} wide");
        let dark = json!({ "features": [{ "name": "prefers-color-scheme", "value": "dark" }] });
        self.devtools("Emulation.setEmulatedMedia", &dark);
        self.shot(&format!("{name}-dark"));
        self.devtools("Emulation.setEmulatedMedia", &json!({ "features": [] }));
    }

    fn devtools(&self, method: &str, parameters: &Value) {
        let asked = json!({ "cmd": method, "params": parameters });
        self.driver.post("/goog/cdp/execute", &asked).unwrap();
    }

    /// A page as a printer would get it.
    pub(crate) fn pdf(&self, path: &str, name: &str) -> Vec<u8> {
        let back = self.url();
        self.load(&format!("{}{path}", self.address));
        let pdf = self.driver.post("/print", &json!({})).unwrap();
        let pdf = Base64::decode_vec(pdf.as_str().unwrap()).unwrap();
        std::fs::write(self.shots.join(format!("{name}.pdf")), &pdf).unwrap();
        self.shot(name);
        self.load(&back);
        self.appears("html[data-ready]");
        pdf
    }
}
