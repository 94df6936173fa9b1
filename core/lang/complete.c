/* complete.c - a condition while it is typed: what its parts are, and what may come next.
 *
 * A small machine walks over the tokens and is never at a loss: what it does not know it passes over. What
 * is wrong the parser says, whose word this file does not repeat; and nothing is proposed that the parser
 * would not take.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "core/lang/test.h"

enum state {
    AT_TEST,            /* a test begins */
    AT_ATTR,            /* after "attr." */
    AT_VIA,             /* after "owner." */
    AT_BUCKET,          /* inside bucket("...") */
    AT_OP,
    AT_OP_MORE,         /* "is", "within": more words of it follow */
    AT_VALUE,
    AT_OFFSET,          /* after the sign of "today - 3d" */
    AFTER_VALUE,
    AT_LIST,            /* its bracket */
    IN_LIST,            /* a value of it */
    IN_LIST_AFTER,
    AT_ROWS,            /* the list's name after `any` */
    AT_GROUP,           /* the bracket after it */
    AT_DEED,            /* the name after `did` */
    AT_TIMES,           /* "at least 2 times in 30d" */
    AT_LINK,
};

enum { LEVELS = LANG_DEPTH + 2, OP_WORDS = 48 };

struct machine {
    struct lexer l;
    struct arena *arena;
    size_t *place;              /* of each byte of l.text in the text itself */
    struct lang_env env;        /* its noun is the one meant here */
    enum state state;
    struct lang_name name;
    bool known;                 /* the name is one */
    enum cond_op op;
    int nvalues;
    char words[OP_WORDS];       /* of the operator that is not whole yet; of the value's beginning */
    size_t begun;               /* where name, operator or value began, in l.text */
    const struct noun_list *list;
    bool counted;               /* "times" was said */
    int depth;
    struct { struct lang_env env; bool deed; const struct noun_list *list; } outer[LEVELS];
};

/* ---- words that mean something in their place only ----------------------------------------------------- */

static const struct { enum keyword kw; const char *en; } keyword_words[] = {
    { KW_IN, "in" }, { KW_NOT_IN, "not in" }, { KW_IS, "is" }, { KW_NOT, "not" }, { KW_EMPTY, "empty" },
    { KW_SET, "set" }, { KW_IS_EMPTY, "is empty" }, { KW_IS_SET, "is set" }, { KW_UNDER, "under" },
    { KW_CONTAINS, "contains" }, { KW_STARTS, "starts" }, { KW_WITH, "with" },
    { KW_STARTS_WITH, "starts with" }, { KW_EQ, "=" }, { KW_NE, "!=" }, { KW_LT, "<" }, { KW_LE, "<=" },
    { KW_GT, ">" }, { KW_GE, ">=" }, { KW_AND, "and" }, { KW_OR, "or" },
};

static const struct { const char *words; enum cond_op op; } op_words[] = {
    { "in", OP_IN }, { "not in", OP_NOT_IN }, { "is empty", OP_EMPTY }, { "is set", OP_SET },
    { "is not empty", OP_SET }, { "is not set", OP_EMPTY }, { "under", OP_UNDER },
    { "contains", OP_CONTAINS }, { "starts with", OP_STARTS }, { "between", OP_BETWEEN },
    { "matches", OP_MATCHES }, { "has", OP_HAS }, { "within last", OP_LAST }, { "within next", OP_NEXT },
    { "changed within", OP_CHANGED }, { "=", OP_EQ }, { "!=", OP_NE }, { "<", OP_LT }, { "<=", OP_LE },
    { ">", OP_GT }, { ">=", OP_GE },
};

/* The token's word in English, if it is one of the language; else the word. */
static const char *canonical(const struct token *t)
{
    for (size_t i = 0; i < sizeof keyword_words / sizeof *keyword_words; i++)
        if (t->kw && keyword_words[i].kw == t->kw)
            return keyword_words[i].en;
    enum special sp = special_find(t->text, strlen(t->text));
    if (sp == SP_NEAR || sp == SP_AHEAD)
        return sp == SP_NEAR ? "within last" : "within next";
    const char *en = special_print(sp, false);
    return sp == SP_CHANGED && (t->text[0] & 0x80) ? "changed within" : sp && *en ? en : t->text;
}

static bool is(const char *word, const char *other)
{
    return strcmp(word, other) == 0;
}

