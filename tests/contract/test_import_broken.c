/* Imports that are broken off, killed or raced, or whose file grows: nothing is lost or taken twice. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/api/sentence.h"
#include "core/data/import.h"
#include "tests/contract/importing.h"

enum { MANY = 1500, REFUSED = 5 };

/* Imports with `progress` called after each step. */
static enum status import_watched(struct bank *k, const char *file,
                                  void (*progress)(void *, int64_t, int64_t), void *arg,
                                  const atomic_bool *cancel)
{
    const struct op *op = op_find("lead.import");
    struct import_in *in = record_new(op->in, &k->arena);
    struct import_out out;
    in->file = file;
    struct call c = { .op = op, .in = in, .progress = progress, .progress_arg = arg, .cancel = cancel };
    return backend_call(k->b, &c, &k->arena, &out, &k->e);
}

static void stop_it(void *flag, int64_t done, int64_t total)
{
    (void)total;
    if (done >= 5)
        atomic_store((atomic_bool *)flag, true);
}

/* After the step that refused the fifth row. */
static void break_off(struct bank *k, const char *file)
{
    atomic_bool stop = false;
    assert_int_equal(import_watched(k, file, stop_it, &stop, &stop), ST_CANCELLED);
    int64_t rows = bank_sql_int(k, "select next_row from import order by id desc limit 1");
    assert_true(rows >= 5 && rows < MANY);
}

static void what_a_broken_import_refused_is_in_the_file(void **state)
{
    struct bank *k = *state;
    const char *file = many_rows(k, "a.csv", MANY, REFUSED), *rejects = bank_text(k, "%s.rejects.csv", file);
    break_off(k, file);
    assert_non_null(strstr(file_text(k, rejects), "m5,Name 5,12,phone.invalid,"));
    unlink(rejects);
    const char *reply = import_file(k, "lead", file, "");
    assert_string_equal(import_counts(k, reply), bank_text(k, "%d %d 0 0 1", MANY, MANY - 1));
    assert_string_equal(bank_get(k, reply, "rejects"), rejects);
    assert_non_null(strstr(file_text(k, rejects), "m5,Name 5,12,phone.invalid,"));
    assert_int_equal(bank_count(k, "name starts with \"Name\""), MANY - 1);
    assert_int_equal(bank_sql_int(k, "select count(*) from import_reject"), 0);
}

static void die(void *arg, int64_t done, int64_t total)
{
    (void)arg;
    (void)done;
    (void)total;
    kill(getpid(), SIGKILL);
}

/* Runs f in a process of its own, with a connection of its own. It ends with 0; 4 when another has
 * the import; else 1. */
static pid_t in_child(struct bank *k, void (*f)(struct bank *k, const char *file), const char *file)
{
    pid_t pid = fork();
    if (pid)
        return pid;
    bank_as(k, NULL);
    f(k, file);
    bool taken = strcmp(k->e.code, "import.running") == 0 || strcmp(k->e.code, "import.again") == 0;
    _exit(k->e.status == ST_OK ? 0 : taken ? 4 : 1);
}

static void import_and_die(struct bank *k, const char *file)
{
    import_watched(k, file, die, NULL, NULL);
}

static void import_in_full(struct bank *k, const char *file)
{
    err_clear(&k->e);
    import_watched(k, file, NULL, NULL, NULL);
}

/* SQLite's connections don't live through a fork: they are closed before, and opened in each process. */
static void close_bank(struct bank *k)
{
    backend_close(k->b);
    k->b = NULL;
    database_close(&k->raw);
}

static void open_bank(struct bank *k)
{
    assert_int_equal(database_open(k->path, k->keys, 0, &k->raw, &k->e), ST_OK);
    bank_as(k, NULL);
}

static void a_killed_import_loses_nothing_and_leaves_nothing(void **state)
{
    struct bank *k = *state;
    const char *file = many_rows(k, "a.csv", MANY, REFUSED);
    int how;
    close_bank(k);
    waitpid(in_child(k, import_and_die, file), &how, 0);
    assert_true(WIFSIGNALED(how));
    open_bank(k);
    assert_int_equal(files_beginning(k, ".a.csv"), 0);
    const char *reply = import_file(k, "lead", file, "");
    assert_string_equal(import_counts(k, reply), bank_text(k, "%d %d 0 0 1", MANY, MANY - 1));
    assert_non_null(strstr(file_text(k, bank_get(k, reply, "rejects")), "m5,Name 5,12,phone.invalid,"));
    assert_int_equal(bank_sql_int(k, "select count(*) from import"), 1);
    assert_int_equal(bank_count(k, "name starts with \"Name\""), MANY - 1);
}

static void two_processes_take_a_file_once(void **state)
{
    struct bank *k = *state;
    const char *file = many_rows(k, "a.csv", MANY, REFUSED);
    int how, done = 0;
    pid_t pid[2];
    close_bank(k);
    for (int i = 0; i < 2; i++)
        pid[i] = in_child(k, import_in_full, file);
    for (int i = 0; i < 2; i++) {
        waitpid(pid[i], &how, 0);
        assert_true(WIFEXITED(how) && (WEXITSTATUS(how) == 0 || WEXITSTATUS(how) == 4));
        done += WEXITSTATUS(how) == 0;
    }
    open_bank(k);
    assert_int_equal(done, 1);
    assert_int_equal(bank_count(k, "name starts with \"Name\""), MANY - 1);
    assert_string_equal(
        bank_sql(k, "select group_concat(state || ' ' || rows || ' ' || rejected) from import"),
        bank_text(k, "done %d 1", MANY));
}

