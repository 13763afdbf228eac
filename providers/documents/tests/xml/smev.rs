//! The transform of SMEV.

use gost_ca_documents::xml::{XmlRules, XmlSigning};
use gost_ca_documents::{Error, Signatory, Verdict};

use crate::canonical::document;
use crate::signing::check;
use crate::support::{certificate, key};

/// What a signature of the whole document covers, with the signature taken out.
async fn transformed(text: &str) -> Result<String, Error> {
    let (key, certificate) = (key("person"), certificate("person"));
    let signatory = Signatory::new(&key, &certificate).unwrap();
    let mut signing = XmlSigning::default();
    signing.smev = true;
    let signed = document(text).sign(&signatory, &signing).await?;
    let report = check(&signed, &XmlRules::default()).await;
    assert_eq!(report.report.verdict, Verdict::Valid, "{report:#?}");
    Ok(String::from_utf8(report.signatures[0].covered[0].octets.clone()).unwrap())
}

/// The three examples of the methodical recommendations.
#[tokio::test]
async fn official_examples() {
    for (text, expected) in [
        (
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- -->\n<?xml-stylesheet type=\"text/xsl\" href=\"style.xsl\"?>\n\n\
             <elementOne xmlns=\"http://test/1\">\n\t<qwe:elementTwo xmlns:qwe=\"http://test/2\">asd</qwe:elementTwo>  \n</elementOne>",
            "<ns1:elementOne xmlns:ns1=\"http://test/1\"><ns2:elementTwo xmlns:ns2=\"http://test/2\">asd</ns2:elementTwo>\
             </ns1:elementOne>",
        ),
        (
            "<elementOne xmlns=\"http://test/1\" xmlns:qwe=\"http://test/2\" xmlns:asd=\"http://test/3\">\n<qwe:elementTwo>\n\
             <asd:elementThree>\n<elementFour> z x c </elementFour>\n<qqq:elementFive xmlns:qqq=\"http://test/2\"> w w w \
             </qqq:elementFive>\n</asd:elementThree>\n<asd:elementSix>eee</asd:elementSix>\n</qwe:elementTwo>\n</elementOne>",
            "<ns1:elementOne xmlns:ns1=\"http://test/1\"><ns2:elementTwo xmlns:ns2=\"http://test/2\"><ns3:elementThree \
             xmlns:ns3=\"http://test/3\"><ns1:elementFour> z x c </ns1:elementFour><ns2:elementFive> w w w </ns2:elementFive>\
             </ns3:elementThree><ns4:elementSix xmlns:ns4=\"http://test/3\">eee</ns4:elementSix></ns2:elementTwo></ns1:elementOne>",
        ),
        (
            "<elementOne xmlns=\"http://test/1\" xmlns:qwe=\"http://test/2\" xmlns:asd=\"http://test/3\"><qwe:elementTwo>\
             <asd:elementThree xmlns:wer=\"http://test/a\" xmlns:zxc=\"http://test/0\" wer:attZ=\"zzz\" attB=\"bbb\" attA=\"aaa\" \
             zxc:attC=\"ccc\" asd:attD=\"ddd\" asd:attE=\"eee\" qwe:attF=\"fff\"/></qwe:elementTwo></elementOne>",
            "<ns1:elementOne xmlns:ns1=\"http://test/1\"><ns2:elementTwo xmlns:ns2=\"http://test/2\"><ns3:elementThree \
             xmlns:ns3=\"http://test/3\" xmlns:ns4=\"http://test/0\" xmlns:ns5=\"http://test/a\" ns4:attC=\"ccc\" ns2:attF=\"fff\" \
             ns3:attD=\"ddd\" ns3:attE=\"eee\" ns5:attZ=\"zzz\" attA=\"aaa\" attB=\"bbb\"></ns3:elementThree></ns2:elementTwo>\
             </ns1:elementOne>",
        ),
    ] {
        assert_eq!(transformed(text).await.unwrap(), expected);
    }
}

#[tokio::test]
async fn what_programs_do_not_agree_about_is_refused() {
    for bad in [
        "<a/>",
        "<a xmlns='urn:u'><b xmlns=''/></a>",
        "<a xmlns='urn:u' xml:lang='ru'/>",
        "<a xmlns='urn:u' b='1&#10;2'/>",
        "<a xmlns='urn:u' b='>'/>",
        "<a xmlns='urn:u'>1&#13;2</a>",
        "<a xmlns='urn:u'>1&lt; &gt;2</a>",
    ] {
        let refused = transformed(bad).await;
        assert!(matches!(refused, Err(Error::Unsupported { .. })), "{bad}: {refused:?}");
    }
    let fine = transformed(
        "<a xmlns='urn:u' b='&quot;&amp;&apos;'>1 &lt; 2 > \u{a0}<?x?> <b>\u{a0}</b></a>",
    );
    let expected = "<ns1:a xmlns:ns1=\"urn:u\" b=\"&quot;&amp;'\">1 &lt; 2 &gt; \u{a0}<ns1:b>\u{a0}</ns1:b></ns1:a>";
    assert_eq!(fine.await.unwrap(), expected);
}
