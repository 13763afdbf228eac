//! `kill -9` in the middle of publications: whoever fetches the file finds a whole one.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use async_trait::async_trait;
use gost_ca::provider::publisher::Source;
use gost_ca::provider::{Publisher, Result};
use gost_ca_files::PublicFolder;

/// Where the child publishes; absent in the parent.
const FOLDER: &str = "GOST_CA_PUBLIC_FOLDER";
const NAME: &str = "ca.crl";
/// Pieces of a file, and their size: it takes a while to write it.
const PIECES: usize = 64;
const PIECE: usize = 64 * 1024;

#[test]
fn a_killed_publication_leaves_a_whole_file() {
    let folder = tempfile::tempdir().unwrap();
    let points: u64 =
        std::env::var("KILL_POINTS").ok().and_then(|text| text.parse().ok()).unwrap_or(10);
    for point in 0..points {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "child", "--ignored", "--nocapture"])
            .env(FOLDER, folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // the first file is there, and others come one after the other
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        assert!(lines.any(|line| line.is_ok_and(|line| line == "published")));
        for _ in 0..20 {
            assert_whole(folder.path());
        }
        std::thread::sleep(Duration::from_micros(point * 1_733 % 20_000));
        child.kill().unwrap();
        child.wait().unwrap();
        assert_whole(folder.path());
    }
}

fn assert_whole(folder: &Path) {
    let octets = fs::read(folder.join(NAME)).unwrap();
    assert_eq!(octets.len(), PIECES * PIECE);
    assert!(octets.iter().all(|octet| *octet == octets[0]), "half of one, half of another");
}

/// A long file of one octet.
#[derive(Debug)]
struct Long(u8, usize);

#[async_trait]
impl Source for Long {
    async fn next(&mut self) -> Result<Vec<u8>> {
        let Some(left) = self.1.checked_sub(1) else { return Ok(Vec::new()) };
        self.1 = left;
        Ok(vec![self.0; PIECE])
    }
}

/// Not a test: what the child process runs.
#[tokio::test]
#[ignore = "run by the other test, in a process of its own"]
async fn child() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let public = PublicFolder::open(folder).unwrap();
    for octet in (1..=u8::MAX).cycle() {
        public.publish(NAME, &mut Long(octet, PIECES)).await.unwrap();
        println!("published");
    }
}
