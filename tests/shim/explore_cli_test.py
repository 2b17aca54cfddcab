# SPDX-License-Identifier: 0BSD
"""The command line of `vetsock explore`: what is printed, and the exit status.

Usage: explore_cli_test.py VETSOCK SPECIMENS.so PLUGIN.so
"""
import json
import os
import pty
import re
import signal
import subprocess
import sys
import unittest

VETSOCK, SPECIMENS, PLUGIN = map(os.path.abspath, sys.argv[1:4])
ONE = ['--scenario', 'connect at once']


def environment(plugin):
    return dict(os.environ, VETSOCK_TEST_PLUGIN=plugin)


def explore(*arguments, plugin='well', stdout=subprocess.PIPE, program=VETSOCK):
    return subprocess.run([program, 'explore', *arguments], stdin=subprocess.DEVNULL, stdout=stdout,
                          stderr=subprocess.PIPE, text=True, timeout=100, env=environment(plugin))


def told(*arguments, **options):
    return json.loads(explore('--json', *arguments, **options).stdout)


def without_times(value):
    if isinstance(value, dict):
        return {key: without_times(inner) for key, inner in value.items() if 'second' not in key}
    return [without_times(inner) for inner in value] if isinstance(value, list) else value


def failures(text):
    """Of each violation its first line and its last, which is the command."""
    return re.findall(r'^(FAILED .*)\n  (.*)$', text, re.M)


class Wrong(unittest.TestCase):
    """Status 2, nothing on stdout, and on stderr what helps."""

    rows = [
        (['--scenario', 'connect at onec'], "no scenario 'connect at onec'; did you mean 'connect at once'"),
        (['--scenario', 'zzz-*'], "no scenario 'zzz-\\*'; vetsock explore --list"),
        (['--scenario', ''], "no scenario ''"),
        ([*ONE, '--scenario', 'x' * 500], 'no scenario'),
        (['--depth', '5'], r'--depth is wrong:\n5\n\^ a depth is at most 4\n'),
        (['--depth', 'two'], r'two\n\^\^\^ a number is decimal digits\n'),
        (['--depth', ''], r'--depth is wrong:\n\n\^ a number is missing\n'),
        (['--depth', '-1'], r'-1\n\^ a number has no sign\n'),
        (['--depth', '99999999999999999999999'], r'\n\^{23} a depth is at most 4\n'),
        (['--depth', '1x'], r'1x\n\^\^ a number is decimal digits\n'),
        (['--depth', '1 '], r'1 \n \^ no blank stands here\n'),
        (['--deepest', '0'], r'--deepest is wrong:\n0\n\^ a depth of 0 is --depth'),
        (['--jobs', '0'], r'--jobs is wrong:\n0\n\^ jobs are counted from 1\n'),
        (['--jobs', '65'], r'65\n\^\^ there are at most 64 jobs\n'),
        (['--budget', '0'], r'--budget is wrong:\n0\n\^ a budget of nothing explores nothing\n'),
        (['--budget', '0s'], r'0s\n\^\^ a budget of nothing explores nothing\n'),
        (['--budget', '5 s'], r'5 s\n \^ a duration has a unit: ns, us, ms, s, m or h\n'),
        (['--budget', 's'], r's\n\^ a number is missing\n'),
        (['--budget', '5d'], r'5d\n \^ days are written as hours: 24h\n'),
        (['--budget', '18446744073709551616'], r'\n\^{20} a budget is at most 18446744073709551615 runs\n'),
        (['--budget', '1s,'], r'1s,\n  \^ nothing more is expected here\n'),
        (['--shard', '0/3'], r'--shard is wrong:\n0/3\n\^ parts are counted from 1\n'),
        (['--shard', '4/3'], r'4/3\n\^\^\^ there are not so many parts\n'),
        (['--shard', '1'], r"1\n \^ the Ith of N parts is written I/N, as '1/3'\n"),
        (['--shard', '1/'], r'1/\n  \^ a number is missing\n'),
        (['--shard', '1/3x'], r'1/3x\n  \^\^ a number is decimal digits\n'),
        (['--shard', '1/1000001'], r'\n  \^{7} there are at most 1000000 parts\n'),
        (['--shard', '/3'], r'/3\n\^ a number is missing\n'),
        (['--plan', 'send@1=EINTR'], '--plan needs to know.*--scenario'),
        ([*ONE, '--plan', 'send@1=EINTR', '--depth', '2'], '--plan is one run'),
        ([*ONE, '--plan', 'send@1=EINTR', '--shard', '1/2'], '--plan is one run'),
        ([*ONE, '--trace'], '--trace.*needs --plan'),
        ([*ONE, '--unlawful'], '--unlawful.*needs --plan'),
        ([*ONE, '--plan', 'send@2=shrot:1'], r'--plan is wrong:\nsend@2=shrot:1\n       \^'),
        ([*ONE, '--plan', 'a\tb'], r'a\\x09b\n'),
        ([*ONE, '--plan', 'connect@1=EINTR; getpeername=ECHILD'],
         "rule 2 of the plan, 'getpeername=ECHILD', leaves the catalogue.*--unlawful"),
        (['--load', './no-such-thing.so'], 'no-such-thing.so'),
        (['--load', VETSOCK], 'explore'),
        (['--nonsense'], '--nonsense.*--help'),
        (['--depth'], '--depth.*--help'),
        (['connect'], "'connect' is one argument too many"),
    ]

    def test_wrong_command_lines_are_status_2_with_what_helps(self):
        for arguments, reason in self.rows:
            with self.subTest(arguments=arguments):
                result = explore(*arguments)
                self.assertEqual((result.returncode, result.stdout), (2, ''))
                self.assertRegex(result.stderr, re.compile(reason, re.S))

    def test_plug_ins_that_bring_nothing_good_are_refused(self):
        for plugin, reason in (('none', 'brings no scenario for this version'),
                               ('twice', "'holds', a name that was there before"),
                               ('nameless', 'without a name')):
            with self.subTest(plugin=plugin):
                result = explore('--load', PLUGIN, plugin=plugin)
                self.assertEqual((result.returncode, result.stdout), (2, ''))
                self.assertIn(reason, result.stderr)


