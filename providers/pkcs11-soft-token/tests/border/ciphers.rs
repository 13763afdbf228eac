//! Kuznyechik and Magma: examples of the standards, and whatever way the message is cut.

use std::ptr::null_mut;

use cryptoki_sys::*;
use gost_symmetric::{CtrAcpkm, GostCipher, Kuznyechik, Magma, omac};
use pkcs11_soft_token::tc26::*;

use crate::client::{Client, Outcome, call, len, number, octets, of, plain, truth};

/// The key of GOST R 34.12-2015, A.1, and the first two blocks of A.1 of GOST R 34.13-2015.
const KEY: &str = "8899aabbccddeeff0011223344556677fedcba98765432100123456789abcdef";
const PLAIN: &str = "1122334455667700ffeeddccbbaa998800112233445566778899aabbcceeff0a";
const KUZNYECHIK_ECB: &str = "7f679d90bebc24305a468d42b9d4edcdb429912c6e0032f9285452d76718d08b";
/// The key and text of A.2, the first two blocks.
const MAGMA_KEY: &str = "ffeeddccbbaa99887766554433221100f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff";
const MAGMA_PLAIN: &str = "92def06b3c130a59db54c704f8189d20";
const MAGMA_ECB: &str = "2b073f0494f372a0de70e715d3556e48";

fn key(
    client: &Client,
    session: CK_SESSION_HANDLE,
    kind: CK_KEY_TYPE,
    value: &[u8],
) -> CK_OBJECT_HANDLE {
    let template =
        [number(CKA_CLASS, CKO_SECRET_KEY), number(CKA_KEY_TYPE, kind), octets(CKA_VALUE, value)];
    client.create(session, &template).unwrap()
}

fn encrypt(
    client: &Client,
    session: CK_SESSION_HANDLE,
    (mut mechanism, key): (CK_MECHANISM, CK_OBJECT_HANDLE),
    data: &[u8],
) -> Outcome<Vec<u8>> {
    call!(client, C_EncryptInit(session, &raw mut mechanism, key))?;
    client.fill(|out, length| call!(client, C_Encrypt(session, of(data), len(data), out, length)))
}

fn decrypt(
    client: &Client,
    session: CK_SESSION_HANDLE,
    (mut mechanism, key): (CK_MECHANISM, CK_OBJECT_HANDLE),
    data: &[u8],
) -> Outcome<Vec<u8>> {
    call!(client, C_DecryptInit(session, &raw mut mechanism, key))?;
    client.fill(|out, length| call!(client, C_Decrypt(session, of(data), len(data), out, length)))
}

#[test]
fn blocks_are_those_of_the_standard() {
    let (client, session) = Client::ready();
    for (kind, mechanism, secret, text, expected) in [
        (CKK_KUZNYECHIK, CKM_KUZNYECHIK_ECB, KEY, PLAIN, KUZNYECHIK_ECB),
        (CKK_MAGMA, CKM_MAGMA_ECB, MAGMA_KEY, MAGMA_PLAIN, MAGMA_ECB),
    ] {
        let key = key(&client, session, kind, &hex::decode(secret).unwrap());
        let text = hex::decode(text).unwrap();
        let sealed = encrypt(&client, session, (plain(mechanism), key), &text).unwrap();
        assert_eq!(hex::encode(&sealed), expected);
        assert_eq!(decrypt(&client, session, (plain(mechanism), key), &sealed).unwrap(), text);
        assert_eq!(
            encrypt(&client, session, (plain(mechanism), key), &text[1..]),
            Err(CKR_DATA_LEN_RANGE)
        );
    }
}

#[test]
fn parts_of_any_length_give_the_same_as_the_whole() {
    let (client, session) = Client::ready();
    let secret = [7; 32];
    let message: Vec<u8> = (0..=255).cycle().take(10_000).collect();
    for (kind, mechanism, section, iv) in [
        (CKK_KUZNYECHIK, CKM_KUZNYECHIK_CTR_ACPKM, 4096_u32, 8),
        (CKK_MAGMA, CKM_MAGMA_CTR_ACPKM, 1024, 4),
    ] {
        let key = key(&client, session, kind, &secret);
        let mut parameter = section.to_le_bytes().to_vec();
        parameter.extend(vec![1; iv]);
        let mechanism = CK_MECHANISM {
            mechanism,
            pParameter: parameter.as_mut_ptr().cast(),
            ulParameterLen: len(&parameter),
        };
        let mut expected = message.clone();
        if kind == CKK_KUZNYECHIK {
            CtrAcpkm::<Kuznyechik>::new(&secret, &[1; 8], 4096).unwrap().apply(&mut expected);
        } else {
            CtrAcpkm::<Magma>::new(&secret, &[1; 4], 1024).unwrap().apply(&mut expected);
        }
        assert_eq!(encrypt(&client, session, (mechanism, key), &message).unwrap(), expected);
        call!(client, C_DecryptInit(session, &mut { mechanism }, key)).unwrap();
        let mut opened = Vec::new();
        for part in expected.chunks(777) {
            opened.extend(
                client
                    .fill(|out, length| {
                        call!(client, C_DecryptUpdate(session, of(part), len(part), out, length))
                    })
                    .unwrap(),
            );
        }
        let mut nothing = 0;
        call!(client, C_DecryptFinal(session, opened.as_mut_ptr(), &raw mut nothing)).unwrap();
        assert_eq!(opened, message);
    }
}

