//! What can be found, and how people are told.

use gost_ca::language::Language;
use serde::Serialize;

use super::report::{Part, Verdict};
use crate::status::Standing;

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Finding {
    /// The content is the one that was signed.
    ContentIntact,
    /// Another content was signed.
    ContentChanged,
    /// The content was not hashed by the signature's function.
    ContentNotHashed,
    /// The signature calls the content something else than the message.
    ContentOfOtherType,
    /// What was signed lies elsewhere, and is not at hand.
    ContentMissing,
    /// What must be signed is not under this signature.
    NotCovered,
    /// Several elements have the identifier of what was signed.
    IdAmbiguous,
    /// A reference, or what it does with its content, is of a kind that is not followed.
    ReferenceUnsupported,
    /// All attributes are there.
    AttributesComplete,
    /// Attributes cannot be read, or stand there twice.
    AttributesMalformed,
    /// What must be signed is not.
    AttributesMissing,
    /// The signature verifies.
    SignatureVerifies,
    /// The signature does not verify.
    SignatureForged,
    /// The signature or the key is not even well formed.
    SignatureMalformed,
    /// The algorithm is not known.
    AlgorithmUnsupported,
    /// The signer's certificate is named under the signature, and it is this one.
    CertificateNamed,
    /// The signature does not say by which certificate it is.
    CertificateNotNamed,
    /// The signature names another certificate.
    CertificateOther,
    /// The signer's certificate is not at hand.
    CertificateMissing,
    /// The certificate is for this.
    UsageAllows,
    /// The certificate is for something else.
    UsageForbids,
    /// Authorities that are trusted stand behind it.
    ChainValid,
    /// The way to an authority that is trusted is not at hand.
    ChainUnknown,
    /// Dates are over, and nothing proves that the signature is older.
    ChainEnded,
    /// Some certificate on the way is not valid.
    ChainInvalid,
    /// In force.
    StatusGood,
    /// Terminated.
    StatusRevoked,
    /// On hold.
    StatusOnHold,
    /// Not known.
    StatusUnknown,
    /// What is known is too old.
    StatusStale,
    /// Qualified.
    Qualified,
    /// Not qualified.
    NotQualified,
    /// It is of this signature.
    StampOfThis,
    /// It is of something else.
    StampOfOther,
    /// It cannot be read.
    StampMalformed,
    /// More stands one upon the other, or beside, than is looked at.
    TooMuch,
    /// Nobody signed.
    NobodySigned,
    /// The signature covers the whole document.
    DocumentWhole,
    /// Only evidence for checks was added later.
    DocumentEvidenceLater,
    /// Only signatures and evidence were added later.
    DocumentSignedLater,
    /// Signatures were added later, valid ones, that are seen on pages.
    DocumentStampedLater,
    /// Marks were put on pages later, and no valid signature stands for them.
    DocumentMarkedLater,
    /// Fields were filled in or annotations changed later: only the signed revision is what was signed.
    DocumentFilledLater,
    /// The document was changed later.
    DocumentChangedLater,
    /// Whoever certified the document forbade what was added.
    DocumentForbidden,
    /// A field was signed later that this signature locks.
    DocumentLocked,
    /// What is covered is not stated as it must be: from the first octet, with one gap.
    DocumentRange,
    /// What is left out is not the signature, or not the signature alone.
    DocumentGap,
    /// Octets follow the signature in its place.
    DocumentFilling,
    /// What is covered is no whole document.
    DocumentRevision,
    /// Several fields claim one name or one signature.
    DocumentShared,
    /// The kind of signature is not known.
    DocumentFormat,
    /// One signature of the document has several signers, or none.
    DocumentSigners,
}

use Verdict::{Indeterminate, Invalid, Valid};

