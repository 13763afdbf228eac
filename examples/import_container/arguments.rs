//! What the command line says.

use std::path::PathBuf;

use gost_key_files::Cipher;

use crate::Result;

pub(crate) const HELP: &str = "\
import_container: takes a key over from CryptoPro CSP

  --container DIR      the folder of a container: header.key, masks.key, name.key, primary.key and the reserve
  --pfx FILE           a PFX file, of the CSP or of RFC 9548
  --password P         its password [none]
  --out FILE           where the key goes as PKCS#8 in PEM; must not exist
  --new-password P     encrypts it
  --cipher CIPHER      gost28147, what OpenSSL's GOST engine reads; kuznyechik or magma, as RFC 9337 has them
                       [gost28147]
  --key WHICH          primary or secondary, where there are two [primary]
  --certificate FILE   where its certificate goes in PEM";

pub(crate) enum Source {
    Container(PathBuf),
    Pfx(PathBuf),
}

pub(crate) struct Arguments {
    pub(crate) source: Source,
    pub(crate) password: String,
    pub(crate) out: PathBuf,
    pub(crate) new_password: Option<String>,
    pub(crate) cipher: Cipher,
    pub(crate) secondary: bool,
    pub(crate) certificate: Option<PathBuf>,
}

impl Arguments {
    /// Reads the command line; `None` where help was asked for.
    pub(crate) fn parse() -> Result<Option<Self>> {
        let (mut source, mut out) = (None, None);
        let (mut password, mut new_password, mut certificate) = (String::new(), None, None);
        let (mut cipher, mut secondary) = (Cipher::GOST_28147, false);
        let mut parser = lexopt::Parser::from_env();
        while let Some(argument) = parser.next()? {
            let lexopt::Arg::Long(name) = argument else {
                return Err(argument.unexpected().into());
            };
            match name {
                "help" => return Ok(None),
                "container" => source = Some(Source::Container(parser.value()?.into())),
                "pfx" => source = Some(Source::Pfx(parser.value()?.into())),
                "password" => password = text(&mut parser)?,
                "out" => out = Some(PathBuf::from(parser.value()?)),
                "new-password" => new_password = Some(text(&mut parser)?),
                "cipher" => cipher = find(&CIPHERS, &text(&mut parser)?)?,
                "key" => secondary = find(&KEYS, &text(&mut parser)?)?,
                "certificate" => certificate = Some(PathBuf::from(parser.value()?)),
                _ => return Err(argument.unexpected().into()),
            }
        }
        let source = source.ok_or("say --container DIR or --pfx FILE")?;
        let out = out.ok_or("say --out FILE")?;
        let arguments =
            Self { source, password, out, new_password, cipher, secondary, certificate };
        Ok(Some(arguments))
    }
}

fn text(parser: &mut lexopt::Parser) -> Result<String> {
    Ok(parser.value()?.into_string().map_err(|_| "an argument is no text")?)
}

fn find<T: Copy>(table: &[(&str, T)], name: &str) -> Result<T> {
    let row = table.iter().find(|(known, _)| *known == name);
    Ok(row.ok_or_else(|| format!("{name} is none of those known"))?.1)
}

const CIPHERS: [(&str, Cipher); 3] = [
    ("gost28147", Cipher::GOST_28147),
    ("kuznyechik", Cipher::KuznyechikOmac),
    ("magma", Cipher::MagmaOmac),
];
const KEYS: [(&str, bool); 2] = [("primary", false), ("secondary", true)];
