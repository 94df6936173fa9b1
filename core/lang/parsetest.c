/* parsetest.c - one test: what is tested, how, and against what.
 *
 * Chinese is written without blanks: a word that names nothing is cut where a name or an operator in it ends
 * ("未跟进超过7天"), and a number or a date where a link begins ("3万且阶段 = new"). */
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "core/lang/parse.h"

/* ---- operands -------------------------------------------------------------------------------- */

/* The text that the tokens from `at` to the one before now cover. */
static const char *slice(struct parser *p, size_t at, size_t end)
{
    return arena_strndup(p->l.arena, p->l.text + at, end - at);
}

/* "+ 3d" or "- 3d" behind a bare word. */
static bool take_offset(struct parser *p, struct operand *o, size_t *end)
{
    if (p->l.now.kind != TOK_PLUS && p->l.now.kind != TOK_MINUS)
        return true;
    o->sign = p->l.now.kind == TOK_PLUS ? '+' : '-';
    lex_next(&p->l);
    if (p->l.now.kind != TOK_WORD)
        return parse_wrong(p, N_("a span of time: 30m, 48h, 7d"));
    o->offset = p->l.now.text;
    *end = p->l.now.end;
    lex_next(&p->l);
    return true;
}

/* Of "start of month" and "my branch" the words behind the first are one operand with it. */
static bool take_rest(struct parser *p, struct operand *o, enum special first, size_t *end)
{
    struct lexer back = p->l;
    enum special second = first == SP_MY ? SP_BRANCH : SP_OF;
    if ((first != SP_MY && first != SP_START) || !lex_at(&p->l, second))
        return false;
    *end = p->l.now.end;
    lex_next(&p->l);
    if (first == SP_START) {
        static const struct { enum special unit, start; } units[] = {
            { SP_WEEK, SP_START_WEEK }, { SP_MONTH, SP_START_MONTH },
            { SP_QUARTER, SP_START_QUARTER }, { SP_YEAR, SP_START_YEAR },
        };
        size_t i = 0;
        while (i < 4 && !lex_at(&p->l, units[i].unit))
            i++;
        if (i == 4) {
            p->l = back;
            return false;
        }
        o->said = units[i].start;
        *end = p->l.now.end;
        lex_next(&p->l);
    } else {
        o->said = SP_MY_BRANCH;
    }
    o->joined = true;
    return true;
}

static bool take_operand(struct parser *p, struct operand *o)
{
    struct lexer *l = &p->l;
    size_t at = l->now.at, end;
    bool minus = l->now.kind == TOK_MINUS;

    *o = (struct operand){ .column = lex_column(l, at) };
    if (minus)
        lex_next(l);
    bool word = l->now.kind == TOK_WORD && l->now.kw == KW_NONE;
    if (minus && !(word && l->now.text[0] >= '0' && l->now.text[0] <= '9'))
        return parse_wrong(p, N_("a number"));
    if (!word && l->now.kind != TOK_TEXT)
        return parse_wrong(p, N_("a value; the language's own words need quotes"));
    o->quoted = !word;
    o->text = minus ? arena_printf(l->arena, "-%s", l->now.text) : l->now.text;
    o->said = word && !minus ? l->now.special : SP_NONE;
    end = l->now.end;
    lex_next(l);
    if (word && !minus) {
        take_rest(p, o, o->said, &end);
        if (!take_offset(p, o, &end))
            return false;
    }
    o->all = slice(p, at, end);
    return true;
}

static bool take_span(struct parser *p, struct value *v);

static bool read_operand(struct parser *p, struct cond *c, struct value *v)
{
    struct operand o;
    if (name_type(c->name) == T_SPAN)
        return take_span(p, v);
    return take_operand(p, &o) && !value_read(p->l.arena, c->name, &o, v, p->e);
}

/* Where a value stands: what may follow in the same word is different. */
enum place { ALONE, LISTED, LOWER };

/* Is anything a value of it, whatever a reader takes it for? */
static bool takes_words(struct lang_name n)
{
    int type = name_type(n);
    return type == F_TEXT || type == F_SECRET || type == F_REF || type == F_REFS || type == T_SEGMENT;
}

