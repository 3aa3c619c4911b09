#include "zone.h"

#include "date.h"
#include "zone_rule.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * RFC 9636 (TZif): the file lists transitions up to some year; a POSIX TZ string at its end gives the
 * rule for later ones. Both become one table at open, so that a lookup changes nothing and
 * threads may share a zone.
 */
#define FOLDER "/usr/share/zoneinfo/"
#define FILE_MAX 65536
#define HEADER 44
#define VERSION_LINE "# version "
#define RULE_TEXT 128
#define RULES_UNTIL 2230 /* LEDGER_DAY_MAX */
#define DAY_S 86400

struct transition {
    int64_t at_s; /* UTC */
    int32_t offset_s;
};

struct ledger_zone {
    struct transition *transitions; /* the first begins before any time */
    size_t count;
    char name[LEDGER_ZONE_NAME_MAX + 1];
};

static int64_t big_endian(const unsigned char *b, int bytes)
{
    int64_t value = (signed char)b[0];

    for (int i = 1; i < bytes; i++)
        value = value * 256 + b[i];
    return value;
}

static void append(struct ledger_zone *zone, int64_t at_s, int32_t offset_s)
{
    if (zone->count > 0 && at_s <= zone->transitions[zone->count - 1].at_s)
        return;
    zone->transitions[zone->count++] = (struct transition){at_s, offset_s};
}

static void append_rule(struct ledger_zone *zone, const struct ledger_zone_rule *r)
{
    int64_t last_day = zone->transitions[zone->count - 1].at_s / DAY_S;
    int year, month, day;

    if (!r->has_summer || last_day > LEDGER_DAY_MAX)
        return;
    ledger_date_to_civil(last_day > 0 ? (int32_t)last_day : 0, &year, &month, &day);
    for (; year <= RULES_UNTIL; year++) {
        int64_t to_summer_s = ledger_zone_rule_local_s(&r->start, year) - r->standard_s;
        int64_t to_standard_s = ledger_zone_rule_local_s(&r->end, year) - r->summer_s;
        if (to_summer_s < to_standard_s) {
            append(zone, to_summer_s, r->summer_s);
            append(zone, to_standard_s, r->standard_s);
        } else {
            append(zone, to_standard_s, r->standard_s);
            append(zone, to_summer_s, r->summer_s);
        }
    }
}

struct block {
    int64_t times, types, chars, leaps, standards, utcs;
    size_t size;
};

static bool read_block(const unsigned char *bytes, size_t left, int time_bytes, struct block *b)
{
    if (left < HEADER || memcmp(bytes, "TZif", 4) != 0)
        return false;
    b->utcs = big_endian(bytes + 20, 4);
    b->standards = big_endian(bytes + 24, 4);
    b->leaps = big_endian(bytes + 28, 4);
    b->times = big_endian(bytes + 32, 4);
    b->types = big_endian(bytes + 36, 4);
    b->chars = big_endian(bytes + 40, 4);
    const int64_t counts[] = {b->utcs, b->standards, b->leaps, b->times, b->types, b->chars};
    for (size_t i = 0; i < 6; i++)
        if (counts[i] < 0 || counts[i] > FILE_MAX)
            return false;
    b->size = HEADER + (size_t)(b->times * (time_bytes + 1) + b->types * 6 + b->chars +
                                b->leaps * (time_bytes + 4) + b->standards + b->utcs);
    return b->types > 0 && b->size <= left;
}

static bool read_transitions(struct ledger_zone *zone, const unsigned char *bytes,
                             const struct block *b)
{
    const unsigned char *times = bytes + HEADER;
    const unsigned char *indexes = times + b->times * 8;
    const unsigned char *types = indexes + b->times;

    for (int64_t i = 0; i < b->types; i++)
        if (!ledger_zone_is_offset(big_endian(types + i * 6, 4)))
            return false;
    append(zone, INT64_MIN, (int32_t)big_endian(types, 4));
    for (int64_t i = 0; i < b->times; i++) {
        if (indexes[i] >= b->types)
            return false;
        append(zone, big_endian(times + i * 8, 8), (int32_t)big_endian(types + indexes[i] * 6, 4));
    }
    return true;
}

