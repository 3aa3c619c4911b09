#include "words.h"

#include <assert.h>
#include <sqlite3.h>
#include <stddef.h>
#include <stdio.h>

static char where[200];

static bool stands(sqlite3 *db, const char *table, const char *column, const char *word)
{
    char *sql = sqlite3_mprintf("SELECT 1 FROM \"%w\" WHERE instr(CAST(\"%w\" AS TEXT), %Q) > 0 "
                                "LIMIT 1",
                                table, column, word);
    sqlite3_stmt *stmt;
    bool found;

    assert(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK);
    found = sqlite3_step(stmt) == SQLITE_ROW;
    sqlite3_finalize(stmt);
    sqlite3_free(sql);
    return found;
}

const char *words_left(const char *path, const char *word)
{
    static const char columns[] = "SELECT t.name, c.name FROM sqlite_schema t "
                                  "JOIN pragma_table_info(t.name) c WHERE t.type = 'table'";
    const char *left = NULL;
    sqlite3_stmt *stmt;
    sqlite3 *db;

    assert(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK);
    assert(sqlite3_prepare_v2(db, columns, -1, &stmt, NULL) == SQLITE_OK);
    while (!left && sqlite3_step(stmt) == SQLITE_ROW) {
        const char *table = (const char *)sqlite3_column_text(stmt, 0);
        const char *column = (const char *)sqlite3_column_text(stmt, 1);

        if (!stands(db, table, column, word))
            continue;
        snprintf(where, sizeof where, "%s.%s", table, column);
        left = where;
    }
    sqlite3_finalize(stmt);
    sqlite3_close(db);
    return left;
}
