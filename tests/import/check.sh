#!/bin/bash
# Imports over a node, and real history where it is at hand: into a file and over a node, twice, longer,
# broken off. BUILD says where coledger was built; COLEDGER_DATA where the data is.
set -u
export LC_ALL=C.UTF-8 NO_COLOR=1 PAGER=cat
top=$(cd "$(dirname "$0")/../.." && pwd)
build=$(cd "$top" && cd "${BUILD:-build}" && pwd) || exit 2
data=${COLEDGER_DATA:-$top/../shared/data}
dir=$(mktemp -d) || exit 2
node=
trap 'stop_node; rm -rf "$dir"' EXIT
export PATH=$build:$PATH HOME=$dir
unset COLEDGER_NODE COLEDGER_TOKEN COLEDGER_LEDGER XDG_DATA_HOME XDG_CONFIG_HOME
passed=0 failed=0

ok() { passed=$((passed + 1)); }
not_ok() {
    failed=$((failed + 1))
    printf 'FAILED %s\n' "$@"
}
# same WHAT WANTED GOT
same() { if [ "$2" = "$3" ]; then ok; else not_ok "$1: wanted $2, got $3"; fi; }
# figure KEY: of the last import, which stands in $dir/said as JSON.
figure() { sed -n "s/^ *\"$1\": \"\{0,1\}\([^\",]*\).*/\1/p" "$dir/said"; }

new_ledger() {
    rm -f "$dir"/ledger.db*
    export COLEDGER_LEDGER=$dir/ledger.db
    coledger init --name Test --zone Africa/Nairobi >/dev/null &&
        coledger currency add KES --name "Community shilling" --kind money >/dev/null
}

start_node() {
    COLEDGER_TOKEN=$(coledger token create --role steward --json | sed -n 's/.*\(clt_[A-Za-z0-9_-]*\).*/\1/p')
    export COLEDGER_TOKEN
    coledger serve --listen 127.0.0.1:0 >"$dir/serve" 2>&1 &
    node=$!
    unset COLEDGER_NODE
    for _ in $(seq 200); do
        COLEDGER_NODE=$(sed -n 's/.* on \(http:[^;]*\);.*/\1/p' "$dir/serve")
        [ -z "$COLEDGER_NODE" ] || break
        sleep 0.05
    done
    export COLEDGER_NODE
    unset COLEDGER_LEDGER
}

stop_node() {
    [ -z "$node" ] || { kill "$node" && wait "$node"; } 2>/dev/null
    node=
    unset COLEDGER_NODE
    export COLEDGER_LEDGER=$dir/ledger.db
}

# take FILE OPTION...: its JSON in $dir/said, its words in $dir/why.
take() { coledger import transfers "$@" --currency KES --json >"$dir/said" 2>"$dir/why"; }

balances() { coledger trial-balance KES --csv | sort; }

# Made-up history of 2,500 rows, three batches of a node: each row another amount, every tenth twice.
invented() {
    echo "time,from,to,amount,memo"
    awk 'BEGIN { for (i = 1; i <= 2500; i++)
        printf "2025-%02d-%02d,m%d,m%d,%d.%02d,row %d\n", 1 + i % 12, 1 + i % 28, i % 7 + 10, i % 5 + 20,
            i % 90 + 1, i % 100, i - (i % 10 == 0) }'
}

