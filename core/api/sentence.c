#include "core/api/sentence.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "base/text.h"
#include "core/api/sentences.h"

static int by_code(const void *key, const void *row)
{
    return strcmp(key, ((const struct sentence *)row)->code);
}

static const struct sentence *find(const char *code)
{
    return bsearch(code, sentences, sentences_n, sizeof *sentences, by_code);
}

bool sentence_known(const char *code)
{
    return find(code) != NULL;
}

/* ---- parameters ------------------------------------------------------------------------------ */

/* What parameters say that are no labels but names of nouns. */
static const struct { const char *noun, *word; } nouns_said[] = {
    { "branch", N_("branch") },
    { "employee", N_("employee") },
    { "account", N_("account") },
    { "channel", N_("channel") },
    { "product", N_("product") },
    { "tag", N_("tag") },
    { "pool", N_("pool") },
    { "stage", N_("stage") },
    { "person", N_("person") },
    { "consent", N_("consent") },
    { "lead", N_("lead") },
    { "deal", N_("deal") },
    { "follow_up", N_("follow-up") },
    { "task", N_("task") },
    { "message", N_("message") },
    { "custom_field", N_("custom field") },
    { "event", N_("event") },
    { "audit", N_("audit row") },
    { "import", N_("import") },
    { "segment", N_("segment") },
    { "filter", N_("saved filter") },
    { "session", N_("session") },
    { "api_key", N_("API key") },
};

/* Which parameters are words of the program: bit n - 1 for the n-th. A code that ends in a dot
 * stands for all that begin so. */
static const struct { const char *code; unsigned words; } worded[] = {
    { "field.", 1 },        { "noun.duplicate", 3 }, { "noun.", 1 },         { "ref.unknown", 1 },
    { "right.missing", 2 }, { "json.type", 2 },      { "json.object", 1 },   { "cond.syntax", 4 },
    { "cond.order", 4 },    { "cond.type", 4 },      { "cond.no_values", 2 },
    { "db.incomplete", 1 }, { "db.corrupt", 1 },
    { "db.io", 1 },             { "share.not_yours", 1 },
};

static unsigned words_of(const char *code)
{
    for (size_t i = 0; i < sizeof worded / sizeof *worded; i++) {
        size_t n = strlen(worded[i].code);
        if (worded[i].code[n - 1] == '.' ? strncmp(code, worded[i].code, n) == 0
                                         : strcmp(code, worded[i].code) == 0)
            return worded[i].words;
    }
    return 0;
}

static const char *said(const char *param)
{
    for (size_t i = 0; i < sizeof nouns_said / sizeof *nouns_said; i++)
        if (strcmp(param, nouns_said[i].noun) == 0)
            return i18n_text(nouns_said[i].word);
    return i18n_text(param);
}

/* Which parameter, counted from 1, is the label of the field that the first one names. */
static const struct { const char *code; int label; } named[] = {
    { "cond.operator", 4 },        { "cond.type", 5 },        { "cond.unknown_value", 5 },
    { "cond.masked_equality", 3 }, { "cond.masked_sort", 2 },
    { "cond.no_order", 2 },        { "cond.no_values", 3 },        { "cond.pattern", 5 },
    { "cond.secret_kept", 3 },
};

static int label_of(const char *code)
{
    for (size_t i = 0; i < sizeof named / sizeof *named; i++)
        if (strcmp(code, named[i].code) == 0)
            return named[i].label - 1;
    return -1;
}

struct params {
    struct arena *a;
    const char *const *param;
    int n;
    unsigned words;
    int label;                  /* index of the label that belongs to the name in param[0]; -1: none */
    const char *typed;          /* the name that belongs to the label in param[0]; NULL: not said */
};

/* "编号 (no)"; one of them where both say the same, or the other is missing. */
static const char *field_said(struct arena *a, const char *label, const char *name)
{
    if (!*label || strcmp(text_key(a, label), text_key(a, name)) == 0)
        return name;
    return arena_printf(a, "%s (%s)", label, name);
}

/* Words of the program in the reader's language; data as it is, the labels of custom fields too. */
static const char *param_of(const struct params *p, char digit)
{
    int i = digit - '1';
    const char *text = i < p->n && p->param[i] ? p->param[i] : "";
    if (i == 0 && p->label >= 0 && p->label < p->n) {
        const char *label = p->param[p->label];
        return field_said(p->a, strncmp(text, "attr.", 5) == 0 ? label : i18n_text(label), text);
    }
    if (p->words & 1u << i)
        text = said(text);
    return i == 0 && p->typed && *text ? field_said(p->a, text, p->typed) : text;
}

/* ---- filling in ------------------------------------------------------------------------------ */

static bool is_place(const char *s)
{
    return s[0] == '%' && s[1] >= '1' && s[1] <= '0' + ERR_PARAMS;
}

static bool is_sign(const char *s)
{
    return s[0] == '%' && s[1] && strchr("%[]", s[1]);
}

/* From s to the closing bracket or the end, with the parameters in it. False when one of them is
 * empty. */
static bool fill(struct buf *out, const char **s, const struct params *p, bool inside);

static void fill_optional(struct buf *out, const char **s, const struct params *p)
{
    size_t before = out->len;
    (*s)++;
    if (!fill(out, s, p, true))
        buf_cut(out, before);
    *s += **s == ']';
}

static bool fill(struct buf *out, const char **s, const struct params *p, bool inside)
{
    bool whole = true;
    while (**s && !(inside && **s == ']')) {
        if (is_place(*s)) {
            const char *param = param_of(p, (*s)[1]);
            whole = whole && *param;
            buf_adds(out, param);
            *s += 2;
        } else if (is_sign(*s)) {
            buf_addc(out, (*s)[1]);
            *s += 2;
        } else if (**s == '[' && !inside) {
            fill_optional(out, s, p);
        } else {
            buf_addc(out, *(*s)++);
        }
    }
    return whole;
}

static const char *make(struct arena *a, const char *code, const char *const *params, int n,
                        const char *typed)
{
    const struct sentence *row = find(code);
    struct buf text = BUF_INIT, clean = BUF_INIT;
    struct params p = { a, row ? params : &code, row ? n : 1, row ? words_of(code) : 0,
                        row ? label_of(code) : -1, row ? typed : NULL };
    const char *s = row ? i18n_text(row->text) : _("Something went wrong (%1).");
    fill(&text, &s, &p, false);
    text_clean(&clean, text.s, text.len);
    const char *out = arena_strndup(a, clean.s, clean.len);
    buf_release(&text);
    buf_release(&clean);
    return out;
}

const char *sentence_of(struct arena *a, const char *code, const char *const *params, int n)
{
    return make(a, code, params, n, NULL);
}

static const char *make_of(struct arena *a, const struct err *e, const char *typed)
{
    const char *params[ERR_PARAMS];
    for (int i = 0; i < e->nparam; i++)
        params[i] = e->param[i];
    return make(a, e->code, params, e->nparam, typed);
}

const char *sentence(struct arena *a, const struct err *e)
{
    return make_of(a, e, NULL);
}

const char *sentence_typed(struct arena *a, const struct err *e)
{
    bool at_field = strncmp(e->code, "field.", 6) == 0 || strcmp(e->code, "ref.unknown") == 0;
    return make_of(a, e, at_field && *e->field ? e->field : NULL);
}
