//! Defects of CRLs.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use gost_ca::id::WriterId;
use gost_ca::x509::extensions::RevocationReason;
use gost_ca_memory::{MemoryDirectory, MemoryJournal};
use gost_ca_sqlite::SqliteStore;

use super::bench::{Bench, resume, suspend};
use super::desk::{Desk, Result, Storage};
use super::{DAY, HOUR, crl, serial};

/// A hold that is on one CRL is on the next ones too, until it ends.
#[tokio::test]
async fn d_1_a_hold_stays_on_every_crl() -> Result<()> {
    let desk = &Bench::open().await?.desk;
    let (held, resumed) = (desk.active(10).await?, desk.active(11).await?);
    let since = desk.clock_now();
    for case in [held, resumed] {
        desk.run(&desk.operator, suspend(case)).await?;
    }
    let serials = [serial(desk, held).await?, serial(desk, resumed).await?];
    for number in 1..=4 {
        let crl = crl(desk).await?;
        for serial in &serials {
            let listed = crl.find(serial).unwrap_or_else(|| panic!("gone from CRL {number}"));
            assert_eq!(
                (listed.reason, listed.date),
                (Some(RevocationReason::CertificateHold), since),
                "CRL {number}"
            );
        }
        desk.clock.advance(12 * HOUR);
    }
    desk.run(&desk.operator, resume(resumed)).await?;
    let crl = crl(desk).await?;
    assert!(crl.find(&serials[0]).is_some() && crl.find(&serials[1]).is_none());
    Ok(())
}

/// Numbers only grow: across instances, and where the record was restored from an older copy.
#[tokio::test]
async fn d_8_crl_numbers_never_go_back() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let (office, backup) = (folder.path().join("office.db"), folder.path().join("backup.db"));
    let mut desk = Desk::found(storage(&office, 1)?).await?;
    let mut last = number(&desk, None).await?;
    copy(&office, &backup)?;
    for writer in 2..5 {
        desk.ra = desk.twin(storage(&office, writer)?); // a second instance takes over
        last = number(&desk, Some(last)).await?;
        last = number(&desk, Some(last)).await?; // at the same second
    }
    desk.clock.advance(HOUR);
    let restored = folder.path().join("restored.db");
    copy(&backup, &restored)?;
    desk.ra = desk.twin(storage(&restored, 9)?);
    number(&desk, Some(last)).await?;
    Ok(())
}

/// The number of a new CRL, which must be greater than the last.
async fn number(desk: &Desk, last: Option<u64>) -> Result<u64> {
    desk.clock.advance(1);
    let number = crl(desk).await?.number().unwrap();
    assert!(last.is_none_or(|last| last < number), "{number} after {last:?}");
    Ok(number)
}

fn storage(path: &Path, writer: u8) -> Result<Storage> {
    let store = Arc::new(SqliteStore::open(path, WriterId::new([writer; 16]))?);
    Ok(Storage { journal: Arc::clone(&store) as _, directory: store })
}

/// A backup, as the database makes it while it is in use.
fn copy(from: &Path, to: &Path) -> Result<()> {
    let connection = rusqlite::Connection::open(from)?;
    connection.execute("VACUUM INTO ?1", [to.to_str().unwrap()])?;
    assert!(fs::metadata(to)?.len() > 0);
    Ok(())
}

/// Nothing of the tests above holds by accident: an untouched record's CRL is empty.
#[tokio::test]
async fn a_young_record_lists_nothing() -> Result<()> {
    let storage = Storage {
        journal: Arc::new(MemoryJournal::new(WriterId::new([1; 16]))),
        directory: Arc::new(MemoryDirectory::default()),
    };
    let desk = Desk::found(storage).await?;
    desk.clock.advance(DAY);
    assert_eq!(crl(&desk).await?.listed().count(), 0);
    Ok(())
}
