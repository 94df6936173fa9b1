/* A dry run says what the real run then does, whatever the mode; it takes no lock and changes nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "core/data/import.h"
#include "core/model/record.h"
#include "tests/contract/bank.h"

/* ---- one run ------------------------------------------------------------------------------------------ */

struct watch {
    int steps;
    struct bank *k;
    bool hold;              /* another connection writes from the first step on to the third */
    atomic_bool stop;       /* set after the first step if `cancel` */
    bool cancel;
};

static void after_step(void *arg, int64_t done, int64_t total)
{
    struct watch *w = arg;
    (void)done;
    (void)total;
    w->steps++;
    if (w->hold && w->steps == 1)
        assert_int_equal(db_begin(w->k->raw.db, NULL), ST_OK);
    if (w->hold && w->steps == 3) {
        w->hold = false;
        db_rollback(w->k->raw.db);
    }
    if (w->cancel)
        atomic_store(&w->stop, true);
}

/* "rows created updated skipped rejected first_code", or the refusal's code. */
static const char *take(struct bank *k, const char *kind, const struct import_in *given, struct watch *w)
{
    const struct op *op = op_find(bank_text(k, "%s.import", kind));
    struct import_in *in = record_new(op->in, &k->arena);
    struct import_out out;
    struct call c = { .op = op, .in = in, .progress = after_step, .progress_arg = w, .cancel = &w->stop };
    *in = *given;
    if (backend_call(k->b, &c, &k->arena, &out, &k->e))
        return arena_strdup(&k->arena, k->e.code);
    return bank_text(k, "%lld %lld %lld %lld %lld %s", (long long)out.rows, (long long)out.created,
                     (long long)out.updated, (long long)out.skipped, (long long)out.rejected,
                     out.first_code ? out.first_code : "");
}

/* All that an import could leave behind, the audit aside. */
static const char *fingerprint(struct bank *k)
{
    static const char *const tables[] = { "lead", "person", "branch", "employee", "channel", "product",
                                          "custom_field", "deal", "event", "import", "task", "account" };
    struct buf b = BUF_INIT;
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        buf_addf(&b, "%s ", bank_sql(k, bank_text(k, "select count(*) || '/' || coalesce(sum(version), 0) "
                                                 "|| '/' || coalesce(max(id), 0) from %s", tables[i])));
    buf_adds(&b, bank_sql(k, "select count(*) || '/' || (select count(*) from lead_x) || '/' || (select "
                             "group_concat(name || value) from counter where name <> 'audit') || '/' || "
                             "(select count(*) from import_reject) from lead_gram"));
    const char *text = arena_strdup(&k->arena, b.s);
    buf_release(&b);
    return text;
}

/* Tries a file and then takes it: the same counts, and nothing changed between. Number of steps of
 * the try. */
static int same_as_real(struct bank *k, const char *kind, struct import_in in)
{
    struct watch try = { 0 }, real = { 0 };
    in.again = 1;
    in.dry_run = 1;
    const char *before = fingerprint(k), *said = take(k, kind, &in, &try);
    assert_string_equal(fingerprint(k), before);
    in.dry_run = 0;
    const char *did = take(k, kind, &in, &real);
    if (strcmp(said, did) != 0)
        fail_msg("%s %s, on a duplicate %s: tried %s, did %s", kind, in.mode, in.on_duplicate, said, did);
    assert_string_equal(bank_sql(k, "pragma integrity_check"), "ok");
    return try.steps;
}

/* ---- files by chance ---------------------------------------------------------------------------------- */

static uint64_t dice = 20261122;

static const char *one_of(const char *const *words, size_t n)
{
    dice = dice * 6364136223846793005u + 1442695040888963407u;
    return words[(dice >> 33) % n];
}
#define ONE_OF(words) one_of(words, sizeof words / sizeof *words)

static const char *const ids[] = { "", "x1", "x2", "x3", "x4", "x5", "x6" };
static const char *const phones[] = { "",
                                      "",
                                      "",
                                      "13800000001",
                                      "13800000002",
                                      "138 0000 0003",
                                      "13800000004",
                                      "13800000001",
                                      "13800000005",
                                      "12" };
