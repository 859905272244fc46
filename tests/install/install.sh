#!/bin/sh
# Installs a build into a prefix, of which nothing is left that was there before.
#
#   install.sh BUILD PREFIX
set -eu
rm -rf "$2"
cmake --install "$1" --prefix "$2" >/dev/null
