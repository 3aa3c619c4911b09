#!/bin/bash
# The proxies that docs/OPERATING.md shows, as they stand there but for addresses and certificates, in
# front of a node. A proxy that is not installed is left out, with a word.
set -u
export LC_ALL=C.UTF-8 NO_COLOR=1 PAGER=cat
top=$(cd "$(dirname "$0")/../.." && pwd)
build=$(cd "$top" && cd "${BUILD:-build}" && pwd) || exit 2
dir=$(mktemp -d) || exit 2
node= proxy=
stop() { [ -z "$1" ] || { kill "$1" && wait "$1"; } 2>/dev/null; }
trap 'stop "$proxy"; stop "$node"; rm -rf "$dir"' EXIT
export PATH=$build:$PATH:/usr/sbin:$build/proxies/usr/sbin:$build/proxies/usr/bin HOME=$dir COLEDGER_LEDGER=$dir/ledger.db
unset COLEDGER_NODE COLEDGER_TOKEN XDG_DATA_HOME XDG_CONFIG_HOME

. "$top/tests/support/same.sh"

block() { sed -n "/^\`\`\`$1\$/,/^\`\`\`\$/p" "$top/docs/OPERATING.md" | sed '1d;$d'; }
free_port() { node_port=$1; while (exec 3<>"/dev/tcp/127.0.0.1/$node_port") 2>/dev/null; do node_port=$((node_port + 1)); done; echo "$node_port"; }
ask() { curl -sk --max-time 20 -o "$dir/answer" -w '%{http_code}' --resolve "ledger.example.org:$port:127.0.0.1" -H "Authorization: Bearer $token" "$@"; }
code() { sed -n 's/.*"code":"\([a-z_]*\)".*/\1/p' "$dir/answer"; }

pay='{"from":"riverside","payee":"mill","amount":"1.00","currency":"CALD"}'
json='Content-Type: application/json'

