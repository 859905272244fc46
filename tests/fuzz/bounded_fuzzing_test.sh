#!/bin/sh
# Builds a fuzz target, and runs it on its kept corpus, and on the same made-up inputs each time.
#
#   bounded_fuzzing_test.sh SOURCE_FOLDER BUILD_FOLDER TARGET RUNS
set -eu
source=$1
build=$2
target=$3
runs=$4

cd "$source"
cmake --preset fuzz -B "$build" >/dev/null
cmake --build "$build" --target "fuzz_$target" -- --quiet

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
mkdir found
set -- -seed=1 -runs="$runs" -max_len=500 -timeout=60 -print_funcs=0
if [ -e "$source/fuzz/$target.dict" ]; then
  set -- "$@" -dict="$source/fuzz/$target.dict"
fi
"$build/bin/fuzz_$target" "$@" found "$source/fuzz/corpus/$target"
