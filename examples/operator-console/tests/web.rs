//! The web layer without a browser: who gets in, what a page may do, what a form must bring.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

#[path = "web/office.rs"]
mod administration;
#[path = "web/desk.rs"]
mod desk;
#[path = "web/file.rs"]
mod file;
#[path = "support/office.rs"]
mod office;
#[path = "support/people.rs"]
mod people;

use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use office::Office;
use people::HEAD;
use serde_json::json;

#[tokio::test]
async fn every_page_is_closed_to_whoever_is_not_signed_in() {
    let office = Office::open().await;
    let stranger = office.tab();
    let id = "0".repeat(32);
    for page in [
        "/",
        "/users",
        "/users.csv",
        "/users/new",
        "/file",
        "/file/results.csv",
        "/password",
        "/certificates",
        "/certificates.csv",
        "/approvals",
        "/crls",
        "/crls/0",
        "/reports",
        "/audit",
        "/audit/export",
        "/administration",
        "/profiles/sign-in",
        "/organizations/9900000120",
        "/drafts",
        "/drafts.csv",
        "/carriers",
        "/carriers.csv",
        "/carriers/print",
        "/overdue",
        "/overdue.csv",
        "/approvals.csv",
        "/crls.csv",
        "/crls/policy",
        "/audit/checkpoints/1",
        "/act/administer?on=record",
    ] {
        let answer = stranger.get(page).await;
        assert_eq!(
            (answer.status, answer.location()),
            (StatusCode::SEE_OTHER, "/sign-in"),
            "{page}"
        );
    }
    for page in
        ["", "/edit", "/bind", "/certificates", "/access", "/papers", "/history", "/request"]
    {
        let page = format!("/users/{id}{page}");
        assert_eq!(stranger.get(&page).await.location(), "/sign-in", "{page}");
    }
    for page in ["", "/key", "/download/cer", "/print/copy", "/printed/0", "/scan/0"] {
        let page = format!("/certificates/{id}{page}");
        assert_eq!(stranger.get(&page).await.location(), "/sign-in", "{page}");
    }
    for form in [
        "/execute",
        "/bulk",
        "/file",
        "/file/sign",
        "/copies",
        "/users/new",
        "/crls/policy",
        "/sign-out",
        "/audit/verify",
        "/audit/checkpoint",
        "/password",
    ] {
        assert_eq!(stranger.post(form, &[]).await.location(), "/sign-in", "{form}");
    }
}

#[tokio::test]
async fn every_answer_has_the_security_headers() {
    let office = Office::open().await;
    let tab = office.staff("operator").await;
    for page in ["/sign-in", "/", "/users", "/nowhere", "/assets/console.js", "/users/zz"] {
        let answer = tab.get(page).await;
        let header = |name: &str| answer.headers[name].to_str().unwrap().to_owned();
        let policy = header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; script-src 'self' "), "{page}: {policy}");
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{policy}");
        assert!(policy.contains(" connect-src 'self' http://127.0.0.1:47100; "), "{policy}");
        assert!(policy.contains("frame-ancestors 'none'") && policy.contains("form-action 'self'"));
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("x-frame-options"), "DENY");
        assert_eq!(header("referrer-policy"), "no-referrer");
        assert_eq!(header("cross-origin-opener-policy"), "same-origin");
        assert!(!answer.headers.contains_key("strict-transport-security"), "plain HTTP here");
        let cached = header("cache-control");
        assert_eq!(cached == "no-store", !page.starts_with("/assets"), "{page}: {cached}");
    }
}

#[tokio::test]
async fn pages_call_the_agent_of_one_port_alone_or_none() {
    for (agent, sources) in [(47_200, "'self' http://127.0.0.1:47200"), (0, "'self'")] {
        let office = Office::open_as(|arguments| arguments.agent = agent).await;
        let page = office.tab().get("/sign-in").await;
        let policy = page.headers["content-security-policy"].to_str().unwrap();
        assert!(policy.contains(&format!(" connect-src {sources}; ")), "{policy}");
        assert_eq!(page.text().contains("data-agent="), agent != 0);
    }
}

