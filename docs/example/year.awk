# year.awk - live through one year of the Calda valley.
#
#   awk -v out=FOLDER -v seed=N -f year.awk members.txt trade.txt story.txt
#
# Every day each habit of trade.txt may become a transfer. A transfer that would take somebody
# outside its limits does not happen, as in life: it is then paid in sterling. Plain POSIX awk and a
# random generator of its own, so that every awk makes the same year. Amounts are minor units.

BEGIN {
    FS = " *[|] *"
    split("31 28 31 30 31 30 31 31 30 31 30 31", month_days, " ")
    split("January February March April May June July August September October November December", month_name, " ")
    split("Mon Tue Wed Thu Fri Sat Sun", weekday, " ")
    split("one two three four five six seven eight nine ten eleven twelve", number_word, " ")
    closed = " 2025-12-25 2025-12-26 2025-12-27 2026-01-01 2026-04-03 2026-04-06 2026-05-04 2026-05-25 2026-08-31 "
    columns = "date,from,to,amount,memo,reference"
    random_state = seed % 2147483646 + 1
    for (warm_up = 10; warm_up > 0; warm_up--) random()
}

{ sub(/\r$/, "") }
FILENAME ~ /story/ { if ($0 == "") begun = 1; if (begun) story[++stories] = $0; next }
/^#/ || /^ *$/ { next }
FILENAME ~ /members/ { take_member(); next }
{ take_habit() }

END {
    write_setup()
    live()
    write_story()
}

# Chance. Park and Miller's generator: exact in the doubles that every awk counts with.
function random() {
    random_state = (random_state * 16807) % 2147483647
    return random_state / 2147483647
}
function between(least, most) { return least + int(random() * (most - least + 1)) }

# Money
function minor(text,  part, n) {
    n = split(text, part, ".")
    sub(/^-/, "", part[1])
    return (text ~ /^-/ ? -1 : 1) * (part[1] * 100 + (n > 1 ? substr(part[2] "0", 1, 2) : 0))
}
function decimal(amount,  size) {
    size = amount < 0 ? -amount : amount
    return sprintf("%s%d.%02d", amount < 0 ? "-" : "", int(size / 100), size % 100)
}

# handle | invoice | name | kind | class | sector | locality | CALD limits | HOUR limits | why
function take_member(  bound, c) {
    handle[++members] = $1
    prefix[$1] = $2; name[$1] = $3; kind[$1] = $4
    class[$1] = $5; sector[$1] = $6; locality[$1] = $7; why[$1] = $10
    for (c = 8; c <= 9; c++) {
        split($c, bound, / +/)
        low[$1, code(c)] = minor(bound[1]); high[$1, code(c)] = minor(bound[2])
        balance[$1, code(c)] = 0
    }
}
function code(column) { return column == 8 ? "CALD" : "HOUR" }

# when | payer | payee | price | currency | ref | memo
function take_habit(  word, n, i, h) {
    h = ++habits
    n = split($1, word, / +/)
    how[h] = word[1]; days[h] = word[2]; percent[h] = 100; season[h] = ""
    for (i = 3; i <= n; i++) {
        if (word[i] ~ /%$/) percent[h] = word[i] + 0
        if (word[i - 1] == "of") season[h] = "," word[i] ","
    }
    payers[h] = $2; payees[h] = $3; price[h] = $4; currency[h] = $5; numbered[h] = $6 == "inv"; memos[h] = $7
}

function everybody(  list, i) {
    for (i = 1; i <= members; i++) if (kind[handle[i]] == "coop") list = list (list == "" ? "" : ",") handle[i]
    return list
}

# The year
function live(  year, month, day, dow, last) {
    print columns > file("CALD"); print columns > file("HOUR")
    year = 2025; month = 11; day = 1; dow = 6 # a Saturday
    while (year < 2026 || month < 11) {
        last = month_days[month] # the year has no 29 February
        today = sprintf("%d-%02d-%02d", year, month, day); this_month = month; this_year = year
        one_day(day, day == last, weekday[dow])
        dow = dow % 7 + 1
        if (++day > last) { day = 1; if (++month > 12) { month = 1; year++ } }
    }
    close(file("CALD")); close(file("HOUR"))
}
function file(c) { return out "/" (c == "CALD" ? "cald" : "hour") ".csv" }

function one_day(day, is_last, dow,  h, open) {
    open = dow != "Sun" && !index(closed, today)
    for (h = 1; h <= habits; h++) {
        if (season[h] != "" && !index(season[h], "," this_month ",")) continue
        if (how[h] == "month" && (days[h] == day || days[h] == "last" && is_last)) all_pay(h)
        else if (open && how[h] == "week" && index(days[h], dow) && random() * 100 < percent[h]) all_pay(h)
        else if (open && how[h] == "about" && random() < days[h] / working_days(h)) one_pays(h)
    }
}
function working_days(h,  part) {
    return 25.2 * (season[h] == "" ? 12 : split(season[h], part, ",") - 2)
}

function all_pay(h,  list, n, i) {
    n = split(payers[h] == "*" ? everybody() : payers[h], list, ",")
    for (i = 1; i <= n; i++) trade(h, list[i], pick(payees[h]))
}
# Whoever is well in credit looks harder for something to buy.
function one_pays(h,  payer, payee, try, c) {
    c = currency[h]
    payee = pick(payees[h])
    for (try = 0; try < 6; try++) {
        payer = pick(payers[h] == "*" ? everybody() : payers[h])
        if (payer != payee && random() < ease(payer, c) && trade(h, payer, payee)) return
    }
}
function ease(m, c) { return (balance[m, c] - low[m, c]) / (high[m, c] - low[m, c]) }
function pick(text,  list) { return list[between(1, split(text, list, ","))] }

