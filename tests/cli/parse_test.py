# SPDX-License-Identifier: 0BSD
"""The command `vetsock parse`, as people and programs meet it.

parse_test.py VETSOCK: prints what does not hold, and says how many of its cases do.
"""
import json
import os
import subprocess
import sys

ORDER_GOOD = ["input", "ok", "kind", "text", "bytes", "port", "scope_id", "classes"]
ORDER_OTHER = ["input", "ok", "kind", "text"]  # and the kind
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
    ("options, each with what it means", ["no-delay,cork=off,ttl=64,congestion=cubic"], b"", 0,
     "no-delay,cork=off,ttl=64,congestion=cubic\n"
     "  options no-delay,ttl=64,cork=off,congestion=cubic\n"
     "    no-delay          small segments leave at once\n"
     "    ttl=64            hops of a packet\n"
     "    cork=off          not: partial segments are held back\n"
     "    congestion=cubic  the congestion control\n"),
    ("durations that the system counts in its own units", ["--kind", "option", "-"],
     b"keepalive-time=1500ms,keepalive-interval=1ns,user-timeout=1us,linger=2s\n", 0,
     "keepalive-time=1500ms,keepalive-interval=1ns,user-timeout=1us,linger=2s\n"
     "  options keepalive-time=1500ms,keepalive-interval=1ns,linger=2s,user-timeout=1us\n"
     "    keepalive-time=1500ms   idle time before the first probe; set as 2s\n"
     "    keepalive-interval=1ns  time between probes; set as 1s\n"
     "    linger=2s               how long close waits for delivery\n"
     "    user-timeout=1us        time without acknowledgement that ends a connection; set as 1ms\n"),
    ("values that are not what they look like",
     ["linger=0s", "linger=off", "send-buffer=1KiB", "user-timeout=0s", "defer-accept=0s", "defer-accept=1500ms"],
     b"", 0,
     "linger=0s\n  options linger=0s\n"
     "    linger=0s  how long close waits for delivery; close throws away what is unsent, and resets\n"
     "linger=off\n  options linger=off\n"
     "    linger=off  how long close waits for delivery; close returns at once\n"
     "send-buffer=1KiB\n  options send-buffer=1KiB\n"
     "    send-buffer=1KiB  bytes of the send buffer; Linux doubles it\n"
     "user-timeout=0s\n  options user-timeout=0s\n"
     "    user-timeout=0s  time without acknowledgement that ends a connection; the system's own limit\n"
     "defer-accept=0s\n  options defer-accept=0s\n"
     "    defer-accept=0s  connections are accepted with their first data; off\n"
     "defer-accept=1500ms\n  options defer-accept=1500ms\n"
     "    defer-accept=1500ms  connections are accepted with their first data; set as 2s; "
     "Linux rounds it up to a time of retransmission\n"),
    ("no option at all", ["--kind=options", ""], b"", 0, "\n  options (sets nothing)\n"),
    ("an unknown option", ["ttl=64,nodelay"], b"", 1,
     "ttl=64,nodelay\n       ^^^^^^^ there is no option of this name; did you mean 'no-delay'?\n"),
    ("an endpoint that connects", ["TCP://127.0.0.1:080?no-delay&linger=1ms"], b"", 0,
     "TCP://127.0.0.1:080?no-delay&linger=1ms\n"
     "  endpoint tcp://127.0.0.1:80?linger=1ms&no-delay (loopback)\n"
     "    makes an IPv4 stream socket\n"
     "    sets linger=1ms  how long close waits for delivery; set as 1s\n"
     "    sets no-delay    small segments leave at once\n"
     "    connects to 127.0.0.1:80\n"),
    ("an endpoint that listens, in a zone by name", ["tcp-listen://[fe80::1%eth0]:80?backlog=7"], b"", 0,
     "tcp-listen://[fe80::1%eth0]:80?backlog=7\n"
     "  endpoint tcp-listen://[fe80::1%eth0]:80?backlog=7 (link-local)\n"
     "    looks up the interface eth0\n    makes an IPv6 stream socket\n"
     "    binds to [fe80::1%eth0]:80\n    listens, with a backlog of 7\n"),
    ("a zone with a question mark, and bytes that a terminal cannot show", ["-"],
     b"udp://[::1%a?\x1b\xff]:53?ttl=1\n", 0,
     "udp://[::1%a?\\x1b\\xff]:53?ttl=1\n  endpoint udp://[::1%a?\\x1b\\xff]:53?ttl=1 (loopback)\n"
     "    looks up the interface a?\\x1b\\xff\n    makes an IPv6 datagram socket\n    sets ttl=1  hops of a packet\n"
     "    connects to [::1%a?\\x1b\\xff]:53\n"),
    ("an endpoint that listens as the system likes", ["tcp-listen://8.8.8.8:1"], b"", 0,
     "tcp-listen://8.8.8.8:1\n  endpoint tcp-listen://8.8.8.8:1\n    makes an IPv4 stream socket\n"
     "    binds to 8.8.8.8:1\n    listens\n"),
    ("endpoints without a connection", ["udp-bind://[::]:53", "raw+1://[::1%2]"], b"", 0,
     "udp-bind://[::]:53\n  endpoint udp-bind://[::]:53 (unspecified)\n    makes an IPv6 datagram socket\n"
     "    binds to [::]:53\n"
     "raw+1://[::1%2]\n  endpoint raw+icmp://[::1%2] (loopback)\n"
     "    makes an IPv6 raw socket of protocol icmp\n    connects to [::1%2]\n"),
    ("a host in an endpoint", ["tcp://localhost:80"], b"", 1,
     "tcp://localhost:80\n      ^^^^^^^^^ this is a host name, and names are not resolved here\n"),
    ("a plan by its looks, beside addresses", ["-"], b"::1\nsend=EINTR after\n", 0,
     "::1\n  ipv6 ::1 (loopback)\nsend=EINTR after\n  plan send=EINTR after\n"),
]

