/* test_keys.c - the change of the database's key, while others work, broken off at any moment: every
 * value opens, every look-up finds, no duplicate slips in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/api/upkeep.h"
#include "core/data/rekey.h"
#include "core/model/nouns.h"
#include "core/store/row.h"
#include "tests/contract/bank.h"

enum { LEADS = 40 };

static const char *phone_of(struct bank *k, int i)
{
    return bank_text(k, "138%08d", 10000000 + i);
}

static void make_leads(struct bank *k, int from, int to)
{
    for (int i = from; i < to; i++)
        bank_do(k, "lead.create",
                bank_text(k, "{\"name\":\"客%d\",\"phone\":\"%s\",\"email\":\"c%d@bank.cn\","
                             "\"branch\":\"N1\"}", i, phone_of(k, i), i));
}

static struct backend_config config_of(struct bank *k)
{
    return (struct backend_config){ .url = k->path, .keys_dir = k->keys };
}

/* ---- calling ----------------------------------------------------------------------------------- */

struct stop { int steps; atomic_bool cancel; };

static void count_down(void *arg, int64_t done, int64_t total)
{
    struct stop *s = arg;
    (void)done, (void)total;
    if (s->steps > 0 && --s->steps == 0)
        atomic_store(&s->cancel, true);
}

/* Changes the key; steps > 0: cancelled after so many. */
static enum status rotate(struct bank *k, int steps, bool forget, struct key_rotate_out *out)
{
    struct stop stop = { .steps = steps };
    struct key_rotate_in in = { forget };
    struct key_rotate_out own;
    struct call call = { .op = op_find("key.rotate"), .in = &in, .progress = count_down,
                         .progress_arg = &stop, .cancel = &stop.cancel };
    return backend_call(k->b, &call, &k->arena, out ? out : &own, &k->e);
}

static void must_rotate(struct bank *k)
{
    if (rotate(k, 0, false, NULL))
        fail_msg("key.rotate: %s %s %s", k->e.code, k->e.param[0], k->e.param[1]);
}

static const char *in_use(struct bank *k)
{
    const char *text = bank_sql(k, "select value from meta where key = 'keys'");
    return text ? text : "";
}

/* ---- what must hold ---------------------------------------------------------------------------- */

/* Every secret of every row of a noun opens, by a connection of its own. */
static int64_t all_open(struct bank *k, const struct noun *n)
{
    const struct lens clear = { .show_secrets = true };
    struct arena a = ARENA_INIT;
    struct opened d;
    struct err e = { 0 };
    int64_t rows = 0, last = 0;
    assert_int_equal(database_open(k->path, k->keys, 0, &d, &e), ST_OK);
    for (;;) {
        int64_t id = NONE;
        void *rec = record_new(n->rec, &a);
        assert_int_equal(db_get_int(d.db, &e, &id, arena_printf(&a, "select min(id) from %s where id > $1",
                                                                n->table), "i", last), ST_OK);
        if (id == NONE)
            break;
        if (row_get(d.db, n, id, &clear, &a, rec, &e))
            fail_msg("%s %lld: %s %s", n->name, (long long)id, e.code, e.param[0]);
        last = id;
        rows++;
    }
    database_close(&d);
    arena_free(&a);
    return rows;
}

static void all_well(struct bank *k, int leads)
{
    assert_int_equal(all_open(k, &lead_noun), leads);
    assert_int_equal(all_open(k, &person_noun), leads);
    assert_int_equal(bank_sql_int(k, "select count(*) from lead"), leads);
    bank_sql(k, "delete from masked_ask");              /* more are asked for than one may in an hour */
    for (int i = 0; i < leads; i++) {
        assert_int_equal(bank_count(k, bank_text(k, "phone = %s", phone_of(k, i))), 1);
        const char *r = bank_do(k, "lead.duplicate", bank_text(k, "{\"phone\":\"%s\"}", phone_of(k, i)));
        assert_string_equal(bank_get(k, r, "verdict"), "open");
    }
    const char *r = bank_do(k, "audit.verify", "{}");
    if (strcmp(bank_get(k, r, "intact"), "true") != 0)
        fail_msg("%s", r);
}

