# SPDX-License-Identifier: 0BSD
"""The command `vetsock options`, as people and programs meet it.

options_test.py VETSOCK: prints what does not hold, and says how many of its cases do.
"""
import json
import os
import re
import subprocess
import sys

# Each kind of option: its name, what is shown of it alone, and its object.
WHOLE = [
    ("no-delay", """\
no-delay[=on|off]
  small segments leave at once (TCP_NODELAY, POSIX)
  value    on (or the name alone), off (or no-NAME)
  sockets  IPv4 and IPv6
  set      vet_socket_set_no_delay(struct vet_socket *, bool value)
  read     vet_socket_no_delay(struct vet_socket *, bool *value)
""", {"name": "no-delay", "kind": "flag", "least": 0, "greatest": 1, "families": [4, 6], "read_only": False,
      "system": ["TCP_NODELAY"], "help": "small segments leave at once (TCP_NODELAY, POSIX)",
      "setter": "vet_socket_set_no_delay", "getter": "vet_socket_no_delay"}),
    ("ttl", """\
ttl=N
  hops of a packet (IP_TTL, ip(7); IPV6_UNICAST_HOPS, RFC 3493)
  value    1 to 255: a number
  sockets  IPv4 and IPv6
  set      vet_socket_set_ttl(struct vet_socket *, int64_t value)
  read     vet_socket_ttl(struct vet_socket *, int64_t *value)
""", {"name": "ttl", "kind": "integer", "least": 1, "greatest": 255, "families": [4, 6], "read_only": False,
      "system": ["IP_TTL", "IPV6_UNICAST_HOPS"],
      "help": "hops of a packet (IP_TTL, ip(7); IPV6_UNICAST_HOPS, RFC 3493)",
      "setter": "vet_socket_set_ttl", "getter": "vet_socket_ttl"}),
    ("send-buffer", """\
send-buffer=SIZE
  bytes of the send buffer (SO_SNDBUF, POSIX)
  value    0 to 2147483647 bytes: a number of bytes, or one with B, kB, KiB, MB, MiB, GB or GiB
  sockets  IPv4 and IPv6
  set      vet_socket_set_send_buffer_size(struct vet_socket *, int64_t value)
  read     vet_socket_send_buffer_size(struct vet_socket *, int64_t *value)
""", {"name": "send-buffer", "kind": "size", "least": 0, "greatest": 2147483647, "families": [4, 6],
      "read_only": False, "system": ["SO_SNDBUF"], "help": "bytes of the send buffer (SO_SNDBUF, POSIX)",
      "setter": "vet_socket_set_send_buffer_size", "getter": "vet_socket_send_buffer_size"}),
    ("keepalive-time", """\
keepalive-time=DURATION
  idle time before the first probe (TCP_KEEPIDLE, tcp(7))
  value    1 to 32767 s: a number with ns, us, ms, s, m or h, never without
  rounded  up to whole seconds when it is set
  sockets  IPv4 and IPv6
  set      vet_socket_set_keepalive_time(struct vet_socket *, vet_duration value)
  read     vet_socket_keepalive_time(struct vet_socket *, vet_duration *value)
""", {"name": "keepalive-time", "kind": "duration", "least": 1000000000, "greatest": 32767000000000,
      "families": [4, 6], "read_only": False, "system": ["TCP_KEEPIDLE"],
      "help": "idle time before the first probe (TCP_KEEPIDLE, tcp(7))", "rounded_up_to": 1000000000,
      "setter": "vet_socket_set_keepalive_time", "getter": "vet_socket_keepalive_time"}),
    ("user-timeout", """\
user-timeout=DURATION
  time without acknowledgement that ends a connection (TCP_USER_TIMEOUT, RFC 5482)
  value    0 to 2147483647 ms: a number with ns, us, ms, s, m or h, never without
  rounded  up to whole milliseconds when it is set
  sockets  IPv4 and IPv6
  set      vet_socket_set_user_timeout(struct vet_socket *, vet_duration value)
  read     vet_socket_user_timeout(struct vet_socket *, vet_duration *value)
""", {"name": "user-timeout", "kind": "duration", "least": 0, "greatest": 2147483647000000,
      "families": [4, 6], "read_only": False, "system": ["TCP_USER_TIMEOUT"],
      "help": "time without acknowledgement that ends a connection (TCP_USER_TIMEOUT, RFC 5482)",
      "rounded_up_to": 1000000, "setter": "vet_socket_set_user_timeout", "getter": "vet_socket_user_timeout"}),
    ("linger", """\
linger=DURATION|off
  how long close waits for delivery (SO_LINGER, POSIX)
  value    off, 0 to 2147483647 s: off (VET_LINGER_OFF), or a number with ns, us, ms, s, m or h, never without
  rounded  up to whole seconds when it is set
  sockets  IPv4 and IPv6
  set      vet_socket_set_linger(struct vet_socket *, vet_duration value)
  read     vet_socket_linger(struct vet_socket *, vet_duration *value)
""", {"name": "linger", "kind": "linger", "least": 0, "greatest": 2147483647000000000, "families": [4, 6],
      "read_only": False, "system": ["SO_LINGER"], "help": "how long close waits for delivery (SO_LINGER, POSIX)",
      "rounded_up_to": 1000000000, "setter": "vet_socket_set_linger", "getter": "vet_socket_linger"}),
    ("congestion", """\
congestion=TEXT
  the congestion control (TCP_CONGESTION, tcp(7))
  value    1 to 15 bytes: printable ASCII without , & # and %
  sockets  IPv4 and IPv6
  set      vet_socket_set_congestion(struct vet_socket *, const char *text, size_t size)
  read     vet_socket_congestion(struct vet_socket *, char *text, size_t size)
""", {"name": "congestion", "kind": "text", "least": 1, "greatest": 15, "families": [4, 6], "read_only": False,
      "system": ["TCP_CONGESTION"], "help": "the congestion control (TCP_CONGESTION, tcp(7))",
      "setter": "vet_socket_set_congestion", "getter": "vet_socket_congestion"}),
    ("only-ipv6", """\
only-ipv6[=on|off]
  no IPv4-mapped peers (IPV6_V6ONLY, RFC 3493)
  value    on (or the name alone), off (or no-NAME)
  sockets  IPv6
  set      vet_socket_set_only_ipv6(struct vet_socket *, bool value)
  read     vet_socket_only_ipv6(struct vet_socket *, bool *value)
""", {"name": "only-ipv6", "kind": "flag", "least": 0, "greatest": 1, "families": [6], "read_only": False,
      "system": ["IPV6_V6ONLY"], "help": "no IPv4-mapped peers (IPV6_V6ONLY, RFC 3493)",
      "setter": "vet_socket_set_only_ipv6", "getter": "vet_socket_only_ipv6"}),
    ("error", """\
error
  the pending error, taken away by asking (SO_ERROR, POSIX)
  value    -2147483648 to 0: 0, or a negative error
  sockets  IPv4 and IPv6
  set      never: it is only read, and no text gives it
  read     vet_socket_error(struct vet_socket *, int64_t *value)
""", {"name": "error", "kind": "error", "least": -2147483648, "greatest": 0, "families": [4, 6],
      "read_only": True, "system": ["SO_ERROR"],
      "help": "the pending error, taken away by asking (SO_ERROR, POSIX)", "getter": "vet_socket_error"}),
    ("accepting", """\
accepting
  whether the socket is listening (SO_ACCEPTCONN, POSIX)
  value    on or off
  sockets  IPv4 and IPv6
  set      never: it is only read, and no text gives it
  read     vet_socket_accepting(struct vet_socket *, bool *value)
""", {"name": "accepting", "kind": "flag", "least": 0, "greatest": 1, "families": [4, 6], "read_only": True,
      "system": ["SO_ACCEPTCONN"], "help": "whether the socket is listening (SO_ACCEPTCONN, POSIX)",
      "getter": "vet_socket_accepting"}),
]

