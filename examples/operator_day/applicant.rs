//! One applicant: registered, certified, and whatever else the day brings.

use gost_ca::command::{Command, Means, Outcome, Register};
use gost_ca::fact::Notice;
use gost_ca::id::{CaseId, UserId};
use gost_ca::print::{Form, HandOver};
use gost_ca::reason::{Ground, GroundKind, Reason};
use gost_ca::registration::{
    ApplicationDocument, DayStep, Login, RegistrationData, RegistrationForm, SubjectKind,
};
use gost_ca::secret::Secret;
use gost_ca::view::Role;
use gost_ca::x509::Certificate;
use gost_ca::{Error, Timestamp};

use crate::Result;
use crate::office::{Office, office_of};
use crate::report::{Files, Line};
use crate::staff::Operator;

/// Serves one applicant; a refusal is a result of the day, not its end.
pub(crate) async fn serve(
    office: &Office,
    operator: &Operator,
    document: &ApplicationDocument,
) -> Result<Line> {
    let name = applicant_name(&document.form);
    let data = match document.form.check() {
        Ok(data) => data,
        Err(errors) => {
            return Ok(Line::refused(name, errors.iter().map(|error| error.to_string()).collect()));
        }
    };
    let mut desk = match Desk::register(office, operator, document, data).await? {
        Ok(desk) => desk,
        Err(refusal) => return Ok(Line::refused(name, vec![refusal])),
    };
    for step in &document.day {
        match desk.take(step).await.map_err(<dyn std::error::Error>::downcast::<Error>) {
            Ok(()) => {}
            Err(Ok(error)) if error.refusal().is_some() => desk.refusals.push(refused(&error)),
            Err(Ok(error)) => return Err(error),
            Err(Err(error)) => return Err(error),
        }
    }
    desk.line(name).await
}

/// What lies on the operator's desk while one applicant is there.
struct Desk<'a> {
    office: &'a Office,
    operator: &'a Operator,
    user: UserId,
    login: Login,
    kind: SubjectKind,
    case: Option<CaseId>,
    files: Files,
    refusals: Vec<String>,
}

impl<'a> Desk<'a> {
    /// Registers the applicant, who then signs in and changes the temporary password.
    async fn register(
        office: &'a Office,
        operator: &'a Operator,
        document: &ApplicationDocument,
        data: RegistrationData,
    ) -> Result<std::result::Result<Self, String>> {
        let (kind, login) = (data.subject.kind(), office.free_login(document, &data));
        let mut register = Register {
            role: Role::User,
            office: Some(office_of(document)?),
            login: login.clone(),
            data,
            person_known: false,
        };
        let mut done = office
            .ra
            .execute(&operator.session, &office.envelope(register_command(&register))?)
            .await;
        if matches!(&done, Err(error) if error.code() == "registration.person-known") {
            // the desk shows the person's other registration, and the operator confirms it (R1)
            register.person_known = true;
            done = office
                .ra
                .execute(&operator.session, &office.envelope(register_command(&register))?)
                .await;
        }
        let (user, temporary) = match done {
            Ok(Outcome::Registered { user, temporary_password: Some(password) }) => {
                (user, password)
            }
            Ok(other) => return Err(format!("a user was to be registered, not {other:?}").into()),
            Err(Error::Refused(refusal)) => {
                return Ok(Err(format!("{refusal} [{}]", refusal.code())));
            }
            Err(error) => return Err(error.into()),
        };
        let session = office.ra.sign_in_by_password(&login, &temporary).await?;
        let own = Secret::from("Own-password-1");
        office.ra.change_own_password(&session, office.command_id()?, (&temporary, &own)).await?;
        let files = Files::new(&office.out, login.as_str())?;
        Ok(Ok(Self {
            office,
            operator,
            user,
            login,
            kind,
            case: None,
            files,
            refusals: Vec::new(),
        }))
    }

    async fn take(&mut self, step: &DayStep) -> Result<()> {
        match step {
            DayStep::Issue => {
                let profile = profile_of(self.kind);
                let case =
                    self.office.create_request(&self.operator.session, self.user, profile).await?;
                self.issue(case).await
            }
            DayStep::Renew => {
                let case = self.case()?;
                let Outcome::RequestCreated { case } =
                    self.execute(Command::Renew { case }).await?
                else {
                    return Err("a successor was to be begun".into());
                };
                self.issue(case).await
            }
            DayStep::Suspend => {
                let (case, ground, until) =
                    (self.case()?, ground("Заявление о приостановлении"), None);
                self.execute(Command::Suspend { case, ground, until, on_end: None }).await.map(drop)
            }
            DayStep::Resume => {
                let (case, ground) = (self.case()?, ground("Заявление о возобновлении"));
                self.execute(Command::Resume { case, ground }).await.map(drop)
            }
            DayStep::Revoke => {
                let (case, ground) = (self.case()?, ground("Заявление о прекращении"));
                let (reason, invalidity) = (Reason::CessationOfOperation, None);
                self.execute(Command::Revoke {
                    case,
                    reason,
                    ground,
                    invalidity,
                    date: None,
                    notice: Notice::default(),
                })
                .await
                .map(drop)
            }
            DayStep::Delete => {
                let case = self.case()?;
                self.execute(Command::Hide { case }).await.map(drop)
            }
            DayStep::Edit(correction) => self.edit(correction).await,
            other => Err(format!("the day has no step {other:?}").into()),
        }
    }

