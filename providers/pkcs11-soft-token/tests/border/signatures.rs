//! Keys of all curves, signatures, digests, codes.

use std::ptr::null_mut;

use cryptoki_sys::*;
use gost_hash::{hmac_streebog256, hmac_streebog512, streebog256, streebog512};
use gost3410::{ParameterSet, Signature, VerifyingKey};
use pkcs11_soft_token::tc26::*;

use crate::client::{Client, Value, call, len, number, octets, of, plain, truth, with};

/// A curve as PKCS#11 names it.
pub(crate) struct Curve {
    pub(crate) set: ParameterSet,
    pub(crate) der: &'static [u8],
}

pub(crate) const CURVES: &[Curve] = &[
    Curve { set: ParameterSet::TC26_256_A, der: b"\x06\x09\x2a\x85\x03\x07\x01\x02\x01\x01\x01" },
    Curve { set: ParameterSet::CRYPTO_PRO_A, der: b"\x06\x07\x2a\x85\x03\x02\x02\x23\x01" },
    Curve { set: ParameterSet::CRYPTO_PRO_B, der: b"\x06\x07\x2a\x85\x03\x02\x02\x23\x02" },
    Curve { set: ParameterSet::CRYPTO_PRO_C, der: b"\x06\x07\x2a\x85\x03\x02\x02\x23\x03" },
    Curve { set: ParameterSet::TC26_512_A, der: b"\x06\x09\x2a\x85\x03\x07\x01\x02\x01\x02\x01" },
    Curve { set: ParameterSet::TC26_512_B, der: b"\x06\x09\x2a\x85\x03\x07\x01\x02\x01\x02\x02" },
    Curve { set: ParameterSet::TC26_512_C, der: b"\x06\x09\x2a\x85\x03\x07\x01\x02\x01\x02\x03" },
];

impl Curve {
    pub(crate) fn generation(&self) -> CK_MECHANISM_TYPE {
        if self.set.size() == 32 {
            CKM_GOSTR3410_KEY_PAIR_GEN
        } else {
            CKM_GOSTR3410_512_KEY_PAIR_GEN
        }
    }

    pub(crate) fn raw(&self) -> CK_MECHANISM_TYPE {
        if self.set.size() == 32 { CKM_GOSTR3410 } else { CKM_GOSTR3410_512 }
    }

    pub(crate) fn hashing(&self) -> CK_MECHANISM_TYPE {
        match self.set.size() {
            32 => CKM_GOSTR3410_WITH_GOSTR3411_12_256,
            _ => CKM_GOSTR3410_WITH_GOSTR3411_12_512,
        }
    }

    pub(crate) fn public(&self) -> Vec<Value> {
        vec![octets(CKA_GOSTR3410_PARAMS, self.der), truth(CKA_TOKEN, true)]
    }

    pub(crate) fn digest(&self, message: &[u8]) -> Vec<u8> {
        match self.set.size() {
            32 => streebog256(message).to_vec(),
            _ => streebog512(message).to_vec(),
        }
    }
}

#[test]
fn every_curve_signs_what_the_library_verifies() {
    let (client, session) = Client::ready();
    for curve in CURVES {
        let private = [truth(CKA_TOKEN, true), octets(CKA_ID, b"1")];
        let (public, private) =
            client.generate_pair(session, curve.generation(), &curve.public(), &private).unwrap();
        let point = client.get(session, public, CKA_VALUE).unwrap();
        let key = VerifyingKey::from_le_bytes(curve.set, &point).unwrap();
        let digest = curve.digest(b"message");
        for (mechanism, data) in [(curve.raw(), &digest[..]), (curve.hashing(), b"message")] {
            let signature = client.sign(session, mechanism, private, data).unwrap();
            let parsed = Signature::from_slice(&signature).unwrap();
            key.verify_prehash(&digest, &parsed).unwrap();
            client.verify(session, (mechanism, public), data, &signature).unwrap();
            let mut forged = signature.clone();
            forged[5] ^= 1;
            assert_eq!(
                client.verify(session, (mechanism, public), data, &forged),
                Err(CKR_SIGNATURE_INVALID)
            );
            assert_eq!(
                client.verify(session, (mechanism, public), data, &signature[1..]),
                Err(CKR_SIGNATURE_LEN_RANGE)
            );
        }
        assert_eq!(client.get(session, private, CKA_VALUE), Err(CKR_ATTRIBUTE_SENSITIVE));
        for (attribute, value) in
            [(CKA_LOCAL, 1), (CKA_ALWAYS_SENSITIVE, 1), (CKA_NEVER_EXTRACTABLE, 1)]
        {
            assert_eq!(client.get(session, private, attribute).unwrap(), [value]);
        }
    }
}

