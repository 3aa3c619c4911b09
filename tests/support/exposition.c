#include "exposition.h"

#include "ledger/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE_MAX_BYTES 1024
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_"
#define DIGITS "0123456789"

static bool wrong(struct exposition *e, const char *what, const char *line)
{
    snprintf(e->problem, sizeof e->problem, "%s: %.160s", what, line);
    return false;
}

static size_t name_size(const char *text, bool colon)
{
    const char *first = colon ? LETTERS ":" : LETTERS;
    const char *rest = colon ? LETTERS DIGITS ":" : LETTERS DIGITS;

    return strspn(text, first) > 0 ? strspn(text, rest) : 0;
}

static bool ends_in(const char *text, const char *tail)
{
    size_t size = strlen(text), tail_size = strlen(tail);

    return size > tail_size && strcmp(text + size - tail_size, tail) == 0;
}

static bool begin_family(struct exposition *e, const char *name, size_t size, const char *line)
{
    if (size >= EXPOSITION_NAME_MAX || e->families_count == 256)
        return wrong(e, "too much for the reader", line);
    snprintf(e->family, sizeof e->family, "%.*s", (int)size, name);
    e->type[0] = '\0';
    for (size_t i = 0; i < e->families_count; i++)
        if (strcmp(e->families[i], e->family) == 0)
            return wrong(e, "a family twice", line);
    snprintf(e->families[e->families_count++], EXPOSITION_NAME_MAX, "%s", e->family);
    return true;
}

/* Only \\ and \n are escapes here. */
static bool read_help(struct exposition *e, const char *line)
{
    const char *name = line + strlen("# HELP ");
    size_t size = name_size(name, true);

    if (size == 0 || name[size] != ' ' || name[size + 1] == '\0')
        return wrong(e, "HELP without a name or a text", line);
    for (const char *c = name + size; (c = strchr(c, '\\')); c += 2)
        if (c[1] != '\\' && c[1] != 'n')
            return wrong(e, "an escape that is none", line);
    return begin_family(e, name, size, line);
}

static bool read_type(struct exposition *e, const char *line)
{
    static const char *const types[] = {"counter", "gauge", "histogram"};
    const char *name = line + strlen("# TYPE ");
    size_t size = name_size(name, true);

    if (size != strlen(e->family) || strncmp(name, e->family, size) != 0 || name[size] != ' ' ||
        e->type[0])
        return wrong(e, "TYPE does not follow its HELP", line);
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (strcmp(name + size + 1, types[i]) == 0)
            snprintf(e->type, sizeof e->type, "%s", types[i]);
    if (!e->type[0])
        return wrong(e, "a type that is none", line);
    if (ends_in(e->family, "_total") != (strcmp(e->type, "counter") == 0))
        return wrong(e, "_total is for counters, and counters for it", line);
    return true;
}

static bool belongs(const struct exposition *e, const char *name)
{
    static const char *const tails[] = {"_bucket", "_sum", "_count"};
    size_t size = strlen(e->family);

    if (!e->type[0])
        return false;
    if (strcmp(e->type, "histogram") != 0)
        return strcmp(name, e->family) == 0;
    for (size_t i = 0; i < 3; i++)
        if (strncmp(name, e->family, size) == 0 && strcmp(name + size, tails[i]) == 0)
            return true;
    return false;
}

/* The size of a quoted value, with its quotes; 0 when it is none. */
static size_t value_size(const char *text)
{
    const char *c = text;

    if (*c++ != '"')
        return 0;
    for (; *c != '"'; c++) {
        if (*c == '\0' || (*c == '\\' && !strchr("\\\"n", c[1])))
            return 0;
        c += *c == '\\';
    }
    return (size_t)(c - text) + 1;
}

static bool read_labels(struct exposition *e, const char **at, struct exposition_sample *s,
                        const char *line)
{
    char seen[8][EXPOSITION_NAME_MAX];
    const char *start = *at + 1;
    const char *c = start;
    size_t n = 0;

    for (;; c++) {
        size_t size = name_size(c, false);

        if (size == 0 || size >= EXPOSITION_NAME_MAX || n == 8 || c[size] != '=')
            return wrong(e, "a label that is none", line);
        snprintf(seen[n], sizeof seen[n], "%.*s", (int)size, c);
        for (size_t i = 0; i < n; i++)
            if (strcmp(seen[i], seen[n]) == 0)
                return wrong(e, "a label twice", line);
        n++;
        c += size + 1;
        size = value_size(c);
        if (size == 0)
            return wrong(e, "a label's value is not quoted right", line);
        c += size;
        if (*c == '}')
            break;
        if (*c != ',')
            return wrong(e, "labels are not parted by commas", line);
    }
    if ((size_t)(c - start) >= sizeof s->labels)
        return wrong(e, "too much for the reader", line);
    snprintf(s->labels, sizeof s->labels, "%.*s", (int)(c - start), start);
    *at = c + 1;
    return true;
}

static bool read_number(struct exposition *e, const char *text, struct exposition_sample *s,
                        const char *line)
{
    char *end;

    if (!strchr("+-0123456789", *text) || *text == '\0')
        return wrong(e, "a value that is no number", line);
    s->value = strtod(text, &end);
    if (*end != '\0' || isnan(s->value))
        return wrong(e, "a value that is no number", line);
    if (s->value < 0 && strcmp(e->type, "gauge") != 0)
        return wrong(e, "a counter below zero", line);
    return true;
}

