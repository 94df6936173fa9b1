#include "core/data/demo.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "core/data/importbulk.h"
#include "core/model/worktime.h"
#include "core/noun/crud.h"
#include "core/pool/pool.h"

/* ---- chance, repeatable ------------------------------------------------------------------------------- */

struct demo {
    struct ctx c;
    const struct demo_options *o;
    uint64_t state;
    struct ref hq, pools[4], products[8], channels[8], tags[4], stages[8], won, lost;
    struct ref outlets[64], staff[1200];
    size_t noutlets, nstaff;
    int64_t staff_branch[1200];
    struct ref me;
    int64_t my_branch;
    struct row_writer *leads, *people, *tasks, *follow_ups, *deals;
    struct lead_defaults defaults;
    int64_t amount;             /* of the deal of the lead at hand; NONE: it has none */
};

static uint32_t chance(struct demo *d, uint32_t below)
{
    d->state ^= d->state << 13;
    d->state ^= d->state >> 7;
    d->state ^= d->state << 17;
    return (uint32_t)(((d->state >> 32) * below) >> 32);
}

/* ---- words -------------------------------------------------------------------------------------------- */

static const char *const surnames[] = {
    "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱", "高", "林", "何", "郭", "马", "罗",
    "梁", "宋", "郑", "谢", "韩", "唐", "冯", "于", "董", "萧", "程", "曹", "袁", "邓", "许", "傅", "沈", "曾", "彭", "吕",
    "苏", "卢", "蒋", "蔡", "贾", "丁", "魏", "薛", "叶", "阎", "余", "潘", "杜", "戴", "夏", "钟", "汪", "田", "任", "姜",
    "单", "解", "欧阳", "司马", "诸葛", "夏侯",
};
static const char *const given[] = {
    "伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰", "娟", "涛", "明", "超", "霞", "平", "刚",
    "桂", "英", "华", "玉", "秀", "兰", "红", "建", "国", "文", "志", "海", "晓", "春", "梅", "俊", "峰", "宇", "浩", "欣",
    "怡", "佳", "琪", "雨", "子", "涵", "梓", "轩", "博", "思", "婷", "慧", "鑫", "鹏", "飞", "凤", "莹", "雪", "琳", "倩",
};

#define COUNT(a) (sizeof(a) / sizeof *(a))

static const char *person_name(struct demo *d, struct arena *a)
{
    const char *s = surnames[chance(d, COUNT(surnames))], *g = given[chance(d, COUNT(given))];
    return chance(d, 100) < 70 ? arena_printf(a, "%s%s%s", s, g, given[chance(d, COUNT(given))])
                               : arena_printf(a, "%s%s", s, g);
}

/* ---- organisation ------------------------------------------------------------------------------------- */

static enum status put(struct demo *d, const struct noun *n, void *rec)
{
    crud_stamp(&d->c, rec);
    return row_insert(d->c.db, n, rec, d->c.arena, d->c.e);
}

static enum status make_branch(struct demo *d, const char *code, const char *name,
                               const char *level, const struct ref *parent, const char *parent_path,
                               struct ref *out, const char **path)
{
    struct branch b;
    record_empty(&branch_record, &b);
    crud_stamp(&d->c, &b.head);
    b.code = code;
    b.name = name;
    b.level = level;
    b.parent = *parent;
    b.path = *path = arena_printf(d->c.arena, "%s%llx/", parent_path, (unsigned long long)b.head.id);
    b.active = 1;
    *out = (struct ref){ b.head.id, code, name };
    return row_insert(d->c.db, &branch_noun, &b, d->c.arena, d->c.e);
}

static const struct { const char *code, *name; } towns[] = {
    { "PD", "浦东支行" }, { "XH", "徐汇支行" }, { "HZ", "杭州支行" }, { "SZ", "苏州支行" },
};
static const char *const places[] = { "陆家嘴", "张江", "世纪大道", "金桥", "花木", "川沙", "临港", "外高桥", "三林", "周浦" };

