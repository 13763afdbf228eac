//! The frame itself: all checks run, and exceptions that no longer diverge are failures.

use gost_ca_conformance::{Check, Exception, Verdict, block_on, ready, run};

const CHECKS: &[Check<u8>] = &[
    Check {
        id: "number/is-one",
        why: "the test's own",
        run: |n| ready(Verdict::when(*n == 1, "is not")),
    },
    Check { id: "number/panics-at-two", why: "the test's own", run: |n| Box::pin(panics(*n)) },
    Check {
        id: "number/ability",
        why: "the test's own",
        run: |_| ready(Verdict::Skip("none".into())),
    },
];

async fn panics(n: u8) -> Verdict {
    core::future::ready(()).await;
    assert_ne!(n, 2, "two");
    Verdict::Pass
}

#[test]
fn a_report_of_all_checks() {
    let report = block_on(run("two", &2, CHECKS));
    assert_eq!(
        report.failed().into_iter().collect::<Vec<_>>(),
        ["number/is-one", "number/panics-at-two"]
    );
    assert_eq!(report.skipped().into_iter().collect::<Vec<_>>(), ["number/ability"]);
    assert!(report.to_string().contains("FAIL  number/panics-at-two: panicked:"), "{report}");
    let json: serde_json::Value = serde_json::from_str(&report.to_json()).unwrap();
    assert_eq!(json["findings"][0]["verdict"], "fail");
    assert_eq!(json["findings"][2]["detail"], "none");
}

#[test]
fn exceptions_must_diverge() {
    let known = Exception { id: "number/is-one", reason: "the test's own" };
    let wrong = Exception { id: "number/unheard-of", reason: "the test's own" };
    let one = block_on(run("one", &1, CHECKS));
    one.assert_conformant(&[]);
    assert_eq!(one.objections(&[known]), ["number/is-one is excepted but no longer fails"]);
    assert_eq!(
        one.objections(&[wrong]),
        ["number/unheard-of is excepted but is no check of this report"]
    );
    block_on(run("three", &3, CHECKS)).assert_conformant(&[known]);
}

#[test]
#[should_panic(expected = "number/is-one fails")]
fn failures_without_exceptions_panic() {
    block_on(run("three", &3, CHECKS)).assert_conformant(&[]);
}
