/* Properties of random trees: both prints read back as the same tree, and the SQL finds what a
 * plain evaluator, which stands only here, finds. The seed is fixed; LANG_SEED sets another. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/text.h"
#include "lang_world.h"

enum { ROWS = 120, TREES = 1500 };

static uint64_t seed = 20261122;
static struct arena arena = ARENA_INIT;
static struct thing rows[ROWS];
static sqlite3 *db;

static unsigned pick(unsigned n)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (unsigned)(seed >> 33) % n;
}
#define PICK(list) ((list)[pick(sizeof(list) / sizeof *(list))])

/* ---- what there is to pick from: rows and conditions share it, so that they meet ------------- */

static const int64_t ints[] = { 0, 1, -1, 5, 100, -100, 12345, INT64_MAX, INT64_MIN + 1 };
static const int64_t fens[] = { 0, 1, -1, 50, 100, 1000000, 300000000, -123456 };
static const double doubles[] = { 0, 1, -1, 0.1, 1.5, -2.25, 1e20, 1e-7, 3.141592653589793, 100 };
static const char *const texts[] = {
    "a", "A", "abc", "ABC", "ab", "abd", "axb", "a_b", "a\\b", "a b", "x, y", "(x)", "100%", "-5", "1.5",
    "zoe", "Zo\xC3\xA9", "say \"hi\"", "'; drop", "line\nbreak", "and", "no", "me", "today", "7d",
    "2026-11-22", "张三", "张三丰", "三", "且", "在", "我", "华东 分行", "“好”", "ＡＢＣ", "１００％", "ﬁ",
    "𠮷", "\xF0\x9F\x98\x80", "\xED\x9F\xBF", "\xF4\x8F\xBF\xBF",
};
static const char *const kinds[] = { "hot", "cold", "in" }, *const grades[] = { "a1", "b2" };
static const char *const phones[] = { "13800138000", "13900139000", "13700137000" };

static int64_t now, days[4];

/* Around the borders of the days near now. */
static int64_t some_moment(void)
{
    static const int64_t off[] = { -1, 0, 1, CLOCK_HOUR, CLOCK_DAY / 2, CLOCK_DAY - 1 };
    return pick(8) ? PICK(days) + PICK(off) : now + (int64_t)pick(3) * CLOCK_MINUTE - CLOCK_MINUTE;
}

static int64_t some_ref(const char *noun, const char **word)
{
    for (;;) {
        const struct world_ref *r = &world_refs[pick(11)];
        if (strcmp(r->noun, noun) != 0)
            continue;
        if (word)
            *word = pick(2) ? r->code : r->name;
        return r->id;
    }
}

/* ---- rows ------------------------------------------------------------------------------------ */

#define MAYBE(value, none) (pick(4) ? (value) : (none))

static struct thing some_thing(int64_t id)
{
    struct thing t = { .id = id };
    t.no = MAYBE(PICK(ints), NONE);
    t.amount = MAYBE(PICK(fens), NONE);
    t.at = MAYBE(some_moment(), NONE);
    t.active = MAYBE(pick(2), NONE);
    t.weight = MAYBE(PICK(doubles), NAN);
    t.name = MAYBE(PICK(texts), NULL);
    t.note = MAYBE(PICK(texts), NULL);
    t.kind = MAYBE(PICK(kinds), NULL);
    t.phone = MAYBE(PICK(phones), NULL);
    t.branch.id = MAYBE(some_ref("branch", NULL), 0);
    t.owner.id = MAYBE(some_ref("employee", NULL), 0);
    t.stage.id = MAYBE(some_ref("stage", NULL), 0);
    t.since = NONE;
    t.vip = NONE;
    t.age = NAN;
    if (pick(3)) {
        t.job = MAYBE(PICK(texts), NULL);
        t.age = MAYBE(PICK(doubles), NAN);
        t.since = MAYBE(some_moment(), NONE);
        t.grade = MAYBE(PICK(grades), NULL);
        t.vip = MAYBE(pick(2), NONE);
    }
    return t;
}

static int start(void **state)
{
    (void)state;
    const char *other = getenv("LANG_SEED");
    if (other)
        seed = strtoull(other, NULL, 10) | 1;
    assert_true(clock_zone("Asia/Shanghai"));
    now = clock_from_civil((struct civil){ .year = 2026, .month = 3, .day = 1, .hour = 9 });
    clock_set(now);
    for (int i = 0; i < 4; i++)
        days[i] = clock_from_civil((struct civil){ .year = 2026, .month = 3, .day = i - 1 });
    db = world_open();
    for (int i = 0; i < ROWS; i++) {
        rows[i] = some_thing(i + 1);
        world_insert(db, &rows[i]);
    }
    return 0;
}

static int stop(void **state)
{
    (void)state;
    sqlite3_close(db);
    arena_free(&arena);
    clock_set(NONE);
    return 0;
}

/* ---- random trees ---------------------------------------------------------------------------- */

