# ahead.awk - the days around the one of loading: pool.txt and its like with days for words.
#
#   awk -v today=2026-11-24 -f ahead.awk pool.txt
#
# A booking cannot be made in the past, so these days are counted from today, whatever day that is:
#   {mon 2}        the second Monday from tomorrow on; a day on which the valley is closed is passed over
#   {day 20}       twenty days from now; {day -20} was twenty days ago
#   {closed}       from the first closed day to the last; the line is written once for each closing
#   = WORD         at the end of a line: what it made is from here on $WORD
#   = WORD of 3    the third booking of a series that the line made
# Plain POSIX awk, like year.awk.

BEGIN {
    split("mon tue wed thu fri sat sun", weekday, " ")
    split("31 28 31 30 31 30 31 31 30 31 30 31", month_days, " ")
    split(today, part, "-")
    now = day_number(part[1], part[2], part[3])
    for (year = part[1] - 1; year <= part[1] + 1; year++) {
        first = day_number(year, 12, 24); last = day_number(year + 1, 1, 1)
        if (last < now || first > now + 360) continue
        closing_from[++closings] = first < now ? now : first
        closing_to[closings] = last
    }
}

{ sub(/\r$/, "") }
/^#/ || /^ *$/ { next }
/\{closed\}/ { for (i = 1; i <= closings; i++) command($0, i); next }
{ command($0, 0) }

function command(line, closing,  word, keep) {
    keep = ""
    if (match(line, / = [a-z]+( of [0-9]+)?$/)) {
        split(substr(line, RSTART + 3), word, " ")
        keep = " && " word[1] "=$(" (word[2] == "of" ? "booking " word[3] : "number") ")"
        line = substr(line, 1, RSTART - 1)
    }
    while (match(line, /\{[^}]+\}/))
        line = substr(line, 1, RSTART - 1) meant(substr(line, RSTART + 1, RLENGTH - 2), closing) substr(line, RSTART + RLENGTH)
    print "coledger " line keep
}

function meant(text, closing,  word, day, left, dow) {
    if (text == "closed") return "--from " date(closing_from[closing]) " --to " date(closing_to[closing])
    split(text, word, " ")
    if (word[1] == "day") return date(now + word[2])
    for (dow = 1; dow <= 7 && weekday[dow] != word[1]; dow++) ;
    if (dow > 7 || word[2] < 1) {
        print "example: " FILENAME " names {" text "}, which is no day" > "/dev/stderr"
        exit 1
    }
    left = word[2]
    for (day = now; left > 0; ) if (day_of_week(++day) == dow && !closed(day)) left--
    return date(day)
}
function closed(day,  i) {
    for (i = 1; i <= closings; i++) if (day >= closing_from[i] && day <= closing_to[i]) return 1
    return 0
}

# Days are counted from 1 January 1970, a Thursday.
function leap(y) { return y % 4 == 0 && y % 100 != 0 || y % 400 == 0 }
function length_of(y, m) { return month_days[m] + (m == 2 && leap(y)) }
function day_number(y, m, d,  n, i) {
    n = d - 1
    for (i = 1970; i < y; i++) n += 365 + leap(i)
    for (i = 1; i < m; i++) n += length_of(y, i)
    return n
}
function day_of_week(n) { return (n + 3) % 7 + 1 }
function date(n,  y, m) {
    for (y = 1970; n >= 365 + leap(y); y++) n -= 365 + leap(y)
    for (m = 1; n >= length_of(y, m); m++) n -= length_of(y, m)
    return sprintf("%d-%02d-%02d", y, m, n + 1)
}
