#include "lang_world.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

/* ---- the noun -------------------------------------------------------------------------------- */

static const struct choice kinds[] = { { "hot", "热" }, { "cold", "冷 淡" }, { "in", "在" },
                                       { NULL, NULL } };
static const struct choice grades[] = { { "a1", "甲等" }, { "b2", "乙等" }, { NULL, NULL } };

static const struct field thing_fields[] = {
    FIELD_ID(struct thing, id, "id"),
    FIELD_INT(struct thing, no, "编号"),
    FIELD_MONEY(struct thing, amount, "金额"),
    FIELD_TIME(struct thing, at, "时间"),
    FIELD_FLAG(struct thing, active, "启用"),
    FIELD_NUMBER(struct thing, weight, "same label"),
    FIELD_TEXT(struct thing, name, "客户 \"姓名\"", .flags = FIELD_KEYED | FIELD_PII),
    FIELD_TEXT(struct thing, note, "same label"),
    FIELD_CHOICE(struct thing, kind, "类型", .choices = kinds),
    FIELD_SECRET(struct thing, phone, "手机", .flags = FIELD_PII),
    FIELD_REF(struct thing, branch, "branch", "机构"),
    FIELD_REF(struct thing, owner, "employee", "归属人"),
    FIELD_REF(struct thing, stage, "stage", "阶段"),
    FIELD_TIME(struct thing, seen, "见到"),
    FIELD_REFS(struct thing, tags, "tag", "标签"),
};
static const struct record thing_record = RECORD(struct thing, "thing", thing_fields);

static const struct choice ways[] = { { "call", "电话" }, { "shop", "到店" }, { NULL, NULL } };
static const struct field visit_fields[] = {
    FIELD_TIME(struct visit, at, "何时"),
    FIELD_INT(struct visit, score, "评分"),
    { .name = "way", .label = "方式", .type = F_CHOICE, .off = offsetof(struct visit, way), .choices = ways },
};
static const struct record visit_record = RECORD(struct visit, "visit", visit_fields);
const struct noun visit_noun = {
    .name = "visit", .plural = "visits", .table = "visit", .rec = &visit_record
};

static const struct noun_list lists[] = {
    { "visits", "visit", "到访", &visit_noun, "thing_id", "id", "at", NULL },
    { "calls", "call", "通话 次", &visit_noun, "thing_id", "id", "at", "r.way = 'call'" },
    { .name = NULL },
};
static const struct noun_span spans[] = {
    { "idle", "未动", "at", "seen" }, { "unseen", "same label", "seen", NULL }, { .name = NULL },
};
static const struct noun_change changes[] = { { "stage", "thing.staged thing.won" }, { .field = NULL } };

const struct noun thing_noun = {
    .name = "thing", .plural = "things", .label = "things", .table = "thing", .rec = &thing_record,
    .code = "no", .sort = "no", .attr_table = "thing_x", .columns = "no",
    .lists = lists, .spans = spans, .changes = changes,
};

const struct world_employee world_employees[] = {
    { 11, "active", 2 }, { 12, "left", 0 }, { 13, NULL, 3 }, { 0, NULL, 0 },
};
const char world_rich[] = "amount > 0 or no = 5";

const struct attr_def thing_attrs[WORLD_ATTRS] = {
    { .id = 1, .key = "job", .label = "职业", .type = F_TEXT },
    { .id = 2, .key = "age", .label = "年龄(岁)", .type = F_NUMBER },
    { .id = 3, .key = "since", .label = "since", .type = F_TIME },
    { .id = 4, .key = "grade", .label = "等级", .type = F_CHOICE, .choices = grades },
    { .id = 5, .key = "in", .label = "在", .type = F_FLAG },
};

#define INT(m) ((struct cell){ .type = t->m == NONE ? 0 : 'i', .i = t->m })
#define ID(m) ((struct cell){ .type = t->m.id ? 'i' : 0, .i = t->m.id })
#define NUMBER(m) ((struct cell){ .type = isnan(t->m) ? 0 : 'd', .d = t->m })
#define TEXT(m) ((struct cell){ .type = t->m ? 's' : 0, .s = t->m })

struct cell world_cell(const struct thing *t, struct lang_name n)
{
    const struct { const char *name; struct cell cell; } cells[] = {
        { "id", INT(id) }, { "no", INT(no) }, { "amount", INT(amount) }, { "at", INT(at) },
        { "active", INT(active) }, { "weight", NUMBER(weight) }, { "name", TEXT(name) },
        { "note", TEXT(note) }, { "kind", TEXT(kind) }, { "phone", TEXT(phone) },
        { "branch", ID(branch) }, { "owner", ID(owner) }, { "stage", ID(stage) },
        { "job", TEXT(job) }, { "age", NUMBER(age) }, { "since", INT(since) },
        { "grade", TEXT(grade) }, { "in", INT(vip) }, { "seen", INT(seen) },
    };
    const char *name = n.field ? n.field->name : n.attr->key;
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++)
        if (strcmp(cells[i].name, name) == 0)
            return cells[i].cell;
    assert(!"a name of this noun");
    return (struct cell){ 0 };
}