over_a_node() {
    new_ledger
    invented >"$dir/made.csv"
    take "$dir/made.csv" --create-members --limits observed || not_ok "$(cat "$dir/why")"
    same "posted into a file" 2500 "$(figure posted)"
    balances >"$dir/by-file"

    new_ledger
    start_node
    take "$dir/made.csv" --create-members --limits observed --dry-run && not_ok "a dry run took members in"
    same "members after a dry run" 0 "$(coledger member list --csv | grep -c ,coop,)"
    head -1201 "$dir/made.csv" >"$dir/part.csv"
    take "$dir/part.csv" --source made.csv --create-members --limits observed || not_ok "$(cat "$dir/why")"
    same "posted over a node" 1200 "$(figure posted)"
    # A broken row in the third batch: the two before stay, and the way on is the same command.
    sed '2400s/.*/2025-01-01,m10,m20,0.00,broken/' "$dir/made.csv" >"$dir/broken.csv"
    take "$dir/broken.csv" --source made.csv --limits observed && not_ok "a broken row was taken"
    grep -q "broken.csv:2400: column 4" "$dir/why" || not_ok "$(cat "$dir/why")"
    sed '2400s/.*/2025-01-01,m10,m20,1000000000.00,deep/' "$dir/made.csv" >"$dir/deep.csv"
    take "$dir/deep.csv" --source made.csv && not_ok "a row over the limit was taken"
    grep -q "deep.csv:1202: .* 1000 rows are in the ledger" "$dir/why" || not_ok "$(cat "$dir/why")"
    grep -q '"over_limit"' "$dir/why" || not_ok "$(cat "$dir/why")"
    take "$dir/made.csv" --limits observed --each --rejects "$dir/rejects" || not_ok "$(cat "$dir/why")"
    same "rejected" 0 "$(figure rejected)"
    same "in the ledger" 2500 "$(($(figure posted) + $(figure known)))"
    take "$dir/made.csv" --limits observed || not_ok "$(cat "$dir/why")"
    same "posted again" 0 "$(figure posted)"
    same "known again" 2500 "$(figure known)"
    take "$dir/made.csv" --limits none --dry-run || not_ok "$(cat "$dir/why")"
    same "known to a dry run" 2500 "$(figure known)"
    balances >"$dir/by-node"
    same "a file's balances and a node's" "$(cat "$dir/by-file")" "$(cat "$dir/by-node")"
    printf 'time,from,to,amount\n2025-01-01,m10,m20,1\n2025-01-01,m10,nobody,1\n2025-01-01,m10,m20,1e9\n' >"$dir/mixed.csv"
    take "$dir/mixed.csv" --limits none --each --rejects "$dir/rejects"
    same "exit code with rejects" 1 $?
    same "rejects" "3,no_such_member 4,amount_malformed" "$(sed 1d "$dir/rejects" | cut -d, -f1,2 | paste -sd' ')"
    stop_node
    same "verify" yes "$(coledger verify | sed -n 's/^Sound *//p')"
    # The same rows into the node's file: known there too.
    take "$dir/made.csv" --limits none || not_ok "$(cat "$dir/why")"
    same "known to the file" 2500 "$(figure known)"
}

real_with_times() {
    local csv=$data/community-currency-10k.csv map=time=time,from=from,to=to,amount=amount,kind=kind
    [ -f "$csv" ] || { echo "skipped: $csv is not there"; return; }
    new_ledger
    take "$csv" --columns $map --create-members && not_ok "17 decimals were taken without --round"
    grep -q 'community-currency-10k.csv:3: column 5 (amount)' "$dir/why" || not_ok "$(cat "$dir/why")"
    same "transfers after a refusal" 0 "$(coledger node show --json | sed -n 's/.*"transfers": \([0-9]*\).*/\1/p')"
    head -5001 "$csv" >"$dir/half.csv"
    take "$dir/half.csv" --source kenya --columns $map --create-members --round half-even --limits observed ||
        not_ok "$(cat "$dir/why")"
    same "rows of a half" 5000 "$(figure posted)"
    take "$csv" --source kenya --columns $map --create-members --round half-even --limits observed ||
        not_ok "$(cat "$dir/why")"
    same "rows new in the whole" 4999 "$(figure posted)"
    same "rows known in the whole" 5000 "$(figure known)"
    same "members" "$(tr -d '\r' <"$csv" | awk -F, 'NR > 1 { m[$3]; m[$4] } END { for (h in m) n++; print n }')" \
        "$(coledger trial-balance KES --csv | sed 1d | wc -l)"
    same "verify" yes "$(coledger verify | sed -n 's/^Sound *//p')"
}

real_without_times() {
    local csv=$data/community-currency-100k.csv
    [ -f "$csv" ] || { echo "skipped: $csv is not there"; return; }
    new_ledger
    take "$csv" --create-members --round half-even --limits observed --effective-on 2020-03-01 || not_ok "$(cat "$dir/why")"
    same "rows" 100000 "$(figure posted)"
    same "accounts that went below zero" 11 "$(figure limits_set)"
    take "$csv" --round half-even --limits observed --effective-on 2020-03-01 || not_ok "$(cat "$dir/why")"
    same "rows known" 100000 "$(figure known)"
    same "verify" yes "$(coledger verify | sed -n 's/^Sound *//p')"
}

over_a_node
real_with_times
real_without_times
echo "$passed passed, $failed failed"
[ $failed = 0 ]
