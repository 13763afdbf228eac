//! The manual, played in Chromium: whatever a person does is done with mouse and keyboard.
//!
//! Screenshots of each screen go to `target/screens/`. What was issued is verified by OpenSSL.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]

#[path = "browser/chromium.rs"]
mod chromium;
#[path = "browser/documents.rs"]
mod documents;
#[path = "browser/driver.rs"]
mod driver;
#[path = "browser/openssl.rs"]
mod openssl;
#[path = "support/people.rs"]
mod people;
#[path = "browser/server.rs"]
mod server;
#[path = "browser/staff.rs"]
mod staff;
#[path = "browser/tokens.rs"]
mod tokens;

use std::path::PathBuf;

use chromium::Browser;
use people::HEAD;
use server::Server;
use staff::OPERATOR;

/// Fields of the form that are lists.
const CHOSEN: [&str; 3] = ["f.kind", "f.document_kind", "f.identification"];
const TEMPORARY: &str = "temporary-1";
const PASSWORD: &str = "container-1";
const OWN: &str = "Own-password-1";

/// Whoever tries it has no papers and no key: the demonstration's, somebody invented, and the first certificate.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs chromium and chromedriver"]
async fn a_newcomer_issues_a_certificate() {
    let server = Server::start().await;
    let browser = Browser::start(&server.address);
    let desk = Desk { browser: &browser, server: &server };
    browser.go("/");
    browser.click("[data-demo='operator.key']");
    browser.appears("[data-own-case]");
    browser.click("main a[href='/users/new']");
    browser.click("a[href='/users/new?sample=1']");
    browser.appears("form[data-start=registration] [name='f.snils'][value^='9']");
    browser.shots("sample");
    browser.click(".heading button[type=submit]");
    browser.appears("[data-temporary]");
    browser.click("article a[href$='/certificates']");
    desk.new_request("commercial");
    desk.make_key(PASSWORD);
    browser.appears("[data-issued]");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs chromium and chromedriver, and OpenSSL with the GOST engine"]
async fn the_manual_is_played() {
    let server = Server::start().await;
    let browser = Browser::start(&server.address);
    let desk = Desk { browser: &browser, server: &server };
    let (operator, container) = desk.administrator_registers_an_operator();
    desk.operator_signs_in(&container);
    let user = desk.operator_registers_a_representative();
    let case = desk.first_certificate(&user.id);
    desk.view_print_and_download(&case);
    desk.suspend_and_resume(&case);
    let younger = desk.renew(&case);
    desk.revoke_and_delete(&case);
    let container = desk.issue_anew_after_revocation(&younger);
    desk.correct_the_data(&user.id);
    desk.look_around();
    desk.sign_out();
    desk.first_sign_in_of_the_user(&user);
    desk.documents_of_the_user(&container);
    desk.sign_out();
    desk.a_suspended_operator_is_refused(&operator);
}

struct Desk<'a> {
    browser: &'a Browser,
    server: &'a Server,
}

/// Somebody who was registered.
struct Registered {
    id: String,
    login: String,
    password: String,
}

