#!/bin/bash
# Is a node seen from outside as it is? Its log and its figures while it starts, works, runs out of
# room and stops; and does every alarm of docs/example/alerts.yml ask for figures that there are? Wants
# root for a small disk of its own; says so where it has none.
set -u
export LC_ALL=C.UTF-8 NO_COLOR=1 PAGER=cat
top=$(cd "$(dirname "$0")/../.." && pwd)
build=$(cd "$top" && cd "${BUILD:-build}" && pwd) || exit 2
dir=$(mktemp -d) || exit 2
node= metrics=
stop_node() {
    [ -z "$node" ] || { kill "$node" && wait "$node"; } 2>/dev/null
    node=
    unset COLEDGER_NODE
}
trap 'stop_node; umount "$dir/disk" 2>/dev/null; rm -rf "$dir"' EXIT
export PATH=$build:$PATH HOME=$dir
unset COLEDGER_NODE COLEDGER_TOKEN XDG_DATA_HOME XDG_CONFIG_HOME

. "$top/tests/support/same.sh"

# start_node OPTIONS...: on ports that are free; figures at $metrics, where the log says.
start_node() {
    rm -f "$dir/out" "$dir/err"
    coledger serve --listen 127.0.0.1:0 --metrics 127.0.0.1:0 "$@" >"$dir/out" 2>"$dir/err" &
    node=$!
    for _ in $(seq 200); do
        COLEDGER_NODE=$(sed -n 's/^Serving .* on \(http:[^;]*\);.*/\1/p' "$dir/out" 2>/dev/null)
        [ -z "$COLEDGER_NODE" ] || break
        sleep 0.05
    done
    export COLEDGER_NODE
    metrics=$(sed -n 's/.*metrics are at \(http:[^"]*\)".*/\1/p' "$dir/err" "$dir"/log 2>/dev/null | tail -1)
}

pay() { coledger pay mill "${1:-3.33}" --from riverside --currency CALD --memo Zwiebelfisch --reference Zwiebelfisch; }
# figure NAME: the value of one sample, 0 where there is none.
figure() {
    curl -s "$metrics" | awk -v name="$1" '$1 == name { n = $2 } END { print n + 0 }'
}
# soon WHAT WANTED COMMAND...: what comes within ten seconds, if it comes.
soon() {
    local what=$1 wanted=$2
    shift 2
    for _ in $(seq 200); do
        [ "$("$@")" != "$wanted" ] || break
        sleep 0.05
    done
    same "$what" "$wanted" "$("$@")"
}
events() { grep -c "\"event\":\"$1\"" "$2"; }

new_ledger() {
    export COLEDGER_LEDGER=$1
    coledger init --name Zwiebelfisch >/dev/null
    coledger currency add CALD --name Calder --kind money --floor -100000 >/dev/null
    coledger member add mill --name Zwiebelfisch >/dev/null
    coledger member add riverside --name Riverside >/dev/null
    COLEDGER_TOKEN=$(coledger token create --role steward --json | sed -n 's/.*\(clt_[A-Za-z0-9_-]*\).*/\1/p')
    export COLEDGER_TOKEN
}

a_log_on_stderr() {
    start_node
    pay >/dev/null
    coledger balance nobody >/dev/null 2>&1
    curl -s -H "Authorization: Bearer clt_Zwiebelfisch" "$COLEDGER_NODE/api/v1/members?memo=Zwiebelfisch" >/dev/null
    soon "requests in the log" 3 events request "$dir/err"
    stop_node
    same "what people read" "Serving Stopped." "$(awk '{ print $1 }' "$dir/out" | paste -s -d ' ')"
    same "lines that are no event" 0 "$(grep -vcE '^\{"time":"[^"]*Z","level":"(info|warning|error)","event":"[a-z_]+",.*\}$' "$dir/err")"
    same "starts and stops" "1 1 1" "$(events start "$dir/err") $(events stopping "$dir/err") $(events stop "$dir/err")"
    same "what is private" 0 "$(grep -ciE "Zwiebelfisch|3\.33[^0-9]|riverside|clt_|$COLEDGER_TOKEN" "$dir/err")"
}

