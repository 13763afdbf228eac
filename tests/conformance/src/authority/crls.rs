//! CRLs, where the authority issues them.

use gost_ca::provider::ErrorKind;
use gost_ca::provider::authority::CrlOrder;
use gost_ca::x509::extensions::{AuthorityKeyIdentifier, find};
use gost_ca::x509::{Certificate, CertificateList, CrlEntry, KeyIdentity, SerialNumber};

use super::{AuthorityUnderTest, promises};
use crate::broken::{Broken, Kept, ensure, same};
use crate::check::Check;
use crate::fresh::fresh;

promises! {
    "crl-says-what-was-ordered": "number, dates and entries of the CRL are the order's" => says_what_was_ordered;
    "crl-without-entries": "the list is left out where nothing is listed (RFC 5280 §5.1.2.6)" => without_entries;
    "crl-verifies": "each CRL is signed by the key that issued" => verifies;
    "crl-names-its-key": "authorityKeyIdentifier is there (RFC 5280 §5.2.1)" => names_its_key;
    "crl-unknown-key": "`NotFound` when the key that is to sign is not here" => unknown_key;
}

/// The CRL of an order by each key of the authority.
async fn all(
    subject: &AuthorityUnderTest<'_>,
    entries: &[Vec<u8>],
) -> Result<Vec<(CrlOrder, CertificateList)>, Broken> {
    let authority = subject.open();
    let issuer = authority.crl_issuer().ok_or_else(|| Broken::skip("it issues no CRLs"))?;
    let mut crls = Vec::new();
    for certificate in subject.issuers {
        let key = subject.verifier.identify(certificate.public_key());
        let key = key.map_err(|error| error.to_string())?;
        let order = order(certificate, key, entries.to_vec());
        let der = issuer.issue_crl(&order).await?;
        let crl = CertificateList::from_der(&der).map_err(|error| error.to_string())?;
        crls.push((order, crl));
    }
    Ok(crls)
}

fn order(certificate: &Certificate, issuer: KeyIdentity, entries: Vec<Vec<u8>>) -> CrlOrder {
    let this_update = certificate.validity().not_before;
    let next_update = certificate.validity().not_after;
    CrlOrder { issuer, number: 0x1_0000_0001, this_update, next_update, entries }
}

/// Two entries, by ascending serial number.
fn entries(subject: &AuthorityUnderTest<'_>) -> Result<Vec<Vec<u8>>, Broken> {
    let date = subject.submission.validity.not_before;
    let mut serials = [SerialNumber::from_random(fresh()), SerialNumber::from_random(fresh())];
    serials.sort_unstable();
    let entries = serials
        .iter()
        .zip([0, 6])
        .map(|(serial, reason)| CrlEntry { serial, date, reason, invalidity: Some(date) }.to_der());
    Ok(entries.collect::<Result<_, _>>().map_err(|error| error.to_string())?)
}

async fn says_what_was_ordered(subject: &AuthorityUnderTest<'_>) -> Kept {
    for (order, crl) in all(subject, &entries(subject)?).await? {
        same("the number", &crl.number(), &Some(order.number))?;
        same("thisUpdate", &crl.this_update(), &order.this_update)?;
        same("nextUpdate", &crl.next_update(), &Some(order.next_update))?;
        let ordered = order.entries.iter().map(Vec::as_slice);
        ensure(crl.entries().eq(ordered), "the entries are not those ordered")?;
    }
    Ok(())
}

async fn without_entries(subject: &AuthorityUnderTest<'_>) -> Kept {
    for (_, crl) in all(subject, &[]).await? {
        same("the number of entries", &crl.entries().count(), &0)?;
        // An empty SEQUENCE between nextUpdate and the extensions.
        let empty = crl.tbs().windows(3).any(|window| window == [0x30, 0, 0xa0]);
        ensure(!empty, "the list of entries is there, and empty")?;
    }
    Ok(())
}

async fn verifies(subject: &AuthorityUnderTest<'_>) -> Kept {
    let crls = all(subject, &entries(subject)?).await?;
    for ((_, crl), issuer) in crls.iter().zip(subject.issuers) {
        let verdict = crl.verify(issuer.public_key(), subject.verifier);
        ensure(verdict.is_ok(), format!("{verdict:?}"))?;
        ensure(crl.issuer() == issuer.subject(), "it names another issuer")?;
    }
    Ok(())
}

async fn names_its_key(subject: &AuthorityUnderTest<'_>) -> Kept {
    let crls = all(subject, &[]).await?;
    for ((_, crl), issuer) in crls.iter().zip(subject.issuers) {
        let found: Option<AuthorityKeyIdentifier> =
            find(crl.extensions()).map_err(|error| error.to_string())?;
        let key = found.and_then(|found| found.key);
        ensure(key.is_some() && key == issuer.subject_key(), "it names no key, or another one")?;
    }
    Ok(())
}

async fn unknown_key(subject: &AuthorityUnderTest<'_>) -> Kept {
    let authority = subject.open();
    let issuer = authority.crl_issuer().ok_or_else(|| Broken::skip("it issues no CRLs"))?;
    let certificate = subject.issuers.first().ok_or("the fixture has no issuers")?;
    let order = order(certificate, KeyIdentity::from_octets(fresh()), Vec::new());
    match issuer.issue_crl(&order).await {
        Err(error) => same("the error's kind", error.kind(), &ErrorKind::NotFound),
        Ok(_) => Err("it signed for a key that is not here".into()),
    }
}
