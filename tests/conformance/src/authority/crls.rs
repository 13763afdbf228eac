//! CRLs, where the authority signs them.

use gost_ca::authority::{frame_crl, issue_crl};
use gost_ca::provider::ErrorKind;
use gost_ca::provider::authority::{CrlHeading, CrlScope};
use gost_ca::x509::{Certificate, CertificateList, CrlEntry, KeyIdentity, SerialNumber};
use spki::AlgorithmIdentifierOwned;

use super::{AuthorityUnderTest, promises};
use crate::broken::{Broken, Kept, ensure, same};
use crate::check::Check;
use crate::fresh::fresh;

promises! {
    "crl-verifies": "each CRL is signed by the key that issued" => verifies;
    "crl-other-frame": "Invalid for a frame that is not the key's" => other_frame;
    "crl-unknown-key": "`NotFound` when the key that is to sign is not here" => unknown_key;
}

type Issuer<'a> = (CrlHeading, &'a Certificate, AlgorithmIdentifierOwned);

/// A heading for each key of the authority.
fn issuers<'a>(subject: &AuthorityUnderTest<'a>) -> Result<Vec<Issuer<'a>>, Broken> {
    let mut issuers = Vec::new();
    for certificate in subject.issuers {
        let key = subject.verifier.identify(certificate.public_key());
        let issuer = key.map_err(|error| error.to_string())?;
        let algorithm = subject.verifier.signature_algorithm(certificate.public_key());
        let algorithm = algorithm.map_err(|error| error.to_string())?;
        let heading = CrlHeading {
            issuer,
            number: 0x1_0000_0001,
            this_update: certificate.validity().not_before,
            next_update: certificate.validity().not_after,
            scope: CrlScope::default(),
        };
        issuers.push((heading, certificate, algorithm));
    }
    Ok(issuers)
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

async fn verifies(subject: &AuthorityUnderTest<'_>) -> Kept {
    let authority = subject.open();
    let signer = authority.crl_issuer().ok_or_else(|| Broken::skip("it signs no CRLs"))?;
    for (heading, issuer, algorithm) in issuers(subject)? {
        for entries in [entries(subject)?, Vec::new()] {
            let der = issue_crl(signer, &heading, (issuer, &algorithm), &entries).await?;
            let crl = CertificateList::from_der(&der).map_err(|error| error.to_string())?;
            let verdict = crl.verify(issuer.public_key(), subject.verifier);
            ensure(verdict.is_ok(), format!("{verdict:?}"))?;
        }
    }
    Ok(())
}

/// A frame that says something else than the heading, or names another issuer.
async fn other_frame(subject: &AuthorityUnderTest<'_>) -> Kept {
    let authority = subject.open();
    let signer = authority.crl_issuer().ok_or_else(|| Broken::skip("it signs no CRLs"))?;
    for (heading, issuer, algorithm) in issuers(subject)? {
        let other = CrlHeading { number: heading.number.saturating_add(1), ..heading.clone() };
        let frame = frame_crl(&other, issuer, &algorithm, 0)?;
        let hash = gost_ca::x509::crl::SignedPart::of(&algorithm);
        let digest = hash.ok_or_else(|| Broken::skip("its hash is not known"))?.finish();
        match signer.sign_crl(&heading, &frame, &digest).await {
            Err(error) => same("the error's kind", error.kind(), &ErrorKind::Invalid)?,
            Ok(_) => return Err("it signed another frame than the heading's".into()),
        }
    }
    Ok(())
}

async fn unknown_key(subject: &AuthorityUnderTest<'_>) -> Kept {
    let authority = subject.open();
    let signer = authority.crl_issuer().ok_or_else(|| Broken::skip("it signs no CRLs"))?;
    let Some((heading, issuer, algorithm)) = issuers(subject)?.into_iter().next() else {
        return Err("the fixture has no issuers".into());
    };
    let heading = CrlHeading { issuer: KeyIdentity::from_octets(fresh()), ..heading };
    match issue_crl(signer, &heading, (issuer, &algorithm), &[]).await {
        Err(error) => same("the error's kind", error.kind(), &ErrorKind::NotFound),
        Ok(_) => Err("it signed for a key that is not here".into()),
    }
}