static enum status make_branches(struct demo *d)
{
    struct ref east, town;
    const char *hq_path = "1/", *east_path, *town_path, *path;
    struct arena *a = d->c.arena;
    enum status st = make_branch(d, "HD", "华东分行", "branch", &d->hq, hq_path, &east, &east_path);
    for (size_t t = 0; t < COUNT(towns) && !st; t++) {
        st = make_branch(d, towns[t].code, towns[t].name, "sub_branch", &east, east_path, &town, &town_path);
        for (size_t p = 0; p < COUNT(places) && !st; p++)
            st = make_branch(d, arena_printf(a, "%s%02zu", towns[t].code, p + 1),
                             t ? arena_printf(a, "%s%s网点", towns[t].name, places[p])
                               : arena_printf(a, "%s网点", places[p]),
                             "outlet", &town, town_path, &d->outlets[d->noutlets++], &path);
    }
    return st;
}

static const struct { const char *code, *name; } products[] = {
    { "wealth", "稳健季季盈" }, { "deposit", "大额存单" }, { "card", "白金信用卡" }, { "fund", "基金定投" },
    { "loan", "消费贷" }, { "pension", "养老金账户" },
};
static const struct { const char *code, *name, *kind; } channels[] = {
    { "web", "官网", "online" }, { "app", "手机银行", "online" }, { "wechat", "微信公众号", "online" },
    { "sms", "短信", "online" }, { "walk_in", "到店", "offline" }, { "call", "电话", "offline" },
    { "referral", "转介", "offline" }, { "event", "活动", "offline" },
};
static const struct { const char *code, *name; } pools[] = {
    { "retail", "零售公海" }, { "wealth", "财富公海" }, { "business", "小微公海" },
};

static enum status make_products(struct demo *d)
{
    enum status st = ST_OK;
    for (size_t i = 0; i < COUNT(products) && !st; i++) {
        struct product p;
        record_empty(&product_record, &p);
        p.code = products[i].code;
        p.name = products[i].name;
        p.active = 1;
        st = put(d, &product_noun, &p);
        d->products[i] = (struct ref){ p.head.id, p.code, p.name };
    }
    return st;
}

static enum status make_channels(struct demo *d)
{
    enum status st = ST_OK;
    for (size_t i = 0; i < COUNT(channels) && !st; i++) {
        struct channel x;
        record_empty(&channel_record, &x);
        x.code = channels[i].code;
        x.name = channels[i].name;
        x.kind = channels[i].kind;
        x.active = 1;
        st = put(d, &channel_noun, &x);
        d->channels[i] = (struct ref){ x.head.id, x.code, x.name };
    }
    return st;
}

/* one_in: how rare it is. Taken by the lead's number and not by chance, so that the same seed makes the same
 * leads with other tags. */
static const struct { const char *code, *name; int64_t one_in; } tags[] = {
    { "payroll", "代发客户", 7 }, { "business_owner", "企业主", 11 }, { "vip", "贵宾", 17 },
};

static enum status make_tags(struct demo *d)
{
    enum status st = ST_OK;
    for (size_t i = 0; i < COUNT(tags) && !st; i++) {
        struct tag x;
        record_empty(&tag_record, &x);
        x.code = tags[i].code;
        x.name = tags[i].name;
        x.active = 1;
        st = put(d, &tag_noun, &x);
        d->tags[i] = (struct ref){ x.head.id, x.code, x.name };
    }
    return st;
}

static struct refs tags_of(struct demo *d, int64_t no)
{
    struct refs out = { arena_array(d->c.arena, struct ref, COUNT(tags)), 0 };
    for (size_t i = 0; i < COUNT(tags); i++)
        if (no % tags[i].one_in == 0)
            out.items[out.n++] = d->tags[i];
    return out;
}

