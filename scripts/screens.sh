#!/bin/sh
# screens.sh PROGRAM [README]: writes docs/screens.md to standard output: three screens of a demo bank at a fixed
# time. With README that file, the first picture in it as the screen is now.
set -eu
program=$1 readme=${2:-}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
mkdir "$dir/home"

run() {
    env -i PATH="$PATH" HOME="$dir/home" XDG_CONFIG_DIRS="$dir" TMPDIR="$dir" LC_ALL=C.UTF-8 TZ=UTC TERM=xterm-256color \
        "$program" --db "$dir/demo.db" --now 2026-11-24T08:47 --lang zh_CN "$@"
}

screen() { # TITLE WORDS OPTIONS...
    printf '\n## %s\n\n%s\n\n```\n' "$1" "$2"
    shift 2
    run show "$@" | sed 's/ *$//'
    printf '```\n'
}

run demo --leads 3000 --no-open >"$dir/log" 2>&1
if [ -n "$readme" ]; then
    run show leads --size 100x18 >"$dir/picture"
    awk -v picture="$dir/picture" '
        /^```$/ && ++fence == 1 { print; while ((getline line < picture) > 0) { sub(/ *$/, "", line); print line } }
        fence != 1' "$readme"
    exit
fi
cat <<'END'
# Screens

Three screens of the demo bank (`gonghai demo`), as text. Made by `make docs` with `gonghai show`; a test sees to it
that they stay true.
END
screen '首页 (home)' 'Whom to call first: overdue, due today, soon recycled, new, messages. Enter opens.' \
    home --size 100x30
screen '线索 (leads)' 'What is in my hands, with the detail and the timeline of the row; the pane follows.' \
    leads --size 120x40 --keys 'Tab Down'
screen '新建 (create)' 'Entered by hand; the verdict on the phone comes while it is typed.' \
    leads --size 100x30 --keys 'n text:13900001234 Tab text:李四'
