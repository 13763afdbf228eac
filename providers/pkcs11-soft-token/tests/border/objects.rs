//! Objects: made, found, read, changed, and where they live.

use cryptoki_sys::*;
use pkcs11_soft_token::tc26::{CKM_GOSTR3411_12_256_HMAC, CKM_GOSTR3411_12_512_HMAC};

use crate::client::{Client, Outcome, QUICK, SO_PIN, USER_PIN, Value, call, number, octets, truth};

const NONE: [CK_OBJECT_HANDLE; 0] = [];

/// A private data object on the token.
pub(crate) fn data(client: &Client, session: CK_SESSION_HANDLE, value: &[u8]) -> CK_OBJECT_HANDLE {
    let template = [
        number(CKA_CLASS, CKO_DATA),
        truth(CKA_TOKEN, true),
        truth(CKA_PRIVATE, true),
        octets(CKA_LABEL, "Метка".as_bytes()),
        octets(CKA_VALUE, value),
    ];
    client.create(session, &template).unwrap()
}

#[test]
fn private_objects_are_the_users_alone() {
    let (client, session) = Client::ready();
    let private = data(&client, session, b"secret");
    let public =
        client.create(session, &[number(CKA_CLASS, CKO_DATA), truth(CKA_TOKEN, true)]).unwrap();
    let everything = client.find(session, &[]).unwrap();
    assert!(everything.contains(&private) && everything.contains(&public));
    client.logout(session).unwrap();
    assert_eq!(client.find(session, &[]).unwrap(), [public]);
    assert_eq!(client.get(session, private, CKA_VALUE), Err(CKR_OBJECT_HANDLE_INVALID));
    client.login(session, CKU_SO, SO_PIN).unwrap();
    assert_eq!(client.find(session, &[]).unwrap(), [public]);
    let hidden = [number(CKA_CLASS, CKO_DATA), truth(CKA_PRIVATE, true)];
    assert_eq!(client.create(session, &hidden), Err(CKR_USER_NOT_LOGGED_IN));
}

#[test]
fn token_objects_outlive_the_process_and_session_objects_the_session_do_not() {
    let (client, session) = Client::ready();
    data(&client, session, b"kept");
    let brief = [number(CKA_CLASS, CKO_DATA), octets(CKA_LABEL, b"brief")];
    client.create(session, &brief).unwrap();
    assert_eq!(client.find(session, &[octets(CKA_LABEL, b"brief")]).unwrap().len(), 1);
    client.restart();
    let session = client.user_session();
    assert_eq!(client.find(session, &[octets(CKA_LABEL, b"brief")]).unwrap(), NONE);
    let kept = client.find(session, &[octets(CKA_LABEL, "Метка".as_bytes())]).unwrap();
    assert_eq!(client.get(session, kept[0], CKA_VALUE).unwrap(), b"kept");
}

#[test]
fn a_reading_session_changes_no_token_object() {
    let (client, session) = Client::ready();
    let kept = data(&client, session, b"kept");
    let reading = client.open_with(0, CKF_SERIAL_SESSION).unwrap();
    let template = [number(CKA_CLASS, CKO_DATA), truth(CKA_TOKEN, true)];
    assert_eq!(client.create(reading, &template), Err(CKR_SESSION_READ_ONLY));
    assert_eq!(client.destroy(reading, kept), Err(CKR_SESSION_READ_ONLY));
    assert_eq!(client.set(reading, kept, &[octets(CKA_LABEL, b"x")]), Err(CKR_SESSION_READ_ONLY));
    client.create(reading, &[number(CKA_CLASS, CKO_DATA)]).unwrap();
}

#[test]
fn changes_are_durable_and_all_or_nothing() {
    let (client, session) = Client::ready();
    let object = data(&client, session, b"value");
    client.set(session, object, &[octets(CKA_LABEL, b"changed")]).unwrap();
    let both = [octets(CKA_LABEL, b"again"), truth(CKA_TOKEN, false)];
    assert_eq!(client.set(session, object, &both), Err(CKR_ATTRIBUTE_READ_ONLY));
    assert_eq!(client.get(session, object, CKA_LABEL).unwrap(), b"changed");
    client.restart();
    let session = client.user_session();
    let found = client.find(session, &[octets(CKA_LABEL, b"changed")]).unwrap();
    client.destroy(session, found[0]).unwrap();
    assert_eq!(client.find(session, &[]).unwrap(), NONE);
    assert_eq!(client.get(session, found[0], CKA_LABEL), Err(CKR_OBJECT_HANDLE_INVALID));
}

