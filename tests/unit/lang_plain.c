#include "lang_plain.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"

enum { THINGS = 120 };      /* ids that are asked for */

static uint64_t seed;

unsigned plain_pick(unsigned n)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (unsigned)(seed >> 33) % n;
}
#define PICK(list) ((list)[plain_pick(sizeof(list) / sizeof *(list))])

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
    return plain_pick(8) ? PICK(days) + PICK(off) : now + (int64_t)plain_pick(3) * CLOCK_MINUTE - CLOCK_MINUTE;
}

static int64_t some_ref(const char *noun, const char **word)
{
    for (;;) {
        const struct world_ref *r = &world_refs[plain_pick(11)];
        if (strcmp(r->noun, noun) != 0)
            continue;
        if (word)
            *word = plain_pick(2) ? r->code : r->name;
        return r->id;
    }
}

/* ---- rows ------------------------------------------------------------------------------------ */

#define MAYBE(value, none) (plain_pick(4) ? (value) : (none))

struct thing plain_thing(int64_t id)
{
    struct thing t = { .id = id };
    t.no = MAYBE(PICK(ints), NONE);
    t.amount = MAYBE(PICK(fens), NONE);
    t.at = MAYBE(some_moment(), NONE);
    t.active = MAYBE(plain_pick(2), NONE);
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
    if (plain_pick(3)) {
        t.job = MAYBE(PICK(texts), NULL);
        t.age = MAYBE(PICK(doubles), NAN);
        t.since = MAYBE(some_moment(), NONE);
        t.grade = MAYBE(PICK(grades), NULL);
        t.vip = MAYBE(plain_pick(2), NONE);
    }
    return t;
}

void plain_start(uint64_t start, const char *zone, int year, int month, int day)
{
    const char *other = getenv("LANG_SEED");
    bool known = clock_zone(zone);
    assert(known);
    (void)known;
    seed = other ? strtoull(other, NULL, 10) | 1 : start;
    now = clock_from_civil((struct civil){ .year = year, .month = month, .day = day, .hour = 9 });
    clock_set(now);
    for (int i = 0; i < 4; i++)
        days[i] = clock_from_civil((struct civil){ .year = year, .month = month, .day = day + i - 2 });
}

/* ---- random trees ---------------------------------------------------------------------------- */

static struct lang_name some_name(void)
{
    unsigned n = plain_pick((unsigned)thing_noun.rec->nfields + WORLD_ATTRS);
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
    case VAL_TODAY: v.i = (int64_t)plain_pick(7) - 3; break;
    case VAL_NOW: v.i = ((int64_t)plain_pick(9) - 4) * (plain_pick(2) ? CLOCK_MINUTE : CLOCK_DAY); break;
    default: v.i = some_moment();
    }
    return v;
}

static struct value some_value(struct lang_name n)
{
    struct value v = { .kind = VAL_TEXT };
    switch (n.field ? n.field->type : n.attr->type) {
    case F_ID: return (struct value){ .kind = VAL_INT, .i = plain_pick(THINGS + 5) };
    case F_INT: return (struct value){ .kind = VAL_INT, .i = PICK(ints) };
    case F_MONEY: return (struct value){ .kind = VAL_INT, .i = PICK(fens) };
    case F_FLAG: return (struct value){ .kind = VAL_INT, .i = plain_pick(2) };
    case F_NUMBER: return (struct value){ .kind = VAL_NUMBER, .d = PICK(doubles) };
    case F_TIME: return some_time();
    case F_TEXT: v.s = PICK(texts); break;
    case F_CHOICE: v.s = n.field ? PICK(kinds) : PICK(grades); break;
    case F_SECRET: v.s = PICK(phones); break;
    case F_REF:
        if (strcmp(n.field->ref, "employee") == 0 && plain_pick(3) == 0)
            return (struct value){ .kind = VAL_ME };
        some_ref(n.field->ref, &v.s);
        break;
    default: assert(!"a type that is tested");
    }
    return v;
}

static enum cond_op some_op(struct lang_name n)
{
    static const enum cond_op any[] = { OP_EQ, OP_NE, OP_IN, OP_NOT_IN, OP_EMPTY, OP_SET };
    static const enum cond_op order[] = { OP_LT, OP_LE, OP_GT, OP_GE };
    static const enum cond_op parts[] = { OP_CONTAINS, OP_STARTS };
    enum ftype type = n.field ? n.field->type : n.attr->type;
    if (type == F_REF && plain_pick(2) && strcmp(n.field->ref, "branch") == 0)
        return OP_UNDER;
    if (plain_pick(2) || type == F_CHOICE || type == F_SECRET || type == F_FLAG || type == F_REF)
        return PICK(any);
    return type == F_TEXT && plain_pick(2) ? PICK(parts) : PICK(order);
}

struct cond *plain_cond(struct arena *a, int depth)
{
    struct cond *c = arena_new(a, struct cond);
    c->kind = depth > 0 ? (enum cond_kind)plain_pick(4) : COND_TEST;
    if (c->kind != COND_TEST) {
        c->nkids = c->kind == COND_NOT ? 1 : 2 + (plain_pick(12) ? plain_pick(3) : 20 + plain_pick(40));
        c->kids = arena_array(a, struct cond *, c->nkids);
        for (size_t i = 0; i < c->nkids; i++)
            c->kids[i] = plain_cond(a, c->nkids > 5 ? 0 : depth - 1);
        return c;
    }
    c->name = some_name();
    c->op = some_op(c->name);
    if (c->op == OP_EMPTY || c->op == OP_SET)
        return c;
    c->nvalues = c->op == OP_IN || c->op == OP_NOT_IN ? 1 + plain_pick(4) : 1;
    c->values = arena_array(a, struct value, c->nvalues);
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

/* Valid until a few more were asked for. */
static const char *key_of(const char *s)
{
    static struct arena arenas[4];
    static unsigned turn;
    struct arena *a = &arenas[turn++ % 4];
    arena_reset(a);
    return text_key(a, s);
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
        return strcmp(key_of( cell->s), key_of( v->s));
    return strcmp(cell->s, v->s);
}

static bool has_part(const struct cell *cell, struct lang_name n, const char *part, bool at_start)
{
    const char *text = has_key(n) ? key_of( cell->s) : cell->s;
    part = has_key(n) ? key_of( part) : part;
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

bool plain_holds(const struct cond *c, const struct thing *t)
{
    if (c->kind == COND_TEST)
        return test_holds(c, t);
    if (c->kind == COND_NOT)
        return !plain_holds(c->kids[0], t);
    for (size_t i = 0; i < c->nkids; i++)
        if (plain_holds(c->kids[i], t) != (c->kind == COND_AND))
            return c->kind == COND_OR;
    return c->kind == COND_AND;
}
