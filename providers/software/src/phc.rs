//! PHC strings: `$id$v=19$name=number,…$salt$hash`, Base64 without padding.

use base64ct::{Base64Unpadded, Encoding};

/// The parts of a PHC string.
pub(crate) struct Phc {
    pub(crate) version: Option<u32>,
    pub(crate) parameters: Vec<u32>,
    pub(crate) salt: Vec<u8>,
    pub(crate) hash: Vec<u8>,
}

impl Phc {
    /// Writes the parts, the parameters under these names.
    pub(crate) fn write(&self, id: &str, names: &[&str]) -> String {
        let version = self.version.map_or(String::new(), |version| format!("$v={version}"));
        let parameters: Vec<_> =
            names.iter().zip(&self.parameters).map(|(name, n)| format!("{name}={n}")).collect();
        let salt = Base64Unpadded::encode_string(&self.salt);
        let hash = Base64Unpadded::encode_string(&self.hash);
        format!("${id}{version}${}${salt}${hash}", parameters.join(","))
    }

    /// Reads the parts of a string that has this id and exactly these parameters in this order.
    pub(crate) fn read(text: &str, id: &str, names: &[&str]) -> Option<Self> {
        let rest = text.strip_prefix('$')?.strip_prefix(id)?.strip_prefix('$')?;
        let mut fields: Vec<_> = rest.split('$').collect();
        let version = match fields.first()?.strip_prefix("v=") {
            Some(version) => {
                let version = number(version)?;
                fields.remove(0);
                Some(version)
            }
            None => None,
        };
        let [parameters, salt, hash] = fields.as_slice() else { return None };
        let parameters: Vec<_> = parameters.split(',').collect();
        if parameters.len() != names.len() {
            return None;
        }
        let value =
            |(text, name): (&&str, &&str)| number(text.strip_prefix(name)?.strip_prefix('=')?);
        let parameters = parameters.iter().zip(names).map(value).collect::<Option<_>>()?;
        let salt = Base64Unpadded::decode_vec(salt).ok()?;
        let hash = Base64Unpadded::decode_vec(hash).ok()?;
        Some(Self { version, parameters, salt, hash })
    }
}

/// A decimal number as PHC writes it: no sign, no leading zero.
fn number(text: &str) -> Option<u32> {
    let canonical = text == "0" || text.bytes().next().is_some_and(|c| (b'1'..=b'9').contains(&c));
    if canonical { text.parse().ok() } else { None }
}
