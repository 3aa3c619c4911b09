#!/bin/bash
# Does the doctor find what is wrong, and is it quiet about what is not? Does a backup refuse a disk that
# it would fill? Wants root for a small disk of its own; says so where it has none.
set -u
export LC_ALL=C.UTF-8 NO_COLOR=1 PAGER=cat
top=$(cd "$(dirname "$0")/../.." && pwd)
build=$(cd "$top" && cd "${BUILD:-build}" && pwd) || exit 2
dir=$(mktemp -d) || exit 2
node=
stop_node() {
    [ -z "$node" ] || { kill "$node" && wait "$node"; } 2>/dev/null
    node=
}
trap 'stop_node; umount "$dir/small" 2>/dev/null; rm -rf "$dir"' EXIT
export PATH=$build:$PATH HOME=$dir COLEDGER_LEDGER=$dir/home/ledger.db
unset COLEDGER_NODE COLEDGER_TOKEN XDG_DATA_HOME XDG_CONFIG_HOME

. "$top/tests/support/same.sh"

# found CHECK [OPTION...]: its level, and the doctor's exit code.
found() {
    local check=$1 out status
    shift
    out=$(coledger doctor --csv "$@")
    status=$?
    echo "$(printf '%s\n' "$out" | awk -F, -v check="$check" '$2 == check { print $1 }') $status"
}

says() { coledger doctor --csv "$@" | grep -c "$words"; }

# damage SQL: as the file's owner, without the guards.
damage() { sqlite3 "$COLEDGER_LEDGER" "$(sqlite3 "$COLEDGER_LEDGER" "SELECT 'DROP TRIGGER ' || name || ';' FROM sqlite_schema WHERE type = 'trigger'") $1"; }

