# SPDX-License-Identifier: 0BSD
"""The command `vetsock parse`, as people and programs meet it.

parse_cli_test.py VETSOCK: prints what does not hold, and says how many of its cases do.
"""
import json
import os
import subprocess
import sys

ORDER_GOOD = ["input", "ok", "kind", "text", "bytes", "port", "scope_id", "classes"]
ORDER_PLAN = ["input", "ok", "kind", "text", "rules"]
ORDER_BAD = ["input", "ok", "offset", "length", "reason"]

# Name, arguments, standard input, exit status, standard output.
FOR_PEOPLE = [
    ("an IPv4 address", ["127.0.0.1"], b"", 0, "127.0.0.1\n  ipv4 127.0.0.1 (loopback)\n"),
    ("an address without a class", ["8.8.8.8"], b"", 0, "8.8.8.8\n  ipv4 8.8.8.8\n"),
    ("an IPv6 address, made canonical", ["0:0::1"], b"", 0, "0:0::1\n  ipv6 ::1 (loopback)\n"),
    ("a socket address", ["[::1]:080"], b"", 0, "[::1]:080\n  address [::1]:80 (loopback)\n"),
    ("a zone", ["[fe80::1%2]:80"], b"", 0, "[fe80::1%2]:80\n  address [fe80::1%2]:80 (link-local)\n"),
    ("several, one bad", ["::", "1.2.3.256", "1.2.3.4"], b"", 1,
     "::\n  ipv6 :: (unspecified)\n1.2.3.256\n      ^^^ a part is at most 255\n1.2.3.4\n  ipv4 1.2.3.4\n"),
    ("something missing at the end", ["[::1]"], b"", 1, "[::1]\n     ^ a port is missing\n"),
    ("an empty text", [""], b"", 1, "\n^ an address is missing\n"),
    ("no IP address by kind", ["--kind", "ip", "1.2.3.4:80"], b"", 1,
     "1.2.3.4:80\n       ^ a port is not part of an IP address\n"),
    ("no socket address by kind", ["--kind=address", "1.2.3.4"], b"", 1,
     "1.2.3.4\n       ^ a port is missing\n"),
    ("a text that begins with a hyphen", ["--", "-1"], b"", 1,
     "-1\n^ a sign is not part of an address\n"),
    ("bytes that a terminal cannot show", ["-"], b"\x1b\\\xc3\xa9\0::1\n", 1,
     "\\x1b\\\\\\xc3\\xa9\\x00::1\n^^^^ a control character cannot stand here\n"),
    ("the caret behind bytes that cannot be shown", ["--kind", "address", "-"], b"1.2.3.4:80\0\n", 1,
     "1.2.3.4:80\\x00\n          ^^^^ a NUL byte cannot stand here\n"),
    ("lines, and texts around them", ["::1", "-", "::2"], b"1.2.3.4\n10.0.0.1", 0,
     "::1\n  ipv6 ::1 (loopback)\n1.2.3.4\n  ipv4 1.2.3.4\n10.0.0.1\n  ipv4 10.0.0.1 (private)\n"
     "::2\n  ipv6 ::2 (ipv4-compatible)\n"),
    ("no line at all", ["-"], b"", 0, ""),
    ("a plan, made canonical", ["--kind", "plan", " recv@1+=EWOULDBLOCK;seed:1; poll = events:HUP|IN "], b"", 0,
     " recv@1+=EWOULDBLOCK;seed:1; poll = events:HUP|IN \n  plan seed:1; recv=EAGAIN; poll=events:IN|HUP\n"),
    ("no rule at all", ["--kind=plan", ""], b"", 0, "\n  plan (changes nothing)\n"),
    ("a seed and no rule", ["--kind=plan", "seed:1"], b"", 0, "seed:1\n  plan seed:1 (changes nothing)\n"),
    ("a bad plan", ["--kind", "plan", "send=EINTR; recv@3-2=zero"], b"", 1,
     "send=EINTR; recv@3-2=zero\n                 ^^^ this range runs backwards\n"),
    ("something missing at the end of a plan", ["--kind", "plan", "send@1"], b"", 1,
     "send@1\n      ^ '=' and an action are missing\n"),
    ("the caret behind a tab in a plan", ["--kind", "plan", "send=\tEINTRR"], b"", 1,
     "send=\\x09EINTRR\n         ^^^^^^ no error has this name\n"),
    ("an address is no plan by kind", ["--kind", "plan", "::1"], b"", 1,
     "::1\n^ a rule begins with the name of a call, or '*'\n"),
    ("a plan by its looks, beside addresses", ["-"], b"::1\nsend=EINTR after\n", 0,
     "::1\n  ipv6 ::1 (loopback)\nsend=EINTR after\n  plan send=EINTR after\n"),
]