static enum status make_pools(struct demo *d)
{
    enum status st = ST_OK;
    for (size_t i = 0; i < COUNT(pools) && !st; i++) {
        struct pool p;
        record_empty(&pool_record, &p);
        p.code = pools[i].code;
        p.name = pools[i].name;
        p.branch = d->hq;
        p.parent = d->defaults.pool;
        p.raise_hours = 240;
        p.active = 1;
        st = put(d, &pool_noun, &p);
        d->pools[i] = (struct ref){ p.head.id, p.code, p.name };
    }
    return st;
}

/* Everybody's staff number is at least 10001; the first of an outlet leads it. */
static enum status make_staff(struct demo *d)
{
    size_t n = d->o->leads > 100000 ? 1000 : 120;
    enum status st = ST_OK;
    for (size_t i = 0; i < n && !st; i++) {
        struct employee m;
        record_empty(&employee_record, &m);
        m.code = arena_printf(d->c.arena, "%zu", 10001 + i);
        m.name = person_name(d, d->c.arena);
        m.branch = d->outlets[i % d->noutlets];
        m.status = "active";
        if (i >= d->noutlets)
            m.manager.id = d->staff[i % d->noutlets].id;
        st = put(d, &employee_noun, &m);
        d->staff[i] = (struct ref){ m.head.id, m.code, m.name };
        d->staff_branch[i] = m.branch.id;
    }
    d->nstaff = n;
    return st;
}

/* One account for each business role, so that each can be tried with --as. */
static enum status make_accounts(struct demo *d)
{
    static const struct { const char *role; size_t staff; bool top;
    } who[] = {
        { "supervisor", 0, false }, { "staff", 40, false }, { "operations", 1, true },
        { "head_office", 2, true }, { "config", 3, true },  { "auditor", 4, true },
    };
    enum status st = ST_OK;
    for (size_t i = 0; i < COUNT(who) && !st; i++) {
        if (who[i].staff >= d->nstaff)
            continue;
        struct account a;
        record_empty(&account_record, &a);
        a.code = who[i].top ? who[i].role : d->staff[who[i].staff].code;
        a.employee = d->staff[who[i].staff];
        if (who[i].top)
            a.branch = d->hq;
        a.roles = who[i].role;
        a.active = 1;
        st = put(d, &account_noun, &a);
    }
    return st;
}

/* Whoever made the demo works at the first outlet, so that home is not empty. */
static enum status move_me(struct demo *d)
{
    struct stmt *s =
        db_query(d->c.db, "select employee_id from account where local_uid = $1", "i", d->o->uid);
    d->me.id = db_row(s) ? db_int(s, 0) : 0;
    enum status st = db_end(s, d->c.e);
    d->my_branch = d->outlets[0].id;
    if (st || !d->me.id)
        return st;
    return db_exec(
        d->c.db, d->c.e,
        "update employee set name = '沈若溪', name_key = '沈若溪', name_py = 'srx', branch_id = $1 where id = $2",
        "ii", d->my_branch, d->me.id);
}

static enum status find(struct demo *d, const struct noun *n, const char *code, struct ref *out)
{
    return row_resolve(d->c.db, n, code, out, d->c.arena, d->c.e);
}

static enum status find_stages(struct demo *d)
{
    static const char *const codes[] = { "new", "contacted", "nurturing", "mql", "sql", "opportunity" };
    enum status st = find(d, &stage_noun, "won", &d->won);
    if (!st)
        st = find(d, &stage_noun, "lost", &d->lost);
    for (size_t i = 0; i < COUNT(codes) && !st; i++)
        st = find(d, &stage_noun, codes[i], &d->stages[i]);
    return st;
}

/* ---- leads -------------------------------------------------------------------------------------------- */

static const char *const intents[] = { "high", "mid", "mid", "low" };
static const char *const results[] = { "reached",     "no_answer", "interested",
                                       "considering", "busy",      "appointment" };
static const char *const notes[] = {
    "问了起购金额和期限", "说下周到店再谈", "资料差一页流水", "年终奖到账后再定", "想和家人商量", "对比了别家的利率",
};

