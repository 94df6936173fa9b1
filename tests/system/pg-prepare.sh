#!/bin/sh
# The product's SQL on PostgreSQL, whose driver comes later: the twin schema loads and says what its SQLite
# half says, and every statement that the product used while its tests ran is prepared there, with the types
# that its callers bound.
#
# GONGHAI_PG: how to reach a server (a conninfo of libpq). A schema of its own is made there and dropped.
#
# Statements come from the test programs, which are built with GONGHAI_SQL_LOG: a line is the letters of the
# parameters' types as in core/store/db.h, a tab, and the text; "ddl" in place of the types is a column that
# an operation added.
set -u
cases="twin_loads twins_agree statements_prepare"
tests=$(dirname "$GONGHAI")/tests
scratch=gonghai_prepare_$$

skip_all() {
    for name in $cases; do echo "skip $name $1"; done
    exit 0
}
[ -n "${GONGHAI_PG:-}" ] || skip_all "GONGHAI_PG names no PostgreSQL server"
command -v psql >/dev/null || skip_all "no psql here"
command -v sqlite3 >/dev/null || skip_all "no sqlite3 here"

# Within the scratch schema, silent but for errors; a file of commands as FILE:LINE.
pg() {
    PGOPTIONS="-c search_path=$scratch -c client_min_messages=error" psql -X -q -A -t -F '|' -d "$GONGHAI_PG" "$@"
}

verdict() {
    if [ ! -s "$2" ]; then
        echo "ok $1"
    else
        echo "not ok $1"
        sed 's/^/  /' "$2"
        failed=1
    fi
}
failed=0

# --- the twins -------------------------------------------------------------------------------------------

trap 'pg -c "drop schema if exists $scratch cascade"' EXIT
pg -c "create schema $scratch" || exit 1
: >faults
for file in "$ROOT"/core/store/schema/*.pg.sql; do
    pg -v ON_ERROR_STOP=1 -1 -f "$file" >>faults 2>&1 || break
done
verdict twin_loads faults
for file in "$ROOT"/core/store/schema/*.sqlite.sql; do
    sqlite3 -bail twin.db <"$file"
done

# table|column|type|must be there; every text is compared by its bytes.
pg >pg.columns <<'SQL'
select table_name, column_name, data_type || coalesce(' ' || collation_name, ''), is_nullable = 'NO'
from information_schema.columns where table_schema = current_schema order by 1, 2;
SQL
sqlite3 twin.db >sqlite.columns <<'SQL'
select m.name, c.name, case c.type when 'INTEGER' then 'bigint' when 'TEXT' then 'text C' when 'BLOB' then 'bytea'
    when 'REAL' then 'double precision' else c.type end, case when c."notnull" or c.pk then 't' else 'f' end
from sqlite_master m, pragma_table_info(m.name) c where m.type = 'table' and m.name not like 'sqlite%' order by 1, 2;
SQL

# index|unique|columns|partial, the keys of tables as NAME_pkey
pg >pg.indexes <<'SQL'
select c.relname, i.indisunique, (select string_agg(a.attname, ',' order by k.n) from unnest(i.indkey) with ordinality k(at, n)
    join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.at), i.indpred is not null
from pg_index i join pg_class c on c.oid = i.indexrelid where c.relnamespace = current_schema::regnamespace order by 1;
SQL
sqlite3 twin.db >sqlite.indexes <<'SQL'
select * from (
select i.name, case i."unique" when 1 then 't' else 'f' end, (select group_concat(name) from (select name from
    pragma_index_info(i.name) order by seqno)), case i.partial when 1 then 't' else 'f' end
from sqlite_master m, pragma_index_list(m.name) i where m.type = 'table' and i.origin = 'c'
union all
select m.name || '_pkey', 't', (select group_concat(name) from (select name from pragma_table_info(m.name) where pk order by pk)),
    'f' from sqlite_master m where m.type = 'table' and m.name not like 'sqlite%') order by 1;
SQL

# child|column|parent
pg >pg.references <<'SQL'
select c.conrelid::regclass, a.attname, c.confrelid::regclass from pg_constraint c
join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
where c.contype = 'f' and c.connamespace = current_schema::regnamespace order by 1, 2;
SQL
sqlite3 twin.db >sqlite.references <<'SQL'
select m.name, f."from", f."table" from sqlite_master m, pragma_foreign_key_list(m.name) f where m.type = 'table' order by 1, 2;
SQL

# table|number of checks, and the words that defaults and checks allow
pg >pg.checks <<'SQL'
select r.relname, count(c.oid) from pg_class r left join pg_constraint c on c.conrelid = r.oid and c.contype = 'c'
where r.relkind = 'r' and r.relnamespace = current_schema::regnamespace group by 1 order by 1;
SQL
sqlite3 twin.db >sqlite.checks <<'SQL'
select name, (length(sql) - length(replace(sql, 'check (', ''))) / 7 from sqlite_master
where type = 'table' and name not like 'sqlite%' order by 1;
SQL
pg >pg.all_words <<'SQL'
select pg_get_constraintdef(oid) from pg_constraint where contype = 'c' and connamespace = current_schema::regnamespace
union all select column_default from information_schema.columns where table_schema = current_schema;
SQL
sqlite3 twin.db "select sql from sqlite_master where type = 'table'" | sed 's/--.*//' >sqlite.all_words
for half in pg sqlite; do
    grep -o "'[^']*'" $half.all_words | LC_ALL=C sort >$half.words
done

