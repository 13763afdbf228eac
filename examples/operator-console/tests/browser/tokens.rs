//! A token in the operator's own computer: the agent lends it to the page (V15).

#[path = "../../../../providers/pkcs11/tests/support/process.rs"]
mod process;
#[path = "../../../../providers/pkcs11/tests/support/soft_token.rs"]
mod soft_token;

use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;

use gost_ca::provider::KeyStore;
use gost_ca_pkcs11::{PinSource, Settings, TokenKeyStore};
use gost_ca_software::SystemRng;
use tokio::runtime::Runtime;
use workplace_agent::agent::Agent;
use workplace_agent::pairing::Pairing;

use crate::chromium::Browser;
use crate::people::HEAD;
use crate::server::Server;
use crate::staff::OPERATOR;
use crate::{Desk, openssl};
use process::apart;
use soft_token::{PIN, order, slot, store};

/// The agent of the computer before which the operator sits.
struct Computer {
    store: Arc<TokenKeyStore>,
    origin: String,
    address: SocketAddr,
    pairing: Arc<Pairing>,
    /// Of its own: it ends with all connections, as a process does.
    runtime: Runtime,
}

impl Computer {
    fn start(store: Arc<TokenKeyStore>, origin: &str, listener: TcpListener) -> Self {
        let (address, pairing) = (listener.local_addr().unwrap(), Arc::new(Pairing::closed()));
        let stores: Vec<Arc<dyn KeyStore>> = vec![store.clone()];
        let (own, of) = (Arc::clone(&pairing), origin.to_owned());
        let runtime = Runtime::new().unwrap();
        runtime.spawn(async move {
            listener.set_nonblocking(true).unwrap();
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            let agent = Agent::new(stores, Arc::new(SystemRng), own, of, address);
            let agent = agent.with_documents();
            axum::serve(listener, agent.router()).await.unwrap();
        });
        Self { store, origin: origin.to_owned(), address, pairing, runtime }
    }

    /// Ends it in the middle of whatever it does, and starts it again.
    fn restarted(self, between: impl FnOnce()) -> Self {
        self.runtime.shutdown_background();
        between();
        Self::start(self.store, &self.origin, TcpListener::bind(self.address).unwrap())
    }

    fn code(&self) -> String {
        self.pairing.draw().unwrap().to_string()
    }

    /// How many certificates the token has.
    async fn certificates(&self) -> usize {
        let carrier = self.store.carriers().await.unwrap().remove(0).id;
        let keys = self.store.keys(&carrier).await.unwrap();
        keys.iter().filter(|key| key.certificate.is_some()).count()
    }
}

#[test]
#[ignore = "needs chromium and chromedriver, and OpenSSL with the GOST engine"]
fn a_token_serves_the_desk() {
    apart("tokens::a_token_serves_the_desk", |folder| slot(folder, "plain"), serves_the_desk);
}