/* The value ends at a link in its word, n bytes on: another condition follows, or the upper end. */
static bool take_part(struct parser *p, struct cond *c, struct value *v, size_t n, enum place place)
{
    struct token word = p->l.now;
    bool binds = link_find(word.text, LINK_BINDS) == n;
    struct lexer back = p->l;
    lex_cut(&p->l, n);
    if (!read_operand(p, c, v))
        return false;
    if (place == LOWER || (place == ALONE && binds && (p->trying || parse_goes_on(p))))
        return true;
    p->l = back;
    return link_refuse(p, &word, place == LISTED);
}

/* One that is not what the field takes, as a whole: it may end at a link. */
static bool take_beginning(struct parser *p, struct cond *c, struct value *v, enum place place)
{
    bool wrong = strcmp(p->e->code, "cond.type") == 0 || strcmp(p->e->code, "cond.unknown_value") == 0;
    size_t n = p->l.now.kind == TOK_WORD && wrong ? link_find(p->l.now.text, LINK_ALL) : 0;
    if (!n)
        return false;
    struct err first = *p->e;
    if (take_part(p, c, v, n, place))
        return true;
    if (strcmp(p->e->code, "cond.linked") != 0)
        *p->e = first;
    return false;
}

/* Is the word the whole lower end? 介于 王至诚 与 ... */
static bool upper_follows(const struct parser *p)
{
    struct lexer l = p->l;
    lex_next(&l);
    return l.now.kind == TOK_WORD && (l.now.kw == KW_AND || l.now.special == SP_TO ||
                                      special_starts(l.now.text, SP_TO));
}

/* A word that may be several, where any word is a value: 张或李. */
static bool take_linked(struct parser *p, struct cond *c, struct value *v, enum place place)
{
    const char *word = p->l.now.text;
    if (place == LOWER && upper_follows(p))
        place = ALONE;
    size_t n = link_find(word, place == LOWER ? LINK_ALL : LINK_BINDS);
    const char *head = n ? arena_strndup(p->l.arena, word, n) : word;
    if (place != LOWER && name_type(c->name) == F_TEXT && link_lists(head))
        return link_refuse(p, &p->l.now, place == LISTED);
    return n ? take_part(p, c, v, n, place) : read_operand(p, c, v);
}

static bool take_value(struct parser *p, struct cond *c, size_t *cap, enum place place)
{
    struct lexer back = p->l;
    char number[NUMBER_TEXT];
    if (c->nvalues == LANG_VALUES) {
        fail(p->e, ST_INVALID, "cond.too_many", number_text(LANG_VALUES, number), NULL);
        return false;
    }
    c->values = arena_grow(p->l.arena, c->values, sizeof *c->values, cap, c->nvalues + 1);
    struct value *v = &c->values[c->nvalues++];
    bool bare = p->l.now.kind == TOK_WORD && !p->l.plain;
    if (bare && takes_words(c->name))
        return take_linked(p, c, v, place);
    if (read_operand(p, c, v))
        return true;
    p->l = back;
    return bare && take_beginning(p, c, v, place);
}

static bool take_list(struct parser *p, struct cond *c)
{
    size_t cap = 0;
    if (p->l.now.kind != TOK_OPEN)
        return parse_wrong(p, N_("a list in brackets"));
    do {
        lex_next(&p->l);
        if (!take_value(p, c, &cap, LISTED))
            return false;
    } while (p->l.now.kind == TOK_COMMA);
    if (p->l.now.kind != TOK_CLOSE)
        return parse_wrong(p, N_("a comma or a closing bracket"));
    lex_next(&p->l);
    return true;
}

static bool take_between(struct parser *p, struct cond *c)
{
    size_t cap = 0;
    if (!take_value(p, c, &cap, LOWER))
        return false;
    if (p->l.now.kind == TOK_WORD && special_starts(p->l.now.text, SP_TO))
        lex_cut(&p->l, special_starts(p->l.now.text, SP_TO));
    if (!parse_take(p, KW_AND) && !parse_take_special(p, SP_TO))
        return parse_wrong(p, N_("`and` and the upper end"));
    return take_value(p, c, &cap, ALONE);
}