/* The phone of lead i is taken, whatever key its row has. */
static void is_taken(struct bank *k, int i)
{
    const char *in = bank_text(k, "{\"name\":\"双\",\"phone\":\"%s\",\"branch\":\"N1\"}", phone_of(k, i));
    assert_null(bank_call(k, "lead.create", in));
    assert_string_equal(k->e.code, "lead.duplicate");
}

static int64_t sealed_with(struct bank *k, int number)
{
    return bank_sql_int(k, bank_text(k, "select (select count(*) from lead where "
                                     "hex(substr(phone_enc, 2, 1)) = '%02X') + (select count(*) "
                                         "from person where "
                                     "hex(substr(phone_enc, 2, 1)) = '%02X')", number, number));
}

/* ---- the change -------------------------------------------------------------------------------- */

static void everything_gets_the_new_key(void **state)
{
    struct bank *k = *state;
    struct key_rotate_out out;
    make_leads(k, 0, LEADS);
    const char *hash = bank_sql(k, "select hex(phone_hash) from lead order by id limit 1");
    assert_int_equal(rotate(k, 0, false, &out), ST_OK);
    assert_int_equal(out.key, 2);
    assert_int_equal(out.former, 1);
    assert_int_equal(out.sealed, 4 * LEADS);            /* phone and e-mail, of lead and person */
    assert_int_equal(sealed_with(k, 1), 0);
    assert_int_equal(sealed_with(k, 2), 2 * LEADS);
    assert_string_not_equal(hash, bank_sql(k, "select hex(phone_hash) from lead order by id limit 1"));
    assert_string_equal(in_use(k), "2 0");
    all_well(k, LEADS);
    is_taken(k, 3);
    assert_int_equal(bank_sql_int(k, "select count(*) from audit where operation = 'key.rotate' and "
                                  "result = 'ok' and detail like '%\"key\":2%'"), 1);
    assert_int_equal(bank_sql_int(k, "select count(*) from event where type = 'key.changed'"), 1);
    must_rotate(k);
    assert_string_equal(in_use(k), "3 0");
    all_well(k, LEADS);
}

static void what_was_refused_is_sealed_anew(void **state)
{
    struct bank *k = *state;
    const struct sealer *s = db_sealer(k->raw.db);
    size_t len;
    const char *csv = bank_file(k, "c.csv", "code,name\nx1,x\n");
    bank_do(k, "channel.import", bank_text(k, "{\"file\":\"%s\"}", csv));
    int64_t id = bank_sql_int(k, "select id from import");
    assert_int_equal(db_begin(k->raw.db, &k->e), ST_OK);
    for (int64_t i = 1; i <= 200; i++) {
        const char *why = bank_text(k, "%s is no phone", phone_of(k, (int)i));
        const void *box = s->seal(s->self, &k->arena, "import_reject", "sentence", id, why, strlen(why),
                                  &len);
        assert_int_equal(db_exec(k->raw.db, &k->e, "insert into import_reject (import_id, record, code, "
                                 "sentence_enc) values ($1, $2, 'x', $3)", "iib", id, i, box, len), ST_OK);
    }
    assert_int_equal(db_commit(k->raw.db, &k->e), ST_OK);
    must_rotate(k);
    assert_int_equal(bank_sql_int(k, "select count(*) from import_reject where "
                                  "hex(substr(sentence_enc, 2, 1)) = '02'"), 200);
    struct stmt *q = db_query(k->raw.db, "select record, sentence_enc from import_reject", "");
    int n = 0;
    for (; db_row(q); n++) {
        const char *plain = s->open(s->self, &k->arena, "import_reject", "sentence", id, db_blob(q, 1),
                                    db_bytes(q, 1), &k->e);
        assert_string_equal(plain, bank_text(k, "%s is no phone", phone_of(k, (int)db_int(q, 0))));
    }
    assert_int_equal(db_end(q, &k->e), ST_OK);
    assert_int_equal(n, 200);
}

/* A column of bytes that nobody knows of would keep the old key for ever. Of answers and asks there are
 * digests, for days and for an hour; those of tokens and API keys are made without a key. */
