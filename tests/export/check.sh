#!/bin/bash
# Do other programs read what we export, and come to our balances? hledger, ledger and beancount judge the
# example region and a small ledger of awkward words. BUILD says where coledger was built.
set -u
export LC_ALL=C.UTF-8 NO_COLOR=1 PAGER=cat
top=$(cd "$(dirname "$0")/../.." && pwd)
build=$(cd "$top" && cd "${BUILD:-build}" && pwd) || exit 2
dir=$(mktemp -d) || exit 2
trap 'rm -rf "$dir"' EXIT
export PATH=$build:$PATH HOME=$dir
unset COLEDGER_NODE COLEDGER_TOKEN XDG_DATA_HOME XDG_CONFIG_HOME
passed=0 failed=0

# expect WHAT COMMAND...: it ends well.
expect() {
    local what=$1
    shift
    if "$@" >"$dir/out" 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED $what"
        head -20 "$dir/out"
    fi
}

# Every account that is not zero, "handle CODE balance", sorted: as we say, and as each of them says.
by_us() {
    coledger balance --limit 500 --json |
        node -e 'for (const a of JSON.parse(require("fs").readFileSync(0)).items)
            if (Number(a.balance)) console.log(a.member, a.currency, a.balance)' | sort
}
by_hledger() {
    hledger -f "$1" balance --flat --no-total --layout=bare -O csv |
        sed '1d; s/"//g' | awk -F, '$3 + 0 { sub(/^[a-z]*:/, "", $1); print $1, $2, $3 }' | sort
}
by_ledger() {
    ledger -f "$1" balance --flat --no-total --balance-format '%(account) %(scrub(display_total))\n' \
        --limit "commodity == '$2'" | awk '$2 + 0 { sub(/^[a-z]*:/, "", $1); print $1, $3, $2 }'
}
by_beancount() {
    bean-query -q -f csv "$1" 'SELECT account, currency, sum(number) GROUP BY account, currency' |
        tr -d '\r' | awk -F, 'NR > 1 && $3 + 0 { n = split($1, part, ":"); print tolower(part[n]), $2, $3 }' | sed 's/  */ /g; s/ $//' | sort
}

# The whole journal through all three.
judge() {
    local codes code
    codes=$(coledger currency list --csv | sed 1d | cut -d, -f1)
    for format in hledger ledger beancount csv json; do
        coledger export --format $format >"$dir/$format" || failed=$((failed + 1))
    done
    by_us >"$dir/us"
    expect "$1: there is something to compare" test -s "$dir/us"
    expect "$1: hledger check" hledger -f "$dir/hledger" check --strict
    by_hledger "$dir/hledger" >"$dir/them"
    expect "$1: hledger's balances" diff -u "$dir/us" "$dir/them"
    for code in $codes; do by_ledger "$dir/ledger" "$code"; done | sort >"$dir/them"
    expect "$1: ledger's balances" diff -u "$dir/us" "$dir/them"
    expect "$1: bean-check" bean-check "$dir/beancount"
    by_beancount "$dir/beancount" >"$dir/them"
    expect "$1: beancount's balances" diff -u "$dir/us" "$dir/them"
    node -e 'const sums = {};
        for (const t of JSON.parse(require("fs").readFileSync(0))) for (const leg of t.legs) {
            const key = leg.account.replace(":", " ");
            sums[key] = [leg.balance, (sums[key]?.[1] ?? 0) + Math.round(Number(leg.amount) * 1e6)];
        }
        for (const [key, [balance, sum]] of Object.entries(sums)) {
            if (Math.round(Number(balance) * 1e6) !== sum) process.exit(1);
            if (sum) console.log(key, balance);
        }' <"$dir/json" | sort >"$dir/them"
    expect "$1: the balances of the JSON" diff -u "$dir/us" "$dir/them"
    node -e 'const rows = require("fs").readFileSync(0, "utf8").trim().split("\r\n").slice(1);
        const sums = {};
        for (const row of rows) {
            const f = row.split(",");
            sums[f[4] + " " + f[5]] = f[7];
        }
        for (const [key, balance] of Object.entries(sums)) if (Number(balance)) console.log(key, balance);' \
        <"$dir/csv" | sort >"$dir/them"
    expect "$1: the balances of the CSV" diff -u "$dir/us" "$dir/them"
}

