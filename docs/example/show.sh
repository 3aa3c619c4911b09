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

today=$("$COLEDGER" node show --json | sed -n 's/.*"today": "\(.*\)".*/\1/p')
in_days() { date -u -d "$today $1 days" +%F; }

printf 'The Calda valley: 22 co-ops, four funds, a year of trade in CALD and in hours, a quarter of invoices, and a year ahead.\n'
show balance --currency CALD
show statement mill CALD --from 2026-10-01 --to 2026-10-31 --by effective
show trial-balance CALD

printf '\nThe last quarter. An invoice at two rates of tax, a third of it in pounds; half of each part is paid by now:\n'
show request show 1
printf '\nWhat others owe the energy co-op for longer than was agreed; one of them objects:\n'
show request list energy --to-be-paid --overdue
printf '\nThe whole valley by who is owed, and how late it is. All of it together is what is open:\n'
show request aged --currency CALD
printf '\nThe same six weeks ago, by the days that invoices and payments bear:\n'
show request aged --currency CALD --as-of "$(in_days -42)"
printf '\nAnd what is open in pounds, beside it:\n'
show request aged --currency CALD --unit GBP
printf '\nWhat the laundry may collect by itself, and did:\n'
show preapproval show 1
printf '\nA subscription, and who pays it every month:\n'
show charge show 1
printf '\nThe three months that one of them has paid by now:\n'
show standing show 2
printf '\nOne rent of those that are paid again and again found no room, and is tried again for a week:\n'
show standing list --unpaid
show standing show 9
printf '\nWho looks for crepes finds crêpes. The energy co-op answered, was sent an invoice that names the offer, and paid it:\n'
show offer list crepes
show offer show 2
printf '\nWhat could help home care, near its floor: who wants what it has:\n'
show offer matches care
printf '\nWhich accounts deserve a look before something goes wrong:\n'
show warning list
printf '\nAnd if the bookshop never pays: a fund first, then those above zero. Nothing has moved yet:\n'
show default show 1

printf '\nThe year ahead. What is taken of the meeting room in the next two weeks:\n'
show booking list loft --to "$(in_days 14)"
printf '\nOne of them comes again every month; its credit is held 35 days before, and not a year:\n'
show series show 2
printf '\nHow far the rooms are used in four weeks, and what was paid by now (a booking given back late):\n'
show usage show --from "$(in_days 1)" --to "$(in_days 28)"
show usage income
printf '\nTraining. What the fund gave out, and the credits that will go back to it if nobody uses them:\n'
show credits fund training-fund TRAIN
show credits warnings
printf '\nWhat is taught, what is free, and why somebody still waits:\n'
show session list
show waitlist list 3
show waitlist explain 6
printf '\nWhat somebody has learned is certified, and who helps out elsewhere is paid for by the hour, once both have signed:\n'
show certificate list
show placement show 1
printf '\nAnd does it all add up?\n'
show verify
cat <<END

Look further:
  export COLEDGER_LEDGER=$COLEDGER_LEDGER
  $COLEDGER balance --currency HOUR
  $COLEDGER transfer show 2000
  $COLEDGER usage hours loft --from $(in_days 1) --to $(in_days 28)
A token for a member's own people, before it is served:
  $COLEDGER token create --member mill --role trader --expires 90d
Serve it on http://127.0.0.1:8600: make run
END
