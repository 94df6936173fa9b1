#!/bin/sh
# README.md as a newcomer reads it: the picture is the screen, and every command of the ten things works as it stands.
set -u
. "$ROOT/tests/system/cli-cases.inc"
out= err= rc=0
: >out.txt
"$ROOT/scripts/screens.sh" "$GONGHAI" "$ROOT/README.md" >now.md 2>err.txt
check the-picture-is-the-screen-else-make-docs diff -u "$ROOT/README.md" now.md

mkdir build newcomer
ln -s "$GONGHAI" build/gonghai
export HOME="$PWD/newcomer" LC_ALL=C.UTF-8
unset XDG_CONFIG_HOME XDG_DATA_HOME XDG_STATE_HOME GONGHAI_KEYS_DIR
# What is indented, and what the text names in full. A console is opened by showing its first screen.
sed -n '/^## The ten/,/^## Further/p' "$ROOT/README.md" |
    sed -n -e 's/^  *\(build\/gonghai .*\)$/\1/p' -e 's/^  *\(printf .*\)$/\1/p' -e 's/.*`\(build\/gonghai [^`]*\)`.*/\1/p' |
    sed -e 's/--db bank.db$/& show home/' -e 's/--as 10001$/& show home/' >commands
check the-ten-things-have-commands test "$(grep -c . commands)" -ge 14
n=0
while IFS= read -r command; do
    n=$((n + 1))
    sh -c "$command" >out.txt 2>err.txt </dev/null
    rc=$? out=$(cat out.txt) err=$(cat err.txt)
    check "command-$n" test "$rc" = 0
done <commands
run_in() { build/gonghai --db bank.db "$@" >out.txt 2>err.txt </dev/null; rc=$? out=$(cat out.txt) err=$(cat err.txt); }
run_in count leads
check one-of-its-rows-is-taken is 1
check and-one-is-refused grep -q '^A2,.*,phone.invalid,' leads.csv.rejects.csv
sed -i 's/,12345,/,13800000002,/' leads.csv.rejects.csv
run_in import leads leads.csv.rejects.csv --map 'external_id=id,name=客户,phone=手机,channel=来源' --create-missing
check and-imports-again-after-mending is "rows 1  created 1  updated 0  skipped 0  rejected 0"
exit $failed
