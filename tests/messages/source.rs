//! The codes that the source has: asked of the source itself, so that nobody keeps a list of them.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Enums whose variants are codes: by the end of their name, with the kind before the variant's own name.
const ENUMS: &[(&str, &str, Case)] = &[
    ("State", "state", kebab),
    ("Act", "act", kebab),
    ("Role", "role", kebab),
    ("Reason", "reason", camel),
    ("GroundKind", "ground", kebab),
    ("CertificateStatus", "status", kebab),
    ("Conflict", "conflict", kebab),
    ("KeySpace", "key-space", kebab),
    ("Finding", "audit", kebab),
    ("RowFault", "row", kebab),
];

/// How JSON writes the name of a variant.
type Case = fn(&str) -> String;

/// What refusals name in words.
const THINGS: &[&str] =
    &["Refusal::NotFound(\"", "Refusal::Missing(\"", "Unknown { kind: \"", "Exists { kind: \""];

/// Told by more than an enum: annulment is a termination on a ground of its own, and what must be looked at
/// in a request is found by its data, and a fault of a bulk file stands in its row.
const BESIDES: &[&str] =
    &["status.annulled", "identification.remote", "applicant.proxy", "bulk-file.row"];

pub(crate) fn codes() -> BTreeSet<String> {
    let mut codes: BTreeSet<_> = BESIDES.iter().map(|code| (*code).to_owned()).collect();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    visit(&root, &mut |source| {
        codes.extend(functions(source));
        codes.extend(events(source));
        codes.extend(enums(source));
        codes.extend(faults(source));
        codes.extend(things(source));
    });
    codes
}

fn visit(folder: &Path, see: &mut impl FnMut(&str)) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            visit(&path, see);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            see(&fs::read_to_string(&path).unwrap());
        }
    }
}

/// What functions called `code` or `…_code` answer with.
fn functions(source: &str) -> Vec<String> {
    let heads = source.match_indices("code(").filter(|(at, _)| {
        let line = source.get(..*at).unwrap().rsplit('\n').next().unwrap();
        line.contains("fn ") && !line.contains("//")
    });
    let bodies = heads.filter_map(|(at, _)| {
        let (head, rest) = source.get(at..)?.split_once('{')?;
        head.contains("&'static str").then(|| rest.split("\n    }\n").next())?
    });
    bodies.flat_map(|body| body.split("=> \"").skip(1)).map(until_quote).collect()
}

/// The names of facts: what functions called `event` answer with.
fn events(source: &str) -> Vec<String> {
    let bodies = source.split("fn event(&self) -> &'static str {").skip(1);
    let bodies = bodies.filter_map(|rest| rest.split("\n    }\n").next());
    let names = bodies.flat_map(|body| body.split("=> \"").skip(1)).map(until_quote);
    names.map(|name| format!("event.{name}")).collect()
}

fn enums(source: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (_, rest) in
        source.match_indices("pub enum ").map(|(at, it)| source.split_at(at + it.len()))
    {
        let (name, body) = rest.split_once(' ').unwrap();
        let row = ENUMS.iter().find(|(end, ..)| {
            if *end == "State" { name.ends_with(end) && name != *end } else { name == *end }
        });
        let Some((_, kind, case)) = row else { continue };
        let body = body.split("\n}\n").next().unwrap();
        let variants = body.lines().filter_map(|line| line.strip_prefix("    "));
        let variants = variants.filter(|line| line.starts_with(|c: char| c.is_ascii_uppercase()));
        found.extend(variants.map(|line| {
            let name = line.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap();
            format!("{kind}.{}", case(name))
        }));
    }
    found
}

/// The table of the faults of fields: `Name, "code";`.
fn faults(source: &str) -> Vec<String> {
    let Some((_, table)) = source.split_once("\nfaults! {\n") else { return Vec::new() };
    let table = table.split("\n}\n").next().unwrap();
    table
        .lines()
        .filter_map(|line| line.split_once(", \""))
        .map(|(_, it)| until_quote(it))
        .collect()
}

fn things(source: &str) -> Vec<String> {
    let named = THINGS.iter().flat_map(|begin| source.split(begin).skip(1).map(until_quote));
    let slug =
        |name: String| name.to_lowercase().replace(|c: char| !c.is_ascii_alphanumeric(), "-");
    named.map(|name| format!("thing.{}", slug(name))).collect()
}

fn until_quote(text: &str) -> String {
    text.split('"').next().unwrap().to_owned()
}

fn kebab(name: &str) -> String {
    let mut text = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !text.is_empty() {
            text.push('-');
        }
        text.push(letter.to_ascii_lowercase());
    }
    text
}

fn camel(name: &str) -> String {
    let (first, rest) = name.split_at(1);
    first.to_lowercase() + rest
}

/// The reader of sources sees what is known to be there.
#[test]
fn codes_of_every_kind_are_found() {
    let codes = codes();
    for known in [
        "act.issue-temporary-password",
        "state.password-change-required",
        "state.key-gen",
        "role.auditor",
        "reason.keyCompromise",
        "ground.possession-not-proven",
        "status.not-yet-valid",
        "guard.not-terminated",
        "registration.login-taken",
        "request.subject-exceeds",
        "provider.denied",
        "conflict.taken",
        "key-space.public-key",
        "audit.rolled-back",
        "event.certificate.suspended",
        "damaged",
        "inn.check-digit",
        "file.unknown-step",
        "thing.key-store",
    ] {
        assert!(codes.contains(known), "{known}");
    }
}
