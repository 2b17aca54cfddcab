# SPDX-License-Identifier: 0BSD
"""Each public header compiles alone, in C11 and in C++17, with every warning an error.

headers_test.py SOURCE_ROOT
"""
import pathlib
import shutil
import subprocess
import sys
import tempfile

from common import CXX_WARNINGS, C_WARNINGS, finish, public_headers

# Functions inline in a header would have to be clean of these too; macros are C where they are used.
CXX_INLINE = (*CXX_WARNINGS, "-Wold-style-cast")

COMPILERS = (
    ("gcc", "c", "-std=c11", C_WARNINGS),
    ("clang", "c", "-std=c11", C_WARNINGS),
    ("g++", "c++", "-std=c++17", CXX_INLINE),
    ("clang++", "c++", "-std=c++17", CXX_INLINE),
)


def complaint(compiler, language, standard, warnings, include, text):
    """What a compiler has against a program; nothing if all is well."""
    result = subprocess.run(
        [compiler, "-x", language, standard, *warnings, "-fsyntax-only", "-I", str(include), "-"],
        input=text, capture_output=True, text=True, check=False)
    return result.stderr or ("" if result.returncode == 0 else f"exit {result.returncode}")


# What a program does with a header whose macros are code.
USES = {"cmocka.h": """
void use(const struct vet_scenario *scenario, const struct vet_fault *fault);
void use(const struct vet_scenario *scenario, const struct vet_fault *fault)
{
	vet_explore_assert(scenario);
	vet_explore_assert_deeper(scenario, 2);
	vet_fault_assert_fired(fault);
}
"""}
# Headers for users of another library, which need its own.
NEEDS = {"cmocka.h": "#include <setjmp.h>\n#include <stdarg.h>\n#include <stddef.h>\n#include <stdint.h>\n"
                     "#include <cmocka.h>\n"}


def check(compiler, source_root):
    """Included twice, as any header may be; and the checker must notice a header that is wrong."""
    for header in public_headers(source_root):
        needed = NEEDS.get(header.name)
        if needed and complaint(*compiler, header.parent.parent, needed):
            print(f"without {header.name} with {compiler[0]}: it needs {needed.split()[-1]}")
            continue
        program = (f"#include <vetsock/{header.name}>\n" * 2 +
                   USES.get(header.name, "int a_program_is_never_empty;\n"))
        found = complaint(*compiler, header.parent.parent, program)
        if found:
            yield f"{header.name} with {compiler[0]}: {found}"
    with tempfile.TemporaryDirectory() as directory:
        pathlib.Path(directory, "wrong.h").write_text("size_t needs_stddef(void);\n")
        if not complaint(*compiler, directory, "#include <wrong.h>\n"):
            yield f"{compiler[0]} takes a header that does not stand alone"


def main():
    there = [compiler for compiler in COMPILERS if shutil.which(compiler[0])]
    for compiler in COMPILERS:
        if compiler not in there:
            print(f"without {compiler[0]}: not installed")
    if not there:
        sys.exit(77)
    finish([failure for compiler in there for failure in check(compiler, sys.argv[1])])


if __name__ == "__main__":
    main()
