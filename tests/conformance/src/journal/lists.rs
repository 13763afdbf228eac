//! Rows and queries.

use gost_ca::Timestamp;
use gost_ca::id::UserId;
use gost_ca::provider::ErrorKind;
use gost_ca::provider::journal::{
    AccountFilter, ApprovalFilter, CarrierFilter, CaseFilter, NoticeFilter, Page, Query,
};
use gost_ca::view::{
    AccountState, AccountView, ApprovalView, CaseState, CaseView, Listed, NoticeState, NoticeView,
    Role, View,
};
use gost_ca::x509::KeyIdentity;

use super::samples::{
    account, all, answers, approval, at, authority, case, certificate, foreign_cursor, notice,
    office, refused, serial, write,
};
use super::{JournalUnderTest, promises};
use crate::broken::{Kept, ensure, same};
use crate::check::Check;
use crate::fresh::fresh;

promises! {
    "rows-exact": "View: every field comes back, times to the nanosecond" => exact;
    "row-replaced": "Change: each row replaces the one with its key" => replaced;
    "cases-newest-first": "Query::Cases, CasesOf: newest first; of the same age the greatest id first" => newest;
    "case-filter": "CaseFilter: every field that is set must fit" => case_filter;
    "expiring-first": "CaseFilter::expires: half open, in the order of the ends" => expiring;
    "account-filter": "AccountFilter: every field that is set must fit; newest first" => account_filter;
    "notice-filter": "NoticeFilter: every field that is set must fit; newest first" => notice_filter;
    "certificate-lookup": "Query::Serial, Thumbprint, SubjectKey" => lookup;
    "due-first": "Query::Due: by then, the most urgent first, of all kinds" => due;
    "pages": "Journal::find: at most `page.limit` rows; each row once; None after the last page" => pages;
    "foreign-cursor": "Journal::find: Invalid for a cursor that is not this journal's" => foreign;
}

async fn exact(subject: &JournalUnderTest<'_>) -> Kept {
    let journal = subject.open();
    let fine = Timestamp::new(at(1).as_second(), 123_456_789).unwrap_or(at(2));
    for (&role, &state) in Role::ALL.iter().zip(AccountState::ALL.iter().cycle()) {
        let (full, mut bare) = (account(0), account(1));
        bare = AccountView { office: None, registration: None, role, state, ..bare };
        let full = AccountView { created: fine, due: Some(at(500_000_000)), ..full };
        for row in [full, bare] {
            let (users, row) = (Query::AccountsOf(vec![row.user]), View::Account(row));
            journal.commit(&write(vec![row.clone()])).await?;
            answers(journal.as_ref(), &users, &[row]).await?;
        }
    }
    for &state in CaseState::ALL {
        let bare = CaseView { state, office: None, hidden: true, ..case(0) };
        let ends = (Some(fine), Some(at(500_000_001)));
        let full =
            CaseView { state, lineage: bare.case, not_after: ends.0, due: ends.1, ..case(0) };
        for row in [full, bare] {
            let (users, row) = (Query::CasesOf(vec![row.user]), View::Case(row));
            journal.commit(&write(vec![row.clone()])).await?;
            answers(journal.as_ref(), &users, &[row]).await?;
        }
    }
    let issuer = KeyIdentity::from_octets(fresh());
    let mut full = certificate(issuer, &[0x80; 19]);
    full.listed = Some(Listed { partition: u16::MAX, entry: vec![0, 0xff, 0] });
    let mut bare = certificate(issuer, &[1]);
    bare.thumbprint = None;
    for row in [full, bare] {
        let (key, row) = (Query::SubjectKey(row.subject_key), View::Certificate(row));
        journal.commit(&write(vec![row.clone()])).await?;
        answers(journal.as_ref(), &key, &[row]).await?;
    }
    Ok(())
}

async fn replaced(subject: &JournalUnderTest<'_>) -> Kept {
    let journal = subject.open();
    let (mut row, place) = (case(0), office());
    journal.commit(&write(vec![View::Case(row.clone())])).await?;
    row = CaseView { state: CaseState::Active, not_after: Some(at(7)), ..row };
    row.office = Some(place.clone());
    journal.commit(&write(vec![View::Case(row.clone())])).await?;
    let mine = Query::CasesOf(vec![row.user]);
    answers(journal.as_ref(), &mine, &[View::Case(row.clone())]).await?;
    let states = |state| Query::Cases(cases_of(&place, vec![state], false));
    answers(journal.as_ref(), &states(CaseState::Active), &[View::Case(row)]).await?;
    answers(journal.as_ref(), &states(CaseState::Draft), &[]).await?;
    let issuer = KeyIdentity::from_octets(fresh());
    let mut cert = certificate(issuer, &[9]);
    cert.listed = Some(Listed { partition: 0, entry: vec![1] });
    journal.commit(&write(vec![View::Certificate(cert.clone())])).await?;
    cert.listed = None;
    let row = View::Certificate(cert.clone());
    journal.commit(&write(vec![row.clone()])).await?;
    answers(journal.as_ref(), &Query::SubjectKey(cert.subject_key), &[row]).await
}

