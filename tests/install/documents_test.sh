#!/bin/sh
# Holds that an installed prefix has the files that the pages name, and that the links of the pages
# lead on.
#
#   documents_test.sh PREFIX
set -eu
prefix=$1

status=0
missing() {
  echo "FAILED: $1 is missing" >&2
  status=1
}

documents=$prefix/share/doc/heddle
for file in README.md CHANGELOG.md LICENSE conformance/README.md \
  conformance/report/record.schema.json inject/README.md inject/docs/plans.md impl/README.md; do
  [ -s "$documents/$file" ] || missing "$file"
done
for file in adapter.hpp heddle_abi.rs heddle_subject.d heddle_subject.rs subject.h inject_control.h inject_calls.h thread.hpp; do
  [ -s "$prefix/include/heddle/$file" ] || missing "$file"
done
for adapter in reference/subject.cpp rust/heddle_std.rs libstdcxx/std_thread.cpp; do
  [ -s "$prefix/share/heddle/adapters/$adapter" ] || missing "$adapter"
done
for archive in conformance runtime; do
  [ -n "$(find "$prefix" -name "libheddle_$archive.a")" ] || missing "libheddle_$archive.a"
done

cd "$documents"
find . -name '*.md' | while read -r page; do
  grep -o '](\([^):#]*\))' "$page" | sed 's/](\(.*\))/\1/' | sort -u | while read -r link; do
    [ -e "$(dirname "$page")/$link" ] || echo "$page: $link"
  done
done >"$prefix/links.txt"
if [ -s "$prefix/links.txt" ]; then
  cat "$prefix/links.txt"
  missing "what these pages link to"
fi
rm "$prefix/links.txt"
exit $status
