# SPDX-License-Identifier: 0BSD
"""Each shared library exports the functions that its headers promise, and nothing else.

exports_test.py SOURCE_ROOT LIBVETSOCK LIBVETSOCK_SHIM: three lists are one: what is marked VET_API,
what the version script names, what the dynamic linker sees.
"""
import pathlib
import re
import sys

from common import (LIBRARIES, declared_functions, differences, finish, headers_of, public_headers,
                    run)

# Name, node of the version script, and how many functions there are at least, or the test is blind.
NODES = (("vetsock", "VETSOCK_0", 100), ("vetsock-shim", "VETSOCK_SHIM_0", 50))


def mapped(text, node):
    """The names in the global part of a version script of one node."""
    code = re.sub(r"/\*.*?\*/", "", re.sub(r"^#.*$", "", text, flags=re.MULTILINE))
    listed, _, hidden = re.search(node + r" \{(.*)\}", code, re.DOTALL)[1].partition("local:")
    if hidden.split() != ["*;"]:
        sys.exit("the version script does not hide everything else")
    return re.findall(r"(\S+);", listed.replace("global:", ""))


def exported(library):
    """The dynamic symbols with their versions, without the node itself (type A)."""
    rows = [line.split() for line in run(["nm", "-D", "--defined-only", library]).splitlines()]
    return [row[-1] for row in rows if row[-2] != "A"]


def soname(library):
    return re.findall(r"SONAME.*\[(.*)\]", run(["readelf", "-d", "-W", library]))


def look(source_root, name, node, least, library):
    """What is wrong with one library, in lines."""
    promised = [function for header in headers_of(source_root, name)
                for function in declared_functions(header.read_text())]
    script = mapped(pathlib.Path(source_root, f"{name}.map").read_text(), node)
    seen = exported(library)
    for function in set(promised):
        if promised.count(function) > 1:
            yield f"{function}: promised twice"
    yield from differences("the headers", promised, f"{name}.map", script)
    if sorted(script) == sorted(promised) and script != promised:
        yield f"{name}.map has another order than the headers"
    yield from differences(f"{name}.map", [f"{entry}@@{node}" for entry in script], library, seen)
    if len(promised) < least:
        yield f"only {len(promised)} functions found in the headers of {name}: this test is blind"
    if soname(library) != [f"lib{name}.so.0"]:
        yield f"{library}: SONAME {soname(library)}"
    print(f"{name}: {len(seen)} functions exported")


def homeless(source_root):
    """Headers of two libraries, and functions that a header promises for none."""
    lists = {name: headers_of(source_root, name) for name in LIBRARIES}
    for header in public_headers(source_root):
        homes = [name for name, headers in lists.items() if header in headers]
        if len(homes) > 1:
            yield f"{header.name}: in {' and '.join(LIBRARIES[name] for name in homes)}"
        if not homes and declared_functions(header.read_text()):
            yield f"{header.name}: promises functions, and is in none of {[*LIBRARIES.values()]}"


def main():
    source_root, *libraries = sys.argv[1:]
    failures = list(homeless(source_root))
    for (name, node, least), library in zip(NODES, libraries, strict=True):
        failures += look(source_root, name, node, least, library)
    finish(failures)


if __name__ == "__main__":
    main()
