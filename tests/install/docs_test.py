# SPDX-License-Identifier: 0BSD
"""What the pages tell to type is typed, with what is installed alone, and what they show is compared.

docs_test.py SOURCE_ROOT BUILD_ROOT PREFIX LIBDIR FLAGS COMPILER...

Of each page, in one directory: a block that stands under `<!-- file: NAME -->` is written to that
file; with `, instead of FUNCTION` it replaces that function in it.  In a block of `console` a line
that begins with "$ " is given to a shell (`cc` is the compiler of the build), and what is below it is
what must come, on both outputs: a line `...` stands for any lines, figures that depend on the machine
or the catalogue for any figures.  Each plan of a table of plans must be one, and lawful.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

from common import finish
from installed import installation

PAGES = ("README.md", "docs/exploring.md", "docs/faults.md", "docs/fuzzing.md", "docs/options.md")
BLOCK = re.compile(r"(?:^<!-- file: (\S+?)(?:, instead of (\w+))? -->\n+)?^```(\w*)\n(.*?)^```$",
                   re.DOTALL | re.MULTILINE)
# Lines that begin so have figures in them.
FIGURES = re.compile(r"(runs|calls|distinct traces|fault coverage|hash|time) .*")


def mask(text):
    def figures(line):
        if not FIGURES.fullmatch(line):
            return line
        return re.sub(r"\b[0-9a-f]{16}\b|\d+(\.\d+)?", "N", line)
    return "".join(figures(line) + "\n" for line in text.splitlines())


def is_shown(shown, said):
    pattern = "".join(r"(?:.*\n)*" if line == "..." else re.escape(line + "\n")
                      for line in mask(shown).splitlines())
    return re.fullmatch(pattern, mask(said)) is not None


class Session:
    """What is typed into a shell, line after line: `$?` is the status of the line before."""

    def __init__(self, directory, environment):
        self.directory, self.environment, self.status = directory, environment, 0

    def run(self, line):
        ended = subprocess.run(["bash", "-c", f"(exit {self.status})\n{line}"], cwd=self.directory,
                               env=self.environment, stdin=subprocess.DEVNULL, text=True,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=100,
                               check=False)
        self.status = ended.returncode
        return ended.stdout


def type_in(session, block):
    """What is wrong with one block of console, in lines; and how many lines were typed."""
    for command, shown in re.findall(r"^\$ (.*(?:(?<=\\)\n.*)*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE):
        said = session.run(command)
        if session.status > 1:
            yield f"$ {command}\nexits with {session.status}:\n{said}"
        elif not is_shown(shown, said):
            yield f"$ {command}\nsays\n{said}and the page shows\n{shown}"


def write(directory, name, function, text):
    """What is wrong with a block that is a file or a part of one, in lines."""
    path = directory / name
    if not function:
        path.write_text(text)
        return
    old = path.read_text()
    new, count = re.subn(rf"^static [^\n]*\b{function}\(.*?^\}}\n", lambda _: text, old,
                         flags=re.DOTALL | re.MULTILINE)
    path.write_text(new)
    if count != 1 or new == old:
        yield f"{name}: {function}() is there {count} times, or is what it was"


def follow(text, directory, environment):
    """What is wrong with one page, in lines."""
    session, typed = Session(directory, environment), 0
    for name, function, language, block in BLOCK.findall(text):
        if name:
            yield from write(directory, name, function, block)
        elif language == "console":
            typed += 1
            yield from type_in(session, block)
    if typed == 0:
        yield "no block of console: this test is blind"


def plans(page, text, environment):
    """What is wrong with the plans of a page's tables, in lines."""
    for table in re.findall(r"^\| plan \|.*\n\|[-|]+\|\n((?:\|.*\n)+)", text, re.MULTILINE):
        for plan in re.findall(r"^\| `(.*?)` \|", table, re.MULTILINE):
            ended = subprocess.run(["vetsock", "explore", "--scenario", "connect-write-read-close",
                                    "--plan", plan], env=environment, check=False, text=True,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=60)
            if ended.returncode not in (0, 1):
                yield f"{page}: {plan}: {ended.stderr}"


def is_the_example(source_root):
    """The client of the page is the one of the examples."""
    page = pathlib.Path(source_root, "docs/exploring.md").read_text()
    example = pathlib.Path(source_root, "examples/explore_my_client.c").read_text()
    first = next(block for name, function, _, block in BLOCK.findall(page) if name == "my_client.c")
    if first.partition("static ")[2] not in example:
        yield "docs/exploring.md: the client is another one than that of examples/explore_my_client.c"


def compiler_of_the_page(directory, compiler, flags):
    """`cc`, as the build compiles."""
    directory.mkdir()
    cc = directory / "cc"
    cc.write_text(f"#!/bin/sh\nexec {' '.join(compiler)} {flags} \"$@\"\n")
    cc.chmod(0o755)


def main():
    source_root, build_root, prefix, libdir, flags, *compiler = sys.argv[1:]
    failures = list(is_the_example(source_root))
    if not is_shown("a\n...\nruns 12\n", "a\nb\nc\nruns 345\n") or is_shown("a\n", "b\n"):
        failures.append("the comparison does not compare")
    with installation(build_root, prefix, libdir) as (installed, work):
        tools = pathlib.Path(work, "tools")
        compiler_of_the_page(tools, compiler, flags)
        environment = {name: value for name, value in installed.environment.items()
                       if not name.startswith(("VETSOCK_", "CMOCKA_"))}
        environment["PATH"] = f"{tools}:{environment['PATH']}"
        for page in PAGES:
            with tempfile.TemporaryDirectory(dir=work) as directory:
                os.symlink(pathlib.Path(source_root, "examples"), pathlib.Path(directory, "examples"))
                text = pathlib.Path(source_root, page).read_text()
                failures += (f"{page}: {failure}" for failure in
                             follow(text, pathlib.Path(directory), environment))
                failures += plans(page, text, environment)
    finish(failures)


if __name__ == "__main__":
    main()
