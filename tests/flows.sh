#!/bin/sh
# flows.sh: every whole-program check, as many at a time as there are processors; the sum at the end. BUILD says
# where the program is.
set -u

# The last line of each is "N passed, N failed", with a word before it or without.
if [ "${1:-}" = --one ]; then # FOLDER NAME: COMMAND
    name=${3%%: *}
    out=$(sh -c "${3#*: }" 2>&1)
    status=$?
    sum=$(printf '%s\n' "$out" | grep -E '[0-9]+ passed, [0-9]+ failed' | tail -1)
    p=$(printf '%s' "$sum" | grep -oE '[0-9]+ passed' | cut -d' ' -f1)
    f=$(printf '%s' "$sum" | grep -oE '[0-9]+ failed' | cut -d' ' -f1)
    if [ $status -eq 0 ] && [ "${f:-1}" = 0 ]; then
        said="$(printf '%s\n' "$out" | grep -i 'skip')
ok    $name ($sum)"
    else
        [ "${f:-0}" = 0 ] && f=$((${f:-0} + 1))
        said="$(printf '%s\n' "$out" | tail -60)
FAIL  $name"
    fi
    echo "${p:-0} ${f:-0}" > "$2/$name"
    printf '%s\n' "$said" | sed '/^$/d' # at once, so that two do not mix
    exit 0
fi

# The long ones first, so that one processor does not end alone.
checks='stories on a file: bash tests/flow/run.sh tests/flow/*.flow
crash: bash tests/crash/check.sh
stories over a node: bash tests/flow/run.sh --node tests/flow/*.flow
documents: bash tests/docs/check.sh
notices: bash tests/notices/check.sh
disk: bash tests/disk/check.sh
crash amid standing payments: bash tests/crash/check.sh due
crash amid levies: bash tests/crash/check.sh levies
crash amid series: bash tests/crash/check.sh series
crash amid notices: bash tests/crash/check.sh notices
import: bash tests/import/check.sh
export: bash tests/export/check.sh
upgrade: bash tests/upgrade/check.sh
doctor: bash tests/doctor/check.sh
units: bash tests/units/check.sh
proxies: bash tests/proxy/check.sh
watched: bash tests/watched/check.sh
shells and manual: bash tests/shells/check.sh
openapi: bash tests/openapi/check.sh
certificates: bash tests/certificate/check.sh
what SECURITY.md names: sh tests/security/check.sh
fuzz corpora: sh tests/fuzz/check.sh
hardening: sh tests/hardening/check.sh'

counts=$(mktemp -d)
trap 'rm -rf "$counts"' EXIT
printf '%s\n' "$checks" | xargs -d '\n' -n 1 -P "$(nproc)" sh "$0" --one "$counts"
cat "$counts"/* | awk '{ p += $1; f += $2 } END { printf "flows: %d passed, %d failed\n", p, f; exit f > 0 }'
