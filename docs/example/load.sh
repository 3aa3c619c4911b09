#!/bin/sh
# Make the example region and load it into a new ledger, through the public command line only.
#
#   COLEDGER=build/coledger COLEDGER_LEDGER=build/demo.db sh docs/example/load.sh [FOLDER] [SEED]
set -eu
here=$(dirname "$0")
: "${COLEDGER:?"COLEDGER must name the coledger program"}"
: "${COLEDGER_LEDGER:?"COLEDGER_LEDGER must name the ledger to make"}"
out=${1:-build/example}
export COLEDGER_LEDGER
REVIEW_ON=$(($(date +%Y) + 1))-11-01 # limits are reviewed next autumn

stop() { printf 'example: %s\n' "$*" >&2; exit 1; }
coledger() { "$COLEDGER" "$@"; }

# Run a file of commands; the first that fails is shown with what coledger said.
run() {
    number=0
    while IFS= read -r line; do
        number=$((number + 1))
        eval "$line" </dev/null >"$out/said" 2>&1 ||
            stop "line $number of $1 failed: $line
$(cat "$out/said")"
    done <"$1"
}

# What the last command made: its number, and the booking of the N-th date of a series.
number() { sed -n '1s/^[^0-9]*\([0-9]*\)$/\1/p' "$out/said"; }
booking() { awk -v nth="$1" '/^[0-9]+-[0-9]+-[0-9]+ / && $2 + 0 && ++n == nth { print $2 }' "$out/said"; }

# The quarter and the year ahead are counted from the ledger's own today.
ahead() {
    today=$(coledger node show --json | sed -n 's/.*"today": "\(.*\)".*/\1/p')
    LC_ALL=C awk -v today="$today" -f "$here/ahead.awk" "$here/$1.txt" >"$out/$1.sh" || stop "$1.txt could not be read."
    run "$out/$1.sh"
}

import() {
    coledger import transfers "$1" --currency "$2" --source "$(basename "$1")" \
        --columns time=date,from=from,to=to,amount=amount,memo=memo,reference=reference \
        >"$out/said" 2>&1 || stop "$1 was not imported.
$(cat "$out/said")"
}

[ ! -e "$COLEDGER_LEDGER" ] || stop "$COLEDGER_LEDGER is there already; take it away first."
[ "$(date +%Y%m%d)" -gt 20261031 ] ||
    stop "the example's year ends on 31 October 2026, and this computer's clock is not there yet."
trap 'rm -f "$COLEDGER_LEDGER" "$COLEDGER_LEDGER"-* "$COLEDGER_LEDGER".lock "$COLEDGER_LEDGER".key' EXIT # half a year is none
sh "$here/make.sh" "$out" ${2:+"$2"} || stop "the region could not be made."
run "$out/setup.sh"
import "$out/cald.csv" CALD
import "$out/hour.csv" HOUR
run "$out/story.sh"
ahead pool
ahead courses
ahead people
ahead trade-invoices
ahead trade-market
trap - EXIT
rm -f "$out/said"
