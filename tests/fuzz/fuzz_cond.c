/* Any bytes as a condition on leads: what is taken prints and reads back as the same tree in both
 * languages, and its SQL is accepted by the database with every value bound. */
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "core/lang/lang.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct choice grades[] = { { "a1", "甲等" }, { "or", "或" }, { "b \"2\"", NULL },
                                        { NULL, NULL } };
static const struct attr_def attrs[] = {
    { .key = "job", .label = "职业", .type = F_TEXT },
    { .key = "in", .label = "a \"b\\", .type = F_NUMBER },
    { .key = "since", .label = "时 间", .type = F_TIME },
    { .key = "grade", .label = "job", .type = F_CHOICE, .choices = grades },
    { .key = "7d", .label = "7d", .type = F_FLAG },
};

static void must(bool ok, const char *what)
{
    if (ok)
        return;
    fprintf(stderr, "broken: %s\n", what);
    abort();
}

static enum status find_ref(void *self, const char *noun, const char *word, int64_t *id,
                            struct err *e)
{
    (void)self;
    (void)noun;
    (void)e;
    *id = word[0] & 1 ? (int64_t)strlen(word) : 0;
    return ST_OK;
}

static enum status secret_index(void *self, const struct field *f, const char *value,
                                unsigned char out[SECRET_HASH], struct err *e)
{
    (void)self;
    memset(out, value[0], SECRET_HASH);
    return value[0] == '9' ? fail_field(e, ST_INVALID, f->name, "phone.invalid", NULL) : ST_OK;
}

static const char *const *codes(void *self, const char *noun, struct arena *a)
{
    static const char *const list[] = { "new", "won", "成交", NULL };
    (void)self;
    (void)noun;
    (void)a;
    return list;
}

static bool secret_former(void *self, const struct field *f, const char *value,
                          unsigned char out[SECRET_HASH])
{
    (void)self;
    (void)f;
    memset(out, value[0] + 1, SECRET_HASH);
    return value[0] & 1;
}

/* Some have a condition of their own, one asks for itself, one is broken; what begins with `s` is a
 * list of rows. */
static enum status segment(void *self, const struct noun *noun, const char *word, struct lang_segment *out,
                           struct arena *a, struct err *e)
{
    static const char *const wheres[][2] = {
        { "vip",
          "tags has vip and any follow_ups (result = reached or employee.branch under my branch)" },
        { "a", "score between 60 and 80 or not (segment in (vip, static) and did deal at least 2 "
               "times in 30d)" },
        { "b", "not segment = a and stage changed within 7d" },
        { "ring", "segment = ring" },
        { "none", "" },
        { "broken", "score = " },
    };
    (void)self;
    (void)noun;
    (void)a;
    (void)e;
    *out = (struct lang_segment){ .id = word[0] == 's' };
    for (size_t i = 0; i < sizeof wheres / sizeof *wheres; i++)
        if (strcmp(word, wheres[i][0]) == 0)
            *out = (struct lang_segment){ .id = (int64_t)i + 2, .where = wheres[i][1] };
    return ST_OK;
}

static const struct lang_resolver resolver = { .ref = find_ref,
                                               .secret_index = secret_index,
                                               .secret_former = secret_former,
                                               .codes = codes,
                                               .segment = segment };
static const struct lang_env env = { .noun = &lead_noun, .attrs = attrs,
                                     .nattrs = sizeof attrs / sizeof *attrs,
                                     .me = 7, .my_branch = 3, .resolver = &resolver };
/* The tables that conditions on leads may ask. */
static const struct noun *const asked[] = {
    &lead_noun,  &follow_up_noun, &task_noun,   &deal_noun,    &consent_noun,
    &event_noun, &employee_noun,  &branch_noun, &channel_noun, &product_noun,
    &stage_noun, &pool_noun,      &person_noun,
};
static const struct lens hides_names = { .mask_names = true };
static sqlite3 *db;

static void add_column(struct sql *q, struct lang_name n, const char *alias)
{
    struct sql column;
    sql_init(&column, q->arena);
    for (int key = 0; key < 2; key++) {
        buf_clear(&column.text);
        lang_column(&column, n, alias, key);
        const char *name = strchr(column.text.s, '.') + 1;
        if (!strstr(q->text.s, arena_printf(q->arena, " %s,", name)) && strcmp(name, "id") != 0)
            sql_addf(q, " %s,", name);
    }
    sql_release(&column);
}

