#!/bin/sh
# Eight processes write to one file at once: nothing is lost, nothing is done twice, and of many who want the same lead one gets it.
set -u
. "$ROOT/tests/system/cli-cases.inc"
WRITERS=8
EACH=15

run --now 2026-11-22T08:30 init --test
awk -v n=$((WRITERS * EACH + 1)) 'BEGIN { print "external_id,name"; for (i = 1; i <= n; i++) printf "X%d,N%d\n", i, i }' >leads.csv
run import leads leads.csv
check made is "rows $((WRITERS * EACH + 1))  created $((WRITERS * EACH + 1))  updated 0  skipped 0  rejected 0"

# Each claims its own leads, one after the other, and makes a lead of its own between.
w=0
pids=
while [ "$w" -lt "$WRITERS" ]; do
    (
        i=0
        while [ "$i" -lt "$EACH" ]; do
            i=$((i + 1))
            "$GONGHAI" --db "$db" call lead.claim "{\"lead\":\"X$((w * EACH + i))\"}" >/dev/null 2>>"err.$w" || echo "claim $i" >>"failed.$w"
            "$GONGHAI" --db "$db" call lead.create "{\"name\":\"W$w-$i\"}" >/dev/null 2>>"err.$w" || echo "create $i" >>"failed.$w"
        done
    ) &
    pids="$pids $!"
    w=$((w + 1))
done
wait $pids
check no-writer-was-refused sh -c '! ls failed.* >/dev/null 2>&1'
run count leads --where 'owner = me'
check every-claim-holds is $((WRITERS * EACH))
run count leads
check every-new-lead-is-there is $((2 * WRITERS * EACH + 1))

# All at the last one.
last=X$((WRITERS * EACH + 1))
w=0
pids=
while [ "$w" -lt "$WRITERS" ]; do
    ("$GONGHAI" --db "$db" call lead.claim "{\"lead\":\"$last\"}" >/dev/null 2>"crowd.$w" && echo won >"winner.$w") &
    pids="$pids $!"
    w=$((w + 1))
done
wait $pids
won=$(cat winner.* 2>/dev/null | wc -l)
check one-winner test "$won" = 1

# No number was given twice, and the audit of all of them is one chain.
run list leads --columns no --format csv
twice=$(printf '%s\n' "$out" | sed 1d | sort | uniq -d | wc -l)
check no-number-twice test "$twice" = 0
run audit verify
check one-chain test "$rc" = 0
run doctor
check sound test "$rc" = 0
exit "$failed"
