#!/bin/sh
# run.sh [TARGET ...]: fuzz each target for FUZZ_SECONDS, two at a time. What is new is kept in BUILD/corpus, what
# breaks a target in BUILD/found; put that into tests/fuzz/corpus/TARGET once it is mended.
set -u
: "${BUILD:?}" "${FUZZ_SECONDS:=60}"
here=tests/fuzz
mkdir -p "$BUILD/corpus" "$BUILD/found" "$BUILD/log"
export ASAN_OPTIONS=detect_stack_use_after_return=1:allocator_may_return_null=1
export UBSAN_OPTIONS=print_stacktrace=1
export TMPDIR=${TMPDIR:-/tmp}

[ $# -gt 0 ] || set -- $(ls $here/fuzz_*.c | sed 's|.*/fuzz_||; s|\.c$||')

one() {
    name=$1
    dict=
    [ -f "$here/$name.dict" ] && dict=-dict=$here/$name.dict
    mkdir -p "$BUILD/corpus/$name" "$here/corpus/$name"
    if "$BUILD/tests/fuzz/fuzz_$name" "$BUILD/corpus/$name" "$here/corpus/$name" $dict \
        -max_total_time="$FUZZ_SECONDS" -timeout=20 -rss_limit_mb=2048 -print_final_stats=1 \
        -artifact_prefix="$BUILD/found/$name-" < /dev/null > "$BUILD/log/$name" 2>&1; then
        runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$BUILD/log/$name")
        echo "ok    $name (${runs:-0} inputs)"
    else
        touch "$BUILD/log/$name.failed"
        echo "FAIL  $name"
        tail -60 "$BUILD/log/$name"
    fi
}

rm -f "$BUILD"/log/*.failed
running=0
for target in "$@"; do
    one "$target" &
    running=$((running + 1))
    if [ $running -ge 2 ]; then
        wait
        running=0
    fi
done
wait
failed=$(find "$BUILD/log" -name '*.failed' | wc -l)
echo "fuzz: $(($# - failed)) passed, $failed failed"
[ "$failed" -eq 0 ]
