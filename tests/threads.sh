#!/bin/sh
# threads.sh TEST ...: run what was built under ThreadSanitizer, the tests, a node that is killed and one that tells members; no race
# may be seen. BUILD says where the programs are.
set -u
reports=$(mktemp -d)
trap 'rm -rf "$reports"' EXIT
export TSAN_OPTIONS="log_path=$reports/race exitcode=66 second_deadlock_stack=1"
sh "$(dirname "$0")/run.sh" "$@"
bad=$?
COLEDGER_KILLS=${COLEDGER_KILLS:-10} bash "$(dirname "$0")/crash/check.sh" || bad=1
bash "$(dirname "$0")/notices/check.sh" || bad=1
races=$(cat "$reports"/race.* 2>/dev/null | grep -c '^WARNING: ThreadSanitizer')
[ "$races" -eq 0 ] || { cat "$reports"/race.* | head -200; bad=1; }
echo "threads: $races races"
[ $bad -eq 0 ]