static void every_column_of_bytes_is_known(void **state)
{
    static const char *const digests[][2] = {
        { "answer", "request" },  { "masked_ask", "hash" }, { "session", "token_hash" },
        { "api_key", "key_hash" }, { "login_try", "hash" },
    };
    struct bank *k = *state;
    struct sealed_place p;
    struct stmt *s = db_query(k->raw.db, "select m.name, c.name from sqlite_master m, "
                              "pragma_table_info(m.name) c where m.type = 'table' and lower(c.type) "
                                  "= 'blob'", "");
    int n = 0;
    for (; db_row(s); n++) {
        const char *table = db_strdup(s, 0, &k->arena), *column = db_strdup(s, 1, &k->arena);
        bool known = false;
        for (size_t i = 0; i < sizeof digests / sizeof *digests; i++)
            known |= strcmp(table, digests[i][0]) == 0 && strcmp(column, digests[i][1]) == 0;
        for (size_t i = 0; sealed_place(i, &k->arena, &p) && !known; i++)
            for (size_t j = 0; j < p.n && strcmp(p.table, table) == 0 && !known; j++)
                known = strcmp(column, p.at[j].column) == 0
                    || (p.at[j].field && strcmp(column, bank_text(k, "%s_hash", p.at[j].field->name)) == 0);
        if (!known)
            fail_msg("%s.%s is sealed by nobody that the change of key knows", table, column);
    }
    assert_int_equal(db_end(s, &k->e), ST_OK);
    assert_true(n >= 14);
}

/* ---- half way ---------------------------------------------------------------------------------- */

/* Both keys in use: an hour's work by people whose console was open before. */
static void people_work_while_it_goes_on(void **state)
{
    struct bank *k = *state;
    struct backend *open_before;
    struct backend_config config = config_of(k);
    make_leads(k, 0, LEADS);
    assert_int_equal(backend_open(&config, &open_before, &k->e), ST_OK);
    assert_int_equal(rotate(k, 1, false, NULL), ST_CANCELLED);
    assert_string_equal(in_use(k), "2 1");
    assert_int_equal(sealed_with(k, 1), 2 * LEADS);     /* only the key was made */

    struct backend *other = k->b;
    k->b = open_before;
    all_well(k, LEADS);
    is_taken(k, 5);
    make_leads(k, LEADS, LEADS + 5);
    assert_int_equal(sealed_with(k, 2), 10);            /* by the console that knew only key 1 */
    for (int i = 0; i < LEADS; i += 7) {                /* writing moves a row on */
        const char *id = bank_sql(k, bank_text(k, "select id from lead where name = '客%d'", i));
        bank_do(k, "lead.change", bank_text(k, "{\"id\":\"%s\",\"email\":\"n%d@bank.cn\"}", id, i));
    }
    all_well(k, LEADS + 5);
    is_taken(k, 7);
    is_taken(k, LEADS + 1);
    k->b = other;
    backend_close(open_before);
    must_rotate(k);
    assert_string_equal(in_use(k), "2 0");
    all_well(k, LEADS + 5);
    assert_int_equal(sealed_with(k, 1), 0);
}

/* The unique indexes hold over both keys: what no check of the program sees, they refuse. */
static void the_indexes_hold_over_both_keys(void **state)
{
    struct bank *k = *state;
    make_leads(k, 0, 2);
    assert_int_equal(rotate(k, 1, false, NULL), ST_CANCELLED);
    struct person p;
    const struct lens clear = { .show_secrets = true };
    int64_t first = bank_sql_int(k, "select min(id) from person");
    int64_t last = bank_sql_int(k, "select max(id) from person");
    struct shape shape = { .noun = &person_noun };
    assert_int_equal(db_begin(k->raw.db, &k->e), ST_OK);
    assert_int_equal(row_get(k->raw.db, &person_noun, last, &clear, &k->arena, &p, &k->e), ST_OK);
    struct person taken = p;
    taken.phone = phone_of(k, 0);
    assert_int_equal(row_update(k->raw.db, &shape, &p, &taken, &k->arena, NULL, &k->e), ST_CONFLICT);
    assert_string_equal(k->e.code, "noun.duplicate");
    db_rollback(k->raw.db);

    /* the one moved to the new key, the other not: freed and taken again */
    assert_int_equal(db_begin(k->raw.db, &k->e), ST_OK);
    assert_int_equal(row_get(k->raw.db, &person_noun, first, &clear, &k->arena, &p, &k->e), ST_OK);
    struct person renamed = p;
    renamed.phone = "13700000000";
    assert_int_equal(row_update(k->raw.db, &shape, &p, &renamed, &k->arena, NULL, &k->e), ST_OK);
    assert_int_equal(row_get(k->raw.db, &person_noun, last, &clear, &k->arena, &p, &k->e), ST_OK);
    taken = p;
    taken.phone = "13700000000";
    assert_int_equal(row_update(k->raw.db, &shape, &p, &taken, &k->arena, NULL, &k->e), ST_CONFLICT);
    db_rollback(k->raw.db);
}

