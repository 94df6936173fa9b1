/* Lists as scripts and the console page through them. The oracle is plain SQL on another
 * connection: its order, its rows, each once, whichever way they are read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "core/model/nouns.h"
#include "core/noun/query.h"
#include "tests/contract/bank.h"

enum { LEADS = 60, MOST = 400, LIMITS = 7 };

/* ---- pages -------------------------------------------------------------------------------------------- */

/* One list: as it is asked for, and as plain SQL has it. */
struct list_case {
    const char *op, *where, *sort, *columns;
    const char *table, *scope, *order; /* "lead t", "t.branch_id = 4", "t.no desc" */
};

struct ids {
    int64_t id[MOST];
    size_t n;
};

static void add(struct ids *l, int64_t id)
{
    if (l->n == MOST)
        fail_msg("rows without end");
    l->id[l->n++] = id;
}

static void turn(struct ids *l)
{
    for (size_t i = 0; i < l->n / 2; i++) {
        int64_t id = l->id[i];
        l->id[i] = l->id[l->n - 1 - i];
        l->id[l->n - 1 - i] = id;
    }
}

/* One page; of the query what walks through a list: cursor, back, limit, around, skip. */
static struct page fetch(struct bank *k, const struct list_case *c, struct arena *a, struct query way)
{
    const struct op *op = op_find(c->op);
    struct query *q = record_new(op->in, a);
    struct page page = { 0 };
    q->where = c->where;
    q->sort = c->sort;
    q->columns = c->columns;
    q->cursor = way.cursor;
    q->back = way.back ? 1 : NONE;
    q->limit = way.limit;
    q->around = way.around;
    q->skip = way.skip;
    struct call call = { .op = op, .in = q };
    if (backend_call(k->b, &call, a, &page, &k->e))
        fail_msg("%s --sort %s --columns %s, cursor %s: %s %s", c->op, c->sort,
                 c->columns ? c->columns : "-", way.cursor ? way.cursor : "-", k->e.code, k->e.param[0]);
    return page;
}

static struct page page_of(struct bank *k, const struct list_case *c, struct arena *a,
                           const char *cursor, bool back, int64_t limit, int64_t around)
{
    return fetch(k, c, a, (struct query){ .cursor = cursor, .back = back, .limit = limit,
                                          .around = around });
}

static int64_t id_of(const struct list_case *c, const struct page *p, size_t i)
{
    return *(const int64_t *)((const char *)p->rows.items + i * op_find(c->op)->out->size);
}

static void plain(struct bank *k, const struct list_case *c, struct ids *out)
{
    const char *sql =
        bank_text(k, "select t.id from %s where %s order by %s", c->table, c->scope, c->order);
    struct stmt *s = db_query(k->raw.db, sql, "");
    out->n = 0;
    while (db_row(s))
        add(out, db_int(s, 0));
    if (db_end(s, &k->e))
        fail_msg("%s: %s", sql, k->e.param[0]);
}

static void same(struct bank *k, const struct list_case *c, const struct ids *want,
                 const struct ids *got, const char *way, int limit)
{
    if (got->n != want->n || memcmp(got->id, want->id, want->n * sizeof *want->id) != 0)
        fail_msg("%s of %s --sort %s --columns %s, limit %d, as %s: %zu rows of %zu, or not in "
                 "their order",
                 way, c->op, c->sort, c->columns ? c->columns : "-", limit,
                 k->login ? k->login : "owner", got->n, want->n);
}

static void forwards(struct bank *k, const struct list_case *c, const struct ids *want, int limit)
{
    struct arena a = ARENA_INIT;
    struct ids got = { .n = 0 };
    const char *cursor = NULL;
    do {
        struct page p = page_of(k, c, &a, cursor, false, limit, 0);
        assert_true(p.rows.n <= (size_t)limit);
        for (size_t i = 0; i < p.rows.n; i++)
            add(&got, id_of(c, &p, i));
        cursor = p.next;
    } while (cursor);
    same(k, c, want, &got, "forwards", limit);
    arena_free(&a);
}

static void backwards(struct bank *k, const struct list_case *c, const struct ids *want, int limit)
{
    struct arena a = ARENA_INIT;
    struct ids got = { .n = 0 };
    const char *cursor = NULL;
    do {
        struct page p = page_of(k, c, &a, cursor, true, limit, 0);
        for (size_t i = p.rows.n; i > 0; i--)
            add(&got, id_of(c, &p, i - 1));
        cursor = p.prev;
    } while (cursor);
    turn(&got);
    same(k, c, want, &got, "backwards", limit);
    arena_free(&a);
}

/* The page that begins with a row, and the one before it. */
static void around(struct bank *k, const struct list_case *c, const struct ids *want, int limit)
{
    struct arena a = ARENA_INIT;
    for (size_t at = 0; at < want->n; at++) {
        struct ids got = { .n = 0 }, rest = { .n = 0 };
        struct page p = page_of(k, c, &a, NULL, false, limit, want->id[at]), before = { 0 };
        if (at > 0) {
            assert_non_null(p.prev);
            before = page_of(k, c, &a, p.prev, true, limit, 0);
        }
        for (size_t i = 0; i < before.rows.n; i++)
            add(&got, id_of(c, &before, i));
        for (size_t i = 0; i < p.rows.n; i++)
            add(&got, id_of(c, &p, i));
        size_t from = at < (size_t)limit ? 0 : at - (size_t)limit;
        for (size_t i = from; i < want->n && i < at + (size_t)limit; i++)
            add(&rest, want->id[i]);
        same(k, c, &rest, &got, "around", limit);
    }
    arena_free(&a);
}

