# SPDX-License-Identifier: 0BSD
"""The headers' lists of errors are the catalogue's.

For each operation and call, what the comment says comes "From call(2): -EA, -EB." is what the
catalogue's rows say is passed on to that operation.

Usage: manual_test.py VETSOCK SOURCE_ROOT
"""
import json
import pathlib
import re
import subprocess
import sys
import unittest

VETSOCK, SOURCE_ROOT = sys.argv[1:3]
HEADERS = {name: (pathlib.Path(SOURCE_ROOT) / 'include/vetsock' / name).read_text(encoding='utf-8')
           for name in ('socket.h', 'option.h')}
ROWS = json.loads(subprocess.run([VETSOCK, 'catalogue', '--json'], check=True, text=True,
                                 stdout=subprocess.PIPE, timeout=60).stdout)['catalogue']
NETWORK = 'the errors of the network'

# ---- headers ----


def words_of(comment):
    """The text of a comment on one line, without the stars."""
    stars = re.compile(r'^\s*/?\*+/?|\*/\s*$')
    return ' '.join(stars.sub('', line).strip() for line in comment.splitlines())


def comments(header):
    """The texts by the functions that are declared under each; 'head' is the header's own."""
    found = {}
    parts = re.split(r'(/\*.*?\*/)', header, flags=re.S)
    for comment, code in zip(parts[1::2], parts[2::2]):
        if 'head' not in found and 'SPDX' not in comment:
            found['head'] = words_of(comment)
        for function in re.findall(r'\b(vet_\w+)\(', code):
            found.setdefault(function, words_of(comment))
    return found


def without_asides(text):
    while True:
        shorter = re.sub(r'\([^()]*\)', '', text)
        if shorter == text:
            return text
        text = shorter


def network_errors(head):
    sentence = re.search(r'The errors of the network are (.*?):', head)
    return set(re.findall(r'-(E[A-Z0-9]+)', sentence.group(1))) if sentence else set()


def lists(text, network):
    """'From call(2), of this: -EA (why), -EB.' gives {'call': {'EA', 'EB'}}."""
    found = {}
    for call, rest in re.findall(r'[Ff]rom (\w+)\([237]\)(.*?)(?=[Ff]rom \w+\([237]\)|$)', text):
        listed = re.match(r'[^:.]*:(.*?)\.(?= |$)', without_asides(rest))
        if listed is None:
            continue
        names = set(re.findall(r'-(E[A-Z0-9]+)', listed.group(1)))
        found[call] = names | (network if NETWORK in listed.group(1) else set())
    return found

# ---- the catalogue ----


def rows(call, handling='passes on', kinds=None, phases=None, needs_not=(), value=False):
    """Those of a call that give an error (value: as the value of an option) and are handled so."""
    return [row for row in ROWS
            if row['call'] == call and row['handling'] == handling and 'error' in row and
            row['result'].startswith('value:') == value and
            (kinds is None or set(kinds) & set(row['kinds'])) and
            (phases is None or set(phases) & set(row['phases'])) and
            not set(needs_not) & set(row['needs'])]


def getters(chosen):
    """vetsock's getters say ENOPROTOOPT where Linux says EOPNOTSUPP (option.h)."""
    renamed = {'EOPNOTSUPP': 'ENOPROTOOPT'}
    return [dict(row, error=renamed.get(row['error'], row['error'])) for row in chosen]


ATTEMPT = ('connecting', 'failed')
MESSAGES = ('datagram', 'raw')
STREAM = ('stream',)