static struct lang_name some_name(void)
{
    unsigned n = pick((unsigned)thing_noun.rec->nfields + WORLD_ATTRS);
    if (n < thing_noun.rec->nfields)
        return (struct lang_name){ .field = &thing_noun.rec->fields[n] };
    return (struct lang_name){ .attr = &thing_attrs[n - thing_noun.rec->nfields] };
}

static struct value some_time(void)
{
    static const enum value_kind time_kinds[] = { VAL_DAY, VAL_TIME, VAL_TODAY, VAL_NOW };
    struct value v = { .kind = PICK(time_kinds) };
    switch (v.kind) {
    case VAL_DAY: v.i = PICK(days) + CLOCK_DAY / 2; break;
    case VAL_TODAY: v.i = (int64_t)pick(7) - 3; break;
    case VAL_NOW: v.i = ((int64_t)pick(9) - 4) * (pick(2) ? CLOCK_MINUTE : CLOCK_DAY); break;
    default: v.i = some_moment();
    }
    return v;
}

static struct value some_value(struct lang_name n)
{
    struct value v = { .kind = VAL_TEXT };
    switch (n.field ? n.field->type : n.attr->type) {
    case F_ID: return (struct value){ .kind = VAL_INT, .i = pick(ROWS + 5) };
    case F_INT: return (struct value){ .kind = VAL_INT, .i = PICK(ints) };
    case F_MONEY: return (struct value){ .kind = VAL_INT, .i = PICK(fens) };
    case F_FLAG: return (struct value){ .kind = VAL_INT, .i = pick(2) };
    case F_NUMBER: return (struct value){ .kind = VAL_NUMBER, .d = PICK(doubles) };
    case F_TIME: return some_time();
    case F_TEXT: v.s = PICK(texts); break;
    case F_CHOICE: v.s = n.field ? PICK(kinds) : PICK(grades); break;
    case F_SECRET: v.s = PICK(phones); break;
    case F_REF:
        if (strcmp(n.field->ref, "employee") == 0 && pick(3) == 0)
            return (struct value){ .kind = VAL_ME };
        some_ref(n.field->ref, &v.s);
        break;
    default: assert_true(false);
    }
    return v;
}

static enum cond_op some_op(struct lang_name n)
{
    static const enum cond_op any[] = { OP_EQ, OP_NE, OP_IN, OP_NOT_IN, OP_EMPTY, OP_SET };
    static const enum cond_op order[] = { OP_LT, OP_LE, OP_GT, OP_GE };
    static const enum cond_op parts[] = { OP_CONTAINS, OP_STARTS };
    enum ftype type = n.field ? n.field->type : n.attr->type;
    if (type == F_REF && pick(2) && strcmp(n.field->ref, "branch") == 0)
        return OP_UNDER;
    if (pick(2) || type == F_CHOICE || type == F_SECRET || type == F_FLAG || type == F_REF)
        return PICK(any);
    return type == F_TEXT && pick(2) ? PICK(parts) : PICK(order);
}

static struct cond *some_cond(int depth)
{
    struct cond *c = arena_new(&arena, struct cond);
    c->kind = depth > 0 ? (enum cond_kind)pick(4) : COND_TEST;
    if (c->kind != COND_TEST) {
        c->nkids = c->kind == COND_NOT ? 1 : 2 + (pick(12) ? pick(3) : 20 + pick(40));
        c->kids = arena_array(&arena, struct cond *, c->nkids);
        for (size_t i = 0; i < c->nkids; i++)
            c->kids[i] = some_cond(c->nkids > 5 ? 0 : depth - 1);
        return c;
    }
    c->name = some_name();
    c->op = some_op(c->name);
    if (c->op == OP_EMPTY || c->op == OP_SET)
        return c;
    c->nvalues = c->op == OP_IN || c->op == OP_NOT_IN ? 1 + pick(4) : 1;
    c->values = arena_array(&arena, struct value, c->nvalues);
    for (size_t i = 0; i < c->nvalues; i++)
        c->values[i] = some_value(c->name);
    return c;
}

/* ---- the plain evaluator --------------------------------------------------------------------- */

/* A civil day as a number that rises: 20260301. */
static int64_t day_number(int64_t ms)
{
    struct civil c = clock_civil(ms);
    return c.year * 10000 + c.month * 100 + c.day;
}

static int64_t day_of_value(const struct value *v)
{
    if (v->kind == VAL_DAY)
        return day_number(v->i);
    struct civil c = clock_civil(now);
    c.day += (int)v->i;
    return day_number(clock_from_civil(c));
}

static int sign(double a, double b)
{
    return a < b ? -1 : a > b;
}

static int sign_int(int64_t a, int64_t b)
{
    return a < b ? -1 : a > b;
}

static bool has_key(struct lang_name n)
{
    return n.attr || (n.field->flags & FIELD_KEYED);
}

