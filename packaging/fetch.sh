#!/bin/sh
# fetch.sh FOLDER PACKAGE ...: unpack Debian packages below a folder without installing them. For servers that a
# test runs by itself: installed, they would start. One that is installed already is left out.
set -eu
folder=$1
shift
missing=
for package in "$@"; do
    PATH=$PATH:/usr/sbin:$folder/usr/sbin:$folder/usr/bin command -v "$package" > /dev/null 2>&1 ||
        missing="$missing $package"
done
[ -z "$missing" ] && exit 0

echo "fetching:$missing"
mkdir -p "$folder"
cd "$folder"
# shellcheck disable=SC2086
apt-get download -q $missing > /dev/null 2>&1 || {
    sudo=
    [ "$(id -u)" = 0 ] || sudo=sudo
    $sudo apt-get update -q
    apt-get download -q $missing
}
for package in ./*.deb; do
    dpkg-deb -x "$package" .
    rm "$package"
done
