#!/bin/sh
# Builds libsubject.so in the folder build beside this script, by gdc alone:
#
#   sh build.sh
#   heddle-conform build/libsubject.so --smoke
#
# Set HEDDLE_INCLUDE to the folder of heddle/heddle_subject.d unless that is /usr/local/include or
# /usr/include.
set -eu
here=$(dirname "$0")
for include in "${HEDDLE_INCLUDE:-/usr/local/include}" /usr/include; do
  kit=$include/heddle/heddle_subject.d
  [ ! -e "$kit" ] || break
done
if [ ! -e "$kit" ]; then
  echo "build.sh: heddle/heddle_subject.d is not found: set HEDDLE_INCLUDE" >&2
  exit 1
fi

mkdir -p "$here/build"
# A function that stays exported would meet another of its name: sleep is libc's, too.
echo "{ global: heddle_subject; local: *; };" >"$here/build/exports.map"
gdc -shared -fPIC -O2 -Wall -I "$include/heddle" \
  "-Wl,--version-script=$here/build/exports.map" \
  -o "$here/build/libsubject.so" "$here/subject.d" "$kit"
