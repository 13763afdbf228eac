//! The rows.

use gost_ca::command::{Command, Termination};
use gost_ca::fact::{Notice, Plan};
use gost_ca::lifecycle::Act;

use super::FieldKind::{Choice, File, LongText, Moment, Text};
use super::{ActRow, Choices, Field, Input, Wanted};
use crate::web::Failure;

type Made = Result<Command, Failure>;

const GROUND: Field = Field::must("ground", Choice(Choices::Grounds));
const ANY_GROUND: Field = Field::must("ground", Choice(Choices::AllGrounds));
const DOCUMENT: Field = Field::must("document", Text);
const UNTIL: Field = Field::may("until", Moment);
const ON_END: Field = Field::may("on_end", Choice(Choices::Ends));
const REASON: Field = Field::must("reason", Choice(Choices::Reasons));
const LEARNED: Field = Field::may("learned", Moment);
const INVALIDITY: Field = Field::may("invalidity", Moment);
const WHY: Field = Field::must("why", LongText);
const PAPER: Field = Field::must("carrier_paper", Text);
const COMMENT: Field = Field::must("comment", LongText);

/// A row without fields.
const fn plain(act: Act, command: fn(&Input<'_>) -> Made) -> ActRow {
    with(act, &[], command)
}

const fn with(act: Act, fields: &'static [Field], command: fn(&Input<'_>) -> Made) -> ActRow {
    ActRow { act, fields, irreversible: false, wanted: Wanted::Nothing, command }
}

const fn for_good(row: ActRow) -> ActRow {
    ActRow { irreversible: true, ..row }
}

const fn wanting(wanted: Wanted, row: ActRow) -> ActRow {
    ActRow { wanted, ..row }
}

