//! The kit over a folder, and what a folder alone promises.

use std::fs;

use async_trait::async_trait;
use gost_ca::provider::publisher::Source;
use gost_ca::provider::{CrlSink, ErrorKind, Publisher, Result};
use gost_ca_conformance::{block_on, crl_sink, publisher};
use gost_ca_files::{CrlFolder, PublicFolder};

#[test]
fn a_folder_keeps_the_promises() {
    let folder = tempfile::tempdir().unwrap();
    let open = || -> Box<dyn CrlSink> { Box::new(CrlFolder::open(folder.path()).unwrap()) };
    block_on(crl_sink("folder", &open)).assert_conformant(&[]);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "drafts are left");
}

#[test]
fn a_public_folder_keeps_the_promises() {
    let folder = tempfile::tempdir().unwrap();
    let open = || -> Box<dyn Publisher> { Box::new(PublicFolder::open(folder.path()).unwrap()) };
    let fetch = |name: &str| fs::read(folder.path().join(name)).ok();
    block_on(publisher("folder", &open, &fetch)).assert_conformant(&[]);
}

#[tokio::test]
async fn drafts_of_an_interrupted_process_are_swept_away() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(".draft-7"), "half").unwrap();
    fs::write(folder.path().join("whole"), "whole").unwrap();
    let sink = CrlFolder::open(folder.path()).unwrap();
    assert_eq!(sink.read("whole", 0, 99).await.unwrap(), b"whole");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

/// Gives its pieces, or breaks off.
#[derive(Debug)]
struct Pieces(Vec<Result<Vec<u8>>>);

#[async_trait]
impl Source for Pieces {
    async fn next(&mut self) -> Result<Vec<u8>> {
        if self.0.is_empty() { Ok(Vec::new()) } else { self.0.remove(0) }
    }
}

#[tokio::test]
async fn there_is_the_old_file_or_the_new_one() {
    let folder = tempfile::tempdir().unwrap();
    let public = PublicFolder::open(folder.path()).unwrap();
    let read = || fs::read(folder.path().join("ca.crl")).unwrap();
    let mut old = Pieces(vec![Ok(b"old".to_vec()), Ok(b" file".to_vec())]);
    public.publish("ca.crl", &mut old).await.unwrap();
    assert_eq!(read(), b"old file");
    let gone = ErrorKind::Unavailable.at("sink");
    let mut broken = Pieces(vec![Ok(b"new".to_vec()), Err(gone)]);
    public.publish("ca.crl", &mut broken).await.unwrap_err();
    assert_eq!(read(), b"old file");
    public.publish("ca.crl", &mut Pieces(vec![Ok(b"new".to_vec())])).await.unwrap();
    assert_eq!(read(), b"new");
    for bad in ["../up", "", ".hidden"] {
        let error = public.publish(bad, &mut Pieces(Vec::new())).await.unwrap_err();
        assert_eq!(*error.kind(), ErrorKind::Invalid);
    }
}