/* Another console takes the import up while the first stands still between two steps. */
static void go_on_elsewhere(void *arg, int64_t done, int64_t total)
{
    struct { struct bank *k; const char *file; bool once; } *x = arg;
    struct bank other = *x->k;
    (void)done;
    (void)total;
    if (x->once)
        return;
    x->once = true;
    other.b = NULL;
    bank_as(&other, NULL);
    assert_string_equal(imported(&other, "lead", x->file, ""),
                        bank_text(&other, "%d %d 0 0 1", MANY, MANY - 1));
    backend_close(other.b);
    x->k->arena = other.arena;
}

static void who_lost_an_import_stops(void **state)
{
    struct bank *k = *state;
    struct {
        struct bank *k;
        const char *file;
        bool once;
    } x = { k, many_rows(k, "a.csv", MANY, REFUSED), false };
    assert_int_equal(import_watched(k, x.file, go_on_elsewhere, &x, NULL), ST_CONFLICT);
    assert_string_equal(k->e.code, "import.running");
    assert_int_equal(bank_count(k, "name starts with \"Name\""), MANY - 1);
    assert_string_equal(bank_sql(k, "select group_concat(state || ' ' || rows) from import"),
                        bank_text(k, "done %d", MANY));
    assert_non_null(strstr(file_text(k, bank_text(k, "%s.rejects.csv", x.file)), "m5,Name 5,12,"));
}

static void an_import_goes_on_as_it_began(void **state)
{
    struct bank *k = *state;
    const char *file = many_rows(k, "a.csv", MANY, REFUSED), *map = ",\"map\":\"external_id=external_id\"";
    break_off(k, file);
    assert_null(import_file(k, "lead", file, map));
    assert_string_equal(k->e.code, "import.other_options");
    assert_null(import_file(k, "lead", file, ",\"mode\":\"upsert\""));
    assert_string_equal(k->e.code, "import.other_options");
    int64_t took = bank_sql_int(k, "select created from import");
    assert_string_equal(imported(k, "lead", file, bank_text(k, "%s,\"again\":true", map)),
                        bank_text(k, "%d %lld 0 %lld 0", MANY, (long long)(MANY - took), (long long)took));
    assert_int_equal(bank_sql_int(k, "select count(*) from lead where name is null"), MANY - took);
}

static void add_a_row(void *path, int64_t done, int64_t total)
{
    (void)done;
    (void)total;
    FILE *f = fopen(path, "a");
    fputs("late,Late,\n", f);
    fclose(f);
}

static void a_file_that_grows_is_refused(void **state)
{
    struct bank *k = *state;
    const char *file = many_rows(k, "a.csv", MANY, REFUSED);
    assert_int_equal(import_watched(k, file, add_a_row, (void *)(uintptr_t)file, NULL), ST_FAILED);
    assert_string_equal(k->e.code, "import.changed");
    assert_int_equal(bank_count(k, "name = Late"), 0);
    assert_string_equal(bank_sql(k, "select state from import"), "failed");
}

static const char *growing;

static const char *grow(struct arena *a, const struct err *why)
{
    FILE *f = growing ? fopen(growing, "a") : NULL;
    for (int i = 0; f && i < 9; i++)
        fprintf(f, "late%d,Late,1380000000%d\n", i, i);
    if (f)
        fclose(f);
    growing = NULL;
    return arena_strdup(a, why->code);
}

static void a_file_that_grows_in_a_big_load_is_refused(void **state)
{
    struct bank *k = *state;
    const char *file = growing = bank_file(k, "a.csv", "external_id,name,phone\nm1,Ann,12\n");
    import_words(grow);
    assert_null(import_file(k, "lead", file, ""));
    import_words(sentence);
    assert_string_equal(k->e.code, "import.changed");
    assert_int_equal(bank_count(k, ""), 0);
    assert_false(file_there(bank_text(k, "%s.rejects.csv", file)));
    assert_string_equal(imported(k, "lead", file, ""), "10 9 0 0 1");
}

static void a_dry_run_says_what_would_come(void **state)
{
    struct bank *k = *state;
    const char *file = many_rows(k, "a.csv", MANY, REFUSED);
    break_off(k, file);
    int64_t took = bank_sql_int(k, "select created from import");
    assert_string_equal(imported(k, "lead", file, ",\"dry_run\":true"),
                        bank_text(k, "%d %lld 0 %lld 1", MANY, (long long)(MANY - took - 1),
                                  (long long)took));
    import_file(k, "lead", file, "");
    assert_null(import_file(k, "lead", file, ",\"dry_run\":true"));
    assert_string_equal(k->e.code, "import.again");
    assert_string_equal(imported(k, "lead", file, ",\"dry_run\":true,\"again\":true"),
                        bank_text(k, "%d 0 0 %d 1", MANY, MANY - 1));
    assert_int_equal(bank_sql_int(k, "select count(*) from audit where operation = 'lead.import' "
                                     "and result = 'ok' and detail like "
                                     "'%\"dry_run\":true%'"),
                     2);
}
#define with_bank(f) cmocka_unit_test_setup_teardown(f, bank_setup, bank_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        with_bank(what_a_broken_import_refused_is_in_the_file),
        with_bank(a_killed_import_loses_nothing_and_leaves_nothing),
        with_bank(two_processes_take_a_file_once),
        with_bank(who_lost_an_import_stops),
        with_bank(an_import_goes_on_as_it_began),
        with_bank(a_file_that_grows_is_refused),
        with_bank(a_file_that_grows_in_a_big_load_is_refused),
        with_bank(a_dry_run_says_what_would_come),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