static enum status person_row(struct demo *d, struct lead *l)
{
    struct person p;
    record_empty(&person_record, &p);
    crud_stamp(&d->c, &p.head);
    p.head.created_at = l->head.created_at;
    p.name = l->name;
    p.phone = l->phone;
    p.gender = l->gender;
    p.deceased = p.minor = 0;
    l->person.id = p.head.id;
    return row_writer_put(d->people, &p, d->c.arena, d->c.e);
}

/* Who has it: a third waits in a pool, the rest is owned; one in forty is the demo's maker's. */
static void place(struct demo *d, struct lead *l, int64_t i)
{
    bool mine = d->me.id && (i % 40 == 7) && i < 1200;
    size_t k = chance(d, (uint32_t)d->nstaff);
    l->branch.id = mine ? d->my_branch : d->staff_branch[k];
    if (!mine && chance(d, 100) < 35) {
        l->pool = d->pools[chance(d, COUNT(pools))];
        int64_t back = d->c.now - (int64_t)chance(d, 244 * 60) * CLOCK_MINUTE;     /* a few wait too long */
        l->received_at = back > l->head.created_at ? back : l->head.created_at;
        l->received_how = "create";
        return;
    }
    l->owner = mine ? d->me : d->staff[k];
    int64_t ago = (int64_t)chance(d, mine ? 70 : 400) * CLOCK_HOUR + (int64_t)chance(d, 3600) * CLOCK_SECOND;
    l->received_at = d->c.now - ago > l->head.created_at ? d->c.now - ago : l->head.created_at;
    l->received_how = chance(d, 2) ? "claim" : "assign";
}

static void work_on(struct demo *d, struct lead *l)
{
    if (!l->owner.id || chance(d, 100) < 35)
        return;
    int64_t span = d->c.now - l->received_at;
    l->first_response_at = l->received_at + (int64_t)chance(d, 1000) * (span / 1000);
    l->last_follow_up_at = l->first_response_at;
    l->follow_up_count = 1;
    l->stage = d->stages[1 + chance(d, 5)];
    if (chance(d, 100) < 60)
        l->next_follow_up_at = d->c.now + ((int64_t)chance(d, 96) - 24) * CLOCK_HOUR;
}

static void settle_clocks(struct demo *d, struct lead *l)
{
    lead_clocks(l, l->pool.id ? 240 : NONE);
    if (l->left_at != NONE && l->left_at < d->c.now - 20 * CLOCK_DAY)
        l->left_at = d->c.now - (int64_t)chance(d, 200) * CLOCK_HOUR;
}

static void finish_some(struct demo *d, struct lead *l)
{
    uint32_t dice = chance(d, 100);
    d->amount = NONE;
    if (!l->owner.id || l->first_response_at == NONE || dice >= 12)
        return;
    l->open = 0;
    l->closed_at = l->last_follow_up_at;
    l->stage = dice < 8 ? d->won : d->lost;
    l->next_follow_up_at = NONE;
    if (dice < 8)
        d->amount = l->amount = (int64_t)(1 + chance(d, 300)) * 1000000;
    else
        l->reason = "已在他行办理";
}

static enum status task_row(struct demo *d, const struct lead *l)
{
    if (!l->owner.id || l->open != 1)
        return ST_OK;
    bool first = l->first_response_at == NONE;
    if (!first && l->next_follow_up_at == NONE)
        return ST_OK;
    struct task t;
    record_empty(&task_record, &t);
    crud_stamp(&d->c, &t.head);
    t.kind = first ? "first_follow_up" : "follow_up";
    t.lead.id = l->head.id;
    t.owner = l->owner;
    t.branch = l->branch;
    t.due_at = first ? l->first_due_at : l->next_follow_up_at;
    t.state = "open";
    return row_writer_put(d->tasks, &t, d->c.arena, d->c.e);
}

