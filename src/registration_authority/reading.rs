//! What front-ends show: lists, cards, the certificate itself, statuses.
//!
//! Operators see their office's, users their own; the search in the directory finds people, the record says
//! which version is current.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use super::claims::serial_key;
use super::session::Doing;
use super::{RegistrationAuthority, Session};
use crate::entry::Actor;
use crate::error::Error;
use crate::id::{CaseId, OfficeId, UserId};
use crate::lifecycle::status::{CertificateStatus, StatusAt};
use crate::lifecycle::{Account, AllowedAction, Authority, Case, Record, Refusal};
use crate::profile::Profile;
use crate::provider::journal::{AccountFilter, CaseFilter, Cursor, Page, Query};
use crate::provider::{UserFilter, UserRecord};
use crate::view::{AccountState, CaseState, CaseView, Role, View};
use crate::x509::{Certificate, CertificationRequest, PublicKey, SerialNumber};

/// A row of the list of users.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct UserRow {
    /// The account.
    pub account: crate::view::AccountView,
    /// What the documents say.
    pub record: UserRecord,
}

impl UserRow {
    /// Puts a row together.
    pub const fn new(account: crate::view::AccountView, record: UserRecord) -> Self {
        Self { account, record }
    }
}

/// All about one user.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct UserCard {
    /// The account.
    pub account: Account,
    /// The current registration data.
    pub record: UserRecord,
    /// Their cases, the newest first.
    pub cases: Vec<CaseView>,
    /// What may be done with the account.
    pub actions: Vec<AllowedAction>,
}

/// All about one case.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CaseCard {
    /// The case.
    pub case: Case,
    /// The profile it began with.
    pub profile: Profile,
    /// The certificate, once it exists.
    pub certificate: Option<Certificate>,
    /// What may be done with it.
    pub actions: Vec<AllowedAction>,
}

impl RegistrationAuthority {
    /// Finds users; the ones whose fitting version is not the current one are left out, so a page may be short.
    ///
    /// # Errors
    /// As the providers.
    pub async fn find_users(
        &self,
        session: &Session,
        filter: &UserFilter,
        page: &Page,
    ) -> Result<(Vec<UserRow>, Option<Cursor>), Error> {
        self.check_session(session, Doing::Other, self.now()).await?;
        let found = self.providers.directory.search(filter, page).await?;
        let users: Vec<UserId> = found.users.iter().map(|user| user.user).collect();
        let accounts = self.accounts_of(users).await?;
        let rows = found.users.into_iter().filter_map(|user| {
            let account = accounts.iter().find(|account| account.user == user.user)?;
            let current = account.registration == Some(user.version);
            let visible = sees(session.actor(), account.office.as_ref(), &account.user);
            (current && visible).then(|| UserRow { account: account.clone(), record: user.record })
        });
        Ok((rows.collect(), found.next))
    }

    async fn accounts_of(
        &self,
        users: Vec<UserId>,
    ) -> Result<Vec<crate::view::AccountView>, Error> {
        let page = Page::first(users.len());
        let found = self.providers.journal.find(&Query::AccountsOf(users), &page).await?;
        let account = |view| match view {
            View::Account(view) => Some(view),
            _ => None,
        };
        Ok(found.views.into_iter().filter_map(account).collect())
    }

    /// Lists the accounts that the session may see, the newest first.
    ///
    /// # Errors
    /// As the providers.
    pub async fn list_accounts(
        &self,
        session: &Session,
        mut filter: AccountFilter,
        page: &Page,
    ) -> Result<(Vec<crate::view::AccountView>, Option<Cursor>), Error> {
        self.check_session(session, Doing::Other, self.now()).await?;
        filter.offices = scope(session.actor(), filter.offices)?;
        let found = self.providers.journal.find(&Query::Accounts(filter), page).await?;
        let account = |view| match view {
            View::Account(view) => Some(view),
            _ => None,
        };
        Ok((found.views.into_iter().filter_map(account).collect(), found.next))
    }

    /// Lists the cases that the session may see, the newest first.
    ///
    /// # Errors
    /// As the providers.
    pub async fn list_cases(
        &self,
        session: &Session,
        mut filter: CaseFilter,
        page: &Page,
    ) -> Result<(Vec<CaseView>, Option<Cursor>), Error> {
        self.check_session(session, Doing::Other, self.now()).await?;
        let own = session.actor().user.filter(|_| session.actor().role == Role::User);
        let query = if let Some(user) = own {
            Query::CasesOf(vec![user])
        } else {
            filter.offices = scope(session.actor(), filter.offices)?;
            Query::Cases(filter)
        };
        let found = self.providers.journal.find(&query, page).await?;
        Ok((found.views.into_iter().filter_map(case_view).collect(), found.next))
    }

