#!/usr/bin/env python3
"""Writes src/arithmetic/parameters.rs from tests/vectors/curves.json (RFC 4357, 7836, 9215).

    python3 scripts/parameters.py > src/arithmetic/parameters.rs
"""
import json
import pathlib

CURVES = {
    "A256": "1.2.643.7.1.2.1.1.1",
    "B256": "1.2.643.7.1.2.1.1.2",
    "C256": "1.2.643.7.1.2.1.1.3",
    "D256": "1.2.643.7.1.2.1.1.4",
    "A512": "1.2.643.7.1.2.1.2.1",
    "B512": "1.2.643.7.1.2.1.2.2",
    "C512": "1.2.643.7.1.2.1.2.3",
    "TEST256": "1.2.643.2.2.35.0",
    "TEST512": "1.2.643.7.1.2.1.2.0",
}
HEAD = '''//! The numbers of the parameter sets (RFC 4357, 11.4; RFC 7836, appendix A; RFC 9215, appendix E),
//! big-endian hexadecimal; written by `scripts/parameters.py`.

/// y² = x³ + a·x + b modulo p, base point (x, y) of order q.
pub(crate) struct Numbers {
    pub(crate) p: &'static str,
    pub(crate) q: &'static str,
    pub(crate) b: &'static str,
    pub(crate) x: &'static str,
    pub(crate) y: &'static str,
}

/// a of the Weierstrass form, and u² + v² = 1 + d·u²·v² with s = (1 - d)/4, t = (1 + d)/6, root² = -d.
pub(crate) struct EdwardsNumbers {
    pub(crate) a: &'static str,
    pub(crate) d: &'static str,
    pub(crate) s: &'static str,
    pub(crate) t: &'static str,
    pub(crate) root: &'static str,
}
'''


def digits(value, width):
    return f"{value:0{width}x}"


def edwards(name, curve, width):
    p, d = int(curve["p"], 16), int(curve["d"], 16)
    s, t = (1 - d) * pow(4, -1, p) % p, (1 + d) * pow(6, -1, p) % p
    root = pow(-d, (p + 1) // 4, p)
    assert root * root % p == -d % p
    u, v, x, y = (int(curve[k], 16) for k in "uvxy")
    assert x == (s * (1 + v) * pow(1 - v, -1, p) + t) % p
    assert y == s * (1 + v) * pow((1 - v) * u, -1, p) % p
    print(f"\npub(crate) const {name}_EDWARDS: EdwardsNumbers = EdwardsNumbers {{")
    for field, value in (("a", int(curve["a"], 16)), ("d", d), ("s", s), ("t", t), ("root", root)):
        print(f'    {field}: "{digits(value, width)}",')
    print("};")


def main():
    path = pathlib.Path(__file__).parent.parent / "tests/vectors/curves.json"
    curves = {c["oid"]: c for c in json.loads(path.read_text())["vectors"]}
    print(HEAD, end="")
    for name, oid in CURVES.items():
        curve = curves[oid]
        width = curve["size_bits"] // 4
        gate = '#[cfg(feature = "test-sets")]\n' if name.startswith("TEST") else ""
        print(f"\n{gate}pub(crate) const {name}: Numbers = Numbers {{")
        for field in "pqbxy":
            print(f'    {field}: "{digits(int(curve[field], 16), width)}",')
        print("};")
        if "d" in curve:
            edwards(name, curve, width)


main()
