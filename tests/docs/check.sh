#!/bin/bash
# Do the worked examples say what the program says? Runs the console blocks of a document, in order,
# in one new ledger: a `$ ` line is a command, `> ` goes on with it, what follows is all that it
# prints (both streams), and `[exit N]` when it does not end well. A line `…` stands for any lines.
# Times, uuids and users differ from run to run; the day is the one the document names. From a line
# `<!-- The clock goes on from +31 days 21:00. -->` on, UTC, it does; never back.
#
#   tests/docs/check.sh [DOCUMENT]
#
# Without a document: all that have examples, and docs/API.md. BUILD says where coledger was built
# (build).
set -u
export LC_ALL=C.UTF-8
top=$(cd "$(dirname "$0")/../.." && pwd)
build=$(cd "$top" && cd "${BUILD:-build}" && pwd) || exit 2
documents=("$top/docs/ACCOUNTING.md" "$top/README.md" "$top/docs/OPERATING.md" "$top/docs/OFFICE-POOL.md" "$top/docs/TRAINING.md"
    "$top/docs/TRADING.md")
[ -x "$build/coledger" ] || { echo "there is no $build/coledger: run make first"; exit 2; }
base=$(mktemp -d) || exit 2
trap 'rm -rf "$base"' EXIT
export BUILD=$build PATH=$build:$PATH NO_COLOR=1 PAGER=cat
outer_preload=${LD_PRELOAD-} outer_ahead=${COLEDGER_CLOCK_AHEAD-}
unset COLEDGER_NODE COLEDGER_TOKEN XDG_DATA_HOME XDG_CONFIG_HOME COLUMNS

# mask DAY: replace what differs by something as long, so that columns stay in line.
mask() {
    sed -E -e 's/\r$//' -e "s|$dir|/home/you|g" \
        -e 's/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/UUID----------------------------UUID/g' \
        -e 's/[0-9]{4}-[0-9]{2}-[0-9]{2}([ T])[0-9:]{8}(\.[0-9]{6})?Z/YYYY-MM-DD\1hh:mm:ssZ/g' \
        -e 's/[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2})/YYYY-MM-DD\1/g' \
        -e "s/$1/YYYY-MM-DD/g" -e 's/(write it as )[0-9-]{10}/\1YYYY-MM-DD/' \
        -e 's/local:[a-z_][a-z0-9_-]* */local:you  /g' -e 's/^(.*Who)  +/\1  /' -e 's/ +$//'
}

# A ledger's own today, so that no zone is assumed here; `date` until there is one.
today() {
    local day
    day=$(coledger node show --json 2>/dev/null | sed -n 's/.*"today": "\([0-9-]*\)".*/\1/p')
    echo "${day:-$(date +%F)}"
}

# same EXPECTED ACTUAL: line by line, `…` for any number of lines.
same() {
    awk 'NR == FNR { want[++wants] = $0; next } { got[++gots] = $0 }
        END {
            for (i = j = 1; i <= wants; i++) {
                if (want[i] == "…") {
                    if (i == wants) exit 0
                    while (j <= gots && got[j] != want[i + 1]) j++
                } else if (j > gots || got[j++] != want[i]) exit 1
            }
            exit j <= gots
        }' "$1" "$2"
}

passed=0 failed=0

fail() {
    failed=$((failed + 1))
    echo "FAILED $1"
}

# Run the command in $dir/command and compare with what stands in $dir/expected.
check() {
    local before
    before=$(today)
    (cd "$dir/work" && sh "$dir/command" </dev/null >"$dir/said" 2>&1
        status=$?
        [ $status = 0 ] || echo "[exit $status]" >>"$dir/said")
    mask "$(today)" <"$dir/said" >"$dir/actual"
    [ "$(today)" = "$before" ] || mask "$before" <"$dir/said" >"$dir/actual"
    mask "$written" <"$dir/expected" >"$dir/wanted"
    if same "$dir/wanted" "$dir/actual"; then
        passed=$((passed + 1))
    else
        fail "${document#"$top/"} line $1: $(head -n 1 "$dir/command")"
        diff -u --label "the document" "$dir/wanted" --label "the program" "$dir/actual"
    fi
}

# The clock that this was started under.
reset_clock() { export LD_PRELOAD=$outer_preload COLEDGER_CLOCK_AHEAD=$outer_ahead; }

# Go through the document $1 in a new ledger.
go_through() {
    local number=0 inside=no started=0 line
    document=$1
    dir=$base/$(basename "$document" .md)
    mkdir -p "$dir/work"
    export HOME=$dir COLEDGER_LEDGER=$dir/ledger.db
    # The day on which the document's examples were run.
    written=$(sed -n 's/.*examples were run on \([0-9-]*\)\..*/\1/p' "$document" | head -n 1)
    [ -n "$written" ] || { fail "$document does not say on which day its examples were run"; return; }
    while IFS= read -r line || [ -n "$line" ]; do
        number=$((number + 1))
        case $inside,$line in
        'no,<!-- The clock goes on from '*)
            line=${line#*from }
            reset_clock
            export $("$top/tests/clock/at" "${line%%. *}" env | grep -E '^(LD_PRELOAD|ASAN_OPTIONS|COLEDGER_CLOCK_AHEAD)=')
            ;;
        'no,```console') inside=yes ;;
        'yes,```' | 'yes,$ '*)
            # a blank line before the next command only parts the two
            [ $started = 0 ] || { sed -i '$ { /^$/ d }' "$dir/expected"; check $started; }
            started=0
            [ "$line" != '```' ] || inside=no
            [ $inside = no ] || { started=$number; printf '%s\n' "${line#\$ }" >"$dir/command"; }
            : >"$dir/expected"
            ;;
        'yes,> '* | 'yes,>') printf '%s\n' "${line#>}" | sed 's/^ //' >>"$dir/command" ;;
        yes,*) printf '%s\n' "$line" >>"$dir/expected" ;;
        esac
    done <"$document"
    reset_clock
    [ $inside = no ] || fail "$document: a console block is not closed"
}

if [ $# -gt 0 ]; then
    go_through "$1"
else
    for document in "${documents[@]}"; do
        go_through "$document"
    done
    # the reference, too, is what the program says
    if coledger reference | diff -u "$top/docs/API.md" - >"$base/behind"; then
        passed=$((passed + 1))
    else
        fail "docs/API.md is behind the program: make docs"
        head -20 "$base/behind"
    fi
fi
echo "$passed passed, $failed failed"
[ $failed = 0 ] && [ $passed -gt 0 ]
