# SPDX-License-Identifier: 0BSD
"""Runs one example as a user would, against peers of Python's own: test_examples.py NAME.

Loopback and free ports only.  Nothing sleeps to synchronise: each peer is listening before the
example starts, and each wait has a limit.
"""
import contextlib
import os
import select
import shlex
import socket
import subprocess
import sys
import tempfile
import threading
import unittest

LIMIT = 30  # seconds; reached only by what hangs
PROGRAMS = os.environ["VETSOCK_EXAMPLES"]


def address_of(sock):
    host, port = sock.getsockname()[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def run(name, *arguments, stdout=subprocess.PIPE):
    return subprocess.run([os.path.join(PROGRAMS, name), *arguments], timeout=LIMIT, check=False,
                          stdin=subprocess.DEVNULL, stdout=stdout, stderr=subprocess.PIPE,
                          text=True)


def read_to_the_end(connection):
    return b"".join(iter(lambda: connection.recv(65536), b""))


def loopbacks():
    """The loopback addresses that this machine has."""
    for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        try:
            with socket.socket(family, socket.SOCK_STREAM) as probe:
                probe.bind((host, 0))
        except OSError as error:
            print(f"without {host}: {error}", file=sys.stderr)
        else:
            yield family, host


@contextlib.contextmanager
def stream_peer(talk, family=socket.AF_INET, host="127.0.0.1"):
    """The address of a listener whose one connection talk() serves in a thread."""
    failures = []

    def serve(listener):
        try:
            connection, _ = listener.accept()
            with connection:
                connection.settimeout(LIMIT)
                talk(connection)
        except Exception as error:  # handed to the test below
            failures.append(error)

    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.settimeout(LIMIT)
        listener.bind((host, 0))
        listener.listen()
        thread = threading.Thread(target=serve, args=(listener,))
        thread.start()
        try:
            yield address_of(listener)
        finally:
            thread.join()
    if failures:
        raise failures[0]


@contextlib.contextmanager
def datagram_peer(answers):
    """The address of a UDP service that answers each datagram with all of answers(datagram)."""
    stop_end, stop = socket.socketpair()
    with stop_end, stop, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as peer:
        peer.bind(("127.0.0.1", 0))

        def serve():
            while select.select([peer, stop_end], [], [], LIMIT)[0] == [peer]:
                datagram, sender = peer.recvfrom(65536)
                for answer in answers(datagram):
                    peer.sendto(answer, sender)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield address_of(peer)
        finally:
            stop.send(b"x")
            thread.join()


@contextlib.contextmanager
def refusing_address(kind=socket.SOCK_STREAM):
    """A port that is taken, so that no other program gets it, and refuses: a stream socket that does
    not listen, or a datagram socket that is connected to itself alone."""
    with socket.socket(socket.AF_INET, kind) as sock:
        sock.bind(("127.0.0.1", 0))
        if kind == socket.SOCK_DGRAM:
            sock.connect(sock.getsockname())
        yield address_of(sock)


@contextlib.contextmanager
def echo_server(host):
    text = f"[{host}]:0" if ":" in host else f"{host}:0"
    with subprocess.Popen([os.path.join(PROGRAMS, "echo_server"), text], text=True,
                          stdout=subprocess.PIPE) as process:
        try:
            ready = select.select([process.stdout], [], [], LIMIT)[0]
            line = process.stdout.readline() if ready else ""
            if not line.startswith("listening on "):
                raise AssertionError(f"echo_server said {line!r}")
            yield host, int(line.strip().rpartition(":")[2])
        finally:
            process.terminate()


class Common:
    """What each example does with a bad command line, and with an output that takes nothing; `good`
    is all of a good command line but the address, and peer() is whom it succeeds with."""

    good = ()

    @unittest.skipUnless(os.path.exists("/dev/full"), "without /dev/full")
    def test_output_that_is_lost_is_said(self):
        with self.peer() as address, open("/dev/full", "wb") as full:
            result = run(self.name, address, *self.good, stdout=full)
        if result.returncode == 77:
            self.skipTest(result.stderr.strip())
        self.assertEqual(result.returncode, 1)
        self.assertIn("standard output", result.stderr)

    def test_a_bad_address_is_shown_with_a_caret(self):
        result = run(self.name, "127.0.0.256", *self.good)
        self.assertEqual(result.returncode, 2)
        text, caret = result.stderr.splitlines()[:2]
        self.assertEqual(text, "127.0.0.256")
        self.assertEqual(caret.index("^"), text.index("256"))

    def test_no_arguments_are_wrong_usage(self):
        self.assertEqual(run(self.name).returncode, 2)


class Refused(Common):
    kind = socket.SOCK_STREAM

    def test_a_refused_connection_is_said(self):
        with refusing_address(self.kind) as address:
            result = run(self.name, address, *self.good)
        self.assertEqual(result.returncode, 1)
        self.assertIn("refused", result.stderr)


class EchoServer(Common, unittest.TestCase):
    name = "echo_server"

    def peer(self):
        return contextlib.nullcontext("127.0.0.1:0")

    def test_each_client_gets_back_what_it_sent(self):
        for _, host in loopbacks():
            with self.subTest(host), echo_server(host) as address:
                for text in (b"one", b"two" * 100000):
                    self.exchange(address, text)

    def exchange(self, address, text):
        """Sends and receives at once: a text larger than all buffers must get through."""
        with socket.create_connection(address, timeout=LIMIT) as client:
            def send():
                client.sendall(text)
                client.shutdown(socket.SHUT_WR)
            sender = threading.Thread(target=send)
            sender.start()
            back = read_to_the_end(client)
            sender.join()
        self.assertEqual(back, text)

    def test_it_outlives_a_client_that_resets(self):
        with echo_server("127.0.0.1") as address:
            with socket.create_connection(address, timeout=LIMIT) as client:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                client.sendall(b"gone before the answer")
            self.exchange(address, b"still there")

    def test_an_address_in_use_is_said(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            result = run(self.name, address_of(taken))
        self.assertEqual(result.returncode, 1)
        self.assertIn("EADDRINUSE", result.stderr)


class EchoClient(Refused, unittest.TestCase):
    name = "echo_client"
    good = ("hello",)

    def peer(self):
        return stream_peer(lambda peer: peer.sendall(peer.recv(100)))

    def test_it_talks_to_the_echo_server(self):
        for _, host in loopbacks():
            with self.subTest(host), echo_server(host) as (_, port):
                text = "a long text, " * 1000
                address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
                result = run(self.name, address, text)
                self.assertEqual((result.returncode, result.stdout), (0, text + "\n"))

    def test_a_changed_answer_is_noticed(self):
        with stream_peer(lambda peer: peer.sendall(peer.recv(100).upper())) as address:
            result = run(self.name, address, "hello")
        self.assertEqual(result.returncode, 1)
        self.assertIn("something else", result.stderr)

    def test_an_answer_that_ends_early_is_noticed(self):
        with stream_peer(lambda peer: peer.sendall(peer.recv(100)[:3])) as address:
            result = run(self.name, address, "hello")
        self.assertEqual(result.returncode, 1)
        self.assertIn("VET_EOF", result.stderr)


class SendFile(Refused, unittest.TestCase):
    name = "send_file"
    good = (__file__,)

    def peer(self):
        return stream_peer(read_to_the_end)

    def test_the_whole_file_arrives(self):
        content = bytes(i * 7 % 251 for i in range(3000003))
        for family, host in loopbacks():
            received = []

            def receive(peer):
                received.append(read_to_the_end(peer))

            with self.subTest(host), tempfile.NamedTemporaryFile() as file:
                file.write(content)
                file.flush()
                with stream_peer(receive, family, host) as address:
                    result = run(self.name, address, file.name)
                self.assertEqual((result.returncode, result.stdout, result.stderr),
                                 (0, f"{len(content)} bytes sent\n", ""))
                self.assertTrue(b"".join(received) == content)

    def test_a_missing_file_is_said(self):
        with tempfile.TemporaryDirectory() as directory, refusing_address() as address:
            result = run(self.name, address, os.path.join(directory, "missing"))
        self.assertEqual(result.returncode, 1)
        self.assertIn("ENOENT", result.stderr)


class UdpPing(Refused, unittest.TestCase):
    name = "udp_ping"
    kind = socket.SOCK_DGRAM

    def peer(self):
        return datagram_peer(lambda datagram: [datagram])

    def test_every_answer_is_counted(self):
        with datagram_peer(lambda datagram: [datagram]) as address:
            result = run(self.name, address)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual([line.split(":")[0] for line in result.stdout.splitlines()],
                         ["1", "2", "3"])

    def test_answers_to_something_else_are_passed_over(self):
        wrong = (b"", b"something else", b"12345678")
        with datagram_peer(lambda datagram: [*wrong, datagram + b"x", datagram]) as address:
            result = run(self.name, address)
        self.assertEqual(result.returncode, 0, result.stderr)

    def test_a_lost_answer_is_counted_and_the_next_one_found(self):
        seen = []

        def answers(datagram):
            seen.append(datagram)
            return [datagram] if len(seen) > 1 else []

        with datagram_peer(answers) as address:
            result = run(self.name, address)
        self.assertEqual(result.returncode, 1)
        self.assertIn("1 of 3 lost", result.stdout)
        self.assertEqual(len(seen), 3)


class IcmpPing(Common, unittest.TestCase):
    name = "icmp_ping"

    def peer(self):
        return contextlib.nullcontext("127.0.0.1")

    def test_loopback_replies(self):
        for _, host in loopbacks():
            with self.subTest(host):
                result = run(self.name, host)
                if result.returncode == 77:
                    self.skipTest(result.stderr.strip())
                self.assertEqual((result.returncode, result.stdout), (0, f"{host}: it replies\n"))


class LineClient(Refused, unittest.TestCase):
    name = "line_client"
    good = ("20000", "hello")

    def peer(self):
        def talk(peer):
            read_to_the_end(peer)
            # More than any buffer of standard output, so that its loss is seen before the end.
            peer.sendall(b"a line\n" * 100000)

        return stream_peer(talk)

    def talk(self, answer, milliseconds="20000"):
        asked = []

        def talk(peer):
            asked.append(read_to_the_end(peer))
            for part in answer:
                peer.sendall(part)

        with stream_peer(talk) as address:
            result = run(self.name, address, milliseconds, "HELO me", "QUIT")
        self.assertEqual(b"".join(asked), b"HELO me\nQUIT\n")
        return result

    def test_lines_are_sent_and_the_lines_of_the_answer_printed(self):
        result = self.talk([b"wel", b"come\nb", b"ye\n"])
        self.assertEqual((result.returncode, result.stdout), (0, "welcome\nbye\n"))

    def test_an_end_inside_a_line_is_an_error(self):
        result = self.talk([b"whole\nhal"])
        self.assertEqual((result.returncode, result.stdout), (1, "whole\n"))
        self.assertIn("VET_EOF", result.stderr)

    def test_a_line_without_end_is_an_error(self):
        result = self.talk([b"x" * 65536])
        self.assertEqual(result.returncode, 1)
        self.assertIn("EMSGSIZE", result.stderr)

    def test_a_server_that_sends_a_byte_now_and_then_does_not_stretch_the_deadline(self):
        over = threading.Event()

        def trickle(peer):
            with contextlib.suppress(OSError):  # the client leaves in the middle of it
                while not over.wait(0.005):
                    peer.sendall(b"x")

        with stream_peer(trickle) as address:
            result = run(self.name, address, "60", "hello")
            over.set()
        self.assertEqual(result.returncode, 1)
        self.assertIn("VET_EDEADLINE", result.stderr)

    def test_a_limit_that_is_no_number_is_wrong_usage(self):
        self.assertEqual(run(self.name, "127.0.0.1:1", "soon").returncode, 2)


class EndpointCopy(Common, unittest.TestCase):
    name = "endpoint_copy"
    good = ("receive",)

    @staticmethod
    def send_much(peer):
        with contextlib.suppress(ConnectionError):  # who cannot print it goes before its end
            peer.sendall(b"a line\n" * 100000)

    @contextlib.contextmanager
    def peer(self):
        with stream_peer(self.send_much) as address:
            yield f"tcp://{address}"

    def test_a_bad_address_is_shown_with_a_caret(self):
        result = run(self.name, "tcp://127.0.0.256:80", *self.good)
        self.assertEqual(result.returncode, 2)
        text, caret = result.stderr.splitlines()[:2]
        self.assertEqual(caret.index("^"), text.index("256"))

    def test_what_comes_from_a_stream_is_printed(self):
        with self.peer() as endpoint:
            result = run(self.name, f"{endpoint}?no-delay&ttl=9", "receive")
        self.assertEqual((result.returncode, result.stdout, result.stderr),
                         (0, "a line\n" * 100000, ""))

    def test_one_copies_to_another(self):
        text = "a line that is sent\n" * 1000
        for scheme, to in (("tcp-listen", "tcp"), ("udp-bind", "udp")):
            for _, host in loopbacks():
                host = f"[{host}]" if ":" in host else host
                # Room for all datagrams: nothing else keeps one that sends from being too fast.
                with self.subTest(scheme, host=host), subprocess.Popen(
                        [os.path.join(PROGRAMS, self.name),
                         f"{scheme}://{host}:0?receive-buffer=200kB", "receive"],
                        text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as receiver:
                    self.assertTrue(select.select([receiver.stderr], [], [], LIMIT)[0])
                    address = receiver.stderr.readline().removeprefix("at ").strip()
                    sender = subprocess.run(
                        [os.path.join(PROGRAMS, self.name), f"{to}://{address}", "send"],
                        input=text, text=True, timeout=LIMIT, check=False,
                        stderr=subprocess.PIPE)
                    self.assertEqual((sender.returncode, sender.stderr), (0, ""))
                    self.assertEqual(receiver.communicate(timeout=LIMIT), (text, ""))
                    self.assertEqual(receiver.returncode, 0)

    def test_the_step_that_failed_is_said(self):
        with refusing_address() as address:
            result = run(self.name, f"tcp://{address}", "receive")
            self.assertEqual(result.returncode, 1)
            self.assertIn("at the step 'connect'", result.stderr)
            self.assertIn("ECONNREFUSED", result.stderr)
            result = run(self.name, f"udp-bind://{address.replace('127.0.0.1', '192.0.2.1')}",
                         "receive")
            self.assertEqual(result.returncode, 1)
            self.assertIn("at the step 'bind'", result.stderr)


class ExploreMyClient(unittest.TestCase):
    """No peer: the client is explored over a world in memory."""

    name = "explore_my_client"
    plan = "send@1=short:1; send@2=ENOBUFS"

    def test_its_bug_is_found_and_the_line_that_is_told_finds_it_again(self):
        found = run(self.name)
        message, line, *others = found.stdout.splitlines()
        self.assertEqual((found.returncode, others), (1, []))
        self.assertIn("not the one that was expected: byte 1 ", message)
        self.assertEqual(shlex.split(line), [os.path.join(PROGRAMS, self.name), self.plan])
        again = subprocess.run(line, shell=True, timeout=LIMIT, check=False,
                               stdout=subprocess.PIPE, text=True)
        self.assertEqual((again.returncode, again.stdout), (1, found.stdout))

    def test_neither_fault_alone_breaks_it(self):
        for plan in (*self.plan.split("; ")[:1], "send@1=ENOBUFS"):
            result = run(self.name, plan)
            self.assertEqual((result.returncode, result.stdout), (0, ""), plan)

    def test_a_fault_that_never_came_is_said(self):
        result = run(self.name, "send@9=EINTR")
        self.assertEqual(result.returncode, 1)
        self.assertIn("rule 1, 'send@9=EINTR', never fired", result.stdout)

    def test_what_is_no_plan_is_wrong_usage(self):
        result = run(self.name, "send@0=EINTR")
        self.assertEqual((result.returncode, result.stderr), (2, "'send@0=EINTR' is no plan\n"))

    @unittest.skipUnless("VETSOCK_COMMAND" in os.environ, "without the command")
    def test_the_command_finds_it_too_and_only_in_pairs(self):
        for depth, found in (("1", 0), ("2", 1)):
            result = subprocess.run(
                [os.environ["VETSOCK_COMMAND"], "explore", "--depth", depth, "--load",
                 os.path.join(PROGRAMS, "my_client.so")],
                timeout=LIMIT, check=False, stdout=subprocess.PIPE, text=True)
            self.assertEqual((result.returncode, result.stdout.count("FAILED my client: bytes")),
                             (found, found), result.stdout)
            self.assertEqual(result.stdout.count(self.plan), found)


class SimulatedService(unittest.TestCase):
    """No peer: both sides run on a network in memory."""

    name = "simulated_service"

    def test_it_holds_from_every_seed(self):
        result = run(self.name)
        self.assertEqual((result.returncode, result.stdout),
                         (0, "each order is taken once, whatever befalls the network and the hosts: holds\n"))

    def test_it_holds_from_one_seed(self):
        self.assertEqual(run(self.name, "7").returncode, 0)

    @unittest.skipUnless("VETSOCK_COMMAND" in os.environ, "without the command")
    def test_the_command_runs_a_simulation_of_a_plug_in(self):
        command = [os.environ["VETSOCK_COMMAND"], "sim", "--load",
                   os.path.join(PROGRAMS, "simulations_plugin.so"), "--runs", "100", "ping"]
        result = subprocess.run(command, timeout=LIMIT, check=False, stdout=subprocess.PIPE, text=True)
        self.assertEqual(result.returncode, 0, result.stdout)
        self.assertIn("100 runs from seed 1", result.stdout)


def main():
    cases = {case.name: case for case in
             (EchoServer, EchoClient, SendFile, UdpPing, IcmpPing, LineClient, EndpointCopy,
              ExploreMyClient, SimulatedService)}
    suite = unittest.defaultTestLoader.loadTestsFromTestCase(cases[sys.argv[1]])
    result = unittest.TextTestRunner(verbosity=2).run(suite)
    if not result.wasSuccessful() or result.testsRun == 0:
        return 1
    return 77 if result.skipped else 0


if __name__ == "__main__":
    sys.exit(main())
