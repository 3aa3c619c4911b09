#!/bin/bash
# Do notices leave a node: mails by a command that fails, hangs and is cut off, events to a webhook that checks each
# signature, and all of it at least once over a kill? And does nothing of a memo leave with them?
set -u
export LC_ALL=C.UTF-8 NO_COLOR=1 PAGER=cat
top=$(cd "$(dirname "$0")/../.." && pwd)
build=$(cd "$top" && cd "${BUILD:-build}" && pwd) || exit 2
dir=$(mktemp -d) || exit 2
node= receiver= metrics=
stop_node() {
    [ -z "$node" ] || { kill "${1:--TERM}" "$node" && wait "$node"; } 2>/dev/null
    node=
    unset COLEDGER_NODE
}
trap 'stop_node; [ -z "$receiver" ] || kill "$receiver"; rm -rf "$dir"' EXIT
export PATH=$build:$PATH HOME=$dir COLEDGER_LEDGER=$dir/ledger.db
unset COLEDGER_NODE COLEDGER_TOKEN XDG_DATA_HOME XDG_CONFIG_HOME http_proxy https_proxy

. "$top/tests/support/same.sh"

box=$dir/box hooks=$dir/hooks
take="/bin/sh $top/tests/notices/take.sh $box"
mail_by=(--notice-command "$take" --notice-from ledger@calder.example --notice-timeout 5)
memo=Zwiebelfisch

# start_node OPTIONS...
start_node() {
    rm -f "$dir/out"
    coledger serve --listen 127.0.0.1:0 --metrics 127.0.0.1:0 "$@" >"$dir/out" 2>>"$dir/log" &
    node=$!
    for _ in $(seq 200); do
        COLEDGER_NODE=$(sed -n 's/^Serving .* on \(http:[^;]*\);.*/\1/p' "$dir/out" 2>/dev/null)
        [ -z "$COLEDGER_NODE" ] || break
        sleep 0.05
    done
    export COLEDGER_NODE
    metrics=$(sed -n 's/.*metrics are at \(http:[^"]*\)".*/\1/p' "$dir/log" | tail -1)
}

