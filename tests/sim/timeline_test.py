# SPDX-License-Identifier: 0BSD
"""The page of a time line: its data are the run's events, it is small enough, asks for nothing, and lets no
text of a user out of its place; and in a browser, where one is there, it is drawn.

Usage: timeline_test.py CAPTURE_WRITE SOURCE_ROOT
The browser: chromium (Debian's); without it, that part is skipped.
"""
import base64
import functools
import html.parser
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest
import zlib

CAPTURE_WRITE, ROOT = map(os.path.abspath, sys.argv[1:3])
MOST = 5000000
EVENTS = 200000
BROWSER = next(filter(None, map(shutil.which, ('chromium', 'chromium-browser', 'google-chrome'))), None)
directory = tempfile.TemporaryDirectory(prefix='vetsock-timeline-')
subprocess.run([CAPTURE_WRITE, directory.name, 'large'], check=True, timeout=200)
NAMES = ['tcp4', 'udp6', 'reset', 'loopback4', 'echo4', 'datagrams6', 'some', 'odd']
KINDS = ['pause', 'sent', 'lost', 'doubled', 'arrived', 'dropped', 'call', 'begins', 'waits', 'goes on', 'ends',
         'crashes', 'restarts', 'link', 'jump', 'mark', 'failure']
FIN, SYN, TCP = 1, 2, 6


def path_of(name, suffix='html'):
    return f'{directory.name}/{name}.{suffix}'


class Page(html.parser.HTMLParser):
    """What a browser finds: elements, attributes, and the texts of some."""

    def __init__(self, name):
        super().__init__()
        with open(path_of(name), 'rb') as file:
            self.bytes = file.read()
        self.text = self.bytes.decode()  # it is UTF-8
        self.tags, self.attributes, self.texts, self.inside = [], [], {}, None
        self.feed(self.text)
        self.close()
        self.head = json.loads(self.texts['head'])
        self.data = base64.b64decode(self.texts['data'], validate=True)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, *pair) for pair in attrs]
        self.inside = dict(attrs).get('id', tag)

    def handle_endtag(self, tag):
        self.inside = None

    def handle_data(self, data):
        if self.inside is not None:
            self.texts[self.inside] = self.texts.get(self.inside, '') + data


class Reader:
    """The events of a page, as timeline.h tells the format: as dictionaries."""

    def __init__(self, page):
        self.head, self.data, self.at, self.flows = page.head, page.data, 0, []
        self.last = {'number': 0, 'arrived': 0}

    def byte(self):
        self.at += 1
        return self.data[self.at - 1]

    def unsigned(self):
        value, shift = 0, 0
        while True:
            byte = self.byte()
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    def signed(self):
        value = self.unsigned()
        return value >> 1 if value & 1 == 0 else -(value + 1) >> 1

    def host(self):
        index = self.unsigned()
        return None if index == 0 else self.head['hosts'][index - 1][0]

    def text(self):
        return self.head['texts'][self.unsigned()]

    def flow(self):
        index = self.unsigned()
        if index == len(self.flows):
            ends = [self.host(), self.host(), self.unsigned()]
            names = [[self.head['ips'][self.unsigned()], self.unsigned()] for _ in range(2)]
            self.flows.append({'ends': ends + names, 'sequence': 0, 'acknowledgement': 0, 'window': 0})
        return self.flows[index]

    def sent(self, event):
        event['number'] = self.last['number'] = self.last['number'] + self.signed()
        flow = self.flow()
        flags = self.byte()
        event.update(ends=flow['ends'], flags=flags & 31, keepalive=flags >> 6 & 1)
        event['attempt'] = self.unsigned() if flags & 32 else 0
        event['size'] = self.unsigned()
        if flow['ends'][2] == TCP:
            for name in 'sequence', 'acknowledgement', 'window':
                event[name] = flow[name] = (flow[name] + self.signed()) % 2**32
            flow['sequence'] += event['size'] + (flags & (SYN | FIN) != 0)

    def details(self, event, kind):
        if kind in (1, 2, 3):
            self.sent(event)
        elif kind in (4, 5):
            event['number'] = self.last['arrived'] = self.last['arrived'] + self.signed()
            event['ends'] = self.flow()['ends']
        elif kind == 6:
            event['entry'], event['fd'] = self.head['entries'][self.byte()], self.signed()
            result = self.unsigned() - 1
            event['result'] = result if result >= 0 else self.text()
        elif kind in (11, 12):
            event['host'] = self.host()
        elif kind == 13:
            event['host'], event['other'], event['link'] = self.host(), self.host(), self.text()
        elif kind == 14:
            event['host'], event['ahead'] = self.host(), self.signed()
        elif kind in (15, 16):
            event['name'] = self.text()

    def events(self):
        time = self.head['start'][0] * 10**9 + self.head['start'][1]
        step, actor, events = self.head['step'], 0, []
        while self.at < len(self.data):
            first = self.byte()
            if first & 31 == 0:
                time += self.unsigned() * 10**9
                first = self.byte()
            time += 0 if first & 128 else self.unsigned()
            step += 0 if first & 64 else self.unsigned()
            actor = actor if first & 32 else self.unsigned()
            event = {'kind': KINDS[first & 31], 'time': time, 'step': step, 'actor': None}
            if actor > 0:
                text, _, number, _ = self.head['actors'][actor - 1]
                event['actor'] = [number, self.head['texts'][text]]
            self.details(event, first & 31)
            events.append(event)
        return events


