#!/bin/sh
# Builds the reference's plug-in as a preset says, and has a suite of another build check it.
#
#   other_compiler_test.sh PRESET SOURCE BUILD HEDDLE-CONFORM
set -eu
preset=$1
source=$2
build=$3
conform=$4

skip() {
  echo "skipped: $1; ci/install brings it"
  exit 77
}
command -v clang++ >/dev/null || skip "no clang++"
[ "$preset" = clang ] || [ -d "$source/build/libc++/include" ] || skip "no headers of libc++"

mkdir -p "$build"
log="$build/build.log"
if ! { cmake -S "$source" -B "$build" --preset "$preset" &&
  cmake --build "$build" --target heddle-reference; } >"$log" 2>&1; then
  tail -n 50 "$log"
  exit 1
fi

plugin="$build/lib/heddle/libheddle-reference.so"
library=libstdc++.so.6
[ "$preset" = clang ] || library=libc++.so.1
readelf --dynamic "$plugin" | grep -q "NEEDED.*$library" || {
  echo "FAILED: the plug-in does not use $library"
  exit 1
}
"$conform" "$plugin"
