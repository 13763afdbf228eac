//! Calls that come after the ordinary day: drafts, ends of accounts, terms and terminations.

use gost_ca::command::{Command, Draft};
use gost_ca::fact::Plan;
use gost_ca::id::{CaseId, UserId};
use gost_ca::profile::OnEnd;
use gost_ca::provider::journal::StreamId;
use gost_ca::reason::Reason;
use gost_ca::registration::{Login, RegistrationForm};
use gost_ca::secret::Secret;

use super::{Bench, Call, Deed, OWN_PASSWORD, Result, What, ground, people, revoke, suspend};

impl Bench {
    pub(super) async fn prepare_draft(&self, deed: Deed, number: u32) -> Result<Call> {
        let desk = &self.desk;
        let record = people::staff(number, &format!("user-{number}"))?;
        let (login, form) = (Some(format!("user-{number}")), RegistrationForm::from(&record.data));
        let draft = Box::new(Draft { login, form });
        let start =
            Command::StartRegistration { office: desk.office.clone(), draft: draft.clone() };
        let envelope = desk.envelope(start);
        let user = UserId::made_by(&envelope.id);
        let stream = StreamId::Account(user);
        if deed == Deed::StartRegistration {
            let what = What::Command(desk.operator.clone(), envelope);
            return Ok(Call { what, stream, from: 0, events: &["user.draft_created"] });
        }
        desk.ra.execute(&desk.operator, &envelope).await?;
        let (command, events): (_, &[&str]) = match deed {
            Deed::SaveDraft => (Command::SaveDraft { user, draft }, &["user.draft_saved"]),
            Deed::CompleteRegistration => (
                Command::CompleteRegistration { user, person_known: false },
                &["user.registered", "user.draft_erased"],
            ),
            _ => (Command::DiscardDraft { user }, &["user.draft_ended", "user.erasure_finished"]),
        };
        let what = What::Command(desk.operator.clone(), desk.envelope(command));
        Ok(Call { what, stream, from: self.length(stream).await?, events })
    }

    pub(super) async fn prepare_end(&self, deed: Deed, number: u32) -> Result<Call> {
        let desk = &self.desk;
        let (user, password) = self.user(number).await?;
        let reason = || "№ 3".to_owned();
        let (command, events): (_, &[&str]) = match deed {
            Deed::ResetPassword => {
                let (login, password) =
                    (Login::try_from(format!("user-{number}"))?, password.unwrap());
                let session = desk.ra.sign_in_by_password(&login, &password).await?;
                let (id, own) = (crate::desk::command_id(&desk.rng), Secret::from(OWN_PASSWORD));
                desk.ra.change_own_password(&session, id, (&password, &own)).await?;
                let reset = Command::ResetPassword { user, identified: reason() };
                (reset, &["user.password_reset"])
            }
            Deed::Block => (Command::Block { user, reason: reason() }, &["user.blocked"]),
            Deed::Unblock => {
                desk.run(&desk.operator, Command::Block { user, reason: reason() }).await?;
                (Command::Unblock { user, reason: reason() }, &["user.unblocked"])
            }
            _ => (
                Command::ArchiveUser { user, reason: reason(), termination: None },
                &["user.archived"],
            ),
        };
        let by = if deed == Deed::ArchiveUser { &desk.administrator } else { &desk.operator };
        let stream = StreamId::Account(user);
        let what = What::Command(by.clone(), desk.envelope(command));
        Ok(Call { what, stream, from: self.length(stream).await?, events })
    }

    pub(super) async fn prepare_term(&self, deed: Deed, number: u32) -> Result<Call> {
        let desk = &self.desk;
        let case = self.active(number).await?;
        for before in self.before(deed, case) {
            desk.run(&desk.operator, before).await?;
        }
        let later = desk.clock_now() + jiff::SignedDuration::from_hours(48);
        let (command, events): (_, &[&str]) = match deed {
            Deed::ApplyForTermination => (self.apply(case), &["certificate.termination_applied"]),
            Deed::DismissTermination => (
                Command::DismissTermination { case, comment: "№ 9".to_owned() },
                &["certificate.termination_dismissed"],
            ),
            Deed::Schedule => (self.plan(case), &["certificate.scheduled"]),
            Deed::WithdrawSchedule => {
                (Command::WithdrawSchedule { case }, &["certificate.schedule_withdrawn"])
            }
            Deed::ChangeSuspension => (
                Command::ChangeSuspension {
                    case,
                    ground: ground(),
                    until: Some(later),
                    on_end: Some(OnEnd::Resume),
                },
                &["certificate.suspension_changed"],
            ),
            Deed::AmendReason => (
                Command::AmendReason { case, ground: ground(), invalidity: None },
                &["certificate.reason_amended"],
            ),
            Deed::Reissue => (
                Command::Reissue { case, why: "Ключ утрачен".to_owned() },
                &["certificate.reissue_started"],
            ),
            _ => {
                (Command::Accept { case, paper: Some("№ 7".to_owned()) }, &["certificate.accepted"])
            }
        };
        let stream = StreamId::Case(case);
        let what = What::Command(desk.operator.clone(), desk.envelope(command));
        Ok(Call { what, stream, from: self.length(stream).await?, events })
    }

    /// What brings the certificate to where the deed may be done.
    fn before(&self, deed: Deed, case: CaseId) -> Vec<Command> {
        match deed {
            Deed::DismissTermination => vec![self.apply(case)],
            Deed::WithdrawSchedule => vec![self.plan(case)],
            Deed::ChangeSuspension => vec![suspend(case)],
            Deed::AmendReason | Deed::Reissue => vec![revoke(case)],
            _ => Vec::new(),
        }
    }

    fn apply(&self, case: CaseId) -> Command {
        let (reason, learned) = (Reason::CessationOfOperation, Some(self.desk.clock_now()));
        Command::ApplyForTermination { case, reason, ground: ground(), learned }
    }

    fn plan(&self, case: CaseId) -> Command {
        let at = self.desk.clock_now() + jiff::SignedDuration::from_hours(24);
        let plan = Plan::Revoke { reason: Reason::Superseded, ground: ground() };
        Command::Schedule { case, at, plan }
    }
}