/* ---- what words name ------------------------------------------------------------------------- */

const struct world_ref world_refs[] = {
    { "branch", "HQ", "总行", 1, 0 },
    { "branch", "east", "华东", 2, 1 },
    { "branch", "sh", "上海", 3, 2 },
    { "branch", "west", "华西", 4, 1 },
    { "branch", "sh2", "静安", 5, 3 },
    { "employee", "e11", "张三", 11, 0 },
    { "employee", "e12", "李四", 12, 0 },
    { "employee", "me", "王五", 13, 0 },
    { "stage", "new", "新线索", 21, 0 },
    { "stage", "won", "成交", 22, 0 },
    { "stage", "basic.4y", "a b", 23, 0 },
    { "tag", "vip", "贵宾", WORLD_TAG, 0 },
    { "tag", "a/b", "甲 乙", WORLD_TAG + 1, 0 },
    { "tag", "old", "老客", WORLD_TAG + 2, 0 },
    { NULL, NULL, NULL, 0, 0 },
};

int64_t world_ref_id(const char *noun, const char *word)
{
    for (const struct world_ref *r = world_refs; r->noun; r++)
        if (strcmp(r->noun, noun) == 0 &&
            (strcasecmp(r->code, word) == 0 || strcmp(r->name, word) == 0))
            return r->id;
    return 0;
}

bool world_is_under(int64_t branch, int64_t root)
{
    for (const struct world_ref *r = world_refs; r->noun; r++)
        if (r->id == branch)
            return branch == root || world_is_under(r->parent, root);
    return false;
}

static enum status find_ref(void *self, const char *noun, const char *word, int64_t *id,
                            struct err *e)
{
    (void)self;
    (void)e;
    *id = world_ref_id(noun, word);
    return ST_OK;
}

static void blind(const char *value, unsigned char out[SECRET_HASH])
{
    for (size_t i = 0; i < SECRET_HASH; i++)
        out[i] = (unsigned char)(i * 17 + strlen(value));
    for (size_t i = 0; value[i]; i++)
        out[i % SECRET_HASH] ^= (unsigned char)value[i];
}

static enum status secret_index(void *self, const struct field *f, const char *value,
                                unsigned char out[SECRET_HASH], struct err *e)
{
    (void)self;
    if (strspn(value, "0123456789") != strlen(value))
        return fail_field(e, ST_INVALID, f->name, "phone.invalid", value, NULL);
    blind(value, out);
    return ST_OK;
}

static const char *const *codes(void *self, const char *noun, struct arena *a)
{
    (void)self;
    const char **list = arena_array(a, const char *, 16);
    size_t n = 0;
    for (const struct world_ref *r = world_refs; r->noun; r++)
        if (strcmp(r->noun, noun) == 0)
            list[n++] = r->code;
    return list;
}

static enum status find_segment(void *self, const struct noun *noun, const char *word,
                                struct lang_segment *out, struct arena *a, struct err *e)
{
    (void)self;
    (void)a;
    (void)e;
    *out = strcmp(word, "listed") == 0 ? (struct lang_segment){ 1, NULL } :
           strcmp(word, "rich") == 0 ? (struct lang_segment){ 2, world_rich } :
           strcmp(word, "ring") == 0 ? (struct lang_segment){ 3, "no = 1 or segment = ring" } :
                                       (struct lang_segment){ 0, NULL };
    assert(noun == &thing_noun);
    return ST_OK;
}

static const struct lang_resolver resolver = { .ref = find_ref, .secret_index = secret_index,
                                               .codes = codes, .segment = find_segment };
const struct lang_env world_env = {
    .noun = &thing_noun,
    .attrs = thing_attrs,
    .nattrs = WORLD_ATTRS,
    .me = WORLD_ME,
    .my_branch = WORLD_BRANCH,
    .resolver = &resolver,
};

/* ---- the database ---------------------------------------------------------------------------- */

