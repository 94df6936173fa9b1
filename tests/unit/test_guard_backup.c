/* Backups: what was made can be read back, by the key's holder alone; whatever was changed, cut or
 * mixed is refused and leaves nothing behind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/guard/audit.h"
#include "core/guard/backup.h"
#include "core/model/nouns.h"
#include "core/store/migrate.h"
#include "tests/unit/tmpdb.h"

enum { PEOPLE = 3000 };     /* some hundred KB: several chunks */

static void add_people(struct tmpdb *t)
{
    struct row_writer *w;
    struct shape shape;
    assert_int_equal(shape_full(t->db, &person_noun, &t->arena, &shape, &t->err), ST_OK);
    assert_int_equal(row_writer_open(t->db, &shape, &w, &t->err), ST_OK);
    for (int i = 1; i <= PEOPLE; i++) {
        struct person *p = record_new(person_noun.rec, &t->arena);
        p->head = (struct row_head){ i, 1, TMPDB_NOW, TMPDB_NOW };
        p->name = arena_printf(&t->arena, "赵倩影%d", i);
        p->phone = arena_printf(&t->arena, "138%08d", i);
        p->deceased = p->minor = 0;
        assert_int_equal(row_writer_put(w, p, &t->arena, &t->err), ST_OK);
    }
    row_writer_close(w);
}

static int setup(void **state)
{
    tmpdb_setup(state);
    struct tmpdb *t = *state;
    struct ctx c = tmpdb_ctx(t);
    assert_int_equal(db_begin(t->db, &t->err), ST_OK);
    add_people(t);
    for (int i = 0; i < 5; i++)
        assert_int_equal(audit_append(&c, t->keys,
                                      &(struct audit_entry){ .operation = "x", .result = "ok" }),
                                      ST_OK);
    assert_int_equal(db_commit(t->db, &t->err), ST_OK);
    return 0;
}

/* ---- helpers --------------------------------------------------------------------------------- */

static const char *make(struct tmpdb *t, const char *name)
{
    const char *path = tmpdb_path(t, name);
    if (backup_make(t->db, t->keys, path, NULL, NULL, &t->err))
        fail_msg("make: %s %s %s", t->err.code, t->err.param[0], t->err.param[1]);
    return path;
}

static char *slurp(const char *path, size_t *n)
{
    struct stat st;
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    assert_int_equal(fstat(fileno(f), &st), 0);
    char *all = malloc((size_t)st.st_size + 1);
    *n = fread(all, 1, (size_t)st.st_size, f);
    assert_int_equal(*n, st.st_size);
    fclose(f);
    return all;
}

static void spill(const char *path, const void *p, size_t n)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_int_equal(fwrite(p, 1, n, f), n);
    fclose(f);
}

/* Files in the folder whose names begin so. */
static int count_files(struct tmpdb *t, const char *prefix)
{
    int n = 0;
    DIR *d = opendir(t->dir);
    assert_non_null(d);
    for (struct dirent *x; (x = readdir(d));)
        n += strncmp(x->d_name, prefix, strlen(prefix)) == 0;
    closedir(d);
    return n;
}

static void refused(struct tmpdb *t, const char *path, enum status st, const char *code)
{
    const char *to = tmpdb_path(t, "restored.db");
    assert_int_equal(backup_verify(path, t->keys, NULL, NULL, &t->err), st);
    assert_string_equal(t->err.code, code);
    assert_int_equal(backup_restore(path, t->keys, to, false, NULL, NULL, &t->err), st);
    assert_string_equal(t->err.code, code);
    assert_int_equal(access(to, F_OK), -1);
    assert_int_equal(count_files(t, ".gonghai-backup"), 0);
}

static int64_t rows_of(const struct backup_info *info, const char *table)
{
    for (size_t i = 0; i < info->ntables; i++)
        if (strcmp(info->tables[i].name, table) == 0)
            return info->tables[i].rows;
    return -1;
}

/* ---- there and back -------------------------------------------------------------------------- */