#[tokio::test]
async fn behind_https_cookies_are_for_it_alone_and_nothing_is_for_training() {
    let office = Office::open_as(|arguments| {
        arguments.secure = true;
        arguments.demo = false;
    })
    .await;
    let mut tab = office.tab();
    assert!(tab.get("/sign-in").await.headers.contains_key("strict-transport-security"));
    assert_eq!(tab.get("/demo/operator.key").await.status, StatusCode::NOT_FOUND);
    assert!(!tab.get("/sign-in").await.text().contains("demo-2026"));
    let container = std::fs::read(office.data.join("demo/operator.key")).unwrap();
    let container = base64(&container);
    assert_eq!(tab.sign_in(&container, "demo-2026").await["go"], "/");
    assert!(tab.cookie.starts_with("__Host-session="), "{}", tab.cookie);
}

#[tokio::test]
async fn a_session_is_a_cookie_of_this_browser_and_ends() {
    let office = Office::open().await;
    let tab = office.tab();
    let answer = tab.post_json("/sign-in/challenge", &json!({})).await;
    assert!(!answer.headers.contains_key(SET_COOKIE), "nobody gets a session before signing in");
    let (first, second) = (office.staff("operator").await, office.staff("operator").await);
    assert_ne!(first.cookie, second.cookie);
    assert_ne!(first.csrf, second.csrf);
    assert_eq!(first.get("/users").await.status, StatusCode::OK);
    assert_eq!(first.post("/sign-out", &[]).await.location(), "/sign-in");
    assert_eq!(first.get("/users").await.location(), "/sign-in");
    assert_eq!(second.get("/users").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_forged_form_does_nothing() {
    let office = Office::open().await;
    let (mut operator, other) = (office.staff("operator").await, office.staff("operator").await);
    let form = [HEAD, &[("csrf", other.csrf.as_str())]].concat();
    let with_others_token = operator.post_from("http://console", "/users/new", &form).await;
    assert_eq!(with_others_token.status, StatusCode::FORBIDDEN);
    let none = operator.post_from("http://console", "/users/new", HEAD).await;
    assert_eq!(none.status, StatusCode::FORBIDDEN);
    let form = [HEAD, &[("csrf", operator.csrf.as_str())]].concat();
    let elsewhere = operator.post_from("http://elsewhere", "/users/new", &form).await;
    assert_eq!(elsewhere.status, StatusCode::FORBIDDEN);
    assert_eq!(elsewhere.between("data-code=\"", "\""), "forged");
    let nobody = operator.get("/users").await.text();
    assert!(!nobody.contains("Ёлкина"));
    operator.register(HEAD).await;
    assert!(operator.get("/users").await.text().contains("Ёлкина"));
}

#[tokio::test]
async fn a_command_of_the_staff_is_nothing_without_its_own_signature() {
    let office = Office::open().await;
    let mut operator = office.staff("operator").await;
    let asked = operator.post("/users/new", HEAD).await;
    let envelope = asked.between("name=\"envelope\" value=\"", "\"");
    let message = asked.between("data-message=\"", "\"");
    let send = |signature: String| {
        let envelope = envelope.clone();
        [("on", "record".to_owned()), ("envelope", envelope), ("signature", signature)]
    };
    let unsigned = post(&operator, &send(String::new())).await;
    assert_eq!(unsigned.status, StatusCode::UNPROCESSABLE_ENTITY);
    let of_another = operator.sign("AAAA")["signature"].as_str().unwrap().to_owned();
    assert_eq!(post(&operator, &send(of_another)).await.status, StatusCode::FORBIDDEN);
    let signature = operator.sign(&message)["signature"].as_str().unwrap().to_owned();
    let changed = [
        ("on", "record".to_owned()),
        ("envelope", envelope.replace("Ромашка", "Василёк")),
        ("signature", signature.clone()),
    ];
    assert_eq!(post(&operator, &changed).await.status, StatusCode::FORBIDDEN);
    let done = post(&operator, &send(signature)).await;
    assert!(done.text().contains("data-temporary"), "{}", done.text());
}

async fn post(tab: &office::Tab, fields: &[(&str, String)]) -> office::Answer {
    let fields = fields.iter().map(|(key, value)| (*key, value.as_str()));
    tab.post("/execute", &fields.collect::<Vec<_>>()).await
}

#[tokio::test]
async fn signing_in_too_often_is_put_off() {
    let office = Office::open().await;
    let mut tab = office.tab();
    for _ in 0..60 {
        let answer = tab.post_json("/sign-in/challenge", &json!({})).await;
        assert_eq!(answer.status, StatusCode::OK);
    }
    let answer = tab.post_json("/sign-in/challenge", &json!({})).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    let answer = tab.sign_in_by_password("nobody", "nothing").await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(tab.get("/sign-in").await.status, StatusCode::OK, "pages stay");
}

#[tokio::test]
async fn passwords_that_are_wrong_say_nothing_and_lock() {
    let office = Office::open().await;
    let (_, login, temporary) = office.staff("operator").await.register(HEAD).await;
    let mut tab = office.tab();
    let told = |answer: &office::Answer| answer.between("data-says>", "<");
    let wrong = tab.sign_in_by_password(&login, "Wrong-password-1").await;
    let nobody = tab.sign_in_by_password("no.body", "Wrong-password-1").await;
    let no_login = tab.sign_in_by_password("'; drop table", "x").await;
    assert_eq!(wrong.status, StatusCode::FORBIDDEN);
    assert_eq!((told(&wrong), told(&wrong)), (told(&nobody), told(&no_login)));
    for _ in 0..5 {
        tab.sign_in_by_password(&login, "Wrong-password-1").await;
    }
    let right = tab.sign_in_by_password(&login, &temporary).await;
    assert_eq!(right.status, StatusCode::FORBIDDEN, "locked, whatever is typed");
    assert!(tab.cookie.is_empty());
}

#[tokio::test]
async fn a_temporary_password_opens_its_change_alone() {
    let office = Office::open().await;
    let (user, login, temporary) = office.staff("operator").await.register(HEAD).await;
    let mut tab = office.tab();
    assert_eq!(tab.sign_in_by_password(&login, &temporary).await.status, StatusCode::SEE_OTHER);
    for page in ["/".to_owned(), "/certificates".to_owned(), format!("/users/{user}")] {
        assert!(
            ["/password", &format!("/users/{user}")].contains(&tab.get(&page).await.location()),
            "{page}"
        );
    }
    assert_eq!(tab.get(&format!("/users/{user}")).await.location(), "/password");
    let change = |new: &'static str| {
        [("old", temporary.clone()), ("new", new.to_owned()), ("again", new.to_owned())]
    };
    for refused in ["Seven-7", "letters-alone", "12345678"] {
        let fields = change(refused);
        let fields = fields.each_ref().map(|(key, value)| (*key, value.as_str()));
        let answer = tab.post("/password", &fields).await;
        assert!(answer.text().contains("data-says"), "{refused}");
    }
    let same = [("old", &*temporary), ("new", &*temporary), ("again", &*temporary)];
    assert!(tab.post("/password", &same).await.text().contains("data-says"));
    let fields = change("Own-password-1");
    let fields = fields.each_ref().map(|(key, value)| (*key, value.as_str()));
    let before = tab.cookie.clone();
    assert_eq!(tab.change_password(&fields).await.status, StatusCode::SEE_OTHER);
    let page = tab.get(&format!("/users/{user}")).await;
    assert!(page.text().contains("<small>Ёлкина Мария О"), "{}", page.text());
    let new = std::mem::replace(&mut tab.cookie, before);
    assert_eq!(tab.get("/").await.location(), "/sign-in", "the cookie of before is none");
    assert_ne!(tab.cookie, new);
}

#[tokio::test]
async fn a_user_sees_their_own_and_nothing_else() {
    let office = Office::open().await;
    let mut operator = office.staff("operator").await;
    let (user, login, temporary) = operator.register(HEAD).await;
    let case = operator.issue(&user, "tax-service").await;
    let other = [HEAD, &[("f.snils", "112-233-445 95")]].concat();
    assert!(operator.post("/users/new", &other).await.text().contains("data-says"), "R1: known");
    let mut tab = office.tab();
    tab.sign_in_by_password(&login, &temporary).await;
    let change = [("old", &*temporary), ("new", "Own-password-1"), ("again", "Own-password-1")];
    tab.change_password(&change).await;
    for page in [format!("/users/{user}"), format!("/certificates/{case}")] {
        assert_eq!(tab.get(&page).await.status, StatusCode::OK, "{page}");
    }
    let staff = operator.get("/").await.between("data-user=\"", "\"");
    for page in [
        format!("/users/{staff}"),
        format!("/users/{staff}/access"),
        "/users".to_owned(),
        "/users/new".to_owned(),
        "/users.csv".to_owned(),
        "/administration".to_owned(),
        "/profiles/tax-service".to_owned(),
        "/audit".to_owned(),
        "/audit/export".to_owned(),
        "/reports".to_owned(),
    ] {
        let answer = tab.get(&page).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{page}: {}", answer.text());
    }
    assert_eq!(tab.post("/audit/verify", &[]).await.status, StatusCode::FORBIDDEN);
    let forbidden = [("on", &*format!("case-{case}")), ("comment", "x")];
    let asked = tab.post("/act/waive", &forbidden).await;
    assert_ne!(tab.confirm(&asked).await.status, StatusCode::OK);
}

#[tokio::test]
async fn what_people_type_is_text_on_every_page() {
    let office = Office::open().await;
    let mut operator = office.staff("operator").await;
    let script = "<script>alert(1)</script>";
    let firm = [HEAD, &[("f.organization", "ООО \"<img src=x onerror=alert(1)>\"")]].concat();
    let firm: Vec<_> = firm.into_iter().rev().collect();
    let (user, ..) = operator.register(&firm).await;
    for page in [
        format!("/users?q={script}"),
        format!("/certificates?q={script}&state={script}"),
        format!("/audit?days={script}"),
        format!("/reports?kind={script}&from={script}"),
        format!("/users/{user}"),
        "/users".to_owned(),
        format!("/users/{user}/history"),
    ] {
        let text = operator.get(&page.replace('<', "%3C").replace('>', "%3E")).await.text();
        assert!(!text.contains("<script>alert") && !text.contains("<img src=x"), "{page}");
    }
}

#[tokio::test]
async fn odd_input_is_a_page_that_says_so() {
    let office = Office::open().await;
    let operator = office.staff("operator").await;
    for (page, status) in [
        ("/nowhere", StatusCode::NOT_FOUND),
        ("/users/zz", StatusCode::NOT_FOUND),
        ("/certificates/00000000000000000000000000000000", StatusCode::NOT_FOUND),
        ("/act/nothing?on=record", StatusCode::NOT_FOUND),
        ("/act/suspend?on=zz", StatusCode::BAD_REQUEST),
        ("/users?after=zz", StatusCode::BAD_REQUEST),
        ("/organizations/12345", StatusCode::NOT_FOUND),
        ("/demo/..%2Fauthority.pin", StatusCode::NOT_FOUND),
        ("/assets/..%2Ftexts.json", StatusCode::NOT_FOUND),
    ] {
        let answer = operator.get(page).await;
        assert_eq!(answer.status, status, "{page}");
        assert!(answer.text().contains("data-code"), "{page}");
    }
    let garbage = [("on", "record"), ("envelope", "{}"), ("signature", "!")];
    assert_eq!(operator.post("/execute", &garbage).await.status, StatusCode::BAD_REQUEST);
    let long = "x".repeat(12 << 20);
    let answer = operator.post("/users/new", &[("f.surname", &long)]).await;
    assert!(answer.status.is_client_error(), "{}", answer.status);
}

#[tokio::test]
async fn the_language_is_chosen_and_leads_nowhere_else() {
    let office = Office::open().await;
    let tab = office.tab();
    let choose = |back: &'static str| [("language", "en"), ("back", back)];
    for (back, to) in [
        ("/workplace", "/workplace"),
        ("//evil.example", "/"),
        ("https://e.x", "/"),
        ("/\\evil", "/"),
    ] {
        let answer = tab.post_from("http://console", "/language", &choose(back)).await;
        assert_eq!(answer.location(), to, "{back}");
        let cookie = answer.headers[SET_COOKIE].to_str().unwrap().to_owned();
        assert!(cookie.contains("language=en;") && cookie.contains("HttpOnly; SameSite=Strict"));
    }
}

#[tokio::test]
async fn the_workplace_is_small() {
    let office = Office::open().await;
    let module = office.tab().get("/assets/workplace.wasm").await;
    assert_eq!(module.headers["content-encoding"], "gzip");
    assert!(module.octets.len() < 1_000_000, "{} octets, compressed", module.octets.len());
}

#[tokio::test]
async fn a_suspended_operator_does_nothing_more() {
    let office = Office::open().await;
    let (operator, mut administrator) =
        (office.staff("operator").await, office.staff("administrator").await);
    let own = operator.get("/").await.between("data-own-case=\"", "\"");
    let suspend =
        [("on", &*format!("case-{own}")), ("ground", "owner-application"), ("document", "1")];
    let asked = administrator.post("/act/suspend", &suspend).await;
    let done = administrator.confirm(&asked).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
    let refused = operator.post("/users/new", HEAD).await;
    assert!(!refused.text().contains("data-temporary"));
    assert_eq!(operator.get("/users").await.location(), "/sign-in?ended=1");
    let container = std::fs::read(office.data.join("demo/operator.key")).unwrap();
    let answer = office.tab().sign_in(&base64(&container), "demo-2026").await;
    assert!(answer["go"].is_null() && answer["refused"].is_string(), "{answer}");
}

#[tokio::test]
async fn a_certificate_goes_its_whole_way() {
    let office = Office::open().await;
    let mut operator = office.staff("operator").await;
    let (user, ..) = operator.register(HEAD).await;
    let case = operator.issue(&user, "tax-service").await;
    let page = |path: &str| format!("/certificates/{case}{path}");
    for download in ["cer", "pem", "p7b", "p10", "zip"] {
        let answer = operator.get(&page(&format!("/download/{download}"))).await;
        assert_eq!(answer.status, StatusCode::OK, "{download}");
        assert!(
            answer.headers["content-disposition"]
                .to_str()
                .unwrap()
                .ends_with(&format!(".{download}\""))
        );
    }
    for form in [
        "copy",
        "request",
        "acknowledgement",
        "terminate",
        "suspend",
        "resume",
        "extract",
        "status",
    ] {
        let paper = operator.get(&page(&format!("/print/{form}"))).await;
        assert!(paper.text().contains("Учебный удостоверяющий центр"), "{form}");
        assert!(paper.headers["content-security-policy"].to_str().unwrap().starts_with("sandbox;"));
    }
    let serial = operator.get(&page("")).await.between("data-serial>", "<");
    let found = operator.get(&format!("/certificates?q={}", serial.replace(' ', "+"))).await;
    assert!(found.text().contains(&case), "found by its serial number");
    let thumbprint =
        operator.get(&page("")).await.between("<dt>SHA-1</dt><dd class=\"octets\">", "<");
    let found = operator.get(&format!("/certificates?q={}", thumbprint.replace(' ', ":"))).await;
    assert!(found.text().contains(&case), "found by its thumbprint {thumbprint}");
    let found = operator.get("/certificates?q=%D1%91%D0%BB%D0%BA").await;
    assert!(found.text().contains(&case), "found by its owner's name");
    let known = operator.get("/organizations/9900000120").await.json();
    assert_eq!(known["ogrn"], "1029900000019");
    let done =
        operator.act(&case, "suspend", &[("ground", "owner-application"), ("document", "1")]).await;
    assert_eq!(done.location(), page("?done=1"));
    assert!(operator.get(&page("")).await.text().contains("state held"));
    operator.act(&case, "resume", &[("ground", "owner-application"), ("document", "2")]).await;
    let elder = operator.act(&case, "renew", &[]).await;
    let younger = elder.location().split('/').nth(2).unwrap().to_owned();
    operator.make_key(&younger).await;
    let asked = operator
        .post("/act/revoke", &[("on", &*format!("case-{case}")), REVOKE[0], REVOKE[1], REVOKE[2]])
        .await;
    assert!(asked.text().contains("Отменить это нельзя"), "U4: said before it is signed");
    assert_eq!(operator.confirm(&asked).await.location(), page("?done=1"));
    assert_eq!(operator.act(&case, "hide", &[]).await.status, StatusCode::SEE_OTHER);
    let list = |query: &str| format!("/certificates{query}");
    assert!(!operator.get(&list("")).await.text().contains(&case), "V11: off the list");
    assert!(operator.get(&list("?hidden=1")).await.text().contains(&case));
    let refused = operator.act(&younger, "hide", &[]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "V11: not while it is in force");
}

#[tokio::test]
async fn a_signed_copy_is_noted() {
    let office = Office::open().await;
    let mut operator = office.staff("operator").await;
    let (user, ..) = operator.register(HEAD).await;
    let case = operator.issue(&user, "tax-service").await;
    let page = format!("/certificates/{case}");
    assert!(operator.get(&page).await.text().contains("ознакомление не подтверждено"));
    let pdf = "%PDF-1.7\n1 0 obj\n%%EOF\n";
    let fields = [("on", format!("case-{case}")), ("kind", "signed-copy".to_owned())];
    let asked = operator.upload("/act/attach-scan", &fields, pdf).await;
    assert_eq!(operator.confirm(&asked).await.location(), format!("{page}?done=1"));
    let scan = operator.get(&format!("{page}/scan/0")).await;
    assert_eq!(
        (scan.text(), &scan.headers["content-type"]),
        (pdf.to_owned(), &"application/pdf".parse().unwrap())
    );
    let asked = operator.upload("/act/attach-scan", &fields, "<html>").await;
    assert_ne!(
        operator.confirm(&asked).await.status,
        StatusCode::SEE_OTHER,
        "neither PDF nor JPEG"
    );
}

#[tokio::test]
async fn the_hand_over_sheet_shows_the_password_once() {
    let office = Office::open().await;
    let mut operator = office.staff("operator").await;
    let (user, login, temporary) = operator.register(HEAD).await;
    let sheet = format!("/users/{user}/hand-over");
    let fields = [("pin", "Temporary-PIN-7"), ("carrier", "0A1B2C")];
    let first = operator.post(&sheet, &fields).await.text();
    for there in [&*login, &*temporary, "Temporary-PIN-7", "0A1B2C", "Ёлкина"] {
        assert!(first.contains(there), "{there}");
    }
    let second = operator.post(&sheet, &fields).await.text();
    assert!(!second.contains(&temporary) && second.contains("0A1B2C"));
    for file in std::fs::read_dir(&office.data).unwrap() {
        let file = file.unwrap().path();
        let octets = if file.is_file() { std::fs::read(&file).unwrap() } else { Vec::new() };
        for secret in [&*temporary, "Temporary-PIN-7"] {
            let found = octets.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "a secret in {}", file.display());
        }
    }
}

