//! Tools of others as judges: xmllint and Python for canonical forms, xmlsec1 and OpenSSL for signatures.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;

use async_trait::async_trait;
use base64ct::{Base64, Encoding};
use gost_ca::provider::key_store::Message;
use gost_ca::provider::verifier::FirstThatKnows;
use gost_ca::provider::{Result, Signer, Verifier};
use gost_ca::x509::{Certificate, PemLabel, PublicKey, to_pem};
use gost_ca_documents::xml::{
    CanonicalForm, Canonicalization, Coverage, Locator, XmlDocument, XmlLimits, XmlRules,
    XmlSigning,
};
use gost_ca_documents::{CheckRules, Checker, Signatory, Verdict};
use gost_ca_ecdsa_rsa::EcdsaRsaVerifier;
use gost_ca_software::GostVerifier;
use spki::AlgorithmIdentifierOwned;

use crate::canonical::{canonical, document};
use crate::random::Random;
use crate::signing::{OWNERS, beside, sign};
use crate::stamps::stamp;
use crate::support::{certificate, openssl};

fn run(folder: &Path, program: &str, arguments: &str) -> Output {
    let arguments = arguments.split_whitespace();
    Command::new(program).args(arguments).current_dir(folder).output().unwrap()
}

/// The canonical form of a file by xmllint, where it takes the file.
fn xmllint(folder: &Path, option: &str, file: &str) -> Option<String> {
    let output = run(folder, "xmllint", &format!("--nonet {option} {file}"));
    output.status.success().then(|| String::from_utf8(output.stdout).unwrap())
}

const OPTIONS: [(CanonicalForm, &str); 3] = [
    (CanonicalForm::Inclusive, "--c14n"),
    (CanonicalForm::Inclusive11, "--c14n11"),
    (CanonicalForm::Exclusive, "--exc-c14n"),
];

#[test]
#[ignore = "needs xmllint"]
fn xmllint_has_the_same_canonical_forms() {
    let folder = tempfile::tempdir().unwrap();
    let mut random = Random::new(2);
    for _ in 0..150 {
        let text = random.document();
        fs::write(folder.path().join("document.xml"), &text).unwrap();
        for (form, option) in OPTIONS {
            let method = Canonicalization::new(form).with_comments();
            let theirs = xmllint(folder.path(), option, "document.xml");
            assert_eq!(Some(canonical(&text, &method)), theirs, "{option}: {text}");
        }
    }
}

const MANY: usize = 200;

/// What is read here and not there, or as something else, is how signed documents are forged.
#[test]
#[ignore = "needs xmllint"]
fn what_is_read_here_is_read_by_xmllint_and_as_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let mut random = Random::new(3);
    let pieces = [
        "<",
        ">",
        "/",
        "&",
        ";",
        "'",
        "\"",
        "=",
        ":",
        " ",
        "\r",
        "x",
        "xmlns",
        "xmlns:a='urn:one'",
        "&#x41;",
        "&#xD800;",
        "<!--",
        "-->",
        "<?",
        "?>",
        "]]>",
        "<![CDATA[",
        "\u{7f}",
        "\u{fffe}",
        "<a/>",
        "xmlns=''",
        "a:",
        "\u{b7}",
    ];
    let (mut read, mut refused, mut compared) = (0, 0, 0);
    while read < MANY {
        let mut text = random.document();
        for _ in 0..=random.below(2) {
            let places: Vec<usize> = text.char_indices().map(|(place, _)| place).collect();
            let place = places[random.below(places.len())];
            match random.below(3) {
                0 => drop(text.remove(place)),
                1 => text.insert_str(place, random.of(&pieces)),
                _ => {
                    let first = text[place..].chars().next().unwrap();
                    text.replace_range(place..place + first.len_utf8(), random.of(&pieces));
                }
            }
        }
        let Ok(ours) = XmlDocument::from_octets(text.as_bytes(), XmlLimits::default()) else {
            refused += 1;
            continue;
        };
        read += 1;
        fs::write(folder.path().join("document.xml"), &text).unwrap();
        // Of names of namespaces it has stricter opinions.
        let output = run(folder.path(), "xmllint", "--nonet --noout document.xml");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let complaints = said.lines().filter(|line| line.contains("error :"));
        let complaints = complaints.filter(|line| !line.contains("is not a valid URI"));
        assert_eq!(complaints.count(), 0, "{text}\n{said}");
        for (form, option) in OPTIONS {
            let method = Canonicalization::new(form).with_comments();
            let theirs = xmllint(folder.path(), option, "document.xml");
            if let (Ok(ours), Some(theirs)) = (ours.canonical(&method), theirs) {
                assert_eq!(String::from_utf8(ours).unwrap(), theirs, "{option}: {text}");
                compared += 1;
            }
        }
    }
    assert!(compared > MANY * 2, "{compared}");
    assert!(refused > MANY, "{refused}");
}