static void what_was_saved_comes_back(void **state)
{
    struct tmpdb *t = *state;
    struct backup_info info;
    const char *path = make(t, "a.gbk"), *to = tmpdb_path(t, "restored.db");
    assert_int_equal(backup_restore(path, t->keys, to, false, NULL, &info, &t->err), ST_OK);
    assert_string_equal(info.id, TMPDB_ID);
    assert_int_equal(info.schema, schema_newest());
    assert_int_equal(rows_of(&info, "person"), PEOPLE);
    assert_int_equal(rows_of(&info, "branch"), BRANCHES);
    assert_int_equal(rows_of(&info, "audit"), 5);
    assert_string_equal(info.anchor, audit_anchor(t->db, &t->arena, &t->err));

    struct db *db;
    struct audit_report report;
    struct person *p = record_new(person_noun.rec, &t->arena);
    const struct lens clear = { .show_secrets = true };
    assert_int_equal(db_open(&db, to, 0, &t->err), ST_OK);
    db_set_sealer(db, keys_sealer(t->keys));
    assert_int_equal(row_get(db, &person_noun, 1234, &clear, &t->arena, p, &t->err), ST_OK);
    assert_string_equal(p->name, "赵倩影1234");
    assert_string_equal(p->phone, "13800001234");
    assert_int_equal(audit_verify(db, t->keys, NULL, &report, &t->err), ST_OK);
    assert_true(report.intact);
    db_close(db);
    assert_int_equal(backup_verify(path, t->keys, NULL, &info, &t->err), ST_OK);
    assert_int_equal(count_files(t, ".gonghai-backup"), 0);
}

