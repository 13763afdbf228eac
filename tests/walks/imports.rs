//! Certificates that were issued elsewhere.

use gost_ca::command::{Command, ImportedCertificate, Outcome};
use gost_ca::fact::ImportedStatus;
use gost_ca::profile::OnEnd;
use gost_ca::provider::CertificateAuthority as _;
use gost_ca::provider::authority::{Decision, Submission};
use gost_ca::reason::Reason;
use gost_ca::registration::IdentificationKind;
use gost_ca::request::RequestBuilder;
use gost_ca::x509::Certificate;
use jiff::SignedDuration;

use crate::bench::user_key;
use crate::desk::{self, Result};
use crate::model::{Life, Move, RULES, Request, Who, second};
use crate::world::World;

impl World {
    pub(crate) async fn import(&mut self, who: Who, person: usize, detail: u16) -> Result<()> {
        if self.model.people[person].archived {
            return Ok(());
        }
        self.keys += 1;
        let rules = 1 + usize::from(detail) % (RULES.len() - 1);
        let (certificate, number) = (self.elsewhere(person, rules).await?, self.keys);
        let now = self.now();
        let date = second(now) - SignedDuration::from_hours(30);
        let tomorrow = now + SignedDuration::from_hours(24);
        let (reason, invalidity) = (Reason::ALL[usize::from(detail / 5) % 6], None);
        let (status, moved, mut verdict) = match detail / 5 % 8 {
            0..4 => (ImportedStatus::Good, None, Ok(())),
            4 | 5 => {
                let held = Move::Held { until: None, on_end: OnEnd::Stay };
                (ImportedStatus::Suspended { since: date }, Some(held), Ok(()))
            }
            6 => {
                let ended = Move::Ended { date, reason, invalidity };
                (ImportedStatus::Revoked { date, reason, invalidity }, Some(ended), Ok(()))
            }
            _ => {
                let status = ImportedStatus::Suspended { since: tomorrow };
                (status, None, Err("request.not-accepted"))
            }
        };
        verdict = self.model.administers(who).and(verdict);
        let item = ImportedCertificate {
            user: self.users[person].id,
            certificate: certificate.as_der().to_vec(),
            status,
            partition: 0,
        };
        let command = Command::Import {
            authority: self.bench.desk.authority,
            profile: RULES[rules].name.parse()?,
            certificates: vec![item],
        };
        let envelope = self.bench.desk.envelope(command.clone());
        let Some(done) = self.run(who, envelope, verdict).await else { return Ok(()) };
        let Outcome::Imported { cases } = done else { panic!("{done:?}") };
        let case = self.cases.len();
        let draft = Life::draft((person, who), rules, 0, now);
        let validity = certificate.validity();
        let key = self.bench.desk.ra.providers().verifier.identify(certificate.public_key())?;
        self.model.keys.insert(key, case);
        // compromised elsewhere is compromised here
        let ended =
            matches!(&moved, Some(Move::Ended { reason, .. }) if *reason == Reason::KeyCompromise);
        if ended {
            self.model.blocked_keys.insert(key);
        }
        let mut life = Life {
            lineage: case,
            request: Request::Done,
            ends: None,
            key: Some(key),
            key_number: Some(number),
            term: Some((validity.not_before, validity.not_after)),
            ..draft
        };
        life.moves.extend(
            moved.map(|moved| (crate::model::lives::Moment { at: now, since: date }, moved)),
        );
        self.model.lives.push(life);
        self.cases.push(cases[0]);
        self.serials.push(None);
        self.check(case, 5).await?;
        // once is all
        let envelope = self.bench.desk.envelope(command);
        self.run(who, envelope, Err("conflict")).await;
        Ok(())
    }

    /// Signed by the authority's key, and unknown to the record.
    async fn elsewhere(&self, person: usize, rules: usize) -> Result<Certificate> {
        let (desk, user) = (&self.bench.desk, &self.users[person].id);
        let data = desk.ra.user(&desk.administrator, user).await?.record.data;
        let profile = crate::world::profile(&RULES[rules])?;
        let subject = data.subject_attributes();
        let signer = user_key(self.keys, &desk.rng);
        let builder = RequestBuilder::new(&subject)?.with_profile(&profile);
        let submission = Submission {
            id: desk::command_id(&desk.rng),
            case: gost_ca::id::CaseId::made_by(&desk::command_id(&desk.rng)),
            request: builder.sign(&*signer).await?,
            kind: data.subject.kind(),
            notice: None,
            identification: IdentificationKind::Personal,
            validity: profile.validity_from(self.now()),
            partition: 0,
            subject,
            profile,
        };
        let Decision::Prepared(prepared) = desk.local.submit(&submission).await? else {
            panic!("a local authority prepares")
        };
        Ok(desk.local.complete(&prepared).await?)
    }
}