figure() { curl -s "$metrics" | awk -v name="$1" '$1 == name { n = $2 } END { print n + 0 }'; }
pay() { coledger pay mill "$1" --from riverside --currency CALD --memo "$memo" --reference "$memo" >/dev/null; }
soon() {
    local what=$1 wanted=$2
    shift 2
    for _ in $(seq 400); do
        [ "$("$@")" != "$wanted" ] || break
        sleep 0.05
    done
    same "$what" "$wanted" "$("$@")"
}
mails() { find "$box" -name '*.mail' | wc -l; }
# The numbers of the transfers that mails tell of, each once.
told() { cat "$box"/*.mail 2>/dev/null | sed -n 's/^You were paid .*(transfer \([0-9]*\)).$/\1/p' | sort -nu | tr '\n' ' '; }
state() { coledger notice outbox --csv | tr -d '\r' | awk -F, -v n="$1" '$1 == n { print $6 "/" $7 " " $9 }'; }
events() { awk -v at="$1" '$1 == at { print $2 ":" $3 }' "$hooks/events" 2>/dev/null | uniq | tr '\n' ' '; }

mkdir "$box" "$hooks"
coledger init --name "Calder Valley" >/dev/null
coledger currency add CALD --name Calder --kind money --floor -1000 >/dev/null
for member in mill riverside ana; do coledger member add $member --name $member >/dev/null; done
COLEDGER_TOKEN=$(coledger token create --role steward --json | sed -n 's/.*"secret": "\([^"]*\)".*/\1/p')
export COLEDGER_TOKEN
python3 "$top/tests/notices/receive.py" "$hooks" >"$dir/port" 2>"$dir/receiver" &
receiver=$!

# What serve does not take.
serve_refused() { coledger serve --listen 127.0.0.1:0 "$@" 2>&1 | sed -n 's/.*\[\(.*\)\]$/\1/p'; }
same "a command without a path" usage "$(serve_refused --notice-command "sendmail -t" --notice-from a@b.example)"
same "a command that is not there" usage "$(serve_refused --notice-command "/no/sendmail -t" --notice-from a@b.example)"
same "a command without a sender" usage "$(serve_refused --notice-command /bin/cat)"
same "a sender that is none" mail_address_malformed "$(serve_refused --notice-command /bin/cat --notice-from "a@b.example, c@d.example")"
same "no time at all" number_malformed "$(serve_refused --notice-timeout 0)"
same "a time too long" number_malformed "$(serve_refused --notice-timeout 601)"

# Mails: one that is taken, one that fails, one that hangs.
start_node "${mail_by[@]}"
coledger notice set mill --mode each --address mill@mill.example >/dev/null
pay 1.01
soon "a payment is mailed" "1 " told
touch "$box/fail"
pay 1.02
soon "a command that fails" "1/1 exit-75" state 1
same "it is not called at once again" 1 "$(mails)"
rm "$box/fail"
touch "$box/hang"
coledger notice retry >/dev/null
soon "a command that hangs" "1/2 timeout" state 1
same "and nothing of it is left" "" "$(pgrep -fx "$take")"
soon "it shows in the figures" 1 figure coledger_outbox_failing
same "so do the tries" 2 "$(figure 'coledger_notices_handed_over_total{channel="mail",outcome="failed"}')"
rm "$box/hang"

# Others go on while one cannot be told: webhooks beside the mails.
for _ in $(seq 100); do [ -s "$dir/port" ] && break; sleep 0.05; done
port=$(cat "$dir/port")
add() { coledger webhook add "$1" "http://$2:$port/$3" 2>&1 | sed -n 's/^Secret *//p; s/.*\[\(.*\)\]$/\1/p'; }
same "a webhook to this machine" webhook_private "$(add mill 127.0.0.1 hook | head -1)"
same "by a name that leads here" webhook_private "$(add mill localhost hook | head -1)"
same "nothing was added" 0 "$(coledger webhook list --csv | tail -n +2 | wc -l)"
stop_node
touch "$box/hang"
start_node "${mail_by[@]}" --webhook-allow-private
add mill 127.0.0.1 hook >"$hooks/secret.hook"
add riverside localhost other >"$hooks/secret.other"
add mill 127.0.0.1 moved >"$hooks/secret.moved"
pay 1.03
coledger pay riverside 0.50 --from mill --currency CALD >/dev/null
soon "a member's events, in order" "paid:3 spent:4 " events /hook
soon "and its partner's" "spent:3 paid:4 " events /other
soon "a redirect is not followed" "2/1 http-302" state 4
coledger webhook test 2 >/dev/null
soon "a test is heard by the one" "paid:3 spent:4 webhook-test:2 " events /hook
same "and by no other" "spent:3 paid:4 " "$(events /other)"
coledger webhook remove 4 >/dev/null
rm "$box/hang"

# The receiver is down for a while: nothing overtakes.
touch "$hooks/refuse"
for n in 5 6 7; do pay 1.0$n; done
soon "a receiver that fails" "3/1 http-500" state 2
rm "$hooks/refuse"
coledger notice retry >/dev/null
soon "in order still" "paid:3 spent:4 webhook-test:2 paid:5 paid:6 paid:7 " events /hook
soon "no mail is lost" "1 2 3 5 6 7 " told

# kill -9 in the middle of a mail and an event: at least once, the same again, nothing lost.
touch "$box/slow" "$hooks/slow"
for n in 10 11 12; do pay 1.$n; done
for _ in $(seq 200); do [ "$(mails)" -gt 6 ] && break; sleep 0.05; done
stop_node -KILL
rm "$box/slow" "$hooks/slow"
sleep 1.2
start_node "${mail_by[@]}" --webhook-allow-private
soon "mails after a kill" "1 2 3 5 6 7 8 9 10 " told
soon "events after a kill" "paid:3 spent:4 webhook-test:2 paid:5 paid:6 paid:7 paid:8 paid:9 paid:10 " events /hook
same "some came twice" yes "$([ "$(mails)" -gt 9 ] && echo yes)"
same "a Message-ID for each, and no more" 9 "$(grep -h ^Message-ID: "$box"/*.mail | sort -u | wc -l)"
same "the same text under the same Message-ID" 9 "$(for m in "$box"/*.mail; do md5sum <"$m"; done | sort -u | wc -l)"
same "each event has its id" 9 "$(awk '$1 == "/hook" { print $4 }' "$hooks/events" | sort -u | wc -l)"
same "no signature was wrong" "" "$(cat "$hooks/wrong" "$dir/receiver" 2>/dev/null)"
soon "nothing waits" "0/0 " state 1
soon "nor fails" 0 figure coledger_outbox_failing

# A stop lets what is on its way end.
touch "$box/slow"
pay 1.20
for _ in $(seq 200); do [ "$(told | wc -w)" = 10 ] && break; sleep 0.05; done
soon "the partner's events" "spent:11 " eval 'events /other | grep -o "spent:11 "'
stop_node
rm "$box/slow"
same "what was taken is marked before the end" "0/0 " "$(state 1)"

# By hand, and a digest of a day that is over.
coledger notice set mill --mode daily >/dev/null
rm "$box"/*.mail
sqlite3 "$COLEDGER_LEDGER" "INSERT INTO notice SELECT max(id) + 1, 1, 'asked', 41, (strftime('%s') - 86400) * 1000000 FROM notice"
sqlite3 "$COLEDGER_LEDGER" "INSERT INTO notice SELECT max(id) + 1, 1, 'asked', 42, (strftime('%s') - 86400) * 1000000 FROM notice"
same "one mail of yesterday, two events" "3,0,0" "$(coledger notice send "${mail_by[@]}" --webhook-allow-private --csv | tail -1 | tr -d "\r")"
same "it is one" 1 "$(mails)"
same "it tells of both" "2" "$(grep -c '^You are asked to pay' "$box"/*.mail)"
same "and says of which day" 1 "$(grep -c "^Subject: Calder Valley: 2 notices of $(date -u -d yesterday +%F)$" "$box"/*.mail)"
same "and that is all" "0,0,0" "$(coledger notice send "${mail_by[@]}" --webhook-allow-private --csv | tail -1 | tr -d "\r")"

# Addresses are looked at where something is sent, too. A webhook's secret outlives the node's key, and not its loss.
pay 1.30
same "no private address without leave" "2,0" "$(coledger notice send --csv | tail -1 | tr -d "\r" | cut -d, -f2,3)"
same "its word for it" "1/1 private" "$(state 2)"
coledger key rotate --reason yearly >/dev/null
coledger notice retry >/dev/null
same "another key" "2,0,0" "$(coledger notice send --webhook-allow-private --csv | tail -1 | tr -d "\r")"
same "the same secret" "paid:12 " "$(events /hook | grep -o 'paid:12 ')"
same "which the receiver took for good" "" "$(cat "$hooks/wrong" 2>/dev/null)"
rm "$COLEDGER_LEDGER.key"
coledger key rotate --reason lost >/dev/null
pay 1.31
coledger chores >/dev/null
coledger notice send --webhook-allow-private >/dev/null
same "a secret of a key that was lost" "1/1 key-changed" "$(state 2)"
same "the doctor is patient" "ok" "$(coledger doctor --csv | awk -F, '$2 == "notices" { print $1 }')"
sqlite3 "$COLEDGER_LEDGER" "UPDATE outbox SET first_try_us = first_try_us - 7200000000 WHERE tries > 0"
same "and speaks after an hour" "look" "$(coledger doctor --csv | awk -F, '$2 == "notices" { print $1 }')"
sqlite3 "$COLEDGER_LEDGER" "UPDATE outbox SET first_try_us = first_try_us - 90000000000, next_us = 0 WHERE tries > 0"
sqlite3 "$COLEDGER_LEDGER" "INSERT INTO notice SELECT max(id) + 1, 3, 'asked', 1, 0 FROM notice"
coledger notice send >/dev/null
same "what is not a week old is not given up" 0 "$(coledger notice undelivered --csv | tail -n +2 | wc -l)"

# Nothing of a memo has left, and no secret is anywhere.
same "no memo in a mail, an event or the log" "" "$(grep -rl "$memo" "$box" "$hooks/bodies" "$dir/log")"
same "there were events" yes "$([ -s "$hooks/bodies" ] && echo yes)"
same "no secret in the ledger or the log" "" "$(grep -laF -f <(cat "$hooks"/secret.*) "$dir"/ledger.db* "$dir/log")"

# Erased, the addresses are nowhere.
coledger notice set ana --mode each --address ana.ruiz@calder.example >/dev/null
coledger notice set ana --mode each --address other.ruiz@calder.example >/dev/null
same "an address that was replaced" "" "$(grep -laF ana.ruiz "$dir"/ledger.db*)"
coledger webhook add ana https://ana-ruiz-home.example/hook >/dev/null
coledger member leave ana --reason moved >/dev/null
coledger member erase ana --reason asked >/dev/null
same "addresses of one who was erased" "" "$(grep -laE 'other.ruiz|ana-ruiz-home' "$dir"/ledger.db*)"
same "verify" "Sound      yes" "$(coledger verify | head -1)"

echo "notices: $passed passed, $failed failed"
[ $failed -eq 0 ]