EVERY = {"from": 1, "to": "for ever"}

# Name, standard input of `--json -`, and the objects, one a line; or of an options, an endpoint or a plan the
# member of that name.
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
         "plan": {"rules": [
             {"call": "send", "from": 1, "to": "for ever", "action": "error", "argument": "EINTR"},
             {"call": "recv", "from": 1, "to": "for ever", "action": "zero"}]}},
        {"input": "send=\xe9", "ok": False, "offset": 5, "length": 1,
         "reason": "only ASCII characters can stand here"}]),
    ("every part of a plan",
     b"seed:18446744073709551615; send#2@1-3=short:1; *@5%=EINTR after; recv@byte:9=ECONNRESET\n"
     b"poll@2+=events:HUP|IN; getsockopt@1=value:ECONNREFUSED; getsockopt=value:5; *=signal:SIGUSR1\n"
     b"seed:9223372036854775807; accept=length:0; accept=family:65535; now=jump:-1s; now=delay:1us\n"
     b"seed:9223372036854775808; now=freeze; *=pass; poll=timeout; poll=spurious after\n", [
         {"seed": "18446744073709551615", "rules": [
             {"call": "send", "descriptor": 2, "from": 1, "to": 3, "action": "short", "argument": 1},
             {"call": "*", "percent": 5, "action": "error", "argument": "EINTR", "after": True},
             {"call": "recv", "byte": 9, "action": "error", "argument": "ECONNRESET"}]},
         {"rules": [
             {"call": "poll", "from": 2, "to": "for ever", "action": "events", "argument": ["IN", "HUP"]},
             {"call": "getsockopt", "from": 1, "to": 1, "action": "value", "argument": "ECONNREFUSED"},
             {"call": "getsockopt", **EVERY, "action": "value", "argument": 5},
             {"call": "*", **EVERY, "action": "signal", "argument": "USR1"}]},
         {"seed": 9223372036854775807, "rules": [
             {"call": "accept", **EVERY, "action": "length", "argument": 0},
             {"call": "accept", **EVERY, "action": "family", "argument": 65535},
             {"call": "now", **EVERY, "action": "jump", "argument": -1000000000},
             {"call": "now", **EVERY, "action": "delay", "argument": 1000}]},
         {"seed": "9223372036854775808", "rules": [
             {"call": "now", **EVERY, "action": "freeze"}, {"call": "*", **EVERY, "action": "pass"},
             {"call": "poll", **EVERY, "action": "timeout"},
             {"call": "poll", **EVERY, "action": "spurious", "after": True}]}]),
    ("options of every kind",
     b"no-delay,no-cork,ttl=64,send-buffer=1KiB,keepalive-time=1ms,linger=off,congestion=a\nlinger=2h\n", [
         {"keepalive-time": 1000000, "linger": "off", "no-delay": True, "send-buffer": 1024, "ttl": 64,
          "cork": False, "congestion": "a"},
         {"linger": 7200000000000}]),
    ("endpoints of every kind",
     b"tcp-listen://[::]:8080?reuse-address&backlog=0\nudp://[::1%lo]:53\nraw-bind+255://0.0.0.0\n", [
         {"kind": "stream", "role": "listen", "bytes": "0" * 32, "port": 8080, "scope_id": 0, "backlog": 0,
          "options": {"reuse-address": True}},
         {"kind": "datagram", "role": "connect", "bytes": "0" * 31 + "1", "port": 53, "scope_id": 0,
          "zone": "lo", "options": {}},
         {"kind": "raw", "role": "bind", "protocol": 255, "bytes": "00000000", "port": 0, "scope_id": 0,
          "options": {}}]),
    ("a zone that is no UTF-8", b"udp://[::1%\xff]:53\n", [
        {"input": "udp://[::1%\xff]:53", "ok": True, "kind": "endpoint", "text": "udp://[::1%\xff]:53",
         "endpoint": {"kind": "datagram", "role": "connect", "bytes": "0" * 31 + "1", "port": 53, "scope_id": 0,
                      "zone": "\xff", "options": {}}}]),
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

