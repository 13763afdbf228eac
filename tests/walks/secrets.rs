//! Nothing that was recorded, answered or told gives anybody away.

use gost_ca::audit::Linked;
use gost_ca::registration::{Field, RegistrationForm};

use crate::desk::Result;
use crate::world::World;

impl World {
    /// Whatever was recorded, answered or told holds no personal data and no secret.
    pub(crate) async fn check_secrets(&self) -> Result<()> {
        let mut texts: Vec<Vec<u8>> =
            self.told.iter().map(|told| told.as_bytes().to_vec()).collect();
        let trail = self.bench.journal().audit();
        for head in trail.heads().await? {
            let links = trail.chain(&head.writer, 0, usize::MAX).await?;
            texts.extend(links.into_iter().filter_map(|link| match link.linked {
                Linked::Entry { entry, .. } => entry.map(|entry| entry.0),
                _ => None,
            }));
        }
        for (_, envelope) in &self.done {
            let receipt = self.bench.journal().receipt(&envelope.id).await?;
            texts.extend(receipt.map(|receipt| receipt.outcome));
        }
        let text = texts.join(&b'\n');
        for word in self.words().await? {
            let found = text.windows(word.len()).position(|window| window == word);
            assert_eq!(found, None, "{} is told", String::from_utf8_lossy(&word));
        }
        Ok(())
    }

    async fn words(&self) -> Result<Vec<Vec<u8>>> {
        const PERSONAL: [Field; 7] = [
            Field::Surname,
            Field::GivenName,
            Field::Patronymic,
            Field::Snils,
            Field::Inn,
            Field::CertificateEmail,
            Field::DocumentIssuer,
        ];
        let mut words: Vec<Vec<u8>> =
            self.secrets.iter().map(|secret| secret.expose().to_vec()).collect();
        let desk = &self.bench.desk;
        for (user, _) in
            self.users.iter().zip(&self.model.people).filter(|(_, person)| !person.erased)
        {
            words.push(user.login.as_str().as_bytes().to_vec());
            let record = desk.ra.user(&desk.administrator, &user.id).await?.record;
            let form = RegistrationForm::from(&record.data);
            let values = PERSONAL.iter().filter_map(|field| form.value(*field));
            words.extend(values.map(|value| value.as_bytes().to_vec()));
        }
        words.sort();
        words.dedup();
        Ok(words)
    }
}
