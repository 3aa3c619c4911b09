#!/bin/sh
# check.sh: every kept input through its target, without a fuzzer. BUILD says where the targets are.
set -u
BUILD=${BUILD:-build}
passed=0
failed=0
out=$(mktemp)
trap 'rm -f "$out"' EXIT

for source in tests/fuzz/fuzz_*.c; do
    name=$(basename "$source" .c)
    corpus=tests/fuzz/corpus/${name#fuzz_}
    count=$("$BUILD/tests/fuzz/$name" "$corpus" 2> "$out" < /dev/null) || count=
    if [ -n "$count" ] && [ "$count" -gt 0 ]; then
        passed=$((passed + count))
    else
        echo "FAIL  $name"
        tail -20 "$out"
        failed=$((failed + 1))
    fi
done
echo "fuzz corpora: $passed passed, $failed failed"
[ $failed -eq 0 ]
