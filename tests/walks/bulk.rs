//! Many commands as one.

use gost_ca::Error;
use gost_ca::command::{Command, ItemOutcome, Outcome};

use crate::desk::Result;
use crate::model::{Ask, Frozen, Next, Who, office_of};
use crate::questions::OF_MANY;
use crate::world::World;

impl World {
    pub(crate) async fn bulk(&mut self, who: Who, target: u16, detail: u16) -> Result<()> {
        let now = self.now();
        let mut items = Vec::new();
        for item in 0..2 + detail % 5 {
            let numbers = target.wrapping_mul(31).wrapping_add(item * 7_919);
            let case = self.case_of(numbers, numbers / 3);
            let kind = OF_MANY[usize::from(numbers / 5) % OF_MANY.len()];
            items.push((kind(numbers, now), case));
        }
        let mut commands = Vec::new();
        for (ask, case) in &items {
            commands.push(self.command(*ask, *case).await?);
        }
        let bulk = Command::Bulk { title: "Проверка".to_owned(), items: commands };
        let verdict = self.model.is_of_the_desk(who);
        if verdict.is_ok() && detail.is_multiple_of(3) {
            return self.rehearse(who, (&items, &bulk)).await;
        }
        let envelope = self.bench.desk.envelope(bulk);
        match self.run(who, envelope, verdict).await {
            Some(Outcome::ApprovalRequested { approval }) => {
                assert!(items.len() > LIMIT);
                let office = if let Who::Operator(own) = who { Some(office_of(own)) } else { None };
                self.asked(who, approval, Frozen::Many(items), (office, 1));
            }
            Some(Outcome::Bulk { items: told }) => {
                assert!(items.len() <= LIMIT);
                for ((ask, case), told) in items.iter().zip(told) {
                    self.compare_item(who, (*ask, *case), &told);
                }
                for (_, case) in items {
                    self.check(case, self.keys).await?; // all of them have been done by now
                }
            }
            Some(other) => panic!("{other:?}"),
            None => {}
        }
        Ok(())
    }

    fn compare_item(&mut self, who: Who, (ask, case): (Ask, usize), told: &ItemOutcome) {
        let verdict = match self.model.verdict(who, ask, case, self.now()) {
            Ok(Next::Asked(_)) => Err("approval.needed"),
            other => other.map(drop),
        };
        let code = match told {
            ItemOutcome::Done(_) => Ok(()),
            ItemOutcome::Refused { code, message } => {
                self.told.push(message.clone());
                Err(code.as_str())
            }
            other => panic!("{other:?}"),
        };
        assert_eq!(code, verdict, "{ask:?} of {case} by {who:?}: {told:?}");
        self.note("item", code.err().unwrap_or("ok"));
        if verdict.is_ok() {
            let now = self.now();
            self.model.apply(ask, case, now);
        }
    }

    /// The same answers, and nothing is done.
    async fn rehearse(
        &mut self,
        who: Who,
        (items, bulk): (&[(Ask, usize)], &Command),
    ) -> Result<()> {
        let session = self.session(who);
        let told = self.bench.desk.ra.rehearse(&session, bulk).await?;
        assert_eq!(told.len(), items.len());
        for ((ask, case), told) in items.iter().zip(told) {
            let verdict = self.model.verdict(who, *ask, *case, self.now());
            let code = told.as_ref().map(drop).map_err(Error::code);
            assert_eq!(code, verdict.map(drop), "{ask:?} of {case} by {who:?}");
            self.note("rehearsal", code.err().unwrap_or("ok"));
            self.told.extend(told.err().map(|error| format!("{error} {error:?}")));
            self.check(*case, self.keys).await?;
        }
        Ok(())
    }
}

/// So many need no approval.
pub(crate) const LIMIT: usize = 4;