static const char *const products[] = { "", "", "card", "loan", "card", "loan", "card", "nosuch" };
static const char *const channels[] = { "", "web", "new one", "New One", "other new" };
static const char *const owners[] = { "", "", "101", "fresh" };
static const char *const stages[] = { "", "", "", "", "", "", "lost", "lost", "won" };
static const char *const branches[] = { "", "N1", "S" };
static const char *const scores[] = { "", "", "5", "", "7", "", "", "500" };
static const char *const emails[] = { "", "", "a@x.cn", "b@x.cn" };

/* Rows of a few keys, far apart: between two of them stand so many that are new each time. */
static const char *leads_by_chance(struct bank *k, int turn, int rows, int between)
{
    struct buf b = BUF_INIT;
    buf_adds(&b, "external_id,phone,product,channel,owner,stage,branch,score,email,name\n");
    for (int i = 0; i < rows; i++) {
        buf_addf(&b, "%s,%s,%s,%s,%s,", ONE_OF(ids), ONE_OF(phones), ONE_OF(products), ONE_OF(channels),
                 ONE_OF(owners));
        buf_addf(&b, "%s,%s,%s,%s,n%d\n", ONE_OF(stages), ONE_OF(branches), ONE_OF(scores),
                 ONE_OF(emails), i % 7);
        for (int n = 0; n < between; n++)
            buf_addf(&b, "t%d-%d-%d,,,,,,,,,Filler\n", turn, i, n);
    }
    const char *path = bank_file(k, bank_text(k, "leads%d.csv", turn), b.s);
    buf_release(&b);
    return path;
}

static const char *const modes[] = { "create", "update", "upsert" };
static const char *const duplicates[] = { "skip", "update", "error" };

static void seed(struct bank *k)
{
    bank_do(k, "lead.create", "{\"external_id\":\"x1\",\"phone\":\"13800000001\",\"product\":\"card\"}");
    bank_do(k, "lead.create", "{\"external_id\":\"x2\",\"phone\":\"13800000002\",\"branch\":\"S\"}");
    bank_do(k, "lead.create", "{\"name\":\"No id\",\"phone\":\"13800000004\",\"product\":\"loan\"}");
    const char *lost = bank_do(k, "lead.create", "{\"external_id\":\"x4\",\"phone\":\"13800000003\","
                                                 "\"owner\":\"101\"}");
    bank_do(k, "lead.lose", bank_text(k, "{\"id\":\"%s\",\"reason\":\"gone\"}", bank_get(k, lost, "id")));
}

static void every_mode_by_chance(struct bank *k, int turns, int rows, int between, const char *login)
{
    int most = 0;
    for (int turn = 0; turn < turns * 9; turn++) {
        const char *file = leads_by_chance(k, turn, rows, between);
        bank_as(k, login);
        int steps = same_as_real(k, "lead", (struct import_in){
            .file = file, .mode = modes[turn % 3], .on_duplicate = duplicates[turn / 3 % 3],
            .create_missing = turn % 2 });
        most = steps > most ? steps : most;
    }
    if (between)
        assert_true(most > 3);          /* duplicates did stand in different steps */
}

static void leads_as_in_the_real_run(void **state)
{
    struct bank *k = *state;
    seed(k);
    every_mode_by_chance(k, 4, 30, 0, NULL);
}

static void leads_far_apart_as_in_the_real_run(void **state)
{
    struct bank *k = *state;
    seed(k);
    every_mode_by_chance(k, 1, 24, 40, NULL);
}

static void leads_of_a_branch_as_in_the_real_run(void **state)
{
    struct bank *k = *state;
    seed(k);
    every_mode_by_chance(k, 1, 30, 0, "300");
}

/* Into an empty table the real run is a bulk load. */
static void a_first_load_as_in_the_real_run(void **state)
{
    struct bank *k = *state;
    same_as_real(k, "lead", (struct import_in){ .file = leads_by_chance(k, 0, 60, 1), .mode = "upsert",
                                                .on_duplicate = "update", .create_missing = 1 });
}

static const char *const lead_words[] = { "x1", "x2", "x3", "x4", "nosuch", "2" };
static const char *const days[] = { "2026-01-02", "" };

