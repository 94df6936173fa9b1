#!/bin/sh
# Accounts, audit, backup, restore, doctor: what keeps a database in good order.
set -u
. "$ROOT/tests/system/cli-cases.inc"
keys=$HOME/.config/gonghai/keys
printf 'Silent-Words-12\n' | "$GONGHAI" --db "$db" init --test --admin sec >out.txt 2>err.txt
rc=$? out=$(cat out.txt) err=$(cat err.txt)
check init-with-admin test "$rc" = 0
check files-are-mine-alone test "$(stat -c %a "$db")" = 600
run list accounts --format csv --columns code,roles
check admin-is-security-officer prints "sec,secadmin"
printf 'short\n' | "$GONGHAI" --db other.db init --admin sec >out.txt 2>err.txt
rc=$? out= err=$(cat err.txt)
check weak-password refused 2 "10 characters"
check weak-password-makes-nothing test ! -e other.db

# ---- accounts
run user add E1 --roles staff --branch HQ
check user-add test "$rc" = 0
run --as E1 count leads
check as-another is 0
run --as E1 user add E2 --roles staff --branch HQ
check staff-makes-no-accounts refused 5 "manage accounts"
run user add E1 --roles staff --branch HQ
check login-twice refused 4 already
run user add E3 --roles staff,pope --branch HQ
check unknown-role refused 2 pope
run user roles E1 supervisor
check user-roles test "$rc" = 0
run list accounts --where 'code = E1' --columns roles --format csv
check roles-were-changed prints supervisor
run user off E1
run --as E1 count leads
check switched-off refused 5 "switched off"
run user on E1
run --as E1 count leads
check switched-on is 0
run user off E9
check unknown-login fails_with 3
echo Other-Words-34 | "$GONGHAI" --db "$db" user password E1 >out.txt 2>err.txt
rc=$? out= err=$(cat err.txt)
check password-is-set test "$rc" = 0
run list accounts --where 'code = E1 and password_at is set' --format csv --columns code
check password-has-its-date prints E1
run user password E1
check no-password refused 2 "No password"
check password-is-nowhere test "$(cat "$db"* "$HOME"/.local/state/gonghai/* 2>/dev/null | grep -ac Other-Words-34)" = 0

# ---- audit
run audit verify
check audit-is-whole prints "proven"
run audit verify --json
check audit-as-json prints '"intact":true'
run audit anchor
printf '%s\n' "$out" >anchor
run audit verify --anchor anchor
check anchor-holds test "$rc" = 0
echo nonsense >bad
run audit verify --anchor bad
check bad-anchor refused 2 anchor
run audit verify --anchor nowhere
check no-anchor refused 3 nowhere
run --as E1 audit verify
check audit-needs-the-right refused 5 "audit log"

# ---- backup and restore
run backup b.gbk
check backup test "$rc" = 0
check backup-is-mine-alone test "$(stat -c %a b.gbk)" = 600
check backup-counts-rows prints "rows account 3"
check backup-is-sealed test "$(grep -c -a -e secadmin -e SQLite b.gbk)" = 0
run backup b.gbk
check backup-overwrites-nothing refused 4 "b.gbk"
run --as E1 backup c.gbk
check backup-needs-the-right refused 5 "back up"
check backup-refused-makes-nothing test ! -e c.gbk
run list audits --format csv --columns operation,result,account --where 'operation = "database.backup"'
check backup-is-recorded prints "database.backup,ok"
check backup-refusal-is-recorded prints "database.backup,denied,E1"
run restore b.gbk
check restore-overwrites-nothing refused 4 already
bare --db new.db restore b.gbk
check restore test "$rc" = 0
bare --db new.db list accounts --format csv --columns code --sort code
check restored-is-what-was test "$(tail -n +2 out.txt | tr '\n' ' ')" = "E1 local:$(id -u) sec "
bare --db new.db audit verify
check restored-audit-is-whole test "$rc" = 0
run restore b.gbk --replace
check restore-in-place test "$rc" = 0
check the-old-one-is-kept test -e "$db.replaced"
head -c 2000 b.gbk >cut.gbk
bare --db cut.db restore cut.gbk
check cut-backup refused 1 "cut.gbk"
check cut-backup-makes-nothing test ! -e cut.db
run key print
printf '%s\n' "$out" >key
mv "$keys" "$keys.away"
bare --db far.db restore b.gbk
check without-the-key refused 1 "key"
check without-the-key-nothing-is-made test ! -e far.db
"$GONGHAI" --db far.db restore b.gbk --printed-key <key >out.txt 2>err.txt
rc=$? out= err=$(cat err.txt)
check with-the-printed-key test "$rc" = 0
run count leads
check key-is-back is 0