def text_of(line, key):
    """A text as the page is to have it: a byte that is no UTF-8 is U+FFFD."""
    return bytes.fromhex(line[key]).decode(errors='replace') if key in line else None


def expected(line):
    """An event of the log, as a page has it."""
    is_packet = line['kind'] == 'packet'
    event = {'kind': line['fate'] if is_packet else line['kind'], 'time': line['time'], 'step': line['step'],
             'actor': [line['actor'], text_of(line, 'actor_name')]}
    if is_packet:
        event['number'] = line['number']
        event['ends'] = [text_of(line, 'from'), text_of(line, 'to'), line['protocol'], line['source'],
                         line['destination']]
        if line['fate'] in ('sent', 'lost', 'doubled'):
            event.update((key, line[key]) for key in ('flags', 'attempt', 'size', 'keepalive'))
            if line['protocol'] == TCP:
                event.update((key, line[key]) for key in ('sequence', 'acknowledgement', 'window'))
    elif event['kind'] == 'call':
        result = line['result'] if line['result'] >= 0 else {-11: 'EAGAIN', -115: 'EINPROGRESS'}[line['result']]
        event.update(entry=line['entry'], fd=line['fd'], result=result)
    elif event['kind'] in ('crashes', 'restarts'):
        event['host'] = text_of(line, 'host')
    elif event['kind'] == 'link':
        event.update(host=text_of(line, 'host'), other=text_of(line, 'other'))
    elif event['kind'] == 'jump':
        event.update(host=text_of(line, 'host'), ahead=0)
    elif event['kind'] in ('mark', 'failure'):
        event['name'] = text_of(line, 'name')
    return event


@functools.lru_cache(maxsize=None)
def log_of(name):
    with open(path_of(name, 'jsonl')) as lines:
        return [expected(json.loads(line)) for line in lines]


@functools.lru_cache(maxsize=None)
def page_of(name):
    return Page(name)


@functools.lru_cache(maxsize=None)
def events_of(name):
    events = Reader(page_of(name)).events()
    links = [event.pop('link') for event in events if event['kind'] == 'link']
    return events, links


