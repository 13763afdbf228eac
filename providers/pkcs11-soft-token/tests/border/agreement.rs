//! Agreement, derivation and key wrapping, against the library and RFC 7836's example.

use cryptoki_sys::*;
use gost_hash::{kdf_gostr3411_2012_256, kdf_tree_gostr3411_2012_256};
use gost_symmetric::agreement;
use gost3410::{ParameterSet, SigningKey, vko};
use pkcs11_soft_token::tc26::*;

use crate::client::{Client, Outcome, Value, call, len, number, octets, of, truth};
use crate::signatures::CURVES;

/// The parameter of `CKM_GOSTR3410_12_DERIVE` for keys of so many octets.
#[repr(C)]
struct Inline<const N: usize> {
    kdf: CK_ULONG,
    public_length: CK_ULONG,
    public: [u8; N],
    ukm_length: CK_ULONG,
    ukm: [u8; 8],
}

/// A private key on the token and here.
fn key(
    client: &Client,
    session: CK_SESSION_HANDLE,
    curve: usize,
) -> (CK_OBJECT_HANDLE, SigningKey) {
    let set: ParameterSet = CURVES[curve].set;
    let mut scalar = vec![0x5a; set.size()];
    scalar[set.size() - 1] = 1;
    let kind = if set.size() == 32 { CKK_GOSTR3410 } else { CKK_GOSTR3410_512 };
    let template = [
        number(CKA_CLASS, CKO_PRIVATE_KEY),
        number(CKA_KEY_TYPE, kind),
        octets(CKA_GOSTR3410_PARAMS, CURVES[curve].der),
        octets(CKA_VALUE, &scalar),
        truth(CKA_DERIVE, true),
    ];
    let handle = client.create(session, &template).unwrap();
    (handle, SigningKey::from_le_bytes(set, &scalar).unwrap())
}

fn open_secret() -> Vec<Value> {
    vec![truth(CKA_SENSITIVE, false), truth(CKA_EXTRACTABLE, true)]
}

#[test]
fn both_sides_agree_on_every_curve() {
    let (client, session) = Client::ready();
    for (number, curve) in CURVES.iter().enumerate() {
        let (base, ours) = key(&client, session, number);
        let peer = SigningKey::generate(curve.set, &mut getrandom::SysRng).unwrap();
        let theirs = peer.verifying_key().to_le_bytes();
        let ukm = [1, 2, 3, 4, 5, 6, 7, 8];
        let point = vko(&peer, ours.verifying_key(), &ukm).unwrap();
        let expected = agreement::vko_256(&point).unwrap();
        let derived = |kdf| -> Vec<u8> {
            let template = open_secret();
            let kind = CKM_GOSTR3410_12_DERIVE;
            let (ukm_length, public_length) = (8, len(&theirs));
            let handle = if theirs.len() == 64 {
                let public = theirs[..].try_into().unwrap();
                let mut given = Inline::<64> { kdf, public_length, public, ukm_length, ukm };
                client.derive(session, (kind, &mut given), base, &template)
            } else {
                let public = theirs[..].try_into().unwrap();
                let mut given = Inline::<128> { kdf, public_length, public, ukm_length, ukm };
                client.derive(session, (kind, &mut given), base, &template)
            };
            client.get(session, handle.unwrap(), CKA_VALUE).unwrap()
        };
        assert_eq!(derived(CKD_NULL), *expected);
        let label = [0x26, 0xbd, 0xb8, 0x78];
        let diversified = kdf_gostr3411_2012_256(&expected, &label, &ukm);
        assert_eq!(derived(CKD_KDF_GOSTR3411_2012_256), diversified);
    }
}

fn ecdh(public: &[u8], ukm: &[u8]) -> CK_ECDH1_DERIVE_PARAMS {
    CK_ECDH1_DERIVE_PARAMS {
        kdf: CKD_NULL,
        ulSharedDataLen: len(ukm),
        pSharedData: of(ukm),
        ulPublicDataLen: len(public),
        pPublicData: of(public),
    }
}

#[test]
fn keg_gives_the_twin_key_of_rfc_9189() {
    let (client, session) = Client::ready();
    let ukm: [u8; 32] = core::array::from_fn(|number| u8::try_from(number + 1).unwrap());
    for number in [0, 1, 4] {
        let (base, ours) = key(&client, session, number);
        let peer = SigningKey::generate(CURVES[number].set, &mut getrandom::SysRng).unwrap();
        let public = peer.verifying_key().to_le_bytes();
        let mut template = open_secret();
        template.push(crate::client::number(CKA_KEY_TYPE, CKK_MAGMA_TWIN_KEY));
        let handle = client
            .derive(session, (CKM_GOST_KEG, &mut ecdh(&public, &ukm)), base, &template)
            .unwrap();
        let point = vko(&peer, ours.verifying_key(), &agreement::keg_ukm(&ukm)).unwrap();
        let keys = agreement::keg(&point, &ukm).unwrap();
        let expected = [keys.authentication.as_slice(), keys.encryption.as_slice()].concat();
        assert_eq!(client.get(session, handle, CKA_VALUE).unwrap(), expected);
    }
}

