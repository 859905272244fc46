#!/bin/sh
# Removes what was installed, beside files and folders of somebody else's.
#
#   uninstall_test.sh BUILD PREFIX
set -eu
build=$1
prefix=$2

fail() {
  echo "FAILED: $1" >&2
  exit 1
}

echo mine >"$prefix/bin/mine"
echo mine >"$prefix/include/heddle/mine.h"
mkdir "$prefix/lib/mine"
cmake --build "$build" --target uninstall >/dev/null || fail "the target uninstall"

left=$(cd "$prefix" && find . -type f | sort | tr '\n' ' ')
[ "$left" = "./bin/mine ./include/heddle/mine.h " ] || fail "these files are left: $left"
[ -d "$prefix/lib/mine" ] || fail "somebody's empty folder is gone"
own=$(cd "$prefix" && find . -type d -path '*/heddle*')
[ "$own" = ./include/heddle ] || fail "these folders are left: $own"
if cmake --build "$build" --target uninstall >"$prefix/again.txt" 2>&1; then
  fail "there was something to remove a second time"
fi
grep -q 'Nothing to remove' "$prefix/again.txt" || fail "no reason is given the second time"
