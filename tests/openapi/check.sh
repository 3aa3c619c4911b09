#!/bin/sh
# Serve an empty ledger, fetch its OpenAPI document, and let a validator that is not ours judge it.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "${BUILD:-build}" && pwd)
work=$build/openapi
node_pid=

stop() {
    [ -z "$node_pid" ] || kill "$node_pid" 2>/dev/null || true
    rm -f "$work"/ledger.db*
}
trap stop EXIT

mkdir -p "$work"
rm -f "$work"/ledger.db* "$work/served"
if ! cmp -s "$here/package-lock.json" "$work/package-lock.json"; then
    cp "$here/package.json" "$here/package-lock.json" "$work"
    (cd "$work" && npm ci --silent --no-audit --no-fund --ignore-scripts)
fi

"$build/coledger" init --name "OpenAPI check" --ledger "$work/ledger.db" >/dev/null
: >"$work/served" # it is looked at before the node writes to it
"$build/coledger" serve --ledger "$work/ledger.db" --listen 127.0.0.1:0 >"$work/served" &
node_pid=$!
url=
for _ in $(seq 100); do
    url=$(sed -n 's/.*on \(http:[^;]*\);.*/\1/p' "$work/served")
    [ -z "$url" ] || break
    sleep 0.1
done
[ -n "$url" ] || { echo "the node did not start" >&2; exit 1; }
curl -sSf "$url/api/v1/openapi.json" -o "$work/openapi.json"

cd "$work"
node --input-type=module -e '
    import { Validator } from "@seriousme/openapi-schema-validator";
    const validator = new Validator();
    const result = await validator.validate("openapi.json");
    const paths = validator.specification?.paths ?? {};
    if (!result.valid || Object.keys(paths).length === 0) {
        console.error(JSON.stringify(result.errors ?? "no paths", null, 2));
        process.exit(1);
    }
    console.log(`OpenAPI ${validator.version}: valid, ${Object.keys(paths).length} paths`);
'
echo "1 passed, 0 failed"