/* ---- spans ----------------------------------------------------------------------------------- */

/* "7d", "7 days", "3 working days", "3工作日". */
static bool take_span(struct parser *p, struct value *v)
{
    struct lexer *l = &p->l;
    char digits[16];
    int column = lex_column(l, l->now.at);
    size_t n = l->now.kind == TOK_WORD ? strspn(l->now.text, "0123456789") : 0;
    if (n > 0 && n < sizeof digits) {
        size_t link = link_find(l->now.text, LINK_ALL);
        if (link)
            lex_cut(l, link);
        const char *text = l->now.text;
        memcpy(digits, text, n);
        digits[n] = '\0';
        lex_next(l);
        if (!text[n] && l->now.kind == TOK_WORD) {
            bool working = parse_take_special(p, SP_WORKING);
            if (l->now.kind == TOK_WORD && (link = link_find(l->now.text, LINK_ALL)) > 0)
                lex_cut(l, link);
            text = arena_printf(l->arena, "%s%s%s", digits, working ? "working" : "",
                                l->now.kind == TOK_WORD ? l->now.text : "");
            if (span_read(text, v))
                lex_next(l);
        }
        v->column = column;
        if (span_read(text, v))
            return true;
    }
    return parse_wrong(p, N_("a span of time: 30m, 48h, 7d"));
}

static bool take_span_of(struct parser *p, struct cond *c)
{
    c->values = arena_grow(p->l.arena, c->values, sizeof *c->values, &(size_t){ 0 }, c->nvalues + 1);
    c->nvalues = 1;
    return take_span(p, c->values);
}

/* "近30天", the word cut behind its beginning. */
static bool take_near(struct parser *p, enum special s)
{
    if (p->l.now.kind != TOK_WORD)
        return false;
    size_t n = special_starts(p->l.now.text, s);
    if (n && p->l.now.text[n])
        lex_cut(&p->l, n);
    return parse_take_special(p, s);
}

/* ---- what is tested -------------------------------------------------------------------------- */

static bool is_name(const struct token *t)
{
    return (t->kind == TOK_WORD && t->kw == KW_NONE) || t->kind == TOK_TEXT;
}

/* NAME.NAME: a custom field, or a field behind a reference. The point is at hand. */
static bool take_behind(struct parser *p, const struct token *first, struct cond *c)
{
    bool attr = first->kind == TOK_WORD && strcmp(first->text, "attr") == 0;
    char number[NUMBER_TEXT];
    struct lang_name ref = { 0 };

    if (!attr && name_find(p->env, false, first->text, c->column, &ref, p->e))
        return false;
    if (!attr && !lang_behind(ref.field))
        return parse_wrong(p, N_("a comparison"));
    lex_next(&p->l);
    struct token name = p->l.now;
    if (name.kind != TOK_WORD && name.kind != TOK_TEXT)
        return parse_wrong(p, attr ? N_("the name of a custom field") : N_("a field"));
    lex_next(&p->l);
    if (attr)
        return !name_find(p->env, true, name.text, c->column, &c->name, p->e);
    if (name_lookup_behind(p->env, ref.field, name.text, &c->name))
        return true;
    struct lang_env behind = lang_env_of(p->env, lang_behind(ref.field));
    if (!name_find(&behind, false, name.text, lex_column(&p->l, name.at), &ref, p->e))
        fail(p->e, ST_INVALID, "cond.unknown_field", name.text, "",
             number_text(lex_column(&p->l, name.at), number), NULL);
    return false;
}

/* bucket("spring"): the opening bracket is at hand. */
static bool take_bucket(struct parser *p, struct cond *c)
{
    lex_next(&p->l);
    if (!is_name(&p->l.now) || !p->l.now.text[0])
        return parse_wrong(p, N_("the name of the draw"));
    c->name.bucket = p->l.now.text;
    lex_next(&p->l);
    if (p->l.now.kind != TOK_CLOSE)
        return parse_wrong(p, N_("a closing bracket"));
    lex_next(&p->l);
    return true;
}

