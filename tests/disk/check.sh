#!/bin/bash
# A disk without room, a folder without permission: refused with a code, nothing half, and all goes on
# afterwards. Wants root for a small disk of its own; says so where it has none.
set -u
export LC_ALL=C.UTF-8 NO_COLOR=1 PAGER=cat
top=$(cd "$(dirname "$0")/../.." && pwd)
build=$(cd "$top" && cd "${BUILD:-build}" && pwd) || exit 2
dir=$(mktemp -d) || exit 2
chmod 755 "$dir"
node=
stop_node() {
    [ -z "$node" ] || { kill "$node" && wait "$node"; } 2>/dev/null
    node=
    unset COLEDGER_NODE
}
trap 'stop_node; umount "$dir/disk" 2>/dev/null; rm -rf "$dir"' EXIT
export PATH=$build:$PATH HOME=$dir
unset COLEDGER_NODE COLEDGER_TOKEN XDG_DATA_HOME XDG_CONFIG_HOME

. "$top/tests/support/same.sh"

# said COMMAND...: its code in brackets and its exit code.
said() {
    local words status
    words=$("$@" 2>&1 >/dev/null)
    status=$?
    echo "$(printf '%s' "$words" | sed -n 's/.*\[\([a-z_]*\)\]$/\1/p') $status"
}

pay() { coledger pay mill 1 --from riverside --currency CALD --memo "$(printf '%0400d' 0)"; }
balance() { coledger balance mill --currency CALD --json | sed -n 's/.*"balance": "\(.*\)".*/\1/p'; }
fill() { cat /dev/zero >"$dir/disk/fill" 2>/dev/null; }

start_node() {
    COLEDGER_TOKEN=$(coledger token create --role steward --json | sed -n 's/.*\(clt_[A-Za-z0-9_-]*\).*/\1/p')
    export COLEDGER_TOKEN
    coledger serve --listen 127.0.0.1:0 >"$dir/serve" 2>&1 &
    node=$!
    for _ in $(seq 200); do
        COLEDGER_NODE=$(sed -n 's/.* on \(http:[^;]*\);.*/\1/p' "$dir/serve")
        [ -z "$COLEDGER_NODE" ] || break
        sleep 0.05
    done
    export COLEDGER_NODE
}

new_ledger() {
    export COLEDGER_LEDGER=$1
    coledger init --name Test >/dev/null
    coledger currency add CALD --name Calder --kind money --floor -100000 >/dev/null
    coledger member add mill --name Mill >/dev/null
    coledger member add riverside --name Riverside >/dev/null
    pay >/dev/null
}

full_disk() {
    local paid
    mkdir "$dir/disk"
    mount -t tmpfs -o size=2m tmpfs "$dir/disk" 2>/dev/null || { echo "skipped: no small disk can be mounted here"; return; }
    new_ledger "$dir/disk/ledger.db"
    fill
    same "a payment on a full disk" "store_full 6" "$(said pay)"
    rm "$dir/disk/fill"
    same "what was paid" 1.00 "$(balance)"
    same "a payment when there is room" " 0" "$(said pay)"

    start_node
    unset COLEDGER_LEDGER
    fill
    paid=2
    for _ in $(seq 300); do # what SQLite has of its log already is room too
        pay >/dev/null 2>&1 || break
        paid=$((paid + 1))
    done
    same "a payment over a node on a full disk" "store_full 6" "$(said pay)"
    same "reads go on" "$paid.00" "$(balance)"
    rm "$dir/disk/fill"
    same "a payment over a node when there is room" " 0" "$(said pay)"
    same "all that was answered is there" "$((paid + 1)).00" "$(balance)"
    stop_node
    export COLEDGER_LEDGER=$dir/disk/ledger.db
    same "verify" "yes" "$(coledger verify | sed -n 's/^Sound *//p')"
    umount "$dir/disk"
}

# Somebody who may read the file and not write it. Root may write everything, so it becomes nobody.
read_only() {
    local as=
    new_ledger "$dir/ledger.db"
    chmod 444 "$dir/ledger.db"
    if [ "$(id -u)" = 0 ]; then
        command -v setpriv >/dev/null || { echo "skipped: no setpriv to become somebody else"; return; }
        as="setpriv --reuid 65534 --regid 65534 --clear-groups"
    fi
    chmod 755 "$dir"
    [ -n "$as" ] && ! $as test -x "$build/coledger" && { echo "skipped: nobody cannot run $build/coledger"; return; }
    same "a payment into a folder that refuses" "read_only 6" "$(said $as coledger pay mill 1 --from riverside --currency CALD)"
    same "a look into a folder that refuses" "read_only 6" "$(said $as coledger balance)"
    chmod 644 "$dir/ledger.db"
    same "it is as it was" 1.00 "$(balance)"
}

# What else may touch a file that is served: another program that only reads, and other names of it.
other_hands() {
    new_ledger "$dir/ledger.db"
    start_node
    unset COLEDGER_LEDGER
    pay >/dev/null
    balance >/dev/null
    same "locks on the served file" 1 "$(grep -c ":$(stat -c %i "$dir/ledger.db") " /proc/locks)"
    sqlite3 "$dir/ledger.db" 'SELECT count(*) FROM transfer' >/dev/null
    pay >/dev/null
    ln -s ledger.db "$dir/soft.db"
    same "a payment by a symlink" "locked 6" "$(unset COLEDGER_NODE; said coledger --ledger "$dir/soft.db" pay mill 1 --from riverside --currency CALD)"
    ln "$dir/ledger.db" "$dir/hard.db"
    same "a payment by a hard link" "read_only 6" "$(unset COLEDGER_NODE; said coledger --ledger "$dir/hard.db" pay mill 1 --from riverside --currency CALD)"
    rm "$dir/hard.db"
    kill -9 "$node" && wait "$node" 2>/dev/null
    node=
    unset COLEDGER_NODE
    export COLEDGER_LEDGER=$dir/ledger.db
    same "all that was answered is there after a crash" 3.00 "$(balance)"
    printf 'from,to,amount\nriverside,mill,1\nriverside,mill,x\n' >"$dir/rows.csv"
    same "rejects over the ledger" "exists 4" "$(said coledger import transfers "$dir/rows.csv" --currency CALD --effective-on 2026-01-02 --each --rejects "$dir/ledger.db")"
    coledger token create --role auditor >&-
    same "secrets in the lock's file" 0 "$(grep -c clt_ "$dir/ledger.db.lock")"
    rm -f "$dir"/ledger.db* "$dir/soft.db"
}

full_disk
other_hands
read_only
echo "$passed passed, $failed failed"
[ $failed = 0 ]
