//! The register of key carriers, and keys that are forbidden.

use gost_ca::command::{Command, Outcome};
use gost_ca::registration::Text;

use crate::bench::ground;
use crate::desk::Result;
use crate::model::{Carrier, Place, Who};
use crate::world::World;

impl World {
    pub(crate) async fn about_carriers(
        &mut self,
        who: Who,
        (person, target): (usize, u16),
        detail: u16,
    ) -> Result<()> {
        if self.carriers.is_empty() || detail.is_multiple_of(4) {
            return self.receive(who, detail).await;
        }
        let number = usize::from(target) % self.carriers.len();
        let (carrier, paper): (_, Text<255>) =
            (self.carriers[number], "№ 4".to_owned().try_into()?);
        let (user, place) = (self.users[person].id, self.model.carriers[number].place);
        let likely = u16::from(place != Place::Stock);
        let kind = if detail % 4 == 1 { likely } else { detail % 3 };
        let (verdict, command, then) = match kind {
            0 => (
                self.model.hands_out(who, number, person),
                Command::HandOutCarrier { carrier, user, paper },
                Place::Person,
            ),
            1 => (
                self.model.takes_back(who, number),
                Command::TakeCarrierBack { carrier, paper },
                Place::Stock,
            ),
            _ => (
                self.model.destroys_carrier(who, number),
                Command::DestroyCarrier { carrier, paper },
                Place::Gone,
            ),
        };
        let envelope = self.bench.desk.envelope(command);
        if self.run(who, envelope, verdict).await.is_some() {
            self.model.carriers[number].place = then;
        }
        Ok(())
    }

    async fn receive(&mut self, who: Who, detail: u16) -> Result<()> {
        let known = detail.is_multiple_of(12) && !self.carriers.is_empty();
        let number = self.carriers.len() - usize::from(known);
        let office = usize::from(detail / 4) % 2;
        let verdict = self.model.receives_carrier(who, office, known);
        let command = Command::ReceiveCarrier {
            office: ["main", "other"][office].parse()?,
            serial: format!("T-{number}").try_into()?,
            model: "Токен".to_owned().try_into()?,
            paper: "№ 4".to_owned().try_into()?,
        };
        let envelope = self.bench.desk.envelope(command);
        if let Some(done) = self.run(who, envelope, verdict).await {
            let Outcome::CarrierReceived { carrier } = done else { panic!("{done:?}") };
            self.carriers.push(carrier);
            self.model.carriers.push(Carrier { office, place: Place::Stock });
        }
        Ok(())
    }

    /// Nothing is built on the key of that case any more.
    pub(crate) async fn block_key(&mut self, who: Who, case: usize) -> Result<()> {
        let Some(key) = self.model.lives[case].key else { return Ok(()) };
        let verdict = self.model.is_of_the_desk(who);
        let envelope = self.bench.desk.envelope(Command::BlockKey { key, ground: ground() });
        if self.run(who, envelope, verdict).await.is_some() {
            self.model.blocked_keys.insert(key);
        }
        Ok(())
    }
}