# One account for its own books: what the others say of it, and what a bank's statement says.
judge_member() {
    local own
    own=$(coledger balance "$2" --currency "$3" --json | sed -n 's/.*"balance": "\(.*\)".*/\1/p')
    for format in hledger ledger beancount csv json ofx; do
        coledger export --format $format --member "$2" --currency "$3" >"$dir/$format" || failed=$((failed + 1))
    done
    expect "$1: hledger check" hledger -f "$dir/hledger" check
    expect "$1: hledger's balance" test "$2 $3 $own" = "$(by_hledger "$dir/hledger" | grep "^$2 ")"
    expect "$1: ledger's balance" test "$2 $3 $own" = "$(by_ledger "$dir/ledger" "$3" | grep "^$2 ")"
    expect "$1: bean-check" bean-check "$dir/beancount"
    expect "$1: beancount's balance" test "$2 $3 $own" = "$(by_beancount "$dir/beancount" | grep "^$2 ")"
    expect "$1: OFX is XML" xmllint --noout "$dir/ofx"
    expect "$1: OFX's balance" test "$own" = "$(xmllint --xpath 'string(//BALAMT)' "$dir/ofx")"
    expect "$1: OFX's sum" test "$own" = "$(printf '%.2f' "$(xmllint --xpath 'sum(//TRNAMT)' "$dir/ofx")")"
    expect "$1: CSV's sum" test "$own" = "$(sed 1d "$dir/csv" | cut -d, -f2 | awk '{ s += $1 } END { printf "%.2f", s }')"
}

example() {
    export COLEDGER_LEDGER=$dir/example.db COLEDGER=$build/coledger
    expect "the example is loaded" sh "$top/docs/example/load.sh" "$dir/example"
    judge "the example"
    judge_member "the mill" mill CALD
    # October by the days that were meant: what the statement of the same days says.
    coledger export --format csv --member mill --currency CALD --from 2026-10-01 --to 2026-10-31 --by effective >"$dir/csv"
    expect "a month's rows" test "$(sed 1d "$dir/csv" | wc -l)" = \
        "$(coledger statement mill CALD --from 2026-10-01 --to 2026-10-31 --by effective --csv | sed 1d | wc -l)"
    coledger export --format ofx --member mill --currency CALD --to 2026-10-31 --by effective >"$dir/ofx"
    expect "a month's closing" test "$(xmllint --xpath 'string(//BALAMT)' "$dir/ofx")" = \
        "$(coledger statement mill CALD --from 2026-10-01 --to 2026-10-31 --by effective --json | sed -n 's/^  "closing": "\(.*\)".*/\1/p')"
    coledger export --format hledger --from 2026-10-01 --to 2026-10-02 >"$dir/hledger"
    expect "days on which nothing was posted" hledger -f "$dir/hledger" check
}

# Words that another program could take for its own signs, and scales from 0 to 6.
awkward() {
    local memo
    export COLEDGER_LEDGER=$dir/awkward.db
    coledger init --name 'A; "b" | c: [2026]' >/dev/null
    coledger currency add WHOLE --name Whole --kind money --scale 0 --floor -1000 >/dev/null
    coledger currency add FINE --name Fine --kind money --scale 6 --floor -1000 >/dev/null
    coledger currency add THOU --name Thou --kind money --scale 3 --floor -1000 >/dev/null
    coledger member add 1st --name 'type: X; date:2026-13-45, [x] "quote" \ <tag> & more' >/dev/null
    coledger member add mill-2 --name 'Bobbin | Mill' >/dev/null
    coledger member add cafe --name 'Café "Über"' >/dev/null
    for memo in 'plain' '; comment' 'two  blanks' 'a | b' '[2026-99-99]' '[=2026-99-99]' 'date: 2026-99-99' \
        'date:2026-99-99' '"quoted"' 'back\slash' 'back\' ':tag:tag:' 'key:: (1 +' '(code) x' '! star' '* star' \
        '= 5' '@ 5' '{5}' '<b>&amp;</b>' '#tag ^link' 'a, b, c' '  edges  ' '2026-01-01 x' 'ends in 5 CALD' 'ünï→'; do
        coledger pay mill-2 1 --from 1st --currency WHOLE --memo "$memo" --reference "$memo" >/dev/null ||
            failed=$((failed + 1))
    done
    coledger pay cafe 0.000001 --from mill-2 --currency FINE >/dev/null
    coledger pay cafe 1.5 --from mill-2 --currency THOU >/dev/null
    coledger transfer post --leg 1st:WHOLE=-5 --leg mill-2:WHOLE=2 --leg cafe:WHOLE=3 --leg cafe:FINE=-2.5 \
        --leg 1st:FINE=2.5 --memo 'two currencies' >/dev/null
    coledger transfer post --leg 1st:WHOLE=-5 --leg mill-2:WHOLE=-2 --leg cafe:WHOLE=7 >/dev/null
    coledger transfer reverse 3 --reason 'by mistake; twice' >/dev/null
    judge "awkward words"
    for format in hledger ledger beancount ofx; do
        coledger export --format $format --member 1st --currency WHOLE >"$dir/$format" || failed=$((failed + 1))
    done
    expect "an awkward member: hledger" hledger -f "$dir/hledger" check
    expect "an awkward member: ledger" ledger -f "$dir/ledger" balance
    expect "an awkward member: bean-check" bean-check "$dir/beancount"
    expect "an awkward member: OFX" xmllint --noout "$dir/ofx"
}

example
awkward
echo "$passed passed, $failed failed"
[ $failed = 0 ]
