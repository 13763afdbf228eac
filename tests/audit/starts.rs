//! Many starts: each is a writer with a chain of its own, and openings do not grow with their number.

use gost_ca::audit::Linked;
use gost_ca::id::WriterId;
use gost_ca::provider::Journal as _;
use gost_ca_sqlite::SqliteStore;

use crate::desk::{Desk, Result};
use crate::record::{Record, open};

#[tokio::test]
async fn an_opening_names_what_no_other_names() -> Result<()> {
    let record = Record::empty()?;
    let desk = Desk::found(open(&record.path(), 1)?).await?;
    for start in 2..=30 {
        let twin = desk.twin(open(&record.path(), start)?);
        let office = format!("office-{start}").parse()?;
        let command = gost_ca::command::Command::OpenOffice { office, title: String::new() };
        twin.execute(&desk.administrator, &desk.envelope(command)).await?;
    }
    let store = SqliteStore::inspect(record.path())?;
    for start in 2..=30 {
        let first = store.audit().chain(&WriterId::new([start; 16]), 0, 1).await?;
        let Linked::Opening(heads) = &first[0].linked else { panic!("{first:?}") };
        assert_eq!(heads.len(), 1, "the one before, and whoever wrote since: {heads:?}");
        assert_eq!(heads[0].writer, WriterId::new([start - 1; 16]));
    }
    drop(store);
    assert!(record.inspect().await?.is_whole());
    // the chain of a middle one cut off, with its entry, shows
    let findings = record.after(
        "DELETE FROM entries WHERE (stream, place) IN
            (SELECT stream, place FROM links WHERE writer = 15 AND number = 1);
         DELETE FROM links WHERE writer = 15 AND number = 1",
    );
    assert!(!findings.await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn answered_challenges_are_forgotten() -> Result<()> {
    let record = Record::empty()?;
    let desk = Desk::found(open(&record.path(), 1)?).await?;
    assert_eq!(desk.ra.sweep().await?.forgotten, 0);
    desk.clock.advance(600);
    assert_eq!(desk.ra.sweep().await?.forgotten, 2, "the administrator's and the operator's");
    assert_eq!(desk.ra.sweep().await?.forgotten, 0);
    assert!(record.inspect().await?.is_whole());
    Ok(())
}