#[test]
fn keys_sign_after_a_restart() {
    let (client, session) = Client::ready();
    let curve = &CURVES[4];
    let private = [truth(CKA_TOKEN, true), octets(CKA_ID, b"7")];
    let (public, _) =
        client.generate_pair(session, curve.generation(), &curve.public(), &private).unwrap();
    let point = client.get(session, public, CKA_VALUE).unwrap();
    client.restart();
    let session = client.user_session();
    let wanted = [number(CKA_CLASS, CKO_PRIVATE_KEY), octets(CKA_ID, b"7")];
    let key = client.find(session, &wanted).unwrap()[0];
    let signature = client.sign(session, curve.hashing(), key, b"message").unwrap();
    let verifier = VerifyingKey::from_le_bytes(curve.set, &point).unwrap();
    let parsed = Signature::from_slice(&signature).unwrap();
    verifier.verify_prehash(&curve.digest(b"message"), &parsed).unwrap();
}

#[test]
fn a_key_of_2001_is_told_apart_by_its_hash_alone() {
    let (client, session) = Client::ready();
    let old = b"\x06\x07\x2a\x85\x03\x02\x02\x1e\x01";
    let mut public = CURVES[1].public();
    public.push(octets(CKA_GOSTR3411_PARAMS, old));
    let (public, private) =
        client.generate_pair(session, CKM_GOSTR3410_KEY_PAIR_GEN, &public, &[]).unwrap();
    for key in [public, private] {
        assert_eq!(client.get(session, key, CKA_GOSTR3411_PARAMS).unwrap(), old);
    }
    let (public, _) = client
        .generate_pair(session, CKM_GOSTR3410_KEY_PAIR_GEN, &CURVES[1].public(), &[])
        .unwrap();
    let new = client.get(session, public, CKA_GOSTR3411_PARAMS).unwrap();
    assert_eq!(new, b"\x06\x08\x2a\x85\x03\x07\x01\x01\x02\x02");
}

#[test]
fn templates_of_pairs_that_contradict_each_other_are_refused() {
    let (client, session) = Client::ready();
    let generate = |public: &[Value], private: &[Value]| {
        client.generate_pair(session, CKM_GOSTR3410_KEY_PAIR_GEN, public, private).map(drop)
    };
    assert_eq!(generate(&[], &[]), Err(CKR_TEMPLATE_INCOMPLETE));
    generate(&[], &CURVES[0].public()).unwrap();
    let other = [octets(CKA_GOSTR3410_PARAMS, CURVES[1].der)];
    assert_eq!(generate(&CURVES[0].public(), &other), Err(CKR_TEMPLATE_INCONSISTENT));
    assert_eq!(generate(&CURVES[4].public(), &[]), Err(CKR_ATTRIBUTE_VALUE_INVALID));
    let typed = [number(CKA_KEY_TYPE, CKK_GOSTR3410_512)];
    assert_eq!(generate(&CURVES[0].public(), &typed), Err(CKR_TEMPLATE_INCONSISTENT));
    let value = [octets(CKA_VALUE, &[1; 32])];
    assert_eq!(generate(&CURVES[0].public(), &value), Err(CKR_TEMPLATE_INCONSISTENT));
    let hash = [octets(CKA_GOSTR3411_PARAMS, b"\x06\x01\x01")];
    assert_eq!(generate(&CURVES[0].public(), &hash), Err(CKR_ATTRIBUTE_VALUE_INVALID));
}

#[test]
fn flavours_refuse_what_their_models_refuse() {
    let settings = r#"{"iterations": 1, "slots": [{"flavour": "jacarta"}]}"#;
    let client = Client::with_token(settings);
    let session = client.user_session();
    let kinds = CKM_GOSTR3410_KEY_PAIR_GEN;
    let open = [truth(CKA_EXTRACTABLE, true)];
    assert_eq!(
        client.generate_pair(session, kinds, &CURVES[0].public(), &open),
        Err(CKR_ATTRIBUTE_READ_ONLY)
    );
    let fixed = [truth(CKA_EXTRACTABLE, false), truth(CKA_TOKEN, true)];
    client.generate_pair(session, kinds, &CURVES[0].public(), &fixed).unwrap();
    drop(client);
    let settings = r#"{"iterations": 1, "slots": [{"flavour": "softhsm"}]}"#;
    let client = Client::with_token(settings);
    let session = client.user_session();
    assert_eq!(
        client.generate_pair(session, kinds, &CURVES[0].public(), &CURVES[0].public()),
        Err(CKR_ATTRIBUTE_READ_ONLY)
    );
    client.generate_pair(session, kinds, &CURVES[0].public(), &[]).unwrap();
}

