//! Regions of Russia as certificates name them: `77 г. Москва`.

use core::fmt;

use serde::{Deserialize, Serialize};

use super::Fault;

/// A region of the tax service's list, printed with its code.
///
/// ```
/// use gost_ca::registration::Region;
/// assert_eq!(Region::from_typed("77")?.to_string(), "77 г. Москва");
/// assert_eq!(Region::from_typed("77 г.Москва")?, Region::from_code("77")?);
/// # Ok::<(), gost_ca::registration::Fault>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Region {
    code: &'static str,
    name: &'static str,
}

impl Region {
    /// All regions in the order of their codes.
    pub fn all() -> impl Iterator<Item = Self> {
        REGIONS.iter().map(|&(code, name)| Self { code, name })
    }

    /// Finds a region by its two digits.
    ///
    /// # Errors
    /// [`Fault::RegionUnknown`] for a code that is not in the list.
    pub fn from_code(code: &str) -> Result<Self, Fault> {
        Self::all().find(|region| region.code == code).ok_or(Fault::RegionUnknown)
    }

    /// Reads `77`, `77 г. Москва` and `77 Москва`.
    ///
    /// The name is compared loosely: spaces, dots, dashes, case, ё and «г.» do not matter, but a
    /// name that belongs to another code is refused.
    ///
    /// # Errors
    /// [`Fault::RegionUnknown`] for an unknown code or a name that does not go with it.
    pub fn from_typed(typed: &str) -> Result<Self, Fault> {
        let typed = typed.trim();
        let (code, name) = typed.split_at_checked(2).ok_or(Fault::RegionUnknown)?;
        let region = Self::from_code(code)?;
        if name.is_empty() || loosely(name) == loosely(region.name) {
            Ok(region)
        } else {
            Err(Fault::RegionUnknown)
        }
    }

    /// The two digits.
    pub const fn code(self) -> &'static str {
        self.code
    }

    /// The name without the code.
    pub const fn name(self) -> &'static str {
        self.name
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.code, self.name)
    }
}

impl fmt::Debug for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Region(..)")
    }
}

impl From<Region> for String {
    fn from(region: Region) -> Self {
        region.code.to_owned()
    }
}

impl TryFrom<String> for Region {
    type Error = Fault;

    fn try_from(code: String) -> Result<Self, Fault> {
        Self::from_code(&code)
    }
}

fn loosely(name: &str) -> String {
    let words = super::search::search_words(name);
    words.iter().map(String::as_str).filter(|&word| word != "г").collect()
}

/// Codes of the subjects of the Russian Federation, FNS order ММВ-7-6/25 with the amendments of
/// 28.10.2022 (90, 93, 94, 95); stored data hold the names, so that an old name must stay readable when
/// a region is renamed. Names as commonly written in stateOrProvinceName.
const REGIONS: &[(&str, &str)] = &[
    ("01", "Республика Адыгея"),
    ("02", "Республика Башкортостан"),
    ("03", "Республика Бурятия"),
    ("04", "Республика Алтай"),
    ("05", "Республика Дагестан"),
    ("06", "Республика Ингушетия"),
    ("07", "Кабардино-Балкарская Республика"),
    ("08", "Республика Калмыкия"),
    ("09", "Карачаево-Черкесская Республика"),
    ("10", "Республика Карелия"),
    ("11", "Республика Коми"),
    ("12", "Республика Марий Эл"),
    ("13", "Республика Мордовия"),
    ("14", "Республика Саха (Якутия)"),
    ("15", "Республика Северная Осетия — Алания"),
    ("16", "Республика Татарстан"),
    ("17", "Республика Тыва"),
    ("18", "Удмуртская Республика"),
    ("19", "Республика Хакасия"),
    ("20", "Чеченская Республика"),
    ("21", "Чувашская Республика"),
    ("22", "Алтайский край"),
    ("23", "Краснодарский край"),
    ("24", "Красноярский край"),
    ("25", "Приморский край"),
    ("26", "Ставропольский край"),
    ("27", "Хабаровский край"),
    ("28", "Амурская область"),
    ("29", "Архангельская область"),
    ("30", "Астраханская область"),
    ("31", "Белгородская область"),
    ("32", "Брянская область"),
    ("33", "Владимирская область"),
    ("34", "Волгоградская область"),
    ("35", "Вологодская область"),
    ("36", "Воронежская область"),
    ("37", "Ивановская область"),
    ("38", "Иркутская область"),
    ("39", "Калининградская область"),
    ("40", "Калужская область"),
    ("41", "Камчатский край"),
    ("42", "Кемеровская область"),
    ("43", "Кировская область"),
    ("44", "Костромская область"),
    ("45", "Курганская область"),
    ("46", "Курская область"),
    ("47", "Ленинградская область"),
    ("48", "Липецкая область"),
    ("49", "Магаданская область"),
    ("50", "Московская область"),
    ("51", "Мурманская область"),
    ("52", "Нижегородская область"),
    ("53", "Новгородская область"),
    ("54", "Новосибирская область"),
    ("55", "Омская область"),
    ("56", "Оренбургская область"),
    ("57", "Орловская область"),
    ("58", "Пензенская область"),
    ("59", "Пермский край"),
    ("60", "Псковская область"),
    ("61", "Ростовская область"),
    ("62", "Рязанская область"),
    ("63", "Самарская область"),
    ("64", "Саратовская область"),
    ("65", "Сахалинская область"),
    ("66", "Свердловская область"),
    ("67", "Смоленская область"),
    ("68", "Тамбовская область"),
    ("69", "Тверская область"),
    ("70", "Томская область"),
    ("71", "Тульская область"),
    ("72", "Тюменская область"),
    ("73", "Ульяновская область"),
    ("74", "Челябинская область"),
    ("75", "Забайкальский край"),
    ("76", "Ярославская область"),
    ("77", "г. Москва"),
    ("78", "г. Санкт-Петербург"),
    ("79", "Еврейская автономная область"),
    ("83", "Ненецкий автономный округ"),
    ("86", "Ханты-Мансийский автономный округ — Югра"),
    ("87", "Чукотский автономный округ"),
    ("89", "Ямало-Ненецкий автономный округ"),
    ("90", "Запорожская область"),
    ("91", "Республика Крым"),
    ("92", "г. Севастополь"),
    ("93", "Донецкая Народная Республика"),
    ("94", "Луганская Народная Республика"),
    ("95", "Херсонская область"),
    ("99", "Иные территории, включая г. Байконур"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table_is_ordered_and_complete() {
        assert!(REGIONS.is_sorted_by(|one, next| one.0 < next.0));
        assert_eq!(REGIONS.len(), 89 + 1, "89 subjects and the other territories");
        for region in Region::all() {
            assert_eq!(Region::from_typed(&region.to_string()), Ok(region));
        }
    }

    #[test]
    fn forms_seen_in_certificates_are_read() {
        let moscow = Region::from_code("77").unwrap();
        for typed in ["77", " 77 ", "77 г. Москва", "77 г.Москва", "77 МОСКВА", "77  Москва"]
        {
            assert_eq!(Region::from_typed(typed), Ok(moscow), "{typed}");
        }
        for typed in ["", "7", "Москва", "г. Москва", "78 г. Москва", "77 Moscow", "00", "мо"]
        {
            assert_eq!(Region::from_typed(typed), Err(Fault::RegionUnknown), "{typed}");
        }
    }
}
