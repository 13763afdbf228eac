//! What every delivery of notices promises.

use gost_ca::Timestamp;
use gost_ca::id::NoticeId;
use gost_ca::provider::{Notice, Notifier};
use gost_ca::registration::Email;

use crate::broken::{Broken, Kept, ensure, same};
use crate::check::{Check, run};
use crate::drive::together;
use crate::fresh::fresh;
use crate::report::Report;

/// The delivery under test, and what came of it.
pub struct NotifierUnderTest<'a> {
    open: &'a dyn Fn() -> Box<dyn Notifier>,
    delivered: &'a dyn Fn() -> Vec<Delivered>,
}

/// A notice as it was handed over, read by somebody else than the notifier.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "whoever tests a notifier makes them")]
pub struct Delivered {
    /// The id that came along.
    pub id: NoticeId,
    /// The address.
    pub to: String,
    /// The subject, decoded.
    pub subject: String,
    /// The text, decoded.
    pub text: String,
}

impl core::fmt::Debug for NotifierUnderTest<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("NotifierUnderTest(..)")
    }
}

/// Checks a notifier: `open` starts it again, `delivered` reads all that was ever handed over.
///
/// What the checks send goes to addresses under `example.org`, and is not taken back.
pub async fn notifier(
    name: &str,
    open: &dyn Fn() -> Box<dyn Notifier>,
    delivered: &dyn Fn() -> Vec<Delivered>,
) -> Report {
    run(name, &NotifierUnderTest { open, delivered }, &notifier_checks()).await
}

/// The promises of a notifier.
pub fn notifier_checks<'a>() -> Vec<Check<NotifierUnderTest<'a>>> {
    macro_rules! promises {
        ($($id:literal: $why:literal => $body:path;)+) => {
            vec![$(Check {
                id: concat!("notifier/", $id),
                why: $why,
                run: |subject| Box::pin(async move { $body(subject).await.into() }),
            }),+]
        };
    }
    promises! {
        "handed-over": "Notifier::notify: hands a notice over, to its address, with its id" => handed_over;
        "words-whole": "Notice::subject, text: whatever letters and lines they have" => words_whole;
        "id-kept": "Notice::id: the same however often it is tried" => id_kept;
        "notices-apart": "Notice::id: of two notices with the same words, both are delivered" => apart;
        "side-by-side": "Notifier: many at the same time, each handed over" => side_by_side;
        "survives-reopen": "Notifier::notify: what is handed over survives a crash" => survives;
    }
}

type Subject<'a> = NotifierUnderTest<'a>;

impl Subject<'_> {
    /// The copies of a notice that were handed over.
    fn copies(&self, notice: &Notice) -> Vec<Delivered> {
        let mut copies = (self.delivered)();
        copies.retain(|copy| copy.id == notice.id);
        copies
    }

    /// There is a copy, and each says what the notice says.
    fn ensure_delivered(&self, notice: &Notice) -> Kept {
        let copies = self.copies(notice);
        ensure(!copies.is_empty(), "what was handed over is not there")?;
        for copy in copies {
            same("the address", &copy.to.as_str(), &notice.to.as_str())?;
            same("the subject", &copy.subject, &notice.subject)?;
            same("the text", &lines(&copy.text), &lines(&notice.text))?;
        }
        Ok(())
    }
}

async fn handed_over(subject: &Subject<'_>) -> Kept {
    let notice = notice("Certificate issued", "Your certificate was issued.\n")?;
    (subject.open)().notify(&notice).await?;
    subject.ensure_delivered(&notice)
}

async fn words_whole(subject: &Subject<'_>) -> Kept {
    let notifier = (subject.open)();
    let long = "Сертификат № 01 действует до 02.03.2027. ".repeat(60);
    for (title, text) in [
        (
            "Сертификат ключа проверки электронной подписи: срок действия подходит к концу, №  ёЁ «»",
            &*long,
        ),
        ("a=b =?UTF-8?B?0YU=?= ? _", ".\n..\n.a\n\nFrom here on\n=3D = % \t x\n"),
        ("№", "1 000 ₽ — 日本語 🔑\n\n\n"),
        ("x", ""),
    ] {
        let notice = notice(title, text)?;
        notifier.notify(&notice).await?;
        subject.ensure_delivered(&notice)?;
    }
    Ok(())
}

async fn id_kept(subject: &Subject<'_>) -> Kept {
    let (notifier, notice) = ((subject.open)(), notice("Again", "and again\n")?);
    let before = (subject.delivered)().len();
    notifier.notify(&notice).await?;
    notifier.notify(&notice).await?;
    let (after, copies) = ((subject.delivered)().len(), subject.copies(&notice).len());
    subject.ensure_delivered(&notice)?;
    same("the number of copies with the id", &copies, &after.saturating_sub(before))
}

async fn apart(subject: &Subject<'_>) -> Kept {
    let notifier = (subject.open)();
    let (one, two) = (notice("Same", "words\n")?, notice("Same", "words\n")?);
    notifier.notify(&one).await?;
    notifier.notify(&two).await?;
    subject.ensure_delivered(&one)?;
    subject.ensure_delivered(&two)
}

async fn side_by_side(subject: &Subject<'_>) -> Kept {
    let notifier = (subject.open)();
    let notices = (0..20).map(|n| notice(&format!("№ {n}"), &format!("{n}\n")));
    let notices = notices.collect::<Result<Vec<_>, _>>()?;
    for handed in together(notices.iter().map(|notice| notifier.notify(notice))).await {
        handed?;
    }
    notices.iter().try_for_each(|notice| subject.ensure_delivered(notice))
}

async fn survives(subject: &Subject<'_>) -> Kept {
    let (notifier, notice) = ((subject.open)(), notice("Kept", "for ever\n")?);
    notifier.notify(&notice).await?;
    drop(notifier);
    let _again = (subject.open)();
    subject.ensure_delivered(&notice)
}

fn notice(subject: &str, text: &str) -> Result<Notice, Broken> {
    let id = NoticeId::new(fresh());
    let to = Email::try_from(format!("kit-{id}@example.org"));
    let to = to.map_err(|_| "the kit's own address")?;
    Ok(Notice::new(id, to, (subject.to_owned(), text.to_owned()), Timestamp::UNIX_EPOCH))
}

/// Mail ends each line, the last one too, with CR LF.
fn lines(text: &str) -> String {
    text.replace("\r\n", "\n").trim_end_matches('\n').to_owned()
}