static bool read_sample(struct exposition *e, const char *line)
{
    struct exposition_sample *s = &e->samples[e->count];
    size_t size = name_size(line, true);
    const char *at = line + size;

    if (e->count == EXPOSITION_SAMPLES_MAX || size >= sizeof s->name)
        return wrong(e, "too much for the reader", line);
    *s = (struct exposition_sample){.value = 0};
    snprintf(s->name, sizeof s->name, "%.*s", (int)size, line);
    if (size == 0 || !belongs(e, s->name))
        return wrong(e, "a sample of no family, or of another", line);
    if (*at == '{' && !read_labels(e, &at, s, line))
        return false;
    if (*at != ' ' || !read_number(e, at + 1, s, line))
        return e->problem[0] ? false : wrong(e, "a sample without a value", line);
    for (size_t i = 0; i < e->count; i++)
        if (strcmp(e->samples[i].name, s->name) == 0 &&
            strcmp(e->samples[i].labels, s->labels) == 0)
            return wrong(e, "a sample twice", line);
    e->count++;
    return true;
}

/* The bucket's bound, and its labels without it; false when there is no `le` at their end. */
static bool bound_of(const struct exposition_sample *s, double *bound,
                     char others[static EXPOSITION_LABELS_MAX])
{
    const char *after_comma = strstr(s->labels, ",le=\"");
    const char *le = after_comma ? after_comma + 1 : s->labels;
    char *end;

    if (strncmp(le, "le=\"", 4) != 0)
        return false;
    *bound = strtod(le + 4, &end);
    snprintf(others, EXPOSITION_LABELS_MAX, "%.*s", (int)(le == s->labels ? 0 : le - 1 - s->labels),
             s->labels);
    return end != le + 4 && strcmp(end, "\"") == 0;
}

/* A bucket's successor: the next bucket of the same labels, or after +Inf the sum and the count. */
static bool check_bucket(struct exposition *e, size_t i)
{
    const struct exposition_sample *s = &e->samples[i];
    char base[EXPOSITION_NAME_MAX], name[EXPOSITION_NAME_MAX + 8];
    char others[EXPOSITION_LABELS_MAX], next_others[EXPOSITION_LABELS_MAX];
    double bound, next;

    if (!bound_of(s, &bound, others))
        return wrong(e, "a bucket without a bound", s->name);
    snprintf(base, sizeof base, "%.*s", (int)(strlen(s->name) - strlen("_bucket")), s->name);
    if (isinf(bound)) {
        snprintf(name, sizeof name, "%s_count", base);
        if (exposition_value(e, name, others) != s->value)
            return wrong(e, "+Inf is not the count", s->name);
        snprintf(name, sizeof name, "%s_sum", base);
        return exposition_value(e, name, others) >= 0 || wrong(e, "no sum", s->name);
    }
    if (i + 1 == e->count || strcmp(s[1].name, s->name) != 0 ||
        !bound_of(&s[1], &next, next_others) || strcmp(others, next_others) != 0)
        return wrong(e, "buckets that do not end in +Inf", s->name);
    return (next > bound && s[1].value >= s->value) ||
           wrong(e, "buckets that do not rise", s->name);
}

/* Every sum and count has its bucket for +Inf. */
static bool check_total(struct exposition *e, const struct exposition_sample *s, const char *tail)
{
    char name[EXPOSITION_NAME_MAX + 8], labels[EXPOSITION_LABELS_MAX + 16];

    snprintf(name, sizeof name, "%.*s_bucket", (int)(strlen(s->name) - strlen(tail)), s->name);
    snprintf(labels, sizeof labels, "%s%sle=\"+Inf\"", s->labels, s->labels[0] ? "," : "");
    return exposition_value(e, name, labels) >= 0 || wrong(e, "no bucket for +Inf", s->name);
}

static bool check_histograms(struct exposition *e)
{
    for (size_t i = 0; i < e->count; i++) {
        const struct exposition_sample *s = &e->samples[i];

        if (ends_in(s->name, "_bucket") ? !check_bucket(e, i)
            : ends_in(s->name, "_sum")  ? !check_total(e, s, "_sum")
                                       : ends_in(s->name, "_count") && !check_total(e, s, "_count"))
            return false;
    }
    return true;
}

static bool read_line(struct exposition *e, const char *line)
{
    if (ledger_text_check(line, strlen(line), LINE_MAX_BYTES) != LEDGER_OK)
        return wrong(e, "no plain text", line);
    if (line[0] == '\0' || line[strlen(line) - 1] == ' ')
        return wrong(e, "an empty line, or a blank at its end", line);
    if (strncmp(line, "# HELP ", 7) == 0)
        return read_help(e, line);
    if (strncmp(line, "# TYPE ", 7) == 0)
        return read_type(e, line);
    return line[0] == '#' ? wrong(e, "a comment", line) : read_sample(e, line);
}

bool exposition_read(struct exposition *e, const char *text)
{
    char line[LINE_MAX_BYTES];

    e->count = e->families_count = 0;
    e->problem[0] = e->family[0] = e->type[0] = '\0';
    while (*text) {
        size_t size = strcspn(text, "\n");

        if (text[size] == '\0' || size >= sizeof line)
            return wrong(e, "the last line has no end, or one has too much", text);
        snprintf(line, sizeof line, "%.*s", (int)size, text);
        if (!read_line(e, line))
            return false;
        text += size + 1;
    }
    return check_histograms(e);
}

double exposition_value(const struct exposition *e, const char *name, const char *labels)
{
    for (size_t i = 0; i < e->count; i++)
        if (strcmp(e->samples[i].name, name) == 0 && strcmp(e->samples[i].labels, labels) == 0)
            return e->samples[i].value;
    return -1;
}
