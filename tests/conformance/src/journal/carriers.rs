//! The register of key carriers.

use gost_ca::id::UserId;
use gost_ca::provider::journal::{CarrierFilter, Query};
use gost_ca::view::{CarrierState, CarrierView, View};

use super::samples::{answers, carrier, office, write};
use super::{JournalUnderTest, promises};
use crate::broken::Kept;
use crate::check::Check;
use crate::fresh::fresh;

promises! {
    "carriers": "CarrierFilter: every field that is set must fit; newest first; a row replaces its like" => carriers;
}

async fn carriers(subject: &JournalUnderTest<'_>) -> Kept {
    let (journal, place, user) = (subject.open(), office(), UserId::new(fresh()));
    let here = |second| CarrierView { office: place.clone(), ..carrier(second) };
    let oldest = here(0);
    let held = CarrierView { state: CarrierState::HandedOut, user: Some(user), ..here(1) };
    let gone = CarrierView { state: CarrierState::Destroyed, ..here(2) };
    let elsewhere = CarrierView { user: Some(user), ..carrier(3) };
    let rows = [&oldest, &held, &gone, &elsewhere].map(|row| View::Carrier(row.clone()));
    journal.commit(&write(rows.to_vec())).await?;
    let [oldest_row, held_row, gone_row, elsewhere_row] = rows;

    let offices = vec![place];
    let all = CarrierFilter { offices: offices.clone(), ..CarrierFilter::default() };
    let newest_first = [gone_row.clone(), held_row.clone(), oldest_row.clone()];
    answers(journal.as_ref(), &Query::Carriers(all.clone()), &newest_first).await?;
    let states = vec![CarrierState::InStock, CarrierState::Destroyed];
    let some = CarrierFilter { states, ..all.clone() };
    answers(journal.as_ref(), &Query::Carriers(some), &[gone_row.clone(), oldest_row]).await?;
    let theirs = CarrierFilter { user: Some(user), ..CarrierFilter::default() };
    let rows = [elsewhere_row, held_row.clone()];
    answers(journal.as_ref(), &Query::Carriers(theirs.clone()), &rows).await?;
    let theirs_here = CarrierFilter { offices, ..theirs };
    let theirs_here = Query::Carriers(theirs_here);
    answers(journal.as_ref(), &theirs_here, core::slice::from_ref(&held_row)).await?;

    let handed = CarrierView { state: CarrierState::HandedOut, user: Some(user), ..oldest };
    let handed = View::Carrier(handed);
    journal.commit(&write(vec![handed.clone()])).await?;
    answers(journal.as_ref(), &Query::Carriers(all), &[gone_row, held_row, handed]).await
}
