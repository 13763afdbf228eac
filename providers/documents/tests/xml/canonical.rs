//! Canonical forms: the examples of the recommendations, and what holds for every document.

use gost_ca_documents::xml::{
    CanonicalForm, Canonicalization, Locator, XmlDocument, XmlLimits, XmlName,
};

use crate::random::Random;

pub(crate) const FORMS: [CanonicalForm; 3] =
    [CanonicalForm::Inclusive, CanonicalForm::Inclusive11, CanonicalForm::Exclusive];

pub(crate) fn document(text: &str) -> XmlDocument {
    XmlDocument::from_octets(text.as_bytes(), XmlLimits::default())
        .unwrap_or_else(|error| panic!("{error}: {text}"))
}

pub(crate) fn canonical(text: &str, method: &Canonicalization) -> String {
    let octets = document(text).canonical(method).unwrap();
    String::from_utf8(octets).unwrap()
}

fn inclusive() -> Canonicalization {
    Canonicalization::new(CanonicalForm::Inclusive)
}

/// C14N 1.0 §3.1, without its document type.
#[test]
fn instructions_and_comments_stand_on_lines_of_their_own() {
    let text = "<?xml version=\"1.0\"?>\n\n<?xml-stylesheet   href=\"doc.xsl\"\n   type=\"text/xsl\"   ?>\n\n\
        <doc>Hello, world!<!-- Comment 1 --></doc>\n\n<?pi-without-data     ?>\n\n\
        <!-- Comment 2 -->\n\n<!-- Comment 3 -->";
    assert_eq!(
        canonical(text, &inclusive()),
        "<?xml-stylesheet href=\"doc.xsl\"\n   type=\"text/xsl\"   ?>\n<doc>Hello, world!</doc>\n<?pi-without-data?>"
    );
    assert_eq!(
        canonical(text, &inclusive().with_comments()),
        "<?xml-stylesheet href=\"doc.xsl\"\n   type=\"text/xsl\"   ?>\n<doc>Hello, world!<!-- Comment 1 --></doc>\n\
         <?pi-without-data?>\n<!-- Comment 2 -->\n<!-- Comment 3 -->"
    );
}

/// C14N 1.0 §3.2.
#[test]
fn spaces_in_content_stay() {
    let text = "<doc>\n   <clean>   </clean>\n   <dirty>   A   B   </dirty>\n   <mixed>\n      A\n      \
        <clean>   </clean>\n      B\n      <dirty>   A   B   </dirty>\n      C\n   </mixed>\n</doc>";
    assert_eq!(canonical(text, &inclusive()), text);
}

/// C14N 1.0 §3.3, without the attribute that its document type adds.
#[test]
fn tags_are_written_one_way() {
    let text = "<doc>\n   <e1   />\n   <e2   ></e2>\n   <e3   name = \"elem3\"   id=\"elem3\"   />\n   \
        <e4   name=\"elem4\"   id=\"elem4\"   ></e4>\n   <e5 a:attr=\"out\" b:attr=\"sorted\" attr2=\"all\" attr=\"I'm\"\n      \
        xmlns:b=\"http://www.ietf.org\"\n      xmlns:a=\"http://www.w3.org\"\n      xmlns=\"http://example.org\"/>\n   \
        <e6 xmlns=\"\" xmlns:a=\"http://www.w3.org\">\n      <e7 xmlns=\"http://www.ietf.org\">\n         \
        <e8 xmlns=\"\" xmlns:a=\"http://www.w3.org\">\n            <e9 xmlns=\"\" xmlns:a=\"http://www.ietf.org\"/>\n         \
        </e8>\n      </e7>\n   </e6>\n</doc>";
    assert_eq!(
        canonical(text, &inclusive()),
        "<doc>\n   <e1></e1>\n   <e2></e2>\n   <e3 id=\"elem3\" name=\"elem3\"></e3>\n   \
         <e4 id=\"elem4\" name=\"elem4\"></e4>\n   <e5 xmlns=\"http://example.org\" xmlns:a=\"http://www.w3.org\" \
         xmlns:b=\"http://www.ietf.org\" attr=\"I'm\" attr2=\"all\" b:attr=\"sorted\" a:attr=\"out\"></e5>\n   \
         <e6 xmlns:a=\"http://www.w3.org\">\n      <e7 xmlns=\"http://www.ietf.org\">\n         \
         <e8 xmlns=\"\">\n            <e9 xmlns:a=\"http://www.ietf.org\"></e9>\n         \
         </e8>\n      </e7>\n   </e6>\n</doc>"
    );
}

