#!/bin/sh
# The table of initials is what its script makes of Unicode's readings: needs Debian's package unicode-data, of
# the version that the table was made of.
set -u
readings=/usr/share/unicode/Unihan_Readings.txt.bz2
table=$ROOT/base/pinyin_table.h
name=initials-are-those-of-unicode

if [ ! -r "$readings" ] || ! command -v bzip2 >/dev/null; then
    echo "skip $name unicode-data or bzip2 is not installed"
    exit 0
fi
version=$(bzip2 -dc "$readings" | sed -n 's/^# Unicode version: //p' | head -n 1)
if ! grep -qF "of Unicode $version (" "$table"; then
    echo "skip $name the table is not of Unicode $version, which is here"
    exit 0
fi
failed=0
if "$ROOT/scripts/pinyin.sh" >made.h && cmp made.h "$table"; then
    echo "ok $name"
else
    echo "not ok $name: run make pinyin"
    failed=1
fi

# A reading that begins with what is no letter is refused, not left out.
printf '# Date: 2022-08-01\n# Unicode version: 1\nU+3400\tkMandarin\tqi\nU+3401\tkMandarin\t?\nU+20000\tkMandarin\ta\n' >odd.txt
if "$ROOT/scripts/pinyin.sh" odd.txt >odd.h 2>odd.err || ! grep -q 'no letter begins ?' odd.err; then
    echo "not ok odd-readings-are-refused"
    failed=1
else
    echo "ok odd-readings-are-refused"
fi
exit $failed
