//! How attributes are called.

use const_oid::ObjectIdentifier;

/// The names of an attribute's type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Label {
    /// Its object identifier.
    pub oid: ObjectIdentifier,
    /// As distinguished names write it.
    pub short: &'static str,
    /// As Russian forms write it.
    pub russian: &'static str,
}

/// Finds the names of an attribute's type.
pub fn label(oid: &ObjectIdentifier) -> Option<&'static Label> {
    LABELS.iter().find(|label| label.oid == *oid)
}

/// The attributes met in Russian certificates (order of the FSB No 795; RFC 9215 §5).
pub const LABELS: &[Label] = &[
    of("2.5.4.3", "CN", "Общее имя"),
    of("2.5.4.4", "SN", "Фамилия"),
    of("2.5.4.42", "GN", "Имя и отчество"),
    of("2.5.4.43", "I", "Инициалы"),
    of("2.5.4.6", "C", "Страна"),
    of("2.5.4.8", "ST", "Регион"),
    of("2.5.4.7", "L", "Населённый пункт"),
    of("2.5.4.9", "STREET", "Улица, дом"),
    of("2.5.4.16", "postalAddress", "Почтовый адрес"),
    of("2.5.4.17", "postalCode", "Почтовый индекс"),
    of("2.5.4.10", "O", "Организация"),
    of("2.5.4.11", "OU", "Подразделение"),
    of("2.5.4.12", "T", "Должность"),
    of("2.5.4.5", "serialNumber", "Номер владельца"),
    of("2.5.4.65", "pseudonym", "Псевдоним"),
    of("1.2.643.100.1", "OGRN", "ОГРН"),
    of("1.2.643.100.3", "SNILS", "СНИЛС"),
    of("1.2.643.100.4", "INNLE", "ИНН юридического лица"),
    of("1.2.643.100.5", "OGRNIP", "ОГРНИП"),
    of("1.2.643.3.131.1.1", "INN", "ИНН"),
    of("1.2.840.113549.1.9.1", "E", "Электронная почта"),
    of("1.2.840.113549.1.9.2", "unstructuredName", "Неструктурированное имя"),
    of("0.9.2342.19200300.100.1.25", "DC", "Компонент домена"),
];

const fn of(oid: &str, short: &'static str, russian: &'static str) -> Label {
    Label { oid: ObjectIdentifier::new_unwrap(oid), short, russian }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registration::AttributeRule;

    #[test]
    fn forms_and_certificates_use_the_same_words() {
        for rule in AttributeRule::ALL {
            assert_eq!(label(&rule.oid.0).unwrap().russian, rule.russian);
        }
    }
}
