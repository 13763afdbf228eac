//! Many acts from one file.

use crate::office::{Office, Tab};
use crate::people::HEAD;

/// The representative of the other tests, as a row of a table.
fn table(change: impl Fn(&str, &str) -> String) -> String {
    let columns: Vec<_> = HEAD.iter().map(|(name, _)| name.trim_start_matches("f.")).collect();
    let cells = HEAD.iter().map(|(name, value)| change(name.trim_start_matches("f."), value));
    let cells: Vec<_> = cells.map(|text| format!("\"{}\"", text.replace('"', "\"\""))).collect();
    format!("act;login;{}\nregister;elkina.file;{}\n", columns.join(";"), cells.join(";"))
}

async fn check(operator: &Tab, file: &str) -> String {
    let profile = [("profile", "commercial".to_owned())];
    operator.upload("/file", &profile, file).await.text()
}

#[tokio::test]
async fn a_file_is_checked_signed_and_told_row_by_row() {
    let office = Office::open().await;
    let mut operator = office.staff("operator").await;
    assert!(operator.get("/").await.text().contains("href=\"/file\""));

    let wrong = table(|name, value| if name == "inn" { "1".to_owned() } else { value.to_owned() });
    let told = check(&operator, &wrong).await;
    assert!(told.contains("Файл не принят") && told.contains("строка 2, столбец inn"), "{told}");
    assert!(!told.contains("/file/sign"), "nothing to be signed");

    let right = table(|_, value| value.to_owned());
    let told = check(&operator, &right).await;
    assert!(told.contains("Будет выполнено") && told.contains("/file/sign"), "{told}");
    assert!(!operator.get("/users").await.text().contains("elkina.file"), "a rehearsal");

    let asked = operator.post("/file/sign", &[]).await;
    assert!(!asked.text().contains("прекратится навсегда"), "nothing ends");
    assert_eq!(operator.confirm(&asked).await.location(), "/file");
    let told = operator.get("/file").await.text();
    assert!(told.contains("Зарегистрирован") && !told.contains("/file/sign"), "{told}");
    let results = operator.get("/file/results.csv").await.text();
    assert!(results.contains("2;register;elkina.file;"), "{results}");

    // the same file, by whoever did not know
    let told = check(&operator, &right).await;
    assert!(told.contains("Зарегистрирован") && !told.contains("/file/sign"), "{told}");

    // users by login; what cannot be read is told at its place
    let issue = "act;login;request\nissue;elkina.file;AAAA\nissue;nobody;AAAA\n";
    let told = check(&operator, issue).await;
    assert!(told.contains("строка 2, столбец request"), "{told}");
    assert!(told.contains("строка 3, столбец login: такого логина нет"), "{told}");
}

#[tokio::test]
async fn a_file_is_nobody_elses() {
    let office = Office::open().await;
    let mut operator = office.staff("operator").await;
    let told = check(&operator, &table(|_, value| value.to_owned())).await;
    assert!(told.contains("/file/sign"), "{told}");
    let asked = operator.post("/file/sign", &[]).await;
    operator.confirm(&asked).await;
    // another's file is nobody else's
    let administrator = office.staff("administrator").await;
    assert!(!administrator.get("/file").await.text().contains("elkina.file"));
}