# ---- a new key
run key list
check one-key test "$(awk '$2 == "current" { print $1 }' out.txt)" = 1
run key rotate
check rotated test "$rc" = 0
run key rotate --json
check rotated-again test "$rc" = 0 -a "$(grep -c '"key":3,"former":2' out.txt)" = 1
run key list
check three-keys test "$(awk 'NR > 1 { print $1 $2 }' out.txt | tr '\n' ' ')" = "3current 2retired 1retired "
check no-key-is-shown test "$(grep -cE '[0-9a-f]{32}' out.txt)" = 0
run key backup beside.key
check no-copy-beside-the-database refused 2 "beside"
mkdir -p safe
run key backup safe/copy.key
check key-copied test "$rc" = 0 -a "$(stat -c %a safe/copy.key)" = 600
run key backup safe/copy.key
check key-copy-overwrites-nothing refused 4 "safe/copy.key"
run backup three.gbk
check backup-with-key-three test "$rc" = 0
run key print
cp out.txt keys.txt
mv "$keys" "$keys.three"
"$GONGHAI" --db three.db restore three.gbk --printed-key <keys.txt >out.txt 2>err.txt
rc=$? out= err=$(cat err.txt)
check with-three-printed-keys test "$rc" = 0
bare --db three.db audit verify
check audit-is-whole-over-three-keys test "$rc" = 0
run key forget 3
check key-in-use refused 4 "in use"
cp -p "$keys"/*.key safe/
run key forget 1
check key-forgotten test "$rc" = 0
run key forget 7
check key-unknown refused 3 "7"
bare --db gone.db restore b.gbk
check backup-of-a-forgotten-key refused 1 "another key"
run audit verify
check forgotten-key-still-proves test "$rc" = 0
rm -f safe/copy.key
cp -p safe/*.key "$keys"/
run key list
check key-file-put-back test "$(awk 'NR > 1 { print $1 $2 }' out.txt | tr '\n' ' ')" = "3current 2retired 1retired "

# ---- doctor
run doctor
check doctor-finds-nothing test "$rc" = 0 -a "$(grep -c '^BAD' out.txt)" = 0
run doctor --bundle bundle.txt
check bundle test "$rc" = 0
check bundle-has-the-log grep -q '"event":"call"' bundle.txt
check bundle-has-sizes grep -q '^account 3$' bundle.txt
check bundle-knows-no-folders test "$(grep -c "$HOME" bundle.txt)" = 0
run doctor --bundle bundle.txt
check bundle-overwrites-nothing refused 4 bundle.txt
run --as E1 doctor
check doctor-needs-the-right refused 5 "check the database"
chmod o+r "$db"
run doctor
check doctor-sees-open-rights test "$rc" = 1 -a "$(grep -c '^BAD .*chmod' out.txt)" = 1
chmod o-r "$db"
rm -f "$db-wal" "$db-shm"
size=$(stat -c %s "$db")
dd if=/dev/urandom of="$db" bs=4096 seek=$((size / 8192)) count=8 conv=notrunc 2>/dev/null
run doctor
check doctor-sees-damage test "$rc" = 1 -a "$(grep -c '^BAD' out.txt)" -ge 1

# ---- settings
mkdir -p "$HOME/.config/gonghai"
printf '[database]\nurl = %s\n' "$PWD/new.db" >"$HOME/.config/gonghai/gonghai.conf"
bare count accounts
check database-of-the-settings is 3
printf '[database]\nurl = x\n[console]\ncolour = red\n' >"$HOME/.config/gonghai/gonghai.conf"
bare count accounts
check unknown-setting refused 2 "line 4"
chmod o+w "$HOME/.config/gonghai/gonghai.conf"
bare count accounts
check settings-of-others refused 5 "gonghai.conf"
rm "$HOME/.config/gonghai/gonghai.conf"
exit $failed
