# SPDX-License-Identifier: 0BSD
"""What `meson install` puts in place serves programs outside the tree.

install_test.py SOURCE_ROOT BUILD_ROOT PREFIX LIBDIR FLAGS COMPILER...: installs into a temporary
directory, and from another one builds and runs, through pkg-config: a C program and a C++17 one
against the shared library, the C program statically, and the program of the README, whose other
block of C must compile.  FLAGS, separated by blanks, are what the build was instrumented with, and
its programs need too.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from common import CXX_WARNINGS, C_WARNINGS, finish, run

HERE = pathlib.Path(__file__).parent


class Installed:
    """The installation, and how to build against it."""

    def __init__(self, stage, prefix, libdir):
        self.libdir = pathlib.Path(f"{stage}{prefix}", libdir)
        self.environment = {**os.environ, "PKG_CONFIG_SYSROOT_DIR": str(stage),
                            "PKG_CONFIG_LIBDIR": str(self.libdir / "pkgconfig")}

    def flags(self, *options):
        return run(["pkg-config", *options, "vetsock"], env=self.environment).split()

    def result(self, program):
        """What a program prints on its standard output, and its exit status."""
        ended = subprocess.run([program], stdout=subprocess.PIPE, text=True, timeout=60, check=False,
                               env={**os.environ, "LD_LIBRARY_PATH": str(self.libdir)})
        return ended.stdout.strip(), ended.returncode


def needed(program):
    return re.findall(r"NEEDED.*\[(libvetsock[^\]]*)\]", run(["readelf", "-d", "-W", program]))


def readme_blocks(source_root, directory):
    """The blocks of C in the README, as files."""
    text = pathlib.Path(source_root, "README.md").read_text()
    for number, block in enumerate(re.findall(r"^```c\n(.*?)^```", text, re.DOTALL | re.MULTILINE)):
        source = pathlib.Path(directory, f"readme{number}.c")
        source.write_text(block)
        yield source


def cxx_compiler(compiler):
    """The C++ compiler of the same make as the C compiler; nothing if it is not there."""
    return shutil.which("clang++" if "clang" in " ".join(compiler) else "g++")


def builds(installed, compiler, instruments, readme):
    """Rows: name, compiler and its flags, source, flags to link, NEEDED, output or None for any."""
    c = [*compiler, "-std=c11", *C_WARNINGS, *instruments]
    shared, whole = installed.flags("--libs"), installed.flags("--static", "--libs")
    # An instrumented program cannot be static as a whole.
    static = ["-Wl,-Bstatic", *whole, "-Wl,-Bdynamic"] if instruments else ["-static", *whole]
    yield "C, shared", c, HERE / "program.c", shared, ["libvetsock.so.0"], "OK"
    yield "C, static", c, HERE / "program.c", static, [], "OK"
    yield "README", c, readme, shared, ["libvetsock.so.0"], None
    cxx = cxx_compiler(compiler)
    if cxx:
        yield ("C++17, shared", [cxx, "-std=c++17", *CXX_WARNINGS, *instruments],
               HERE / "program.cc", shared, ["libvetsock.so.0"], "OK")
    else:
        print("without C++: no compiler of the same make as", *compiler)


def build_and_run(installed, row, work):
    """What is wrong with one program, in lines."""
    name, command, source, libraries, wanted, output = row
    program = pathlib.Path(work, "program")
    run([*command, *installed.flags("--cflags"), source, "-o", program, *libraries], cwd=work)
    said, status = installed.result(program)
    print(f"{name}: {said}")
    if needed(program) != wanted:
        yield f"{name}: needs {needed(program)}, not {wanted}"
    if status != 0 or not said or output not in (None, said):
        yield f"{name}: said {said!r} and exited with {status}"


def main():
    source_root, build_root, prefix, libdir, flags, *compiler = sys.argv[1:]
    instruments = flags.split()
    with tempfile.TemporaryDirectory() as stage, tempfile.TemporaryDirectory() as work:
        run(["meson", "install", "-C", build_root, "--no-rebuild", "--destdir", stage], cwd=work)
        installed = Installed(stage, prefix, libdir)
        readme, layer = readme_blocks(source_root, work)
        run([*compiler, "-std=c11", "-Wall", "-Wextra", "-Werror", "-fsyntax-only",
             *installed.flags("--cflags"), layer])
        finish([failure for row in builds(installed, compiler, instruments, readme)
                for failure in build_and_run(installed, row, work)])


if __name__ == "__main__":
    main()
