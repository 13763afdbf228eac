//! What is decided stays decided.

use gost_ca::provider::{Decision, ErrorKind, Ticket};

use super::{AuthorityUnderTest, promises, shape};
use crate::broken::{Broken, Kept, ensure, same};
use crate::check::Check;
use crate::drive::together;
use crate::fresh::fresh;

promises! {
    "submit-is-idempotent": "the same id again gives the same decision" => idempotent;
    "concurrent-submit": "the same id, submitted at once, gives one decision" => concurrent;
    "serials-differ": "a serial number is unique per issuer (RFC 5280 §4.1.2.2)" => serials_differ;
    "refusal-is-stable": "what is refused once is refused again, with the same code" => refusal;
    "unknown-ticket": "`NotFound` for an unknown ticket" => unknown_ticket;
}

async fn idempotent(subject: &AuthorityUnderTest<'_>) -> Kept {
    let (authority, submission) = (subject.open(), subject.submission());
    let first = authority.submit(&submission).await?;
    let again = authority.submit(&submission).await?;
    alike(&first, &again)
}

async fn concurrent(subject: &AuthorityUnderTest<'_>) -> Kept {
    let (authority, submission) = (subject.open(), subject.submission());
    let mut all = together((0..8).map(|_| authority.submit(&submission))).await.into_iter();
    let first = all.next().ok_or("nothing was submitted")??;
    all.try_for_each(|other| alike(&first, &other?))
}

/// Deferred ones are alike whatever the ticket: what matters is that nothing is issued twice.
fn alike(one: &Decision, other: &Decision) -> Kept {
    match (one, other) {
        (Decision::Prepared(one), Decision::Prepared(other)) => {
            ensure(one == other, "the same submission is prepared in two ways")
        }
        (Decision::Issued(one), Decision::Issued(other)) => {
            ensure(one == other, "two certificates for one submission")
        }
        (Decision::Deferred(_), Decision::Deferred(_) | Decision::Issued(_)) => Ok(()),
        (Decision::Refused(_), _) => Err("a good submission is refused".into()),
        _ => Err(format!("{} first, then {}", shape(one), shape(other)).into()),
    }
}

async fn serials_differ(subject: &AuthorityUnderTest<'_>) -> Kept {
    let authority = subject.open();
    let mut serials = Vec::new();
    for _ in 0..16 {
        let serial = match authority.submit(&subject.submission()).await? {
            Decision::Prepared(prepared) => prepared.serial,
            Decision::Issued(certificate) => certificate.serial().clone(),
            Decision::Deferred(_) => return Err(Broken::skip("it answers later")),
            other => return Err(format!("a good submission is {}", shape(&other)).into()),
        };
        serials.push(serial);
    }
    let random = serials.iter().all(|serial| serial.magnitude().len() >= 8);
    ensure(random, "a serial number is too short for 64 random bits")?;
    serials.sort_unstable();
    serials.dedup();
    same("the number of different serial numbers", &serials.len(), &16)
}

async fn refusal(subject: &AuthorityUnderTest<'_>) -> Kept {
    let (authority, bad) = (subject.open(), subject.refusable());
    let mut codes = Vec::new();
    for _ in 0..2 {
        match authority.submit(&bad).await? {
            Decision::Refused(why) => codes.push(why.code),
            other => {
                let what = "a submission without a subject, which ends before it begins";
                return Err(format!("{what}, is {}", shape(&other)).into());
            }
        }
    }
    ensure(codes.first() == codes.last(), format!("refused as {codes:?}"))?;
    ensure(codes.iter().all(|code| !code.is_empty()), "a refusal has no code")
}

async fn unknown_ticket(subject: &AuthorityUnderTest<'_>) -> Kept {
    let ticket = Ticket(gost_ca::hex::encode(&fresh::<16>()));
    match subject.open().poll(&ticket).await {
        Err(error) => same("the error's kind", error.kind(), &ErrorKind::NotFound),
        Ok(decision) => Err(format!("an unknown ticket is {}", shape(&decision)).into()),
    }
}