/* Rows passed over from the start, from the end, and behind the second row. */
static void skipping(struct bank *k, const struct list_case *c, const struct ids *want)
{
    enum { LIMIT = 2 };
    struct arena a = ARENA_INIT;
    struct page second = page_of(k, c, &a, NULL, false, LIMIT, 0);
    for (size_t skip = 0; skip < want->n; skip++) {
        struct page front = fetch(k, c, &a, (struct query){ .limit = LIMIT, .skip = (int64_t)skip }),
                    end = fetch(k, c, &a, (struct query){ .limit = LIMIT, .skip = (int64_t)skip, .back = 1 });
        assert_int_equal(id_of(c, &front, 0), want->id[skip]);
        assert_int_equal(id_of(c, &end, end.rows.n - 1), want->id[want->n - 1 - skip]);
        assert_int_equal(front.next != NULL, skip + LIMIT < want->n);
        assert_int_equal(front.prev != NULL, skip > 0);
        if (skip + LIMIT >= want->n || !second.next)
            continue;
        struct page on = fetch(k, c, &a, (struct query){ .cursor = second.next, .limit = LIMIT,
                                                         .skip = (int64_t)skip });
        assert_int_equal(id_of(c, &on, 0), want->id[skip + LIMIT]);
    }
    assert_int_equal(fetch(k, c, &a, (struct query){ .limit = LIMIT, .skip = (int64_t)want->n }).rows.n, 0);
    arena_free(&a);
}

static void walk(struct bank *k, const struct list_case *c)
{
    struct ids want;
    plain(k, c, &want);
    if (!want.n)
        fail_msg("%s as %s: nothing to page", c->op, k->login ? k->login : "owner");
    for (int limit = 1; limit <= LIMITS; limit++) {
        forwards(k, c, &want, limit);
        backwards(k, c, &want, limit);
    }
    around(k, c, &want, 3);
    skipping(k, c, &want);
}

/* ---- sixty leads -------------------------------------------------------------------------------------- */

static void make_fields(struct bank *k)
{
    static const char *const fields[] = {
        "\"code\":\"age\",\"name\":\"Age\",\"type\":\"number\"",
        "\"code\":\"job\",\"name\":\"Job\",\"type\":\"text\"",
        "\"code\":\"tier\",\"name\":\"Tier\",\"type\":\"choice\",\"choices\":\"Gold,Silver,bronze\"",
        "\"code\":\"seen\",\"name\":\"Seen\",\"type\":\"date\"",
        "\"code\":\"vip\",\"name\":\"Vip\",\"type\":\"flag\"",
    };
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        bank_do(k, "custom_field.create", bank_text(k, "{\"noun\":\"lead\",%s}", fields[i]));
}

/* One of n, the same in every run. */
static unsigned pick(unsigned n)
{
    static unsigned x = 7;
    x = x * 1664525u + 1013904223u;
    return (x >> 16) % n;
}

static void make_pools(struct bank *k)
{
    static const char *const pools[][2] = { { "PN", "N" }, { "PN1", "N1" }, { "PS", "S" } };
    for (size_t i = 0; i < sizeof pools / sizeof *pools; i++)
        bank_do(k, "pool.create",
                bank_text(k, "{\"code\":\"%s\",\"name\":\"%s\",\"branch\":\"%s\"}", pools[i][0],
                          pools[i][0], pools[i][1]));
}

static const char *const words[] = { "Éa", "éA", "Li", "li", "王", "Zz|x", "t3:a|", "Ｌｉ" };
enum { WORDS = sizeof words / sizeof *words };

static void make_lead(struct bank *k, int i)
{
    static const char *const branches[] = { "N1", "N2", "N", "S" }, *const tiers[] = { "Gold",
                                                                                       "Silver",
                                                                                       "bronze" };
    struct buf b = BUF_INIT;
    buf_addf(&b, "{\"branch\":\"%s\",\"product\":\"%s\"", branches[pick(4)],
             pick(2) ? "card" : "loan");
    if (pick(3))
        buf_addf(&b, ",\"external_id\":\"E%d\"", i * 37 % LEADS);
    if (pick(3))
        buf_addf(&b, ",\"phone\":\"138%08d\"", i);
    buf_addf(&b, pick(3) || i == 0 ? ",\"name\":\"%s\"" : ",\"region\":\"%s\"", words[pick(WORDS)]);
    if (pick(3))
        buf_adds(&b, ",\"channel\":\"web\"");
    if (pick(3))
        buf_addf(&b, ",\"attr.tier\":\"%s\"", tiers[pick(3)]);
    if (pick(3))
        buf_addf(&b, ",\"attr.age\":%d.5", (int)pick(4) - 2);
    if (pick(3))
        buf_addf(&b, ",\"attr.job\":\"%s\"", words[pick(WORDS)]);
    if (pick(3))
        buf_addf(&b, ",\"attr.seen\":\"2026-11-%02u\"", 1 + pick(4));
    if (pick(3))
        buf_addf(&b, ",\"attr.vip\":%s", pick(2) ? "true" : "false");
    buf_adds(&b, ",\"source_detail\":\"x\"}");
    bank_do(k, "lead.create", b.s);
    buf_release(&b);
}