async fn newest(subject: &JournalUnderTest<'_>) -> Kept {
    let (journal, place, user) = (subject.open(), office(), UserId::new(fresh()));
    let mut rows: Vec<_> = [5, 3, 3, 9, 3, -7, 5].map(case).to_vec();
    for row in &mut rows {
        (row.office, row.user) = (Some(place.clone()), user);
    }
    journal.commit(&write(rows.iter().cloned().map(View::Case).collect())).await?;
    rows.sort_by_key(|row| core::cmp::Reverse((row.created, row.case)));
    let rows: Vec<_> = rows.into_iter().map(View::Case).collect();
    let by_place = Query::Cases(cases_of(&place, Vec::new(), false));
    answers(journal.as_ref(), &by_place, &rows).await?;
    let others = vec![UserId::new(fresh()), user, UserId::new(fresh()), user];
    answers(journal.as_ref(), &Query::CasesOf(others), &rows).await?;
    answers(journal.as_ref(), &Query::CasesOf(Vec::new()), &[]).await
}

async fn case_filter(subject: &JournalUnderTest<'_>) -> Kept {
    let (journal, here, there) = (subject.open(), office(), office());
    let mut rows = Vec::new();
    for (number, &state) in (0..).zip(CaseState::ALL.iter().cycle().take(48)) {
        let place = if number % 3 == 0 { &there } else { &here };
        rows.push(CaseView {
            office: Some(place.clone()),
            state,
            hidden: number % 5 == 0,
            not_after: (number % 4 != 0).then(|| at(number)),
            ..case(number)
        });
    }
    journal.commit(&write(rows.iter().cloned().map(View::Case).collect())).await?;
    rows.reverse();
    let some = vec![CaseState::Active, CaseState::Draft, CaseState::Active];
    for offices in [vec![here.clone()], vec![here.clone(), there.clone(), here.clone()]] {
        for states in [Vec::new(), some.clone()] {
            for hidden in [false, true] {
                let mut filter = CaseFilter::default();
                (filter.offices, filter.states) = (offices.clone(), states.clone());
                filter.hidden = hidden;
                let fitting = rows.iter().filter(|row| filter.fits(row)).cloned();
                let fitting: Vec<_> = fitting.map(View::Case).collect();
                answers(journal.as_ref(), &Query::Cases(filter), &fitting).await?;
            }
        }
    }
    // Without an office: of all of them, so other checks' rows may be there too.
    let mut filter = CaseFilter::default();
    (filter.states, filter.hidden) = (some, true);
    let found = all(journal.as_ref(), &Query::Cases(filter.clone()), 1000).await?;
    let missing = rows
        .iter()
        .filter(|row| filter.fits(row))
        .find(|row| !found.contains(&View::Case((*row).clone())));
    ensure(missing.is_none(), format!("{missing:?} is not among the cases of all offices"))?;
    let wrong = found.iter().find(|row| !matches!(row, View::Case(row) if filter.fits(row)));
    ensure(wrong.is_none(), format!("{wrong:?} is among the cases and does not fit"))
}

async fn expiring(subject: &JournalUnderTest<'_>) -> Kept {
    let (journal, place) = (subject.open(), office());
    let ends = [30, 10, 20, 19, 21, 10, 9];
    let mut rows: Vec<_> = (0..).zip(ends).map(|(n, end)| (case(n), end)).collect();
    for (number, (row, end)) in rows.iter_mut().enumerate() {
        (row.office, row.not_after) = (Some(place.clone()), Some(at(*end)));
        row.state = if number % 2 == 0 { CaseState::Active } else { CaseState::Suspended };
    }
    let endless = CaseView { office: Some(place.clone()), ..case(0) };
    let views = rows.iter().map(|(row, _)| View::Case(row.clone()));
    journal.commit(&write(views.chain([View::Case(endless)]).collect())).await?;
    let mut fitting: Vec<_> = rows.into_iter().map(|(row, _)| row).collect();
    fitting.retain(|row| row.not_after >= Some(at(10)) && row.not_after < Some(at(21)));
    fitting.sort_by_key(|row| (row.not_after, row.case));
    let fitting: Vec<_> = fitting.into_iter().map(View::Case).collect();
    let mut filter = cases_of(&place, Vec::new(), false);
    filter.expires = Some(at(10)..at(21));
    answers(journal.as_ref(), &Query::Cases(filter), &fitting).await
}

