#!/bin/sh
# The way in once the three officers are appointed: passwords typed and from a file; a key from paper.
set -u
. "$ROOT/tests/system/cli-cases.inc"

# as LOGIN WORDS...: with the password file LOGIN.pw, and without a terminal.
as() {
    who=$1
    shift
    setsid -w "$GONGHAI" --db "$db" --as "$who" --password-file "$who.pw" "$@" >out.txt 2>err.txt </dev/null
    rc=$? out=$(cat out.txt) err=$(cat err.txt)
}

# typed PASSWORD OPTIONS...: on a terminal of its own, where the password is typed at the prompt, and then q.
typed() {
    password=$1
    shift
    rm -f keys.fifo
    mkfifo keys.fifo
    : >out.txt
    script -qefc "'$GONGHAI' --db '$db' $*; echo rc=\$?" /dev/null >out.txt 2>err.txt <keys.fifo &
    job=$!
    exec 7>keys.fifo
    n=0
    until grep -q 'assword of\|的密码' out.txt || [ $n -ge 200 ]; do
        n=$((n + 1))
        sleep 0.05
    done
    printf '%s\n' "$password" >&7
    n=0
    until grep -q 'rc=\|Home>' out.txt || [ $n -ge 200 ]; do
        n=$((n + 1))
        sleep 0.05
    done
    grep -q 'rc=' out.txt || printf 'q\n' >&7
    exec 7>&-
    wait "$job"
    rc=$(tr -d '\r' <out.txt | sed -n 's/^rc=//p') out=$(tr -d '\r' <out.txt) err=
}

umask 077
"$GONGHAI" --db "$db" init --test 2>/dev/null
"$GONGHAI" --db "$db" key print >paper
for role in sysadmin secadmin auditadmin; do
    echo "Word-for-$role-1" | sed 's/admin//' >$role.pw
    "$GONGHAI" --db "$db" user add $role --roles $role --password <$role.pw >out.txt 2>err.txt
    rc=$? out=$(cat out.txt) err=$(cat err.txt)
    check "appointed-$role" test "$rc" = 0
done
check told-that-the-local-owner-ended says "--as LOGIN"
run count leads
check the-local-owner-ended refused 5 "--as LOGIN"

# ---- a password that another has set is changed first
as secadmin list accounts
check change-it-first refused 5 "gonghai user password"
for role in sysadmin secadmin auditadmin; do
    echo "Own-$(cat $role.pw)" >$role.own
    cat $role.pw $role.own | "$GONGHAI" --db "$db" --as $role --password-file $role.pw user password >out.txt 2>err.txt
    rc=$? out=$(cat out.txt) err=$(cat err.txt)
    check "changed-$role" test "$rc" = 0
    mv $role.own $role.pw
done

# ---- from a file
as sysadmin backup b.gbk
check unattended-backup test "$rc" = 0 -a -s b.gbk
as sysadmin doctor
check sysadmin-examines prints "audit log"
as sysadmin key list
check sysadmin-lists-keys prints "current"
as secadmin list accounts --columns code --format csv
check secadmin-lists-accounts prints "auditadmin"
as auditadmin audit verify
check auditadmin-verifies prints "proven"
as auditadmin backup c.gbk
check auditadmin-backs-nothing-up refused 5 "back up"
as secadmin list leads
check secadmin-reads-no-leads fails_with 5
as auditadmin list audits --where 'operation = login and result = ok' --columns account --format csv
check logins-are-recorded test "$(sort -u out.txt | tr '\n' ' ')" = "account auditadmin secadmin sysadmin "
as secadmin show home --size 80x24
check a-screen-by-password prints "secadmin"

setsid -w "$GONGHAI" --db "$db" --as secadmin list accounts >out.txt 2>err.txt </dev/null
rc=$? out=$(cat out.txt) err=$(cat err.txt)
check neither-file-nor-terminal refused 5 "--password-file"
cp secadmin.pw open.pw
chmod 640 open.pw
run --as secadmin --password-file open.pw list accounts
check file-that-others-read refused 2 "chmod 600"
: >empty.pw
run --as secadmin --password-file empty.pw list accounts
check empty-file refused 2 "no password in empty.pw"
run --as secadmin --password-file nowhere.pw list accounts
check missing-file refused 3 "nowhere.pw"
run --as secadmin --password-file "$HOME" list accounts
check a-folder-is-no-file refused 1 "$HOME"
run --password-file secadmin.pw list accounts
check file-without-login fails_with 2
check file-without-login-says-so says "--as LOGIN"