impl Finding {
    /// All of them.
    pub const ALL: [Self; 53] = [
        Self::ContentIntact,
        Self::ContentChanged,
        Self::ContentNotHashed,
        Self::ContentOfOtherType,
        Self::ContentMissing,
        Self::NotCovered,
        Self::IdAmbiguous,
        Self::ReferenceUnsupported,
        Self::AttributesComplete,
        Self::AttributesMalformed,
        Self::AttributesMissing,
        Self::SignatureVerifies,
        Self::SignatureForged,
        Self::SignatureMalformed,
        Self::AlgorithmUnsupported,
        Self::CertificateNamed,
        Self::CertificateNotNamed,
        Self::CertificateOther,
        Self::CertificateMissing,
        Self::UsageAllows,
        Self::UsageForbids,
        Self::ChainValid,
        Self::ChainUnknown,
        Self::ChainEnded,
        Self::ChainInvalid,
        Self::StatusGood,
        Self::StatusRevoked,
        Self::StatusOnHold,
        Self::StatusUnknown,
        Self::StatusStale,
        Self::Qualified,
        Self::NotQualified,
        Self::StampOfThis,
        Self::StampOfOther,
        Self::StampMalformed,
        Self::TooMuch,
        Self::NobodySigned,
        Self::DocumentWhole,
        Self::DocumentEvidenceLater,
        Self::DocumentSignedLater,
        Self::DocumentStampedLater,
        Self::DocumentMarkedLater,
        Self::DocumentFilledLater,
        Self::DocumentChangedLater,
        Self::DocumentForbidden,
        Self::DocumentLocked,
        Self::DocumentRange,
        Self::DocumentGap,
        Self::DocumentFilling,
        Self::DocumentRevision,
        Self::DocumentShared,
        Self::DocumentFormat,
        Self::DocumentSigners,
    ];

    /// What it means for the signature.
    pub const fn verdict(self) -> Verdict {
        self.row().0
    }