static bool starts(const char *s, const char *with)
{
    return strncmp(s, with, strlen(with)) == 0;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* ---- names
 * ---------------------------------------------------------------------------------------------- */

static bool name_called_so(const struct machine *m, const char *word, struct lang_name *out)
{
    static const char of[] = "的";
    *out = (struct lang_name){ 0 };
    if (name_lookup(&m->env, false, word, out))
        return true;
    const char *at = strstr(word, of);
    struct lang_name ref;
    return at && at > word &&
           name_lookup(&m->env, false, arena_strndup(m->arena, word, (size_t)(at - word)), &ref) &&
           ref.field && lang_behind(ref.field) &&
           name_lookup_behind(&m->env, ref.field, at + strlen(of), out);
}

/* The bytes of the operator that the word begins with; 0: none. */
static size_t op_in(const char *word)
{
    static const enum special ops[] = { SP_BETWEEN, SP_MATCHES, SP_HAS, SP_NEAR, SP_AHEAD, SP_CHANGED };
    enum keyword kw;
    size_t n = keyword_starts(word, &kw);
    n = n && (kw == KW_AND || kw == KW_OR) ? 0 : n;
    for (size_t i = 0; i < sizeof ops / sizeof *ops; i++) {
        size_t own = special_starts(word, ops[i]);
        n = own > n ? own : n;
    }
    return n;
}

/* The bytes of the name that the word begins with, an operator right behind it; 0: there is none. */
static size_t name_in(const struct machine *m, const char *word)
{
    struct lang_name found;
    for (size_t n = strlen(word) - 1; n > 0; n--)
        if ((word[n] & 0xC0) != 0x80 && op_in(word + n) &&
            name_called_so(m, arena_strndup(m->arena, word, n), &found))
            return n;
    return 0;
}

/* Where a link stands behind a number: "3万且". */
static size_t link_in(const char *word)
{
    static const enum keyword links[] = { KW_AND, KW_OR };
    enum keyword kw;
    for (size_t n = 1; word[n]; n++)
        for (size_t i = 0; i < sizeof links / sizeof *links; i++)
            if (keyword_starts(word + n, &kw) && kw == links[i])
                return n;
    return 0;
}

static size_t link_starts(const char *word)
{
    enum keyword kw;
    size_t n = keyword_starts(word, &kw);
    return n && (kw == KW_AND || kw == KW_OR) ? n : 0;
}

/* Chinese is written without blanks: the word at hand ends where a name or an operator in it ends. */
static void cut_word(struct machine *m)
{
    const struct token *t = &m->l.now;
    struct lang_name found;
    size_t n = 0;
    if (t->kind != TOK_WORD || t->kw)
        return;
    if (is_digit(t->text[0]))
        n = m->state == AT_VALUE || m->state == AT_TIMES ? link_in(t->text) : 0;
    else if (!(t->text[0] & 0x80))
        return;
    else if (m->state == AT_TEST && !name_called_so(m, t->text, &found))
        n = name_in(m, t->text);
    else if (m->state == AT_OP || m->state == AT_OP_MORE)
        n = op_in(t->text);
    else if (m->state == AFTER_VALUE && m->op == OP_BETWEEN)
        n = special_starts(t->text, SP_TO);
    else if (m->state == AT_VALUE || m->state == AT_TIMES)
        n = special_starts(t->text, SP_NEAR);
    if (!n && (m->state == AT_LINK || m->state == AFTER_VALUE || m->state == AT_TIMES))
        n = link_starts(t->text);
    if (n && n < strlen(t->text))
        lex_cut(&m->l, n);
}

/* ---- the machine
 * ---------------------------------------------------------------------------------------- */

/* Characters of l.text are those of the text, one for one, but not as long. */
static void map_places(struct machine *m, const char *text)
{
    size_t n = strlen(m->l.text), left = strlen(text), from = 0, len, own;
    m->place = arena_array(m->arena, size_t, n + 1);
    for (size_t i = 0; i < n; i += own, from += len) {
        text_char(m->l.text + i, n - i, &own);
        text_char(text + from, left - from, &len);
        for (size_t k = 0; k < own; k++)
            m->place[i + k] = from;
    }
    m->place[n] = left;
}

static bool machine_start(struct machine *m, struct arena *a, const char *text, const struct lang_env *env)
{
    *m = (struct machine){ .arena = a, .env = *env };
    if (lex_start(&m->l, a, text, false, NULL) != ST_OK)
        return false;
    map_places(m, text);
    return true;
}

static void enter(struct machine *m, const struct noun *noun, bool deed)
{
    if (m->depth < LEVELS) {
        m->outer[m->depth].env = m->env;
        m->outer[m->depth].deed = deed;
        m->outer[m->depth++].list = m->list;
    }
    if (noun)
        m->env = lang_env_of(&m->env, noun);
    m->state = AT_TEST;
}

static enum lang_look leave(struct machine *m)
{
    m->state = AT_LINK;
    if (m->depth > 0) {
        m->depth--;
        m->env = m->outer[m->depth].env;
        m->list = m->outer[m->depth].list;
        m->state = m->outer[m->depth].deed ? AT_TIMES : AT_LINK;
    }
    m->counted = false;
    m->begun = m->l.now.end;
    return LOOK_BRACKET;
}

static enum lang_look go(struct machine *m, enum state to, enum lang_look look)
{
    m->state = to;
    return look;
}

static void take_words(struct machine *m, const char *word)
{
    size_t n = strlen(m->words);
    snprintf(m->words + n, sizeof m->words - n, "%s%s", n ? " " : "", word);
}

static enum lang_look step_name(struct machine *m, const struct token *t)
{
    const char *word = canonical(t);
    m->begun = t->at;
    m->list = NULL;
    m->known = name_called_so(m, t->text, &m->name);
    if (m->known)
        return go(m, AT_OP, LOOK_FIELD);
    if (t->kind == TOK_TEXT)
        return go(m, AT_OP, LOOK_FIELD);
    if (is(word, "any") || is(word, "every"))
        return go(m, AT_ROWS, LOOK_LINK);
    if (is(word, "did"))
        return go(m, AT_DEED, LOOK_LINK);
    if (is(word, "bucket")) {
        m->name.bucket = "";
        m->known = true;
        return go(m, AT_BUCKET, LOOK_FIELD);
    }
    m->known = is(word, "segment");
    return go(m, is(word, "attr") ? AT_ATTR : AT_OP, LOOK_FIELD);
}

static enum lang_look step_test(struct machine *m, const struct token *t)
{
    if (t->kind == TOK_OPEN) {
        enter(m, NULL, false);
        return LOOK_BRACKET;
    }
    if (t->kind == TOK_CLOSE)
        return leave(m);
    if (t->kind == TOK_TEXT || (t->kind == TOK_WORD && !t->kw))
        return step_name(m, t);
    return t->kind == TOK_WORD ? LOOK_LINK : LOOK_TEXT;
}

/* The dot and what follows it. */
static enum lang_look step_part(struct machine *m, const struct token *t)
{
    if (t->kind == TOK_DOT)
        return LOOK_FIELD;
    if (m->state == AT_ATTR)
        m->known = name_lookup(&m->env, true, t->text, &m->name);
    else if (m->name.field && lang_behind(m->name.field))
        m->known = name_lookup_behind(&m->env, m->name.field, t->text, &m->name);
    return go(m, AT_OP, LOOK_FIELD);
}

static enum lang_look step_bucket(struct machine *m, const struct token *t)
{
    if (t->kind == TOK_CLOSE)
        return go(m, AT_OP, LOOK_BRACKET);
    return t->kind == TOK_OPEN ? LOOK_BRACKET : LOOK_VALUE;
}

static enum lang_look op_is(struct machine *m, enum cond_op op)
{
    bool list = op == OP_IN || op == OP_NOT_IN, whole = op == OP_EMPTY || op == OP_SET;
    m->op = op;
    m->nvalues = 0;
    m->words[0] = '\0';
    return go(m, list ? AT_LIST : whole ? AT_LINK : AT_VALUE, LOOK_OPERATOR);
}

static enum lang_look step_link(struct machine *m, const struct token *t);

static enum lang_look step_op(struct machine *m, const struct token *t)
{
    if (m->state == AT_OP) {
        m->begun = t->kind == TOK_DOT ? m->begun : t->at;
        m->words[0] = '\0';
    }
    if (t->kind == TOK_DOT)
        return go(m, AT_VIA, LOOK_FIELD);
    if (t->kind == TOK_OP)
        return op_is(m, t->op);
    if (t->kind != TOK_WORD || t->kw == KW_AND || t->kw == KW_OR)
        return step_link(m, t);
    take_words(m, canonical(t));
    for (size_t i = 0; i < sizeof op_words / sizeof *op_words; i++)
        if (is(op_words[i].words, m->words))
            return op_is(m, op_words[i].op);
    for (size_t i = 0; i < sizeof op_words / sizeof *op_words; i++)
        if (starts(op_words[i].words, m->words))
            return go(m, AT_OP_MORE, LOOK_OPERATOR);
    m->op = OP_EQ;
    return go(m, AT_VALUE, LOOK_TEXT);
}

static enum lang_look step_value(struct machine *m, const struct token *t)
{
    bool list = m->state == IN_LIST;
    if (t->kind == TOK_MINUS || t->kind == TOK_PLUS)
        return LOOK_VALUE;
    if (t->kind == TOK_CLOSE && list)
        return go(m, AT_LINK, LOOK_BRACKET);
    if (t->kind != TOK_TEXT && (t->kind != TOK_WORD || t->kw))
        return step_link(m, t);
    if (m->op == OP_CHANGED && special_find(t->text, strlen(t->text)) == SP_NEAR)
        return LOOK_OPERATOR;
    if (m->state != AT_OFFSET) {
        m->begun = t->at;
        m->nvalues++;
        snprintf(m->words, sizeof m->words, "%s", canonical(t));
    }
    return go(m, list ? IN_LIST_AFTER : AFTER_VALUE, LOOK_VALUE);
}

/* Does the word go on with the value that begins with `words`? */
static bool goes_on(const char *words, const char *word)
{
    static const char *const units[] = { "week", "month", "quarter", "year" };
    size_t n = strlen(words);
    if (is(word, "branch") || is(word, "of"))
        return is(words, is(word, "of") ? "start" : "my");
    if (is(word, "working"))
        return n && strspn(words, "0123456789") == n;
    if (starts(word, "day") || starts(word, "hour"))
        return n > 8 && is(words + n - 8, " working");
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (is(word, units[i]))
            return is(words, "start of");
    return false;
}

static enum lang_look step_after(struct machine *m, const struct token *t)
{
    bool list = m->state == IN_LIST_AFTER, second = m->op == OP_BETWEEN && m->nvalues == 1 && !list;
    const char *word = t->kind == TOK_WORD ? canonical(t) : "";
    if (t->kind == TOK_PLUS || t->kind == TOK_MINUS)
        return list ? LOOK_VALUE : go(m, AT_OFFSET, LOOK_VALUE);
    if (goes_on(m->words, word)) {
        take_words(m, word);
        return LOOK_VALUE;
    }
    if (second && (is(word, "and") || is(word, "to")))
        return go(m, AT_VALUE, LOOK_OPERATOR);
    if (list && t->kind == TOK_COMMA)
        return go(m, IN_LIST, LOOK_BRACKET);
    if (list && t->kind == TOK_CLOSE)
        return go(m, AT_LINK, LOOK_BRACKET);
    return step_link(m, t);
}

/* What binds tests, or ends a group; what stands there instead is passed over. */
static enum lang_look step_link(struct machine *m, const struct token *t)
{
    if (t->kind == TOK_CLOSE)
        return leave(m);
    if (t->kind == TOK_OPEN) {
        enter(m, NULL, false);
        return LOOK_BRACKET;
    }
    if (t->kw == KW_AND || t->kw == KW_OR)
        return go(m, AT_TEST, LOOK_LINK);
    return t->kw ? LOOK_OPERATOR : LOOK_TEXT;
}

static enum lang_look step_rows(struct machine *m, const struct token *t)
{
    bool deed = m->state == AT_DEED;
    if (t->kind != TOK_WORD || t->kw)
        return step_link(m, t);
    m->list = list_lookup(m->env.noun, t->text);
    m->counted = false;
    m->begun = t->end;
    return go(m, deed ? AT_TIMES : AT_GROUP, LOOK_FIELD);
}

static enum lang_look step_times(struct machine *m, const struct token *t)
{
    if (t->kind == TOK_OPEN) {
        enter(m, m->list ? m->list->noun : NULL, m->state == AT_TIMES);
        return LOOK_BRACKET;
    }
    if (m->state == AT_GROUP || t->kind != TOK_WORD || t->kw == KW_AND || t->kw == KW_OR)
        return step_link(m, t);
    m->counted = m->counted || is(canonical(t), "times");
    return is_digit(t->text[0]) ? LOOK_VALUE : LOOK_OPERATOR;
}

static enum lang_look step(struct machine *m, const struct token *t)
{
    switch (m->state) {
    case AT_TEST: return step_test(m, t);
    case AT_ATTR:
    case AT_VIA: return step_part(m, t);
    case AT_BUCKET: return step_bucket(m, t);
    case AT_OP:
    case AT_OP_MORE: return step_op(m, t);
    case AT_VALUE:
    case AT_OFFSET:
    case IN_LIST: return step_value(m, t);
    case AFTER_VALUE:
    case IN_LIST_AFTER: return step_after(m, t);
    case AT_LIST: return t->kind == TOK_OPEN ? go(m, IN_LIST, LOOK_BRACKET) : step_link(m, t);
    case AT_ROWS:
    case AT_DEED: return step_rows(m, t);
    case AT_GROUP:
    case AT_TIMES: return step_times(m, t);
    case AT_LINK: return step_link(m, t);
    }
    return LOOK_TEXT;
}

void lang_word_print(const char *word, struct buf *out)
{
    word_print(word, !lex_is_bare(word) || special_find(word, strlen(word)), out);
}

/* ---- errors' columns
 * ------------------------------------------------------------------------------------ */

int lang_error_column(const struct err *e)
{
    static const struct { const char *code; int param; } columns[] = {
        { "cond.syntax", 0 }, { "cond.unknown_field", 2 }, { "cond.unknown_list", 2 }, { "cond.operator", 2 },
        { "cond.type", 3 }, { "cond.unknown_value", 3 }, { "cond.empty_value", 1 }, { "cond.pattern", 2 },
        { "cond.segment_ring", 1 }, { "cond.masked_equality", 1 },
    };
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        if (strcmp(e->code, columns[i].code) == 0 && columns[i].param < e->nparam)
            return columns[i].param;
    return -1;
}

/* ---- looks
 * ---------------------------------------------------------------------------------------------- */

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
    if (is(m->l.now.text, "\"")) {              /* the quotation is not at its end yet */
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
    if (!machine_start(&m, a, text, env)) {
        *out = arena_new(a, struct lang_stretch);
        **out = (struct lang_stretch){ 0, strlen(text), LOOK_WRONG };
        *n = 1;
        return;
    }
    for (bool on = true; on && m.l.now.kind != TOK_END; ) {
        cut_word(&m);
        struct token t = m.l.now;
        if (t.kind == TOK_BAD)
            on = pass_bad(&m, &s);
        else
            add_stretch(&m, &s, t.at, t.end, step(&m, &t));
        if (on)
            lex_next(&m.l);
    }
    mark_wrong(&m, text, env, &s);
    *out = s.items;
    *n = s.n;
}

/* ---- wishes
 * --------------------------------------------------------------------------------------------- */

/* Walks up to the word at byte `at` of the text; *from and *to, in l.text, are that word. False where nothing
 * may be put. */
static bool walk(struct machine *m, size_t at, size_t *from, size_t *to)
{
    for (;; lex_next(&m->l)) {
        cut_word(m);
        struct token t = m->l.now;
        bool quote = t.kind == TOK_BAD && is(t.text, "\"");
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
        step(m, &t);
    }
}

static bool value_goes_on(const struct machine *m)
{
    return m->state == AFTER_VALUE && (is(m->words, "my") || starts(m->words, "start") ||
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

static bool find_wish(struct machine *m, const char *text, size_t at, const struct lang_env *env,
                      struct lang_wish *out)
{
    size_t from, to;
    while (at > 0 && ((unsigned char)text[at] & 0xC0) == 0x80)
        at--;
    *out = (struct lang_wish){ .kind = WISH_NONE, .from = at, .to = at, .noun = env->noun };
    if (!machine_start(m, m->arena, text, env) || !walk(m, at, &from, &to))
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
    find_wish(&m, text, at, env, out);
}

/* ---- proposals
 * ------------------------------------------------------------------------------------------ */

enum { FITS_NOT, FITS_NEAR, FITS_PART, FITS_OTHER, FITS_START, FITS_COUNT };

struct proposals {
    struct arena *arena;
    const struct lang_env *env;     /* with the noun that is meant */
    bool zh;
    const char *word;               /* what is begun, in text_key() form */
    struct near near;
    struct lang_proposal *items;
    int *fit;
    size_t n, cap, fit_cap;
};

static bool part_of(const char *hay, const char *word)
{
    return strstr(hay, word) != NULL;
}

/* How well the proposal goes on with what is begun. */
static int fit_of(struct proposals *p, const char *text, const char *label, const char *also)
{
    const char *key = text_key(p->arena, text), *second = text_key(p->arena, label ? label : ""),
               *third = text_key(p->arena, also ? also : "");
    if (!*p->word || starts(key + (*key == '"'), p->word))
        return FITS_START;
    if (starts(second, p->word) || starts(third, p->word))
        return FITS_OTHER;
    if (part_of(key, p->word) || part_of(second, p->word) || part_of(third, p->word))
        return FITS_PART;
    struct near near;
    near_start(&near, p->word);
    near_try(&near, key, "y");
    near_try(&near, third, "y");
    return *near.found ? FITS_NEAR : FITS_NOT;
}

static void propose_also(struct proposals *p, const char *text, const char *label, const char *also)
{
    int fit = fit_of(p, text, label, also);
    if (fit == FITS_NOT)
        return;
    p->items = arena_grow(p->arena, p->items, sizeof *p->items, &p->cap, p->n + 1);
    p->fit = arena_grow(p->arena, p->fit, sizeof *p->fit, &p->fit_cap, p->n + 1);
    p->items[p->n] =
        (struct lang_proposal){ arena_strdup(p->arena, text),
                                label && !is(label, text) ? arena_strdup(p->arena, label) : NULL };
    p->fit[p->n++] = fit;
}

static void propose(struct proposals *p, const char *text, const char *label)
{
    propose_also(p, text, label, NULL);
}

/* Would the parser take it? */
static bool is_right(struct proposals *p, const char *text)
{
    struct cond *c;
    return lang_parse(p->arena, text, p->env, &c, NULL) == ST_OK && c;
}

static const char *english(struct proposals *p, struct lang_name n)
{
    char name[NAME_TEXT];
    if (n.bucket)
        return "bucket(\"x\")";
    return n.field || n.attr || n.span ? arena_strdup(p->arena, name_text(n, name)) : "segment";
}

/* The name as lang_print() has it: a test's print without its operator. NULL: the parser knows no
 * such name. */
static const char *printed(struct proposals *p, struct lang_name n)
{
    struct cond *c;
    struct buf b = BUF_INIT;
    char op[OP_TEXT];
    const char *text = arena_printf(p->arena, "%s is set", english(p, n));
    if (lang_parse(p->arena, text, p->env, &c, NULL) != ST_OK || !c)
        return NULL;
    lang_print(c, p->env, p->zh ? "zh_CN" : "en", &b);
    size_t end = strlen(op_print(OP_SET, p->zh, op));
    assert(b.len > end + 1);
    const char *name = arena_strndup(p->arena, b.s, b.len - end - 1);
    buf_release(&b);
    return name;
}

static void propose_name(struct proposals *p, struct lang_name n)
{
    const char *text = printed(p, n), *label = name_label(n);
    if (!text)
        return;
    const char *own = english(p, n);
    propose_also(p, text, p->zh ? own : label,
                 n.attr ? label : i18n_other(n.span ? n.span->label : n.field->label));
}

static bool is_listed(const char *columns, const char *name)
{
    size_t n = strlen(name);
    for (const char *c = columns; c && *c; c += strcspn(c, ","), c += *c == ',')
        if (strncmp(c, name, n) == 0 && (c[n] == ',' || !c[n]))
            return true;
    return false;
}

/* The columns that tables show first, then the others, then what is seldom wanted. */
static void propose_fields(struct proposals *p, const struct field *via)
{
    const struct noun *noun = via ? noun_find(via->ref) : p->env->noun;
    for (int round = 0; noun && round < 3; round++)
        for (size_t i = 0; i < noun->rec->nfields; i++) {
            const struct field *f = &noun->rec->fields[i];
            int rank = is_listed(noun->columns, f->name) ? 0 : f->flags & FIELD_WIDE ? 2 : 1;
            if (rank == round && f->type != F_ATTRS && f->type != F_LIST && !(f->flags & FIELD_VIRTUAL))
                propose_name(p, (struct lang_name){ .via = via, .field = f });
        }
}

static void propose_attrs(struct proposals *p)
{
    for (size_t i = 0; i < p->env->nattrs; i++)
        propose_name(p, (struct lang_name){ .attr = &p->env->attrs[i] });
}

static const char *shown_list(struct proposals *p, const struct noun_list *r, bool deed)
{
    const char *label = i18n_text(r->label);
    return p->zh && lex_is_bare(label) && list_lookup(p->env->noun, label) == r ? label
           : deed                                                               ? r->one
                                                                                : r->name;
}

static void propose_lists(struct proposals *p, bool deed)
{
    for (const struct noun_list *r = p->env->noun->lists; r && r->name; r++)
        propose_also(p, shown_list(p, r, deed), p->zh ? deed ? r->one : r->name : i18n_text(r->label),
                     i18n_other(r->label));
}

static void propose_tests(struct proposals *p)
{
    propose_fields(p, NULL);
    propose_attrs(p);
    for (const struct noun_span *s = p->env->noun->spans; s && s->name; s++)
        propose_name(p, (struct lang_name){ .span = s });
    if (is_right(p, "segment = x"))
        propose_also(p, special_print(SP_SEGMENT, p->zh), _("a segment that the row is in"), "segment");
    if (p->env->noun->lists) {
        propose_also(p, special_print(SP_ANY, p->zh), _("at least one of its rows"), "any");
        propose_also(p, special_print(SP_EVERY, p->zh), _("all of its rows"), "every");
        propose_also(p, special_print(SP_DID, p->zh), _("how often something was done"), "did");
    }
    propose_also(p, keyword_print(KW_NOT, p->zh), _("what follows does not hold"), "not");
}

static const struct { enum cond_op op; const char *label;
} op_labels[] = {
    { OP_EQ, N_("is exactly") },
    { OP_IN, N_("is one of") },
    { OP_HAS, N_("has this one") },
    { OP_CONTAINS, N_("has this part") },
    { OP_STARTS, N_("begins so") },
    { OP_MATCHES, N_("fits * and ?") },
    { OP_GE, N_("at least") },
    { OP_LE, N_("at most") },
    { OP_BETWEEN, N_("both ends included") },
    { OP_GT, N_("more than") },
    { OP_LT, N_("less than") },
    { OP_LAST, N_("in the time before now") },
    { OP_NEXT, N_("in the time to come") },
    { OP_UNDER, N_("this branch and those below") },
    { OP_NE, N_("is anything else") },
    { OP_NOT_IN, N_("is none of") },
    { OP_CHANGED, N_("got another value") },
    { OP_EMPTY, N_("nothing is there") },
    { OP_SET, N_("something is there") },
};

/* In Chinese a window and its span are one word. */
static const char *op_proposal(struct proposals *p, enum cond_op op)
{
    char word[OP_TEXT];
    bool list = op == OP_IN || op == OP_NOT_IN;
    const char *text = arena_strdup(p->arena, op_print(op, p->zh, word));
    if (p->zh && (op == OP_LAST || op == OP_NEXT || op == OP_CHANGED))
        return arena_printf(p->arena, "%s%s7天", text, op == OP_CHANGED ? " 近" : "");
    return list ? arena_printf(p->arena, "%s (", text) : text;
}

static void propose_ops(struct proposals *p, struct lang_name n)
{
    char word[OP_TEXT];
    for (size_t i = 0; i < sizeof op_labels / sizeof *op_labels; i++)
        if (test_check(p->env, n, op_labels[i].op, 1, NULL) == ST_OK)
            propose_also(p, op_proposal(p, op_labels[i].op), _(op_labels[i].label),
                         op_labels[i].op == OP_SET ? "is not empty"
                                                   : op_print(op_labels[i].op, !p->zh, word));
}

static const char *choice_text(struct proposals *p, const struct choice *list, const struct choice *c)
{
    const char *label = p->zh && c->label ? i18n_text(c->label) : NULL, *word;
    struct buf b = BUF_INIT;
    bool back = label && text_valid(label, strlen(label)) && choice_find(list, label) == c;
    word_print(back ? label : c->code, !lex_is_bare(back ? label : c->code), &b);
    word = arena_strdup(p->arena, b.s);
    buf_release(&b);
    return word;
}

static void propose_choices(struct proposals *p, const struct choice *list)
{
    for (const struct choice *c = list; c && c->code; c++)
        propose_also(p, choice_text(p, list, c), p->zh ? c->code : c->label ? i18n_text(c->label) : NULL,
                     c->label ? i18n_other(c->label) : NULL);
}

/* Words with a meaning of their own as values; those that this name takes are proposed. */
static const struct { const char *en, *zh, *label; bool span; } ready[] = {
    { "me", "我", N_("whoever looks at it"), false },
    { "my branch", "本机构", N_("the branch of whoever looks at it"), false },
    { "yes", "是", NULL, false }, { "no", "否", NULL, false },
    { "today", "今天", NULL, false }, { "yesterday", "昨天", NULL, false }, { "tomorrow", "明天", NULL, false },
    { "today - 7d", "今天 - 7天", N_("a week ago"), false }, { "now - 24h", "现在 - 24小时", NULL, false },
    { "start of week", "周初", NULL, false }, { "start of month", "月初", NULL, false },
    { "start of quarter", "季初", NULL, false }, { "start of year", "年初", NULL, false },
    { "24h", "24小时", NULL, true }, { "3d", "3天", NULL, true }, { "7d", "7天", NULL, true },
    { "30d", "30天", NULL, true }, { "90d", "90天", NULL, true },
    { "3 working days", "3工作日", N_("days on which the bank works"), true },
};

static bool wants_span(struct lang_name n, enum cond_op op)
{
    return n.span || op == OP_LAST || op == OP_NEXT || op == OP_CHANGED;
}

/* A word that would be taken as a text or a code anywhere says nothing of its own. */
static bool is_own_word(struct proposals *p, struct lang_name n, enum cond_op op, const char *value)
{
    struct cond *c;
    char word[OP_TEXT];
    bool list = op == OP_IN || op == OP_NOT_IN;
    const char *text = arena_printf(p->arena, list ? "%s %s (%s)" : op == OP_BETWEEN ? "%s %s %s and %s" :
                                    "%s %s %s", english(p, n), op_print(op, false, word), value, value);
    if (lang_parse(p->arena, text, p->env, &c, NULL) != ST_OK || !c || !c->nvalues)
        return false;
    return c->values[0].kind != VAL_TEXT;
}

static void propose_values(struct proposals *p, const struct lang_wish *w)
{
    struct lang_name n = w->name;
    if (n.field || n.attr)
        propose_choices(p, name_choices(n));
    for (size_t i = 0; i < sizeof ready / sizeof *ready; i++)
        if (ready[i].span == wants_span(n, w->op) && is_own_word(p, n, w->op, ready[i].en))
            propose_also(p, p->zh ? ready[i].zh : ready[i].en, ready[i].label ? _(ready[i].label) : NULL,
                         p->zh ? ready[i].en : ready[i].zh);
}

static void propose_times(struct proposals *p)
{
    static const struct { const char *en, *zh; } times[] = {
        { "at least 1 times in 30d", "至少 1 次 近30天" }, { "at least 2 times in 30d", "至少 2 次 近30天" },
        { "exactly 0 times in 7d", "恰好 0 次 近7天" }, { "at least 1 times", "至少 1 次" },
        { "at most 3 times in 7d", "至多 3 次 近7天" },
    };
    for (size_t i = 0; i < sizeof times / sizeof *times; i++)
        propose_also(p, p->zh ? times[i].zh : times[i].en, NULL, p->zh ? times[i].en : times[i].zh);
}

static void propose_links(struct proposals *p, const struct machine *m)
{
    if (m->state == IN_LIST_AFTER) {
        propose(p, ",", _("another value"));
        propose(p, ")", _("end of the list"));
    } else if (m->state == AT_LIST || m->state == AT_GROUP) {
        propose(p, "(", NULL);
    } else if (m->state == AFTER_VALUE && m->op == OP_BETWEEN && m->nvalues == 1) {
        propose(p, p->zh ? special_print(SP_TO, true) : keyword_print(KW_AND, false), _("the other end"));
    } else {
        propose_also(p, keyword_print(KW_AND, p->zh), _("both hold"), keyword_print(KW_AND, !p->zh));
        propose_also(p, keyword_print(KW_OR, p->zh), _("one of them holds"), keyword_print(KW_OR, !p->zh));
        if (m->depth > 0)
            propose(p, ")", _("end of the group"));
    }
}

/* Best first, the others in their order; what is merely near is said only where nothing else is. */
static void sort_by_fit(struct proposals *p, struct lang_proposal **out, size_t *n)
{
    size_t total = p->n;
    *out = arena_array(p->arena, struct lang_proposal, total + 1);
    *n = 0;
    for (int fit = FITS_COUNT; fit-- > FITS_NEAR && (fit > FITS_NEAR || !*n); )
        for (size_t i = 0; i < total; i++)
            if (p->fit[i] == fit)
                (*out)[(*n)++] = p->items[i];
}

static const char *begun_word(struct arena *a, const char *text, const struct lang_wish *w)
{
    const char *word = arena_strndup(a, text + w->from, w->to - w->from);
    word += *word == '"';
    size_t n = strlen(word);
    if (n && word[n - 1] == '"')
        n--;
    return text_key(a, arena_strndup(a, word, n));
}

void lang_propose(struct arena *a, const char *text, const struct lang_wish *wish,
                  const struct lang_env *env, const char *lang,
                  struct lang_proposal **out, size_t *n)
{
    struct machine m = { .arena = a };
    struct lang_wish same;
    *out = NULL;
    *n = 0;
    if (wish->kind == WISH_NONE || !find_wish(&m, text, wish->to, env, &same))
        return;
    struct proposals p = { .arena = a, .env = &m.env, .zh = strcmp(lang, "zh_CN") == 0,
                           .word = begun_word(a, text, wish) };
    if (m.state == AT_TEST)
        propose_tests(&p);
    else if (m.state == AT_ATTR)
        propose_attrs(&p);
    else if (m.state == AT_VIA)
        propose_fields(&p, m.name.field);
    else if (m.state == AT_ROWS || m.state == AT_DEED)
        propose_lists(&p, m.state == AT_DEED);
    else if ((m.state == AT_OP || m.state == AT_OP_MORE) && m.known)
        propose_ops(&p, m.name);
    else if (m.state == AT_TIMES && !m.counted)
        propose_times(&p);
    else if (wish->kind == WISH_VALUE && m.state != AT_OFFSET)
        propose_values(&p, wish);
    else if (wish->kind == WISH_LINK)
        propose_links(&p, &m);
    sort_by_fit(&p, out, n);
}
