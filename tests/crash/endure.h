/*
 * endure.h - load for as long as is asked, with readers that come and go: how long does the log get?
 */
#ifndef TESTS_CRASH_ENDURE_H
#define TESTS_CRASH_ENDURE_H

/* An exit code: 1 where the write-ahead log passed one and a half times its threshold. */
int endure(const char *coledger, int seconds);

#endif
