# SPDX-License-Identifier: 0BSD
"""The command line of `vetsock` and of `vetsock conform`: what is printed, and the exit status.

Usage: test_conform.py VETSOCK PLUGIN
"""
import json
import os
import pty
import re
import subprocess
import sys
import unittest
import xml.etree.ElementTree as ElementTree

VETSOCK, PLUGIN = map(os.path.abspath, sys.argv[1:3])
FEW = ['--case', 'bind/*', '--case', 'close/once']


def run(*arguments, plugin='whole', stdout=subprocess.PIPE):
    environment = dict(os.environ, VETSOCK_TEST_PLUGIN=plugin)
    return subprocess.run([VETSOCK, *arguments], stdin=subprocess.DEVNULL, stdout=stdout,
                          stderr=subprocess.PIPE, text=True, timeout=120, env=environment)


def conform(*arguments, **options):
    return run('conform', *arguments, **options)


def tap_lines(text):
    return re.findall(r'^(ok|not ok) (\d+) - (\S+)(.*)$', text, re.M)


class Wrong(unittest.TestCase):
    """Status 2, nothing on stdout, and on stderr what helps."""

    rows = [
        (['conform', '--on', 'hots'], "no table 'hots'.*did you mean 'host'"),
        (['conform', '--on', ''], "no table ''"),
        (['conform', '--on', './no-such-thing.so'], 'no-such-thing.so'),
        (['conform', '--on', 'no-such-thing.so'], 'no-such-thing.so'),
        (['conform', '--on', VETSOCK], 'conform'),
        (['conform', '--case', 'no/such-*'], 'no case matches.*--list'),
        (['conform', '--case', 'bind'], 'no case matches'),
        (['conform', '--format', 'tabel'], "no format 'tabel'.*did you mean table"),
        (['conform', '--format', 'yaml-of-old'], 'table, tap, junit or json'),
        (['conform', '--list', '--format', 'tap'], '--list has the formats'),
        (['conform', '--nonsense'], '--nonsense.*--help'),
        (['conform', '--case'], '--case.*--help'),
        (['conform', 'host'], "'host' is one argument too many"),
        (['confrom'], "did you mean 'conform'"),
        (['prase', 'x'], "did you mean 'parse'"),
        (['something-else-altogether-and-long-too'], 'vetsock --help'),
        (['--nonsense'], 'no subcommand'),
        ([''], 'no subcommand'),
        ([], 'Usage:.*conform'),
    ]

    def test_wrong_command_lines_are_status_2_with_what_helps(self):
        for arguments, reason in self.rows:
            with self.subTest(arguments=arguments):
                result = run(*arguments)
                self.assertEqual(result.returncode, 2)
                self.assertEqual(result.stdout, '')
                self.assertRegex(result.stderr, re.compile(reason, re.S))


class Help(unittest.TestCase):
    def test_help_lists_the_subcommands(self):
        for flag in '--help', '-h':
            result = run(flag)
            self.assertEqual((result.returncode, result.stderr), (0, ''))
            for word in 'conform', 'parse', '--help', 'Exit status':
                self.assertIn(word, result.stdout)

    def test_version_is_that_of_the_headers(self):
        result = run('--version')
        self.assertEqual(result.returncode, 0)
        self.assertRegex(result.stdout, r'\Avetsock \d+\.\d+\.\d+\n\Z')

    def test_help_of_conform_lists_its_options(self):
        result = conform('--help')
        self.assertEqual(result.returncode, 0)
        for word in 'vetsock conform', '--on', '--case', '--list', '--format', 'FILE.so':
            self.assertIn(word, result.stdout)


class Lists(unittest.TestCase):
    def test_list_tells_every_case_once_with_its_level_and_clause(self):
        lines = conform('--list').stdout.splitlines()
        ids = [line.split()[1] for line in lines]
        self.assertGreaterEqual(len(ids), 140)
        self.assertEqual(len(ids), len(set(ids)))
        for line in lines:
            self.assertRegex(line, r'^(must|may ) +[a-z]+(-[a-z]+)*/[a-z0-9-]+ +\S.* \[\S.*\]$')

    def test_list_as_json_tells_the_same(self):
        cases = json.loads(conform('--list', '--format', 'json').stdout)['cases']
        self.assertEqual(len(cases), len(conform('--list').stdout.splitlines()))
        for case in cases:
            self.assertEqual(set(case), {'id', 'level', 'what', 'clause'})
            self.assertTrue(all(case.values()), case)

    def test_a_glob_chooses(self):
        lines = conform('--list', *FEW).stdout.splitlines()
        ids = [line.split()[1] for line in lines]
        self.assertIn('close/once', ids)
        self.assertTrue(all(i.startswith('bind/') or i == 'close/once' for i in ids), ids)


