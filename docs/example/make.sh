#!/bin/sh
# Make the example region: setup.sh, cald.csv, hour.csv and story.sh, in FOLDER.
# The same seed makes the same bytes, with any awk.
#
#   sh docs/example/make.sh FOLDER [SEED]
set -eu
here=$(dirname "$0")
out=${1:?"usage: make.sh FOLDER [SEED]"}
mkdir -p "$out"
LC_ALL=C awk -v out="$out" -v seed="${2:-1844}" -f "$here/year.awk" \
    "$here/members.txt" "$here/trade.txt" "$here/story.txt"