static bool is_int(const struct field *f)
{
    return f->type == F_INT || f->type == F_MONEY || f->type == F_TIME || f->type == F_FLAG;
}

/* What no caller may give: few values, so that many are equal, and empty where the table lets them be. */
static void scatter(struct bank *k)
{
    static const char *const kept[] = { "version", "no", "open" };
    static const char *const full[] = { "created_at",      "updated_at",     "received_at",
                                        "follow_up_count", "returned_count", "frozen" };
    for (size_t i = 0; i < lead_record.nfields; i++) {
        const struct field *f = &lead_record.fields[i];
        bool keep = false, fill = false;
        for (size_t j = 0; j < sizeof kept / sizeof *kept; j++)
            keep |= strcmp(f->name, kept[j]) == 0;
        for (size_t j = 0; j < sizeof full / sizeof *full; j++)
            fill |= strcmp(f->name, full[j]) == 0;
        if (keep || !is_int(f))
            continue;
        long long least = f->type == F_TIME ? (long long)BANK_NOW : 0;
        int by = 2 + (int)i;
        bank_sql(k, bank_text(k, "update lead set %s = case when %s then null"
                                 " else %lld + no * %d %% 61 / 7 %% 4 end",
                              f->name, fill ? "1 = 0" : bank_text(k, "no * %d %% 61 %% 3 = 0", by),
                              least, by + 1));
    }
    bank_sql(k, "update lead set intent = case no * 11 % 61 % 4"
                " when 0 then 'high' when 1 then 'mid' when 2 then 'low' end");
    bank_sql(k, "update lead set gender = case no * 13 % 61 % 3 when 0 then 'f' when 1 then 'm' end");
    bank_sql(k, "update lead set reason = case no * 17 % 61 % 4"
                " when 0 then 'a|b' when 1 then '' when 2 then 'A' end");
    bank_sql(k,
             "update lead set pool_id = null, owner_id = (select id from employee where code ="
             " case no % 4 when 0 then '101' when 1 then '201' else '400' end) where no % 4 < 3");
    bank_sql(k, "update lead set stage_id = (select id from stage where code = case no % 3 when 0 "
                "then 'mql' else 'sql' end) where no % 5 < 3");
}

/* In pools of every level, of branches below them and of others, and some of them closed. */
static void scatter_in_pools(struct bank *k)
{
    bank_sql(k, "update lead set pool_id = (select id from pool where code = case no * 7 % 61 % 5"
                " when 0 then 'PN' when 1 then 'PN1' when 2 then 'PS' else 'default' end)"
                " where pool_id is not null");
    bank_sql(k, "update lead set open = 0 where no % 7 = 3");
}

static int leads_setup(void **state)
{
    if (bank_setup(state))
        return -1;
    struct bank *k = *state;
    make_fields(k);
    make_pools(k);
    for (int i = 0; i < LEADS; i++)
        make_lead(k, i);
    scatter(k);
    scatter_in_pools(k);
    assert_int_equal(bank_sql_int(k, "select count(*) from lead"), LEADS);
    return 0;
}

/* ---- every order -------------------------------------------------------------------------------------- */

static const struct {
    const char *login, *scope, *public;         /* of which branches' pools he is of the public */
} callers[] = {
    { NULL, "1 = 1", "''" },
    { "300", "t.branch_id in (select id from branch where code in ('N', 'N1', 'N2'))", "'HQ', 'N'" },
    { "101", "t.branch_id in (select id from branch where code = 'N1')", "'HQ', 'N', 'N1'" },
    { "400", "t.branch_id in (select id from branch where code = 'S')", "'HQ', 'S'" },
};
enum { CALLERS = sizeof callers / sizeof *callers };

static const char *leads_of(struct bank *k, size_t caller)
{
    return bank_text(k,
                     "(%s or t.open = 1 and t.pool_id in (select q.id from pool q, branch b where"
                     " b.id = q.branch_id and b.code in (%s)))",
                     callers[caller].scope, callers[caller].public);
}

/* One key: empty last in both directions, then by id; a field that an index leads with takes its
 * id the same way. */
static void walk_key(struct bank *k, size_t caller, const char *name, const char *column,
                     bool sorted)
{
    for (int desc = 0; desc < 2; desc++) {
        const char *dir = desc ? " desc" : "";
        struct list_case c = {
            .op = "lead.list",
            .sort = bank_text(k, "%s%s", desc ? "-" : "", name),
            .table = "lead t left join lead_x x on x.id = t.id",
            .scope = leads_of(k, caller),
            .order =
                bank_text(k, "%s is null, %s%s, t.id%s", column, column, dir, sorted ? dir : ""),
        };
        c.columns = (desc + caller) % 2 ? "no,name" : NULL;
        walk(k, &c);
    }
}

static void every_field_orders_as_plain_sql_does(void **state)
{
    struct bank *k = *state;
    for (size_t who = 0; who < CALLERS; who++) {
        bank_as(k, callers[who].login);
        for (size_t i = 0; i < lead_record.nfields; i++) {
            const struct field *f = &lead_record.fields[i];
            if (f->type == F_SECRET || f->type == F_REFS || f->type == F_ATTRS || f->type == F_LIST)
                continue;
            const char *end = f->type == F_REF ? "_id" : f->flags & FIELD_KEYED ? "_key" : "";
            walk_key(k, who, f->name, bank_text(k, "t.%s%s", f->name, end),
                     f->type == F_ID || (f->flags & FIELD_SORT));
        }
    }
}