static void an_answer_is_known_under_the_key_of_its_time(void **state)
{
    struct bank *k = *state;
    const char *in = "{\"name\":\"甲\",\"phone\":\"13812345678\",\"branch\":\"N1\"}";
    const char *first = bank_call_key(k, "lead.create", in, "once");
    assert_non_null(first);
    must_rotate(k);
    const char *again = bank_call_key(k, "lead.create", in, "once");
    assert_non_null(again);
    assert_string_equal(first, again);
    assert_null(bank_call_key(k, "lead.create", "{\"name\":\"乙\",\"branch\":\"N1\"}", "once"));
    assert_string_equal(k->e.code, "key.reused");
}

/* ---- kill -9 ----------------------------------------------------------------------------------- */

static void tell_step(void *arg, int64_t done, int64_t total)
{
    (void)done, (void)total;
    if (write(*(int *)arg, "s", 1) < 0)
        _exit(2);
}

/* A process that changes the key: killed so long after so many steps, wherever it is then. */
static void rotate_in_child(struct bank *k, int steps, unsigned us)
{
    struct backend_config config = config_of(k);
    int ends[2];
    char byte;
    assert_int_equal(pipe(ends), 0);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        struct arena a = ARENA_INIT;
        struct key_rotate_out out;
        struct key_rotate_in in = { 0 };
        struct call call = { .op = op_find("key.rotate"), .in = &in, .progress = tell_step,
                             .progress_arg = &ends[1] };
        struct backend *b;
        struct err e = { 0 };
        enum status st = backend_open(&config, &b, &e);
        tell_step(&ends[1], 0, 0);
        if (!st)
            st = backend_call(b, &call, &a, &out, &e);
        _exit(st ? 1 : 0);
    }
    close(ends[1]);
    while (steps >= 0 && read(ends[0], &byte, 1) == 1)
        steps--;
    usleep(us);
    kill(pid, SIGKILL);
    close(ends[0]);
    int status;
    waitpid(pid, &status, 0);
    assert_true(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
}

static void it_survives_being_killed_at_any_moment(void **state)
{
    struct bank *k = *state;
    enum { KILLS = 16 };
    int leads = LEADS, halves = 0;
    make_leads(k, 0, leads);
    for (unsigned i = 0; i < KILLS; i++) {
        rotate_in_child(k, (int)i % 4, i * 331 % 2500);
        const char *now = in_use(k);
        halves += *now && strcmp(now + strcspn(now, " "), " 0") != 0;
        is_taken(k, (int)i % leads);
        make_leads(k, leads, leads + 1);
        leads++;
        all_well(k, leads);
    }
    must_rotate(k);
    const char *now = in_use(k);
    assert_string_equal(now + strcspn(now, " "), " 0");
    all_well(k, leads);
    assert_true(halves > 0);
}

/* ---- the old key ------------------------------------------------------------------------------- */

static enum status restore_to(struct bank *k, const char *backup, const char *to)
{
    struct backend_config config = { .url = to, .keys_dir = k->keys };
    struct backup_info info;
    return database_restore(&config, backup, NULL, false, NULL, &info, &k->e);
}

static enum status forget(struct bank *k, int number)
{
    return bank_call(k, "key.forget", bank_text(k, "{\"number\":%d}", number)) ? ST_OK : k->e.status;
}

