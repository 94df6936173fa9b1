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

static const struct lang_resolver resolver = { .ref = find_ref, .secret_index = secret_index,
                                               .codes = codes };
static const struct lang_env env = { .noun = &lead_noun, .attrs = attrs,
                                     .nattrs = sizeof attrs / sizeof *attrs,
                                     .me = 7, .resolver = &resolver };
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
    must(sqlite3_exec(db, "create table branch (id integer primary key, path text);"
                          " create table lead_tag (lead_id integer, tag_id integer)", NULL, NULL,
                      NULL) == SQLITE_OK,
         "branch");
    sql_init(&q, &a);
    sql_add(&q, "create table lead (id integer primary key,");
    for (size_t i = 0; i < lead_noun.rec->nfields; i++) {
        const struct field *f = &lead_noun.rec->fields[i];
        if (f->type != F_ATTRS && f->type != F_LIST && f->type != F_REFS)
            add_column(&q, (struct lang_name){ .field = f }, "t");
    }
    run(&q, ")");
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
