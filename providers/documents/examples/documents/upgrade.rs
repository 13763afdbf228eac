//! Signatures that can be checked later: CAdES-T, and X Long type 1.

use gost_ca::provider::Verifier;
use gost_ca::x509::{Certificate, CertificateList};
use gost_ca_documents::cades::{self, Material, Stamping};
use gost_ca_documents::ocsp::OcspClient;
use gost_ca_documents::path::{PathBuilder, PathRules};
use gost_ca_documents::time_stamp::TimeStampToken;
use gost_ca_documents::{HashFunction, SignedData, SignerInfo, Transport, oid};
use gost_ca_software::SystemRng;
use jiff::Timestamp;

use crate::Result;

/// What is known, and who is asked for the rest.
pub(crate) struct Upgrade<'a> {
    pub(crate) stamping: Stamping<'a>,
    pub(crate) verifier: &'a dyn Verifier,
    pub(crate) anchors: &'a [Certificate],
    pub(crate) pool: &'a [Certificate],
    pub(crate) crls: &'a [CertificateList],
    /// Asked about certificates of whose issuers there is no CRL.
    pub(crate) ocsp: Option<&'a str>,
    pub(crate) at: Timestamp,
}

impl Upgrade<'_> {
    /// Stamps all signatures: CAdES-T.
    pub(crate) async fn stamp(&self, message: &mut SignedData) -> Result<()> {
        for info in &mut message.signers {
            cades::stamp(info, &self.stamping).await?;
        }
        Ok(())
    }

    /// Adds to all signatures what their checks need: CAdES-X Long type 1.
    pub(crate) async fn prolong(&self, message: &mut SignedData) -> Result<()> {
        let pool = [self.pool, &message.certificates()].concat();
        for info in &mut message.signers {
            if info.unsigned_values(&oid::SIGNATURE_TIME_STAMP).next().is_none() {
                cades::stamp(info, &self.stamping).await?; // what is asked next must be newer
            }
            let material = self.material(info, &pool).await?;
            cades::prolong(info, &material, &self.stamping).await?;
        }
        Ok(())
    }

    /// The signer's way to an anchor; the status of all on it, and of those who stamped the signature.
    async fn material(&self, info: &SignerInfo, pool: &[Certificate]) -> Result<Material> {
        let mut material = Material { certificates: self.path(info, pool)?, ..Material::default() };
        let mut paths = vec![material.certificates.clone()];
        for value in info.unsigned_values(&oid::SIGNATURE_TIME_STAMP) {
            let token = TimeStampToken::from_der(value)?;
            let pool = [pool, &token.message().certificates()].concat();
            let signers = token.message().signers.iter();
            paths.extend(signers.map(|info| self.path(info, &pool)).collect::<Result<Vec<_>>>()?);
        }
        for pair in paths.iter().flat_map(|path| path.windows(2)) {
            let [certificate, issuer] = pair else { continue };
            let lists = self.crls.iter().filter(|list| list.issuer() == issuer.subject());
            let lists: Vec<_> = lists.cloned().collect();
            if lists.is_empty() {
                let url = self.ocsp.ok_or("the status is not at hand: --crl or --ocsp")?;
                material.ocsp.push(self.client().ask(url, certificate, issuer).await?);
            }
            material.crls.extend(lists);
        }
        material.crls.dedup();
        Ok(material)
    }

    fn path(&self, info: &SignerInfo, pool: &[Certificate]) -> Result<Vec<Certificate>> {
        let named = pool.iter().find(|one| info.signer().names(one));
        let signer = named.ok_or("a signer's certificate is not at hand: --chain")?;
        let builder = PathBuilder { anchors: self.anchors, pool, verifier: self.verifier };
        Ok(builder.find(signer, &PathRules::at(self.at))?.certificates)
    }

    fn client(&self) -> OcspClient<'_> {
        let transport: &dyn Transport = self.stamping.client.transport;
        OcspClient {
            transport,
            verifier: self.verifier,
            rng: &SystemRng,
            function: HashFunction::Sha1,
        }
    }
}