# One transfer, if both limits allow it; a little room is left for the story at the end.
function trade(h, payer, payee,  c, amount, memo) {
    c = currency[h]
    amount = charge(price[h], payer, c)
    if (payer == payee || amount <= 0) return 0
    if (balance[payer, c] - amount < low[payer, c] * 94 / 100) return 0
    if (balance[payee, c] + amount > high[payee, c] * 94 / 100) return 0
    balance[payer, c] -= amount; balance[payee, c] += amount
    received[payee, c] += amount
    if (price[h] ~ /%$/) received[payer, c] = 0
    memo = words(memos[h])
    ++posted[c]
    latest[payer, payee, c] = posted[c]; latest_amount[payer, payee, c] = amount
    printf "%s,%s,%s,%s,%s,%s\n", today, payer, payee, decimal(amount), quoted(memo), numbered[h] ? invoice(payee) : "" > file(c)
    return 1
}

# 12.50 | 20-60/0.50 | 24.50 x 2-5 | 2% of what came in. Sets `count`.
function charge(text, payer, c,  part, range, step) {
    count = 1
    if (text ~ /%$/) return int(received[payer, c] * (text + 0) / 100)
    if (split(text, part, / x /) == 2) {
        split(part[2], range, "-")
        count = between(range[1], range[2])
        return count * minor(part[1])
    }
    if (split(text, part, "/") == 2) {
        split(part[1], range, "-")
        step = minor(part[2])
        # the mean of two throws: middling prices are the usual ones
        count = between(2, 4)
        return minor(range[1]) + step * int((random() + random()) / 2 * ((minor(range[2]) - minor(range[1])) / step + 1))
    }
    return minor(text)
}

function words(text,  list, memo) {
    memo = list[between(1, split(text, list, "; "))]
    sub(/#/, number_word[count], memo)
    sub(/%m/, month_name[this_month], memo)
    if (match(memo, /\([a-z]+\)/)) # box(es): the ending only for several
        memo = substr(memo, 1, RSTART - 1) (count == 1 ? "" : substr(memo, RSTART + 1, RLENGTH - 2)) substr(memo, RSTART + RLENGTH)
    return memo
}
function invoice(m) { return sprintf("%s-%d-%03d", prefix[m], this_year, ++invoices[m, this_year]) }
function quoted(text) { return text ~ /,/ ? "\"" text "\"" : text }

# coledger's words, one command a line
function write_setup(  to, i, m) {
    to = out "/setup.sh"
    print "# Made by docs/example/make.sh: the region before its first trade." > to
    print ": \"${REVIEW_ON:=2027-11-01}\"" > to
    print "coledger init --name \"Calda valley\" --zone Europe/London" > to
    print "coledger currency add CALD --name \"Calda\" --scale 2 --kind money" > to
    print "coledger currency add HOUR --name \"Calda hour\" --scale 2 --kind time" > to
    print "coledger currency equivalent CALD --unit GBP --value 1.00 --reason \"founding assembly: one CALD is priced like one pound\"" > to
    for (i = 1; i <= members; i++) {
        m = handle[i]
        print "coledger member add " m " --name \"" name[m] "\" --kind " kind[m] attribute("class", class[m]) attribute("sector", sector[m]) attribute("locality", locality[m]) > to
    }
    for (i = 1; i <= members; i++) {
        m = handle[i]
        print limit(m, "CALD", why[m]) > to
        print limit(m, "HOUR", kind[m] == "fund" ? why[m] : "a fair share of a month's hours") > to
    }
    close(to)
}
function attribute(word, value) { return value == "-" ? "" : " --" word " \"" value "\"" }
function limit(m, c, reason) {
    return "coledger account limit " m " " c " --floor " decimal(low[m, c]) " --ceiling " decimal(high[m, c]) " --reason \"" reason "\" --review-on \"$REVIEW_ON\""
}

# The story as it was written, with numbers for its names:
#   {last PAYER PAYEE}  the number of the year's last transfer between these two in CALD
#   {invoice PAYEE}     that member's next invoice number
#   = WORD at the end   this line's transfer or hold is from here on {WORD}
function write_story(  to, i, line, label, next_transfer, next_hold, number) {
    to = out "/story.sh"
    next_transfer = posted["CALD"] + posted["HOUR"]
    print "# Made by docs/example/make.sh: what was typed in by hand after the year was loaded." > to
    for (i = 1; i <= stories; i++) {
        line = story[i]
        if (line ~ /^#/ || line ~ /^ *$/) { print line > to; continue }
        label = ""
        if (match(line, / = [a-z]+$/)) { label = substr(line, RSTART + 3); line = substr(line, 1, RSTART - 1) }
        while (match(line, /\{[^}]+\}/))
            line = substr(line, 1, RSTART - 1) number_of(substr(line, RSTART + 1, RLENGTH - 2)) substr(line, RSTART + RLENGTH)
        number = 0
        if (line ~ /^hold place/) number = ++next_hold
        else if (line ~ /^(pay|transfer|hold capture)/) number = ++next_transfer
        if (label != "") named[label] = number
        print "coledger " line > to
    }
    close(to)
}
function number_of(text,  word, n) {
    n = split(text, word, " ")
    if (n == 3 && word[1] == "last" && (word[2], word[3], "CALD") in latest) return latest[word[2], word[3], "CALD"]
    if (n == 2 && word[1] == "invoice") return invoice(word[2])
    if (n == 1 && word[1] in named) return named[word[1]]
    print "example: the story names {" text "}, and there is no such thing" > "/dev/stderr"
    failed = 1
    exit 1
}
