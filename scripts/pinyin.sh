#!/bin/sh
# pinyin.sh [Unihan_Readings.txt[.bz2]]: prints base/pinyin_table.h, the initials in pinyin of the Chinese
# characters, out of Unicode's table of readings. Without an argument it takes that of Debian's package
# unicode-data; what it was made of stands in its first lines.
#
# A character's initial is that of the first of its readings kMandarin, the customary one. Marks of tones go; ê is e.
set -eu
export LC_ALL=C # bytes
readings=${1:-/usr/share/unicode/Unihan_Readings.txt.bz2}
case $readings in
*.bz2) bzip2 -dc "$readings" ;;
*) cat "$readings" ;;
esac | awk -F '\t' '
    BEGIN {
        for (i = 0; i < 16; i++) hex[substr("0123456789ABCDEF", i + 1, 1)] = i
        # What may stand at the beginning of a syllable and is no letter of ASCII.
        split("ā a á a ǎ a à a ē e é e ě e è e ê e ế e ề e ō o ó o ǒ o ò o ń n ň n ǹ n ḿ m", pair, " ")
        for (i = 1; i in pair; i += 2) plain[pair[i]] = pair[i + 1]
    }
    /^# Unicode version: / { split($0, word, " "); version = word[4] }
    /^# Date: / { split($0, word, " "); date = word[3] }
    $1 !~ /^U[+]/ { next }
    $2 == "kMandarin" { initial[number($1)] = letter($3) }

    # "U+4E00" as a number.
    function number(name,    n, i) {
        for (i = 3; i <= length(name); i++) n = 16 * n + hex[substr(name, i, 1)]
        return n
    }

    function letter(syllable,    mark) {
        if (syllable ~ /^[a-z]/) return substr(syllable, 1, 1)
        for (mark in plain) if (index(syllable, mark) == 1) return plain[mark]
        print "pinyin.sh: no letter begins " syllable >"/dev/stderr"
        bad = 1
    }

    # One letter a character, a dot where there is none, up to the last that has one.
    function table(name, first, last,    i, line) {
        while (!(last in initial)) last--
        printf "\n/* U+%04X to U+%04X. */\nenum { %s_FIRST = 0x%X, %s_LAST = 0x%X };\n", first, last,
            toupper(name), first, toupper(name), last
        printf "static const char %s[] =", name
        for (i = first; i <= last; i++) {
            line = line (i in initial ? initial[i] : ".")
            if (length(line) == 96 || i == last) { printf "\n    \"%s\"", line; line = "" }
        }
        print ";"
    }

    END {
        if (bad || !version) exit 1
        print "/* pinyin_table.h - the initials in pinyin of the Chinese characters. Private to base/pinyin.c."
        print " *"
        print " * Made by scripts/pinyin.sh; never edited. Out of Unihan_Readings.txt of Unicode " version " (" date "),"
        print " * (c) Unicode, Inc., under the Unicode licence: THIRD-PARTY."
        print " */"
        table("pinyin_common", 13312, 40959)    # U+3400..9FFF: CJK and extension A
        table("pinyin_rare", 131072, 191471)    # U+20000..2EBEF: extensions B to F
    }'