static enum status event(struct demo *d, const struct lead *l, const char *type, int64_t at,
                         int64_t actor, const char *data)
{
    return db_exec(
        d->c.db, d->c.e,
        "insert into event (id, version, created_at, updated_at, type, noun, subject, branch_id, "
        "actor_id, at, data) values ($1, 1, $2, $2, $3, 'lead', $4, $5, $6, $2, $7)",
        "iitiiIt", db_next(d->c.db, "event"), at, type, l->head.id, l->branch.id,
        actor ? actor : NONE, data);
}

static enum status history(struct demo *d, const struct lead *l)
{
    if (!l->owner.id)
        return ST_OK;
    bool claimed = strcmp(l->received_how, "claim") == 0;
    enum status st = event(d, l, claimed ? "lead.claimed" : "lead.assigned", l->received_at,
                           claimed ? l->owner.id : 0, NULL);
    if (st || l->first_response_at == NONE)
        return st;
    struct follow_up f;
    record_empty(&follow_up_record, &f);
    crud_stamp(&d->c, &f.head);
    f.lead.id = l->head.id;
    f.employee = l->owner;
    f.branch = l->branch;
    f.at = l->first_response_at;
    f.way = "phone";
    f.result = results[chance(d, COUNT(results))];
    f.note = notes[chance(d, COUNT(notes))];
    f.next_at = l->next_follow_up_at;
    st = row_writer_put(d->follow_ups, &f, d->c.arena, d->c.e);
    return st ? st
              : event(d, l, "lead.followed_up", f.at, l->owner.id,
                      arena_printf(d->c.arena, "{\"follow_up\":\"%lld\",\"result\":\"%s\"}",
                                   (long long)f.head.id, f.result));
}

static enum status deal_row(struct demo *d, const struct lead *l)
{
    if (d->amount == NONE)
        return ST_OK;
    struct deal x;
    record_empty(&deal_record, &x);
    crud_stamp(&d->c, &x.head);
    x.lead.id = l->head.id;
    x.owner = l->owner;
    x.product = l->product;
    x.branch = l->branch;
    x.won_at = l->closed_at;
    x.amount = d->amount;
    return row_writer_put(d->deals, &x, d->c.arena, d->c.e);
}

/* A phone for each number of a lead, all different: a walk over nine digits. */
static const char *phone(struct arena *a, int64_t i)
{
    return arena_printf(a, "1%d%09lld", 3 + (int)(i % 7), (long long)((i * 123456789 + 7) % 999999937));
}

static enum status lead_row(struct demo *d, const struct lead *l)
{
    return row_writer_put(d->leads, l, d->c.arena, d->c.e);
}

/* The rows that a lead is made of, behind its person. */
static enum status (*const lead_rows[])(struct demo *d, const struct lead *l) = {
    lead_row, task_row, history, deal_row,
};

static enum status make_lead(struct demo *d, int64_t i)
{
    struct lead l;
    record_empty(&lead_record, &l);
    crud_stamp(&d->c, &l.head);
    l.head.created_at = d->c.now - (int64_t)chance(d, 30 * 24 * 60) * CLOCK_MINUTE;
    l.no = db_next(d->c.db, "lead_no");
    l.name = person_name(d, d->c.arena);
    l.phone = phone(d->c.arena, i);
    l.gender = chance(d, 2) ? "f" : "m";
    l.product = d->products[chance(d, COUNT(products))];
    l.channel = d->channels[chance(d, COUNT(channels))];
    l.intent = intents[chance(d, COUNT(intents))];
    l.score = chance(d, 101);
    l.stage = d->stages[0];
    l.tags = tags_of(d, l.no);
    l.open = 1;
    l.returned_count = l.frozen = l.follow_up_count = 0;
    place(d, &l, i);
    work_on(d, &l);
    finish_some(d, &l);
    settle_clocks(d, &l);
    enum status st = person_row(d, &l);
    for (size_t k = 0; k < COUNT(lead_rows) && !st; k++)
        st = lead_rows[k](d, &l);
    return st;
}

/* ---- all of it ---------------------------------------------------------------------------------------- */

