/* link.c - words that link others inside a run of Chinese, which is written without blanks: 张或李 may be a
 * name, or two. What a reader may take for several is never silently one. */
#include <string.h>

#include "base/text.h"
#include "core/lang/parse.h"

/* What the character says by itself, or as the second one of a word. */
static unsigned link_kind(uint32_t c)
{
    switch (c) {
    case 0x4E14: case 0x6216: return LINK_BINDS;                    /* 且 或 */
    case 0x548C: case 0x4E0E: case 0x53CA: return LINK_LISTS;       /* 和 与 及 */
    case 0x81F3: case 0x5230: return LINK_SPANS;                    /* 至 到 */
    default: return 0;
    }
}

static bool begins(const char *s, const char *word)
{
    return strncmp(s, word, strlen(word)) == 0;
}

/* Bytes of the link that begins there. */
static size_t link_length(const char *s)
{
    static const char *const longer[] = { "并且", "或者", "以及" };
    for (size_t i = 0; i < sizeof longer / sizeof *longer; i++)
        if (begins(s, longer[i]))
            return strlen(longer[i]);
    return strlen("或");
}

size_t link_find(const char *word, unsigned kinds)
{
    size_t n = strlen(word), len, before = 0;
    for (size_t i = 0; i < n; before = i, i += len) {
        uint32_t c = text_char(word + i, n - i, &len);
        if (!(link_kind(c) & kinds))
            continue;
        size_t at = begins(word + before, "并且") || begins(word + before, "以及") ? before : i;
        if (at)
            return at;
    }
    return 0;
}

/* 和, 与 and 及 stand in names (王和平, 呼和浩特): only 以及 is never one. */
bool link_lists(const char *word)
{
    const char *at = strstr(word, "以及");
    return at && at > word && at[strlen("以及")];
}

bool link_may_part(const char *word)
{
    return link_find(word, LINK_BINDS) || link_lists(word);
}

/* ---- the refusal ------------------------------------------------------------------------------ */

/* The pieces between the links, each behind `lead`, with `link` between them, as far as a parameter goes. */
static void add_pieces(const char *word, const char *lead, const char *link, struct buf *out)
{
    while (out->len < ERR_PARAM_SIZE) {
        size_t n = link_find(word, LINK_BINDS | LINK_LISTS | LINK_SPANS);
        buf_adds(out, lead);
        buf_add(out, word, n ? n : strlen(word));
        if (!n)
            return;
        word += n + link_length(word + n);
        buf_adds(out, link);
        if (!*word) {
            buf_adds(out, "…");
            return;
        }
    }
}

/* How it is written with the field again, in the words that were typed: 客户包含 张 或 客户包含 李. */
bool link_refuse(struct parser *p, const struct token *word, bool in_list)
{
    char number[NUMBER_TEXT];
    struct buf how = BUF_INIT;
    struct lexer *l = &p->l;
    size_t end = word->at;
    while (end > p->test && l->text[end - 1] == ' ')
        end--;
    const char *test = arena_printf(l->arena, "%.*s ", (int)(end - p->test), l->text + p->test);
    bool both = strstr(word->text, "且") != NULL;
    add_pieces(word->text, in_list ? "" : test, in_list ? ", " : both ? " 且 " : " 或 ", &how);
    fail(p->e, ST_INVALID, "cond.linked", word->text, number_text(lex_column(l, word->at), number), how.s,
         NULL);
    buf_release(&how);
    return false;
}
