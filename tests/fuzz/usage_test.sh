#!/bin/sh
# Calls ci/fuzz for its help, and wrongly: it must say what is wrong, and build nothing.
#
#   usage_test.sh SOURCE_FOLDER
set -eu
cd "$1"

# Fails unless ci/fuzz refuses the words in a message with the first one in it.
refuses() {
  cause=$1
  shift
  status=0
  said=$(ci/fuzz "$@" 2>&1) || status=$?
  case "$status $said" in
    "2 fuzz: "*"$cause"*"usage: ci/fuzz "*) ;;
    *)
      echo "ci/fuzz $*: status $status, and it said: $said" >&2
      exit 1
      ;;
  esac
}

refuses "a whole number"
refuses "a whole number" --minutes
refuses "a whole number" --minutes 0
refuses "a whole number" --minutes 1.5 plan
refuses "no option or target --minute" --minute 1
refuses "the targets are: log plan program replay table" --minutes 1 plane
ci/fuzz --help | grep -q "^  ci/fuzz .*--minutes N"
