//! What every password hasher promises.

use gost_ca::provider::{ErrorKind, PasswordHash, PasswordHasher};
use gost_ca::secret::Secret;

use crate::broken::{Broken, Kept, ensure, same};
use crate::check::{Check, run};
use crate::drive::together;
use crate::fresh::fresh;
use crate::report::Report;

/// Opens the hasher under test; each call is a restart.
pub struct PasswordHasherUnderTest<'a> {
    open: &'a dyn Fn() -> Box<dyn PasswordHasher>,
}

impl core::fmt::Debug for PasswordHasherUnderTest<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("PasswordHasherUnderTest(..)")
    }
}

/// Checks a password hasher. How slow it is, nobody can tell from outside: that is for its author to say.
pub async fn password_hasher(name: &str, open: &dyn Fn() -> Box<dyn PasswordHasher>) -> Report {
    run(name, &PasswordHasherUnderTest { open }, &password_hasher_checks()).await
}

/// The promises of a password hasher.
pub fn password_hasher_checks<'a>() -> Vec<Check<PasswordHasherUnderTest<'a>>> {
    macro_rules! promises {
        ($($id:literal: $why:literal => $body:path;)+) => {
            vec![$(Check {
                id: concat!("password-hasher/", $id),
                why: $why,
                run: |subject| Box::pin(async move { $body(subject).await.into() }),
            }),+]
        };
    }
    promises! {
        "right-one": "PasswordHasher::verify: the hashed password is told, also after a restart" => right_one;
        "every-octet-counts": "PasswordHasher::verify: no other password is, however near or long" => every_octet;
        "salt-counts": "PasswordHasher::hash: salted: under two salts, two hashes" => salt_counts;
        "phc-string": "PasswordHash: a PHC string: $id$…, printable ASCII of one line" => phc_string;
        "nothing-to-read": "PasswordHasher: what is kept does not show the password" => nothing_to_read;
        "foreign-hash": "PasswordHasher::verify: Invalid when the hash is not one of this hasher's" => foreign;
        "side-by-side": "PasswordHasher: many at the same time, each its own answer" => side_by_side;
    }
}

type Subject<'a> = PasswordHasherUnderTest<'a>;

async fn hash(hasher: &dyn PasswordHasher, password: &[u8]) -> Result<PasswordHash, Broken> {
    Ok(hasher.hash(&Secret::new(password), &fresh()).await?)
}

async fn right_one(subject: &Subject<'_>) -> Kept {
    for password in [&b"a"[..], "Пароль1".as_bytes(), b"", b"with\0nothing", &[b'x'; 300]] {
        let known = hash(&*(subject.open)(), password).await?;
        let right = (subject.open)().verify(&Secret::new(password), &known).await?;
        ensure(right, format!("a password of {} octets is not known again", password.len()))?;
    }
    Ok(())
}

async fn every_octet(subject: &Subject<'_>) -> Kept {
    let hasher = (subject.open)();
    let long = [b'x'; 128];
    for (password, other) in [
        (&b"password1"[..], &b"password2"[..]),
        (b"password1", b"Password1"),
        (b"password1", b"password1 "),
        (b"password1", b""),
        (b"one\0two", b"one\0three"),
        (&long, &[&long[..127], b"y"].concat()),
        (&long, &[&long[..], b"x"].concat()),
    ] {
        let known = hash(&*hasher, password).await?;
        let taken = hasher.verify(&Secret::new(other), &known).await?;
        ensure(!taken, format!("another password is taken, of {} octets", other.len()))?;
    }
    Ok(())
}

async fn salt_counts(subject: &Subject<'_>) -> Kept {
    let (hasher, password) = ((subject.open)(), Secret::from("password1"));
    let salts = [[0; 16], [0xff; 16], [1; 16]];
    let mut stored = Vec::new();
    for salt in &salts {
        stored.push(hasher.hash(&password, salt).await?.expose().to_owned());
    }
    stored.dedup();
    same("the number of hashes under three salts", &stored.len(), &salts.len())?;
    // the same words in each, but for the salt, would be the same hash
    let last = |hash: &String| hash.rsplit('$').next().unwrap_or_default().to_owned();
    let mut last: Vec<_> = stored.iter().map(last).collect();
    last.dedup();
    same("the number of hashes without their salts", &last.len(), &salts.len())
}

async fn phc_string(subject: &Subject<'_>) -> Kept {
    let known = hash(&*(subject.open)(), "Пароль1".as_bytes()).await?;
    let text = known.expose();
    let printable = text.bytes().all(|octet| octet.is_ascii_graphic());
    let parts = text.split('$').count();
    ensure(text.starts_with('$') && parts > 2 && printable, "what is kept is no PHC string")
}

async fn nothing_to_read(subject: &Subject<'_>) -> Kept {
    let password = "hunter22-Пароль";
    let known = hash(&*(subject.open)(), password.as_bytes()).await?;
    let kept = known.expose().to_lowercase();
    let shown = [password.to_lowercase(), gost_ca::hex::encode(password.as_bytes())];
    let shown = shown.iter().any(|shown| kept.contains(shown));
    ensure(!shown, "the password can be read from what is kept")
}

async fn foreign(subject: &Subject<'_>) -> Kept {
    let hasher = (subject.open)();
    let own = hash(&*hasher, b"password1").await?;
    let cut = own.expose().rsplit_once('$').map_or("", |(head, _)| head).to_owned();
    for text in ["", "$", "password1", "$nobody$v=1$AAAA$AAAA", "$2b$12$", &cut] {
        let told = hasher.verify(&Secret::from("password1"), &PasswordHash::new(text)).await;
        match told {
            Ok(_) => return Err(format!("an answer about {text:?}").into()),
            Err(error) => same("the refusal", error.kind(), &ErrorKind::Invalid)?,
        }
    }
    Ok(())
}

async fn side_by_side(subject: &Subject<'_>) -> Kept {
    let hasher = (subject.open)();
    let passwords: Vec<_> = (0..4).map(|n| format!("password{n}")).collect();
    let stored = together(passwords.iter().map(|text| hash(&*hasher, text.as_bytes()))).await;
    let stored = stored.into_iter().collect::<Result<Vec<_>, _>>()?;
    for (n, password) in passwords.iter().enumerate() {
        let secret = Secret::from(password.as_str());
        for (m, told) in together(stored.iter().map(|hash| hasher.verify(&secret, hash)))
            .await
            .into_iter()
            .enumerate()
        {
            same("the answer", &told?, &(n == m))?;
        }
    }
    Ok(())
}
