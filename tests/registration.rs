//! Registration data through the public API: forms, canonical bytes, names, schemas.

use std::sync::LazyLock;

use gost_ca::registration::{
    AttributeRule, Fault, Field, FieldError, FormErrors, Particulars, Presence, RegistrationData,
    RegistrationForm, SearchQuery, StringType, SubjectKind, form_schema, parse_applications,
};
use proptest::prelude::*;

/// Forms that pass, at least one of each kind.
fn forms() -> Vec<RegistrationForm> {
    FORMS.clone()
}

static FORMS: LazyLock<Vec<RegistrationForm>> = LazyLock::new(|| {
    let file = include_bytes!("../examples/data/applications.json");
    let forms = parse_applications(file).unwrap().into_iter().map(|document| document.form);
    forms.filter(|form| form.check().is_ok()).collect()
});

fn form(kind: SubjectKind) -> RegistrationForm {
    let is_kind = |form: &RegistrationForm| form.value(Field::Kind) == Some(kind.name());
    forms().into_iter().find(is_kind).unwrap()
}

fn errors(form: &RegistrationForm) -> Vec<(Field, Fault)> {
    let errors = form.check().err();
    errors
        .iter()
        .flat_map(FormErrors::iter)
        .map(|FieldError { field, fault, .. }| (field, fault))
        .collect()
}

#[test]
fn each_obligatory_field_is_missed_by_name() {
    for kind in SubjectKind::ALL {
        let all = Field::ALL.iter().filter(|field| field.presence(kind) == Presence::Obligatory);
        for &field in all.filter(|&&field| field != Field::Kind) {
            let mut form = form(kind);
            form.set(field, " \u{a0} ");
            assert_eq!(errors(&form), [(field, Fault::Missing)], "{kind:?}");
        }
    }
}

#[test]
fn each_forbidden_field_is_refused_by_name() {
    for kind in SubjectKind::ALL {
        let all = Field::ALL.iter().filter(|field| field.presence(kind) == Presence::Forbidden);
        for &field in all {
            let mut form = form(kind);
            form.set(field, "что угодно");
            assert_eq!(errors(&form), [(field, Fault::Forbidden)], "{kind:?}");
        }
    }
}

#[test]
fn all_errors_are_told_together() {
    let mut form = form(SubjectKind::LegalEntity);
    form.set(Field::Inn, "123456789012");
    form.set(Field::Surname, "Ивaнов");
    form.set(Field::OrganizationInn, "12");
    form.set(Field::Organization, "О".repeat(65));
    form.set(Field::BirthDate, "31.02.1990");
    form.set(Field::Ogrnip, "304500116000157");
    form.set(Field::Region, "78 г. Москва");
    form.clear(Field::Title);
    form.set(Field::Identification, "remote-cert");
    form.set(Field::ProxySurname, "Лебедева");
    let told = errors(&form);
    let expected = [
        (Field::Surname, Fault::NameMixedAlphabet),
        (Field::Inn, Fault::InnCheckDigit),
        (Field::BirthDate, Fault::DayForm),
        (Field::Ogrnip, Fault::Forbidden),
        (Field::Organization, Fault::TextTooLong),
        (Field::OrganizationInn, Fault::InnLength),
        (Field::Title, Fault::Missing),
        (Field::Region, Fault::RegionUnknown),
        (Field::IdentificationEvidence, Fault::Missing),
        (Field::ProxyGivenName, Fault::Missing),
    ];
    assert_eq!(told[..expected.len()], expected);
    assert!(told[expected.len()..].iter().all(|(_, fault)| *fault == Fault::Missing));
    let limit = form.check().unwrap_err().iter().find(|error| error.field == Field::Organization);
    assert!(limit.unwrap().russian().ends_with("(не более 64)"));
}

#[test]
fn a_form_without_kind_still_shows_its_errors() {
    let mut form = form(SubjectKind::NaturalPerson);
    form.set(Field::Kind, "company");
    form.set(Field::Snils, "1");
    form.clear(Field::ApplicationDate);
    assert_eq!(
        errors(&form),
        [
            (Field::Kind, Fault::NotAChoice),
            (Field::Snils, Fault::SnilsLength),
            (Field::ApplicationDate, Fault::Missing),
        ]
    );
    assert!(errors(&RegistrationForm::default()).contains(&(Field::Kind, Fault::Missing)));
}

#[test]
fn passports_have_series_number_and_division() {
    let mut form = form(SubjectKind::NaturalPerson);
    form.set(Field::DocumentSeries, "46 1");
    form.set(Field::DocumentNumber, "ВМ12");
    form.clear(Field::DocumentDivision);
    assert_eq!(
        errors(&form),
        [
            (Field::DocumentSeries, Fault::PassportSeries),
            (Field::DocumentNumber, Fault::PassportNumber),
            (Field::DocumentDivision, Fault::Missing),
        ]
    );
    form.set(Field::DocumentKind, "foreign-passport");
    assert_eq!(errors(&form), []);
}

