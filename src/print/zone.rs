//! The authority's time zone.

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};

/// A time zone with its name: all times on forms are shown in it (U8).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone {
    zone: TimeZone,
    name: String,
}

/// There is no such zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a zone is at most 25 hours from UTC")]
pub struct BadZone;

impl Zone {
    /// A zone so many hours east of UTC, by its name: `Zone::new(3, "МСК, UTC+3")`.
    ///
    /// # Errors
    /// [`BadZone`] for more than 25 hours.
    pub fn new(hours: i8, name: &str) -> Result<Self, BadZone> {
        let seconds = i32::from(hours).saturating_mul(3600);
        let offset = Offset::from_seconds(seconds).map_err(|_| BadZone)?;
        Ok(Self { zone: TimeZone::fixed(offset), name: name.to_owned() })
    }

    /// The time there, with the zone's name.
    pub fn show(&self, at: Timestamp) -> String {
        let local = at.to_zoned(self.zone.clone());
        format!("{} ({})", local.strftime("%d.%m.%Y %H:%M:%S"), self.name)
    }

    /// The day there.
    pub fn show_day(&self, at: Timestamp) -> String {
        at.to_zoned(self.zone.clone()).strftime("%d.%m.%Y").to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn u8_times_are_the_zones() {
        let zone = Zone::new(3, "МСК, UTC+3").unwrap();
        let at = "2026-12-31T22:00:05Z".parse().unwrap();
        assert_eq!(zone.show(at), "01.01.2027 01:00:05 (МСК, UTC+3)");
        assert_eq!(zone.show_day(at), "01.01.2027");
        assert_eq!(Zone::new(100, "x"), Err(BadZone));
    }
}
