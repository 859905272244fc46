#!/bin/sh
# Builds the host of conformance/README.md against an installed prefix, by pkg-config and by CMake.
# Runs both.
#
#   host_test.sh PREFIX SOURCE COMPILER
set -eu
prefix=$1
source=$2
compiler=$3

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
fail() {
  echo "FAILED: $1" >&2
  exit 1
}

# The page has the main, and a runtime with its adapter.
page=$source/conformance/README.md
{
  echo '#include <heddle/subject.h>'
  sed -n '/^    int main(int argc, char \*\*argv) {$/,/^    }$/p' "$page"
} >main.c
grep -q heddle_conform_main main.c || fail "the page has no main"
sed -n '/^```c++$/,/^```$/p' "$page" | sed '1d;$d' >mine.cpp
[ -s mine.cpp ] || fail "the page has no example"
cp "$source/tests/install/host/CMakeLists.txt" .

try() {
  "$1" --smoke >smoke.txt || {
    cat smoke.txt
    fail "$2: the smoke checks"
  }
  "$1" --clause 'JOIN-*' >joins.txt || {
    cat joins.txt
    fail "$2: the clauses about joining"
  }
  grep -q 'mine 1.0' joins.txt || fail "$2: the report names another runtime"
}

PKG_CONFIG_PATH=$(dirname "$(find "$prefix/" -name heddle-conformance.pc)")
export PKG_CONFIG_PATH
# Quoted for a shell, as a prefix with a space has to be. The linker is the C compiler's.
eval "\"\$compiler\" -x c -c main.c $(pkg-config --cflags heddle-conformance)"
eval "\"\$compiler\" -std=c++20 -c mine.cpp $(pkg-config --cflags heddle-subject)"
eval "cc main.o mine.o $(pkg-config --libs heddle-conformance) -o by_pkg_config"
try ./by_pkg_config pkg-config
[ "$(pkg-config --modversion heddle-runtime)" = "$(pkg-config --modversion heddle-subject)" ] ||
  fail "the versions differ"

if ! { cmake -S . -B built -G Ninja -D CMAKE_PREFIX_PATH="$prefix" \
  -D CMAKE_CXX_COMPILER="$compiler" &&
  cmake --build built; } >log.txt 2>&1; then
  cat log.txt
  fail "CMake"
fi
try built/host CMake
echo "a host links the installed suite"
