# SPDX-License-Identifier: 0BSD
"""`vetsock parse` gives for each vector what the vector says.

vectors_test.py VETSOCK DIRECTORY: all vectors of all DIRECTORY/*.json.  README.md has the form.
"""
import functools
import json
import pathlib
import subprocess
import sys

LEAST = 600
FILE = {"kind", "about", "vectors"}
FAULT = {"offset", "length", "reason"}
VALUES = {
    "ip": {"bytes"},
    "address": {"bytes", "port", "scope_id"},
    "options": {"options"},
    "endpoint": {"endpoint"},
    "plan": {"plan"},
}


class Malformed(Exception):
    """The vectors cannot be compared."""


def distinct(pairs):
    members = dict(pairs)
    if len(members) != len(pairs):
        raise Malformed(f"a member is there twice: {[name for name, _ in pairs]}")
    return members


def input_of(vector):
    if "input_hex" in vector:
        return bytes.fromhex(vector["input_hex"])
    return vector["input"].encode()


def check_form(kind, vector):
    """The vector has all members of a good or of a bad text, and no others."""
    name = vector.get("name")
    members = set(vector) - {"name"}
    given = members & {"input", "input_hex"}
    if not isinstance(name, str) or not name:
        raise Malformed(f"a vector without a name: {vector}")
    if len(given) != 1:
        raise Malformed(f"{name}: either 'input' or 'input_hex'")
    if members - given not in (FAULT, VALUES[kind] | {"text"}):
        raise Malformed(f"{name}: these members are neither a good text's nor a bad one's: {sorted(members)}")
    text = input_of(vector)
    if b"\0" in text and b"\n" in text:
        raise Malformed(f"{name}: a NUL cannot be in an argument, nor a line end in a line")


def check_distinct(vectors):
    twice = []
    for what, of in (("name", lambda vector: vector["name"]), ("input", input_of)):
        seen = {}
        for vector in vectors:
            other = seen.setdefault(of(vector), vector)
            if other is not vector:
                twice.append(f"{vector['name']!r} has the {what} of {other['name']!r}")
    if twice:
        raise Malformed("; ".join(twice))


def load(text):
    """The kind and the vectors of a file."""
    document = json.loads(text, object_pairs_hook=distinct)
    if set(document) != FILE or document["kind"] not in VALUES or not document["about"]:
        raise Malformed(f"the members of a file are {sorted(FILE)}")
    for vector in document["vectors"]:
        check_form(document["kind"], vector)
    check_distinct(document["vectors"])
    return document["kind"], document["vectors"]


def run(vetsock, kind, arguments, lines, count):
    ended = subprocess.run([vetsock, "parse", "--kind", kind, "--json", "--", *arguments],
                           input=lines, capture_output=True, timeout=60, check=False)
    said = [json.loads(line, object_pairs_hook=distinct) for line in ended.stdout.splitlines()]
    status = 0 if all(answer["ok"] for answer in said) else 1
    if (ended.returncode, ended.stderr, len(said)) != (status, b"", count):
        raise Malformed(f"vetsock parse ends with {ended.returncode} after {len(said)} of {count} texts: "
                        f"{ended.stderr.decode()}")
    return said


def parse(vetsock, kind, texts):
    """What is said of each text: of lines through standard input, of those with line ends as arguments."""
    lines = [text for text in texts if b"\n" not in text]
    others = [text for text in texts if b"\n" in text]
    said = iter(run(vetsock, kind, ["-"], b"".join(line + b"\n" for line in lines), len(lines)))
    said_of_others = iter(run(vetsock, kind, others, b"", len(others)) if others else [])
    return [next(said_of_others if b"\n" in text else said) for text in texts]


def same(wanted, got):
    """Of the same type, too: 1 is not true."""
    return json.dumps(wanted, sort_keys=True) == json.dumps(got, sort_keys=True)


def compare(vector, said):
    """What is wrong with an answer, in lines."""
    name = f"{vector['name']}: {input_of(vector)!r}"
    if said["ok"] != ("text" in vector):
        yield f"{name}: is {'good' if said['ok'] else 'bad'}: {said.get('text', said.get('reason'))!r}"
        return
    for member in sorted(set(vector) - {"name", "input", "input_hex"}):
        if member not in said or not same(vector[member], said[member]):
            yield f"{name}: {member}: want {vector[member]!r}, got {said.get(member)!r}"