# Typed, and the name of the option that it means.
NAMES = [("receive-buffer", "receive-buffer"), ("receive_buffer_size", "receive-buffer"),
         ("receive-buffer-size", "receive-buffer"), ("only_ipv6", "only-ipv6"), ("cork", "cork")]

# Arguments, and what the message must hold.
WRONG_USAGE = [
    (["nodelay"], "there is no option 'nodelay'; did you mean 'no-delay'?"),
    (["ttl", "linge"], "'linge'; did you mean 'linger'?"),
    (["receive_buffer"], "did you mean 'receive-buffer'?"),
    (["receive-buffer-siz"], "did you mean 'receive-buffer'?"),
    (["ttl="], "did you mean 'ttl'?"),
    (["something-else"], "no option 'something-else'; vetsock options lists them"),
    ([""], "no option ''"),
    (["--json", "x"], "no option 'x'"),
    (["--jsn"], "--jsn"),
    (["ttl"] * 41, "one name too many"),
]

# A line of each group, and one that is wrapped.
LINES = [
    "flags: NAME or NAME=on, no-NAME or NAME=off",
    "  only-ipv6           no IPv4-mapped peers (IPV6_V6ONLY, RFC 3493); only on IPv6",
    "  keepalive-count     1 to 127         probes without answer that end a connection (TCP_KEEPCNT,",
    "                                       tcp(7))",
    "  send-buffer         0 to 2147483647 bytes  bytes of the send buffer (SO_SNDBUF, POSIX)",
    "  linger              off, 0 to 2147483647 s  how long close waits for delivery (SO_LINGER, POSIX)",
    "  congestion          1 to 15 bytes  the congestion control (TCP_CONGESTION, tcp(7))",
    "only read, so never in a text",
    "  accepting                             whether the socket is listening (SO_ACCEPTCONN, POSIX)",
]