: >faults
for kind in columns indexes references checks words; do
    LC_ALL=C sort -o pg.$kind pg.$kind
    LC_ALL=C sort -o sqlite.$kind sqlite.$kind
    [ -s pg.$kind ] || echo "no $kind" >>faults
    diff -u --label "sqlite: $kind" --label "pg: $kind" sqlite.$kind pg.$kind >>faults
done
verdict twins_agree faults

# --- the statements --------------------------------------------------------------------------------------

mkdir log
for source in "$ROOT"/tests/contract/test_*.c "$ROOT"/tests/unit/test_guard_*.c "$ROOT"/tests/unit/test_org*.c; do
    name=$(basename "$source" .c)
    [ "$name" = test_cond_attack ] && continue      # thousands of statements of up to 300 KB, like others in kind
    # What the test says of itself it says elsewhere; here only what it asked the database counts.
    (cd "$ROOT" && GONGHAI_SQL_LOG=$OLDPWD/log/$name "$tests/$name" >/dev/null 2>&1)
done

# A script with one statement a line, each once; columns come and change as the operations made them.
cat log/* | awk -F '\t' '
    BEGIN {
        types["i"] = "bigint"; types["d"] = "double precision"; types["t"] = "text"; types["b"] = "bytea"; types["n"] = "unknown"
        column["integer"] = "bigint"; column["real"] = "double precision"; column["text"] = "text collate \"C\""
    }
    # alter table T add column C TYPE
    $1 == "ddl" {
        split($2, w, " ")
        old = (w[3], w[6]) in have ? have[w[3], w[6]] : ""
        if (old == w[7]) next
        if (old != "") print "alter table " w[3] " drop column " w[6] " cascade;"
        print "alter table " w[3] " add column " w[6] " " column[w[7]] ";"
        have[w[3], w[6]] = w[7]
        state++
        next
    }
    $2 ~ /^(pragma|explain|savepoint|release|rollback) |sqlite_/ { next }
    {
        key = $0 ($2 ~ /_x[ .(]/ ? state : "")
        if (key in seen) next
        seen[key] = 1
        list = ""
        for (i = 1; i <= length($1); i++) list = list (i > 1 ? ", " : "") types[substr($1, i, 1)]
        printf "prepare s%d%s as %s;\n", ++n, list == "" ? "" : " (" list ")", $2
    }' >script.sql

# Statements in the sources that no test ran: those that stand there whole are prepared with types that
# PostgreSQL finds, the others are a fault. A literal is what stands between quotes, with what follows it
# behind blanks alone.
cut -f 2- log/* | tr -s ' ' | sort -u >ran
for source in "$ROOT"/core/*/*.c; do
    awk -v name="${source#"$ROOT"/}" '
        function end_literal() {
            if (literal != "") print name "\t" literal
            literal = ""
        }
        {
            for (rest = $0; rest != ""; rest = substr(rest, RLENGTH + 1)) {
                if (comment) {
                    RLENGTH = index(rest, "*/") + 1
                    if (RLENGTH == 1) next
                    comment = 0
                } else if (match(rest, /^"([^"\\]|\\.)*"/)) {
                    text = substr(rest, 2, RLENGTH - 2)
                    gsub(/\\n/, " ", text)
                    gsub(/\\/, "", text)
                    literal = literal text
                } else if (match(rest, /^\/\*/)) {
                    comment = 1
                } else if (!match(rest, /^[ \t]+/)) {
                    end_literal()
                    match(rest, /^('"'"'([^'"'"'\\]|\\.)+'"'"'|[^ \t"'"'"'\/]+|.)/)
                }
            }
        }
        END { end_literal() }' "$source"
done | tr -s ' ' | awk -F '\t' '
    NR == FNR { ran = ran $0 "\n"; next }
    $2 !~ /^ *(select .* from|insert into|update .* set|delete from|with .* as) / || $2 ~ /sqlite_/ { next }
    {
        n = split($2, part, /%[-0-9.*]*[a-z]+/)
        big = part[1]
        for (i = 2; i <= n; i++) if (length(part[i]) > length(big)) big = part[i]
        sub(/^ +/, "", big)
        sub(/ +$/, "", big)
        if (index(ran, big)) next
        if (n > 1) print $1 ": no test runs: " $2 >"unknown"
        else printf "prepare own%d as %s;\n", ++own, $2
    }' ran - >>script.sql

pg -f script.sql >refused 2>&1
: >faults
[ ! -s unknown ] || cat unknown >>faults
# psql says FILE:LINE: ERROR: ...; the line is the statement. What a test itself asks of SQLite (its text
# stands in tests/) may be SQLite's own.
awk -F : 'NR == FNR { sql[FNR] = $0; next } /ERROR/ { print sql[$3] "\t" $0 }' script.sql refused |
    while IFS='	' read -r statement error; do
        begin=$(echo "$statement" | sed 's/^prepare [^;]* as \(select\|with\|insert\|update\|delete\)/\1/; s/^\(.\{45\}\).*/\1/')
        grep -rqF "$begin" "$ROOT"/tests/contract "$ROOT"/tests/unit || printf '%s\n    %s\n' "$error" "$statement" >>faults
    done
grep -v -E 'ERROR|^LINE |^ *\^|^(HINT|DETAIL|CONTEXT):|^$' refused >>faults
count=$(grep -c '^prepare' script.sql)
[ "$count" -ge 100 ] || echo "only $count statements were logged: are the tests built?" >>faults
verdict statements_prepare faults
exit $failed
