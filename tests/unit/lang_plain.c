#include "lang_plain.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "core/model/nouns.h"
#include "core/model/worktime.h"

enum { THINGS = 120 };      /* ids that are asked for */

static uint64_t seed;
static struct arena arena = ARENA_INIT;     /* keys and characters of one look */

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
    "张或李", "王和平", "郑和", "李或", "且末", "张三至李四", "与", "上海以及",
    "2026-11-22", "张三", "张三丰", "三", "且", "在", "我", "华东 分行", "“好”", "ＡＢＣ", "１００％", "ﬁ",
    "𠮷", "\xF0\x9F\x98\x80", "\xED\x9F\xBF", "\xF4\x8F\xBF\xBF",
};
static const char *const kinds[] = { "hot", "cold", "in" }, *const grades[] = { "a1", "b2" };
static const char *const ways[] = { "call", "shop" };
/* What they change stands beside them in changes(). */
static const struct world_event events[] = {
    { 0, "thing.changed", "{\"changed\":\"no,stage\"}" },
    { 0, "thing.changed", "{\"changed\":\"notes,amount\"}" },
    { 0, "thing.changed", "{\"changed\":\"name\"}" },
    { 0, "thing.staged", NULL },
    { 0, "thing.moved", "{\"stage\":1}" },
};
static const char *const patterns[] = {
    "*", "?", "a*", "*b*", "A?C", "a_b", "*\\*", "张*", "张?", "?三", "100%", "*好*", "a*b*c*d", "(?)", "*Ｂ*",
};
static const char *const draws[] = { "spring", "a \"b\"", "春" };
static const char *const phones[] = { "13800138000", "13900139000", "13700137000" };

static int64_t now, days[4];

/* Around the borders of the days near now. */
static int64_t some_moment(void)
{
    static const int64_t off[] = { -1, 0, 1, CLOCK_HOUR, CLOCK_DAY / 2, CLOCK_DAY - 1 };
    return plain_pick(8) ? PICK(days) + PICK(off)
                         : now + (int64_t)plain_pick(3) * CLOCK_MINUTE - CLOCK_MINUTE;
}

