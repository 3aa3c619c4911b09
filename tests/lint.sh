#!/bin/sh
# lint.sh: the rules of the house that a grep can see, and the form of the code.
set -u
bad=0

# forbid WHAT PATTERN FILES...: print where the pattern stands, and count it.
forbid() {
    what=$1
    pattern=$2
    shift 2
    found=$(grep -nE "$pattern" "$@" /dev/null 2> /dev/null)
    [ -z "$found" ] && return
    printf '%s\n' "$found"
    echo "lint: $what"
    bad=$((bad + 1))
}

engine=$(ls ledger/*.[ch])
store=$(ls ledger/store/*.[ch])
not_sqlite=$(ls ledger/*.[ch] ledger/store/*.[ch] api/*.[ch] cli/*.[ch] | grep -v '^ledger/store/sqlite')
house=$(ls ledger/*.[ch] ledger/store/*.[ch] api/*.[ch] cli/*.[ch])

# shellcheck disable=SC2086
{
    forbid "ledger/ includes only ledger/" '#include "(\.\./)?(api|cli)/' $engine $store
    forbid "api/ does not know cli/" '#include "(\.\./)?cli/' api/*.[ch]
    forbid "sqlite3.h is for ledger/store/sqlite*" '#include <sqlite3\.h>' $not_sqlite
    forbid "civetweb.h is for api/listener.c and api/wire.c" '#include <civetweb\.h>' $(printf '%s\n' $house | grep -v '^api/listener\.c$\|^api/wire\.c$')
    forbid "utf8proc is for ledger/fold.c" '#include <utf8proc' $(printf '%s\n' $house | grep -v '^ledger/fold\.c$')
    forbid "libical is for ledger/recurrence.c" '#include <libical/' $(printf '%s\n' $house | grep -v '^ledger/recurrence\.c$')
    forbid "libcurl is for api/curl.h" '#include <curl/' $(printf '%s\n' $house | grep -v '^api/curl\.h$')
    forbid "who asks others by libcurl: api/post.c and cli/remote.c" '#include "(api/)?curl\.h"' \
        $(printf '%s\n' $house | grep -v '^api/curl\.c$\|^api/post\.c$\|^cli/remote\.c$')
    forbid "other programs are run by api/handover.c, and a pager by cli/page.c" '[^a-z_](posix_spawnp?|fork|vfork|execv|execvp|execve|system|popen)\(' \
        $(printf '%s\n' $house | grep -v "^api/handover\.c$\|^cli/page\.c$")
    forbid "no jansson in ledger/" 'jansson|json_' $engine $store
    forbid "the store is for ledger/ only" '#include ".*store/' api/*.[ch] cli/*.[ch]
    forbid "the engine prints nothing" '[^a-z_](printf|puts|fprintf|perror)\(' $engine $store
    forbid "the engine reads no clock, environment or random" \
        '[^a-z_>.](time|gettimeofday|clock_gettime|getenv|rand|random|randombytes_buf|arc4random)\(' $engine $store
    forbid "only cli/main.c exits" '[^a-z_](exit|_exit|quick_exit)\(' $(printf '%s\n' $house | grep -v '^cli/main\.c$')
    forbid "a safer sibling exists" '[^a-z_](sprintf|strcpy|strcat|strtok|atoi|atol|gets|asctime|ctime|localtime|gmtime)\(' $house
    forbid "money is never a float" '[^a-z_](float|double) ' $engine $store
    forbid "SQL is literal" 'snprintf\([^;]*(SELECT|INSERT INTO|UPDATE|DELETE FROM) ' $engine
    forbid "no default: over our enums" '^ *default:' $(printf '%s\n' $engine | grep -v 'date\.c$')
    forbid "left undone" '\b(TODO|FIXME|XXX)\b' $house
    forbid "a tab or a trailing blank" "$(printf '\t')| +\$" $house
}

clang-format-14 --dry-run --Werror $house $(ls tests/*.c tests/support/*.[ch] tests/bench/*.[ch] tests/crash/*.[ch] tests/fuzz/*.[ch]) 2>&1 | head -40
clang-format-14 --dry-run --Werror $house $(ls tests/*.c tests/support/*.[ch] tests/bench/*.[ch] tests/crash/*.[ch] tests/fuzz/*.[ch]) > /dev/null 2>&1 || bad=$((bad + 1))

if [ $bad -gt 0 ]; then
    echo "lint: $bad rules broken"
    exit 1
fi
echo "lint: clean"
