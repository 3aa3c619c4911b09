#!/bin/sh
# run.sh PROGRAM ...: run the unit tests, two at a time; show what failed, and the sum.
set -u
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

one() {
    name=$(basename "$1")
    if "$1" > "$out/$name.log" 2>&1; then
        echo "ok    $name"
        grep '^skipped: ' "$out/$name.log"
    else
        echo "FAIL  $name"
        touch "$out/$name.failed"
        grep -v '^\[ *\(RUN\|OK\) *\]' "$out/$name.log" | tail -40
    fi
}

running=0
for program in "$@"; do
    one "$program" &
    running=$((running + 1))
    if [ $running -ge 2 ]; then
        wait
        running=0
    fi
done
wait
passed=$(cat "$out"/*.log | grep -c '^\[ *OK *\]')
failed=$(cat "$out"/*.log | grep -c '^\[ *FAILED *\] [a-z_0-9]*$')
broken=$(find "$out" -name '*.failed' | wc -l)
[ "$broken" -gt 0 ] && [ "$failed" -eq 0 ] && failed=$broken
echo "unit: $passed passed, $failed failed"
[ "$broken" -eq 0 ]
