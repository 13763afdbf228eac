//! What the desk does beside certificates: drafts, carriers, printed forms, copies of many, figure 9.

use axum::http::StatusCode;

use crate::office::{Answer, Office, Tab};
use crate::people::HEAD;

/// Some of the form, as whoever was interrupted leaves it.
const BEGUN: &[(&str, &str)] =
    &[("f.kind", "legal-entity"), ("f.surname", "Ёлкина"), ("login", "elkina")];

async fn begin_draft(operator: &mut Tab) -> String {
    let asked = operator.post("/users/new", &[BEGUN, &[("draft", "1")]].concat()).await;
    let begun = operator.confirm(&asked).await;
    begun
        .location()
        .strip_prefix("/drafts/")
        .unwrap_or_else(|| panic!("{}", begun.text()))
        .to_owned()
}

#[tokio::test]
async fn a_registration_is_begun_saved_and_completed() {
    let office = Office::open().await;
    let mut operator = office.staff("operator").await;
    let user = begin_draft(&mut operator).await;
    let page = format!("/drafts/{user}");
    assert!(operator.get("/drafts").await.text().contains(&page));
    assert!(operator.get("/drafts.csv").await.text().contains("Ёлкина;elkina"));
    assert!(operator.get(&page).await.text().contains("value=\"Ёлкина\""));
    assert!(!operator.get("/users").await.text().contains("Ёлкина"), "nobody is registered yet");

    let more = [BEGUN, &[("f.given_name", "Мария"), ("draft", "1")]].concat();
    let saved = operator.post(&page, &more).await;
    assert_eq!(operator.confirm(&saved).await.location(), format!("{page}?done=1"));
    assert!(operator.get(&page).await.text().contains("value=\"Мария\""));
    let early = operator.post(&page, &more[..more.len() - 1]).await;
    assert!(early.text().contains("id=\"error-snils\""), "what is missing is told at its field");

    // what was typed since is saved first, and then the user is registered
    let whole = [HEAD, &[("login", "elkina")]].concat();
    let save = operator.post(&page, &whole).await;
    let complete = operator.confirm(&save).await;
    assert!(complete.text().contains("complete-registration"), "{}", complete.text());
    let notice = operator.confirm(&complete).await;
    assert_eq!(notice.between("data-login>", "<"), "elkina");
    assert!(notice.text().contains("data-temporary"));
    assert!(operator.get(&format!("/users/{user}")).await.text().contains("Ёлкина Мария О"));
    assert!(!operator.get("/drafts").await.text().contains(&page));
}

#[tokio::test]
async fn a_draft_is_given_up_and_erased() {
    let office = Office::open().await;
    let mut operator = office.staff("operator").await;
    let user = begin_draft(&mut operator).await;
    let asked = operator.post(&format!("/drafts/{user}/discard"), &[]).await;
    assert!(asked.text().contains("Введённые данные будут уничтожены"), "U4: said before");
    assert_eq!(operator.confirm(&asked).await.location(), "/drafts?done=1");
    assert!(!operator.get("/drafts").await.text().contains(&user));
    assert_eq!(operator.get(&format!("/drafts/{user}")).await.status, StatusCode::NOT_FOUND);
}

async fn receive(operator: &mut Tab, serial: &str) -> String {
    let fields = [
        ("on", "record"),
        ("carrier_serial", serial),
        ("model", "Рутокен ЭЦП 3.0"),
        ("carrier_paper", "Акт 1"),
    ];
    let asked = operator.post("/act/receive-carrier", &fields).await;
    let received = operator.confirm(&asked).await;
    assert!(received.location().starts_with("/carriers/"), "{}", received.text());
    received.location().to_owned()
}