async fn account_filter(subject: &JournalUnderTest<'_>) -> Kept {
    let (journal, here, there) = (subject.open(), office(), office());
    let mut rows = Vec::new();
    for (number, &role) in (0..).zip(Role::ALL.iter().cycle().take(20)) {
        let place = if number % 3 == 0 { &there } else { &here };
        let state = if number % 2 == 0 { AccountState::Draft } else { AccountState::Blocked };
        rows.push(AccountView { office: Some(place.clone()), role, state, ..account(number) });
    }
    rows.push(AccountView { office: None, role: Role::Administrator, ..account(50) });
    journal.commit(&write(rows.iter().cloned().map(View::Account).collect())).await?;
    rows.reverse();
    for offices in [vec![here.clone()], vec![there.clone(), here.clone()]] {
        for role in [None, Some(Role::Operator), Some(Role::System)] {
            for states in [Vec::new(), vec![AccountState::Draft], vec![AccountState::Active]] {
                let filter = AccountFilter { offices: offices.clone(), role, states };
                let fitting = rows.iter().filter(|row| filter.fits(row)).cloned();
                let fitting: Vec<_> = fitting.map(View::Account).collect();
                answers(journal.as_ref(), &Query::Accounts(filter), &fitting).await?;
            }
        }
    }
    let (mut filter, role) = (AccountFilter::default(), Role::Administrator);
    filter.role = Some(role);
    let found = all(journal.as_ref(), &Query::Accounts(filter.clone()), 1000).await?;
    let fitting = rows.iter().filter(|row| filter.fits(row)).cloned().map(View::Account);
    let missing = fitting.into_iter().find(|row| !found.contains(row));
    ensure(missing.is_none(), format!("{missing:?} is not among the administrators"))?;
    let users: Vec<_> = rows.iter().map(|row| row.user).rev().collect();
    let of: Vec<_> = rows.into_iter().map(View::Account).collect();
    answers(journal.as_ref(), &Query::AccountsOf(users), &of).await
}

async fn notice_filter(subject: &JournalUnderTest<'_>) -> Kept {
    let (journal, here, there) = (subject.open(), office(), office());
    let mut rows = Vec::new();
    for (number, &state) in (0..).zip(NoticeState::ALL.iter().cycle().take(20)) {
        let place = if number % 3 == 0 { &there } else { &here };
        let case = (number % 2 == 0).then(|| gost_ca::id::CaseId::new(fresh()));
        rows.push(NoticeView { office: Some(place.clone()), case, state, ..notice(number) });
    }
    journal.commit(&write(rows.iter().cloned().map(View::Notice).collect())).await?;
    rows.reverse();
    for offices in [vec![here.clone()], vec![there.clone(), here.clone()]] {
        for states in [Vec::new(), vec![NoticeState::Failed, NoticeState::Dropped]] {
            let mut filter = NoticeFilter::default();
            (filter.offices, filter.states) = (offices.clone(), states);
            let fitting = rows.iter().filter(|row| filter.fits(row)).cloned();
            let fitting: Vec<_> = fitting.map(View::Notice).collect();
            answers(journal.as_ref(), &Query::Notices(filter), &fitting).await?;
        }
    }
    Ok(())
}

async fn lookup(subject: &JournalUnderTest<'_>) -> Kept {
    let (journal, magnitude) = (subject.open(), fresh::<12>());
    let key = KeyIdentity::from_octets(fresh());
    let mut rows = Vec::new();
    for issuer in [KeyIdentity::from_octets([1; 32]), KeyIdentity::from_octets(fresh())] {
        let mut row = certificate(issuer, &[&[1], &magnitude[..]].concat());
        row.subject_key = key;
        rows.push(row);
    }
    let views: Vec<_> = rows.iter().cloned().map(View::Certificate).collect();
    journal.commit(&write(views.clone())).await?;
    let number = serial(&[&[1], &magnitude[..]].concat());
    for query in [Query::Serial(number), Query::SubjectKey(key)] {
        // In whatever order.
        for limit in [1, 2, 3] {
            let found = all(journal.as_ref(), &query, limit).await?;
            let each = views.iter().all(|view| found.contains(view));
            ensure(each && found.len() == views.len(), format!("{query:?} gives {found:?}"))?;
        }
    }
    for (row, view) in rows.iter().zip(&views) {
        let thumbprint = row.thumbprint.unwrap_or_default();
        let query = Query::Thumbprint(thumbprint);
        answers(journal.as_ref(), &query, core::slice::from_ref(view)).await?;
    }
    answers(journal.as_ref(), &Query::Serial(serial(&[&[2], &magnitude[..]].concat())), &[])
        .await?;
    answers(journal.as_ref(), &Query::Thumbprint(fresh()), &[]).await
}