#[test]
fn what_was_once_hidden_stays_hidden() {
    let (client, session) = Client::ready();
    let secret = |sensitive, extractable| {
        let template = [
            number(CKA_CLASS, CKO_SECRET_KEY),
            number(CKA_KEY_TYPE, CKK_GENERIC_SECRET),
            truth(CKA_SENSITIVE, sensitive),
            truth(CKA_EXTRACTABLE, extractable),
            octets(CKA_VALUE, b"key"),
        ];
        client.create(session, &template).unwrap()
    };
    let open = secret(false, true);
    assert_eq!(client.get(session, open, CKA_VALUE).unwrap(), b"key");
    client.set(session, open, &[truth(CKA_SENSITIVE, true)]).unwrap();
    assert_eq!(client.get(session, open, CKA_VALUE), Err(CKR_ATTRIBUTE_SENSITIVE));
    assert_eq!(
        client.set(session, open, &[truth(CKA_SENSITIVE, false)]),
        Err(CKR_ATTRIBUTE_READ_ONLY)
    );
    let kept = secret(false, false);
    assert_eq!(client.get(session, kept, CKA_VALUE), Err(CKR_ATTRIBUTE_SENSITIVE));
    assert_eq!(
        client.set(session, kept, &[truth(CKA_EXTRACTABLE, true)]),
        Err(CKR_ATTRIBUTE_READ_ONLY)
    );
    assert_eq!(client.find(session, &[octets(CKA_VALUE, b"key")]).unwrap(), NONE);
    for (attribute, value) in [(CKA_ALWAYS_SENSITIVE, 0), (CKA_NEVER_EXTRACTABLE, 0)] {
        assert_eq!(client.get(session, open, attribute).unwrap(), [value]);
    }
}

#[test]
fn templates_that_make_no_sense_are_refused() {
    let (client, session) = Client::ready();
    let create =
        |template: &[Value]| -> Outcome<CK_OBJECT_HANDLE> { client.create(session, template) };
    let class = number(CKA_CLASS, CKO_DATA);
    assert_eq!(create(&[]), Err(CKR_TEMPLATE_INCOMPLETE));
    assert_eq!(create(&[class.clone(), class.clone()]), Err(CKR_TEMPLATE_INCONSISTENT));
    for (bad, code) in [
        (octets(CKA_MODULUS, b"1"), CKR_ATTRIBUTE_TYPE_INVALID),
        (octets(CKA_TOKEN, b"\x02"), CKR_ATTRIBUTE_VALUE_INVALID),
        (octets(CKA_TOKEN, b""), CKR_ATTRIBUTE_VALUE_INVALID),
    ] {
        assert_eq!(create(&[class.clone(), bad]), Err(code));
    }
    assert_eq!(create(&[octets(CKA_CLASS, b"\x00")]), Err(CKR_ATTRIBUTE_VALUE_INVALID));
    assert_eq!(create(&[number(CKA_CLASS, 99)]), Err(CKR_ATTRIBUTE_VALUE_INVALID));
    let vendor = octets(0x8000_2002, b"journal");
    let object = create(&[class, vendor]).unwrap();
    assert_eq!(client.get(session, object, 0x8000_2002).unwrap(), b"journal");
}

#[test]
fn a_secret_on_the_token_is_private() {
    let (client, session) = Client::ready();
    let template = |private| {
        [
            number(CKA_CLASS, CKO_SECRET_KEY),
            number(CKA_KEY_TYPE, CKK_GENERIC_SECRET),
            octets(CKA_VALUE, b"key"),
            truth(CKA_TOKEN, true),
            truth(CKA_PRIVATE, private),
        ]
    };
    assert_eq!(client.create(session, &template(false)), Err(CKR_TEMPLATE_INCONSISTENT));
    client.create(session, &template(true)).unwrap();
}

