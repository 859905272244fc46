#!/bin/sh
# Asks mandoc to judge the installed manual pages, and looks for what they must say.
#
#   manual_pages_test.sh PREFIX
set -eu
pages=$1/share/man/man1
command -v mandoc >/dev/null || {
  echo "SKIPPED: mandoc is not installed"
  exit 77
}

mandoc -T lint "$pages"/*.1
for page in heddle-conform heddle-inject heddle-inject-run heddle-inject-explore \
  heddle-inject-replay heddle-inject-shrink heddle-inject-sites heddle-inject-record \
  heddle-inject-show heddle-inject-diff; do
  [ -e "$pages/$page.1" ] || {
    echo "FAILED: there is no page $page" >&2
    exit 1
  }
done
has() {
  mandoc -T ascii "$pages/$1.1" | col -b | grep -q -e "$2" || {
    echo "FAILED: $1 does not say $2" >&2
    exit 1
  }
}
has heddle-conform '--explain CLAUSE'
has heddle-conform 'EXIT STATUS'
has heddle-inject-run '-e, --plan RULE'
has heddle-inject-run 'pthread_create:error=EAGAIN:when=2'
has heddle-inject-explore '^EXAMPLES'
has heddle-inject 'heddle-inject-shrink(1)'
