//! Papers: forms that were printed, and what stood on them.

use jiff::Timestamp;

use super::job::{Job, Work};
use super::{RegistrationAuthority, Session};
use crate::command::Outcome;
use crate::commitment::{Commitment, Document, DocumentKind};
use crate::desk::scan::ScanOwner;
use crate::entry::Entry;
use crate::error::Error;
use crate::fact::{AccessFact, AccountFact, CaseFact};
use crate::id::{CaseId, UserId};
use crate::lifecycle::{Act, Refusal};
use crate::print::Edition;

/// A form that was printed, as the record tells of it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PrintedForm {
    /// Which form, by its short name.
    pub form: String,
    /// When.
    pub at: Timestamp,
    /// What stood on it.
    pub paper: Commitment,
}

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

impl RegistrationAuthority {
    /// The forms that were printed about an account or a case, the oldest first.
    ///
    /// # Errors
    /// [`Refusal::Scope`] for another office's.
    pub async fn printed_forms(
        &self,
        session: &Session,
        owner: &ScanOwner,
    ) -> Result<Vec<PrintedForm>, Error> {
        self.check_sees(session, owner).await?;
        Ok(match owner {
            ScanOwner::User(user) => {
                let entries = self.account_entries(user).await?;
                entries.into_iter().filter_map(of_account).collect()
            }
            ScanOwner::Case(case) => {
                let entries = self.case_entries(case).await?;
                entries.into_iter().filter_map(of_case).collect()
            }
        })
    }

    /// What stood on a form that was printed, exactly. That it was shown is recorded before it is.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] where the owner has no such form, or it was erased.
    pub async fn printed_form(
        &self,
        session: &Session,
        owner: &ScanOwner,
        paper: &Commitment,
    ) -> Result<String, Error> {
        let mut forms = self.printed_forms(session, owner).await?.into_iter();
        forms.find(|known| known.paper == *paper).ok_or(Refusal::NotFound("printed form"))?;
        let fact = AccessFact::DocumentShown { owner: *owner, document: Some(*paper) };
        self.note_shown(session.actor(), fact).await?;
        let octets = self.document(paper).await?.into_bytes();
        String::from_utf8(octets).map_err(|error| Error::Damaged(error.to_string()))
    }
}

fn of_account(entry: Entry<AccountFact>) -> Option<PrintedForm> {
    match entry.fact {
        AccountFact::FormPrinted { form, paper, .. } => {
            Some(PrintedForm { form, at: entry.at, paper })
        }
        _ => None,
    }
}

fn of_case(entry: Entry<CaseFact>) -> Option<PrintedForm> {
    match entry.fact {
        CaseFact::Printed { form, paper, .. } => Some(PrintedForm { form, at: entry.at, paper }),
        _ => None,
    }
}
