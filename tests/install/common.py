# SPDX-License-Identifier: 0BSD
"""What the tests of the installed library share: the promises of the headers, and running tools."""
import pathlib
import re
import subprocess
import sys

# What a strict user of the headers may have switched on; each finding is an error.
WARNINGS = ("-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wundef", "-Wcast-qual",
            "-Wwrite-strings", "-Wshadow", "-Werror")
C_WARNINGS = (*WARNINGS, "-Wstrict-prototypes", "-Wmissing-prototypes")
CXX_WARNINGS = (*WARNINGS, "-Wzero-as-null-pointer-constant")


def run(command, **options):
    """What a command prints; ends the test, with all that it said, if the command fails."""
    result = subprocess.run([str(part) for part in command], capture_output=True, text=True,
                            check=False, **options)
    if result.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}\nfailed ({result.returncode}):\n"
                 f"{result.stdout}{result.stderr}")
    return result.stdout


def public_headers(source_root):
    return sorted(pathlib.Path(source_root, "include", "vetsock").glob("*.h"))


def declared_functions(text):
    """The functions that a header marks VET_API."""
    code = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    code = re.sub(r"^\s*#(?:.*\\\n)*.*$", "", code, flags=re.MULTILINE)
    return re.findall(r"\bVET_API\b[^;{(]*?\b(\w+)\s*\(", code)


# A header belongs to the library whose header of all headers includes it.
LIBRARIES = {"vetsock": "vetsock.h", "vetsock-shim": "shim.h"}


def headers_of(source_root, library):
    """The headers of one library, in the order in which its header of all headers has them."""
    directory = pathlib.Path(source_root, "include", "vetsock")
    text = (directory / LIBRARIES[library]).read_text()
    return [directory / name for name in re.findall(r"^#include <vetsock/(\w+\.h)>", text, re.MULTILINE)]


def differences(what, names, other, others):
    """One line for each name that is in one of two collections alone."""
    for name in sorted(set(names) ^ set(others)):
        there, missing = (what, other) if name in names else (other, what)
        yield f"{name}: in {there}, but not in {missing}"


def finish(failures):
    """The end of a test: every failure on a line, and the exit status."""
    for failure in failures:
        print(f"FAILED: {failure}")
    sys.exit(1 if failures else 0)
