#!/bin/sh
# demo broken off leaves nothing; make run without the right to install ends with 1.
set -u
. "$ROOT/tests/system/cli-cases.inc"
: >out.txt
: >err.txt
rc=0

# --- demo, broken off -----------------------------------------------------------------------------------------
broken_off() { # SIGNAL
    env --default-signal="$1" "$GONGHAI" --db "$PWD/d.db" demo --leads 20000000 --no-open >out.txt 2>err.txt </dev/null &
    maker=$!
    until [ -e d.db-wal ] && sqlite3 d.db "select 1 from meta where key = 'mark'" 2>/dev/null | grep -q 1; do
        kill -0 "$maker" 2>/dev/null || break
    done
    kill -s "$1" "$maker"
    wait "$maker"
    rc=$?
    out=$(cat out.txt)
    err=$(cat err.txt)
}
for signal in INT TERM; do
    broken_off $signal
    check "demo-$signal-ends-with-1" fails_with 1
    check "demo-$signal-leaves-no-file" test -z "$(ls -d d.db* 2>/dev/null)"
    check "demo-$signal-leaves-no-key" test -z "$(find "$HOME" -name '*.key')"
done
"$GONGHAI" --db "$PWD/d.db" demo --leads 10 --no-open >out.txt 2>err.txt </dev/null
rc=$?
check demo-again test "$rc" = 0

# --- make run, make test ---------------------------------------------------------------------------------------
# A machine where nothing is installed, and an account that may not change that.
if ! command -v dpkg-query >/dev/null; then
    echo "skip make-without-rights this is no Debian"
    exit "$failed"
fi
mkdir poor
printf '#!/bin/sh\necho 1000\n' >poor/id
printf '#!/bin/sh\nexit 1\n' >poor/sudo
printf '#!/bin/sh\nexit 0\n' >poor/dpkg-query
chmod +x poor/*
for target in run test; do
    PATH=$PWD/poor:$PATH make -C "$ROOT" BUILD="$PWD/build" $target >out.txt 2>err.txt </dev/null
    rc=$?
    err=$(cat err.txt)
    check "make-$target-ends-with-1" fails_with 1
    check "make-$target-says-what-to-ask-for" says "apt-get install --no-install-recommends"
    check "make-$target-builds-nothing" test ! -e build/gonghai -a ! -e build/obj
done
exit "$failed"
