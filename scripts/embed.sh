#!/bin/sh
# embed.sh schema|ini FILE...: prints a C header with the files' texts in tables, so that the program needs no
# file beside it.
#   schema   NNN_name.sqlite.sql and NNN_name.pg.sql -> schema_sqlite[], schema_pg[]
#   ini      name.ini -> builtin_ini[]
set -eu

# One file as a C string, a line of it a line.
text() {
    awk '{ gsub(/\\/, "\\\\"); gsub(/"/, "\\\""); gsub(/\?\?/, "?\\?"); printf "\n        \"%s\\n\"", $0 }
         END { if (NR == 0) printf "\"\"" }' "$1"
}

# The table of the files whose names end as the second word says.
schema_table() {
    table=$1 ending=$2
    shift 2
    printf 'static const struct schema_file %s[] = {\n' "$table"
    for file; do
        name=$(basename "$file")
        case $name in
        *"$ending") ;;
        *) continue ;;
        esac
        name=${name%"$ending"}
        number=$(echo "${name%%_*}" | sed 's/^0*//')
        printf '    {%s, "%s",' "$number" "$name"
        text "$file"
        printf '},\n'
    done
    printf '};\n'
}

kind=$1
shift
echo "/* Made by scripts/embed.sh. */"
case $kind in
schema)
    echo 'struct schema_file { int number; const char *name; const char *sql; };'
    schema_table schema_sqlite .sqlite.sql "$@"
    schema_table schema_pg .pg.sql "$@"
    ;;
ini)
    echo 'struct builtin_ini { const char *name; const char *text; };'
    echo 'static const struct builtin_ini builtin_ini[] = {'
    for file; do
        printf '    {"%s",' "$(basename "$file" .ini)"
        text "$file"
        printf '},\n'
    done
    echo '};'
    ;;
esac
