//! Many acts from one file: checked and rehearsed, signed as one command, told row by row (U19).

use std::sync::Arc;

use axum::extract::State;
use gost_ca::command::{Envelope, ItemOutcome};
use gost_ca::desk::bulk::{BadBulk, BulkAct, BulkDefaults, BulkFile};
use gost_ca::desk::table::Table;
use gost_ca::language::Language;
use gost_ca::lifecycle::{Act, Refusal};
use gost_ca::message::Message;
use minijinja::{Value, context};

use super::act::{Confirm, choices, show_confirm};
use super::users::csv_file;
use crate::Console;
use crate::acts::{Choices, Target, Wanted};
use crate::texts::words;
use crate::web::{Checked, Failure, Reply, Upload, Visitor, page};

/// The form, with what became of the file that was here last.
pub(crate) async fn show(State(console): State<Arc<Console>>, visitor: Visitor) -> Reply {
    check_role(&visitor)?;
    let Some(upload) = visitor.signed_in.file() else {
        return form(&console, &visitor, context! {}).await;
    };
    match read(&console, &visitor, &upload).await? {
        Ok(file) => tell(&console, &visitor, &file).await,
        Err(bad) => blame(&console, &visitor, &bad).await,
    }
}

/// Checks a file, and tells what each row would do, or did.
pub(crate) async fn check(
    State(console): State<Arc<Console>>,
    Checked { visitor, fields }: Checked,
) -> Reply {
    check_role(&visitor)?;
    let octets = fields.file("file")?.to_vec();
    let profile = fields.text("profile").unwrap_or_default().to_owned();
    visitor.signed_in.keep_file(Upload { octets, profile });
    show(State(console), visitor).await
}

/// Asks whoever is there to sign it.
pub(crate) async fn prepare(
    State(console): State<Arc<Console>>,
    Checked { visitor, .. }: Checked,
) -> Reply {
    let upload = visitor.signed_in.file().ok_or(Failure::Field("file"))?;
    let Ok(file) = read(&console, &visitor, &upload).await? else {
        return Ok(super::go("/file"));
    };
    let (title, envelope) = (words("file.title", visitor.language), envelope(&file));
    let irreversible = file.rows().iter().any(|row| row.act == BulkAct::Revoke);
    let ask = Confirm { title, irreversible, wanted: Wanted::Nothing };
    show_confirm(&console, &visitor, (envelope, Target::File), &ask).await
}

/// The outcome of each row, for the next file or for the files of the desk.
pub(crate) async fn csv(State(console): State<Arc<Console>>, visitor: Visitor) -> Reply {
    let upload = visitor.signed_in.file().ok_or(Failure::Missing)?;
    let file = read(&console, &visitor, &upload).await?.map_err(|_| Failure::Missing)?;
    let told = told(&console, &visitor, &file).await?;
    Ok(csv_file("results.csv", told.table.to_csv()))
}

fn check_role(visitor: &Visitor) -> Result<(), Failure> {
    let refusal = Refusal::Role { act: Act::Bulk, role: visitor.role() };
    if visitor.is_staff() { Ok(()) } else { Err(refusal.into()) }
}

async fn read(
    console: &Console,
    visitor: &Visitor,
    upload: &Upload,
) -> Result<Result<BulkFile, BadBulk>, Failure> {
    let mut defaults = BulkDefaults::default();
    defaults.office = visitor.session().actor().office.clone();
    defaults.profile = upload.profile.parse().ok();
    defaults.authority = Some(console.office.authority);
    defaults.names = console.office.ra.bulk_names(visitor.session(), &upload.octets).await?;
    Ok(BulkFile::read(&upload.octets, &defaults))
}

/// The same in whatever language it is asked for.
fn envelope(file: &BulkFile) -> Envelope {
    file.envelope(words("file.title", Language::Russian))
}

/// What became of the rows.
struct Told {
    table: Table,
    /// Whether any was done; none yet, it is what they would do.
    begun: bool,
    /// Whether some are left: never signed, or interrupted.
    left: bool,
}

async fn told(console: &Console, visitor: &Visitor, file: &BulkFile) -> Result<Told, Failure> {
    let (ra, session) = (&console.office.ra, visitor.session());
    let envelope = envelope(file);
    let outcomes: Vec<Option<ItemOutcome>> = ra.bulk_outcomes(session, &envelope).await?;
    let left = outcomes.iter().any(Option::is_none);
    let begun = outcomes.iter().any(Option::is_some);
    let table = if begun {
        file.results(outcomes.iter().map(Option::as_ref))
    } else {
        file.rehearsed(&ra.rehearse(session, &envelope.command).await?)
    };
    Ok(Told { table, begun, left })
}

async fn tell(console: &Console, visitor: &Visitor, file: &BulkFile) -> Reply {
    let Told { table, begun, left } = told(console, visitor, file).await?;
    let columns = COLUMNS.map(|name| table.columns().iter().position(|column| column == name));
    let rows = table.rows().iter().map(|row| {
        let cell =
            |column: usize| columns.get(column).copied().flatten().and_then(|at| row.get(at));
        let text = |column| cell(column).map(String::as_str).unwrap_or_default();
        let code = text(7);
        let says = (!code.is_empty()).then(|| Message::new(code.to_owned()).says(visitor.language));
        context! {
            number => text(0),
            act => words(&format!("file.act.{}", text(1)), visitor.language),
            login => text(2),
            user => text(3),
            case => text(4),
            serial => text(5),
            outcome => words(&format!("file.outcome.{}", text(6)), visitor.language),
            good => GOOD.contains(&text(6)),
            says,
        }
    });
    let values = context! {
        rows => rows.collect::<Vec<Value>>(),
        begun,
        left,
        too_large => is_too_large(&envelope(file))?,
    };
    form(console, visitor, values).await
}

async fn blame(console: &Console, visitor: &Visitor, bad: &BadBulk) -> Reply {
    let all = bad.faults();
    let faults: Vec<String> =
        all.iter().take(FAULTS).map(|fault| Message::from(fault).says(visitor.language)).collect();
    let more = all.len().saturating_sub(faults.len());
    form(console, visitor, context! { faults, more }).await
}

async fn form(console: &Console, visitor: &Visitor, values: Value) -> Reply {
    let profiles = choices(console, visitor, Choices::Profiles).await?;
    page(console, visitor, "file.html", context! { profiles, ..values })
}

/// What is signed goes to the browser and back as a field of a form, in which each octet may be three.
fn is_too_large(envelope: &Envelope) -> Result<bool, Failure> {
    Ok(serde_json::to_vec(envelope).map_err(Failure::internal)?.len() > LARGEST)
}

const COLUMNS: [&str; 8] = ["row", "act", "login", "user", "case", "serial", "outcome", "code"];
const GOOD: [&str; 4] = ["registered", "issued", "done", "would-be-done"];
/// Faults that are shown at once.
const FAULTS: usize = 100;
const LARGEST: usize = 3 << 20;
