#!/bin/sh
# run.sh: measures against the goals and prints a table: what, ours, the limit's, the ratio, the goal.
#
# Ours and the limit's run in turn, five times, and the medians are compared: the ratio decides, the machine's own speed does not.
#   BENCH_LEADS  how many leads (1000000)       BENCH_RUNS  how often (5)
#   GONGHAI_BENCH_BIG=1   the first screen over ten times the leads, too (14 GB and half an hour)
#   BENCH_ONLY   of lang, load, pages, json, scans, eval, claims, start, verify, console: only these
#   SHARED       the folder with the peers (claim.c, nclimit.c) and ptybench.py, empty where there is none
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
cd "$root"
: "${BENCH_LEADS:=1000000}" "${BENCH_RUNS:=5}" "${GONGHAI:=$root/build/gonghai}" "${CC:=cc}"
: "${BENCH_ONLY:=start verify lang load pages json scans eval console claims}"
SHARED=${SHARED-$([ -d ../shared ] && readlink -f ../shared)}
work=$(mktemp -d "${TMPDIR:-/tmp}/gonghai-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
KEYS=$work/keys
export KEYS
mkdir -m 700 "$KEYS"

# ---- building --------------------------------------------------------------------------------------------

for source in tests/bench/*.c; do
    name=$(basename "$source" .c)
    [ "$name" = bench ] && continue
    $CC -O2 -std=gnu11 -D_GNU_SOURCE -I. -Ibuild/gen -o "$work/$name" "$source" tests/bench/bench.c build/libgonghai.a \
        -lncursesw -lsqlite3 -lsodium -lutf8proc -lcjson -linih -lcsv -pthread
done
for source in tests/bench/limit/*.c; do
    $CC -O2 -std=gnu11 -D_GNU_SOURCE -o "$work/limit_$(basename "$source" .c)" "$source" -lsqlite3 -lsodium -pthread
done

# ---- figures ---------------------------------------------------------------------------------------------

# keep FILE COMMAND...: appends what it prints, lines of NAME VALUE UNIT
keep() {
    file=$work/$1.figures
    shift
    "$@" >>"$file" || echo "run.sh: failed: $*" >&2
}

# median FILE NAME
median() {
    [ -e "$work/$1.figures" ] || return 0
    awk -v name="$2" '$1 == name { print $2 }' "$work/$1.figures" | sort -n | awk '{ v[NR] = $1 } END { if (NR) print v[int((NR + 1) / 2)] }'
}

# row WHAT NAME UNIT LIMIT GOAL: ours and the limit's of that name
row() {
    ours=$(median "$6" "$2")
    limit=
    [ "$4" = - ] || limit=$(median "$4" "$2")
    ratio=
    [ -n "$ours" ] && [ -n "$limit" ] && ratio=$(awk -v a="$ours" -v b="$limit" 'BEGIN { if (b > 0) printf a / b < 0.05 ? "%.4f" : "%.2f", a / b }')
    printf '%-46s %10s %10s %7s  %s\n' "$1 ($3)" "${ours:-?}" "${limit:--}" "${ratio:--}" "$5"
}

wanted() {
    case " $BENCH_ONLY " in *" $1 "*) return 0 ;; *) return 1 ;; esac
}

fresh() {
    rm -rf "$work/$1" "$work/$1"-*
    "$work/make" empty "$work/$1"
}

printf '%-46s %10s %10s %7s  %s\n' "median of $BENCH_RUNS, $BENCH_LEADS leads" ours limit ratio goal

if wanted start; then
    keep start "$work/start" "$GONGHAI" 41
    row "exec to main" start ms - "3" start
    row "resident at main" resident MiB - "4" start
    row "mapped at main" mapped MiB - "(addresses, not memory)" start
fi

if wanted verify; then
    fresh audit.db
    i=0
    while [ $i -lt "$BENCH_RUNS" ]; do
        i=$((i + 1))
        keep verify "$work/verify" "$work/audit.db" 500000
    done
    row "audit verify" verify rows/s - "500000 at least" verify
fi

if wanted lang; then
    i=0
    while [ $i -lt "$BENCH_RUNS" ]; do
        i=$((i + 1))
        keep lang "$work/lang"
    done
    row "parse and print" conditions conditions/s - "1000000 at least" lang
fi

if wanted load; then
    "$work/make" rows "$BENCH_LEADS" 1 >"$work/rows.csv"
    i=0
    while [ $i -lt "$BENCH_RUNS" ]; do
        i=$((i + 1))
        fresh ours.db
        keep load "$work/load" "$work/ours.db" "$work/rows.csv"
        keep again "$work/load" "$work/ours.db" "$work/rows.csv" again
        fresh limit.db
        keep limit_load "$work/limit_load" "$work/limit.db" "$work/rows.csv"
        keep limit_again "$work/limit_load" "$work/limit.db" "$work/rows.csv"
    done
    row "first load" seconds s limit_load "1.5 x" load
    row "its memory at most" peak MiB - "96" load
    row "the same file again" seconds s limit_again "1.5 x" again
    rm -rf "$work"/ours.db* "$work"/limit.db* "$work/rows.csv"
fi

if wanted pages || wanted json || wanted scans || wanted eval || wanted console || wanted claims; then
    keep demo "$work/make" demo "$work/demo.db" "$BENCH_LEADS"
    row "demo" demo us/lead - "" demo
fi

# warm FILE: what is measured is the program over a file that the system has in memory, not the disk
warm() {
    cat "$1" >/dev/null
}

if wanted pages; then
    i=0
    while [ $i -lt "$BENCH_RUNS" ]; do
        i=$((i + 1))
        warm "$work/demo.db"
        keep pages "$work/pages" "$work/demo.db" 10001 "$BENCH_LEADS" 1000
        keep limit_pages "$work/limit_queries" "$work/demo.db" 10001 1000
    done
    for what in page look due; do
        row "$what, supervisor, p50" ${what}_p50 us limit_pages "" pages
        row "$what, supervisor, p99" ${what}_p99 us limit_pages "100" pages
    done
    row "page of a stage, p50" filter_p50 us - "" pages
    row "page by part of a name, p50" name_p50 us - "" pages
fi

if wanted json; then
    i=0
    while [ $i -lt "$BENCH_RUNS" ]; do
        i=$((i + 1))
        keep json "$work/json" "$work/demo.db" 10001 3000 "$work/page.json"
        keep limit_json "$work/limit_json" "$work/page.json" 3000
    done
    row "page of 50 as JSON, beside its pieces copied" page us limit_json "" json
fi

if wanted scans; then
    i=0
    while [ $i -lt "$BENCH_RUNS" ]; do
        i=$((i + 1))
        warm "$work/demo.db"
        keep scans "$work/scans" "$work/demo.db" 3
        keep limit_scans "$work/limit_queries" "$work/demo.db" 10001 5
        sed -n 's/^count_score /count_custom /p' "$work/scans.figures" >"$work/own_scans.figures"
    done
    row "count, a number" count_score ms limit_scans "1.5 x" scans
    row "count, a custom field (beside the number)" count_custom ms own_scans "2 x" scans
    row "count, what was done" count_did ms - "" scans
    for what in stage owner; do
        row "first rows of a filter with an index, by $what" first_$what ms - "1" scans
    done
    row "first rows by two characters of a name" first_two ms - "10" scans
    row "first rows by initials" first_initials ms - "10" scans
    row "count, part of a name" count_name ms limit_scans "1.5 x" scans
    row "count, two fields" count_and ms limit_scans "1.5 x" scans
    row "sort of all" sort ms limit_scans "1.5 x" scans
fi

if wanted eval; then
    i=0
    while [ $i -lt 3 ]; do
        i=$((i + 1))
        warm "$work/demo.db"
        keep eval "$work/eval" "$work/demo.db"
    done
    row "1,000 tests of each row of a scan" many million/s - "20 at least" eval
    row "1,000 rules of three tests" rules million/s - "" eval
    row "five tests of each row" few million/s - "" eval
    row "what a scan takes of memory" many_grown KiB - "0" eval
fi

# drive KIND PROGRAM DB: see console.py
drive() {
    GONGHAI_KEYS_DIR=$KEYS LC_ALL=C.UTF-8 python3 tests/bench/console.py "$SHARED/tools/ptybench.py" "$@"
}

if wanted console && [ -n "$SHARED" ]; then
    $CC -O2 -D_DEFAULT_SOURCE -o "$work/nclimit" "$SHARED/peers/nclimit.c" -lncursesw -lsqlite3 2>/dev/null
    python3 - "$work/demo.db" "$work/peer.db" <<'PEER'
import sqlite3, sys
db = sqlite3.connect(sys.argv[2])
db.execute("attach ? as d", (sys.argv[1],))
db.execute("create table leads (id integer primary key, name, phone, region, industry, source, stage, owner,"
           " score, created_at, last_touch_at, next_due_at)")
db.execute("insert into leads select row_number() over (order by id), name, '138' || no, region, 'finance', 'web',"
           " 'new', 'e' || no % 1000, score, '2026-11-01', '2026-11-02', '2026-11-03' from d.lead")
db.commit()
PEER
    i=0
    while [ $i -lt 3 ]; do
        i=$((i + 1))
        warm "$work/demo.db"
        keep console drive ours "$GONGHAI" "$work/demo.db"
        keep limit_console drive limit "$work/nclimit" "$work/peer.db"
    done
    ! command -v vd >/dev/null || keep visidata drive visidata vd "$work/peer.db"
    row "console: first screen of rows" first_screen ms limit_console "3 x limit" console
    row "its memory" first_memory MiB limit_console "12" console
    row "its memory after 1,000 pages" later_memory MiB limit_console "24" console
    for key in Down PageDown; do
        row "$key, last byte, p50" ${key}_p50 ms limit_console "1.5 x limit" console
        row "$key, last byte, p99" ${key}_p99 ms limit_console "1.5 x limit" console
    done
    row "Down, bytes" Down_bytes bytes limit_console "330" console
    row "PageDown, bytes a row" PageDown_bytes bytes limit_console "120" console
    row "300 PageDowns typed ahead" PageDown_ahead ms limit_console "60" console
    for change in theme language column; do
        row "another $change" $change ms - "16" console
    done
    row "a minute idle" idle_bytes bytes limit_console "0" console
    row "first screen, beside VisiData (it: 350 x ours)" first_screen ms visidata "0.0029" console
    if [ -n "${GONGHAI_BENCH_BIG:-}" ]; then
        "$work/make" demo "$work/big.db" $((BENCH_LEADS * 10)) >/dev/null
        warm "$work/big.db"
        keep big drive first "$GONGHAI" "$work/big.db"
        row "first screen, ten times the leads, beside this" first_screen ms console "1.2 x" big
        rm -rf "$work"/big.db*
    fi
fi

if wanted claims; then
    "$work/make" rows $((BENCH_LEADS * 3 / 10)) 500000000 >"$work/more.csv"
    [ -n "$SHARED" ] && $CC -O2 -o "$work/probe" "$SHARED/peers/probes/claim.c" -lsqlite3 2>/dev/null
    i=0
    while [ $i -lt "$BENCH_RUNS" ]; do
        i=$((i + 1))
        keep claims "$work/claims" "$work/demo.db" 16 5
        if [ -x "$work/probe" ]; then
            (cd "$work" && ./probe 16 100 1 50) |
                sed -n 's/.*p50 \([0-9.]*\) p99 \([0-9.]*\) max \([0-9.]*\) ms/p50 \1 ms\np99 \2 ms\nworst \3 ms/p' >>"$work/probe.figures"
        fi
    done
    # the disk has moods: what it makes a bare writer wait is measured at the same time
    "$work/limit_sync" "$work/sync.dat" >"$work/disk.figures" &
    keep busy "$work/claims" "$work/demo.db" 16 5 "$work/more.csv"
    kill $!
    wait $!
    row "claim, 16 x 20/s, p50" p50 ms probe "" claims
    row "claim, p99" p99 ms probe "10" claims
    row "claim, worst" worst ms probe "50" claims
    row "claim beside a load, p99" p99 ms disk "10" busy
    row "claim beside a load, worst" worst ms disk "50" busy
    row "lost" lost leads - "0" busy
    row "double" double leads - "0" busy
    row "winners of 50 on one lead" winners "" - "1" busy
fi