static void every_custom_field_orders_as_plain_sql_does(void **state)
{
    static const char *const attrs[][2] = {
        { "attr.age", "x.a_age" },   { "attr.job", "x.k_job" }, { "attr.tier", "x.a_tier" },
        { "attr.seen", "x.a_seen" }, { "attr.vip", "x.a_vip" },
    };
    static const char *const columns[] = { NULL, "no,name", "attr.job",
                                           "attr.tier,attr.age,attr.age", "id" };
    struct bank *k = *state;
    for (size_t who = 0; who < CALLERS; who++) {
        bank_as(k, callers[who].login);
        for (size_t i = 0; i < sizeof attrs / sizeof *attrs; i++)
            walk_key(k, who, attrs[i][0], attrs[i][1], false);
    }
    bank_as(k, callers[2].login);
    for (size_t i = 0; i < sizeof attrs / sizeof *attrs; i++)
        for (size_t j = 0; j < sizeof columns / sizeof *columns; j++) {
            struct list_case c = {
                .op = "lead.list",
                .sort = attrs[i][0],
                .columns = columns[j],
                .scope = leads_of(k, 2),
                .table = "lead t left join lead_x x on x.id = t.id",
                .order = bank_text(k, "%s is null, %s, t.id", attrs[i][1], attrs[i][1]),
            };
            walk(k, &c);
        }
}

static void several_keys_and_conditions(void **state)
{
    static const struct list_case cases[] = {
        { .sort = "-name,score",
          .order = "t.name_key is null, t.name_key desc, t.score is null, t.score, t.id" },
        { .sort = "-score,attr.tier,-name",
          .columns = "no",
          .order = "t.score is null, t.score desc, x.a_tier is null, x.a_tier, t.name_key is null, "
                   "t.name_key desc, t.id" },
        { .sort = "channel,-left_at",
          .order = "t.channel_id is null, t.channel_id, t.left_at is null, t.left_at desc, t.id" },
        { .sort = "-id,name", .order = "t.id desc" },
        { .sort = "id", .where = "score > 0", .scope = "t.score > 0", .order = "t.id" },
        { .sort = "-id",
          .where = "stage = new",
          .scope = "t.stage_id = (select id from stage where code = 'new')",
          .order = "t.id desc" },
        { .sort = "-left_at",
          .where = "score > 0",
          .scope = "t.score > 0",
          .columns = "no",
          .order = "t.left_at is null, t.left_at desc, t.id desc" },
        { .sort = "left_at",
          .where = "name contains \"li\"",
          .scope = "t.name_key like '%li%'",
          .order = "t.left_at is null, t.left_at, t.id" },
        { .sort = "left_at",
          .where = "attr.vip is set and owner is set",
          .scope = "x.a_vip is not null and t.owner_id is not null",
          .columns = "no",
          .order = "t.left_at is null, t.left_at, t.id" },
        { .sort = "left_at",
          .where = "owner = 101",
          .scope = "t.owner_id = (select id from employee where code = '101')",
          .order = "t.left_at is null, t.left_at, t.id" },
    };
    struct bank *k = *state;
    for (size_t who = 0; who < CALLERS; who++) {
        bank_as(k, callers[who].login);
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
            struct list_case c = cases[i];
            c.op = "lead.list";
            c.table = "lead t left join lead_x x on x.id = t.id";
            c.scope = bank_text(k, "%s and %s", leads_of(k, who), c.scope ? c.scope : "1 = 1");
            assert_int_equal(bank_count(k, c.where ? c.where : ""),
                             bank_sql_int(k, bank_text(k, "select count(*) from %s where %s", c.table,
                                                       c.scope)));
            walk(k, &c);
        }
    }
}

/* Any order and condition, for any caller, forwards, backwards, around and counted. */
static void whatever_is_asked(void **state)
{
    static const char *const keys[][2] = {
        { "left_at", "t.left_at" }, { "-left_at", "t.left_at desc" }, { "score", "t.score" },
        { "-name", "t.name_key desc" }, { "id", "t.id" }, { "-id", "t.id desc" },
        { "-received_at", "t.received_at desc" }, { "pool", "t.pool_id" },
    };
    static const char *const tests[][2] = {
        { "pool is set", "t.pool_id is not null" },
        { "pool = default", "t.pool_id = (select id from pool where code = 'default')" },
        { "pool = PN", "t.pool_id = (select id from pool where code = 'PN')" },
        { "branch = N1", "t.branch_id = (select id from branch where code = 'N1')" },
        { "branch under N", "t.branch_id in (select id from branch where code in ('N', 'N1', 'N2'))" },
        { "stage = new", "t.stage_id = (select id from stage where code = 'new')" },
        { "open = yes", "t.open = 1" },
        { "score > 0", "t.score > 0" },
        { "name contains \"li\"", "t.name_key like '%li%'" },
        { "attr.vip is set", "x.a_vip is not null" },
        { "not (owner is set)", "t.owner_id is null" },
    };
    enum { KEYS = sizeof keys / sizeof *keys, TESTS = sizeof tests / sizeof *tests };
    struct bank *k = *state;
    for (int turn = 0; turn < 60; turn++) {
        size_t who = 1 + pick(CALLERS - 1), key = pick(KEYS), a = pick(TESTS), b = pick(TESTS);
        const char *column = bank_text(k, "%.*s", (int)strcspn(keys[key][1], " "), keys[key][1]);
        bool desc = keys[key][0][0] == '-', falls = strstr(keys[key][0], "left_at") && desc;
        const char *and_or = pick(2) ? "and" : "or";
        struct list_case c = {
            .op = "lead.list",
            .sort = keys[key][0],
            .columns = pick(2) ? "no" : NULL,
            .where = bank_text(k, "%s %s %s", tests[a][0], and_or, tests[b][0]),
            .table = "lead t left join lead_x x on x.id = t.id",
            .scope = bank_text(k, "%s and (%s %s %s)", leads_of(k, who), tests[a][1], and_or, tests[b][1]),
            .order = bank_text(k, "%s is null, %s, t.id%s", column, keys[key][1], falls ? " desc" : ""),
        };
        struct ids want;
        bank_as(k, callers[who].login);
        plain(k, &c, &want);
        assert_int_equal(bank_count(k, c.where), want.n);
        if (want.n)
            walk(k, &c);
    }
}