# Name, text, and as what it must be read without --kind: row by row the rules of cli/parse_guess.c.
NEARER = [
    # 1. "://" makes an endpoint.
    ("a scheme", "tcp://[::1]:80?no-delay=1", "endpoint"), ("an unknown scheme", "http://example.com/", "endpoint"),
    ("no scheme", "://", "endpoint"),
    ("half a scheme", "tcp:/1.2.3.4:80", "ip"),
    # 2. What begins as an address is one, whatever stands in it.
    ("an equals sign for a colon", "1.2.3.4=80", "ip"), ("a comma behind a digit", "1,2", "ip"),
    ("a number", "64", "ip"),
    ("an interface whose name holds an equals sign", "[fe80::1%a=b]:80", "address"),
    # 3. A seed.
    ("a seed alone", "seed:1", "plan"), ("a seed and a rule", " seed:1;recv=zero", "plan"),
    # 4. A word and '=', '@' or '#'.
    ("a call and an equals sign", "recv=short", "plan"), ("a blank before a plan", " send=EINTR", "plan"),
    ("a blank before the equals sign", "poll =timeout", "plan"), ("a call misspelt", "sned=EINTR", "plan"),
    ("a call in capitals", "SEND=EINTR", "plan"), ("an option in capitals, alone", "CORK", "options"),
    ("a call of two words", "getsockopt=value:5", "plan"), ("a call and when", "send@1", "plan"),
    ("a call and a descriptor", "recv#2", "plan"), ("any word and when", "abcdefg@1=EINTR", "plan"),
    ("an option and when", "ttl@1=64", "plan"), ("a call without equals sign", "send@", "plan"),
    ("an option and an equals sign", "ttl=64", "options"), ("an option misspelt", "tll=64", "options"),
    ("an option's whole name", "send-buffer-size=1", "options"), ("an underscore", "no_delay=on", "options"),
    ("an option that is only read", "protocol=6", "options"), ("any word and an equals sign", "abcdefg=1", "options"),
    ("a slash behind an option", "congestion=a/b", "options"), ("a blank behind an option", "ttl =64", "options"),
    # 5. A word and ',', or a word alone.
    ("an option and a comma", "keepalive,cork", "options"), ("any word and a comma", "abcdefg,cork", "options"),
    ("an option alone", "no-delay", "options"), ("an option that is off", "no-cork", "options"),
    ("an option misspelt, alone", "nodelay", "options"), ("an option that lacks a value", "ttl", "options"),
    ("a call alone", "send", "ip"), ("a host alone", "localhost", "ip"), ("a host with hyphens", "my-host", "ip"),
    # 6. Any other equals sign.
    ("a star", "*=pass", "plan"), ("an equals sign and an address", "a.b=1.2.3.4:80", "plan"),
    ("an equals sign first", "=64", "plan"), ("a slash before the equals sign", "a/b=c", "ip"),
    # 7. A bracket, or a dot and then the only colon.
    ("a bracket", "[::1", "address"), ("a dot and one colon", "1.2.3.256:80", "address"),
    ("a host name and a port", "example.com:80", "address"), ("colons only", "1:2:3", "ip"),
    ("dots only", "1.2.3", "ip"), ("an embedded address and a port", "::1.2.3.4:80", "ip"),
    ("a host name", "example.com", "ip"), ("a host, a colon and no dot", "localhost:80", "ip"),
    ("one colon and no dot", "1:2", "ip"), ("an empty text", "", "ip"), ("a long word", "a" * 2000, "ip"),
]
KINDS = ("ip", "address", "options", "endpoint", "plan")
NAMES_ARE_NOT_RESOLVED = ["localhost", "my-host", "example.com", "example.com:80", "localhost:80", "send",
                          "tcp://example.com:80"]

