/* test_golden.c - how every screen and dialog of the console looks: in both languages, at three sizes, in
 * colour and in mono.
 *
 * A row below is a screen: who sees it, where, and the keys that lead there. Its pictures are
 * tests/screens/golden/NAME/SIZE-LANGUAGE.txt (vt.h says how to read them). Clocks stand; a row that writes
 * gets a fresh copy of the bank each time.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "tests/screens/viewbank.h"

#define CLERK "10203847"                /* SHEN has work in hand */
#define NEWCOMER "10203911"             /* ZHAO has none, and a password */
#define BOSS "10200001"                 /* CHIEF */
#define OFFICER "runner"
#define MAKER "10200002"                /* who may make tags, too */
#define PASSWORD "Kaffee-2026"
#define MONO_START 1000000              /* where clock_mono() stands */

struct row {
    const char *name, *who, *view, *keys;
    bool no_bank;
    bool writes;                        /* the bank is another one afterwards */
    bool loading;                       /* as it stands before any data came */
    bool same;                          /* but for a few words another row's: not at the largest size */
    int cols, rows;                     /* this size only */
    void (*before)(void);               /* what else the bank needs */
    void (*then)(struct screen *s);     /* after the keys */
    struct app_options o;               /* more about the console */
};

/* ---- what some rows need ------------------------------------------------------------------------------ */

static char root[1000];

static void give_tags(void)
{
    OP(OWNER, "tag.create", "code", "vip", "name", "贵宾");
    OP(OWNER, "tag.create", "code", "cold", "name", "陌拜");
    OP(OWNER, "tag.create", "code", "event", "name", "理财沙龙");
}

static void give_maker(void)
{
    OP(OWNER, "employee.create", "code", MAKER, "name", "林知夏", "branch", "LJZ");
    OP(OWNER, "account.create", "code", MAKER, "employee", MAKER, "roles", "supervisor,config");
}

static void give_many_products(void)
{
    for (int i = 0; i < 12; i++)
        OP(OWNER, "product.create", "code", arena_printf(&views_bank.mem, "p%02d", i), "name",
           arena_printf(&views_bank.mem, "理财%02d号", i));
}

static void give_many_leads(void)
{
    for (int i = 0; i < 21; i++)
        OP(BOSS, "lead.create", "name", arena_printf(&views_bank.mem, "客户%02d", i), "branch", "LJZ", "pool",
           "retail");
}

static void give_filters(void)
{
    OP(CLERK, "filter.create", "name", "高意向", "noun", "leads", "condition", "intent = high and score > 60");
    OP(BOSS, "filter.create", "name", "快要退回", "noun", "leads", "condition", "left_at within next 24h",
       "sharing", "branch");
    OP(CLERK, "filter.create", "name", "理财没联系", "noun", "leads", "condition",
       "product = wealth and not (did follow_up at least 1 times in 30d)");
}

static void give_task(void)
{
    OP(CLERK, "task.create", "subject", "把上周的回访记录交给顾南", "due_at", "2026-11-24 09:30");
}

/* More than a small screen shows of a group. */
static void give_many_tasks(void)
{
    for (int i = 0; i < 9; i++)
        OP(CLERK, "task.create", "subject", arena_printf(&views_bank.mem, "回访 %d 号客户", i + 1), "due_at",
           arena_printf(&views_bank.mem, "2026-11-24 %02d:15", 9 + i));
}

static void file_of(const char *name, const char *text)
{
    FILE *f = fopen(arena_printf(&views_bank.mem, "%s/%s", views_bank.dir, name), "w");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
    assert_int_equal(chdir(views_bank.dir), 0);
    unlink("spring.csv.rejects.csv");
}

static void give_file(void)
{
    file_of("spring.csv", "客户姓名,手机,产品,渠道名,备注\n"
                          "古丽娜尔,19900002764,card,web,网点沙龙\n"
                          "孙思齐,1.38E+10,loan,web,\n"
                          "许诺,13612345678,wealth,app,\n"
                          "赵婉君,13800001234,wealth,app,重复\n");
}

