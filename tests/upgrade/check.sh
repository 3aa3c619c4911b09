#!/usr/bin/env bash
# check.sh: a ledger of every older schema is raised, and says afterwards what it said before.
#
# schema-N.ledger was made by the last program of that schema, and schema-N.txt is what tell.sh then showed of
# it. A change of schema adds a pair; none is ever made anew. What was held or sought in them is over one day, so
# they are read as on a day not long after they were made.
set -u
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
program=$work/coledger
printf '#!/bin/sh\nexec "%s" 2026-11-30T12:00 "%s" "$@"\n' "$here/../clock/at" "$(cd "${BUILD:-build}" && pwd)/coledger" >"$program"
chmod +x "$program"
passed=0
failed=0

expect() { # WHAT COMMAND...
    what=$1
    shift
    if "$@" >"$work/out" 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAIL  $what"
        tail -20 "$work/out"
    fi
}

# Exit 6, and the sentence names the way out.
is_older() {
    "$program" balance --ledger "$1" >"$work/said" 2>&1
    [ $? -eq 6 ] && grep -q 'run `coledger migrate`' "$work/said"
}

for old in "$here"/schema-*.ledger; do
    name=$(basename "$old" .ledger)
    file=$work/$name.db
    cp "$old" "$file"
    chmod 600 "$file"
    expect "$name is refused before it is raised" is_older "$file"
    expect "$name is raised" "$program" migrate --ledger "$file"
    expect "$name has a copy of what it was" is_older "$file.$name"
    expect "$name verifies" "$program" verify --ledger "$file"
    sh "$here/tell.sh" "$program" "$file" >"$work/told" 2>&1
    expect "$name says what it said" diff "$here/$name.txt" "$work/told"
    if [ -f "$here/$name-pool.txt" ]; then
        sh "$here/tell-pool.sh" "$program" "$file" >"$work/told" 2>&1
        expect "$name says it of rooms and courses" diff "$here/$name-pool.txt" "$work/told"
    fi
    expect "$name takes a payment" "$program" pay ben 1.00 --from ana --currency CALD --ledger "$file"
    expect "$name takes a capture" "$program" hold capture 1 --ledger "$file"
    expect "$name verifies afterwards" "$program" verify --ledger "$file"
done

# A training currency of before there were lots: fund -9, ana 12 of which 5 are held, ben 2, low -5.
file=$work/training.db
cp "$here/training-2.ledger" "$file"
chmod 600 "$file"
lots() { # MEMBER FIGURES
    "$program" credits list "$1" --ledger "$file" --csv | grep -q ",history,,$2,"
}
expect "training credits are raised" "$program" migrate --ledger "$file"
expect "and verify" "$program" verify --ledger "$file"
expect "a balance is one lot, and a hold pins it" lots ana 12.00,12.00,5.00
expect "another's is another" lots ben 2.00,2.00,0.00
expect "a provider is listed" "$program" provider add ben --reason "teaches" --ledger "$file"
expect "and paid" "$program" pay ben 7.00 --from ana --currency TRAIN --ledger "$file"
expect "whoever is below zero receives" \
    "$program" credits grant low 7.00 --fund fund --currency TRAIN --expires 2035-11-30 --purpose x --ledger "$file"
expect "a payment of before is refunded" "$program" transfer refund 2 --ledger "$file"
expect "and all verify afterwards" "$program" verify --ledger "$file"

# Why a placement ended could not be erased in schema 3. Placement 2's names are erased already.
file=$work/placements.db
cp "$here/schema-3.ledger" "$file"
chmod 600 "$file"
sqlite3 "$file" "
INSERT INTO placement VALUES (1, NULL, 1, 2, NULL, 2, 1, 100, 60, 20000, 20006, 5, 'local:test');
INSERT INTO placement VALUES (2, NULL, 1, 2, NULL, 2, 1, 100, 60, 20000, 20006, 6, 'local:test');
INSERT INTO placement_text VALUES (1, 'Ana', '');
INSERT INTO erasure VALUES (2, 'placement', 2, 7, 'local:test', 'asked');
INSERT INTO placement_end VALUES (1, 20001, 0, 8, 'local:test', 'Ana found a job');
INSERT INTO placement_end VALUES (2, 20001, 0, 9, 'local:test', 'Ben found a job');"
reason() { # PLACEMENT WANTED
    [ "$("$program" placement show "$1" --ledger "$file" --json | sed -n 's/.*"reason": "\(.*\)".*/\1/p')" = "$2" ]
}
no_name() {
    [ "$(sqlite3 "$file" "SELECT count(*) FROM placement_end WHERE reason <> ''")" = 0 ]
}
expect "placements are raised" "$program" migrate --ledger "$file"
expect "and verify" "$program" verify --ledger "$file"
expect "why it ended is told" reason 1 "Ana found a job"
expect "and not where the names are erased" reason 2 ""
expect "and stands nowhere else" no_name
expect "it can be erased" "$program" placement erase 1 --reason asked --ledger "$file"
expect "and is" reason 1 ""
expect "and the placements verify afterwards" "$program" verify --ledger "$file"

