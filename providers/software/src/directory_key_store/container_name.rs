//! Names of containers that are safe as names of files.

/// A container's name: letters and digits of any script, spaces and a few signs.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct ContainerName(String);

impl ContainerName {
    /// Refuses whatever could lead out of the directory, hide a file or upset a file system.
    pub(super) fn parse(name: &str) -> Option<Self> {
        let safe = |c: char| c.is_alphanumeric() || SIGNS.contains(c);
        let edges = |c: char| c != ' ' && c != '.';
        let (first, last) = (name.chars().next()?, name.chars().next_back()?);
        // 200 octets and an extension fit into the 255 of a file's name.
        let sound = name.len() <= 200 && name.chars().all(safe) && edges(first) && edges(last);
        sound.then(|| Self(name.to_owned()))
    }

    /// The name in a file's name, where it is that of a container.
    pub(super) fn of_file(file: &str) -> Option<Self> {
        Self::parse(file.strip_suffix(EXTENSION)?)
    }

    pub(super) fn file(&self) -> String {
        format!("{}{EXTENSION}", self.0)
    }

    pub(super) fn tries_file(&self) -> String {
        format!("{}.tries", self.0)
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

const SIGNS: &str = " -_.@()№";
const EXTENSION: &str = ".gostkey";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_leads_out() {
        for bad in
            ["", ".", "..", "../x", "a/b", "a\\b", "a:b", "a\0b", ".hidden", " a", "a ", "a."]
        {
            assert_eq!(ContainerName::parse(bad), None, "{bad:?}");
        }
        assert_eq!(ContainerName::parse(&"я".repeat(101)), None);
        for good in ["a", "ключ Иванова-2", "a..b", "ivanov@ca.ru (1)", &"я".repeat(100)]
        {
            let name = ContainerName::parse(good).unwrap();
            assert_eq!(ContainerName::of_file(&name.file()), Some(name));
        }
        assert_eq!(ContainerName::of_file("a.tries"), None);
    }
}
