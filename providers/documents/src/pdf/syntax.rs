//! Where values lie in the octets of a file.
//!
//! The structure is read by a PDF crate, which does not tell where it found what. Signatures are about octets:
//! the place of a value is found here, by a reader of its own, which agrees with the crate or refuses.

use core::ops::Range;

/// The entries of a dictionary: their names, and where their values lie in the file.
pub(crate) type Entries = Vec<(Vec<u8>, Range<usize>)>;

/// Reads the dictionary of the indirect object that begins at a place: nothing where there is none, where it is
/// another object, or where a name stands twice.
pub(crate) fn dictionary(
    file: &[u8],
    start: usize,
    (number, generation): (u32, u16),
) -> Option<Entries> {
    let mut scanner = Scanner { file, position: start };
    if !scanner.header(number, generation) {
        return None;
    }
    scanner.space();
    scanner.entries()
}

/// Whether the indirect object of this number begins at a place.
pub(crate) fn begins(file: &[u8], start: usize, (number, generation): (u32, u16)) -> bool {
    Scanner { file, position: start }.header(number, generation)
}

/// The integers of an array that has nothing else, none of them negative.
pub(crate) fn integers(array: &[u8]) -> Option<Vec<usize>> {
    let inner = array.strip_prefix(b"[")?.strip_suffix(b"]")?;
    let words = inner.split(|octet| is_space(*octet)).filter(|word| !word.is_empty());
    words.map(number).collect()
}

/// The octets of a hexadecimal string, its delimiters included; without spaces, and of whole octets.
pub(crate) fn hexadecimal(string: &[u8]) -> Option<Vec<u8>> {
    let digits = string.strip_prefix(b"<")?.strip_suffix(b">")?;
    let pairs = digits.chunks(2);
    pairs.map(|pair| Some(digit(*pair.first()?)? << 4 | digit(*pair.get(1)?)?)).collect()
}

/// A place in a file, moved forward token by token.
struct Scanner<'a> {
    file: &'a [u8],
    position: usize,
}

impl<'a> Scanner<'a> {
    /// `12 0 obj`.
    fn header(&mut self, wanted: u32, generation: u16) -> bool {
        let wanted = [wanted.to_string(), generation.to_string()];
        self.space();
        wanted.iter().all(|number| {
            let same = self.word() == number.as_bytes();
            self.space();
            same
        }) && self.take(b"obj")
    }

    fn entries(&mut self) -> Option<Entries> {
        if !self.take(b"<<") {
            return None;
        }
        let mut entries = Entries::new();
        loop {
            self.space();
            if self.take(b">>") {
                return Some(entries);
            }
            let name = self.name()?;
            self.space();
            let start = self.position;
            self.value(DEEPEST)?;
            if entries.iter().any(|(known, _)| *known == name) {
                return None;
            }
            entries.push((name, start..self.position));
        }
    }

    /// Passes over one value.
    fn value(&mut self, depth: usize) -> Option<()> {
        let depth = depth.checked_sub(1)?;
        match self.peek()? {
            b'(' => self.literal(),
            b'/' => self.name().map(|_| ()),
            b'[' => {
                self.step();
                self.until(b"]", depth)
            }
            b'<' if self.take(b"<<") => self.until(b">>", depth),
            b'<' => self.through(b'>'),
            _ => self.number_or_reference(),
        }
    }

    fn until(&mut self, end: &[u8], depth: usize) -> Option<()> {
        loop {
            self.space();
            if self.take(end) {
                return Some(());
            }
            self.value(depth)?;
        }
    }

    /// A number, a keyword, or a reference, which is three tokens.
    fn number_or_reference(&mut self) -> Option<()> {
        let first = self.word();
        if first.is_empty() {
            return None;
        }
        let end = self.position;
        self.space();
        let second = self.word();
        self.space();
        let reference = number(first).is_some() && number(second).is_some() && self.word() == b"R";
        if !reference {
            self.position = end;
        }
        Some(())
    }

    fn literal(&mut self) -> Option<()> {
        let mut open = 0_usize;
        loop {
            match self.peek()? {
                b'\\' => self.step(),
                b'(' => open = open.checked_add(1)?,
                b')' => open = open.checked_sub(1)?,
                _ => {}
            }
            self.step();
            if open == 0 {
                return Some(());
            }
        }
    }

    fn through(&mut self, end: u8) -> Option<()> {
        let rest = self.file.get(self.position..)?;
        let length = rest.iter().position(|octet| *octet == end)?;
        self.position = self.position.checked_add(length)?.checked_add(1)?;
        Some(())
    }

