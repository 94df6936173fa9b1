#!/bin/sh
# list, count, export and call on a small database, against what was put in.
set -u
. "$ROOT/tests/system/cli-cases.inc"
run --now 2026-11-22T08:30 init --test
check made test "$rc" = 0
run show home --size 80x24
check new-database-says-how-leads-come prints "No lead waits: n enters one, i imports a file."
cat >leads.csv <<'CSV'
external_id,name,phone,stage_date,job,age
X1,王芳,13812345671,2026-11-01,"blue-collar, skilled",41
X2,=cmd|1,13812345672,2026-11-02,admin.,
X3,李四,13812345673,2026-11-03,,0
CSV
run import leads leads.csv --map external_id=external_id,name=name,phone=phone,created_at=stage_date,attr.job=job,attr.age:number=age --create-missing
check import-says-counts is "rows 3  created 3  updated 0  skipped 0  rejected 0"
run count leads
check count is 3
run count leads --where 'attr.age is empty'
check zero-is-not-empty is 1
run count leads --where ''
check empty-condition-is-none is 3

run explain leads X1 --where 'attr.age > 40 and not (name contains 李)'
check explain-says-why test "$out" = "matches
yes  all of these
yes    attr.age > 40       41
yes    not
no       name contains 李  王芳"
run explain leads x3 --where '阶段 = 新线索 且 attr.age >= 1'
check explain-says-why-not test "$rc$out" = "0does not match
no   all of these
yes    stage = \"new lead\"  new lead (new)
no     attr.age >= 1       0"
run --lang zh_CN explain leads X3 --where 'attr.age >= 1'
check explain-in-chinese test "$out" = "未命中
否  attr.age >= 1  0"
run explain leads X9 --where 'attr.age >= 1'
check explain-of-none test "$rc$out" = 3
run explain leads X1 --where 'attr.age >'
check explain-of-a-wrong-condition test "$rc$out" = 2

run list leads --columns external_id,stage --sort external_id
check table test "$out" = "external_id  stage
X1           new
X2           new
X3           new"
run list leads --columns '外部编号,External ID,阶段' --sort -外部编号 --where '阶段 = 新线索 且 客户 包含 李' --format csv
check chinese-labels-hold-on-an-english-console test "$out" = 'external_id,external_id,stage
X3,X3,new'
run list leads --columns name,attr.age,external_id --sort -external_id --limit 2
check table-aligns-chinese test "$out" = "name    attr.age  external_id
李四           0  X3
=cmd|1            X2"
run list leads --columns external_id,name,attr.job,created_at --sort external_id --format csv
check csv-guards-formulas test "$out" = "external_id,name,attr.job,created_at
X1,王芳,\"blue-collar, skilled\",2026-11-01 00:00
X2,'=cmd|1,admin.,2026-11-02 00:00
X3,李四,,2026-11-03 00:00"
run list leads --columns external_id,attr.age,attr.job,created_at,open,amount --sort external_id --format json
check json test "$out" = '[
{"external_id":"X1","attr.age":41,"attr.job":"blue-collar, skilled","created_at":"2026-11-01T00:00:00+08:00","open":true,"amount":null},
{"external_id":"X2","attr.age":null,"attr.job":"admin.","created_at":"2026-11-02T00:00:00+08:00","open":true,"amount":null},
{"external_id":"X3","attr.age":0,"attr.job":null,"created_at":"2026-11-03T00:00:00+08:00","open":true,"amount":null}
]'
run list leads --format json --limit 1
check json-has-every-field prints '"protected_until":null'
check json-masks-phones prints '"phone":"138****'
run list leads --format json --where 'external_id = X9'
check json-of-nothing is "[]"
run list leads --format csv --where 'external_id = X9' --columns external_id
check csv-of-nothing is "external_id"
run list leads --format table --where 'external_id = X9' --columns external_id
check table-of-nothing is "external_id"
run list leads --columns name --where 'phone = 13812345671'
check phone-is-found-by-its-whole-value prints 王芳

