#!/bin/sh
# lint.sh: checks what a compiler does not, in the project's folder (or in LINT_ROOT). Each finding is a line
# `file:line: message`; any finding but a note makes it end with 1.
#   GONGHAI     the built program, for the last check
#   LINT_NOTES  1: notes too
set -u
export LC_ALL=C # the line lengths below count bytes and take off those that continue a character
cd "${LINT_ROOT:-$(dirname "$0")/..}" || exit 2

# --- which folder may include which: itself, and those after the colon -----------------------------------

low="core/lang core/guard core/store core/model base"
engine="core/org core/noun $low" # what every engine stands on
arrows="
base:
core/model:     base
core/store:     core/model base
core/lang:      core/store core/model base
core/guard:     core/store core/model base
core/noun:      $low
core/org:       core/noun $low
core/pool:      $engine
core/reach:     core/pool $engine
core/process:   core/reach core/pool $engine
core/rules:     core/process core/reach core/pool $engine
core/data:      core/pool $engine
core/api:       core/rules core/process core/reach core/data core/pool $engine
tui:            base
views:          tui core/api core/lang core/model base
cli:            views tui core/api core/rules core/process core/reach core/data core/pool $engine
"
generated="version.h schema.h builtin_ini.h builtin_keys.h"

# --- what may stand only in one place: who may use it, what it is, in words ------------------------------
# The words are awk's regular expressions: headers in <> as included, the others as whole names in code.

