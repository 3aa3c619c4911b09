#!/bin/sh
# Print the schema files as C: store_schema[version - 1], store_guards. Comments stay in the SQL.
set -eu
literal() {
    sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/^/    "/' -e 's/$/\\n"/' "$1"
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
echo 'const char store_guards[] ='
literal "$1/guards.sql"
echo '    ;'