/* The text between the two line ends after the second block. */
static bool read_footer(const unsigned char *bytes, size_t left, char text[static RULE_TEXT])
{
    const unsigned char *end;

    if (left < 2 || bytes[0] != '\n')
        return false;
    end = memchr(bytes + 1, '\n', left - 1);
    if (!end || end - bytes - 1 >= RULE_TEXT)
        return false;
    memcpy(text, bytes + 1, (size_t)(end - bytes - 1));
    text[end - bytes - 1] = '\0';
    return true;
}

static enum ledger_status read_zone(struct ledger_zone *zone, const unsigned char *bytes,
                                    size_t size)
{
    struct block old, now;
    struct ledger_zone_rule rule;
    char footer[RULE_TEXT];

    if (!read_block(bytes, size, 4, &old) || bytes[4] < '2' ||
        !read_block(bytes + old.size, size - old.size, 8, &now))
        return LEDGER_ZONE_UNKNOWN;
    size_t end = old.size + now.size;
    zone->transitions =
        calloc((size_t)now.times + 1 + 2 * (RULES_UNTIL - 1969), sizeof *zone->transitions);
    if (!zone->transitions)
        return LEDGER_NO_MEMORY;
    if (!read_transitions(zone, bytes + old.size, &now) ||
        !read_footer(bytes + end, size - end, footer))
        return LEDGER_ZONE_UNKNOWN;
    if (footer[0] == '\0')
        return LEDGER_OK;
    if (!ledger_zone_rule_read(footer, &rule))
        return LEDGER_ZONE_UNKNOWN;
    append_rule(zone, &rule);
    return LEDGER_OK;
}

static bool is_name(const char *name)
{
    size_t size =
        strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/");

    return size > 0 && size <= LEDGER_ZONE_NAME_MAX && name[size] == '\0' && name[0] != '/' &&
           strcmp(name, "localtime") != 0 && strncmp(name, "right/", 6) != 0;
}

static size_t read_file(const char *name, unsigned char *bytes, size_t most)
{
    char path[sizeof FOLDER + LEDGER_ZONE_NAME_MAX];
    size_t size = 0;
    ssize_t got;

    snprintf(path, sizeof path, FOLDER "%s", name);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return 0;
    while (size < most && (got = read(fd, bytes + size, most - size)) > 0)
        size += (size_t)got;
    close(fd);
    return size;
}

enum ledger_status ledger_zone_read(const unsigned char *bytes, size_t size,
                                    struct ledger_zone **out)
{
    struct ledger_zone *zone = calloc(1, sizeof *zone);

    *out = NULL;
    if (!zone)
        return LEDGER_NO_MEMORY;
    enum ledger_status status = read_zone(zone, bytes, size);
    if (status == LEDGER_OK)
        *out = zone;
    else
        ledger_zone_close(zone);
    return status;
}

enum ledger_status ledger_zone_open(const char *name, struct ledger_zone **out)
{
    unsigned char *bytes;
    enum ledger_status status;

    *out = NULL;
    if (!is_name(name))
        return LEDGER_ZONE_UNKNOWN;
    bytes = malloc(FILE_MAX);
    if (!bytes)
        return LEDGER_NO_MEMORY;
    status = ledger_zone_read(bytes, read_file(name, bytes, FILE_MAX), out);
    free(bytes);
    if (status == LEDGER_OK)
        memcpy((*out)->name, name, strlen(name) + 1);
    return status;
}

void ledger_zone_close(struct ledger_zone *zone)
{
    if (!zone)
        return;
    free(zone->transitions);
    free(zone);
}