/// Every act that is a button with a form of its own; keys, registration and printing have pages.
pub(crate) const ROWS: &[ActRow] = &[
    // requests
    with(Act::CreateRequest, &[Field::must("profile", Choice(Choices::Profiles))], |input| {
        let profile = input.text("profile")?.parse().map_err(|_| Failure::Field("profile"))?;
        Ok(Command::CreateRequest {
            user: input.target.user()?,
            profile,
            authority: input.authority,
        })
    }),
    plain(Act::EditRequest, |input| Ok(Command::EditRequest { case: input.target.case()? })),
    for_good(plain(Act::DestroyKey, |input| {
        let case = input.target.case()?;
        let (store, key) = input.key.clone().ok_or(Failure::Missing)?;
        Ok(Command::DestroyKey { case, store, key })
    })),
    plain(Act::Submit, |input| Ok(Command::Submit { case: input.target.case()? })),
    plain(Act::Cancel, |input| Ok(Command::Cancel { case: input.target.case()? })),
    plain(Act::Issue, |input| Ok(Command::Issue { case: input.target.case()? })),
    with(Act::Waive, &[COMMENT], |input| {
        Ok(Command::Waive { case: input.target.case()?, comment: input.text("comment")? })
    }),
    for_good(with(Act::Reject, &[COMMENT], |input| {
        Ok(Command::Reject { case: input.target.case()?, comment: input.text("comment")? })
    })),
    plain(Act::Install, |input| Ok(Command::Install { case: input.target.case()? })),
    wanting(
        Wanted::Pin,
        plain(Act::UseKey, |input| Ok(Command::UseKey { case: input.target.case()? })),
    ),
    // certificates
    with(Act::Accept, &[Field::may("paper", Text)], |input| {
        let paper = input.fields.text("paper").map(|paper| paper.trim().to_owned());
        Ok(Command::Accept { case: input.target.case()?, paper })
    }),
    for_good(plain(Act::RefuseAcceptance, |input| {
        Ok(Command::RefuseAcceptance { case: input.target.case()? })
    })),
    with(Act::Suspend, &[GROUND, DOCUMENT, UNTIL, ON_END], |input| {
        let (case, ground) = (input.target.case()?, input.ground()?);
        let (until, on_end) = (input.moment("until")?, input.on_end()?);
        Ok(Command::Suspend { case, ground, until, on_end })
    }),
    wanting(
        Wanted::Phrase,
        plain(Act::SuspendByPhrase, |input| {
            Ok(Command::SuspendByPhrase { case: input.target.case()? })
        }),
    ),
    with(Act::ChangeSuspension, &[GROUND, DOCUMENT, UNTIL, ON_END], |input| {
        let (case, ground) = (input.target.case()?, input.ground()?);
        let (until, on_end) = (input.moment("until")?, input.on_end()?);
        Ok(Command::ChangeSuspension { case, ground, until, on_end })
    }),
    with(Act::Resume, &[GROUND, DOCUMENT], |input| {
        Ok(Command::Resume { case: input.target.case()?, ground: input.ground()? })
    }),
    for_good(with(
        Act::Revoke,
        &[
            REASON,
            ANY_GROUND,
            DOCUMENT,
            LEARNED,
            Field::may("owner_notified", Moment),
            INVALIDITY,
            Field::may("date", Moment),
        ],
        |input| {
            Ok(Command::Revoke {
                case: input.target.case()?,
                reason: input.choice("reason")?,
                ground: input.ground()?,
                invalidity: input.moment("invalidity")?,
                date: input.moment("date")?,
                notice: Notice {
                    learned: input.moment("learned")?,
                    owner_notified: input.moment("owner_notified")?,
                },
            })
        },
    )),
    with(Act::ApplyForTermination, &[REASON, ANY_GROUND, DOCUMENT, LEARNED], |input| {
        Ok(Command::ApplyForTermination {
            case: input.target.case()?,
            reason: input.choice("reason")?,
            ground: input.ground()?,
            learned: input.moment("learned")?,
        })
    }),
    with(Act::DismissTermination, &[COMMENT], |input| {
        Ok(Command::DismissTermination {
            case: input.target.case()?,
            comment: input.text("comment")?,
        })
    }),
    for_good(with(Act::RevokeExpired, &[REASON, ANY_GROUND, DOCUMENT, INVALIDITY], |input| {
        let (case, invalidity) = (input.target.case()?, input.moment("invalidity")?);
        let (reason, ground) = (input.choice("reason")?, input.ground()?);
        Ok(Command::RevokeExpired { case, reason, ground, invalidity })
    })),
    for_good(with(Act::AmendReason, &[GROUND, DOCUMENT, INVALIDITY], |input| {
        let (case, invalidity) = (input.target.case()?, input.moment("invalidity")?);
        Ok(Command::AmendReason { case, ground: input.ground()?, invalidity })
    })),
    with(
        Act::Schedule,
        &[
            Field::must("plan", Choice(Choices::Plans)),
            Field::must("at", Moment),
            Field::may("reason", Choice(Choices::Reasons)),
            GROUND,
            DOCUMENT,
            UNTIL,
            ON_END,
        ],
        |input| {
            let at = input.moment("at")?.ok_or(Failure::Field("at"))?;
            let ground = input.ground()?;
            let plan = if input.text("plan")? == "suspend" {
                Plan::Suspend {
                    ground,
                    until: input.moment("until")?,
                    on_end: input.on_end()?.unwrap_or_default(),
                }
            } else {
                Plan::Revoke { reason: input.choice("reason")?, ground }
            };
            Ok(Command::Schedule { case: input.target.case()?, at, plan })
        },
    ),
    plain(Act::WithdrawSchedule, |input| {
        Ok(Command::WithdrawSchedule { case: input.target.case()? })
    }),
    plain(Act::Renew, |input| Ok(Command::Renew { case: input.target.case()? })),
    with(Act::Reissue, &[WHY], |input| {
        Ok(Command::Reissue { case: input.target.case()?, why: input.text("why")? })
    }),
    for_good(plain(Act::Hide, |input| Ok(Command::Hide { case: input.target.case()? }))),
    plain(Act::Archive, |input| Ok(Command::Archive { case: input.target.case()? })),
    plain(Act::Unarchive, |input| Ok(Command::Unarchive { case: input.target.case()? })),
    for_good(plain(Act::Erase, |input| Ok(Command::Erase { case: input.target.case()? }))),
    // accounts
    plain(Act::IssueTemporaryPassword, |input| {
        Ok(Command::IssueTemporaryPassword { user: input.target.user()? })
    }),
    with(Act::ResetPassword, &[Field::must("identified", Text)], |input| {
        let (user, identified) = (input.target.user()?, input.text("identified")?);
        Ok(Command::ResetPassword { user, identified })
    }),
    plain(Act::Unlock, |input| Ok(Command::Unlock { user: input.target.user()? })),
    with(Act::Block, &[WHY], |input| {
        Ok(Command::Block { user: input.target.user()?, reason: input.text("why")? })
    }),
    with(Act::Unblock, &[WHY], |input| {
        Ok(Command::Unblock { user: input.target.user()?, reason: input.text("why")? })
    }),
    with(
        Act::ChangeRole,
        &[
            Field::must("role", Choice(Choices::Roles)),
            Field::may("office", Choice(Choices::Offices)),
        ],
        |input| {
            let office = input.fields.text("office").map(str::parse).transpose();
            let office = office.map_err(|_| Failure::Field("office"))?;
            let role = input.choice("role")?;
            let office = office.filter(|_| role == gost_ca::view::Role::Operator);
            Ok(Command::ChangeRole { user: input.target.user()?, role, office })
        },
    ),
    wanting(
        Wanted::Phrase,
        plain(Act::SetCodePhrase, |input| {
            Ok(Command::SetCodePhrase { user: input.target.user()? })
        }),
    ),
    for_good(with(
        Act::ArchiveAccount,
        &[
            WHY,
            Field::may("reason", Choice(Choices::Reasons)),
            Field::may("ground", Choice(Choices::AllGrounds)),
            Field::may("document", Text),
        ],
        |input| {
            let termination = match input.fields.text("document") {
                None => None,
                Some(_) => {
                    Some(Termination { reason: input.choice("reason")?, ground: input.ground()? })
                }
            };
            let (user, reason) = (input.target.user()?, input.text("why")?);
            Ok(Command::ArchiveUser { user, reason, termination })
        },
    )),
    for_good(with(Act::EraseAccount, &[WHY], |input| {
        Ok(Command::EraseUser { user: input.target.user()?, reason: input.text("why")? })
    })),
    plain(Act::CheckApplicant, |input| Ok(Command::CheckApplicant { user: input.target.user()? })),
    wanting(
        Wanted::Scan,
        with(
            Act::AttachScan,
            &[Field::must("kind", Choice(Choices::Scans)), Field::must("file", File)],
            |input| {
                let to = match input.target {
                    super::Target::Case(case) => gost_ca::desk::scan::ScanOwner::Case(case),
                    target => gost_ca::desk::scan::ScanOwner::User(target.user()?),
                };
                let digest = gost_hash::streebog256(input.fields.file("file")?);
                Ok(Command::AttachScan { to, kind: input.choice("kind")?, digest })
            },
        ),
    ),
    // approvals
    with(Act::Approve, &[Field::may("comment", LongText)], |input| {
        let comment = input.fields.text("comment").unwrap_or_default().trim().to_owned();
        Ok(Command::Approve { approval: input.target.approval()?, comment })
    }),
    with(Act::RejectApproval, &[COMMENT], |input| {
        let (approval, comment) = (input.target.approval()?, input.text("comment")?);
        Ok(Command::RejectApproval { approval, comment })
    }),
    plain(Act::WithdrawApproval, |input| {
        Ok(Command::WithdrawApproval { approval: input.target.approval()? })
    }),
    plain(Act::Execute, |input| Ok(Command::RetryApproval { approval: input.target.approval()? })),
    // carriers
    with(
        Act::ReceiveCarrier,
        &[
            Field::must("carrier_serial", Text),
            Field::must("model", Text),
            PAPER,
            Field::may("office", Choice(Choices::Offices)),
        ],
        |input| {
            let office = match &input.office {
                Some(own) => own.clone(),
                None => input.text("office")?.parse().map_err(|_| Failure::Field("office"))?,
            };
            let (serial, model) = (input.line("carrier_serial")?, input.line("model")?);
            Ok(Command::ReceiveCarrier {
                office,
                serial,
                model,
                paper: input.line("carrier_paper")?,
            })
        },
    ),
    with(Act::TakeCarrierBack, &[PAPER], |input| {
        let (carrier, paper) = (input.target.carrier()?, input.line("carrier_paper")?);
        Ok(Command::TakeCarrierBack { carrier, paper })
    }),
    for_good(with(Act::DestroyCarrier, &[PAPER], |input| {
        let (carrier, paper) = (input.target.carrier()?, input.line("carrier_paper")?);
        Ok(Command::DestroyCarrier { carrier, paper })
    })),
    // the record
    with(Act::Administer, &[Field::must("office_id", Text), Field::must("title", Text)], |input| {
        let office = input.text("office_id")?.parse().map_err(|_| Failure::Field("office_id"))?;
        Ok(Command::OpenOffice { office, title: input.text("title")? })
    }),
    plain(Act::IssueCrl, |input| {
        let week = jiff::Timestamp::now().checked_add(jiff::SignedDuration::from_hours(7 * 24));
        let week = week.map_err(Failure::internal)?;
        let next_update = gost_ca::Timestamp::from_second(week.as_second());
        let next_update = next_update.map_err(Failure::internal)?;
        Ok(Command::IssueCrl { authority: input.authority, next_update })
    }),
];
