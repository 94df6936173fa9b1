#!/bin/sh
# remote.sh: --server on the command line: what is refused, what can't be reached, and which certificates count.
# The server is openssl's, which answers with the files of a folder. Without it the part about TLS is left out.
set -u
dir=$PWD server=
trap '[ -z "$server" ] || kill "$server"' EXIT
export XDG_CONFIG_HOME="$dir/config" XDG_DATA_HOME="$dir/data" XDG_STATE_HOME="$dir/state" XDG_CONFIG_DIRS="$dir/etc"

# tell NAME RC: what became of a case.
tell() {
    if [ "$2" -eq 0 ]; then
        echo "ok $1"
    else
        echo "not ok $1"
    fi
}

# check NAME CODE WORDS ARGS...: the exit code, and words of what is said.
check() {
    name=$1 code=$2 words=$3
    shift 3
    "$GONGHAI" "$@" >out.txt 2>err.txt </dev/null
    rc=$?
    if [ $rc -eq "$code" ] && grep -qF -- "$words" out.txt err.txt; then
        tell "$name" 0
    else
        tell "$name" 1
        echo "exit code $rc, not $code; or \"$words\" was not said:"
        cat out.txt err.txt
    fi
}

check no-socket 6 "can't be reached: No such file" --server "unix:$dir/none" list leads
check console 6 "can't be reached" --server "unix:$dir/none"
check plain-console 6 "can't be reached" --server "unix:$dir/none" --plain
check no-address 2 "is no address" --server bank list leads
check in-clear 2 "https://" --server http://bank:80 list leads
check two-places 2 "two places" --server "unix:$dir/none" --db x.db list leads
check local-only 2 "works on a database of this machine" --server "unix:$dir/none" backup x.gbk
check clock 2 "--now sets no clock" --server "unix:$dir/none" --now 2026-11-22 list leads
check no-meaning 2 "means nothing" --server "unix:$dir/none" docs man
[ ! -e x.db ] && [ ! -e data/gonghai/gonghai.db ]
tell nothing-was-made $?

# An option holds over a setting, and a lock over both.
mkdir -p config/gonghai etc/gonghai
printf '[server]\nurl = unix:/one\n' >config/gonghai/gonghai.conf
check from-settings 6 "/one can't be reached" list leads
check option-first 3 "x.db" --db x.db list leads
printf '[server]\nurl = unix:/one\n[database]\nurl = y.db\n' >config/gonghai/gonghai.conf
check both-set 2 "Take one of them out" list leads
printf '[database]\nurl = y.db\n' >config/gonghai/gonghai.conf
printf '[server]\n!url = unix:/locked\n' >etc/gonghai/gonghai.conf
check locked 6 "/locked can't be reached" list leads
check against-the-lock 5 "which is locked by" --db x.db list leads
rm -r config etc

if ! command -v openssl >/dev/null; then
    echo "skip tls there is no openssl here"
    exit 0
fi

# A certificate: NAME SUBJECT ISSUER [EXTENSION]
certificate() {
    openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$1.key" -out "$1.csr" \
        -subj "/CN=$2" 2>/dev/null &&
        printf '%s\n' "${4:-}" >"$1.ext" &&
        openssl x509 -req -in "$1.csr" -CA "$3.crt" -CAkey "$3.key" -days 2 -extfile "$1.ext" \
            -out "$1.crt" 2>/dev/null
}
for ca in ca other; do
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout $ca.key -out $ca.crt -days 2 \
        -subj "/CN=$ca" 2>/dev/null
done
certificate here localhost ca "subjectAltName=IP:127.0.0.1"
certificate elsewhere elsewhere ca "subjectAltName=DNS:elsewhere.example"
certificate terminal terminal ca
certificate stranger stranger other

mkdir -p v1/tags
answer() {
    printf 'HTTP/1.1 200 OK\r\nGonghai-Version: 1\r\nConnection: close\r\nContent-Length: %s\r\n\r\n%s' ${#1} "$1"
}
answer '{"login":"101","name":"x","branch_path":[],"roles":[],"rights":[],"demo":false,"test":true}' >v1/session
answer '{"id":"7","version":1,"code":"A","name":"alpha","active":true}' >v1/tags/7

# begin CERT ARGS...: openssl's server; it says on which port once it listens.
begin() {
    cert=$1
    shift
    [ -z "$server" ] || { kill "$server"; wait "$server" 2>/dev/null; }
    rm -f said && mkfifo said
    openssl s_server -accept 127.0.0.1:0 -cert "$cert.crt" -key "$cert.key" -HTTP "$@" >said 2>/dev/null </dev/null &
    server=$!
    exec 3<said
    while read -r line <&3; do
        case $line in ACCEPT*) break ;; esac
    done
    url=https://127.0.0.1:${line##*:}
}
get() { printf 'call tag.get {"id":"7"}'; }

begin here
# shellcheck disable=SC2046
{
    check unknown-authority 6 "no safe connection" --server "$url" $(get)
    export GONGHAI_SERVER_CA="$dir/ca.crt"
    check good 0 '"name":"alpha"' --server "$url" $(get)
    check not-the-name 6 "no safe connection" --server "https://localhost:${url##*:}" $(get)
    check not-tls 6 "" --server "http://127.0.0.1:${url##*:}" $(get)
    GONGHAI_SERVER_CA="$dir/other.crt" check other-authority 6 "no safe connection" --server "$url" $(get)
    GONGHAI_SERVER_CA="$dir/none.crt" check no-such-file 6 "server.ca" --server "$url" $(get)
    begin elsewhere
    check elsewhere 6 "no safe connection" --server "$url" $(get)
    begin here -Verify 2 -CAfile ca.crt -verify_return_error
    check terminal-without-certificate 6 "no safe connection" --server "$url" $(get)
    export GONGHAI_SERVER_CERT="$dir/terminal.crt" GONGHAI_SERVER_KEY="$dir/terminal.key"
    check terminal 0 '"name":"alpha"' --server "$url" $(get)
    export GONGHAI_SERVER_CERT="$dir/stranger.crt" GONGHAI_SERVER_KEY="$dir/stranger.key"
    check stranger 6 "no safe connection" --server "$url" $(get)
    unset GONGHAI_SERVER_CERT GONGHAI_SERVER_KEY
    begin here -tls1_1 -cipher 'ALL:@SECLEVEL=0'
    check old-tls 6 "no safe connection" --server "$url" $(get)
}
