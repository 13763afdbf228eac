//! Country codes of ISO 3166-1.

use super::Fault;
use super::checked::{checked_string, display_as_is};

checked_string! {
    /// An assigned two-letter country code, in capitals.
    CountryCode, check
}

display_as_is!(CountryCode);

impl CountryCode {
    /// Russia, the `countryName` of every subject registered here by default.
    pub fn russia() -> Self {
        Self("RU".to_owned())
    }

    /// Reads a typed code: small letters and outer spaces are accepted.
    ///
    /// # Errors
    /// [`Fault::CountryUnknown`] for a code that is not assigned.
    pub fn from_typed(typed: &str) -> Result<Self, Fault> {
        Self::try_from(typed.trim().to_ascii_uppercase())
    }
}

fn check(text: &str) -> Result<(), Fault> {
    let known = text.len() == 2 && ASSIGNED.split(' ').any(|code| code == text);
    if known { Ok(()) } else { Err(Fault::CountryUnknown) }
}

/// ISO 3166-1 alpha-2, all 249 assigned codes.
const ASSIGNED: &str = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ \
    BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ \
    DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP \
    GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI \
    KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP \
    MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM \
    PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX \
    SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU \
    WF WS YE YT ZA ZM ZW";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_assigned_codes_exist() {
        assert_eq!(ASSIGNED.split(' ').count(), 249);
        assert_eq!(CountryCode::from_typed(" ru ").unwrap(), CountryCode::russia());
        for unknown in ["", " ", "ru", "UK", "SU", "RUS", "D E", "РУ"] {
            assert_eq!(CountryCode::try_from(unknown), Err(Fault::CountryUnknown), "{unknown:?}");
        }
    }
}
