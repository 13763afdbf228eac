//! Encrypts under a secret of 1000 octets from standard input: what `constant_time.py` watches.

use std::{
    error::Error,
    io::{self, Read},
};

use gost_symmetric::{Cbc, CtrAcpkm, Kuznyechik, Mgm, omac};

fn main() -> Result<(), Box<dyn Error>> {
    let mut secret = [0; 1000];
    io::stdin().read_exact(&mut secret)?;
    let (key, message) = secret.split_first_chunk_mut::<32>().ok_or("a key is 32 octets")?;
    CtrAcpkm::<Kuznyechik>::new(key, &[1; 8], 256)?.apply(message);
    let tag = Mgm::<Kuznyechik>::new(key).seal(&[1; 16], b"", message)?;
    let code = omac::<Kuznyechik>(key, &[message]);
    let (blocks, _) = message.split_at_mut(960);
    Cbc::<Kuznyechik>::new(key, &[1; 16])?.decrypt(blocks)?;
    let sum = tag.iter().chain(&code).chain(&secret).fold(0, |sum, octet| sum ^ octet);
    println!("{sum:02x}");
    Ok(())
}