/* -1, 0, 1: the cell is before, at, behind the value. */
static int compare(const struct cell *cell, struct lang_name n, const struct value *v)
{
    switch (v->kind) {
    case VAL_NUMBER: return sign(cell->d, v->d);
    case VAL_DAY:
    case VAL_TODAY: return sign_int(day_number(cell->i), day_of_value(v));
    case VAL_NOW: return sign_int(cell->i, now + v->i);
    case VAL_ME: return sign_int(cell->i, WORLD_ME);
    case VAL_TEXT: break;
    default: return sign_int(cell->i, v->i);
    }
    if (cell->type == 'i')
        return sign_int(cell->i, world_ref_id(n.field->ref, v->s));
    enum ftype type = n.field ? n.field->type : n.attr->type;
    if (type == F_TEXT && has_key(n))
        return strcmp(text_key(&arena, cell->s), text_key(&arena, v->s));
    return strcmp(cell->s, v->s);
}

static bool has_part(const struct cell *cell, struct lang_name n, const char *part, bool at_start)
{
    const char *text = has_key(n) ? text_key(&arena, cell->s) : cell->s;
    part = has_key(n) ? text_key(&arena, part) : part;
    return at_start ? strncmp(text, part, strlen(part)) == 0 : strstr(text, part) != NULL;
}

static bool test_holds(const struct cond *c, const struct thing *t)
{
    struct cell cell = world_cell(t, c->name);
    int order = 0;
    bool any = false;

    if (c->op == OP_EMPTY || c->op == OP_SET)
        return (cell.type == 0) == (c->op == OP_EMPTY);
    if (cell.type == 0)
        return c->op == OP_NE || c->op == OP_NOT_IN;
    if (c->op == OP_UNDER)
        return world_is_under(cell.i, world_ref_id("branch", c->values[0].s));
    if (c->op == OP_CONTAINS || c->op == OP_STARTS)
        return has_part(&cell, c->name, c->values[0].s, c->op == OP_STARTS);
    for (size_t i = 0; i < c->nvalues; i++) {
        order = compare(&cell, c->name, &c->values[i]);
        any |= order == 0;
    }
    switch (c->op) {
    case OP_EQ: case OP_IN: return any;
    case OP_NE: case OP_NOT_IN: return !any;
    case OP_LT: return order < 0;
    case OP_LE: return order <= 0;
    case OP_GT: return order > 0;
    default: return order >= 0;
    }
}

static bool holds(const struct cond *c, const struct thing *t)
{
    if (c->kind == COND_TEST)
        return test_holds(c, t);
    if (c->kind == COND_NOT)
        return !holds(c->kids[0], t);
    for (size_t i = 0; i < c->nkids; i++)
        if (holds(c->kids[i], t) != (c->kind == COND_AND))
            return c->kind == COND_OR;
    return c->kind == COND_AND;
}

/* ---- the properties -------------------------------------------------------------------------- */

static const char *print(const struct cond *c, const char *lang)
{
    struct buf b = BUF_INIT;
    lang_print(c, &world_env, lang, &b);
    const char *s = arena_strdup(&arena, b.s);
    buf_release(&b);
    return s;
}

static void test_prints_read_back(void **state)
{
    (void)state;
    int fit = 0;
    for (int i = 0; i < TREES; i++) {
        const struct cond *c = some_cond(4);
        const char *en = print(c, "en"), *zh = print(c, "zh_CN");
        struct cond *a, *b;
        struct err e;
        if (strlen(en) > LANG_TEXT || strlen(zh) > LANG_TEXT)
            continue;
        fit++;
        if (lang_parse(&arena, en, &world_env, &a, &e) ||
            lang_parse(&arena, zh, &world_env, &b, &e))
            fail_msg("%s (%s, %s): %s\n%s", e.code, e.param[0], e.param[1], en, zh);
        if (!lang_equal(a, c) || !lang_equal(b, c))
            fail_msg("not the same: %s\n%s", en, zh);
        assert_string_equal(print(b, "en"), en);
        assert_string_equal(print(a, "zh_CN"), zh);
        arena_reset(&arena);
    }
    assert_true(fit > TREES / 2);
}

static void test_sql_finds_the_same(void **state)
{
    (void)state;
    int some = 0;
    for (int i = 0; i < TREES; i++) {
        const struct cond *c = some_cond(pick(4) ? 3 : 0);
        struct buf want = BUF_INIT;
        for (int r = 0; r < ROWS; r++)
            if (holds(c, &rows[r]))
                buf_addf(&want, "%s%lld", want.len ? " " : "", (long long)rows[r].id);
        const char *got = world_find(db, &world_env, c);
        if (strcmp(got, want.s) != 0)
            fail_msg("%s\nfinds %s\nnot   %s", print(c, "en"), got, want.s);
        some += want.len > 0 && !holds(c, &rows[0]);
        buf_release(&want);
        arena_reset(&arena);
    }
    assert_true(some > TREES / 10);     /* the trees are not all trivial */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_prints_read_back),
        cmocka_unit_test(test_sql_finds_the_same),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
