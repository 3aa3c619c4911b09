/*
 * exposition.h - a strict reader of the Prometheus text format 0.0.4, as promtool's lint is.
 */
#ifndef TESTS_SUPPORT_EXPOSITION_H
#define TESTS_SUPPORT_EXPOSITION_H

#include <stdbool.h>
#include <stddef.h>

#define EXPOSITION_SAMPLES_MAX 4096
#define EXPOSITION_NAME_MAX 96
#define EXPOSITION_LABELS_MAX 256

struct exposition_sample {
    char name[EXPOSITION_NAME_MAX];
    char labels[EXPOSITION_LABELS_MAX]; /* as they stand between the braces */
    double value;
};

struct exposition {
    struct exposition_sample samples[EXPOSITION_SAMPLES_MAX];
    size_t count;
    char problem[256];
    /* of the family that is being read */
    char family[EXPOSITION_NAME_MAX];
    char type[16];
    size_t families_count;
    char families[256][EXPOSITION_NAME_MAX];
};

/*
 * Read `text`. False, and `problem` says why: a line that is none of the format, a family without HELP
 * and TYPE before it, in two pieces or twice, a name that does not fit its type, a label or sample
 * twice, a histogram whose buckets do not rise to +Inf, or without its sum or its count.
 */
bool exposition_read(struct exposition *e, const char *text);

/* The sample's value; -1 when there is none. */
double exposition_value(const struct exposition *e, const char *name, const char *labels);

#endif
