//! Documents signed here: with the signature inside, around, beside.

use gost_ca::x509::Certificate;
use gost_ca_documents::check::{Finding, Level};
use gost_ca_documents::xml::{
    CanonicalForm, Canonicalization, Coverage, Enclosed, Locator, SignedPart, XmlDocument,
    XmlLimits, XmlName, XmlReport, XmlRules, XmlSigning,
};
use gost_ca_documents::{CheckRules, Checker, Error, Signatory, Verdict};
use gost_ca_software::GostVerifier;

use crate::canonical::{FORMS, document};
use crate::support::{certificate, key};

pub(crate) const OWNERS: [&str; 5] = ["person", "ip", "ul", "auto", "ul512"];

/// Checks with the sample authority trusted, and without statuses.
pub(crate) async fn check(text: &str, rules: &XmlRules<'_>) -> XmlReport {
    let anchors = [certificate("root")];
    let pool: Vec<Certificate> = ["ca256", "ca512c"].map(certificate).to_vec();
    let mut check_rules = CheckRules::at("2026-05-02T09:00:00Z".parse().unwrap());
    check_rules.status = false;
    let mut checker = Checker::new(&anchors, &GostVerifier, check_rules);
    checker.certificates = &pool;
    checker.xml(&document(text), rules).await.unwrap()
}

pub(crate) fn findings(report: &XmlReport) -> Vec<Finding> {
    let steps = report.report.signers.iter().flat_map(|signer| &signer.steps);
    steps.filter(|step| step.verdict != Verdict::Valid).map(|step| step.finding).collect()
}

pub(crate) async fn sign(text: &str, owner: &str, signing: &XmlSigning) -> String {
    let (key, certificate) = (key(owner), certificate(owner));
    let signatory = Signatory::new(&key, &certificate).unwrap();
    document(text).sign(&signatory, signing).await.unwrap()
}

/// A signing of elements by their identifiers, with the signature in the element at the end of a way.
pub(crate) fn beside(ids: &[&str], place: &[&str]) -> XmlSigning {
    let mut signing = XmlSigning::default();
    signing.targets = ids.iter().map(|id| Locator::Id((*id).to_owned())).collect();
    signing.place = Locator::Path(place.iter().map(|name| XmlName::new("", name)).collect());
    signing
}

pub(crate) fn covers(locator: Locator) -> XmlRules<'static> {
    let mut rules = XmlRules::default();
    rules.covers = Coverage::Element(locator);
    rules
}

#[tokio::test]
async fn whole_documents_are_signed_within() {
    let texts = [
        "<a/>",
        "<a />",
        "<a></a>",
        "<?xml version='1.0' encoding='UTF-8'?>\r\n<!-- c --><?p q?>\n<b:a xmlns:b='urn:b'>\r\n <b:c>1</b:c>\n</b:a >\n<?r?>",
        "<a xmlns='urn:a' xmlns:ds='urn:mine'><ds:Signature/></a>",
    ];
    for (owner, text) in OWNERS.iter().zip(texts) {
        for form in FORMS {
            for properties in [true, false] {
                let mut signing = XmlSigning::default();
                (signing.method, signing.properties) = (Canonicalization::new(form), properties);
                signing.time = Some("2026-05-02T09:00:00Z".parse().unwrap());
                let signed = sign(text, owner, &signing).await;
                let report = check(&signed, &XmlRules::default()).await;
                assert_eq!(report.report.verdict, Verdict::Valid, "{signed}\n{report:#?}");
                let [covered, ..] = report.signatures[0].covered.as_slice() else { panic!() };
                assert_eq!(covered.part, SignedPart::Document);
                let expected = document(text).canonical(&Canonicalization::new(form)).unwrap();
                assert_eq!(covered.octets, expected);
                let told = &report.report.signers[0];
                assert_eq!(told.level, if properties { Level::Bes } else { Level::XmlDsig });
                assert_eq!(told.claimed_time, signing.time.filter(|_| properties));
            }
        }
    }
}

#[tokio::test]
async fn signing_keeps_what_it_signs() {
    let text = "<!--x--><a  b = '1'\n c=\"&#x41;\"><![CDATA[&]]></a >";
    let signed = sign(text, "person", &XmlSigning::default()).await;
    let begin = signed.find("<ds:Signature").unwrap();
    let end = signed.find("</ds:Signature>").unwrap() + "</ds:Signature>".len();
    assert_eq!(format!("{}{}", &signed[..begin], &signed[end..]), text);
}

