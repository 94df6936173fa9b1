/* propose.c - what may come next in a condition, by name: nothing is proposed that the parser would
 * not take. */
#include <assert.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "core/lang/walk.h"
#include "core/model/contact.h"

/* ---- proposals -------------------------------------------------------------------------------------- */

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
    if (!*p->word || word_starts(key + (*key == '"'), p->word))
        return FITS_START;
    if (word_starts(second, p->word) || word_starts(third, p->word))
        return FITS_OTHER;
    if (part_of(key, p->word) || part_of(second, p->word) || part_of(third, p->word))
        return FITS_PART;
    struct near near;
    near_start(&near, p->word);
    near_try(&near, key, "y");
    near_try(&near, third, "y");
    return *near.found ? FITS_NEAR : FITS_NOT;
}

static struct lang_proposal *add(struct proposals *p, const char *text, const char *label, int fit)
{
    p->items = arena_grow(p->arena, p->items, sizeof *p->items, &p->cap, p->n + 1);
    p->fit = arena_grow(p->arena, p->fit, sizeof *p->fit, &p->fit_cap, p->n + 1);
    p->items[p->n] = (struct lang_proposal){ .text = arena_strdup(p->arena, text),
                                             .label = label && !word_is(label, text)
                                                          ? arena_strdup(p->arena, label)
                                                          : NULL };
    p->fit[p->n] = fit;
    return &p->items[p->n++];
}

static void propose_also(struct proposals *p, const char *text, const char *label, const char *also)
{
    int fit = fit_of(p, text, label, also);
    if (fit != FITS_NOT)
        add(p, text, label, fit);
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

/* Who types a name or a number wants to find who has it. */
static bool can_be_sought(const struct field *f, const char *word)
{
    char normal[EMAIL_TEXT];
    if (f->type == F_SECRET)
        return contact_normal(f->name, word, normal) == NULL;
    return f->type == F_TEXT && word[strspn(word, "0123456789")] && (f->flags & FIELD_PINYIN) &&
           (text_count(word) > 1 || (unsigned char)*word > 127);
}

static void propose_searches(struct proposals *p, const char *word)
{
    const struct record *r = p->env->noun->rec;
    for (size_t i = 0; i < r->nfields; i++) {
        struct lang_name n = { .field = &r->fields[i] };
        enum cond_op op = test_check(p->env, n, OP_CONTAINS, 1, NULL) == ST_OK ? OP_CONTAINS : OP_EQ;
        char op_text[OP_TEXT];
        struct buf quoted = BUF_INIT;
        if (!can_be_sought(n.field, word) || test_check(p->env, n, op, 1, NULL) != ST_OK)
            continue;
        lang_word_print(word, &quoted);
        const char *text = arena_printf(p->arena, "%s %s %s", printed(p, n),
                                        op_print(op, p->zh, op_text), quoted.s);
        buf_release(&quoted);
        if (is_right(p, text))
            add(p, text, _("looks for it"), FITS_NEAR)->search = true;
    }
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

const char *lang_begun(struct arena *a, const char *text, const struct lang_wish *w)
{
    const char *word = arena_strndup(a, text + w->from, w->to - w->from);
    word += *word == '"';
    size_t n = strlen(word);
    if (n && word[n - 1] == '"')
        n--;
    return arena_strndup(a, word, n);
}

void lang_propose(struct arena *a, const char *text, const struct lang_wish *wish,
                  const struct lang_env *env, const char *lang,
                  struct lang_proposal **out, size_t *n)
{
    struct machine m = { .arena = a };
    struct lang_wish same;
    *out = NULL;
    *n = 0;
    if (wish->kind == WISH_NONE || !walk_to_wish(&m, text, wish->to, env, &same))
        return;
    const char *word = lang_begun(a, text, wish);
    struct proposals p = { .arena = a, .env = &m.env, .zh = strcmp(lang, "zh_CN") == 0,
                           .word = text_key(a, word) };
    if (m.state == AT_TEST) {
        propose_tests(&p);
        propose_searches(&p, word);
    } else if (m.state == AT_ATTR) {
        propose_attrs(&p);
    } else if (m.state == AT_VIA) {
        propose_fields(&p, m.name.field);
    } else if (m.state == AT_ROWS || m.state == AT_DEED) {
        propose_lists(&p, m.state == AT_DEED);
    } else if ((m.state == AT_OP || m.state == AT_OP_MORE) && m.known) {
        propose_ops(&p, m.name);
    } else if (m.state == AT_TIMES && !m.counted) {
        propose_times(&p);
    } else if (wish->kind == WISH_VALUE && m.state != AT_OFFSET) {
        propose_values(&p, wish);
    } else if (wish->kind == WISH_LINK) {
        propose_links(&p, &m);
    }
    sort_by_fit(&p, out, n);
}