static void the_file_tells_nothing_and_is_its_owners(void **state)
{
    struct tmpdb *t = *state;
    struct stat st;
    size_t n;
    unsigned char key[32];
    const char *path = make(t, "a.gbk"), *to = tmpdb_path(t, "restored.db");
    char *all = slurp(path, &n);
    assert_null(memmem(all, n, "赵倩影", strlen("赵倩影")));
    assert_null(memmem(all, n, "SQLite format", 13));
    assert_null(memmem(all, n, "create table", 12));
    keys_sub(t->keys, "backup", key);
    assert_null(memmem(all, n, key, sizeof key));
    free(all);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    assert_int_equal(backup_restore(path, t->keys, to, false, NULL, NULL, &t->err), ST_OK);
    assert_int_equal(stat(to, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
}

static void the_header_names_the_key(void **state)
{
    struct tmpdb *t = *state;
    struct backup_info info;
    clock_set(TMPDB_NOW);
    const char *path = make(t, "a.gbk");
    clock_set(NONE);
    assert_int_equal(backup_read_info(path, &info, &t->err), ST_OK);
    assert_string_equal(info.id, TMPDB_ID);
    assert_true(info.created == TMPDB_NOW);
    assert_int_equal(rows_of(&info, "person"), PEOPLE);
}

static void an_empty_house_can_be_saved_too(void **state)
{
    struct tmpdb *t = *state;
    struct backup_info info;
    assert_int_equal(backup_verify(make(t, "a.gbk"), t->keys, NULL, &info, &t->err), ST_OK);
    assert_string_equal(info.anchor, "");
    assert_int_equal(rows_of(&info, "lead"), 0);
}

static void a_backup_is_never_overwritten(void **state)
{
    struct tmpdb *t = *state;
    const char *path = tmpdb_path(t, "a.gbk");
    spill(path, "precious", 8);
    assert_int_equal(backup_make(t->db, t->keys, path, NULL, NULL, &t->err), ST_CONFLICT);
    assert_string_equal(t->err.code, "backup.exists");
    size_t n;
    char *all = slurp(path, &n);
    assert_int_equal(n, 8);
    free(all);
}

/* ---- while others work ----------------------------------------------------------------------- */

struct writer {
    const char *path;
    atomic_bool stop;
    atomic_int commits;
};

/* Two rows a transaction, one in each of two tables, without a pause. */
static void *write_on(void *arg)
{
    struct writer *w = arg;
    struct db *db;
    struct err e;
    if (db_open(&db, w->path, 0, &e))
        return NULL;
    for (int64_t i = 100000; !atomic_load(&w->stop); i++) {
        if (db_begin(db, &e))
            break;
        db_exec(db, &e, "insert into person (id, version, created_at, updated_at)"
                " values ($1, 1, 1, 1)", "i", i);
        db_exec(db, &e, "insert into event (id, created_at, updated_at, type, noun, subject, at)"
                " values ($1, 1, 1, 'x', 'person', $1, 1)", "i", i);
        if (db_commit(db, &e))
            break;
        atomic_fetch_add(&w->commits, 1);
    }
    db_close(db);
    return NULL;
}

struct watched { atomic_int *commits; int at_start, at_end, last, calls; };

static void watch_commits(void *arg, int done, int total)
{
    struct watched *w = arg;
    assert_int_equal(total, 1000);
    assert_true(done >= w->last);
    if (w->calls++ == 0)
        w->at_start = atomic_load(w->commits);
    w->at_end = atomic_load(w->commits);
    w->last = done;
}

/* A copy in pages that began anew at each commit would never end here. */
static void a_busy_database_is_saved_as_it_was_at_one_moment(void **state)
{
    struct tmpdb *t = *state;
    struct writer w = { .path = t->path };
    struct watched seen = { .commits = &w.commits };
    struct copy_watch watch = { .progress = watch_commits, .arg = &seen };
    struct backup_info info;
    pthread_t thread;
    raw_run(t->path, "with recursive n (i) as"
            " (values (1) union all select i + 1 from n where i < 100000)"
            " insert into event (id, created_at, updated_at, type, noun, subject, at)"
            " select -i, 1, 1, 'one.of.many', 'person', i, 1 from n");
    assert_int_equal(pthread_create(&thread, NULL, write_on, &w), 0);
    while (atomic_load(&w.commits) < 3)
        sched_yield();
    assert_int_equal(backup_make(t->db, t->keys, tmpdb_path(t, "a.gbk"), &watch, &info, &t->err),
                     ST_OK);
    atomic_store(&w.stop, true);
    pthread_join(thread, NULL);
    assert_true(seen.at_end > seen.at_start);
    assert_int_equal(seen.last, 1000);
    assert_true(rows_of(&info, "event") >= 100003);
    assert_int_equal(rows_of(&info, "person") - PEOPLE, rows_of(&info, "event") - 100000);
    assert_int_equal(backup_verify(tmpdb_path(t, "a.gbk"), t->keys, NULL, NULL, &t->err), ST_OK);
}

struct stopper { atomic_bool stop; int countdown; };

static void count_down(void *arg, int done, int total)
{
    struct stopper *s = arg;
    (void)done, (void)total;
    if (s->countdown-- == 0)
        atomic_store(&s->stop, true);
}

/* Stopped at the first step, the second, and so on, until it runs through. */
static void a_cancelled_backup_leaves_nothing(void **state)
{
    struct tmpdb *t = *state;
    const char *path = tmpdb_path(t, "a.gbk");
    int cancelled = 0;
    for (int at = 0;; at++) {
        struct stopper s = { .countdown = at };
        struct copy_watch watch = { .progress = count_down, .arg = &s, .cancel = &s.stop };
        enum status st = backup_make(t->db, t->keys, path, &watch, NULL, &t->err);
        assert_int_equal(count_files(t, ".gonghai-backup"), 0);
        if (!st)
            break;
        assert_int_equal(st, ST_CANCELLED);
        assert_int_equal(access(path, F_OK), -1);
        cancelled++;
    }
    assert_true(cancelled >= 4);
}

/* ---- refused --------------------------------------------------------------------------------- */

/* An index that lacks rows of its table: SQLite's own check finds it in the copy. */
static void a_backup_that_cannot_be_read_again_is_refused(void **state)
{
    struct tmpdb *t = *state;
    raw_run(t->path, "pragma writable_schema = on;"
            "update sqlite_master set sql ="
            " 'create index employee_name on employee (name_key) where id > 103'"
            " where name = 'employee_name'");
    assert_int_equal(backup_make(t->db, t->keys, tmpdb_path(t, "a.gbk"), NULL, NULL, &t->err),
                     ST_FAILED);
    assert_string_equal(t->err.code, "backup.damaged");
    assert_int_equal(count_files(t, "a.gbk"), 0);
    assert_int_equal(count_files(t, ".gonghai-backup"), 0);
}

static void only_its_own_key_opens_it(void **state)
{
    struct tmpdb *t = *state;
    struct keys *own = t->keys;
    const char *path = make(t, "a.gbk");
    assert_int_equal(keys_create(t->keydir, "other", &t->keys, &t->err), ST_OK);
    refused(t, path, ST_FAILED, "backup.key");
    keys_free(t->keys);
    assert_int_equal(keys_create(tmpdb_path(t, "keys2"), TMPDB_ID, &t->keys, &t->err), ST_OK);
    refused(t, path, ST_FAILED, "backup.key");
    keys_free(t->keys);
    t->keys = own;
}

static size_t header_length(const char *all, size_t n)
{
    const char *mac = memmem(all, n, "\nmac ", 5);
    assert_non_null(mac);
    return (size_t)(mac - all) + 5 + 64 + 1;
}

static void a_cut_file_is_refused(void **state)
{
    struct tmpdb *t = *state;
    size_t n, chunk = 65536 + 17;
    char *all = slurp(make(t, "a.gbk"), &n);
    size_t head = header_length(all, n);
    const char *cut = tmpdb_path(t, "cut.gbk");
    const size_t ends[] = {
        head, head + 1, head + chunk, head + chunk + 5, head + 2 * chunk, n - 1, n - 17, n / 2,
    };
    assert_true(n > head + 2 * chunk);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        spill(cut, all, ends[i]);
        refused(t, cut, ST_FAILED, "backup.damaged");
    }
    spill(cut, all, head - 10);
    refused(t, cut, ST_FAILED, "backup.damaged");
    all = realloc(all, n + 1);
    all[n] = 0;
    spill(cut, all, n + 1);
    refused(t, cut, ST_FAILED, "backup.damaged");
    free(all);
}

static void a_changed_byte_is_refused(void **state)
{
    struct tmpdb *t = *state;
    size_t n;
    char *all = slurp(make(t, "a.gbk"), &n);
    size_t head = header_length(all, n);
    const char *bad = tmpdb_path(t, "bad.gbk");
    for (size_t at = head; at < n; at += 37777) {
        all[at] ^= 1;
        spill(bad, all, n);
        refused(t, bad, ST_FAILED, "backup.damaged");
        all[at] ^= 1;
    }
    for (size_t at = 20; at < head - 66; at += 23) {    /* between the first and last line of it */
        all[at] ^= 1;
        spill(bad, all, n);
        assert_int_equal(backup_verify(bad, t->keys, NULL, NULL, &t->err), ST_FAILED);
        all[at] ^= 1;
    }
    free(all);
}

static void a_nicer_header_is_refused(void **state)
{
    struct tmpdb *t = *state;
    size_t n;
    char *all = slurp(make(t, "a.gbk"), &n);
    char *rows = memmem(all, n, "rows person 3000", 16);
    assert_non_null(rows);
    rows[12] = '4';
    spill(tmpdb_path(t, "bad.gbk"), all, n);
    refused(t, tmpdb_path(t, "bad.gbk"), ST_FAILED, "backup.key");
    free(all);
}

static void swapped_chunks_and_mixed_files_are_refused(void **state)
{
    struct tmpdb *t = *state;
    size_t n, m, chunk = 65536 + 17;
    char *one = slurp(make(t, "a.gbk"), &n), *two = slurp(make(t, "b.gbk"), &m);
    char *mixed = malloc(n + m);
    size_t head = header_length(one, n), head2 = header_length(two, m);
    const char *bad = tmpdb_path(t, "bad.gbk");
    memcpy(mixed, one, n);
    memcpy(mixed + head, one + head + chunk, chunk);
    memcpy(mixed + head + chunk, one + head, chunk);
    spill(bad, mixed, n);
    refused(t, bad, ST_FAILED, "backup.damaged");

    memcpy(mixed, one, head);
    memcpy(mixed + head, two + head2, m - head2);
    spill(bad, mixed, head + m - head2);
    refused(t, bad, ST_FAILED, "backup.damaged");
    free(one);
    free(two);
    free(mixed);
}

static void other_files_are_told_apart(void **state)
{
    struct tmpdb *t = *state;
    const char *path = tmpdb_path(t, "x.gbk");
    refused(t, path, ST_NOT_FOUND, "backup.missing");
    spill(path, "", 0);
    refused(t, path, ST_INVALID, "backup.not_ours");
    spill(path, "PK\3\4 a zip file of some kind", 28);
    refused(t, path, ST_INVALID, "backup.not_ours");
    refused(t, t->path, ST_INVALID, "backup.not_ours");
    spill(path, "gonghai-backup 2\nid 5eed\n", 25);
    refused(t, path, ST_FAILED, "backup.newer");
    assert_string_equal(t->err.param[1], "2");
    spill(path, "gonghai-backup 1\nid 5eed\n", 25);
    refused(t, path, ST_FAILED, "backup.damaged");
}

/* ---- restoring over something ---------------------------------------------------------------- */

static void nothing_is_overwritten_unasked(void **state)
{
    static const char *const beside[] = { "restored.db", "restored.db-wal", "restored.db-journal" };
    struct tmpdb *t = *state;
    const char *path = make(t, "a.gbk"), *to = tmpdb_path(t, "restored.db");
    for (size_t i = 0; i < 3; i++) {
        spill(tmpdb_path(t, beside[i]), "precious", 8);
        assert_int_equal(backup_restore(path, t->keys, to, false, NULL, NULL, &t->err),
                         ST_CONFLICT);
        assert_string_equal(t->err.code, "backup.target_exists");
        assert_string_equal(t->err.param[0], tmpdb_path(t, beside[i]));
        unlink(tmpdb_path(t, beside[i]));
    }
    assert_int_equal(count_files(t, ".gonghai-backup"), 0);
}

static void replacing_keeps_the_old_one_whole(void **state)
{
    struct tmpdb *t = *state;
    const char *path = make(t, "a.gbk"), *old = tmpdb_path(t, "t.db.replaced");
    tmpdb_run(t, "update branch set name = '新总行' where id = 1");     /* stands in the WAL */
    assert_int_equal(backup_restore(path, t->keys, t->path, true, NULL, NULL, &t->err),
                     ST_CONFLICT);
    assert_string_equal(t->err.code, "backup.in_use");
    assert_string_equal(raw_text(t->path, "select name from branch where id = 1", &t->arena),
                        "新总行");
    assert_int_equal(chmod(t->path, 0660), 0);
    db_close(t->db);
    t->db = NULL;
    assert_int_equal(backup_restore(path, t->keys, t->path, true, NULL, NULL, &t->err), ST_OK);
    assert_string_equal(raw_text(t->path, "select name from branch where id = 1", &t->arena), "总行");
    assert_string_equal(raw_text(old, "select name from branch where id = 1", &t->arena), "新总行");
    struct stat st;
    assert_int_equal(stat(t->path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0660);
    assert_int_equal(db_open(&t->db, t->path, 0, &t->err), ST_OK);
    assert_int_equal(schema_check(t->db, &t->err), ST_OK);
}

static void a_ruined_database_is_replaced_too(void **state)
{
    struct tmpdb *t = *state;
    const char *path = make(t, "a.gbk");
    db_close(t->db);
    t->db = NULL;
    spill(t->path, "a disk error", 12);
    spill(tmpdb_path(t, "t.db-wal"), "and another", 11);
    assert_int_equal(backup_restore(path, t->keys, t->path, true, NULL, NULL, &t->err), ST_OK);
    assert_string_equal(raw_text(t->path, "select count(*) from person", &t->arena), "3000");
    size_t n;
    free(slurp(tmpdb_path(t, "t.db.replaced"), &n));
    assert_int_equal(n, 12);
}

/* ---- after a crash --------------------------------------------------------------------------- */

static void what_a_killed_backup_left_is_removed_by_the_next(void **state)
{
    struct tmpdb *t = *state;
    const char *dead = tmpdb_path(t, ".gonghai-backup-dead00");
    const char *alive = tmpdb_path(t, ".gonghai-backup-live00");
    assert_int_equal(mkdir(dead, 0700), 0);
    spill(arena_printf(&t->arena, "%s/copy.db", dead), "names of people", 15);
    assert_int_equal(mkdir(alive, 0700), 0);
    int fd = open(alive, O_RDONLY | O_DIRECTORY);
    assert_int_equal(flock(fd, LOCK_EX), 0);
    make(t, "a.gbk");
    assert_int_equal(access(dead, F_OK), -1);
    assert_int_equal(access(alive, F_OK), 0);
    close(fd);
    make(t, "b.gbk");
    assert_int_equal(access(alive, F_OK), -1);
}

static void a_folder_that_is_not_there_is_named(void **state)
{
    struct tmpdb *t = *state;
    assert_int_equal(backup_make(t->db, t->keys, tmpdb_path(t, "no/where/a.gbk"), NULL, NULL,
                                 &t->err), ST_FAILED);
    assert_string_equal(t->err.code, "backup.write");
    assert_string_equal(t->err.param[0], tmpdb_path(t, "no/where"));
}

#define test(f) cmocka_unit_test_setup_teardown(f, setup, tmpdb_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        test(what_was_saved_comes_back),
        test(the_file_tells_nothing_and_is_its_owners),
        test(the_header_names_the_key),
        cmocka_unit_test_setup_teardown(an_empty_house_can_be_saved_too, tmpdb_setup,
                                        tmpdb_teardown),
        test(a_backup_is_never_overwritten),
        test(a_busy_database_is_saved_as_it_was_at_one_moment),
        test(a_cancelled_backup_leaves_nothing),
        test(a_backup_that_cannot_be_read_again_is_refused),
        test(only_its_own_key_opens_it),
        test(a_cut_file_is_refused),
        test(a_changed_byte_is_refused),
        test(a_nicer_header_is_refused),
        test(swapped_chunks_and_mixed_files_are_refused),
        test(other_files_are_told_apart),
        test(nothing_is_overwritten_unasked),
        test(replacing_keeps_the_old_one_whole),
        test(a_ruined_database_is_replaced_too),
        test(what_a_killed_backup_left_is_removed_by_the_next),
        test(a_folder_that_is_not_there_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
