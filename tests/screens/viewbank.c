/* viewbank.c - see viewbank.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "core/api/init.h"
#include "core/model/record_text.h"
#include "tests/screens/viewbank.h"

/* ---- the bank ----------------------------------------------------------------------------------------- */

struct views_bank views_bank;

void at(const char *when)
{
    int64_t ms;
    assert_true(clock_parse(when, &ms, NULL));
    clock_set(ms);
}

static struct backend *backend_as(const char *who)
{
    static const char *const names[] = { OWNER, SHEN, ZHAO, CHIEF };
    int i = 0;
    while (who && (!names[i] || strcmp(names[i], who)))
        i++;
    struct backend_config config = views_bank.config;
    config.as = who;
    if (!views_bank.as[i] && backend_open(&config, &views_bank.as[i], &views_bank.e))
        fail_msg("%s: %s", who ? who : "owner", views_bank.e.code);
    return views_bank.as[i];
}

/* Calls an operation with fields given as name, text, ..., NULL; its record, or NULL with the error in
 * views_bank.e. */
void *try_op(const char *who, const char *name, ...)
{
    const struct op *op = op_find(name);
    assert_non_null(op);
    void *in = record_new(op->in, &views_bank.mem);
    void *out = op->many == OUT_MANY ? arena_alloc(&views_bank.mem, sizeof(struct page)) : record_new(op->out,
            &views_bank.mem);
    const char *field;
    va_list ap;
    va_start(ap, name);
    while ((field = va_arg(ap, const char *)))
        assert_int_equal(record_parse(record_field(op->in, field), va_arg(ap, const char *), in,
                                      &views_bank.mem,
                                      &views_bank.e), ST_OK);
    va_end(ap);
    struct call call = { .op = op, .in = in };
    return backend_call(backend_as(who), &call, &views_bank.mem, out, &views_bank.e) == ST_OK ? out : NULL;
}

int64_t count(const char *who, const char *where)
{
    const int64_t *n = try_op(who, "lead.count", "where", where, NULL);
    if (!n)
        fail_msg("count %s: %s %s", where, views_bank.e.code, views_bank.e.param[0]);
    return *n;
}

const char *lead_id(const char *name)
{
    const struct page *page = try_op(OWNER, "lead.list", "where", arena_printf(&views_bank.mem,
                                                                               "name = \"%s\"",
            name), NULL);
    assert_true(page && page->rows.n == 1);
    return arena_printf(&views_bank.mem, "%lld", (long long)*(const int64_t *)page->rows.items);
}

static void make_house(void)
{
    at("2026-11-02 09:00");
    OP(OWNER, "branch.create", "code", "HD", "name", "华东分行", "level", "branch", "parent", "HQ");
    OP(OWNER, "branch.create", "code", "PD", "name", "浦东支行", "level", "sub_branch", "parent", "HD");
    OP(OWNER, "branch.create", "code", "LJZ", "name", "陆家嘴网点", "level", "outlet", "parent", "PD");
    OP(OWNER, "employee.create", "code", CHIEF, "name", "顾南", "branch", "LJZ");
    OP(OWNER, "employee.create", "code", SHEN, "name", "沈若溪", "branch", "LJZ", "manager", CHIEF);
    OP(OWNER, "employee.create", "code", ZHAO, "name", "赵磊", "branch", "LJZ", "manager", CHIEF);
    OP(OWNER, "account.create", "code", SHEN, "employee", SHEN, "roles", "staff");
    OP(OWNER, "account.create", "code", ZHAO, "employee", ZHAO, "roles", "staff");
    OP(OWNER, "account.create", "code", CHIEF, "employee", CHIEF, "roles", "supervisor");
    OP(OWNER, "account.create", "code", "runner", "roles", "sysadmin");
    OP(OWNER, "product.create", "code", "wealth", "name", "稳健季季盈");
    OP(OWNER, "product.create", "code", "loan", "name", "消费贷");
    OP(OWNER, "product.create", "code", "card", "name", "白金信用卡");
    OP(OWNER, "channel.create", "code", "web", "name", "官网");
    OP(OWNER, "channel.create", "code", "app", "name", "手机银行");
    OP(OWNER, "channel.create", "code", "wechat", "name", "微信公众号");
    OP(OWNER, "pool.create", "code", "retail", "name", "零售公海", "branch", "LJZ", "raise_hours", "72");
}

