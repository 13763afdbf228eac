//! The example's own way to services, over HTTP, to responders of ours on this machine.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

use gost_ca::x509::CertificateList;
use gost_ca_documents::cades::Stamping;
use gost_ca_documents::check::Level;
use gost_ca_documents::time_stamp::TimeStampClient;
use gost_ca_documents::{
    CheckRules, Checker, ContentDigests, HashFunction, Service, Signatory, SignedData, Signing,
    Transport, Verdict, oid,
};
use gost_ca_software::{GostVerifier, SystemRng};

use crate::services::{Desk, NOW, at};
use crate::support::{certificate, key, sample};

#[path = "../../examples/documents/http.rs"]
mod http;
#[path = "../../examples/documents/upgrade.rs"]
mod upgrade;

/// Serves a desk: `/ocsp` and `/tsa` answer, `/lost` has nothing, `/other` answers with something else. Gives the address.
pub(crate) fn serve() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let desk = Desk::new();
        for stream in listener.incoming() {
            let _ = runtime.block_on(answer(&desk, stream.unwrap())); // whoever asked is gone
        }
    });
    format!("http://{address}")
}

async fn answer(desk: &Desk, mut stream: TcpStream) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let (mut head, mut length) = (Vec::new(), 0);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let line = line.trim().to_lowercase();
        if line.is_empty() {
            break;
        }
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        head.push(line);
    }
    let mut request = vec![0; length];
    reader.read_exact(&mut request)?;
    let path = head[0].split_whitespace().nth(1).unwrap();
    let service = if path == "/tsa" { Service::TimeStamp } else { Service::Ocsp };
    let [sent, given] = service.media_types();
    assert!(head.contains(&format!("content-type: {sent}")), "{head:?}");
    assert!(head.contains(&format!("accept: {given}")), "{head:?}");
    let body = desk.ask(service, NOW, &request).await.unwrap();
    let (status, given) = match path {
        "/lost" => ("404 Not Found", given),
        "/other" => ("200 OK", "text/html"),
        _ => ("200 OK", given),
    };
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: {given}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    )?;
    stream.write_all(&body)
}

#[tokio::test]
async fn signatures_are_upgraded_over_http() {
    let address = serve();
    let (tsa, ocsp) = (format!("{address}/tsa"), format!("{address}/ocsp"));
    let (key, person) = (key("person"), certificate("person"));
    let signatory = Signatory::new(&key, &person).unwrap();
    let digests = ContentDigests::of(&mut &b"a contract"[..], &HashFunction::ALL).unwrap();
    let mut message = SignedData::new(oid::DATA);
    message.sign(&signatory, &Signing::default(), &digests).await.unwrap();
    let transport = http::Http::new();
    let client = TimeStampClient { transport: &transport, rng: &SystemRng };
    let (anchors, pool) = ([certificate("root")], [certificate("ca256")]);
    let crls = [CertificateList::from_der(&sample("root.crl")).unwrap()];
    let upgrade = upgrade::Upgrade {
        stamping: Stamping { client, url: &tsa, function: HashFunction::Streebog256 },
        verifier: &GostVerifier,
        anchors: &anchors,
        pool: &pool,
        crls: &crls,
        ocsp: Some(&ocsp),
        at: at(NOW),
    };
    let checker = Checker::new(&anchors, &GostVerifier, CheckRules::at(at("2031-01-01T00:00:00Z")));
    let mut stamped = message.clone();
    upgrade.stamp(&mut stamped).await.unwrap();
    let level = |report: &gost_ca_documents::Report| report.signers[0].level;
    assert_eq!(level(&checker.message(&stamped, &digests).await), Level::T);
    for mut message in [message, stamped] {
        upgrade.prolong(&mut message).await.unwrap();
        let report = checker.message(&message, &digests).await;
        assert_eq!(
            (report.verdict, level(&report)),
            (Verdict::Valid, Level::XLongType1),
            "{report:#?}"
        );
        assert_eq!(message.signers[0].unsigned.len(), 6);
    }
}

#[tokio::test]
async fn what_is_no_answer_is_said_so() {
    let (address, http) = (serve(), http::Http::new());
    for (path, why) in [("lost", "404"), ("other", "text/html")] {
        let error = http.ask(Service::Ocsp, &format!("{address}/{path}"), b"").await.unwrap_err();
        let source = std::error::Error::source(&error).unwrap().to_string();
        assert!(source.contains(why), "{source}");
    }
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    http.ask(Service::Ocsp, &format!("http://{nobody}"), b"").await.unwrap_err();
}
