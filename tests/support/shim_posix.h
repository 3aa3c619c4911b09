/*
 * shim_posix.h - what the linker's --wrap makes of the calls that the engine makes itself.
 *
 * Programs that are not linked so (most tests) have no __real_ functions, and call none of these.
 */
#ifndef TESTS_SHIM_POSIX_H
#define TESTS_SHIM_POSIX_H

#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>

#define WEAK __attribute__((weak))

WEAK int __real_open(const char *path, int flags, ...);
WEAK int __real_mkstemp(char *path);
WEAK int __real_fsync(int fd);
WEAK int __real_unlink(const char *path);
WEAK int __real_rename(const char *from, const char *to);
WEAK int __real_renameat2(int from_at, const char *from, int to_at, const char *to, unsigned flags);
WEAK int __real_link(const char *from, const char *to);
WEAK void *__real_malloc(size_t size);
WEAK void *__real_calloc(size_t n, size_t size);
WEAK void *__real_realloc(void *at, size_t size);
WEAK char *__real_strdup(const char *text);

int __wrap_open(const char *path, int flags, ...);
int __wrap_mkstemp(char *path);
int __wrap_fsync(int fd);
int __wrap_posix_fadvise(int fd, off_t at, off_t size, int advice);
int __wrap_unlink(const char *path);
int __wrap_rename(const char *from, const char *to);
int __wrap_renameat2(int from_at, const char *from, int to_at, const char *to, unsigned flags);
int __wrap_link(const char *from, const char *to);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *at, size_t size);
char *__wrap_strdup(const char *text);

#endif
