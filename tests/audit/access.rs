//! The access stream: who signed in, who was refused, who saw what.

use gost_ca::provider::Journal;
use gost_ca::provider::journal::StreamId;
use gost_ca::registration_authority::AuditFilter;

use crate::desk::Result;
use crate::office::Office;

#[tokio::test]
async fn reading_somebodys_audit_is_told_before_it_is_shown() -> Result<()> {
    let office = Office::found().await?;
    let user = office.desk.register(10).await?;
    let filter = AuditFilter { user: Some(user), ..AuditFilter::default() };
    for _ in 0..5 {
        office.ra.read_audit(office.administrator(), &filter).await?;
    }
    assert_eq!(shown(&office).await?, [(user.to_string(), 1)], "the first is told at once");
    office.desk.clock.advance(60);
    office.ra.sweep().await?;
    assert_eq!(shown(&office).await?[1..], [(user.to_string(), 4)], "the others together");
    Ok(())
}

/// Whose data was shown, and how often, by entry.
async fn shown(office: &Office) -> Result<Vec<(String, u64)>> {
    let journal: &dyn Journal = &*office.ra.providers().journal;
    let entries = journal.load(&StreamId::Access, 0).await?.entries;
    let mut shown = Vec::new();
    for entry in entries {
        let value: serde_json::Value = serde_json::from_slice(&entry.0)?;
        let fact = &value["fact"];
        if fact["kind"] == "access.data_shown" && fact["what"] == "audit" {
            let user = fact["user"].as_str().unwrap().to_owned();
            shown.push((user, fact["times"].as_u64().unwrap()));
        }
    }
    Ok(shown)
}
