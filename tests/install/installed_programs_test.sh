#!/bin/sh
# Uses what is in an installed prefix as a user would: the default subject, the shim, and the example
# of conformance/README.md built against the installed header.
#
#   installed_programs_test.sh PREFIX SOURCE COMPILER
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

"$prefix/bin/heddle-conform" --quick >conform.txt || { cat conform.txt; fail "the default subject"; }
# The fault clauses were judged, so the shim was found and could be preloaded.
"$prefix/bin/heddle-conform" --clause SPAWN-007 --format json >fault.json || fail "a fault clause"
grep -q '"verdict":"holds"' fault.json || { cat fault.json; fail "the fault did not fire"; }

cat >needs_a_thread.c <<'PROGRAM'
#include <pthread.h>
static void *nothing(void *argument) { return argument; }
int main(void) {
  pthread_t thread;
  return pthread_create(&thread, 0, nothing, 0) == 0 ? 0 : 9;
}
PROGRAM
"$compiler" -x c needs_a_thread.c -o needs_a_thread -pthread
status=0
"$prefix/bin/heddle-inject" run -e pthread_create:error=EAGAIN:when=1 -- ./needs_a_thread \
  2>injected.txt || status=$?
[ "$status" -eq 9 ] || { cat injected.txt; fail "the injected failure: status $status"; }

# The example is one block of C++ in the chapter.
sed -n '/^```c++$/,/^```$/p' "$source/conformance/README.md" | sed '1d;$d' >mine.cpp
[ -s mine.cpp ] || fail "the chapter has no example"
"$compiler" -std=c++20 -fPIC -shared -fvisibility=hidden -I "$prefix/include" mine.cpp \
  -o libmine.so -pthread
"$prefix/bin/heddle-conform" ./libmine.so >mine.txt || { cat mine.txt; fail "the example"; }
grep -q 'mine 1.0' mine.txt || { cat mine.txt; fail "the example's report"; }
echo "installed programs work"
