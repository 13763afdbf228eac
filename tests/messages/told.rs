//! What people are told about what really goes wrong.

use gost_ca::Error;
use gost_ca::audit::verify::{Finding, RowFault};
use gost_ca::id::{CaseId, UserId};
use gost_ca::language::Language::{English, Russian};
use gost_ca::lifecycle::{Act, CertificateStatus, Guard, Refusal};
use gost_ca::message::Message;
use gost_ca::oid::Oid;
use gost_ca::profile::{Locations, Preset};
use gost_ca::provider::Conflict;
use gost_ca::provider::ErrorKind;
use gost_ca::provider::authority::Refused;
use gost_ca::provider::journal::StreamId;
use gost_ca::registration::{Fault, Field, RegistrationForm};
use gost_ca::request::{BadUpload, RequestDefect, RequestDefects};
use gost_ca::view::{CaseState, Role};

fn told(error: impl Into<Error>) -> [String; 2] {
    let message = Message::from(&error.into());
    [Russian, English].map(|language| message.spoken(language).to_string())
}

#[test]
fn a_refusal_names_act_and_state_in_the_readers_language() {
    let state = CaseState::Revoked.name();
    let [russian, english] = told(Refusal::State { act: Act::Suspend, state });
    assert_eq!(
        russian,
        "«Приостановить»: невозможно в состоянии «Действие прекращено». \
         Обновите страницу: состояние могло измениться."
    );
    assert!(english.starts_with("“Suspend” is not possible in the state “Terminated”. Reload"));
    let [russian, _] = told(Refusal::Role { act: Act::Administer, role: Role::User });
    assert!(russian.starts_with("«Администрирование»: это не разрешено роли «Пользователь»."));
}

#[test]
fn a_form_names_each_field() {
    let mut form = RegistrationForm::default();
    form.set(Field::Kind, "natural-person");
    form.set(Field::Inn, "500100732258");
    form.set(Field::Locality, "ы".repeat(200));
    let [russian, english] = told(form.check().unwrap_err());
    assert!(russian.starts_with("В форме есть ошибки.\n— "));
    assert!(russian.contains(
        "\n— ИНН физического лица: контрольная цифра ИНН не сходится, сверьте каждую цифру\n"
    ));
    assert!(russian.contains("сократите (не более 128)\n"), "{russian}");
    assert!(russian.ends_with("\nИсправьте названные поля и повторите."));
    assert!(english.contains("the check digit of the INN is wrong, compare every digit\n"));
}

#[test]
fn a_providers_failure_keeps_the_foreign_name() {
    let denied = ErrorKind::Denied { tries_left: Some(2) }.at("C_Login");
    let [russian, english] = told(denied);
    assert!(russian.contains("(C_Login). Осталось попыток: 2."), "{russian}");
    assert!(english.contains("(C_Login). Tries left: 2."), "{english}");
    let [russian, _] = told(ErrorKind::Denied { tries_left: None }.at("C_Login"));
    assert!(!russian.contains("Осталось"), "{russian}");
}

#[test]
fn a_conflict_names_the_stream() {
    let stream = StreamId::Record;
    let error = ErrorKind::Conflict(Conflict::Stream { stream, actual: 3 }).at("commit");
    assert!(told(error)[0].starts_with("Пока вы работали, данные изменил кто-то другой (record)."));
}

#[test]
fn a_guard_names_the_serial_where_it_is_known() {
    let message = Message::from(Guard::SuspensionAllowed);
    assert_eq!(message.says(Russian), "Шаблон сертификата не допускает приостановления.");
    let message = message.with("serial", "0a1b");
    assert_eq!(message.says(Russian), "Шаблон сертификата № 0a1b не допускает приостановления.");
}

#[test]
fn a_status_says_since_when() {
    let since = "2026-03-02T09:00:00Z".parse().unwrap();
    let message = Message::from(CertificateStatus::Suspended { since });
    assert_eq!(message.says(Russian), "действие приостановлено");
    let message = message.with("since", "02.03.2026");
    assert_eq!(message.says(Russian), "действие приостановлено с 02.03.2026");
    assert_eq!(message.says(English), "suspended since 02.03.2026");
}

#[test]
fn a_code_of_somebody_elses_says_itself() {
    let message = Message::new("vendor.broken");
    assert_eq!(message.says(Russian), "vendor.broken");
    assert_eq!(message.next(Russian), None);
}

/// Everything that a text asks for is there: no ellipsis stands in for it.
#[test]
fn refusals_bring_what_their_texts_ask_for() {
    let name = || "main".parse().unwrap();
    let profile = Preset::Commercial.profile(None, Locations::default());
    for refusal in [
        Refusal::State { act: Act::Hide, state: CaseState::Draft.name() },
        Refusal::Role { act: Act::Issue, role: Role::Auditor },
        Refusal::Guard(Guard::Terminated),
        Refusal::Duplicate { user: UserId::new([1; 16]) },
        Refusal::KeyUsed { case: CaseId::new([1; 16]) },
        Refusal::Owner("blocked"),
        Refusal::WeakPassword(vec![Fault::PasswordNoDigit, Fault::PasswordTooShort]),
        Refusal::Profile(profile.check().unwrap_err()),
        Refusal::Upload(BadUpload::Encoding),
        Refusal::RequestDefects(RequestDefects(vec![
            RequestDefect::SubjectLacks(Oid::new_unwrap("2.5.4.4")),
            RequestDefect::TestKey(Oid::new_unwrap("1.2.643.2.2.35.0")),
        ])),
        Refusal::Authority(Refused { code: "quota".to_owned(), explanation: "later".to_owned() }),
        Refusal::Unknown { kind: "key store", name: name() },
        Refusal::Exists { kind: "office", name: name() },
        Refusal::NotFound("certificate"),
        Refusal::Missing("an office"),
    ] {
        for told in told(refusal.clone()) {
            assert!(!told.contains('…'), "{told}");
            assert!(!told.contains("thing.") && !told.contains("state."), "{told}");
        }
    }
}

#[test]
fn each_defect_of_a_request_is_told() {
    let lacks = RequestDefect::SubjectLacks(Oid::new_unwrap("2.5.4.4"));
    let [russian, english] = told(Refusal::from(RequestDefects(vec![lacks])));
    assert!(
        russian.contains(
            "\n— В запросе нет сведений, которые есть в регистрационных данных: Фамилия."
        )
    );
    assert!(english.contains("\n— The request lacks what is registered: SN."), "{english}");
}

#[test]
fn what_an_inspection_finds_is_told() {
    let finding = Finding::RolledBack { kept: 7, newest: 5 };
    let message = Message::from(&finding);
    assert!(message.says(Russian).starts_with("Сохранённой контрольной точки 7 нет в журнале"));
    let (row, what) = ("case".to_owned(), RowFault::MadeUp);
    let finding = Finding::Row { stream: StreamId::Record, row, what };
    assert_eq!(Message::from(&finding).says(English), "The row case of record is made up.");
    let (stream, space) = (StreamId::Record, "login");
    let message = Message::from(&Finding::Claim { stream, space });
    assert_eq!(message.says(Russian), "Уникальное значение не закреплено за record: логин.");
}