static const char schema[] =
    "create table branch (id integer primary key, path text not null);"
    "create unique index branch_path on branch (path);"
    "create table thing (id integer primary key, no integer, amount integer, at integer,"
    " active integer, weight real, name text, name_key text, note text, kind text, phone_hash blob,"
    " branch_id integer, owner_id integer, stage_id integer, seen integer);"
    "create table employee (id integer primary key, status text, branch_id integer);"
    "create table thing_tag (thing_id integer, tag_id integer, primary key (thing_id, tag_id)) "
    "without rowid;"
    "create table visit (id integer primary key, thing_id integer, at integer, score integer, way "
    "text);"
    "create table event (id integer primary key, noun text, subject integer, type text, at "
    "integer, data text);"
    "create table segment_member (segment_id integer, subject_id integer, primary key (segment_id, "
    "subject_id))"
    " without rowid;"
    "create index thing_stage on thing (stage_id, id);"
    "create index thing_name on thing (name_key, id);"
    "create index thing_phone on thing (phone_hash);"
    "create table thing_x (id integer primary key, a_job text, k_job text, a_age real,"
    " a_since integer, a_grade text, a_in integer);";

/* What stands for the ids from the root down, as core/model has them: "f/k/p/". */
static void path_of(int64_t branch, char *out, size_t size)
{
    char up[64] = "";
    for (const struct world_ref *r = world_refs; r->noun; r++)
        if (r->id == branch && r->parent)
            path_of(r->parent, up, sizeof up);
    snprintf(out, size, "%s%c/", up, (char)('a' + branch * 5));
}

sqlite3 *world_open(void)
{
    sqlite3 *db;
    char sql[256], path[64];
    int rc = sqlite3_open(":memory:", &db);
    assert(rc == SQLITE_OK);
    rc = sqlite3_exec(db, schema, NULL, NULL, NULL);
    assert(rc == SQLITE_OK);
    for (const struct world_ref *r = world_refs; r->noun; r++) {
        if (strcmp(r->noun, "branch") != 0)
            continue;
        path_of(r->id, path, sizeof path);
        snprintf(sql, sizeof sql, "insert into branch values (%lld, '%s')", (long long)r->id, path);
        rc = sqlite3_exec(db, sql, NULL, NULL, NULL);
        assert(rc == SQLITE_OK);
    }
    for (const struct world_employee *x = world_employees; x->id; x++) {
        snprintf(sql, sizeof sql, "insert into employee values (%lld, %s%s%s, nullif(%lld, 0))",
                 (long long)x->id, x->status ? "'" : "", x->status ? x->status : "null",
                 x->status ? "'" : "", (long long)x->branch);
        rc = sqlite3_exec(db, sql, NULL, NULL, NULL);
        assert(rc == SQLITE_OK);
    }
    (void)rc;
    return db;
}

sqlite3_stmt *world_prepare(sqlite3 *db, const struct sql *q)
{
    sqlite3_stmt *st = NULL;
    if (sqlite3_prepare_v2(db, q->text.s, -1, &st, NULL) != SQLITE_OK) {
        fprintf(stderr, "%s: %.400s\n", sqlite3_errmsg(db), q->text.s);
        return NULL;
    }
    assert((size_t)sqlite3_bind_parameter_count(st) == q->n);
    for (size_t i = 0; i < q->n; i++) {
        const struct sql_value *v = &q->values[i];
        char name[24];
        snprintf(name, sizeof name, "$%zu", i + 1);
        int at = sqlite3_bind_parameter_index(st, name);
        switch (v->type) {
        case 'i': sqlite3_bind_int64(st, at, v->i); break;
        case 'd': sqlite3_bind_double(st, at, v->d); break;
        case 't': sqlite3_bind_text(st, at, v->s, (int)v->len, SQLITE_STATIC); break;
        case 'b': sqlite3_bind_blob(st, at, v->s, (int)v->len, SQLITE_STATIC); break;
        default: break;
        }
    }
    return st;
}

static void run(sqlite3 *db, struct sql *q)
{
    sqlite3_stmt *st = world_prepare(db, q);
    assert(st);
    int rc = sqlite3_step(st);
    assert(rc == SQLITE_DONE);
    (void)rc;
    sqlite3_finalize(st);
    sql_release(q);
}

static void add_number(struct sql *q, double d)
{
    if (isnan(d))
        sql_add(q, "null");
    else
        sql_num(q, d);
}

static void add_int(struct sql *q, const char *before, int64_t i)
{
    sql_add(q, before);
    sql_int(q, i);
}

static void add_text(struct sql *q, const char *before, const char *s)
{
    sql_add(q, before);
    sql_text(q, s);
}

