#!/bin/bash
# What `make install` lays down, what systemd thinks of the units, and whether the node and its backup
# do with what the units leave them. Says what cannot be tried here.
set -u
export LC_ALL=C.UTF-8 NO_COLOR=1 PAGER=cat
top=$(cd "$(dirname "$0")/../.." && pwd)
build=$(cd "$top" && cd "${BUILD:-build}" && pwd) || exit 2
dir=$(mktemp -d) || exit 2
node=
stop_node() {
    # what was started is a shell around it
    [ -z "$node" ] || { kill "$(sed -n 's/.*(pid \([0-9]*\)).*/\1/p' "$dir/state/ledger.db.lock")" && wait "$node"; } 2>/dev/null
    node=
}
trap 'stop_node; rm -rf "$dir"' EXIT
export HOME=$dir
unset COLEDGER_NODE COLEDGER_TOKEN COLEDGER_LEDGER XDG_DATA_HOME XDG_CONFIG_HOME MAKEFLAGS MFLAGS MAKELEVEL
units="coledger.service coledger-backup.service coledger-backup.timer"

. "$top/tests/support/same.sh"

installed() {
    local prefix=$1 root=$dir/root-${1//\//-}
    (umask 077; make -s -C "$top" BUILD="$build" DESTDIR="$root" PREFIX="$prefix" install >"$dir/made" 2>&1) || cat "$dir/made"
    same "what lies below $prefix" "755 bin/coledger
644 lib/systemd/system/coledger-backup.service
644 lib/systemd/system/coledger-backup.timer
644 lib/systemd/system/coledger.service
644 lib/sysusers.d/coledger.conf
644 lib/tmpfiles.d/coledger.conf
644 share/bash-completion/completions/coledger
644 share/man/man1/coledger.1" "$(cd "$root$prefix" && find . -type f -printf '%m %P\n' | LC_ALL=C sort -k 2)"
    same "nothing outside $prefix" "" "$(cd "$root" && find . -type f ! -path ".$prefix/*")"
    same "folders that all can enter" "" "$(cd "$root" && find . -mindepth 1 -type d ! -perm -755)"
    same "the units run what was installed" "2 0" "$(cd "$root$prefix/lib/systemd/system" &&
        echo "$(grep -l "^ExecStart=$prefix/bin/coledger " -- *.service | wc -l) $(grep -h ^ExecStart= -- * | grep -vc "=$prefix/bin/coledger ")")"
    same "what was installed runs" "$("$build/coledger" --version)" "$("$root$prefix/bin/coledger" --version)"
}

installed /usr/local
installed /usr

root=$dir/root--usr
if command -v systemd-analyze >/dev/null; then
    # for real: what the units run is there
    make -s -C "$top" BUILD="$build" PREFIX="$dir/here" install >/dev/null 2>&1
    for unit in $units; do
        same "systemd's word on $unit" "" "$(systemd-analyze verify --man=no "$dir/here/lib/systemd/system/$unit" 2>&1 | grep -i coledger)"
    done
    for row in coledger.service:15 coledger-backup.service:10; do
        systemd-analyze security --no-pager --offline=yes --threshold="${row#*:}" "$top/packaging/${row%:*}" >"$dir/said" 2>&1
        same "exposure of ${row%:*} at most ${row#*:} of 100" 0 "$?"
    done
    if mkdir -p "$root/etc" && systemd-sysusers --root="$root" >/dev/null 2>&1; then
        same "the user" ":/var/lib/coledger:/usr/sbin/nologin" "$(sed -n 's/^coledger:.*coledger node\(:.*\)/\1/p' "$root/etc/passwd")"
    else
        echo "skipped: systemd-sysusers does not run here"
    fi
    same "when the timer goes off" "02:15:00" "$(systemd-analyze calendar "$(sed -n 's/^OnCalendar=//p' "$top/packaging/coledger-backup.timer")" | sed -n 's/.*Next elapse: .* \([0-9:]*\) .*/\1/p')"
else
    echo "skipped: no systemd-analyze"
fi

# --- as little as the unit leaves: another user, a read-only system, a folder of its own ------------

chmod 755 "$dir"
mkdir -p "$dir/state" "$dir/backups"
cp "$build/coledger" "$dir/coledger"
as=
if [ "$(id -u)" = 0 ]; then
    chown 65534:65534 "$dir/state" "$dir/backups"
    as="setpriv --reuid 65534 --regid 65534 --clear-groups --no-new-privs --bounding-set -all --inh-caps -all"
fi
chmod 700 "$dir/state" "$dir/backups"
cat >"$dir/confine" <<END
mount --make-rprivate / && mount --bind "$dir/state" "$dir/state" && mount --bind "$dir/backups" "$dir/backups" &&
mount -o remount,bind,ro / || exit 99
umask 077
ulimit -c 0
ulimit -n 4096
exec $as "\$@"
END
confined() {
    if [ -n "$as" ] && unshare -m sh "$dir/confine" true 2>/dev/null; then
        unshare -m sh "$dir/confine" "$@"
    else
        (umask 077; ulimit -c 0; ulimit -n 4096; exec $as "$@")
    fi
}
[ -n "$as" ] && unshare -m sh "$dir/confine" true 2>/dev/null || echo "skipped: a read-only system of its own needs root"
coledger() { confined "$dir/coledger" "$@"; }
export COLEDGER_LEDGER=$dir/state/ledger.db

start_node() {
    : >"$dir/serve"
    confined "$@" serve --listen 127.0.0.1:0 >"$dir/serve" 2>&1 &
    node=$!
    for _ in $(seq 400); do
        url=$(sed -n 's/.* on \(http:[^;]*\);.*/\1/p' "$dir/serve")
        [ -z "$url" ] || return
        sleep 0.05
    done
    cat "$dir/serve"
}

story() {
    coledger pay mill 1 --from riverside --currency CALD --node "$url" >/dev/null &&
        coledger balance --node "$url" >/dev/null && coledger verify --node "$url" >/dev/null
    echo $?
}

coledger init --name Test --zone Europe/London >/dev/null
coledger currency add CALD --name Calder --kind money --floor -100 >/dev/null
coledger member add mill --name Mill >/dev/null
coledger member add riverside --name Riverside >/dev/null
COLEDGER_TOKEN=$(coledger token create --role steward --json | sed -n 's/.*\(clt_[A-Za-z0-9_-]*\).*/\1/p')
export COLEDGER_TOKEN
[ -z "$as" ] || same "whose ledger" 65534 "$(stat -c %u "$COLEDGER_LEDGER")"
start_node "$dir/coledger"
same "a node confined" 0 "$(story)"
same "a backup confined" 0 "$(coledger backup --into "$dir/backups" >/dev/null; echo $?)"
same "modes" "600" "$(find "$dir/state" "$dir/backups" -type f -printf '%m\n' | sort -u)"
pid=$(sed -n 's/.*(pid \([0-9]*\)).*/\1/p' "$COLEDGER_LEDGER.lock")
[ -z "$as" ] || same "privileges of the node" "0000000000000000 1" "$(sed -n 's/^CapEff:\t//p; s/^NoNewPrivs:\t//p' "/proc/$pid/status" | paste -sd ' ')"
stop_node

# --- the system calls it makes, against those that the unit allows --------------------------------

set_of() { # NAME: its calls, with those of the sets in it
    systemd-analyze syscall-filter "$1" | sed -n 's/^    \([^ #].*\)/\1/p' | while read -r call; do
        case $call in @*) set_of "$call" ;; *) echo "$call" ;; esac
    done
}

