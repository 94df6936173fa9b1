#!/bin/sh
# Data can't drive the terminal: a name with escape sequences, a line's end and a bidi override, in every command that
# prints to people. Files and pipes of data have it byte for byte.
set -u
. "$ROOT/tests/system/cli-cases.inc"
run init --test
esc=$(printf '\033')
override=$(printf '\342\200\256')
c1=$(printf '\302\233')
evil="evil${esc}[2J${override}tail${c1}1m"
run call lead.create '{"name":"evil\u001b[2J\u202etail\u009b1m\nL-99: forged","external_id":"X1","phone":"13812345671"}'
check made test "$rc" = 0
printf 'code,name\n"C%s[5m","K%s]52;c;aGk=%s"\n' "$esc" "$esc" "$(printf '\007')" >channels.csv
run import channels channels.csv
check channel-made prints "created 1"

# harmless FILE: no control but line ends, no override, no C1 control in UTF-8.
harmless() {
    ! tr -d '\n\r' <"$1" | LC_ALL=C grep -q '[[:cntrl:]]' && ! grep -qF "$override" "$1" && ! grep -qF "$c1" "$1"
}
# alone FILE: no line of it begins with what stands behind the line's end in the name.
alone() { harmless "$1" && grep -q 'evil' "$1" && ! grep -q '^L-99' "$1"; }

run list leads --columns name
check table alone out.txt
"$GONGHAI" --db "$db" --plain >out.txt 2>err.txt <<'KEYS'
/
8
1
?
c

f
1


x

b
b
q
KEYS
rc=$? out= err=
check plain alone out.txt
check plain-says-the-name grep -q '^L-1: evil' out.txt
printf 'n\n\n\n\n?\n.\nq\n' | "$GONGHAI" --db "$db" --plain >out.txt 2>err.txt
rc=$?
check plain-list-of-channels harmless out.txt
check plain-list-has-them grep -q '52;c;aGk=' out.txt
run list leads --where "name = \"$evil"
check error-repeats-words harmless err.txt
bare "x$esc[2J"
check error-repeats-a-command harmless err.txt
run import leads "no$esc[2J.csv"
check error-repeats-a-file harmless err.txt
mkdir in
printf 'external_id\nw1\n' >"in/leads$esc[2J.csv"
run import --watch in --once
check watch-says-a-line test "$rc" = 0
check watch-says-the-file harmless out.txt

# Data as it is, where no terminal reads it; JSON never holds a control.
run list leads --columns name --format csv --sort external_id --where "external_id = X1"
check csv-in-a-pipe test "$(sed -n 2p out.txt)" = "\"$evil"
run export leads x.csv --columns name --where "external_id = X1"
check csv-in-a-file test "$(sed -n 2p x.csv)" = "\"$evil"
run list leads --format json
check json-in-a-pipe harmless out.txt
check json-keeps-it prints '"name":"evil\u001b[2J\u202etail\u009b1m\nL-99: forged"'
run export leads x.json --columns name --where "external_id = X1"
check json-in-a-file test "$(cat x.json)" = '[{"name":"evil\u001b[2J\u202etail\u009b1m\nL-99: forged"}]'

# The same on a terminal.
if command -v script >/dev/null; then
    on_terminal() {
        script -qec "'$GONGHAI' --db '$db' $*" /dev/null </dev/null >out.txt 2>err.txt
        rc=$?
        out= err=
    }
    on_terminal list leads --columns name,external_id --format csv
    check csv-on-a-terminal harmless out.txt
    check csv-on-a-terminal-has-the-rest grep -q '",X1' out.txt
    on_terminal call lead.list
    check json-on-a-terminal harmless out.txt
    on_terminal list leads --columns name
    check table-on-a-terminal alone out.txt
    GONGHAI_UI_THEME_FILE="$esc]0;x" on_terminal config ui.theme_file
    check setting-on-a-terminal harmless out.txt
else
    echo "skip data-on-a-terminal there is no script(1)"
fi
exit $failed
