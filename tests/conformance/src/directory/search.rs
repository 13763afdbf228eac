//! Finding users.

use std::collections::BTreeSet;

use gost_ca::id::UserId;
use gost_ca::provider::journal::{Cursor, Page};
use gost_ca::provider::{ErrorKind, UserDirectory, UserFilter};
use gost_ca::registration::{Field, SubjectKind};

use super::people::{enrol, legal, person, surname};
use super::{DirectoryUnderTest, promises};
use crate::broken::{Broken, Kept, ensure, same};
use crate::check::Check;

promises! {
    "word-beginnings": "UserFilter::words: beginnings of words, in any case, Ё = Е (U2)" => words;
    "every-word": "UserFilter::words: every word must fit, in any order" => every_word;
    "organisation-words": "UserFilter::words: also of the organisation" => organisation;
    "login": "UserFilter::login: the login, whole" => login;
    "inn": "UserFilter::inn: the person's or the organisation's" => inn;
    "snils": "UserFilter::snils" => snils;
    "every-field": "UserFilter: every field that is set must fit" => every_field;
    "nothing-asked": "UserFilter: all users where nothing is asked for" => nothing_asked;
    "wildcards": "UserFilter::words: no character has a meaning of its own" => wildcards;
    "many-words": "UserFilter::words: any number of words" => many_words;
    "pages": "UserDirectory::search: at most `page.limit`, each version once" => pages;
    "foreign-cursor": "UserDirectory::search: Invalid for a cursor that is not this directory's" => foreign;
}

pub(super) fn by_words(words: &str) -> UserFilter {
    filter(|filter| filter.words = Some(words.to_owned()))
}

/// A filter with some of its fields set.
pub(super) fn filter(set: impl FnOnce(&mut UserFilter)) -> UserFilter {
    let mut filter = UserFilter::default();
    set(&mut filter);
    filter
}

/// Who is found, in pages of three.
async fn found(directory: &dyn UserDirectory, filter: &UserFilter) -> Result<Vec<UserId>, Broken> {
    let (mut users, mut after) = (Vec::new(), None);
    loop {
        let page = Page { after, limit: 3 };
        let found = directory.search(filter, &page).await?;
        ensure(found.users.len() <= 3, "a page of 3 is longer")?;
        let fits = found.users.iter().all(|user| filter.fits(&user.record));
        ensure(fits, format!("what is found for {filter:?} does not fit"))?;
        users.extend(found.users.into_iter().map(|user| user.user));
        if found.next.is_none() {
            return Ok(users);
        }
        ensure(found.next != page.after, "a page ends where it began")?;
        after = found.next;
    }
}

/// Exactly these are found, each once.
async fn finds(directory: &dyn UserDirectory, filter: &UserFilter, who: &[UserId]) -> Kept {
    let mut found = found(directory, filter).await?;
    let mut who = who.to_vec();
    found.sort_unstable();
    who.sort_unstable();
    same(&format!("who is found for {filter:?}"), &found, &who)
}

async fn words(subject: &DirectoryUnderTest<'_>) -> Kept {
    let (directory, name) = (subject.open(), surname());
    let who = enrol(directory.as_ref(), &person(&format!("{name}ёв-Ёлкин"))?).await?.user;
    let lower = name.to_lowercase();
    for typed in [
        name.clone(),
        lower.clone(),
        name.to_uppercase(),
        format!("{lower}ев"),
        format!("{lower}ЁВ"),
        format!("{lower} елк"),
        format!("ЁЛКИН-{lower}"),
        name.chars().take(12).collect(),
    ] {
        finds(directory.as_ref(), &by_words(&typed), &[who]).await?;
    }
    // Not from the middle of a word, and no letter more.
    let middle: String = name.chars().skip(1).collect();
    for typed in [middle, format!("{name}ёвч"), format!("{name} лкин")] {
        finds(directory.as_ref(), &by_words(&typed), &[]).await?;
    }
    Ok(())
}

