#!/bin/sh
# check-po.sh POT PO...: checks translations against the sentences in the program: formats agree, nothing is
# fuzzy, nothing lacks. Lists what does.
set -u
pot=$1
shift
rc=0
merged=$(mktemp)
trap 'rm -f "$merged"' EXIT
for po; do
    msgfmt -c --check-format -o /dev/null "$po" || rc=1
    msgmerge -q --no-fuzzy-matching -o "$merged" "$po" "$pot" || exit 1
    for what in untranslated only-fuzzy; do
        list=$(msgattrib --"$what" --no-obsolete --no-wrap "$merged" | awk '
            /^$/                       { where = "" }
            /^#: /                     { where = $2 }
            /^msgid ""$/ && where      { long = 1; next }
            /^msgid / && where         { print "  " where ": " substr($0, 7) }
            long && /^"/               { print "  " where ": " $0; long = 0 }')
        [ -n "$list" ] || continue
        echo "$po: ${what#only-}:"
        echo "$list"
        rc=1
    done
done
exit $rc
