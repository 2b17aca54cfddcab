#!/usr/bin/env bash
# SPDX-License-Identifier: 0BSD
#
# Builds all fuzz targets, in the root of the tree, for ClusterFuzzLite and OSS-Fuzz: into $OUT, with what they
# give in $CC, $CXX, $CFLAGS, $CXXFLAGS and $LIB_FUZZING_ENGINE.  Each has its dictionary, its options and its
# seeds beside it.  Needs python3, which packs the seeds.
set -euo pipefail
: "${CC:?}" "${CXX:?}" "${OUT:?}" "${LIB_FUZZING_ENGINE:?}"
if [ ! -e fuzz/targets ]; then
	echo "build.sh: run it in the root of vetsock's tree" >&2
	exit 2
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# shellcheck disable=SC2206 # a command and its flags are words
cc=($CC) cxx=($CXX)
# shellcheck disable=SC2206
flags=(${CFLAGS-} -std=c11 -D_GNU_SOURCE -Iinclude)
# shellcheck disable=SC2206
link=(${CXXFLAGS-} $LIB_FUZZING_ENGINE)
library=(src/*.c shim/*/*.c shim/host/*.S) # each .S is empty but on its machine
shared=(tests/scenarios/operations.c) # what each operation may give
for file in fuzz/*.c; do
	case $file in
	fuzz/fuzz_* | fuzz/driver.c | fuzz/dictionary.c) ;;
	*) shared+=("$file") ;;
	esac
done

# One archive: of it the linker takes what a target needs.
compile() { # SOURCE
	local object=$work/${1//\//_}.o
	"${cc[@]}" "${flags[@]}" -c "$1" -o "$object"
}
for file in "${library[@]}" "${shared[@]}"; do
	compile "$file"
done
ar rcs "$work/all.a" "$work"/*.o

# It runs here, and so without the flags of the fuzzer.
"${cc[@]}" -std=c11 -D_GNU_SOURCE -Iinclude fuzz/dictionary.c fuzz/words.c fuzz/check.c "${library[@]}" -o "$work/dictionary"

seeds() { # NAME: its inputs, in a zip file
	local files=() directory
	for directory in fuzz/corpus/"$1" fuzz/regressions/"$1"; do
		[ ! -d "$directory" ] || files+=("$directory"/*)
	done
	python3 -m zipfile -c "$OUT/fuzz_$1_seed_corpus.zip" "${files[@]}"
}

while read -r name max_len _; do
	program=fuzz_$name
	# The canary is a test of fuzzers, and would be reported as a bug.
	[[ $name != '#' && $name != canary ]] || continue
	"${cc[@]}" "${flags[@]}" -c "fuzz/$program.c" -o "$work/$program.o"
	"${cxx[@]}" "${link[@]}" "$work/$program.o" "$work/all.a" -o "$OUT/$program"
	"$work/dictionary" "$name" >"$OUT/$program.dict"
	sed "s/@NAME@/$name/; s/@MAX_LEN@/$max_len/" fuzz/fuzz.options.in >"$OUT/$program.options"
	seeds "$name"
	echo "built $program"
done <fuzz/targets
