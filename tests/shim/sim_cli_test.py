# SPDX-License-Identifier: 0BSD
"""The command line of `vetsock sim`: what is printed, what is written, and the exit status.

Usage: sim_cli_test.py VETSOCK PLUGIN.so
"""
import json
import os
import re
import shlex
import struct
import subprocess
import sys
import tempfile
import unittest

VETSOCK, PLUGIN = map(os.path.abspath, sys.argv[1:3])
LOAD = ['--load', PLUGIN]


def sim(*arguments, plugin='well', stdout=subprocess.PIPE):
    return subprocess.run([VETSOCK, 'sim', *arguments], stdin=subprocess.DEVNULL, stdout=stdout,
                          stderr=subprocess.PIPE, text=True, timeout=100,
                          env=dict(os.environ, VETSOCK_TEST_PLUGIN=plugin))


def again(line):
    """What a printed command does."""
    words = shlex.split(line)
    return sim(*words[words.index('sim') + 1:])


class Wrong(unittest.TestCase):
    """Status 2, nothing on stdout, and on stderr what helps."""

    rows = [
        ([], 'which scenario\\? --list tells them'),
        (['ehco'], "no scenario 'ehco'; did you mean 'echo'"),
        (['echo', 'zzz'], "no scenario 'zzz'"),
        (['--seed', 'x', 'echo'], r'--seed is wrong:\nx\n\^ a number is decimal digits\n'),
        (['--seed', '-1', 'echo'], r'-1\n\^ a number has no sign\n'),
        (['--seed', '18446744073709551616', 'echo'], r'\n\^{20} no seed is as great\n'),
        (['--runs', '0', 'echo'], r'0\n\^ no run tells nothing\n'),
        (['--hosts', '0', 'echo'], r'0\n\^ there is at least one host\n'),
        (['--hosts', '1001', 'echo'], r'1001\n\^{4} there are at most 1000 hosts\n'),
        (['--shard', '3/2', 'echo'], r'3/2\n\^{3} there are not so many parts\n'),
        (['--schedule', 'prioritys', 'echo'], "--schedule has no 'prioritys': uniform, priorities or in-turn; "
                                              "did you mean 'priorities'"),
        (['--coroutines', 'threads2', 'echo'], "did you mean 'threads'"),
        (['--mischief', 'loss=200%', 'echo'], r'loss=200%\n     \^{4} percent go up to 100%\n'),
        (['--mischief', 'crush a', 'echo'], r'--mischief is wrong:\ncrush a\n\^'),
        (['--tape', 'loss:1', 'echo'], r"loss:1\n      \^ '=' and what was chosen are missing\n"),
        (['--tape', 'loss:18446744073709551616=1', 'echo'], r'\n     \^+ \S'),
        (['--log', '--from', '5', '--until', '2', 'echo'], '--from is behind --until'),
        (['--log', '--actor', 'nobody', 'echo'], "there is no actor 'nobody'"),
        (['--actor', 'client', 'echo'], 'choose among what --log tells'),
        (['--log', '--json', 'echo'], '--log is text'),
        (['--log', '--runs', '2', 'echo'], 'look at one run of one scenario'),
        (['--pcap', 'x', 'echo', 'herd'], 'look at one run of one scenario'),
        (['--tape', 'loss:1=1', '--runs', '2', 'echo'], '--tape is of one run'),
        (['--pcap', 'x', '--timeline', 'x', 'echo'], 'are two files'),
        (['--pcap', '/no/such/folder/x', 'echo'], '/no/such/folder/x: No such file'),
        (['--load', './no-such-thing.so', 'echo'], 'no-such-thing.so'),
        (['--load', VETSOCK, 'echo'], 'sim'),
        (['--nonsense', 'echo'], '--nonsense.*--help'),
        (['echo', '--seed'], '--seed.*--help'),
    ]

    def test_wrong_command_lines_are_status_2_with_what_helps(self):
        for arguments, reason in self.rows:
            with self.subTest(arguments=arguments):
                result = sim(*arguments)
                if '--actor' not in arguments:  # who there is, is known when the run is over
                    self.assertEqual(result.stdout, '')
                self.assertEqual(result.returncode, 2)
                self.assertRegex(result.stderr, re.compile(reason, re.S))

    def test_plug_ins_that_bring_nothing_are_refused(self):
        result = sim(*LOAD, 'dice', plugin='none')
        self.assertEqual((result.returncode, result.stdout), (2, ''))
        self.assertIn('brings no scenario for this version', result.stderr)

    def test_what_cannot_be_written_is_not_well(self):
        with open('/dev/full', 'w') as full:
            self.assertNotEqual(sim('echo', stdout=full).returncode, 0)
        self.assertNotEqual(sim('--pcap', '/dev/full', 'echo').returncode, 0)


