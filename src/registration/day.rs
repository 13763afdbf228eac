//! Calendar days of a person's papers.

use core::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Fault;

/// A day between 1900 and 2199, kept as `YYYY-MM-DD`; `Debug` hides it.
///
/// ```
/// use gost_ca::registration::Day;
/// assert_eq!(Day::from_typed("12.04.1985")?, Day::try_from("1985-04-12")?);
/// # Ok::<(), gost_ca::registration::Fault>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Day(Date);

impl Day {
    /// Reads `31.12.2024` or `2024-12-31`.
    ///
    /// # Errors
    /// [`Fault::DayForm`] for what is no date, [`Fault::DayRange`] for another century.
    pub fn from_typed(typed: &str) -> Result<Self, Fault> {
        let typed = typed.trim();
        let parts: Vec<&str> = typed.split('.').collect();
        let &[day, month, year] = parts.as_slice() else { return Self::try_from(typed) };
        if year.len() != 4 || !(1..=2).contains(&day.len()) || !(1..=2).contains(&month.len()) {
            return Err(Fault::DayForm);
        }
        Self::try_from(format!("{year}-{month:0>2}-{day:0>2}").as_str())
    }

    /// The day as a calendar date.
    pub const fn date(self) -> Date {
        self.0
    }

    /// `31.12.2024`, as Russian forms write it.
    pub fn russian(self) -> String {
        format!("{:02}.{:02}.{:04}", self.0.day(), self.0.month(), self.0.year())
    }
}

impl TryFrom<Date> for Day {
    type Error = Fault;

    fn try_from(date: Date) -> Result<Self, Fault> {
        if (1900..2200).contains(&date.year()) { Ok(Self(date)) } else { Err(Fault::DayRange) }
    }
}

impl TryFrom<&str> for Day {
    type Error = Fault;

    fn try_from(text: &str) -> Result<Self, Fault> {
        // jiff also reads times and offsets; a paper's date has exactly this shape.
        let shape = text.len() == 10
            && text.bytes().enumerate().all(|(place, byte)| match place {
                4 | 7 => byte == b'-',
                _ => byte.is_ascii_digit(),
            });
        let date: Date =
            shape.then_some(text).and_then(|t| t.parse().ok()).ok_or(Fault::DayForm)?;
        Self::try_from(date)
    }
}

impl TryFrom<String> for Day {
    type Error = Fault;

    fn try_from(text: String) -> Result<Self, Fault> {
        Self::try_from(text.as_str())
    }
}

impl From<Day> for String {
    fn from(day: Day) -> Self {
        day.to_string()
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Day(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_are_read() {
        for typed in ["12.04.1985", " 1985-04-12 ", "12.4.1985"] {
            let day = Day::from_typed(typed).unwrap();
            assert_eq!(
                (day.to_string().as_str(), day.russian().as_str()),
                ("1985-04-12", "12.04.1985")
            );
        }
        for bad in [
            "",
            "1985",
            "31.02.2020",
            "12.04.85",
            "1985-4-12",
            "1985-04-12T00:00",
            "12/04/1985",
            "1..1985",
        ] {
            assert_eq!(Day::from_typed(bad), Err(Fault::DayForm), "{bad}");
        }
        for bad in ["01.01.1899", "2200-01-01", "0001-01-01"] {
            assert_eq!(Day::from_typed(bad), Err(Fault::DayRange), "{bad}");
        }
        assert_eq!(format!("{:?}", Day::try_from("1985-04-12").unwrap()), "Day(..)");
    }
}