#[tokio::test]
async fn elements_are_signed_by_their_identifiers() {
    let text = "<m xmlns:wsu='http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd'>\
        <h/><b wsu:Id='body'>1</b><c Id='c'>2</c><d xml:id='d'/></m>";
    let signed = sign(text, "person", &beside(&["body", "d"], &["m", "h"])).await;
    let report = check(&signed, &covers(Locator::Id("body".to_owned()))).await;
    assert_eq!(report.report.verdict, Verdict::Valid, "{report:#?}");
    let parts: Vec<_> = report.signatures[0].covered.iter().map(|one| one.part.clone()).collect();
    let element =
        |path: &str, id: &str| SignedPart::Element { path: path.to_owned(), id: id.to_owned() };
    assert_eq!(parts[..2], [element("/m[1]/b[1]", "body"), element("/m[1]/d[1]", "d")]);
    assert_eq!(report.signatures[0].path, "/m[1]/h[1]/ds:Signature[1]");
    // What is beside it is not under the signature, and is not needed by it.
    let other = signed.replace(">2</c>", ">3</c>");
    let report = check(&other, &covers(Locator::Id("body".to_owned()))).await;
    assert_eq!(report.report.verdict, Verdict::Valid);
    let report = check(&other, &covers(Locator::Id("c".to_owned()))).await;
    assert_eq!(findings(&report), [Finding::NotCovered]);
    let report = check(&other, &XmlRules::default()).await;
    assert_eq!(findings(&report), [Finding::NotCovered]);
}

/// As SMEV wants its messages: the transform follows the canonical form, of what is signed alone.
#[tokio::test]
async fn messages_of_smev_are_signed() {
    let text = "<m xmlns='urn:m'>\n <d Id='d' b='2' a='1'>\n  <e>x</e>\n </d>\n <s/>\n</m>";
    for properties in [false, true] {
        let mut signing = beside(&["d"], &[]);
        signing.place = Locator::Path(["m", "s"].map(|name| XmlName::new("urn:m", name)).into());
        (signing.smev, signing.properties) = (true, properties);
        let signed = sign(text, "person", &signing).await;
        assert_eq!(signed.matches("urn://smev-gov-ru/xmldsig/transform").count(), 1);
        let d = covers(Locator::Id("d".to_owned()));
        let report = check(&signed, &d).await;
        assert_eq!(report.report.verdict, Verdict::Valid, "{report:#?}");
        let octets = "<ns1:d xmlns:ns1=\"urn:m\" Id=\"d\" a=\"1\" b=\"2\"><ns1:e>x</ns1:e></ns1:d>";
        assert_eq!(report.signatures[0].covered[0].octets, octets.as_bytes());
        let changed = check(&signed.replace(">x<", ">y<"), &d).await;
        assert_eq!(findings(&changed)[0], Finding::ContentChanged);
    }
    let mut whole = XmlSigning::default();
    whole.smev = true;
    let (key, certificate) = (key("person"), certificate("person"));
    let signatory = Signatory::new(&key, &certificate).unwrap();
    let refused = document("<a/>").sign(&signatory, &whole).await;
    assert!(matches!(refused, Err(Error::Unsupported { .. })), "{refused:?}");
}

/// Each signs the data; neither the other's signature.
#[tokio::test]
async fn several_sign_one_element() {
    let mut text = "<m><data Id='data'>1</data><s/></m>".to_owned();
    for owner in OWNERS {
        text = sign(&text, owner, &beside(&["data"], &["m", "s"])).await;
    }
    let report = check(&text, &covers(Locator::Id("data".to_owned()))).await;
    assert_eq!(report.report.verdict, Verdict::Valid, "{report:#?}");
    assert_eq!(report.signatures.len(), OWNERS.len());
    let mut ids: Vec<_> = report.signatures.iter().map(|one| one.id.clone().unwrap()).collect();
    ids.dedup();
    assert_eq!(ids.len(), OWNERS.len());
    let changed = text.replacen(">1<", ">2<", 1);
    let report = check(&changed, &covers(Locator::Id("data".to_owned()))).await;
    assert_eq!(findings(&report), [Finding::ContentChanged; 5]);
}

/// The second signs the first: that one is over a document without the second.
#[tokio::test]
async fn a_signature_over_a_signed_document_breaks_the_first() {
    let once = sign("<a>1</a>", "person", &XmlSigning::default()).await;
    let twice = sign(&once, "ul512", &XmlSigning::default()).await;
    let report = check(&twice, &XmlRules::default()).await;
    assert_eq!(report.report.signers[0].verdict, Verdict::Invalid);
    assert_eq!(report.report.signers[1].verdict, Verdict::Valid, "{report:#?}");
    let mut rules = XmlRules::default();
    rules.only = Some("/a[1]/ds:Signature[2]".to_owned());
    assert_eq!(check(&twice, &rules).await.report.verdict, Verdict::Valid);
    rules.only = Some("/a[1]/ds:Signature[3]".to_owned());
    assert_eq!(check(&twice, &rules).await.report.verdict, Verdict::Indeterminate);
}

#[tokio::test]
async fn contents_are_enclosed() {
    let order = document(
        "<?xml version='1.0'?><o:order xmlns:o='urn:o'><o:sum>1</o:sum></o:order><!-- -->",
    );
    for form in FORMS {
        let (key, certificate) = (key("ul"), certificate("ul"));
        let signatory = Signatory::new(&key, &certificate).unwrap();
        let mut signing = XmlSigning::default();
        signing.method = Canonicalization::new(form);
        for content in [Enclosed::Xml(&order), Enclosed::Octets(b"\0\xff any octets")] {
            let signed = signing.enclose(&signatory, content, XmlLimits::default()).await.unwrap();
            let report = check(&signed, &XmlRules::default()).await;
            assert_eq!(report.report.verdict, Verdict::Valid, "{signed}\n{report:#?}");
            assert_eq!(report.signatures[0].path, "/ds:Signature[1]");
            // One object more, which nobody signed.
            let more = "<ds:Object Id=\"more\">2</ds:Object></ds:Signature>";
            let more = signed.replace("</ds:Signature>", more);
            let report = check(&more, &XmlRules::default()).await;
            assert_eq!(findings(&report), [Finding::NotCovered]);
        }
    }
}

