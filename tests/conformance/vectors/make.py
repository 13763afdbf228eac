#!/usr/bin/env python3
"""Makes gost3410.json: signatures by OpenSSL's GOST engine, and mutations of them that must not verify.

Keys are thrown away; running it again gives other vectors of the same kinds. Needs `openssl` with the engine.
Usage: make.py > gost3410.json
"""
import base64, json, random, subprocess, sys, tempfile, os

# RFC 4357 §11.4, RFC 7836 appendix A: p, a, b, q, cofactor.
CURVES = {
    "id-tc26-gost-3410-2012-256-paramSetA": (
        2**256 - 617,
        0xC2173F1513981673AF4892C23035A27CE25E2013BF95AA33B22C656F277E7335,
        0x295F9BAE7428ED9CCC20E7C359A9D41A22FCCD9108E17BF7BA9337A6F8AE9513,
        0x400000000000000000000000000000000FD8CDDFC87B6635C115AF556C360C67, 4),
    "id-tc26-gost-3410-2012-256-paramSetB": (
        2**256 - 617, 2**256 - 620, 0xA6,
        0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF6C611070995AD10045841B09B761B893, 1),
    "id-tc26-gost-3410-2012-256-paramSetC": (
        2**255 + 3225, 2**255 + 3222,
        0x3E1AF419A269A5F866A7D3C25C3DF80AE979259373FF2B182F49D4CE7E1BBC8B,
        0x800000000000000000000000000000015F700CFFF1A624E5E497161BCC8A198F, 1),
    "id-tc26-gost-3410-2012-256-paramSetD": (
        0x9B9F605F5A858107AB1EC85E6B41C8AACF846E86789051D37998F7B9022D759B,
        0x9B9F605F5A858107AB1EC85E6B41C8AACF846E86789051D37998F7B9022D7598, 0x805A,
        0x9B9F605F5A858107AB1EC85E6B41C8AA582CA3511EDDFB74F02F3A6598980BB9, 1),
    "id-tc26-gost-3410-12-512-paramSetA": (
        2**512 - 569, 2**512 - 572,
        0xE8C2505DEDFC86DDC1BD0B2B6667F1DA34B82574761CB0E879BD081CFD0B6265EE3CB090F30D27614CB4574010DA90DD862EF9D4EBEE4761503190785A71C760,
        0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF27E69532F48D89116FF22B8D4E0560609B4B38ABFAD2B85DCACDB1411F10B275, 1),
    "id-tc26-gost-3410-12-512-paramSetB": (
        2**511 + 111, 2**511 + 108,
        0x687D1B459DC841457E3E06CF6F5E2517B97C7D614AF138BCBF85DC806C4B289F3E965D2DB1416D217F8B276FAD1AB69C50F78BEE1FA3106EFB8CCBC7C5140116,
        0x800000000000000000000000000000000000000000000000000000000000000149A1EC142565A545ACFDB77BD9D40CFA8B996712101BEA0EC6346C54374F25BD, 1),
    "id-tc26-gost-3410-2012-512-paramSetC": (
        2**512 - 569,
        0xDC9203E514A721875485A529D2C722FB187BC8980EB866644DE41C68E143064546E861C0E2C9EDD92ADE71F46FCF50FF2AD97F951FDA9F2A2EB6546F39689BD3,
        0xB4C4EE28CEBC6C2C8AC12952CF37F16AC7EFB6A9F69F4B57FFDA2E4F0DE5ADE038CBC2FFF719D2C18DE0284B8BFEF3B52B8CC7A5F5BF0A3C8D2319A5312557E1,
        0x3FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC98CDBA46506AB004C33A9FF5147502CC8EDA9E7A769A12694623CEF47F023ED, 4),
}
# Name, OID, OpenSSL's paramset, further OIDs of the curve (RFC 9215 appendix C).
SETS = [
    ("id-tc26-gost-3410-2012-256-paramSetA", "1.2.643.7.1.2.1.1.1", "TCA", []),
    ("id-tc26-gost-3410-2012-256-paramSetB", "1.2.643.7.1.2.1.1.2", "TCB", ["1.2.643.2.2.35.1", "1.2.643.2.2.36.0"]),
    ("id-tc26-gost-3410-2012-256-paramSetC", "1.2.643.7.1.2.1.1.3", "TCC", ["1.2.643.2.2.35.2"]),
    ("id-tc26-gost-3410-2012-256-paramSetD", "1.2.643.7.1.2.1.1.4", "TCD", ["1.2.643.2.2.35.3", "1.2.643.2.2.36.1"]),
    ("id-tc26-gost-3410-12-512-paramSetA", "1.2.643.7.1.2.1.2.1", "A", []),
    ("id-tc26-gost-3410-12-512-paramSetB", "1.2.643.7.1.2.1.2.2", "B", []),
    ("id-tc26-gost-3410-2012-512-paramSetC", "1.2.643.7.1.2.1.2.3", "C", []),
]
NOTES = {
    "Valid": ("none", "a verifier that refuses these is useless"),
    "Zero": ("range", "r or s is 0: accepted by verifiers that skip the range check (RFC 7091, 6.2, step 1)"),
    "NotBelowQ": ("range", "r or s is q or more: a second signature for the same message"),
    "SwappedHalves": ("encoding", "r || s of the standard instead of s || r of X.509"),
    "ReversedBytes": ("encoding", "what CryptSignHash gives, or TLS carries"),
    "Length": ("encoding", "truncated, extended, empty, or an ECDSA structure"),
    "MessageChanged": ("binding", "the signature is of another message"),
    "OtherKey": ("binding", "the signature is by another key of the same set"),
    "Negated": ("algebra", "q - s or q - r"),
    "OffCurve": ("key", "invalid-curve attacks on agreement; nonsense for signatures"),
    "Infinity": ("key", "no point at all"),
    "CoordinateRange": ("key", "a coordinate of p or more: a second encoding of one key"),
    "SmallOrder": ("key", "a point outside the subgroup of order q (cofactor 4)"),
    "WrongSet": ("key", "the key of one set under the OID of another"),
    "KeyLength": ("key", "truncated or extended point"),
    "Parameters": ("key", "absent, NULL, or a set of the other length"),
}