async fn every_word(subject: &DirectoryUnderTest<'_>) -> Kept {
    let (directory, name) = (subject.open(), surname());
    let one = enrol(directory.as_ref(), &person(&name)?).await?.user;
    let mut form = person(&name)?;
    form.set(Field::GivenName, "Анна-Щедра");
    form.clear(Field::Patronymic);
    let two = enrol(directory.as_ref(), &form).await?.user;
    for (typed, who) in [
        (name.clone(), &[one, two][..]),
        (format!("пет сем {name}"), &[one]),
        (format!("{name} анн"), &[two]),
        (format!("щ анна {name} щед"), &[two]),
        (format!("{name} анна петр"), &[]),
        (format!("{name} {name}"), &[one, two]),
    ] {
        finds(directory.as_ref(), &by_words(&typed), who).await?;
    }
    Ok(())
}

async fn organisation(subject: &DirectoryUnderTest<'_>) -> Kept {
    let (directory, name, company) = (subject.open(), surname(), surname());
    let form = legal(&name, &format!("ООО «{company}-Сервис»"))?;
    let who = enrol(directory.as_ref(), &form).await?.user;
    for typed in [
        company.clone(),
        format!("ооо {company}"),
        format!("серв {company}"),
        format!("{company} {name}"),
    ] {
        finds(directory.as_ref(), &by_words(&typed), &[who]).await?;
    }
    Ok(())
}

async fn login(subject: &DirectoryUnderTest<'_>) -> Kept {
    let (directory, name) = (subject.open(), surname());
    let one = enrol(directory.as_ref(), &person(&name)?).await?;
    enrol(directory.as_ref(), &person(&name)?).await?;
    let mut filter = filter(|filter| filter.login = Some(one.version.record.login.clone()));
    finds(directory.as_ref(), &filter, &[one.user]).await?;
    let text = one.version.record.login.as_str();
    let beginning = text.get(..text.len().saturating_sub(1)).unwrap_or_default();
    filter.login = beginning.to_owned().try_into().ok();
    finds(directory.as_ref(), &filter, &[]).await
}

async fn inn(subject: &DirectoryUnderTest<'_>) -> Kept {
    let directory = subject.open();
    let form = legal(&surname(), "ООО «Ромашка»")?;
    let who = enrol(directory.as_ref(), &form).await?.user;
    enrol(directory.as_ref(), &legal(&surname(), "ООО «Ромашка»")?).await?;
    for field in [Field::Inn, Field::OrganizationInn] {
        let inn = form.value(field).unwrap_or_default();
        let mut filter = filter(|filter| filter.inn = Some(inn.to_owned()));
        finds(directory.as_ref(), &filter, &[who]).await?;
        filter.inn = Some(inn.chars().take(9).collect());
        finds(directory.as_ref(), &filter, &[]).await?;
    }
    Ok(())
}

async fn snils(subject: &DirectoryUnderTest<'_>) -> Kept {
    let directory = subject.open();
    let form = person(&surname())?;
    let who = enrol(directory.as_ref(), &form).await?.user;
    let snils = form.value(Field::Snils).map(str::to_owned);
    let mut filter = filter(|filter| filter.snils = snils);
    finds(directory.as_ref(), &filter, &[who]).await?;
    filter.snils = form.value(Field::Snils).and_then(|snils| snils.get(..10)).map(str::to_owned);
    finds(directory.as_ref(), &filter, &[]).await
}

async fn every_field(subject: &DirectoryUnderTest<'_>) -> Kept {
    let (directory, name) = (subject.open(), surname());
    let form = person(&name)?;
    let one = enrol(directory.as_ref(), &form).await?.user;
    let two = enrol(directory.as_ref(), &legal(&name, "ООО «Ромашка»")?).await?.user;
    let mut filter = by_words(&name);
    finds(directory.as_ref(), &filter, &[one, two]).await?;
    filter.kind = Some(SubjectKind::LegalEntity);
    finds(directory.as_ref(), &filter, &[two]).await?;
    filter.kind = Some(SubjectKind::NaturalPerson);
    finds(directory.as_ref(), &filter, &[one]).await?;
    filter.inn = form.value(Field::Inn).map(str::to_owned);
    filter.snils = form.value(Field::Snils).map(str::to_owned);
    finds(directory.as_ref(), &filter, &[one]).await?;
    filter.words = Some(format!("{name} анна"));
    finds(directory.as_ref(), &filter, &[]).await
}