fresh() {
    rm -f "$dir"/home/*
    cp "$dir/sound.db" "$COLEDGER_LEDGER"
    cp "$dir/sound.key" "$COLEDGER_LEDGER.key"
    chmod 600 "$COLEDGER_LEDGER" "$COLEDGER_LEDGER.key"
}

mkdir -m 700 "$dir/home" "$dir/backups"
same "no ledger" "wrong 1" "$(found file)"
coledger init --name Test >/dev/null
coledger currency add CALD --name Calder --kind money --floor -100 >/dev/null
coledger member add mill --name Mill >/dev/null
coledger member add riverside --name Riverside >/dev/null
for _ in 1 2 3; do coledger pay mill 1 --from riverside --currency CALD >/dev/null; done
cp "$COLEDGER_LEDGER" "$dir/sound.db"
cp "$COLEDGER_LEDGER.key" "$dir/sound.key"

for check in file permissions disk log writer schema clock key figures; do
    same "a sound ledger's $check" "ok 0" "$(found $check)"
done
rm "$COLEDGER_LEDGER.key"
same "a key that is gone" "wrong 1" "$(found key)"
COLEDGER_LEDGER=$dir/other.db coledger init --name Other >/dev/null
mv "$dir/other.db.key" "$COLEDGER_LEDGER.key"
same "another ledger's key" "wrong 1" "$(found key)"
cp "$dir/sound.key" "$COLEDGER_LEDGER.key"
chmod 640 "$COLEDGER_LEDGER.key"
same "a key that others can read" "wrong 1" "$(found key)"
fresh
damage "DELETE FROM node_key"
rm "$COLEDGER_LEDGER.key"
same "no key yet" "look 5" "$(found key)"
fresh
same "all replayed" "ok 0" "$(found figures --full)"
same "no backup yet" "look 0" "$(found backup)"
same "a backup" 0 "$(coledger backup --into "$dir/backups" >/dev/null; echo $?)"
same "a backup today" "ok 0" "$(found backup)"
rm "$dir/backups"/ledger-*.db
same "a backup that is gone" "look 0" "$(found backup)"
echo "2026-01-01T00:00:00.000000Z $dir/backups/ledger-2026-01-01.db" >"$COLEDGER_LEDGER.backup"
same "an old backup" "look 0" "$(found backup)"

chmod 755 "$dir" "$dir/home"
chmod 644 "$COLEDGER_LEDGER"
same "everybody may read it" "wrong 1" "$(found permissions)"
chmod 600 "$COLEDGER_LEDGER"
chmod 640 "$COLEDGER_LEDGER"
same "a group may read it" "look 0" "$(found permissions)"
fresh
ln "$COLEDGER_LEDGER" "$dir/second.db"
same "a second name" "wrong 1" "$(found file)"
rm "$dir/second.db"
if [ "$(id -u)" = 0 ]; then
    : >"$COLEDGER_LEDGER.lock"
    chown 65534 "$COLEDGER_LEDGER"
    chown 65534 "$dir/home"
    coledger backup "$dir/backups/root.db" >/dev/null
    same "what root leaves beside another's ledger" 65534 "$(stat -c %u "$COLEDGER_LEDGER"-* "$COLEDGER_LEDGER.backup" | sort -u)"
    chown 0 "$dir/home"
    same "root's lock beside another's ledger" "wrong 1" "$(found permissions)"
else
    echo "skipped: a file of another owner needs root"
fi
fresh
truncate -s 200M "$COLEDGER_LEDGER-wal"
same "a log that was not emptied" "look 0" "$(found log)"

for row in "DROP TRIGGER IF EXISTS none|schema" \
    "DROP INDEX transfer_corrects|schema" \
    "UPDATE account SET balance_minor = balance_minor + 1 WHERE id = 1|figures" \
    "UPDATE entry SET balance_minor = balance_minor + 1 WHERE transfer_id = 2 AND leg = 0|figures"; do
    fresh
    damage "${row%|*}"
    same "after ${row%|*}" "wrong 5" "$(found "${row#*|}")"
done
fresh
damage "PRAGMA user_version = 99"
same "a newer schema" "wrong 1" "$(found schema)"
fresh
head -c 6000 "$dir/sound.db" >"$COLEDGER_LEDGER"
same "a file cut off" 5 "$(coledger doctor >/dev/null; echo $?)"
echo "Dear diary" >"$COLEDGER_LEDGER"
same "a diary" "wrong 1" "$(found schema)"
fresh
damage "UPDATE register SET at_us = at_us + 3600000000 WHERE seq = (SELECT max(seq) FROM register)"
same "a clock behind" "wrong 5" "$(found clock)" # 5: the guards are gone too
same "a wrong word" 2 "$(coledger doctor --fulll >/dev/null 2>&1; echo $?)"

fresh
coledger serve --listen 127.0.0.1:0 >"$dir/serve" 2>&1 &
node=$!
for _ in $(seq 200); do
    url=$(sed -n 's/.* on \(http:[^;]*\);.*/\1/p' "$dir/serve")
    [ -z "$url" ] || break
    sleep 0.05
done
words="coledger serve on 127.0.0.1:0 (pid $node)"
same "who writes it" 1 "$(says)"
same "the figures beside a node" "ok 0" "$(found figures)"
same "a backup beside a node" 0 "$(coledger backup --into "$dir/backups" --daily 1 >/dev/null; echo $?)"
for row in node writes clock; do
    same "a node's $row" "ok 0" "$(found $row --node "$url")"
done
same "a node without a token" "look 0" "$(found ledger --node "$url")"
stop_node
token=$(coledger token create --role auditor --json | sed -n 's/.*\(clt_[A-Za-z0-9_-]*\).*/\1/p')
damage "UPDATE account SET balance_minor = balance_minor + 1 WHERE id = 1"
coledger serve --listen 127.0.0.1:0 >"$dir/serve" 2>&1 &
node=$!
for _ in $(seq 200); do
    url=$(sed -n 's/.* on \(http:[^;]*\);.*/\1/p' "$dir/serve")
    [ -z "$url" ] || break
    sleep 0.05
done
same "verify, asked of a node" "integrity 5" "$(COLEDGER_TOKEN=$token coledger verify --node "$url" 2>&1 | sed -n 's/.*\[\([a-z_]*\)\]$/\1/p') $(COLEDGER_TOKEN=$token coledger verify --node "$url" >/dev/null 2>&1; echo $?)"
same "a node and a token" "ok 0" "$(COLEDGER_TOKEN=$token found ledger --node "$url")"
same "a node that replays all" "wrong 5" "$(COLEDGER_TOKEN=$token found figures --full --node "$url")"
stop_node
same "no node" "wrong 1" "$(found node --node "$url")"

# A backup that is killed, early and late: the next one puts all right.
fresh
mkdir "$dir/killed"
for n in 1 2 3 4 5 6 7 8 9 10 11 12; do
    timeout -s KILL "0.0$(printf %02d $((n * 3)))" coledger backup --into "$dir/killed" >/dev/null 2>&1
    [ $((n % 4)) != 0 ] || coledger backup --into "$dir/killed" >/dev/null
done 2>/dev/null
same "a backup after others were killed" 0 "$(coledger backup --into "$dir/killed" >/dev/null; echo $?)"
same "what is there then" "ledger-D.db ledger.sha256" "$(ls "$dir/killed" | sed 's/-[0-9-]*\.db/-D.db/' | paste -sd ' ')"
same "and it is what was written" 0 "$(cd "$dir/killed" && sha256sum --quiet --strict -c ledger.sha256 >/dev/null 2>&1; echo $?)"

# A disk with less room than the ledger and a rest: nothing is begun, nothing goes.
mkdir "$dir/small"
if mount -t tmpfs -o size=20m tmpfs "$dir/small" 2>/dev/null; then
    fresh
    same "a first backup on a small disk" 0 "$(coledger backup --into "$dir/small" --daily 1 >/dev/null; echo $?)"
    head -c 5000000 /dev/zero >"$dir/small/fill"
    before=$(ls "$dir/small")
    out=$(coledger backup --into "$dir/small" --daily 1 2>&1)
    same "a backup that would fill it" 6 "$?"
    same "and says how much it needs" 1 "$(echo "$out" | grep -c 'MiB free and a backup needs 17.*\[store_full\]')"
    same "what is there then" "$before" "$(ls "$dir/small")"
    cp "$dir/sound.db" "$dir/small/ledger.db"
    COLEDGER_LEDGER=$dir/small/ledger.db
    same "a ledger in memory" "look 1" "$(found 'file system')"
    same "a disk that gets full" "wrong 1" "$(found disk)"
    umount "$dir/small"
else
    echo "skipped: no small disk can be mounted here"
fi
echo "$passed passed, $failed failed"
[ $failed = 0 ]