#[test]
fn days_come_in_order() {
    let mut form = form(SubjectKind::NaturalPerson);
    form.set(Field::BirthDate, "01.01.2011");
    form.set(Field::DocumentExpires, "01.09.2024");
    form.set(Field::IdentifiedOn, "02.09.2024");
    assert_eq!(
        errors(&form),
        [(Field::DocumentIssued, Fault::DayOrder), (Field::DocumentExpires, Fault::DayExpired)]
    );
}

#[test]
fn common_name_limits_people_but_not_representatives() {
    let long = "Длиннофамильный".repeat(5);
    let mut person = form(SubjectKind::NaturalPerson);
    person.set(Field::Surname, &long);
    assert_eq!(errors(&person), [(Field::Surname, Fault::CommonNameTooLong)]);
    let mut representative = form(SubjectKind::LegalEntity);
    representative.set(Field::Surname, &long);
    assert_eq!(errors(&representative), []);
}

#[test]
fn pasted_spellings_give_the_same_data() {
    let mut form = form(SubjectKind::NaturalPerson);
    let data = form.check().unwrap();
    let pasted: String =
        data.subject.person().inn.as_str().chars().flat_map(|c| [c, '\u{a0}']).collect();
    form.set(Field::Inn, pasted);
    form.set(Field::Surname, "  Е\u{308}лкина ");
    form.set(Field::Region, "50");
    form.set(Field::BirthDate, "1987-03-14");
    form.set(Field::Country, "");
    form.set(Field::Phone, "8 (916) 555\u{2013}01\u{2013}17");
    assert_eq!(form.check().unwrap().to_bytes(), data.to_bytes());
}

#[test]
fn limits_of_the_table_are_those_of_the_types() {
    for kind in SubjectKind::ALL {
        let free = Field::ALL.iter().filter(|field| field.presence(kind) != Presence::Forbidden);
        for (&field, limit) in free.filter_map(|field| Some((field, field.max_length()?))) {
            let refused = |length: usize| {
                let mut form = form(kind);
                // A Russian passport has limits of its own.
                form.set(Field::DocumentKind, "foreign-passport");
                form.set(field, "я".repeat(length));
                errors(&form).contains(&(field, Fault::TextTooLong))
            };
            let is_text = !field.key().ends_with("email");
            assert_eq!((refused(limit), refused(limit + 1)), (false, is_text), "{field:?}");
        }
    }
}

#[test]
fn overlong_input_is_not_read() {
    for &field in Field::ALL.iter().filter(|&&field| field != Field::Kind) {
        let mut form = form(SubjectKind::LegalEntity);
        form.set(field, "1".repeat(16_385));
        let forbidden = field.presence(SubjectKind::LegalEntity) == Presence::Forbidden;
        let fault = if forbidden { Fault::Forbidden } else { Fault::TextTooLong };
        assert!(errors(&form).contains(&(field, fault)), "{field:?}");
    }
}

#[test]
fn canonical_bytes_are_golden() {
    // Kept for ever: stored registration data must stay readable (design, invariant 7).
    let golden = include_str!("data/registration-data.jsonl");
    let forms = forms();
    assert_eq!(golden.lines().count(), forms.len());
    for (line, form) in golden.lines().zip(forms) {
        let data: RegistrationData = serde_json::from_str(line).unwrap();
        assert_eq!(data, form.check().unwrap());
        assert_eq!(String::from_utf8(data.to_bytes()).unwrap(), line);
    }
}

#[test]
fn stored_data_of_another_version_is_refused() {
    let line = include_str!("data/registration-data.jsonl").lines().next().unwrap();
    for (from, to) in [
        ("\"version\":1", "\"version\":2"),
        ("\"version\":1,", ""),
        ("\"surname\":", "\"unknown\":"),
        ("\"surname\":", "\"kind\":\"legal-entity\",\"surname\":"),
        ("\"kind\":\"natural-person\"", "\"kind\":\"legal-entity\""),
    ] {
        let damaged = line.replacen(from, to, 1);
        assert_ne!(damaged, line);
        let error = serde_json::from_str::<RegistrationData>(&damaged).unwrap_err().to_string();
        assert!(!error.contains("лкина"), "{error}");
    }
}

