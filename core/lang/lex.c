#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "core/lang/test.h"

/* ---- characters ------------------------------------------------------------------------------ */

/* Letters and ideographs from U+00AA on, as ranges in rising order: what a bare word may hold
 * besides ASCII. */
static const struct { uint32_t first, last; } word_ranges[] = {
    { 0xAA, 0xAA }, { 0xB5, 0xB5 }, { 0xBA, 0xBA }, { 0xC0, 0xD6 }, { 0xD8, 0xF6 }, { 0xF8, 0x2C1 },
    { 0x370, 0x373 }, { 0x386, 0x386 }, { 0x388, 0x481 }, { 0x48A, 0x52F }, /* Greek, Cyrillic */
    { 0x1E00, 0x1FFC },
    { 0x2E80, 0x2FD5 }, { 0x3005, 0x3007 }, { 0x3021, 0x3029 },  /* radicals, 々〆〇 */
    { 0x3041, 0x3096 }, { 0x309D, 0x309F }, { 0x30A1, 0x30FA }, { 0x30FC, 0x30FF },
    { 0x3105, 0x312F },
    { 0x3400, 0x4DBF }, { 0x4E00, 0x9FFF }, { 0xAC00, 0xD7A3 }, { 0xF900, 0xFAD9 },
    { 0x20000, 0x3FFFD },
};

