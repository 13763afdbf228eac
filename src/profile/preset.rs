//! Profiles to begin with: data, to be read, changed and adopted under a name of one's own.

use serde::Deserialize;

use super::{Locations, Profile, SignTools};

/// A shipped profile. None names a tool: tools are arguments, with the numbers of their documents (R8).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Preset {
    /// Qualified certificates of natural persons: what commercial authorities issue since 2022 (R9).
    Commercial,
    /// Qualified certificates of heads of firms and of entrepreneurs, as a tax service issues them.
    TaxService,
    /// Qualified certificates of officials and of public bodies' systems, as a treasury issues them.
    Treasury,
    /// Certificates of a department's own people and systems.
    Departmental,
    /// Sign-in certificates of operators and administrators; not qualified.
    SignIn,
    /// The authority's own certificate, self-signed.
    Root,
    /// The authority's own certificate, under a root.
    Subordinate,
}

impl Preset {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Commercial,
        Self::TaxService,
        Self::Treasury,
        Self::Departmental,
        Self::SignIn,
        Self::Root,
        Self::Subordinate,
    ];

    /// The profile, with these tools and these URLs.
    ///
    /// # Panics
    /// Never: the shipped files are read by a test.
    pub fn profile(self, tools: Option<SignTools>, locations: Locations) -> Profile {
        #[expect(clippy::expect_used, reason = "a test reads every shipped file")]
        let profile = Self::read(self.json()).expect("shipped profiles are well formed");
        Profile { tools, locations, ..profile }
    }

    /// The shipped file: a profile without tools and URLs.
    pub const fn json(self) -> &'static str {
        match self {
            Self::Commercial => include_str!("presets/commercial.json"),
            Self::TaxService => include_str!("presets/tax-service.json"),
            Self::Treasury => include_str!("presets/treasury.json"),
            Self::Departmental => include_str!("presets/departmental.json"),
            Self::SignIn => include_str!("presets/sign-in.json"),
            Self::Root => include_str!("presets/root.json"),
            Self::Subordinate => include_str!("presets/subordinate.json"),
        }
    }

    fn read(json: &str) -> serde_json::Result<Profile> {
        Profile::deserialize(&mut serde_json::Deserializer::from_str(json))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tools() -> SignTools {
        SignTools {
            subject: "Средство владельца".to_owned(),
            issuer: "Средство УЦ".to_owned(),
            authority: "ПО УЦ".to_owned(),
            issuer_document: "Документ № 1".to_owned(),
            authority_document: "Документ № 2".to_owned(),
        }
    }

    fn locations() -> Locations {
        Locations { crl: vec!["http://ca.example/ca.crl".to_owned()], ..Locations::default() }
    }

    #[test]
    fn every_preset_is_well_formed() {
        for preset in Preset::ALL {
            let qualified = (preset != Preset::SignIn).then(tools);
            let profile = preset.profile(qualified, locations());
            assert_eq!(profile.check(), Ok(()), "{preset:?}");
            assert_eq!(profile.title, preset.profile(None, Locations::default()).title);
        }
    }

    #[test]
    fn r8_no_preset_names_a_tool() {
        for preset in Preset::ALL {
            assert!(!preset.json().contains("tools"), "{preset:?}");
        }
    }

    #[test]
    fn classes_without_tools_are_a_defect() {
        let defects = Preset::Commercial.profile(None, locations()).check().unwrap_err();
        assert_eq!(defects.0.iter().map(|defect| defect.field).collect::<Vec<_>>(), ["tools"]);
    }

    #[test]
    fn a_bad_profile_names_every_defect() {
        let mut profile = Preset::Commercial.profile(Some(tools()), locations());
        profile.key_months = profile.months + 1;
        profile.key_usage.push(crate::profile::KeyUsage::EncipherOnly);
        profile.policies.remove(0);
        profile.locations.crl = vec!["ftp://ca.example/".to_owned()];
        profile.notice = Some("я".repeat(201));
        let fields: Vec<_> =
            profile.check().unwrap_err().0.into_iter().map(|defect| defect.field).collect();
        assert_eq!(fields, ["key_months", "key_usage", "policies", "locations", "notice"]);
    }
}