static void add_columns(struct sql *q, const struct noun *n)
{
    for (size_t i = 0; i < n->rec->nfields; i++) {
        const struct field *f = &n->rec->fields[i];
        if (f->type == F_ATTRS || f->type == F_LIST || f->type == F_REFS)
            continue;
        add_column(q, (struct lang_name){ .field = f }, "t");
        if (f->flags & FIELD_PINYIN)
            sql_addf(q, " %s_py,", f->name);
    }
}

static void run(struct sql *q, const char *end)
{
    buf_cut(&q->text, q->text.len - 1);
    sql_add(q, end);
    must(sqlite3_exec(db, q->text.s, NULL, NULL, NULL) == SQLITE_OK, q->text.s);
    sql_release(q);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    struct arena a = ARENA_INIT;
    struct sql q;
    must(sqlite3_open(":memory:", &db) == SQLITE_OK, "open");
    must(sqlite3_exec(db, "create table lead_tag (lead_id integer, tag_id integer);"
                          " create table segment_member (segment_id integer, subject_id integer)", NULL, NULL,
                      NULL) == SQLITE_OK,
         "tables");
    sqlite3_limit(db, SQLITE_LIMIT_SQL_LENGTH, 1 << 20);        /* those of core/store/sqlite.c */
    sqlite3_limit(db, SQLITE_LIMIT_EXPR_DEPTH, 1000);
    sqlite3_limit(db, SQLITE_LIMIT_VDBE_OP, 250000);
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        sql_init(&q, &a);
        sql_addf(&q, "create table %s (id integer primary key,", asked[i]->table);
        add_columns(&q, asked[i]);
        run(&q, ")");
    }
    sql_init(&q, &a);
    sql_add(&q, "create table lead_x (id integer primary key,");
    for (size_t i = 0; i < env.nattrs; i++)
        add_column(&q, (struct lang_name){ .attr = &attrs[i] }, "x");
    run(&q, ")");
    arena_free(&a);
    clock_set(1790000000000);
    return 0;
}

static void check_print(struct arena *a, const struct cond *c, const char *lang)
{
    struct buf text = BUF_INIT, again = BUF_INIT;
    struct cond *back;
    struct err e;
    lang_print(c, &env, lang, &text);
    bool is_stored = strcmp(lang, "en") == 0;
    if (is_stored || text.len <= LANG_TEXT) {
        must(lang_parse(a, text.s, &env, &back, &e) == ST_OK, text.s);
        must(lang_equal(c, back), text.s);
        lang_print(back, &env, lang, &again);
        must(strcmp(text.s, again.s) == 0, text.s);
    }
    buf_release(&text);
    buf_release(&again);
}

static void check_sql(struct arena *a, const struct cond *c, const struct lens *lens)
{
    struct lang_env who = env;
    struct sql where, q;
    struct err e = { 0 };
    bool side;
    sqlite3_stmt *st;
    who.lens = lens;
    sql_init(&where, a);
    sql_init(&q, a);
    if (lang_compile(c, &who, "t", &where, &side, &e)) {
        must(e.status != ST_OK && e.code[0], "an error without a code");
        must(where.text.len == 0 && where.n == 0, "a trace of a failed compile");
    } else {
        sql_add(&q, "select t.id from lead t ");
        sql_add(&q, side ? "left join lead_x x on x.id = t.id where " : "where ");
        sql_append(&q, &where);
        must(sqlite3_prepare_v2(db, q.text.s, -1, &st, NULL) == SQLITE_OK, q.text.s);
        must((size_t)sqlite3_bind_parameter_count(st) == q.n, q.text.s);
        sqlite3_finalize(st);
    }
    sql_release(&where);
    sql_release(&q);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a = ARENA_INIT;
    char *text = arena_strndup(&a, (const char *)data, size);
    struct lang_sort *sorts;
    struct cond *c;
    struct err e = { 0 };
    size_t n;

    if (lang_parse(&a, text, &env, &c, &e)) {
        must(!c && e.status != ST_OK && e.code[0], "an error without a code");
        must(atoi(e.param[0]) > 0 || strcmp(e.code, "cond.syntax") != 0, "a column");
    } else {
        check_print(&a, c, "en");
        check_print(&a, c, "zh_CN");
        check_sql(&a, c, NULL);
        check_sql(&a, c, &hides_names);
    }
    if (lang_sort_parse(&a, text, &env, &sorts, &n, &e) == ST_OK)
        must(n <= LANG_SORTS, "too many keys");
    arena_free(&a);
    return 0;
}
