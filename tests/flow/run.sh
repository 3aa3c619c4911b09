#!/bin/bash
# Run stories: each `$ ` line of a .flow file is a command, what follows is all that it says (both
# streams), and `[exit N]` when it does not end well. `> ` goes on with a command, `# ` comments.
#
#   tests/flow/run.sh [--update] [--node] FILE...
#
# A story finds a ledger "Calder Valley" with a steward's token, in a folder of its own. With --node
# the same words go to a node that serves it; a story that says `# file only` is left out then. From
# `# It is 2036-05-05T10:00.` on, UTC, the clock goes on from there, for the node too; never back. Before
# the first command, the ledger is made then.
# BUILD says where coledger was built (build).
set -u
export LC_ALL=C.UTF-8
top=$(cd "$(dirname "$0")/../.." && pwd)
build=$(cd "$top" && cd "${BUILD:-build}" && pwd) || exit 2
update=no node=no passed=0 failed=0 server= clock=
outer_preload=${LD_PRELOAD-} outer_ahead=${COLEDGER_CLOCK_AHEAD-}
export BUILD=$build PATH=$build:$PATH NO_COLOR=1 PAGER=cat
unset COLEDGER_NODE COLEDGER_TOKEN XDG_DATA_HOME XDG_CONFIG_HOME COLUMNS

while [ $# -gt 0 ]; do
    case $1 in
    --update) update=yes ;;
    --node) node=yes ;;
    *) break ;;
    esac
    shift
done

# What differs from run to run, replaced by something as long, so that columns stay in line.
mask() {
    local today day='[0-9]{4}-[0-9]{2}-[0-9]{2}'
    today=$(TZ=Europe/London date +%F)
    sed -E -e 's/\r$//' \
        -e "s|$dir|/DIR|g" \
        -e 's/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/UUID----------------------------UUID/g' \
        -e 's/clt_[A-Za-z0-9_-]{43}/clt_SECRET/g' \
        -e 's/z6Mk[A-Za-z0-9]{44}/z6MkKEY-----------------------------------------/g' \
        -e 's/eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+/JWT/g' \
        -e "s/$day([ T])[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{6})?Z/YYYY-MM-DD\1hh:mm:ssZ/g" \
        -e "s/$day(T[0-9]{2}:[0-9]{2})/YYYY-MM-DD\1/g" -e "s/$today/YYYY-MM-DD/g" -e "s/(write it as )$day/\1YYYY-MM-DD/" \
        -e 's/(local:[a-z][a-z0-9_-]*|token:1\b)( ?) */ACTOR\2\2/g' -e 's/^(.*Who)  +/\1  /'
}

start_node() {
    coledger serve --listen 127.0.0.1:0 >"$dir/.serve" 2>&1 &
    server=$!
    for _ in $(seq 100); do
        COLEDGER_NODE=$(sed -n 's/.* on \(http:[^;]*\);.*/\1/p' "$dir/.serve")
        [ -n "$COLEDGER_NODE" ] && break
        sleep 0.05
    done
    export COLEDGER_NODE
    [ -n "$COLEDGER_NODE" ] || { echo "the node did not start:"; cat "$dir/.serve"; }
}

stop_node() {
    [ -z "$server" ] || { kill "$server" && wait "$server"; } 2>/dev/null
    server=
    unset COLEDGER_NODE
}

set_clock() {
    [ "$1" != "$clock" ] || return 0
    clock=$1
    export $("$top/tests/clock/at" "$1" env | grep -E '^(LD_PRELOAD|ASAN_OPTIONS|COLEDGER_CLOCK_AHEAD)=')
    [ -z "$server" ] || { stop_node; start_node; }
}

open_story() {
    local begins
    begins=$(sed -n '/^\$/q; s/^# It is \([0-9T:-]*\).*/\1/p' "$1")
    [ -z "$begins" ] || set_clock "$begins"
    dir=$(mktemp -d)
    export HOME=$dir COLEDGER_LEDGER=$dir/ledger.db
    unset COLEDGER_TOKEN
    coledger init --name "Calder Valley" --zone Europe/London >"$dir/.init" 2>&1 || cat "$dir/.init"
    COLEDGER_TOKEN=$(coledger token create --role steward --label story --expires 90d --json |
        sed -n 's/.*\(clt_[A-Za-z0-9_-]*\).*/\1/p')
    export COLEDGER_TOKEN
    [ $node = no ] || start_node
}

close_story() {
    stop_node
    export LD_PRELOAD=$outer_preload COLEDGER_CLOCK_AHEAD=$outer_ahead
    clock=
    rm -rf "$dir"
}

run_command() {
    local status
    printf '$ %s\n' "${1//$'\n'/$'\n> '}"
    # what says no line end still has its exit code on a line of its own
    (cd "$dir" && sh -c "$1" </dev/null 2>&1; echo "[exit $?]") |
        sed '$s/^\(.*[^ ]\)\(\[exit [0-9]*\]\)$/\1\n\2/' | grep -vx '\[exit 0\]' | mask
}

# The story as it goes now.
tell() {
    local line command= first=yes
    while IFS= read -r line || [ -n "$line" ]; do
        case $line in
        '> '*) command+=$'\n'${line#> }; continue ;;
        esac
        [ -z "$command" ] || run_command "$command"
        command=
        case $line in
        '$ '*) command=${line#\$ } ;;
        '# '*) [ $first = yes ] || echo; echo "$line" ;;
        esac
        case $line in
        '# It is '[0-9]*) line=${line#\# It is }; set_clock "${line%%[. ]*}" ;;
        esac
        first=no
    done <"$1"
    [ -z "$command" ] || run_command "$command"
}

for story; do
    if [ $node = yes ] && grep -qx '# file only' "$story"; then
        continue
    fi
    open_story "$story"
    tell "$story" >"$dir/.told"
    [ $update = no ] || cp "$dir/.told" "$story"
    if diff -u "$story" "$dir/.told"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED $story"
    fi
    close_story
done
echo "$passed passed, $failed failed"
[ $failed = 0 ]
