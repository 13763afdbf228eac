//! The register of carriers (U15): received, handed out, taken back, destroyed; lists and the journal.

use std::collections::BTreeMap;

use super::job::{Job, Work};
use super::reading::scope;
use super::session::Doing;
use super::{RegistrationAuthority, Session};
use crate::command::Outcome;
use crate::desk::carriers::CarrierLine;
use crate::entry::Entry;
use crate::error::Error;
use crate::fact::CarrierFact;
use crate::id::{OfficeId, TokenId, UserId};
use crate::lifecycle::carrier::Carrier;
use crate::lifecycle::{Act, Refusal, permission};
use crate::provider::journal::{CarrierFilter, Change, Cursor, Expected, Page, Query, StreamId};
use crate::registration::Text;
use crate::view::{CarrierView, View};

/// A carrier as it comes: its serial number, what it is, by which paper.
pub(super) type NewCarrier<'a> = (&'a Text<64>, &'a Text<128>, &'a Text<255>);

impl Job<'_> {
    pub(super) async fn receive_carrier(
        &self,
        office: &OfficeId,
        (serial, model, paper): NewCarrier<'_>,
    ) -> Result<Outcome, Error> {
        permission::permits(&self.actor, Act::ReceiveCarrier, Some(office), None)?;
        if !self.ra.record().await?.offices().contains_key(office) {
            return Err(Refusal::Unknown { kind: "office", name: office.clone() }.into());
        }
        let carrier = TokenId::of_serial(serial.as_str());
        if !self.ra.carrier_entries(&carrier).await?.is_empty() {
            return Err(Refusal::CarrierKnown { carrier }.into());
        }
        let fact = CarrierFact::Received {
            serial: serial.as_str().to_owned(),
            model: model.as_str().to_owned(),
            office: office.clone(),
            paper: paper.as_str().to_owned(),
        };
        let entry = self.entry(fact);
        let views = vec![View::Carrier(Carrier::begin(carrier, &entry)?.view().clone())];
        let (stream, expected) = (StreamId::Carrier(carrier), Expected::Exactly(0));
        let change = Change { stream, expected, entries: vec![entry.encode()], views };
        self.finish(Work::of(change), Outcome::CarrierReceived { carrier }).await
    }

    /// To somebody of the actor's reach.
    pub(super) async fn hand_out_carrier(
        &self,
        carrier: &TokenId,
        user: &UserId,
        paper: &Text<255>,
    ) -> Result<Outcome, Error> {
        let account = self.ra.load_account(user).await?;
        let owner = (&account.user(), account.role());
        permission::permits(&self.actor, Act::HandOutCarrier, account.office(), Some(owner))?;
        let fact = CarrierFact::HandedOut { user: *user, paper: paper.as_str().to_owned() };
        self.change_carrier(carrier, Act::HandOutCarrier, fact).await
    }

    pub(super) async fn take_carrier_back(
        &self,
        carrier: &TokenId,
        paper: &Text<255>,
    ) -> Result<Outcome, Error> {
        let fact = CarrierFact::Returned { paper: paper.as_str().to_owned() };
        self.change_carrier(carrier, Act::TakeCarrierBack, fact).await
    }

    pub(super) async fn destroy_carrier(
        &self,
        carrier: &TokenId,
        paper: &Text<255>,
    ) -> Result<Outcome, Error> {
        let fact = CarrierFact::Destroyed { paper: paper.as_str().to_owned() };
        self.change_carrier(carrier, Act::DestroyCarrier, fact).await
    }

    /// The only way a carrier changes: table and permission first, then entry and view.
    async fn change_carrier(
        &self,
        id: &TokenId,
        act: Act,
        fact: CarrierFact,
    ) -> Result<Outcome, Error> {
        let mut carrier = self.ra.load_carrier(id).await?;
        let stream = StreamId::Carrier(*id);
        self.expect(stream, carrier.length())?;
        carrier.admits(&self.actor, act)?;
        let expected = Expected::Exactly(carrier.length());
        let entry = self.entry(fact);
        carrier.apply(&entry)?;
        let views = vec![View::Carrier(carrier.view().clone())];
        let change = Change { stream, expected, entries: vec![entry.encode()], views };
        self.finish(Work::of(change), Outcome::Done).await
    }
}

