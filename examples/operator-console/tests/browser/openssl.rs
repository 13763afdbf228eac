//! OpenSSL with the GOST engine as the judge.

use std::path::Path;
use std::process::Command;

/// The detached signature is one over the document, by somebody whom the office certified.
pub(crate) fn verify_signature(data: &Path, signature: &Path, document: &Path) {
    let folder = tempfile::tempdir().unwrap();
    let mut authorities = Vec::new();
    for name in ["root", "issuing"] {
        let der = data.join(format!("authority/{name}.cer"));
        let mut x509 = Command::new("openssl");
        let read = x509.args(["x509", "-inform", "DER", "-in"]).arg(der).output().unwrap();
        assert!(read.status.success());
        authorities.extend(read.stdout);
    }
    let file = folder.path().join("authorities.pem");
    std::fs::write(&file, authorities).unwrap();
    let output = Command::new("openssl")
        .args(["cms", "-verify", "-engine", "gost", "-inform", "DER", "-binary", "-cades"])
        .args(["-purpose", "any", "-CAfile"])
        .arg(file)
        .arg("-content")
        .arg(document)
        .arg("-in")
        .arg(signature)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// The certificate is one of the office's, as OpenSSL sees it.
pub(crate) fn verify_chain(data: &Path, certificate: &[u8]) {
    let folder = tempfile::tempdir().unwrap();
    let pem = |name: &str, der: &Path| {
        let out = folder.path().join(name);
        let made = Command::new("openssl")
            .args(["x509", "-inform", "DER", "-in"])
            .arg(der)
            .arg("-out")
            .arg(&out)
            .status()
            .unwrap();
        assert!(made.success());
        out
    };
    let issued = folder.path().join("issued.cer");
    std::fs::write(&issued, certificate).unwrap();
    let root = pem("root.pem", &data.join("authority/root.cer"));
    let issuing = pem("issuing.pem", &data.join("authority/issuing.cer"));
    let issued = pem("issued.pem", &issued);
    let output = Command::new("openssl")
        .args(["verify", "-engine", "gost", "-CAfile"])
        .arg(root)
        .arg("-untrusted")
        .arg(issuing)
        .arg(issued)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