impl Desk<'_> {
    /// Section 1: the workplace is checked, the administrator registers whoever will work at the desk.
    fn administrator_registers_an_operator(&self) -> (String, PathBuf) {
        let browser = self.browser;
        browser.go("/workplace");
        browser.appears("[data-check=clock].check-ok");
        assert!(!browser.is_there(".check-bad"));
        browser.shots("workplace");
        browser.go("/sign-in");
        browser.shots("sign-in");
        browser.click("[data-demo='administrator.key']");
        browser.click("nav.menu a[href='/administration']");
        browser.appears("[data-act=administer]");
        browser.shots("administration");
        browser.click("nav.menu a[href='/audit']");
        browser.click("[data-verify]");
        browser.appears("[data-verdict]:not(.bad)");
        browser.click("[data-checkpoint]");
        browser.appears("a[href^='/audit/checkpoints/']");
        browser.shots("audit");
        browser.click("nav.menu a[href='/crls']");
        browser.click("[data-policy]");
        browser.appears("input[name=period]");
        browser.shots("crl-policy");
        browser.click("nav.menu a[href='/administration']");
        browser.click("main a[href='/users/new']");
        browser.appears("form[data-start=registration]");
        browser.choose("role", "operator");
        self.fill(OPERATOR);
        browser.click(".heading button[type=submit]");
        // staff sign in by certificate: there is no password to be shown
        browser.appears("[data-act=edit-data]");
        let page = browser.attribute("nav.tabs a[aria-current]", "href");
        let id = page.split('/').nth(2).unwrap().to_owned();
        browser.click("main .buttons a[href$='/certificates']");
        self.new_request("sign-in");
        self.make_key(TEMPORARY);
        browser.appears("[data-issued]");
        let container = self.hand_key_over();
        self.sign_out();
        (id, container)
    }

    /// V16: the key of somebody else goes to its owner, and out of this browser.
    fn hand_key_over(&self) -> PathBuf {
        let browser = self.browser;
        browser.appears("[data-start=container] [data-bound]:not([hidden])");
        assert!(browser.is_there("[data-forget]:disabled"), "not before it is saved");
        browser.click("[data-sign-out]");
        browser.appears("#left-keys[open]");
        browser.shot("left-keys");
        browser.click("#left-keys [data-stay]");
        let name = browser.attribute("[data-start=container]", "data-name");
        let keys = browser.keys();
        browser.click("[data-save]");
        let file = browser.saved(&format!("{name}.key"));
        browser.click("[data-forget]:enabled");
        browser.appears("[data-start=container][hidden]");
        assert_eq!(browser.keys(), (keys.0 - 1, keys.1 - 1));
        file
    }

    /// Figures 1 and 2: the container from its file, its temporary password changed, the start page.
    fn operator_signs_in(&self, container: &std::path::Path) {
        let browser = self.browser;
        browser.go("/sign-in");
        browser.upload("form[data-start=sign-in] input[type=file]", container);
        browser.appears("form[data-start=sign-in] select option:nth-child(2)");
        let form = "form[data-start=sign-in]";
        browser.fill_in(&format!("{form} [name=password]"), TEMPORARY);
        browser.click(&format!("{form} button[type=submit]"));
        browser.says(&format!("{form} [data-told]"), "временный");
        browser.click("nav.menu a[href='/workplace']");
        let list = "[data-start=containers] select";
        browser.appears(&format!("{list} option"));
        let key = browser.container_of("Журавлёва");
        browser.choose_in(list, &key);
        browser.fill("old", TEMPORARY);
        browser.fill("new", PASSWORD);
        browser.click("[data-change]");
        browser.says("[data-start=containers] [data-told]", "сменён");
        browser.click("nav.menu a[href='/sign-in']");
        browser.appears(&format!("{form} option[value='{key}']"));
        browser.choose_in(&format!("{form} select"), &key);
        browser.fill_in(&format!("{form} [name=password]"), "wrong-password");
        browser.click(&format!("{form} button[type=submit]"));
        browser.says(&format!("{form} [data-told]"), "Неверный пароль");
        browser.fill_in(&format!("{form} [name=password]"), PASSWORD);
        browser.click(&format!("{form} button[type=submit]"));
        browser.appears("[data-own-case]");
        browser.shots("start");
    }

    /// Figures 3 to 5: the list, the form with its errors, the notice with the temporary password.
    fn operator_registers_a_representative(&self) -> Registered {
        let browser = self.browser;
        browser.click("nav.menu a[href='/users']");
        browser.click(".heading a[href='/users/new']");
        browser.appears("form[data-start=registration]");
        self.fill(HEAD);
        // a wrong check digit is told at its field, and nothing is lost
        browser.fill("f.inn", "500100732250");
        browser.click(".heading button[type=submit]");
        browser.appears("#error-inn");
        browser.shots("registration");
        assert_eq!(browser.value("f.organization"), "ООО «Ромашка»");
        assert_eq!(browser.value("f.kind"), "legal-entity");
        browser.fill("f.inn", "500100732259");
        let user = self.registered();
        browser.shots("notice");
        user
    }

    fn fill(&self, form: &[(&str, &str)]) {
        for (name, value) in form {
            if CHOSEN.contains(name) {
                self.browser.choose(name, value);
            } else {
                self.browser.fill(name, value);
            }
        }
    }

    fn registered(&self) -> Registered {
        let browser = self.browser;
        browser.click(".heading button[type=submit]");
        browser.appears("[data-temporary]");
        let page = browser.attribute("[data-notice] a[href$='/certificates']", "href");
        Registered {
            id: page.split('/').nth(2).unwrap().to_owned(),
            login: browser.text("[data-login]"),
            password: browser.text("[data-temporary]"),
        }
    }

    /// Figures 6 to 13: from the list to the certificate.
    fn first_certificate(&self, user: &str) -> String {
        let browser = self.browser;
        browser.click("nav.menu a[href='/users']");
        browser.appears("[data-manage]");
        browser.shots("users");
        browser.click(&format!("[data-manage][href='/users/{user}/certificates']"));
        self.new_request("tax-service");
        self.refused_keys();
        self.make_key(PASSWORD);
        browser.appears("[data-issued]");
        browser.shots("user-certificates");
        let case = browser.attribute("[data-start=container]", "data-name");
        self.hand_key_over();
        case
    }

    /// Figure 9, and on to figure 10.
    fn new_request(&self, profile: &str) {
        let browser = self.browser;
        browser.click("[data-act=create-request]");
        browser.appears("select[name=profile]");
        browser.shots("request");
        browser.choose("profile", profile);
        browser.click("main form[action$='/request'] [data-create]");
        browser.appears("form[data-start=key]");
    }

    /// A password of seven characters, and two that differ.
    fn refused_keys(&self) {
        let browser = self.browser;
        for (password, again, told) in
            [("seven-7", "seven-7", "короче 8"), ("container-1", "container-2", "не совпадают")]
        {
            browser.fill("pin", password);
            browser.fill("pin_again", again);
            browser.click("form[data-start=key] button[type=submit]");
            browser.says("form[data-start=key] [data-told]", told);
        }
        browser.shots("key");
    }

    /// Figures 11 and 12.
    fn make_key(&self, password: &str) {
        let browser = self.browser;
        browser.appears("form[data-start=key]");
        browser.fill("pin", password);
        browser.fill("pin_again", password);
        browser.click("form[data-start=key] button[type=submit]");
        browser.appears(".pad:not([hidden])");
        browser.shot("biological");
        browser.move_about(".pad:not([hidden])");
    }

    /// Figures 14 to 16, 20 to 22; deleting a certificate in force is refused.
    fn view_print_and_download(&self, case: &str) {
        let browser = self.browser;
        browser.click(&format!("[data-view][href='/certificates/{case}']"));
        browser.appears("[data-refused=hide]");
        browser.shots("certificate");
        let certificate = browser.fetch(&format!("/certificates/{case}/download/cer"));
        openssl::verify_chain(&self.server.data, &certificate);
        let copy = browser.fetch(&format!("/certificates/{case}/print/copy"));
        let copy = String::from_utf8(copy).unwrap();
        assert!(copy.contains("Ёлкина") && copy.contains("ТЕСТОВЫЙ"), "{copy}");
        let pdf = browser.pdf(&format!("/certificates/{case}/print/copy"), "paper-copy");
        assert!(pdf.starts_with(b"%PDF-") && pdf.len() > 10_000, "{} octets", pdf.len());
        // after a whole load the key is closed: the first command asks for its password
        browser.click("[data-download=cer]");
        let name = browser.fetch_name(&format!("/certificates/{case}/download/cer"));
        let saved = browser.saved(&name);
        assert_eq!(std::fs::read(saved).unwrap(), certificate);
    }

    /// Section 5: suspended until a day, resumed.
    fn suspend_and_resume(&self, case: &str) {
        let browser = self.browser;
        self.act("suspend", "Заявление № 1");
        browser.fill("key-password", "wrong-password");
        browser.click("[data-confirm]");
        browser.says("[data-told]", "Неверный пароль");
        browser.fill("key-password", PASSWORD);
        browser.click("[data-confirm]");
        browser.appears(".state.held");
        browser.shots("suspended");
        println!("one signature in the browser: {:.1} ms", browser.signing_time());
        self.act("resume", "Заявление № 2");
        browser.appears("h1 .state.good");
        let id = "0".repeat(case.len());
        assert_eq!(browser.status(&format!("/certificates/{id}")), 404);
    }

    fn act(&self, act: &str, document: &str) {
        let browser = self.browser;
        browser.click(&format!("[data-act={act}]"));
        browser.appears(&format!("main form[action='/act/{act}']"));
        browser.fill("document", document);
        browser.shot(act);
        browser.click("main form[action^='/act/'] button[type=submit]");
        browser.disappears("main form[action^='/act/']");
    }

    fn renew(&self, case: &str) -> String {
        let browser = self.browser;
        browser.click("[data-act=renew]");
        self.make_key(PASSWORD);
        browser.appears("[data-issued]");
        let younger = browser.attribute("[data-start=container]", "data-name");
        assert_ne!(case, younger);
        let certificate = browser.fetch(&format!("/certificates/{younger}/download/cer"));
        openssl::verify_chain(&self.server.data, &certificate);
        self.hand_key_over();
        younger
    }

    /// U4: asked once, with owner, serial number and effect; then off the list.
    fn revoke_and_delete(&self, case: &str) {
        let browser = self.browser;
        browser.click(&format!("[data-view][href='/certificates/{case}']"));
        self.act("revoke", "Заявление № 3");
        browser.appears(".notice.warn");
        browser.shots("revoke");
        browser.click("[data-confirm]");
        browser.appears("h1 .state.ended");
        browser.click("[data-act=hide]");
        browser.appears(".notice.warn");
        browser.click("[data-confirm]");
        browser.appears("[role=status]");
        browser.click("nav.menu a[href='/certificates']");
        browser.appears("[data-all]");
        browser.shots("certificates");
        assert!(!browser.is_there(&format!("a[href='/certificates/{case}']")));
        browser.click("[name=hidden]");
        browser.click("form.filters button");
        browser.appears(&format!("a[href='/certificates/{case}']"));
    }

    /// V10: the key is lost; renewing is refused, another first certificate is issued.
    fn issue_anew_after_revocation(&self, case: &str) -> PathBuf {
        let browser = self.browser;
        browser.click(&format!("a[href='/certificates/{case}']"));
        self.act("revoke", "Заявление № 4");
        browser.click("[data-confirm]");
        browser.appears("h1 .state.ended");
        browser.appears("[data-refused=renew]");
        browser.click("[data-act=reissue]");
        browser.fill("why", "Ключ утрачен");
        browser.click("main form[action='/act/reissue'] button[type=submit]");
        self.make_key(PASSWORD);
        browser.appears("[data-issued]");
        self.hand_key_over()
    }

    /// Section 4: figures 17 and 18, the versions, the parameters of authentication.
    fn correct_the_data(&self, user: &str) {
        let browser = self.browser;
        browser.click("nav.menu a[href='/users']");
        browser.click(&format!("[data-card][href='/users/{user}']"));
        browser.appears("[data-act=edit-data]");
        browser.shots("user");
        browser.click("[data-act=edit-data]");
        browser.appears("form[data-start=registration]");
        browser.fill("f.title", "Президент");
        browser.click(".heading button[type=submit]");
        browser.says("main", "Президент");
        browser.click("nav.tabs a[href$='/history']");
        browser.says("main details table", "Генеральный директор");
        browser.shots("history");
        browser.click("nav.tabs a[href$='/access']");
        browser.appears("[data-act=block]");
        browser.shots("access");
        browser.click("nav.tabs a[href$='/papers']");
        browser.appears("a[href$='/print/create']");
        browser.shots("papers");
    }

    /// The pages that are looked at: approvals, CRLs, reports.
    fn look_around(&self) {
        let browser = self.browser;
        for (page, there) in [
            ("approvals", "main h1"),
            ("crls", "main article"),
            ("reports", "main select[name=kind]"),
            ("file", "main input[type=file]"),
        ] {
            browser.click(&format!("nav.menu a[href='/{page}']"));
            browser.appears(&format!("nav.menu a[href='/{page}'][aria-current]"));
            browser.appears(there);
            browser.shots(page);
        }
        for page in ["drafts", "carriers", "overdue", "act/receive-carrier?on=record"] {
            browser.go(&format!("/{page}"));
            browser.appears("main h1");
            browser.shots(page.split('?').next().unwrap().rsplit('/').next().unwrap());
        }
    }

    fn sign_out(&self) {
        self.browser.click("[data-sign-out]");
        self.browser.appears("form[data-start=sign-in]");
        assert_eq!(self.browser.keys().1, 0, "nobody else's key stays (V16)");
    }

    /// The temporary password must be changed; the cabinet; a key of one's own; refusals.
    fn first_sign_in_of_the_user(&self, user: &Registered) {
        let browser = self.browser;
        browser.fill("login", &user.login);
        browser.fill_in("form[action='/sign-in/password'] [name=password]", &user.password);
        browser.click("form[action='/sign-in/password'] button");
        browser.appears("form[action='/password']");
        browser.shots("first-sign-in");
        for new in ["short-1", OWN] {
            browser.fill("old", &user.password);
            browser.fill("new", new);
            browser.fill("again", new);
            browser.click("form[action='/password'] button");
            if new != OWN {
                browser.appears("form[action='/password'] [data-says]");
            }
        }
        browser.appears("nav.tabs");
        browser.click("nav.menu a[href$='/certificates']");
        browser.appears("article.certificate");
        browser.shots("cabinet");
        assert_eq!(browser.post_forged("/password"), 403);
        assert_eq!(browser.status("/administration"), 403);
        assert_eq!(browser.status("/users"), 403);
    }

    /// The administrator suspends the operator's certificate: it opens nothing any more.
    fn a_suspended_operator_is_refused(&self, operator: &str) {
        let browser = self.browser;
        browser.click("[data-demo='administrator.key']");
        browser.appears("[data-own-case]");
        browser.go(&format!("/users/{operator}/certificates"));
        browser.click("[data-view]");
        self.act("suspend", "Приказ № 5");
        browser.fill("key-password", "demo-2026");
        browser.click("[data-confirm]");
        browser.appears("h1 .state.held");
        self.sign_out();
        let form = "form[data-start=sign-in]";
        browser.appears(&format!("{form} option"));
        let key = browser.container_of("Журавлёва");
        browser.choose_in(&format!("{form} select"), &key);
        browser.fill_in(&format!("{form} [name=password]"), PASSWORD);
        browser.click(&format!("{form} button[type=submit]"));
        browser.says(&format!("{form} [data-told]"), "Вход не выполнен");
        browser.shot("refused");
    }
}