static void give_clean_file(void)
{
    file_of("spring.csv", "name,phone,product\n古丽娜尔,19900002764,card\n许诺,13612345678,wealth\n");
}

/* More than a list of them would help. */
static void give_many_colleagues(void)
{
    struct buf csv = BUF_INIT;
    buf_adds(&csv, "code,name,branch\n");
    for (int i = 0; i < 500; i++)
        buf_addf(&csv, "20%06d,同事%03d,LJZ\n", i, i);
    file_of("colleagues.csv", csv.s);
    OP(OWNER, "employee.import", "file", arena_printf(&views_bank.mem, "%s/colleagues.csv", views_bank.dir));
    buf_release(&csv);
}

static void paint(struct screen *s)
{
    ui_redraw(s->app->ui);
    ui_paint(s->app->ui);
    vt_sync(s->vt);
}

static void press(struct screen *s, const char *script)
{
    const char *bad = NULL;
    if (!ui_keys(s->app->ui, script, &bad))
        fail_msg("no such key: %s", bad);
    ui_run_until_idle(s->app->ui);
    vt_sync(s->vt);
}

static void input_now(struct screen *s, int key)
{
    ui_input(s->app->ui, &(struct input){ .kind = INPUT_KEY, .key = key });
}

/* The import waits behind another writer; a second and a half pass. */
static int turn_fd = -1;