# What must go through, whoever stands in front: $chunked is what becomes of a body without a length. (The
# node's 400 and its close come while Caddy still writes, which makes it a 502 now and then.)
in_front() {
    local url=https://ledger.example.org:$port/api/v1
    for _ in $(seq 100); do
        [ "$(ask "https://ledger.example.org:$port/healthz")" = 200 ] && break
        sleep 0.05
    done
    same "$1: health" 200 "$(ask "https://ledger.example.org:$port/healthz")"
    same "$1: a token" 200 "$(ask "$url/node")"
    same "$1: a payment" 200 "$(ask -H "$json" -H "Idempotency-Key: $2" -d "$pay" "$url/payments")"
    cp "$dir/answer" "$dir/first"
    same "$1: once and only once" "200 same" "$(ask -H "$json" -H "Idempotency-Key: $2" -d "$pay" "$url/payments") $(cmp -s "$dir/first" "$dir/answer" && echo same)"
    same "$1: a body without a length" "$chunked" "$(ask -H "$json" -H 'Transfer-Encoding: chunked' -d "$pay" "$url/payments" | sed 's/40[0-9]\|502/refused/')"
    same "$1: a refusal" "409 over_limit" "$(ask -H "$json" -d "${pay/1.00/5000.00}" "$url/payments") $(code)"
    # 413; Caddy before 2.7 says 502, or hangs up while the body is still on its way
    head -c 1500000 /dev/zero | tr '\0' ' ' >"$dir/large"
    same "$1: a body too large" refused "$(ask -H "$json" --data-binary "@$dir/large" "$url/payments" | sed 's/413\|502\|000/refused/')"
    sleep 2.5 # longer than node and proxy keep a connection
    same "$1: after a pause" 200 "$(ask -H "$json" -d "$pay" "$url/payments")"
}

coledger init --name Test >/dev/null
coledger currency add CALD --name Calder --kind money --floor -100 >/dev/null
coledger member add mill --name Mill >/dev/null
coledger member add riverside --name Riverside >/dev/null
token=$(coledger token create --role steward --json | sed -n 's/.*\(clt_[A-Za-z0-9_-]*\).*/\1/p')
coledger serve --listen 127.0.0.1:0 >"$dir/serve" 2>&1 &
node=$!
for _ in $(seq 200); do
    behind=$(sed -n 's/.* on http:\/\/\([^;]*\);.*/\1/p' "$dir/serve")
    [ -z "$behind" ] || break
    sleep 0.05
done

if command -v nginx >/dev/null && command -v openssl >/dev/null; then
    openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=ledger.example.org -days 2 -keyout "$dir/key.pem" -out "$dir/cert.pem" 2>/dev/null
    port=$(free_port 18443)
    plain=$(free_port 18080)
    {
        echo "pid $dir/nginx.pid; error_log $dir/error.log; daemon off; worker_processes 1; events {} http { access_log off;"
        for kind in client_body proxy fastcgi uwsgi scgi; do echo "${kind}_temp_path $dir/$kind;"; done
        block nginx | sed -e "s|127.0.0.1:8600|$behind|" -e "s|listen 80;|listen 127.0.0.1:$plain;|" -e "s|listen 443|listen 127.0.0.1:$port|" \
            -e "s|/etc/letsencrypt/.*fullchain.pem|$dir/cert.pem|" -e "s|/etc/letsencrypt/.*privkey.pem|$dir/key.pem|"
        echo "}"
    } >"$dir/nginx.conf"
    chmod 755 "$dir"
    same "nginx -t" 0 "$(nginx -q -t -c "$dir/nginx.conf" 2>"$dir/said"; echo $?)"
    cat "$dir/said"
    nginx -c "$dir/nginx.conf" 2>"$dir/nginx.said" &
    proxy=$!
    chunked=200
    in_front nginx 0190d3c2-7c1e-7b6a-9f2e-2f6a6f0c1a01
    same "nginx: plain http" 301 "$(curl -s -o /dev/null -w '%{http_code}' -H 'Host: ledger.example.org' "http://127.0.0.1:$plain/")"
    # 1 and a burst of 20 go through at once, and one more for each second that it takes
    for _ in $(seq 40); do
        curl -sk -o /dev/null -w '%{http_code}\n' --resolve "ledger.example.org:$port:127.0.0.1" -H "$json" -d '{"jwt":"a.b.c"}' \
            "https://ledger.example.org:$port/api/v1/certificates/verification"
    done >"$dir/asked"
    same "nginx: whether a certificate is good, without a token" yes "$([ "$(grep -c 400 "$dir/asked")" -ge 21 ] && echo yes)"
    same "nginx: not all day" yes "$([ "$(grep -c 429 "$dir/asked")" -ge 5 ] && echo yes)"
    same "nginx: all else goes on" 200 "$(ask "https://ledger.example.org:$port/api/v1/node")"
    stop "$proxy"
    proxy=
else
    echo "skipped: no nginx here"
fi

if command -v caddy >/dev/null; then
    port=$(free_port 18543)
    {
        printf '{\n\tadmin off\n\tauto_https disable_redirects\n\tskip_install_trust\n\thttp_port %s\n\thttps_port %s\n\tlocal_certs\n}\n' "$(free_port 18180)" "$port"
        block caddy | sed -e "s|127.0.0.1:8600|$behind|" -e "s|^ledger.example.org|https://ledger.example.org:$port|"
    } >"$dir/Caddyfile"
    export XDG_DATA_HOME=$dir/caddy XDG_CONFIG_HOME=$dir/caddy
    same "caddy validate" 0 "$(caddy validate --adapter caddyfile --config "$dir/Caddyfile" >"$dir/said" 2>&1; echo $?)"
    caddy run --adapter caddyfile --config "$dir/Caddyfile" >"$dir/caddy.said" 2>&1 &
    proxy=$!
    chunked=refused
    in_front caddy 0190d3c2-7c1e-7b6a-9f2e-2f6a6f0c1a02
    stop "$proxy"
    proxy=
else
    echo "skipped: no caddy here"
fi
stop "$node"
node=
same "all that was answered is there" yes "$(coledger verify | sed -n 's/^Sound *//p')"
echo "$passed passed, $failed failed"
[ $failed = 0 ]
