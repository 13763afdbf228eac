//! A promise that can be checked.

use core::panic::AssertUnwindSafe;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::panic::catch_unwind;

use serde::Serialize;

use crate::report::{Finding, Report};

/// A check under way. Not `Send`: it may hold a caller's `&dyn Fn`.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// One promise of a trait.
#[derive(Debug)]
pub struct Check<S: ?Sized> {
    /// `trait/promise`; stable for ever: reports and exceptions refer to it.
    pub id: &'static str,
    /// The promise and its source: a sentence of the trait or a clause.
    pub why: &'static str,
    /// Tries it on a subject.
    pub run: fn(&S) -> BoxFuture<'_, Verdict>,
}

/// How a check ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "verdict", content = "detail")]
#[expect(clippy::exhaustive_enums, reason = "a promise is kept, broken or not made")]
pub enum Verdict {
    /// The promise is kept.
    Pass,
    /// The subject does not make this promise (an ability is `None`), and why.
    Skip(String),
    /// The promise is broken, and how.
    Fail(String),
}

impl Verdict {
    /// Passes where the condition holds; says what is wrong where it does not.
    pub fn when(holds: bool, otherwise: impl Into<String>) -> Self {
        if holds { Self::Pass } else { Self::Fail(otherwise.into()) }
    }

    /// Passes where there is nothing to complain about.
    pub fn of(result: Result<(), String>) -> Self {
        result.map_or_else(Self::Fail, |()| Self::Pass)
    }
}

/// A verdict that was reached without waiting.
pub fn ready<'a>(verdict: Verdict) -> BoxFuture<'a, Verdict> {
    Box::pin(core::future::ready(verdict))
}

/// Runs all checks, one after the other, whatever becomes of each.
pub async fn run<S: ?Sized>(subject: &str, on: &S, checks: &[Check<S>]) -> Report {
    let mut findings = Vec::with_capacity(checks.len());
    for check in checks {
        let verdict = Caught((check.run)(on)).await;
        findings.push(Finding { id: check.id, why: check.why, verdict });
    }
    Report { subject: subject.to_owned(), findings }
}

/// A check whose panic is a failure of that check only.
struct Caught<'a>(BoxFuture<'a, Verdict>);

impl Future for Caught<'_> {
    type Output = Verdict;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Verdict> {
        // The future is dropped after a panic: nothing broken is seen again.
        catch_unwind(AssertUnwindSafe(|| self.0.as_mut().poll(context))).unwrap_or_else(|panic| {
            let text = panic.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
            Poll::Ready(Verdict::Fail(format!("panicked: {}", text.unwrap_or("?"))))
        })
    }
}