class Help(unittest.TestCase):
    def test_help_tells_each_option(self):
        result = explore('--help')
        self.assertEqual((result.returncode, result.stderr), (0, ''))
        for option in ('scenario', 'depth', 'deepest', 'budget', 'plan', 'unlawful', 'shard', 'jobs',
                       'load', 'splits', 'no-splits', 'trace', 'coverage', 'json', 'list'):
            self.assertIn(f'--{option}', result.stdout)

    def test_the_subcommand_is_listed(self):
        self.assertIn('  explore ', subprocess.run([VETSOCK, '--help'], stdout=subprocess.PIPE, text=True).stdout)


class Lists(unittest.TestCase):
    def test_list_tells_every_scenario_once_in_both_forms(self):
        names = explore('--list').stdout.splitlines()
        self.assertGreaterEqual(len(names), 170)
        self.assertEqual(len(names), len(set(names)))
        listed = told('--list')['scenarios']
        self.assertEqual([one['name'] for one in listed], names)
        self.assertTrue(any(one['deadline'] > 0 for one in listed))
        self.assertEqual({one['world']['manner'] for one in listed}, {'echo', 'source', 'talker'})

    def test_names_and_globs_choose_in_the_order_of_the_list(self):
        names = explore('--list').stdout.splitlines()
        chosen = explore('--list', '--scenario', 'shut down*', '--scenario', 'make a raw socket',
                         '--scenario', 'shut*').stdout.splitlines()
        self.assertIn('shut down', chosen)
        self.assertEqual(chosen, [n for n in names if n.startswith('shut') or n == 'make a raw socket'])

    def test_a_whole_name_means_that_one_alone_though_it_is_a_glob(self):
        result = explore('--list', '--load', PLUGIN, '--scenario', 'h*')
        self.assertEqual(result.stdout, 'h*\n')

    def test_what_is_loaded_is_alone_unless_more_is_asked_for(self):
        names = explore('--list', '--load', PLUGIN).stdout.splitlines()
        self.assertEqual((names[0], names[2], len(names)), ('holds', 'h*', 3))
        both = explore('--list', '--load', PLUGIN, '--scenario', '*').stdout.splitlines()
        self.assertEqual(both, names + explore('--list').stdout.splitlines())

    def test_what_is_loaded_hides_one_of_the_same_name(self):
        chosen = ['--load', PLUGIN, '--scenario', 'shut down']
        self.assertEqual(explore('--list', *chosen, plugin='own_name').stdout, 'shut down\n')
        result = explore(*chosen, plugin='own_name')
        self.assertEqual(result.returncode, 1)
        self.assertIn("own: the plug-in's own", result.stdout)