/* 归属人的状态, or 标签含VIP: the word at hand begins with a name. Finds the longest, and cuts. */
static bool cut_name(struct parser *p, struct cond *c)
{
    static const char of[] = "的";
    const char *word = p->l.now.text;
    enum keyword kw;
    size_t most = name_longest(p->env), len = strlen(word);
    for (size_t n = len > most ? most : len - 1; n > 0; n--) {
        struct lang_name found;
        if ((word[n] & 0xC0) == 0x80)
            continue;
        const char *rest = word + n;
        bool behind = strncmp(rest, of, strlen(of)) == 0 && rest[strlen(of)],
             op = keyword_starts(rest, &kw) || special_starts(rest, SP_HAS) ||
                  special_starts(rest, SP_NEAR) || special_starts(rest, SP_AHEAD) ||
                  special_starts(rest, SP_BETWEEN) || special_starts(rest, SP_MATCHES) ||
                  special_starts(rest, SP_CHANGED);
        if (!behind && !op)
            continue;
        if (op && special_find(word, n) == SP_SEGMENT) {
            lex_cut(&p->l, n);
            return true;
        }
        if (!name_lookup(p->env, false, arena_strndup(p->l.arena, word, n), &found))
            continue;
        if (behind && !name_lookup_behind(p->env, found.field, rest + strlen(of), &c->name))
            continue;
        if (!behind)
            c->name = found;
        lex_cut(&p->l, behind ? len : n);
        return true;
    }
    return false;
}

/* 有标签 VIP is 标签 含 VIP. */
static bool cut_has(struct parser *p, struct cond *c)
{
    static const char has[] = "有";
    size_t n = strlen(has);
    if (strncmp(p->l.now.text, has, n) != 0 ||
        !name_lookup(p->env, false, p->l.now.text + n, &c->name) || name_type(c->name) != F_REFS)
        return false;
    c->op = OP_HAS;
    return true;
}

static bool take_name(struct parser *p, struct cond *c)
{
    struct token name = p->l.now;
    struct lexer after = p->l;
    if (!is_name(&name))
        return parse_wrong(p, N_("a field"));
    c->column = lex_column(&p->l, name.at);
    enum special sp = name.kind == TOK_WORD ? name.special : SP_NONE;
    lex_next(&after);
    if (after.now.kind == TOK_DOT || (sp == SP_BUCKET && after.now.kind == TOK_OPEN)) {
        p->l = after;
        return sp == SP_BUCKET && p->l.now.kind == TOK_OPEN ? take_bucket(p, c) : take_behind(p, &name, c);
    }
    if (!name_lookup(p->env, false, name.text, &c->name)) {
        c->name = (struct lang_name){ 0 };
        if (sp == SP_SEGMENT)
            ;
        else if (name.kind != TOK_WORD || !(name.text[0] & 0x80) || (!cut_has(p, c) && !cut_name(p, c)))
            return !name_find(p->env, false, name.text, c->column, &c->name, p->e);
    }
    lex_next(&p->l);
    return true;
}

/* ---- how it is tested ------------------------------------------------------------------------ */

/* `is empty`, `is not empty`, `is set`. */
static bool take_state(struct parser *p, enum cond_op *op)
{
    bool not = parse_take(p, KW_NOT);
    if (!parse_at(p, KW_EMPTY) && !parse_at(p, KW_SET))
        return parse_wrong(p, N_("`empty` or `set`"));
    *op = parse_at(p, KW_EMPTY) != not ? OP_EMPTY : OP_SET;
    lex_next(&p->l);
    return true;
}

