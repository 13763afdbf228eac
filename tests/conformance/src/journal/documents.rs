//! Documents.

use gost_ca::commitment::{Commitment, Document, DocumentKind};
use gost_ca::provider::journal::Batch;

use super::samples::{append, batch, document, stream};
use super::{JournalUnderTest, promises};
use crate::broken::{Kept, ensure, same};
use crate::check::Check;
use crate::fresh::fresh;

promises! {
    "document": "Documents::get: kind, salt and octets as they were committed" => kept;
    "document-erased": "Documents::erase: erases a document, and the record stays whole" => erased;
    "erased-stays-erased": "Journal::commit: a repetition writes nothing, erased documents neither" => stays;
}

async fn kept(subject: &JournalUnderTest<'_>) -> Kept {
    let journal = subject.open();
    let large: Vec<u8> = (0..=250).cycle().take(1 << 20).collect();
    let kinds = [
        DocumentKind::Request,
        DocumentKind::Tbs,
        DocumentKind::Certificate,
        DocumentKind::Crl,
        DocumentKind::Password,
        DocumentKind::Pepper,
        DocumentKind::Paper,
    ];
    let sealed = kinds.map(|kind| Document::seal(kind, fresh(), format!("{kind:?}").into_bytes()));
    let mut documents = sealed.to_vec();
    documents.extend([document(b""), document(&[0, 0xff]), document(&large)]);
    journal.commit(&Batch { documents: documents.clone(), ..batch() }).await?;
    // One document may belong to two commands.
    journal.commit(&Batch { documents: documents.clone(), ..batch() }).await?;
    for document in documents {
        let found = journal.documents().get(document.commitment()).await?;
        ensure(found.as_ref() == Some(&document), format!("{document:?} gives {found:?}"))?;
    }
    let unknown = Commitment::from_octets(fresh());
    same("an unknown document", &journal.documents().get(&unknown).await?, &None)
}

async fn erased(subject: &JournalUnderTest<'_>) -> Kept {
    let (journal, stream) = (subject.open(), stream());
    let (gone, stays) = (document(b"gone"), document(b"stays"));
    let mut batch = append(stream, 0, b"0");
    batch.documents.extend([gone.clone(), stays.clone()]);
    journal.commit(&batch).await?;
    let heads = journal.audit().heads().await?;
    let documents = journal.documents();
    documents.erase(gone.commitment()).await?;
    documents.erase(gone.commitment()).await?;
    documents.erase(&Commitment::from_octets(fresh())).await?;
    same("the erased one", &documents.get(gone.commitment()).await?, &None)?;
    same("the other one", &documents.get(stays.commitment()).await?, &Some(stays))?;
    same("the length", &journal.load(&stream, 0).await?.length, &1)?;
    same("the heads", &journal.audit().heads().await?, &heads)?;
    let later = subject.open();
    same("after a restart", &later.documents().get(gone.commitment()).await?, &None)
}

async fn stays(subject: &JournalUnderTest<'_>) -> Kept {
    let (journal, document) = (subject.open(), document(b"gone"));
    let batch = Batch { documents: vec![document.clone()], ..batch() };
    journal.commit(&batch).await?;
    journal.documents().erase(document.commitment()).await?;
    journal.commit(&batch).await?;
    same("the erased one", &journal.documents().get(document.commitment()).await?, &None)
}