# Two debts of 12.50 that a fund wrote off before there was a record of them; the first was reversed.
file=$work/write-off.db
cp "$here/write-off-3.ledger" "$file"
chmod 600 "$file"
told() { # OPERATION COLUMNS LINES
    "$program" write-off "$1" --year 2026 --csv --ledger "$file" | cut -d, -f"$2" | sed 1d | tr '\r\n' ' ' | tr -s ' ' | grep -qx "$3 "
}
expect "write-offs are raised" "$program" migrate --ledger "$file"
expect "and verify" "$program" verify --ledger "$file"
expect "each is listed" told list 1,3,5,8 "2,ana,12.50,3 4,ana,12.50,"
expect "the year's cost is told, less what was reversed" told years 1,3-5 "2026,commons,1,12.50"

# An answer that was kept told of one member: 173 is ana's booking 1 of ben's studio, 178 her place in the school's course.
file=$work/answers.db
cp "$here/schema-3.ledger" "$file"
chmod 600 "$file"
tells() { # WRITE KINDS AND SUBJECTS
    [ "$(sqlite3 "$file" "SELECT group_concat(kind || ' ' || subject, ', ') FROM (SELECT * FROM register_answer_of WHERE seq = $1 ORDER BY kind, subject)")" = "$2" ]
}
expect "answers are raised" "$program" migrate --ledger "$file"
expect "and verify" "$program" verify --ledger "$file"
expect "a booking's tells of its title, of who booked and of whose room" tells 173 "booking 1, member 1, member 2"
expect "a room's tells of its host" tells 170 "member 2"
expect "a place's tells of who learns and of whose title it is" tells 178 "member 1, member 8"
expect "a title is erased" "$program" booking erase 1 --reason asked --ledger "$file"
gone() { # WRITE
    [ "$(sqlite3 "$file" "SELECT count(*) FROM register_answer WHERE seq = $1")" = 0 ]
}
expect "and the answer with it" gone 173
expect "and the answers verify afterwards" "$program" verify --ledger "$file"

# Ana had booked jane's studio, and had a place in inkwell's course, Penmanship; both left and were erased. Schema 3 kept
# her answers. After the last erasure ben came, and a batch that refused one payment of his.
file=$work/forgotten.db
cp "$here/forgotten-3.ledger" "$file"
chmod 600 "$file"
words='jane|inkwell|penmanship'
named() { # FILE: in what its columns hold
    sqlite3 "$1" .dump | grep -Eiq "$words"
}
unnamed() { # FILE: neither there nor in what was freed
    ! named "$1" && ! grep -Eaiq "$words" "$1"
}
again() { # UID'S-END WANTED COMMAND...
    uid=01990000-0000-7000-8000-0000000000$1
    wanted=$2
    shift 2
    "$program" "$@" --uid "$uid" --ledger "$file" --json | tr -d ' \n' | grep -qF "$wanted"
}
erased='{"erased":true}'
expect "schema 3 named who was erased" named "$file"
expect "a ledger with erased members is raised" "$program" migrate --ledger "$file"
expect "and verifies" "$program" verify --ledger "$file"
expect "and is backed up" "$program" backup "$work/forgotten.copy" --ledger "$file"
expect "no name of them stands in it, and no title" unnamed "$file"
expect "nor in its copy" unnamed "$work/forgotten.copy"
expect "a room's answer is gone" again 02 "$erased" resource add studio --host jane --title Studio --bands "48h 100%"
expect "a booking's" again 03 "$erased" book studio --member ana --from 2026-12-20T10:00 --for 2h
expect "a cancellation's" again 04 "$erased" booking cancel 1 --by member --reason "not needed"
expect "a change's" again 05 "$erased" resource set studio --retired --reason "the roof leaks"
expect "a place's" again 08 "$erased" enrol 1 --member ana
expect "and that of giving it up" again 09 "$erased" enrolment cancel 1 --reason "is ill"
expect "what was answered later is answered again" again 10 '"member":"ben","name":"Ben"' member add ben --name Ben
expect "a refusal in a batch tells of whom it names" tells 21 "member 5"
expect "who leaves now" "$program" member leave ben --reason "moves away" --ledger "$file"
expect "is erased" "$program" member erase ben --reason asked --ledger "$file"
expect "and with him what he came by" gone 20
expect "and the refusal" gone 21
expect "and all that verifies afterwards" "$program" verify --ledger "$file"
echo "upgrade: $passed passed, $failed failed"
[ $failed -eq 0 ]
