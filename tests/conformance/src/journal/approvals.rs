//! What waits for others' approval.

use gost_ca::lifecycle::Act;
use gost_ca::provider::journal::{ApprovalFilter, Query};
use gost_ca::view::{ApprovalState, ApprovalView, View};

use super::samples::{all, answers, approval, at, office, write};
use super::{JournalUnderTest, promises};
use crate::broken::{Kept, ensure};
use crate::check::Check;
use crate::fresh::fresh;

promises! {
    "approvals": "ApprovalFilter: every field that is set must fit; newest first; a row replaces its like" => approvals;
    "approval-exact": "ApprovalView: every field comes back" => exact;
}

async fn approvals(subject: &JournalUnderTest<'_>) -> Kept {
    let (journal, here, there) = (subject.open(), office(), office());
    let mut rows = Vec::new();
    for (number, &state) in (0..).zip(ApprovalState::ALL.iter().cycle().take(20)) {
        let place = if number % 3 == 0 { &there } else { &here };
        rows.push(ApprovalView { office: Some(place.clone()), state, ..approval(number / 2) });
    }
    rows.push(ApprovalView { office: None, ..approval(30) });
    journal.commit(&write(rows.iter().cloned().map(View::Approval).collect())).await?;
    rows.sort_by_key(|row| core::cmp::Reverse((row.created, row.approval)));
    let some = vec![ApprovalState::Waiting, ApprovalState::Expired];
    for offices in [vec![here.clone()], vec![there.clone(), here.clone()]] {
        for states in [Vec::new(), some.clone()] {
            let mut filter = ApprovalFilter::default();
            (filter.offices, filter.states) = (offices.clone(), states);
            let fitting = rows.iter().filter(|row| filter.fits(row)).cloned();
            let fitting: Vec<_> = fitting.map(View::Approval).collect();
            answers(journal.as_ref(), &Query::Approvals(filter), &fitting).await?;
        }
    }
    let found = all(journal.as_ref(), &Query::Approvals(ApprovalFilter::default()), 1000).await?;
    let missing = rows.iter().find(|row| !found.contains(&View::Approval((*row).clone())));
    ensure(missing.is_none(), format!("{missing:?} is not among the approvals of all offices"))?;

    let mut filter = ApprovalFilter::default();
    filter.offices.push(office());
    let first = ApprovalView { office: filter.offices.first().cloned(), ..approval(0) };
    let done = ApprovalView { state: ApprovalState::Executed, ..first.clone() };
    journal.commit(&write(vec![View::Approval(first)])).await?;
    journal.commit(&write(vec![View::Approval(done.clone())])).await?;
    answers(journal.as_ref(), &Query::Approvals(filter), &[View::Approval(done)]).await
}

async fn exact(subject: &JournalUnderTest<'_>) -> Kept {
    let journal = subject.open();
    for act in [Act::Revoke, Act::Submit, Act::Bulk, Act::Administer] {
        let mut filter = ApprovalFilter::default();
        filter.offices.push(office());
        let bare = ApprovalView { office: filter.offices.first().cloned(), act, ..approval(0) };
        let case = Some(gost_ca::id::CaseId::new(fresh()));
        let full = ApprovalView { case, due: Some(at(500_000_000)), ..approval(1) };
        let full = ApprovalView { office: bare.office.clone(), act, ..full };
        let rows = [View::Approval(full), View::Approval(bare)];
        journal.commit(&write(rows.to_vec())).await?;
        answers(journal.as_ref(), &Query::Approvals(filter), &rows).await?;
    }
    Ok(())
}