/* The last transition at or before `at_s`. */
static size_t span_of(const struct ledger_zone *zone, int64_t at_s)
{
    size_t low = 0;

    for (size_t high = zone->count; high - low > 1;) {
        size_t middle = low + (high - low) / 2;
        if (zone->transitions[middle].at_s <= at_s)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static int64_t floor_div(int64_t value, int64_t by)
{
    return value / by - (value % by < 0);
}

int32_t ledger_zone_day(const struct ledger_zone *zone, int64_t at_us)
{
    int64_t at_s = floor_div(at_us, LEDGER_US_PER_SECOND);
    int64_t local_s = at_s + zone->transitions[span_of(zone, at_s)].offset_s;

    return (int32_t)floor_div(local_s, DAY_S);
}

int64_t ledger_zone_day_start_us(const struct ledger_zone *zone, int32_t day)
{
    int64_t midnight_s = (int64_t)day * DAY_S;
    size_t i = span_of(zone, midnight_s - 2 * DAY_S);

    for (;; i++) {
        int64_t begins_s = zone->transitions[i].at_s;
        int64_t at_s = midnight_s - zone->transitions[i].offset_s;
        if (at_s < begins_s)
            at_s = begins_s;
        if (i + 1 == zone->count || at_s < zone->transitions[i + 1].at_s)
            return at_s * LEDGER_US_PER_SECOND;
    }
}

const char *ledger_zone_iana(const struct ledger_zone *zone)
{
    return zone->name;
}

struct ledger_wall ledger_zone_wall(const struct ledger_zone *zone, int64_t at_us)
{
    int64_t at_s = floor_div(at_us, LEDGER_US_PER_SECOND);
    int64_t local_s = at_s + zone->transitions[span_of(zone, at_s)].offset_s;
    int64_t day = floor_div(local_s, DAY_S);

    return (struct ledger_wall){(int32_t)day, (int32_t)(local_s - day * DAY_S)};
}

int ledger_zone_instants(const struct ledger_zone *zone, struct ledger_wall wall,
                         int64_t at_us[static 2])
{
    int64_t local_s = (int64_t)wall.day * DAY_S + wall.second;
    int64_t gap_s = INT64_MIN;
    int found = 0;

    for (size_t i = span_of(zone, local_s - 2 * DAY_S); i < zone->count; i++) {
        int64_t at_s = local_s - zone->transitions[i].offset_s;
        int64_t begins_s = zone->transitions[i].at_s;
        if (begins_s > local_s + 2 * DAY_S)
            break;
        if (at_s < begins_s) {
            gap_s = gap_s == INT64_MIN ? begins_s : gap_s;
            continue;
        }
        if (i + 1 == zone->count || at_s < zone->transitions[i + 1].at_s)
            at_us[found < 2 ? found++ : 1] = at_s * LEDGER_US_PER_SECOND;
    }
    if (found == 0) {
        at_us[0] = (gap_s - 1) * LEDGER_US_PER_SECOND;
        at_us[1] = gap_s * LEDGER_US_PER_SECOND;
    }
    return found;
}

enum ledger_status ledger_zone_instant(const struct ledger_zone *zone, struct ledger_wall wall,
                                       enum ledger_fold fold, int64_t at_us[static 2])
{
    int found = ledger_zone_instants(zone, wall, at_us);

    if (found == 0)
        return LEDGER_TIME_SKIPPED;
    if (found == 2 && fold == LEDGER_FOLD_UNSAID)
        return LEDGER_TIME_TWICE;
    if (found == 2 && fold == LEDGER_FOLD_LATER)
        at_us[0] = at_us[1];
    return LEDGER_OK;
}

char *ledger_zone_version(char version[static LEDGER_ZONE_VERSION])
{
    unsigned char bytes[sizeof VERSION_LINE + LEDGER_ZONE_VERSION];
    const char *text = (const char *)bytes;
    size_t size = read_file("tzdata.zi", bytes, sizeof bytes - 1);

    bytes[size] = '\0';
    if (strncmp(text, VERSION_LINE, sizeof VERSION_LINE - 1) == 0) {
        text += sizeof VERSION_LINE - 1;
    } else {
        size = read_file("+VERSION", bytes, sizeof bytes - 1);
        bytes[size] = '\0';
    }
    size = strspn(text, "0123456789abcdefghijklmnopqrstuvwxyz");
    snprintf(version, LEDGER_ZONE_VERSION, "%.*s", (int)size, text);
    return version;
}
