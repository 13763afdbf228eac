//! Answering queries: every row is looked at, the fitting ones are put in order.

use gost_ca::Timestamp;
use gost_ca::provider::journal::{CaseFilter, Cursor, Found, Page, Query};
use gost_ca::provider::{ErrorKind, Result};
use gost_ca::view::{CertificateView, View};

use super::{Record, ViewKey};

impl Record {
    pub(super) fn find(&self, query: &Query, page: &Page) -> Result<Found> {
        let tag = tag(query)?;
        let after = page.after.as_ref().map_or(&[][..], |cursor| &cursor.0);
        if page.after.is_some() && after.first() != Some(&tag) {
            return Err(ErrorKind::Invalid.at("cursor"));
        }
        let place = |view| place(query, view).map(|place| ([&[tag][..], &place].concat(), view));
        Ok(cut(self.views.values().filter_map(place).collect(), page))
    }

    /// All rows, in the order of their keys.
    pub(super) fn rows(&self, page: &Page) -> Result<Found> {
        if page.after.as_ref().is_some_and(|cursor| cursor.0.first() != Some(&0)) {
            return Err(ErrorKind::Invalid.at("cursor"));
        }
        let rows = self.views.iter();
        Ok(cut(rows.map(|(key, view)| ([&[0][..], &octets(key)].concat(), view)).collect(), page))
    }
}

/// One page of rows with their places.
fn cut(mut rows: Vec<(Vec<u8>, &View)>, page: &Page) -> Found {
    let after = page.after.as_ref().map_or(&[][..], |cursor| &cursor.0);
    rows.retain(|(place, _)| place.as_slice() > after);
    rows.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
    let more = rows.len() > page.limit;
    rows.truncate(page.limit);
    let next = rows.last().filter(|_| more).map(|(place, _)| Cursor(place.clone()));
    Found { views: rows.into_iter().map(|(_, view)| view.clone()).collect(), next }
}

/// A row's key as octets.
fn octets(key: &ViewKey) -> Vec<u8> {
    match key {
        ViewKey::Account(id) => [&[1][..], id.octets()].concat(),
        ViewKey::Case(id) => [&[2][..], id.octets()].concat(),
        ViewKey::Certificate(issuer, serial) => {
            [&[3][..], issuer.octets(), serial.magnitude()].concat()
        }
        ViewKey::Authority(id) => [&[4][..], id.octets()].concat(),
        ViewKey::Notice(id) => [&[6][..], id.octets()].concat(),
        ViewKey::Carrier(id) => [&[5][..], id.octets()].concat(),
        ViewKey::Approval(id) => [&[7][..], id.octets()].concat(),
    }
}

/// Tells the cursors of different queries apart.
fn tag(query: &Query) -> Result<u8> {
    Ok(match query {
        Query::Cases(_) => 1,
        Query::CasesOf(_) => 2,
        Query::Accounts(_) => 3,
        Query::AccountsOf(_) => 4,
        Query::Serial(_) => 5,
        Query::Thumbprint(_) => 6,
        Query::SubjectKey(_) => 7,
        Query::Due(_) => 9,
        Query::Notices(_) => 11,
        Query::Carriers(_) => 10,
        Query::Approvals(_) => 12,
        _ => return Err(ErrorKind::Unsupported.at("query")),
    })
}

/// Where a view stands in the answer, as octets that compare; `None` when it does not fit.
fn place(query: &Query, view: &View) -> Option<Vec<u8>> {
    match (query, view) {
        (Query::Cases(filter), View::Case(row)) if filter.fits(row) => Some(match filter {
            CaseFilter { expires: Some(_), .. } => {
                [&ascending(row.not_after?)[..], row.case.octets()].concat()
            }
            _ => newest(row.created, row.case.octets()),
        }),
        (Query::CasesOf(users), View::Case(row)) if users.contains(&row.user) => {
            Some(newest(row.created, row.case.octets()))
        }
        (Query::Accounts(filter), View::Account(row)) if filter.fits(row) => {
            Some(newest(row.created, row.user.octets()))
        }
        (Query::AccountsOf(users), View::Account(row)) if users.contains(&row.user) => {
            Some(newest(row.created, row.user.octets()))
        }
        (Query::Carriers(filter), View::Carrier(row)) if filter.fits(row) => {
            Some(newest(row.created, row.token.octets()))
        }
        (Query::Notices(filter), View::Notice(row)) if filter.fits(row) => {
            Some(newest(row.created, row.notice.octets()))
        }
        (Query::Approvals(filter), View::Approval(row)) if filter.fits(row) => {
            Some(newest(row.created, row.approval.octets()))
        }
        (_, View::Certificate(row)) if fits(query, row) => {
            let magnitude = row.serial.magnitude();
            let size = u8::try_from(magnitude.len()).unwrap_or(u8::MAX);
            Some([&[size][..], magnitude, row.issuer.octets()].concat())
        }
        (Query::Due(by), _) => {
            let (due, kind, id) = due(view)?;
            (due <= *by).then(|| [&ascending(due)[..], &[kind], id].concat())
        }
        _ => None,
    }
}

fn fits(query: &Query, row: &CertificateView) -> bool {
    match query {
        Query::Serial(serial) => row.serial == *serial,
        Query::Thumbprint(thumbprint) => row.thumbprint.as_ref() == Some(thumbprint),
        Query::SubjectKey(key) => row.subject_key == *key,
        _ => false,
    }
}

fn due(view: &View) -> Option<(Timestamp, u8, &[u8; 16])> {
    match view {
        View::Account(row) => Some((row.due?, 1, row.user.octets())),
        View::Case(row) => Some((row.due?, 2, row.case.octets())),
        View::Authority(row) => Some((row.due?, 3, row.authority.octets())),
        View::Notice(row) => Some((row.due?, 5, row.notice.octets())),
        View::Approval(row) => Some((row.due?, 6, row.approval.octets())),
        _ => None,
    }
}

fn newest(created: Timestamp, id: &[u8; 16]) -> Vec<u8> {
    let place = [&ascending(created)[..], id].concat();
    place.into_iter().map(|octet| !octet).collect()
}

/// Octets that compare as the times do.
fn ascending(time: Timestamp) -> [u8; 16] {
    (time.as_nanosecond() ^ i128::MIN).to_be_bytes()
}
