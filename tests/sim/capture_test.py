# SPDX-License-Identifier: 0BSD
"""Runs of the simulator as pcapng, read by tshark: no packet is malformed, no checksum wrong, every
header as the event was, items of analysis only for what happened, and each stream followed has its bytes.

Usage: capture_test.py CAPTURE_WRITE
Needs tshark (Debian's); without it, it is skipped.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

CAPTURE_WRITE = os.path.abspath(sys.argv[1])
EPOCH = 946684800  # 2000-01-01 00:00:00 UTC
CHECKS = ['-o', 'tcp.check_checksum:TRUE', '-o', 'ip.check_checksum:TRUE', '-o', 'udp.check_checksum:TRUE']
FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16
# Groups of wireshark's expert items (epan/proto.h): what a right packet has none of.
WRONG = {0x01000000: 'checksum', 0x05000000: 'undecoded', 0x06000000: 'reassembly', 0x07000000: 'malformed',
         0x09000000: 'protocol'}
ANALYSIS = ['retransmission', 'fast_retransmission', 'spurious_retransmission', 'out_of_order', 'lost_segment',
            'ack_lost_segment', 'duplicate_ack', 'keep_alive', 'keep_alive_ack', 'zero_window',
            'zero_window_probe', 'zero_window_probe_ack', 'window_full', 'window_update', 'reused_ports']
AGAIN = {'retransmission', 'fast_retransmission', 'spurious_retransmission', 'out_of_order'}
FIELDS = ['frame.number', 'frame.time_epoch', 'frame.interface_name', 'frame.comment', 'eth.src', 'eth.dst',
          'ip.src', 'ipv6.src', 'ip.ttl', 'ip.len', 'tcp.srcport', 'tcp.dstport', 'tcp.seq_raw', 'tcp.ack_raw',
          'tcp.flags', 'tcp.window_size', 'tcp.payload', 'tcp.options.mss_val', 'tcp.stream', 'udp.srcport',
          'udp.dstport', 'udp.payload', 'icmp.type', 'icmp.code', 'icmpv6.type', 'icmpv6.code', 'udp.checksum',
          '_ws.expert.group', '_ws.expert.message', '_ws.malformed'] + ['tcp.analysis.' + name for name in ANALYSIS]
NAMES = ['tcp4', 'tcp6', 'tcp4_arrived', 'reset', 'udp4', 'udp6', 'udp4_arrived', 'loopback4', 'loopback6', 'echo4',
         'echo6', 'echo4_arrived', 'datagrams4', 'datagrams6', 'datagrams4_arrived']

if shutil.which('tshark') is None:
    print('there is no tshark')
    sys.exit(77)
directory = tempfile.TemporaryDirectory(prefix='vetsock-capture-')
subprocess.run([CAPTURE_WRITE, directory.name], check=True, timeout=100)
# Nothing of the person's own settings, and none written.
os.environ.update(HOME=directory.name, XDG_CONFIG_HOME=directory.name, LC_ALL='C.UTF-8', TZ='UTC')


def tshark(name, *arguments):
    result = subprocess.run(['tshark', '-n', *CHECKS, '-r', f'{directory.name}/{name}.pcapng', *arguments],
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=100, check=True)
    return result.stdout


def text_of(value):
    return bytes.fromhex(value).decode(errors='replace')


class Run:
    """The events of a run, and what tshark says of each frame."""

    def __init__(self, name):
        self.is_arrived = name.endswith('_arrived')
        with open(f'{directory.name}/{name}.jsonl') as lines:
            self.events = [json.loads(line) for line in lines]
        self.of_frame = [event for event in self.events for _ in range(event['frames'])]
        separator = '\x1f'
        lines = tshark(name, '-T', 'fields', '-E', f'separator={separator}', '-E', 'aggregator=|',
                       *[word for field in FIELDS for word in ('-e', field)]).splitlines()
        self.frames = [dict(zip(FIELDS, line.split(separator))) for line in lines]

    def packets(self, *fates):
        return [event for event in self.events if event['kind'] == 'packet' and event['fate'] in fates]


runs = {}


def run_of(name):
    if name not in runs:
        runs[name] = Run(name)
    return runs[name]


def first(value):
    return value.split('|')[0]


def analysis_of(frame):
    return {name for name in ANALYSIS if frame['tcp.analysis.' + name]}


class Allowed:
    """What may be said of a frame, by what is known of the run up to it."""

    def __init__(self):
        self.edge, self.ack, self.window, self.probed, self.begun = {}, {}, {}, {}, {}

    def of(self, event):
        here, there = tuple(event['source']), tuple(event['destination'])
        names = set()
        is_bare = event['size'] == 0 and not event['flags'] & (SYN | FIN | RST)
        if event['attempt'] > 0 or event['fate'] == 'doubled':
            names |= AGAIN
        if event['keepalive']:
            names |= {'keep_alive', 'zero_window_probe'}
        if is_bare and self.probed.get(there):
            names |= {'keep_alive_ack', 'zero_window_probe_ack'}
        if event['window'] == 0:
            names.add('zero_window')
        if is_bare and event['acknowledgement'] in self.ack.get(here, ()):
            names.add('duplicate_ack')
        if is_bare and event['window'] != self.window.get(here):
            names.add('window_update')
        if (event['sequence'] + event['size']) % 2**32 in self.edge.get(there, ()):
            names.add('window_full')
        before = self.begun.get((here, there), event['sequence'])
        if event['flags'] & (SYN | ACK) == SYN and before != event['sequence']:
            names.add('reused_ports')
        return names

    def then(self, event):
        here, there = tuple(event['source']), tuple(event['destination'])
        self.probed[here] = event['keepalive']
        self.window[here] = event['window']
        self.ack.setdefault(here, set()).add(event['acknowledgement'])
        # Windows are told rounded up to 512.
        rounded = event['window'] if event['flags'] & SYN else -(-event['window'] // 512) * 512
        self.edge.setdefault(here, set()).add((event['acknowledgement'] + rounded) % 2**32)
        if event['flags'] & (SYN | ACK) == SYN:
            self.begun[here, there] = event['sequence']


class Packets(unittest.TestCase):
    def each(self):
        for name in NAMES:
            with self.subTest(run=name):
                yield run_of(name)

    def test_as_many_frames_as_were_told_and_some(self):
        for run in self.each():
            self.assertEqual(len(run.frames), len(run.of_frame))
            self.assertGreater(len(run.frames), 5)
            wanted = ('arrived', 'dropped') if run.is_arrived else ('sent', 'lost', 'doubled')
            for event in run.packets('sent', 'lost', 'doubled', 'arrived', 'dropped'):
                self.assertEqual(event['frames'] > 0, event['fate'] in wanted)

    def test_nothing_is_malformed_nor_has_a_wrong_checksum(self):
        for run in self.each():
            for frame in run.frames:
                groups = {int(group, 0) for group in frame['_ws.expert.group'].split('|') if group}
                self.assertFalse(groups & WRONG.keys(), frame)
                self.assertEqual(frame['_ws.malformed'], '', frame)

    def test_time_interface_and_addresses_are_the_events(self):
        for run in self.each():
            for frame, event in zip(run.frames, run.of_frame):
                seconds, nanoseconds = frame['frame.time_epoch'].split('.')
                self.assertEqual((int(seconds) - EPOCH) * 10**9 + int(nanoseconds), event['time'])
                self.assertEqual(frame['frame.interface_name'], text_of(event['to' if run.is_arrived else 'from']))
                self.assertIn(event['source'][0], (first(frame['ip.src']), first(frame['ipv6.src'])))
                self.assertTrue(frame['eth.src'].startswith('02:00:00:00:'))
                self.assertEqual(frame['eth.src'] == frame['eth.dst'], event['from'] == event['to'])

    def test_what_is_lost_says_so(self):
        for run in self.each():
            for frame, event in zip(run.frames, run.of_frame):
                comments = frame['frame.comment'].split('|')
                self.assertEqual('lost by the network' in comments, event['fate'] == 'lost')
                self.assertEqual('dropped where it arrived' in comments, event['fate'] == 'dropped')

    def test_marks_and_crashes_are_comments_of_the_next_packet(self):
        at = [frame['frame.comment'] for frame in run_of('tcp4').frames]
        mark = [index for index, comment in enumerate(at) if 'reached: a <mark> & "more"' in comment]
        self.assertEqual(len(mark), 1)
        told = [event['kind'] for event in run_of('tcp4').events if event['frames'] or event['kind'] == 'mark']
        self.assertEqual(told.index('mark'), mark[0])

    def test_tcp_headers_are_the_events(self):
        for run in self.each():
            last = None
            for frame, event in zip(run.frames, run.of_frame):
                if event['protocol'] != 6:
                    continue
                self.assertNotEqual(event, last)  # one frame each
                last = event
                self.assertEqual(int(frame['tcp.srcport']), event['source'][1])
                self.assertEqual(int(frame['tcp.dstport']), event['destination'][1])
                self.assertEqual(int(frame['tcp.flags'], 0), event['flags'])
                self.assertEqual(int(frame['tcp.seq_raw']), event['sequence'])
                self.assertEqual(int(frame['tcp.ack_raw']), event['acknowledgement'])
                if not event['flags'] & (SYN | RST):
                    self.assertIn(int(frame['tcp.window_size']) - event['window'], range(512))
                if event['flags'] & SYN:
                    self.assertEqual(frame['tcp.options.mss_val'] != '', True)
                if event['fate'] in ('sent', 'lost'):
                    self.assertEqual(frame['tcp.payload'], event['bytes'])

    def test_no_segment_is_larger_than_was_announced(self):
        for run in self.each():
            least = min((int(frame['tcp.options.mss_val']) for frame in run.frames if frame['tcp.options.mss_val']),
                        default=65535)
            sizes = [len(frame['tcp.payload']) // 2 for frame in run.frames]
            self.assertLessEqual(max(sizes), least)

    def test_analysis_says_only_what_happened(self):
        seen = set()
        for run in self.each():
            allowed = Allowed()
            for frame, event in zip(run.frames, run.of_frame):
                if event['protocol'] != 6:
                    continue
                said = analysis_of(frame)
                seen |= said
                self.assertLessEqual(said, allowed.of(event), (frame['frame.number'], event['number']))
                allowed.then(event)
                is_long = event['size'] > 0 or event['flags'] & (SYN | FIN)
                if event['attempt'] > 0 and is_long and not run.is_arrived:
                    self.assertTrue(said & AGAIN, frame['frame.number'])
                if event['keepalive']:
                    self.assertTrue(said & {'keep_alive', 'zero_window_probe'}, frame['frame.number'])
        self.assertLessEqual({'retransmission', 'keep_alive', 'keep_alive_ack', 'zero_window', 'reused_ports',
                              'window_update'}, seen)

    def test_at_the_receiver_nothing_is_retransmitted(self):
        for name in 'tcp4_arrived', 'echo4_arrived':
            for frame in run_of(name).frames:
                self.assertFalse(analysis_of(frame) & (AGAIN | {'lost_segment', 'ack_lost_segment'}), frame)


class Datagrams(unittest.TestCase):
    def test_every_datagram_is_put_together_again(self):
        for name in ('udp4', 'udp6', 'udp4_arrived', 'loopback4', 'loopback6', 'datagrams4', 'datagrams6',
                     'datagrams4_arrived'):
            run = run_of(name)
            wanted = ('arrived', 'dropped') if run.is_arrived else ('sent', 'lost', 'doubled')
            # What arrives is told without its bytes, which it was sent with.
            bytes_of = {event['number']: event['bytes'] for event in run.packets('sent', 'lost')}
            sent = [bytes_of[event['number']] for event in run.packets(*wanted) if event['protocol'] == 17]
            seen = [frame['udp.payload'] for frame, event in zip(run.frames, run.of_frame)
                    if event['protocol'] == 17 and frame['udp.srcport']]
            with self.subTest(run=name):
                self.assertEqual(seen, sent)

    def test_a_run_has_what_befalls_datagrams(self):
        for name in 'datagrams4', 'datagrams6':
            fates = [event['fate'] for event in run_of(name).packets('sent', 'lost', 'doubled', 'dropped')]
            for fate in 'sent', 'lost', 'doubled', 'dropped':
                self.assertGreater(fates.count(fate), 0, fate)
            about = [event['fate'] for event in run_of(name).packets('sent', 'arrived') if event['protocol'] == 1]
            self.assertGreater(about.count('sent'), 0)
            self.assertEqual(about.count('arrived'), about.count('sent'))

    def test_what_is_larger_than_the_mtu_is_in_fragments(self):
        for name, header in ('udp4', 28), ('udp6', 48):
            for event in run_of(name).packets('sent', 'lost', 'doubled'):
                if event['protocol'] == 17 and event['size'] != 5001:  # the link has another MTU by then
                    self.assertEqual(event['frames'] > 1, event['size'] + header > 1500, event['size'])

    def test_on_loopback_each_is_one_packet(self):
        for event in run_of('loopback4').packets('sent', 'lost'):
            self.assertEqual(event['frames'], 1)
        self.assertEqual([event['frames'] for event in run_of('loopback6').packets('sent') if event['protocol'] == 17],
                         [1, 2])  # 65,488 bytes fit 65,536 with their headers; 65,527 do not

    def test_port_unreachable_quotes_the_datagram(self):
        for name, field, kind, code in ('udp4', 'icmp', '3', '3'), ('udp6', 'icmpv6', '1', '4'):
            run = run_of(name)
            about = [(frame, event) for frame, event in zip(run.frames, run.of_frame) if event['protocol'] == 1]
            self.assertEqual(len(about), 2)
            for frame, event in about:
                self.assertEqual((frame[field + '.type'], frame[field + '.code']), (kind, code))
                self.assertEqual(first(frame['udp.srcport']), str(event['destination'][1]))
                self.assertEqual(first(frame['udp.dstport']), str(event['source'][1]))
            # The sum that the datagram had: the second one's was in its last fragment, put together.
            sums = [frame['udp.checksum'] for frame, event in zip(run.frames, run.of_frame)
                    if event['size'] in (300, 4000) and frame['udp.srcport']]
            self.assertEqual([frame['udp.checksum'] for frame, event in about], sums)


class Streams(unittest.TestCase):
    def follow(self, name, stream):
        text = tshark(name, '-q', '-z', f'follow,tcp,raw,{stream}')
        sides = {False: '', True: ''}
        for line in text.splitlines():
            data = line.strip()
            if data and all(digit in '0123456789abcdef' for digit in data):
                sides[line.startswith('\t')] += data
        return [sides[False], sides[True]]

    def test_a_stream_followed_gives_the_bytes_that_were_sent(self):
        for name in 'tcp4', 'tcp6', 'tcp4_arrived', 'loopback4', 'loopback6', 'echo4', 'echo6', 'echo4_arrived':
            segments = [event for event in run_of(name).packets('sent', 'lost') if event['protocol'] == 6]
            opener = segments[0]['source']
            sent = [''.join(event['bytes'] for event in segments
                            if (event['source'] == opener) == is_opener and event['attempt'] == 0)
                    for is_opener in (True, False)]
            with self.subTest(run=name):
                self.assertGreater(len(sent[0]), 1000)
                self.assertEqual(self.follow(name, 0), sent)

    def test_the_same_ports_again_are_another_stream(self):
        self.assertEqual(self.follow('reset', 0), ['', ''])
        sent = [event['bytes'] for event in run_of('reset').packets('sent') if event['bytes']]
        self.assertEqual(self.follow('reset', 1), [''.join(sent), ''])


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1], verbosity=2)
