//! Defects of what is interrupted, and of storage that cannot do what it should.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use gost_ca::provider::{ErrorKind, Result as Provided};

use super::bench::{Bench, Deed};
use super::desk::Result;
use super::doubles::{Failing, Hook};

/// However signing is interrupted, the record knew of the certificate before.
#[tokio::test]
async fn d_4_nothing_is_signed_that_is_not_on_record() -> Result<()> {
    for after in [false, true] {
        let mut number = 0;
        loop {
            let bench = Bench::open().await?;
            let call = bench.prepare(Deed::Submit, 10).await?;
            let failing = Arc::new(Failing::at(number, after));
            let hook: Arc<dyn Hook> = Arc::clone(&failing) as _;
            let done = call.make(&bench.hooked(&hook)).await;
            bench.check().await?; // whatever was signed is on record, under its serial number
            if failing.is_unused() {
                assert!(done.is_ok(), "{done:?}");
                break;
            }
            bench.sweep().await?;
            call.make(&bench.desk.ra).await?;
            bench.check_done_once(&call).await?;
            assert_eq!(certificates(&bench), 1, "fault {number}: signed once, or the same again");
            number += 1;
        }
        assert!(number > 5, "so many calls has an issuance at least: {number}");
    }
    Ok(())
}

/// How many certificates the authority signed for the one that was asked for.
fn certificates(bench: &Bench) -> usize {
    let signed = bench.signer.signed.lock().unwrap();
    let distinct: std::collections::BTreeSet<_> = signed.iter().collect();
    distinct.len()
}

/// A storage that cannot is a failure of the command, and never taken for success.
#[tokio::test]
async fn d_7_what_storage_cannot_do_is_not_done() -> Result<()> {
    for deed in [Deed::Register, Deed::Submit, Deed::Suspend, Deed::Revoke, Deed::IssueCrl] {
        for number in 0.. {
            let bench = Bench::open().await?;
            let call = bench.prepare(deed, 10).await?;
            let incapable = Arc::new(Incapable { left: Mutex::new(Some(number)) });
            let hook: Arc<dyn Hook> = Arc::clone(&incapable) as _;
            let done = call.make(&bench.hooked(&hook)).await;
            bench.check().await?;
            if incapable.left.lock().unwrap().is_some() {
                assert!(number > 0, "{deed:?} makes no calls");
                bench.check_done_once(&call).await?;
                break;
            }
            let code = done.map_err(|error| error.code());
            assert_eq!(code, Err("provider.unsupported"), "{deed:?}, call {number}");
        }
    }
    Ok(())
}

/// Cannot do one of the calls.
#[derive(Debug)]
struct Incapable {
    left: Mutex<Option<usize>>,
}

#[async_trait]
impl Hook for Incapable {
    async fn before(&self) -> Provided<()> {
        let mut left = self.left.lock().unwrap();
        let strikes = *left == Some(0);
        *left = left.and_then(|left| left.checked_sub(1));
        if strikes { Err(ErrorKind::Unsupported.at("a storage that cannot")) } else { Ok(()) }
    }

    async fn after(&self) -> Provided<()> {
        Ok(())
    }
}

/// The traits of storage leave nothing out: no method has a body that could say "unsupported". An ability is a
/// value, which is there or not.
#[test]
fn d_7_storage_has_no_optional_methods() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/provider");
    for (file, traits) in [
        ("journal.rs", &["Journal", "AuditTrail", "Documents"][..]),
        ("directory.rs", &["UserDirectory"]),
    ] {
        let source = std::fs::read_to_string(root.join(file)).unwrap();
        for name in traits {
            let (_, body) = source.split_once(&format!("pub trait {name}: ")).unwrap();
            let body = body.split("\n}\n").next().unwrap();
            let bodies = body.lines().skip(1).filter(|line| line.contains('{'));
            let inside: Vec<_> = bodies.filter(|line| !line.contains("-> Option<&dyn ")).collect();
            assert!(body.contains("fn ") && inside.is_empty(), "{name}: {inside:?}");
        }
    }
}