/// C14N 1.0 §3.4, without the normalization that only its document type asks for, and §3.6.
#[test]
fn characters_are_written_one_way() {
    let text = "<doc>\n   <text>First line&#x0d;&#10;Second line</text>\n   <value>&#x32;</value>\n   \
        <compute><![CDATA[value>\"0\" && value<\"10\" ?\"valid\":\"error\"]]></compute>\n   \
        <compute expr='value>\"0\" &amp;&amp; value&lt;\"10\" ?\"valid\":\"error\"'>valid</compute>\n   \
        <norm attr=' &apos;   &#x20;&#13;&#xa;&#9;   &apos; '/>\n</doc>";
    assert_eq!(
        canonical(text, &inclusive()),
        "<doc>\n   <text>First line&#xD;\nSecond line</text>\n   <value>2</value>\n   \
         <compute>value&gt;\"0\" &amp;&amp; value&lt;\"10\" ?\"valid\":\"error\"</compute>\n   \
         <compute expr=\"value>&quot;0&quot; &amp;&amp; value&lt;&quot;10&quot; ?&quot;valid&quot;:&quot;error&quot;\">\
         valid</compute>\n   <norm attr=\" '    &#xD;&#xA;&#x9;   ' \"></norm>\n</doc>"
    );
    assert_eq!(canonical("<doc>&#169;</doc>", &inclusive()), "<doc>\u{a9}</doc>");
}

/// Exclusive XML Canonicalization 1.0 §2.2: one element in two documents.
#[test]
fn elements_come_with_their_surroundings_or_without() {
    let one = "<n0:local xmlns:n0=\"http://foobar.org\" xmlns:n3=\"ftp://example.org\">\n  \
        <n1:elem2 xmlns:n1=\"http://example.net\"\n           xml:lang=\"en\">\n    \
        <n3:stuff xmlns:n3=\"ftp://example.org\"/>\n  </n1:elem2>\n</n0:local>";
    let other = "<n2:pdu xmlns:n1=\"http://example.com\"\n        xmlns:n2=\"http://foo.example\"\n        \
        xml:lang=\"fr\"\n        xml:space=\"retain\">\n  <n1:elem2 xmlns:n1=\"http://example.net\"\n           \
        xml:lang=\"en\">\n    <n3:stuff xmlns:n3=\"ftp://example.org\"/>\n  </n1:elem2>\n</n2:pdu>";
    let element = |outer: [&str; 2]| {
        let names = [XmlName::new(outer[0], outer[1]), XmlName::new("http://example.net", "elem2")];
        Locator::Path(names.to_vec())
    };
    let form = |text: &str, outer, method: &Canonicalization| {
        let octets = document(text).canonical_element(&element(outer), method).unwrap();
        String::from_utf8(octets).unwrap()
    };
    let (first, second) = (["http://foobar.org", "local"], ["http://foo.example", "pdu"]);
    assert_eq!(
        form(one, first, &inclusive()),
        "<n1:elem2 xmlns:n0=\"http://foobar.org\" xmlns:n1=\"http://example.net\" xmlns:n3=\"ftp://example.org\" \
         xml:lang=\"en\">\n    <n3:stuff></n3:stuff>\n  </n1:elem2>"
    );
    assert_eq!(
        form(other, second, &inclusive()),
        "<n1:elem2 xmlns:n1=\"http://example.net\" xmlns:n2=\"http://foo.example\" xml:lang=\"en\" \
         xml:space=\"retain\">\n    <n3:stuff xmlns:n3=\"ftp://example.org\"></n3:stuff>\n  </n1:elem2>"
    );
    let exclusive = "<n1:elem2 xmlns:n1=\"http://example.net\" xml:lang=\"en\">\n    \
        <n3:stuff xmlns:n3=\"ftp://example.org\"></n3:stuff>\n  </n1:elem2>";
    for (text, outer) in [(one, first), (other, second)] {
        assert_eq!(form(text, outer, &Canonicalization::default()), exclusive);
    }
    // §3: with a list of prefixes
    let mut listed = Canonicalization::default();
    listed.prefixes = vec!["n2".to_owned(), "n3".to_owned(), "absent".to_owned(), String::new()];
    assert_eq!(
        form(other, second, &listed),
        "<n1:elem2 xmlns:n1=\"http://example.net\" xmlns:n2=\"http://foo.example\" xml:lang=\"en\">\n    \
         <n3:stuff xmlns:n3=\"ftp://example.org\"></n3:stuff>\n  </n1:elem2>"
    );
    assert_eq!(
        form(one, first, &listed),
        "<n1:elem2 xmlns:n1=\"http://example.net\" xmlns:n3=\"ftp://example.org\" xml:lang=\"en\">\n    \
         <n3:stuff></n3:stuff>\n  </n1:elem2>"
    );
}