#[test]
fn keys_brought_along_are_checked() {
    let (client, session) = Client::ready();
    let key = |class, value: &[u8]| {
        client.create(
            session,
            &[
                number(CKA_CLASS, class),
                number(CKA_KEY_TYPE, CKK_GOSTR3410),
                octets(CKA_GOSTR3410_PARAMS, CURVES[0].der),
                octets(CKA_VALUE, value),
            ],
        )
    };
    let mut scalar = [0; 32];
    assert_eq!(key(CKO_PRIVATE_KEY, &scalar), Err(CKR_ATTRIBUTE_VALUE_INVALID));
    assert_eq!(key(CKO_PRIVATE_KEY, &[0xff; 32]), Err(CKR_ATTRIBUTE_VALUE_INVALID));
    assert_eq!(key(CKO_PUBLIC_KEY, &[1; 64]), Err(CKR_ATTRIBUTE_VALUE_INVALID));
    scalar[0] = 2;
    let private = key(CKO_PRIVATE_KEY, &scalar).unwrap();
    let made = gost3410::SigningKey::from_le_bytes(CURVES[0].set, &scalar).unwrap();
    let public = key(CKO_PUBLIC_KEY, &made.verifying_key().to_le_bytes()).unwrap();
    let signature = client.sign(session, CKM_GOSTR3410, private, &[7; 32]).unwrap();
    client.verify(session, (CKM_GOSTR3410, public), &[7; 32], &signature).unwrap();
    assert_eq!(client.get(session, private, CKA_LOCAL).unwrap(), [0]);
}

#[test]
fn operations_keep_to_their_order() {
    let (client, session) = Client::ready();
    let (public, private) = client
        .generate_pair(session, CKM_GOSTR3410_KEY_PAIR_GEN, &CURVES[0].public(), &[])
        .unwrap();
    let mut length = 64;
    let mut out = [0; 64];
    let mut sign = |data: &[u8]| {
        call!(client, C_Sign(session, of(data), len(data), out.as_mut_ptr(), &raw mut length))
    };
    assert_eq!(sign(&[0; 32]), Err(CKR_OPERATION_NOT_INITIALIZED));
    let init = |mechanism, key| call!(client, C_SignInit(session, &mut plain(mechanism), key));
    assert_eq!(init(CKM_GOSTR3410, public), Err(CKR_KEY_FUNCTION_NOT_PERMITTED));
    assert_eq!(init(CKM_GOSTR3410_512, private), Err(CKR_KEY_TYPE_INCONSISTENT));
    assert_eq!(init(CKM_RSA_PKCS, private), Err(CKR_MECHANISM_INVALID));
    assert_eq!(init(CKM_GOSTR3411_12_256, private), Err(CKR_MECHANISM_INVALID));
    assert_eq!(init(CKM_GOSTR3410, 9999), Err(CKR_KEY_HANDLE_INVALID));
    init(CKM_GOSTR3410, private).unwrap();
    assert_eq!(init(CKM_GOSTR3410, private), Err(CKR_OPERATION_ACTIVE));
    assert_eq!(sign(&[0; 31]), Err(CKR_DATA_LEN_RANGE));
    assert_eq!(sign(&[0; 32]), Err(CKR_OPERATION_NOT_INITIALIZED));
    init(CKM_GOSTR3410, private).unwrap();
    client.logout(session).unwrap();
    assert_eq!(sign(&[0; 32]), Err(CKR_OPERATION_NOT_INITIALIZED));
}

#[test]
fn a_hash_may_be_named_and_must_fit() {
    let (client, session) = Client::ready();
    let (_, private) = client
        .generate_pair(session, CKM_GOSTR3410_KEY_PAIR_GEN, &CURVES[0].public(), &[])
        .unwrap();
    let mut right = *b"\x06\x08\x2a\x85\x03\x07\x01\x01\x02\x02";
    let mut wrong = *b"\x06\x08\x2a\x85\x03\x07\x01\x01\x02\x03";
    let kind = CKM_GOSTR3410_WITH_GOSTR3411_12_256;
    let refused = call!(client, C_SignInit(session, &mut with(kind, &mut wrong), private));
    assert_eq!(refused, Err(CKR_MECHANISM_PARAM_INVALID));
    call!(client, C_SignInit(session, &mut with(kind, &mut right), private)).unwrap();
}