impl RegistrationAuthority {
    async fn load_carrier(&self, id: &TokenId) -> Result<Carrier, Error> {
        let entries = self.carrier_entries(id).await?;
        Ok(Carrier::fold(*id, &entries)?.ok_or(Refusal::NotFound("carrier"))?)
    }

    /// Lists the carriers that the session may see, the newest first.
    ///
    /// # Errors
    /// As the providers.
    pub async fn list_carriers(
        &self,
        session: &Session,
        mut filter: CarrierFilter,
        page: &Page,
    ) -> Result<(Vec<CarrierView>, Option<Cursor>), Error> {
        self.check_session(session, Doing::Other, self.now()).await?;
        filter.offices = scope(session.actor(), filter.offices)?;
        let found = self.providers.journal.find(&Query::Carriers(filter), page).await?;
        let carrier = |view| match view {
            View::Carrier(view) => Some(view),
            _ => None,
        };
        Ok((found.views.into_iter().filter_map(carrier).collect(), found.next))
    }

    /// A carrier with what may be done with it.
    ///
    /// # Errors
    /// [`Refusal::Scope`] for another office's, [`Refusal::NotFound`] for an unknown one.
    pub async fn carrier(&self, session: &Session, id: &TokenId) -> Result<Carrier, Error> {
        self.check_session(session, Doing::Other, self.now()).await?;
        let carrier = self.load_carrier(id).await?;
        scope(session.actor(), vec![carrier.office().clone()])?;
        Ok(carrier)
    }

    /// The journal «поэкземплярного учёта» of the carriers that fit, the oldest first; one line for each
    /// handing over.
    ///
    /// # Errors
    /// As the providers.
    pub async fn carrier_journal(
        &self,
        session: &Session,
        filter: &CarrierFilter,
    ) -> Result<Vec<CarrierLine>, Error> {
        let (mut carriers, mut page) = (Vec::new(), Page::first(CARRIERS_PAGE));
        loop {
            let (found, next) = self.list_carriers(session, filter.clone(), &page).await?;
            carriers.extend(found);
            match next {
                Some(next) => page.after = Some(next),
                None => break,
            }
        }
        let (mut lines, mut names) = (Vec::new(), BTreeMap::new());
        for carrier in carriers.iter().rev() {
            let entries = self.carrier_entries(&carrier.token).await?;
            for user in entries.iter().filter_map(taker) {
                names.insert(user, self.name_of(&user).await?);
            }
            lines.extend(carrier_lines(&entries, &names));
        }
        Ok(lines)
    }

    /// A user's name, as far as it is not erased.
    pub(super) async fn name_of(&self, user: &UserId) -> Result<String, Error> {
        let account = self.load_account(user).await?;
        let found = self.providers.directory.get(user, account.registration()).await?;
        let name = found.map(|version| version.record.data.subject.person().name.full());
        Ok(name.unwrap_or_else(|| user.to_string()))
    }
}

fn taker(entry: &Entry<CarrierFact>) -> Option<UserId> {
    match &entry.fact {
        CarrierFact::HandedOut { user, .. } => Some(*user),
        _ => None,
    }
}

/// What happened to one carrier, a line for each handing over.
fn carrier_lines(
    entries: &[Entry<CarrierFact>],
    names: &BTreeMap<UserId, String>,
) -> Vec<CarrierLine> {
    let mut lines: Vec<CarrierLine> = Vec::new();
    for entry in entries {
        let last = lines.last_mut();
        match (&entry.fact, last) {
            (CarrierFact::Received { model, serial, paper, .. }, _) => lines.push(CarrierLine {
                model: model.clone(),
                serial: serial.clone(),
                received: (entry.at, paper.clone()),
                issued: None,
                returned: None,
                destroyed: None,
            }),
            (CarrierFact::HandedOut { user, paper }, Some(last)) => {
                let name = names.get(user).cloned().unwrap_or_else(|| user.to_string());
                let issued = Some((name, entry.at, paper.clone()));
                if last.issued.is_some() {
                    let again = CarrierLine { issued, returned: None, ..last.clone() };
                    lines.push(again);
                } else {
                    last.issued = issued;
                }
            }
            (CarrierFact::Returned { paper }, Some(last)) => {
                last.returned = Some((entry.at, paper.clone()));
            }
            (CarrierFact::Destroyed { paper }, Some(last)) => {
                last.destroyed = Some((entry.at, paper.clone()));
            }
            (_, None) => {}
        }
    }
    lines
}

/// Carriers that are read at once.
const CARRIERS_PAGE: usize = 500;
