/* Files that are written: the refused rows of an import, and exports. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/api/sentence.h"
#include "core/data/export.h"
#include "tests/contract/importing.h"

/* ---- where refused rows may go ------------------------------------------------------------------------ */

static void rejects_replace_nothing_else(void **state)
{
    struct bank *k = *state;
    const char *text = "external_id,name,phone\nr1,A,xx\nr2,B,\n";
    const char *file = bank_file(k, "a.csv", text), *victim = bank_file(k, "victim.txt", "precious");
    const char *twin = bank_text(k, "%s/twin.csv", k->dir), *base = bank_text(k, "%s/base.csv", k->dir);
    assert_int_equal(link(file, twin), 0);
    assert_int_equal(link(k->path, base), 0);
    const char *const bad[] = { file,
                                victim,
                                twin,
                                base,
                                k->path,
                                bank_text(k, "%s-wal", k->path),
                                bank_text(k, "%s-lock", k->path) };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_null(import_file(k, "lead", file, bank_text(k, ",\"rejects\":\"%s\"", bad[i])));
        assert_string_equal(k->e.code, "import.rejects_file");
        assert_string_equal(k->e.field, "rejects");
    }
    assert_null(import_file(k, "lead", file, bank_text(k, ",\"rejects\":\"%s/no/such/r.csv\"", k->dir)));
    assert_string_equal(k->e.code, "export.open");
    assert_string_equal(file_text(k, file), text);
    assert_string_equal(file_text(k, victim), "precious");
    assert_int_equal(
        bank_sql_int(k, "select (select count(*) from lead) + (select count(*) from import)"), 0);
    const char *mine = bank_file(k, "mine.csv", "an older one");
    assert_string_equal(imported(k, "lead", file, bank_text(k, ",\"rejects\":\"%s\"", mine)),
                        "2 1 0 0 1");
    assert_non_null(strstr(file_text(k, mine), "r1,A,xx,phone.invalid,"));
}

static void rejects_never_replace_database_or_key(void **state)
{
    struct bank *k = *state;
    const char *text = "external_id,name,phone\nr1,A,xx\nr2,B,\n", *file = bank_file(k, "a.csv", text);
    const char *key = bank_text(k, "%s/%s.key", k->keys, k->raw.id),
               *twin = bank_text(k, "%s/key.csv", k->dir);
    const char *other = bank_file(k, "other.csv", "SQLite format 3 and so on");
    assert_int_equal(link(key, twin), 0);
    const char *const bad[] = { key, twin, other, bank_text(k, "%s-journal", k->path),
                                bank_text(k, "%s/../%s-journal", k->keys, strrchr(k->path, '/') + 1) };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_null(import_file(k, "lead", file, bank_text(k, ",\"rejects\":\"%s\"", bad[i])));
        assert_string_equal(k->e.code, "import.rejects_file");
        assert_null(bank_call(k, "lead.export", bank_text(k, "{\"file\":\"%s\"}", bad[i])));
        assert_string_equal(k->e.code, strstr(bad[i], ".csv") ? "export.ours" : "export.ending");
    }
    assert_int_equal(
        bank_sql_int(k, "select (select count(*) from lead) + (select count(*) from import)"), 0);
}

/* The file that is read lies where no other can be made: said at once, before a row is taken. */
static void a_folder_that_takes_no_rejects_is_told_at_once(void **state)
{
    struct bank *k = *state;
    const char *file = bank_file(k, "a.csv", "external_id,name,phone\nr1,A,\nr2,B,xx\n");
    const char *rejects = bank_text(k, "%s.rejects.csv", file);
    assert_int_equal(mkdir(rejects, 0700), 0);
    assert_null(import_file(k, "lead", file, ""));
    assert_string_equal(k->e.code, "import.rejects_folder");
    assert_string_equal(k->e.field, "rejects");
    assert_non_null(strstr(sentence(&k->arena, &k->e), "--rejects"));
    assert_int_equal(
        bank_sql_int(k, "select (select count(*) from lead) + (select count(*) from import)"), 0);
    const char *mine = bank_text(k, "%s/mine.csv", k->dir);
    assert_string_equal(imported(k, "lead", file, bank_text(k, ",\"rejects\":\"%s\"", mine)),
                        "2 1 0 0 1");
    assert_non_null(strstr(file_text(k, mine), "r2,B,xx,phone.invalid,"));
}