run call tag.create '{"code":"vip","name":"贵宾"}'
cat >tags.csv <<'CSV'
external_id,标签
X1,"vip、新客"
X3,贵宾
CSV
run import leads tags.csv --map external_id=external_id,tags=标签 --mode update --create-missing
check import-takes-tags is "rows 2  created 0  updated 2  skipped 0  rejected 0"
run list leads --columns external_id,tags --sort external_id --format csv
check tags-are-codes test "$out" = 'external_id,tags
X1,"vip,新客"
X2,
X3,vip'
run list tags --columns code,name --format csv
check tags-are-listed test "$out" = "code,name
vip,贵宾
新客,新客"
run count leads --where 'not (tags is empty)'
check tags-are-counted is 2
run call lead.tag '{"lead":"X1","remove":["vip","新客"]}'
run list leads --columns tags --where 'external_id = X1' --format json
check tags-come-off test "$out" = '[
{"tags":[],"tags_name":[],"tags_id":[]}
]'
run export tags tags-out.csv
check tags-are-exported test "$(wc -l <tags-out.csv)" = 3

for kind in branches employees accounts channels products tags pools stages persons consents leads deals follow_ups tasks messages \
    custom_fields events audits imports segments filters; do
    run list $kind
    check "list-$kind" test "$rc" = 0
    run list $kind --format json
    check "list-$kind-json" test "$rc" = 0
done
run list follow-ups
check dash-for-underscore test "$rc" = 0

# Custom fields that are sorted by and not shown, asked for twice, or not there.
run list leads --columns external_id --sort -attr.age --format csv
check sort-by-what-is-not-shown is "external_id
X1
X3
X2"
run list leads --columns external_id,external_id,attr.age,attr.age,attr.age --limit 1 --sort external_id --format csv
check a-column-twice is "external_id,external_id,attr.age,attr.age,attr.age
X1,X1,41,41,41"
run call lead.list '{"columns":"attr.age,attr.age,attr.age,attr.age,attr.age,attr.age,attr.age,attr.age,attr.age,attr.age"}'
check a-column-often test "$rc" = 0 -o "$rc" = 2
run call lead.list '{"columns":"attr.nope"}'
check no-such-column refused 2 "attr.nope"

# More rows than one page, and than the table looks ahead for its widths.
awk 'BEGIN { print "external_id,name"; for (i = 0; i < 5600; i++) printf "P%05d,n%d\n", i, i }' >many.csv
run import leads many.csv --map external_id=external_id,name=name
run list leads --columns external_id --where 'external_id starts with P' --sort external_id
check every-page lines 5601
check every-row-once test "$(tail -n +2 out.txt | sort -u | wc -l)" = 5600
check in-order test "$(tail -n +2 out.txt | sort -c 2>&1)" = ""
run list leads --limit 501 --columns external_id --format csv
check limit-across-pages lines 502
run list leads --columns external_id --sort -attr.age --format csv
check every-row-once-by-a-custom-field test "$(tail -n +2 out.txt | sort -u | wc -l)" = 5603

