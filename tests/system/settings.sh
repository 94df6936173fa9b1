#!/bin/sh
# Where a setting comes from, locks, mistakes; the bank's own words; the console of lines.
set -u
. "$ROOT/tests/system/cli-cases.inc"
: >out.txt
: >err.txt
rc=0 out='' err=''
export XDG_CONFIG_DIRS="$PWD/system" XDG_CONFIG_HOME="$PWD/own" XDG_STATE_HOME="$PWD/state"
mkdir -p system/gonghai own/gonghai
sys=system/gonghai/gonghai.conf usr=own/gonghai/gonghai.conf

# --- the order ------------------------------------------------------------------------------------------------
setting() { bare ${1+"$@"} config ui.theme; }
setting
check built-in is ""
printf '[ui]\ntheme = light\n' >$sys
setting
check system-over-built-in is light
printf '[console]\ntheme = mono\n' >$usr
setting
check user-over-system is mono
export GONGHAI_UI_THEME=high-contrast
setting
check environment-over-user is high-contrast
"$GONGHAI" --db "$db" demo --leads 300 --no-open >out.txt 2>err.txt </dev/null
rc=$?
check demo fails_with 0
GONGHAI_UI_THEME=nonesuch run show home --theme light --size 80x24
check option-over-environment fails_with 0
bare config
check each-says-where-it-is-from prints "GONGHAI_UI_THEME"

# --- locks ----------------------------------------------------------------------------------------------------
printf '[ui]\n!theme = light\nlock_minutes = 3\n' >$sys
setting
check lock-over-all is light
bare config
check lock-is-said prints "$PWD/$sys:2 (locked)"
check user-left-aside prints "left aside: mono ($PWD/$usr:2)"
check environment-left-aside prints "left aside: high-contrast (GONGHAI_UI_THEME)"
run show home --theme mono
check option-against-lock refused 5 "--theme"
run show home --theme light --size 80x24
check option-as-the-lock fails_with 0
unset GONGHAI_UI_THEME
printf '[ui]\n!theme = mono\n' >$usr
bare config
check user-may-not-lock refused 2 "$usr, line 2"

# --- mistakes -------------------------------------------------------------------------------------------------
mistake() { # NAME FILE-TEXT
    printf "$2" >$usr
    bare config
    check "$1" refused 2 "$usr, line 2"
}
mistake unknown-key '[ui]\nthem = light\n'
mistake no-choice '[ui]\ncolor = 17\n'
mistake no-number '[ui]\nlock_minutes = soon\n'
mistake no-language '[ui]\nlang = fr\n'
mistake out-of-range '[ui]\nlock_minutes = 481\n'
mistake no-flag '[ui]\nmouse = perhaps\n'
rm -f $sys
mistake no-theme '[ui]\ntheme = lite\n'
for key in theme_file keys terms; do
    printf '[ui]\n%s = %s\n' $key "$PWD/none.ini" >$usr
    run show leads --size 80x24
    check "missing-file-of-$key" refused 3 "$usr, line 2: ui.$key"
done
rm -f $usr
GONGHAI_UI_THEME=lite bare config
check no-theme-of-variable refused 2 "GONGHAI_UI_THEME"
GONGHAI_UI_KEYS=$PWD/none.ini run show leads --size 80x24
check missing-file-of-variable refused 3 "GONGHAI_UI_KEYS: ui.keys"
GONGHAI_UI_LARGE=perhaps bare config
check wrong-variable refused 2 "GONGHAI_UI_LARGE"
bare config ui.them
check nearest-key says "ui.theme"
bare --lang en docs man
for key in $("$GONGHAI" config | cut -d' ' -f1); do
    grep -q "^.B $key" out.txt || echo "$key" >>missing.txt
done
check every-key-is-in-the-manual test ! -s missing.txt
check and-so-is-no-other test "$(grep -c '^.B [a-z]*\.[a-z_]* = ' out.txt)" = "$("$GONGHAI" config | grep -c '^[a-z]')"

bare docs keys
check key-table-is-printed prints "lead.claim = "

