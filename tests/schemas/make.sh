#!/bin/sh
# make.sh NNN: writes tests/schemas/NNN.sql, a database as the release with schema NNN made it, with the
# rows of NNN.rows.sql.
#
# Run once, when a release brings schema NNN, and never after: migrations are tested on what people have,
# not on what is made today (tests/unit/test_store_migrate.c, which also fails when a stored schema and the
# step of its number no longer agree).
set -eu
cd "$(dirname "$0")"
number=$1
db=$(mktemp -d)/made.db
trap 'rm -rf "$(dirname "$db")"' EXIT

for step in ../../core/store/schema/*.sqlite.sql; do
    if [ "$(basename "$step" | cut -c 1-3)" -le "$number" ]; then sqlite3 -bail "$db" <"$step"; fi
done
sqlite3 -bail "$db" "pragma foreign_keys = on" ".read $number.rows.sql"
{
    echo "-- A database of schema $number. Made by make.sh; never edited."
    # 0x476f6e67, "Gong"
    echo "PRAGMA application_id=1198485095;"
    echo "PRAGMA user_version=$(echo "$number" | sed 's/^0*//');"
    sqlite3 "$db" .dump
} >"$number.sql"
