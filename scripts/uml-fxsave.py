#!/usr/bin/env python3
"""Runs a User-mode Linux that shall not find that its host has an extended processor state (XSAVE).

A host with AMX takes that state back as a whole alone (xstateregs_set in arch/x86/kernel/fpu/regset.c), and is given less by a
User-mode Linux older than AMX, whose first process then dies. Where ptrace(2) refuses to read it, as a seccomp(2) filter here has
it do, User-mode Linux is content with the state of FXSAVE (arch_init_registers in arch/x86/um/os-Linux/registers.c). What goes
beyond that, the upper halves of AVX's registers, threads of one process then share: nothing in it may use them.
Usage: uml-fxsave.py PROGRAM [ARGUMENT...]
"""

import ctypes
import os
import struct
import sys

PR_SET_SECCOMP, SECCOMP_MODE_FILTER, PR_SET_NO_NEW_PRIVS = 22, 2, 38
LOAD, EQUAL, RETURN = 0x20, 0x15, 0x06
ALLOW, REFUSE = 0x7FFF0000, 0x00050000 | 5  # EIO
ARCHITECTURE, PTRACE, PTRACE_GETREGSET, NT_X86_XSTATE = 0xC000003E, 101, 0x4204, 0x202
# Of struct seccomp_data: the call's number, its architecture, and its first and third argument.
NUMBER, ARCH, REQUEST, KIND = 0, 4, 16, 32

RULES = [(ARCH, ARCHITECTURE), (NUMBER, PTRACE), (REQUEST, PTRACE_GETREGSET), (KIND, NT_X86_XSTATE)]


def filter_program():
    steps = []
    for index, (offset, value) in enumerate(RULES):
        to_allow = 2 * (len(RULES) - index - 1) + 1
        steps += [(LOAD, 0, 0, offset), (EQUAL, 0, to_allow, value)]
    steps += [(RETURN, 0, 0, REFUSE), (RETURN, 0, 0, ALLOW)]
    return b"".join(struct.pack("HBBI", *step) for step in steps), len(steps)


def install():
    code, length = filter_program()
    memory = ctypes.create_string_buffer(code)
    program = ctypes.create_string_buffer(struct.pack("HxxxxxxQ", length, ctypes.addressof(memory)))
    libc = ctypes.CDLL(None, use_errno=True)
    for call in ((PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), (PR_SET_SECCOMP, SECCOMP_MODE_FILTER, program, 0, 0)):
        if libc.prctl(*call) != 0:
            sys.exit(f"weft: prctl {call[0]}: {os.strerror(ctypes.get_errno())}")


if len(sys.argv) < 2:
    sys.exit(__doc__.splitlines()[-1])
install()
os.execvp(sys.argv[1], sys.argv[1:])
