# SPDX-License-Identifier: 0BSD
"""What `meson install` puts in place serves programs outside the tree.

install_test.py SOURCE_ROOT BUILD_ROOT PREFIX LIBDIR FLAGS COMPILER...: installs into a temporary
directory, and from another one builds and runs, through pkg-config: a C program and a C++17 one
against the shared library, the C program statically, and the program of the README, whose other
block of C must compile; and against libvetsock-shim the example that explores, shared and static,
and a C++17 program.  The command, if there is one, must run where it was copied to alone.  FLAGS,
separated by blanks, are what the build was instrumented with, and its programs need too.
"""
import os
import pathlib
import re
import shutil
import sys

from common import CXX_WARNINGS, C_WARNINGS, finish, run
from installed import cxx_compiler, installation

HERE = pathlib.Path(__file__).parent
LIBRARY, SHIM = "libvetsock.so.0", "libvetsock-shim.so.0"


def needed(program):
    return sorted(re.findall(r"NEEDED.*\[(libvetsock[^\]]*)\]", run(["readelf", "-d", "-W", program])))


def readme_blocks(source_root, directory):
    """The blocks of C in the README, as files."""
    text = pathlib.Path(source_root, "README.md").read_text()
    for number, block in enumerate(re.findall(r"^```c\n(.*?)^```", text, re.DOTALL | re.MULTILINE)):
        source = pathlib.Path(directory, f"readme{number}.c")
        source.write_text(block)
        yield source


def builds(installed, compiler, instruments, readme, example):
    """Rows: name, package, compiler and its flags, source, flags to link, NEEDED, output as a regular
    expression, exit status."""
    c = [*compiler, "-std=c11", *C_WARNINGS, *instruments]

    def shared(package):
        return installed.flags("--libs", package)

    def static(package):
        whole = installed.flags("--static", "--libs", package)
        # An instrumented program cannot be static as a whole.
        return ["-Wl,-Bstatic", *whole, "-Wl,-Bdynamic"] if instruments else ["-static", *whole]

    plain, shim = "vetsock", "vetsock-shim"
    found = r"a byte that was sent .*\n.*program 'send@1=short:1; send@2=ENOBUFS'"
    yield "C, shared", plain, c, HERE / "program.c", shared(plain), [LIBRARY], "OK", 0
    yield "C, static", plain, c, HERE / "program.c", static(plain), [], "OK", 0
    yield "README", plain, c, readme, shared(plain), [LIBRARY], ".+", 0
    yield "exploring, shared", shim, c, example, shared(shim), [SHIM, LIBRARY], found, 1
    yield "exploring, static", shim, c, example, static(shim), [], found, 1
    cxx = cxx_compiler(compiler)
    if not cxx:
        print("without C++: no compiler of the same make as", *compiler)
        return
    cxx = [cxx, "-std=c++17", *CXX_WARNINGS, *instruments]
    yield "C++17, shared", plain, cxx, HERE / "program.cc", shared(plain), [LIBRARY], "OK", 0
    yield ("exploring, C++17", shim, cxx, HERE / "shim_program.cc", shared(shim), [SHIM, LIBRARY],
           "OK", 0)


def build_and_run(installed, row, work):
    """What is wrong with one program, in lines."""
    name, package, command, source, libraries, wanted, output, wanted_status = row
    program = pathlib.Path(work, "program")
    run([*command, *installed.flags("--cflags", package), source, "-o", program, *libraries], cwd=work)
    said, status = installed.result(program)
    print(f"{name}: {said}")
    if needed(program) != wanted:
        yield f"{name}: needs {needed(program)}, not {wanted}"
    if status != wanted_status or not re.fullmatch(output, said):
        yield f"{name}: said {said!r} and exited with {status}"


def command_alone(installed, work):
    """What is wrong with the command where nothing else of vetsock is."""
    command = installed.prefix / "bin" / "vetsock"
    if not command.exists():
        print("without the command: it was not built")
        return
    alone = shutil.copy(command, work)
    said, status = installed.result(alone, "explore", "--list",
                                    LD_LIBRARY_PATH=os.environ.get("LD_LIBRARY_PATH", ""))
    if needed(alone) or status != 0 or len(said.splitlines()) < 40:
        yield f"the command alone needs {needed(alone)}, said {said!r} and exited with {status}"


def main():
    source_root, build_root, prefix, libdir, flags, *compiler = sys.argv[1:]
    instruments = flags.split()
    with installation(build_root, prefix, libdir) as (installed, work):
        readme, *parts = readme_blocks(source_root, work)
        for part in parts:
            run([*compiler, "-std=c11", "-Wall", "-Wextra", "-Werror", "-fsyntax-only",
                 *installed.flags("--cflags", "vetsock"), part])
        example = pathlib.Path(source_root, "examples", "explore_my_client.c")
        failures = [failure for row in builds(installed, compiler, instruments, readme, example)
                    for failure in build_and_run(installed, row, work)]
        finish([*failures, *command_alone(installed, work)])


if __name__ == "__main__":
    main()