#[tokio::test]
async fn what_a_profile_wants_approved_waits_for_somebody_else() {
    let office = Office::open().await;
    let (mut operator, mut administrator) =
        (office.staff("operator").await, office.staff("administrator").await);
    let page = administrator.get("/profiles/tax-service").await;
    let json = page.between("data-json>", "</textarea>");
    let mut profile: serde_json::Value = serde_json::from_str(&json).unwrap();
    profile["policy"]["approvals"] = json!([{ "act": "revoke", "quorum": 1 }]);
    let wrong = administrator.post("/profiles/tax-service", &[("json", "{ \"id\": 1 }")]).await;
    assert!(wrong.text().contains("Это не шаблон"), "{}", wrong.text());
    let asked =
        administrator.post("/profiles/tax-service", &[("json", &profile.to_string())]).await;
    assert_eq!(administrator.confirm(&asked).await.location(), "/administration?done=1");

    let (user, ..) = operator.register(HEAD).await;
    let case = operator.issue(&user, "tax-service").await;
    let waits = operator.act(&case, "revoke", REVOKE).await.location().to_owned();
    assert!(waits.starts_with("/approvals/"), "{waits}");
    assert!(operator.get(&format!("/certificates/{case}")).await.text().contains("state good"));
    assert!(
        operator.get(&waits).await.text().contains("data-refused=\"approve\""),
        "not by oneself"
    );
    assert!(administrator.get("/approvals").await.text().contains(&waits));
    let approval = waits.trim_start_matches("/approvals/");
    let on = format!("approval-{approval}");
    let asked = administrator.post("/act/approve", &[("on", on.as_str()), ("comment", "")]).await;
    let done = administrator.confirm(&asked).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
    assert!(operator.get(&format!("/certificates/{case}")).await.text().contains("state ended"));
}

