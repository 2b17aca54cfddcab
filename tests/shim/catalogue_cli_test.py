# SPDX-License-Identifier: 0BSD
"""The command line of `vetsock catalogue`: what is printed, and the exit status.

Usage: catalogue_cli_test.py VETSOCK SOURCE_ROOT
"""
import json
import pathlib
import re
import subprocess
import sys
import unittest

VETSOCK, SOURCE_ROOT = sys.argv[1:3]
ENTRIES = re.findall(r'ENTRY\((\w+), [01]\)',
                     (pathlib.Path(SOURCE_ROOT) / 'include/vetsock/sys.h').read_text(encoding='utf-8'))
COLUMNS = 'call result kinds phases needs effect lasts stays vetsock clause'.split()
WORDS = {
    'kinds': {'stream', 'datagram', 'raw', 'other'},
    'phases': {'fresh', 'listening', 'connecting', 'connected', 'failed', 'dead'},
    'lasts': {'once', 'for ever'},
    'effect': {'none', 'whole', 'part', 'begun', 'taken'},
    'stays': {'nothing', 'ended', 'dead', 'error pending', 'failed', 'failure pending', 'shut'},
    'handling': {'retries', 'waits', 'goes on', 'passes over', 'falls back', 'asks', 'ends', 'passes on'},
}


def run(*arguments, stdout=subprocess.PIPE):
    return subprocess.run([VETSOCK, 'catalogue', *arguments], stdin=subprocess.DEVNULL, stdout=stdout,
                          stderr=subprocess.PIPE, text=True, timeout=60)


def printed(*arguments):
    result = run(*arguments)
    assert (result.returncode, result.stderr) == (0, ''), result
    return result.stdout


def rows(*arguments):
    return json.loads(printed('--json', *arguments))['catalogue']


class Wrong(unittest.TestCase):
    """Status 2, nothing on stdout, and on stderr what helps."""

    table = [
        (['--call', 'conect'], "no call 'conect'; did you mean 'connect'"),
        (['--call', 'recvfrm'], "did you mean 'recvfrom'"),
        (['--call', 'something-else'], "no call 'something-else' in the table"),
        (['--call', ''], "no call ''"),
        (['--call', 'connect ', '--json'], "did you mean 'connect'"),
        (['--call'], '--call.*--help'),
        (['--jason'], '--jason.*--help'),
        (['connect'], "'connect' is one argument too many"),
    ]

    def test_wrong_command_lines_are_status_2_with_what_helps(self):
        for arguments, reason in self.table:
            with self.subTest(arguments=arguments):
                result = run(*arguments)
                self.assertEqual((result.returncode, result.stdout), (2, ''))
                self.assertRegex(result.stderr, re.compile(r'\Avetsock catalogue: .*' + reason, re.S))

    def test_a_catalogue_that_nobody_can_read_is_status_1(self):
        for arguments in [], ['--json'], ['--call', 'dup']:
            with self.subTest(arguments=arguments), open('/dev/full', 'w', encoding='ascii') as full:
                result = run(*arguments, stdout=full)
                self.assertEqual(result.returncode, 1)
                self.assertIn('could not be written', result.stderr)


class Help(unittest.TestCase):
    def test_help_lists_the_options(self):
        result = run('--help')
        self.assertEqual((result.returncode, result.stderr), (0, ''))
        for word in '--call=NAME', '--json', 'Usage: vetsock catalogue':
            self.assertIn(word, result.stdout)

    def test_the_command_lists_it(self):
        result = subprocess.run([VETSOCK, '--help'], stdout=subprocess.PIPE, text=True, check=True, timeout=60)
        self.assertRegex(result.stdout, r"(?m)^  catalogue  ")


class Json(unittest.TestCase):
    def test_every_row_has_its_members_and_known_words(self):
        for row in rows():
            self.assertLessEqual(set(row) - {'error'}, {
                'call', 'result', 'kinds', 'phases', 'needs', 'effect', 'lasts', 'stays', 'handling', 'clause'})
            self.assertEqual(len(row), 10 + ('error' in row), row)
            for key, words in WORDS.items():
                value = row[key] if isinstance(row[key], list) else [row[key]]
                self.assertLessEqual(set(value), words, row)
                self.assertNotEqual(value, [], row)

    def test_an_error_is_named_where_the_result_is_one(self):
        for row in rows():
            name = re.fullmatch(r'(?:value:)?(E[A-Z0-9]+)(?: after)?', row['result'])
            self.assertEqual(row.get('error'), name and name.group(1), row)

    def test_the_calls_come_in_the_order_of_the_table(self):
        calls = [row['call'] for row in rows()]
        self.assertEqual(calls, sorted(calls, key=ENTRIES.index))
        self.assertEqual(set(ENTRIES) - set(calls), {'adopt'})

    def test_one_call_gives_its_rows_of_all(self):
        everything = rows()
        for call in ENTRIES:
            with self.subTest(call=call):
                self.assertEqual(rows('--call', call),
                                 [row for row in everything if row['call'] == call])

    def test_a_row_is_as_it_is_in_the_catalogue(self):
        self.assertIn({
            'call': 'connect', 'result': 'EINTR', 'error': 'EINTR', 'kinds': ['stream'],
            'phases': ['fresh'], 'needs': [], 'effect': 'begun', 'lasts': ['once', 'for ever'],
            'stays': 'nothing', 'handling': 'asks',
            'clause': 'POSIX connect(): EINTR: the attempt goes on'}, rows('--call', 'connect'))
        results = {row['result'] for row in rows('--call', 'poll')}
        self.assertLessEqual({'events:HUP', 'events:OUT|ERR|HUP', 'events:IN|RDHUP', 'EINTR after', 'zero', 'timeout',
                              'spurious', 'delay:T'}, results)
        self.assertIn('short:N', {row['result'] for row in rows('--call', 'recv')})
        self.assertIn('jump:T', {row['result'] for row in rows('--call', 'now')})
        self.assertLessEqual({'value:0', 'value:ECONNREFUSED'},
                             {row['result'] for row in rows('--call', 'getsockopt')})


class Table(unittest.TestCase):
    def test_each_row_is_one_line_under_the_names_of_the_columns(self):
        lines = printed().splitlines()
        self.assertEqual(lines[0].split(), COLUMNS)
        self.assertEqual(len(lines), 1 + len(rows()))
        starts = [lines[0].index(name) for name in COLUMNS]
        for line, row in zip(lines[1:], rows()):
            fields = [line[begin:end].strip() for begin, end in zip(starts, starts[1:] + [None])]
            self.assertEqual((fields[0], fields[1], fields[-1]), (row['call'], row['result'], row['clause']))
            self.assertEqual((fields[5], fields[7], fields[8]),
                             (row['effect'], row['stays'], row['handling']))
            for start in starts[1:]:
                self.assertEqual(line[start - 1], ' ', line)

    def test_a_call_without_lawful_faults_says_so(self):
        self.assertIn('none', printed('--call', 'adopt').splitlines()[1])
        self.assertEqual(rows('--call', 'adopt'), [])


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1])
