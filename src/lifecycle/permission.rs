//! Who may do what: roles, offices and ownership.

use super::{Act, Refusal};
use crate::entry::Actor;
use crate::id::{OfficeId, UserId};
use crate::view::Role;

/// Which roles may do an act, before any state is looked at. One row per act.
pub const MATRIX: &[(Act, &[Role])] = &[
    (Act::Administer, &[Role::Administrator]),
    (Act::RequestApproval, &[Role::Administrator, Role::Operator, Role::User]),
    (Act::RejectApproval, &[Role::Administrator, Role::Operator]),
    (Act::WithdrawApproval, &[Role::Administrator, Role::Operator, Role::User, Role::System]),
    (Act::Execute, &[Role::Administrator, Role::Operator, Role::System]),
    (Act::Bulk, &[Role::Administrator, Role::Operator]),
    (Act::BlockKey, &[Role::Administrator, Role::Operator]),
    (Act::IssueCrl, &[Role::Administrator, Role::System]),
    (Act::Notify, &[Role::System]),
    (Act::ReleaseCrl, &[Role::Administrator]),
    (Act::PublishCrl, &[Role::System]),
    (Act::Import, &[Role::Administrator]),
    (Act::StartRegistration, &[Role::Administrator, Role::Operator]),
    (Act::SaveDraft, &[Role::Administrator, Role::Operator]),
    (Act::DiscardDraft, &[Role::Administrator, Role::Operator]),
    (Act::Register, &[Role::Administrator, Role::Operator]),
    (Act::ChangePassword, &[Role::User]),
    (Act::IssueTemporaryPassword, &[Role::Administrator, Role::Operator]),
    (Act::BindCertificate, &[Role::Administrator, Role::Operator, Role::User]),
    (Act::UnbindCertificate, &[Role::Administrator, Role::Operator, Role::User]),
    (Act::ExpireTemporaryPassword, &[Role::System]),
    (Act::ResetPassword, &[Role::Administrator, Role::Operator]),
    (Act::Lock, &[Role::System]),
    (Act::Unlock, &[Role::Administrator, Role::Operator, Role::System]),
    (Act::Block, &[Role::Administrator, Role::Operator, Role::System]),
    (Act::Unblock, &[Role::Administrator, Role::Operator]),
    (Act::ChangeRole, &[Role::Administrator]),
    (Act::ArchiveAccount, &[Role::Administrator]),
    (Act::EraseAccount, &[Role::Administrator]),
    (Act::FinishErasure, &[Role::System]),
    (Act::EditData, &[Role::Administrator, Role::Operator]),
    (Act::EditContacts, &[Role::User]),
    (Act::CreateRequest, &[Role::Administrator, Role::Operator, Role::User]),
    (Act::EditRequest, &[Role::Administrator, Role::Operator, Role::User, Role::System]),
    (Act::GenerateKey, &[Role::Administrator, Role::Operator, Role::User, Role::System]),
    (Act::UseKey, &[Role::Administrator, Role::Operator, Role::User]),
    (Act::SetCodePhrase, &[Role::Administrator, Role::Operator, Role::User]),
    (Act::ImportRequest, &[Role::Administrator, Role::Operator, Role::User]),
    (Act::Submit, &[Role::Administrator, Role::Operator, Role::User, Role::System]),
    (Act::Approve, &[Role::Administrator, Role::Operator, Role::System]),
    (Act::Waive, &[Role::Administrator, Role::Operator]),
    (Act::Reject, &[Role::Administrator, Role::Operator]),
    (Act::Expire, &[Role::System]),
    (Act::DestroyKey, &[Role::Administrator, Role::Operator, Role::User]),
    (Act::Cancel, &[Role::Administrator, Role::Operator, Role::User]),
    (Act::Issue, &[Role::Administrator, Role::Operator, Role::System]),
    (Act::Install, &[Role::Administrator, Role::Operator, Role::User, Role::System]),
    (Act::Accept, &[Role::Operator, Role::User]),
    (Act::RefuseAcceptance, &[Role::Operator, Role::User, Role::System]),
    (Act::Suspend, &[Role::Administrator, Role::Operator, Role::User, Role::System]),
    (Act::SuspendByPhrase, &[Role::Operator]),
    (Act::ChangeSuspension, &[Role::Administrator, Role::Operator, Role::System]),
    (Act::Resume, &[Role::Administrator, Role::Operator, Role::User, Role::System]),
    (Act::Revoke, &[Role::Administrator, Role::Operator, Role::User, Role::System]),
    (Act::ApplyForTermination, &[Role::Administrator, Role::Operator, Role::System]),
    (Act::MarkOverdue, &[Role::System]),
    (Act::DismissTermination, &[Role::Administrator, Role::Operator]),
    (Act::RevokeExpired, &[Role::Administrator]),
    (Act::AmendReason, &[Role::Administrator, Role::Operator, Role::User]),
    (Act::Schedule, &[Role::Administrator, Role::Operator]),
    (Act::WithdrawSchedule, &[Role::Administrator, Role::Operator, Role::System]),
    (Act::Reissue, &[Role::Administrator, Role::Operator]),
    (Act::Archive, &[Role::Administrator, Role::System]),
    (Act::Unarchive, &[Role::Administrator]),
    (Act::Erase, &[Role::Administrator]),
    (Act::Renew, &[Role::Administrator, Role::Operator, Role::User, Role::System]),
    (Act::Hide, &[Role::Operator, Role::User]),
    (Act::Print, &[Role::Administrator, Role::Operator, Role::User]),
    (Act::CheckApplicant, &[Role::Administrator, Role::Operator]),
    (Act::AttachScan, &[Role::Administrator, Role::Operator]),
    (Act::ReceiveCarrier, &[Role::Administrator, Role::Operator]),
    (Act::HandOutCarrier, &[Role::Administrator, Role::Operator]),
    (Act::TakeCarrierBack, &[Role::Administrator, Role::Operator]),
    (Act::DestroyCarrier, &[Role::Administrator, Role::Operator]),
];

/// Whether the actor may do it to something of that office and owner.
///
/// What belongs to people of one's own rank or above is out of reach, one's own things too, but for what
/// users may do to theirs.
///
/// # Errors
/// [`Refusal::Role`] where nobody of the role may, [`Refusal::Scope`] where it is another's.
pub fn permits(
    actor: &Actor,
    act: Act,
    office: Option<&OfficeId>,
    owner: Option<(&UserId, Role)>,
) -> Result<(), Refusal> {
    let roles = MATRIX.iter().find(|(known, _)| *known == act).map_or(&[][..], |(_, roles)| roles);
    if !roles.contains(&actor.role) {
        return Err(Refusal::Role { act, role: actor.role });
    }
    let within = match actor.role {
        Role::Administrator | Role::System => true,
        Role::Operator => office.is_some() && actor.office.as_ref() == office,
        Role::User => owner.is_some_and(|(owner, _)| actor.is(owner)),
        Role::Auditor => false,
    };
    if !within {
        return Err(Refusal::Scope);
    }
    let reached = owner.is_none_or(|(owner, role)| {
        may_serve(actor.role, role) || (actor.is(owner) && roles.contains(&Role::User))
    });
    reached.then_some(()).ok_or(Refusal::Role { act, role: actor.role })
}

/// Whether somebody of one role may register, and give certificates to, somebody of another.
pub const fn may_serve(actor: Role, subject: Role) -> bool {
    matches!(
        (actor, subject),
        (Role::Administrator, Role::Administrator | Role::Operator | Role::Auditor)
            | (Role::Administrator | Role::Operator | Role::User, Role::User)
            | (Role::System, _)
    )
}