run export leads x.csv --columns external_id,name --where 'external_id starts with X' --sort external_id
check export-says-rows is "rows 3"
check export-is-the-list test "$(cat x.csv)" = "external_id,name
X1,王芳
X2,'=cmd|1
X3,李四"
check export-is-mine-alone test "$(stat -c %a x.csv)" = 600
"$GONGHAI" --db twin.db init 2>/dev/null
"$GONGHAI" --db twin.db import leads x.csv --strip-guard >out.txt 2>err.txt
"$GONGHAI" --db twin.db list leads --columns name --sort external_id --format json >out.txt 2>err.txt
check export-comes-back-without-its-guard grep -q '^{"name":"=cmd|1"}' out.txt
run export leads x.json --columns external_id,attr.age --where 'external_id starts with X' --sort external_id
check export-json-has-what-was-chosen test "$(cat x.json)" = '[{"external_id":"X1","attr.age":41},
{"external_id":"X2","attr.age":null},
{"external_id":"X3","attr.age":0}]'
run export leads x.json --columns attr.age,external_id,attr.age --where 'external_id = X1'
check export-json-in-the-order-asked-each-once test "$(cat x.json)" = '[{"attr.age":41,"external_id":"X1"}]'
run export leads x.json --where 'external_id = X1'
check export-json-of-all-has-the-custom-fields grep -q '"attr.job":"blue-collar, skilled","attr.age":41' x.json
run list leads --columns external_id,external_id,attr.age,attr.age --where 'external_id = X1' --format json
check list-json-has-a-column-once test "$out" = '[
{"external_id":"X1","attr.age":41}
]'
run call lead.create '{"external_id":"X4","attr.age":-5}'
run list leads --columns attr.age --where 'external_id = X4' --format csv
check a-negative-number-is-no-formula is "attr.age
-5"
run export leads y.csv --clear
check export-in-clear-wants-a-reason refused 2 "--reason is missing"
check export-without-a-reason-writes-nothing test ! -e y.csv
run export leads x.xyz
check export-needs-an-ending test "$rc" = 2
check export-names-the-endings says .json
run list audits --where 'operation = "lead.export"' --format csv --columns result
check export-is-recorded test "$(sed -n 2p out.txt)" = ok

run call lead.create '{"name":"赵六","phone":"13812345674"}' --key k1
first=$out
check call-prints-json prints '"id":"'
run call lead.create '{"name":"赵六","phone":"13812345674"}' --key k1
check same-key-same-answer is "$first"
run call lead.create '{"name":"赵七"}' --key k1
check key-of-another-request refused 4 "(key.reused)"
run count leads --where 'name starts with 赵'
check made-once is 1
run call lead.create '{"name":"x","phone":"13812345674"}'
check duplicate refused 4 "(lead.duplicate)"
run call lead.create '{"name":'
check broken-json refused 2 "(json.syntax)"
run call lead.create '{"nme":"x"}'
check unknown-member refused 2 "(json.unknown)"
run call lead.create '{"name":1}'
check wrong-type refused 2 "(json.type)"
run call lead.get '{"id":"1"}'
check not-there refused 3 "(noun.not_found)"
run call audit.anchor '{"x":1}'
check no-input-wanted refused 2 "(cli.no_input)"
echo '{"where":"external_id = X1","columns":"external_id,attr.age"}' | "$GONGHAI" --db "$db" call lead.list - >out.txt 2>err.txt
rc=$? out=$(cat out.txt) err=$(cat err.txt)
check json-from-stdin prints '"external_id":"X1"'
check page-has-a-next prints '"next":null'
check only-the-columns-asked-for test "${out#*\"phone\"}" = "$out"
check but-custom-fields prints '"attr.age":41'
run call --operations
check operations-are-listed prints "lead.claim "

# The clock of a test database is the caller's; of another it is not.
run --now 2027-03-01T10:00 call lead.create '{"name":"later"}'
run list leads --where 'name = later' --columns created_at --format csv
check now-is-taken test "$(sed -n 2p out.txt)" = "2027-03-01 10:00"
db=$PWD/real.db
bare --db "$db" --now 2027-03-01 init
check init-of-a-real-one-keeps-its-clock refused 5 "marked demo or test"
bare --db "$db" init
run --now 2027-03-01 count leads
check now-on-a-real-one refused 5 "marked demo or test"

# Words and answers in the terminal's own encoding.
if locale -a | grep -qi '^zh_CN.gb18030$'; then
    db=$PWD/t.db
    printf 'name = "\315\365\267\274"' >gb.txt
    LC_ALL=zh_CN.GB18030 LANGUAGE=en "$GONGHAI" --db "$db" list leads --columns name --where "$(cat gb.txt)" >out.txt 2>err.txt
    rc=$? out= err=
    printf 'name\n\315\365\267\274\n' >want.txt
    check gb18030-in-and-out cmp -s out.txt want.txt
else
    echo "skip gb18030-in-and-out the locale is not here"
fi
exit $failed
