#!/bin/sh
# The console in a real terminal (tmux): start, filter, claim, follow up, import, two consoles on one file, signals.
set -u
if ! command -v tmux >/dev/null; then
    echo "skip console there is no tmux"
    exit 0
fi
export XDG_DATA_HOME=$PWD/data XDG_STATE_HOME=$PWD/state XDG_CONFIG_HOME=$PWD/config
db=$PWD/c.db
socket=$PWD/tmux
failed=0
trap 'tmux -S "$socket" kill-server 2>/dev/null' EXIT

ok() { echo "ok $1"; }
not_ok() {
    echo "not ok $1"
    tmux -S "$socket" capture-pane -p -t "${2:-one}" 2>/dev/null | sed 's/^/  /'
    failed=1
}

gonghai() { "$GONGHAI" --db "$db" --lang en "$@"; }
screen() { tmux -S "$socket" capture-pane -p -t "$1" 2>/dev/null; }
press() { name=$1; shift; tmux -S "$socket" send-keys -t "$name" "$@"; }
say() { tmux -S "$socket" send-keys -t "$1" -l "$2"; }

# shows NAME WORDS: waits until the words stand on the screen, ten seconds at most.
shows() {
    n=0
    until screen "$1" | grep -qF -- "$2"; do
        n=$((n + 1))
        [ $n -lt 200 ] || return 1
        sleep 0.05
    done
}

# start NAME [OPTION...]: a console of 100 x 30 in a window of its own; the shell behind it says how it ended.
start() {
    name=$1
    shift
    tmux -S "$socket" new-session -d -s "$name" -x 100 -y 30 \
        "env LC_ALL=C.UTF-8 '$GONGHAI' --db '$db' --lang en $*; echo ended with \$?; exec cat"
}

count() { gonghai count leads --where "$1"; }
check() { if [ "$2" = "$3" ]; then ok "$1"; else echo "  $2 instead of $3"; not_ok "$1"; fi; }

# --- a bank: three people's leads and mine ---------------------------------------------------------------
gonghai init --test >/dev/null 2>&1 || { echo "not ok console: init failed"; exit 1; }
{
    echo "name,phone,score"
    i=0
    while [ $i -lt 400 ]; do
        i=$((i + 1))
        printf 'Lead %03d,139%08d,%d\n' $i $i $((i % 100))
    done
} >leads.csv
gonghai import leads leads.csv >/dev/null || { echo "not ok console: import failed"; exit 1; }

# --- start -----------------------------------------------------------------------------------------------
start one
if shows one "waiting in the pool"; then ok start; else not_ok start; fi
press one 2
if shows one "1 of 400"; then ok leads; else not_ok leads; fi

# --- filter ----------------------------------------------------------------------------------------------
press one /
say one "score >= 98"
press one Enter
if shows one "1 of 8"; then ok filter; else not_ok filter; fi
press one /
press one C-u
say one "scor > 1"
press one Enter
if shows one "Did you mean score?"; then ok filter-mistake; else not_ok filter-mistake; fi
press one Escape
if shows one "1 of 8"; then ok filter-left; else not_ok filter-left; fi
press one Escape
if shows one "1 of 400"; then ok filter-off; else not_ok filter-off; fi

# --- claim -----------------------------------------------------------------------------------------------
press one c
if shows one "Claimed Lead"; then ok claim; else not_ok claim; fi
check claim-stored "$(count 'owner is set')" 1

# --- another console sees it, and its claim is seen here ----------------------------------------------------
start two --view leads
if shows two "1 of 399"; then ok second-console; else not_ok second-console two; fi
press two Down
press two c
if shows two "Claimed Lead"; then ok second-claim; else not_ok second-claim two; fi
if shows one "Public pool 398"; then ok seen-in-the-first; else not_ok seen-in-the-first; fi

# --- follow up -------------------------------------------------------------------------------------------
press one Tab
if shows one "2 leads"; then ok mine; else not_ok mine; fi
press one f
if shows one "press one digit"; then ok follow-up-form; else not_ok follow-up-form; fi
press one 7
say one "wants to think about it"
press one Tab
say one "+3"
press one Enter
if shows one "Recorded for Lead"; then ok follow-up; else not_ok follow-up; fi
check follow-up-stored "$(count 'follow_up_count = 1 and next_follow_up_at is set and stage = contacted')" 1

# --- import ----------------------------------------------------------------------------------------------
printf 'Name,Mobile\nNew One,13612340001\nNew Two,1.38E+10\n' >more.csv
press one i
if shows one "path of a CSV file"; then ok import-form; else not_ok import-form; fi
say one "$PWD/more.csv"
press one Enter
if shows one "name=Name,phone=Mobile"; then ok import-map; else not_ok import-map; fi
press one Enter
if shows one "Created 1" && shows one "Rejected 1"; then ok import; else not_ok import; fi
press one Enter
check import-stored "$(count 'name = "New One"')" 1
if grep -q '1.38E+10' more.csv.rejects.csv; then ok import-rejects; else not_ok import-rejects; fi

# --- resize, suspend nothing, leave ------------------------------------------------------------------------
tmux -S "$socket" resize-window -t one -x 40 -y 10 2>/dev/null && tmux -S "$socket" resize-window -t one -x 120 -y 40
if shows one "Public pool"; then ok resize; else not_ok resize; fi
press one q
if shows one "ended with 0"; then ok quit; else not_ok quit; fi
pid=$(pgrep -f -- "--db $db --lang en --view leads" | while read -r p; do
    [ "$(cat "/proc/$p/comm" 2>/dev/null)" = gonghai ] && echo "$p"
done | head -1)
kill -HUP "$pid" 2>/dev/null
if shows two "ended with 1"; then ok hang-up; else not_ok hang-up two; fi

# --- no database yet: it asks ------------------------------------------------------------------------------
db=$PWD/none/new.db
mkdir -p none
start three
if shows three "There is no data yet"; then ok first-run; else not_ok first-run three; fi
press three 2
if shows three "Newly mine"; then ok first-run-made; else not_ok first-run-made three; fi
press three q
shows three "ended with 0" || not_ok first-run-left three
exit $failed