headers='
^tui/|^tests/         ^(ncursesw/)?(n?curses|term|panel|menu|form)\.h$    curses outside tui/
^core/store/|^tests/  ^(postgresql/)?(sqlite3|libpq-fe)\.h$               a database outside core/store/
^base/json\.c$        ^(cjson/)?cJSON\.h$                                 cJSON outside base/json.c
^core/api/mhd\.h$     ^microhttpd\.h$                                     libmicrohttpd outside core/api/mhd.h
^core/api/curl\.h$    ^curl/                                             libcurl by another way than core/api/curl.h
'
names='
^tui/|^tests/            (initscr|newterm|endwin|doupdate|wrefresh|w?getch|w?get_wch|mvw?(add|print)[a-z_]*|w(add|print|attr|move|erase|clr|color)[a-z_]*|init_(extended_)?(pair|color)|curs_set|keypad)\(  curses outside tui/
^core/store/|^tests/     (sqlite3_[a-z_0-9]+|PQ[a-z][A-Za-z]*)\(                                  a database outside core/store/
^base/json\.c$           cJSON[A-Za-z_]*                                                          cJSON outside base/json.c
^base/(clock|crash)\.c$|^tests/  (time|clock_gettime|gettimeofday|timespec_get|localtime(_r)?)\(          a clock besides base/clock.c
^tests/                  (rand|srand|random|srandom|rand_r|[delmn]rand48|srand48)\(               randomness without a seed: use base/
^$                       (strcpy|strcat|stpcpy|sprintf|vsprintf|gets|strtok)\(                    a call that knows no bounds
'

columns=110 # the longest line of C, in characters

# --- libraries that the program opens at first use, so that it never starts with them --------------------

modules="libcurl libpq libmicrohttpd libldap libxlsxwriter libical libqrencode"

# ---------------------------------------------------------------------------------------------------------

check_files() {
    awk -v columns="$columns" -v notes="${LINT_NOTES:-}" -v arrows="$arrows" -v generated="$generated" -v headers="$headers" -v names="$names" '
    function say(message) { printf "%s:%d: %s\n", FILENAME, FNR, message; found = 1 }

    function folder(path) { sub(/\/[^\/]*$/, "", path); return path }

    # Reads a table of "who what words..." into the three arrays; returns how many rows it has.
    function table(text, who, what, words,    rows, n, i, row, count) {
        n = split(text, rows, "\n")
        for (i = 1; i <= n; i++) {
            row = rows[i]
            if (row == "") continue
            count++
            match(row, /^[^ ]+ +/); who[count] = substr(row, 1, RLENGTH); sub(/ +$/, "", who[count])
            row = substr(row, RLENGTH + 1)
            match(row, /^[^ ]+ +/); what[count] = substr(row, 1, RLENGTH); sub(/ +$/, "", what[count])
            words[count] = substr(row, RLENGTH + 1)
        }
        return count
    }

    BEGIN {
        n = split(arrows, rows, "\n")
        for (i = 1; i <= n; i++) {
            m = split(rows[i], word, /[: ]+/)
            if (word[1] == "") continue
            known[word[1]] = 1
            for (j = 1; j <= m; j++) if (word[j] != "") may[word[1], word[j]] = 1
        }
        n = split(generated, word, " ")
        for (i = 1; i <= n; i++) is_generated[word[i]] = 1
        header_count = table(headers, header_who, header_what, header_words)
        name_count = table(names, name_who, name_what, name_words)
        for (i = 1; i <= name_count; i++) name_what[i] = "(^|[^A-Za-z0-9_.>])" name_what[i]
    }

    FNR == 1 {
        here = folder(FILENAME)
        is_c = FILENAME ~ /\.[ch]$/
        wants_comments = FILENAME ~ /^(base|core\/[a-z]+)\/[a-z0-9_]+\.h$/
        about_itself = FILENAME ~ /(^|\/)lint\.sh$/
        in_comment = commented = first = depth = 0
    }

    # Every text file.
    /[ \t]$/ { say("white space at the end of the line") }
    !about_itself && /(^|[^A-Za-z0-9_])(TODO|FIXME|XXX)([^A-Za-z0-9_]|$)/ { say("a promise: do it, or open an issue") }
    !about_itself && /(^|[^A-Za-z0-9_.])\/work\// { say("a path of one machine") }
    !about_itself && /\.\.\/shared/ && FILENAME !~ /^(tests|scripts|\.ci)\// { say("../shared is for tests and scripts") }

    !is_c { next }

    # C only.
    {
        if (/\t/) say("a tab")
        line = $0
        gsub(/[\200-\277]/, "", line)
        if (length(line) > columns) say("a line of " length(line) " characters")
    }
    !in_comment && /^[ \t]*#[ \t]*include/ { check_include($0); next }
    {
        comment_line = in_comment || /^[ \t]*\/[*\/]/
        split_line($0)
        for (i = 1; i <= name_count; i++)
            if (FILENAME !~ name_who[i] && code ~ name_what[i]) say(name_words[i])
        if (FILENAME !~ /^(core|tests)\//)
            for (i = 1; i <= literals; i++) if (is_sql(literal[i])) say("SQL outside core/")
        if (wants_comments) check_comment()
    }

    function check_include(line,    path, i) {
        if (match(line, /<[^>]+>/)) {
            path = substr(line, RSTART + 1, RLENGTH - 2)
            for (i = 1; i <= header_count; i++)
                if (path ~ header_what[i] && FILENAME !~ header_who[i]) say(header_words[i])
            return
        }
        if (!match(line, /"[^"]+"/)) return
        path = substr(line, RSTART + 1, RLENGTH - 2)
        if (path in is_generated || FILENAME ~ /^tests\//) return
        if (path !~ /\// || path ~ /\.\./) say("include \"" path "\" from the root of the project")
        else if (!(here in known)) say("a folder without a row in scripts/lint.sh: " here)
        else if (!((here, folder(path)) in may)) say(here " may not include " folder(path))
    }

    # Sets code (the line without comments and without what stands in quotes) and literal[1..literals] (the
    # strings that are not for translation).
    function split_line(line,    mark, rest, i) {
        code = ""; literals = 0
        while (line != "") {
            if (in_comment) {
                i = index(line, "*/")
                if (!i) return
                line = substr(line, i + 2); in_comment = 0; code = code " "
                continue
            }
            if (!match(line, /"|\047|\/\*|\/\//)) { code = code line; return }
            mark = substr(line, RSTART, RLENGTH)
            code = code substr(line, 1, RSTART - 1)
            line = substr(line, RSTART + RLENGTH)
            if (mark == "//") return
            if (mark == "/*") { in_comment = 1; continue }
            if (mark == "\"") match(line, /^([^"\\]|\\.)*"/)
            else match(line, /^([^\047\\]|\\.)*\047/)
            if (RLENGTH < 0) return
            if (mark == "\"" && code !~ /(^|[^a-z])N?_\([ ]*$/) literal[++literals] = substr(line, 1, RLENGTH - 1)
            code = code mark mark
            line = substr(line, RLENGTH + 1)
        }
    }

    function is_sql(text) {
        text = " " tolower(text)
        return text ~ /[ (]select .* from / || text ~ /^[ (]*select +[a-z0-9_*("\\]/ ||
            text ~ /[ (](insert +(or +[a-z]+ +)?into|delete +from|create +(table|index)) +[a-z_]/ ||
            text ~ /[ (]update +[a-z0-9_]+ +set /
    }

    # A header opens with a comment. A function in it stands in a paragraph (lines without an empty one
    # between) with a comment; where names say all there is to say, it needs none, so that is a note only.
    function check_comment() {
        if (FNR == 1 && !comment_line) say("a header opens with a comment that says what it is for")
        if ($0 == "") { end_paragraph(); return }
        if (/\/\*|\/\//) commented = 1
        if (!depth && code ~ /^[a-z][A-Za-z0-9_ *]*[ *][a-z][a-z0-9_]*\(/ && code !~ /^typedef/ && !first) first = FNR
        depth += gsub(/\{/, "{", code) - gsub(/\}/, "}", code)
    }

    function end_paragraph() {
        if (notes && first && !commented) printf "%s:%d: note: public functions without a comment\n", FILENAME, first
        first = commented = 0
    }

    END { exit found }
    ' "$@"
}

# The program's own libraries and theirs.
check_libraries() {
    program=${GONGHAI:-build/gonghai}
    if ! needed=$(ldd "$program" 2>&1); then
        echo "$program:1: can't tell which libraries it needs"
        return 1
    fi
    bad=0
    for library in $modules; do
        case $needed in *"$library".so*)
            echo "$program:1: needs $library at its start: open it at first use"
            bad=1
            ;;
        esac
    done
    return $bad
}

text_files() {
    find . \( -name .git -o -name build -o -name corpus \) -prune -o -type f \
        \( -name '*.[ch]' -o -name '*.sh' -o -name '*.sql' -o -name '*.ini' -o -name '*.md' -o -name '*.po' \
        -o -name Makefile -o -path ./.ci/run \) -print | sed 's|^\./||' | sort
}

rc=0
# shellcheck disable=SC2046
check_files $(text_files) || rc=1
check_libraries || rc=1
exit $rc
