//! No question reads more than its answer: each uses an index, and none sorts.

use rusqlite::{Connection, StatementStatus};

use crate::directory::terms;
use crate::journal::QUESTIONS;
use crate::journal::listings::LISTED;
use crate::schema;

/// How `SQLite` would answer, step by step.
fn plan(connection: &Connection, sql: &str) -> Vec<String> {
    let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
    let count = statement.parameter_count();
    let nothing = vec![rusqlite::types::Null; count];
    let steps = statement.query_map(rusqlite::params_from_iter(nothing), |row| row.get(3));
    steps.unwrap().collect::<Result<_, _>>().unwrap()
}

/// Tables without statistics, as they are in a young file, and with those of a large one.
fn files() -> [Connection; 2] {
    let young = Connection::open_in_memory().unwrap();
    let grown = Connection::open_in_memory().unwrap();
    let mut files = [young, grown];
    for file in &mut files {
        schema::migrate(file).unwrap();
    }
    files[1].execute_batch(GROWN).unwrap();
    files
}

#[test]
fn every_question_uses_an_index() {
    let searches: Vec<String> = (0..=16).map(terms::question).collect();
    let questions = QUESTIONS.iter().copied().chain(searches.iter().map(String::as_str));
    let questions = questions.chain([terms::COUNTED]);
    for file in files() {
        for sql in questions.clone() {
            let plan = plan(&file, sql);
            let wrong = |step: &String| step.contains("SCAN") || step.contains("TEMP B-TREE");
            assert!(!plan.iter().any(wrong), "{sql}\n{plan:#?}");
        }
    }
}

#[test]
fn the_crl_is_read_from_its_own_index() {
    for file in files() {
        let plan = plan(&file, LISTED);
        let own = "SEARCH certificates USING COVERING INDEX certificates_listed (issuer=? AND partition=? AND serial>?)";
        assert_eq!(plan, [own]);
    }
}

/// Certificates that end next month, of a register in which many ended long ago: their rows alone are read.
#[test]
fn a_late_term_costs_what_an_early_one_does() {
    let [_, file] = files();
    file.execute_batch("UPDATE cases SET not_after = created").unwrap();
    let sql = QUESTIONS.iter().find(|sql| sql.contains("not_after < ?7")).unwrap();
    let steps = |start: i64| {
        let mut statement = file.prepare(sql).unwrap();
        let params =
            rusqlite::params![i64::MIN, "", 10, "active", false, start, start + 10, None::<String>];
        let mut rows = statement.query(params).unwrap();
        let mut found = Vec::new();
        while let Some(row) = rows.next().unwrap() {
            found.push(row.get::<_, i64>(0).unwrap());
        }
        drop(rows);
        assert_eq!(found, (start..start + 10).collect::<Vec<_>>());
        statement.get_status(StatementStatus::VmStep)
    };
    let (early, late) = (steps(1), steps(1_900));
    assert!(late < 2 * early, "{early} steps, {late} steps");
}

/// D-10 of other systems: the CRL, and what is due, were found by reading whole tables.
#[test]
fn d_10_crls_and_ends_are_found_by_index() {
    let due: Vec<_> = QUESTIONS.iter().filter(|sql| sql.contains("due")).collect();
    assert!(!due.is_empty());
    for file in files() {
        for sql in due.iter().map(|sql| **sql).chain([LISTED]) {
            for step in plan(&file, sql) {
                assert!(!step.contains("SCAN") && !step.contains("TEMP B-TREE"), "{sql}: {step}");
            }
        }
    }
}

#[test]
fn a_question_without_an_index_is_seen() {
    let [young, _] = files();
    let plan = plan(&young, "SELECT id FROM cases WHERE lineage = ?1 ORDER BY created");
    assert!(plan.iter().any(|step| step.contains("SCAN")), "{plan:#?}");
    assert!(plan.iter().any(|step| step.contains("TEMP B-TREE")), "{plan:#?}");
}

/// Enough rows for the planner to have an opinion.
const GROWN: &str = "
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
    INSERT INTO cases (id, user, office, state, lineage, created, hidden)
    SELECT randomblob(16), randomblob(16), 'office', 'active', randomblob(16), i, 0 FROM n;
    INSERT INTO accounts (id, role, office, state, created)
    SELECT id, 'user', office, 'active', created FROM cases;
    INSERT INTO notices (id, user, office, state, created)
    SELECT id, user, office, 'sent', created FROM cases;
    INSERT INTO certificates (serial, issuer, \"case\", subject_key, not_after, partition, entry)
    SELECT id, x'01', id, id, created, CASE created % 10 WHEN 0 THEN 0 END, x'30' FROM cases;
    INSERT INTO user_versions (user, commitment, salt, octets) SELECT id, id, id, id FROM cases;
    INSERT INTO user_terms (term, version) SELECT 'w' || (id % 50), id FROM user_versions;
    INSERT INTO user_terms (term, version) SELECT 'knatural-person', id FROM user_versions;
    ANALYZE;";