static void old_backups_open_until_their_key_is_forgotten(void **state)
{
    struct bank *k = *state;
    struct backend_config config = config_of(k);
    struct backup_info info;
    const char *old = bank_text(k, "%s/old.gbk", k->dir), *now = bank_text(k, "%s/now.gbk", k->dir);
    make_leads(k, 0, 5);
    assert_int_equal(database_backup(&config, old, NULL, &info, &k->e), ST_OK);
    must_rotate(k);
    assert_int_equal(database_backup(&config, now, NULL, &info, &k->e), ST_OK);
    assert_int_equal(info.key, 2);

    const char *back = bank_text(k, "%s/back.db", k->dir), *path = bank_text(k, "%s", k->path);
    assert_int_equal(restore_to(k, old, back), ST_OK);
    snprintf(k->path, sizeof k->path, "%s", back);
    assert_int_equal(all_open(k, &lead_noun), 5);       /* it goes on with the key of its time */
    snprintf(k->path, sizeof k->path, "%s", path);

    assert_int_equal(forget(k, 2), ST_CONFLICT);
    assert_string_equal(k->e.code, "keys.in_use");
    assert_int_equal(forget(k, 9), ST_NOT_FOUND);
    assert_int_equal(forget(k, 1), ST_OK);
    assert_int_equal(restore_to(k, old, bank_text(k, "%s/gone.db", k->dir)), ST_FAILED);
    assert_string_equal(k->e.code, "backup.key");
    assert_int_equal(restore_to(k, now, bank_text(k, "%s/there.db", k->dir)), ST_OK);
    all_well(k, 5);                                     /* the audit log of key 1 is still proven */
}

/* A key that stands in the file and is not used yet may be in the hands of a change that is about to
 * begin: it is not forgotten, and a change makes one above it. */
static void a_key_not_used_yet_is_kept(void **state)
{
    struct bank *k = *state;
    struct key_rotate_out out;
    int number = 0;
    make_leads(k, 0, 3);
    assert_int_equal(keys_add(k->raw.keys, &number, &k->e), ST_OK);
    assert_int_equal(number, 2);
    assert_int_equal(forget(k, 2), ST_CONFLICT);
    assert_string_equal(k->e.code, "keys.unused");
    assert_int_equal(rotate(k, 1000000, false, &out), ST_OK);
    assert_int_equal(out.key, 3);
    all_well(k, 3);
    assert_int_equal(forget(k, 2), ST_OK);
    all_well(k, 3);
}

static void a_key_with_values_is_not_forgotten(void **state)
{
    struct bank *k = *state;
    make_leads(k, 0, 3);
    assert_int_equal(rotate(k, 1, false, NULL), ST_CANCELLED);
    assert_int_equal(forget(k, 1), ST_CONFLICT);
    must_rotate(k);
    assert_int_equal(db_begin(k->raw.db, &k->e), ST_OK);        /* a row put back with a database tool */
    bank_sql(k, "update lead set phone_enc = cast(x'0101' || substr(phone_enc, 3) as blob) where no = "
                "(select min(no) from lead)");
    assert_int_equal(db_commit(k->raw.db, &k->e), ST_OK);
    assert_int_equal(forget(k, 1), ST_CONFLICT);
    assert_string_equal(k->e.code, "keys.values");
}

static void forgetting_may_be_part_of_it(void **state)
{
    struct bank *k = *state;
    struct key_rotate_out out;
    make_leads(k, 0, 3);
    assert_int_equal(rotate(k, 0, true, &out), ST_OK);
    assert_int_equal(out.forgotten, 1);
    all_well(k, 3);
    const char *list = bank_do(k, "key.list", "{}");
    assert_non_null(strstr(list, "\"state\":\"forgotten\""));
    assert_non_null(strstr(list, "\"state\":\"current\""));
}

static void the_list_says_what_each_key_seals(void **state)
{
    struct bank *k = *state;
    make_leads(k, 0, 3);
    assert_int_equal(rotate(k, 1, false, NULL), ST_CANCELLED);
    const char *list = bank_do(k, "key.list", "{}");
    assert_non_null(strstr(list, "{\"number\":2,\"state\":\"current\""));
    assert_non_null(strstr(list, "{\"number\":1,\"state\":\"former\""));
    assert_non_null(strstr(list, "\"values\":12"));
    assert_non_null(strstr(list, "\"values\":0"));
}

/* ---- what leaves the database --------------------------------------------------------------------- */

static void recorded(struct bank *k, const char *want)
{
    assert_string_equal(
        bank_sql(k, "select coalesce(group_concat(operation || ' ' || result || coalesce(' ' || "
                    "code, ''), ', '), '') from (select * from audit where operation in "
                    "('database.key', 'database.backup') order by id)"),
        want);
}