/// C14N 1.0 §2.4 and 1.1 §2.4.
#[test]
fn attributes_of_xml_are_inherited() {
    let text = "<a xml:id=\"top\" xml:space=\"preserve\" xml:lang=\"ru\" x=\"1\"><b xml:lang=\"en\"><c id=\"c\"/></b></a>";
    let form = |form| {
        let method = Canonicalization::new(form);
        let octets = document(text).canonical_element(&Locator::Id("c".to_owned()), &method);
        String::from_utf8(octets.unwrap()).unwrap()
    };
    assert_eq!(
        form(CanonicalForm::Inclusive),
        "<c id=\"c\" xml:id=\"top\" xml:lang=\"en\" xml:space=\"preserve\"></c>"
    );
    assert_eq!(
        form(CanonicalForm::Inclusive11),
        "<c id=\"c\" xml:lang=\"en\" xml:space=\"preserve\"></c>"
    );
    assert_eq!(form(CanonicalForm::Exclusive), "<c id=\"c\"></c>");
    let based = document("<a xml:base=\"http://example.org/\"><c id=\"c\"/></a>");
    let element = Locator::Id("c".to_owned());
    let method = Canonicalization::new(CanonicalForm::Inclusive11);
    assert!(based.canonical_element(&element, &method).is_err());
    assert!(based.canonical(&method).is_ok());
    assert_eq!(
        based.canonical_element(&element, &inclusive()).unwrap(),
        b"<c id=\"c\" xml:base=\"http://example.org/\"></c>"
    );
}

/// XML 1.0 §2.11: before references are looked at.
#[test]
fn ends_of_lines_are_one_character() {
    for (text, expected) in [
        ("<a>1\r\n2\r3\n\r4</a>", "<a>1\n2\n3\n\n4</a>"),
        ("<a>1\r&lt;2</a>", "<a>1\n&lt;2</a>"),
        ("<a>\r&#13;1</a>", "<a>\n&#xD;1</a>"),
        ("<a>&#13;\r\n1</a>", "<a>&#xD;\n1</a>"),
        ("<a><![CDATA[1\r2\r\n]]></a>", "<a>1\n2\n</a>"),
        ("<a><!--1\r2\r\n--><?b 1\r2?></a>", "<a><!--1\n2\n--><?b 1\n2?></a>"),
        ("<a b='1\r\n2\r3\t'/>", "<a b=\"1 2 3 \"></a>"),
    ] {
        assert_eq!(canonical(text, &inclusive().with_comments()), expected, "{text:?}");
    }
}

#[test]
fn a_canonical_form_is_its_own() {
    let mut random = Random::new(1);
    for _ in 0..500 {
        let text = random.document();
        for form in FORMS {
            for method in [Canonicalization::new(form), Canonicalization::new(form).with_comments()]
            {
                let once = canonical(&text, &method);
                assert_eq!(canonical(&once, &method), once, "{form:?}: {text}");
            }
        }
    }
}