class Data(unittest.TestCase):
    def test_the_page_has_the_events_of_the_run(self):
        for name in NAMES:
            events, _ = events_of(name)
            with self.subTest(run=name):
                self.assertEqual(page_of(name).head['events'], len(events))
                self.assertEqual(page_of(name).head['left_out'], 0)
                wanted = log_of(name)
                for event, want in zip(events, wanted):
                    self.assertEqual(event, want)
                self.assertEqual(len(events), len(wanted))

    def test_the_kinds_of_events_are_all_there(self):
        seen = {event['kind'] for name in NAMES for event in events_of(name)[0]}
        self.assertEqual(seen, set(KINDS[1:]))

    def test_links_say_what_they_have_become(self):
        _, links = events_of('some')
        self.assertEqual(links[:2], ['down, latency 100 us, jitter 900 us, loss 5%',
                                     'up, latency 100 us, jitter 900 us, loss 5%'])
        self.assertEqual(events_of('echo4')[1], ['up, latency 20 ms, loss 5%'])

    def test_a_fifth_of_a_million_events_fit_in_five_megabytes_and_are_the_last(self):
        page, wanted = page_of('long'), log_of('long')
        events, _ = events_of('long')
        self.assertEqual(len(events), EVENTS)
        self.assertEqual(page.head['left_out'], len(wanted) - EVENTS)
        for event, want in zip(events, wanted[-EVENTS:]):
            self.assertEqual(event, want)
        self.assertLess(len(page.bytes), MOST)

    def test_a_page_is_never_larger_whatever_the_events(self):
        page, wanted = page_of('strangers'), log_of('strangers')
        events, _ = events_of('strangers')
        self.assertLessEqual(len(page.bytes), MOST)
        self.assertGreater(len(page.bytes), MOST / 2)
        self.assertGreater(page.head['left_out'], 0)
        self.assertEqual(page.head['left_out'] + len(events), len(wanted))
        self.assertEqual(events, wanted[-len(events):])

    def test_states_before_the_first_event_are_what_came_of_those_left_out(self):
        for name in 'long', 'strangers':
            page, states, down = page_of(name), {}, set()
            for event in log_of(name)[:page.head['left_out']]:
                key = tuple(event['actor'])
                if event['kind'] in ('begins', 'goes on', 'waits', 'ends'):
                    states[key] = {'begins': 1, 'goes on': 1, 'waits': 2, 'ends': 0}[event['kind']]
                if event['kind'] in ('crashes', 'restarts'):
                    (down.add if event['kind'] == 'crashes' else down.discard)(event['host'])
            with self.subTest(run=name):
                self.assertEqual({(actor[2], page.head['texts'][actor[0]]): actor[3] for actor in page.head['actors']},
                                 states)
                self.assertEqual({host[0] for host in page.head['hosts'] if host[2]}, down)
                self.assertEqual(set(states.values()), {1, 2})

    def test_the_same_run_gives_the_same_page(self):
        with tempfile.TemporaryDirectory(prefix='vetsock-timeline-') as again:
            subprocess.run([CAPTURE_WRITE, again], check=True, timeout=200)
            for name in 'echo4', 'odd', 'some':
                for suffix in 'html', 'pcapng':
                    with open(f'{again}/{name}.{suffix}', 'rb') as file, open(path_of(name, suffix), 'rb') as first:
                        self.assertEqual(file.read(), first.read())