static void lead(const char *when, const char *name, const char *phone, const char *product,
                 const char *channel,
                 const char *intent, const char *score, const char *pool)
{
    at(when);
    OP(CHIEF, "lead.create", "name", name, "phone", phone, "product", product, "channel", channel, "intent",
       intent, "score",
       score, "branch", "LJZ", "pool", pool, "gender", "f");
}

static void make_leads(void)
{
    lead("2026-11-21 06:33", "李䶮", "13800006721", "wealth", "web", "high", "82", "retail");
    lead("2026-11-21 08:58", "马超", "13900001122", "loan", "app", "high", "74", "retail");
    lead("2026-11-21 09:34", "欧阳慧敏", "13700003308", "card", "wechat", "high", "58", "retail");
    lead("2026-11-21 12:00", "司马文清", "18800006093", "wealth", "app", "mid", "55", "retail");
    lead("2026-11-22 16:47", "何静怡", "15000008812", "wealth", "web", "mid", "71", "retail");
    lead("2026-11-23 20:00", "阿卜杜热合曼·买买提", "18600009920", "loan", "wechat", "low", "40", "retail");
    lead("2026-11-24 07:00", "陈可", "13500000071", "card", "app", "high", "35", "default");
    lead("2026-11-19 10:00", "赵婉君", "13800001234", "wealth", "web", "high", "90", "retail");
    lead("2026-11-19 10:10", "王彧", "13800001235", "card", "app", "mid", "61", "retail");
    lead("2026-11-19 10:20", "诸葛明", "13800001236", "loan", "web", "low", "44", "retail");
    lead("2026-11-23 10:00", "钟离雪", "13800001237", "wealth", "wechat", "mid", "66", "retail");
}

/* What 沈若溪 has in hand: one overdue for its first follow-up, one that was talked to, one to call today, one
 * fresh. */
static void make_work(void)
{
    at("2026-11-20 17:00");
    OP(SHEN, "lead.claim", "id", lead_id("赵婉君"));
    at("2026-11-20 09:00");
    OP(SHEN, "lead.claim", "id", lead_id("王彧"));
    at("2026-11-20 10:32");
    OP(SHEN, "lead.follow_up", "id", lead_id("王彧"), "way", "phone", "result", "considering", "note",
       "等年终奖到账，约下周",
       "next_at", "2026-11-24 10:30");
    at("2026-11-20 11:00");
    OP(CHIEF, "lead.assign", "id", lead_id("诸葛明"), "employee", SHEN, "reason", "轮到你");
    at("2026-11-21 15:00");
    OP(SHEN, "lead.follow_up", "id", lead_id("诸葛明"), "way", "visit", "result", "interested", "note",
       "材料已齐，陪同上门",
       "next_at", "2026-11-24 14:00");
    at("2026-11-24 08:31");
    OP(CHIEF, "lead.assign", "id", lead_id("钟离雪"), "employee", SHEN);
    at("2026-11-24 08:40");
    OP(CHIEF, "message.create", "to", SHEN, "kind", "nudge", "body", "赵婉君的回电今天 11:00 前给我结果");
}

int open_bare_bank(void **state)
{
    const char *tmp = getenv("TMPDIR");
    (void)state;
    i18n_init("zh_CN");
    snprintf(views_bank.dir, sizeof views_bank.dir, "%s/views.XXXXXX", tmp ? tmp : "/tmp");
    assert_non_null(mkdtemp(views_bank.dir));
    snprintf(views_bank.db, sizeof views_bank.db, "%s/t.db", views_bank.dir);
    snprintf(views_bank.keys, sizeof views_bank.keys, "%s/keys", views_bank.dir);
    views_bank.config = (struct backend_config){ .url = views_bank.db, .keys_dir = views_bank.keys };
    at("2026-11-01 09:00");
    struct init_options init = { .url = views_bank.db, .keys_dir = views_bank.keys, .test = true };
    if (database_init(&init, &views_bank.e))
        fail_msg("init: %s %s", views_bank.e.code, views_bank.e.param[0]);
    make_house();
    at(NOW);
    return 0;
}

int open_bank(void **state)
{
    open_bare_bank(state);
    make_leads();
    make_work();
    at(NOW);
    return 0;
}

static void close_backends(void)
{
    for (int i = 0; i < 4; i++) {
        backend_close(views_bank.as[i]);
        views_bank.as[i] = NULL;
    }
}

static void run(const char *command)
{
    assert_int_equal(system(command), 0);
}

void keep_bank(void)
{
    close_backends();
    run(arena_printf(&views_bank.mem, "cp '%s' '%s.kept'", views_bank.db, views_bank.db));
}

