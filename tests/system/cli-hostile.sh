#!/bin/sh
# What nobody types on purpose: empty words, a closed or full output, a limit on files, a terminal or a locale that is
# not there. Each is one sentence and an exit code, and nothing is changed.
set -u
. "$ROOT/tests/system/cli-cases.inc"
run init --test
awk 'BEGIN { print "external_id,name"; for (i = 1; i <= 3000; i++) print "a" i ",Name " i }' >leads.csv
run import leads leads.csv
check made prints "created 3000"

# --- an empty word: a variable of a script that was not set ---------------------------------------------------------
for option in as now lang; do
    bare --db "$db" "--$option" '' count leads
    check "empty-$option" refused 2 "--$option needs a value"
done
bare --db '' count leads
check empty-db refused 2 "--db needs a value"
run export leads x.csv --columns ''
check empty-columns-are-not-all refused 2 "--columns needs a value"
check empty-columns-write-nothing test ! -e x.csv
run list leads --columns ''
check empty-columns-of-a-list refused 2 "--columns needs a value"
run import leads leads.csv --again --map ''
check empty-map refused 2 "--map needs a value"
run import leads leads.csv --again --rejects=
check empty-rejects refused 2 "--rejects needs a value"
run import --watch ''
check empty-folder refused 2 "--watch needs a value"
run user add x --roles ''
check empty-roles refused 2 "--roles needs a value"
for words in "list" "count" "import" "export" "backup" "restore" "show" "user password" "user off" "key backup" "key forget"; do
    # shellcheck disable=SC2086
    run $words ''
    check "empty-word-$(echo $words | tr ' ' -)" refused 2 " is missing. Add it."
done
run call lead.create ''
check empty-json refused 2 "JSON is missing"
run list leads --where '' --sort '' --limit 1 --columns name --format csv
check no-condition-and-no-order-may-be-said lines 2

# --- the standard streams --------------------------------------------------------------------------------------------
for words in "list leads" "list leads --format csv" "list leads --format json" "count leads" "call lead.get {\"id\":\"1\"}" \
    "audit anchor" "docs man" "--version" "show leads"; do
    # shellcheck disable=SC2086
    case $words in call*) want=3 ;; *) want=1 ;; esac
    case $words in docs* | --*) on= ;; *) on="--db $db" ;; esac
    # shellcheck disable=SC2086
    "$GONGHAI" $on $words >&- 2>err.txt
    rc=$? out= err=$(cat err.txt)
    check "closed-output-$(echo $words | tr -c 'a-z\n' -)" refused $want ""
    # shellcheck disable=SC2086
    "$GONGHAI" $on $words >/dev/full 2>err.txt
    rc=$? out= err=$(cat err.txt)
    check "full-output-$(echo $words | tr -c 'a-z\n' -)" refused $want ""
done
yes 8 | timeout 20 "$GONGHAI" --db "$db" --plain >/dev/full 2>err.txt
rc=$? out= err=$(cat err.txt)
check plain-that-nobody-reads-ends refused 1 "can't be written"
yes 8 | timeout 20 "$GONGHAI" --db "$db" --plain 2>err.txt | head -3 >out.txt
check plain-whose-reader-leaves-ends test ! -s err.txt
{ printf '\377\n8\n'; head -c 100000 /dev/zero; printf '\n99999999999999999999\n-1\n'; } | "$GONGHAI" --db "$db" --plain >out.txt 2>err.txt
check plain-takes-any-bytes test $? = 0 -a ! -s err.txt
"$GONGHAI" --db "$db" call lead.list - <&- >out.txt 2>err.txt
rc=$? out=$(cat out.txt) err=$(cat err.txt)
check closed-input refused 2 "standard input"
"$GONGHAI" --db "$db" count nothing 2>&-
check closed-errors test $? = 2
"$GONGHAI" --db "$db" count leads <&- >out.txt 2>&-
rc=$? out=$(cat out.txt)
check all-but-output-closed is 3000
"$GONGHAI" --db "$db" list leads --format csv 2>err.txt | head -1 >out.txt
check a-reader-that-leaves-is-no-error test ! -s err.txt

