//! The usual mistakes with signatures, to name them where one was made.

use gost_ca::provider::Verifier;
use gost_ca::provider::verifier::Check;

/// Says in which other order the octets of a refused signature verify.
pub(crate) fn explain(verifier: &dyn Verifier, check: &Check<'_>) -> String {
    let (first, second) = check.signature.split_at(check.signature.len() / 2);
    let reversed = |octets: &[u8]| octets.iter().rev().copied().collect::<Vec<_>>();
    let orders = [
        ("reversed as a whole (the order of CryptoAPI and TLS)", reversed(check.signature)),
        ("with its halves exchanged (r ‖ s of the standard)", [second, first].concat()),
        ("with each half reversed", [reversed(first), reversed(second)].concat()),
    ];
    let good = |signature: &[u8]| verifier.verify(&Check { signature, ..*check }).is_ok();
    let right = orders.iter().find(|(_, signature)| good(signature));
    right.map_or(String::new(), |(order, _)| format!("; it verifies {order}"))
}