#[test]
fn keys_serve_the_mechanisms_they_name_and_no_other() {
    let (client, session) = Client::ready();
    let template = [
        number(CKA_CLASS, CKO_SECRET_KEY),
        number(CKA_KEY_TYPE, CKK_GENERIC_SECRET),
        octets(CKA_VALUE, b"key"),
        number(CKA_ALLOWED_MECHANISMS, CKM_GOSTR3411_12_256_HMAC),
    ];
    let key = client.create(session, &template).unwrap();
    client.sign(session, CKM_GOSTR3411_12_256_HMAC, key, b"message").unwrap();
    assert_eq!(
        client.sign(session, CKM_GOSTR3411_12_512_HMAC, key, b"message"),
        Err(CKR_MECHANISM_INVALID)
    );
}

#[test]
fn a_certificate_names_itself() {
    let der = include_bytes!("../../../../tests/data/samples/generated/person.cer");
    let (client, session) = Client::ready();
    let template = [
        number(CKA_CLASS, CKO_CERTIFICATE),
        number(CKA_CERTIFICATE_TYPE, CKC_X_509),
        truth(CKA_TOKEN, true),
        octets(CKA_ID, b"id"),
        octets(CKA_VALUE, der),
    ];
    let object = client.create(session, &template).unwrap();
    assert_eq!(client.get(session, object, CKA_VALUE).unwrap(), der);
    for attribute in [CKA_SUBJECT, CKA_ISSUER, CKA_SERIAL_NUMBER] {
        let part = client.get(session, object, attribute).unwrap();
        assert!(part.len() > 2 && der.windows(part.len()).any(|window| window == part));
    }
    let mut damaged = template.to_vec();
    damaged[4].1.truncate(40);
    assert_eq!(client.create(session, &damaged), Err(CKR_ATTRIBUTE_VALUE_INVALID));
    client.logout(session).unwrap();
    assert_eq!(client.find(session, &[octets(CKA_ID, b"id")]).unwrap(), [object]);
}

#[test]
fn a_copy_is_never_less_private() {
    let (client, session) = Client::ready();
    let original = data(&client, session, b"value");
    let copied = |changes: &[Value]| -> Outcome<CK_OBJECT_HANDLE> {
        let mut copy = 0;
        let mut changes = crate::client::attributes(changes);
        let count = changes.len() as CK_ULONG;
        call!(client, C_CopyObject(session, original, changes.as_mut_ptr(), count, &raw mut copy))?;
        Ok(copy)
    };
    let copy = copied(&[truth(CKA_TOKEN, false), octets(CKA_LABEL, b"copy")]).unwrap();
    assert_eq!(client.get(session, copy, CKA_VALUE).unwrap(), b"value");
    assert_eq!(client.get(session, copy, CKA_TOKEN).unwrap(), [0]);
    assert_eq!(copied(&[truth(CKA_PRIVATE, false)]), Err(CKR_TEMPLATE_INCONSISTENT));
}

#[test]
fn a_new_token_has_none_of_the_old_objects() {
    let (client, session) = Client::ready();
    data(&client, session, b"value");
    client.close(session).unwrap();
    let before = client.token_info(0).unwrap();
    client.init_token(0, SO_PIN).unwrap();
    assert_ne!(client.token_info(0).unwrap().serialNumber, before.serialNumber);
    let session = client.open(0).unwrap();
    assert_eq!(client.login(session, CKU_USER, USER_PIN), Err(CKR_USER_PIN_NOT_INITIALIZED));
    client.login(session, CKU_SO, SO_PIN).unwrap();
    client.init_pin(session, USER_PIN).unwrap();
    client.logout(session).unwrap();
    client.login(session, CKU_USER, USER_PIN).unwrap();
    assert_eq!(client.find(session, &[]).unwrap(), NONE);
}

#[test]
fn a_damaged_file_is_no_object_and_harms_no_other() {
    let client = Client::with_token(QUICK);
    let session = client.user_session();
    let good = data(&client, session, b"good");
    let folder = client.folder.path().join("slot-0");
    std::fs::write(folder.join("0011223344556677.object"), b"GSTO\x01\x01torn").unwrap();
    std::fs::write(folder.join("0011223344556678.object"), b"").unwrap();
    let name = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| {
            path.extension().is_some_and(|it| it == "object") && path.metadata().unwrap().len() > 50
        })
        .unwrap();
    std::fs::copy(name, folder.join("0011223344556679.object")).unwrap();
    assert_eq!(client.find(session, &[]).unwrap(), [good]);
}