/// Its C14N 2.0 is the exclusive form, but for what stands beside the document element.
#[test]
#[ignore = "needs Python"]
fn python_has_the_same_exclusive_form() {
    let folder = tempfile::tempdir().unwrap();
    let mut random = Random::plain(4);
    for _ in 0..60 {
        let text = random.document();
        let method = Canonicalization::default();
        let ours = document(&text).canonical_element(&Locator::DocumentElement, &method).unwrap();
        let ours = String::from_utf8(ours).unwrap();
        fs::write(folder.path().join("document.xml"), &text).unwrap();
        fs::write(folder.path().join("canonical.py"), PYTHON).unwrap();
        let output = run(folder.path(), "python3", "canonical.py");
        let theirs = String::from_utf8(output.stdout).unwrap();
        assert_eq!(ours, theirs, "{text}\n{}", String::from_utf8_lossy(&output.stderr));
    }
}

/// Cuts off what stands beside the document element.
const PYTHON: &str = "\
import sys, xml.etree.ElementTree as tree
text = tree.canonicalize(from_file='document.xml')
while text.startswith('<?'):
    text = text[text.index('?>\\n') + 3:]
while text.endswith('?>'):
    text = text[:text.rindex('\\n<?')]
sys.stdout.buffer.write(text.encode())
";

/// The signed octets by xmllint, hashed and verified by OpenSSL with the GOST engine.
#[tokio::test]
#[ignore = "needs xmllint, and OpenSSL with the GOST engine"]
async fn openssl_verifies_the_values() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let text = "<o:order xmlns:o='urn:o' id='1'>\r\n<o:sum>1</o:sum><!-- --></o:order>";
    for owner in OWNERS {
        let mut signing = XmlSigning::default();
        signing.properties = false;
        let signed = sign(text, owner, &signing).await;
        let between = |begin: &str, end: &str| between(&signed, begin, end);
        let info = between("<ds:SignedInfo>", "</ds:SignedInfo>");
        let ds = "xmlns:ds='http://www.w3.org/2000/09/xmldsig#'";
        let info = format!("<ds:SignedInfo {ds}>{info}</ds:SignedInfo>");
        fs::write(folder.join("info.xml"), info).unwrap();
        let uncommented = text.replace("<!-- -->", "");
        fs::write(folder.join("document.xml"), uncommented).unwrap();
        for name in ["info", "document"] {
            let form = xmllint(folder, "--exc-c14n", &format!("{name}.xml")).unwrap();
            fs::write(folder.join(format!("{name}.canonical")), form).unwrap();
        }
        let hash = if owner == "ul512" { "md_gost12_512" } else { "md_gost12_256" };
        openssl(folder, &format!("dgst -{hash} -binary -out digest document.canonical")).unwrap();
        let digest = fs::read(folder.join("digest")).unwrap();
        let stated = between("<ds:DigestValue>", "</ds:DigestValue>");
        assert_eq!(Base64::encode_string(&digest), stated);
        fs::write(folder.join("cert.der"), certificate(owner).as_der()).unwrap();
        openssl(folder, "x509 -inform DER -in cert.der -pubkey -noout -out pub.pem").unwrap();
        let value = between("<ds:SignatureValue>", "</ds:SignatureValue>");
        fs::write(folder.join("value"), Base64::decode_vec(&value).unwrap()).unwrap();
        let command = format!("dgst -{hash} -verify pub.pem -signature value info.canonical");
        openssl(folder, &command).unwrap_or_else(|error| panic!("{owner}: {error}"));
    }
}

/// What is between two texts, the first time.
fn between(text: &str, begin: &str, end: &str) -> String {
    let begin = text.find(begin).unwrap() + begin.len();
    text[begin..begin + text[begin..].find(end).unwrap()].to_owned()
}

/// The stamped octets by xmllint, the token by OpenSSL with the GOST engine.
#[tokio::test]
#[ignore = "needs xmllint, and OpenSSL with the GOST engine"]
async fn openssl_verifies_the_time_stamps() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    for name in ["root", "ca256"] {
        let pem = to_pem(PemLabel::Certificate, certificate(name).as_der());
        fs::write(folder.join(format!("{name}.pem")), pem).unwrap();
    }
    let signed = sign("<o:order xmlns:o='urn:o'/>", "person", &XmlSigning::default()).await;
    let signature = &document(&signed).signatures().unwrap()[0];
    let stamped = stamp(&signed, signature, "2026-05-03T09:00:00Z").await.unwrap();
    let ds = "xmlns:ds='http://www.w3.org/2000/09/xmldsig#'";
    let value = between(&stamped, "<ds:SignatureValue>", "</ds:SignatureValue>");
    let value = format!("<ds:SignatureValue {ds}>{value}</ds:SignatureValue>");
    fs::write(folder.join("value.xml"), &value).unwrap();
    fs::write(folder.join("value"), xmllint(folder, "--exc-c14n", "value.xml").unwrap()).unwrap();
    let token =
        between(&stamped, "<xades:EncapsulatedTimeStamp>", "</xades:EncapsulatedTimeStamp>");
    fs::write(folder.join("token"), Base64::decode_vec(&token).unwrap()).unwrap();
    let verify = "ts -verify -data value -token_in -in token -CAfile root.pem -untrusted ca256.pem -attime 1780000000";
    openssl(folder, verify).unwrap_or_else(|error| panic!("{error}"));
    fs::write(folder.join("value"), "another").unwrap();
    openssl(folder, verify).unwrap_err();
}

