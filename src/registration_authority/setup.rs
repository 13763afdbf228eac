//! The administrator's part: registration points, profiles, authorities and their keys.

use super::job::{Job, Work, append};
use crate::command::Outcome;
use crate::commitment::DocumentKind;
use crate::entry::Entry;
use crate::error::Error;
use crate::fact::{AuthorityFact, RecordFact};
use crate::id::{AuthorityId, OfficeId};
use crate::lifecycle::{Act, Refusal};
use crate::profile::Profile;
use crate::provider::journal::{Change, Expected, StreamId};
use crate::view::{AuthorityView, Role, View};
use crate::x509::Certificate;

impl Job<'_> {
    pub(super) async fn open_office(
        &self,
        office: &OfficeId,
        title: &str,
    ) -> Result<Outcome, Error> {
        self.administrator_only()?;
        let record = self.ra.record().await?;
        self.expect(StreamId::Record, record.length())?;
        if record.offices().contains_key(office) {
            return Err(Refusal::Exists { kind: "office", name: office.clone() }.into());
        }
        let fact = RecordFact::OfficeOpened { office: office.clone(), title: title.to_owned() };
        self.finish(Work::of(self.record_change(record.length(), vec![fact])), Outcome::Done).await
    }

    pub(super) async fn adopt_profile(&self, profile: &Profile) -> Result<Outcome, Error> {
        self.administrator_only()?;
        profile.check().map_err(Refusal::Profile)?;
        let record = self.ra.record().await?;
        self.expect(StreamId::Record, record.length())?;
        let next = record.profile(&profile.id).map_or(1, |known| known.version.saturating_add(1));
        if profile.version != next {
            return Err(Refusal::Exists { kind: "profile", name: profile.id.clone() }.into());
        }
        let fact = RecordFact::ProfileAdopted { profile: Box::new(profile.clone()) };
        self.finish(Work::of(self.record_change(record.length(), vec![fact])), Outcome::Done).await
    }

    pub(super) async fn open_authority(&self, title: &str) -> Result<Outcome, Error> {
        self.administrator_only()?;
        let record = self.ra.record().await?;
        self.expect(StreamId::Record, record.length())?;
        let authority = AuthorityId::made_by(&self.envelope.id);
        let fact = RecordFact::AuthorityOpened { authority, title: title.to_owned() };
        let change = self.record_change(record.length(), vec![fact]);
        self.finish(Work::of(change), Outcome::AuthorityOpened { authority }).await
    }

    pub(super) async fn install_authority_key(
        &self,
        id: &AuthorityId,
        certificate: &[u8],
    ) -> Result<Outcome, Error> {
        self.administrator_only()?;
        let authority = self.ra.load_authority(id).await?;
        self.expect(StreamId::Authority(*id), authority.length())?;
        let certificate = Certificate::from_der(certificate)
            .map_err(|error| Refusal::Request(error.to_string()))?;
        let key = self.ra.providers.verifier.identify(certificate.public_key());
        let key = key.map_err(|error| Refusal::Request(error.to_string()))?;
        if authority.keys().iter().any(|known| known.key == key) {
            return Ok(Outcome::Done);
        }
        let document = self.seal(DocumentKind::Certificate, certificate.as_der().to_vec())?;
        let fact = AuthorityFact::KeyInstalled { key, certificate: *document.commitment() };
        let change = self.authority_change(id, authority.length(), fact);
        self.finish(Work::of(change).with_documents([document]), Outcome::Done).await
    }

    pub(super) fn administrator_only(&self) -> Result<(), Refusal> {
        match self.actor.role {
            Role::Administrator => self.check_desk_approval(),
            role => Err(Refusal::Role { act: Act::Administer, role }),
        }
    }

    /// A change of the record as a whole: it has no views.
    pub(super) fn record_change(&self, length: u64, facts: Vec<RecordFact>) -> Change {
        let entries = facts.into_iter().map(|fact| self.entry(fact).encode()).collect();
        Change {
            stream: StreamId::Record,
            expected: Expected::Exactly(length),
            entries,
            views: Vec::new(),
        }
    }

    /// A change of an authority by one fact.
    pub(super) fn authority_change(
        &self,
        id: &AuthorityId,
        length: u64,
        fact: AuthorityFact,
    ) -> Change {
        let entry: Entry<AuthorityFact> = self.entry(fact);
        let mut change =
            append(StreamId::Authority(*id), Expected::Exactly(length), entry.encode());
        change.views = vec![View::Authority(AuthorityView { authority: *id, due: None })];
        change
    }
}