/* ---- out again ---------------------------------------------------------------------------------------- */

static void an_export_is_masked_guarded_and_recorded(void **state)
{
    struct bank *k = *state;
    bank_do(k, "lead.create", "{\"name\":\"=1+2\",\"phone\":\"13812345678\",\"score\":7}");
    const char *csv = bank_text(k, "%s/out.csv", k->dir);
    assert_string_equal(
        bank_get(k,
                 bank_do(k, "lead.export",
                         bank_text(k, "{\"file\":\"%s\",\"columns\":\"name,phone,score\"}", csv)),
                 "rows"),
        "1");
    assert_string_equal(file_text(k, csv), "name,phone,score\n'=1+2,138****5678,7\n");
    const char *json = bank_text(k, "%s/out.json", k->dir);
    bank_do(k, "lead.export", bank_text(k, "{\"file\":\"%s\",\"columns\":\"name,score\"}", json));
    assert_string_equal(file_text(k, json), "[{\"name\":\"=1+2\",\"score\":7}]\n");
    assert_int_equal(
        bank_sql_int(
            k, "select count(*) from audit where operation = 'lead.export' and result = 'ok'"),
        2);
    assert_null(bank_call(k, "lead.export", bank_text(k, "{\"file\":\"%s\",\"clear\":true}", csv)));
    assert_string_equal(k->e.field, "reason");
    bank_do(k, "lead.export",
            bank_text(
                k, "{\"file\":\"%s\",\"columns\":\"phone\",\"clear\":true,\"reason\":\"dialler\"}",
                csv));
    assert_string_equal(file_text(k, csv), "phone\n13812345678\n");
    assert_int_equal(
        bank_sql_int(k, "select count(*) from audit where detail like '%\"clear\":true%dialler%'"),
        1);
    bank_do(k, "lead.export",
            bank_text(k, "{\"file\":\"%s\",\"where\":\"phone = 13812345678 and score > 1\"}", csv));
    assert_int_equal(bank_sql_int(k, "select count(*) from audit where detail like '%13812345678%'"), 0);
    assert_int_equal(bank_sql_int(k, "select count(*) from event where data like '%13812345678%'"), 0);
    assert_int_equal(bank_sql_int(k, "select count(*) from audit where detail like '%score > 1%'"), 1);
    bank_as(k, "101");
    assert_null(bank_call(k, "lead.export", bank_text(k, "{\"file\":\"%s\"}", csv)));
    assert_int_equal(k->e.status, ST_DENIED);
}

static void an_export_is_in_the_order_of_ids(void **state)
{
    struct bank *k = *state;
    bank_do(k, "lead.create", "{\"name\":\"first\"}");
    bank_do(k, "lead.create", "{\"name\":\"second\",\"owner\":\"101\",\"branch\":\"N1\"}");
    const char *csv = bank_text(k, "%s/out.csv", k->dir);
    bank_do(k, "lead.export", bank_text(k, "{\"file\":\"%s\",\"columns\":\"name\"}", csv));
    assert_string_equal(file_text(k, csv), "name\nfirst\nsecond\n");
    bank_do(k, "lead.export", bank_text(k, "{\"file\":\"%s\",\"columns\":\"name\",\"sort\":\"-name\"}", csv));
    assert_string_equal(file_text(k, csv), "name\nsecond\nfirst\n");
}

/* Writes an export with `progress` called after each step. */
static enum status export_watched(struct bank *k, const char *file,
                                  void (*progress)(void *, int64_t, int64_t), void *arg)
{
    const struct op *op = op_find("lead.export");
    struct export_in *in = record_new(op->in, &k->arena);
    struct export_out out;
    in->file = file;
    struct call c = { .op = op, .in = in, .progress = progress, .progress_arg = arg };
    return backend_call(k->b, &c, &k->arena, &out, &k->e);
}

