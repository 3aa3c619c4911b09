#!/bin/sh
# Is every test that docs/SECURITY.md names there, and run? `test_wire: pipelined` is a test of that
# name in the list that tests/test_wire.c runs.
set -u
cd "$(dirname "$0")/../.." || exit 2
passed=0
failed=0

for pair in $(grep -oE '`test_[a-z_]+: [a-z_0-9]+`' docs/SECURITY.md | tr -d '`' | tr -d ' ' | sort -u); do
    file=tests/${pair%%:*}.c
    name=${pair#*:}
    if grep -qE "(cmocka_unit_test|EACH)\($name\)" "$file" 2> /dev/null; then
        passed=$((passed + 1))
    else
        echo "docs/SECURITY.md names $name, which $file does not run"
        failed=$((failed + 1))
    fi
done
[ $passed -gt 0 ] || failed=$((failed + 1))
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