failures, cases = [], 0


def expect(name, want, got):
    global cases
    cases += 1
    if want != got:
        failures.append(f"{name}: want {want!r}, got {got!r}")


def options(vetsock, *arguments, **more):
    return subprocess.run([vetsock, "options", *arguments], stdin=subprocess.DEVNULL, text=True,
                          **{"stdout": subprocess.PIPE, **more}, stderr=subprocess.PIPE, timeout=30, check=False)


def check_whole(vetsock):
    for name, text, row in WHOLE:
        done = options(vetsock, name)
        expect(f"{name}, in full", (0, text, ""), (done.returncode, done.stdout, done.stderr))
        expect(f"{name}, for programs", [row], json.loads(options(vetsock, "--json", name).stdout))
    done = options(vetsock, "error", "ttl")
    expect("two, with a line between", WHOLE[8][1] + "\n" + WHOLE[1][1], done.stdout)


def check_names(vetsock):
    for typed, name in NAMES:
        expect(typed, [name], [row["name"] for row in json.loads(options(vetsock, "--json", typed).stdout)])
    rows = json.loads(options(vetsock, "--json", "reuse-address").stdout)
    expect("a word in capitals that is no option of the system", ["SO_REUSEADDR"], rows[0]["system"])
    rows = json.loads(options(vetsock, "--json", "ttl", "cork", "ttl").stdout)
    expect("as many as are named, in that order", ["ttl", "cork", "ttl"], [row["name"] for row in rows])


def check_all(vetsock):
    done = options(vetsock)
    lines = done.stdout.splitlines()
    rows = json.loads(options(vetsock, "--json").stdout)
    expect("all, exit status", (0, ""), (done.returncode, done.stderr))
    for line in LINES:
        expect(f"a line of all: {line}", True, line in lines)
    expect("no line is longer than 100 columns", [], [line for line in lines if len(line) > 100])
    expect("no line ends with a blank", [], [line for line in lines if line.endswith(" ")])
    names = [match[1] for match in re.finditer(r"^  ([a-z]\S*)", done.stdout, re.MULTILINE)]
    expect("all, each once", sorted(row["name"] for row in rows), sorted(names))
    for row in rows:
        expect(f"{row['name']}: its words are all there", True,
               row["help"] in " ".join(done.stdout.split()))
    before, _, after = done.stdout.partition("only read")
    for row in rows:
        expect(f"{row['name']}: is shown where it belongs", True,
               f"\n  {row['name']} " in (after if row["read_only"] else before))
        expect(f"{row['name']}: has a setter unless it is only read", row["read_only"], "setter" not in row)


def check_usage(vetsock):
    for arguments, part in WRONG_USAGE:
        done = options(vetsock, *arguments)
        expect(f"{arguments}: {done.stderr}", (2, "", True), (done.returncode, done.stdout, part in done.stderr))
    done = options(vetsock, "--help")
    expect("help", (0, True), (done.returncode, "--json" in done.stdout and "[NAME...]" in done.stdout))
    if not os.path.exists("/dev/full"):
        print("skipped: a full device as output, for there is no /dev/full")
        return
    with open("/dev/full", "wb") as full:
        for arguments in ([], ["--json"]):
            done = options(vetsock, *arguments, stdout=full)
            expect(f"a full device as output {arguments}", (1, True),
                   (done.returncode, "could not be written" in done.stderr))


def main():
    vetsock = sys.argv[1]
    for check in (check_whole, check_names, check_all, check_usage):
        check(vetsock)
    for failure in failures:
        print(failure)
    print(f"{cases - len(failures)} held, {len(failures)} failed")
    return 1 if failures else 0


sys.exit(main())
