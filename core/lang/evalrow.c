/* evalrow.c - the row at hand: what it has, which conditions hold of it, and why. */
#include <string.h>

#include "base/money.h"
#include "core/lang/eval.h"

/* ---- taking a row ---------------------------------------------------------------------------- */

void lang_eval_row(struct lang_eval *ev, struct stmt *s, int first)
{
    for (size_t i = 0; i < ev->nslots; i++) {
        struct cell *c = &ev->cells[i];
        int col = first + (int)i;
        switch (ev->slots[i].type) {
        case SLOT_NUM: c->d = db_num(s, col); break;
        case SLOT_TEXT:
        case SLOT_INITIALS: c->s = db_bytes_of(s, col, &c->len); break;
        case SLOT_BUCKET: c->i = lang_bucket(db_int(s, col), ev->slots[i].name.bucket); break;
        default: c->i = db_int(s, col);
        }
    }
}

/* ---- testing --------------------------------------------------------------------------------- */

static bool in_ranges(const struct set *set, int64_t v)
{
    size_t lo = 0, hi = set->n;
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        if (set->ranges[mid].hi < v)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < set->n && set->ranges[lo].lo <= v;
}

static bool in_nums(const struct set *set, double v)
{
    size_t lo = 0, hi = set->n;
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        if (set->nums[mid] < v)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < set->n && set->nums[lo] == v;
}

static int compare(const struct cell *c, const struct bytes *b)
{
    int d = memcmp(c->s, b->s, c->len < b->n ? c->len : b->n);
    return d ? d : c->len < b->n ? -1 : c->len > b->n;
}

