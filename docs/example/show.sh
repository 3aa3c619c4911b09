#!/bin/sh
# Show the example region after load.sh: what `make demo` prints.
#
#   COLEDGER=build/coledger COLEDGER_LEDGER=build/demo.db sh docs/example/show.sh
set -eu
: "${COLEDGER:?"COLEDGER must name the coledger program"}"
: "${COLEDGER_LEDGER:?"COLEDGER_LEDGER must name the ledger to show"}"
export COLEDGER_LEDGER PAGER=cat

show() {
    printf '\n$ coledger %s\n' "$*"
    "$COLEDGER" "$@"
}

printf 'The Calda valley: 22 co-ops, two funds, a year of trade in CALD and in hours.\n'
show balance --currency CALD
show statement mill CALD --from 2026-10-01 --to 2026-10-31 --by effective
show trial-balance CALD
show verify
cat <<END

Look further:
  export COLEDGER_LEDGER=$COLEDGER_LEDGER
  $COLEDGER balance --currency HOUR
  $COLEDGER transfer show 2000
A token for a member's own people, before it is served:
  $COLEDGER token create --member mill --role trader --expires 90d
Serve it on http://127.0.0.1:8600: make run
END
