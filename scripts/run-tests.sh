#!/bin/sh
# run-tests.sh TEST...: runs tests, two at a time, and prints one line for each; what a failed one said comes
# after, what was skipped comes always, and the last line is `N passed, N failed, N skipped`, in single cases.
#
# A test is a cmocka program, which runs in the project's folder, or a script NAME.sh, which runs in a folder of
# its own and prints `ok NAME`, `skip NAME why` or `not ok NAME` for each case. Each has a clean environment:
#   GONGHAI   the program under test       ROOT      the project's folder
#   TMPDIR    a folder of its own          HOME      an empty folder in it
#   SHARED    the folder with the large test data, empty where there is none
#   KILLS     how often the kill loops kill (5)
#   GONGHAI_PG, GOLDEN, SEED               passed on
# For this script:
#   ONLY        run only tests with this in their names
#   SKIP_FAILS  1: a skipped case is a failure, but not one whose reason names SHARED where there is none
#   TEST_TIMEOUT  seconds for one test (900)
set -u
root=$(pwd)

# Counts the cases in a test's output: prints passed, failed, skipped, then a line for each skipped one.
count_cases() {
    awk -v name="$1" -v rc="$2" '
        # cmocka repeats failed and skipped cases in its summary: count only between its two [====] lines.
        /^\[==========\] Running /  { run = 1; next }
        /^\[==========\] .* run\./  { run = 0; next }
        run && /^\[ RUN      \]/    { note = ""; next }
        run && /^\[       OK \]/    { passed++; next }
        run && /^\[  FAILED  \]/    { failed++; next }
        run && /^\[  SKIPPED \]/    { $1 = $2 = $3 = ""; sub(/^ +/, ""); skip($0, note); next }
        run                         { note = $0; next }
        /^ok /                      { passed++ }
        /^not ok /                  { failed++ }
        /^skip /                    { what = $2; $1 = $2 = ""; sub(/^ +/, ""); skip(what, $0) }
        function skip(what, why) { lines = lines "SKIPPED " name ": " what (why == "" ? "" : ": " why) "\n"; skipped++ }
        END {
            if (rc != 0 && !failed || run) failed++
            if (!passed && !failed && !skipped) failed++
            printf "%d %d %d\n%s", passed, failed, skipped, lines
        }'
}

# Runs one test. Leaves its output in $out/NAME.out and its counts in $out/NAME.cases.
run_one() {
    file=$1 out=$2
    name=$(basename "$file" .sh)
    private=$out/$$ # short: sockets have paths of at most 107 bytes
    mkdir -p "$private/home"
    case $file in
    *.sh) dir=$private ;;
    *) dir=$root ;;
    esac
    begun=$(date +%s%N)
    (
        cd "$dir" &&
        exec env -i PATH="$PATH" HOME="$private/home" TMPDIR="$private" TZ=UTC LC_ALL=C.UTF-8 TERM=xterm-256color \
            ROOT="$root" GONGHAI="$GONGHAI" SHARED="$SHARED" KILLS="$KILLS" \
            ${GONGHAI_PG:+GONGHAI_PG="$GONGHAI_PG"} ${GOLDEN:+GOLDEN="$GOLDEN"} ${SEED:+SEED="$SEED"} \
            ${OPENAPI_SCHEMA:+OPENAPI_SCHEMA="$OPENAPI_SCHEMA"} \
            ASAN_OPTIONS=abort_on_error=0:detect_stack_use_after_return=1 UBSAN_OPTIONS=print_stacktrace=1 \
            timeout -k 5 "${TEST_TIMEOUT:-900}" "$root/$file"
    ) >"$out/$name.out" 2>&1 </dev/null
    rc=$?
    took=$((($(date +%s%N) - begun) / 100000000))
    [ "$rc" = 124 ] && echo "stopped after ${TEST_TIMEOUT:-900} seconds" >>"$out/$name.out"
    count_cases "$name" "$rc" <"$out/$name.out" >"$out/$name.cases"
    read -r passed failed skipped <"$out/$name.cases"
    verdict=ok
    [ "$failed" = 0 ] || verdict=FAILED
    line=$(printf '  %-7s %-28s %4d passed' "$verdict" "$name" "$passed")
    [ "$failed" = 0 ] || line="$line, $failed failed"
    [ "$skipped" = 0 ] || line="$line, $skipped skipped"
    echo "$line  ($((took / 10)).$((took % 10)) s)"
    [ "$failed" = 0 ] || echo "$rc" >"$out/$name.failed"
    rm -rf "$private"
}

if [ "${1:-}" = --one ]; then
    run_one "$3" "$2"
    exit 0
fi

out=$(mktemp -d "${TMPDIR:-/tmp}/gh.XXXXXX")
trap 'rm -rf "$out"' EXIT
trap 'exit 130' INT TERM
GONGHAI=$(readlink -f "${GONGHAI:-build/gonghai}")
SHARED=${SHARED-$([ -d ../shared ] && readlink -f ../shared)}
KILLS=${KILLS:-5}
export GONGHAI SHARED KILLS

for file; do
    case $(basename "$file") in *"${ONLY:-}"*) echo "$file" ;; esac
done >"$out/list"
xargs -r -P 2 -n 1 "$0" --one "$out" <"$out/list"

for mark in "$out"/*.failed; do
    [ -e "$mark" ] || continue
    name=$(basename "$mark" .failed)
    printf '\n--- %s, which ended with %s, said:\n' "$name" "$(cat "$mark")"
    cat "$out/$name.out"
done
echo
cat "$out"/*.cases 2>/dev/null | grep '^SKIPPED '
cat "$out"/*.cases 2>/dev/null | awk -v strict="${SKIP_FAILS:-}" -v shared="$SHARED" '
    /^[0-9]/                                { passed += $1; failed += $2; skipped += $3 }
    /^SKIPPED / && (shared || !/SHARED/)    { avoidable++ }
    END {
        printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped
        exit failed > 0 || strict == "1" && avoidable > 0
    }'
