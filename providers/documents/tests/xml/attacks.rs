//! What is known to have deceived readers of signed XML, tried on documents signed here.

use gost_ca_documents::Verdict;
use gost_ca_documents::check::Finding;
use gost_ca_documents::xml::{
    Coverage, Enclosed, Locator, SignedPart, XmlDocument, XmlLimits, XmlName, XmlRules, XmlSigning,
};
use gost_ca_documents::{CheckRules, Checker, Error, Signatory};
use gost_ca_software::GostVerifier;

use crate::canonical::document;
use crate::signing::{beside, check, covers, findings, sign};
use crate::support::{certificate, key};

/// A message whose body is signed, with the signature in its header.
async fn message() -> String {
    let text = "<m><h/><b Id='body'><sum>1</sum></b></m>";
    sign(text, "person", &beside(&["body"], &["m", "h"])).await
}

fn body() -> XmlRules<'static> {
    covers(Locator::Path(vec![XmlName::new("", "m"), XmlName::new("", "b")]))
}

fn forged_body(text: &str, moved: impl Fn(&str, &str) -> String) -> String {
    let begin = text.find("<b Id").unwrap();
    let end = text.find("</b>").unwrap() + "</b>".len();
    let (signed, forged) = (&text[begin..end], "<b><sum>1000000</sum></b>");
    moved(signed, &text.replace(signed, forged))
}

#[tokio::test]
async fn the_message_itself_is_valid() {
    let report = check(&message().await, &body()).await;
    assert_eq!(report.report.verdict, Verdict::Valid, "{report:#?}");
}

/// What is called wrapping: the signed element is moved to where nobody looks for it.
#[tokio::test]
async fn moved_elements_do_not_cover_where_they_were() {
    let text = message().await;
    let wrapped = [
        forged_body(&text, |signed, rest| rest.replace("<h>", &format!("<h><w>{signed}</w>"))),
        forged_body(&text, |signed, rest| rest.replace("</m>", &format!("<w>{signed}</w></m>"))),
        forged_body(&text, |signed, rest| rest.replace("<b>", &format!("<b>{signed}"))),
        forged_body(&text, |signed, rest| {
            let object = format!("<ds:Object>{signed}</ds:Object></ds:Signature>");
            rest.replace("</ds:Signature>", &object)
        }),
        forged_body(&text, |signed, rest| {
            let info = format!("<ds:KeyInfo><w>{signed}</w>");
            rest.replace("<ds:KeyInfo>", &info)
        }),
    ];
    for text in wrapped {
        let report = check(&text, &body()).await;
        assert_eq!(findings(&report), [Finding::NotCovered], "{text}\n{report:#?}");
        assert_eq!(report.report.verdict, Verdict::Invalid);
        // The caller can see where what was signed is now.
        let SignedPart::Element { path, .. } = &report.signatures[0].covered[0].part else {
            panic!()
        };
        assert_ne!(path, "/m[1]/b[1]");
    }
}

/// The same, with the forged element under the identifier of the signed one.
#[tokio::test]
async fn identifiers_of_several_elements_are_refused() {
    let text = message().await;
    for id in ["Id", "ID", "id", "xml:id"] {
        let forged = forged_body(&text, |signed, rest| {
            let rest = rest.replace("<b>", &format!("<b {id}='body'>"));
            rest.replace("<h>", &format!("<h><w>{signed}</w>"))
        });
        for rules in [body(), covers(Locator::Id("body".to_owned()))] {
            let report = check(&forged, &rules).await;
            assert_eq!(findings(&report), [Finding::IdAmbiguous], "{report:#?}");
            assert_eq!(report.report.verdict, Verdict::Invalid);
            assert!(report.signatures[0].covered.iter().all(|one| one.octets != b"body"));
        }
    }
}

/// Two elements of the name that the caller looks for: neither is the one.
#[tokio::test]
async fn elements_of_one_name_are_refused() {
    let text = message().await;
    for forged in [
        text.replace("</m>", "<b><sum>2</sum></b></m>"),
        text.replace("<h>", "<b/><h>"),
        text.replace("<h>", "<b xmlns=\"\"/><h>"),
    ] {
        let report = check(&forged, &body()).await;
        assert_eq!(findings(&report), [Finding::NotCovered]);
    }
}

#[tokio::test]
async fn elements_of_other_namespaces_are_others() {
    let text = message().await;
    let forged = text.replace("<m>", "<m xmlns='urn:other'>");
    let report = check(&forged, &body()).await;
    assert!(findings(&report).contains(&Finding::ContentChanged), "{report:#?}");
    let forged = forged_body(&text, |signed, rest| {
        rest.replace("<b>", "<b xmlns='urn:other'>").replace("<h>", &format!("<h><w>{signed}</w>"))
    });
    assert_eq!(findings(&check(&forged, &body()).await), [Finding::NotCovered]);
}

