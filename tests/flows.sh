#!/bin/sh
# flows.sh: every whole-program check, one after the other; the sum at the end. BUILD says where the program is.
set -u
passed=0
failed=0

# The last line of each is "N passed, N failed", with a word before it or without.
check() {
    name=$1
    shift
    out=$("$@" 2>&1)
    status=$?
    sum=$(printf '%s\n' "$out" | grep -E '[0-9]+ passed, [0-9]+ failed' | tail -1)
    p=$(printf '%s' "$sum" | grep -oE '[0-9]+ passed' | cut -d' ' -f1)
    f=$(printf '%s' "$sum" | grep -oE '[0-9]+ failed' | cut -d' ' -f1)
    passed=$((passed + ${p:-0}))
    failed=$((failed + ${f:-0}))
    if [ $status -eq 0 ] && [ "${f:-1}" = 0 ]; then
        printf '%s\n' "$out" | grep -i 'skip' || true
        echo "ok    $name ($sum)"
    else
        [ "${f:-0}" = 0 ] && failed=$((failed + 1))
        printf '%s\n' "$out" | tail -60
        echo "FAIL  $name"
    fi
}

check "stories on a file" bash tests/flow/run.sh tests/flow/*.flow
check "stories over a node" bash tests/flow/run.sh --node tests/flow/*.flow
check "import" bash tests/import/check.sh
check "export" bash tests/export/check.sh
check "documents" bash tests/docs/check.sh
check "upgrade" bash tests/upgrade/check.sh
check "disk" bash tests/disk/check.sh
check "doctor" bash tests/doctor/check.sh
check "units" bash tests/units/check.sh
check "proxies" bash tests/proxy/check.sh
check "watched" bash tests/watched/check.sh
check "crash" bash tests/crash/check.sh
check "crash amid standing payments" bash tests/crash/check.sh due
check "crash amid levies" bash tests/crash/check.sh levies
check "shells and manual" bash tests/shells/check.sh
check "openapi" bash tests/openapi/check.sh
check "notices" bash tests/notices/check.sh
check "certificates" bash tests/certificate/check.sh
check "what SECURITY.md names" sh tests/security/check.sh
check "fuzz corpora" sh tests/fuzz/check.sh
check "hardening" sh tests/hardening/check.sh
echo "flows: $passed passed, $failed failed"
[ $failed -eq 0 ]