/* Operators that are one word. */
static const struct { enum keyword kw; enum cond_op op; } one_word[] = {
    { KW_IN, OP_IN }, { KW_NOT_IN, OP_NOT_IN }, { KW_IS_EMPTY, OP_EMPTY }, { KW_IS_SET, OP_SET },
    { KW_UNDER, OP_UNDER }, { KW_CONTAINS, OP_CONTAINS }, { KW_STARTS_WITH, OP_STARTS },
    { KW_EQ, OP_EQ }, { KW_NE, OP_NE }, { KW_LT, OP_LT }, { KW_LE, OP_LE },
    { KW_GT, OP_GT }, { KW_GE, OP_GE },
};
/* Those whose word is free elsewhere. */
static const struct { enum special word; enum cond_op op; } free_word[] = {
    { SP_BETWEEN, OP_BETWEEN }, { SP_MATCHES, OP_MATCHES }, { SP_HAS, OP_HAS },
    { SP_NEAR, OP_LAST }, { SP_AHEAD, OP_NEXT }, { SP_CHANGED, OP_CHANGED },
};

/* What stands right behind an operator in the same word is the next token. */
static void cut_op(struct parser *p)
{
    enum keyword kw;
    if (p->l.now.kind != TOK_WORD || p->l.now.kw || !(p->l.now.text[0] & 0x80))
        return;
    size_t n = keyword_starts(p->l.now.text, &kw);
    for (size_t i = 0; i < sizeof free_word / sizeof *free_word; i++) {
        size_t m = special_starts(p->l.now.text, free_word[i].word);
        n = m > n ? m : n;
    }
    if (n && p->l.now.text[n])
        lex_cut(&p->l, n);
}

/* within [last|next], changed within: the span follows. */
static bool take_window(struct parser *p, enum cond_op *op)
{
    if (*op == OP_CHANGED && parse_take_special(p, SP_WITHIN)) {
        parse_take_special(p, SP_LAST);
        return true;
    }
    if (*op == OP_CHANGED)
        return take_near(p, SP_NEAR) || parse_wrong(p, N_("`within` and a span of time: 7d"));
    *op = parse_take_special(p, SP_NEXT) ? OP_NEXT : OP_LAST;
    if (*op == OP_LAST)
        parse_take_special(p, SP_LAST);
    return true;
}

static bool take_free_op(struct parser *p, enum cond_op *op)
{
    if (parse_take_special(p, SP_WITHIN)) {
        *op = OP_LAST;
        return take_window(p, op);
    }
    for (size_t i = 0; i < sizeof free_word / sizeof *free_word; i++)
        if (parse_take_special(p, free_word[i].word)) {
            *op = free_word[i].op;
            return *op != OP_CHANGED || take_window(p, op);
        }
    return parse_wrong(p, N_("a comparison"));
}

/* The operator behind a `not`: `not in`, or another one and the whole test is meant to be false. */
static bool take_op(struct parser *p, enum cond_op *op, bool *negated);

static bool take_negated(struct parser *p, enum cond_op *op, bool *negated)
{
    if (parse_take(p, KW_IN)) {
        *op = OP_NOT_IN;
        return true;
    }
    cut_op(p);
    bool other = parse_at(p, KW_CONTAINS) || parse_at(p, KW_STARTS) || parse_at(p, KW_STARTS_WITH) ||
                 parse_at(p, KW_UNDER) || lex_at(&p->l, SP_HAS) || lex_at(&p->l, SP_MATCHES) ||
                 lex_at(&p->l, SP_BETWEEN) || lex_at(&p->l, SP_WITHIN);
    if (!other)
        return parse_wrong(p, N_("`in`"));
    *negated = true;
    return take_op(p, op, negated);
}

static bool take_op(struct parser *p, enum cond_op *op, bool *negated)
{
    if (p->l.now.kind == TOK_OP) {
        *op = p->l.now.op;
        lex_next(&p->l);
        return true;
    }
    cut_op(p);
    if (parse_take(p, KW_IS))
        return take_state(p, op);
    if (parse_take(p, KW_NOT))
        return take_negated(p, op, negated);
    if (parse_take(p, KW_STARTS)) {
        *op = OP_STARTS;
        return parse_take(p, KW_WITH) || parse_wrong(p, N_("`with`"));
    }
    for (size_t i = 0; i < sizeof one_word / sizeof *one_word; i++)
        if (parse_take(p, one_word[i].kw)) {
            *op = one_word[i].op;
            return true;
        }
    return take_free_op(p, op);
}

