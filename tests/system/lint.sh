#!/bin/sh
# The linter itself: a small tree with one fault of each kind, and each must be reported where it is.
set -u
tree=$PWD/tree
mkdir -p "$tree/base" "$tree/core/store" "$tree/core/pool" "$tree/core/process" "$tree/core/data" "$tree/tui" \
    "$tree/views" "$tree/cli" "$tree/tests" bin
failed=0

# A loader that answers as we want, so that no odd library has to be installed.
cat >bin/ldd <<'SH'
#!/bin/sh
echo "libc.so.6 => /lib/libc.so.6"
echo "$EXTRA"
SH
chmod +x bin/ldd
lint() {
    EXTRA=${EXTRA-} PATH=$PWD/bin:$PATH LINT_ROOT=$tree GONGHAI=/bin/true "$ROOT/scripts/lint.sh" >found 2>&1
}

# What the linter finds must also be its exit code.
must_fail() {
    lint || return 0
    echo "not ok $1: the linter ended with 0"
    failed=1
}

# expect NAME FILE:LINE WORDS: the last run said it of that line.
expect() {
    if grep -F "$2: " found | grep -qF "$3"; then
        echo "ok $1"
    else
        echo "not ok $1"
        echo "  no '$2: ... $3' in:"
        sed 's/^/  /' found
        failed=1
    fi
}

# try NAME FILE WORDS: with standard input as FILE, the linter reports its last line.
try() {
    printf '/* File. */\n' >"$tree/$2"
    cat >>"$tree/$2"
    must_fail "$1"
    expect "$1" "$2:$(wc -l <"$tree/$2")" "$3"
    rm "$tree/$2"
}

# pass NAME FILE: with standard input as FILE, the linter has nothing to say.
pass() {
    printf '/* File. */\n' >"$tree/$2"
    cat >>"$tree/$2"
    if lint && [ ! -s found ]; then
        echo "ok $1"
    else
        echo "not ok $1"
        sed 's/^/  /' found
        failed=1
    fi
    rm "$tree/$2"
}

try arrow_up base/a.c "base may not include core/store" <<'C'
#include "core/store/db.h"
C
try arrow_tui tui/a.c "tui may not include core/model" <<'C'
#include "core/model/nouns.h"
C
try arrow_between_engines core/pool/a.c "core/pool may not include core/process" <<'C'
#include "core/process/task.h"
C
try arrow_data_process core/data/a.c "core/data may not include core/process" <<'C'
#include "core/process/task.h"
C
try arrow_view_store views/a.c "views may not include core/store" <<'C'
#include "core/store/db.h"
C
pass arrow_down core/process/a.c <<'C'
#include "core/pool/pool.h"
#include "core/process/task.h"
#include "version.h"
#include <stdio.h>
C
try include_without_folder base/a.c "from the root" <<'C'
#include "text.h"
C
try curses_header views/a.c "curses outside tui/" <<'C'
#include <ncurses.h>
C
try curses_call views/a.c "curses outside tui/" <<'C'
void f(void) { wrefresh(stdscr); }
C
pass curses_in_tui tui/a.c <<'C'
#include <curses.h>
void f(void) { wrefresh(stdscr); }
C
try sqlite_header core/pool/a.c "a database outside core/store/" <<'C'
#include <sqlite3.h>
C
try sqlite_call cli/a.c "a database outside core/store/" <<'C'
void f(void) { sqlite3_open("x", &db); }
C
try libpq_header core/pool/a.c "a database outside core/store/" <<'C'
#include <libpq-fe.h>
C
try cjson_header core/pool/a.c "cJSON outside base/json.c" <<'C'
#include <cjson/cJSON.h>
C
try cjson_name base/a.c "cJSON outside base/json.c" <<'C'
cJSON *f(void);
C
pass cjson_home base/json.c <<'C'
#include <cjson/cJSON.h>
cJSON *f(void);
C
try sql_select views/a.c "SQL outside core/" <<'C'
const char *q = "select id from lead";
C
try sql_select_upper cli/a.c "SQL outside core/" <<'C'
const char *q = "SELECT count(*) "
C
try sql_insert views/a.c "SQL outside core/" <<'C'
const char *q = "Insert Into lead values (1)";
C
try sql_update tui/a.c "SQL outside core/" <<'C'
const char *q = "update lead set stage = 1";
C
try sql_delete base/a.c "SQL outside core/" <<'C'
const char *q = "with x as (delete from lead returning id)";
C
pass sql_in_words views/a.c <<'C'
const char *help = _("Select a row from the list, update the set");
const char *more = N_("select leads from a file");   /* select x from y */
const char *none = "selected";
C
pass sql_in_core core/pool/a.c <<'C'
const char *q = "select id from lead";
C
try time_null core/pool/a.c "a clock besides base/clock.c" <<'C'
long f(void) { return time(NULL); }
C
try clock_gettime base/a.c "a clock besides base/clock.c" <<'C'
void f(void) { clock_gettime(CLOCK_REALTIME, &t); }
C
try gettimeofday tui/a.c "a clock besides base/clock.c" <<'C'
void f(void) { gettimeofday(&t, NULL); }
C
try localtime views/a.c "a clock besides base/clock.c" <<'C'
struct tm *f(void) { return localtime(&t); }
C
pass clock_home base/clock.c <<'C'
void f(void) { clock_gettime(CLOCK_REALTIME, &t); }
C
pass clock_alike core/pool/a.c <<'C'
void f(struct x *x) { x->time(1); start_time(2); /* time(NULL) */ puts("time(NULL)"); }
C
try random core/data/a.c "randomness without a seed" <<'C'
int f(void) { return rand(); }
C
try random_seed core/data/a.c "randomness without a seed" <<'C'
void f(void) { srand(1); }
C
for call in 'strcpy(a, b)' 'strcat(a, b)' 'sprintf(a, "x")' 'gets(a)' 'strtok(a, b)'; do
    try "unbounded_${call%%(*}" base/a.c "a call that knows no bounds" <<C
