//! Registers in files keep the promises, and say what is wrong with a file.

use gost_ca::provider::ApplicantCheck as _;
use gost_ca::provider::applicant_check::Agreement;
use gost_ca::registration::{Field, RegistrationData, RegistrationForm};
use gost_ca_conformance::{applicant_check, block_on};
use gost_ca_registers::{BadRegister, FileRegister};

const CSV: &str = "snils;surname;given_name;birth_date;inn\n\
    116-973-386 90;ЁЛКИНА;Анна;17.05.1980;500100732259\n\
    112-233-445 95;\"Щука; Иванова\";Мария;01.01.1990;\n";

fn applicant() -> RegistrationData {
    let mut form = RegistrationForm::default();
    for (field, text) in [
        (Field::Kind, "natural-person"),
        (Field::Surname, "Елкина"),
        (Field::GivenName, "Анна"),
        (Field::Snils, "11697338690"),
        (Field::Inn, "500100732259"),
        (Field::BirthDate, "1980-05-17"),
        (Field::BirthPlace, "г. Образцов"),
        (Field::Citizenship, "RU"),
        (Field::DocumentKind, "passport-rf"),
        (Field::DocumentSeries, "4500"),
        (Field::DocumentNumber, "123456"),
        (Field::DocumentIssuer, "ОВД Образцовского района"),
        (Field::DocumentIssued, "2010-06-01"),
        (Field::DocumentDivision, "770-001"),
        (Field::ApplicationNumber, "1"),
        (Field::ApplicationDate, "2026-01-15"),
        (Field::Identification, "personal"),
        (Field::IdentifiedBy, "Оператор О. О."),
        (Field::IdentifiedOn, "2026-01-15"),
    ] {
        form.set(field, text);
    }
    form.check().unwrap()
}

#[test]
fn a_table_keeps_the_promises() {
    let register = FileRegister::from_csv("выгрузка", CSV.as_bytes()).unwrap();
    block_on(applicant_check("csv", &register, &applicant())).assert_conformant(&[]);
}

#[test]
fn a_list_of_objects_keeps_the_promises() {
    let json = r#"[{"snils": "11697338690", "surname": "Ёлкина"}, {"snils": "11223344595"}]"#;
    let register = FileRegister::from_json("список", json.as_bytes()).unwrap();
    block_on(applicant_check("json", &register, &applicant())).assert_conformant(&[]);
}

#[test]
fn values_are_compared_as_people_read_them() {
    let marked = format!("\u{feff}{CSV}");
    let register = FileRegister::from_csv("выгрузка", marked.as_bytes()).unwrap();
    let answers = block_on(register.check(&applicant())).unwrap();
    assert_eq!(answers.len(), 5);
    assert!(answers.iter().all(|answer| answer.agreement == Agreement::Agrees), "{answers:?}");
    assert!(answers.iter().all(|answer| answer.reference == "выгрузка"));
    assert_eq!(format!("{register:?}"), "FileRegister(\"выгрузка\", 2 rows)");
}

#[test]
fn what_is_no_register_is_refused() {
    let read = |text: &str| FileRegister::from_csv("x", text.as_bytes()).unwrap_err();
    assert!(matches!(read("snils;hair\n1;red\n"), BadRegister::Column(name) if name == "hair"));
    assert!(matches!(read("surname\nЁлкина\n"), BadRegister::Key));
    assert!(matches!(read("snils;surname\n1;a\n1;b\n"), BadRegister::Row(2)));
    assert!(matches!(read("snils;surname\n;a\n"), BadRegister::Row(1)));
    assert!(matches!(read("snils;surname\n1;a;b\n"), BadRegister::Csv(_)));
    assert!(matches!(FileRegister::from_json("x", b"{}"), Err(BadRegister::Json(_))));
    assert!(matches!(FileRegister::from_csv("x", b"snils\n\xff\n"), Err(BadRegister::Csv(_))));
}

#[test]
fn a_file_is_read_by_its_ending() {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [("a.csv", CSV), ("b.JSON", r#"[{"inn": "500100732259"}]"#)] {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        assert!(!FileRegister::open(name, &path).unwrap().is_empty());
    }
    let missing = FileRegister::open("x", &folder.path().join("c.csv"));
    assert!(matches!(missing, Err(BadRegister::File(_))));
}