allowed_by() { # UNIT
    local lines
    set_of @default
    lines=$(sed -n 's/^SystemCallFilter=//p' "$1")
    comm -23 <(for word in $(echo "$lines" | grep -v '^~'); do case $word in @*) set_of "$word" ;; esac; done | sort -u) \
        <(for word in $(echo "$lines" | sed -n 's/^~//p'); do set_of "$word"; done | sort -u)
    for word in $lines; do case $word in @* | ~*) ;; *) echo "$word" ;; esac; done
}

traced() { sed -n 's/^[0-9]* *\([a-z_0-9]*\)(.*/\1/p' "$1" | sort -u; }

if grep -q __asan_init "$build/coledger"; then
    echo "skipped: a sanitized program makes other system calls"
elif command -v strace >/dev/null && command -v systemd-analyze >/dev/null && strace -o /dev/null true 2>/dev/null; then
    # what is refused to root's loader is refused to nobody's; execve is the manager's own
    touch "$dir/state/trace" "$dir/state/trace2"
    [ -z "$as" ] || chown 65534 "$dir/state/trace" "$dir/state/trace2"
    start_node strace -f -o "$dir/state/trace" "$dir/coledger"
    same "a node traced" 0 "$(story)"
    stop_node
    same "it saw the node's calls" 1 "$(traced "$dir/state/trace" | grep -cx fdatasync)"
    same "calls that coledger.service denies" "" "$(comm -23 <(traced "$dir/state/trace") <(allowed_by "$top/packaging/coledger.service" | sort -u) | grep -vx execve)"
    confined strace -f -o "$dir/state/trace2" "$dir/coledger" backup --into "$dir/backups" >/dev/null
    same "it saw the backup's calls" 1 "$(traced "$dir/state/trace2" | grep -cx flock)"
    same "calls that coledger-backup.service denies" "" "$(comm -23 <(traced "$dir/state/trace2") <(allowed_by "$top/packaging/coledger-backup.service" | sort -u) | grep -vx execve)"
else
    echo "skipped: system calls cannot be traced here"
fi
# --- as a manager runs them ------------------------------------------------------------------------

boot() {
    mkdir "$dir/$1"
    sh "$top/tests/units/boot.sh" "$dir/$1" "$2" >"$dir/$1/console" 2>&1
}
if grep -q __asan_init "$build/coledger"; then
    : # said above
elif [ "$(id -u)" != 0 ] || ! boot tried --version || ! grep -q bash "$dir/tried/said"; then
    echo "skipped: no systemd can be started here"
else
    boot booted "$top/tests/units/booted.sh"
    grep -v ' passed, ' "$dir/booted/said"
    passed=$((passed + $(sed -n 's/ passed,.*//p' "$dir/booted/said")))
    same "the units under a systemd of their own" 0 "$(sed -n 's/.*passed, \(.*\) failed/\1/p' "$dir/booted/said")"
fi
echo "$passed passed, $failed failed"
[ $failed = 0 ]
