#!/bin/sh
# coverage.sh BUILD LEAST: lines of ledger/ that the unit tests ran; fails below LEAST per cent.
set -eu
lcov --quiet --capture --directory "$1" --base-directory . --output-file "$1/all.info" 2> /dev/null
lcov --quiet --extract "$1/all.info" '*/ledger/*.c' --output-file "$1/ledger.info" 2> /dev/null
lcov --list "$1/ledger.info"
got=$(lcov --summary "$1/ledger.info" 2>&1 | sed -n 's/.*lines\.*: \([0-9]*\)\..*/\1/p')
echo "lines of ledger/: $got %, at least $2 wanted"
[ "$got" -ge "$2" ]