/* Nobody else can write: so nothing can be recorded either. */
static void forbid_events(void *bank, int64_t done, int64_t total)
{
    struct bank *k = bank;
    (void)done;
    (void)total;
    db_script(k->raw.db, "create trigger no_events before insert on event begin "
                         "select raise(abort, 'no'); end", NULL);
}

static void an_export_is_recorded_before_it_is_there(void **state)
{
    struct bank *k = *state;
    bank_do(k, "lead.create", "{\"name\":\"A\"}");
    static const char *const names[] = { "out.csv", "out.json" };
    for (size_t i = 0; i < 2; i++) {
        const char *file = bank_text(k, "%s/%s", k->dir, names[i]);
        assert_int_not_equal(export_watched(k, file, forbid_events, k), ST_OK);
        db_script(k->raw.db, "drop trigger no_events", NULL);
        assert_false(file_there(file));
        assert_int_equal(files_beginning(k, bank_text(k, ".%s", names[i])), 0);
    }
    assert_int_equal(
        bank_sql_int(k, "select count(*) from audit where operation = 'lead.export' and result = "
                        "'failed'"),
        2);
    assert_int_equal(bank_sql_int(k, "select count(*) from event where type = 'lead.exported'"), 0);
}

static void take_its_place(void *path, int64_t done, int64_t total)
{
    (void)done;
    (void)total;
    mkdir(path, 0700);
}

static void an_export_that_cannot_be_put_in_place_says_so(void **state)
{
    struct bank *k = *state;
    bank_do(k, "lead.create", "{\"name\":\"A\"}");
    const char *file = bank_text(k, "%s/out.csv", k->dir);
    assert_int_equal(export_watched(k, file, take_its_place, (void *)(uintptr_t)file), ST_FAILED);
    assert_string_equal(k->e.code, "export.write");
    assert_string_equal(
        bank_sql(k, "select group_concat(result || coalesce(' ' || code, ''), ', ') from (select * "
                    "from audit where operation = 'lead.export' order by id)"),
        "ok, failed export.write");
    assert_int_equal(files_beginning(k, ".out.csv"), 0);
}

static void what_a_killed_export_left_is_swept(void **state)
{
    struct bank *k = *state;
    static const struct timespec long_ago[2] = { { .tv_sec = 1000000000 }, { .tv_sec = 1000000000 } };
    const char *file = bank_text(k, "%s/out.csv", k->dir), *kept = bank_file(k, ".out.csv.12-x", "not ours");
    const char *other = bank_file(k, ".other.csv.12-0", "another's");
    const char *left = bank_file(k, ".out.csv.12-0", "left"),
               *held = bank_file(k, ".out.csv.13-0", "being written");
    struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
    int fd = open(held, O_RDWR);
    assert_int_equal(fcntl(fd, F_OFD_SETLK, &lock), 0);
    bank_do(k, "lead.export", bank_text(k, "{\"file\":\"%s\"}", file));
    assert_true(file_there(left));           /* so young that its writer may not have locked it yet */
    assert_int_equal(utimensat(AT_FDCWD, left, long_ago, 0), 0);
    assert_int_equal(utimensat(AT_FDCWD, held, long_ago, 0), 0);
    bank_do(k, "lead.export", bank_text(k, "{\"file\":\"%s\"}", file));
    assert_false(file_there(left));
    assert_true(file_there(held) && file_there(kept) && file_there(other));
    close(fd);
}
#define with_bank(f) cmocka_unit_test_setup_teardown(f, bank_setup, bank_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        with_bank(rejects_replace_nothing_else),
        with_bank(rejects_never_replace_database_or_key),
        with_bank(a_folder_that_takes_no_rejects_is_told_at_once),
        with_bank(an_export_is_masked_guarded_and_recorded),
        with_bank(an_export_is_recorded_before_it_is_there),
        with_bank(an_export_that_cannot_be_put_in_place_says_so),
        with_bank(what_a_killed_export_left_is_swept),
        with_bank(an_export_is_in_the_order_of_ids),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