    /// The finding for people.
    pub const fn text(self, language: Language) -> &'static str {
        let (_, russian, english) = self.row();
        match language {
            Language::Russian => russian,
            _ => english,
        }
    }

    pub(super) const fn of_standing(standing: &Standing) -> Self {
        match standing {
            Standing::Good => Self::StatusGood,
            Standing::Revoked { .. } => Self::StatusRevoked,
            Standing::OnHold { .. } => Self::StatusOnHold,
            Standing::Unknown => Self::StatusUnknown,
            Standing::Stale { .. } => Self::StatusStale,
        }
    }

    #[rustfmt::skip]
    #[expect(clippy::too_many_lines, reason = "a table")]
    const fn row(self) -> (Verdict, &'static str, &'static str) {
        match self {
            Self::ContentIntact => (Valid, "содержимое не изменено", "the content is what was signed"),
            Self::ContentChanged => (Invalid, "содержимое изменено", "the content is not what was signed"),
            Self::ContentNotHashed => (Indeterminate, "хеш содержимого не вычислен", "the content was not hashed by this function"),
            Self::ContentOfOtherType => (Invalid, "подписано содержимое другого типа", "a content of another type was signed"),
            Self::ContentMissing => (Indeterminate, "подписанного содержимого нет", "what was signed is not at hand"),
            Self::NotCovered => (Invalid, "подписано не то, что должно быть подписано", "what must be signed is not under this signature"),
            Self::IdAmbiguous => (Invalid, "идентификатор подписанного есть у нескольких элементов", "several elements have the identifier of what was signed"),
            Self::ReferenceUnsupported => (Indeterminate, "ссылки или преобразования такого вида не допускаются", "a reference or a transform of this kind is not followed"),
            Self::AttributesComplete => (Valid, "атрибуты на месте", "the attributes are complete"),
            Self::AttributesMalformed => (Invalid, "атрибуты не читаются", "the attributes are malformed"),
            Self::AttributesMissing => (Invalid, "нет обязательных атрибутов", "attributes are missing"),
            Self::SignatureVerifies => (Valid, "подпись верна", "the signature verifies"),
            Self::SignatureForged => (Invalid, "подпись не верна", "the signature does not verify"),
            Self::SignatureMalformed => (Invalid, "подпись или ключ не читаются", "the signature or the key is malformed"),
            Self::AlgorithmUnsupported => (Indeterminate, "алгоритм не поддерживается", "the algorithm is not supported"),
            Self::CertificateNamed => (Valid, "сертификат указан под подписью", "the certificate is named under the signature"),
            Self::CertificateNotNamed => (Valid, "сертификат под подписью не указан", "the certificate is not named under the signature"),
            Self::CertificateOther => (Invalid, "под подписью указан другой сертификат", "another certificate is named under the signature"),
            Self::CertificateMissing => (Indeterminate, "сертификата подписавшего нет", "the signer's certificate is not at hand"),
            Self::UsageAllows => (Valid, "сертификат для этого предназначен", "the certificate is for this"),
            Self::UsageForbids => (Invalid, "сертификат для этого не предназначен", "the certificate is not for this"),
            Self::ChainValid => (Valid, "цепочка сертификатов действительна", "the chain of certificates is valid"),
            Self::ChainUnknown => (Indeterminate, "цепочка не ведёт к доверенному центру", "no chain to a trusted authority is at hand"),
            Self::ChainEnded => (Indeterminate, "срок сертификата истёк, время подписи не доказано", "a certificate has ended, and nothing proves when it was signed"),
            Self::ChainInvalid => (Invalid, "цепочка сертификатов недействительна", "the chain of certificates is not valid"),
            Self::StatusGood => (Valid, "сертификат действовал", "the certificate was in force"),
            Self::StatusRevoked => (Invalid, "сертификат прекратил действие", "the certificate had been terminated"),
            Self::StatusOnHold => (Indeterminate, "действие сертификата приостановлено", "the certificate was on hold"),
            Self::StatusUnknown => (Indeterminate, "статус сертификата неизвестен", "the status of the certificate is not known"),
            Self::StatusStale => (Indeterminate, "сведения о статусе устарели", "what is known of the status is too old"),
            Self::Qualified => (Valid, "сертификат квалифицированный", "the certificate is qualified"),
            Self::NotQualified => (Invalid, "сертификат не квалифицированный", "the certificate is not qualified"),
            Self::StampOfThis => (Valid, "штамп времени этой подписи", "the time stamp is of this signature"),
            Self::StampOfOther => (Invalid, "штамп времени не этой подписи", "the time stamp is of something else"),
            Self::StampMalformed => (Invalid, "штамп времени не читается", "the time stamp is malformed"),
            Self::TooMuch => (Indeterminate, "вложено слишком много", "there is more than is looked at"),
            Self::NobodySigned => (Indeterminate, "подписей нет", "nobody signed"),
            Self::DocumentWhole => (Valid, "подпись охватывает весь документ", "the signature covers the whole document"),
            Self::DocumentEvidenceLater => (Valid, "позднее добавлены только сведения для проверки", "only evidence for checks was added later"),
            Self::DocumentSignedLater => (Valid, "позднее добавлены только подписи", "only signatures were added later"),
            Self::DocumentStampedLater => (Valid, "позднее добавлены действительные подписи с отметками на страницах", "valid signatures with marks on pages were added later"),
            Self::DocumentMarkedLater => (Indeterminate, "позднее на страницы поставлены отметки без действительной подписи", "marks without a valid signature were put on pages later"),
            Self::DocumentFilledLater => (Indeterminate, "позднее заполнены поля или изменены аннотации", "fields were filled in or annotations changed later"),
            Self::DocumentChangedLater => (Invalid, "документ позднее изменён", "the document was changed later"),
            Self::DocumentForbidden => (Invalid, "заверивший документ запретил такие изменения", "the certification forbids what was added"),
            Self::DocumentLocked => (Indeterminate, "позднее подписано поле, закрытое этой подписью", "a field that this signature locks was signed later"),
            Self::DocumentRange => (Invalid, "область подписи указана неверно", "the covered range is malformed"),
            Self::DocumentGap => (Invalid, "пропуск в области подписи – не сама подпись", "the gap in the covered range is not the signature itself"),
            Self::DocumentFilling => (Invalid, "за подписью на её месте следуют посторонние данные", "octets follow the signature in its place"),
            Self::DocumentRevision => (Invalid, "охваченная подписью часть – не целый документ", "what is covered is no whole document"),
            Self::DocumentShared => (Invalid, "на имя поля или на подпись претендуют несколько полей", "several fields claim one name or one signature"),
            Self::DocumentFormat => (Indeterminate, "вид подписи не поддерживается", "the kind of signature is not supported"),
            Self::DocumentSigners => (Invalid, "в подписи документа не один подписавший", "the signature of the document has not one signer"),
        }
    }
}

pub(super) const fn verdict_name(verdict: Verdict, language: Language) -> &'static str {
    match (language, verdict) {
        (Language::Russian, Valid) => "подпись действительна",
        (Language::Russian, Indeterminate) => "подпись проверить не удалось",
        (Language::Russian, Invalid) => "подпись недействительна",
        (_, Valid) => "valid",
        (_, Indeterminate) => "indeterminate",
        (_, Invalid) => "invalid",
    }
}

pub(super) const fn part_name(part: Part, language: Language) -> &'static str {
    let (russian, english) = match part {
        Part::Content => ("содержимое", "content"),
        Part::Attributes => ("атрибуты", "attributes"),
        Part::Signature => ("подпись", "signature"),
        Part::Certificate => ("сертификат", "certificate"),
        Part::Usage => ("назначение", "usage"),
        Part::Chain => ("цепочка", "chain"),
        Part::Status => ("статус", "status"),
        Part::Policy => ("политика", "policy"),
        Part::TimeStamp => ("штамп времени", "time stamp"),
        Part::Document => ("документ", "document"),
    };
    match language {
        Language::Russian => russian,
        _ => english,
    }
}