def differences(say, kind, vectors):
    """What does not hold, in lines: for the vectors, and for their canonical texts."""
    for vector, said in zip(vectors, say(kind, [input_of(vector) for vector in vectors]), strict=True):
        yield from compare(vector, said)
    good = [dict(vector, input=vector["text"]) for vector in vectors if "text" in vector]
    for vector in good:
        vector.pop("input_hex", None)
    for vector, said in zip(good, say(kind, [input_of(vector) for vector in good]), strict=True):
        for line in compare(vector, said):
            yield f"{line} (the canonical text, parsed again)"


# ---- whether this test sees what is wrong ----

GOOD = {"name": "a", "input": "::0", "text": "::", "bytes": "0" * 32}
BAD = {"name": "b", "input": "::g", "offset": 2, "length": 1,
       "reason": "a group is hexadecimal digits"}
WRONG = [  # changes to these two that must be noticed
    (GOOD, {"text": "::0"}), (GOOD, {"bytes": "0" * 31 + "1"}), (GOOD, {"bytes": 0}),
    (GOOD, {"input": "::1"}), (GOOD, {"input": "::g"}),
    (BAD, {"offset": 1}), (BAD, {"length": 2}), (BAD, {"reason": "no"}), (BAD, {"input": "::1"}),
    (BAD, {"length": True}),
]
MALFORMED = [
    [dict(GOOD, extra=1)], [dict(GOOD, offset=0)], [{"name": "a", "input": "::", "text": "::"}],
    [{"name": "a", "text": "::", "bytes": "0" * 32}], [dict(GOOD, input_hex="ff")], [dict(GOOD, name="")],
    [dict(BAD, input="a\0\n")], [GOOD, dict(GOOD, input="::")], [GOOD, dict(GOOD, name="b")],
    [GOOD, {"name": "b", "input_hex": "3a3a30", "text": "::", "bytes": "0" * 32}],
]


MALFORMED_FILES = [
    '{"kind": "ip", "kind": "ip", "about": "x", "vectors": []}', '{"kind": "ip", "vectors": []}',
    '{"kind": "name", "about": "x", "vectors": []}', '{"kind": "ip", "about": "x", "vectors": [], "more": 1}',
]


def drifts(_, texts):
    """A parser whose canonical text is none: the same value has another one."""
    return [{"ok": True, "text": "0::" if text == b"::" else "::", "bytes": "0" * 32} for text in texts]


def blind_spots(say):
    """What is wrong with this test, in lines."""
    for line in differences(say, "ip", [GOOD, BAD]):
        yield f"two right vectors are refused: {line}"
    for vector, change in WRONG:
        if not list(differences(say, "ip", [{**vector, **change}])):
            yield f"a wrong vector is not noticed: {vector} with {change}"
    if not list(differences(drifts, "ip", [GOOD])):
        yield "a canonical text that is none is not noticed"
    whole = [json.dumps({"kind": "ip", "about": "x", "vectors": vectors}) for vectors in MALFORMED]
    for text in whole + MALFORMED_FILES:
        try:
            load(text)
            yield f"a malformed file is not noticed: {text}"
        except Malformed:
            pass


def check_file(say, path, counts):
    """What is wrong with one file, in lines."""
    try:
        kind, vectors = load(path.read_text(encoding="utf-8"))
        if kind != path.stem:
            raise Malformed(f"its kind is {kind!r}")
        counts[kind] = len(vectors)
        yield from differences(say, kind, vectors)
    except (Malformed, ValueError) as error:
        yield str(error)


def main():
    vetsock, directory = sys.argv[1:]
    say = functools.partial(parse, vetsock)
    counts, failures = {}, list(blind_spots(say))
    for path in sorted(pathlib.Path(directory).glob("*.json")):
        failures += (f"{path.name}: {line}" for line in check_file(say, path, counts))
    total = sum(counts.values())
    if total < LEAST:
        failures.append(f"there are fewer than {LEAST}")
    for failure in failures:
        print(failure)
    print(f"{total} vectors: {', '.join(f'{count} of {kind}' for kind, count in counts.items())}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