class Help(unittest.TestCase):
    def test_help_tells_each_option(self):
        result = sim('--help')
        self.assertEqual((result.returncode, result.stderr), (0, ''))
        for option in ('seed', 'runs', 'shard', 'hosts', 'mischief', 'schedule', 'coroutines', 'once',
                       'keep-going', 'no-shrink', 'tape', 'log', 'from', 'until', 'actor', 'pcap', 'timeline',
                       'marks', 'load', 'list', 'json'):
            self.assertIn(f'--{option}', result.stdout)

    def test_the_list_tells_each_scenario_in_both_forms(self):
        listed = json.loads(sim('--json', '--list').stdout)
        names = [one['scenario'] for one in listed]
        self.assertEqual(re.findall(r'^(\S+)', sim('--list').stdout, re.M), names)
        for name in ('echo', 'herd', 'slow-readers', 'partition', 'three-hops', 'clock-jumps'):
            self.assertIn(name, names)
        self.assertEqual(json.loads(sim(*LOAD, '--json', '--list').stdout)[0]['what'],
                         'one waits for what nobody sends')


class Runs(unittest.TestCase):
    def test_the_same_seed_gives_the_same_run(self):
        def one(*arguments):
            report = json.loads(sim('--json', *arguments).stdout)
            return {key: value for key, value in report.items() if key != 'seconds'}

        first = one('--seed', '7', 'echo')
        self.assertEqual(first['end'], 'ended')
        self.assertEqual(one('--seed', '7', '--once', 'echo'), first)
        self.assertEqual(one('--seed', '7', '--coroutines', 'threads', 'echo'), first)
        for kind in ('switch', 'ucontext'):
            other = one('--seed', '7', '--coroutines', kind, 'echo')
            if [broken['why'] for broken in other['broken']] == ['the simulator cannot start']:
                print(f'skipped: this system has no coroutines by {kind}')
                continue
            self.assertEqual(other, first, kind)
        self.assertNotEqual(one('--seed', '8', 'echo')['hash'], first['hash'])
        self.assertNotEqual(one('--seed', '7', '--mischief', 'loss=20%', 'echo')['hash'], first['hash'])

    def test_shards_are_all_of_it(self):
        def told(*arguments):
            return json.loads(sim('--json', '--runs', '10', *arguments, 'echo', 'herd').stdout)

        whole = told()
        parts = [told('--shard', f'{i}/3') for i in (1, 2, 3)]
        self.assertEqual(whole['runs'], 20)
        for key in ('runs', 'calls'):
            self.assertEqual(sum(part[key] for part in parts), whole[key])
        self.assertEqual(sum(int(part['hash'], 16) for part in parts) % 2**64, int(whole['hash'], 16))

    def test_globs_choose(self):
        self.assertEqual(json.loads(sim('--json', 'c*').stdout)['runs'], 4)

    def test_a_rare_state_that_was_not_reached_is_a_failure(self):
        result = sim('--marks', 'echo')
        self.assertEqual(result.returncode, 1)
        self.assertRegex(result.stdout, r'rare states that were not reached: [1-9]\d*\n')

    def test_mischief_of_a_host_that_is_not_there_is_a_failure(self):
        result = sim('--mischief', '@2s=crash nobody', 'echo')
        self.assertEqual(result.returncode, 1)
        self.assertIn("there is no host 'nobody'", result.stdout)

    def test_what_cannot_begin_is_told(self):
        result = sim(*LOAD, 'unprepared')
        self.assertEqual(result.returncode, 1)
        self.assertIn('unprepared cannot be run', result.stderr)


