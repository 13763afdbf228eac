//! The example applications file, and files that are wrong.

use gost_ca::registration::{
    ApplicationDocument, DayStep, Field, Kinship, RegistrationData, RegistrationForm, SubjectKind,
    parse_applications,
};
use proptest::prelude::*;

const FILE: &str = include_str!("../examples/data/applications.json");

fn documents() -> Vec<ApplicationDocument> {
    parse_applications(FILE.as_bytes()).unwrap()
}

fn data(number: usize) -> RegistrationData {
    documents().remove(number).form.check().unwrap()
}

#[test]
fn example_has_every_kind_and_two_errors() {
    let (good, bad): (Vec<_>, Vec<_>) =
        documents().iter().map(|document| document.form.check()).partition(Result::is_ok);
    for kind in SubjectKind::ALL {
        let of_kind = |data: &RegistrationData| data.subject.kind() == kind;
        assert!(good.iter().flatten().any(of_kind), "{kind:?}");
    }
    let errors: Vec<_> = bad.into_iter().filter_map(Result::err).collect();
    let errors: Vec<Vec<_>> =
        errors.iter().map(|errors| errors.iter().map(|e| (e.field, e.code())).collect()).collect();
    assert_eq!(
        errors,
        [[(Field::Inn, "inn.check-digit")], [(Field::Snils, "field.missing")]].map(Vec::from)
    );
}

#[test]
fn one_person_holds_three_registrations() {
    let [own, first, second] = [7, 8, 9].map(data);
    assert_eq!(own.kinship(&first), Kinship::SamePerson);
    assert_eq!(first.kinship(&second), Kinship::SamePerson);
    assert_eq!(own.kinship(&data(0)), Kinship::Strangers);
}

#[test]
fn the_last_applicant_is_registered_already() {
    let (first, again) = (data(0), data(16));
    assert_ne!(first.subject.person().name, again.subject.person().name, "written without Ё");
    assert_eq!(first.kinship(&again), Kinship::Duplicate);
    assert_eq!(first.keys(), again.keys());
    assert_eq!(first.name_material(), again.name_material());
}

#[test]
fn another_name_under_one_snils_is_an_error() {
    let mut form = RegistrationForm::from(&data(0));
    form.set(Field::Surname, "Палкина");
    assert_eq!(data(0).kinship(&form.check().unwrap()), Kinship::OtherName);
}

#[test]
fn logins_are_proposed_unless_chosen() {
    let login = |number: usize| documents()[number].login(&data(number), |_| false).to_string();
    assert_eq!(login(0), "elkina.as");
    assert_eq!(login(2), "oconnor");
    let taken = documents()[0].login(&data(0), |login| login.as_str() == "elkina.as");
    assert_eq!(taken.as_str(), "elkina.as2");
}

#[test]
fn edits_become_valid_data() {
    for document in documents() {
        for step in &document.day {
            if let DayStep::Edit(correction) = step {
                let mut form = RegistrationForm::from(&document.form.check().unwrap());
                form.correct(correction);
                form.check().unwrap();
            }
        }
    }
    let DayStep::Edit(correction) = &documents()[4].day[1] else { panic!("the fifth is edited") };
    let mut form = documents()[4].form.clone();
    form.correct(correction);
    assert_eq!(form.value(Field::Locality), Some("г. Набережные Челны"));
    assert_eq!(form.value(Field::Email), None, "an empty value empties the field");
}

#[test]
fn example_dates_stand_until_2033() {
    let good = documents().into_iter().filter_map(|document| document.form.check().ok());
    for data in good {
        data.check_day(jiff::civil::date(2033, 1, 1)).unwrap();
        assert!(data.check_day(jiff::civil::date(2024, 1, 1)).is_err());
    }
}

#[test]
fn errors_tell_their_place() {
    for (file, code, path, line) in [
        ("", "file.truncated", ".", 1),
        ("[\n", "file.truncated", ".", 2),
        ("{}", "file.wrong-type", ".", 1),
        ("[] []", "file.syntax", ".", 1),
        ("[{}]", "file.missing-field", "[0]", 1),
        ("[{\n\"form\": {\"inn\": 5}}]", "file.wrong-type", "[0].form.inn", 2),
        ("[{\"form\": {}, \"logins\": \"a\"}]", "file.unknown-field", "[0].logins", 1),
        ("[{\"form\": {},\n\n\"login\": \"Я\"}]", "file.value", "[0].login", 3),
        ("[{\"form\": {}, \"office\": \"Москва\"}]", "file.value", "[0].office", 1),
        ("[{\"form\": {\"inn\": \"1\",\n\"inn\": \"2\"}}]", "file.duplicate-field", "[0].form", 2),
        ("[{\"form\": {}, \"form\": {}}]", "file.duplicate-field", "[0]", 1),
        ("[{\"form\": {}, \"day\": [\"isue\"]}]", "file.unknown-step", "[0].day[0]", 1),
        (
            "[{\"form\": {}, \"day\": [{\"edit\": {\"sex\": \"\"}}]}]",
            "file.unknown-field",
            "[0].day[0].edit.sex",
            1,
        ),
        ("[{\"form\": {}},\n{\"form\" {}}]", "file.syntax", "[1]", 2),
    ] {
        let error = parse_applications(file.as_bytes()).unwrap_err();
        assert_eq!((error.code(), error.path(), error.line()), (code, path, line), "{file}");
        assert!(error.russian().contains("строка"), "{error}");
    }
}

#[test]
fn windows_files_are_understood() {
    let with_mark = [b"\xef\xbb\xbf", FILE.as_bytes()].concat();
    assert_eq!(parse_applications(&with_mark), Ok(documents()));
    let error = parse_applications(b"[{\"note\":\n\"\xc8\xe2\xe0\xed\"").unwrap_err();
    assert_eq!((error.code(), error.line(), error.column()), ("file.encoding", 2, 2));
}

#[test]
fn errors_repeat_no_value() {
    for file in [
        "[{\"form\": {\"inn\": 500100732259}}]",
        "[{\"form\": \"500100732259\"}]",
        "[{\"form\": {}, \"login\": \"500100732259 \"}]",
    ] {
        let error = parse_applications(file.as_bytes()).unwrap_err();
        for words in [error.english(), error.russian(), format!("{error:?}")] {
            assert!(!words.contains("500100732259"), "{words}");
        }
    }
}

#[test]
fn document_describes_every_field() {
    let document = include_str!("../docs/applications.md");
    for row in rows() {
        assert!(document.contains(&row), "docs/applications.md needs the row\n{row}");
    }
}

fn rows() -> impl Iterator<Item = String> {
    Field::ALL.iter().map(|field| {
        let marks = SubjectKind::ALL.map(|kind| match field.presence(kind) {
            gost_ca::registration::Presence::Obligatory => "●",
            gost_ca::registration::Presence::Optional => "○",
            gost_ca::registration::Presence::Forbidden => " ",
        });
        let length = field.max_length().map_or(String::new(), |length| length.to_string());
        let (key, russian) = (field.key(), field.russian());
        format!("| `{key}` | {russian} | {} | {length} |\n", marks.join(" | "))
    })
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = parse_applications(&bytes);
    }

    #[test]
    fn damaged_files_are_read_or_refused(place in 0..FILE.len(), byte: u8) {
        let mut file = FILE.as_bytes().to_vec();
        file[place] = byte;
        match parse_applications(&file) {
            Ok(documents) => for document in documents {
                let _ = document.form.check();
            },
            Err(error) => prop_assert!(error.line() <= FILE.lines().count() + 1),
        }
    }
}
