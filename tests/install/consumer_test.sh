#!/bin/sh
# Configures, builds and runs a program that finds the runtime in an installed prefix.
#
#   consumer_test.sh PREFIX SOURCE COMPILER [FLAGS]
set -eu
prefix=$1
source=$2
compiler=$3
flags=${4-}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if ! { cmake -S "$source/tests/install/consumer" -B "$work" -G Ninja \
  -D CMAKE_PREFIX_PATH="$prefix" -D HEDDLE_PREFIX="$prefix" -D HEDDLE_CHAPTER="$source/impl/README.md" \
  -D CMAKE_CXX_COMPILER="$compiler" -D CMAKE_CXX_FLAGS="$flags" &&
  cmake --build "$work"; } >"$work/log.txt" 2>&1; then
  cat "$work/log.txt"
  exit 1
fi
# The example panics on purpose, so the default hook speaks.
"$work/consumer" 2>"$work/errors.txt" || {
  cat "$work/errors.txt"
  echo "FAILED: the example"
  exit 1
}
grep -q "panicked: snap" "$work/errors.txt"
[ ! -e "$prefix/include/heddle/testing" ] || {
  echo "FAILED: doors for tests are installed"
  exit 1
}
