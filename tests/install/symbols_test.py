# SPDX-License-Identifier: 0BSD
"""The objects of src/ ask nothing of the operating system.

symbols_test.py SOURCE_ROOT STATIC_LIBRARY COMPILER...: whatever they import must be defined by
another of them, be one of the plain functions on memory and text below, or come from the compiler.
"""
import pathlib
import re
import sys
import tempfile

from common import finish, run

# bcmp: what clang makes of a memcmp() that is only asked whether it is 0.
PLAIN = """bcmp memchr memcmp memcpy memmove memset strchr strcmp strcspn strlen strncmp strnlen
           strpbrk strrchr strspn strstr""".split()

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


def refused(rows):
    """What these objects import and may not."""
    defined = {name for _, name, kind in rows if kind.isupper() and kind != "U"}
    for member, name, kind in rows:
        allowed = name in PLAIN or name in defined or COMPILER.fullmatch(name)
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


def main():
    source_root, library, *compiler = sys.argv[1:]
    rows = [row for row in symbols(library) if row[0].startswith("src_")]
    failures = list(refused(rows))
    sources = len(list(pathlib.Path(source_root, "src").glob("*.c")))
    members = len({member for member, _, _ in rows})
    if members != sources:
        failures.append(f"{members} objects looked at, but {sources} files in src/")
    with tempfile.TemporaryDirectory() as directory:
        if not any(line.endswith(" open") for line in refused(control(compiler, directory))):
            failures.append("an object that calls open(2) was not refused: this test is blind")
    print(f"{members} objects import:",
          *sorted({name for _, name, kind in rows if kind == "U" and not name.startswith("vet_")}))
    finish(failures)


if __name__ == "__main__":
    main()
