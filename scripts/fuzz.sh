#!/bin/sh
# fuzz.sh BUILD NAME...: runs the fuzz targets BUILD/fuzz/NAME, FUZZ_SECONDS each, from the seeds in
# tests/fuzz/corpus/NAME, with the words of tests/fuzz/NAME.dict where there is one. What they find new is kept in BUILD/fuzz/corpus; an input that breaks one is left in
# BUILD/fuzz/found.
set -u
build=$1
shift
found=$build/fuzz/found
rc=0
for name; do
    scratch=$build/fuzz/corpus/$name
    seeds=tests/fuzz/corpus/$name
    log=$build/fuzz/$name.log
    mkdir -p "$scratch" "$found"
    [ -d "$seeds" ] || seeds=
    words=
    [ -f "tests/fuzz/$name.dict" ] && words=-dict=tests/fuzz/$name.dict
    # shellcheck disable=SC2086
    if "$build/fuzz/$name" -max_total_time="${FUZZ_SECONDS:-60}" -timeout=10 -rss_limit_mb=2048 \
        -print_final_stats=1 $words -artifact_prefix="$found/$name-" "$scratch" $seeds >"$log" 2>&1; then
        runs=$(awk '/number_of_executed_units/ { print $2 }' "$log")
        printf '  ok      %-24s %s inputs\n' "$name" "$runs"
    else
        printf '  FAILED  %-24s\n' "$name"
        tail -n 60 "$log"
        rc=1
    fi
done
exit $rc
