//! The curves that keys may be on, by the names that identities are made with.

use gost3410::Curve;

/// The curve's first name; none for the sets of the standards' examples, which are not for keys.
///
/// Never to change: identities (`KeyIdentity`) are stored.
pub(crate) const fn curve_name(curve: Curve) -> Option<&'static str> {
    Some(match curve {
        Curve::A256 => "id-tc26-gost-3410-2012-256-paramSetA",
        Curve::B256 => "id-tc26-gost-3410-2012-256-paramSetB",
        Curve::C256 => "id-tc26-gost-3410-2012-256-paramSetC",
        Curve::D256 => "id-tc26-gost-3410-2012-256-paramSetD",
        Curve::A512 => "id-tc26-gost-3410-12-512-paramSetA",
        Curve::B512 => "id-tc26-gost-3410-12-512-paramSetB",
        Curve::C512 => "id-tc26-gost-3410-2012-512-paramSetC",
        _ => return None,
    })
}