#[test]
fn mgm_opens_what_it_sealed_and_nothing_else() {
    let (client, session) = Client::ready();
    for (kind, mechanism, block) in
        [(CKK_KUZNYECHIK, CKM_KUZNYECHIK_MGM, 16_u8), (CKK_MAGMA, CKM_MAGMA_MGM, 8)]
    {
        let key = key(&client, session, kind, &[7; 32]);
        let nonce = vec![1; usize::from(block)];
        let mut parameter = CK_GCM_PARAMS {
            pIv: of(&nonce),
            ulIvLen: len(&nonce),
            ulIvBits: len(&nonce) * 8,
            pAAD: of(b"header"),
            ulAADLen: 6,
            ulTagBits: CK_ULONG::from(block) * 8,
        };
        let mechanism = crate::client::with(mechanism, &mut parameter);
        let mut sealed = encrypt(&client, session, (mechanism, key), b"message").unwrap();
        assert_eq!(sealed.len(), 7 + usize::from(block));
        assert_eq!(decrypt(&client, session, (mechanism, key), &sealed).unwrap(), b"message");
        sealed[2] ^= 1;
        assert_eq!(
            decrypt(&client, session, (mechanism, key), &sealed),
            Err(CKR_AEAD_DECRYPT_FAILED)
        );
    }
}

#[test]
fn codes_are_omac() {
    let (client, session) = Client::ready();
    let secret = [9; 32];
    let kuznyechik = key(&client, session, CKK_KUZNYECHIK, &secret);
    let code = client.sign(session, CKM_KUZNYECHIK_MAC, kuznyechik, b"message").unwrap();
    assert_eq!(code, omac::<Kuznyechik>(&secret, &[b"message"]).to_vec());
    let magma = key(&client, session, CKK_MAGMA, &secret);
    let code = client.sign(session, CKM_MAGMA_MAC, magma, b"message").unwrap();
    assert_eq!(code, omac::<Magma>(&secret, &[b"message"]).to_vec());
    assert_eq!(code.len(), Magma::BLOCK);
    assert_eq!(
        client.sign(session, CKM_MAGMA_MAC, kuznyechik, b"message"),
        Err(CKR_KEY_TYPE_INCONSISTENT)
    );
}

#[test]
fn keys_do_only_what_they_may() {
    let (client, session) = Client::ready();
    let template = [truth(CKA_ENCRYPT, false)];
    let key = client.generate(session, CKM_KUZNYECHIK_KEY_GEN, &template).unwrap();
    assert_eq!(
        encrypt(&client, session, (plain(CKM_KUZNYECHIK_ECB), key), &[0; 16]),
        Err(CKR_KEY_FUNCTION_NOT_PERMITTED)
    );
    let parameter = CK_MECHANISM {
        mechanism: CKM_KUZNYECHIK_CTR_ACPKM,
        pParameter: null_mut(),
        ulParameterLen: 0,
    };
    let key = client.generate(session, CKM_KUZNYECHIK_KEY_GEN, &[]).unwrap();
    assert_eq!(
        encrypt(&client, session, (parameter, key), &[0; 16]),
        Err(CKR_MECHANISM_PARAM_INVALID)
    );
    assert_eq!(
        client.generate(session, CKM_GENERIC_SECRET_KEY_GEN, &[]),
        Err(CKR_TEMPLATE_INCOMPLETE)
    );
    let huge = [number(CKA_VALUE_LEN, CK_ULONG::MAX)];
    assert_eq!(
        client.generate(session, CKM_GENERIC_SECRET_KEY_GEN, &huge),
        Err(CKR_KEY_SIZE_RANGE)
    );
}
