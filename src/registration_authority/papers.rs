//! Papers: forms that were printed.

use super::job::{Job, Work};
use crate::command::Outcome;
use crate::commitment::{Document, DocumentKind};
use crate::error::Error;
use crate::fact::{AccountFact, CaseFact};
use crate::id::{CaseId, UserId};
use crate::lifecycle::Act;
use crate::print::Edition;

impl Job<'_> {
    /// V7: who printed which form of a certificate, and what stood on it.
    pub(super) async fn print(
        &self,
        id: &CaseId,
        (form, template): (&str, Option<Edition>),
        paper: &str,
    ) -> Result<Outcome, Error> {
        let (mut case, profile) = self.case(id, Act::Print).await?;
        let (form, document) = (form.to_owned(), self.seal_paper(paper)?);
        let fact = CaseFact::Printed { form, paper: *document.commitment(), template };
        let change = self.change(&mut case, &profile, vec![self.entry(fact)])?;
        self.finish(Work::of(change).with_documents([document]), Outcome::Done).await
    }

    /// The same for a form about a user: hand-over sheet, consent.
    pub(super) async fn print_for_user(
        &self,
        user: &UserId,
        (form, template): (&str, Option<Edition>),
        paper: &str,
    ) -> Result<Outcome, Error> {
        let (mut account, around) = self.account(user, Act::Print).await?;

        let (form, document) = (form.to_owned(), self.seal_paper(paper)?);
        let fact = AccountFact::FormPrinted { form, paper: *document.commitment(), template };
        let change = self.change_account(&mut account, Act::Print, fact, &around)?;
        self.finish(Work::of(change).with_documents([document]), Outcome::Done).await
    }

    fn seal_paper(&self, paper: &str) -> Result<Document, Error> {
        self.seal(DocumentKind::Paper, paper.as_bytes().to_vec())
    }
}
