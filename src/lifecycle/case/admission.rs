//! What a case admits, and whom.

use jiff::Timestamp;

use super::super::guards::Situation;
use super::super::{Act, AllowedAction, Refusal, Row, permission};
use super::{Case, rows};
use crate::entry::Actor;
use crate::fact::{CaseFact, RequestCreated};
use crate::profile::Profile;
use crate::view::{CaseState, Role};

impl Case {
    /// Whether this may happen now: the table, the permission, the guards.
    ///
    /// # Errors
    /// The [`Refusal`] that names what forbids it.
    pub fn admits(
        &self,
        actor: &Actor,
        fact: &CaseFact,
        profile: &Profile,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let rows = rows().filter(|row| row.event == fact.event());
        self.choose(rows, actor, (profile, Some(fact)), now)
    }

    /// Whether this act may be done now; what depends on its details is [`admits`](Self::admits)'s.
    ///
    /// # Errors
    /// The [`Refusal`] that names what forbids it.
    pub fn may(
        &self,
        actor: &Actor,
        act: Act,
        profile: &Profile,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let rows = rows().filter(|row| row.act == act && !row.from.is_empty());
        self.choose(rows, actor, (profile, None), now)
    }

    /// Whether the actor may do this to the case in any of its states.
    ///
    /// # Errors
    /// The [`Refusal`] that names what forbids it.
    pub fn permits(&self, actor: &Actor, act: Act) -> Result<(), Refusal> {
        let RequestCreated { user, role, office, .. } = &self.begun;
        permission::permits(actor, act, office.as_ref(), Some((user, *role)))
    }

    /// Every act of a certificate's life, with the reason for each that is not allowed.
    pub fn allowed_actions(
        &self,
        actor: &Actor,
        profile: &Profile,
        now: Timestamp,
    ) -> Vec<AllowedAction> {
        let mut acts: Vec<Act> =
            rows().filter(|row| !row.from.is_empty()).map(|row| row.act).collect();
        acts.sort_unstable();
        acts.dedup();
        let answer = |act| AllowedAction { act, refusal: self.may(actor, act, profile, now).err() };
        acts.into_iter().map(answer).collect()
    }

    fn choose(
        &self,
        rows: impl Iterator<Item = &'static Row<CaseState>>,
        actor: &Actor,
        (profile, fact): (&Profile, Option<&CaseFact>),
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let mut refusal = Refusal::NotFound("transition");
        for row in rows {
            match self.passes(row, actor, (profile, fact), now) {
                Ok(()) => return Ok(()),
                // a row from this state explains more than one from another state
                Err(why) if row.from.contains(&self.state) => return Err(why),
                Err(why) => refusal = why,
            }
        }
        Err(refusal)
    }

    fn passes(
        &self,
        row: &Row<CaseState>,
        actor: &Actor,
        (profile, fact): (&Profile, Option<&CaseFact>),
        now: Timestamp,
    ) -> Result<(), Refusal> {
        self.permits(actor, row.act)?;
        // what the engine alone does goes on by itself: for people the state says no
        let by_itself = row.actors == [Role::System] && actor.role != Role::System;
        if by_itself || !row.from.contains(&self.state) {
            return Err(Refusal::State { act: row.act, state: self.state.name() });
        }
        if !row.actors.contains(&actor.role) {
            return Err(Refusal::Role { act: row.act, role: actor.role });
        }
        let situation = Situation { case: self, profile, actor, fact, now };
        match row.guards.iter().find(|guard| !guard.holds(situation)) {
            Some(guard) => Err(Refusal::Guard(*guard)),
            None => Ok(()),
        }
    }
}
