#!/bin/sh
# The terminal around the console: after a crash, a kill, a stop and a hang-up it is as it was; pastes, scanners, mouse and
# clipboard through a real one (tmux). Each case has a tmux server of its own; nothing waits but for words on the screen.
set -u
if ! command -v tmux >/dev/null || ! command -v sqlite3 >/dev/null; then
    echo "skip terminal there is no tmux or no sqlite3"
    exit 0
fi
export XDG_DATA_HOME=$PWD/data XDG_STATE_HOME=$PWD/state XDG_CONFIG_HOME=$PWD/config
db=$PWD/t.db
failed=0
case=0
trap 'stop_all' EXIT

stop_all() {
    for s in "$PWD"/tmux.*; do
        [ -S "$s" ] && tmux -S "$s" kill-server 2>/dev/null
    done
}

ok() { echo "ok $1"; }
not_ok() {
    echo "not ok $1"
    tm capture-pane -p 2>/dev/null | sed 's/^/  /'
    failed=1
}
verdict() { if [ "$2" = 0 ]; then ok "$1"; else not_ok "$1"; fi; }

tm() { tmux -f /dev/null -S "$socket" "$@"; }
screen() { tm capture-pane -p 2>/dev/null; }
press() { tm send-keys "$@"; }
flag() { tm display-message -p "$1"; }
modes() { flag '#{alternate_on} #{mouse_any_flag} #{mouse_sgr_flag} #{cursor_flag} #{wrap_flag} #{keypad_flag} #{keypad_cursor_flag}'; }

# shows WORDS: waits until they stand on the screen, ten seconds at most.
shows() {
    n=0
    until screen | grep -qF -- "$1"; do
        n=$((n + 1))
        [ $n -lt 200 ] || return 1
        sleep 0.05
    done
}

# is WHAT WORDS: waits until tmux's answer to the format is those words.
is() {
    n=0
    until [ "$(flag "$1")" = "$2" ]; do
        n=$((n + 1))
        [ $n -lt 200 ] || return 1
        sleep 0.05
    done
}

# open: a shell in a terminal of its own, 100 x 30, in which job control works.
open() {
    case=$((case + 1))
    socket=$PWD/tmux.$case
    tm new-session -d -s one -x 100 -y 30 "env -u TMUX LC_ALL=C.UTF-8 PS1='ready> ' bash --norc --noprofile -i"
    shows 'ready>'
}

# console [OPTION...]: types the command into that shell, and waits for the list.
console() {
    press -l "'$GONGHAI' --db '$db' --lang en --view leads $*"
    press Enter
    shows "1 of "
}

# pid: that console's process.
pid() { pgrep -x gonghai -t "$(flag '#{pane_tty}' | sed 's|^/dev/||')"; }

# sane NAME: the shell is on the first screen, and has its terminal back whole.
sane() {
    before=0
    is '#{alternate_on} #{mouse_any_flag} #{cursor_flag} #{wrap_flag} #{keypad_flag} #{keypad_cursor_flag}' "0 0 1 1 0 0" || before=1
    press -l "stty -a | tr ' ;' '\\n\\n' | grep -cxE 'icanon|echo|isig|opost|icrnl'"
    press Enter
    n=0
    until screen | grep -qx 5; do
        n=$((n + 1))
        [ $n -lt 200 ] || { before=1; break; }
        sleep 0.05
    done
    verdict "$1" $before
}

"$GONGHAI" --db "$db" init --test >/dev/null 2>&1 || { echo "not ok terminal: init failed"; exit 1; }
awk 'BEGIN { print "external_id,name,phone"; for (i = 1; i <= 300; i++) printf "69012345%05d,Lead %03d,139%08d\n", i, i, i }' >leads.csv
"$GONGHAI" --db "$db" import leads leads.csv >/dev/null || { echo "not ok terminal: import failed"; exit 1; }

# --- it dies: whatever the signal, the shell can be used again -------------------------------------------
for signal in SEGV ABRT BUS; do
    open && console || not_ok "crash-$signal-start"
    [ "$(modes | cut -d' ' -f1-3)" = "1 1 1" ] || not_ok "crash-$signal-before"
    kill -$signal "$(pid)"
    shows "gonghai: crashed: SIG$signal" || not_ok "crash-$signal-says"
    sane "crash-$signal"