    /// A name without its slash, `#41` read as what it stands for.
    fn name(&mut self) -> Option<Vec<u8>> {
        if !self.take(b"/") {
            return None;
        }
        let mut octets = self.word().iter();
        let mut name = Vec::new();
        while let Some(octet) = octets.next() {
            name.push(match octet {
                b'#' => digit(*octets.next()?)? << 4 | digit(*octets.next()?)?,
                octet => *octet,
            });
        }
        Some(name)
    }

    /// What stands up to the next space or delimiter.
    fn word(&mut self) -> &'a [u8] {
        let file: &'a [u8] = self.file;
        let rest = file.get(self.position..).unwrap_or_default();
        let end = rest.iter().position(|octet| is_space(*octet) || DELIMITERS.contains(octet));
        let (word, _) = rest.split_at(end.unwrap_or(rest.len()));
        self.position = self.position.saturating_add(word.len());
        word
    }

    /// Passes over spaces and comments.
    fn space(&mut self) {
        let mut comment = false;
        while let Some(octet) = self.peek() {
            comment = match octet {
                b'%' => true,
                b'\r' | b'\n' => false,
                _ => comment,
            };
            if !comment && !is_space(octet) {
                return;
            }
            self.step();
        }
    }

    fn take(&mut self, token: &[u8]) -> bool {
        let found = self.file.get(self.position..).is_some_and(|rest| rest.starts_with(token));
        if found {
            self.position = self.position.saturating_add(token.len());
        }
        found
    }

    fn peek(&self) -> Option<u8> {
        self.file.get(self.position).copied()
    }

    const fn step(&mut self) {
        self.position = self.position.saturating_add(1);
    }
}

fn number(word: &[u8]) -> Option<usize> {
    let digits = word.iter().all(u8::is_ascii_digit);
    core::str::from_utf8(word).ok().filter(|_| digits)?.parse().ok()
}

fn digit(octet: u8) -> Option<u8> {
    char::from(octet).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

const fn is_space(octet: u8) -> bool {
    matches!(octet, 0 | b'\t' | b'\n' | 0x0c | b'\r' | b' ')
}

const DELIMITERS: &[u8] = b"()<>[]{}/%";
const DEEPEST: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    fn values(file: &str) -> Option<Vec<(String, String)>> {
        let entries = dictionary(file.as_bytes(), 0, (4, 0))?;
        let text = |(name, range): (Vec<u8>, Range<usize>)| {
            (String::from_utf8(name).unwrap(), file[range].to_owned())
        };
        Some(entries.into_iter().map(text).collect())
    }

    #[test]
    fn values_are_found_where_they_lie() {
        let file = "4 0 obj % a comment >>\n<</Type/Sig/A [1 2 R(\\)]>>)]/B(a(b)c)/C<41>/D 7 0 R/E<</F 1>>/G -.5>>";
        let found = values(file).unwrap();
        let found: Vec<_> = found.iter().map(|(name, value)| (&**name, &**value)).collect();
        assert_eq!(
            found,
            [
                ("Type", "/Sig"),
                ("A", "[1 2 R(\\)]>>)]"),
                ("B", "(a(b)c)"),
                ("C", "<41>"),
                ("D", "7 0 R"),
                ("E", "<</F 1>>"),
                ("G", "-.5"),
            ]
        );
        assert_eq!(values("4 0 obj<</Con#74ents<00>>>").unwrap()[0].0, "Contents");
    }

    #[test]
    fn what_can_be_read_two_ways_is_refused() {
        assert_eq!(values("4 0 obj<</A 1/#41 2>>"), None); // the same name
        assert_eq!(values("4 0 obj<</A (>>"), None);
        assert_eq!(values("4 0 obj<</A <41"), None);
        assert_eq!(values("4 0 obj<</A 1"), None);
        assert_eq!(values("4 0 obj[1]"), None);
        assert_eq!(values("14 0 obj<<>>"), None);
        assert_eq!(values("4 1 obj<<>>"), None);
        let deep = format!("4 0 obj<</A {}>>", "[".repeat(100_000));
        assert_eq!(values(&deep), None);
    }

    #[test]
    fn numbers_and_octets_are_read_strictly() {
        assert_eq!(integers(b"[0 1 \n22  3 ]"), Some(vec![0, 1, 22, 3]));
        assert_eq!(integers(b"[0 -1]"), None);
        assert_eq!(integers(b"[0 1 R]"), None);
        assert_eq!(integers(b"[99999999999999999999999999]"), None);
        assert_eq!(hexadecimal(b"<4aFf>"), Some(vec![0x4a, 0xff]));
        assert_eq!(hexadecimal(b"<4aF>"), None);
        assert_eq!(hexadecimal(b"<4a ff>"), None);
        assert_eq!(hexadecimal(b"(4a)"), None);
    }
}