# Name, arguments, and what the message must hold.
WRONG_USAGE = [
    ("nothing to parse", [], "nothing to parse"),
    ("an unknown kind", ["--kind", "name", "::1"], "'ip', 'address', 'options', 'endpoint' or 'plan'"),
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
    return ORDER_OTHER + [row["kind"]] if row["kind"] in ("options", "endpoint", "plan") else ORDER_GOOD


def whole_or_value(row):
    """What a row of FOR_PROGRAMS says of an answer."""
    return row.get(row.get("kind"), row)


def check_programs(vetsock):
    for name, text, want in FOR_PROGRAMS:
        done = parse(vetsock, "--json", "-", text=text)
        got = [json.loads(line) for line in done.stdout.decode("ascii").splitlines()]
        expect(name, want, [row if "ok" in wanted else whole_or_value(row) for wanted, row in zip(want, got)])
        expect(name + ": types", json.dumps(want, sort_keys=True),
               json.dumps([row if "ok" in wanted else whole_or_value(row) for wanted, row in zip(want, got)],
                          sort_keys=True))
        expect(name + ": order of keys", [order(row) for row in got], [list(row) for row in got])
        expect(name + ": exit status", 0 if all(row["ok"] for row in got) else 1, done.returncode)
    raw = parse(vetsock, "--json", "-", text=b"\xe9\0\n").stdout.decode("ascii")
    expect("bytes are escaped by their number", True, '"input":"\\u00E9\\u0000"' in raw)
    for text, name in CLASSES:
        expect("class of " + text, [name], objects(vetsock, text)[0].get("classes"))


def check_nearer(vetsock):
    lines = "".join(text + "\n" for _, text, _ in NEARER).encode()
    guessed = objects(vetsock, "-", text=lines)
    by_kind = {kind: objects(vetsock, "--kind", kind, "-", text=lines) for kind in KINDS}
    for i, (name, text, kind) in enumerate(NEARER):
        same = {other for other in KINDS if by_kind[other][i] == guessed[i]}
        expect(f"{name}: {text}: read as {kind}", True, kind in same)
        # Of much that is wrong both kinds of addresses say the same.
        expect(f"{name}: {text}: the row tells kinds apart", kind,
               kind if same <= {kind} or same == {"ip", "address"} else same)
    # Of this blank all but plans say the same.
    expect("a blank before an option", objects(vetsock, "--kind", "options", " ttl=64"), objects(vetsock, " ttl=64"))
    for text in NAMES_ARE_NOT_RESOLVED:
        expect("a name: " + text, "this is a host name, and names are not resolved here",
               objects(vetsock, text)[0].get("reason"))


def check_usage(vetsock):
    for name, arguments, part in WRONG_USAGE:
        done = parse(vetsock, *arguments)
        message = done.stderr.decode()
        expect(name, (2, "", True, True),
               (done.returncode, done.stdout.decode(), part in message, "vetsock parse --help" in message))
    done = parse(vetsock, "--help")
    expect("help", (0, True), (done.returncode, b"--kind=ip|address|options|endpoint|plan" in done.stdout))


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
