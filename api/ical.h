/*
 * ical.h - a text in the form of RFC 5545, line by line.
 */
#ifndef API_ICAL_H
#define API_ICAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ICAL_LINE_MAX 75 /* octets, without the line break (RFC 5545, 3.1) */

/* Starts as {0}. When memory runs out `failed` is set and nothing more is written. */
struct ical {
    char *text; /* the caller's to free */
    size_t size;
    size_t room;
    bool failed;
};

/* "NAME:value", folded; `value` as it is. */
void ical_line(struct ical *c, const char *name, const char *value);
/* The same for words: comma, semicolon, backslash and line ends are escaped. */
void ical_words(struct ical *c, const char *name, const char *words);
void ical_number(struct ical *c, const char *name, int64_t value);
/* An instant, in UTC to the second. */
void ical_time(struct ical *c, const char *name, int64_t at_us);

#endif
