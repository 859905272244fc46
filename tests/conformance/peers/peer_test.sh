#!/bin/sh
# Has the suite judge a peer. It must conform, and keep a number of clauses, so that an adapter that
# offers nothing by mistake is noticed.
#
#   peer_test.sh HEDDLE-CONFORM SUBJECT FLOOR
set -eu
report=$(mktemp)
trap 'rm -f "$report"' EXIT
"$1" --quick "$2" --format terminal --format "json:$report"
holds=$(grep -c '"verdict":"holds"' "$report" || true)
if [ "$holds" -lt "$3" ]; then
  echo "FAILED: $holds clauses hold, and $3 should"
  exit 1
fi
