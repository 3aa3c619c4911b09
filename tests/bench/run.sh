#!/bin/sh
# run.sh BUILD: the benchmark, in a folder on the disk that BUILD is on; the real data where it is there.
set -eu
folder=$(mktemp -d "$1/bench.XXXXXX")
trap 'rm -rf "$folder"' EXIT
csv=${COLEDGER_DATA:-../shared/data}/community-currency-100k.csv
if [ -f "$csv" ]; then
    "$1/bench" "$folder" "$1/coledger" "$csv"
else
    "$1/bench" "$folder" "$1/coledger"
    echo "import: not measured, $csv is not there"
fi
"$1/bench" pool "$folder"
bash "$(dirname "$0")/http.sh" "$1" "$folder"