    /// Key, request, certificate, container, files, paper: figures 9 to 16 of an operator's manual.
    async fn issue(&mut self, case: CaseId) -> Result<()> {
        let (office, session) = (self.office, &self.operator.session);
        self.files.begin_certificate();
        let place = &office.keys.users;
        let key = place.key(case.to_string()); // no name of a person goes into the record
        let command = Command::GenerateKey {
            case,
            store: place.store_name.clone(),
            key,
            algorithm: office.algorithm,
            temporary_pin: place.has_temporary_pins(), // its owner changes it before the first use (V8)
        };
        let (pin, rng) = (Secret::from("temporary-pin"), office.biological()?);
        let access = place.new_access(&pin);
        office
            .ra
            .execute_with(session, &office.envelope(command)?, Means::for_key(&access, &rng))
            .await?;
        let request = office.ra.request(session, &case).await?;
        let application = office.letterhead.print(&Form::Request(&request))?;
        self.execute(application.printed_for_case(case)).await?;
        office.submit(session, case).await?;
        self.execute(Command::Install { case }).await?;
        self.case = Some(case);

        let certificate = office.ra.certificate(session, &case).await?;
        let copy = office.letterhead.print(&Form::Copy(&certificate))?;
        self.execute(copy.printed_for_case(case)).await?;
        let chain = office.ra.issuers(session, &case).await?;
        self.files.write(&request, &certificate, &chain)?;
        self.files.print("application", &application.html)?;
        self.files.print("paper", &copy.html)?;
        self.hand_over(&pin, &certificate).await
    }

    /// V8: what the user takes away; the record and the folder keep a copy without the PIN.
    async fn hand_over(&self, pin: &Secret, certificate: &Certificate) -> Result<()> {
        let card = self.office.ra.user(&self.operator.session, &self.user).await?;
        let place = &self.office.keys.users;
        let sheet = self.office.letterhead.print_secret(&HandOver {
            record: &card.record,
            password: None, // changed at the first sign-in already
            password_until: None,
            pin: place.has_temporary_pins().then_some(pin),
            carrier: Some(&place.label),
            certificate: Some(certificate),
        })?;
        self.execute(sheet.redacted.printed_for_user(self.user)).await?;
        self.files.print("hand-over", &sheet.redacted.html)
    }

    async fn edit(&self, correction: &RegistrationForm) -> Result<()> {
        let card = self.office.ra.user(&self.operator.session, &self.user).await?;
        let mut form = RegistrationForm::from(&card.record.data);
        form.correct(correction);
        let data = Box::new(form.check()?);
        self.execute(Command::EditData { user: self.user, data }).await.map(drop)
    }

    async fn execute(&self, command: Command) -> Result<Outcome> {
        self.office.execute(&self.operator.session, command).await
    }

    fn case(&self) -> Result<CaseId> {
        self.case.ok_or_else(|| "the day begins with \"issue\"".into())
    }

    async fn line(self, name: String) -> Result<Line> {
        let status = match &self.case {
            Some(case) => Some(self.office.ra.case(&self.operator.session, case).await?),
            None => None,
        };
        Ok(Line::served(name, self.user, &self.login, self.kind, status.as_ref())
            .with(self.refusals))
    }
}

impl Office {
    /// A login that is not taken: as the document wishes, or made of the name.
    fn free_login(&self, document: &ApplicationDocument, data: &RegistrationData) -> Login {
        document.login(data, |login| Files::exist(&self.out, login.as_str()))
    }
}

/// A refusal, with its code.
fn refused(error: &Error) -> String {
    format!("{error} [{}]", error.code())
}

fn register_command(register: &Register) -> Command {
    Command::Register(Box::new(register.clone()))
}

fn ground(document: &str) -> Ground {
    let today = Timestamp::now().strftime("%d.%m.%Y");
    Ground { kind: GroundKind::OwnerApplication, document: format!("{document} от {today}") }
}

/// R9: natural persons at a commercial authority, heads of firms at the tax service's, systems elsewhere.
const fn profile_of(kind: SubjectKind) -> &'static str {
    match kind {
        SubjectKind::NaturalPerson => "commercial",
        SubjectKind::IndividualEntrepreneur | SubjectKind::LegalEntity => "tax-service",
        _ => "departmental",
    }
}

fn applicant_name(form: &RegistrationForm) -> String {
    use gost_ca::registration::Field;
    let parts = [Field::Surname, Field::GivenName, Field::Patronymic];
    let words: Vec<_> = parts.iter().filter_map(|&field| form.value(field)).collect();
    words.join(" ")
}
