#!/bin/sh
# need.sh run|test|bench|fuzz|ci: sees to it that the Debian packages are there that a target needs.
#
# Nothing missing: silent. Else it prints the apt line and, where it may (root, or sudo), runs it; where it may
# not, it says what to ask the administrator for and ends with 1. On a machine without dpkg it tries whether
# the libraries compile and link, and names those that don't. Plain sh: nothing is installed yet.
set -u

run="gcc libc6-dev libncurses-dev ncurses-base ncurses-term libsqlite3-dev libsodium-dev libutf8proc-dev
     libcjson-dev libinih-dev libcsv-dev libcurl4-openssl-dev libmicrohttpd-dev gettext tzdata"
test="libcmocka-dev libvterm-dev tmux sqlite3"
fuzz="clang libclang-rt-dev"
ci="openssl postgresql postgresql-client locales python3 man-db groff-base unicode-data bzip2"

# For machines without dpkg: a header, the library it belongs to, and how to link it.
libraries="curses.h:ncursesw sqlite3.h:sqlite3 sodium.h:sodium utf8proc.h:utf8proc cjson/cJSON.h:cjson
           ini.h:inih csv.h:csv curl/curl.h:curl microhttpd.h:microhttpd"
programs="msgfmt"

kind=${1:-}
case $kind in
run) packages="$run" ;;
test | bench)
    packages="$run $test"
    libraries="$libraries cmocka.h:cmocka vterm.h:vterm"
    programs="$programs tmux sqlite3"
    ;;
fuzz)
    packages="$run $fuzz"
    programs="$programs clang"
    ;;
ci)
    packages="$run $test $fuzz $ci"
    libraries="$libraries cmocka.h:cmocka vterm.h:vterm"
    programs="$programs tmux sqlite3 clang initdb localedef python3 groff"
    ;;
*)
    echo "usage: need.sh run|test|bench|fuzz|ci" >&2
    exit 2
    ;;
esac

# Prints the packages that are not installed, on one line.
missing_packages() {
    {
        # shellcheck disable=SC2086
        dpkg-query -W -f='${db:Status-Status} ${Package}\n' $packages 2>/dev/null
        # shellcheck disable=SC2086
        printf 'wanted %s\n' $packages
    } | awk '$1 == "installed" { have[$2] = 1 } $1 == "wanted" && !have[$2] { printf "%s%s", sep, $2; sep = " " }'
}

# Prints what a machine without dpkg lacks, on one line.
missing_libraries() {
    found=
    if ! command -v cc >/dev/null; then
        echo "a C compiler (cc)"
        return
    fi
    for pair in $libraries; do
        header=${pair%:*} library=${pair#*:}
        # cmocka.h wants these before it.
        printf '#include <stdarg.h>\n#include <stddef.h>\n#include <stdint.h>\n#include <stdio.h>\n%s\n%s\n' \
            "#include <setjmp.h>" "#include <$header>" |
            sed '$a int main(void) { return 0; }' |
            cc -x c -o /dev/null - "-l$library" 2>/dev/null || found="$found $library"
    done
    for program in $programs; do
        command -v "$program" >/dev/null || found="$found $program"
    done
    echo "${found# }"
}

if ! command -v dpkg-query >/dev/null; then
    missing=$(missing_libraries)
    [ -n "$missing" ] || exit 0
    {
        echo "Gonghai needs these, with their header files, and they are not here: $missing"
        echo "Install them with this system's package manager, or ask its administrator to."
    } >&2
    exit 1
fi

missing=$(missing_packages)
[ -n "$missing" ] || exit 0
line="apt-get install --no-install-recommends $missing"

# How to become root: not at all when we are, else sudo, which may ask for a password only at a terminal.
if [ "$(id -u)" = 0 ]; then
    root=
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    root="sudo -n"
elif command -v sudo >/dev/null && [ -t 0 ] && [ -t 2 ]; then
    root=sudo
else
    {
        echo "Packages are missing here, and this account may not install them."
        echo "Ask the administrator of this machine to run:"
        echo
        echo "    $line"
    } >&2
    exit 1
fi

apt() {
    # shellcheck disable=SC2086
    $root env DEBIAN_FRONTEND=noninteractive apt-get -q -y "$@"
}

# Lists of packages that are missing or out of date show as a package that is not found: fetch them, once.
# shellcheck disable=SC2086
install_missing() {
    apt install --no-install-recommends $missing
}

echo "Installing what is missing: ${root:+$root }$line" >&2
# shellcheck disable=SC2086
if ! apt-get -q -y -s install --no-install-recommends $missing >/dev/null 2>&1; then
    apt update >&2
fi
if ! install_missing >&2 && ! { apt update >&2 && install_missing >&2; }; then
    {
        echo "The packages could not be installed; above stands why. The line to run is:"
        echo
        echo "    $line"
    } >&2
    exit 1
fi