async fn due(subject: &JournalUnderTest<'_>) -> Kept {
    // Long before everything else that may be due in this journal.
    let journal = subject.open();
    let days = |n: i64| Timestamp::from_second(-2_000_000_000 + n).unwrap_or(Timestamp::MIN);
    let account = AccountView { due: Some(days(3)), ..account(0) };
    let case_row = CaseView { due: Some(days(1)), ..case(0) };
    let hidden = CaseView { due: Some(days(4)), hidden: true, ..case(0) };
    let rows = [
        View::Case(case_row),
        View::Authority(authority(Some(days(2)))),
        View::Account(account),
        View::Case(hidden),
        View::Case(CaseView { due: Some(days(5)), ..case(0) }),
        View::Notice(NoticeView { due: Some(days(6)), ..notice(0) }),
        View::Approval(ApprovalView { due: Some(days(7)), ..approval(0) }),
    ];
    let not_due =
        [View::Case(case(0)), View::Authority(authority(None)), View::Approval(approval(0))];
    let mixed = rows.iter().rev().cloned().chain(not_due).collect();
    journal.commit(&write(mixed)).await?;
    for (by, count) in [(0, 0), (1, 1), (4, 4), (6, 6), (7, 7)] {
        let found = all(journal.as_ref(), &Query::Due(days(by)), 2).await?;
        // What an earlier run of the kit left is just as due.
        let mine: Vec<_> = found.into_iter().filter(|row| rows.contains(row)).collect();
        same("what is due", &mine.as_slice(), &&rows[..count])?;
    }
    let done = CaseView { due: None, ..case_of(&rows[0])? };
    journal.commit(&write(vec![View::Case(done)])).await?;
    let found = all(journal.as_ref(), &Query::Due(days(1)), 2).await?;
    ensure(!found.contains(&rows[0]), "what was done is still due")
}

async fn pages(subject: &JournalUnderTest<'_>) -> Kept {
    let (journal, place) = (subject.open(), office());
    let rows = (0..25).map(|n| CaseView { office: Some(place.clone()), ..case(n / 4) });
    journal.commit(&write(rows.map(View::Case).collect())).await?;
    let query = Query::Cases(cases_of(&place, Vec::new(), false));
    let whole = all(journal.as_ref(), &query, 100).await?;
    same("the number of rows", &whole.len(), &25)?;
    for limit in [1, 4, 5, 24, 25, 26] {
        same("the rows by pages", &all(journal.as_ref(), &query, limit).await?, &whole)?;
    }
    let none = journal.find(&query, &Page::first(0)).await?;
    same("a page of none", &none.views, &Vec::new())?;
    // A row that is written between two pages moves no other one.
    let first = journal.find(&query, &Page::first(10)).await?;
    let newer = CaseView { office: Some(place.clone()), ..case(100) };
    journal.commit(&write(vec![View::Case(newer)])).await?;
    let rest = journal.find(&query, &Page { after: first.next, limit: 100 }).await?;
    same("the rows after a page", &rest.views.as_slice(), &&whole[10..])
}

async fn foreign(subject: &JournalUnderTest<'_>) -> Kept {
    let journal = subject.open();
    let issuer = KeyIdentity::from_octets(fresh());
    for query in [
        Query::Cases(CaseFilter::default()),
        Query::CasesOf(vec![UserId::new(fresh())]),
        Query::Accounts(AccountFilter::default()),
        Query::AccountsOf(vec![UserId::new(fresh())]),
        Query::Serial(serial(&[1])),
        Query::Thumbprint(fresh()),
        Query::SubjectKey(issuer),
        Query::Due(at(0)),
        Query::Carriers(CarrierFilter::default()),
        Query::Notices(NoticeFilter::default()),
        Query::Approvals(ApprovalFilter::default()),
    ] {
        refused(journal.find(&query, &foreign_cursor()).await, &ErrorKind::Invalid)?;
    }
    Ok(())
}

fn cases_of(office: &gost_ca::id::OfficeId, states: Vec<CaseState>, hidden: bool) -> CaseFilter {
    let mut filter = CaseFilter::default();
    filter.offices.push(office.clone());
    (filter.states, filter.hidden) = (states, hidden);
    filter
}

fn case_of(view: &View) -> Result<CaseView, crate::broken::Broken> {
    match view {
        View::Case(row) => Ok(row.clone()),
        _ => Err("not a case".into()),
    }
}
