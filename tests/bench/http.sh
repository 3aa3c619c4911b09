#!/usr/bin/env bash
# http.sh BUILD FOLDER: a node under load, beside PostgreSQL on the same disk in the same minutes.
#
# Payments come from wrk over 64 connections, each with its member's own token and a new uid; pgbench runs its
# TPC-B-like script (-s 50, prepared, 16 clients). They take turns, so that a noisy machine is as noisy for both.
set -euo pipefail
build=$1
folder=$2
here=$(dirname "$0")
turns=${COLEDGER_BENCH_TURNS:-3}
seconds=${COLEDGER_BENCH_SECONDS:-10}
many=${COLEDGER_BENCH_MANY:-1000000}
pg=$(dirname "$(ls /usr/lib/postgresql/*/bin/initdb | tail -1)")
postgres_user=postgres
[ "$(id -u)" -eq 0 ] || postgres_user=

as_postgres() {
    if [ -n "$postgres_user" ]; then
        (cd / && setpriv --reuid "$postgres_user" --regid "$postgres_user" --clear-groups "$@")
    else
        "$@"
    fi
}

cleanup() {
    for one in ${node:-} ${many_node:-}; do kill "$one" 2>/dev/null || true; done
    [ ! -d "$folder/pg" ] || as_postgres "$pg/pg_ctl" -D "$folder/pg" -m immediate stop >/dev/null 2>&1 || true
}
trap cleanup EXIT

start_node() { # FILE
    rm -f "$folder/url"
    "$build/coledger" serve --ledger "$1" --listen 127.0.0.1:0 >"$folder/url" 2>"$folder/node.log" &
    node=$!
    until grep -q http "$folder/url"; do sleep 0.1; done
    url=$(grep -oE 'http://[0-9.:]+' "$folder/url")
}

stop_node() {
    kill "$node"
    wait "$node" || true
    node=
}

load() { # SCRIPT CONNECTIONS TOKENS: "a second, failed, p50 ms, p99 ms"
    wrk -t2 -c"$2" -d"${seconds}s" -s "$here/$1" "$url" -- "$folder/${3:-tokens}" | tail -1
}

watch_log() { # the largest that the write-ahead log becomes, and the node's memory
    local node=$node
    while kill -0 "$node" 2>/dev/null; do
        stat -c %s "$1-wal" 2>/dev/null >>"$folder/wal" || true
        sed -n 's/^VmHWM:[[:space:]]*\([0-9]*\) kB/\1/p' "/proc/$node/status" 2>/dev/null >>"$folder/memory" || true
        sleep 0.5
    done
}

largest() { sort -n "$1" | tail -1; }
mean() { awk -v c="$2" '{s += $c} END {printf "%.1f", s / NR}' "$1"; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN {printf "%.2f", a / b}'; }

mkdir "$folder/pg"
chmod 755 "$folder"
[ -z "$postgres_user" ] || chown "$postgres_user" "$folder/pg"
as_postgres "$pg/initdb" -D "$folder/pg" -A trust -U bench >/dev/null
as_postgres "$pg/pg_ctl" -D "$folder/pg" -w -l "$folder/pg/log" \
    -o "-c listen_addresses= -c unix_socket_directories=$folder/pg" start >/dev/null
pgbench() { as_postgres "$pg/pgbench" -h "$folder/pg" -U bench "$@" postgres; }
pgbench -i -s 50 -q >/dev/null 2>&1

"$build/bench" fill "$folder/node.db" "$folder/tokens" 10000
start_node "$folder/node.db"
watch_log "$folder/node.db" &
load pay.lua 64 >/dev/null
for _ in $(seq "$turns"); do
    load pay.lua 64 >>"$folder/pay"
    pgbench -M prepared -c 16 -j 2 -T "$seconds" 2>/dev/null | sed -n 's/^tps = \([0-9.]*\).*/\1/p' >>"$folder/tps"
done
payments=$(mean "$folder/pay" 1)
printf 'node: payments over HTTP       %9.0f /s   64 connections, %s refused; p50 %s ms, p99 %s ms\n' \
    "$payments" "$(awk '{s += $2} END {print s}' "$folder/pay")" "$(mean "$folder/pay" 3)" "$(mean "$folder/pay" 4)"
printf '  pgbench TPC-B, 16 clients    %9.0f /s   ratio %s\n' \
    "$(mean "$folder/tps" 1)" "$(ratio "$payments" "$(mean "$folder/tps" 1)")"

for _ in $(seq "$turns"); do
    load pay.lua 64 >>"$folder/alone"
    load read.lua 15 >"$folder/read.one" &
    reading=$!
    load pay.lua 64 >>"$folder/beside"
    wait "$reading"
    cat "$folder/read.one" >>"$folder/read"
done
printf '  beside statement pages       %9.0f /s   ratio %s to payments alone\n' \
    "$(mean "$folder/beside" 1)" "$(ratio "$(mean "$folder/beside" 1)" "$(mean "$folder/alone" 1)")"
printf '  the statement pages          %9.0f /s   p50 %s ms, p99 %s ms\n' \
    "$(mean "$folder/read" 1)" "$(mean "$folder/read" 3)" "$(mean "$folder/read" 4)"
stop_node

as_postgres "$pg/pg_ctl" -D "$folder/pg" -m fast stop >/dev/null
"$build/bench" fill "$folder/few.db" "$folder/tokens.few" 10000
"$build/bench" fill "$folder/many.db" "$folder/tokens" "$many"
start_node "$folder/many.db"
watch_log "$folder/many.db" &
many_node=$node
many_url=$url
start_node "$folder/few.db"
few_url=$url
for turn in $(seq 0 "$turns"); do
    url=$many_url load pay.lua 64 tokens >>"$folder/many.$((turn > 0))"
    url=$few_url load pay.lua 64 tokens.few >>"$folder/few.$((turn > 0))"
done
stop_node
node=$many_node
stop_node
printf '  with %7d transfers there  %9.0f /s   ratio %s to 10000; p50 %s ms, p99 %s ms\n' "$many" \
    "$(mean "$folder/many.1" 1)" "$(ratio "$(mean "$folder/many.1" 1)" "$(mean "$folder/few.1" 1)")" \
    "$(mean "$folder/many.1" 3)" "$(mean "$folder/many.1" 4)"
printf '  largest log, largest memory  %9.1f MiB  %.1f MiB\n' \
    "$(awk -v b="$(largest "$folder/wal")" 'BEGIN {print b / 1048576}')" \
    "$(awk -v k="$(largest "$folder/memory")" 'BEGIN {print k / 1024}')"