def der(tag, *parts):
    body = b"".join(parts)
    n = len(body)
    length = bytes([n]) if n < 128 else bytes([0x80 | (n.bit_length() + 7) // 8]) + n.to_bytes((n.bit_length() + 7) // 8, "big")
    return bytes([tag]) + length + body


def oid(dots):
    first, second, *rest = map(int, dots.split("."))
    out = [first * 40 + second]
    for arc in rest:
        chunk = [arc & 127]
        while arc := arc >> 7:
            chunk.append(arc & 127 | 128)
        out += reversed(chunk)
    return der(6, bytes(out))


def integer(n):
    return der(2, n.to_bytes(n.bit_length() // 8 + 1, "big"))


def spki(bits, set_oid, point, digest=None, parameters=None):
    """RFC 9215 §4; `parameters` replaces the whole field."""
    if parameters is None:
        parameters = der(0x30, oid(set_oid), oid(digest) if digest else b"")
    algorithm = der(0x30, oid("1.2.643.7.1.1.1.1" if bits == 256 else "1.2.643.7.1.1.1.2"), parameters)
    return der(0x30, algorithm, der(3, b"\0", der(4, point)))


def add(curve, P, Q):
    p, a = curve[0], curve[1]
    if P is None: return Q
    if Q is None: return P
    if P[0] == Q[0] and (P[1] + Q[1]) % p == 0: return None
    if P == Q: slope = (3 * P[0] * P[0] + a) * pow(2 * P[1], -1, p)
    else: slope = (Q[1] - P[1]) * pow(Q[0] - P[0], -1, p)
    x = (slope * slope - P[0] - Q[0]) % p
    return x, (slope * (P[0] - x) - P[1]) % p


def multiply(curve, k, P):
    R = None
    while k:
        if k & 1: R = add(curve, R, P)
        P, k = add(curve, P, P), k >> 1
    return R


def square_root(n, p):
    """Tonelli and Shanks; None for a non-residue."""
    if pow(n, (p - 1) // 2, p) != 1: return None
    odd, twos = p - 1, 0
    while odd % 2 == 0: odd, twos = odd // 2, twos + 1
    z = next(z for z in range(2, p) if pow(z, (p - 1) // 2, p) == p - 1)
    c, t, root = pow(z, odd, p), pow(n, odd, p), pow(n, (odd + 1) // 2, p)
    while t != 1:
        i, u = 0, t
        while u != 1: i, u = i + 1, u * u % p
        step = pow(c, 1 << (twos - i - 1), p)
        root, c, t, twos = root * step % p, step * step % p, t * step * step % p, i
    return root


def any_point(curve, rng):
    p, a, b = curve[:3]
    while True:
        x = rng.randrange(p)
        y = square_root((x**3 + a * x + b) % p, p)
        if y: return x, y


def encode(P, n):
    return P[0].to_bytes(n, "little") + P[1].to_bytes(n, "little")


def openssl(*args, data=b""):
    return subprocess.run(["openssl", *args], input=data, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout


class Key:
    def __init__(self, bits, paramset):
        self.bits, self.n = bits, bits // 8
        self.file = tempfile.NamedTemporaryFile(suffix=".pem")
        pem = openssl("genpkey", "-engine", "gost", "-algorithm", f"gost2012_{bits}", "-pkeyopt", f"paramset:{paramset}")
        self.file.write(pem); self.file.flush()
        public = openssl("pkey", "-engine", "gost", "-in", self.file.name, "-pubout", "-outform", "der")
        octets = public[-2 * self.n:]
        self.point = int.from_bytes(octets[:self.n], "little"), int.from_bytes(octets[self.n:], "little")

    def sign(self, message):
        """s || r, big-endian, as X.509 carries it."""
        return openssl("dgst", "-engine", "gost", f"-md_gost12_{self.bits}", "-sign", self.file.name, data=message)


def groups_of(name, set_oid, paramset, aliases, rng, number):
    curve = CURVES[name]
    p, a, b, q, cofactor = curve
    bits = 512 if "512" in name else 256
    n = bits // 8
    key, other = Key(bits, paramset), Key(bits, paramset)
    assert (key.point[1]**2 - key.point[0]**3 - a * key.point[0] - b) % p == 0
    assert multiply(curve, q, key.point) is None

    def test(comment, flag, msg, sig, result="invalid"):
        number[0] += 1
        return {"id": number[0], "comment": comment, "flags": [flag], "msg": msg.hex(), "sig": sig.hex(), "result": result}

    tests = []
    for comment, message in [("empty message", b""), ("short message", b"message"), ("two blocks and a half", bytes(range(160)))]:
        tests += [test(comment, "Valid", message, key.sign(message), "valid")]
    m = b"mutated"
    sig = key.sign(m)
    s, r = int.from_bytes(sig[:n], "big"), int.from_bytes(sig[n:], "big")
    both = lambda s, r: s.to_bytes(n, "big") + r.to_bytes(n, "big")
    tests += [test("r = 0", "Zero", m, both(s, 0)), test("s = 0", "Zero", m, both(0, r)), test("r = s = 0", "Zero", m, both(0, 0))]
    tests += [test("r = q", "NotBelowQ", m, both(s, q)), test("s = q", "NotBelowQ", m, both(q, r)), test("all bits set", "NotBelowQ", m, b"\xff" * 2 * n)]
    if s + q < 256**n: tests += [test("s + q", "NotBelowQ", m, both(s + q, r))]
    if r + q < 256**n: tests += [test("r + q", "NotBelowQ", m, both(s, r + q))]
    tests += [test("q - s", "Negated", m, both(q - s, r)), test("q - r", "Negated", m, both(s, q - r))]
    tests += [test("s and r exchanged", "SwappedHalves", m, sig[n:] + sig[:n])]
    tests += [test("whole reversed", "ReversedBytes", m, sig[::-1]), test("each half reversed", "ReversedBytes", m, sig[:n][::-1] + sig[n:][::-1])]
    ecdsa = der(0x30, integer(r), integer(s))
    for comment, bad in [("last octet missing", sig[:-1]), ("first octet missing", sig[1:]), ("a zero octet more", sig + b"\0"), ("empty", b""),
                         ("only s", sig[:n]), ("twice", sig + sig), ("ECDSA structure", ecdsa), ("in an OCTET STRING", der(4, sig))]:
        tests += [test(comment, "Length", m, bad)]
    tests += [test("one bit of the message", "MessageChanged", b"mutatee", sig), test("no message", "MessageChanged", b"", sig)]
    tests += [test("by another key", "OtherKey", m, other.sign(m))]
    groups = [{"curve": name, "x": key.point[0].to_bytes(n, "big").hex(), "y": key.point[1].to_bytes(n, "big").hex(), "key": "valid",
               "spki": spki(bits, set_oid, encode(key.point, n)).hex(),
               "aliases": [spki(bits, o, encode(key.point, n), "1.2.643.7.1.1.2.2").hex() for o in aliases], "tests": tests}]

    def bad(comment, flag, encoded):
        groups.append({"curve": name, "key": "invalid", "spki": encoded.hex(), "aliases": [], "tests": [test(comment, flag, m, sig)]})

    x, y = key.point
    good = encode(key.point, n)
    bad("y + 1", "OffCurve", spki(bits, set_oid, encode((x, (y + 1) % p), n)))
    bad("x and y exchanged", "OffCurve", spki(bits, set_oid, good[n:] + good[:n]))
    bad("coordinates big-endian", "OffCurve", spki(bits, set_oid, good[:n][::-1] + good[n:][::-1]))
    bad("both coordinates 0", "Infinity", spki(bits, set_oid, bytes(2 * n)))
    small = next(P for P in iter(lambda: any_point(curve, rng), 0) if P[0] + p < 256**n) if 256**n - p > p // 1000 else None
    if small: bad("x + p", "CoordinateRange", spki(bits, set_oid, encode((small[0] + p, small[1]), n)))
    bad("y = all bits set", "CoordinateRange", spki(bits, set_oid, good[:n] + b"\xff" * n))
    if cofactor == 4:
        points = {}
        while len(points) < 2:  # the orders 2 and 4
            P = multiply(curve, q, any_point(curve, rng))
            if P is None: continue
            points[2 if add(curve, P, P) is None else 4] = P
        for order, P in sorted(points.items()):
            bad(f"order {order}", "SmallOrder", spki(bits, set_oid, encode(P, n)))
            bad(f"order {order}q", "SmallOrder", spki(bits, set_oid, encode(add(curve, P, key.point), n)))
    wrong = next(o for w, o, _, _ in SETS if w != name and ("512" in w) == (bits == 512))
    bad("another set's OID", "WrongSet", spki(bits, wrong, good))
    bad("point one octet short", "KeyLength", spki(bits, set_oid, good[:-1]))
    bad("point with SEC1's prefix", "KeyLength", spki(bits, set_oid, b"\4" + good))
    bad("NULL parameters", "Parameters", spki(bits, set_oid, good, parameters=der(5)))
    bad("no parameters", "Parameters", spki(bits, set_oid, good, parameters=b""))
    long = next(o for w, o, _, _ in SETS if ("512" in w) != (bits == 512))
    bad("a set of the other length", "Parameters", spki(bits, long, good))
    return groups


def main():
    rng, number, groups = random.Random(1), [0], []
    for name, set_oid, paramset, aliases in SETS:
        groups += groups_of(name, set_oid, paramset, aliases, rng, number)
    notes = {flag: {"bug": bug, "effect": effect} for flag, (bug, effect) in NOTES.items()}
    version = openssl("version").decode().strip()
    json.dump({"schema": 1, "algorithm": "gost3410-2012", "source": f"{version} with the GOST engine; mutations by make.py", "notes": notes, "groups": groups},
              sys.stdout, indent=1)
    print()


main()
