//! Many certificates at once: rehearsed first, then one signed command (U19).

use std::sync::Arc;

use axum::extract::State;
use gost_ca::command::Command;
use gost_ca::id::CaseId;
use gost_ca::message::Message;
use minijinja::context;

use super::act::{Confirm, choices, envelope, show_confirm};
use crate::Console;
use crate::acts::{Choices, Input, Target, Wanted};
use crate::texts::words;
use crate::web::{Checked, Failure, Reply, page};

/// Without a ground, its form; with one, a rehearsal; with its yes, the command to be signed.
pub(crate) async fn prepare(
    State(console): State<Arc<Console>>,
    Checked { visitor, fields }: Checked,
) -> Reply {
    let cases = fields.all("case").map(str::parse).collect::<Result<Vec<CaseId>, _>>();
    let cases = cases.map_err(|_| Failure::BadRequest)?;
    let act = fields.need("act")?.to_owned();
    if cases.is_empty() {
        return Err(Failure::Field("case"));
    }
    let title = words(&format!("bulk.{act}"), visitor.language);
    let mut verdicts = Vec::new();
    if fields.text("document").is_some() {
        let input = Input {
            target: Target::Record,
            fields: &fields,
            authority: console.office.authority,
            office: None,
            key: None,
        };
        let items =
            cases.iter().map(|case| item(&act, *case, &input)).collect::<Result<Vec<_>, _>>()?;
        let command = Command::Bulk { title: title.clone(), items };
        if fields.text("go").is_some() {
            let ask = Confirm { title, irreversible: act == "revoke", wanted: Wanted::Nothing };
            let envelope = envelope(&console, command)?;
            return show_confirm(&console, &visitor, (envelope, Target::Record), &ask).await;
        }
        let answers = console.office.ra.rehearse(visitor.session(), &command).await?;
        verdicts = cases
            .iter()
            .zip(answers)
            .map(|(case, answer)| {
                let says = answer
                    .err()
                    .map(|why| Message::from(&why).spoken(visitor.language).to_string());
                context! { case => case.to_string(), says }
            })
            .collect();
    }
    let values = context! {
        act,
        title,
        cases => cases.iter().map(ToString::to_string).collect::<Vec<_>>(),
        verdicts,
        grounds => choices(&console, &visitor, Choices::AllGrounds).await?,
        reasons => choices(&console, &visitor, Choices::Reasons).await?,
        ground => fields.text("ground"),
        reason => fields.text("reason"),
        document => fields.text("document"),
    };
    page(&console, &visitor, "bulk.html", values)
}

fn item(act: &str, case: CaseId, input: &Input<'_>) -> Result<Command, Failure> {
    let ground = input.ground()?;
    match act {
        "suspend" => Ok(Command::Suspend { case, ground, until: None, on_end: None }),
        "resume" => Ok(Command::Resume { case, ground }),
        "revoke" => Ok(Command::revoke(case, input.choice("reason")?, ground)),
        _ => Err(Failure::BadRequest),
    }
}