class Explores(unittest.TestCase):
    def test_nothing_found_is_status_0_with_all_figures(self):
        result = explore(*ONE)
        self.assertEqual((result.returncode, result.stderr), (0, ''))
        for line in (r'scenarios +1$', r'violations +0$', r'runs +\d+, of them 0 by splits', r'calls +\d+$',
                     r'distinct traces +\d+$', r'fault coverage +(\d+) of \1 cells \(100.00 %\)$',
                     r'hash +[0-9a-f]{16}$', r'time +\d+\.\d\d s \(\d+ runs and \d+ calls a second\)$'):
            self.assertRegex(result.stdout, re.compile('^' + line, re.M))

    def test_depth_decides_how_many_runs(self):
        runs = [told(*ONE, '--depth', depth)['runs'] for depth in '012']
        self.assertEqual(runs[0], 1)
        self.assertTrue(1 < told(*ONE)['runs'] == runs[1] < runs[2], runs)
        self.assertEqual(told(*ONE, '--deepest', '2')['runs'], runs[2])

    def test_splits_are_made_where_they_are_wanted_or_so_many_runs_are(self):
        one = next(s for s in told('--list')['scenarios'] if s['split_out'] > 1 and s['split_in'] > 1)
        arguments = ['--scenario', one['name'], '--budget', '3000']
        self.assertGreater(told(*arguments, '--splits')['split_runs'], 0)
        self.assertEqual(told(*arguments)['split_runs'], 0)
        arguments += ['--depth', '2', '--budget', '30000']
        self.assertGreater(told(*arguments)['split_runs'], 0)
        self.assertEqual(told(*arguments, '--no-splits')['split_runs'], 0)

    def test_a_budget_of_runs_stops_and_tells_what_was_cut_off(self):
        whole = told(*ONE)
        cut = told(*ONE, '--budget', '10')
        self.assertEqual((cut['runs'], whole['beyond_budget']), (10, 0))
        self.assertGreater(cut['beyond_budget'], 0)
        self.assertRegex(explore(*ONE, '--budget', '10').stdout, r'not made +\d+ beyond the budget')

    def test_a_budget_of_time_stops(self):
        for budget in '50ms', '1000000ns':
            report = told('--depth', '4', '--budget', budget, '--jobs', '2', '--scenario', 'connect*')
            self.assertGreater(report['beyond_budget'], 0)
            self.assertLess(report['seconds'], 20)
            self.assertEqual(len(report['scenarios']), len(explore('--list', '--scenario', 'connect*').stdout.splitlines()))
            self.assertTrue(all(one['runs'] > 0 for one in report['scenarios']))
            self.assertLess(report['scenarios'][-1]['runs'], 10) # begun, though no time was left
        result = explore('--load', PLUGIN, '--depth', '4', '--budget', '20ms', plugin='endless')
        self.assertRegex(result.stdout, r'not made +(.*\n +)*\d+ beyond the budget')

    def test_coverage_tells_each_cell(self):
        report = told(*ONE, '--coverage')
        self.assertEqual(len(report['coverage']), report['cells'])
        self.assertEqual(sum(cell['fired'] for cell in report['coverage']), report['fired'])
        lines = re.findall(r' (yes|no)  +\S', explore(*ONE, '--coverage').stdout, re.M)
        self.assertEqual(lines, ['yes'] * report['cells'])
        lines = re.findall(r' (yes|no)  +\S', explore(*ONE, '--coverage', '--depth', '0').stdout, re.M)
        self.assertIn('no', lines)

    def test_coverage_is_a_union_over_scenarios(self):
        def cells(*names):
            report = told('--coverage', '--budget', '30', *(word for name in names for word in ('--scenario', name)))
            found = {(cell['operation'], cell['row']): cell['fired'] for cell in report['coverage']}
            self.assertEqual((len(found), sum(found.values())), (report['cells'], report['fired']))
            return found

        names = explore('--list', '--scenario', 'connect*').stdout.splitlines()
        union, late = {}, 0
        for found in map(cells, names):
            late += sum(fired and union.get(cell) is False for cell, fired in found.items())
            union.update((cell, fired or union.get(cell, False)) for cell, fired in found.items())
        self.assertGreater(late, 0) # cells that the first scenario to show them has not fired
        self.assertEqual(cells(*names), union)