    /// All about one user.
    ///
    /// # Errors
    /// [`Refusal::Scope`] for another office's.
    pub async fn user(&self, session: &Session, user: &UserId) -> Result<UserCard, Error> {
        self.check_session(session, Doing::Other, self.now()).await?;
        let account = self.load_account(user).await?;
        if !sees(session.actor(), account.office(), user) {
            return Err(Refusal::Scope.into());
        }
        if account.draft().is_some() {
            return Err(Refusal::Owner(account.state().name()).into());
        }
        let record = self.user_record(user, account.registration()).await?;
        let page = Page::first(CASES_OF_ONE);
        let cases = self.providers.journal.find(&Query::CasesOf(vec![*user]), &page).await?;
        let cases: Vec<_> = cases.views.into_iter().filter_map(case_view).collect();
        let around = self.circumstances(&account, self.now()).await?;
        let around = super::accounts::with_cases(around, &cases, self.now());
        let actions = account.allowed_actions(session.actor(), &around);
        Ok(UserCard { account, record, cases, actions })
    }

    /// The current registration data of many users, for lists; none of those whom the session may not see, or
    /// who have none.
    ///
    /// # Errors
    /// As the providers.
    pub async fn records(
        &self,
        session: &Session,
        users: &[UserId],
    ) -> Result<Vec<Option<UserRecord>>, Error> {
        self.check_session(session, Doing::Other, self.now()).await?;
        let mut versions = BTreeMap::new();
        for some in users.chunks(RECORDS_AT_ONCE) {
            let accounts = self.accounts_of(some.to_vec()).await?.into_iter();
            let seen = accounts.filter(|account| {
                let has_data = account.state != AccountState::Erased;
                has_data && sees(session.actor(), account.office.as_ref(), &account.user)
            });
            versions.extend(seen.filter_map(|account| Some((account.user, account.registration?))));
        }
        let mut records = Vec::with_capacity(users.len());
        for user in users {
            records.push(match versions.get(user) {
                Some(version) => Some(self.user_record(user, version).await?),
                None => None,
            });
        }
        Ok(records)
    }

    /// All about one case.
    ///
    /// # Errors
    /// [`Refusal::Scope`] for another office's.
    pub async fn case(&self, session: &Session, case: &CaseId) -> Result<CaseCard, Error> {
        let case = self.visible_case(session, case).await?;
        let profile = self.profile_of(&case).await?;
        let issued = case.issued().is_some() && case.state() != CaseState::Erased;
        let certificate = if issued { Some(self.certificate_of(&case).await?) } else { None };
        let actions = case.allowed_actions(session.actor(), &profile, self.now());
        Ok(CaseCard { case, profile, certificate, actions })
    }

    /// V12: the exact certificate that was issued.
    ///
    /// # Errors
    /// [`Refusal::Scope`] for another office's, [`Refusal::NotFound`] before issuing.
    pub async fn certificate(
        &self,
        session: &Session,
        case: &CaseId,
    ) -> Result<Certificate, Error> {
        let case = self.visible_case(session, case).await?;
        self.certificate_of(&case).await
    }

    /// The exact request that was built.
    ///
    /// # Errors
    /// [`Refusal::Scope`] for another office's, [`Refusal::NotFound`] before it is built.
    pub async fn request(
        &self,
        session: &Session,
        case: &CaseId,
    ) -> Result<CertificationRequest, Error> {
        let case = self.visible_case(session, case).await?;
        self.request_of(&case).await
    }

    /// The certificates from the one that issued a case's upwards, as far as the record knows them.
    ///
    /// # Errors
    /// As [`certificate`](Self::certificate).
    pub async fn issuers(
        &self,
        session: &Session,
        case: &CaseId,
    ) -> Result<Vec<Certificate>, Error> {
        let case = self.visible_case(session, case).await?;
        let issuer = case.issued().ok_or(Refusal::NotFound("certificate"))?.issuer;
        let authority = self.load_authority(&case.begun().authority).await?;
        let mut issuers = Vec::new();
        for key in authority.keys().iter().filter(|key| key.key == issuer) {
            issuers.push(self.issuer_certificate(key).await?);
        }
        Ok(issuers)
    }

    /// The record as a whole: offices, profiles, authorities, who is what.
    ///
    /// # Errors
    /// As the providers.
    pub async fn overview(&self, session: &Session) -> Result<Arc<Record>, Error> {
        self.check_session(session, Doing::Other, self.now()).await?;
        self.record().await
    }

    /// One authority: its keys and its lists of CRLs.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] for an unknown authority.
    pub async fn authority_state(
        &self,
        session: &Session,
        id: &crate::id::AuthorityId,
    ) -> Result<Authority, Error> {
        self.check_session(session, Doing::Other, self.now()).await?;
        self.load_authority(id).await
    }

