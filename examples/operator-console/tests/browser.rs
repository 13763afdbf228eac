//! The manual, played in Chromium: whatever a person does is done with mouse and keyboard.
//!
//! Screenshots of each screen go to `target/screens/`.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]

#[path = "browser/chromium.rs"]
mod chromium;
#[path = "browser/openssl.rs"]
mod openssl;
#[path = "browser/server.rs"]
mod server;

use chromium::Browser;
use server::Server;

const PASSWORD: &str = "container-1";
const OWN: &str = "Own-password-1";

/// An invented firm's head, with right check digits.
const HEAD: &[(&str, &str)] = &[
    ("f.surname", "Ёлкина"),
    ("f.given_name", "Мария"),
    ("f.patronymic", "О'Ниловна"),
    ("f.snils", "112-233-445 95"),
    ("f.inn", "500100732259"),
    ("f.birth_date", "12.04.1985"),
    ("f.birth_place", "г. Москва"),
    ("f.document_series", "45 10"),
    ("f.document_number", "100777"),
    ("f.document_issuer", "ОВД «Басманный» г. Москвы"),
    ("f.document_issued", "20.05.2010"),
    ("f.document_division", "772-001"),
    ("f.organization", "ООО «Ромашка»"),
    ("f.ogrn", "1029900000019"),
    ("f.organization_inn", "9900000120"),
    ("f.title", "Генеральный директор"),
    ("f.region", "77 г. Москва"),
    ("f.locality", "г. Москва"),
    ("f.street", "ул. Полевая, д. 1"),
    ("f.authority_kind", "Устав"),
    ("f.authority_number", "1"),
    ("f.authority_date", "01.09.2020"),
    ("f.application_number", "12"),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Chromium with its driver, and OpenSSL with the GOST engine"]
async fn the_manual_is_played() {
    let server = Server::start().await;
    let browser = Browser::start(&server.address).await;
    let (login, temporary) = register(&browser).await;
    let case = issue(&browser, &server).await;
    live(&browser, &case).await;
    renew_and_revoke(&browser).await;
    browser.click("[data-sign-out]").await;
    first_sign_in(&browser, &login, &temporary).await;
    browser.close().await;
}

async fn sign_in(browser: &Browser, who: &str) {
    browser.go("/sign-in").await;
    browser.shot("sign-in").await;
    browser.click(&format!("[data-demo='{who}.key']")).await;
    browser.appears("[data-sign-out]").await;
}

/// Figures 1 to 7: signing in, the form with its errors, the notice with the temporary password.
async fn register(browser: &Browser) -> (String, String) {
    sign_in(browser, "operator").await;
    browser.shot("start").await;
    browser.click("a[href='/users/new']").await;
    browser.appears("form[data-start=registration]").await;
    browser.choose("f.kind", "legal-entity").await;
    browser.choose("f.document_kind", "passport-rf").await;
    for (name, value) in HEAD {
        browser.fill(name, value).await;
    }
    // a wrong check digit is told at its field, and nothing is lost
    browser.fill("f.inn", "500100732250").await;
    browser.click("form[data-start=registration] button[type=submit]").await;
    browser.appears("#error-inn").await;
    browser.shot("registration-error").await;
    assert_eq!(browser.value("f.organization").await, "ООО «Ромашка»");
    browser.fill("f.inn", "500100732259").await;
    browser.click("form[data-start=registration] button[type=submit]").await;
    browser.appears("[data-temporary]").await;
    browser.shot("notice").await;
    let shown = (browser.text("[data-login]").await, browser.text("[data-temporary]").await);
    browser.click("a[href^='/act/create-request']").await;
    shown
}

/// Figures 8 to 16: the request, the carrier, the biological generator, the password, the certificate.
async fn issue(browser: &Browser, server: &Server) -> String {
    browser.choose("profile", "tax-service").await;
    browser.click("main form button[type=submit]").await;
    make_key(browser).await;
    browser.click("[data-act=submit]").await;
    browser.appears("[data-download=cer]").await;
    browser.appears("[data-bound]:not([hidden])").await;
    browser.shot("certificate").await;
    let case =
        browser.path().await.rsplit('/').next().unwrap().split('?').next().unwrap().to_owned();
    let certificate = browser.fetch(&format!("/certificates/{case}/download/cer")).await;
    openssl::verify_chain(&server.data, &certificate);
    let copy = browser.fetch(&format!("/certificates/{case}/print/copy")).await;
    let copy = String::from_utf8(copy).unwrap();
    assert!(copy.contains("Ёлкина") && copy.contains("ТЕСТОВЫЙ"), "{copy}");
    browser.pdf(&format!("/certificates/{case}/print/copy"), "paper-copy").await;
    case
}

async fn make_key(browser: &Browser) {
    browser.appears("form[data-start=key]").await;
    // a password of seven characters is refused at once
    browser.fill("pin", "seven-7").await;
    browser.fill("pin_again", "seven-7").await;
    browser.click("form[data-start=key] button[type=submit]").await;
    browser.says("form[data-start=key] [data-told]", "8").await;
    browser.fill("pin", PASSWORD).await;
    browser.fill("pin_again", PASSWORD).await;
    browser.click("form[data-start=key] button[type=submit]").await;
    browser.appears(".pad:not([hidden])").await;
    browser.shot("biological").await;
    browser.move_about(".pad", "form[data-start=key]").await;
    browser.appears("[data-act=submit]").await;
}

/// Section 5: suspended until a day, resumed; deleting it is refused.
async fn live(browser: &Browser, case: &str) {
    browser.appears("[data-refused=hide]").await;
    act(browser, "suspend", "Заявление № 1").await;
    browser.appears(".state.held").await;
    browser.shot("suspended").await;
    act(browser, "resume", "Заявление № 2").await;
    browser.appears(".state.good").await;
    // another user's page, and a page that is none
    let answer = browser.status(&format!("/certificates/{}", "0".repeat(case.len()))).await;
    assert_eq!(answer, 404);
}

async fn act(browser: &Browser, act: &str, document: &str) {
    browser.click(&format!("[data-act={act}]")).await;
    browser.appears("main form[action^='/act/']").await;
    browser.fill("document", document).await;
    browser.click("main form button[type=submit]").await;
    browser.disappears("main form[action^='/act/']").await;
}

async fn renew_and_revoke(browser: &Browser) {
    let elder = browser.path().await;
    browser.click("[data-act=renew]").await;
    make_key(browser).await;
    browser.click("[data-act=submit]").await;
    browser.appears("[data-download=cer]").await;
    browser.go(&elder).await;
    // after a whole load the key is closed: the container asks for its password, and refuses a wrong one
    act(browser, "revoke", "Заявление № 3").await;
    browser.appears(".notice.warn").await;
    browser.shot("revoke").await;
    browser.fill("key-password", "wrong-password").await;
    browser.click("[data-confirm]").await;
    browser.says("[data-told]", "пароль").await;
    browser.fill("key-password", "demo-2026").await;
    browser.click("[data-confirm]").await;
    browser.appears(".state.ended").await;
    browser.click("[data-act=hide]").await;
    browser.click("[data-confirm]").await;
    browser.appears("[role=status]").await;
    browser.click("a[href='/audit']").await;
    browser.appears("table").await;
    browser.shot("audit").await;
}

/// The user's own: the temporary password must be changed, and a forged form is refused.
async fn first_sign_in(browser: &Browser, login: &str, temporary: &str) {
    browser.appears("form[action='/sign-in/password']").await;
    browser.fill("login", login).await;
    browser.fill_in("form[action='/sign-in/password'] [name=password]", temporary).await;
    browser.click("form[action='/sign-in/password'] button").await;
    browser.appears("form[action='/password']").await;
    browser.shot("first-sign-in").await;
    for (new, refused) in [("short1", true), (OWN, false)] {
        browser.fill("old", temporary).await;
        browser.fill("new", new).await;
        browser.fill("again", new).await;
        browser.click("form[action='/password'] button").await;
        if refused {
            browser.appears("form[action='/password'] [data-says]").await;
        }
    }
    browser.appears("a[href='/certificates']").await;
    browser.shot("cabinet").await;
    assert_eq!(browser.post_forged("/password").await, 403);
    assert_eq!(browser.status("/administration").await, 403);
}