async fn nothing_asked(subject: &DirectoryUnderTest<'_>) -> Kept {
    let (directory, mut mine) = (subject.open(), BTreeSet::new());
    for _ in 0..4 {
        mine.insert(enrol(directory.as_ref(), &person(&surname())?).await?.user);
    }
    for filter in [UserFilter::default(), by_words(""), by_words(" - «» ")] {
        let all: BTreeSet<UserId> = found(directory.as_ref(), &filter).await?.into_iter().collect();
        ensure(mine.is_subset(&all), format!("not all are found for {filter:?}"))?;
    }
    Ok(())
}

async fn wildcards(subject: &DirectoryUnderTest<'_>) -> Kept {
    let (directory, name) = (subject.open(), surname());
    let who = enrol(directory.as_ref(), &person(&name)?).await?.user;
    let short: String = name.chars().take(10).collect();
    for typed in
        [format!("{short}%"), format!("{short}*"), format!("'\"{name}\\"), format!("{name}\0")]
    {
        finds(directory.as_ref(), &by_words(&typed), &[who]).await?;
    }
    let hole: String =
        name.chars().enumerate().map(|(n, c)| if n == 3 { '_' } else { c }).collect();
    finds(directory.as_ref(), &by_words(&hole), &[]).await
}

async fn many_words(subject: &DirectoryUnderTest<'_>) -> Kept {
    let (directory, name) = (subject.open(), surname());
    let who = enrol(directory.as_ref(), &person(&name)?).await?.user;
    let beginnings: Vec<String> =
        (1..=name.chars().count()).map(|n| name.chars().take(n).collect()).collect();
    let fitting = beginnings.join(" ") + &" петр".repeat(2000);
    finds(directory.as_ref(), &by_words(&fitting), &[who]).await?;
    finds(directory.as_ref(), &by_words(&format!("{fitting} к")), &[]).await
}

async fn pages(subject: &DirectoryUnderTest<'_>) -> Kept {
    let (directory, name) = (subject.open(), surname());
    let mut who = Vec::new();
    for n in 0..20 {
        // Some have two words that begin so: they are found once all the same.
        let surname = if n % 3 == 0 { format!("{name}а-{name}б") } else { name.clone() };
        who.push(enrol(directory.as_ref(), &person(&surname)?).await?.user);
    }
    finds(directory.as_ref(), &by_words(&name), &who).await?;
    let filter = by_words(&name);
    for limit in [1, 7, 19, 20, 21] {
        let (mut users, mut after) = (BTreeSet::new(), None);
        loop {
            let found = directory.search(&filter, &Page { after, limit }).await?;
            ensure(found.users.len() <= limit, format!("a page of {limit} is longer"))?;
            let new = found.users.iter().filter(|found| users.insert(found.user)).count();
            same("the number of new users on a page", &new, &found.users.len())?;
            match found.next {
                None => break,
                next => after = next,
            }
        }
        same("the number of users", &users.len(), &20)?;
    }
    let none = directory.search(&filter, &Page::first(0)).await?;
    same("a page of none", &none.users.len(), &0)
}

async fn foreign(subject: &DirectoryUnderTest<'_>) -> Kept {
    let (directory, name) = (subject.open(), surname());
    enrol(directory.as_ref(), &person(&name)?).await?;
    for filter in [by_words(&name), UserFilter::default()] {
        let after = Some(Cursor(b"\xff\xfe no cursor of yours".to_vec()));
        let answer = directory.search(&filter, &Page { after, limit: 3 }).await;
        let kind = answer.err().map(|error| error.kind().clone());
        same("the answer", &kind, &Some(ErrorKind::Invalid))?;
    }
    Ok(())
}