class Breaks(unittest.TestCase):
    def test_a_failure_prints_lines_that_make_it_again(self):
        result = sim(*LOAD, '--runs', '10', 'dice')
        self.assertEqual(result.returncode, 1)
        head, *_, seed_line, shrunk, tape_line, last = result.stdout.splitlines()
        self.assertRegex(head, r'^dice, seed \d+: failed: the last of the dice')
        self.assertRegex(shrunk, 'shrunk to 1 choices:')
        self.assertIn('1 broke', last)
        for line in (seed_line, tape_line):
            once_more = again(line)
            self.assertEqual(once_more.returncode, 1)
            self.assertIn('the last of the dice', once_more.stdout)

    def test_keep_going_tells_each(self):
        report = json.loads(sim(*LOAD, '--runs', '40', '--keep-going', '--no-shrink', '--json', 'dice').stdout)
        self.assertEqual(report['runs'], 40)
        self.assertTrue(10 < len(report['broken']) < 40, len(report['broken']))
        self.assertEqual(len({one['seed'] for one in report['broken']}), len(report['broken']))
        self.assertTrue(all(one['shrunk'] is None for one in report['broken']))
        self.assertEqual(json.loads(again(report['broken'][0]['again'] + ' --json').stdout)['broken'][0]['why'],
                         'the last of the dice\tfell badly')

    def test_a_deadlock_names_who_waits_for_what_since_when(self):
        waits = r'actor patient of table waits for descriptor 3 to be read, since 0\.\d+s'
        result = sim(*LOAD, 'waiting')
        self.assertEqual(result.returncode, 1)
        self.assertRegex(result.stdout, r'^waiting, seed 1: deadlock: ')
        self.assertRegex(result.stdout, waits)
        broken, = json.loads(sim(*LOAD, '--json', 'waiting').stdout)['broken']
        self.assertEqual((broken['end'], broken['seed']), ('deadlock', 1))
        self.assertRegex(broken['said'], waits)


class Looks(unittest.TestCase):
    def test_the_log_tells_a_part(self):
        def log(*arguments):  # without how long it took
            return re.sub(r' \(\d+\.\d+ s\)$', '', sim('--log', *arguments, 'echo').stdout, flags=re.M).splitlines()

        whole, some, of_one = log(), log('--from', '10', '--until', '20'), log('--actor', 'server')
        self.assertTrue(5 < len(some) < len(whole), (len(some), len(whole)))
        self.assertTrue(5 < len(of_one) < len(whole), (len(of_one), len(whole)))
        self.assertLessEqual(set(some), set(whole))
        self.assertEqual(some[-1], whole[-1])  # the same run
        for line in whole:
            if re.match(r' +\d+ +\d+\.\d{9} ', line):
                self.assertRegex(line, r'^ +\d+ +\d+\.\d{9} (server|client|session|main|-) +\S')
        self.assertTrue(any(re.search(r' = \d{3,}$', line) for line in whole), 'a long call is on one line')

    def test_the_log_of_a_run_that_breaks_is_of_that_run(self):
        result = sim(*LOAD, '--log', 'dice', '--seed', '2')
        begins = [line for line in result.stdout.splitlines() if 'begins' in line and 'gambler' in line]
        self.assertLessEqual(len(begins), 1)

    def test_a_run_is_written_as_pcapng_and_as_a_page(self):
        with tempfile.TemporaryDirectory() as folder:
            packets, page = os.path.join(folder, 'run.pcapng'), os.path.join(folder, 'run.html')
            result = sim('--pcap', packets, '--timeline', page, 'echo')
            self.assertEqual((result.returncode, result.stderr), (0, ''))
            with open(packets, 'rb') as file:
                kind, _, magic = struct.unpack('<III', file.read(12))
            self.assertEqual((kind, magic), (0x0A0D0D0A, 0x1A2B3C4D))
            with open(page, encoding='utf-8') as file:
                self.assertTrue(file.read(15).lower().startswith('<!doctype html>'))


if __name__ == '__main__':
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]])