/* Work and history, in their own order and by id. */
static void other_nouns(void **state)
{
    static const struct list_case cases[] = {
        { .op = "task.list", .table = "task t", .order = "t.due_at, t.id" },
        { .op = "task.list",
          .table = "task t",
          .sort = "-due_at",
          .order = "t.due_at desc, t.id desc" },
        { .op = "task.list",
          .table = "task t",
          .where = "state = open",
          .scope = "t.state = 'open'",
          .order = "t.due_at, t.id" },
        { .op = "task.list",
          .table = "task t",
          .where = "state = done",
          .scope = "t.state = 'done'",
          .order = "t.due_at, t.id" },
        { .op = "task.list", .table = "task t", .sort = "-id", .order = "t.id desc" },
        { .op = "deal.list", .table = "deal t", .order = "t.won_at desc, t.id desc" },
        { .op = "deal.list",
          .table = "deal t",
          .sort = "won_at",
          .where = "amount > 0",
          .scope = "t.amount > 0",
          .order = "t.won_at, t.id" },
        { .op = "follow_up.list", .table = "follow_up t", .order = "t.at desc, t.id desc" },
        { .op = "follow_up.list", .table = "follow_up t", .sort = "at", .order = "t.at, t.id" },
        { .op = "event.list", .table = "event t", .order = "t.id desc" },
        { .op = "event.list",
          .table = "event t",
          .sort = "id",
          .where = "type = \"lead.created\"",
          .scope = "t.type = 'lead.created'",
          .order = "t.id" },
        { .op = "employee.list", .table = "employee t", .order = "t.code_key, t.id" },
        { .op = "employee.list",
          .table = "employee t",
          .sort = "-code",
          .order = "t.code_key desc, t.id desc" },
    };
    struct bank *k = *state;
    int64_t lead = bank_sql_int(k, "select min(id) from lead");
    const char *from = "from branch b, lead n where b.code in ('N1', 'N2', 'S') and n.no <= 12";
    const char *id = "n.no * 53 % 61 * 100 + unicode(substr(b.code, -1)), 1, 1, 1";
    bank_sql(k, bank_text(k, "insert into task (id, version, created_at, updated_at, kind, owner_id,"
                             " branch_id, due_at, state) select %s, 'other',"
                             " (select min(id) from employee), b.id, 1000 + n.no %% 3,"
                             " case n.no %% 2 when 0 then 'open' else 'done' end %s", id, from));
    bank_sql(k, bank_text(k, "insert into follow_up (id, version, created_at, updated_at, lead_id,"
                             " branch_id, at, result)"
                             " select %s, %lld, b.id, 1000 + n.no %% 3, 'reached' %s",
                          id, (long long)lead, from));
    bank_sql(k, "insert into deal (id, version, created_at, updated_at, lead_id, branch_id, won_at,"
                " amount) select no * 53 % 61, 1, 1, 1, id, branch_id, 1000 + no % 3, no % 2"
                " from lead where no <= 30");
    for (size_t who = 0; who < CALLERS; who++) {
        bank_as(k, callers[who].login);
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
            struct list_case c = cases[i];
            if (callers[who].login && strcmp(c.op, "event.list") == 0)
                continue; /* no right of theirs */
            c.scope = bank_text(k, "%s and %s", callers[who].scope, c.scope ? c.scope : "1 = 1");
            c.sort = c.sort ? c.sort
                            : noun_find(bank_text(k, "%.*s", (int)strcspn(c.op, "."), c.op))->sort;
            walk(k, &c);
        }
    }
}

/* ---- what broke --------------------------------------------------------------------------------------- */

static void a_column_may_be_named_often(void **state)
{
    struct bank *k = *state;
    struct buf b = BUF_INIT;
    make_fields(k);
    bank_do(k, "lead.create", "{\"name\":\"A\",\"attr.age\":5}");
    for (int i = 0; i < 300; i++)
        buf_adds(&b, i ? ",attr.age" : "attr.age");
    const char *reply = bank_do(k, "lead.list", bank_text(k, "{\"columns\":\"%s\"}", b.s));
    const char *first = strstr(reply, "age\":5");
    assert_non_null(first);
    assert_null(strstr(first + 1, "age\":5"));
    buf_release(&b);
}

