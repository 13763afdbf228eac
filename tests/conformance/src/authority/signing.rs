//! What is signed is what was prepared.

use gost_ca::provider::{Decision, ErrorKind};
use gost_ca::x509::{KeyIdentity, SerialNumber, TbsCertificate};

use super::{AuthorityUnderTest, promises, shape};
use crate::broken::{Kept, ensure, same};
use crate::check::Check;
use crate::fresh::fresh;

promises! {
    "prepared-is-true": "serial number, dates and key are those in the bytes" => prepared_is_true;
    "issued-verifies": "the certificate verifies by a key of the authority" => issued_verifies;
    "issued-answers-request": "the certificate says what was asked for, by every rule of the gate" => issued_answers;
    "signs-what-was-prepared": "the signed part is the prepared bytes, octet by octet" => signs_prepared;
    "complete-again": "completed again, also after a restart, the same bytes are signed" => complete_again;
    "complete-unknown-key": "`NotFound` when the key that is to sign is not here" => unknown_key;
    "complete-refuses-others": "nothing is signed that it would not have prepared" => refuses_others;
    "end-within-issuer": "no certificate outlives its issuer's" => end_within_issuer;
}

async fn prepared_is_true(subject: &AuthorityUnderTest<'_>) -> Kept {
    let prepared = subject.prepared(&*subject.open()).await?;
    let tbs = TbsCertificate::from_der(&prepared.tbs).map_err(|error| error.to_string())?;
    same("the serial number", &prepared.serial, tbs.serial())?;
    same("the term", &prepared.validity, tbs.validity())?;
    let issuer = subject.issuers.iter().find(|issuer| {
        subject.verifier.identify(issuer.public_key()).is_ok_and(|key| key == prepared.issuer)
    });
    let issuer = issuer.ok_or("the key that will sign is none of the authority's")?;
    ensure(tbs.issuer() == issuer.subject(), "the bytes name another issuer")
}

async fn issued_verifies(subject: &AuthorityUnderTest<'_>) -> Kept {
    let certificate = subject.obtain(&*subject.open(), &subject.submission()).await?;
    subject.issuer(&certificate).map(drop)
}

async fn issued_answers(subject: &AuthorityUnderTest<'_>) -> Kept {
    let submission = subject.submission();
    let certificate = subject.obtain(&*subject.open(), &submission).await?;
    subject.answers(&certificate, &submission)
}

async fn signs_prepared(subject: &AuthorityUnderTest<'_>) -> Kept {
    let authority = subject.open();
    let prepared = subject.prepared(&*authority).await?;
    let certificate = authority.complete(&prepared).await?;
    ensure(certificate.tbs() == prepared.tbs, "other bytes were signed than prepared")
}

async fn complete_again(subject: &AuthorityUnderTest<'_>) -> Kept {
    let authority = subject.open();
    let prepared = subject.prepared(&*authority).await?;
    let first = authority.complete(&prepared).await?;
    drop(authority);
    let again = subject.open().complete(&prepared).await?;
    ensure(first.tbs() == again.tbs(), "after a restart other bytes are signed")
}

async fn unknown_key(subject: &AuthorityUnderTest<'_>) -> Kept {
    let authority = subject.open();
    let mut prepared = subject.prepared(&*authority).await?;
    prepared.issuer = KeyIdentity::from_octets(fresh());
    match authority.complete(&prepared).await {
        Err(error) => same("the error's kind", error.kind(), &ErrorKind::NotFound),
        Ok(_) => Err("it signed for a key that is not here".into()),
    }
}

async fn refuses_others(subject: &AuthorityUnderTest<'_>) -> Kept {
    let authority = subject.open();
    let good = subject.prepared(&*authority).await?;
    let mut other_serial = good.clone();
    other_serial.serial = SerialNumber::from_random(fresh());
    let signed = authority.complete(&other_serial).await.is_ok();
    ensure(!signed, "it signed bytes with another serial number than recorded")?;
    let mut garbage = good;
    garbage.tbs = b"anything at all".to_vec();
    ensure(authority.complete(&garbage).await.is_err(), "it signed what is no certificate")
}

async fn end_within_issuer(subject: &AuthorityUnderTest<'_>) -> Kept {
    let authority = subject.open();
    let ends = subject.issuers.iter().map(|issuer| issuer.validity().not_after);
    let last = ends.max().ok_or("the fixture has no issuers")?;
    let mut submission = subject.submission();
    submission.validity.not_after = gost_ca::Timestamp::MAX;
    let found = match authority.submit(&submission).await? {
        Decision::Prepared(prepared) => prepared.validity.not_after,
        Decision::Issued(certificate) => certificate.validity().not_after,
        Decision::Refused(_) | Decision::Deferred(_) => return Ok(()),
        other => return Err(shape(&other).into()),
    };
    ensure(found <= last, format!("it ends on {found}, its issuer on {last}"))
}