/// A whole signed document within another one.
#[tokio::test]
async fn documents_within_documents_are_parts() {
    let signed = sign("<a><sum>1</sum></a>", "person", &XmlSigning::default()).await;
    let wrapped = format!("<a><sum>2</sum>{signed}</a>");
    let report = check(&wrapped, &XmlRules::default()).await;
    assert_eq!(findings(&report), [Finding::ContentChanged]);
    let named = sign("<a Id='a'><sum>1</sum></a>", "person", &beside(&["a"], &["a"])).await;
    let report = check(&named, &XmlRules::default()).await;
    assert_eq!(report.report.verdict, Verdict::Valid, "{report:#?}");
    let wrapped = format!("<a><sum>2</sum>{named}</a>");
    let report = check(&wrapped, &XmlRules::default()).await;
    assert_eq!(findings(&report), [Finding::NotCovered]);
}

/// What is within the signature is taken out of what it signs: nothing in there is signed.
#[tokio::test]
async fn nothing_hides_within_the_signature() {
    let mut signing = XmlSigning::default();
    signing.properties = false;
    let signed = sign("<a><sum>1</sum></a>", "person", &signing).await;
    let object = "<ds:Object><sum Id='sum'>2</sum></ds:Object></ds:Signature>";
    let hidden = signed.replace("</ds:Signature>", object);
    let report = check(&hidden, &XmlRules::default()).await;
    assert_eq!(report.report.verdict, Verdict::Valid, "{report:#?}");
    assert_eq!(report.signatures[0].covered[0].octets, b"<a><sum>1</sum></a>");
    let report = check(&hidden, &covers(Locator::Id("sum".to_owned()))).await;
    assert_eq!(findings(&report), [Finding::NotCovered]);
}

/// A second signature that the reader might take for the first.
#[tokio::test]
async fn a_second_signature_has_a_verdict_of_its_own() {
    let text = message().await;
    let begin = text.find("<ds:Signature ").unwrap();
    let end = text.find("</ds:Signature>").unwrap() + "</ds:Signature>".len();
    let forged = text[begin..end].replace("<ds:DigestValue>", "<ds:DigestValue>AAAA");
    let forged = text.replace("</h>", &format!("{forged}</h>"));
    let report = check(&forged, &body()).await;
    assert_eq!(report.report.signers.len(), 2);
    assert_eq!(report.report.verdict, Verdict::Invalid);
    // Two `SignedInfo` in one signature: which of them is meant?
    let begin = text.find("<ds:SignedInfo>").unwrap();
    let end = text.find("</ds:SignedInfo>").unwrap() + "</ds:SignedInfo>".len();
    let info = text[begin..end].to_owned();
    for place in ["<ds:SignedInfo>", "<ds:SignatureValue>", "<ds:KeyInfo>", "</ds:Signature>"] {
        let doubled = text.replacen(place, &format!("{info}{place}"), 1);
        let report = check(&doubled, &body()).await;
        assert_eq!(report.report.verdict, Verdict::Invalid, "{place}");
        assert!(findings(&report).contains(&Finding::SignatureMalformed), "{place} {report:#?}");
    }
}

/// Duo, 2018: a reader that stops at a comment reads another name; what is told here has none.
#[tokio::test]
async fn comments_do_not_cut_what_is_signed() {
    let text = "<a><user>admin@example.org.evil.example</user></a>";
    let signed = sign(text, "person", &XmlSigning::default()).await;
    let commented = signed.replace("org.evil", "org<!-- -->.evil");
    let report = check(&commented, &XmlRules::default()).await;
    assert_eq!(report.report.verdict, Verdict::Valid, "comments are not signed");
    assert_eq!(report.signatures[0].covered[0].octets, text.as_bytes());
    let mut signing = XmlSigning::default();
    signing.method.comments = true;
    let signed = sign(&text.replace("org.evil", "org<!-- -->.evil"), "person", &signing).await;
    let report = check(&signed, &XmlRules::default()).await;
    assert_eq!(report.signatures[0].covered[0].octets, text.as_bytes());
}

/// CVE-2025-29775: a digest cut in two by a comment.
#[tokio::test]
async fn comments_within_values_are_refused() {
    let text = message().await;
    for (whole, cut) in [
        ("<ds:DigestValue>", "<ds:DigestValue><!-- AAAA -->"),
        ("<ds:SignatureValue>", "<ds:SignatureValue><!-- -->"),
        ("<ds:SignatureValue>", "<ds:SignatureValue><?a?>"),
        ("<ds:SignatureValue>", "<ds:SignatureValue><a/>"),
    ] {
        let report = check(&text.replacen(whole, cut, 1), &body()).await;
        assert_eq!(findings(&report), [Finding::SignatureMalformed], "{cut}");
    }
}