/* Texts that are the same for the first thousand bytes, and longer than a cursor may be. */
static void long_texts_can_be_paged(void **state)
{
    struct bank *k = *state;
    char text[3100];
    memset(text, 'x', sizeof text);
    bank_do(k, "custom_field.create",
            "{\"noun\":\"lead\",\"code\":\"essay\",\"name\":\"Essay\",\"type\":\"text\"}");
    for (int i = 0; i < 20; i++) {
        snprintf(text + 3000, 20, "%02d", i * 7 % 20);
        const char *essay = i % 3 ? text : "short";
        bank_do(k, "lead.create",
                bank_text(k,
                          "{\"name\":\"N\",\"branch\":\"%s\",\"attr.essay\":\"王%s\",\"source_"
                          "detail\":\"%s\"}",
                          i % 2 ? "N1" : "N2", essay, text));
    }
    for (size_t who = 0; who < CALLERS; who++) {
        bank_as(k, callers[who].login);
        walk_key(k, who, "attr.essay", "x.k_essay", false);
        walk_key(k, who, "source_detail", "t.source_detail", false);
        walk(k, &(struct list_case){ .op = "lead.list",
                                     .sort = "name,-attr.essay,source_detail",
                                     .scope = leads_of(k, who),
                                     .table = "lead t join lead_x x on x.id = t.id",
                                     .order = "x.k_essay desc, t.source_detail, t.id" });
    }
}

/* The row of a cut cursor left between two pages: rows may be shown again, none is skipped. */
static void a_long_text_that_left_skips_nothing(void **state)
{
    struct bank *k = *state;
    struct arena a = ARENA_INIT;
    char text[1000];
    memset(text, 'x', sizeof text);
    text[900] = 0;
    for (int i = 0; i < 6; i++)
        bank_do(k, "lead.create",
                bank_text(k, "{\"name\":\"N\",\"source_detail\":\"%s%d\"}", text, i));
    for (int desc = 0; desc < 2; desc++)
        for (int back = 0; back < 2; back++) {
            struct list_case c = { .op = "lead.list",
                                   .sort = desc ? "-source_detail" : "source_detail",
                                   .scope = "1 = 1",
                                   .table = "lead t",
                                   .order = desc ? "source_detail desc, id" : "source_detail, id" };
            struct ids all;
            plain(k, &c, &all);
            struct page p = page_of(k, &c, &a, NULL, back, 3, 0);
            int64_t gone = id_of(&c, &p, back ? 0 : 2), next = all.id[back ? all.n - 4 : 3];
            bank_sql(k, bank_text(k, "update lead set source_detail = 'a' where id = %lld",
                                  (long long)gone));
            p = page_of(k, &c, &a, back ? p.prev : p.next, back, 100, 0);
            bool seen = false;
            for (size_t i = 0; i < p.rows.n; i++)
                seen |= id_of(&c, &p, i) == next;
            assert_true(seen);
            bank_sql(k, bank_text(k, "update lead set source_detail = '%s%d' where id = %lld", text,
                                  desc * 2 + back + 6, (long long)gone));
        }
    arena_free(&a);
}

/* Ids are printed with 19 digits: what was printed can be given back. */
static void ids_are_words(void **state)
{
    struct bank *k = *state;
    bank_do(k, "lead.create", "{\"name\":\"A\",\"phone\":\"13800138000\"}");
    const char *id = bank_sql(k, "select id from person"),
               *lead = bank_sql(k, "select id from lead");
    assert_int_equal(strlen(id), 19);
    assert_string_equal(
        bank_get(k, bank_do(k, "person.get", bank_text(k, "{\"code\":\"%s\"}", id)), "id"), id);
    bank_do(k, "consent.create",
            bank_text(k, "{\"person\":\"%s\",\"way\":\"sms\",\"state\":\"granted\"}", id));
    assert_int_equal(bank_count(k, bank_text(k, "person = %s", id)), 1);
    assert_int_equal(bank_count(k, bank_text(k, "id = %s", lead)), 1);
    /* a number past the last is nobody, not another */
    assert_null(bank_call(k, "person.get", "{\"code\":\"9223372036854775808\"}"));
    assert_null(bank_call(k, "person.get", "{\"code\":\"18446744073709551617\"}"));
    assert_null(bank_call(k, "person.get", "{\"code\":\"99999999999999999999\"}"));
}

/* Another's row gives no place in the list: it begins at its start. */
static void around_a_row_out_of_scope(void **state)
{
    struct bank *k = *state;
    struct arena a = ARENA_INIT;
    for (int i = 0; i < 9; i++)
        bank_do(k, "lead.create",
                bank_text(k, i % 2 ? "{\"name\":\"L%d\",\"branch\":\"S\",\"owner\":\"400\"}"
                                   : "{\"name\":\"L%d\",\"branch\":\"N1\"}", i));
    bank_as(k, "101");
    struct list_case c = { .op = "lead.list", .sort = "name" };
    int64_t theirs = bank_sql_int(k, "select id from lead where name = 'L5'"),
            first = bank_sql_int(k, "select id from lead where name = 'L0'");
    struct page p = page_of(k, &c, &a, NULL, false, 2, theirs);
    assert_int_equal(id_of(&c, &p, 0), first);
    arena_free(&a);
}

/* ---- the cost of a page ------------------------------------------------------------------------------- */

/* A list as a caller asks for it. */
struct glance {
    const char *login, *op, *where, *sort;
};