/* Its pattern may have a few stars only: what they match is tried again and again. */
static bool check_pattern(struct parser *p, const struct cond *c)
{
    const char *s = c->values[0].s;
    char name[NAME_TEXT], number[NUMBER_TEXT], most[NUMBER_TEXT];
    int stars = 0;
    for (const char *at = s; *at; at++)
        stars += *at == '*';
    if (stars <= LANG_STARS && strlen(s) <= LANG_PATTERN)
        return true;
    fail(p->e, ST_INVALID, "cond.pattern", name_text(c->name, name), s,
         number_text(c->values[0].column, number), number_text(LANG_STARS, most), name_msgid(c->name), NULL);
    return false;
}

static bool take_against(struct parser *p, struct cond *c)
{
    size_t cap = 0;
    switch (c->op) {
    case OP_EMPTY: case OP_SET: return true;
    case OP_IN: case OP_NOT_IN: return take_list(p, c);
    case OP_BETWEEN: return take_between(p, c);
    case OP_LAST: case OP_NEXT: case OP_CHANGED: return take_span_of(p, c);
    default: break;
    }
    if (!take_value(p, c, &cap, ALONE))
        return false;
    return c->op != OP_MATCHES || check_pattern(p, c);
}

/* ---- rows that belong to it ------------------------------------------------------------------ */

/* 跟进至少2次: the list's name ends where the count begins. */
static const struct noun_list *cut_list(struct parser *p)
{
    static const enum special ends[] = { SP_AT_LEAST, SP_AT_MOST, SP_EXACTLY, SP_MORE_THAN, SP_FEWER_THAN };
    const char *word = p->l.now.text;
    for (size_t n = 1; word[n]; n++)
        for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
            if (!special_starts(word + n, ends[i]))
                continue;
            const struct noun_list *l = list_lookup(p->env->noun, arena_strndup(p->l.arena, word, n));
            if (l)
                lex_cut(&p->l, n);
            return l;
        }
    return NULL;
}

static bool take_name_of_list(struct parser *p, struct cond *c)
{
    if (!is_name(&p->l.now))
        return parse_wrong(p, N_("what is counted: follow_ups, deals"));
    c->column = lex_column(&p->l, p->l.now.at);
    c->list = list_lookup(p->env->noun, p->l.now.text);
    if (!c->list && p->l.now.kind == TOK_WORD)
        c->list = cut_list(p);
    if (!c->list) {
        list_unknown(p->env->noun, p->l.now.text, c->column, p->e);
        return false;
    }
    lex_next(&p->l);
    return true;
}

static bool take_inner(struct parser *p, struct cond *c)
{
    if (p->l.now.kind != TOK_OPEN)
        return true;
    struct cond *kid = parse_inner(p, c->list->noun);
    if (!kid)
        return false;
    c->kids = arena_memdup(p->l.arena, &kid, sizeof kid);
    c->nkids = 1;
    return true;
}

/* at least, at most, exactly, more than, fewer than. */
static bool take_than(struct parser *p, enum cond_op *op)
{
    static const struct { enum special one, first, second; enum cond_op op; } words[] = {
        { SP_AT_LEAST, SP_AT, SP_LEAST, OP_GE }, { SP_AT_MOST, SP_AT, SP_MOST, OP_LE },
        { SP_EXACTLY, SP_NONE, SP_NONE, OP_EQ }, { SP_MORE_THAN, SP_MORE, SP_THAN, OP_GT },
        { SP_FEWER_THAN, SP_FEWER, SP_THAN, OP_LT },
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        struct lexer back = p->l;
        size_t n = p->l.now.kind == TOK_WORD ? special_starts(p->l.now.text, words[i].one) : 0;
        *op = words[i].op;
        if (n && p->l.now.text[n])
            lex_cut(&p->l, n);
        if (parse_take_special(p, words[i].one))
            return true;
        if (words[i].first && parse_take_special(p, words[i].first) && parse_take_special(p, words[i].second))
            return true;
        p->l = back;
    }
    return parse_wrong(p, N_("`at least`, `at most` or `exactly`"));
}

