#!/bin/sh
# Checks that every file in the repository is laid out as the configuration says.
#
#   format_test.sh SOURCE CLANG-FORMAT
set -eu
cd "$1"
# Whoever runs the tests need not own the sources.
files=$(git -c safe.directory='*' ls-files '*.cpp' '*.hpp' '*.h' '*.c')
[ -n "$files" ] || {
  echo "FAILED: no file to check"
  exit 1
}
echo "$files" | grep -v 'heddle/subject.h$' | xargs "$2" --dry-run --Werror