#[test]
fn subjects_have_the_attributes_of_their_kind() {
    for data in forms().iter().map(|form| form.check().unwrap()) {
        let kind = data.subject.kind();
        let name = data.subject_attributes();
        let places: Vec<_> = name
            .iter()
            .map(|attribute| {
                AttributeRule::ALL.iter().position(|rule| rule.oid == attribute.oid).unwrap()
            })
            .collect();
        assert!(places.is_sorted_by(|one, next| one < next), "in order, none twice");
        for (place, rule) in AttributeRule::ALL.iter().enumerate() {
            match rule.presence(kind) {
                Presence::Obligatory => assert!(places.contains(&place), "{} {kind:?}", rule.name),
                Presence::Forbidden => assert!(!places.contains(&place), "{} {kind:?}", rule.name),
                Presence::Optional => {}
            }
        }
        for attribute in &name {
            let rule = AttributeRule::of(attribute.oid).unwrap();
            assert_eq!(attribute.string, rule.string);
            let (least, most) = rule.length;
            assert!((least..=most).contains(&attribute.value.chars().count()), "{}", rule.name);
            match attribute.string {
                StringType::Numeric => assert!(attribute.value.bytes().all(|b| b.is_ascii_digit())),
                StringType::Printable | StringType::Ia5 => assert!(attribute.value.is_ascii()),
                _ => {}
            }
        }
    }
}

#[test]
fn a_legal_entity_is_written_in_the_stated_order() {
    let data = forms().iter().map(|form| form.check().unwrap()).nth(9).unwrap();
    let name = data.subject_attributes();
    let values: Vec<_> = name.iter().map(|attribute| attribute.value.as_str()).collect();
    assert_eq!(
        values,
        [
            "Журавлёв",
            "Игорь Львович",
            "Председатель правления",
            "АО «Северный ветер»",
            "АО «Северный ветер»",
            "Правление",
            "RU",
            "83 Ненецкий автономный округ",
            "г. Нарьян-Мар",
            "ул. Полярная, д. 1",
            data.subject.organization().unwrap().ogrn.as_str(),
            data.subject.person().snils.as_str(),
            data.subject.person().inn.as_str(),
            data.subject.organization().unwrap().inn.as_str(),
        ]
    );
}

#[test]
fn an_entrepreneur_is_written_in_the_stated_order() {
    let data = forms().iter().map(|form| form.check().unwrap()).nth(5).unwrap();
    let name = data.subject_attributes();
    let names = name.iter().map(|attribute| AttributeRule::of(attribute.oid).unwrap().name);
    let expected = "surname givenName commonName countryName stateOrProvinceName localityName \
        streetAddress OGRNIP SNILS INN emailAddress";
    assert_eq!(names.collect::<Vec<_>>().join(" "), expected);
}

#[test]
fn a_system_is_named_without_a_person() {
    let data = form(SubjectKind::LegalEntityAutomated).check().unwrap();
    let name = data.subject_attributes();
    assert_eq!(name[0].value, "Шлюз электронного документооборота");
    assert!(!name.iter().any(|attribute| attribute.value.contains("Тимофеев")));
}

#[test]
fn corrections_pass_the_same_rules() {
    let data = form(SubjectKind::NaturalPerson).check().unwrap();
    let particulars = data.clone().into_particulars();
    assert_eq!(RegistrationData::try_from(particulars.clone()), Ok(data));
    let kind = gost_ca::registration::IdentificationKind::RemoteCert;
    let identification =
        gost_ca::registration::Identification { kind, ..particulars.identification.clone() };
    let wrong = RegistrationData::try_from(Particulars { identification, ..particulars });
    let errors: Vec<_> = wrong.unwrap_err().iter().map(|error| error.field).collect();
    assert_eq!(errors, [Field::IdentificationEvidence]);
}

#[test]
fn a_known_organisation_is_filled_in() {
    let known = form(SubjectKind::LegalEntity).check().unwrap();
    let mut form = RegistrationForm::default();
    form.set(Field::Locality, "г. Химки");
    form.complete(known.subject.organization().unwrap());
    assert_eq!(form.value(Field::Organization), Some("ООО «Вектор-Плюс»"));
    assert_eq!(form.value(Field::Locality), Some("г. Химки"));
    assert_eq!(form.value(Field::Surname), None);
}

#[test]
fn debug_shows_no_personal_data() {
    for form in forms() {
        let data = form.check().unwrap();
        let printed =
            format!("{form:?} {data:?} {:?} {:?}", data.subject_attributes(), data.keys());
        for (field, value) in RegistrationForm::from(&data).iter().chain(form.iter()) {
            let says_nothing = matches!(value, "RU" | "VN" | "KZ") || value.len() < 3;
            assert!(says_nothing || !printed.contains(value), "{field:?} in {printed}");
        }
    }
}