static void insert_others(sqlite3 *db, const struct thing *t, struct arena *a)
{
    struct sql q;
    for (int i = 0; i < WORLD_TAGS; i++)
        if (t->tagged & 1u << i) {
            sql_init(&q, a);
            add_int(&q, "insert into thing_tag values (", t->id);
            add_int(&q, ", ", WORLD_TAG + i);
            sql_add(&q, ")");
            run(db, &q);
        }
    for (int i = 0; i < t->nvisits; i++) {
        sql_init(&q, a);
        add_int(&q, "insert into visit values (null, ", t->id);
        add_int(&q, ", ", t->visit[i].at);
        add_int(&q, ", ", t->visit[i].score);
        add_text(&q, ", ", t->visit[i].way);
        sql_add(&q, ")");
        run(db, &q);
    }
    for (int i = 0; i < t->nevents; i++) {
        sql_init(&q, a);
        add_int(&q, "insert into event values (null, 'thing', ", t->id);
        add_text(&q, ", ", t->event[i].type);
        add_int(&q, ", ", t->event[i].at);
        add_text(&q, ", ", t->event[i].data);
        sql_add(&q, ")");
        run(db, &q);
    }
    if (t->member) {
        sql_init(&q, a);
        add_int(&q, "insert into segment_member values (1, ", t->id);
        sql_add(&q, ")");
        run(db, &q);
    }
}

void world_insert(sqlite3 *db, const struct thing *t)
{
    struct arena a = ARENA_INIT;
    struct sql q;
    unsigned char hash[SECRET_HASH];

    sql_init(&q, &a);
    add_int(&q, "insert into thing values (", t->id);
    add_int(&q, ", ", t->no);
    add_int(&q, ", ", t->amount);
    add_int(&q, ", ", t->at);
    add_int(&q, ", ", t->active);
    sql_add(&q, ", ");
    add_number(&q, t->weight);
    add_text(&q, ", ", t->name);
    add_text(&q, ", ", text_key(&a, t->name));
    add_text(&q, ", ", t->note);
    add_text(&q, ", ", t->kind);
    if (t->phone)
        blind(t->phone, hash);
    sql_add(&q, ", ");
    sql_blob(&q, t->phone ? hash : NULL, t->phone ? sizeof hash : 0);
    add_int(&q, ", ", t->branch.id ? t->branch.id : NONE);
    add_int(&q, ", ", t->owner.id ? t->owner.id : NONE);
    add_int(&q, ", ", t->stage.id ? t->stage.id : NONE);
    add_int(&q, ", ", t->seen);
    sql_add(&q, ")");
    run(db, &q);
    insert_others(db, t, &a);
    if (t->job || t->grade || !isnan(t->age) || t->since != NONE || t->vip != NONE) {
        sql_init(&q, &a);
        add_int(&q, "insert into thing_x values (", t->id);
        add_text(&q, ", ", t->job);
        add_text(&q, ", ", text_key(&a, t->job));
        sql_add(&q, ", ");
        add_number(&q, t->age);
        add_int(&q, ", ", t->since);
        add_text(&q, ", ", t->grade);
        add_int(&q, ", ", t->vip);
        sql_add(&q, ")");
        run(db, &q);
    }
    arena_free(&a);
}

const char *world_find(sqlite3 *db, const struct lang_env *env, const struct cond *c)
{
    static char out[8192];
    struct arena a = ARENA_INIT;
    struct sql where, q;
    struct err e;
    bool side;
    size_t n = 0;

    sql_init(&where, &a);
    sql_init(&q, &a);
    out[0] = '\0';
    if (lang_compile(c, env, "t", &where, &side, &e)) {
        snprintf(out, sizeof out, "%s", e.code);
    } else {
        sql_add(&q, "select t.id from thing t");
        sql_add(&q, side ? " left join thing_x x on x.id = t.id where " : " where ");
        sql_append(&q, &where);
        sql_add(&q, " order by t.id");
        sqlite3_stmt *st = world_prepare(db, &q);
        while (st && sqlite3_step(st) == SQLITE_ROW && n < sizeof out - 24)
            n += (size_t)snprintf(out + n, sizeof out - n, "%s%lld", n ? " " : "",
                                  (long long)sqlite3_column_int64(st, 0));
        if (!st)
            snprintf(out, sizeof out, "no statement");
        sqlite3_finalize(st);
    }
    sql_release(&where);
    sql_release(&q);
    arena_free(&a);
    return out;
}

const char *world_where(sqlite3 *db, const struct lang_env *env, const char *text)
{
    static char out[8192];
    struct arena a = ARENA_INIT;
    struct cond *c;
    struct err e;
    if (lang_parse(&a, text, env, &c, &e))
        snprintf(out, sizeof out, "%s", e.code);
    else
        snprintf(out, sizeof out, "%s", world_find(db, env, c));
    arena_free(&a);
    return out;
}
