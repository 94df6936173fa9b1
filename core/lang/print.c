#include <assert.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "core/lang/test.h"

/* The words of an operator, printed with blanks between. */
static const struct { const char *symbol; enum keyword en[3], zh; } ops[OP_COUNT] = {
    [OP_EQ] = { .symbol = "=" },
    [OP_NE] = { .symbol = "!=" },
    [OP_LT] = { .symbol = "<" },
    [OP_LE] = { .symbol = "<=" },
    [OP_GT] = { .symbol = ">" },
    [OP_GE] = { .symbol = ">=" },
    [OP_IN] = { NULL, { KW_IN }, KW_IN },
    [OP_NOT_IN] = { NULL, { KW_NOT, KW_IN }, KW_NOT_IN },
    [OP_EMPTY] = { NULL, { KW_IS, KW_EMPTY }, KW_IS_EMPTY },
    [OP_SET] = { NULL, { KW_IS, KW_SET }, KW_IS_SET },
    [OP_CONTAINS] = { NULL, { KW_CONTAINS }, KW_CONTAINS },
    [OP_STARTS] = { NULL, { KW_STARTS, KW_WITH }, KW_STARTS_WITH },
    [OP_UNDER] = { NULL, { KW_UNDER }, KW_UNDER },
};

/* Those whose words are free elsewhere: an operator and what stands before its span. */
static const struct { enum special en[2], zh; } free_ops[OP_COUNT] = {
    [OP_BETWEEN] = { { SP_BETWEEN }, SP_BETWEEN },
    [OP_MATCHES] = { { SP_MATCHES }, SP_MATCHES },
    [OP_HAS] = { { SP_HAS }, SP_HAS },
    [OP_LAST] = { { SP_WITHIN, SP_LAST }, SP_NEAR },
    [OP_NEXT] = { { SP_WITHIN, SP_NEXT }, SP_AHEAD },
    [OP_CHANGED] = { { SP_CHANGED, SP_WITHIN }, SP_CHANGED },
};

static void print_free(enum cond_op op, bool zh, struct buf *out)
{
    buf_adds(out, special_print(zh ? free_ops[op].zh : free_ops[op].en[0], zh));
    if (!zh && free_ops[op].en[1]) {
        buf_addc(out, ' ');
        buf_adds(out, special_print(free_ops[op].en[1], false));
    }
}

static void print_op(enum cond_op op, bool zh, struct buf *out)
{
    if (free_ops[op].zh) {
        print_free(op, zh, out);
        return;
    }
    if (ops[op].symbol || zh) {
        buf_adds(out, ops[op].symbol ? ops[op].symbol : keyword_print(ops[op].zh, true));
        return;
    }
    for (int i = 0; i < 3 && ops[op].en[i]; i++) {
        buf_adds(out, i ? " " : "");
        buf_adds(out, keyword_print(ops[op].en[i], false));
    }
}

const char *op_print(enum cond_op op, bool zh, char out[OP_TEXT])
{
    struct buf b = BUF_INIT;
    print_op(op, zh, &b);
    assert(b.len < OP_TEXT);
    memcpy(out, b.s, b.len + 1);
    buf_release(&b);
    return out;
}

/* The label, if it leads back to the field; else the name. */
static void print_plain(struct lang_name n, const struct lang_env *env, bool zh, struct buf *out)
{
    const char *label = zh ? name_label(n) : NULL;
    struct lang_name back;
    char name[NAME_TEXT];

    if (label && text_valid(label, strlen(label)) &&
        name_lookup(env, n.attr != NULL, label, &back) && name_same(back, n)) {
        buf_adds(out, n.attr ? "attr." : "");
        word_print(label, !lex_is_bare(label), out);
        return;
    }
    name_text(n, name);
    word_print(name, !n.attr && !lex_is_bare(name), out);
}

static void print_name(struct lang_name n, const struct lang_env *env, bool zh, struct buf *out)
{
    if (n.via) {
        struct lang_env behind = lang_env_of(env, lang_behind(n.via));
        print_plain((struct lang_name){ .field = n.via }, env, zh, out);
        buf_addc(out, '.');
        n.via = NULL;
        print_plain(n, &behind, zh, out);
    } else if (n.bucket) {
        buf_adds(out, special_print(SP_BUCKET, zh));
        buf_addc(out, '(');
        word_print(n.bucket, true, out);
        buf_addc(out, ')');
    } else if (n.field || n.attr || n.span) {
        print_plain(n, env, zh, out);
    } else {
        buf_adds(out, special_print(SP_SEGMENT, zh));
    }
}

const char *lang_names(struct lang_name n)
{
    int type = name_type(n);
    return type == T_SEGMENT ? "segment" : type == F_REF || type == F_REFS ? n.field->ref : NULL;
}

static void print_value(struct lang_name n, const struct value *v, const struct lang_env *env, bool zh,
                        struct buf *out)
{
    const char *noun = env->called && v->kind == VAL_TEXT ? lang_names(n) : NULL;
    const char *called = noun ? env->called->name(env->called->self, noun, v->s, zh) : NULL;
    if (called)
        lang_word_print(called, out);
    else
        value_print(n, v, zh, out);
}