/// A key and its certificate, made by OpenSSL.
fn make_key(folder: &Path, name: &str) -> Certificate {
    let kind = match name {
        "rsa" => "-newkey rsa:2048",
        _ => "-newkey ec -pkeyopt ec_paramgen_curve:P-256",
    };
    let command = format!(
        "req -x509 {kind} -nodes -keyout {name}.key -out {name}.pem -subj /CN={name} -days 3650 \
         -addext keyUsage=critical,digitalSignature,keyCertSign"
    );
    let output = run(folder, "openssl", &command);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let (_, der) =
        der::Document::from_pem(&fs::read_to_string(folder.join(format!("{name}.pem"))).unwrap())
            .unwrap();
    Certificate::from_der(der.as_bytes()).unwrap()
}

/// Checks with one certificate trusted.
async fn check(text: &str, anchor: &Certificate, covers: Locator) -> Verdict {
    let verifier = FirstThatKnows::new(vec![Arc::new(GostVerifier), Arc::new(EcdsaRsaVerifier)]);
    let mut rules = CheckRules::at(anchor.validity().not_before);
    rules.status = false;
    let anchors = [anchor.clone()];
    let checker = Checker::new(&anchors, &verifier, rules);
    let mut rules = XmlRules::default();
    rules.covers = Coverage::Element(covers);
    checker.xml(&document(text), &rules).await.unwrap().report.verdict
}

const FORMS: [&str; 6] = [
    "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
    "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments",
    "http://www.w3.org/2006/12/xml-c14n11",
    "http://www.w3.org/2006/12/xml-c14n11#WithComments",
    "http://www.w3.org/2001/10/xml-exc-c14n#",
    "http://www.w3.org/2001/10/xml-exc-c14n#WithComments",
];

/// An element to be put into another document.
fn element(random: &mut Random) -> String {
    let method = Canonicalization::default().with_comments();
    let text = random.document();
    let octets = document(&text).canonical_element(&Locator::DocumentElement, &method).unwrap();
    String::from_utf8(octets).unwrap()
}

/// A signature still to be made.
fn template(signature: &str, form: &str, uri: &str, transforms: &str) -> String {
    format!(
        "<Signature xmlns='http://www.w3.org/2000/09/xmldsig#'>\n <SignedInfo>\n<!-- signed too -->\
         <CanonicalizationMethod Algorithm='{form}'/>\
         <SignatureMethod Algorithm='http://www.w3.org/2001/04/xmldsig-more#{signature}'/>\
         <Reference URI='{uri}'>{transforms}<DigestMethod Algorithm='http://www.w3.org/2001/04/xmlenc#sha256'/>\
         <DigestValue/></Reference></SignedInfo><SignatureValue/>\
         <KeyInfo><X509Data><X509Certificate/></X509Data></KeyInfo></Signature>"
    )
}