static enum status open_writers(struct demo *d)
{
    struct { const struct noun *noun; struct row_writer **w; } all[] = {
        { &lead_noun, &d->leads }, { &person_noun, &d->people }, { &task_noun, &d->tasks },
        { &follow_up_noun, &d->follow_ups }, { &deal_noun, &d->deals },
    };
    enum status st = ST_OK;
    for (size_t i = 0; i < COUNT(all) && !st; i++) {
        struct shape shape = { .noun = all[i].noun };
        st = row_writer_open(d->c.db, &shape, all[i].w, d->c.e);
    }
    return st;
}

static void close_writers(struct demo *d)
{
    row_writer_close(d->leads);
    row_writer_close(d->people);
    row_writer_close(d->tasks);
    row_writer_close(d->follow_ups);
    row_writer_close(d->deals);
}

static bool stopped(const struct demo *d)
{
    return d->o->cancel && atomic_load(d->o->cancel);
}

static enum status name_head_office(struct demo *d)
{
    enum status st = find(d, &branch_noun, "HQ", &d->hq);
    return st ? st : db_exec(d->c.db, d->c.e,
                             "update branch set name = '总行', name_key = '总行' where id = $1", "i",
                             d->hq.id);
}

static enum status find_defaults(struct demo *d)
{
    return lead_defaults_load(&d->c, &d->defaults);
}

static enum status make_leads(struct demo *d)
{
    struct arena *whole = d->c.arena, rows = ARENA_INIT;
    enum status st = open_writers(d);
    d->c.arena = &rows;
    for (int64_t i = 0; i < d->o->leads && !st; i++) {
        st = stopped(d) ? fail(d->c.e, ST_CANCELLED, "cancelled", NULL) : make_lead(d, i);
        arena_reset(&rows);
        if (d->o->progress && i % 1000 == 0)
            d->o->progress(d->o->arg, i, d->o->leads);
    }
    d->c.arena = whole;
    close_writers(d);
    arena_free(&rows);
    return st;
}

/* What there is, in this order: each may lean on those before it, and chance runs through all. */
static enum status (*const parts[])(struct demo *d) = {
    name_head_office, find_defaults, make_branches, make_products, make_channels, make_tags, make_pools,
    make_staff, make_accounts, move_me, find_stages, make_leads,
};

static enum status fill(struct demo *d)
{
    enum status st = ST_OK;
    for (size_t i = 0; i < COUNT(parts) && !st; i++)
        st = parts[i](d);
    return st;
}

static enum status fill_in_tx(struct demo *d)
{
    struct bulk *bulk = NULL;
    enum status st = db_begin(d->c.db, d->c.e);
    if (st)
        return st;
    st = bulk_begin(&d->c, 0, &bulk);
    if (!st)
        st = fill(d);
    if (!st && bulk) {
        st = bulk_end(&d->c, bulk);
        bulk = NULL;
    }
    if (!st && stopped(d))
        st = fail(d->c.e, ST_CANCELLED, "cancelled", NULL);
    if (!st)
        st = ctx_event(&d->c, "demo.filled", "database", 0, d->hq.id, NULL);
    bulk_free(bulk);
    if (st) {
        db_rollback(d->c.db);
        return st;
    }
    return db_commit(d->c.db, d->c.e);
}

enum status demo_fill(struct db *db, const struct demo_options *o, struct err *e)
{
    struct arena mem = ARENA_INIT;
    struct actor system;
    actor_system(&system);
    struct demo *d = arena_new(&mem, struct demo);
    d->o = o;
    d->state = o->seed * 0x9e3779b97f4a7c15u + 0x2545f4914f6cdd1du;
    d->c = (struct ctx){
        .db = db, .arena = &mem, .e = e, .who = &system, .now = clock_now(), .request = "demo"
    };
    enum status st = o->leads < 1 || o->leads > DEMO_LEADS_MOST
                         ? fail_field(e, ST_INVALID, "leads", "demo.leads", NULL) : fill_in_tx(d);
    arena_free(&mem);
    return st;
}
