#!/bin/sh
# What is typed wrong: one sentence, the synopsis, the nearest word, and the right exit code.
set -u
. "$ROOT/tests/system/cli-cases.inc"
run init --test

usage() {
    refused 2 "$1" && [ "$(wc -l <err.txt)" = 2 ] && [ "$(sed -n 2p err.txt | head -c 15)" = "Usage: gonghai " ]
}

bare fo
check unknown-command usage 'no command "fo"'
bare lst leads
check nearest-command usage "Did you mean list?"
bare audit
check half-a-command usage "verify, anchor"
bare audit verfy
check nearest-second-word usage "Did you mean audit verify?"
bare list
check missing-word usage "KIND is missing"
run list leads extra
check word-too-many usage '"extra"'
run list ledas
check nearest-kind usage "Did you mean leads?"
run list nonsense
check far-kind-is-not-suggested usage "There is no kind \"nonsense\". Choose one of"
run list leads --fromat csv
check nearest-option usage "Did you mean --format?"
run list leads --format xml
check not-a-choice usage "table, csv, json"
run list leads --limit
check missing-value usage "--limit needs a value"
run list leads --limit --format csv
check option-is-no-value usage "--limit needs a value"
run list leads --limit 0
check limit-out-of-range usage "from 1"
run list leads --limit 1x
check limit-no-number usage "whole number"
run count leads --format csv
check option-of-another-command usage "There is no option --format here"
run list leads --db "$db"
check option-twice usage "--db stands there twice"
run --help=yes
check flag-with-value usage "takes no value"
bare -x
check unknown-letter usage "no option -x"
bare --lang fr list leads
check unknown-language usage "en and zh_CN"
run --now yesterday count leads
check now-is-no-time usage "2026-11-22T08:30"
bare show
check show-needs-a-view usage "VIEW is missing"
bare show home --size 80
check size-is-two-numbers usage "120x40"
bare show home --size 4x4
check size-too-small usage "20x5"
run call
check call-needs-an-operation usage "OPERATION is missing"
run call lead.clam
check nearest-operation usage "Did you mean lead.claim?"
run import things file.csv
check nothing-to-import-so usage 'no kind "things"'
bare docs poem
check no-such-page usage "man, completion, guide or keys"
run --as somebody init
check init-asks-nobody usage "--as means nothing"
run count leads --where "$(printf 'name = \377')"
check ill-formed-word usage "not well-formed"

# Words that the parser takes but the program does not: no synopsis.
run list leads --where 'stage ='
check broken-condition refused 2 "column 8"
check broken-condition-shows-no-synopsis test "$(wc -l <err.txt)" = 1
run list leads --where 'stge = new'
check unknown-field refused 2 "Did you mean stage?"
run list leads --columns stge
check unknown-column refused 2 "Did you mean stage?"
run list leads --columns attr.nope
check unknown-custom-field refused 2 attr.nope
run list leads --sort nope
check unknown-sort refused 2 nope
bare --db none.db count leads
check no-database refused 3 "none.db init"
check no-database-was-made test ! -e none.db
bare --db postgres://host/db count leads
check postgres-is-not-there refused 2 SQLite
bare --db "$ROOT/LICENSE" count leads
check foreign-file refused 1 "no database of Gonghai"
bare --db / count leads
check folder-is-no-database refused 1 /
run init
check init-overwrites-nothing refused 4 "already"
run --as nobody count leads
check as-nobody refused 5 "no account nobody"
run import leads none.csv
check no-file refused 3 none.csv
run restore none.gbk
check no-backup refused 3 none.gbk

# Options stand anywhere, `--` ends them.
bare count leads --db "$db"
check option-after-words is 0
bare --db="$db" count --where='stage = new' leads
check option-between-words is 0
bare --db "$db" -- count leads
check after-dashes-all-is-words refused 2 '"count"'
bare --db "$db" count -- leads
check dashes-before-words is 0
bare --db "sqlite:$db" count leads
check sqlite-url is 0

bare --version
check version-is-one-line lines 1
check version-names-schema prints "schema "
bare -V
check version-by-letter lines 1
bare --help
check help-is-data test "$rc" = 0 -a -z "$err"
check help-lists-commands prints "audit verify"
check help-says-where-more-stands prints "  docs  "
bare import --help
check help-of-a-command prints "--create-missing"
bare --help import
check help-before-the-command prints "--create-missing"
bare --lang zh_CN --help
check help-in-chinese-runs test "$rc" = 0
for page in man completion guide; do
    bare docs $page
    check "docs-$page" test "$rc" = 0 -a "$(wc -l <out.txt)" -gt 50
done
bare docs completion
check completion-is-shell bash -n out.txt
cat >complete.bash <<'SH'
. ./out.txt
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
_gonghai
echo "${COMPREPLY[*]}"
SH
completes() {
    want=$1
    shift
    [ "$(bash complete.bash gonghai "$@")" = "$want" ]
}
check completes-a-command completes import im
check completes-a-second-word completes "verify anchor" audit ''
check completes-after-an-option completes count --db x.db cou
check completes-a-kind completes leads list le
check completes-only-kinds-that-can completes "" export nothing
check completes-an-option completes --format list leads --fo
check completes-a-choice completes "table csv json" list leads --format ''
check completes-an-operation completes lead.claim call lead.cla
check completes-a-page completes "man completion guide keys openapi" docs ''
check completes-a-language completes zh_CN --lang zh
check completes-a-view completes "home leads" --view ''
bare docs guide
check reference-has-the-options-of-every-command grep -q '^- `--as LOGIN`: ' out.txt
check reference-says-what-is-taken grep -qF '| `lead.follow_up` | record a follow-up | `id`, `lead`, `version`, `way`, **`result`**, `note`, `next_at` |' out.txt
check reference-says-what-a-kind-takes grep -qF '| the fields of `branches` |' out.txt
check reference-leaves-out-what-gonghai-sets test "$(grep -c '^| `lead.create`.*`no`' out.txt)" = 0
if command -v man >/dev/null && command -v groff >/dev/null; then
    bare docs man
    check man-page-is-clean test -z "$(groff -man -ww -Tutf8 out.txt 2>&1 >/dev/null)"
else
    echo "skip man-page-is-clean groff is not here"
fi
"$GONGHAI" --db "$db" list stages >/dev/full 2>err.txt
rc=$? out= err=$(cat err.txt)
check full-disk-is-told refused 1 "can't be written"
exit $failed
