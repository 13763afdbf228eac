#!/usr/bin/env python3
"""Writes tests/vectors/edge.json: signatures and keys at the edges of GOST R 34.10-2012.

    python3 scripts/edge_vectors.py > tests/vectors/edge.json

Plain big-integer arithmetic on the affine Weierstrass equation, from tests/vectors/curves.json
alone: nothing of the crate is used. Nonces and keys are derived from SHA-512 of a label, so that
the file comes out the same every time.
"""
import hashlib
import json
import pathlib

SETS = ["1.2.643.7.1.2.1.1.1", "1.2.643.7.1.2.1.1.2", "1.2.643.7.1.2.1.1.3", "1.2.643.7.1.2.1.1.4",
        "1.2.643.2.2.35.1", "1.2.643.2.2.36.1",
        "1.2.643.7.1.2.1.2.1", "1.2.643.7.1.2.1.2.2", "1.2.643.7.1.2.1.2.3"]
NOTES = {
    "Valid": {"effect": "accepted", "note": "an ordinary signature"},
    "ZeroDigest": {"effect": "accepted", "note": "e = 0 counts as 1 (RFC 7091, 6.1, step 2)"},
    "DigestIsOrder": {"effect": "accepted", "note": "the digest is q, so e = 0 counts as 1"},
    "LargeDigest": {"effect": "accepted", "note": "the digest is above q and is reduced"},
    "SmallNonce": {"effect": "accepted", "note": "k = 1, or 2 where the base point has x = 0"},
    "LargeX": {"effect": "accepted", "note": "x of k·G is above q and is reduced"},
    "ZeroR": {"bug": "range", "note": "r = 0"},
    "ZeroS": {"bug": "range", "note": "s = 0"},
    "RangeR": {"bug": "range", "note": "r + q or q itself"},
    "RangeS": {"bug": "range", "note": "s + q or q itself"},
    "SwappedHalves": {"bug": "encoding", "note": "r ‖ s in place of s ‖ r"},
    "ReversedOctets": {"bug": "encoding", "note": "the order of TLS and of CSP"},
    "ReversedHalves": {"bug": "encoding", "note": "each half little-endian"},
    "ReversedDigest": {"bug": "encoding", "note": "the digest read big-endian"},
    "NegatedS": {"bug": "arithmetic", "note": "q - s"},
    "OtherKey": {"bug": "arithmetic", "note": "the signature of another key"},
    "OtherDigest": {"bug": "arithmetic", "note": "the signature of another digest"},
    "Infinity": {"bug": "arithmetic", "note": "z1·G + z2·Q is the point at infinity"},
    "OtherParameterSet": {"bug": "encoding", "note": "the key taken for one of another set"},
    "Length": {"bug": "encoding", "note": "an octet missing or too many"},
    "NotOnCurve": {"bug": "key", "note": "the equation does not hold"},
    "Coordinate": {"bug": "key", "note": "x or y is p or more"},
    "WrongOrder": {"bug": "key", "note": "order 2, 4, 2q or 4q on a curve of cofactor 4"},
}