static int64_t some_ref(const char *noun, const char **word)
{
    for (;;) {
        const struct world_ref *r = &world_refs[plain_pick(14)];
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
    t.seen = MAYBE(some_moment(), NONE);
    t.tagged = plain_pick(2) ? plain_pick(1 << WORLD_TAGS) : 0;
    t.member = plain_pick(3) == 0;
    t.nvisits = (int)plain_pick(WORLD_VISITS + 1);
    for (int i = 0; i < t.nvisits; i++)
        t.visit[i] = (struct visit){ .at = MAYBE(some_moment(), NONE), .score = MAYBE(PICK(ints), NONE),
                                     .way = MAYBE(PICK(ways), NULL) };
    t.nevents = (int)plain_pick(WORLD_EVENTS + 1);
    for (int i = 0; i < t.nevents; i++)
        t.event[i] = PICK(events), t.event[i].at = some_moment();
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

void plain_stop(void)
{
    arena_free(&arena);
    clock_set(NONE);
}

/* ---- random trees ---------------------------------------------------------------------------- */

static const struct field *field_of(const struct noun *noun, const char *name)
{
    return record_field(noun->rec, name);
}

static struct lang_name behind_owner(const char *name)
{
    return (struct lang_name){ .via = field_of(&thing_noun, "owner"),
                               .field = field_of(&employee_noun, name) };
}

static struct lang_name some_name(const struct noun *noun)
{
    unsigned nfields = (unsigned)noun->rec->nfields, n;
    if (noun != &thing_noun)
        return (struct lang_name){ .field = &noun->rec->fields[plain_pick(nfields)] };
    n = plain_pick(nfields + WORLD_ATTRS + 6);
    if (n < nfields)
        return (struct lang_name){ .field = &noun->rec->fields[n] };
    n -= nfields;
    if (n < WORLD_ATTRS)
        return (struct lang_name){ .attr = &thing_attrs[n] };
    switch (n - WORLD_ATTRS) {
    case 0: case 1: return (struct lang_name){ .span = &thing_noun.spans[plain_pick(2)] };
    case 2: return (struct lang_name){ .bucket = PICK(draws) };
    case 3: return behind_owner("status");
    case 4: return behind_owner("branch");
    default: return (struct lang_name){ 0 };
    }
}

static struct value some_span(void)
{
    static const int64_t calendar[] = { 0, CLOCK_MINUTE, CLOCK_HOUR, 36 * (int64_t)CLOCK_HOUR, CLOCK_DAY,
                                        7 * (int64_t)CLOCK_DAY };
    static const int64_t working[] = { 0, CLOCK_HOUR, 8 * (int64_t)CLOCK_HOUR, CLOCK_DAY,
                                       3 * (int64_t)CLOCK_DAY };
    if (plain_pick(3))
        return (struct value){ .kind = VAL_SPAN, .i = PICK(calendar) };
    return (struct value){ .kind = VAL_SPAN, .unit = UNIT_WORKING, .i = PICK(working) };
}

static struct value some_time(void)
{
    static const enum value_kind time_kinds[] = { VAL_DAY, VAL_TIME, VAL_TODAY, VAL_NOW, VAL_START };
    struct value v = { .kind = PICK(time_kinds) };
    switch (v.kind) {
    case VAL_DAY: v.i = PICK(days) + CLOCK_DAY / 2; break;
    case VAL_TODAY: v.i = (int64_t)plain_pick(7) - 3; break;
    case VAL_NOW: v.i = ((int64_t)plain_pick(9) - 4) * (plain_pick(2) ? CLOCK_MINUTE : CLOCK_DAY); break;
    case VAL_START:
        v.unit = UNIT_WEEK + plain_pick(4);
        v.i = (int64_t)plain_pick(7) - 3;
        break;
    default: v.i = some_moment();
    }
    return v;
}

enum { SPAN = 100, BUCKET, SEGMENT };

static int type_of(struct lang_name n)
{
    if (n.field || n.attr)
        return n.field ? (int)n.field->type : (int)n.attr->type;
    return n.span ? SPAN : n.bucket ? BUCKET : SEGMENT;
}

static const char *some_choice(const struct choice *list)
{
    unsigned n = 0;
    while (list[n].code)
        n++;
    return list[plain_pick(n)].code;
}

static struct value some_ref_value(const char *noun)
{
    struct value v = { .kind = VAL_TEXT };
    if (strcmp(noun, "employee") == 0 && plain_pick(3) == 0)
        return (struct value){ .kind = VAL_ME };
    if (strcmp(noun, "branch") == 0 && plain_pick(4) == 0)
        return (struct value){ .kind = VAL_MY_BRANCH };
    some_ref(noun, &v.s);
    return v;
}

static struct value some_value(struct lang_name n)
{
    static const char *const segments[] = { "listed", "rich" };
    struct value v = { .kind = VAL_TEXT };
    switch (type_of(n)) {
    case F_ID: return (struct value){ .kind = VAL_INT, .i = plain_pick(THINGS + 5) };
    case F_INT: return (struct value){ .kind = VAL_INT, .i = PICK(ints) };
    case F_MONEY: return (struct value){ .kind = VAL_INT, .i = PICK(fens) };
    case F_FLAG: return (struct value){ .kind = VAL_INT, .i = plain_pick(2) };
    case F_NUMBER: return (struct value){ .kind = VAL_NUMBER, .d = PICK(doubles) };
    case F_TIME: return some_time();
    case F_TEXT: v.s = PICK(texts); break;
    case F_CHOICE: v.s = some_choice(n.field ? n.field->choices : n.attr->choices); break;
    case F_SECRET: v.s = PICK(phones); break;
    case SPAN: return some_span();
    case BUCKET:
        v = (struct value){ .kind = VAL_INT };
        v.i = plain_pick(3) ? plain_pick(LANG_BUCKETS + 1) : plain_pick(101) * 100;
        return v;
    case SEGMENT: v.s = PICK(segments); break;
    default: return some_ref_value(n.field->ref);
    }
    return v;
}

static enum cond_op some_op(const struct noun *noun, struct lang_name n)
{
    static const enum cond_op any[] = { OP_EQ, OP_NE, OP_IN, OP_NOT_IN, OP_EMPTY, OP_SET };
    static const enum cond_op order[] = { OP_LT, OP_LE, OP_GT, OP_GE, OP_BETWEEN };
    static const enum cond_op parts[] = { OP_CONTAINS, OP_STARTS, OP_MATCHES };
    static const enum cond_op refs[] = { OP_HAS, OP_IN, OP_NOT_IN, OP_EMPTY, OP_SET };
    int type = type_of(n);
    if (noun == &thing_noun && n.field && !n.via && plain_pick(8) == 0)
        return OP_CHANGED;
    switch (type) {
    case F_REFS: return PICK(refs);
    case SPAN: return plain_pick(5) ? PICK(order) : plain_pick(2) ? OP_EMPTY : OP_SET;
    case BUCKET: return PICK(order);
    case SEGMENT: return any[plain_pick(4)];
    case F_TIME:
        if (plain_pick(4) == 0)
            return plain_pick(2) ? OP_LAST : OP_NEXT;
        break;
    case F_REF:
        if (plain_pick(2) && strcmp(n.field->ref, "branch") == 0)
            return OP_UNDER;
        return PICK(any);
    case F_CHOICE: case F_SECRET: case F_FLAG: return PICK(any);
    default: break;
    }
    if (plain_pick(2))
        return PICK(any);
    return type == F_TEXT && plain_pick(2) ? PICK(parts) : PICK(order);
}

static struct cond *some_cond(struct arena *a, int depth, const struct noun *noun);

/* any, every, did */
static struct cond *some_counted(struct arena *a)
{
    static const enum cond_op ops[] = { OP_EQ, OP_LT, OP_LE, OP_GT, OP_GE };
    struct cond *c = arena_new(a, struct cond);
    c->kind = COND_ANY + plain_pick(3);
    c->list = &thing_noun.lists[plain_pick(2)];
    if (plain_pick(4)) {
        struct cond *kid = some_cond(a, (int)plain_pick(2), c->list->noun);
        c->kids = arena_memdup(a, &kid, sizeof kid);
        c->nkids = 1;
    }
    if (c->kind != COND_DID)
        return c;
    c->op = PICK(ops);
    c->times = plain_pick(4);
    if (plain_pick(2)) {
        struct value v = some_span();
        c->values = arena_memdup(a, &v, sizeof v);
        c->nvalues = 1;
    }
    return c;
}

static struct cond *some_cond(struct arena *a, int depth, const struct noun *noun)
{
    struct cond *c = arena_new(a, struct cond);
    if (noun == &thing_noun && plain_pick(10) == 0)
        return some_counted(a);
    c->kind = depth > 0 ? (enum cond_kind)plain_pick(4) : COND_TEST;
    if (c->kind != COND_TEST) {
        c->nkids = c->kind == COND_NOT ? 1 : 2 + (plain_pick(12) ? plain_pick(3) : 20 + plain_pick(40));
        c->kids = arena_array(a, struct cond *, c->nkids);
        for (size_t i = 0; i < c->nkids; i++)
            c->kids[i] = some_cond(a, c->nkids > 5 ? 0 : depth - 1, noun);
        return c;
    }
    c->name = some_name(noun);
    c->op = some_op(noun, c->name);
    if (c->op == OP_EMPTY || c->op == OP_SET)
        return c;
    c->nvalues = c->op == OP_IN || c->op == OP_NOT_IN ? 1 + plain_pick(4) : c->op == OP_BETWEEN ? 2 : 1;
    c->values = arena_array(a, struct value, c->nvalues);
    for (size_t i = 0; i < c->nvalues; i++)
        c->values[i] = c->op == OP_LAST || c->op == OP_NEXT || c->op == OP_CHANGED ? some_span() :
                       c->op == OP_MATCHES ? (struct value){ .kind = VAL_TEXT, .s = PICK(patterns) } :
                                             some_value(c->name);
    return c;
}

struct cond *plain_cond(struct arena *a, int depth)
{
    return some_cond(a, depth, &thing_noun);
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
    c.hour = 12;
    if (v->kind == VAL_START)
        c.day = v->unit == UNIT_WEEK ? c.day - (c.weekday - 1) : 1;
    if (v->kind == VAL_START && v->unit == UNIT_YEAR)
        c.month = 1;
    while (v->kind == VAL_START && v->unit == UNIT_QUARTER && c.month % 3 != 1)
        c.month--;
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
    case VAL_MY_BRANCH: return sign_int(cell->i, WORLD_BRANCH);
    case VAL_DAY:
    case VAL_START:
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

/* * any characters, ? one. Both in characters, so that ? is one of them. */
static bool fits(const uint32_t *text, const uint32_t *pattern)
{
    if (!*pattern)
        return !*text;
    if (*pattern == '*')
        return fits(text, pattern + 1) || (*text && fits(text + 1, pattern));
    return *text && (*pattern == '?' || *pattern == *text) && fits(text + 1, pattern + 1);
}

static uint32_t *characters(const char *s, bool fold)
{
    uint32_t *out = arena_array(&arena, uint32_t, strlen(s) + 1);
    size_t n = 0, len;
    for (; *s; s += len) {
        uint32_t c = text_char(s, strlen(s), &len);
        out[n++] = fold && c >= 'A' && c <= 'Z' ? c + 32 : c;
    }
    return out;
}

static bool has_shape(const struct cell *cell, struct lang_name n, const char *pattern)
{
    if (has_key(n))
        return fits(characters(text_key(&arena, cell->s), false),
                    characters(text_key(&arena, pattern), false));
    return fits(characters(cell->s, true), characters(pattern, true));
}

/* Is it longer ago than the span (1), as long (0), or less long (-1)? Of working time a start on a free day
 * counts from the next working midnight, and its end may lie at a midnight before free days. */
static int ago(int64_t at, const struct value *span)
{
    if (span->unit != UNIT_WORKING)
        return sign_int(now - at, span->i);
    return sign_int(now, worktime_add(at, (int)(span->i / CLOCK_HOUR)));
}

static bool is_near(int64_t at, enum cond_op op, const struct value *span)
{
    if (op == OP_NEXT)
        return at >= now && (span->unit == UNIT_WORKING ? at <= worktime_add(now, (int)(span->i / CLOCK_HOUR))
                                                        : at - now <= span->i);
    return at <= now && ago(at, span) <= 0;
}

static bool changed(const struct thing *t, const char *field, const struct value *span)
{
    for (int i = 0; i < t->nevents; i++) {
        const struct world_event *x = &t->event[i];
        bool staged = strcmp(x->type, "thing.staged") == 0 && strcmp(field, "stage") == 0;
        char quoted[64], inside[64], first[64], last[64];
        snprintf(quoted, sizeof quoted, "\"%s\"", field);
        snprintf(inside, sizeof inside, ",%s,", field);
        snprintf(first, sizeof first, "\"%s,", field);
        snprintf(last, sizeof last, ",%s\"", field);
        bool named = strcmp(x->type, "thing.changed") == 0 &&
                     (strstr(x->data, quoted) || strstr(x->data, inside) || strstr(x->data, first) ||
                      strstr(x->data, last));
        if ((staged || named) && is_near(x->at, OP_LAST, span))
            return true;
    }
    return false;
}

static bool in_segment(const char *word, const struct thing *t)
{
    if (strcmp(word, "listed") == 0)
        return t->member;
    return (t->amount != NONE && t->amount > 0) || t->no == 5;
}

static bool has_tag(const struct cond *c, const struct thing *t)
{
    for (size_t i = 0; i < c->nvalues; i++)
        if (t->tagged & 1u << (world_ref_id("tag", c->values[i].s) - WORLD_TAG))
            return true;
    return false;
}

/* What is tested, where it is one value. */
static struct cell cell_of(const struct cond *c, const struct thing *t, const struct visit *visit)
{
    struct lang_name n = c->name;
    struct cell none = { 0 };
    if (visit) {
        const char *name = n.field->name;
        int64_t i = strcmp(name, "at") == 0 ? visit->at : visit->score;
        return strcmp(name, "way") == 0 ? (struct cell){ .type = visit->way ? 's' : 0, .s = visit->way }
                                        : (struct cell){ .type = i == NONE ? 0 : 'i', .i = i };
    }
    if (n.span) {
        int64_t at = n.span == thing_noun.spans && t->at != NONE ? t->at : t->seen;
        return (struct cell){ .type = at == NONE ? 0 : 'i', .i = at };
    }
    if (n.bucket)
        return (struct cell){ .type = 'i', .i = lang_bucket(t->id, n.bucket) };
    if (!n.via)
        return world_cell(t, n);
    for (const struct world_employee *x = world_employees; x->id; x++)
        if (x->id == t->owner.id)
            return strcmp(n.field->name, "status") == 0
                       ? (struct cell){ .type = x->status ? 's' : 0, .s = x->status }
                       : (struct cell){ .type = x->branch ? 'i' : 0, .i = x->branch };
    return none;
}

static bool span_holds(const struct cond *c, int64_t at)
{
    int first = ago(at, &c->values[0]);
    switch (c->op) {
    case OP_LT: return first < 0;
    case OP_LE: return first <= 0;
    case OP_GT: return first > 0;
    case OP_GE: return first >= 0;
    default: return first >= 0 && ago(at, &c->values[1]) <= 0;
    }
}

static bool test_holds(const struct cond *c, const struct thing *t, const struct visit *visit)
{
    int order = 0, other = 0;
    bool any = false, opposite = c->op == OP_NE || c->op == OP_NOT_IN;

    if (c->op == OP_CHANGED)
        return changed(t, c->name.field->name, c->values);
    if (type_of(c->name) == SEGMENT) {
        for (size_t i = 0; i < c->nvalues; i++)
            any |= in_segment(c->values[i].s, t);
        return any != opposite;
    }
    if (type_of(c->name) == F_REFS)
        return c->op == OP_EMPTY || c->op == OP_SET ? !t->tagged == (c->op == OP_EMPTY)
                                                    : has_tag(c, t) != opposite;
    struct cell cell = cell_of(c, t, visit);
    if (c->op == OP_EMPTY || c->op == OP_SET)
        return (cell.type == 0) == (c->op == OP_EMPTY);
    if (cell.type == 0)
        return opposite;
    if (c->name.span)
        return span_holds(c, cell.i);
    if (c->op == OP_LAST || c->op == OP_NEXT)
        return is_near(cell.i, c->op, c->values);
    if (c->op == OP_UNDER)
        return world_is_under(cell.i, c->values[0].kind == VAL_MY_BRANCH
                                          ? WORLD_BRANCH : world_ref_id("branch", c->values[0].s));
    if (c->op == OP_CONTAINS || c->op == OP_STARTS)
        return has_part(&cell, c->name, c->values[0].s, c->op == OP_STARTS);
    if (c->op == OP_MATCHES)
        return has_shape(&cell, c->name, c->values[0].s);
    for (size_t i = 0; i < c->nvalues; i++) {
        other = i ? order : 0;
        order = compare(&cell, c->name, &c->values[i]);
        any |= order == 0;
    }
    switch (c->op) {
    case OP_EQ: case OP_IN: return any;
    case OP_NE: case OP_NOT_IN: return !any;
    case OP_LT: return order < 0;
    case OP_LE: return order <= 0;
    case OP_GT: return order > 0;
    case OP_BETWEEN: return other >= 0 && order <= 0;
    default: return order >= 0;
    }
}

static bool holds_of(const struct cond *c, const struct thing *t, const struct visit *visit);

static bool counted_holds(const struct cond *c, const struct thing *t)
{
    int rows = 0, good = 0;
    for (int i = 0; i < t->nvisits; i++) {
        const struct visit *x = &t->visit[i];
        if (c->list == &thing_noun.lists[1] && !(x->way && strcmp(x->way, "call") == 0))
            continue;
        if (c->nvalues && (x->at == NONE || !is_near(x->at, OP_LAST, c->values)))
            continue;
        rows++;
        good += !c->nkids || holds_of(c->kids[0], t, x);
    }
    if (c->kind != COND_DID)
        return c->kind == COND_ANY ? good > 0 : good == rows;
    switch (c->op) {
    case OP_EQ: return good == c->times;
    case OP_LT: return good < c->times;
    case OP_LE: return good <= c->times;
    case OP_GT: return good > c->times;
    default: return good >= c->times;
    }
}

static bool holds_of(const struct cond *c, const struct thing *t, const struct visit *visit)
{
    if (c->kind == COND_TEST)
        return test_holds(c, t, visit);
    if (c->kind == COND_NOT)
        return !holds_of(c->kids[0], t, visit);
    if (c->kind != COND_AND && c->kind != COND_OR)
        return counted_holds(c, t);
    for (size_t i = 0; i < c->nkids; i++)
        if (holds_of(c->kids[i], t, visit) != (c->kind == COND_AND))
            return c->kind == COND_OR;
    return c->kind == COND_AND;
}

bool plain_holds(const struct cond *c, const struct thing *t)
{
    bool holds = holds_of(c, t, NULL);
    arena_reset(&arena);
    return holds;
}
