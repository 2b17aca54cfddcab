# SPDX-License-Identifier: 0BSD
"""The fuzz targets: each file is in the list, has seeds and a line that says what it aims at; and what
reads text, prints it, or moves bytes of the public headers is aimed at by one of them.

fuzz_test.py SOURCE_ROOT
"""
import pathlib
import re
import sys

from common import declared_functions, differences, finish, public_headers

LISTED = re.compile(r"^([a-z_]+) ([1-9]\d*) (?:all|src)$", re.MULTILINE)
MUST_BE_AIMED_AT = re.compile(r"vet_\w+_parse(_\w+)?|vet_\w+_format|vet_socket_\w+")
# Those that no input can reach, and why.
EXEMPT = {
    "vet_socket_stream": "it is vet_socket_stream_on() over the real table, of which no target makes a call",
    "vet_socket_datagram": "likewise",
    "vet_socket_raw": "likewise",
    "vet_fault_act_format": "it prints what a layer did, not what an input says",
}


def functions(source_root):
    """Of each public header, in its order."""
    return {header.name: declared_functions(header.read_text()) for header in public_headers(source_root)}


def aims(text):
    """The names behind "Aims at:" in the first comment; "_close" behind "vet_socket_read" is vet_socket_close."""
    head = re.search(r"/\*((?:(?!\*/).)*?\bAims at:)(.*?)\*/", text, re.DOTALL)
    names, before = [], ""
    for name in re.findall(r"\b(?:vet_\w+)|(?<!\w)_\w+", head.group(2) if head else ""):
        if name.startswith("vet_"):
            before = re.match(r"vet_[a-z]+", name).group()
        names.append(name if name.startswith("vet_") else before + name)
    return names


def expand(names, declared):
    """vet_socket_set_X and vet_socket_X: every setter and every getter of option.h."""
    options = declared["option.h"]
    setters = [name for name in options if name.startswith("vet_socket_set_")]
    getters = [name for name in options if name.startswith("vet_socket_") and name not in setters]
    several = {"vet_socket_set_X": setters, "vet_socket_X": getters}
    return [one for name in names for one in several.get(name, [name])]


def check_files(fuzz, listed):
    there = [path.stem.removeprefix("fuzz_") for path in fuzz.glob("fuzz_*.c")]
    yield from differences("fuzz/fuzz_*.c", there, "fuzz/targets", listed)
    for kind in ("corpus", "regressions"):
        for directory in (path for path in (fuzz / kind).iterdir() if path.is_dir()):
            if directory.name not in there:
                yield f"{directory}: there is no such target"
    for name in there:
        seeds = [path for path in (fuzz / "corpus" / name).glob("*") if path.is_file()]
        if not seeds:
            yield f"{name} has no seeds in fuzz/corpus/{name}"
        # The search would cut it.
        yield from (f"{seed} is longer than an input may be: {listed.get(name)} bytes" for seed in seeds
                    if seed.stat().st_size > listed.get(name, 0))


def check_aims(fuzz, declared):
    known = {name for names in declared.values() for name in names}
    aimed_at = set()
    for path in sorted(fuzz.glob("fuzz_*.c")):
        names = expand(aims(path.read_text()), declared)
        aimed_at.update(names)
        if not names and path.stem != "fuzz_canary":
            yield f"{path.name} does not say what it aims at"
        yield from (f"{path.name} aims at {name}, which is in no public header" for name in names
                    if name not in known)
    yield from (f"no fuzz target aims at {name}" for name in sorted(known)
                if MUST_BE_AIMED_AT.fullmatch(name) and name not in aimed_at and name not in EXEMPT)
    yield from (f"{name} is exempt, and aimed at or in no header" for name in EXEMPT
                if name in aimed_at or name not in known)


def check_myself():
    """What cannot fail proves nothing."""
    text = "/* It does.\n * Aims at: vet_ip_parse, _format; the setters: vet_socket_set_X */\nint vet_other;"
    if aims(text) != ["vet_ip_parse", "vet_ip_format", "vet_socket_set_X"]:
        yield f"this test reads {aims(text)}"
    if expand(["vet_socket_set_X"], {"option.h": ["vet_socket_set_ttl", "vet_socket_ttl"]}) != ["vet_socket_set_ttl"]:
        yield "this test expands nothing"


def main():
    source_root = sys.argv[1]
    fuzz = pathlib.Path(source_root, "fuzz")
    listed = {name: int(size) for name, size in LISTED.findall((fuzz / "targets").read_text())}
    declared = functions(source_root)
    finish([*check_myself(), *check_files(fuzz, listed), *check_aims(fuzz, declared)])


if __name__ == "__main__":
    main()
