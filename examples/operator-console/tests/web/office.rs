//! What the administrator decides: how CRLs are made, checkpoints; and what is overdue.

use axum::http::StatusCode;
use gost_ca::audit::checkpoint::SignedCheckpoint;

use crate::office::Office;
use crate::people::HEAD;

#[tokio::test]
async fn the_administrator_says_how_crls_are_made() {
    let office = Office::open().await;
    let mut administrator = office.staff("administrator").await;
    let policy = |period: &'static str, validity: &'static str| {
        [
            ("period", period),
            ("validity", validity),
            ("urgency", "10"),
            ("look_back", "48"),
            ("shrink", "30"),
        ]
    };
    assert!(administrator.get("/crls/policy").await.text().contains("name=\"period\""));
    let bad = administrator.post("/crls/policy", &policy("24", "12")).await;
    assert!(bad.text().contains("data-says"), "shorter than its period: {}", bad.text());
    let asked = administrator.post("/crls/policy", &policy("24", "72")).await;
    assert_eq!(administrator.confirm(&asked).await.location(), "/crls?done=1");
    let form = administrator.get("/crls/policy").await;
    assert_eq!(form.between("name=\"period\" min=\"0\" value=\"", "\""), "24");
    assert!(form.text().contains("folder"), "what the form does not have stays");
    let list = administrator.get("/crls").await.text();
    assert!(list.contains("data-next"), "{list}");
    assert!(administrator.get("/crls.csv").await.text().contains("Действует с"));
    let release = administrator.post("/crls/0/release", &[]).await;
    let refused = administrator.confirm(&release).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "nothing is blocked");

    let operator = office.staff("operator").await;
    assert_eq!(operator.get("/crls/policy").await.status, StatusCode::FORBIDDEN);
    let forbidden = operator.post("/crls/policy", &policy("24", "72")).await;
    assert_eq!(forbidden.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_checkpoint_is_made_and_kept_outside() {
    let office = Office::open().await;
    let mut administrator = office.staff("administrator").await;
    let before = administrator.get("/audit").await.text().matches("/audit/checkpoints/").count();
    let asked = administrator.post("/audit/checkpoint", &[]).await;
    assert_eq!(administrator.confirm(&asked).await.location(), "/audit");
    let page = administrator.get("/audit").await;
    assert_eq!(page.text().matches("/audit/checkpoints/").count(), before + 1);
    let number = page.between("href=\"/audit/checkpoints/", "\"");
    let kept: SignedCheckpoint = serde_json::from_slice(
        &administrator.get(&format!("/audit/checkpoints/{number}")).await.octets,
    )
    .unwrap();
    let outside = std::fs::read_dir(office.data.join("checkpoints")).unwrap();
    let outside = outside.map(|file| std::fs::read(file.unwrap().path()).unwrap());
    let outside: Vec<SignedCheckpoint> =
        outside.filter_map(|octets| serde_json::from_slice(&octets).ok()).collect();
    assert!(outside.contains(&kept), "{outside:?}");
    assert!(page.text().contains("<td>✓</td>"), "entries are proven by it");
    let operator = office.staff("operator").await;
    let forbidden = operator.get(&format!("/audit/checkpoints/{number}")).await;
    assert_eq!(forbidden.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn an_office_that_is_opened_again_goes_on_with_its_checkpoints() {
    let office = Office::open().await;
    let again = office.opened_again().await;
    let mut administrator = again.staff("administrator").await;
    let asked = administrator.post("/audit/checkpoint", &[]).await;
    assert_eq!(administrator.confirm(&asked).await.location(), "/audit");
}

#[tokio::test]
async fn terminations_whose_term_is_over_are_listed() {
    let office = Office::open().await;
    let mut operator = office.staff("operator").await;
    let (user, ..) = operator.register(HEAD).await;
    let case = operator.issue(&user, "tax-service").await;
    assert!(!operator.get("/overdue").await.text().contains(&case));
    let fields = [
        ("reason", "keyCompromise"),
        ("ground", "owner-application"),
        ("document", "Заявление 1"),
        ("learned", "2025-01-01T00:00"),
    ];
    let done = operator.act(&case, "apply-for-termination", &fields).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
    for page in ["/", "/overdue"] {
        let text = operator.get(page).await.text();
        assert!(text.contains("data-overdue") && text.contains(&case), "{page}: {text}");
    }
    let table = operator.get("/overdue.csv").await.text();
    assert!(table.contains(&case) && table.contains("Ёлкина"), "{table}");
}

#[tokio::test]
async fn every_list_is_a_table_for_others_too() {
    let office = Office::open().await;
    let operator = office.staff("operator").await;
    for list in ["users", "drafts", "certificates", "approvals", "carriers", "crls", "overdue"] {
        let page = operator.get(&format!("/{list}")).await.text();
        assert!(page.contains(&format!("href=\"/{list}.csv")), "{list}");
        let table = operator.get(&format!("/{list}.csv")).await;
        assert!(table.octets.starts_with("\u{feff}".as_bytes()), "{list}: U12");
        assert!(table.text().lines().next().unwrap().contains(';'), "{list}");
    }
    assert!(operator.get("/reports?kind=late").await.text().contains("Внесённые с опозданием"));
}
