//! Random documents, the same each time: well formed, with all that a canonical form changes.

/// A generator of octets that repeats itself.
pub(crate) struct Random {
    state: u64,
    /// Whether each namespace has one prefix everywhere, and none is the default: Python renames prefixes, and
    /// writes two default namespaces where an attribute has none.
    plain: bool,
}

impl Random {
    pub(crate) const fn new(state: u64) -> Self {
        Self { state, plain: false }
    }

    pub(crate) const fn plain(state: u64) -> Self {
        Self { state, plain: true }
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.state = self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        usize::try_from(self.state >> 33).unwrap() % end
    }

    pub(crate) fn of<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.below(all.len())]
    }

    /// A document.
    pub(crate) fn document(&mut self) -> String {
        let mut text = String::new();
        for _ in 0..self.below(3) {
            let beside = self.beside();
            text.push_str(&beside);
        }
        self.element(&mut text, &[], 0);
        for _ in 0..self.below(3) {
            let beside = self.beside();
            text.push_str(&beside);
        }
        text
    }

    fn beside(&mut self) -> String {
        let all = ["<!-- a\r\ncomment -->", "<?go on\r  now ?>\n", "<?go?>", " \n\t", "<!---->"];
        self.of(&all).to_owned()
    }

    fn element(&mut self, text: &mut String, known: &[&'static str], depth: usize) {
        let mut known = known.to_vec();
        let (mut declared, mut attributes) = (String::new(), Vec::new());
        for prefix in ["a", "b", "c"] {
            if self.below(4) == 0 || (depth == 0 && prefix == "a") {
                let own = format!("urn:{prefix}");
                let uri = if self.plain { &own } else { self.of(&URIS) };
                attributes.push(format!("xmlns:{prefix} = \"{uri}\""));
                known.push(prefix);
            }
        }
        if self.below(4) == 0 {
            let uri = self.of(if self.plain { &[""] } else { &["", "urn:one", "urn:two?a=1;b=2"] });
            declared = format!(" xmlns='{uri}'");
        }
        for local in 0..self.below(5) {
            let prefix = match self.below(3) {
                0 if !known.is_empty() => format!("{}:", self.of(&known)),
                _ => String::new(),
            };
            let value = self.of(&VALUES);
            attributes.push(format!("{prefix}x{local}={value}"));
        }
        if self.below(8) == 0 {
            attributes.push("xml:lang='ru'".to_owned());
        }
        let place = self.below(attributes.len() + 1);
        attributes.rotate_left(place);
        let name = match self.below(2) {
            0 if !known.is_empty() => format!("{}:{}", self.of(&known), self.of(&NAMES)),
            _ => self.of(&NAMES).to_owned(),
        };
        let attributes: Vec<_> = attributes.iter().map(|one| format!("\r\n {one}")).collect();
        *text += &["<", &name, &declared, &attributes.concat()].concat();
        if self.below(5) == 0 {
            text.push_str(self.of(&["/>", " />"]));
            return;
        }
        text.push('>');
        for _ in 0..self.below(6) {
            match self.below(if depth < 5 { 4 } else { 3 }) {
                0 => {
                    let beside = self.beside();
                    text.push_str(&beside);
                }
                1 | 2 => text.push_str(self.of(&TEXTS)),
                _ => self.element(text, &known, depth + 1),
            }
        }
        *text += &["</", &name, self.of(&["", " ", "\n"]), ">"].concat();
    }
}

/// Without `&`, which xmllint does not escape here.
const URIS: [&str; 4] = ["urn:one", "urn:two", "http://three.example/", "urn:four?a=1&#59;b=2"];
const NAMES: [&str; 4] = ["e", "имя", "_0", "a-b.c"];
const VALUES: [&str; 9] = [
    "''",
    "\"1\"",
    "'say \"so\"'",
    "\"it's\"",
    "'a\r\nb\tc'",
    "'a&#13;&#10;b&#x9;c'",
    "'&lt;&gt;&amp;&quot;&apos;'",
    "'>'",
    "'  два  слова '",
];
const TEXTS: [&str; 11] = [
    "text",
    "\r\n\t",
    "&lt;&amp;&gt;&quot;&apos;",
    "a\r&lt;b",
    "\r&#13;\rz",
    "&#13;\n&#13;",
    "<![CDATA[<&>\r\n]]>",
    "<![CDATA[]]>",
    "say \"so\" > it's",
    "кириллица &#x1F600; 𝄞",
    "]] >",
];
