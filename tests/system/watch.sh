#!/bin/sh
# import --watch: a spool folder, each file once. Nothing here sleeps: the watcher says a line for each file.
set -u
. "$ROOT/tests/system/cli-cases.inc"
run init --test
mkdir in
mkfifo said lines

# watch WORDS...: a watcher of in/ in the background, after it said that it watches. Its lines are read with
# `line`; `stop SIGNAL` ends it and leaves its exit code in rc.
watch() {
    # a shell makes its background deaf to Ctrl-C
    env --default-signal=INT "$GONGHAI" --db "$db" import --watch in "$@" >lines 2>said </dev/null &
    watcher=$!
    exec 3<lines 4<said
    read -r said <&4
}
line() { read -r line <&3; }
stop() {
    kill -"$1" "$watcher"
    wait "$watcher"
    rc=$?
    exec 3<&- 4<&-
}
line_is() { [ "$line" = "$1" ]; }
line_has() { case $line in *"$1"*) return 0 ;; *) return 1 ;; esac }
leads() { run count leads; [ "$out" = "$1" ]; }
file() { # NAME ROWS...: written elsewhere and moved in, so that it comes whole
    name=$1
    shift
    printf '%s\n' "external_id,name,phone" "$@" >whole.txt
    mv whole.txt "in/$name"
}
: >out.txt
: >err.txt

# --- what lies there, in the order of names, and what is left alone -----------------------------------------
file leads-b.csv "b1,Bo,"
file leads-a.csv "a1,An," "a2,Anna,12"
file .leads-hidden.csv "h1,H,"
file leads-x.csv.part "h2,H,"
file leads-x.tmp "h3,H,"
file 'leads-x.csv~' "h4,H,"
mkdir in/leads-folder.csv
cp in/leads-b.csv elsewhere.csv
ln -s ../elsewhere.csv in/leads-link.csv
watch
check says-that-it-watches test "$said" = "Watching in. Ctrl-C ends it."
line
check first-by-name line_is "leads-a.csv: rows 2  created 1  updated 0  skipped 0  rejected 1"
line
check then-the-next line_is "leads-b.csv: rows 1  created 1  updated 0  skipped 0  rejected 0"
check moved test -f in/done/leads-a.csv -a -f in/done/leads-b.csv -a ! -e in/leads-a.csv
check rejects-beside grep -q '^a2,Anna,12,phone.invalid,' in/done/leads-a.csv.rejects.csv
check no-rejects-of-a-clean-file test ! -e in/done/leads-b.csv.rejects.csv

# --- what comes -----------------------------------------------------------------------------------------------
file leads-c.csv "c1,Ci,"
line
check moved-in line_is "leads-c.csv: rows 1  created 1  updated 0  skipped 0  rejected 0"
exec 5>in/leads-d.csv
printf 'external_id,name\n' >&5
file leads-e.csv "e1,Ea,"
line
check a-file-being-written-waits line_has "leads-e.csv: rows 1"
printf 'd1,Da\n' >&5
exec 5>&-
line
check closed-after-writing line_is "leads-d.csv: rows 1  created 1  updated 0  skipped 0  rejected 0"
printf 'code,name\nc9,Channel\n' >whole.txt && mv whole.txt in/Channels_2026.csv
line
check the-name-says-the-kind line_is "Channels_2026.csv: rows 1  created 1  updated 0  skipped 0  rejected 0"
check all-are-there leads 5

# --- refused ----------------------------------------------------------------------------------------------------
printf '<html><body>no</body></html>\n' >whole.txt && mv whole.txt in/leads-page.csv
line
check refused-line line_has "leads-page.csv: "
check refused-moved test -f in/failed/leads-page.csv
check refused-why test "$(wc -l <in/failed/leads-page.csv.why.txt)" = 1
file report.csv "r1,R,"
line
check no-kind line_has "report.csv: The name report.csv does not begin with what the file holds."
check no-kind-why grep -q 'leads-1.csv' in/failed/report.csv.why.txt
file leads-b2.csv "b1,Bo,"
line
check the-same-bytes-are-known line_is "leads-b2.csv: taken before, moved"
file leads-c.csv "c2,Cici,"
line
check a-name-twice line_has "leads-c.csv: rows 1  created 1"
check both-are-kept test -f in/done/leads-c.csv -a -f in/done/leads-c.2.csv
check left-alone test -f in/.leads-hidden.csv -a -f in/leads-x.csv.part -a -f in/leads-x.tmp -a -f 'in/leads-x.csv~' \
    -a -d in/leads-folder.csv -a -h in/leads-link.csv
check only-what-was-taken leads 6

# --- two watchers, and the end ----------------------------------------------------------------------------------
run import --watch in
check a-second-is-refused refused 4 "Another process watches in."
stop TERM
check sigterm-is-0 test "$rc" = 0
watch --json
file leads-j.csv "j1,Jo," "j2,Ju,12"
line
check json line_has '{"file":"leads-j.csv","state":"done","id":"'
check json-counts line_has '"rows":2,"created":1,"updated":0,"skipped":0,"rejected":1,"rejects":"in/done/leads-j.csv.rejects.csv"'
file leads-page2.csv "p1,P,"
line
printf 'GIF89a\0\0\0' >whole.txt && mv whole.txt in/leads-gif.csv
line
check json-failed line_has '{"file":"leads-gif.csv","state":"failed","code":"import.'
stop INT
check sigint-is-0 test "$rc" = 0

