#!/usr/bin/env python3
"""Shows that the vector back-ends touch the same addresses whatever the secret.

    constant_time.py PROGRAM SYMBOL... [--runs N] [--arguments "WORD WORD"]

Runs the program on secrets of the same length (zeros, ones, random) without address randomisation,
steps through every call of the functions whose names contain a SYMBOL, instruction by instruction,
and notes each instruction's address and the address of each memory operand. All runs must agree.
Needs Linux on x86-64 with objdump and a processor that has the features.
"""
import ctypes, os, re, signal, subprocess, sys

PTRACE_TRACEME, PEEK, POKE, CONT, STEP, GETREGS, SETREGS = 0, 1, 4, 7, 9, 12, 13
NAMES = ("r15 r14 r13 r12 rbp rbx r11 r10 r9 r8 rax rcx rdx rsi rdi orig_rax rip cs eflags rsp ss "
         "fs_base gs_base ds es fs gs").split()
Registers = type("Registers", (ctypes.Structure,), {"_fields_": [(n, ctypes.c_ulonglong) for n in NAMES]})
libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.restype = ctypes.c_long
libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
BASE = 0x555555554000  # where Linux puts a position-independent program without randomisation
OPERAND = re.compile(r"(-?0x[0-9a-f]+|-?\d+)?\((%\w+)?(?:,(%\w+)(?:,(\d))?)?\)")
SPECIAL = re.compile(r"^\s*(lea|nop|data16 .*nop|cs nop|prefetch)")


def disassemble(program):
    """Address -> the memory operands of the instruction; the entries of all functions by name."""
    text = subprocess.run(["objdump", "-d", "--no-show-raw-insn", program], capture_output=True, text=True, check=True).stdout
    operands, entries, scattered = {}, {}, []
    for line in text.splitlines():
        if m := re.match(r"([0-9a-f]+) <(.*)>:", line):
            entries[m[2]] = int(m[1], 16)
        elif m := re.match(r"\s*([0-9a-f]+):\t(.*)", line):
            code = m[2].split("#")[0]
            if re.search(r"gather|scatter", code):
                scattered.append(int(m[1], 16))
            operands[int(m[1], 16)] = [] if SPECIAL.match(code) else OPERAND.findall(code)
    return operands, entries, scattered


def registers(pid):
    values = Registers()
    libc.ptrace(GETREGS, pid, None, ctypes.byref(values))
    return values


def trace(command, operands, entries, scattered, secret):
    """Every address executed or touched inside the functions, in order."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.dup2(read, 0), os.close(write), os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        libc.personality(0x0040000)
        libc.ptrace(PTRACE_TRACEME, 0, None, None)
        os.execve(command[0], command, {})
    os.close(read), os.write(write, secret), os.close(write)
    os.waitpid(pid, 0)
    saved = {}
    for entry in entries:
        word = libc.ptrace(PEEK, pid, entry + BASE, None)
        saved[entry] = word
        libc.ptrace(POKE, pid, entry + BASE, (word & ~0xFF) | 0xCC)
    seen = []
    libc.ptrace(CONT, pid, None, None)
    while os.WIFSTOPPED(status := os.waitpid(pid, 0)[1]):
        now = registers(pid)
        entry = now.rip - 1 - BASE
        if os.WSTOPSIG(status) != signal.SIGTRAP or entry not in saved:
            sys.exit(f"stopped by signal {os.WSTOPSIG(status)} at {now.rip:#x}")
        for at, word in saved.items():
            libc.ptrace(POKE, pid, at + BASE, word)
        now.rip -= 1
        libc.ptrace(SETREGS, pid, None, ctypes.byref(now))
        top = now.rsp
        while now.rsp <= top:
            at = now.rip - BASE
            seen.append(at)
            if at in scattered:
                sys.exit(f"a gather or scatter at {at:#x}: its addresses are not watched")
            for offset, base, index, scale in operands.get(at, ()):
                if base == "%rip":
                    continue
                value = lambda name: getattr(now, name[1:]) if name else 0
                seen.append((int(offset or "0", 16) + value(base) + value(index) * int(scale or "1")) % 2**64)
            libc.ptrace(STEP, pid, None, None)
            os.waitpid(pid, 0)
            now = registers(pid)
        for at, word in saved.items():
            libc.ptrace(POKE, pid, at + BASE, (word & ~0xFF) | 0xCC)
        libc.ptrace(CONT, pid, None, None)
    if not os.WIFEXITED(status) or os.WEXITSTATUS(status):
        sys.exit("the program failed")
    return seen


def main(program, symbols, runs, arguments):
    operands, entries, scattered = disassemble(program)
    chosen = {name: at for name, at in entries.items() if any(symbol in name for symbol in symbols)}
    for symbol in symbols:
        if not any(symbol in name for name in chosen):
            sys.exit(f"no function has {symbol} in its name")
    secrets = [bytes(1000), b"\xff" * 1000] + [os.urandom(1000) for _ in range(runs)]
    first = None
    for secret in secrets:
        seen = trace([program, *arguments], operands, chosen.values(), set(scattered), secret)
        first = first or seen
        if seen != first:
            at = next((i for i, (a, b) in enumerate(zip(seen, first)) if a != b), min(len(seen), len(first)))
            sys.exit(f"the trace depends on the secret at step {at}: {seen[at - 1:at + 1]}")
    print(f"{' '.join([os.path.basename(program), *arguments])}: {len(secrets)} secrets, one trace of {len(first)} addresses in {', '.join(symbols)}")


def option(words, name, default):
    if name not in words:
        return default
    at = words.index(name)
    value = words[at + 1]
    del words[at:at + 2]
    return value


if __name__ == "__main__":
    words = sys.argv[1:]
    runs, arguments = int(option(words, "--runs", "8")), option(words, "--arguments", "").split()
    main(os.path.abspath(words[0]), words[1:], runs, arguments)
