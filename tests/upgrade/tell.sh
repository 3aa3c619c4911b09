# tell.sh COLEDGER FILE: what a ledger's readers see of it, for before and after an upgrade.
program=$1
export COLEDGER_LEDGER=$2
for currency in CALD HOUR; do
    "$program" trial-balance "$currency" --csv
    "$program" trial-balance "$currency" --as-of 2026-11-20 --by effective --csv
done
for account in "ana CALD" "ben CALD" "cleo CALD" "dora HOUR"; do
    # shellcheck disable=SC2086
    for by in posted effective; do
        # Its references stand in a column of their own since schema 4; no memo here has a comma.
        "$program" statement $account --from 2026-11-01 --to 2026-11-24 --by $by --limit 500 --csv | cut -d, -f1-5,7-
    done
done
"$program" transfer list ben --currency CALD --limit 500 --json
"$program" hold show 2 --json
"$program" register list --limit 500 --json