/* A raised cancel flag is looked at every 2,000 steps of SQLite's machine: a page that is
 * stepped in an index's order is read before the first look, one that is sorted, or searched
 * for, is not. */
static enum status glance(struct bank *k, const struct glance *g)
{
    static const atomic_bool raised = true;
    struct arena a = ARENA_INIT;
    const struct op *op = op_find(g->op);
    struct query *q = record_new(op->in, &a);
    struct page page = { 0 };
    q->where = g->where;
    q->sort = g->sort;
    q->limit = 5;
    struct call call = { .op = op, .in = q, .cancel = &raised };
    enum status st = backend_call(k->b, &call, &a, &page, &k->e);
    if (!st)
        assert_int_equal(page.rows.n, 5);
    arena_free(&a);
    return st;
}

enum { MANY = 20000 };

static void fill(struct bank *k)
{
    const char *numbers = bank_text(
        k, "with recursive n (i) as (select 1 union all select i + 1 from n where i < %d)", MANY);
    const char *head = "id, version, created_at, updated_at", *one = "1000000 + i, 1, 1, 1";
    const char *branch = "(select id from branch where code = case i % 3 when 0 then 'N1' when 1 "
                         "then 'N2' else 'S' end)";
    const char *lead = "(select id from lead)",
               *staff = "(select id from employee where code = '101')";
    bank_do(k, "lead.create", "{\"name\":\"A\"}");
    bank_sql(k, bank_text(k,
                          "insert into audit (%s, at, account, operation, result, hash) %s select "
                          "%s, i %% 7, 'a', 'b', 'ok', 'c' from n",
                          head, numbers, one));
    bank_sql(k, bank_text(k,
                          "insert into event (%s, type, noun, subject, at, branch_id) %s select "
                          "%s, 'a', 'b', i %% 9, i %% 7, %s from n",
                          head, numbers, one, branch));
    bank_sql(k, bank_text(k,
                          "insert into import (%s, kind, file, sha256, mode, state) %s select %s, "
                          "'lead', 'f', 'x', 'create', 'done' from n",
                          head, numbers, one));
    bank_sql(k, bank_text(k,
                          "insert into follow_up (%s, lead_id, branch_id, at, result) %s select "
                          "%s, %s, %s, i %% 77, 'reached' from n",
                          head, numbers, one, lead, branch));
    bank_sql(k, bank_text(k,
                          "insert into task (%s, kind, owner_id, branch_id, due_at, state) %s "
                          "select %s, 'other', %s, %s, i %% 77,"
                          " case when i %% 5 = 0 then 'open' else 'done' end from n",
                          head, numbers, one, staff, branch));
    bank_sql(k, bank_text(k,
                          "insert into lead (%s, no, branch_id, product_id, stage_id, open, "
                          "received_at, received_how)"
                          " %s select %s, 100 + i, %s, (select min(id) from product), (select "
                          "min(id) from stage where kind = 'won'), 0, 1,"
                          " 'create' from n",
                          head, numbers, one, branch));
    bank_sql(k, bank_text(k,
                          "insert into deal (%s, lead_id, branch_id, won_at) %s select %s, 1000000 "
                          "+ i, %s, i %% 77 from n",
                          head, numbers, one, branch));
}

/* The first three pages and the way back, of a list too long to be walked. */
static void begins(struct bank *k, const struct list_case *c)
{
    struct arena a = ARENA_INIT;
    struct list_case first = *c;
    struct ids want, got = { .n = 0 };
    first.order = bank_text(k, "%s limit 15", c->order);
    plain(k, &first, &want);
    struct page p = { 0 };
    for (int i = 0; i < 3; i++) {
        p = page_of(k, c, &a, p.next, false, 5, 0);
        for (size_t j = 0; j < p.rows.n; j++)
            add(&got, id_of(c, &p, j));
    }
    same(k, c, &want, &got, "beginning", 5);
    p = page_of(k, c, &a, p.prev, true, 5, 0);
    assert_int_equal(id_of(c, &p, 0), want.id[5]);
    p = page_of(k, c, &a, NULL, false, 5, want.id[7]);
    assert_int_equal(id_of(c, &p, 0), want.id[7]);
    assert_int_equal(id_of(c, &p, 4), want.id[11]);
    arena_free(&a);
}