# --- the bank's own words -------------------------------------------------------------------------------------
printf '[zh_CN]\n公海 = 公共池\nMy leads = 我的客户\n' >own/gonghai/terms.ini
run --lang zh_CN show leads --size 80x24
check word-on-the-screen prints "公共池"
check sentence-on-the-screen prints "我的客户"
run --lang en show leads --size 80x24
check other-language-untouched prints "My leads"
printf '6\nq\n' | "$GONGHAI" --db "$db" --lang zh_CN --plain >out.txt 2>err.txt
rc=$? out=$(cat out.txt) err=$(cat err.txt)
check word-in-the-console-of-lines prints "公共池>"
bare --lang zh_CN docs man
check manual-keeps-its-words test -z "$(grep 公共池 out.txt)"
printf '[zh_CN]\n公海\n' >own/gonghai/terms.ini
run show leads
check terms-mistake refused 2 "terms.ini, line 2"
rm own/gonghai/terms.ini
GONGHAI_UI_TERMS=$PWD/none.ini run show leads
check terms-missing refused 3 "none.ini"

# --- the console of lines -------------------------------------------------------------------------------------
talk() { # ANSWER...
    printf '%s\n' "$@" | env TERM=dumb "$GONGHAI" --db "$db" --lang en --plain >out.txt 2>err.txt
    rc=$?
    out=$(cat out.txt)
    err=$(cat err.txt)
}
has() { grep -q -- "$1" out.txt; }
mine() { "$GONGHAI" --db "$db" count leads --where 'owner = me and open = yes'; }
before=$(mine)
talk 6 1 c q
check plain-claims has 'Claimed .*; first follow-up by '
check plain-claim-is-done test "$(mine)" = $((before + 1))
talk 6 1 c u q
check plain-takes-back test "$(mine)" = $((before + 1))
talk 7 1 f 1 1 'wants to think it over' '' q
check plain-follows-up has 'Recorded for '
check plain-note-stands test "$("$GONGHAI" --db "$db" count follow_ups --where 'note = "wants to think it over"')" = 1
talk 6 / 'intent = high' q
check plain-filters has "intent = high"
talk 6 / 'nonsense = 3' q
check plain-condition-mistake has '"nonsense" (column 1)'
talk 6 / 'stage = new) or (stage = won' q
check plain-condition-stays-inside has 'column 12, at ")"'
talk 8 n p q
check plain-pages test "$(grep -c '^1  ' out.txt)" -ge 4
talk n 13900001234 '测试客户' '' '' '' 9 3 1 b q
check plain-creates test "$("$GONGHAI" --db "$db" count leads --where 'phone = 13900001234')" = 1
check plain-asks-consent has 'Consent (1 calls, 2 all ways, 3 refuses)'
check plain-consent-stands test "$("$GONGHAI" --db "$db" count consents --where 'state = refused and way = all and source = counter and at >= today')" -ge 1
talk n 13900001234 x . q
check plain-gives-up has 'Given up'
talk 7 1 x '?' q
check plain-unknown-words has '1-8 Open'
talk nonsense q
check plain-says-what-is-unknown has 'Nothing here is called "nonsense"'
talk
check plain-ends-with-its-input fails_with 0
check plain-writes-no-escape test -z "$(tr -d '\n -~\200-\377' <out.txt)"
echo q | env TERM=dumb "$GONGHAI" --db none.db --lang en --plain >out.txt 2>err.txt
check plain-first-run has 'Look at demo data first'
check plain-leaves-nothing test ! -e none.db
printf '2\nq\n' | env TERM=dumb "$GONGHAI" --db made.db --lang en --plain >out.txt 2>err.txt
check plain-makes-a-database test -s made.db
run
check no-terminal-says-how refused 1 "--plain"
for term in TERM=dumb TERM= '-u TERM'; do
    echo q | script -qec "env $term '$GONGHAI' --db '$db' --lang en" /dev/null >out.txt 2>err.txt
    check "console-of-lines-with-$(echo "$term" | tr -d ' =')" has 'Home>'
done
GONGHAI_UI_PLAIN=yes bare --db "$db" --lang en
check plain-by-setting has 'Home>'
exit "$failed"
