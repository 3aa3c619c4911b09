/*
 * access.h - a ledger with something of every noun in it, and tests/access.txt, which asks each operation of it.
 */
#ifndef TESTS_SUPPORT_ACCESS_H
#define TESTS_SUPPORT_ACCESS_H

#include "web.h"

#define ACCESS_FILE "tests/access.txt"
#define ACCESS_ROWS_MAX 512
#define ACCESS_CALLERS (WEB_ROLES + 1) /* the roles, and mill's manager */

struct access_row {
    char operation[64];
    int status[ACCESS_CALLERS];
    char path[128]; /* below the root */
    char body[256]; /* "-" for none */
};

/* Read the file; returns how many there are. */
int access_read(struct access_row rows[static ACCESS_ROWS_MAX]);
/* Make the ledger that it speaks of; `mill_token` is that of mill's manager. */
void access_ledger(struct web_node *node, char mill_token[static LEDGER_TOKEN_SECRET]);

#endif
