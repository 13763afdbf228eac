//! Documents that are not read.

use gost_ca_documents::Error;
use gost_ca_documents::xml::{CanonicalForm, Canonicalization, XmlDocument, XmlFault, XmlLimits};

use crate::canonical::document;

fn fault(text: &[u8]) -> XmlFault {
    match XmlDocument::from_octets(text, XmlLimits::default()) {
        Err(Error::Xml(fault)) => fault,
        other => panic!("{other:?}: {}", String::from_utf8_lossy(text)),
    }
}

#[test]
fn document_types_and_entities_are_refused() {
    for text in [
        "<!DOCTYPE a><a/>",
        "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
        "<!DOCTYPE a [<!ENTITY b '&c;&c;'><!ENTITY c '&d;&d;'><!ENTITY d 'lol'>]><a>&b;</a>",
        "<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>",
        "<!DOCTYPE a [<!ENTITY b SYSTEM 'http://example.org/'>]><a>&b;</a>",
        "<!DOCTYPE a [<!ATTLIST a Id ID #IMPLIED>]><a Id='b'/>",
        "<?xml version='1.0'?><!-- --><!DOCTYPE a><a/>",
    ] {
        assert_eq!(fault(text.as_bytes()), XmlFault::DocumentType, "{text}");
    }
    for text in [
        "<a>&b;</a>",
        "<a b='&c;'/>",
        "<a>&#0;</a>",
        "<a>&#1;</a>",
        "<a>&#xD800;</a>",
        "<a b='&#x110000;'/>",
        "<a b='&#xFFFE;'/>",
        "<a>&#65</a>",
        "<a>&lt</a>",
        "<a>& </a>",
    ] {
        assert!(matches!(fault(text.as_bytes()), XmlFault::Malformed(_)), "{text}");
    }
}

#[test]
fn other_encodings_and_versions_are_refused() {
    let cyrillic = b"<?xml version='1.0' encoding='windows-1251'?><a>\xe4\xe0</a>";
    assert!(matches!(fault(cyrillic), XmlFault::Encoding(_)));
    let ascii = b"<?xml version='1.0' encoding='windows-1251'?><a/>";
    assert_eq!(fault(ascii), XmlFault::Encoding("windows-1251".to_owned()));
    assert!(matches!(fault(b"\xff\xfe<\0a\0/\0>\0"), XmlFault::Encoding(_)));
    assert_eq!(fault(b"<?xml version='1.1'?><a/>"), XmlFault::Version("1.1".to_owned()));
    document("\u{feff}<?xml version='1.0' encoding='utf-8' standalone='yes'?><a/>");
}

#[test]
fn malformed_markup_is_refused() {
    for text in [
        "",
        "a",
        "<a>",
        "<a/><b/>",
        "<a></b>",
        "<a><b></a></b>",
        "<a b=1/>",
        "<a b='1' b='2'/>",
        "<a b='1'c='2'/>",
        "<a b='<'/>",
        "<a>]]></a>",
        "<a><!-- -- --></a>",
        "<a>\u{1}</a>",
        "<a><?xml version='1.0'?></a>",
        "<a><?XML?></a>",
        "<a><?xml\tversion='1.0'?></a>",
        "<a><?b?c?></a>",
        "<a><?b<c ?></a>",
        "<a><?b:c ?></a>",
        "<a><![CDATA[</a>",
        "<a/>&#32;",
        " <?xml version='1.0'?><a/>",
        "<a\u{2028}b='1'/>",
    ] {
        assert!(matches!(fault(text.as_bytes()), XmlFault::Malformed(_)), "{text}");
    }
}

/// What one parser takes for a declaration, and another for an attribute.
#[test]
fn tricks_with_namespaces_are_refused() {
    for text in [
        "<b:a/>",
        "<a b:c='1'/>",
        "<a xmlns:b=''/>",
        "<a xmlns='urn:1' xmlns='urn:2'/>",
        "<a xmlns:b='urn:1' xmlns:b='urn:2'/>",
        "<a xmlns:b='urn:1' xmlns:c='urn:1' b:d='1' c:d='2'/>",
        "<a xmlns:b='urn:1' b:xmlns='urn:2'/>",
        "<a xmlns:xmlns='urn:1'/>",
        "<a xmlns:xml='urn:1'/>",
        "<a xmlns:b='http://www.w3.org/XML/1998/namespace'/>",
        "<a xmlns='http://www.w3.org/XML/1998/namespace'/>",
        "<a xmlns:b='http://www.w3.org/2000/xmlns/'/>",
        "<xmlns:a/>",
        "<:a/>",
        "<a></:a>",
        "<a :b='1'/>",
        "<a: xmlns:a='urn:1'/>",
        "<a:b:c xmlns:a='urn:1'/>",
    ] {
        assert!(matches!(fault(text.as_bytes()), XmlFault::Malformed(_)), "{text}");
    }
    let relative = document("<a xmlns:b='urn:1' xmlns='one'/>");
    for form in [CanonicalForm::Inclusive, CanonicalForm::Exclusive] {
        let refused = relative.canonical(&Canonicalization::new(form));
        assert!(matches!(refused, Err(Error::Xml(XmlFault::RelativeNamespace(_)))));
    }
}

#[test]
fn limits_hold_before_anything_is_built() {
    let deep = |depth| "<a>".repeat(depth) + &"</a>".repeat(depth);
    document(&deep(256));
    assert_eq!(fault(deep(257).as_bytes()), XmlFault::TooDeep(256));
    assert_eq!(fault("<a>".repeat(1_000_000).as_bytes()), XmlFault::TooDeep(256));
    let wide = |width| {
        let all: Vec<_> = (0..width).map(|number| format!(" a{number}=''")).collect();
        format!("<a{}/>", all.concat())
    };
    document(&wide(256));
    assert_eq!(fault(wide(257).as_bytes()), XmlFault::TooManyAttributes(256));
    let scopes: Vec<_> = (0..200)
        .map(|number| format!("<a xmlns:a{number}='urn:1' xmlns:b{number}='urn:1'>"))
        .collect();
    assert_eq!(fault(scopes.concat().as_bytes()), XmlFault::TooManyAttributes(256));
    let nodes = format!("<a>{}</a>", "<a/>".repeat(1_000_000));
    assert_eq!(fault(nodes.as_bytes()), XmlFault::TooManyNodes(1_000_000));
    let long = vec![b' '; 0x100_0001];
    assert_eq!(fault(&long), XmlFault::TooLong(0x100_0000));
}

/// A long name of a namespace, declared once and written a thousand times.
#[test]
fn canonical_forms_do_not_explode() {
    let uri = format!("urn:{}", "a".repeat(100_000));
    let text = format!("<a xmlns:b='{uri}'>{}</a>", "<b:c/>".repeat(1000));
    let refused = document(&text).canonical(&Canonicalization::default());
    assert!(matches!(refused, Err(Error::Xml(XmlFault::TooLong(_)))));
    assert!(document(&text).canonical(&Canonicalization::new(CanonicalForm::Inclusive)).is_ok());
}
