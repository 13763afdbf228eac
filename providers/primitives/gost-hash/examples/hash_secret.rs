//! Hashes a secret of 1000 octets from standard input: what `docs/constant_time.py` watches.

use std::io::{self, Read};

use gost_hash::{hmac_streebog256, pbkdf2_hmac_streebog512, streebog512, streebog512_many};

fn main() -> io::Result<()> {
    let mut secret = [0; 1000];
    io::stdin().read_exact(&mut secret)?;
    let (key, rest) = secret.split_at(64);
    let (first, second) = rest.split_at(300);
    let mut derived = [0; 200];
    let refused = pbkdf2_hmac_streebog512(key, first, 2, &mut derived).is_err();
    let many = streebog512_many(&[first, second, key]);
    let sum = [&streebog512(&secret)[..], &hmac_streebog256(key, &[rest]), &derived];
    let sum = sum.concat().iter().chain(many.as_flattened()).fold(0, |sum, octet| sum ^ octet);
    println!("{sum:02x} {refused}");
    Ok(())
}