a_log_in_a_file() {
    start_node --log "$dir/log" --log-requests refused
    same "the log's mode" 600 "$(stat -c %a "$dir/log")"
    pay >/dev/null
    coledger balance nobody >/dev/null 2>&1
    soon "only what was refused" 1 events request "$dir/log"
    mv "$dir/log" "$dir/log.1"
    kill -HUP "$node"
    soon "a new file" 1 events log_reopened "$dir/log"
    coledger balance nobody >/dev/null 2>&1
    soon "which goes on" 1 events request "$dir/log"
    same "as the old one does not" 1 "$(events request "$dir/log.1")"
    stop_node
    same "stderr" 0 "$(wc -c <"$dir/err")"
    same "its end" 1 "$(events stop "$dir/log")"
    rm "$dir/log" "$dir/log.1"
    same "a log that cannot be written" "6" "$(coledger serve --listen 127.0.0.1:0 --log /nowhere/log >/dev/null 2>&1; echo $?)"
    same "a choice that is none" "2" "$(coledger serve --listen 127.0.0.1:0 --log-requests some >/dev/null 2>&1; echo $?)"
}

# Each name that an alarm's expression asks for stands in what a node tells.
alarms() {
    local name
    start_node
    pay >/dev/null
    curl -s "$metrics" | sed -n 's/^# TYPE \([a-z_]*\) .*/\1/p' >"$dir/names"
    for name in $(sed -n '/expr:/p' "$top/docs/example/alerts.yml" |
        grep -oE '(coledger|process)_[a-z_]+' | sed 's/_bucket$//' | sort -u); do
        same "the alarm's $name" "$name" "$(grep -x "$name" "$dir/names")"
    done
    for name in $(sed -n '/expr:/p' "$top/docs/example/alerts.yml" | grep -oE 'code=~?"[^"]*"' |
        sed 's/.*"\(.*\)"/\1/' | tr '|' '\n' | sort -u); do
        same "the alarm's code $name" 1 "$(curl -s "$metrics" | grep -c "^coledger_refused_total{code=\"$name\"} ")"
    done
    for name in $(sed -n 's/^ *- alert: //p' "$top/docs/example/alerts.yml"); do
        same "what to do at $name" 1 "$(grep -c "^| \`$name\` |" "$top/docs/OPERATING.md")"
    done
    stop_node
}

no_room() {
    mkdir "$dir/disk"
    mount -t tmpfs -o size=2m tmpfs "$dir/disk" 2>/dev/null || { echo "skipped: no small disk can be mounted here"; return; }
    new_ledger "$dir/disk/ledger.db"
    start_node
    same "health" 1 "$(figure coledger_healthy)"
    cat /dev/zero >"$dir/disk/fill" 2>/dev/null
    same "room left" 0 "$(figure coledger_disk_free_bytes)"
    for _ in $(seq 300); do # what SQLite has of its log already is room too
        pay >/dev/null 2>&1 || break
    done
    pay >/dev/null 2>&1
    soon "what was refused" 2 figure 'coledger_refused_total{code="store_full"}'
    same "health without room" 0 "$(figure coledger_healthy)"
    rm "$dir/disk/fill"
    pay >/dev/null
    same "health when there is room" 1 "$(figure coledger_healthy)"
    soon "told once" 1 events write_failed "$dir/err"
    soon "and when it was over" 1 events writes_resumed "$dir/err"
    stop_node
    umount "$dir/disk"
}

new_ledger "$dir/ledger.db"
a_log_on_stderr
a_log_in_a_file
alarms
no_room
echo "$passed passed, $failed failed"
[ $failed = 0 ]