static void print_between(const struct cond *c, bool zh, struct buf *out)
{
    value_print(c->name, &c->values[0], zh, out);
    buf_addf(out, " %s ", zh ? special_print(SP_TO, true) : keyword_print(KW_AND, false));
    value_print(c->name, &c->values[1], zh, out);
}

static void print_values(const struct cond *c, const struct lang_env *env, bool zh, struct buf *out)
{
    bool list = c->op == OP_IN || c->op == OP_NOT_IN;
    buf_adds(out, list ? "(" : "");
    for (size_t i = 0; i < c->nvalues; i++) {
        buf_adds(out, i ? ", " : "");
        print_value(c->name, &c->values[i], env, zh, out);
    }
    buf_adds(out, list ? ")" : "");
}

static void print_test(const struct cond *c, const struct lang_env *env, bool zh, struct buf *out)
{
    print_name(c->name, env, zh, out);
    buf_addc(out, ' ');
    print_op(c->op, zh, out);
    if (c->nvalues && !(zh && (c->op == OP_LAST || c->op == OP_NEXT)))
        buf_addc(out, ' ');
    if (zh && c->op == OP_CHANGED)
        buf_adds(out, special_print(SP_NEAR, true));
    if (c->op == OP_BETWEEN)
        print_between(c, zh, out);
    else
        print_values(c, env, zh, out);
}

static void print_cond(const struct cond *c, const struct lang_env *env, bool zh, struct buf *out);

static void print_word(const char *word, struct buf *out)
{
    buf_addc(out, ' ');
    buf_adds(out, word);
}

/* " at least 2 times in 30d" */
static void print_times(const struct cond *c, bool zh, struct buf *out)
{
    static const struct { enum cond_op op; enum special zh, en[2]; } words[] = {
        { OP_GE, SP_AT_LEAST, { SP_AT, SP_LEAST } }, { OP_LE, SP_AT_MOST, { SP_AT, SP_MOST } },
        { OP_EQ, SP_EXACTLY, { SP_EXACTLY } }, { OP_GT, SP_MORE_THAN, { SP_MORE, SP_THAN } },
        { OP_LT, SP_FEWER_THAN, { SP_FEWER, SP_THAN } },
    };
    size_t i = 0;
    while (words[i].op != c->op)
        i++;
    print_word(special_print(zh ? words[i].zh : words[i].en[0], zh), out);
    if (!zh && words[i].en[1])
        print_word(special_print(words[i].en[1], false), out);
    buf_addc(out, ' ');
    buf_addi(out, c->times);
    print_word(special_print(SP_TIMES, zh), out);
    if (c->nvalues) {
        print_word(zh ? special_print(SP_NEAR, true) : "in ", out);
        value_print(c->name, &c->values[0], zh, out);
    }
}

static void print_counted(const struct cond *c, const struct lang_env *env, bool zh, struct buf *out)
{
    static const enum special words[] = {
        [COND_ANY] = SP_ANY, [COND_EVERY] = SP_EVERY, [COND_DID] = SP_DID
    };
    const char *name = c->kind == COND_DID ? c->list->one : c->list->name;
    const char *label = zh ? i18n_text(c->list->label) : NULL;
    buf_adds(out, special_print(words[c->kind], zh));
    buf_addc(out, ' ');
    if (label && text_valid(label, strlen(label)) && list_lookup(env->noun, label) == c->list)
        word_print(label, !lex_is_bare(label), out);
    else
        buf_adds(out, name);
    if (c->nkids) {
        struct lang_env inner = lang_env_of(env, c->list->noun);
        buf_adds(out, " (");
        print_cond(c->kids[0], &inner, zh, out);
        buf_addc(out, ')');
    }
    if (c->kind == COND_DID)
        print_times(c, zh, out);
}

static void print_cond(const struct cond *c, const struct lang_env *env, bool zh, struct buf *out)
{
    if (c->kind == COND_TEST) {
        print_test(c, env, zh, out);
        return;
    }
    if (is_counted(c)) {
        print_counted(c, env, zh, out);
        return;
    }
    if (c->kind == COND_NOT)
        buf_adds(out, keyword_print(KW_NOT, zh));
    for (size_t i = 0; i < c->nkids; i++) {
        enum cond_kind kind = c->kids[i]->kind;
        bool group = c->kind == COND_NOT || kind == COND_AND || kind == COND_OR;
        buf_adds(out, i ? " " : "");
        if (i)
            buf_adds(out, keyword_print(c->kind == COND_AND ? KW_AND : KW_OR, zh));
        buf_adds(out, i || c->kind == COND_NOT ? " " : "");
        buf_adds(out, group ? "(" : "");
        print_cond(c->kids[i], env, zh, out);
        buf_adds(out, group ? ")" : "");
    }
}

void lang_print(const struct cond *c, const struct lang_env *env, const char *lang, struct buf *out)
{
    if (c)
        print_cond(c, env, strcmp(lang, "zh_CN") == 0, out);
}