#[test]
fn vko_to_512_bits_is_for_512_bit_keys() {
    let (client, session) = Client::ready();
    let (base, ours) = key(&client, session, 5);
    let peer = SigningKey::generate(CURVES[5].set, &mut getrandom::SysRng).unwrap();
    let public = peer.verifying_key().to_le_bytes();
    let derive = |base, public: &[u8], ukm: &[u8]| {
        let kind = CKM_VKO_GOSTR3410_2012_512;
        client.derive(session, (kind, &mut ecdh(public, ukm)), base, &open_secret())
    };
    let handle = derive(base, &public, &[9; 8]).unwrap();
    let point = vko(&peer, ours.verifying_key(), &[9; 8]).unwrap();
    assert_eq!(
        client.get(session, handle, CKA_VALUE).unwrap(),
        *agreement::vko_512(&point).unwrap()
    );
    assert_eq!(derive(base, &public[1..], &[9; 8]), Err(CKR_MECHANISM_PARAM_INVALID));
    assert_eq!(derive(base, &public, &[]), Err(CKR_MECHANISM_PARAM_INVALID));
    let (short, _) = key(&client, session, 0);
    let peer = SigningKey::generate(CURVES[0].set, &mut getrandom::SysRng).unwrap();
    let public = peer.verifying_key().to_le_bytes();
    assert_eq!(derive(short, &public, &[9; 8]), Err(CKR_KEY_TYPE_INCONSISTENT));
}

#[test]
fn a_tree_gives_the_keys_behind_its_offset() {
    let (client, session) = Client::ready();
    let mut template = open_secret();
    template.extend([
        number(CKA_CLASS, CKO_SECRET_KEY),
        number(CKA_KEY_TYPE, CKK_GENERIC_SECRET),
        octets(CKA_VALUE, &[3; 32]),
        truth(CKA_DERIVE, true),
    ]);
    let base = client.create(session, &template).unwrap();
    let (label, seed) = (b"label", b"seed");
    let mut given = CK_KDF_TREE_GOST_PARAMS {
        ulLabelLength: 5,
        pLabel: label.as_ptr(),
        ulSeedLength: 4,
        pSeed: seed.as_ptr(),
        ulR: 1,
        ulL: 64,
        ulOffset: 32,
    };
    let kind = CKM_KDF_TREE_GOSTR3411_2012_256;
    let handle = client.derive(session, (kind, &mut given), base, &open_secret()).unwrap();
    let mut expected = [0; 64];
    kdf_tree_gostr3411_2012_256(&[3; 32], label, seed, 1, &mut expected).unwrap();
    assert_eq!(client.get(session, handle, CKA_VALUE).unwrap(), expected[32..]);
}

#[test]
fn keys_travel_under_a_twin_key_and_arrive_whole_or_not_at_all() {
    let (client, session) = Client::ready();
    for (generation, twin, kind, block) in [
        (CKM_KUZNYECHIK_KEY_GEN, CKK_KUZNYECHIK_TWIN_KEY, CKM_KUZNYECHIK_KEXP_15_WRAP, 16),
        (CKM_MAGMA_KEY_GEN, CKK_MAGMA_TWIN_KEY, CKM_MAGMA_KEXP_15_WRAP, 8),
    ] {
        let rights = [number(CKA_KEY_TYPE, twin), truth(CKA_WRAP, true), truth(CKA_UNWRAP, true)];
        let wrapping = client.generate(session, generation, &rights).unwrap();
        let mut private = vec![truth(CKA_EXTRACTABLE, true)];
        let (public, key) = client
            .generate_pair(session, CKM_GOSTR3410_KEY_PAIR_GEN, &CURVES[0].public(), &private)
            .unwrap();
        let mut iv = vec![7_u8; block / 2];
        let mut mechanism = CK_MECHANISM {
            mechanism: kind,
            pParameter: iv.as_mut_ptr().cast(),
            ulParameterLen: len(&iv),
        };
        let wrap = |mechanism: CK_MECHANISM, key| {
            client.fill(|out, length| {
                call!(client, C_WrapKey(session, &mut { mechanism }, wrapping, key, out, length))
            })
        };
        let mut wrapped = wrap(mechanism, key).unwrap();
        assert_eq!(wrapped.len(), 32 + block);
        private.extend([
            number(CKA_CLASS, CKO_PRIVATE_KEY),
            number(CKA_KEY_TYPE, CKK_GOSTR3410),
            octets(CKA_GOSTR3410_PARAMS, CURVES[0].der),
        ]);
        let mut template = crate::client::attributes(&private);
        let count = template.len() as CK_ULONG;
        let mut unwrap = |wrapped: &[u8]| -> Outcome<CK_OBJECT_HANDLE> {
            let mut object = 0;
            call!(
                client,
                C_UnwrapKey(
                    session,
                    &raw mut mechanism,
                    wrapping,
                    of(wrapped),
                    len(wrapped),
                    template.as_mut_ptr(),
                    count,
                    &raw mut object
                )
            )?;
            Ok(object)
        };
        let arrived = unwrap(&wrapped).unwrap();
        let signature = client.sign(session, CKM_GOSTR3410, arrived, &[1; 32]).unwrap();
        client.verify(session, (CKM_GOSTR3410, public), &[1; 32], &signature).unwrap();
        wrapped[3] ^= 1;
        assert_eq!(unwrap(&wrapped), Err(CKR_WRAPPED_KEY_INVALID));
        let (_, kept) = client
            .generate_pair(session, CKM_GOSTR3410_KEY_PAIR_GEN, &CURVES[0].public(), &[])
            .unwrap();
        assert_eq!(wrap(mechanism, kept), Err(CKR_KEY_UNEXTRACTABLE));
    }
}
