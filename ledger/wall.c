#include "wall.h"

#include "date.h"
#include "handle.h"

#include <stdio.h>
#include <string.h>

static bool read_pair(const char **text, char before, int most, int32_t *value)
{
    const char *t = *text;

    if (t[0] != before || t[1] < '0' || t[1] > '9' || t[2] < '0' || t[2] > '9')
        return false;
    *value = (t[1] - '0') * 10 + t[2] - '0';
    *text += 3;
    return *value <= most;
}

enum ledger_status ledger_wall_parse(const char *text, struct ledger_wall *wall)
{
    char date[LEDGER_DATE_TEXT];
    int32_t day, hour, minute, second = 0;

    if (strnlen(text, sizeof date) < sizeof date)
        return LEDGER_TIME_MALFORMED;
    memcpy(date, text, sizeof date - 1);
    date[sizeof date - 1] = '\0';
    text += sizeof date - 1;
    if (ledger_date_parse(date, &day) != LEDGER_OK ||
        !read_pair(&text, *text == ' ' ? ' ' : 'T', 23, &hour) ||
        !read_pair(&text, ':', 59, &minute) ||
        (*text != '\0' && !read_pair(&text, ':', 59, &second)) || *text != '\0')
        return LEDGER_TIME_MALFORMED;
    *wall = (struct ledger_wall){day, hour * 3600 + minute * 60 + second};
    return LEDGER_OK;
}

char *ledger_wall_format(struct ledger_wall wall, char buf[static LEDGER_WALL_TEXT])
{
    int hour = wall.second / 3600;
    int minute = wall.second / 60 % 60;
    int second = wall.second % 60;
    size_t date = LEDGER_DATE_TEXT - 1;

    ledger_date_format(wall.day, buf);
    snprintf(buf + date, LEDGER_WALL_TEXT - date, second ? "T%02d:%02d:%02d" : "T%02d:%02d", hour,
             minute, second);
    return buf;
}

static const char *const fold_names[] = {"", "earlier", "later"};

enum ledger_status ledger_fold_parse(const char *text, enum ledger_fold *fold)
{
    for (int f = LEDGER_FOLD_UNSAID; f <= LEDGER_FOLD_LATER; f++) {
        if (strcmp(text ? text : "", fold_names[f]) != 0)
            continue;
        *fold = (enum ledger_fold)f;
        return LEDGER_OK;
    }
    return LEDGER_CHOICE_UNKNOWN;
}

const char *ledger_fold_name(enum ledger_fold fold)
{
    return fold_names[fold];
}

enum ledger_status ledger_zone_need(struct ledger *l, const char *name,
                                    const struct ledger_zone **zone)
{
    struct ledger_zone *opened;

    for (int i = 0; i < LEDGER_ZONES_KEPT; i++)
        if (l->zones[i] && strcmp(ledger_zone_iana(l->zones[i]), name) == 0) {
            *zone = l->zones[i];
            return LEDGER_OK;
        }
    enum ledger_status status = ledger_zone_open(name, &opened);
    if (status == LEDGER_ZONE_UNKNOWN)
        return ledger_refuse_field(l, status, "zone",
                                   "no time zone has that name: take one such as "
                                   "Europe/London or America/Toronto");
    if (status != LEDGER_OK)
        return ledger_refuse(l, status, "out of memory");
    ledger_zone_close(l->zones[l->zone_next]);
    l->zones[l->zone_next] = opened;
    l->zone_next = (l->zone_next + 1) % LEDGER_ZONES_KEPT;
    *zone = opened;
    return LEDGER_OK;
}

static enum ledger_status refuse_skipped(struct ledger *l, const struct ledger_zone *zone,
                                         const char *text, const int64_t at_us[static 2])
{
    struct ledger_wall last = ledger_zone_wall(zone, at_us[0]);
    char before[LEDGER_WALL_TEXT], after[LEDGER_WALL_TEXT];

    last.second -= last.second % 60; /* people book minutes */
    ledger_wall_format(last, before);
    ledger_wall_format(ledger_zone_wall(zone, at_us[1]), after);
    return ledger_refuse(
        l, LEDGER_TIME_SKIPPED,
        "there is no %s in %s, where the clocks go forward: the nearest times are %s and %s", text,
        ledger_zone_iana(zone), before, after);
}

enum ledger_status ledger_wall_instant(struct ledger *l, const char *field,
                                       const struct ledger_zone *zone, struct ledger_wall wall,
                                       enum ledger_fold fold, int64_t *at_us)
{
    int64_t found_us[2];
    char text[LEDGER_WALL_TEXT], first[LEDGER_TIME_TEXT], second[LEDGER_TIME_TEXT];
    enum ledger_status status = ledger_zone_instant(zone, wall, fold, found_us);

    *at_us = found_us[0];
    if (status == LEDGER_OK)
        return status;
    ledger_wall_format(wall, text);
    if (status == LEDGER_TIME_SKIPPED)
        return ledger_blame(l, refuse_skipped(l, zone, text, found_us), field, -1);
    ledger_time_format(found_us[0], first);
    ledger_time_format(found_us[1], second);
    ledger_refuse(l, status,
                  "%s comes twice in %s, where the clocks go back: say fold earlier (%.16sZ) or "
                  "later (%.16sZ)",
                  text, ledger_zone_iana(zone), first, second);
    return ledger_blame(l, status, field, -1);
}