#[tokio::test]
async fn changes_are_found() {
    let text = message().await;
    let changed = |from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1)
    };
    let value = text.split("<ds:SignatureValue>").nth(1).unwrap();
    let other = if value.starts_with('A') { "B" } else { "A" };
    let value = format!("<ds:SignatureValue>{}", &value[..1]);
    let twelve = ":gostr34102012-gostr34112012-256";
    for (text, expected) in [
        (changed("<sum>1", "<sum>2"), vec![Finding::ContentChanged]),
        (changed("<sum>", "<sum >"), vec![]),
        (changed("<sum>", "<sum a='1'>"), vec![Finding::ContentChanged]),
        (changed(&value, &format!("<ds:SignatureValue>{other}")), vec![Finding::SignatureForged]),
        (
            changed("<ds:SignatureValue>", "<ds:SignatureValue>AAAA"),
            vec![Finding::SignatureMalformed],
        ),
        (changed("<ds:SignatureValue>", "<ds:SignatureValue>*"), vec![Finding::SignatureMalformed]),
        (changed("#body", "#other"), vec![Finding::ContentChanged, Finding::SignatureForged]),
        (changed("Id='body'", "Id='other'"), vec![Finding::ContentChanged]),
        (changed(twelve, &twelve.replace("256", "512")), vec![Finding::SignatureMalformed]),
        (changed(twelve, ":none"), vec![Finding::AlgorithmUnsupported]),
        (changed("<ds:SignedInfo>", "<ds:SignedInfo> "), vec![Finding::SignatureForged]),
        (changed("<ds:SignedInfo>", "<ds:SignedInfo><!-- -->"), vec![]),
        (changed("<m>", "<m xmlns:unused='urn:unused'>"), vec![]),
    ] {
        let report = check(&text, &body()).await;
        assert_eq!(findings(&report), expected, "{text}\n{report:#?}");
    }
}

/// The value of another's key, and another's certificate beside the value.
#[tokio::test]
async fn other_keys_and_certificates_are_found() {
    let one = sign("<a/>", "person", &XmlSigning::default()).await;
    let mut signing = XmlSigning::default();
    signing.properties = false;
    let bare = sign("<a/>", "person", &signing).await;
    let base64 = |name: &str| {
        use base64ct::{Base64, Encoding};
        Base64::encode_string(certificate(name).as_der())
    };
    let (person, ip) = (base64("person"), base64("ip"));
    let report = check(&bare.replace(&person, &ip), &XmlRules::default()).await;
    assert_eq!(findings(&report), [Finding::SignatureForged]);
    let report = check(&one.replace(&person, &ip), &XmlRules::default()).await;
    assert_eq!(findings(&report), [Finding::CertificateOther, Finding::SignatureForged]);
    // The right one among others is found.
    let several = format!("{ip}</ds:X509Certificate><ds:X509Certificate>{person}");
    let report = check(&one.replace(&person, &several), &XmlRules::default()).await;
    assert_eq!(report.report.verdict, Verdict::Valid, "{report:#?}");
    let broken = one.replace(&person, "AAAA");
    assert_eq!(
        findings(&check(&broken, &XmlRules::default()).await),
        [Finding::CertificateMissing]
    );
}

/// Properties that are not under the signature say nothing.
#[tokio::test]
async fn properties_count_where_they_are_signed() {
    let mut signing = XmlSigning::default();
    signing.time = Some("2026-05-02T09:00:00Z".parse().unwrap());
    let signed = sign("<a/>", "person", &signing).await;
    let changed = signed.replace("2026-05-02T", "2026-04-02T");
    let report = check(&changed, &XmlRules::default()).await;
    assert_eq!(findings(&report), [Finding::ContentChanged]);
    let begin = signed.find("<ds:Object>").unwrap();
    let end = signed.find("</ds:Object>").unwrap() + "</ds:Object>".len();
    let object = signed[begin..end].to_owned();
    signing.properties = false;
    let bare = sign("<a/>", "person", &signing).await;
    let added = bare.replace("</ds:Signature>", &format!("{object}</ds:Signature>"));
    let report = check(&added, &XmlRules::default()).await;
    assert_eq!(report.report.verdict, Verdict::Valid);
    assert_eq!(report.report.signers[0].claimed_time, None);
}