#[tokio::test]
async fn a_carrier_goes_to_its_user_and_comes_back() {
    let office = Office::open().await;
    let mut operator = office.staff("operator").await;
    let (user, login, _) = operator.register(HEAD).await;
    let card = receive(&mut operator, "0A1B2C").await;
    let hand_out =
        |who: &str| vec![("who", who.to_owned()), ("carrier_paper", "Расписка 1".to_owned())];
    let send = async |operator: &Tab, fields: Vec<(&str, String)>| -> Answer {
        let fields = fields.iter().map(|(name, value)| (*name, value.as_str()));
        operator.post(&format!("{card}/hand-out"), &fields.collect::<Vec<_>>()).await
    };
    let nobody = send(&operator, hand_out("no.body")).await;
    assert!(nobody.text().contains("data-says"), "{}", nobody.text());
    let asked = send(&operator, hand_out(&login)).await;
    assert_eq!(operator.confirm(&asked).await.location(), format!("{card}?done=1"));
    assert!(operator.get(&card).await.text().contains("Ёлкина"));
    let papers = operator.get(&format!("/users/{user}/papers")).await;
    assert!(papers.text().contains("0A1B2C"), "{}", papers.text());
    assert!(operator.get("/carriers?state=handed-out").await.text().contains("0A1B2C"));
    assert!(!operator.get("/carriers?state=in-stock").await.text().contains("0A1B2C"));
    let journal = operator.get("/carriers.csv").await.text();
    assert!(
        journal.contains("Рутокен ЭЦП 3.0;0A1B2C") && journal.contains("Расписка 1"),
        "{journal}"
    );
    assert!(operator.get("/carriers/print").await.text().contains("0A1B2C"));

    let on = card.replace("/carriers/", "carrier-");
    let back = [("on", on.as_str()), ("carrier_paper", "Акт 2")];
    let asked = operator.post("/act/take-carrier-back", &back).await;
    assert_eq!(operator.confirm(&asked).await.location(), format!("{card}?done=1"));
    let asked = operator.post("/act/destroy-carrier", &back).await;
    assert!(asked.text().contains("списан навсегда"), "U4: said before");
    operator.confirm(&asked).await;
    assert!(operator.get(&card).await.text().contains("state ended"));
}

#[tokio::test]
async fn of_several_people_one_is_chosen() {
    let office = Office::open().await;
    let mut operator = office.staff("operator").await;
    let (first, ..) = operator.register(HEAD).await;
    let other =
        [("f.snils", "116-973-386 90"), ("f.inn", "500100732259"), ("f.given_name", "Анна")];
    let other: Vec<_> = other
        .into_iter()
        .chain(HEAD.iter().copied().filter(|(name, _)| {
            !["f.snils", "f.inn", "f.given_name", "f.organization_inn", "f.ogrn", "f.organization"]
                .contains(name)
        }))
        .chain([
            ("f.organization", "ООО «Василёк»"),
            ("f.organization_inn", "7707083893"),
            ("f.ogrn", "1027700132195"),
        ])
        .collect();
    let (second, ..) = operator.register(&other).await;
    let card = receive(&mut operator, "0A1B2D").await;
    let both = [("who", "Ёлкина"), ("carrier_paper", "Расписка 2")];
    let choose = operator.post(&format!("{card}/hand-out"), &both).await.text();
    assert!(choose.contains(&first) && choose.contains(&second), "{choose}");
    let chosen = [("user", second.as_str()), ("carrier_paper", "Расписка 2")];
    let asked = operator.post(&format!("{card}/hand-out"), &chosen).await;
    operator.confirm(&asked).await;
    assert!(operator.get(&card).await.text().contains("Ёлкина Анна"));
}

