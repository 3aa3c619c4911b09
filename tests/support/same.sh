# same.sh - for the whole-program checks: count what came out as it should, and say what did not.
passed=0 failed=0

# same WHAT WANTED GOT
same() {
    if [ "$2" = "$3" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'FAILED %s: wanted %s, got %s\n' "$1" "$2" "$3"
    fi
}