void f(void) { $call; }
C
done
pass bounded_alike base/a.c <<'C'
void f(void) { snprintf(a, 1, "strcpy(a, b)"); my_strcpy(a, b); strtok_r(a, b, c); }
C
try promise base/a.c "a promise" <<'C'
int a; /* TODO: more */
C
try promise_in_docs README.md "a promise" <<'C'
FIXME later
C
pass no_promise run.sh <<'C'
mktemp -d /tmp/a.XXXXXX
C
try blank_at_end base/a.c "white space at the end" <<C
int a;$(printf ' ')
C
try tab base/a.c "a tab" <<C
$(printf '\t')int a;
C
try long_line base/a.c "a line of 111 characters" <<C
//$(printf '%0109d' 0)
C
pass long_in_bytes_only base/a.c <<C
// $(printf '%0100d' 0 | sed 's/0/海/g')
C
try place_of_shared core/pool/a.c "../shared is for tests" <<'C'
const char *p = "../shared/data";
C
pass shared_in_tests tests/a.c <<'C'
const char *p = "../shared/data";
C
try place_of_machine cli/a.c "a path of one machine" <<'C'
const char *p = "/work/main/x";
C
pass path_of_web cli/a.c <<'C'
const char *p = "/v1/work/items";
C

# A header without a word on what it is for; and functions in it, as a note.
printf 'int f(void);\n' >"$tree/base/a.h"
must_fail header_comment
expect header_comment base/a.h:1 "a header opens with a comment"
printf '/* a.h - a. */\n\nint f(void);\n\n/* Says so. */\nint g(void);\n' >"$tree/base/a.h"
LINT_NOTES=1 && export LINT_NOTES && lint
expect function_comment base/a.h:3 "note: public functions without a comment"
grep -q 'a.h:6' found && { echo "not ok function_with_comment"; failed=1; } || echo "ok function_with_comment"
unset LINT_NOTES
rm "$tree/base/a.h"

for library in libcurl libpq libmicrohttpd libldap libxlsxwriter libical libqrencode; do
    EXTRA="$library.so.4 => /usr/lib/$library.so.4"
    must_fail "needs_$library"
    expect "needs_$library" /bin/true:1 "needs $library at its start"
done
EXTRA=
pass clean_tree base/a.c <<'C'
int a;
C
exit $failed
