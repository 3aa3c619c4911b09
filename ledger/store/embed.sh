#!/bin/sh
# Print the schema files as C: store_schema[version - 1], store_guards. Comments stay in the SQL.
set -eu

# The triggers of guards.list.
plain() {
    awk '
    function trigger(name, when, condition, words) {
        printf "CREATE TRIGGER %s_%s BEFORE %s ON %s\n", $2, name, when, $2
        if (condition)
            printf "WHEN %s\n", condition
        printf "BEGIN SELECT RAISE(FAIL, \047%s%s\047); END;\n\n", $2, words
    }
    function taken(key,    columns, n, i, found) {
        n = split(key, columns, "+")
        for (i = 1; i <= n; i++)
            found = found (i > 1 ? " AND " : "") columns[i] " = NEW." columns[i]
        return "EXISTS (SELECT 1 FROM " $2 " WHERE " found ")"
    }
    /^#/ || NF == 0 { next }
    $1 == "facts" {
        trigger("no_update", "UPDATE", "", " is append-only")
        trigger("no_delete", "DELETE", "", " is append-only")
    }
    $1 == "words" { trigger("no_update", "UPDATE", "", " may be erased, never edited") }
    $1 != "facts" && $1 != "words" && $1 != "keyed" {
        print "guards.list: " $0 > "/dev/stderr"
        exit 1
    }
    NF > 2 {
        keys = taken($3)
        for (i = 4; i <= NF; i++)
            keys = keys " OR\n     " taken($i)
        trigger("no_replace", "INSERT", keys, ": that key is taken")
    }' "$1"
}

literal() {
    sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/^/    "/' -e 's/$/\\n"/' "$@"
}

echo '#include "ledger/store/sqlite.h"'
echo 'const char *const store_schema[] = {'
count=0
for file in "$1"/[0-9]*.sql; do
    literal "$file"
    echo '    ,'
    count=$((count + 1))
done
echo '};'
echo "const int store_schema_count = $count;"
guards=$(plain "$1/guards.list")
echo 'const char store_guards[] ='
printf '%s\n\n' "$guards" | literal - "$1/guards.sql"
echo '    ;'