async fn serves_the_desk(folder: &Path) {
    let (made, _carrier) = store(Settings::default(), None).await;
    drop(made);
    // as the agent does it: the page brings each PIN, and none is kept
    let settings = Settings { keeps_pins: false, ..Settings::default() };
    let store = TokenKeyStore::new(settings, PinSource::none());
    let store = Arc::new(store.with_module("soft", soft_token::module()).unwrap());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = Server::start_with(|arguments| arguments.agent = port).await;
    let mut computer = Computer::start(store, &server.address, listener);
    let browser = Browser::start(&server.address);
    let desk = Desk { browser: &browser, server: &server };

    desk.administrator_gives_a_token(&computer.code());
    assert_eq!(computer.certificates().await, 1, "V6");
    desk.sign_out();
    desk.sign_in_by_token();
    let case = desk.operator_makes_a_key_on_the_token();
    assert_eq!(computer.certificates().await, 2);
    desk.act("suspend", "Заявление № 1");
    browser.appears("h1 .state.held");
    computer = computer.restarted(|| desk.the_agent_is_gone());
    desk.the_agent_is_back(&computer.code());
    desk.the_token_is_pulled(
        &case,
        || order(folder, r#"{"removed": [0]}"#),
        || order(folder, "{}"),
    );
    desk.a_document_is_decrypted_by_the_token(&case);
    desk.a_document_is_signed_by_the_token();
    desk.the_token_locks();
    computer.runtime.shutdown_background();
}

/// How the soft token's carrier begins in lists.
const ON_TOKEN: &str = "form[data-start=key] [name=place][value^='agent:']";

impl Desk<'_> {
    fn pair(&self, form: &str, code: &str) {
        let (browser, open) = (self.browser, format!("{form} details[data-start=agent]"));
        if !browser.is_there(&format!("{open}[open]")) {
            browser.click(&format!("{open} summary"));
        }
        browser.fill_in(&format!("{open} [data-code]"), "2222222222");
        browser.click(&format!("{open} [data-pair]"));
        browser.says(&format!("{open} [data-agent-told]"), "Неверный код");
        browser.fill_in(&format!("{open} [data-code]"), code);
        browser.click(&format!("{open} [data-pair]"));
        browser.appears(&format!("{open} [data-paired]:not([hidden])"));
    }

    /// An operator's key is made on the token; a wrong PIN makes none.
    fn administrator_gives_a_token(&self, code: &str) {
        let browser = self.browser;
        browser.go("/sign-in");
        browser.click("[data-demo='administrator.key']");
        browser.appears("[data-own-case]");
        browser.click(".buttons a[href='/users/new']");
        browser.appears("form[data-start=registration]");
        browser.choose("role", "operator");
        self.fill(OPERATOR);
        browser.click(".heading button[type=submit]");
        browser.appears("[data-act=edit-data]");
        browser.click("main .buttons a[href$='/certificates']");
        self.new_request("sign-in");
        self.pair("form[data-start=key]", code);
        browser.click(ON_TOKEN);
        browser.shots("key-token");
        self.key_on_token("87654321");
        browser.says("form[data-start=key] [data-told]", "Неверный ПИН-код");
        self.key_on_token(PIN);
        browser.appears("[data-issued]");
        browser.appears("[data-start=container]:not([hidden]) [data-carried]:not([hidden])");
        browser.shots("token-certificate");
        assert_eq!(browser.keys().1, 0, "nothing of it is in the browser");
    }

    fn key_on_token(&self, pin: &str) {
        let browser = self.browser;
        browser.fill("pin", pin);
        browser.click("form[data-start=key] button[type=submit]");
        // the soft token has no generator of its own
        browser.appears(".pad:not([hidden])");
        browser.move_about(".pad:not([hidden])");
    }

    fn sign_in_by_token(&self) {
        let browser = self.browser;
        let form = "form[data-start=sign-in]";
        browser.appears(&format!("{form} select option:not([value=''])"));
        let key = browser.option_saying(&format!("{form} select"), "Мягкий");
        browser.choose_in(&format!("{form} select"), &key);
        browser.fill_in(&format!("{form} [name=password]"), "87654321");
        browser.click(&format!("{form} button[type=submit]"));
        browser.says(&format!("{form} [data-told]"), "Неверный ПИН-код");
        browser.shots("sign-in-token");
        browser.fill_in(&format!("{form} [name=password]"), PIN);
        browser.click(&format!("{form} button[type=submit]"));
        browser.appears("[data-own-case]");
        assert!(browser.text("header .who").contains("Журавлёва"));
    }

    /// Registration and issuing, each command signed by the token.
    fn operator_makes_a_key_on_the_token(&self) -> String {
        let browser = self.browser;
        browser.click(".buttons a[href='/users/new']");
        browser.appears("form[data-start=registration]");
        self.fill(HEAD);
        let user = self.registered();
        browser.click("[data-notice] a[href$='/certificates']");
        self.new_request("tax-service");
        browser.click(ON_TOKEN);
        self.key_on_token(PIN);
        browser.appears("[data-issued]");
        browser.appears("[data-start=container]:not([hidden]) [data-carried]:not([hidden])");
        let case = browser.attribute("[data-start=container]", "data-name");
        let certificate = browser.fetch(&format!("/certificates/{case}/download/cer"));
        openssl::verify_chain(&self.server.data, &certificate);
        assert!(browser.attribute("[data-view]", "href").ends_with(&case), "{}", user.id);
        browser.click(&format!("[data-view][href='/certificates/{case}']"));
        browser.appears("[data-act=suspend]");
        case
    }

    fn the_agent_is_gone(&self) {
        let browser = self.browser;
        browser.click("[data-act=resume]");
        browser.fill("document", "Заявление № 2");
        browser.click("main form[action^='/act/'] button[type=submit]");
        // the page signs by itself while a key is open: it is told what came of it
        browser.says("form[data-start=confirm] [data-told]", "не отвечает");
        browser.shots("agent-away");
    }

    /// Another agent knows nothing of the old pairing: its code, the PIN, and the same command goes.
    fn the_agent_is_back(&self, code: &str) {
        let browser = self.browser;
        let form = "form[data-start=confirm]";
        browser.click(&format!("{form} details[data-start=agent] summary"));
        browser.click(&format!("{form} [data-refresh]"));
        browser.appears(&format!("{form} [data-unpaired]:not([hidden])"));
        self.pair(form, code);
        self.confirm_by_token();
        browser.appears("h1 .state.good");
    }

    fn confirm_by_token(&self) {
        let browser = self.browser;
        let list = "form[data-start=confirm] select[data-keys]";
        browser.appears(&format!("{list} option"));
        let key = browser.option_saying(list, "Журавлёва");
        browser.choose_in(list, &key);
        browser.fill("key-password", PIN);
        browser.click("[data-confirm]");
    }

    fn the_token_is_pulled(&self, case: &str, pull: impl FnOnce(), put_back: impl FnOnce()) {
        let browser = self.browser;
        browser.appears(&format!("a[href='/certificates/{case}/download/cer']"));
        pull();
        browser.click("[data-act=suspend]");
        browser.fill("document", "Заявление № 3");
        browser.click("main form[action^='/act/'] button[type=submit]");
        browser.says("form[data-start=confirm] [data-told]", "извлечён");
        put_back();
        // the list was made without it
        browser.click("form[data-start=confirm] details[data-start=agent] summary");
        browser.click("form[data-start=confirm] [data-refresh]");
        self.confirm_by_token();
        browser.appears("h1 .state.held");
    }

    fn a_document_is_signed_by_the_token(&self) {
        let browser = self.browser;
        let contract = browser.file("contract.txt", "Договор № 2".as_bytes());
        browser.go("/documents/sign");
        let form = "form[data-document=sign]";
        browser.upload(&format!("{form} [name=document]"), &contract);
        let list = format!("{form} select[data-keys]");
        let key = browser.option_saying(&list, "Мягкий");
        browser.choose_in(&list, &key);
        browser.fill("key-password", PIN);
        browser.click(&format!("{form} button[type=submit]"));
        let signature = browser.saved("contract.txt.p7s");
        openssl::verify_signature(&self.server.data, &signature, &contract);
    }

    /// Encrypted to the certificate of the key on the token, decrypted by what the token agrees on.
    fn a_document_is_decrypted_by_the_token(&self, case: &str) {
        let browser = self.browser;
        let certificate = browser.fetch(&format!("/certificates/{case}/download/cer"));
        let certificate = browser.file("token.cer", &certificate);
        let plain = "Письмо № 1\n".repeat(10_000);
        let letter = browser.file("letter.txt", plain.as_bytes());
        browser.go("/documents/encrypt");
        let form = "form[data-document=encrypt]";
        browser.upload(&format!("{form} [name=document]"), &letter);
        browser.upload(&format!("{form} [name=certificates]"), &certificate);
        browser.appears(&format!("{form} [data-recipients] li"));
        browser.click(&format!("{form} button[type=submit]"));
        let sealed = browser.saved("letter.txt.p7m");
        std::fs::remove_file(letter).unwrap();
        browser.go("/documents/decrypt");
        let form = "form[data-document=decrypt]";
        browser.upload(&format!("{form} [name=document]"), &sealed);
        let list = format!("{form} select[data-keys]");
        browser.appears(&format!("{list} option"));
        let (ours, operators) =
            (browser.option_saying(&list, "Ромашка"), browser.option_saying(&list, "Журавлёва"));
        browser.choose_in(&list, &operators);
        browser.fill("key-password", PIN);
        browser.click(&format!("{form} button[type=submit]"));
        browser.says(&format!("{form} [data-told]"), "не для этого ключа");
        browser.choose_in(&list, &ours);
        browser.fill("key-password", "87654321");
        browser.click(&format!("{form} button[type=submit]"));
        browser.says(&format!("{form} [data-told]"), "Неверный ПИН-код");
        browser.fill("key-password", PIN);
        browser.click(&format!("{form} button[type=submit]"));
        let opened = std::fs::read(browser.saved("letter.txt")).unwrap();
        assert_eq!(opened, plain.as_bytes());
    }

    /// The person is told before the last try, and after it who can help.
    fn the_token_locks(&self) {
        let (browser, form) = (self.browser, "form[data-document=sign]");
        let mut warned = false;
        for _ in 0..30 {
            browser.fill("key-password", "87654321");
            browser.click(&format!("{form} button[type=submit]"));
            browser.appears(&format!("{form} [data-told]:not([hidden])"));
            let told = browser.text(&format!("{form} [data-told]"));
            if told.contains("заблокирован") {
                assert!(warned, "nobody said that it was the last try");
                return;
            }
            assert!(told.contains("Неверный ПИН-код"), "{told}");
            warned |= told.contains("Осталось попыток: 1");
        }
        panic!("a token that takes any number of wrong PINs");
    }
}
