# SPDX-License-Identifier: 0BSD
"""vet_explore_assert() fails a test of CMocka's with the line that runs it again: cmocka_test.py
PROGRAM."""
import os
import re
import shlex
import subprocess
import sys
import tempfile
import unittest

PROGRAM = os.path.abspath(sys.argv.pop())
# A test runs as if nobody had asked for anything.
CLEAN = {name: value for name, value in os.environ.items()
         if not name.startswith(("VETSOCK_", "CMOCKA_"))}
BROKEN, FIXED, DEEPER = ("a_client_with_a_bug_is_told", "a_client_without_it_passes",
                         "what_needs_two_faults_is_told_deeper")
LEAKS = "what_fails_without_faults_is_told"
FIRED, UNFIRED = "a_rule_that_fired_is_no_failure", "a_rule_that_never_fired_is_told"
CUT = "it's cut: bytes: "


def run(command=(PROGRAM,), **environment):
    """What the program says, and its exit status: the number of tests that failed."""
    ended = subprocess.run(command, env={**CLEAN, **environment}, stdout=subprocess.PIPE,
                           stderr=subprocess.STDOUT, text=True, timeout=60, check=False,
                           shell=isinstance(command, str))
    return ended.stdout, ended.returncode


def tests(said):
    """Of each test, by name, what was said while it ran."""
    return dict(re.findall(r"\[ RUN +\] (\w+)\n(.*?)\[ +(?:OK|FAILED) +\] \1\n", said, re.DOTALL))


def failed(said):
    return set(re.findall(r"^\[ +FAILED +\] (\w+)$", said, re.MULTILINE))


def lines_to_run(text):
    return [line for line in text.splitlines() if line.startswith("VETSOCK_")]


class Asserting(unittest.TestCase):
    def test_only_what_is_broken_fails_each_with_its_lines(self):
        said, status = run()
        self.assertEqual((failed(said), status), ({BROKEN, DEEPER, LEAKS, UNFIRED}, 4))
        of = tests(said)
        self.assertIn(CUT, of[BROKEN])
        self.assertIn("ERROR: it's cut: violations: ", of[BROKEN])
        self.assertIn(f"VETSOCK_SCENARIO='it'\\''s cut' VETSOCK_PLAN='send@1=short:1' {PROGRAM}",
                      lines_to_run(of[BROKEN]))
        self.assertEqual(lines_to_run(of[FIXED]), [])
        # The place that is told is that of the assertion, not one in a header.
        self.assertIn("cmocka_program.c:", of[BROKEN])

    def test_each_line_fails_again_with_what_was_told_and_with_nothing_else(self):
        said, _ = run()
        seen = 0
        for name in (BROKEN, DEEPER, LEAKS):
            told = tests(said)[name].splitlines()
            for line in lines_to_run(tests(said)[name]):
                with self.subTest(line):
                    again, status = run(line)
                    self.assertIn(name, failed(again))
                    self.assertEqual(lines_to_run(again), [line])
                    self.assertIn(told[told.index(line) - 1], again.splitlines())
                    # The others were left alone, but for the fault layer's own.
                    self.assertEqual(status, 2)
                    self.assertEqual(again.count("left alone (VETSOCK_SCENARIO)"), 3)
                    seen += 1
        self.assertGreaterEqual(seen, 3)

    def test_what_fails_without_any_fault_has_the_empty_plan(self):
        said = tests(run()[0])[LEAKS]
        self.assertIn("leaks: leak: 1 descriptor was left open\n", said)
        self.assertEqual(lines_to_run(said), [f"VETSOCK_SCENARIO='leaks' VETSOCK_PLAN='' {PROGRAM}"])
        self.assertIn("ERROR: leaks: it fails without any fault\n", said)

    def test_a_plan_that_does_no_harm_passes(self):
        said, status = run(VETSOCK_SCENARIO="it's cut", VETSOCK_PLAN="recv@1=EINTR")
        self.assertIn("'recv@1=EINTR', never fired", said)
        said, status = run(VETSOCK_SCENARIO="it's cut", VETSOCK_PLAN="send@1=EINTR")
        self.assertEqual((failed(said), status), ({UNFIRED}, 1))

    def test_the_calls_are_printed_if_asked_for(self):
        asked = {"VETSOCK_SCENARIO": "it's cut", "VETSOCK_PLAN": "send@1=short:1"}
        for value, there in (("1", True), ("0", False), ("", False), (None, False)):
            said, _ = run(**asked, **({} if value is None else {"VETSOCK_TRACE": value}))
            self.assertEqual('send #1 "twelve bytes" 12 0 = 1\n' in tests(said)[BROKEN], there)

    def test_no_faults_at_all_are_a_plan_too(self):
        said, status = run(VETSOCK_SCENARIO="it's cut", VETSOCK_PLAN="")
        self.assertEqual((failed(said), status), ({UNFIRED}, 1))

    def test_a_plan_that_is_none_is_shown_with_a_caret(self):
        said, _ = run(VETSOCK_PLAN="send@1=sort:1")
        lines = tests(said)[BROKEN].splitlines()
        at = lines.index("send@1=sort:1")
        self.assertEqual(lines[at + 1], "       ^")
        self.assertTrue(failed(said) >= {BROKEN, FIXED, DEEPER})

    def test_what_is_nowhere_lawful_is_said(self):
        said, _ = run(VETSOCK_PLAN="send@1=EINTR; socket@1=EINTR")
        self.assertIn("VETSOCK_PLAN: 'socket@1=EINTR' is nowhere lawful", tests(said)[BROKEN])
        self.assertTrue(failed(said) >= {BROKEN, FIXED, DEEPER})

    def test_a_program_with_a_strange_name_can_be_run_again(self):
        with tempfile.TemporaryDirectory() as directory:
            program = os.path.join(directory, "it's a $test")
            os.symlink(PROGRAM, program)
            said, _ = run([program])
            line = lines_to_run(tests(said)[BROKEN])[0]
            self.assertEqual(shlex.split(line)[-1], program)
            again, _ = run(line)
            self.assertEqual(lines_to_run(again), [line])


class Firing(unittest.TestCase):
    def test_a_rule_that_never_fired_is_named(self):
        said = tests(run()[0])
        self.assertIn("ERROR: rule 2, 'now@3=jump:2h', never fired", said[UNFIRED])
        self.assertNotIn("ERROR", said[FIRED])


if __name__ == "__main__":
    unittest.main()
