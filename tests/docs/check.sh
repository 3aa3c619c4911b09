#!/bin/bash
# Do the worked examples say what the program says? Runs the console blocks of docs/ACCOUNTING.md,
# in order, in one new ledger: a `$ ` line is a command, `> ` goes on with it, what follows is all
# that it prints (both streams), and `[exit N]` when it does not end well. A line `…` stands for any
# lines. Times, uuids and users differ from run to run; the day is the one the document names.
#
#   tests/docs/check.sh [DOCUMENT]
#
# BUILD says where coledger was built (build).
set -u
export LC_ALL=C.UTF-8
top=$(cd "$(dirname "$0")/../.." && pwd)
build=$(cd "$top" && cd "${BUILD:-build}" && pwd) || exit 2
document=${1:-$top/docs/ACCOUNTING.md}
[ -x "$build/coledger" ] || { echo "there is no $build/coledger: run make first"; exit 2; }
dir=$(mktemp -d) || exit 2
trap 'rm -rf "$dir"' EXIT
mkdir "$dir/work"
export PATH=$build:$PATH HOME=$dir COLEDGER_LEDGER=$dir/ledger.db NO_COLOR=1 PAGER=cat
unset COLEDGER_NODE COLEDGER_TOKEN XDG_DATA_HOME XDG_CONFIG_HOME COLUMNS

# The day on which the document's examples were run.
written=$(sed -n 's/.*examples were run on \([0-9-]*\)\..*/\1/p' "$document" | head -n 1)
[ -n "$written" ] || { echo "$document does not say on which day its examples were run"; exit 2; }

# mask DAY: replace what differs by something as long, so that columns stay in line.
mask() {
    sed -E -e 's/\r$//' -e "s|$dir|/home/you|g" \
        -e 's/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/UUID----------------------------UUID/g' \
        -e 's/[0-9]{4}-[0-9]{2}-[0-9]{2}([ T])[0-9:]{8}(\.[0-9]{6})?Z/YYYY-MM-DD\1hh:mm:ssZ/g' \
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
        failed=$((failed + 1))
        echo "FAILED line $1: $(head -n 1 "$dir/command")"
        diff -u --label "the document" "$dir/wanted" --label "the program" "$dir/actual"
    fi
}

number=0 inside=no started=0
while IFS= read -r line || [ -n "$line" ]; do
    number=$((number + 1))
    case $inside,$line in
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
if [ $# = 0 ]; then # the reference, too, is what the program says
    if coledger reference | diff -u "$top/docs/API.md" - >"$dir/behind"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED docs/API.md is behind the program: make docs"
        head -20 "$dir/behind"
    fi
fi
[ $inside = no ] || { echo "a console block is not closed"; failed=$((failed + 1)); }
echo "$passed passed, $failed failed"
[ $failed = 0 ] && [ $passed -gt 0 ]
