/* complete.c - a condition while it is typed: what its parts are, and what may come next. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "core/lang/walk.h"

void lang_word_print(const char *word, struct buf *out)
{
    word_print(word, !lex_is_bare(word) || special_find(word, strlen(word)), out);
}

/* ---- errors' columns -------------------------------------------------------------------------------- */

int lang_error_column(const struct err *e)
{
    static const struct { const char *code; int param; } columns[] = {
        { "cond.syntax", 0 }, { "cond.unknown_field", 2 }, { "cond.unknown_list", 2 }, { "cond.operator", 2 },
        { "cond.type", 3 }, { "cond.unknown_value", 3 }, { "cond.empty_value", 1 }, { "cond.pattern", 2 },
        { "cond.segment_ring", 1 }, { "cond.masked_equality", 1 },
        { "cond.linked", 1 },
    };
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        if (strcmp(e->code, columns[i].code) == 0 && columns[i].param < e->nparam)
            return columns[i].param;
    return -1;
}

/* ---- looks ------------------------------------------------------------------------------------------ */

struct stretches { struct lang_stretch *items; size_t n, cap; bool quoting; };   /* a quote is open */

static void add_stretch(struct machine *m, struct stretches *s, size_t at, size_t end, enum lang_look look)
{
    s->items = arena_grow(m->arena, s->items, sizeof *s->items, &s->cap, s->n + 1);
    s->items[s->n++] = (struct lang_stretch){ m->place[at], m->place[end], look };
}

/* What starts nothing; true if it goes on behind it. */
static bool pass_bad(struct machine *m, struct stretches *s)
{
    size_t end = strlen(m->l.text), at = m->l.now.at, len;
    if (word_is(m->l.now.text, "\"")) {              /* the quotation is not at its end yet */
        add_stretch(m, s, at, end, LOOK_VALUE);
        s->quoting = true;
        return false;
    }
    text_char(m->l.text + at, end - at, &len);
    bool quote = m->l.text[at] == '\\';
    add_stretch(m, s, at, quote ? end : at + len, LOOK_WRONG);
    m->l.pos = at + len;
    return !quote;
}

/* The stretch that the parser does not take. */
static void mark_wrong(struct machine *m, const char *text, const struct lang_env *env, struct stretches *s)
{
    struct cond *c;
    struct err e = { 0 };
    if (lang_parse(m->arena, text, env, &c, &e) == ST_OK || lang_error_column(&e) < 0)
        return;
    long column = strtol(e.param[lang_error_column(&e)], NULL, 10);
    size_t at = 0, left = strlen(text), len;
    for (; column > 1 && at < left; at += len, column--)
        text_char(text + at, left - at, &len);
    for (size_t i = 0; i + s->quoting < s->n && at < left; i++)
        if (s->items[i].at <= at && at < s->items[i].end)
            s->items[i].look = LOOK_WRONG;
}

void lang_look(struct arena *a, const char *text, const struct lang_env *env,
               struct lang_stretch **out, size_t *n)
{
    struct machine m;
    struct stretches s = { 0 };
    *out = NULL;
    *n = 0;
    if (!walk_start(&m, a, text, env)) {
        *out = arena_new(a, struct lang_stretch);
        **out = (struct lang_stretch){ 0, strlen(text), LOOK_WRONG };
        *n = 1;
        return;
    }
    for (bool on = true; on && m.l.now.kind != TOK_END; ) {
        walk_cut(&m);
        struct token t = m.l.now;
        if (t.kind == TOK_BAD)
            on = pass_bad(&m, &s);
        else
            add_stretch(&m, &s, t.at, t.end, walk_step(&m, &t));
        if (on)
            lex_next(&m.l);
    }
    mark_wrong(&m, text, env, &s);
    *out = s.items;
    *n = s.n;
}

/* ---- wishes ----------------------------------------------------------------------------------------- */

/* Walks up to the word at byte `at` of the text; *from and *to, in l.text, are that word. False where nothing
 * may be put. */
