//! Versions of records.

use gost_ca::commitment::Commitment;
use gost_ca::id::UserId;
use gost_ca::provider::journal::Page;
use gost_ca::registration::Field;

use super::people::{enrol, person, sealed, surname};
use super::search::{by_words, filter};
use super::{DirectoryUnderTest, promises};
use crate::broken::{Broken, Kept, ensure, same};
use crate::check::Check;
use crate::drive::on_threads;
use crate::fresh::fresh;

promises! {
    "unknown-is-none": "UserDirectory::get: None when there is none" => unknown;
    "put-then-get": "UserDirectory::put: stores a version with its salt and commitment" => round_trip;
    "put-twice": "UserDirectory::put: the same one again does nothing" => twice;
    "versions-kept": "UserDirectory: a version is addressed by its commitment and never changed" => kept;
    "users-apart": "UserDirectory::get: a version of another user is not this one's" => apart;
    "erased": "UserDirectory::erase: erases all versions of a user, with their salts" => erased;
    "survives-reopen": "UserDirectory::put: durably" => reopen;
    "threads": "UserDirectory: 8 threads store and read at once" => threads;
}

async fn unknown(subject: &DirectoryUnderTest<'_>) -> Kept {
    let (directory, user) = (subject.open(), UserId::new(fresh()));
    let version = Commitment::from_octets(fresh());
    same("an unknown user", &directory.get(&user, &version).await?, &None)?;
    let someone = enrol(directory.as_ref(), &person(&surname())?).await?;
    same("an unknown version", &directory.get(&someone.user, &version).await?, &None)
}

async fn round_trip(subject: &DirectoryUnderTest<'_>) -> Kept {
    let directory = subject.open();
    for name in ["Ёлкин-Щедрин", "О'Нил", "Nguyễn"] {
        let someone = enrol(directory.as_ref(), &person(name)?).await?;
        let found = directory.get(&someone.user, &someone.version.commitment).await?;
        ensure(found == Some(someone.version), "a version does not come back as it was")?;
    }
    Ok(())
}

async fn twice(subject: &DirectoryUnderTest<'_>) -> Kept {
    let (directory, name) = (subject.open(), surname());
    let someone = enrol(directory.as_ref(), &person(&name)?).await?;
    directory.put(&someone.user, &someone.version).await?;
    let found = directory.search(&by_words(&name), &Page::first(9)).await?;
    same("the number of versions found", &found.users.len(), &1)
}

async fn kept(subject: &DirectoryUnderTest<'_>) -> Kept {
    let (directory, name) = (subject.open(), surname());
    let mut form = person(&name)?;
    let someone = enrol(directory.as_ref(), &form).await?;
    form.set(Field::BirthPlace, "г. Другой");
    let later = sealed(&form)?;
    directory.put(&someone.user, &later).await?;
    for version in [&someone.version, &later] {
        let found = directory.get(&someone.user, &version.commitment).await?;
        ensure(found.as_ref() == Some(version), "a version is not what it was")?;
    }
    let found = directory.search(&by_words(&name), &Page::first(9)).await?;
    same("the number of versions found", &found.users.len(), &2)
}

async fn apart(subject: &DirectoryUnderTest<'_>) -> Kept {
    let (directory, other) = (subject.open(), UserId::new(fresh()));
    let someone = enrol(directory.as_ref(), &person(&surname())?).await?;
    let version = someone.version.commitment;
    same("another user's version", &directory.get(&other, &version).await?, &None)?;
    // Two users may have the same version: the same octets under the same salt.
    directory.put(&other, &someone.version).await?;
    directory.erase(&other).await?;
    let found = directory.get(&someone.user, &version).await?;
    ensure(found.is_some(), "erasing one user erased another one's version")
}

async fn erased(subject: &DirectoryUnderTest<'_>) -> Kept {
    let (directory, name) = (subject.open(), surname());
    let someone = enrol(directory.as_ref(), &person(&name)?).await?;
    let later = sealed(&person(&name)?)?;
    directory.put(&someone.user, &later).await?;
    let other = enrol(directory.as_ref(), &person(&name)?).await?;
    directory.erase(&someone.user).await?;
    directory.erase(&someone.user).await?;
    directory.erase(&UserId::new(fresh())).await?;
    for directory in [directory, subject.open()] {
        for version in [&someone.version, &later] {
            let found = directory.get(&someone.user, &version.commitment).await?;
            ensure(found.is_none(), "an erased version is read")?;
        }
        let found = directory.search(&by_words(&name), &Page::first(9)).await?.users;
        let whose: Vec<UserId> = found.iter().map(|found| found.user).collect();
        same("who is found", &whose, &vec![other.user])?;
        let login = filter(|filter| filter.login = Some(later.record.login.clone()));
        let found = directory.search(&login, &Page::first(9)).await?.users;
        same("the number of erased ones found by login", &found.len(), &0)?;
    }
    Ok(())
}

async fn reopen(subject: &DirectoryUnderTest<'_>) -> Kept {
    let name = surname();
    let someone = {
        let directory = subject.open();
        enrol(directory.as_ref(), &person(&name)?).await?
    };
    let directory = subject.open();
    let found = directory.search(&by_words(&name), &Page::first(9)).await?;
    same("the number of versions found", &found.users.len(), &1)?;
    let found = directory.get(&someone.user, &someone.version.commitment).await?;
    ensure(found == Some(someone.version), "the version is lost")
}

async fn threads(subject: &DirectoryUnderTest<'_>) -> Kept {
    let (directory, name) = (subject.open(), surname());
    let (directory, name) = (directory.as_ref(), name.as_str());
    let answers = on_threads(8, |_| async move {
        for _ in 0..5 {
            let someone = enrol(directory, &person(name)?).await?;
            let found = directory.get(&someone.user, &someone.version.commitment).await?;
            ensure(found == Some(someone.version), "what was stored is not read")?;
        }
        Ok::<_, Broken>(())
    });
    same("the number of answers", &answers.len(), &8)?;
    answers.into_iter().collect::<Result<Vec<()>, _>>()?;
    let found = directory.search(&by_words(name), &Page::first(100)).await?;
    same("the number of versions found", &found.users.len(), &40)
}
