# SPDX-License-Identifier: 0BSD
"""What `meson install` puts in place, in a temporary directory, and how to build against it."""
import contextlib
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

from common import run


class Installed:
    """An installation: where it is, and how programs find it."""

    def __init__(self, stage, prefix, libdir):
        self.prefix = pathlib.Path(f"{stage}{prefix}")
        self.libdir = self.prefix / libdir
        packages = pathlib.Path(stage, "pkgconfig")
        packages.mkdir()
        # As if it had been configured for the place where it is: for pkg-config without a sysroot,
        # which would move every other library as well.
        for package in (self.libdir / "pkgconfig").glob("*.pc"):
            text = re.sub(r"^prefix=.*$", f"prefix={self.prefix}", package.read_text(), flags=re.MULTILINE)
            (packages / package.name).write_text(text)
        self.environment = {**os.environ, "PKG_CONFIG_PATH": str(packages),
                            "LD_LIBRARY_PATH": str(self.libdir),
                            "PATH": f"{self.prefix / 'bin'}:{os.environ['PATH']}"}

    def flags(self, *options):
        return run(["pkg-config", *options], env=self.environment).split()

    def result(self, program, *arguments, **environment):
        """What a program prints on its standard output, and its exit status."""
        ended = subprocess.run([program, *arguments], stdout=subprocess.PIPE, text=True, timeout=60,
                               check=False, env={**self.environment, **environment})
        return ended.stdout.strip(), ended.returncode


@contextlib.contextmanager
def installation(build_root, prefix, libdir):
    """An installation, and a directory to work in."""
    with tempfile.TemporaryDirectory() as stage, tempfile.TemporaryDirectory() as work:
        run(["meson", "install", "-C", build_root, "--no-rebuild", "--destdir", stage], cwd=work)
        yield Installed(stage, prefix, libdir), work


def cxx_compiler(compiler):
    """The C++ compiler of the same make as the C compiler; nothing if it is not there."""
    return shutil.which("clang++" if "clang" in " ".join(compiler) else "g++")