class Closed(unittest.TestCase):
    """Nothing is fetched, nothing of a user's is taken for more than text."""

    def test_there_is_no_address_in_it(self):
        for name in NAMES:
            page = page_of(name)
            source = page.text.replace(page.texts['data'], '')
            if name == 'odd':
                source = source.replace(page.texts['head'], '')
            self.assertIsNone(re.search(r'//[\w-]+\.\w|https?:|ftp:|url\(|@import|\bimport\b|fetch\(|XMLHttp|WebSocket|'
                                        r'sendBeacon|EventSource|\beval\(|innerHTML|document\.write', source), name)
            for tag, key, _ in page.attributes:
                self.assertNotIn(key, ('src', 'href', 'srcset', 'action', 'data', 'style', 'background'), tag)
                self.assertFalse(key.startswith('on'), (tag, key))

    def test_the_policy_allows_its_own_script_alone(self):
        for name in NAMES:
            page = page_of(name)
            policy = [value for tag, key, value in page.attributes if tag == 'meta' and key == 'content'][0]
            self.assertRegex(policy, r"^default-src 'none'; script-src 'sha256-[\w+/=]+'; "
                                     r"style-src 'sha256-[\w+/=]+'; base-uri 'none'; form-action 'none'$")

    def test_odd_names_stay_texts(self):
        odd, plain = page_of('odd'), page_of('some')
        self.assertEqual(odd.tags, plain.tags)  # not one element more
        self.assertEqual(odd.head['title'], '</title><script>alert(5)</script> & "odd" \xe9\ufffd')
        self.assertEqual(odd.texts['title'], odd.head['title'])
        names = [host[0] for host in odd.head['hosts']]
        self.assertIn('</script><script>alert(1)', names)
        self.assertIn('caf\xe9 \ufffd\ufffd', names)
        self.assertIn('\x01\x02\t\n\r\x7f', names)
        block = odd.texts['head']
        self.assertNotRegex(block, r"[<>&'\x00-\x09\x0b-\x1f\x7f\u2028\u2029]")

    def test_the_page_in_c_is_the_page(self):
        subprocess.run([sys.executable, f'{ROOT}/shim/sim/timeline_page.py', '--check'], check=True)


def pixels_of(path):
    """A PNG of 8-bit RGB or RGBA, as rows of bytes (RFC 2083)."""
    with open(path, 'rb') as file:
        data = file.read()
    at, idat = 8, b''
    while at < len(data):
        size, kind = struct.unpack('>I4s', data[at:at + 8])
        body = data[at + 8:at + 8 + size]
        if kind == b'IHDR':
            width, height, depth, colour, _, _, interlace = struct.unpack('>IIBBBBB', body)
        idat += body if kind == b'IDAT' else b''
        at += 12 + size
    assert depth == 8 and colour in (2, 6) and interlace == 0
    bpp = 3 if colour == 2 else 4
    raw, stride, rows, before = zlib.decompress(idat), width * bpp, [], bytearray(width * bpp)
    for y in range(height):
        start = y * (stride + 1)
        rows.append(unfilter(raw[start], bytearray(raw[start + 1:start + 1 + stride]), before, bpp))
        before = rows[-1]
    return width, height, bpp, rows


