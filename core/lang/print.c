#include <assert.h>
#include <string.h>

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

static void print_op(enum cond_op op, bool zh, struct buf *out)
{
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
static void print_name(struct lang_name n, const struct lang_env *env, bool zh, struct buf *out)
{
    const char *label = zh ? name_label(n) : NULL;
    struct lang_name back;
    char name[NAME_TEXT];

    if (label && text_valid(label, strlen(label)) &&
        name_lookup(env, n.attr != NULL, label, &back) &&
        back.field == n.field && back.attr == n.attr) {
        buf_adds(out, n.attr ? "attr." : "");
        word_print(label, !lex_is_bare(label), out);
        return;
    }
    name_text(n, name);
    word_print(name, n.field && !lex_is_bare(name), out);
}

static void print_test(const struct cond *c, const struct lang_env *env, bool zh, struct buf *out)
{
    bool list = c->op == OP_IN || c->op == OP_NOT_IN;
    print_name(c->name, env, zh, out);
    buf_addc(out, ' ');
    print_op(c->op, zh, out);
    buf_adds(out, list ? " (" : c->nvalues ? " " : "");
    for (size_t i = 0; i < c->nvalues; i++) {
        buf_adds(out, i ? ", " : "");
        value_print(c->name, &c->values[i], zh, out);
    }
    buf_adds(out, list ? ")" : "");
}

static void print_cond(const struct cond *c, const struct lang_env *env, bool zh, struct buf *out)
{
    if (c->kind == COND_TEST) {
        print_test(c, env, zh, out);
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
