//! Key carriers of the register (U15): the table and the fold.

use jiff::Timestamp;

use super::case::BrokenHistory;
use super::{Act, AllowedAction, Refusal, Row, permission};
use crate::entry::{Actor, Entry};
use crate::fact::CarrierFact;
use crate::id::{OfficeId, TokenId, UserId};
use crate::view::CarrierState::{self, Destroyed, HandedOut, InStock};
use crate::view::CarrierView;
use crate::view::Role::{Administrator, Operator};

/// Every transition of a carrier; what is not here is forbidden.
pub const ROWS: &[Row<CarrierState>] = &[
    Row {
        id: "K1",
        act: Act::ReceiveCarrier,
        from: &[],
        to: Some(InStock),
        actors: &[Administrator, Operator],
        guards: &[],
        event: "carrier.received",
    },
    Row {
        id: "K2",
        act: Act::HandOutCarrier,
        from: &[InStock],
        to: Some(HandedOut),
        actors: &[Administrator, Operator],
        guards: &[],
        event: "carrier.handed_out",
    },
    Row {
        id: "K3",
        act: Act::TakeCarrierBack,
        from: &[HandedOut],
        to: Some(InStock),
        actors: &[Administrator, Operator],
        guards: &[],
        event: "carrier.returned",
    },
    Row {
        id: "K4",
        act: Act::DestroyCarrier,
        from: &[InStock, HandedOut],
        to: Some(Destroyed),
        actors: &[Administrator, Operator],
        guards: &[],
        event: "carrier.destroyed",
    },
];

/// One carrier so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carrier {
    view: CarrierView,
    length: u64,
}

impl Carrier {
    /// Folds entries from the first one on; `None` where there are none.
    ///
    /// # Errors
    /// [`BrokenHistory`] where a fact does not follow from the state before it.
    pub fn fold(
        token: TokenId,
        entries: &[Entry<CarrierFact>],
    ) -> Result<Option<Self>, BrokenHistory> {
        let Some((first, rest)) = entries.split_first() else { return Ok(None) };
        let mut carrier = Self::begin(token, first)?;
        rest.iter().try_for_each(|entry| carrier.apply(entry))?;
        Ok(Some(carrier))
    }

    /// Begins a carrier by its first entry.
    ///
    /// # Errors
    /// [`BrokenHistory`] where the entry begins nothing.
    pub fn begin(token: TokenId, entry: &Entry<CarrierFact>) -> Result<Self, BrokenHistory> {
        let CarrierFact::Received { model, serial, office, .. } = &entry.fact else {
            return Err(BrokenHistory { event: entry.fact.event() });
        };
        let view = CarrierView {
            token,
            model: model.clone(),
            serial: serial.clone(),
            office: office.clone(),
            state: InStock,
            user: None,
            created: entry.at,
        };
        Ok(Self { view, length: 1 })
    }

    /// Applies one more entry.
    ///
    /// # Errors
    /// [`BrokenHistory`] where its fact does not follow from the state.
    pub fn apply(&mut self, entry: &Entry<CarrierFact>) -> Result<(), BrokenHistory> {
        let event = entry.fact.event();
        let follows = |row: &&Row<_>| row.event == event && row.from.contains(&self.view.state);
        let row = ROWS.iter().find(follows).ok_or(BrokenHistory { event })?;
        self.view.state = row.to.unwrap_or(self.view.state);
        self.view.user = match &entry.fact {
            CarrierFact::HandedOut { user, .. } => Some(*user),
            _ => None,
        };
        self.length = self.length.saturating_add(1);
        Ok(())
    }

    /// Whether this may happen now: the table and the permission.
    ///
    /// # Errors
    /// The [`Refusal`] that names what forbids it.
    pub fn admits(&self, actor: &Actor, act: Act) -> Result<(), Refusal> {
        permission::permits(actor, act, Some(&self.view.office), None)?;
        let state = self.view.state;
        let mut rows = ROWS.iter().filter(|row| row.act == act);
        let fits = rows.any(|row| row.from.contains(&state));
        fits.then_some(()).ok_or(Refusal::State { act, state: state.name() })
    }

    /// Every act on a carrier, with the reason for each that is not allowed.
    pub fn allowed_actions(&self, actor: &Actor) -> Vec<AllowedAction> {
        let acts = ROWS.iter().filter(|row| !row.from.is_empty()).map(|row| row.act);
        acts.map(|act| AllowedAction { act, refusal: self.admits(actor, act).err() }).collect()
    }

    /// How many entries were folded.
    pub const fn length(&self) -> u64 {
        self.length
    }

    /// Its registration point.
    pub const fn office(&self) -> &OfficeId {
        &self.view.office
    }

    /// Who has it.
    pub const fn user(&self) -> Option<&UserId> {
        self.view.user.as_ref()
    }

    /// When it came.
    pub const fn received(&self) -> Timestamp {
        self.view.created
    }

    /// The row of the list of carriers.
    pub const fn view(&self) -> &CarrierView {
        &self.view
    }
}