static bool is_ascii_word(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static bool is_word_char(uint32_t c)
{
    if (c < 0x80)
        return is_ascii_word((unsigned char)c);
    if (c >= 0x4E00 && c <= 0x9FFF)
        return true;
    size_t n = sizeof word_ranges / sizeof *word_ranges, i = 0;
    while (i < n && c > word_ranges[i].last)
        i++;
    return i < n && c >= word_ranges[i].first;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* What a Chinese input method writes in the place of an ASCII character. */
static uint32_t twin(uint32_t c)
{
    if (c >= 0xFF01 && c <= 0xFF5E)
        return c - 0xFF01 + '!';
    switch (c) {
    case 0x00A0: case 0x3000: case '\t': case '\n': case '\r': return ' ';
    case 0x3001: return ',';                                    /* 、 */
    case 0x3002: return '.';                                    /* 。 */
    case 0x201C: case 0x201D: return '"';                       /* “ ” */
    default: return c;
    }
}

/* Does c end a quotation that `open` began? A Chinese quote also ends at an ASCII one, so that
 * ASCII quotes are the only ones left in lexer.text and never stand inside. */
static bool ends_quote(uint32_t open, uint32_t c)
{
    return c == '"' || (open == 0xFF02 ? c == open : open != '"' && c == 0x201D);
}

/* Printable ASCII alone: nothing has a twin, and a byte is a character. */
static bool is_plain(const char *s)
{
    while (*s >= ' ' && *s < 127)
        s++;
    return !*s;
}

/* Copies with twins in place outside quotes and ASCII quotes around each quotation: characters stay
 * one to one, so columns hold. */
static char *halve(struct arena *a, const char *s)
{
    size_t n = strlen(s), len, w = 0;
    char *out = arena_alloc(a, n + 1);
    uint32_t open = 0;

    for (size_t i = 0; i < n; i += len) {
        uint32_t c = text_char(s + i, n - i, &len), t = twin(c);
        if (open && c == '\\' && i + len < n) {
            size_t next;
            text_char(s + i + len, n - i - len, &next);
            len += next;
        } else if (open ? ends_quote(open, c) : t == '"') {
            open = open ? 0 : c;
            out[w++] = '"';
            continue;
        }
        if (open || t == c) {
            memcpy(out + w, s + i, len);
            w += len;
        } else {
            out[w++] = (char)t;
        }
    }
    return out;
}

/* ---- tokens ---------------------------------------------------------------------------------- */

static size_t digits_at(const char *s)
{
    size_t n = 0;
    while (is_digit(s[n]))
        n++;
    return n;
}

static size_t time_of_day_at(const char *s)
{
    size_t hour = digits_at(s), n = hour;
    if (hour < 1 || hour > 2)
        return 0;
    for (int i = 0; i < 2 && s[n] == ':' && digits_at(s + n + 1) == 2; i++)
        n += 3;
    if (n == hour)
        return 0;
    if (n > hour + 3 && s[n] == '.')
        n += 1 + digits_at(s + n + 1);
    if (s[n] == 'Z' || s[n] == 'z')
        return n + 1;
    bool zone = (s[n] == '+' || s[n] == '-') && digits_at(s + n + 1) == 2;
    if (zone && s[n + 3] == ':' && digits_at(s + n + 4) == 2)
        n += 6;
    return n;
}

/* Bytes of a date at s ("2026-11-22", with or without a time of day), 0 if there is none. */
static size_t date_at(const char *s)
{
    if (digits_at(s) != 4 || (s[4] != '-' && s[4] != '/' && s[4] != '.'))
        return 0;
    size_t month = digits_at(s + 5), n = 5 + month;
    if (month < 1 || month > 2 || s[n] != s[4])
        return 0;
    size_t day = digits_at(s + n + 1);
    if (day < 1 || day > 2)
        return 0;
    n += 1 + day;
    if (s[n] == 'T' || s[n] == 't' || s[n] == ' ') {
        size_t time = time_of_day_at(s + n + 1);
        n += time ? 1 + time : 0;
    }
    return n;
}

/* Bytes of the bare word at s: a date, a percentage, or word characters with at most one point between
 * digits. */
static size_t word_at(const char *s)
{
    size_t n = date_at(s), len;

    if (n)
        return n;
    n = digits_at(s);
    if (n && s[n] == '.' && is_digit(s[n + 1]))
        n += 1 + digits_at(s + n + 1);
    if (n && s[n] == '%')
        return n + 1;
    for (;; n += len) {
        if (is_ascii_word((unsigned char)s[n])) {
            len = 1;
            continue;
        }
        if (!(s[n] & 0x80) || !is_word_char(text_char(s + n, strnlen(s + n, 4), &len)))
            return n;
    }
}

/* The quotation at l->pos. An escape is \" or \\; anything else makes it bad there. */
static void take_text(struct lexer *l)
{
    const char *s = l->text + l->pos + 1;
    size_t n = 0;
    while (s[n] && s[n] != '"')
        n += s[n] == '\\' && s[n + 1] ? 2 : 1;
    char *out = arena_alloc(l->arena, n + 1), *w = out;
    for (size_t i = 0; i < n; i++) {
        if (s[i] == '\\' && s[i + 1] != '"' && s[i + 1] != '\\') {
            l->pos += 1 + i;
            l->now.at = l->pos;
            l->now.text = "\\";
            return;
        }
        if (s[i] == '\\')
            i++;
        *w++ = s[i];
    }
    if (!s[n]) {
        l->now.text = "\"";
        return;
    }
    l->now.kind = TOK_TEXT;
    l->now.text = out;
    l->pos += n + 2;
}

/* Symbols, longest first. */
#define SYMBOL(text, kind, op) { text, sizeof text - 1, kind, op }
static const struct { const char *text; size_t n; enum token_kind kind; enum cond_op op; } symbols[] = {
    SYMBOL("<=", TOK_OP, OP_LE), SYMBOL(">=", TOK_OP, OP_GE), SYMBOL("!=", TOK_OP, OP_NE),
    SYMBOL("<>", TOK_OP, OP_NE), SYMBOL("==", TOK_OP, OP_EQ),
    SYMBOL("≤", TOK_OP, OP_LE), SYMBOL("≥", TOK_OP, OP_GE), SYMBOL("≠", TOK_OP, OP_NE),
    SYMBOL("=", TOK_OP, OP_EQ), SYMBOL("<", TOK_OP, OP_LT), SYMBOL(">", TOK_OP, OP_GT),
    SYMBOL("(", TOK_OPEN, 0), SYMBOL(")", TOK_CLOSE, 0), SYMBOL(",", TOK_COMMA, 0), SYMBOL(".", TOK_DOT, 0),
    SYMBOL("-", TOK_MINUS, 0), SYMBOL("+", TOK_PLUS, 0),
};

static void take_symbol(struct lexer *l)
{
    const char *s = l->text + l->pos;
    for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++) {
        size_t n = symbols[i].n;
        if (s[0] != symbols[i].text[0] || strncmp(s, symbols[i].text, n) != 0)
            continue;
        l->now.kind = symbols[i].kind;
        l->now.op = symbols[i].op;
        l->now.text = symbols[i].text;
        l->pos += n;
        return;
    }
    size_t len;
    text_char(s, strnlen(s, 4), &len);
    l->now.text = arena_strndup(l->arena, s, len);
}

static void know_word(struct lexer *l, size_t n)
{
    word_find(l->now.text, n, &l->now.kw, &l->now.special);
}

void lex_next(struct lexer *l)
{
    while (l->text[l->pos] == ' ')
        l->pos++;
    l->now = (struct token){ .kind = TOK_BAD, .at = l->pos, .text = "" };
    const char *s = l->text + l->pos;
    if (!*s) {
        l->now.kind = TOK_END;
        return;
    }
    size_t n = word_at(s);
    if (n) {
        l->now.kind = TOK_WORD;
        l->now.text = arena_strndup(l->arena, s, n);
        know_word(l, n);
        l->pos += n;
    } else if (*s == '"') {
        take_text(l);
    } else {
        take_symbol(l);
    }
    l->now.end = l->pos;
}

enum status lex_start(struct lexer *l, struct arena *a, const char *text, bool order, struct err *e)
{
    size_t n = strnlen(text, LANG_TEXT + 1), good = 0, len;
    char number[NUMBER_TEXT];

    if (n > LANG_TEXT)
        return fail(e, ST_INVALID, "cond.too_long", number_text(LANG_TEXT, number), NULL);
    *l = (struct lexer){ .arena = a, .order = order, .plain = is_plain(text) };
    if (l->plain) {
        l->text = arena_memdup(a, text, n + 1);
        lex_next(l);
        return ST_OK;
    }
    if (!text_valid(text, n)) {
        while (text_char(text + good, n - good, &len), len > 1 || !(text[good] & 0x80))
            good += len;
        l->text = arena_strndup(a, text, good);
        l->now = (struct token){ .kind = TOK_BAD, .at = good, .text = "\xEF\xBF\xBD" };
        return syntax_fail(l, N_("text in UTF-8"), e);
    }
    l->text = halve(a, text);
    lex_next(l);
    return ST_OK;
}

void lex_cut(struct lexer *l, size_t n)
{
    l->now.text = arena_strndup(l->arena, l->now.text, n);
    know_word(l, n);
    l->now.end = l->pos = l->now.at + n;
}

int lex_column(const struct lexer *l, size_t at)
{
    int column = 1;
    if (l->plain)
        return (int)at + 1;
    for (size_t i = 0; i < at; i++)
        column += (l->text[i] & 0xC0) != 0x80;
    return column;
}

bool lex_is_bare(const char *s)
{
    size_t n = 0, len;
    enum keyword kw;
    enum special sp;
    while (is_ascii_word((unsigned char)s[n]))
        n++;
    bool plain = !s[n];
    for (; s[n]; n += len)
        if (!is_word_char(text_char(s + n, strnlen(s + n, 4), &len)))
            return false;
    return n > 0 && (plain || !link_may_part(s)) && (!word_find(s, n, &kw, &sp) || kw == KW_NONE);
}

enum status syntax_fail(const struct lexer *l, const char *expected, struct err *e)
{
    char number[NUMBER_TEXT];
    struct near near;
    near_start(&near, l->now.kind == TOK_WORD && !l->now.kw ? l->now.text : "");
    near_keywords(&near);
    return fail(e, ST_INVALID, l->order ? "cond.order" : "cond.syntax",
                number_text(lex_column(l, l->now.at), number), l->now.text, expected, near.found,
                NULL);
}