class Curve:
    def __init__(self, row):
        self.oid, self.size = row["oid"], row["size_bits"] // 8
        self.p, self.a, self.b, self.q, self.m = (int(row[k], 16) for k in "pabqm")
        self.g = (int(row["x"], 16), int(row["y"], 16))

    def add(self, one, two):
        if one is None or two is None:
            return one or two
        (x1, y1), (x2, y2) = one, two
        if x1 == x2:
            if (y1 + y2) % self.p == 0:
                return None
            slope = (3 * x1 * x1 + self.a) * pow(2 * y1, -1, self.p)
        else:
            slope = (y2 - y1) * pow(x2 - x1, -1, self.p)
        x = (slope * slope - x1 - x2) % self.p
        return x, (slope * (x1 - x) - y1) % self.p

    def mul(self, k, point):
        total = None
        while k:
            if k & 1:
                total = self.add(total, point)
            point, k = self.add(point, point), k >> 1
        return total

    def lift(self, x):
        """A point with that x, where p = 3 mod 4."""
        right = (x * x * x + self.a * x + self.b) % self.p
        y = pow(right, (self.p + 1) // 4, self.p)
        return (x, y) if y * y % self.p == right else None

    def number(self, label):
        return 1 + int.from_bytes(hashlib.sha512(label.encode()).digest() * 2, "big") % (self.q - 1)

    def sign(self, d, digest, k):
        e = int.from_bytes(digest, "little") % self.q or 1
        r = self.mul(k, self.g)[0] % self.q
        return r, (r * d + k * e) % self.q

    def verify(self, key, digest, r, s):
        if not (0 < r < self.q and 0 < s < self.q):
            return False
        v = pow(int.from_bytes(digest, "little") % self.q or 1, -1, self.q)
        point = self.add(self.mul(s * v % self.q, self.g), self.mul(-r * v % self.q, key))
        return point is not None and point[0] % self.q == r

    def octets(self, point):
        return b"".join(c.to_bytes(self.size, "little") for c in point)


def signature(curve, s, r):
    return (s.to_bytes(curve.size, "big") + r.to_bytes(curve.size, "big")).hex()


def tests(curve, other):
    q, size = curve.q, curve.size
    d = curve.number(curve.oid + " d")
    key = curve.mul(d, curve.g)
    digest = hashlib.sha512((curve.oid + " digest").encode()).digest()[:size]
    rows = []

    def row(flag, digest, sig, valid, comment=""):
        rows.append({"flags": [flag], "comment": comment, "digest": digest.hex(), "sig": sig,
                     "result": "valid" if valid else "invalid"})

    def plain(flag, digest, r, s, valid, comment=""):
        assert curve.verify(key, digest, r, s) == valid, (curve.oid, flag)
        row(flag, digest, signature(curve, s, r), valid, comment)

    for i in range(4):
        plain("Valid", digest, *curve.sign(d, digest, curve.number(f"{curve.oid} k{i}")), True)
    zero, order = bytes(size), q.to_bytes(size, "little")
    k = curve.number(curve.oid + " k")
    plain("ZeroDigest", zero, *curve.sign(d, zero, k), True)
    plain("DigestIsOrder", order, *curve.sign(d, order, k), True)
    plain("LargeDigest", b"\xff" * size, *curve.sign(d, b"\xff" * size, k), True)
    least = 1 if curve.g[0] % q else 2  # x of the base point of 256-D is 0, and so r for k = 1
    plain("SmallNonce", digest, *curve.sign(d, digest, least), True, f"k = {least}")
    if curve.m > q:
        large = next(n for n in range(2, 99) if curve.mul(n, curve.g)[0] > q)
        plain("LargeX", digest, *curve.sign(d, digest, large), True, f"k = {large}")
    r, s = curve.sign(d, digest, k)
    plain("ZeroR", digest, 0, s, False)
    plain("ZeroS", digest, r, 0, False)
    plain("ZeroR", digest, 0, 0, False, "s = 0 too")
    plain("RangeR", digest, q, s, False)
    plain("RangeS", digest, r, q, False)
    for i in range(200):
        r1, s1 = curve.sign(d, digest, curve.number(f"{curve.oid} range {i}"))
        if r1 + q < 1 << 8 * size:
            plain("RangeR", digest, r1 + q, s1, False, "r + q")
            break
    for i in range(200):
        r1, s1 = curve.sign(d, digest, curve.number(f"{curve.oid} range {i}"))
        if s1 + q < 1 << 8 * size:
            plain("RangeS", digest, r1, s1 + q, False, "s + q")
            break
    top = (1 << 8 * size) - 1
    plain("RangeR", digest, top, s, False, "all ones")
    plain("RangeS", digest, r, top, False, "all ones")
    plain("SwappedHalves", digest, s, r, False)
    octets = bytes.fromhex(signature(curve, s, r))
    row("ReversedOctets", digest, octets[::-1].hex(), False)
    row("ReversedHalves", digest, (octets[:size][::-1] + octets[size:][::-1]).hex(), False)
    for flagged in rows[-2:]:
        sig = bytes.fromhex(flagged["sig"])
        halves = int.from_bytes(sig[:size], "big"), int.from_bytes(sig[size:], "big")
        assert not curve.verify(key, digest, halves[1], halves[0])
    plain("ReversedDigest", digest[::-1], r, s, False)
    plain("NegatedS", digest, r, q - s, False)
    plain("OtherKey", digest, *curve.sign(curve.number("other"), digest, k), False)
    plain("OtherDigest", digest, *curve.sign(d, digest[1:] + b"\0", k), False)
    # z1 + z2·d = 0 for s = r·d: the sum is the point at infinity.
    plain("Infinity", digest, r, r * d % q, False)
    row("Length", digest, octets[:-1].hex(), False)
    row("Length", digest, (octets + b"\0").hex(), False)
    row("Length", digest, "", False)
    row("Length", digest[:-1], octets.hex(), False, "the digest")
    group = {"set": curve.oid, "key": curve.octets(key).hex(), "tests": rows}
    wrong = None
    if other:
        wrong = {"set": other.oid, "octets": curve.octets(key).hex(), "flags": ["OtherParameterSet"],
                 "comment": f"a key of {curve.oid}"}
    return group, wrong


def keys(curve):
    p, size = curve.p, curve.size
    x, y = curve.mul(curve.number(curve.oid + " key"), curve.g)

    def row(flag, x, y, comment=""):
        octets = x.to_bytes(size, "little") + y.to_bytes(size, "little")
        return {"set": curve.oid, "octets": octets.hex(), "flags": [flag], "comment": comment}

    rows = [row("NotOnCurve", x, (y + 1) % p), row("NotOnCurve", y, x, "x and y exchanged"),
            row("NotOnCurve", 0, 0, "the point at infinity of some encodings"),
            row("NotOnCurve", x ^ 1, y)]
    swapped = [int.from_bytes(c.to_bytes(size, "big"), "little") for c in (x, y)]
    flag = "NotOnCurve" if max(swapped) < p else "Coordinate"
    rows.append(row(flag, *swapped, "big-endian coordinates"))
    top = (1 << 8 * size) - 1
    rows += [row("Coordinate", p, y, "x = p"), row("Coordinate", x, p, "y = p"),
             row("Coordinate", top, y), row("Coordinate", x, top)]
    small = next((n for n in range(1, 2000) if curve.lift(n) and n + p <= top), None) if p % 4 == 3 else None
    if small is not None:
        rows.append(row("Coordinate", small + p, curve.lift(small)[1], "right modulo p, but x + p"))
    good = curve.octets((x, y)).hex()
    for octets in (good[2:], good + "00", "04" + good, ""):
        rows.append({"set": curve.oid, "octets": octets, "flags": ["Length"], "comment": ""})
    if curve.m > curve.q:
        rows += wrong_orders(curve, row)
    return rows


def wrong_orders(curve, row):
    torsion, n = {}, 1
    while len(torsion) < 3:
        n += 1
        point = curve.lift(n)
        multiple = curve.mul(curve.q, point) if point else None
        if multiple:
            torsion[multiple] = True
            torsion[curve.add(multiple, multiple) or multiple] = True
            inverse = curve.mul(3, multiple)
            if inverse:
                torsion[inverse] = True
    base = curve.mul(curve.number(curve.oid + " torsion"), curve.g)
    rows = []
    for point in torsion:
        order = 2 if curve.mul(2, point) is None else 4
        assert curve.mul(order, point) is None
        rows.append(row("WrongOrder", *point, f"order {order}"))
        for shifted, name in ((base, f"order {order}q"), (curve.g, f"base point plus order {order}")):
            rows.append(row("WrongOrder", *curve.add(point, shifted), name))
    return rows


def main():
    path = pathlib.Path(__file__).parent.parent / "tests/vectors/curves.json"
    table = {row["oid"]: row for row in json.loads(path.read_text())["vectors"]}
    for row in list(table.values()):
        for oid in row["same_curve_as"]:
            table.setdefault(oid, row | {"oid": oid})
    curves = [Curve(table[oid] | {"oid": oid}) for oid in SETS]
    groups, bad = [], []
    for curve in curves:
        others = (c for c in curves if c.size == curve.size and c.b != curve.b)
        group, wrong = tests(curve, next(others))
        for number, test in enumerate(group["tests"], 1):
            test["id"] = number
        groups.append(group)
        bad += keys(curve) + [wrong]
    for number, key in enumerate(bad, 1):
        key.update(id=number, result="invalid")
    encoding = {
        "set": "OID of the parameter set", "key, octets": "LE(x) ‖ LE(y)",
        "digest": "as Streebog outputs it", "sig": "s ‖ r, big-endian (RFC 9215 §2)"}
    print(json.dumps({"schema": 1, "algorithm": "GOST R 34.10-2012", "encoding": encoding,
                      "notes": NOTES, "groups": groups, "keys": bad}, indent=1, ensure_ascii=False))


main()