#[tokio::test]
async fn many_certificates_are_rehearsed_and_then_done_as_one() {
    let office = Office::open().await;
    let mut operator = office.staff("operator").await;
    let (user, ..) = operator.register(HEAD).await;
    let cases =
        [operator.issue(&user, "tax-service").await, operator.issue(&user, "tax-service").await];
    operator.act(&cases[1], "suspend", &[("ground", "owner-application"), ("document", "1")]).await;
    let mut fields = vec![("act", "suspend"), ("ground", "owner-application"), ("document", "2")];
    fields.extend(cases.iter().map(|case| ("case", case.as_str())));
    let rehearsed = operator.post("/bulk", &fields).await.text();
    assert_eq!(rehearsed.matches("check-ok").count(), 1);
    assert_eq!(rehearsed.matches("check-bad").count(), 1, "one is on hold already");
    let good = format!("/certificates/{}", cases[0]);
    assert!(operator.get(&good).await.text().contains("state good"), "a rehearsal does nothing");
    fields.push(("go", "1"));
    let asked = operator.post("/bulk", &fields).await;
    let done = operator.confirm(&asked).await.text();
    assert_eq!((done.matches("check-ok").count(), done.matches("check-bad").count()), (1, 1));
    assert!(operator.get(&good).await.text().contains("state held"));
}

