//! Documents tell the truth: ARCHITECTURE.md's tables are made from the tables in code, links lead somewhere.
//!
//! `UPDATE_DOCUMENTS=1 cargo test --test documents` writes them anew.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use gost_ca::lifecycle::permission::MATRIX;
use gost_ca::lifecycle::{
    CrlState, Row, account, approval, carrier, certificate, crl, notice, request,
};
use gost_ca::view::{AccountState, ApprovalState, CarrierState, CaseState, NoticeState, Role};

const BEGIN: &str = "<!-- lifecycle: made from the tables in code -->\n";
const END: &str = "<!-- end of lifecycle -->\n";

#[test]
fn the_lifecycle_in_architecture_is_the_one_in_code() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("ARCHITECTURE.md");
    let text = fs::read_to_string(&path).unwrap();
    let (before, rest) = text.split_once(BEGIN).expect("the beginning mark");
    let (_, after) = rest.split_once(END).expect("the end mark");
    let right = format!("{before}{BEGIN}{}{END}{after}", lifecycle());
    if std::env::var_os("UPDATE_DOCUMENTS").is_some() {
        fs::write(&path, &right).unwrap();
    }
    assert!(
        text == right || std::env::var_os("UPDATE_DOCUMENTS").is_some(),
        "run UPDATE_DOCUMENTS=1 cargo test --test documents"
    );
}

#[test]
fn the_lifecycle_is_exported_as_it_is_in_code() {
    for (name, right) in [("docs/lifecycle.md", diagrams()), ("docs/lifecycle.json", exported())] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
        if std::env::var_os("UPDATE_DOCUMENTS").is_some() {
            fs::write(&path, &right).unwrap();
        }
        let text = fs::read_to_string(&path).unwrap_or_default();
        assert!(text == right, "run UPDATE_DOCUMENTS=1 cargo test --test documents");
    }
}

fn exported() -> String {
    serde_json::to_string_pretty(&gost_ca::lifecycle::export()).unwrap() + "\n"
}

/// A diagram of each table, and the tables themselves.
fn diagrams() -> String {
    let mut text = DIAGRAMS.to_owned();
    let mut part = |title: &str, diagram: String| {
        writeln!(text, "\n## {title}\n\n```mermaid\nstateDiagram-v2\n{diagram}```").unwrap();
    };
    part("Accounts", diagram(account::ROWS, AccountState::name));
    part("Requests", diagram(request::ROWS, CaseState::name));
    part("Certificates", diagram(certificate::ROWS, CaseState::name));
    part("Key carriers", diagram(carrier::ROWS, CarrierState::name));
    part("Notices", diagram(notice::ROWS, NoticeState::name));
    part("CRLs", diagram(crl::ROWS, CrlState::name));
    part("Approvals", diagram(approval::ROWS, ApprovalState::name));
    text + &lifecycle()
}

fn diagram<S: Copy>(rows: &[Row<S>], name: fn(S) -> &'static str) -> String {
    let mut lines = String::new();
    let state = |state| name(state).replace('-', "_");
    for row in rows {
        let Some(to) = row.to else { continue };
        let (to, label) = (state(to), format!("{} {}", row.id, json(&row.act)));
        if row.from.is_empty() {
            writeln!(lines, "    [*] --> {to}: {label}").unwrap();
        }
        for from in row.from {
            writeln!(lines, "    {} --> {to}: {label}", state(*from)).unwrap();
        }
    }
    lines
}

const DIAGRAMS: &str = "# The lifecycle

Made from the tables in code (`src/lifecycle/`), which drive the library; a test fails when they differ.
[lifecycle.json](lifecycle.json) is the same for programs. Transitions that leave the state as it is are in the
tables alone.
";

#[test]
fn links_lead_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = ["", "docs", "docs/decisions"].map(|folder| root.join(folder));
    let documents: Vec<_> = folders.iter().flat_map(|folder| documents_in(folder)).collect();
    assert!(documents.len() > 10, "{documents:?}");
    for document in documents {
        let text = fs::read_to_string(&document).unwrap();
        let targets = text.split("](").skip(1).filter_map(|rest| rest.split_once(')'));
        for (target, _) in targets.filter(|(target, _)| !target.contains("://")) {
            let file = target.split('#').next().unwrap();
            let there = document.parent().unwrap().join(file).exists();
            assert!(there, "{}: {target}", document.display());
        }
    }
}

fn documents_in(folder: &Path) -> Vec<PathBuf> {
    let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    files.filter(|file| file.extension().is_some_and(|extension| extension == "md")).collect()
}

fn lifecycle() -> String {
    let mut text = String::new();
    text += "\n### Accounts\n\n";
    table(&mut text, account::ROWS, AccountState::name);
    text += "\n### Requests\n\n";
    table(&mut text, request::ROWS, CaseState::name);
    text += "\n### Certificates\n\n";
    table(&mut text, certificate::ROWS, CaseState::name);
    text += "\n### Key carriers\n\n";
    table(&mut text, carrier::ROWS, CarrierState::name);
    text += "\n### Notices\n\n";
    table(&mut text, notice::ROWS, NoticeState::name);
    text += "\n### CRLs\n\n";
    table(&mut text, crl::ROWS, CrlState::name);
    text += "\n### Approvals\n\n";
    table(&mut text, approval::ROWS, ApprovalState::name);
    text += "\n### Who may do what\n\n| act | administrator | operator | user | auditor | system |\n|---|---|---|---|---|---|\n";
    for (act, roles) in MATRIX {
        let cell = |role| if roles.contains(&role) { "✔" } else { "–" };
        let columns =
            [Role::Administrator, Role::Operator, Role::User, Role::Auditor, Role::System];
        let roles = columns.map(cell).join(" | ");
        writeln!(text, "| {} | {roles} |", json(act)).unwrap();
    }
    text + "\n"
}

fn table<S: Copy>(text: &mut String, rows: &[Row<S>], name: fn(S) -> &'static str) {
    *text += "| row | act | from | to | who | guards | event |\n|---|---|---|---|---|---|---|\n";
    for row in rows {
        let from: Vec<_> = row.from.iter().map(|state| name(*state)).collect();
        let from = if from.is_empty() { "–".to_owned() } else { from.join(", ") };
        let to = row.to.map_or("(stays)", name);
        let who: Vec<_> = row.actors.iter().map(|role| role.name()).collect();
        let guards: Vec<_> = row.guards.iter().map(json).collect();
        let (id, act, who, guards, event) =
            (row.id, json(&row.act), who.join(", "), guards.join(", "), row.event);
        writeln!(text, "| {id} | {act} | {from} | {to} | {who} | {guards} | `{event}` |").unwrap();
    }
}

fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).unwrap().as_str().unwrap().to_owned()
}
