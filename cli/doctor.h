/*
 * doctor.h - what the doctor's parts share: a finding is a sentence, and how bad it is.
 */
#ifndef CLI_DOCTOR_H
#define CLI_DOCTOR_H

#include "door.h"

enum doctor_level {
    DOCTOR_OK,
    DOCTOR_LOOK,  /* it works, and somebody should look at it soon */
    DOCTOR_WRONG, /* it does not work, or will not for long */
    DOCTOR_BROKEN /* wrong, and it is the figures or the file's make */
};

struct doctor {
    const char *path; /* of the ledger; NULL for a node */
    bool full;        /* replay everything */
    json_t *items;
    enum doctor_level worst;
};

/* Add a finding: `check` is one word; the sentence says what is, and if not well what to do. */
void doctor_say(struct doctor *d, const char *check, enum doctor_level level, const char *format,
                ...) __attribute__((format(printf, 4, 5)));

/* The file from outside: what it is, whose, on which disk, its log, who writes it. */
void doctor_file(struct doctor *d);
/* What is in it: schema, clock, figures. */
void doctor_ledger(struct doctor *d);
void doctor_backup(struct doctor *d);
/* The machine: its clock is kept right, it has memory. */
void doctor_machine(struct doctor *d);
/* A node, as far as it shows to whoever asks. */
void doctor_node(struct doctor *d, const char *url);

/* "3 days", "5 hours", "2 minutes", "1 second" */
#define DOCTOR_SPAN_TEXT 32
char *doctor_span(int64_t us, char text[static DOCTOR_SPAN_TEXT]);

#endif