#[tokio::test]
async fn references_of_other_kinds_are_not_followed() {
    let text = message().await;
    let c14n = "<ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/>";
    let transform = |uri: &str| format!("<ds:Transform Algorithm=\"{uri}\"/>");
    let smev = transform("urn://smev-gov-ru/xmldsig/transform");
    for (from, to) in [
        ("URI=\"#body\"", "URI=\"#xpointer(id('body'))\"".to_owned()),
        ("URI=\"#body\"", "URI=\"#xpointer(/)\"".to_owned()),
        ("URI=\"#body\"", "URI=\"#\"".to_owned()),
        ("URI=\"#body\"", String::new()),
        (c14n, transform("http://www.w3.org/TR/1999/REC-xpath-19991116")),
        (c14n, transform("http://www.w3.org/2002/06/xmldsig-filter2")),
        (c14n, transform("http://www.w3.org/TR/1999/REC-xslt-19991116")),
        (c14n, transform("http://www.w3.org/2000/09/xmldsig#base64")),
        (c14n, format!("{c14n}{smev}{smev}")),
        (c14n, format!("{smev}{c14n}")),
        (c14n, format!("{c14n}{c14n}")),
        (
            c14n,
            format!("{c14n}{}", transform("http://www.w3.org/2000/09/xmldsig#enveloped-signature")),
        ),
    ] {
        assert!(text.contains(from));
        let report = check(&text.replacen(from, &to, 1), &body()).await;
        let all = findings(&report);
        assert_eq!(
            all,
            [Finding::ReferenceUnsupported, Finding::SignatureForged],
            "{to} {report:#?}"
        );
        assert!(report.signatures[0].covered.iter().all(|one| !one.octets.starts_with(b"<b")));
    }
    // What lies at an address is not fetched, and what a key is at neither.
    let elsewhere = text.replacen("#body", "http://127.0.0.1:1/", 1);
    let report = check(&elsewhere, &body()).await;
    assert!(findings(&report).contains(&Finding::ReferenceUnsupported), "{report:#?}");
    let retrieval = "<ds:KeyInfo><ds:RetrievalMethod URI='http://127.0.0.1:1/'/></ds:KeyInfo>";
    let begin = text.find("<ds:KeyInfo>").unwrap();
    let end = text.find("</ds:KeyInfo>").unwrap() + "</ds:KeyInfo>".len();
    let text = format!("{}{retrieval}{}", &text[..begin], &text[end..]);
    assert_eq!(findings(&check(&text, &body()).await), [Finding::CertificateMissing]);
}

/// A signature of many references over a large document, and many signatures.
#[tokio::test]
async fn work_is_limited() {
    let text = message().await;
    let begin = text.find("<ds:Reference ").unwrap();
    let end = text.find("</ds:Reference>").unwrap() + "</ds:Reference>".len();
    let reference = text[begin..end].to_owned();
    let many = text.replacen(&reference, &reference.repeat(100), 1);
    let report = check(&many, &body()).await;
    assert!(findings(&report).contains(&Finding::TooMuch));
    assert_eq!(report.signatures[0].covered.len(), 64);
    // The same over a document of a mebibyte, where two are allowed.
    let filler = format!("<b Id='body'>{}", "a".repeat(0x10_0000));
    let limits = XmlLimits { octets: 0x20_0000, ..XmlLimits::default() };
    let large = many.replacen("<b Id='body'>", &filler, 1);
    let large = XmlDocument::from_octets(large.as_bytes(), limits).unwrap();
    let anchors = [certificate("root")];
    let rules = CheckRules::at("2026-05-02T09:00:00Z".parse().unwrap());
    let checker = Checker::new(&anchors, &GostVerifier, rules);
    let report = checker.xml(&large, &body()).await.unwrap();
    let count = |finding| findings(&report).iter().filter(|one| **one == finding).count();
    assert_eq!(count(Finding::ContentChanged), 7, "eight are not within eight and their markup");
    assert!(count(Finding::TooMuch) > 90);
    let signatures =
        format!("<a>{}</a>", "<Signature xmlns='http://www.w3.org/2000/09/xmldsig#'/>".repeat(65));
    let refused = checker.xml(&document(&signatures), &XmlRules::default()).await;
    assert!(matches!(refused, Err(Error::Xml(_))));
}

/// An enclosing signature whose object is another than the one that was signed.
#[tokio::test]
async fn enclosed_objects_are_the_signed_ones() {
    let (key, certificate) = (key("ul"), certificate("ul"));
    let signatory = Signatory::new(&key, &certificate).unwrap();
    let order = document("<order>1</order>");
    let signed = XmlSigning::default()
        .enclose(&signatory, Enclosed::Xml(&order), XmlLimits::default())
        .await
        .unwrap();
    let wrapped = format!("<order>2{signed}</order>");
    assert_eq!(findings(&check(&wrapped, &XmlRules::default()).await), [Finding::NotCovered]);
    let mut rules = XmlRules::default();
    rules.covers = Coverage::Element(Locator::Id("signature-1-object".to_owned()));
    assert_eq!(check(&wrapped, &rules).await.report.verdict, Verdict::Valid);
}
