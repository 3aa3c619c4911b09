#!/bin/sh
# run.sh PROGRAM ...: run the unit tests, as many at a time as there are processors, in the order given; show
# what failed, and the sum.
set -u
if [ "$1" = --one ]; then # FOLDER PROGRAM
    out=$2
    name=$(basename "$3")
    if "$3" > "$out/$name.log" 2>&1; then
        said="ok    $name
$(grep '^skipped: ' "$out/$name.log")"
    else
        touch "$out/$name.failed"
        said="FAIL  $name
$(grep -v '^\[ *\(RUN\|OK\) *\]' "$out/$name.log" | tail -40)"
    fi
    printf '%s\n' "$said" | sed '/^$/d' # at once, so that two do not mix
    exit 0
fi
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
printf '%s\n' "$@" | xargs -n 1 -P "$(nproc)" sh "$0" --one "$out"
passed=$(cat "$out"/*.log | grep -c '^\[ *OK *\]')
failed=$(grep '^\[ *FAILED *\] [a-z_0-9]*$' "$out"/*.log | sort -u | wc -l) # cmocka says it twice
broken=$(find "$out" -name '*.failed' | wc -l)
[ "$broken" -gt 0 ] && [ "$failed" -eq 0 ] && failed=$broken
echo "unit: $passed passed, $failed failed"
[ "$broken" -eq 0 ]