static bool in_texts(const struct set *set, const struct cell *c)
{
    size_t lo = 0, hi = set->n;
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        int d = compare(c, &set->texts[mid]);
        if (d == 0)
            return true;
        if (d > 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return false;
}

/* Bytes of the character at s. */
static size_t char_len(const char *s, size_t n)
{
    size_t len = 1;
    while (len < n && (s[len] & 0xC0) == 0x80)
        len++;
    return len;
}

static bool same_byte(char a, char b, bool folded)
{
    return a == b || (folded && (a ^ b) == 0x20 && (a | 0x20) >= 'a' && (a | 0x20) <= 'z');
}

/* What stood before the last star is settled: only that star ever has to take more. */
bool eval_like(struct bytes s, struct bytes p, bool folded)
{
    size_t i = 0, k = 0, star = SIZE_MAX, from = 0;
    while (i < s.n) {
        if (k < p.n && p.s[k] == '*') {
            star = ++k;
            from = i;
        } else if (k < p.n && p.s[k] == '?') {
            i += char_len(s.s + i, s.n - i);
            k++;
        } else if (k < p.n && same_byte(s.s[i], p.s[k], folded)) {
            i++;
            k++;
        } else if (star != SIZE_MAX) {
            k = star;
            i = from += char_len(s.s + from, s.n - from);
        } else {
            return false;
        }
    }
    while (k < p.n && p.s[k] == '*')
        k++;
    return k == p.n;
}

static bool has_at(const char *s, size_t n, const struct bytes *part)
{
    return n >= part->n && memcmp(s, part->s, part->n) == 0;
}

/* A surname may be read in two ways: the initials of the second stand behind a blank. */
static bool initials_start(const struct cell *c, const struct bytes *part)
{
    for (const char *s = c->s, *end = s + c->len; s; s++) {
        if (has_at(s, (size_t)(end - s), part))
            return true;
        s = memchr(s, ' ', (size_t)(end - s));
        if (!s)
            break;
    }
    return false;
}

static bool has_part(const struct lang_eval *ev, const struct cell *c, const struct instruction *x)
{
    const struct cell *also = x->also ? &ev->cells[x->also - 1] : NULL;
    if (x->op == EV_STARTS)
        return has_at(c->s, c->len, &x->text) || (also && also->s && initials_start(also, &x->text));
    return memmem(c->s, c->len, x->text.s, x->text.n) ||
           (also && also->s && memmem(also->s, also->len, x->text.s, x->text.n));
}

/* What is empty passes no test but those for it. */
static inline bool passes(const struct lang_eval *ev, const struct instruction *x)
{
    const struct cell *c = &ev->cells[x->slot];
    switch ((enum eval_op)x->op) {
    case EV_NO_INT: return c->i == NONE;
    case EV_NO_NUM: return isnan(c->d);
    case EV_NO_TEXT: return !c->s;
    case EV_INT: return c->i >= x->lo && c->i <= x->hi;
    case EV_INTS: return in_ranges(x->set, c->i);
    case EV_NUM: return c->d >= x->from && c->d <= x->to;
    case EV_LESS: return c->d < x->to;
    case EV_MORE: return c->d > x->from;
    case EV_NUMS: return in_nums(x->set, c->d);
    case EV_TEXT: return c->s && c->len == x->text.n && memcmp(c->s, x->text.s, c->len) == 0;
    case EV_TEXTS: return c->s && in_texts(x->set, c);
    case EV_BEFORE: return c->s && compare(c, &x->text) < 0;
    case EV_UPTO: return c->s && compare(c, &x->text) <= 0;
    case EV_AFTER: return c->s && compare(c, &x->text) > 0;
    case EV_FROM: return c->s && compare(c, &x->text) >= 0;
    case EV_WITHIN: return c->s && compare(c, &x->set->texts[0]) >= 0 && compare(c, &x->set->texts[1]) <= 0;
    case EV_STARTS:
    case EV_CONTAINS: return c->s && has_part(ev, c, x);
    case EV_LIKE: return c->s && eval_like((struct bytes){ c->s, c->len }, x->text, false);
    case EV_LIKE_FOLDED: return c->s && eval_like((struct bytes){ c->s, c->len }, x->text, true);
    }
    return false;
}

bool lang_eval_holds(const struct lang_eval *ev, size_t index)
{
    int at = ev->conds[index].start;
    while (at >= 0) {
        const struct instruction *x = &ev->code[at];
        at = passes(ev, x) ? x->yes : x->no;
    }
    return at == EVAL_YES;
}

/* ---- why ------------------------------------------------------------------------------------- */

struct lines {
    const struct lang_eval *ev;
    struct arena *a;
    struct lang_because *items;
    size_t n, cap;
    int at;                 /* the next test's instruction */
};

/* The value as the column has it: references are ids, texts are keys; of a span the time from which it
 * counts. */
static const char *actual(const struct lines *l, const struct instruction *x)
{
    const struct slot *slot = &l->ev->slots[x->slot];
    const struct cell *c = &l->ev->cells[x->slot];
    int type = slot->type == SLOT_FLAG ? T_SEGMENT : name_type(slot->name);
    char money[MONEY_TEXT], text[CLOCK_TEXT];
    if (type == T_SEGMENT || type == F_SECRET)
        return NULL;
    if (slot->type == SLOT_TEXT)
        return c->s ? arena_strndup(l->a, c->s, c->len) : NULL;
    if (slot->type == SLOT_NUM)
        return isnan(c->d) ? NULL : arena_printf(l->a, "%.15g", c->d);
    if (c->i == NONE)
        return NULL;
    switch (type) {
    case F_MONEY: money_text(c->i, money); return arena_strdup(l->a, money);
    case F_TIME:
    case T_SPAN: clock_minute(c->i, text); return arena_strdup(l->a, text);
    case T_BUCKET: return arena_printf(l->a, "%.2f%%", (double)c->i * 100 / LANG_BUCKETS);
    default: return arena_printf(l->a, "%lld", (long long)c->i);
    }
}

static struct lang_because *add_line(struct lines *l, const struct cond *c, int depth)
{
    l->items = arena_grow(l->a, l->items, sizeof *l->items, &l->cap, l->n + 1);
    struct lang_because *line = &l->items[l->n++];
    *line = (struct lang_because){ .depth = depth, .cond = c };
    return line;
}

static bool explain(struct lines *l, const struct cond *c, int depth)
{
    size_t here = l->n;
    struct lang_because *line = add_line(l, c, depth);
    if (!eval_is_group(c)) {
        const struct instruction *x = &l->ev->code[l->at++];
        line->actual = actual(l, x);
        return line->holds = passes(l->ev, x) != x->turned;
    }
    bool holds = c->kind == COND_AND;
    for (size_t i = 0; i < c->nkids; i++) {
        bool kid = explain(l, c->kids[i], depth + 1);
        holds = c->kind == COND_AND ? holds && kid : c->kind == COND_OR ? holds || kid : !kid;
    }
    return l->items[here].holds = holds;
}

void lang_eval_because(const struct lang_eval *ev, size_t index, struct arena *a,
                       struct lang_because **out, size_t *n)
{
    struct lines l = { .ev = ev, .a = a, .at = ev->conds[index].start };
    if (ev->conds[index].cond)
        explain(&l, ev->conds[index].cond, 0);
    *out = l.items;
    *n = l.n;
}