static bool walk(struct machine *m, size_t at, size_t *from, size_t *to)
{
    for (;; lex_next(&m->l)) {
        walk_cut(m);
        struct token t = m->l.now;
        bool quote = t.kind == TOK_BAD && word_is(t.text, "\"");
        size_t end = quote ? strlen(m->l.text) : t.kind == TOK_BAD ? t.at + 1 : t.end;
        if (t.kind == TOK_END || m->place[t.at] >= at) {
            for (*from = t.at; *from > 0 && m->place[*from - 1] >= at; )
                --*from;
            *to = *from;
            return true;
        }
        bool inside = m->place[end] > at, touches = m->place[end] >= at;
        if (quote || (t.kind == TOK_WORD && touches) || (t.kind == TOK_TEXT && inside)) {
            *from = t.at;
            *to = end;
            return true;
        }
        if (inside || t.kind == TOK_BAD)
            return false;
        walk_step(m, &t);
    }
}

static bool value_goes_on(const struct machine *m)
{
    return m->state == AFTER_VALUE && (word_is(m->words, "my") || word_starts(m->words, "start") ||
                                       (strlen(m->words) > 8 && strstr(m->words, " working")));
}

static int wish_kind(const struct machine *m)
{
    switch (m->state) {
    case AT_TEST:
    case AT_ATTR:
    case AT_VIA:
    case AT_ROWS:
    case AT_DEED: return WISH_FIELD;
    case AT_OP:
    case AT_OP_MORE: return WISH_OPERATOR;
    case AT_TIMES: return m->counted ? WISH_LINK : WISH_OPERATOR;
    case AT_VALUE:
    case IN_LIST: return WISH_VALUE;
    case AT_OFFSET: return WISH_VALUE;
    case AFTER_VALUE: return value_goes_on(m) ? WISH_VALUE : WISH_LINK;
    case AT_LIST:
    case AT_GROUP:
    case IN_LIST_AFTER:
    case AT_LINK: return WISH_LINK;
    case AT_BUCKET: break;
    }
    return WISH_NONE;
}

static bool begins_before(const struct machine *m)
{
    return m->state == AT_ATTR || m->state == AT_VIA || m->state == AT_OP_MORE || value_goes_on(m) ||
           (m->state == AT_TIMES && !m->counted);
}

/* Blanks between what came before and where something begins are no part of it. */
static size_t past_blanks(const struct machine *m, size_t from, size_t to)
{
    while (from < to && m->l.text[from] == ' ')
        from++;
    return from;
}

bool walk_to_wish(struct machine *m, const char *text, size_t at, const struct lang_env *env,
                      struct lang_wish *out)
{
    size_t from, to;
    while (at > 0 && ((unsigned char)text[at] & 0xC0) == 0x80)
        at--;
    *out = (struct lang_wish){ .kind = WISH_NONE, .from = at, .to = at, .noun = env->noun };
    if (!walk_start(m, m->arena, text, env) || !walk(m, at, &from, &to))
        return false;
    out->kind = wish_kind(m);
    if (begins_before(m))
        from = past_blanks(m, m->begun, to);
    out->from = from == to ? at : m->place[from];
    out->to = from == to ? at : m->place[to];
    out->to = out->to < out->from ? out->from : out->to;
    out->noun = m->env.noun;
    out->in_list = m->state == IN_LIST || m->state == IN_LIST_AFTER;
    if (out->kind == WISH_OPERATOR || out->kind == WISH_VALUE)
        out->name = m->name;
    if (out->kind == WISH_VALUE)
        out->op = m->op;
    if (out->kind == WISH_VALUE && !m->known)
        out->kind = WISH_NONE;
    return out->kind != WISH_NONE;
}

void lang_wish(struct arena *a, const char *text, size_t at, const struct lang_env *env,
               struct lang_wish *out)
{
    struct machine m = { .arena = a };
    walk_to_wish(&m, text, at, env, out);
}