# (header, function, the call as the header names it): the rows.
CLAIMS = {
    ('socket.h', 'head', 'poll'): rows('poll'),
    ('socket.h', 'head', 'clock_gettime'): rows('now'),
    ('socket.h', 'vet_socket_now', 'clock_gettime'): rows('now'),
    ('socket.h', 'vet_socket_stream', 'socket'): rows('socket'),
    ('socket.h', 'vet_socket_adopt', 'getsockname'): rows('getsockname'),
    ('socket.h', 'vet_socket_adopt', 'getsockopt'): getters(rows('getsockopt', needs_not=['so-error'])),
    ('socket.h', 'vet_socket_try_clone', 'fcntl'): rows('dup'),
    ('socket.h', 'vet_socket_close', 'close'): rows('close'),
    ('socket.h', 'vet_socket_bind', 'bind'): rows('bind'),
    ('socket.h', 'vet_socket_listen', 'listen'): rows('listen'),
    ('socket.h', 'vet_socket_accept', 'accept'): rows('accept'),
    ('socket.h', 'vet_socket_connect', 'connect'):
        rows('connect') + rows('connect', 'retries') +
        rows('getsockopt', kinds=STREAM, phases=ATTEMPT, value=True),
    ('socket.h', 'vet_socket_connect', 'getpeername'): rows('getpeername', phases=['connecting']),
    ('socket.h', 'vet_socket_connect', 'getsockopt'): rows('getsockopt', needs_not=['option']),
    ('socket.h', 'vet_socket_local_address', 'getsockname'): rows('getsockname'),
    ('socket.h', 'vet_socket_peer_address', 'getpeername'): rows('getpeername'),
    ('socket.h', 'vet_socket_shutdown', 'shutdown'): rows('shutdown'),
    ('socket.h', 'vet_socket_read', 'recv'):
        rows('recv') + rows('recvfrom', kinds=MESSAGES),
    ('socket.h', 'vet_socket_write', 'send'): rows('send'),
    ('socket.h', 'vet_socket_send_to', 'sendto'):
        [row for row in rows('sendto') if row['error'] not in {r['error'] for r in rows('send')}],
    ('socket.h', 'vet_socket_send_file', 'pread'): rows('pread'),
    ('option.h', 'head', 'setsockopt'): rows('setsockopt'),
    ('option.h', 'head', 'getsockopt'): getters(rows('getsockopt', needs_not=['so-error'])),
}

# "Errors as vet_socket_write()": the same calls by another name.
SAME = [
    ('vet_socket_receive_from', 'vet_socket_read', rows('recvfrom'), rows('recv')),
    ('vet_socket_print', 'vet_socket_write', rows('sendv'), rows('send')),
    ('vet_socket_send_file', 'vet_socket_write', rows('sendfile'), rows('send', kinds=STREAM)),
    ('vet_socket_write_some', 'vet_socket_write', [], []),
    ('vet_socket_send_to', 'vet_socket_write',
     [row for row in rows('sendto') if row['error'] != 'EISCONN'], rows('send')),
]

# Lists of what does not reach the caller, without the sign: (function, where it stands, the rows).
QUIET = [
    ('vet_socket_accept', r'passed over: (.*?)\(', rows('accept', 'passes over')),
    ('vet_socket_send_file', r'sendfile says (.*?)\)', rows('sendfile', 'falls back')),
]

# What is passed on and stands in no list, with the reason.
ELSEWHERE = {
    'realloc': 'the comment says -ENOMEM of each operation that fills a buffer',
    'interface_index': 'address.h: what the table says',
    'getsockopt': 'SO_ERROR of what is connected is a value: vet_socket_error() gives any',
}


def errors(chosen):
    return {row['error'] for row in chosen}


def complaints(headers, claims):
    """What is in the headers alone, or in the catalogue alone."""
    texts = {name: comments(header) for name, header in headers.items()}
    network = network_errors(texts['socket.h']['head'])
    said = {(name, function, call): names
            for name, functions in texts.items() for function, text in functions.items()
            for call, names in lists(text, network).items()}
    first = {}  # functions under one comment share its lists
    for (name, function, call), names in said.items():
        first.setdefault((name, texts[name][function], call), (name, function, call))
    for place in first.values():
        if place not in claims:
            yield f'{place}: a list that this test does not know'
    for place, chosen in claims.items():
        names, known = said.get(place, set()), errors(chosen)
        for error in sorted(names - known):
            yield f'{place}: the header has {error}, the catalogue does not'
        for error in sorted(known - names):
            yield f'{place}: the catalogue has {error}, the header does not'


