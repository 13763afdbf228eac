//! The user's own documents, in the cabinet.

use std::path::Path;

use crate::{Desk, PASSWORD, openssl};

impl Desk<'_> {
    /// V17: signed, checked, encrypted, decrypted; what was signed is verified by OpenSSL.
    pub(crate) fn documents_of_the_user(&self, container: &Path) {
        let browser = self.browser;
        let key = self.key_comes_from_its_file(container);
        let contract = browser.file("contract.txt", "Договор № 1\n".repeat(100_000).as_bytes());
        browser.go("/documents/sign");
        let form = "form[data-document=sign]";
        browser.upload(&format!("{form} [name=document]"), &contract);
        browser.choose_in(&format!("{form} select"), &key);
        browser.fill("key-password", "wrong-password");
        browser.click(&format!("{form} button[type=submit]"));
        browser.says(&format!("{form} [data-told]"), "Неверный пароль");
        browser.fill("key-password", OWN_PASSWORD);
        browser.click(&format!("{form} button[type=submit]"));
        let signature = browser.saved("contract.txt.p7s");
        browser.appears(&format!("{form} [data-done]:not([hidden])"));
        browser.shots("documents-sign");
        openssl::verify_signature(&self.server.data, &signature, &contract);
        self.check_document(&signature, &contract);
        self.encrypt_document(&contract, &key);
    }

    /// The container that was handed over: opened, and put under a password of its owner's.
    fn key_comes_from_its_file(&self, container: &Path) -> String {
        let browser = self.browser;
        browser.go("/workplace");
        browser.upload("[data-start=containers] input[type=file]", container);
        let list = "[data-start=containers] select";
        let key = browser.option_saying(list, "Ромашка");
        browser.choose_in(list, &key);
        browser.fill("old", PASSWORD);
        browser.fill("new", OWN_PASSWORD);
        browser.click("[data-change]");
        browser.says("[data-start=containers] [data-told]", "сменён");
        key
    }

    fn check_document(&self, signature: &Path, contract: &Path) {
        let browser = self.browser;
        browser.go("/documents/check");
        let form = "form[data-document=check]";
        browser.upload(&format!("{form} [name=document]"), signature);
        browser.click(&format!("{form} button[type=submit]"));
        browser.says(&format!("{form} [data-told]"), "отсоединённая");
        browser.upload(&format!("{form} [name=beside]"), contract);
        browser.click(&format!("{form} button[type=submit]"));
        browser.appears(&format!("{form} [data-verdict=valid]"));
        browser.says(&format!("{form} [data-verdict]"), "Подпись действительна");
        browser.shots("documents-check");
        let another = browser.file("another.txt", b"another");
        browser.upload(&format!("{form} [name=beside]"), &another);
        browser.click(&format!("{form} button[type=submit]"));
        browser.appears(&format!("{form} [data-verdict=invalid]"));
    }

    fn encrypt_document(&self, contract: &Path, key: &str) {
        let browser = self.browser;
        browser.go("/documents/encrypt");
        let form = "form[data-document=encrypt]";
        browser.upload(&format!("{form} [name=document]"), contract);
        browser.click(&format!("{form} button[type=submit]"));
        browser.says(&format!("{form} [data-told]"), "кому зашифровать");
        browser.click(&format!("{form} [data-find]"));
        browser.click(&format!("{form} [data-found] button"));
        browser.appears(&format!("{form} [data-recipients] li"));
        browser.click(&format!("{form} button[type=submit]"));
        let sealed = browser.saved("contract.txt.p7m");
        browser.shots("documents-encrypt");
        let plain = std::fs::read(contract).unwrap();
        std::fs::remove_file(contract).unwrap();
        browser.go("/documents/decrypt");
        let form = "form[data-document=decrypt]";
        browser.upload(&format!("{form} [name=document]"), &sealed);
        browser.choose_in(&format!("{form} select"), key);
        browser.fill("key-password", OWN_PASSWORD);
        browser.click(&format!("{form} button[type=submit]"));
        browser.appears(&format!("{form} [data-done]:not([hidden])"));
        browser.shots("documents-decrypt");
        assert_eq!(std::fs::read(browser.saved("contract.txt")).unwrap(), plain);
    }
}

const OWN_PASSWORD: &str = "my-container-1";
