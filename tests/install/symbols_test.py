# SPDX-License-Identifier: 0BSD
"""The objects of src/ ask nothing of the operating system, and those of shim/ but shim/host little.

symbols_test.py SOURCE_ROOT LIBVETSOCK.a LIBVETSOCK-SHIM.a COMPILER...: whatever they import must be
defined by another of them (by the shim: or exported by libvetsock), be one of the plain functions
below, or come from the compiler.
"""
import pathlib
import re
import sys
import tempfile

from common import declared_functions, finish, headers_of, run

# bcmp: what clang makes of a memcmp() that is only asked whether it is 0.
PLAIN = """bcmp memchr memcmp memcpy memmove memset strchr strcmp strcspn strlen strncmp strnlen
           strpbrk strrchr strspn strstr""".split()

# What tests are made of may have memory of its own, makes text, and leaves a run by a jump; what a
# plan asks it to raise, it raises.  sigsetjmp() is a macro for __sigsetjmp in some C libraries.
SHIM = """__sigsetjmp calloc free malloc raise realloc sigsetjmp siglongjmp __longjmp_chk snprintf
          __snprintf_chk vsnprintf __vsnprintf_chk""".split()

# What compilers add on their own: arithmetic that the machine lacks, hardening, instruments.
COMPILER = re.compile(r"""
    _GLOBAL_OFFSET_TABLE_ | __stack_chk_(fail|guard)\w* | __(mem|str)\w+_chk
  | __atomic_\w+ | __sync_\w+ | __aeabi_\w+ | __u?(div|mod|divmod|mul|ashl|ashr|lshr|cmp)[sdt]i\d
  | __(asan|lsan|msan|tsan|ubsan|sanitizer|gcov|llvm|hwasan|afl)_\w+ | llvm_gc\w+ | mcount | __fentry__
  | __cyg_profile_func_(enter|exit)
""", re.VERBOSE)


def symbols(path):
    """Rows (member, name, type) of an archive, or of an object, which is its own member."""
    lines = run(["nm", "-A", "--format=posix", path]).splitlines()
    rows = (re.match(r"(?:.*\[(.*)\]|(.*)): (\S+) (\S)", line) for line in lines)
    return [(row[1] or row[2], row[3], row[4]) for row in rows if row]


def defined(rows):
    return {name for _, name, kind in rows if kind.isupper() and kind != "U"}


def refused(rows, others=()):
    """What these objects import and may not; `others` are the names that they may besides."""
    own = defined(rows)
    for member, name, kind in rows:
        allowed = name in PLAIN or name in own or name in others or COMPILER.fullmatch(name)
        if kind in "Uvw" and not allowed:
            yield f"{member} imports {name}"


def control(compiler, directory):
    """Rows of an object that does what src/ must not: it opens a file."""
    source, made = pathlib.Path(directory, "control.c"), pathlib.Path(directory, "control.o")
    source.write_text("int open(const char *, int, ...);\n"
                      "int control(void);\n"
                      "int control(void)\n{\n\treturn open(\"/\", 0);\n}\n")
    run([*compiler, "-c", source, "-o", made])
    return symbols(made)


def look(what, rows, sources, others=()):
    """What is wrong with the objects of one library, in lines."""
    members = {member for member, _, _ in rows}
    if len(members) != len(sources):
        yield f"{len(members)} objects of {what} looked at, but it has {len(sources)} files"
    own = defined(rows)
    print(f"{len(members)} objects of {what} import:", *sorted(
        {name for _, name, kind in rows
         if kind == "U" and name not in own and not name.startswith("vet_")}))
    yield from refused(rows, others)


def main():
    source_root, library, shim, *compiler = sys.argv[1:]
    root = pathlib.Path(source_root)
    exported = {name for header in headers_of(source_root, "vetsock")
                for name in declared_functions(header.read_text())}
    # What shim/host has of the shim is the watchdog: the one that looks at real time.
    # And its own copy of what all parsers and printers of vetsock share.
    host = [row for row in symbols(shim) if row[0].startswith("shim_host_")]
    shared = {"src/print.c", "src/scan.c"}
    rest = [row for row in symbols(shim) if row not in host]
    failures = [
        *look("src", [row for row in symbols(library) if row[0].startswith("src_")],
              [*root.glob("src/*.c")]),
        *look("shim", rest, [*(root / name for name in shared),
                             *(source for source in root.glob("shim/*/*.c")
                               if source.parent.name != "host")],
              {*SHIM, *exported, *defined(host)}),
    ]
    with tempfile.TemporaryDirectory() as directory:
        rows = control(compiler, directory)
        for others in (), SHIM:
            if not any(line.endswith(" open") for line in refused(rows, others)):
                failures.append("an object that calls open(2) was not refused: this test is blind")
    finish(failures)


if __name__ == "__main__":
    main()