#[tokio::test]
#[ignore = "needs xmlsec1 and OpenSSL"]
async fn what_xmlsec_signs_is_valid_here() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let mut random = Random::new(5);
    for (name, signature) in [("rsa", "rsa-sha256"), ("ec", "ecdsa-sha256")] {
        let anchor = make_key(folder, name);
        for (number, form) in FORMS.iter().cycle().take(36).enumerate() {
            let inner = element(&mut random);
            let canonical = format!("<Transform Algorithm='{form}'/>");
            let list = "<Transform Algorithm='http://www.w3.org/2001/10/xml-exc-c14n#'><e:InclusiveNamespaces \
                xmlns:e='http://www.w3.org/2001/10/xml-exc-c14n#' PrefixList='p #default absent'/></Transform>";
            let own =
                "<Transform Algorithm='http://www.w3.org/2000/09/xmldsig#enveloped-signature'/>";
            let (uri, transforms, covers) = match number / 6 % 6 {
                0 => ("", format!("{own}{canonical}"), Locator::DocumentElement),
                1 => ("", own.to_owned(), Locator::DocumentElement),
                2 => ("#data", canonical, Locator::Id("data".to_owned())),
                3 => ("#data", list.to_owned(), Locator::Id("data".to_owned())),
                4 => ("#data", String::new(), Locator::Id("data".to_owned())),
                _ => ("#all", format!("{own}{list}"), Locator::DocumentElement),
            };
            let transforms = match transforms.as_str() {
                "" => transforms,
                all => format!("<Transforms>{all}</Transforms>"),
            };
            let template = template(signature, form, uri, &transforms);
            let text = format!(
                "<?xml version='1.0'?>\n<!-- before --><?before?>\n<p:all Id='all' xmlns:p='urn:p' xmlns:q='urn:q' \
                 xmlns='urn:default' xml:lang='ru' xml:space='preserve'>\n<data Id='data' q:a='1' xml:lang='en' \
                 xmlns=''><!-- within -->{inner}&#13;</data>{template}</p:all><?after it?>"
            );
            fs::write(folder.join("template.xml"), text).unwrap();
            let command = format!(
                "--sign --id-attr:Id data --id-attr:Id urn:p:all --privkey-pem {name}.key,{name}.pem \
                 --output signed.xml template.xml"
            );
            let output = run(folder, "xmlsec1", &command);
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            let signed = fs::read_to_string(folder.join("signed.xml")).unwrap();
            let verdict = check(&signed, &anchor, covers.clone()).await;
            assert_eq!(verdict, Verdict::Valid, "{number} {form} {signed}");
            let changed = signed.replace("<!-- within -->", "<!-- within -->1");
            assert_eq!(check(&changed, &anchor, covers).await, Verdict::Invalid);
        }
    }
}

/// A key of OpenSSL in a folder.
#[derive(Debug)]
struct OpensslSigner {
    folder: std::path::PathBuf,
    name: &'static str,
    key: PublicKey,
    algorithm: AlgorithmIdentifierOwned,
}

#[async_trait]
impl Signer for OpensslSigner {
    fn public_key(&self) -> &PublicKey {
        &self.key
    }

    fn algorithm(&self) -> &AlgorithmIdentifierOwned {
        &self.algorithm
    }

    async fn sign(&self, message: Message<'_>) -> Result<Vec<u8>> {
        let Message::Bytes(octets) = message else { panic!("whole messages only") };
        fs::write(self.folder.join("message"), octets).unwrap();
        let command = format!("dgst -sha256 -sign {}.key -out value message", self.name);
        assert!(run(&self.folder, "openssl", &command).status.success());
        Ok(fs::read(self.folder.join("value")).unwrap())
    }
}

#[tokio::test]
#[ignore = "needs xmlsec1 and OpenSSL"]
async fn what_is_signed_here_is_valid_for_xmlsec() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let mut random = Random::new(6);
    for name in ["rsa", "ec"] {
        let anchor = make_key(folder, name);
        let key = anchor.public_key().clone();
        let algorithm = EcdsaRsaVerifier.signature_algorithm(&key).unwrap();
        let openssl = OpensslSigner { folder: folder.to_owned(), name, key, algorithm };
        let signatory = Signatory::new(&openssl, &anchor).unwrap();
        for (number, (form, _)) in OPTIONS.iter().cycle().take(18).enumerate() {
            let inner = element(&mut random);
            let text = format!(
                "<m xmlns:p='urn:p' xml:lang='ru'><b Id='b' p:c='1'>1<!-- --></b>{inner}</m>"
            );
            let mut signing = match number % 2 {
                0 => XmlSigning::default(),
                _ => beside(&["b"], &["m"]),
            };
            signing.method = Canonicalization::new(*form);
            if *form == CanonicalForm::Exclusive {
                signing.method.prefixes = vec!["p".to_owned(), String::new()];
            }
            signing.properties = number % 3 == 0;
            let mut signed = document(&text).sign(&signatory, &signing).await.unwrap();
            if signing.properties {
                let signature = &document(&signed).signatures().unwrap()[0];
                signed = stamp(&signed, signature, "2026-05-03T09:00:00Z").await.unwrap();
            }
            let ids =
                "--id-attr:Id b --id-attr:Id http://uri.etsi.org/01903/v1.3.2#:SignedProperties";
            let command = format!("--verify {ids} --trusted-pem {name}.pem signed.xml");
            fs::write(folder.join("signed.xml"), &signed).unwrap();
            let output = run(folder, "xmlsec1", &command);
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(output.status.success(), "{number} {form:?} {said}\n{signed}");
            let changed = signed.replacen("1<!-- -->", "2<!-- -->", 1);
            fs::write(folder.join("signed.xml"), changed).unwrap();
            assert!(!run(folder, "xmlsec1", &command).status.success());
        }
    }
}
