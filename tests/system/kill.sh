#!/bin/sh
# kill -9 in the middle of an import, of claims and of a segment that is filled by a condition, KILLS times each: afterwards the database is sound,
# what was said to be done is there, and an import that is given again ends with every row once; so does the call that fills a segment.
set -u
. "$ROOT/tests/system/cli-cases.inc"
: "${KILLS:=5}"
ROWS=20000

# rows FROM TO: leads X<FROM> .. X<TO>, each with a phone of its own
rows() {
    awk -v from="$1" -v to="$2" 'BEGIN {
        print "external_id,name,phone,channel"
        for (i = from; i <= to; i++) printf "X%d,\347\216\213%d,138%08d,web\n", i, i % 97, i
    }'
}

# The n-th pause in seconds, from 0.02 to half a second, the same in every run.
pause() {
    awk -v n="$1" -v seed="${SEED:-7}" 'BEGIN { srand(n * 1000 + seed); printf "%.3f", 0.02 + rand() * 0.48 }'
}

sound() {
    run doctor
    [ "$rc" = 0 ] || return 1
    run audit verify
    [ "$rc" = 0 ]
}

# A lead without its person, or a name without its grams, would be half an import.
whole() {
    run count leads --where 'person is empty'
    [ "$out" = 0 ] || return 1
    run count leads
    all=$out
    run count leads --where 'name contains "王"'
    [ "$out" = "$all" ]
}

run --now 2026-11-22T08:30 init --test

# ---- the first load: all or nothing

rows 1 $ROWS >first.csv
n=0
landed=0
while [ "$n" -lt "$KILLS" ]; do
    n=$((n + 1))
    "$GONGHAI" --db "$db" import leads first.csv --create-missing >load.txt 2>&1 &
    pid=$!
    sleep "$(pause "$n")"
    kill -9 "$pid" 2>/dev/null
    wait "$pid" 2>/dev/null
    run count leads
    [ "$out" = 0 ] && continue
    landed=$out
    break
done
if [ "$landed" = 0 ]; then
    run import leads first.csv --create-missing
    run count leads
    landed=$out
fi
check a-killed-first-load-leaves-all-rows-or-none test "$landed" = "$ROWS"
check sound-after-the-first-load sound
check whole-after-the-first-load whole

# ---- into a table in use: taken up where it broke off

rows $((ROWS + 1)) $((2 * ROWS)) >second.csv
n=0
while [ "$n" -lt "$KILLS" ]; do
    n=$((n + 1))
    "$GONGHAI" --db "$db" import leads second.csv --create-missing >load.txt 2>&1 &
    pid=$!
    sleep "$(pause "$((n + 100))")"
    kill -9 "$pid" 2>/dev/null
    wait "$pid" 2>/dev/null
done
check sound-after-killed-imports sound
check no-lead-is-half-there whole
run import leads second.csv --create-missing
case $rc in
0) ;;
*) check the-file-was-finished-before says "$err" ;;
esac
run count leads
check every-row-is-there-once is $((2 * ROWS))
check whole-after-imports whole

# ---- claims: what was acknowledged stands

i=0
: >done.txt
n=0
while [ "$n" -lt "$KILLS" ]; do
    n=$((n + 1))
    (
        k=$i
        while :; do
            k=$((k + 1))
            echo "$k" >last.txt
            "$GONGHAI" --db "$db" call lead.claim "{\"lead\":\"X$k\"}" >/dev/null 2>&1 &
            echo $! >child.txt
            wait $! && echo "X$k" >>done.txt
        done
    ) &
    loop=$!
    sleep "$(pause "$((n + 200))")"
    kill -9 "$loop" 2>/dev/null
    kill -9 "$(cat child.txt)" 2>/dev/null
    wait "$loop" 2>/dev/null
    i=$(cat last.txt)
done
check sound-after-killed-claims sound
run list leads --columns external_id --where 'owner = me' --format csv
printf '%s\n' "$out" | sed 1d | sort >mine.txt
sort -u done.txt >claimed.txt
missing=$(comm -23 claimed.txt mine.txt | wc -l)
check claims-were-acknowledged test -s claimed.txt
check no-acknowledged-claim-is-missing test "$missing" = 0
# a claim is its lead, its event and its task: none without the others
run list tasks --where 'state = open and kind = first_follow_up' --columns lead --format csv
printf '%s\n' "$out" | sed 1d | sort >tasks.txt
check no-claim-is-half-done cmp mine.txt tasks.txt

# ---- a segment filled by a condition: in steps, of which each stands whole or not at all

# fill SEGMENT: every lead into it, under a key of its own; killed after a while.
fill() {
    "$GONGHAI" --db "$db" call segment.add "{\"code\":\"$1\",\"where\":\"no > 0\"}" --key "key-$1"
}

# The members that the segment says it has, and those that a condition finds.
members_agree() {
    run list segments --where "code = $1" --columns members --format csv
    said=$(printf '%s\n' "$out" | sed -n 2p)
    run count leads --where "segment = $1"
    [ "$out" = "$said" ]
}

# told TYPE: how many events of that type there are.
told() {
    run count events --where "type = \"$1\""
    echo "$out"
}

n=0
half=0
wrong=
while [ "$n" -lt "$KILLS" ]; do
    n=$((n + 1))
    run call segment.create "{\"code\":\"s$n\",\"name\":\"s$n\"}"
    before=0
    for again in 1 2; do
        # by the words of the program itself, so that no shell stands between it and the signal
        "$GONGHAI" --db "$db" call segment.add "{\"code\":\"s$n\",\"where\":\"no > 0\"}" --key "key-s$n" >fill.txt 2>&1 &
        pid=$!
        sleep "$(pause "$((n * 2 + again + 300))")"
        kill -9 "$pid" 2>/dev/null
        wait "$pid" 2>/dev/null
        members_agree "s$n" || wrong="$wrong s$n:$said-said-$out-found"
        [ "$said" -ge "$before" ] || wrong="$wrong s$n:$before-before-$said-after"
        [ "$said" -gt 0 ] && [ "$said" -lt $((2 * ROWS)) ] && half=$((half + 1))
        before=$said
    done
    fill "s$n" >first.txt 2>&1 || wrong="$wrong s$n:$(cat first.txt)"
    members_agree "s$n" && [ "$said" = $((2 * ROWS)) ] || wrong="$wrong s$n:$said-of-all"
    # the same key again: the same answer, whether the one before was heard or not, and nothing is done
    fill "s$n" >second.txt 2>&1
    cmp -s first.txt second.txt || wrong="$wrong s$n:$(cat second.txt)"
    [ "$(told segment.added)" = "$n" ] || wrong="$wrong s$n:$(told segment.added)-events"
done
check killed-while-it-was-filled test "$half" -gt 0
check a-killed-fill-is-whole-steps-and-ends-when-given-again test -z "$wrong"
run count audits --where 'operation = "segment.add" and result = ok'
check each-fill-was-written-to-the-audit-once is "$n"

# and emptied so
"$GONGHAI" --db "$db" call segment.remove '{"code":"s1","where":"no > 0"}' >fill.txt 2>&1 &
pid=$!
sleep "$(pause 400)"
kill -9 "$pid" 2>/dev/null
wait "$pid" 2>/dev/null
check a-killed-removal-is-whole-steps members_agree s1
run call segment.remove '{"code":"s1","where":"no > 0"}'
check a-killed-removal-ends-when-given-again prints '"members":0'
check sound-after-killed-fills sound
exit "$failed"
