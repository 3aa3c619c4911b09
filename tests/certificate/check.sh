#!/bin/sh
# Issue certificates under did:key and under a public address, with an old key and a new one, by hand and of a session
# that was attended, and let libraries that are not ours judge them.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "${BUILD:-build}" && pwd)
work=$build/certificate
node_pid=
export BUILD="$build"
export COLEDGER_LEDGER="$work/ledger.db"
unset COLEDGER_NODE COLEDGER_TOKEN

stop() {
    [ -z "$node_pid" ] || kill "$node_pid" 2>/dev/null || true
    rm -f "$work"/ledger.db*
}
trap stop EXIT

mkdir -p "$work"
rm -f "$work"/ledger.db* "$work/served"
if ! cmp -s "$here/package-lock.json" "$work/package-lock.json"; then
    cp "$here/package.json" "$here/package-lock.json" "$work"
    (cd "$work" && npm ci --silent --no-audit --no-fund --ignore-scripts)
fi
cp "$here/verify.mjs" "$work"

# From a time on the clock goes on, so no command is before another.
it_is() { clock=$("$here/../clock/at" "$1" env | grep -E '^(LD_PRELOAD|ASAN_OPTIONS|COLEDGER_CLOCK_AHEAD)='); }
it_is 2020-05-01T09:00
coledger() { env $clock "$build/coledger" "$@"; }
certify() {
    coledger certificate issue --provider mill --member riverside --name "Ana \"Nan\" Ruíz" \
        --title "First aid at work" "$@" --json
}

coledger init --name "Certificate check" >/dev/null
coledger member add mill --name "Bobbin Mill" >/dev/null
coledger member add riverside --name "Riverside Bakery" >/dev/null
certify >"$work/did.json"
coledger node address https://ledger.example.org --reason "found there" >/dev/null
certify --description "Help in the first minutes" --criteria "Two days, and a test" \
    --held-on 2020-03-02 --expires-on 2090-12-31 >"$work/url.json"
coledger member add ana --name "Ana \"Nan\" Ruíz" --kind person >/dev/null
coledger course add --provider mill --title "Reading accounts" --description "For boards" --language en-GB \
    --threshold 75 >/dev/null
coledger session add 1 --starts 2020-05-05T18:00 --ends 2020-05-05T20:00 --capacity 5 >/dev/null
coledger enrol 1 --member ana >/dev/null
it_is 2020-05-05T21:00
coledger attendance confirm 1 --minutes 105 >/dev/null
coledger certificate issue --enrolment 1 --json >"$work/attended.json"
coledger key rotate --reason "yearly" >/dev/null
certify >"$work/rotated.json"

: >"$work/served" # it is looked at before the node writes to it
"$build/coledger" serve --listen 127.0.0.1:0 >"$work/served" 2>"$work/log" &
node_pid=$!
url=
for _ in $(seq 100); do
    url=$(sed -n 's/.*on \(http:[^;]*\);.*/\1/p' "$work/served")
    [ -z "$url" ] || break
    sleep 0.1
done
[ -n "$url" ] || { echo "the node did not start" >&2; exit 1; }
cd "$work"
node verify.mjs "$url" did.json url.json attended.json rotated.json