static void deals_as_in_the_real_run(void **state)
{
    struct bank *k = *state;
    seed(k);
    for (int turn = 0; turn < 6; turn++) {
        struct buf b = BUF_INIT;
        buf_adds(&b, "lead,won_at,amount,owner,attr.sdr\n");
        for (int i = 0; i < 6; i++)
            buf_addf(&b, "%s,%s,%d,%s,s\n", ONE_OF(lead_words), ONE_OF(days), i, ONE_OF(owners));
        bank_do(k, "lead.create", bank_text(k, "{\"external_id\":\"y%d\"}", turn));
        buf_addf(&b, "y%d,2026-02-03,1,,\ny%d,2026-02-03,1,,\n", turn, turn);
        const char *file = bank_file(k, bank_text(k, "d%d.csv", turn), b.s);
        buf_release(&b);
        same_as_real(k, "deal",
                     (struct import_in){ .file = file,
                                         .mode = "create",
                                         .on_duplicate = duplicates[turn % 3],
                                         .create_missing = 1 });
    }
}

static const char *const codes[] = { "web", "c1", "C1", "c2", "101", "400", "N", "N1", "S", "" };
static const char *const flags[] = { "1", "0", "" };
static const char *const states[] = { "active", "left", "" };
static const char *const parents[] = { "HQ", "N", "c1", "nosuch" };

static void plain_nouns_as_in_the_real_run(void **state)
{
    static const char *const kinds[] = { "channel", "branch", "employee", "product" };
    struct bank *k = *state;
    seed(k);
    bank_do(k, "lead.create", "{\"external_id\":\"x9\",\"owner\":\"101\",\"branch\":\"N1\"}");
    for (int turn = 0; turn < 36; turn++) {
        const char *kind = kinds[turn % 4];
        struct buf b = BUF_INIT;
        buf_addf(&b, "code,name,%s\n", turn % 4 == 0 || turn % 4 == 3 ? "active" : turn % 4 == 1
                 ? "active,parent" : "status,branch");
        for (int i = 0; i < 8; i++) {
            buf_addf(&b, "%s,Name %d,%s", ONE_OF(codes), i, turn % 4 == 2 ? ONE_OF(states) : ONE_OF(flags));
            buf_addf(&b, "%s%s\n", turn % 4 == 1 || turn % 4 == 2 ? "," : "",
                     turn % 4 == 1 ? ONE_OF(parents) : turn % 4 == 2 ? ONE_OF(branches) : "");
        }
        const char *file = bank_file(k, bank_text(k, "n%d.csv", turn), b.s);
        buf_release(&b);
        same_as_real(k, kind, (struct import_in){ .file = file, .mode = modes[turn / 4 % 3],
                                                  .on_duplicate = duplicates[turn / 12 % 3] });
    }
}

/* ---- its steps ---------------------------------------------------------------------------------------- */

static void others_write_while_it_runs(void **state)
{
    struct bank *k = *state;
    seed(k);
    struct watch w = { .k = k, .hold = true };
    struct import_in in = { .file = leads_by_chance(k, 0, 24, 100), .mode = "upsert", .dry_run = 1 };
    alarm(60);                          /* a step that waits for the lock would wait for ever */
    take(k, "lead", &in, &w);
    alarm(0);
    assert_int_equal(k->e.status, ST_OK);
    assert_false(w.hold);
}

static void it_can_be_stopped_and_is_recorded(void **state)
{
    struct bank *k = *state;
    seed(k);
    const char *before = fingerprint(k);
    struct watch w = { .cancel = true };
    struct import_in in = { .file = leads_by_chance(k, 0, 24, 100), .mode = "upsert", .dry_run = 1 };
    assert_string_equal(take(k, "lead", &in, &w), "cancelled");
    assert_string_equal(fingerprint(k), before);
    assert_int_equal(w.steps, 1);
    assert_string_equal(bank_sql(k, "select result || ' ' || code from audit where detail like "
                                    "'%\"dry_run\":true%'"), "failed cancelled");
    assert_int_equal(access(bank_text(k, "%s.rejects.csv", in.file), F_OK), -1);
}

#define with_bank(f) cmocka_unit_test_setup_teardown(f, bank_setup, bank_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        with_bank(leads_as_in_the_real_run),
        with_bank(leads_far_apart_as_in_the_real_run),
        with_bank(leads_of_a_branch_as_in_the_real_run),
        with_bank(a_first_load_as_in_the_real_run),
        with_bank(deals_as_in_the_real_run),
        with_bank(plain_nouns_as_in_the_real_run),
        with_bank(others_write_while_it_runs),
        with_bank(it_can_be_stopped_and_is_recorded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
