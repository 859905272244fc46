#!/bin/sh
# Checks that the tree speaks one C++: the names and forms of all headers, by clang-tidy with the
# configuration of the tree, and a few forms in every file, by their text.
#
#   dialect_test.sh SOURCE CLANG-TIDY SCRATCH
#
# One translation unit includes all headers of a part: clang-tidy would need an hour to read every
# file by itself.
set -eu
cd "$1"
tidy=$2
scratch=$3
mkdir -p "$scratch"

status=0
failed() {
  echo "FAILED: $1"
  sed 's/^/  /' "$scratch/found"
  status=1
}

# Prints the tree's files that match the patterns.
files() {
  # Whoever runs the tests need not own the sources.
  git -c safe.directory='*' ls-files "$@"
}

# Four headers are C, for whoever speaks the C ABI, and for the assembler.
files '*.h' >"$scratch/found"
if grep -vE '/include/heddle/(subject|inject_(calls|control|record))\.h$' "$scratch/found" \
  >"$scratch/other"; then
  mv "$scratch/other" "$scratch/found"
  failed "a header in C++ is named .hpp"
fi
files '*.hpp' | xargs grep -L '^#pragma once$' >"$scratch/found" || true
[ ! -s "$scratch/found" ] || failed "a header in C++ says #pragma once"

# All code, each line with its place, without comments and text in quotes.
files '*.cpp' '*.hpp' |
  xargs awk '{ gsub(/"([^"\\]|\\.)*"/, ""); sub(/\/\/.*/, ""); print FILENAME ":" FNR ": " $0 }' \
    >"$scratch/code"

# Refuses code that matches: PATTERN, and what is right instead.
refuse() {
  if grep -E "^[^ ]* .*$1" "$scratch/code" >"$scratch/found"; then
    failed "$2"
  fi
}
refuse '(^|[^:A-Za-z0-9_])k[A-Z][a-z]' \
  "a constant has no k in front"
refuse '(^|[^:A-Za-z0-9_])(u?int(8|16|32|64|ptr)|size|ptrdiff)_t($|[^A-Za-z0-9_])' \
  "a type of the standard library has std:: in front"
refuse '\(void\)[A-Za-z_:(*&!]' \
  "a value is discarded by static_cast<void>"

# What clang-tidy asks of all headers. The rest of .clang-tidy takes its time, and is for whoever runs
# it on the files at hand.
checks='-*,readability-identifier-naming,readability-function-size'
checks="$checks,modernize-redundant-void-arg,modernize-use-bool-literals,modernize-use-nullptr"
checks="$checks,modernize-use-override,modernize-use-using"

# Checks all headers of a part, other than those for another processor: PART, and the folders that it
# includes from.
headers() {
  part=$1
  shift
  flags=""
  for folder in "$@"; do
    flags="$flags -I$folder"
  done
  unit=$scratch/$(echo "$part" | tr / _).cpp
  files "$part/*.hpp" | grep -v '/aarch64/' | sed "s#.*#\#include \"$PWD/&\"#" >"$unit"
  [ -s "$unit" ] || {
    echo "FAILED: $part has no header to check"
    status=1
  }
  # shellcheck disable=SC2086 # folders of the tree, which have no spaces
  if ! "$tidy" --quiet --config-file=.clang-tidy --checks="$checks" \
    "$unit" -- -std=c++20 $flags >"$scratch/found" 2>&1; then
    failed "the headers of $part are not in the tree's dialect"
  fi
}
headers impl impl impl/include impl/bench
headers inject/shim inject/shim inject/include
headers inject/driver inject/driver inject/include
headers conformance conformance conformance/include conformance/adapters/reference inject/driver \
  inject/include impl impl/include
exit "$status"
