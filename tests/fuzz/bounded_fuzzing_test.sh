#!/bin/sh
# Builds the fuzz target of plans, and runs it on the same inputs each time.
#
#   bounded_fuzzing_test.sh SOURCE_FOLDER BUILD_FOLDER
set -eu
source=$1
build=$2

cd "$source"
cmake --preset fuzz -B "$build" >/dev/null
cmake --build "$build" --target fuzz_plan -- --quiet

# The plans of that chapter, one on each line, are what the search starts from.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/corpus"
sed -n '/^```plan$/,/^```$/p' inject/docs/plans.md | grep '^[a-z]' |
  split --lines 1 - "$work/corpus/rule-"
cd "$work"
"$build/bin/fuzz_plan" -dict="$source/fuzz/plan.dict" -seed=1 -runs=2000 -max_len=300 -timeout=20 corpus
