#!/usr/bin/env python3
"""Lists what could depend on data in some functions of a program.

    objdump -d --no-show-raw-insn PROGRAM | jumps.py [PATTERN]

For each function whose symbol has the pattern, by default those of `gost3410::arithmetic::ifma` that compute with
secrets, it prints the conditional jumps with what they compare, and the memory operands with an index.
`constant-time.md` says what they are: counters of loops and lengths of tables.
"""
import re, sys

LANES = (r"4ifma5table.*(accumulate|add_lanes)|4ifma5lanes.*(scan|product|squared)")
WANTED = re.compile(sys.argv[1] if len(sys.argv) > 1 else LANES)
JUMP = re.compile(r"^j(?!mp)\w+\s")
INDEXED = re.compile(r"\([^)]*,%\w+(?:,\d)?\)")

name, before = "", ""
for line in sys.stdin:
    if m := re.match(r"[0-9a-f]+ <(.*)>:", line):
        name, before = m[1], ""
        if WANTED.search(name):
            print(name)
        continue
    m = re.match(r"\s*[0-9a-f]+:\t(.*)", line)
    if not m or not WANTED.search(name):
        continue
    code = re.sub(r"\s+#.*", "", m[1]).strip()
    if JUMP.match(code):
        print(f"  {before:45} {re.sub(r' <.*', '', code)}")
    elif INDEXED.search(code) and not code.startswith(("lea", "nop", "data16", "cs nop")):
        print(f"  indexed: {code}")
    if not code.startswith(("mov", "lea", "v", "nop")):
        before = code