/* Enough rows that an index drives, whatever the condition. */
static void long_lists_order_as_plain_sql_does(void **state)
{
    static const struct list_case cases[] = {
        { .op = "lead.list", .sort = "-id", .order = "t.id desc" },
        { .op = "lead.list",
          .sort = "id",
          .where = "score is empty",
          .scope = "t.score is null",
          .order = "t.id" },
        { .op = "lead.list",
          .sort = "-id",
          .where = "stage = won",
          .scope = "t.stage_id = (select id from stage where code = 'won')",
          .order = "t.id desc" },
        { .op = "lead.list",
          .sort = "left_at",
          .where = "stage = won",
          .scope = "t.stage_id = (select id from stage where code = 'won')",
          .order = "t.left_at is null, t.left_at, t.id" },
        { .op = "lead.list",
          .sort = "-left_at",
          .where = "score is empty",
          .scope = "t.score is null",
          .order = "t.left_at is null, t.left_at desc, t.id desc" },
        { .op = "task.list", .sort = "due_at", .order = "t.due_at, t.id" },
        { .op = "task.list",
          .sort = "-due_at",
          .where = "state = done",
          .scope = "t.state = 'done'",
          .order = "t.due_at desc, t.id desc" },
        { .op = "deal.list", .sort = "-won_at", .order = "t.won_at desc, t.id desc" },
        { .op = "follow_up.list",
          .sort = "at",
          .where = "way is empty",
          .scope = "t.way is null",
          .order = "t.at, t.id" },
    };
    struct bank *k = *state;
    fill(k);
    bank_sql(k, "update lead set left_at = no % 50 where no % 3 = 0");
    make_pools(k);
    bank_sql(k, "update lead set open = no % 7 > 0, pool_id = (select id from pool where code ="
                " case no % 5 when 0 then 'PN' when 1 then 'PN1' else 'default' end) where no % 2");
    for (size_t who = 0; who < CALLERS; who++) {
        bank_as(k, callers[who].login);
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
            struct list_case c = cases[i];
            c.table = bank_text(k, "%.*s t", (int)strcspn(c.op, "."), c.op);
            c.scope = bank_text(k, "%s and %s",
                                strcmp(c.op, "lead.list") ? callers[who].scope : leads_of(k, who),
                                c.scope ? c.scope : "1 = 1");
            begins(k, &c);
        }
    }
}

static void long_lists_are_stepped_not_sorted(void **state)
{
    static const struct glance cheap[] = {
        { .op = "audit.list" },
        { .op = "audit.list", .sort = "id" },
        { .op = "audit.list", .where = "result = ok" },
        { .op = "event.list" },
        { .op = "import.list" },
        { .op = "deal.list" },
        { .login = "300", .op = "deal.list" },
        { .login = "101", .op = "deal.list" },
        { .op = "deal.list", .sort = "won_at" },
        { .op = "follow_up.list" },
        { .login = "300", .op = "follow_up.list" },
        { .login = "101", .op = "follow_up.list", .sort = "at" },
        { .op = "lead.list", .sort = "-id" },
        { .login = "300", .op = "task.list", .where = "state = open" },
        { .login = "101", .op = "task.list", .where = "state = open and owner = me" },
        { .login = "300", .op = "lead.list" },
        { .login = "101", .op = "lead.list", .sort = "-left_at" },
        { .login = "400", .op = "lead.list", .where = "pool = default" },
    };
    static const struct glance dear[] = {
        { .op = "audit.list", .sort = "operation" },
        { .op = "event.list", .sort = "at" },
        { .login = "300", .op = "lead.list", .sort = "received_at" },
    };
    struct bank *k = *state;
    fill(k);
    bank_sql(k, "update lead set open = 1, pool_id = (select id from pool where code = 'default')"
                " where no % 2");
    for (size_t i = 0; i < sizeof cheap / sizeof *cheap; i++) {
        bank_as(k, cheap[i].login);
        if (glance(k, &cheap[i]))
            fail_msg("%s where %s --sort %s as %s: %s", cheap[i].op,
                     cheap[i].where ? cheap[i].where : "-", cheap[i].sort ? cheap[i].sort : "-",
                     cheap[i].login ? cheap[i].login : "owner", k->e.code);
    }
    for (size_t i = 0; i < sizeof dear / sizeof *dear; i++) {
        bank_as(k, dear[i].login);
        assert_int_equal(glance(k, &dear[i]), ST_CANCELLED);
    }
}

static void grew(void *arg, int64_t done, int64_t total)
{
    (void)total;
    assert_true(done >= *(int64_t *)arg);       /* it never falls */
    *(int64_t *)arg = done;
}

/* The count that is shown while it grows ends where the other one does. */
static void a_growing_count_ends_right(void **state)
{
    struct bank *k = *state;
    static const char *const wheres[] = { "score >= 0", "open = yes", "name is empty", "no < 0" };
    for (size_t i = 0; i < sizeof wheres / sizeof *wheres; i++) {
        struct query q = { .where = wheres[i], .limit = NONE, .back = NONE, .skip = NONE };
        struct count whole = { 0 }, growing = { 0 };
        int64_t so_far = 0;
        struct call plain = { .op = op_find("lead.count"), .in = &q }, shown = plain;
        shown.progress = grew;
        shown.progress_arg = &so_far;
        assert_int_equal(backend_call(k->b, &plain, &k->arena, &whole, &k->e), ST_OK);
        assert_int_equal(backend_call(k->b, &shown, &k->arena, &growing, &k->e), ST_OK);
        assert_int_equal(growing.count, whole.count);
        assert_true(so_far <= whole.count);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
#define TEST(f)       cmocka_unit_test_setup_teardown(f, bank_setup, bank_teardown)
#define LEADS_TEST(f) cmocka_unit_test_setup_teardown(f, leads_setup, bank_teardown)
        LEADS_TEST(every_field_orders_as_plain_sql_does),
        LEADS_TEST(every_custom_field_orders_as_plain_sql_does),
        LEADS_TEST(several_keys_and_conditions),
        LEADS_TEST(whatever_is_asked),
        LEADS_TEST(other_nouns),
        LEADS_TEST(a_growing_count_ends_right),
        TEST(a_column_may_be_named_often),
        TEST(long_texts_can_be_paged),
        TEST(a_long_text_that_left_skips_nothing),
        TEST(ids_are_words),
        TEST(around_a_row_out_of_scope),
        TEST(long_lists_order_as_plain_sql_does),
        TEST(long_lists_are_stepped_not_sorted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
