#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "core/lang/walk.h"

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

bool word_is(const char *word, const char *other)
{
    return strcmp(word, other) == 0;
}

bool word_starts(const char *s, const char *with)
{
    return strncmp(s, with, strlen(with)) == 0;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* ---- names ------------------------------------------------------------------------------------------ */

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
void walk_cut(struct machine *m)
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

/* ---- the machine ------------------------------------------------------------------------------------ */

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

bool walk_start(struct machine *m, struct arena *a, const char *text, const struct lang_env *env)
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
    if (word_is(word, "any") || word_is(word, "every"))
        return go(m, AT_ROWS, LOOK_LINK);
    if (word_is(word, "did"))
        return go(m, AT_DEED, LOOK_LINK);
    if (word_is(word, "bucket")) {
        m->name.bucket = "";
        m->known = true;
        return go(m, AT_BUCKET, LOOK_FIELD);
    }
    m->known = word_is(word, "segment");
    return go(m, word_is(word, "attr") ? AT_ATTR : AT_OP, LOOK_FIELD);
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
        if (word_is(op_words[i].words, m->words))
            return op_is(m, op_words[i].op);
    for (size_t i = 0; i < sizeof op_words / sizeof *op_words; i++)
        if (word_starts(op_words[i].words, m->words))
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
    if (word_is(word, "branch") || word_is(word, "of"))
        return word_is(words, word_is(word, "of") ? "start" : "my");
    if (word_is(word, "working"))
        return n && strspn(words, "0123456789") == n;
    if (word_starts(word, "day") || word_starts(word, "hour"))
        return n > 8 && word_is(words + n - 8, " working");
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (word_is(word, units[i]))
            return word_is(words, "start of");
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
    if (second && (word_is(word, "and") || word_is(word, "to")))
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
    m->counted = m->counted || word_is(canonical(t), "times");
    return is_digit(t->text[0]) ? LOOK_VALUE : LOOK_OPERATOR;
}

enum lang_look walk_step(struct machine *m, const struct token *t)
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