class Jobs(unittest.TestCase):
    def test_all_numbers_of_jobs_tell_the_same(self):
        some = ['--coverage', '--load', SPECIMENS, '--scenario', 's[!p]*', '--no-splits'] # one is silent for a second
        reports = [without_times(told(*some, '--jobs', jobs)) for jobs in ('1', '2', '3', '3')]
        self.assertGreater(len(reports[0]['violations']), 3)
        self.assertGreater(len(reports[0]['scenarios']), 20)
        for report in reports[1:]:
            self.assertEqual(report, reports[0])
        texts = [re.sub(r'^time .*', '', explore(*some, '--jobs', jobs).stdout, flags=re.M) for jobs in '13']
        self.assertEqual(*texts)

    def test_hashes_add_up(self):
        report = told('--scenario', 'shut*', '--jobs', '2')
        total = sum(int(one['hash'], 16) for one in report['scenarios']) % 2**64
        self.assertEqual(int(report['hash'], 16), total)
        self.assertEqual(report['runs'], sum(one['runs'] for one in report['scenarios']))

    def test_shards_are_all_of_it_without_overlap_or_gap(self):
        whole = told('--jobs', '2')['scenarios']
        parts = [told('--jobs', '2', '--shard', f'{i}/3')['scenarios'] for i in (1, 2, 3)]
        compared = 0
        for one, *shares in zip(whole, *parts):
            with self.subTest(scenario=one['name']):
                if one['violations'] > 0: # the search of a scenario ends with its eighth
                    continue
                # Each part closes the coverage of its own runs: what it takes is not in the sum.
                self.assertEqual(one['runs'] - one['closing_runs'],
                                 sum(share['runs'] - share['closing_runs'] for share in shares))
                compared += 1
                self.assertEqual(int(one['hash'], 16),
                                 sum(int(share['hash'], 16) for share in shares) % 2**64)
        self.assertGreater(compared, 100)

    def test_a_crash_is_told_with_its_scenario_and_the_others_go_on(self):
        outputs = set()
        for jobs in '123':
            result = explore('--load', PLUGIN, '--jobs', jobs, '--depth', '1', plugin='crashing')
            self.assertEqual((result.returncode, result.stderr), (1, ''))
            outputs.add(re.sub(r'^time .*', '', result.stdout, flags=re.M))
        self.assertEqual(len(outputs), 1)
        self.assertRegex(result.stdout, re.compile(r'^scenarios +5\nviolations +2$', re.M))
        first, second = failures(result.stdout)
        self.assertRegex(first[0], r'FAILED crashes: crash: its process was ended by signal 6')
        self.assertEqual(first[1], f"{VETSOCK} explore --load {PLUGIN} --scenario 'crashes' --plan 'now@1=EINVAL'")
        self.assertRegex(second[0], r'FAILED leaves: crash: its process ended by itself, with status 3')
        report = told('--load', PLUGIN, plugin='crashing')
        self.assertEqual([one['name'] for one in report['scenarios'] if one['runs'] > 1], ['first', 'between', 'last'])
        self.assertEqual([one['plan'] for one in report['violations']], ['now@1=EINVAL', ''])
        again = explore('--load', PLUGIN, '--scenario', 'crashes', '--plan', 'now@1=EINVAL', plugin='crashing')
        self.assertEqual(again.returncode, -6)

    def start(self, plugin, *arguments, **options):
        """A command, and the process that its scenario runs in; that has our pipe, too."""
        process = subprocess.Popen([VETSOCK, 'explore', '--load', PLUGIN, *arguments], stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, env=environment(plugin), **options)
        worker = int(re.match(rb'process (\d+)', process.stdout.readline()).group(1))
        return process, worker

    def expect_end(self, process, worker):
        """The pipe ends when the worker has ended, too."""
        try:
            process.communicate(timeout=20)
        except subprocess.TimeoutExpired:
            os.kill(worker, signal.SIGKILL)
            self.fail('the worker has outlived the command')
        finally:
            process.stdout.close()

    def test_workers_end_when_the_command_is_interrupted(self):
        for number in signal.SIGTERM, signal.SIGINT, signal.SIGHUP:
            process, worker = self.start('waiting')
            self.assertNotEqual(worker, process.pid)
            process.send_signal(number)
            self.expect_end(process, worker)
            self.assertEqual(process.returncode, -number)

    def test_workers_end_when_the_command_is_killed(self):
        process, worker = self.start('endless', '--depth', '4')
        with self.assertRaises(subprocess.TimeoutExpired): # it has not come to its end
            process.wait(timeout=0.1)
        process.kill()
        self.expect_end(process, worker)

    def test_a_bar_is_on_a_terminal_after_a_second(self):
        try:
            master, terminal = pty.openpty()
        except OSError as error: # no /dev/pts, as in a bare container
            self.skipTest(f'no terminal can be made here: {error}')
        process, worker = self.start('endless', '--depth', '4', stderr=terminal)
        os.close(terminal)
        seen = b''
        while b'0/1 is long' not in seen:
            seen += os.read(master, 4096)
        process.send_signal(signal.SIGTERM)
        self.expect_end(process, worker)
        rest = os.read(master, 4096) # the bar is taken away
        self.assertTrue((seen + rest).endswith(b' \r'), seen + rest)
        os.close(master)