# --- once, and after a kill ---------------------------------------------------------------------------------------
file leads-k.csv "k1,Ka," "k2,Ke,"
run import leads in/leads-k.csv
run count leads
before=$out
run import --watch in --once
check taken-but-not-moved is "leads-k.csv: taken before, moved"
check not-taken-again leads "$before"
run import --watch in --once
check nothing-there is ""
file leads-bad.txt "" && printf '\0\1\2' >in/leads-bad.txt
run import --watch in --once
check once-tells-of-refusals fails_with 1

awk 'BEGIN { print "external_id,name,phone"; for (i = 1; i <= 20000; i++) print "big" i ",Big " i "," (i % 1000 ? "" : "12") }' >whole.txt
mv whole.txt in/leads-big.csv
watch
rows=0
while [ "$rows" = 0 ]; do
    rows=$(sqlite3 "$db" "select coalesce(max(next_row), 0) from import where file = 'leads-big.csv'")
done
stop KILL
check was-killed-in-the-middle test -f in/leads-big.csv
watch
line
check is-taken-up line_is "leads-big.csv: rows 20000  created 19980  updated 0  skipped 0  rejected 20"
check one-import-of-it test "$(sqlite3 "$db" "select count(*), state from import where file = 'leads-big.csv'")" = "1|done"
check each-row-once test "$(sqlite3 "$db" "select count(*) from lead where external_id like 'big%'")" = 19980
check all-rejects-in-the-file test "$(wc -l <in/done/leads-big.csv.rejects.csv)" = 21
stop TERM

# --- another process imports the same bytes, at this moment -------------------------------------------------------
awk 'BEGIN { print "external_id,name"; for (i = 1; i <= 3000; i++) print "busy" i ",Busy" }' >elsewhere.csv
cp elsewhere.csv whole.txt && mv whole.txt in/leads-busy.csv
run import leads elsewhere.csv
# what its own table tells of a running import: each look finds it further
sqlite3 "$db" "update import set state = 'running', next_row = 1 where file = 'elsewhere.csv'"
(
    while [ ! -e stop-it ]; do
        sqlite3 -cmd '.timeout 5000' "$db" "update import set next_row = 1 + next_row % 2900 where file = 'elsewhere.csv'"
    done
    sqlite3 -cmd '.timeout 5000' "$db" "update import set state = 'done' where file = 'elsewhere.csv'"
) &
other=$!
run import --watch in --once
check busy-is-told prints "leads-busy.csv: in/leads-busy.csv is being imported elsewhere"
check busy-with-once-is-1 fails_with 1
run import --watch in --once --json
check busy-json prints '{"file":"leads-busy.csv","state":"running","code":"import.running"'
check busy-stays test -f in/leads-busy.csv
file leads-zz.csv "zz1,Z,"
watch
line
check busy-holds-up-no-other line_has "leads-zz.csv: rows 1"
: >stop-it
wait $other
line
check busy-is-tried-again line_is "leads-busy.csv: taken before, moved"
check busy-was-moved test -f in/done/leads-busy.csv
stop TERM

# --- what lies beside an earlier file is kept, and our own trouble is not the file's --------------------------------
echo kept >in/done/leads-r.csv.rejects.csv
echo kept >in/failed/leads-f.csv.why.txt
file leads-r.csv "r1,R,12"
printf '<html><body>no</body></html>\n' >in/leads-f.csv
run import --watch in --once
check rejects-of-an-earlier-file-are-kept test "$(cat in/done/leads-r.csv.rejects.csv)" = kept
check rejects-under-the-number grep -q '^r1,R,12,phone.invalid,' in/done/leads-r.2.csv.rejects.csv
check moved-under-the-number test -f in/done/leads-r.2.csv -a ! -e in/done/leads-r.csv
check reasons-of-an-earlier-file-are-kept test "$(cat in/failed/leads-f.csv.why.txt)" = kept
check reason-under-the-number test -f in/failed/leads-f.2.csv -a -s in/failed/leads-f.2.csv.why.txt
run user add looker --roles auditor
file leads-denied.csv "n1,N,"
run --as looker import --watch in --once
check denied-ends-it refused 5 ""
check denied-stays test -f in/leads-denied.csv -a ! -e in/failed/leads-denied.csv
run import --watch in --once
check taken-by-one-who-may is "leads-denied.csv: rows 1  created 1  updated 0  skipped 0  rejected 0"

# --- how it is asked for ------------------------------------------------------------------------------------------
run import --watch nosuch
check no-folder refused 1 "The folder nosuch can't be watched"
run import --watch in --again
check again-has-no-meaning refused 2 "--again has no meaning with --watch"
run import leads x.csv --watch in
check words-and-watch refused 2 "leads"
run import --once
check once-alone refused 2 "--once goes with --watch only"
exit "$failed"