static void other_writes(struct screen *s)
{
    struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
    turn_fd = open(arena_printf(&views_bank.mem, "%s-lock", views_bank.db),
                   O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    assert_int_equal(fcntl(turn_fd, F_OFD_SETLKW, &whole), 0);
    input_now(s, K_ENTER);
    clock_mono_set(MONO_START + 1500);
    paint(s);
}

static void other_wrote(struct screen *s)
{
    other_writes(s);
    close(turn_fd);
    turn_fd = -1;
    ui_run_until_idle(s->app->ui);
    vt_sync(s->vt);
}

/* The database is broken under the running console; what is on the screen is read anew. */
static void broken(struct screen *s)
{
    sqlite3 *db;
    assert_int_equal(sqlite3_open(views_bank.db, &db), SQLITE_OK);
    assert_int_equal(
        sqlite3_exec(db,
                     "pragma writable_schema = on; update sqlite_schema set rootpage = 999999"
                     " where type = 'table' and name = 'lead'; pragma schema_version = 9999",
                     NULL, NULL, NULL),
        SQLITE_OK);
    sqlite3_close(db);
    press(s, "F5");
}

/* The path of a database that its users see. */
static void stand_beside(void)
{
    assert_int_equal(chdir(views_bank.dir), 0);
}

/* The file is gone when the first writer looks for it. */
static void gone(struct screen *s)
{
    unlink(views_bank.db);
    press(s, "c");
}

static void marked(struct screen *s)
{
    snprintf(s->app->watermark, sizeof s->app->watermark, "10203847  pts/4@ljz-07  2026-11-24");
    paint(s);
}

/* What waits for a rest of the keys has it. */
static void rested(struct screen *s)
{
    clock_mono_set(MONO_START + 1000);
    loop_wait(ui_loop(s->app->ui), 0);
    ui_run_until_idle(s->app->ui);
    vt_sync(s->vt);
}

/* The job has begun; nothing of it has come back. */
static void choose_demo(struct screen *s)
{
    input_now(s, '1');
    paint(s);
}

/* ---- the screens -------------------------------------------------------------------------------------- */

#define AT(n, w, v, k) .name = (n), .who = (w), .view = (v), .keys = (k)
#define NOWHERE .no_bank = true, .o.backend.url = "/nonexistent/bank/gonghai.db"

static const struct row screens[] = {
    { AT("home", CLERK, "home", "") },
    { AT("home-supervisor", BOSS, "home", "") },
    { AT("home-officer", OFFICER, "home", "") },
    { AT("home-loading", CLERK, "home", ""), .loading = true },
    { AT("home-message", CLERK, "home", "BTab Enter"), .writes = true },
    { AT("home-task", CLERK, "home", "Down Enter"), .writes = true, .before = give_task },
    { AT("home-many", CLERK, "home", "Down Down Down Down"), .writes = true, .before = give_many_tasks },
    { AT("home-names-hidden", CLERK, "home", "F9"), .same = true },
    { AT("home-keybar", CLERK, "home", ""), .o.keybar = true },
    { AT("home-large", CLERK, "home", ""), .o.large = true },
    { AT("home-watermark", CLERK, "home", ""), .then = marked, .o.watermark = true, .same = true },
    { AT("home-broken", CLERK, "home", ""), .writes = true, .then = broken },
    { AT("home-scan-unknown", CLERK, "home", "scan:690123"), .same = true },

    { AT("leads-pool", CLERK, "leads", "") },
    { AT("leads-mine", CLERK, "leads", "Tab") },
    { AT("leads-branch", CLERK, "leads", "Tab Tab") },
    { AT("leads-all", BOSS, "leads", "Tab Tab Tab") },
    { AT("leads-refused", OFFICER, "leads", "") },
    { AT("leads-loading", CLERK, "leads", ""), .loading = true },
    { AT("leads-read-only", CLERK, "leads", "c"), .o.backend.read_only = true, .same = true },
    { AT("leads-pane-closed", CLERK, "leads", "d") },
    { AT("leads-names-hidden", CLERK, "leads", "F9"), .same = true },
    { AT("leads-keybar", CLERK, "leads", ""), .o.keybar = true },
    { AT("leads-large", CLERK, "leads", ""), .o.large = true },
    { AT("leads-watermark", CLERK, "leads", ""), .then = marked, .o.watermark = true,
      .same = true },
    { AT("leads-broken", CLERK, "leads", ""), .writes = true, .then = broken },
    { AT("leads-gone", CLERK, "leads", ""), .writes = true, .before = stand_beside, .then = gone,
      .o.backend.url = "t.db", .same = true },
    { AT("leads-filter-bar", CLERK, "leads", "/") },
    { AT("leads-filter-typed", CLERK, "leads", "/ text:intent_=_high_and_score_>_60"),
      .then = rested, .same = true },
    { AT("leads-filter-unfinished", CLERK, "leads", "/ text:score_>_60_and_stage_="),
      .then = rested, .same = true },
    { AT("leads-filter-fields", CLERK, "leads", "/ Tab Down Down") },
    { AT("leads-filter-values", CLERK, "leads", "/ text:intent_=_high_and_product_=_"), .then = rested },
    { AT("leads-filter-cost", CLERK, "leads", "Tab Tab Tab / text:意向_=_高_and_gender_=_f"),
      .then = rested },
    { AT("leads-filter-save", CLERK, "leads", "/ text:intent_=_high F2 text:Hot"), .same = true },
    { AT("leads-filter-saved", CLERK, "leads", "S Down"), .writes = true, .before = give_filters },
    { AT("leads-filter-choose", CLERK, "leads", "B text:product Enter 1") },
    { AT("leads-filter-parts", CLERK, "leads", "/ text:intent_=_high_and_score_>_60 Enter \\ Left") },
    { AT("leads-filter-error", CLERK, "leads", "/ text:intnt_=_high Enter"), .same = true },
    { AT("leads-filtered", CLERK, "leads", "/ text:intent_=_high_and_score_>_60 Enter") },
    { AT("leads-filtered-none", CLERK, "leads", "/ text:score_>_100 Enter") },
    { AT("leads-sort", CLERK, "leads", "o") },
    { AT("leads-columns", CLERK, "leads", "C Down Space Down ] +") },
    { AT("leads-marked", CLERK, "leads", "Space Space Space") },

    { AT("lead", CLERK, "leads", "Tab Enter") },
    { AT("lead-talked-to", CLERK, "leads", "Tab Down Enter") },
    { AT("lead-names-hidden", CLERK, "leads", "Tab Enter F9"), .same = true },

    { AT("follow-up", CLERK, "leads", "Tab f") },
    { AT("follow-up-chosen", CLERK, "leads", "Tab Down f 7 text:太太一起来定 Tab text:+3 Tab") },
    { AT("follow-up-lacking", CLERK, "leads", "Tab f Enter"), .same = true },
    { AT("follow-up-past", CLERK, "leads", "Tab f 1 Tab text:2026-11-20 Enter"), .writes = true,
      .same = true },
    { AT("follow-up-saved", CLERK, "leads", "Tab f 1 Tab text:+3 Enter"), .writes = true,
      .same = true },
    { AT("follow-up-dropped", CLERK, "leads", "Tab f 7 text:太太一起来定 Esc"), .same = true },
    { AT("claimed", CLERK, "leads", "c"), .writes = true, .same = true },
    { AT("claimed-marked", CLERK, "leads", "Space Space Space c"), .writes = true, .same = true },
    { AT("claim-many", CLERK, "leads",
         "Space Space Space Space Space Space Space Space Space Space Space Space Space Space "
         "Space Space Space"
         " Space Space Space Space Space c"),
      .writes = true, .before = give_many_leads },
    { AT("undone", CLERK, "leads", "c u"), .writes = true, .same = true },
    { AT("assign", BOSS, "leads", "a") },
    { AT("assign-narrowed", BOSS, "leads", "a text:赵"), .same = true },
    { AT("assign-among-many", BOSS, "leads", "a text:赵"), .writes = true,
      .before = give_many_colleagues, .same = true },
    { AT("assigned", BOSS, "leads", "a text:赵磊 Enter"), .writes = true, .same = true },
    { AT("return", CLERK, "leads", "Tab x") },
    { AT("return-ask", CLERK, "leads", "Tab x 2 Enter") },
    { AT("returned", CLERK, "leads", "Tab x 2 Enter Right Enter"), .writes = true, .same = true },
    { AT("win", CLERK, "leads", "Tab w") },
    { AT("win-wrong", CLERK, "leads", "Tab w text:many Enter"), .same = true },
    { AT("won", CLERK, "leads", "Tab w text:30万 Enter"), .writes = true, .same = true },
    { AT("lose", CLERK, "leads", "Tab l") },
    { AT("lose-ask", CLERK, "leads", "Tab l 1 Enter") },
    { AT("lost", CLERK, "leads", "Tab l 1 Enter Right Enter"), .writes = true, .same = true },
    { AT("tags", BOSS, "leads", "t text:vip Enter t"), .writes = true, .before = give_tags },
    { AT("tags-none", BOSS, "leads", "t"), .same = true },
    { AT("tag-new", MAKER, "leads", "t Enter"), .writes = true, .before = give_maker,
      .same = true },
    { AT("tagged", BOSS, "leads", "t text:vip Enter"), .writes = true, .before = give_tags,
      .same = true },
    { AT("reveal", CLERK, "leads", "Tab v") },
    { AT("reveal-ask", CLERK, "leads", "Tab v 1 Enter") },
    { AT("revealed", CLERK, "leads", "Tab v 1 Enter y"), .writes = true },
    { AT("explain", CLERK, "leads", "/ text:score_>_60_and_(intent_=_high_or_owner_is_set) Enter e") },
    { AT("explain-missed", BOSS, "leads", "Tab Tab Tab e c text:not_(stage_=_new_or_score_<_40)_and_"
         "every_follow\\_ups_(result_=_reached)_and_left\\_at_within_next_24h_and_branch_under_LJZ_"
         "and_name_matches_\"周*\" "
         "Enter") },
    { AT("explain-none", CLERK, "leads", "e"), .same = true },
    { AT("explain-wrong", CLERK, "leads", "e c text:scor_>_1 Enter"), .same = true },
    { AT("explain-names-hidden", CLERK, "leads", "F9 e c text:name_is_set Enter"), .same = true },
    { AT("copied", CLERK, "leads", "Tab y"), .same = true },

    { AT("create", CLERK, "leads", "n") },
    { AT("create-free", CLERK, "leads", "n text:13612345678 Tab text:许诺 Tab 2 1 1 1"),
      .same = true },
    { AT("create-taken", CLERK, "leads", "n text:13800001234"), .same = true },
    { AT("create-lacking", CLERK, "leads", "n text:136 Tab Enter"), .same = true },
    { AT("create-many-products", CLERK, "leads", "n text:13612345678 Tab Tab text:0"),
      .writes = true, .before = give_many_products, .same = true },
    { AT("created", CLERK, "leads", "n text:13612345678 Tab text:许诺 Tab 2 1 1 1 Enter"),
      .writes = true, .same = true },

    { AT("import", BOSS, "leads", "i") },
    { AT("import-no-file", BOSS, "leads", "i text:nowhere.csv Enter"), .same = true },
    { AT("import-columns", BOSS, "leads", "i text:spring.csv Enter"), .before = give_file },
    { AT("import-dry-run", BOSS, "leads", "i text:spring.csv Enter F5"), .before = give_file,
      .writes = true },
    { AT("import-ask", BOSS, "leads", "i text:spring.csv Enter Tab u Enter"), .before = give_file },
    { AT("import-wrong-map", BOSS, "leads", "i text:spring.csv Enter C-u text:name=nobody Enter"),
      .before = give_file, .writes = true, .same = true },
    { AT("import-running", BOSS, "leads", "i text:spring.csv Enter"), .before = give_file,
      .writes = true, .then = other_writes },
    { AT("import-done", BOSS, "leads", "i text:spring.csv Enter"), .before = give_file,
      .writes = true, .then = other_wrote },
    { AT("import-all-taken", BOSS, "leads", "i text:spring.csv Enter"), .before = give_clean_file,
      .writes = true, .then = other_wrote, .same = true },

    { AT("help-home", CLERK, "home", "?") },
    { AT("help-leads", CLERK, "leads", "?") },
    { AT("help-lead", CLERK, "leads", "Tab Enter ?") },
    { AT("help-narrowed", CLERK, "leads", "? text:lead.f") },
    { AT("help-none", CLERK, "leads", "? text:zzz"), .same = true },
    { AT("palette", CLERK, "leads", ":") },
    { AT("palette-narrowed", CLERK, "leads", ": text:20") },
    { AT("palette-none", CLERK, "leads", ": text:zzz"), .same = true },
    { AT("messages-none", CLERK, "home", "M"), .same = true },
    { AT("messages", CLERK, "leads", "c Down a Tab f Esc F5 M"), .writes = true },
    { AT("lock", CLERK, "leads", "L") },
    { AT("lock-password", NEWCOMER, "leads", "L text:abc") },
    { AT("lock-wrong", NEWCOMER, "leads", "L text:abc Enter"), .same = true },
    { AT("too-small", CLERK, "leads", ""), .cols = 38, .rows = 9 },
};

static const struct row bare_screens[] = {
    { AT("home-nothing", NEWCOMER, "home", "") },
    { AT("leads-pool-empty", NEWCOMER, "leads", "") },
    { AT("leads-mine-empty", NEWCOMER, "leads", "Tab") },
    { AT("leads-branch-empty", BOSS, "leads", "Tab Tab") },
    { AT("first", NULL, NULL, ""), NOWHERE },
    { AT("first-elsewhere", NULL, NULL, "3"), NOWHERE },
    { AT("first-not-there", NULL, NULL, "3 text:/nonexistent/other.db Enter"), NOWHERE },
    { AT("first-refused", NULL, NULL, "2"), NOWHERE, .same = true },
    { AT("first-making", NULL, NULL, ""), NOWHERE, .then = choose_demo },
};

/* ---- their pictures ----------------------------------------------------------------------------------- */

enum { SIZES = 3 };
static const struct { int cols, rows; } sizes[SIZES] = { { 80, 24 }, { 120, 40 }, { 200, 60 } };

/* The clock of seconds stands only while a screen is up: what comes before may have to wait for something. */
static void open_row(const struct row *r, struct screen *s, const char *lang, int cols, int rows)
{
    struct app_options o = r->o;
    if (!r->no_bank) {
        o.backend.url = o.backend.url ? o.backend.url : views_bank.db;
        o.backend.keys_dir = views_bank.keys;
        o.backend.as = r->who;
    }
    o.lang = lang;
    o.cols = cols;
    o.rows = rows;
    if (r->before)
        r->before();
    clock_mono_set(MONO_START);
    start_screen(s, r->view, &o);
    if (r->loading)
        paint(s);
    else
        press(s, r->keys);
    if (r->then)
        r->then(s);
}

static void close_row(const struct row *r, struct screen *s)
{
    clock_mono_set(NONE);
    if (turn_fd >= 0)
        close(turn_fd);
    turn_fd = -1;
    close_screen(s);
    assert_int_equal(chdir(root), 0);
    if (r->writes)
        put_bank_back();
}

static bool picture(const struct row *r, const char *lang, int cols, int rows)
{
    static struct screen s;
    struct err e = { 0 };
    struct buf look = BUF_INIT;
    char name[100];
    open_row(r, &s, lang, cols, rows);
    vt_look(s.vt, NULL, &look);
    assert_int_equal(ui_set_theme(s.app->ui, "mono", &e), ST_OK);
    paint(&s);
    vt_look(s.vt, "mono", &look);
    if (vt_bad(s.vt))
        fail_msg("%s", vt_bad(s.vt));
    close_row(r, &s);
    snprintf(name, sizeof name, "%s/%dx%d-%s", r->name, cols, rows, *lang == 'z' ? "zh" : "en");
    bool same = golden_same(name, look.s);
    buf_release(&look);
    return same;
}

static void looks_as_agreed(void **state)
{
    const struct row *r = *state;
    int wrong = 0;
    for (int lang = 0; lang < 2; lang++)
        for (size_t i = 0; i < (r->cols ? 1 : r->same ? SIZES - 1 : SIZES); i++)
            wrong += !picture(r, lang ? "en" : "zh_CN", r->cols ? r->cols : sizes[i].cols,
                              r->rows ? r->rows : sizes[i].rows);
    assert_int_equal(wrong, 0);
}

static int left_open(void **state)
{
    (void)state;
    clock_mono_set(NONE);
    close_left_open();
    return chdir(root);
}

static int full_bank(void **state)
{
    open_bank(state);
    OP(NEWCOMER, "account.password", "password", PASSWORD);
    keep_bank();
    return 0;
}

static int bare_bank(void **state)
{
    open_bare_bank(state);
    keep_bank();
    return 0;
}

static int run_rows(const char *name, const struct row *rows, size_t n, int (*bank)(void **state))
{
    struct CMUnitTest *tests = xcalloc(n, sizeof *tests);
    for (size_t i = 0; i < n; i++)
        tests[i] = (struct CMUnitTest){ rows[i].name, looks_as_agreed, NULL, left_open,
                                        (void *)(uintptr_t)&rows[i] };
    int failed = _cmocka_run_group_tests(name, tests, n, bank, close_bank);
    free(tests);
    return failed;
}

int main(void)
{
    if (!getcwd(root, sizeof root))
        return 1;
    if (access("/dev/shm", W_OK) == 0)
        setenv("TMPDIR", "/dev/shm", 0);        /* hundreds of banks: no disk need keep them */
    return run_rows("screens", screens, sizeof screens / sizeof *screens, full_bank) +
           run_rows("screens without data", bare_screens,
                    sizeof bare_screens / sizeof *bare_screens, bare_bank);
}
