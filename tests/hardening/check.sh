#!/bin/sh
# check.sh [PROGRAM]: was the program built so that a mistake in it is hard to use? BUILD says where it is.
set -u
program=${1:-${BUILD:-build}/coledger}
passed=0
failed=0
head=$(readelf -hW "$program") || exit 1
parts=$(readelf -lW "$program")
dynamic=$(readelf -dW "$program")
symbols=$(readelf -W --dyn-syms "$program")

# has WHAT TEXT PATTERN, lacks WHAT TEXT PATTERN
has() {
    if printf '%s\n' "$2" | grep -qE "$3"; then
        passed=$((passed + 1))
    else
        echo "FAIL  $1"
        failed=$((failed + 1))
    fi
}

lacks() {
    if printf '%s\n' "$2" | grep -qE "$3"; then
        echo "FAIL  $1"
        failed=$((failed + 1))
    else
        passed=$((passed + 1))
    fi
}

has "loaded anywhere (PIE)" "$head" 'Type: +DYN'
has "marked as PIE" "$dynamic" 'FLAGS_1.*PIE'
has "relocations become read-only (RELRO)" "$parts" 'GNU_RELRO'
has "all of them, at the start (BIND_NOW)" "$dynamic" 'BIND_NOW|FLAGS_1.*NOW'
has "the stack has its flags" "$parts" 'GNU_STACK'
lacks "no stack to run code on" "$parts" 'GNU_STACK.* RWE '
lacks "nothing both written and run" "$parts" 'LOAD.* RWE '
lacks "no search path of its own" "$dynamic" 'RPATH|RUNPATH'
lacks "no relocation in the code" "$dynamic" 'TEXTREL'

if printf '%s\n' "$symbols" | grep -qE '__(asan|tsan|ubsan)_'; then
    echo "skip: an instrumented build has its own guards for the stack and for memory"
else
    has "stack protector" "$symbols" '__stack_chk_fail'
    has "FORTIFY_SOURCE for printing" "$symbols" '__v?snprintf_chk|__v?fprintf_chk'
    has "FORTIFY_SOURCE for copying" "$symbols" '__(memcpy|memset|memmove|strncpy|stpcpy|read|realpath)_chk'
    if [ "$(uname -m)" = x86_64 ]; then
        # Each page of a large frame is touched: orq $0, (%rsp).
        has "stack clash protection" "$(objdump -d "$program" | grep -m1 'orq *\$0x0,(%rsp)')" 'orq'
    else
        echo "skip: how stack clash protection looks is known for x86-64 only"
    fi
fi
echo "hardening: $passed passed, $failed failed"
[ $failed -eq 0 ]