printf '3\n.\nq\n' | "$GONGHAI" --plain >out.txt 2>err.txt
check a-dot-gives-up-the-path test $? = 0 -a ! -s err.txt

# --- files that may not grow ------------------------------------------------------------------------------------------
limited() {
    (ulimit -f 16 && exec "$GONGHAI" "$@") >out.txt 2>err.txt </dev/null
    rc=$?
    out=$(cat out.txt)
    err=$(cat err.txt)
}
before=$(sqlite3 "$db" "select count(*), max(id) from lead" 2>/dev/null)
limited --db "$db" export leads x.csv
check limit-export refused 1 "disk"
limited --db "$db" backup x.gbk
check limit-backup refused 1 "disk"
limited --db "$db" call lead.create '{"name":"x"}'
check limit-create refused 1 "disk"
limited --db new.db init
check limit-init refused 1 "disk"
limited --db new.db demo --no-open
check limit-demo refused 1 "disk"
check limit-leaves-nothing test ! -e x.csv -a ! -e x.gbk -a ! -e new.db
check limit-changes-nothing test "$(sqlite3 "$db" "select count(*), max(id) from lead" 2>/dev/null)" = "$before"
bare --db new.db init
check limit-is-in-nobodys-way test "$rc" = 0

# --- what is no file, and folders -------------------------------------------------------------------------------------
mkdir folder
run export leads folder
check export-to-a-folder refused 2 ".csv or .json"
mkdir folder/x.csv
run export leads folder/x.csv
check export-over-a-folder refused 1 "no ordinary file"
run export leads none/x.csv
check export-into-no-folder refused 1 "No such file"
run import leads folder
check import-of-a-folder refused 1 "no ordinary file"
run import leads /dev/zero
check import-of-a-device refused 1 "no ordinary file"
run restore folder --replace
check restore-of-a-folder refused 1 "folder can't be read"
run audit verify --anchor folder
check anchor-is-a-folder refused 1 "folder can't be opened"
run doctor --bundle folder
check bundle-over-a-folder refused 4 "there already"
run key backup /dev/full
check key-copy-over-a-device refused 4 "/dev/full is there already. Choose another name."
run restore leads.csv --replace --printed-key
check no-printed-key refused 2 "No key was given"
run import --watch /sys --once
check folder-that-takes-no-folder refused 1 "The folder /sys/done can't be watched"
check and-why-it-does-not test "${err#*No such file}" = "$err"

# --- a terminal and a locale that are not there -----------------------------------------------------------------------
for term in "" nonsense; do
    env TERM="$term" "$GONGHAI" --db "$db" show leads --size 80x24 >out.txt 2>err.txt </dev/null
    check "show-with-term-${term:-unset}" test $? = 0 -a "$(wc -l <out.txt)" = 24
done
LC_ALL='' LANG=zh_CN LANGUAGE='' "$GONGHAI" --db "$db" list nope >out.txt 2>err.txt
rc=$? out=$(cat out.txt) err=$(cat err.txt)
check language-without-its-locale refused 2 "没有「nope」这一类"
"$GONGHAI" --lang zh_CN --db "$db" export leads none/x.csv >out.txt 2>err.txt
rc=$? out=$(cat out.txt) err=$(cat err.txt)
check reasons-in-chinese refused 1 "没有那个文件或目录"
env -u HOME XDG_STATE_HOME="$HOME/state" XDG_CONFIG_HOME="$HOME/.config" "$GONGHAI" --db "$db" count leads >out.txt 2>err.txt
rc=$? out=$(cat out.txt) err=$(cat err.txt)
check without-a-home is 3000
exit $failed
