//! What is archived comes back, and other people's tools read it.

use std::io::{Cursor, Read as _};
use std::process::Command;

use gost_ca::desk::dossier::{Dossier, DossierFile};
use gost_ca_dossier::to_zip;
use proptest::prelude::*;
use zip::ZipArchive;

fn dossier(files: Vec<DossierFile>) -> Dossier {
    Dossier::new("petrova-01", "2026-03-02T09:00:01Z".parse().unwrap(), files)
}

proptest! {
    #[test]
    fn every_file_comes_back(contents in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..2000), 0..6)) {
        let name = |number: usize| format!("papers/{number:02}-form.html");
        let files = contents.iter().enumerate();
        let files = files.map(|(number, octets)| DossierFile::new(name(number), octets.clone()));
        let made = dossier(files.collect());
        let zip = to_zip(&made).unwrap();
        prop_assert_eq!(&zip, &to_zip(&made).unwrap(), "the same dossier, the same octets");
        let mut archive = ZipArchive::new(Cursor::new(zip)).unwrap();
        prop_assert_eq!(archive.len(), contents.len());
        for (number, right) in contents.iter().enumerate() {
            let mut octets = Vec::new();
            archive.by_name(&name(number)).unwrap().read_to_end(&mut octets).unwrap();
            prop_assert_eq!(&octets, right);
        }
    }
}

#[test]
fn two_files_of_one_name_are_refused() {
    let twice = vec![DossierFile::new("a", *b"1"), DossierFile::new("a", *b"2")];
    assert!(to_zip(&dossier(twice)).is_err());
}

#[test]
#[ignore = "needs Python"]
fn python_reads_the_archive() {
    let file = std::env::temp_dir().join(format!("dossier-{}.zip", std::process::id()));
    let made = dossier(vec![DossierFile::new("case.jsonl", *b"{}\n")]);
    std::fs::write(&file, to_zip(&made).unwrap()).unwrap();
    let list = Command::new("python3").args(["-m", "zipfile", "-l"]).arg(&file).output().unwrap();
    let test = Command::new("python3").args(["-m", "zipfile", "-t"]).arg(&file).output().unwrap();
    std::fs::remove_file(&file).unwrap();
    let list = String::from_utf8(list.stdout).unwrap();
    assert!(list.contains("case.jsonl") && list.contains("2026-03-02 09:00:0"), "{list}");
    assert!(test.status.success());
}
