#!/bin/bash
# What shells complete, and whether man reads the manual. BUILD says where coledger was built.
set -u
export LC_ALL=C.UTF-8
top=$(cd "$(dirname "$0")/../.." && pwd)
build=$(cd "$top" && cd "${BUILD:-build}" && pwd) || exit 2
dir=$(mktemp -d) || exit 2
trap 'rm -rf "$dir"' EXIT
export PATH=$build:$PATH HOME=$dir COLEDGER_LEDGER=$dir/ledger.db
unset COLEDGER_NODE COLEDGER_TOKEN XDG_DATA_HOME XDG_CONFIG_HOME

. "$top/tests/support/same.sh"

# What each shell offers for the words so far, the last being typed; in one line, sorted.
by_bash() {
    bash --norc -c 'source <(coledger completion bash)
        COMP_WORDS=(coledger "$@") COMP_CWORD=$#
        _coledger
        printf "%s\n" "${COMPREPLY[@]}"' bash "$@" | sort | paste -sd' '
}
by_zsh() {
    zsh -fc 'compdef() { :; }
        _describe() { print -l -- ${${(P)2}%%:*}; }
        _files() { print -l -- ${words[CURRENT]}*; }
        source <(coledger completion zsh)
        words=(coledger "$@") CURRENT=$(($# + 1))
        _coledger' zsh "$@" | sort | paste -sd' '
}
by_fish() {
    fish --no-config -c 'coledger completion fish | source
        complete -C "$argv[1]"' "coledger $*" | cut -f1 | sort | paste -sd' '
}

coledger init --name Test >/dev/null
coledger currency add CALD --name Calder --kind money >/dev/null
coledger member add mill --name "Bobbin Mill: flour" >/dev/null
coledger member add mendery --name "The Mendery" >/dev/null
coledger member add riverside --name "Riverside Bakery" >/dev/null
touch "$dir/history.csv"
cd "$dir" || exit 2

for shell in bash zsh fish; do
    same "$shell: a command" "statement" "$(by_$shell stat)"
    same "$shell: a verb" "hold place" "hold $(by_$shell hold pl)"
    same "$shell: live handles" "mendery mill" "$(by_$shell pay m)"
    same "$shell: an option" "--currency" "$(by_$shell pay mill 5 --cu)"
    same "$shell: its value" "CALD" "$(by_$shell pay mill 5 --currency C)"
    same "$shell: a choice" "hledger" "$(by_$shell export --format h)"
    same "$shell: a member of a command" "riverside" "$(by_$shell export --member r)"
    same "$shell: a file" "history.csv" "$(by_$shell import transfers hist)"
done

same "man has no complaint" "" "$(coledger man | MANWIDTH=80 man --warnings -E UTF-8 -l - 2>&1 >"$dir/page")"
same "the manual is all there" "0" "$(grep -c 'coledger export' "$dir/page" | grep -c '^0$')"
for op in $(coledger help | sed -n 's/^  \([a-z][a-z-]* [a-z][a-z-]*\)  .*/\1/p' | tr ' ' '_'); do
    grep -q "coledger ${op/_/ }" "$dir/page" || same "in the manual" "${op/_/ }" nothing
done
echo "$passed passed, $failed failed"
[ $failed = 0 ]