void put_bank_back(void)
{
    const char *db = views_bank.db;
    close_backends();
    run(arena_printf(&views_bank.mem, "rm -f '%s'-wal '%s'-shm; cp '%s.kept' '%s'", db, db, db, db));
}

int close_bank(void **state)
{
    char command[400];
    (void)state;
    close_left_open();
    close_backends();
    arena_free(&views_bank.mem);
    snprintf(command, sizeof command, "rm -rf '%s'", views_bank.dir);
    int rc = system(command);
    memset(&views_bank, 0, sizeof views_bank);
    clock_set(NONE);
    return rc;
}

/* ---- the console in memory ---------------------------------------------------------------------------- */

static struct screen *on;               /* a failed test leaves it open: there is one terminal a process */

void start_screen(struct screen *s, const char *view, const struct app_options *o)
{
    struct term_options term = { 0 };
    struct err e = { 0 };
    *s = (struct screen){ .vt = vt_open(o->rows, o->cols), .o = *o };
    vt_options(s->vt, &term, NULL);
    s->o.in = term.in;
    s->o.out = term.out;
    s->o.term = term.term;
    s->o.no_mouse = true;
    if (app_start(&s->app, &s->o, view, false, &e) != ST_OK)
        fail_msg("app_start: %s %s", e.code, e.nparam ? e.param[0] : "");
    on = s;
    s->app->at_once = true;
}

void open_screen(struct screen *s, const char *who, const char *view, const char *lang, int cols,
                        int rows, const char *theme)
{
    struct app_options o = { .backend = views_bank.config, .theme = theme, .lang = lang, .cols = cols,
                             .rows = rows };
    o.backend.as = who;
    start_screen(s, view, &o);
    ui_run_until_idle(s->app->ui);
    vt_sync(s->vt);
}

/* Every key that a set says is its own reaches it: no row before has the same one, of its own or of another
 * set. Rows that are hidden stand behind the others on purpose (Esc goes back where nothing else wants it).
 * A number names one row, too. */
static void keys_have_one_meaning(struct screen *s)
{
    struct ui *ui = s->app->ui;
    struct action_list l = { 0 };
    ui_actions(ui, &l);
    for (int i = 0; i < l.n; i++)
        for (size_t j = 0; j < l.set[i].n; j++) {
            const struct action *a = &l.set[i].rows[j];
            struct action_call call;
            char name[K_NAME];
            const char *keys = keymap_keys(ui_keymap(ui), l.set[i].scope, a);
            for (size_t n; *(keys += strspn(keys, " ")) && !(a->flags & ACTION_HIDDEN); keys += n) {
                n = strcspn(keys, " ");
                snprintf(name, sizeof name, "%.*s", (int)n, keys);
                if (!action_by_key(ui_keymap(ui), &l, ui, key_find(name), &call) || call.action != a)
                    fail_msg("%s: %s is %s and %s", ui_top(ui)->ops->name, name, a->name, call.action->name);
            }
            if (a->number && action_by_number(&l, ui, a->number, &call) && call.action != a)
                fail_msg("%04d is %s and %s", a->number, a->name, call.action->name);
        }
}

void keys(struct screen *s, const char *script)
{
    const char *bad = NULL;
    if (!ui_keys(s->app->ui, script, &bad))
        fail_msg("no such key: %s", bad);
    ui_run_until_idle(s->app->ui);
    vt_sync(s->vt);
    keys_have_one_meaning(s);
    assert_null(vt_bad(s->vt));
}

void close_screen(struct screen *s)
{
    on = NULL;
    app_stop(s->app);
    vt_close(s->vt);
}

void close_left_open(void)
{
    if (on)
        close_screen(on);
}

void shows(struct screen *s, const char *words)
{
    struct buf text = BUF_INIT;
    if (!vt_shows(s->vt, words)) {
        vt_text(s->vt, &text);
        fputs(text.s, stderr);
        buf_release(&text);
        fail_msg("not on the screen: %s", words);
    }
    buf_release(&text);
}

void shows_not(struct screen *s, const char *words)
{
    if (vt_shows(s->vt, words))
        fail_msg("should not be on the screen: %s", words);
}

void turn_until(struct screen *s, const char *words, bool there)
{
    int64_t until = clock_mono() + 5000;
    while (vt_shows(s->vt, words) != there && clock_mono() < until) {
        loop_wait(ui_loop(s->app->ui), 50);
        ui_redraw(s->app->ui);
        ui_paint(s->app->ui);
        vt_sync(s->vt);
    }
    if (there)
        shows(s, words);
    else
        shows_not(s, words);
}