class Finds(unittest.TestCase):
    """Specimens: found with a plan of one or two rules, and the command that is printed does it again."""

    rows = [ # specimen, check, depth, rules
        ('shutdown-error-skips-close', 'leak', 1, 1),
        ('use-after-close', 'closed', 1, 1),
        ('truncation-ignored', 'own', 1, 1),
        ('prefix-sent-twice', 'bytes', 2, 2),
        ('timeout-restarted-by-each-byte', 'deadline', 2, 2),
    ]

    def test_each_is_found_and_found_again_by_what_is_printed(self):
        for name, check, depth, rules in self.rows:
            with self.subTest(specimen=name):
                result = explore('--load', SPECIMENS, '--scenario', name, '--depth', str(depth))
                self.assertEqual((result.returncode, result.stderr), (1, ''))
                first, again = failures(result.stdout)[0]
                self.assertTrue(first.startswith(f'FAILED {name}: {check}: '), first)
                plan = re.search(r"--plan '(.*?)'", again).group(1)
                self.assertEqual(len(plan.split(';')), rules)
                shell = subprocess.run(['sh', '-c', again], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
                self.assertEqual((shell.returncode, shell.stderr), (1, ''))
                self.assertEqual(failures(shell.stdout), [(first, again)])

    def test_fixed_versions_hold(self):
        for name, _, depth, _ in self.rows:
            result = explore('--load', SPECIMENS, '--scenario', name + '/fixed', '--depth', str(depth))
            self.assertEqual((result.returncode, failures(result.stdout)), (0, []))

    def test_json_tells_the_same(self):
        arguments = ['--load', SPECIMENS, '--scenario', 'use-after-close']
        text = failures(explore(*arguments).stdout)
        violations = told(*arguments)['violations']
        self.assertEqual([(f"FAILED {v['scenario']}: {v['check']}: {v['message']}", v['again']) for v in violations], text)
        self.assertEqual(violations[0]['again'],
                         f"{VETSOCK} explore --load {SPECIMENS} --scenario 'use-after-close' --plan '{violations[0]['plan']}'")

    def test_the_command_is_quoted_for_a_shell(self):
        directory = os.path.join(os.path.dirname(PLUGIN), "it's & <here>")
        os.makedirs(directory, exist_ok=True)
        places = []
        for target in VETSOCK, PLUGIN:
            places.append(os.path.join(directory, os.path.basename(target)))
            if os.path.lexists(places[-1]):
                os.unlink(places[-1])
            os.symlink(target, places[-1])
        result = explore('--load', places[1], '--scenario', "it's*", program=places[0])
        self.assertEqual(result.returncode, 1)
        (first, again), = failures(result.stdout)
        self.assertTrue(first.startswith('FAILED it\'s "quoted"; * $HOME & \\\\: own: as it always does'), first)
        shell = subprocess.run(['sh', '-c', again], stdout=subprocess.PIPE, text=True, env=environment('well'))
        self.assertEqual((shell.returncode, failures(shell.stdout)), (1, [(first, again)]))


class Plans(unittest.TestCase):
    def test_a_plan_that_breaks_nothing_is_status_0(self):
        result = explore(*ONE, '--plan', 'connect@1=EINTR')
        self.assertEqual((result.returncode, failures(result.stdout)), (0, []))
        self.assertEqual(told(*ONE, '--plan', 'connect@1=EINTR')['runs'], 2)

    def test_a_rule_that_never_fires_fails(self):
        arguments = [*ONE, '--plan', 'poll@1+=timeout']
        result = explore(*arguments)
        self.assertEqual(result.returncode, 1)
        (first, again), = failures(result.stdout)
        self.assertRegex(first, "unfired: rule 1, 'poll=timeout', never fired")
        self.assertEqual(subprocess.run(['sh', '-c', again], stdout=subprocess.DEVNULL).returncode, 1)

    def test_what_is_not_lawful_is_run_if_it_is_asked_for(self):
        result = explore(*ONE, '--plan', 'getpeername=ECHILD', '--unlawful')
        self.assertEqual(result.returncode, 1)
        (first, again), = failures(result.stdout)
        self.assertRegex(first, 'error: .*ECHILD, which it does not document')
        self.assertTrue(again.endswith("--plan 'getpeername=ECHILD' --unlawful"), again)

    def test_the_empty_plan_is_the_run_without_faults(self):
        self.assertEqual(explore(*ONE, '--plan', '').returncode, 0)
        result = explore('--load', PLUGIN, '--scenario', "it's*", '--plan', '')
        self.assertEqual((result.returncode, len(failures(result.stdout))), (1, 1))

    def test_trace_tells_the_calls(self):
        result = explore(*ONE, '--plan', 'getpeername@1=ENOBUFS', '--trace')
        calls = re.findall(r'^(\w+) .*= (\S+)', result.stdout, re.M)
        self.assertEqual(calls[0][0], 'socket')
        self.assertIn(('getpeername', 'ENOBUFS'), calls)
        self.assertEqual(calls[-1], ('close', '0'))
        trace = told(*ONE, '--plan', 'getpeername@1=ENOBUFS', '--trace')['scenarios'][0]['trace']
        self.assertTrue(result.stdout.startswith(trace))


class Output(unittest.TestCase):
    def test_a_report_that_cannot_be_written_is_status_1(self):
        for arguments in ONE, [*ONE, '--json'], ['--list'], ['--list', '--json'], [*ONE, '--plan', '', '--trace']:
            with open('/dev/full', 'w') as full:
                result = explore(*arguments, stdout=full)
            self.assertEqual(result.returncode, 1, arguments)
            self.assertIn('could not be made or written', result.stderr)

    def test_a_reader_that_goes_away_is_no_signal(self):
        reading, writing = os.pipe()
        os.close(reading)
        with os.fdopen(writing, 'w') as gone:
            self.assertEqual(explore(*ONE, stdout=gone).returncode, 1)

    def test_bytes_that_are_no_utf_8_are_json_all_the_same(self):
        report = subprocess.run([os.fsencode(VETSOCK), b'explore', b'--json', *map(os.fsencode, ONE),
                                 b'--plan', b'poll=timeout'], stdout=subprocess.PIPE).stdout
        json.loads(report)


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1], verbosity=2)
