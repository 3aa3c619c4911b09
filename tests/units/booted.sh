#!/bin/bash
# The units as a manager runs them, set up as docs/OPERATING.md says: does the node start, does mail leave by msmtp and an
# event by webhook, does it come again after a crash, does the backup's timer go off? boot.sh gives it a systemd.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
build=$(cd "$top" && cd "${BUILD:-build}" && pwd) || exit 2
export NO_COLOR=1 PAGER=cat SYSTEMD_PAGER=cat
. "$top/tests/support/same.sh"

# block AFTER: what stands between ``` and ``` after the first line that has these words
block() { awk -v after="$1" 'index($0, after) { on = 1; next } on && /^```/ { if (inside) exit; inside = 1; next } inside' "$top/docs/OPERATING.md"; }
soon() {
    local what=$1 wanted=$2
    shift 2
    for _ in $(seq 400); do
        [ "$("$@" 2>/dev/null)" != "$wanted" ] || break
        sleep 0.05
    done
    same "$what" "$wanted" "$("$@" 2>&1)"
}
own() { runuser -u coledger -- env -u COLEDGER_NODE HOME=/var/lib/coledger COLEDGER_LEDGER=/var/lib/coledger/ledger.db coledger "$@"; }
state() { systemctl show -P ActiveState coledger; }
healthy() { curl -s http://127.0.0.1:8600/healthz | grep -o '"status":"ok"'; }
main_pid() { systemctl show -P MainPID coledger; }

make -s -C "$top" BUILD="$build" install >/mnt/made 2>&1 || cat /mnt/made
systemd-sysusers 2>/dev/null
systemd-tmpfiles --create coledger.conf
own init --name "Calder Valley" --zone Europe/London >/dev/null
own currency add CALD --name Calder --kind money --floor -100 >/dev/null
own member add mill --name "Overden Mill" >/dev/null
own member add riverside --name "Riverside Bakery" >/dev/null
COLEDGER_TOKEN=$(own token create --role steward --json | sed -n 's/.*"secret": "\([^"]*\)".*/\1/p')
export COLEDGER_TOKEN

systemctl daemon-reload
systemctl start coledger
soon "the node starts" '"status":"ok"' healthy
same "as a user without rights, with its calls filtered" "coledger 0000000000000000 1 2" \
    "$(ps -o user= -p "$(main_pid)") $(sed -n 's/^CapEff:\t//p; s/^NoNewPrivs:\t//p; s/^Seccomp:\t//p' "/proc/$(main_pid)/status" | paste -sd ' ')"
same "what it may not write" 1 "$(nsenter -m -t "$(main_pid)" touch /etc/motd 2>/dev/null; echo $?)"

block '/etc/msmtprc`:' >/etc/msmtprc
mkdir -p /etc/systemd/system/coledger.service.d
block 'systemctl edit coledger`; the last two lines' |
    sed 's/^ExecStart=.*serve.*/& --webhook-allow-private/' >/etc/systemd/system/coledger.service.d/override.conf
mkdir /mnt/mails /mnt/hooks
python3 "$top/tests/notices/receive.py" /mnt/hooks >/mnt/port &
systemctl daemon-reload
systemctl restart coledger
soon "it starts with a way to tell" '"status":"ok"' healthy
export COLEDGER_NODE=http://127.0.0.1:8600
for _ in $(seq 100); do [ -s /mnt/port ] && break; sleep 0.05; done
coledger notice set mill --mode each --address mill@mill.example >/dev/null
coledger webhook add mill "http://127.0.0.1:$(cat /mnt/port)/hook" | sed -n 's/^Secret *//p' >/mnt/hooks/secret.hook
coledger pay mill 1 --from riverside --currency CALD >/dev/null
soon "what msmtp says where nobody takes a mail is in the journal" "msmtp: cannot connect to 127.0.0.1, port 25" \
    sh -c "journalctl -u coledger -o cat | grep -om1 'msmtp: cannot connect to 127.0.0.1, port 25'"
python3 "$top/tests/units/smtp.py" /mnt/mails &
for _ in $(seq 100); do grep -q ":0019 00000000:0000 0A" /proc/net/tcp && break; sleep 0.05; done
coledger notice retry >/dev/null
soon "a mail leaves by msmtp" "To: mill@mill.example" sh -c "grep -h '^To: ' /mnt/mails/*.mail | tr -d '\r'"
soon "an event leaves by webhook" "/hook paid 1" sh -c "cut -d' ' -f1-3 /mnt/hooks/events"
[ $failed = 0 ] || coledger notice outbox

before=$(main_pid)
kill -KILL "$before"
soon "it comes again after a crash" '"status":"ok"' healthy
same "as another process" 1 "$([ "$(main_pid)" != "$before" ]; echo $((1 - $?)))"
same "with what was paid" '"balance": "1.00"' "$(coledger balance mill --json | grep -o '"balance": "[^"]*"')"

systemctl start coledger-backup.timer
same "the timer waits" active "$(systemctl is-active coledger-backup.timer)"
systemctl start coledger-backup
same "a backup beside the node" 1 "$(find /var/backups/coledger -name 'ledger-*.db' | wc -l)"
same "the backup ended well" success "$(systemctl show -P Result coledger-backup)"
systemctl stop coledger
same "it stops when told" "inactive success" "$(state) $(systemctl show -P Result coledger)"
same "and nothing was wrong in the end" 0 "$(own verify >/dev/null; echo $?)"
[ $failed = 0 ] || journalctl -u coledger | tail -20
echo "$passed passed, $failed failed"