done

# A worker's crash is as good as any: the signal goes to a thread that is not the first.
open && console || not_ok crash-worker-start
main=$(pid)
worker=$(ls "/proc/$main/task" | grep -vx "$main" | head -1)
if [ -n "$worker" ] && command -v python3 >/dev/null; then
    python3 -c "import ctypes, sys; ctypes.CDLL(None).tgkill(int(sys.argv[1]), int(sys.argv[2]), 11)" "$main" "$worker"
    shows "gonghai: crashed: SIGSEGV" || not_ok crash-worker-says
    sane crash-worker
else
    echo "skip crash-worker there is no second thread or no python3"
fi

# --- kill -9 cannot be helped; --reset-terminal can -------------------------------------------------------
open && console || not_ok kill-start
kill -9 "$(pid)"
shows "Killed"
press -l "printf '\\033=\\033[?1h\\033[?7l\\033(0\\033[4h'; '$GONGHAI' --reset-terminal; clear"
press C-j
press -l "echo lines q x"
press C-j
if shows "lines q x"; then ok reset-letters; else not_ok reset-letters; fi
sane reset-terminal

# --- stopped from outside, and back -------------------------------------------------------------------------
open && console || not_ok suspend-start
kill -TSTP "$(pid)"
shows "Stopped" || not_ok suspend-shell
is '#{alternate_on} #{mouse_any_flag}' "0 0"
verdict suspend-modes $?
press -l "fg"
press Enter
is '#{alternate_on} #{mouse_any_flag}' "1 1" && shows "1 of 300"
verdict suspend-repaints $?
press j
shows "2 of 300"
verdict suspend-keys $?
press C-z
shows "Stopped" && press -l "fg" && press Enter && shows "2 of 300"
verdict suspend-by-key $?
kill -STOP "$(pid)"
shows "Stopped" || not_ok stop-shell
press -l "fg"
press Enter
is '#{alternate_on}' 1 && shows "2 of 300"
verdict stop-repaints $?

# --- pastes --------------------------------------------------------------------------------------------------
tm set-buffer "$(printf 'cq\rjj')"
tm paste-buffer -p
shows "Text is pasted into fields only"
verdict paste-without-field $?
press /
tm set-buffer 'score >= 1'
tm paste-buffer -p
shows "score >= 1"
verdict paste-into-field $?
press Escape
press q
open && console --no-paste || not_ok paste-forbidden-start
tm set-buffer "$(printf 'cq\rjj')"
tm paste-buffer -p
shows "Pasting is switched off here" && shows "1 of 300"
verdict paste-forbidden $?
press q

# --- hang-up while a write waits for its turn ---------------------------------------------------------------
open && console || not_ok hang-up-start
mkfifo hold
sqlite3 "$db" >held <hold &
holder=$!
exec 9>hold
echo "pragma busy_timeout = 5000; begin immediate; select 'locked';" >&9
until grep -q locked held; do sleep 0.02; done
console=$(pid)
press c
press j # taken in their order: now the claim waits
shows "2 of 30" || not_ok hang-up-claim
begun=$(date +%s%N)
kill -HUP "$console"
n=0
while kill -0 "$console" 2>/dev/null && [ $n -lt 200 ]; do
    n=$((n + 1))
    sleep 0.02
done
took=$((($(date +%s%N) - begun) / 1000000))
[ $took -ge 500 ] && [ $took -le 1500 ] # it had to wait; and no more than a second, and what the shell needs
verdict "hang-up-during-write" $?
echo "rollback;" >&9
exec 9>&-
wait $holder

# --- a scanner ------------------------------------------------------------------------------------------------
open && console || not_ok scan-start
tm set-buffer "$(printf '6901234500207\r')"
tm paste-buffer -r
if shows "Lead 207"; then ok scan; else not_ok scan; fi
press q

# --- Ctrl-S is a key, it does not stop the screen ---------------------------------------------------------------
open && console || not_ok flow-start
press C-s
press j
if shows "2 of 300"; then ok flow; else not_ok flow; fi
press q

# --- left as it was found -------------------------------------------------------------------------------------
open && console || not_ok quit-start
press q
sane quit
exit $failed
