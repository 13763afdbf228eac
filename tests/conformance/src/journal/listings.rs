//! What CRLs list.

use gost_ca::provider::Journal;
use gost_ca::provider::journal::ListPart;
use gost_ca::view::{CertificateView, Listed, View};
use gost_ca::x509::KeyIdentity;

use super::samples::{certificate, write};
use super::{JournalUnderTest, promises};
use crate::broken::{Kept, same};
use crate::check::Check;
use crate::fresh::fresh;

promises! {
    "listed-ascending": "Listings::listed: the issuer's, of the partition, by ascending serial number" => ascending;
    "listed-pages": "Listings::listed: at most `limit`, after that number, each once" => pages;
    "listed-now": "Listings::listed: what is not on the CRL any more is not listed" => now;
}

fn on_list(issuer: KeyIdentity, number: &[u8], partition: u16) -> CertificateView {
    let mut row = certificate(issuer, number);
    row.listed = Some(Listed { partition, entry: number.to_vec() });
    row
}

/// In the order of the integers, which is neither that of the octets nor that of DER's.
const NUMBERS: [&[u8]; 6] = [&[1], &[0x7f], &[0x80], &[0x01, 0x00], &[0xff, 0xff], &[0x7f; 20]];

async fn ascending(subject: &JournalUnderTest<'_>) -> Kept {
    let journal = subject.open();
    let [issuer, other] = [fresh(), fresh()].map(KeyIdentity::from_octets);
    let rows: Vec<_> = NUMBERS.iter().map(|number| on_list(issuer, number, 0)).collect();
    let elsewhere = on_list(issuer, &[5], 1);
    let others = [on_list(other, &[1], 0), certificate(issuer, &[2])];
    let mixed = rows.iter().rev().cloned().chain(others).chain([elsewhere.clone()]);
    journal.commit(&write(mixed.map(View::Certificate).collect())).await?;
    lists(&*journal, ListPart { issuer, partition: 0 }, &rows).await?;
    lists(&*journal, ListPart { issuer, partition: 1 }, &[elsewhere]).await?;
    lists(&*journal, ListPart { issuer, partition: 2 }, &[]).await
}

async fn pages(subject: &JournalUnderTest<'_>) -> Kept {
    let (journal, issuer) = (subject.open(), KeyIdentity::from_octets(fresh()));
    let rows: Vec<_> = NUMBERS.iter().map(|number| on_list(issuer, number, 7)).collect();
    journal.commit(&write(rows.iter().cloned().map(View::Certificate).collect())).await?;
    let part = ListPart { issuer, partition: 7 };
    for limit in 0..=NUMBERS.len() + 1 {
        for place in 0..=NUMBERS.len() {
            let after = place.checked_sub(1).map(|before| &rows[before].serial);
            let page = journal.listings().listed(&part, after, limit).await?;
            let found: Vec<_> = page.rows().map(|(_, entry)| entry.to_vec()).collect();
            let right: Vec<_> =
                NUMBERS.iter().skip(place).take(limit).map(|n| n.to_vec()).collect();
            same("a page", &found, &right)?;
        }
    }
    Ok(())
}

async fn now(subject: &JournalUnderTest<'_>) -> Kept {
    let (journal, issuer) = (subject.open(), KeyIdentity::from_octets(fresh()));
    let mut rows: Vec<_> = NUMBERS.iter().map(|number| on_list(issuer, number, 0)).collect();
    journal.commit(&write(rows.iter().cloned().map(View::Certificate).collect())).await?;
    let resumed = CertificateView { listed: None, ..rows.remove(2) };
    journal.commit(&write(vec![View::Certificate(resumed)])).await?;
    let last = rows.len() - 1;
    rows[last].listed = Some(Listed { partition: 0, entry: b"another".to_vec() });
    journal.commit(&write(vec![View::Certificate(rows[last].clone())])).await?;
    lists(&*journal, ListPart { issuer, partition: 0 }, &rows).await
}

async fn lists(journal: &dyn Journal, part: ListPart, rows: &[CertificateView]) -> Kept {
    let page = journal.listings().listed(&part, None, 100).await?;
    let found: Vec<_> = page.rows().map(|(end, entry)| (end, entry.to_vec())).collect();
    let entry = |row: &CertificateView| row.listed.clone().unwrap_or_else(none).entry;
    let right: Vec<_> = rows.iter().map(|row| (row.not_after, entry(row))).collect();
    same("the list", &found, &right)
}

fn none() -> Listed {
    Listed { partition: 0, entry: Vec::new() }
}