# ---- typed
typed "$(cat secadmin.pw)" --lang en --as secadmin list accounts --format csv --columns code
check typed test "$rc" = 0
check typed-lists prints "auditadmin"
check password-is-not-shown test "$(grep -c Word-for out.txt)" = 0
typed "$(cat secadmin.pw)" --lang zh_CN --as secadmin count accounts
check asked-in-chinese prints "secadmin 的密码："
typed "$(cat secadmin.pw)" --lang en --as secadmin --plain
check typed-for-the-console-of-lines prints "Home>"
typed wrong --lang en --as nobody
check wrong-before-the-screen test "$rc" = 5
check wrong-says-so prints "Login or password is wrong"

# ---- five wrong ones
echo wrong-Password-1 >bad.pw
cp sysadmin.pw good.pw
cp bad.pw sysadmin.pw
for i in 1 2 3 4 5; do
    as sysadmin backup d.gbk
    check "wrong-$i" refused 5 "Login or password is wrong"
done
cp good.pw sysadmin.pw
as sysadmin backup d.gbk
check then-none-is-heard refused 5 "Wait 15 min"
check and-nothing-is-made test ! -e d.gbk
as auditadmin list audits --where 'operation = login and result = denied' --columns code --format csv
check all-of-it-is-recorded test "$(grep -c 'login.wrong' out.txt) $(grep -c 'account.locked_for' out.txt)" = "6 1"

# ---- no password at all: the first may be set
db=$PWD/n.db
"$GONGHAI" --db "$db" init --test 2>/dev/null
for role in sysadmin auditadmin secadmin; do
    "$GONGHAI" --db "$db" user add $role --roles $role 2>/dev/null
done
"$GONGHAI" --db "$db" user password sysadmin <good.pw >out.txt 2>err.txt
rc=$? out=$(cat out.txt) err=$(cat err.txt)
check not-for-another-officer refused 5 "--as LOGIN"
"$GONGHAI" --db "$db" user password secadmin <secadmin.pw >out.txt 2>err.txt
rc=$? out=$(cat out.txt) err=$(cat err.txt)
check the-first-password test "$rc" = 0
as secadmin count accounts
check the-first-password-opens is 4
"$GONGHAI" --db "$db" user password secadmin <good.pw >out.txt 2>err.txt
rc=$? out=$(cat out.txt) err=$(cat err.txt)
check and-only-the-first refused 5 "--as LOGIN"

# ---- the key from paper
db=$PWD/t.db
"$GONGHAI" --db "$db" key restore <paper >out.txt 2>err.txt
rc=$? out=$(cat out.txt) err=$(cat err.txt)
check key-file-is-not-replaced refused 4 "not replaced"
rm -r "$HOME/.config/gonghai/keys"
as auditadmin audit verify
check without-its-key refused 1 "key"
echo 0123 | "$GONGHAI" --db "$db" key restore >out.txt 2>err.txt
rc=$? out=$(cat out.txt) err=$(cat err.txt)
check not-this-key refused 2 "digit is wrong"
run key restore
check no-key-given refused 2 "No key was given"
check nothing-was-made test ! -e "$HOME/.config/gonghai/keys"
"$GONGHAI" --db "$db" key restore <paper >out.txt 2>err.txt
rc=$? out=$(cat out.txt) err=$(cat err.txt)
check key-from-paper says "opens this database"
check key-is-mine-alone test "$rc $(stat -c %a "$HOME"/.config/gonghai/keys/*.key)" = "0 600"
as auditadmin audit verify
check key-opens-again prints "proven"
as auditadmin list audits --where 'operation = "database.key_restore"' --columns result --format csv
check key-restore-is-recorded prints "ok"
exit "$failed"
