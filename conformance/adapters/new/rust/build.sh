#!/bin/sh
# Builds libsubject.so in the folder build beside this script, by rustc alone:
#
#   sh build.sh
#   heddle-conform build/libsubject.so --smoke
#
# Set HEDDLE_INCLUDE to the folder of heddle/heddle_subject.rs unless that is /usr/local/include or
# /usr/include, and RUSTC unless rustc is on PATH.
set -eu
here=$(dirname "$0")
rustc=${RUSTC:-rustc}
for include in "${HEDDLE_INCLUDE:-/usr/local/include}" /usr/include; do
  kit=$include/heddle/heddle_subject.rs
  [ ! -e "$kit" ] || break
done
if [ ! -e "$kit" ]; then
  echo "build.sh: heddle/heddle_subject.rs is not found: set HEDDLE_INCLUDE" >&2
  exit 1
fi

# Before Rust 1.71 the ABI that lets a body unwind is not stable.
set --
case $("$rustc" --version) in
  "rustc 1.6"* | "rustc 1.70."*) set -- --cfg without_c_unwind ;;
esac
mkdir -p "$here/build"
"$rustc" --edition 2021 -O --crate-type rlib "$@" \
  -o "$here/build/libheddle_subject.rlib" "$kit"
"$rustc" --edition 2021 -O --crate-type cdylib \
  --extern heddle_subject="$here/build/libheddle_subject.rlib" \
  -o "$here/build/libsubject.so" "$here/subject.rs"