# Name, standard input of `--json -`, and the objects, one a line.
FOR_PROGRAMS = [
    ("each kind", b"127.0.0.1\n::1\n1.2.3.4:80\n[fe80::1%2]:65535\n", [
        {"input": "127.0.0.1", "ok": True, "kind": "ipv4", "text": "127.0.0.1", "bytes": "7f000001",
         "port": 0, "scope_id": 0, "classes": ["loopback"]},
        {"input": "::1", "ok": True, "kind": "ipv6", "text": "::1",
         "bytes": "00000000000000000000000000000001", "port": 0, "scope_id": 0, "classes": ["loopback"]},
        {"input": "1.2.3.4:80", "ok": True, "kind": "address", "text": "1.2.3.4:80",
         "bytes": "01020304", "port": 80, "scope_id": 0, "classes": []},
        {"input": "[fe80::1%2]:65535", "ok": True, "kind": "address", "text": "[fe80::1%2]:65535",
         "bytes": "fe800000000000000000000000000001", "port": 65535, "scope_id": 2,
         "classes": ["link-local"]},
    ]),
    ("a plan and a bad one", b"send=EINTR;recv = zero\nsend=\xc3\xa9\n", [
        {"input": "send=EINTR;recv = zero", "ok": True, "kind": "plan", "text": "send=EINTR; recv=zero",
         "rules": 2},
        {"input": "send=\xe9", "ok": False, "offset": 5, "length": 1,
         "reason": "only ASCII characters can stand here"}]),
    ("a bad text", b"1.2.3.256\n", [
        {"input": "1.2.3.256", "ok": False, "offset": 6, "length": 3, "reason": "a part is at most 255"}]),
    ("an empty line", b"\n", [
        {"input": "", "ok": False, "offset": 0, "length": 1, "reason": "an address is missing"}]),
    ("a carriage return", b"::1\r\n", [
        {"input": "::1\r", "ok": False, "offset": 3, "length": 1,
         "reason": "no line end stands here"}]),
    ("a NUL", b"::1\0\n", [
        {"input": "::1\0", "ok": False, "offset": 3, "length": 1,
         "reason": "a NUL byte cannot stand here"}]),
    ("bytes that are no UTF-8, between some that are", b"\xff\xc3\xa9\xc3\xed\xa0\x80\xf0\x9f\x92\xa9\xf0\x9f\n", [
        {"input": "\xff\xe9\xc3\xed\xa0\x80\U0001f4a9\xf0\x9f", "ok": False, "offset": 0, "length": 1,
         "reason": "only ASCII characters can stand here"}]),
]

# One of each class, in the order in which classes are listed.
CLASSES = [
    ("0.0.0.0", "unspecified"), ("::1", "loopback"), ("fd00::1", "private"), ("169.254.1.1", "link-local"),
    ("ff02::1", "multicast"), ("255.255.255.255", "broadcast"), ("2001:db8::1", "documentation"),
    ("::ffff:127.0.0.1", "ipv4-mapped"), ("::1.2.3.4", "ipv4-compatible"),
]

# Name, text, and as what it must be read without --kind.
NEARER = [
    ("a bracket", "[::1", "address"), ("a dot and one colon", "1.2.3.256:80", "address"),
    ("a host name and a port", "example.com:80", "address"), ("colons only", "1:2:3", "ip"),
    ("dots only", "1.2.3", "ip"), ("an embedded address and a port", "::1.2.3.4:80", "ip"),
    ("an equals sign", "recv=short", "plan"), ("an equals sign and an address", "a.b=1.2.3.4:80", "plan"),
    ("a star", "*=pass", "plan"), ("a blank before a plan", " send=EINTR", "plan"),
    ("an interface whose name holds an equals sign", "[fe80::1%a=b]:80", "address"),
    ("an equals sign for a colon", "1.2.3.4=80", "ip"), ("a seed alone", "seed:1", "ip"),
    ("an empty text", "", "ip"), ("a slash", "tcp://[::1]:80?no-delay=1", "ip"),
]