#[tokio::test]
async fn the_data_is_corrected_in_the_request_itself() {
    let office = Office::open().await;
    let mut operator = office.staff("operator").await;
    let (user, ..) = operator.register(HEAD).await;
    let page = format!("/users/{user}/request");
    let with = |name: &'static str, value: &'static str| {
        let kept = HEAD.iter().copied().filter(move |(key, _)| *key != name);
        kept.chain([(name, value), ("profile", "tax-service")]).collect::<Vec<_>>()
    };
    let wrong = operator.post(&page, &with("f.inn", "500100732250")).await;
    assert!(wrong.text().contains("id=\"error-inn\""), "{}", wrong.text());
    let edit = operator.post(&page, &with("f.title", "Президент")).await;
    let create = operator.confirm(&edit).await;
    assert!(create.text().contains("create-request"), "{}", create.text());
    let created = operator.confirm(&create).await;
    let case = created.location().split('/').nth(2).unwrap().to_owned();
    let key = operator.get(&format!("/certificates/{case}/key")).await;
    assert!(key.text().contains("Президент"), "V3: the request is by the corrected data");
    let versions = operator.get(&format!("/users/{user}/history")).await.text();
    assert!(versions.contains("Президент") && versions.contains("Генеральный директор"));
    let same = operator.post(&page, &with("f.title", "Президент")).await;
    let created = operator.confirm(&same).await;
    assert!(created.location().ends_with("/key"), "nothing was corrected: {}", created.text());
}

#[tokio::test]
async fn what_was_printed_is_kept_and_shown_again() {
    let office = Office::open().await;
    let mut operator = office.staff("operator").await;
    let (user, ..) = operator.register(HEAD).await;
    let case = operator.issue(&user, "tax-service").await;
    for (page, form, card) in [
        (format!("/certificates/{case}"), "copy", ""),
        (format!("/users/{user}"), "consent", "/papers"),
    ] {
        let printed = operator.get(&format!("{page}/print/{form}")).await;
        let listed = operator.get(&format!("{page}{card}")).await.text().replace("&#x2f;", "/");
        assert!(listed.contains(&format!("{page}/printed/0")), "{listed}");
        let again = operator.get(&format!("{page}/printed/0")).await;
        assert_eq!(again.octets, printed.octets);
        assert!(again.headers["content-security-policy"].to_str().unwrap().starts_with("sandbox;"));
        assert_eq!(operator.get(&format!("{page}/printed/1")).await.status, StatusCode::NOT_FOUND);
    }
    let administrator = office.staff("administrator").await;
    let told = administrator.get("/audit").await.text();
    assert_eq!(told.matches("access.document_shown").count(), 2, "each showing is recorded");
}

#[tokio::test]
async fn copies_of_many_are_one_file() {
    let office = Office::open().await;
    let mut operator = office.staff("operator").await;
    let (user, login, _) = operator.register(HEAD).await;
    let cases =
        [operator.issue(&user, "tax-service").await, operator.issue(&user, "tax-service").await];
    let fields = cases.each_ref().map(|case| ("case", case.as_str()));
    let archive = operator.post("/copies", &fields).await;
    assert!(archive.octets.starts_with(b"PK"), "{}", archive.text());
    let named = |ending: &str| {
        let names = archive.text();
        names.matches(&format!("{login}-")).count() > 0 && names.contains(ending)
    };
    assert!(named(".html") && named(".cer"));
    for case in &cases {
        let card = operator.get(&format!("/certificates/{case}")).await.text();
        assert!(card.contains("data-printed"), "each copy is recorded");
    }
    assert_eq!(operator.post("/copies", &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

/// Whoever tries the console needs nobody's papers: the form is filled in, and right at once.
#[tokio::test]
async fn somebody_invented_is_registered_at_once() {
    let office = Office::open().await;
    let mut operator = office.staff("operator").await;
    assert!(operator.get("/users/new").await.text().contains("/users/new?sample=1"));
    let sample = operator.get("/users/new?sample=1").await;
    let chosen = [
        ("f.kind", "natural-person"),
        ("f.document_kind", "passport-rf"),
        ("f.identification", "personal"),
    ];
    let page = sample.text();
    let typed = page.split("<input name=\"").skip(1).filter(|input| input.starts_with("f."));
    let typed: Vec<(String, String)> = typed
        .map(|input| {
            let mut parts = input.split('"');
            (parts.next().unwrap().to_owned(), parts.nth(1).unwrap().to_owned())
        })
        .collect();
    let mut form = chosen.to_vec();
    form.extend(typed.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    let asked = operator.post("/users/new", &form).await;
    let notice = operator.confirm(&asked).await;
    assert!(notice.text().contains("data-temporary"), "{}", notice.text());
}