class Manual(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.texts = comments(HEADERS['socket.h'])

    def test_the_lists_of_the_headers_are_the_rows_of_the_catalogue(self):
        self.assertEqual(list(complaints(HEADERS, CLAIMS)), [])

    def test_no_claim_is_empty(self):
        for place, chosen in CLAIMS.items():
            self.assertNotEqual(errors(chosen), set(), place)

    def test_the_errors_of_the_network_are_those_that_accept_passes_over(self):
        network = network_errors(self.texts['head'])
        self.assertEqual(network | {'ECONNABORTED'}, errors(rows('accept', 'passes over')))

    def test_what_refers_to_another_operation_has_the_same_errors(self):
        for function, other, mine, its in SAME:
            with self.subTest(function=function):
                self.assertRegex(self.texts[function], rf'(Errors|thers) as {other}\(\)')
                self.assertEqual(errors(mine), errors(its))

    def test_what_is_passed_over_or_falls_back_is_said(self):
        for function, where, chosen in QUIET:
            with self.subTest(function=function):
                said = re.search(where, self.texts[function]).group(1)
                self.assertEqual(set(re.findall(r'\bE[A-Z]+', said)), errors(chosen))
                self.assertNotEqual(errors(chosen), set())

    def test_every_error_that_is_passed_on_stands_somewhere(self):
        listed = [row for chosen in CLAIMS.values() for row in chosen]
        listed += [row for same in SAME for row in same[2]]
        listed = [(row['call'], row['clause'], row['result']) for row in listed]
        away = [row for row in ROWS if row['handling'] == 'passes on' and 'error' in row and
                (row['call'], row['clause'], row['result']) not in listed]
        self.assertEqual({row['call'] for row in away}, set(ELSEWHERE))
        for row in away:
            if row['call'] == 'getsockopt':
                self.assertTrue(row['result'].startswith('value:'), row)

    def test_what_fills_a_buffer_says_enomem(self):
        self.assertEqual(errors(rows('realloc')), {'ENOMEM'})
        for function in 'vet_socket_read_into', 'vet_socket_read_all':
            self.assertIn('-ENOMEM', self.texts[function])

    def test_eintr_and_eagain_are_handled_as_the_header_says(self):
        self.assertIn('Only EAGAIN waits, in poll', self.texts['head'])
        self.assertIn('EINTR is retried', self.texts['head'])
        self.assertIn('called again after -EINTR', self.texts['vet_socket_close'])
        eintr = {'close': 'passes on', 'connect': 'asks', 'poll': 'goes on'}
        eagain = {'connect': {'passes on'}, 'pread': {'passes on'}, 'poll': {'goes on', 'passes on'}}
        calls = {'EINTR': set(), 'EAGAIN': set()}
        for row in ROWS:
            if row.get('error') not in calls or row['result'].startswith('value:'):
                continue
            calls[row['error']].add(row['call'])
            if row['error'] == 'EINTR':
                self.assertEqual(row['handling'], eintr.get(row['call'], 'retries'), row)
            else:
                self.assertIn(row['handling'], eagain.get(row['call'], {'waits'}), row)
        moving = {'recv', 'recvfrom', 'send', 'sendto', 'sendv', 'sendfile', 'pread', 'accept', 'poll',
                  'connect'}
        self.assertEqual(calls, {'EINTR': moving | {'close'}, 'EAGAIN': moving})


class Checker(unittest.TestCase):
    """That the checker notices."""

    def test_a_row_that_is_missing_is_noticed(self):
        for place, chosen in CLAIMS.items():
            for error in errors(chosen):
                fewer = dict(CLAIMS)
                fewer[place] = [row for row in chosen if row['error'] != error]
                found = list(complaints(HEADERS, fewer))
                self.assertEqual(found, [f'{place}: the header has {error}, the catalogue does not'])

    def test_a_name_that_is_missing_is_noticed(self):
        tried = 0
        for name, header in HEADERS.items():
            for match in re.finditer(r'-(E[A-Z]+)\b', header):
                changed = header[:match.start()] + header[match.end():]
                inside = re.search(r'[Ff]rom \w+\(2\)(?:(?!\*/)[^:])*:[^.]*$', header[:match.start()])
                if inside is None or '*/' in inside.group(0):
                    continue
                if header[:match.start()].rfind('(') > header[:match.start()].rfind(')'):
                    continue  # an aside
                tried += 1
                found = list(complaints(dict(HEADERS, **{name: changed}), CLAIMS))
                self.assertTrue(any(match.group(1) in line for line in found),
                                (name, match.group(1), inside.group(0), found))
        self.assertGreater(tried, 100)

    def test_a_list_that_nobody_knows_is_noticed(self):
        changed = HEADERS['socket.h'].replace('Closes, once:', 'From recv(2): -EXDEV.  Closes, once:')
        found = list(complaints(dict(HEADERS, **{'socket.h': changed}), CLAIMS))
        self.assertEqual(len(found), 1, found)
        self.assertIn("'vet_socket_close', 'recv'", found[0])

    def test_asides_are_no_names(self):
        text = 'From recv(2): -EA (as (b) -EB. Yes), -EC (d).  -ED: else.'
        self.assertEqual(lists(text, set()), {'recv': {'EA', 'EC'}})
        text = 'From a(2), of that: -EA, the errors of the network.  From b(3): -EB.'
        self.assertEqual(lists(text, {'EN'}), {'a': {'EA', 'EN'}, 'b': {'EB'}})


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1])
