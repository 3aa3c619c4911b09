#!/bin/sh
# need.sh PACKAGE ...: install what is missing of these Debian packages, saying what; nothing else.
# A command that is there already (node from elsewhere, say) stands for its package.
set -eu

command_of() {
    case $1 in
    nodejs) echo node ;;
    man-db) echo man ;;
    libxml2-utils) echo xmllint ;;
    beancount) echo bean-check ;;
    systemd) echo systemd-analyze ;;
    gcc | make | pkg-config | curl | hledger | ledger | npm | zsh | fish | sqlite3 | strace | openssl | lcov | clang-format-14 | clang-14 | wrk) echo "$1" ;;
    *) echo "" ;;
    esac
}

missing=
for package in "$@"; do
    command=$(command_of "$package")
    if [ -n "$command" ] && command -v "$command" > /dev/null 2>&1; then
        continue
    fi
    state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2> /dev/null || true)
    [ "$state" = installed ] || missing="$missing $package"
done
[ -z "$missing" ] && exit 0

echo "installing:$missing"
sudo=
if [ "$(id -u)" != 0 ]; then
    command -v sudo > /dev/null || { echo "need.sh: become root, or install by hand:$missing" >&2; exit 1; }
    sudo=sudo
fi
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086
$sudo apt-get install -y -q --no-install-recommends $missing > /dev/null 2>&1 || {
    $sudo apt-get update -q
    $sudo apt-get install -y -q --no-install-recommends $missing
}
