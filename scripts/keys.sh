#!/bin/sh
# keys.sh FILE...: prints the built-in keys as a keymap (keys/default.ini), from the action rows of the C files.
# A table's section is the scope it is offered under; rows filled in by code
# (form.go, ask.go, sheet.go) have their first word as the section, or what their file offers.
set -eu

echo "; The built-in keys. Made from the action rows by \`make keys\`."
echo "; A keymap of your own has only the lines that differ, under the same [section]: name = keys, blanks between"
echo "; them, nothing for no key. Names of keys: x X Enter Esc Tab BTab Space Up PgDn Home F5 C-s M-x; Semicolon,"
echo "; Hash and Quote stand for the three that INI text cannot hold."
awk '
function value(s) { sub(/^[^"]*"/, "", s); sub(/".*$/, "", s); gsub(/\\\\/, "\\", s); return s }
FNR == 1 { table = "" }
/struct action [a-z_]+\[\] = \{/ { table = $0; sub(/.*struct action /, "", table); sub(/\[.*/, "", table) }
/^\};/ { table = "" }
/ACTION_LIST_ADD\(|action_list_add\(|ui_add_actions\(/ {
    n = split($0, part, /[(,]/)
    for (i = 2; i <= n; i++)
        if (part[i] ~ /^ *"/) {
            rows = part[i + 1]
            sub(/^ */, "", rows)
            sub(/[ );].*$/, "", rows)
            if (rows != "") scope[FILENAME, rows] = value(part[i])
            offers[FILENAME, value(part[i])] = 1
            if (rows !~ /^[a-z_]+$/) by_code[FILENAME] = value(part[i])
        }
}
/\.more = [a-z_]+/ { rows = $0; sub(/.*\.more = /, "", rows); sub(/[^a-z_].*/, "", rows); scope[FILENAME, rows] = "form" }
/ui_register\(app->ui, &[a-z]+_view\)/ {
    name = $0; sub(/.*&/, "", name); sub(/_view.*/, "", name)
    tab[++tabs] = name
}
/\.name = "[a-z-]+\.[a-z_.-]+"/ {
    line = $0; sub(/.*\.name = /, "", line)
    row[++nrows] = value(line); file[nrows] = FILENAME; in_table[nrows] = table; keys[nrows] = ""
}
/\.keys = / && nrows {
    line = $0; sub(/.*\.keys = /, "", line)
    if (keys[nrows] == "" && line ~ /^"/) keys[nrows] = value(line)
}
END {
    for (i = 1; i <= nrows; i++) {
        s = scope[file[i], in_table[i]]
        if (s == "") {
            s = row[i]
            sub(/\..*/, "", s)
            if (!((file[i], s) in offers) && file[i] in by_code) s = by_code[file[i]]
        }
        if (!(s in seen)) { seen[s] = 1; order[++scopes] = s }
        if ((s, row[i]) in has) continue
        has[s, row[i]] = 1
        text[s] = text[s] row[i] " =" (keys[i] == "" ? "" : " " keys[i]) "\n"
    }
    printf "\n[views]\n"
    for (i = 1; i <= tabs; i++) printf "view.%s = %d\n", tab[i], i
    for (i = 1; i <= scopes; i++) printf "\n[%s]\n%s", order[i], text[order[i]]
}' "$@"
