#!/bin/bash
# A node, or a command on the file, is killed COLEDGER_KILLS times (50 unless told): under load, or with `due`, `levies`,
# `series` or `notices` while it catches up with standing payments, months of levies, dates of bookings or what members
# are told.
set -u
export LC_ALL=C.UTF-8 NO_COLOR=1
top=$(cd "$(dirname "$0")/../.." && pwd)
build=$(cd "$top" && cd "${BUILD:-build}" && pwd) || exit 2
HOME=$(mktemp -d) || exit 2
trap 'rm -rf "$HOME"' EXIT
export HOME
unset COLEDGER_NODE COLEDGER_LEDGER COLEDGER_TOKEN XDG_DATA_HOME XDG_CONFIG_HOME
"$build/crash" "$build/coledger" "$@" "${COLEDGER_KILLS:-50}"
