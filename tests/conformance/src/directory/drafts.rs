//! Drafts of registrations, where a directory keeps them.

use gost_ca::commitment::Commitment;
use gost_ca::id::UserId;
use gost_ca::provider::directory::SealedDraft;
use gost_ca::provider::{Drafts, UserDirectory};

use super::{DirectoryUnderTest, promises};
use crate::broken::{Broken, Kept, ensure, same};
use crate::check::Check;
use crate::fresh::fresh;

promises! {
    "draft-comes-back": "Drafts::keep: stores a version, durably; the same one again does nothing" => comes_back;
    "draft-of-another": "Drafts::read: None when there is none, or it is another user's" => of_another;
    "drafts-erased": "Drafts::erase_but: erases all versions of a user but that one" => erased;
}

fn draft(words: &str) -> SealedDraft {
    SealedDraft::new(words.as_bytes().to_vec(), fresh())
}

fn kept_by(directory: &dyn UserDirectory) -> Result<&dyn Drafts, Broken> {
    directory.drafts().ok_or_else(|| Broken::skip("it keeps no drafts"))
}

async fn comes_back(subject: &DirectoryUnderTest<'_>) -> Kept {
    let (directory, user) = (subject.open(), UserId::new(fresh()));
    let drafts = kept_by(directory.as_ref())?;
    let (first, later) = (draft("{\"surname\":\"Ёлкин\"}"), draft(""));
    for version in [&first, &later, &first] {
        drafts.keep(&user, version).await?;
    }
    for directory in [&directory, &subject.open()] {
        for version in [&first, &later] {
            let found = kept_by(directory.as_ref())?.read(&user, &version.commitment).await?;
            ensure(found.as_ref() == Some(version), "a draft does not come back as it was")?;
        }
    }
    Ok(())
}

async fn of_another(subject: &DirectoryUnderTest<'_>) -> Kept {
    let (directory, user) = (subject.open(), UserId::new(fresh()));
    let drafts = kept_by(directory.as_ref())?;
    let kept = draft("его");
    drafts.keep(&user, &kept).await?;
    let other = UserId::new(fresh());
    let found = drafts.read(&other, &kept.commitment).await?;
    ensure(found.is_none(), "another user's draft is read")?;
    let unknown = drafts.read(&user, &Commitment::from_octets(fresh())).await?;
    ensure(unknown.is_none(), "a draft is read that there is not")
}

async fn erased(subject: &DirectoryUnderTest<'_>) -> Kept {
    let (directory, user) = (subject.open(), UserId::new(fresh()));
    let drafts = kept_by(directory.as_ref())?;
    let (first, later, others) = (draft("раз"), draft("два"), draft("три"));
    drafts.keep(&user, &first).await?;
    drafts.keep(&user, &later).await?;
    let other = UserId::new(fresh());
    drafts.keep(&other, &others).await?;
    drafts.erase_but(&user, Some(&later.commitment)).await?;
    let left = async |version: &SealedDraft| drafts.read(&user, &version.commitment).await;
    same("an erased draft", &left(&first).await?.is_some(), &false)?;
    same("the draft that is kept", &left(&later).await?.is_some(), &true)?;
    drafts.erase_but(&user, None).await?;
    drafts.erase_but(&user, None).await?;
    same("the last draft, erased", &left(&later).await?.is_some(), &false)?;
    let found = drafts.read(&other, &others.commitment).await?;
    ensure(found.is_some(), "erasing one user's drafts erased another one's")
}
