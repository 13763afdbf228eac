//! What application documents say about a subject, checked where it enters.
//!
//! A value of these types is correct by construction: the only way in is a check that names what is
//! wrong as a [`Fault`]. `try_from` takes the canonical form alone, `from_typed` also what people
//! paste. `Debug` shows no personal data.

mod applications;
mod attribute;
mod checked;
mod country;
mod data;
mod day;
mod digits;
mod email;
mod fault;
mod form;
mod identification;
mod identity_document;
mod inn;
mod login;
mod ogrn;
mod password;
mod person_key;
mod person_name;
mod phone;
mod region;
mod search;
mod snils;
mod subject;
mod text;

pub use applications::{ApplicationDocument, ApplicationsError, DayStep, parse_applications};
pub use attribute::{AttributeRule, Presence, StringType, SubjectAttribute};
pub use country::CountryCode;
pub use data::{Application, Contacts, Particulars, Proxy, RegistrationData};
pub use day::Day;
pub use email::Email;
pub use fault::Fault;
pub use form::{Field, FieldError, FormErrors, RegistrationForm, Section, form_schema};
pub use identification::{Identification, IdentificationKind};
pub use identity_document::{DivisionCode, DocumentKind, IdentityDocument};
pub use inn::{InnLegal, InnPerson};
pub use login::Login;
pub use ogrn::{Ogrn, Ogrnip};
pub use password::{PasswordPolicy, TemporaryPasswordError, temporary_password};
pub use person_key::{Kinship, PersonKey};
pub use person_name::{NamePart, PersonName};
pub use phone::Phone;
pub use region::Region;
pub use search::{SearchQuery, hex_digits, search_index, search_words};
pub use snils::Snils;
pub use subject::{
    AuthorityDocument, Organization, Person, PersonAddress, Representative, Subject, SubjectKind,
};
pub use text::Text;