def unfilter(kind, row, before, bpp):
    for i in range(len(row) if kind else 0):
        a, b = row[i - bpp] if i >= bpp else 0, before[i]
        c = before[i - bpp] if i >= bpp else 0
        if kind == 4:
            p, q, r = abs(b - c), abs(a - c), abs(a + b - 2 * c)
            guess = a if p <= q and p <= r else b if q <= r else c
        else:
            guess = (0, a, b, (a + b) // 2)[kind]
        row[i] = (row[i] + guess) & 255
    return row


class Picture:
    def __init__(self, path):
        self.width, self.height, self.bpp, self.rows = pixels_of(path)

    def count(self, colour, box, near=12):
        """Pixels of about a colour in a box."""
        wanted = bytes.fromhex(colour)
        left, top, right, bottom = box
        return sum(1 for y in range(top, bottom) for x in range(left, right)
                   if all(abs(self.rows[y][x * self.bpp + i] - wanted[i]) <= near for i in range(3)))


@unittest.skipIf(BROWSER is None, 'there is no chromium')
class Drawn(unittest.TestCase):
    WIDTH, HEIGHT = 1200, 800
    PLOT = (170, 140, 810, 790)   # right of the names, left of the panel
    OVER = (170, 45, 810, 105)
    PANEL = (830, 60, 1195, 790)
    DATA, BAD, RUN, MARK, DATAGRAM = '0072b2', 'd55e00', '009e73', 'f0d000', 'b0588c'

    def browse(self, name, address='', *arguments):
        with tempfile.TemporaryDirectory(prefix='vetsock-browser-') as home:
            result = subprocess.run(
                [BROWSER, '--headless=new', '--no-sandbox', '--disable-gpu', '--hide-scrollbars', '--no-first-run',
                 f'--user-data-dir={home}/data', '--enable-logging=stderr', '--v=0',
                 '--force-device-scale-factor=1', f'--window-size={self.WIDTH},{self.HEIGHT}',
                 '--virtual-time-budget=5000', *arguments, f'file://{path_of(name)}{address}'],
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=100, cwd=home, env=dict(os.environ, HOME=home))
        said = result.stderr.decode(errors='replace')
        self.assertEqual(re.findall(r'.*CONSOLE.*', said), [])
        return result.stdout.decode()

    def picture(self, name, address='#theme=light'):
        path = path_of(name, 'png')
        if os.path.exists(path):
            os.unlink(path)
        self.browse(name, address, f'--screenshot={path}')
        return Picture(path)

    def dom(self, name, address=''):
        return self.browse(name, address, '--dump-dom')

    def test_a_run_is_drawn_in_its_colours(self):
        picture = self.picture('some')
        for colour, least in ((self.DATA, 500), (self.BAD, 100), (self.RUN, 2000), (self.MARK, 100),
                              (self.DATAGRAM, 200)):
            self.assertGreater(picture.count(colour, self.PLOT), least, colour)
        self.assertGreater(picture.count(self.DATA, self.OVER), 100)
        for colour in self.DATA, self.RUN, self.MARK:  # the legend
            self.assertGreater(picture.count(colour, self.PANEL), 5)

    def test_a_run_without_loss_or_faults_has_none_of_their_colour(self):
        self.assertEqual(self.picture('tcp4_arrived', '#theme=light&from=800000000&to=1500000000')
                         .count(self.BAD, self.PLOT), 0)

    def test_a_fifth_of_a_million_events_are_drawn(self):
        picture = self.picture('long')
        for colour in self.DATA, self.RUN, self.BAD:
            self.assertGreater(picture.count(colour, self.PLOT), 1000, colour)
        self.assertIn(f'data-ready="{EVENTS}"', self.dom('long'))

    def test_the_title_is_the_run_and_what_is_left_out_is_said(self):
        self.assertIn('<title>vetsock sim --seed 7 --hosts 8 everything</title>', self.dom('some'))
        left_out = f'{page_of("long").head["left_out"]:,}'
        self.assertRegex(self.dom('long'), rf'<span id="left_out">the last 200,000 events: {left_out} before')

    def test_odd_names_are_shown_and_nothing_runs(self):
        dom = self.dom('odd', '#event=1')
        self.assertIn('&lt;/title&gt;&lt;script&gt;alert(5)', dom)
        self.assertIn('data-ready', dom)
        self.assertNotIn('<img', dom.split('<script type')[0])

    def test_a_filter_finds_what_it_says(self):
        lost = sum(1 for event in log_of('some') if event['kind'] == 'lost')
        self.assertIn(f'role="status">{lost} found<', self.dom('some', '#filter=kind:lost'))
        middle = sum(1 for event in log_of('some') if event['kind'] == 'lost' and 'middle' in event['ends'][:2])
        self.assertGreater(middle, 0)
        self.assertIn(f'role="status">{middle} found<', self.dom('some', '#filter=kind:lost%20host:middle'))
        self.assertIn('role="status">0 found<', self.dom('some', '#filter=nothing-like-it'))

    def test_a_chosen_event_is_told_in_full(self):
        events = log_of('some')
        index, event = next((index, event) for index, event in enumerate(events) if event['kind'] == 'lost')
        dom = self.dom('some', f'#event={index}')
        (address, port), (peer, peer_port) = event['ends'][3:]
        self.assertIn(f'<dd>{event["ends"][0]} {address}:{port}</dd>', dom)
        self.assertIn(f'<dd>{event["ends"][1]} {peer}:{peer_port}</dd>', dom)
        self.assertIn(f'number {event["number"]:,}', dom)


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1], verbosity=2)