#[tokio::test]
async fn contents_elsewhere_are_signed_by_their_addresses() {
    let (key, certificate) = (key("ul512"), certificate("ul512"));
    let signatory = Signatory::new(&key, &certificate).unwrap();
    let contents: [(&str, &[u8]); 2] = [("a.txt?b=1&c=\"2\"", b"one"), ("cid:two", b"")];
    let signed = XmlSigning::default().detach(&signatory, &contents).await.unwrap();
    let mut rules = XmlRules::default();
    rules.covers = Coverage::Content("cid:two".to_owned());
    rules.contents = &contents;
    let report = check(&signed, &rules).await;
    assert_eq!(report.report.verdict, Verdict::Valid, "{signed}\n{report:#?}");
    assert_eq!(report.signatures[0].covered[0].part, SignedPart::Content(contents[0].0.to_owned()));
    rules.covers = Coverage::Content("cid:three".to_owned());
    assert_eq!(findings(&check(&signed, &rules).await), [Finding::NotCovered]);
    rules.covers = Coverage::Content("cid:two".to_owned());
    let others: [(&str, &[u8]); 2] = [contents[0], ("cid:two", b"2")];
    rules.contents = &others;
    assert_eq!(findings(&check(&signed, &rules).await), [Finding::ContentChanged]);
    rules.contents = &contents[..1];
    let report = check(&signed, &rules).await;
    assert_eq!(findings(&report), [Finding::ContentMissing]);
    assert_eq!(report.report.verdict, Verdict::Indeterminate);
}

#[tokio::test]
async fn what_cannot_be_referred_to_is_not_signed() {
    let (key, certificate) = (key("person"), certificate("person"));
    let signatory = Signatory::new(&key, &certificate).unwrap();
    let twice = document("<a><b Id='b'/><b id='b'/></a>");
    for (targets, place) in [(["b"], "a"), (["absent"], "a"), (["b"], "absent")] {
        let signing = beside(&targets, &[place]);
        let refused = twice.sign(&signatory, &signing).await;
        assert!(matches!(refused, Err(Error::Xml(_))), "{refused:?}");
    }
    let mut signing = XmlSigning::default();
    signing.targets = vec![Locator::Path(vec![XmlName::new("", "a")])];
    assert!(matches!(twice.sign(&signatory, &signing).await, Err(Error::Xml(_))));
    let named = document("<a ID='it'/>");
    let signed = named.sign(&signatory, &signing).await.unwrap();
    assert!(signed.contains("URI=\"#it\""));
    let report = check(&signed, &XmlRules::default()).await;
    assert_eq!(report.report.verdict, Verdict::Valid, "{signed} {report:#?}");
}

#[tokio::test]
async fn identifiers_of_signatures_are_free() {
    let text = "<a Id='signature-1'><b id='signature-2-properties'/></a>";
    let signed = sign(text, "person", &XmlSigning::default()).await;
    assert!(signed.contains("Id=\"signature-3\""), "{signed}");
}

#[tokio::test]
async fn prefixes_are_listed_as_they_were_asked() {
    let mut signing = beside(&["b"], &["a"]);
    signing.method.prefixes = vec!["p".to_owned(), String::new()];
    let text = "<a xmlns:p='urn:p' xmlns:q='urn:q'><b Id='b' xmlns=''>p:value</b></a>";
    let signed = sign(text, "person", &signing).await;
    let report = check(&signed, &covers(Locator::Id("b".to_owned()))).await;
    assert_eq!(report.report.verdict, Verdict::Valid, "{report:#?}");
    let octets = &report.signatures[0].covered[0].octets;
    assert_eq!(octets, b"<b xmlns:p=\"urn:p\" Id=\"b\">p:value</b>");
    assert_eq!(signing.method.form, CanonicalForm::Exclusive);
    let moved = signed.replacen("urn:p", "urn:z", 1);
    let report = check(&moved, &covers(Locator::Id("b".to_owned()))).await;
    assert_eq!(findings(&report), [Finding::ContentChanged; 2], "the properties are below it too");
}

#[tokio::test]
async fn documents_are_read_and_signed_within_limits() {
    let limits = XmlLimits { octets: 100, ..XmlLimits::default() };
    let small = XmlDocument::from_octets(b"<a/>", limits).unwrap();
    let (key, certificate) = (key("person"), certificate("person"));
    let signatory = Signatory::new(&key, &certificate).unwrap();
    assert!(small.sign(&signatory, &XmlSigning::default()).await.is_err());
}
