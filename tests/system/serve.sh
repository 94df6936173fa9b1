#!/bin/sh
# serve.sh: the server as a process: where it listens, how it ends, and kill -9 of it and of its clients under load, KILLS times each: what was
# acknowledged is there, nothing is there twice, and a call that is repeated with its key changes nothing more.
set -u
. "$ROOT/tests/system/cli-cases.inc"
: "${KILLS:=5}"
CLIENTS=4
socket=$PWD/s.sock
server=

start() {
    rm -f ready.txt
    "$GONGHAI" --db "$db" serve --listen "unix:$socket" 2>ready.txt &
    server=$!
    for _ in $(seq 200); do
        grep -q "$socket" ready.txt 2>/dev/null && [ -S "$socket" ] && return 0
        sleep 0.05
    done
    cat ready.txt
    return 1
}

stop() {
    kill -TERM "$server" 2>/dev/null
    wait "$server"
}

# A client makes tags C-1, C-2 .. with keys of their own, and writes down those that were acknowledged. A repeat begins where the file ends.
client() {
    i=$(wc -l <"done.$1")
    while [ ! -e stop ]; do
        i=$((i + 1))
        "$GONGHAI" --server "unix:$socket" call tag.create "{\"code\":\"$1-$i\",\"name\":\"$1 $i\"}" --key "key-$1-$i" >>"out.$1" 2>&1 || return 1
        echo "$i" >>"done.$1"
    done
}

each_client() {
    c=0
    while [ "$c" -lt "$CLIENTS" ]; do
        "$@" "$c"
        c=$((c + 1))
    done
}

begin() { : >"done.$1"; }
in_background() { client "$1" & pids="$pids $!"; }

# All that a client was told is there, and nothing beyond but the one that it was not told of.
check_client() {
    last=$(wc -l <"done.$1")
    there=$("$GONGHAI" --db "$db" count tags --where "code starts with \"$1-\"")
    [ "$there" = "$last" ] || [ "$there" = $((last + 1)) ] || echo "client $1: told $last, there are $there" >>wrong
}

run init --test
check listens start
bare --server "unix:$socket" call tag.create '{"code":"one","name":"one"}' --key k1
first=$out
bare --server "unix:$socket" call tag.create '{"code":"one","name":"one"}' --key k1
check the-same-key test "$rc$out" = "0$first"
bare --server "unix:$socket" call tag.create '{"code":"two","name":"two"}' --key k1
check another-request test "$rc" = 4
bare --server "unix:$socket" count tags
check one-row test "$out" = 1
check ends-well stop
check socket-gone test ! -e "$socket"
run serve --listen 0.0.0.0:0
check no-network-without-tls test "$rc" = 2
run serve --listen nonsense
check no-address test "$rc" = 2

# ---- the server is killed

each_client begin
n=0
while [ "$n" -lt "$KILLS" ]; do
    n=$((n + 1))
    start || break
    pids=
    each_client in_background
    sleep "$(awk -v n="$n" 'BEGIN { srand(n * 7); printf "%.3f", 0.2 + rand() * 0.8 }')"
    kill -9 "$server"
    wait "$server" 2>/dev/null
    touch stop
    for p in $pids; do wait "$p"; done
    rm -f stop
    each_client check_client
done
check killed-server test ! -s wrong
cat wrong 2>/dev/null

# ---- the clients are killed

start
n=0
while [ "$n" -lt "$KILLS" ]; do
    n=$((n + 1))
    pids=
    each_client in_background
    sleep "$(awk -v n="$n" 'BEGIN { srand(n * 11); printf "%.3f", 0.1 + rand() * 0.5 }')"
    for p in $pids; do kill -9 "$p" 2>/dev/null; done
    for p in $pids; do wait "$p" 2>/dev/null; done
    sleep 0.1
    each_client check_client
done
check killed-clients test ! -s wrong
cat wrong 2>/dev/null
check ends-well-after stop
run doctor
check doctor test "$rc" = 0
run audit verify
check audit test "$rc" = 0