#[test]
fn messages_in_parts_are_signed_and_verified_as_a_whole() {
    let (client, session) = Client::ready();
    let curve = &CURVES[6];
    let (public, private) =
        client.generate_pair(session, curve.generation(), &curve.public(), &[]).unwrap();
    call!(client, C_SignInit(session, &mut plain(curve.hashing()), private)).unwrap();
    for part in [&b"mes"[..], b"", b"sage"] {
        call!(client, C_SignUpdate(session, of(part), len(part))).unwrap();
    }
    let signature =
        client.fill(|out, length| call!(client, C_SignFinal(session, out, length))).unwrap();
    client.verify(session, (curve.hashing(), public), b"message", &signature).unwrap();
    call!(client, C_VerifyInit(session, &mut plain(curve.hashing()), public)).unwrap();
    call!(client, C_VerifyUpdate(session, of(b"message"), 7)).unwrap();
    call!(client, C_VerifyFinal(session, of(&signature), len(&signature))).unwrap();
}

#[test]
fn digests_and_codes_are_those_of_the_standards() {
    let (client, session) = Client::ready();
    let message = b"012345678901234567890123456789012345678901234567890123456789012";
    let digest = client.digest(session, CKM_GOSTR3411_12_256, message).unwrap();
    assert_eq!(digest, streebog256(message));
    call!(client, C_DigestInit(session, &mut plain(CKM_GOSTR3411_12_512))).unwrap();
    call!(client, C_DigestUpdate(session, of(message), len(message))).unwrap();
    let digest =
        client.fill(|out, length| call!(client, C_DigestFinal(session, out, length))).unwrap();
    assert_eq!(digest, streebog512(message));
    let template = [
        number(CKA_CLASS, CKO_SECRET_KEY),
        number(CKA_KEY_TYPE, CKK_GENERIC_SECRET),
        octets(CKA_VALUE, b"key"),
    ];
    let key = client.create(session, &template).unwrap();
    for (mechanism, code) in [
        (CKM_GOSTR3411_12_256_HMAC, hmac_streebog256(b"key", &[message]).to_vec()),
        (CKM_GOSTR3411_12_512_HMAC, hmac_streebog512(b"key", &[message]).to_vec()),
    ] {
        assert_eq!(client.sign(session, mechanism, key, message).unwrap(), code);
        client.verify(session, (mechanism, key), message, &code).unwrap();
        let mut wrong = code.clone();
        wrong[0] ^= 1;
        assert_eq!(
            client.verify(session, (mechanism, key), message, &wrong),
            Err(CKR_SIGNATURE_INVALID)
        );
    }
    assert_eq!(
        call!(client, C_DigestFinal(session, null_mut(), null_mut())),
        Err(CKR_ARGUMENTS_BAD)
    );
}

#[test]
fn a_key_that_asks_each_time_wants_the_pin_before_each_signature() {
    let (client, session) = Client::ready();
    let asks = [truth(CKA_ALWAYS_AUTHENTICATE, true)];
    let (_, private) = client
        .generate_pair(session, CKM_GOSTR3410_KEY_PAIR_GEN, &CURVES[0].public(), &asks)
        .unwrap();
    let login = |pin: &[u8]| client.login(session, CKU_CONTEXT_SPECIFIC, pin);
    assert_eq!(login(crate::client::USER_PIN), Err(CKR_OPERATION_NOT_INITIALIZED));
    call!(client, C_SignInit(session, &mut plain(CKM_GOSTR3410), private)).unwrap();
    let sign = || {
        let (mut out, mut length) = ([0_u8; 64], 64);
        call!(client, C_Sign(session, of(&[1; 32]), 32, out.as_mut_ptr(), &raw mut length))
    };
    assert_eq!(sign(), Err(CKR_USER_NOT_LOGGED_IN));
    assert_eq!(login(b"wrong-pin"), Err(CKR_PIN_INCORRECT));
    login(crate::client::USER_PIN).unwrap();
    sign().unwrap();
    call!(client, C_SignInit(session, &mut plain(CKM_GOSTR3410), private)).unwrap();
    assert_eq!(sign(), Err(CKR_USER_NOT_LOGGED_IN));
}