class Formats(unittest.TestCase):
    """The same cases told in each form, first where all holds, then where listen fails."""

    def told(self, form, plugin):
        result = conform('--on', PLUGIN, '--format', form, '--case', 'listen/*', *FEW, plugin=plugin)
        self.assertEqual(result.stderr, '')
        return result

    def test_table(self):
        result = self.told('table', 'whole')
        self.assertEqual(result.returncode, 0)
        summary = re.search(r'^on \S+: (\d+) held, 0 failed, (\d+) skipped', result.stdout, re.M)
        self.assertGreater(int(summary.group(1)), 10)
        result = self.told('table', 'listen fails')
        self.assertEqual(result.returncode, 1)
        self.assertIn('listen: expected 0, got EOPNOTSUPP', result.stdout)
        again = f'again:   vetsock conform --on {PLUGIN} --case listen/accepting'
        self.assertIn(again, result.stdout)

    def test_tap(self):
        result = self.told('tap', 'listen fails')
        self.assertEqual(result.returncode, 1)
        lines = tap_lines(result.stdout)
        self.assertTrue(result.stdout.startswith(f'TAP version 13\n1..{len(lines)}\n'))
        self.assertEqual([int(line[1]) for line in lines], list(range(1, len(lines) + 1)))
        verdicts = {name: (verdict, rest) for verdict, _, name, rest in lines}
        self.assertEqual(verdicts['listen/accepting'], ('not ok', ''))
        self.assertEqual(verdicts['close/once'], ('ok', ''))
        self.assertRegex(verdicts['listen/again'][1], '# TODO')
        self.assertIn('message: "listen: expected 0, got EOPNOTSUPP"', result.stdout)

    def test_junit(self):
        for plugin, status in ('whole', 0), ('listen fails', 1):
            result = self.told('junit', plugin)
            self.assertEqual(result.returncode, status)
            suite = ElementTree.fromstring(result.stdout).find('testsuite')
            cases = suite.findall('testcase')
            self.assertEqual(int(suite.get('tests')), len(cases))
            self.assertEqual(int(suite.get('failures')), len(suite.findall('testcase/failure')))
            self.assertEqual(int(suite.get('skipped')), len(suite.findall('testcase/skipped')))
            self.assertEqual(int(suite.get('failures')) > 0, status == 1)
            self.assertIn(('close', 'once'), [(c.get('classname'), c.get('name')) for c in cases])

    def test_json(self):
        for plugin, status in ('whole', 0), ('listen fails', 1):
            result = self.told('json', plugin)
            self.assertEqual(result.returncode, status)
            told = json.loads(result.stdout)
            self.assertEqual(told['on'], PLUGIN)
            verdicts = [case['verdict'] for case in told['cases']]
            for key in 'held', 'failed', 'not_held', 'skipped':
                self.assertEqual(told[key], verdicts.count(key.replace('_', ' ')))
            self.assertEqual(told['failed'] > 0, status == 1)

    def test_a_may_that_does_not_hold_is_status_0(self):
        result = conform('--on', PLUGIN, '--case', 'listen/again', plugin='listen fails')
        self.assertEqual(result.returncode, 0)
        self.assertIn('0 held, 0 failed, 0 skipped, 1 not held (may)', result.stdout)

    def test_a_skip_says_its_reason(self):
        result = conform('--on', 'posix', '--case', 'table/sendfile')
        self.assertEqual(result.returncode, 0)
        self.assertIn('1 skipped', result.stdout)
        self.assertIn('the table has no sendfile', result.stdout)
        result = conform('--on', 'posix', '--case', 'table/sendfile', '--format', 'tap')
        self.assertIn('ok 1 - table/sendfile # SKIP the table has no sendfile', result.stdout)


class PlugIns(unittest.TestCase):
    def test_a_table_with_a_gap_is_refused_with_its_reason(self):
        result = conform('--on', PLUGIN, plugin='without accept')
        self.assertEqual((result.returncode, result.stdout), (2, ''))
        self.assertIn("'accept'", result.stderr)

    def test_a_plugin_without_a_table_of_this_version_is_refused(self):
        result = conform('--on', PLUGIN, plugin='nothing')
        self.assertEqual((result.returncode, result.stdout), (2, ''))
        self.assertIn('no table of version', result.stderr)

    def test_the_line_that_runs_a_case_again_is_quoted_for_a_shell(self):
        directory = os.path.join(os.path.dirname(PLUGIN), "it's & <here>")
        os.makedirs(directory, exist_ok=True)
        path = os.path.join(directory, 'plugin.so')
        if os.path.lexists(path):
            os.unlink(path)
        os.symlink(PLUGIN, path)
        arguments = ['--on', path, '--case', 'listen/accepting']
        result = conform(*arguments, plugin='listen fails')
        again = re.search(r'again: +vetsock (.*)', result.stdout).group(1)
        words = subprocess.run(['sh', '-c', f'printf "%s\\n" {again}'], stdout=subprocess.PIPE,
                               text=True).stdout.splitlines()
        self.assertEqual(words, ['conform', *arguments])
        ElementTree.fromstring(conform(*arguments, '--format', 'junit', plugin='listen fails').stdout)


class Output(unittest.TestCase):
    def test_a_report_that_cannot_be_written_is_status_1(self):
        with open('/dev/full', 'w') as full:
            result = conform(*FEW, stdout=full)
        self.assertEqual(result.returncode, 1)
        self.assertIn('could not be written', result.stderr)

    def test_a_reader_that_goes_away_is_no_signal(self):
        reading, writing = os.pipe()
        os.close(reading)
        with os.fdopen(writing, 'w') as gone:
            result = conform(*FEW, stdout=gone)
        self.assertEqual(result.returncode, 1)

    def test_there_is_no_bar_on_a_terminal_within_the_first_second(self):
        try:
            master, terminal = pty.openpty()
        except OSError as error: # no /dev/pts, as in a bare container
            self.skipTest(f'no terminal can be made here: {error}')
        process = subprocess.Popen([VETSOCK, 'conform', *FEW], stdout=subprocess.PIPE,
                                   stderr=terminal, stdin=subprocess.DEVNULL)
        process.communicate(timeout=120)
        os.write(terminal, b'end\n')
        seen = os.read(master, 4096)
        while not seen.endswith(b'\n'):  # a terminal hands on what there is, be it half a line
            seen += os.read(master, 4096)
        os.close(master)
        os.close(terminal)
        self.assertEqual(process.returncode, 0)
        self.assertEqual(seen.replace(b'\r', b''), b'end\n')


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1], verbosity=2)
