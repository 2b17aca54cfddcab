# SPDX-License-Identifier: 0BSD
"""The shared library exports the functions that the headers promise, and nothing else.

exports_test.py SOURCE_ROOT LIBRARY: three lists are one: what is marked VET_API, what the version
script names, what the dynamic linker sees.
"""
import pathlib
import re
import sys

from common import declared_functions, differences, finish, public_headers, run


def mapped(text):
    """The names in the global part of a version script of one node."""
    code = re.sub(r"/\*.*?\*/", "", re.sub(r"^#.*$", "", text, flags=re.MULTILINE))
    listed, _, hidden = re.search(r"VETSOCK_0 \{(.*)\}", code, re.DOTALL)[1].partition("local:")
    if hidden.split() != ["*;"]:
        sys.exit("the version script does not hide everything else")
    return re.findall(r"(\S+);", listed.replace("global:", ""))


def exported(library):
    """The dynamic symbols with their versions, without the node VETSOCK_0 itself (type A)."""
    rows = [line.split() for line in run(["nm", "-D", "--defined-only", library]).splitlines()]
    return [row[-1] for row in rows if row[-2] != "A"]


def soname(library):
    return re.findall(r"SONAME.*\[(.*)\]", run(["readelf", "-d", "-W", library]))


def main():
    source_root, library = sys.argv[1:]
    promised = [name for header in public_headers(source_root)
                for name in declared_functions(header.read_text())]
    script = mapped(pathlib.Path(source_root, "vetsock.map").read_text())
    seen = exported(library)
    failures = [
        *(f"{name}: promised twice" for name in set(promised) if promised.count(name) > 1),
        *differences("the headers", promised, "vetsock.map", script),
        *differences("vetsock.map", [name + "@@VETSOCK_0" for name in script], "the library", seen),
    ]
    if len(promised) < 100:
        failures.append(f"only {len(promised)} functions found in the headers: this test is blind")
    if soname(library) != ["libvetsock.so.0"]:
        failures.append(f"SONAME {soname(library)}")
    print(f"{len(seen)} functions exported")
    finish(failures)


if __name__ == "__main__":
    main()
