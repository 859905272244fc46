#!/bin/sh
# What a plug-in could bind to in its host instead of its own C++ runtime: there must be nothing.
#
#   host_test.sh HEDDLE-CONFORM
set -eu
exported=$(nm --dynamic --defined-only "$1")
[ -z "$exported" ] || {
  echo "FAILED: it exports $exported"
  exit 1
}
if readelf --dynamic "$1" | grep -E 'NEEDED.*(libstdc\+\+|libc\+\+|libgcc_s|libunwind)'; then
  echo "FAILED: it brings a C++ runtime or an unwinder into the process"
  exit 1
fi