#[test]
fn people_are_found_as_they_are_searched() {
    let index = form(SubjectKind::NaturalPerson).check().unwrap().search_index();
    for typed in ["елкин", "ЁЛКИНА АЛЕНА", "семеновна", "990-001-201 63", "990001201"]
    {
        assert!(SearchQuery::from_typed(typed).matches(&index), "{typed}");
    }
    assert!(!SearchQuery::from_typed("лкина").matches(&index));
}

#[test]
fn errors_are_data_for_front_ends() {
    let errors = RegistrationForm::default().check().unwrap_err();
    let json = serde_json::to_value(&errors).unwrap();
    assert_eq!(json[0]["field"], "kind");
    assert_eq!(json[0]["code"], "field.missing");
    assert_eq!(json[0]["russian"], "Вид заявителя: заполните поле");
}

#[test]
fn labels_and_keys_are_unique() {
    for label in [Field::key, Field::russian, Field::english] {
        let labels: std::collections::BTreeSet<_> =
            Field::ALL.iter().map(|&field| label(field)).collect();
        assert_eq!(labels.len(), Field::ALL.len());
    }
}

/// Whatever a form may hold: text of any kind, and often something that nearly fits.
fn any_form() -> impl Strategy<Value = RegistrationForm> {
    let text = prop_oneof![
        any::<String>(),
        "[0-9 -]{0,16}",
        "[А-Яа-яёЁ '-]{0,12}",
        "[0-9]{2}\\.[0-9]{2}\\.[0-9]{4}",
        proptest::sample::select(forms()).prop_flat_map(|form| {
            let values: Vec<String> = form.iter().map(|(_, value)| value.to_owned()).collect();
            proptest::sample::select(values)
        }),
    ];
    let changes = proptest::collection::vec((proptest::sample::select(Field::ALL), text), 0..4);
    (proptest::sample::select(forms()), changes).prop_map(|(mut form, changes)| {
        for (field, text) in changes {
            form.set(field, text);
        }
        form
    })
}

proptest! {
    #[test]
    fn any_form_is_registered_whole_or_refused_with_reasons(form in any_form()) {
        match form.check() {
            Ok(data) => {
                let written = RegistrationForm::from(&data);
                prop_assert_eq!(&written.check().unwrap(), &data);
                prop_assert_eq!(&serde_json::from_slice::<RegistrationData>(&data.to_bytes()).unwrap(), &data);
                prop_assert!(fits_schema(&written, &form_schema(data.subject.kind())));
            }
            Err(errors) => prop_assert!(errors.iter().next().is_some()),
        }
    }
}

/// The keywords of our schemas, applied as the standard says.
fn fits_schema(form: &RegistrationForm, schema: &serde_json::Value) -> bool {
    let filled = |field: &serde_json::Value| {
        let field = Field::from_key(field.as_str().unwrap()).unwrap();
        form.value(field).is_some()
    };
    let required = schema["required"].as_array().unwrap().iter().all(filled);
    required
        && form.iter().all(|(field, value)| {
            let property = &schema["properties"][field.key()];
            let short = property["maxLength"]
                .as_u64()
                .is_none_or(|max| value.chars().count() <= usize::try_from(max).unwrap());
            let shaped = property["pattern"]
                .as_str()
                .is_none_or(|pattern| regex::Regex::new(pattern).unwrap().is_match(value));
            let listed = property["oneOf"]
                .as_array()
                .is_none_or(|list| list.iter().any(|choice| choice["const"] == value));
            property["type"] == "string" && short && shaped && listed
        })
}

proptest! {
    /// A text of the schema's pattern is refused for its check digits or meaning, never for its shape.
    #[test]
    fn schema_patterns_have_the_shape_that_forms_take(
        (field, text) in proptest::sample::select(patterns()).prop_flat_map(|(field, pattern)| {
            (Just(field), proptest::string::string_regex(&pattern).unwrap())
        })
    ) {
        let shape = [
            Fault::InnLength, Fault::InnDigits, Fault::OgrnLength, Fault::OgrnDigits, Fault::OgrnFirstDigit,
            Fault::OgrnipLength, Fault::OgrnipDigits, Fault::OgrnipFirstDigit, Fault::SnilsLength,
            Fault::SnilsDigits, Fault::DivisionCode,
        ];
        let mut form = form(SubjectKind::LegalEntity);
        form.set(field, &text);
        prop_assert!(!errors(&form).iter().any(|(at, fault)| *at == field && shape.contains(fault)), "{field:?} {text}");
    }
}

fn patterns() -> Vec<(Field, String)> {
    let schema = form_schema(SubjectKind::LegalEntity);
    let pattern = |field: &Field| {
        let pattern = schema["properties"][field.key()]["pattern"].as_str()?;
        Some((*field, pattern.trim_matches(['^', '$']).to_owned()))
    };
    Field::ALL.iter().filter_map(pattern).collect()
}