/* A copy of the key or of everything that nobody wrote down would be one that nobody looks for. */
static void what_can_t_be_recorded_does_not_leave(void **state)
{
    struct bank *k = *state;
    struct backend_config config = config_of(k);
    struct copy_watch quiet = { 0 };
    struct backup_info info;
    const char *out = bank_text(k, "%s/out", k->dir);
    assert_int_equal(mkdir(out, 0700), 0);
    const char *key = bank_text(k, "%s/copy.key", out), *backup = bank_text(k, "%s/b.db", out);
    assert_int_equal(db_begin(k->raw.db, &k->e), ST_OK);
    bank_sql(k, "create trigger full_log before insert on audit begin select raise(abort, 'no'); end");
    assert_int_equal(db_commit(k->raw.db, &k->e), ST_OK);
    assert_int_not_equal(database_key_copy(&config, key, &k->e), ST_OK);
    assert_int_not_equal(database_backup(&config, backup, &quiet, &info, &k->e), ST_OK);
    assert_int_equal(access(key, F_OK), -1);
    assert_int_equal(access(backup, F_OK), -1);
    assert_int_equal(db_begin(k->raw.db, &k->e), ST_OK);
    bank_sql(k, "drop trigger full_log");
    assert_int_equal(db_commit(k->raw.db, &k->e), ST_OK);
    recorded(k, "");
    assert_int_equal(database_key_copy(&config, key, &k->e), ST_OK);
    assert_int_equal(database_key_copy(&config, key, &k->e), ST_CONFLICT);
    assert_int_equal(database_backup(&config, backup, &quiet, &info, &k->e), ST_OK);
    recorded(k, "database.key ok, database.key ok, database.key failed keys.exists, database.backup ok");
}

/* ---- doctor ------------------------------------------------------------------------------------ */

static char told[4096];

static void note_finding(void *arg, const struct finding *f)
{
    (void)arg;
    size_t n = strlen(told);
    if (f->verdict != VERDICT_OK)
        snprintf(told + n, sizeof told - n, "%s %s %s;", f->why.code, f->why.param[0], f->why.param[1]);
}

static const char *doctor(struct bank *k, bool *bad)
{
    struct backend_config config = config_of(k);
    told[0] = 0;
    assert_int_equal(database_doctor(&config, NULL, note_finding, NULL, bad, &k->e), ST_OK);
    return told;
}

static void doctor_knows_of_keys(void **state)
{
    struct bank *k = *state;
    bool bad;
    make_leads(k, 0, 2);
    assert_null(strstr(doctor(k, &bad), "key"));
    assert_int_equal(rotate(k, 1, false, NULL), ST_CANCELLED);
    assert_non_null(strstr(doctor(k, &bad), "doctor.key_change 1 2;"));
    assert_false(bad);
    must_rotate(k);
    assert_int_equal(db_begin(k->raw.db, &k->e), ST_OK);
    bank_sql(k, "update lead set phone_enc = cast(x'0109' || substr(phone_enc, 3) as blob) where no = "
                "(select min(no) from lead)");
    assert_int_equal(db_commit(k->raw.db, &k->e), ST_OK);
    assert_non_null(strstr(doctor(k, &bad), "doctor.key_unknown 9 1;"));
    assert_true(bad);
    assert_int_equal(chmod(bank_text(k, "%s/%s.key", k->keys, k->raw.id), 0644), 0);
    assert_non_null(strstr(doctor(k, &bad), "keys.open_to_others"));
    assert_true(bad);
}

#define T(f) cmocka_unit_test_setup_teardown(f, bank_setup, bank_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(everything_gets_the_new_key), T(what_was_refused_is_sealed_anew),
        T(every_column_of_bytes_is_known), T(people_work_while_it_goes_on),
        T(the_indexes_hold_over_both_keys), T(an_answer_is_known_under_the_key_of_its_time),
        T(it_survives_being_killed_at_any_moment), T(old_backups_open_until_their_key_is_forgotten),
        T(a_key_not_used_yet_is_kept), T(a_key_with_values_is_not_forgotten), T(forgetting_may_be_part_of_it),
        T(the_list_says_what_each_key_seals), T(doctor_knows_of_keys),
        T(what_can_t_be_recorded_does_not_leave),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
