#!/bin/sh
# take.sh FOLDER: as sendmail -t, into a folder. FOLDER/fail and FOLDER/hang say what to do instead, FOLDER/slow to
# wait before it ends, with the mail in the folder already.
[ -e "$1/hang" ] && sleep 600
[ -e "$1/fail" ] && exit 75
umask 077
cat >"$1/.$$" && mv "$1/.$$" "$1/$(date +%s%N).mail"
[ ! -e "$1/slow" ] || sleep 1