/* "2 times", "2次". */
static bool take_times(struct parser *p, int64_t *times)
{
    size_t n = p->l.now.kind == TOK_WORD ? strspn(p->l.now.text, "0123456789") : 0;
    if (n == 0 || n > 6)
        return parse_wrong(p, N_("how often: 2 times"));
    *times = 0;
    for (size_t i = 0; i < n; i++)
        *times = *times * 10 + (p->l.now.text[i] - '0');
    if (p->l.now.text[n])
        lex_cut(&p->l, n);
    lex_next(&p->l);
    if (p->l.now.kind == TOK_WORD && special_starts(p->l.now.text, SP_TIMES) && (p->l.now.text[0] & 0x80))
        lex_cut(&p->l, special_starts(p->l.now.text, SP_TIMES));
    return parse_take_special(p, SP_TIMES) || parse_wrong(p, N_("how often: 2 times"));
}

/* "in 30d", "within last 30d", "近30天"; nothing: ever. */
static bool take_since(struct parser *p, struct cond *c)
{
    if (take_near(p, SP_NEAR))
        return take_span_of(p, c);
    if (!parse_take(p, KW_IN) && !parse_take_special(p, SP_WITHIN))
        return true;
    parse_take_special(p, SP_LAST);
    return take_span_of(p, c);
}

/* 做过跟进: the quantifier and the list in one word, which is cut. */
static void cut_counted(struct parser *p)
{
    static const enum special words[] = { SP_ANY, SP_EVERY, SP_DID };
    const char *word = p->l.now.text;
    struct lang_name name;
    if (p->l.now.kind != TOK_WORD || p->l.now.kw || !(word[0] & 0x80))
        return;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t n = special_starts(word, words[i]);
        if (n && word[n] && !name_lookup(p->env, false, word, &name)) {
            lex_cut(&p->l, n);
            return;
        }
    }
}

/* The quantifier at hand, if what follows is a word: a field may be called `any`. */
static bool at_counted(const struct parser *p, enum cond_kind *kind)
{
    static const struct { enum special word; enum cond_kind kind; } words[] = {
        { SP_ANY, COND_ANY }, { SP_EVERY, COND_EVERY }, { SP_DID, COND_DID },
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (lex_at(&p->l, words[i].word)) {
            struct lexer after = p->l;
            *kind = words[i].kind;
            lex_next(&after);
            enum special next = after.now.kind == TOK_WORD ? after.now.special : SP_NONE;
            return is_name(&after.now) && (next < SP_BETWEEN || next > SP_CHANGED);
        }
    return false;
}

static struct cond *parse_counted(struct parser *p, enum cond_kind kind)
{
    struct cond *c = parse_new(p, kind);
    lex_next(&p->l);
    if (!take_name_of_list(p, c) || !take_inner(p, c))
        return NULL;
    if (kind == COND_DID && (!take_than(p, &c->op) || !take_times(p, &c->times) || !take_since(p, c)))
        return NULL;
    return c;
}

struct cond *parse_test(struct parser *p)
{
    enum cond_kind kind;
    p->test = p->l.now.at;
    cut_counted(p);
    if (at_counted(p, &kind))
        return parse_counted(p, kind);
    struct cond *c = parse_new(p, COND_TEST);
    bool negated = false;
    c->op = OP_COUNT;
    if (!take_name(p, c) || (c->op == OP_COUNT && !take_op(p, &c->op, &negated)) ||
        test_check(p->env, c->name, c->op, c->column, p->e) || !take_against(p, c))
        return NULL;
    if (!negated)
        return c;
    struct cond *not = parse_new(p, COND_NOT);
    not->kids = arena_memdup(p->l.arena, &c, sizeof c);
    not->nkids = 1;
    return not;
}
