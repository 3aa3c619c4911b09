/*
 * bytes.h - whole files, to put odd ones in place and to see that one was left alone.
 */
#ifndef TESTS_BYTES_H
#define TESTS_BYTES_H

#include <stdbool.h>
#include <stddef.h>

struct bytes {
    char *data; /* bytes_free gives it back */
    size_t size;
};

/* What must succeed does, or the test fails. */
struct bytes bytes_read(const char *path);
void bytes_write(const char *path, const char *data, size_t size);
bool bytes_are(const char *path, const struct bytes *b);
void bytes_free(struct bytes *b);

#endif
