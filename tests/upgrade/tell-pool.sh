# tell-pool.sh COLEDGER FILE: what schema 3 added, as its readers see it, for before and after an upgrade.
program=$1
export COLEDGER_LEDGER=$2
"$program" resource list --json
for booking in 1 2; do "$program" booking show $booking --json; done
"$program" credits list ana --json
"$program" course show 1 --json
for session in 1 2; do "$program" session show $session --json; done
for enrolment in 1 2; do "$program" enrolment show $enrolment --json; done
"$program" certificate list --json
"$program" certificate show 1 --json
"$program" vacancy list --json