    /// The newest CRL of each key of an authority, DER.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] for an unknown authority.
    pub async fn crls(&self, authority: &crate::id::AuthorityId) -> Result<Vec<Vec<u8>>, Error> {
        let mut crls = Vec::new();
        let state = self.load_authority(authority).await?;
        for part in state.lists() {
            if let Some(newest) = &state.line(&part).full {
                crls.push(self.whole_crl(newest).await?);
            }
        }
        Ok(crls)
    }

    /// Every CRL that was made by an authority's keys, the oldest first, and where each went and when.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] for an unknown authority.
    pub async fn crl_history(
        &self,
        authority: &crate::id::AuthorityId,
    ) -> Result<Vec<crate::lifecycle::crl::PastCrl>, Error> {
        self.load_authority(authority).await?;
        Ok(crate::lifecycle::crl::history(&self.authority_entries(authority, 0).await?))
    }

    /// How far the CRLs of each of an authority's lists are.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] for an unknown authority.
    pub async fn crl_lines(
        &self,
        authority: &crate::id::AuthorityId,
    ) -> Result<Vec<crate::lifecycle::CrlLine>, Error> {
        let state = self.load_authority(authority).await?;
        Ok(state.lists().iter().map(|part| state.line(part)).collect())
    }

    /// The newest delta CRL of a list, where there is one after its newest complete CRL.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] for an unknown authority; the sink's.
    pub async fn delta_crl(
        &self,
        authority: &crate::id::AuthorityId,
        part: &crate::provider::journal::ListPart,
    ) -> Result<Option<Vec<u8>>, Error> {
        match &self.load_authority(authority).await?.line(part).delta {
            Some(delta) => self.whole_crl(delta).await.map(Some),
            None => Ok(None),
        }
    }

    /// What the certificate's status was at a time, as known at a time.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] for an unknown case.
    pub async fn status_at(&self, case: &CaseId, at: StatusAt) -> Result<CertificateStatus, Error> {
        let entries = self.case_entries(case).await?;
        if entries.is_empty() {
            return Err(Refusal::NotFound("case").into());
        }
        Ok(at.answer(&entries))
    }

    /// What the status was of the certificate with that number of an issuer's key; none where it is not of this
    /// record.
    ///
    /// # Errors
    /// The journal's.
    pub async fn status_of(
        &self,
        issuer: &PublicKey,
        serial: &SerialNumber,
        at: StatusAt,
    ) -> Result<Option<CertificateStatus>, Error> {
        let Ok(issuer) = self.providers.verifier.identify(issuer) else {
            return Ok(None); // no key that issues here
        };
        let key = serial_key(&issuer, serial);
        match self.providers.journal.holder(&key, self.now()).await? {
            Some(holder) => self.status_at(&CaseId::new(holder.0), at).await.map(Some),
            None => Ok(None),
        }
    }

    /// The status now.
    ///
    /// # Errors
    /// As [`status_at`](Self::status_at).
    pub async fn status(&self, case: &CaseId) -> Result<CertificateStatus, Error> {
        let now: Timestamp = self.now();
        self.status_at(case, StatusAt::time(now)).await
    }

    pub(super) async fn visible_case(&self, session: &Session, id: &CaseId) -> Result<Case, Error> {
        self.check_session(session, Doing::Other, self.now()).await?;
        let case = self.load_case(id).await?;
        let visible = sees(session.actor(), case.begun().office.as_ref(), &case.begun().user);
        if visible { Ok(case) } else { Err(Refusal::Scope.into()) }
    }
}

fn case_view(view: View) -> Option<CaseView> {
    match view {
        View::Case(view) => Some(view),
        _ => None,
    }
}

/// U14: operators see their office's, users their own.
pub(super) fn sees(actor: &Actor, office: Option<&OfficeId>, owner: &UserId) -> bool {
    match actor.role {
        Role::Administrator | Role::Auditor | Role::System => true,
        Role::Operator => actor.is(owner) || (office.is_some() && actor.office.as_ref() == office),
        Role::User => actor.is(owner),
    }
}

/// The offices that a list may show.
pub(super) fn scope(actor: &Actor, asked: Vec<OfficeId>) -> Result<Vec<OfficeId>, Error> {
    match (actor.role, &actor.office) {
        (Role::Administrator | Role::Auditor | Role::System, _) => Ok(asked),
        (Role::Operator, Some(own)) if asked.is_empty() || asked == [own.clone()] => {
            Ok(vec![own.clone()])
        }
        _ => Err(Refusal::Scope.into()),
    }
}

/// Accounts that one question is about.
const RECORDS_AT_ONCE: usize = 250;
/// Cases of one user that a card shows.
const CASES_OF_ONE: usize = 1_000;