# Name, arguments, and what the message must hold.
WRONG_USAGE = [
    ("nothing to parse", [], "nothing to parse"),
    ("an unknown kind", ["--kind", "name", "::1"], "'ip', 'address' or 'plan'"),
    ("a kind missing", ["--kind"], "--kind"),
    ("an unknown option", ["--jsn", "::1"], "--jsn"),
]

failures, cases = [], 0


def expect(name, want, got):
    global cases
    cases += 1
    if want != got:
        failures.append(f"{name}: want {want!r}, got {got!r}")


def parse(vetsock, *arguments, text=b""):
    return subprocess.run([vetsock, "parse", *arguments], input=text, capture_output=True, timeout=30)


def objects(vetsock, *arguments, text=b""):
    return [json.loads(line) for line in
            parse(vetsock, "--json", *arguments, text=text).stdout.decode("ascii").splitlines()]


def check_people(vetsock):
    for name, arguments, text, status, out in FOR_PEOPLE:
        done = parse(vetsock, *arguments, text=text)
        expect(name, (status, out, ""), (done.returncode, done.stdout.decode(), done.stderr.decode()))


def order(row):
    if not row["ok"]:
        return ORDER_BAD
    return ORDER_PLAN if row["kind"] == "plan" else ORDER_GOOD


def check_programs(vetsock):
    for name, text, want in FOR_PROGRAMS:
        done = parse(vetsock, "--json", "-", text=text)
        got = [json.loads(line) for line in done.stdout.decode("ascii").splitlines()]
        expect(name, want, got)
        expect(name + ": order of keys", [order(row) for row in want],
               [list(row) for row in got])
        expect(name + ": exit status", 0 if all(row["ok"] for row in want) else 1, done.returncode)
    raw = parse(vetsock, "--json", "-", text=b"\xe9\0\n").stdout.decode("ascii")
    expect("bytes are escaped by their number", True, '"input":"\\u00E9\\u0000"' in raw)
    for text, name in CLASSES:
        expect("class of " + text, [name], objects(vetsock, text)[0].get("classes"))


def check_nearer(vetsock):
    for name, text, kind in NEARER:
        expect(name, objects(vetsock, "--kind", kind, text), objects(vetsock, text))


def check_usage(vetsock):
    for name, arguments, part in WRONG_USAGE:
        done = parse(vetsock, *arguments)
        message = done.stderr.decode()
        expect(name, (2, "", True, True),
               (done.returncode, done.stdout.decode(), part in message, "vetsock parse --help" in message))
    done = parse(vetsock, "--help")
    expect("help", (0, True), (done.returncode, b"--kind=ip|address|plan" in done.stdout))


def check_trouble(vetsock):
    """What cannot be read or written is not passed over in silence."""
    directory = os.open("/", os.O_RDONLY)
    done = subprocess.run([vetsock, "parse", "-"], stdin=directory, capture_output=True, timeout=30)
    os.close(directory)
    expect("a directory as input", (1, True), (done.returncode, b"standard input" in done.stderr))
    if not os.path.exists("/dev/full"):
        print("skipped: a full device as output, for there is no /dev/full")
        return
    with open("/dev/full", "wb") as full:
        done = subprocess.run([vetsock, "parse", "::1"], stdout=full, stderr=subprocess.PIPE, timeout=30)
    expect("a full device as output", (1, True), (done.returncode, b"standard output" in done.stderr))


def main():
    vetsock = sys.argv[1]
    for check in (check_people, check_programs, check_nearer, check_usage, check_trouble):
        check(vetsock)
    for failure in failures:
        print(failure)
    print(f"{cases - len(failures)} held, {len(failures)} failed")
    return 1 if failures else 0


sys.exit(main())