#[tokio::test]
async fn a_user_serves_themselves() {
    let office = Office::open().await;
    let (user, login, temporary) = office.staff("operator").await.register(HEAD).await;
    let mut tab = office.tab();
    tab.sign_in_by_password(&login, &temporary).await;
    let change = [("old", &*temporary), ("new", "Own-password-1"), ("again", "Own-password-1")];
    tab.change_password(&change).await;
    let case = tab.issue(&user, "tax-service").await;
    let page = format!("/certificates/{case}");
    assert!(tab.get(&page).await.text().contains("state good"), "{}", tab.get(&page).await.text());
    assert_eq!(tab.act(&case, "accept", &[]).await.location(), format!("{page}?done=1"));
    assert!(!tab.get(&page).await.text().contains("ознакомление не подтверждено"));

    // the certificate opens the door, once its key has signed
    let asked = tab.get(&format!("/users/{user}/bind")).await;
    let challenge = asked.between("name=\"challenge\" value=\"", "\"");
    let fields = [("case", &*case), ("challenge", &*challenge), ("proof", "AAAA")];
    let wrong = tab.post(&format!("/users/{user}/bind"), &fields).await;
    assert_eq!(tab.confirm(&wrong).await.status, StatusCode::FORBIDDEN, "another signature");
    let asked = tab.get(&format!("/users/{user}/bind")).await;
    let challenge = asked.between("name=\"challenge\" value=\"", "\"");
    let proof = tab.sign_own(&asked.between("data-message=\"", "\""));
    let fields = [("case", &*case), ("challenge", &*challenge), ("proof", &*proof)];
    let asked = tab.post(&format!("/users/{user}/bind"), &fields).await;
    assert_eq!(tab.confirm(&asked).await.location(), format!("/users/{user}/access?done=1"));
    let certificate = tab.get(&format!("{page}/download/cer")).await.octets;
    let mut again = office.tab();
    let container = tab.bound_container(&certificate);
    assert_eq!(again.sign_in(&container, "container-1").await["go"], "/");

    let hold = [("ground", "owner-application"), ("document", "1")];
    assert_eq!(tab.act(&case, "suspend", &hold).await.location(), format!("{page}?done=1"));
    assert!(tab.get(&page).await.text().contains("state held"));
    assert_eq!(again.get("/users").await.location(), "/sign-in?ended=1", "it rested on that");
}

/// What a termination wants to know.
const REVOKE: &[(&str, &str)] =
    &[("reason", "cessationOfOperation"), ("ground", "owner-application"), ("document", "3")];

fn base64(octets: &[u8]) -> String {
    use base64ct::Encoding as _;
    base64ct::Base64::encode_string(octets)
}
