#!/bin/sh
# Has heddle-conform write a project, builds it with the installed headers alone, and has the suite
# judge it. Then holds that a folder with something in it stays as it is.
#
#   new_subject_test.sh HEDDLE-CONFORM LANGUAGE HEADERS
set -eu
conform=$1
language=$2
headers=$3

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
project="$work/a subject"

fail() {
  echo "FAILED: $1"
  exit 1
}

"$conform" --new-subject "$language" "$project"
if [ -e "$project/build.sh" ]; then
  HEDDLE_INCLUDE=$headers sh "$project/build.sh" >"$work/log.txt" 2>&1
else
  cmake -S "$project" -B "$project/build" -G Ninja -D HEDDLE_INCLUDE="$headers" \
    >"$work/log.txt" 2>&1 && cmake --build "$project/build" >>"$work/log.txt" 2>&1
fi || {
  cat "$work/log.txt"
  fail "the project does not build"
}
! grep -iE "^warning|warning:" "$work/log.txt" || fail "the compiler warns"
"$conform" "$project/build/libsubject.so" --smoke
"$conform" "$project/build/libsubject.so" --quick >"$work/report.txt" || {
  cat "$work/report.txt"
  fail "the subject does not conform"
}

# A user's own work is in the way.
rm -r "$project"
mkdir "$project"
echo mine >"$project/mine.txt"
status=0
"$conform" --new-subject "$language" "$project" 2>"$work/errors.txt" || status=$?
[ "$status" -eq 2 ] || fail "a folder that is not empty ends with $status"
[ "$(wc -l <"$work/errors.txt")" -eq 1 ] || fail "more or less than one line of error"
grep -q "is not empty" "$work/errors.txt" || fail "the error does not say why"
[ "$(cat "$project/mine.txt")" = mine ] || fail "a file is lost"
[ "$(ls "$project")" = mine.txt ] || fail "something was written all the same"

# A file of that name, and an empty folder.
status=0
"$conform" --new-subject "$language" "$project/mine.txt" 2>/dev/null || status=$?
[ "$status" -eq 2 ] || fail "a file in place of the folder ends with $status"
mkdir "$work/empty"
"$conform" --new-subject "$language" "$work/empty" >/dev/null
[ -n "$(ls "$work/empty")" ] || fail "an empty folder stays empty"
