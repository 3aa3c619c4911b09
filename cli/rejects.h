/*
 * rejects.h - the rows of a history that were not taken, in a file of their own that can be put right and imported.
 */
#ifndef CLI_REJECTS_H
#define CLI_REJECTS_H

#include "history.h"

/* May rejects go to `path`: is nothing there, or the rejects of an earlier time? */
bool rejects_may_write(const char *path);

/* Write the rejects to `path`: line, code and reason before what the row was. 0, or errno. */
int rejects_write(const struct history *h, const char *path);

#endif
