#!/usr/bin/env python3
# SPDX-License-Identifier: 0BSD
"""Makes timeline_page.c of timeline.html: timeline_page.py [--check].

The page is strings of C, none longer than a compiler must take (C11 5.2.4.1: 4,095 characters), and its
Content-Security-Policy names its one script and its one style by their hashes, so that nothing else in it
can ever run.  --check: only says whether timeline_page.c is what would be made.
"""
import base64
import hashlib
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).parent
LONGEST = 4000
TOP = """/* SPDX-License-Identifier: 0BSD */
/* timeline.html, as timeline_page.py makes it: change that, and run it again. */
#include "timeline.h"

const char *const vetsim_timeline_page[] = {
"""


def hash_of(element, page):
    body = re.search(rf"<{element}>(.*?)</{element}>", page, re.S).group(1)
    return "'sha256-" + base64.b64encode(hashlib.sha256(body.encode()).digest()).decode() + "'"


def literal(line):
    line = line.replace("\\", "\\\\").replace('"', '\\"').replace("??", "?\\?")
    return '"' + line.replace("\n", "\\n").replace("\t", "\\t") + '"'


def strings(page):
    """Lists of lines that are one string each; a marker is alone."""
    chunk, size = [], 0
    for part in re.split(r"(@(?:TITLE|HEAD|DATA)@)", page):
        if part.startswith("@"):
            yield chunk
            yield [part]
            chunk, size = [], 0
            continue
        for line in part.splitlines(keepends=True):
            if size + len(line) > LONGEST:
                yield chunk
                chunk, size = [], 0
            chunk.append(line)
            size += len(line.encode())
    yield chunk


def main():
    page = (HERE / "timeline.html").read_text()
    assert page.isascii(), "the page is ASCII"
    page = page.replace("@SCRIPT@", hash_of("script", page)).replace("@STYLE@", hash_of("style", page))
    page = re.sub(r"<!-- SPDX.*?-->\n", "", page)
    text = TOP
    for chunk in strings(page):
        if chunk:
            text += "\t" + "\n\t".join(literal(line) for line in chunk) + ",\n"
    text += "\tNULL,\n};\n"
    made = HERE / "timeline_page.c"
    if sys.argv[1:] == ["--check"]:
        if made.read_text() != text:
            sys.exit("timeline_page.c is not what timeline_page.py makes of timeline.html")
    else:
        made.write_text(text)


if __name__ == "__main__":
    main()
