/* json.c - reading and writing JSON.
 *
 * cJSON is lenient: it takes ill-formed UTF-8, control characters in strings, 01 and 1., duplicate
 * keys, and cuts strings at U+0000. So a strict reader of RFC 8259 goes over the text first and
 * knows the byte where it is wrong; cJSON only makes the tree of what passed.
 */
#include "base/json.h"

#include <assert.h>
#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"

/* --- the strict reader ------------------------------------------------------------------------ */

enum {
    NUMBER_LONG = 60,       /* cJSON reads 63 bytes of a number: longer ones are rewritten for it */
    NUMBER_TEXT = 40
};

struct scan {
    const char *s;
    size_t n, i;
    int depth, values;
    bool long_numbers;
    const char *wrong;      /* code of the error, NULL while all is well; i is where */
};

static bool wrong(struct scan *sc, const char *code)
{
    if (!sc->wrong)
        sc->wrong = code;
    return false;
}

/* The byte at i, or 0 behind the end: no token begins with it. */
static char peek(const struct scan *sc)
{
    return sc->i < sc->n ? sc->s[sc->i] : '\0';
}

static bool accept(struct scan *sc, char c)
{
    if (peek(sc) != c)
        return false;
    sc->i++;
    return true;
}

static void skip_space(struct scan *sc)
{
    while (peek(sc) == ' ' || peek(sc) == '\t' || peek(sc) == '\n' || peek(sc) == '\r')
        sc->i++;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool scan_digits(struct scan *sc)
{
    if (!is_digit(peek(sc)))
        return wrong(sc, "json.syntax");
    while (is_digit(peek(sc)))
        sc->i++;
    return true;
}

/* The number of n bytes at s, which need not end there. */
static double read_number(const char *s, size_t n)
{
    char room[128], *text = n < sizeof room ? room : xmalloc(n + 1);
    double v;

    memcpy(text, s, n);
    text[n] = '\0';
    v = strtod(text, NULL);
    if (text != room)
        free(text);
    return v;
}

static bool scan_number(struct scan *sc)
{
    size_t start = sc->i;
    bool huge = false;

    accept(sc, '-');
    if (!accept(sc, '0') && !scan_digits(sc))
        return false;
    if (accept(sc, '.') && !scan_digits(sc))
        return false;
    if (accept(sc, 'e') || accept(sc, 'E')) {
        huge = true;
        if (!accept(sc, '-'))
            accept(sc, '+');
        if (!scan_digits(sc))
            return false;
    }
    if (sc->i - start > NUMBER_LONG)
        sc->long_numbers = true;
    if ((huge || sc->i - start > 300) && !isfinite(read_number(sc->s + start, sc->i - start))) {
        sc->i = start;
        return wrong(sc, "json.syntax");
    }
    return true;
}

/* Four hexadecimal digits. */
static bool scan_unit(struct scan *sc, unsigned *unit)
{
    *unit = 0;
    for (int k = 0; k < 4; k++) {
        char c = peek(sc);

        if (is_digit(c))
            *unit = *unit * 16 + (unsigned)(c - '0');
        else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
            *unit = *unit * 16 + (unsigned)((c | 0x20) - 'a' + 10);
        else
            return wrong(sc, "json.syntax");
        sc->i++;
    }
    return true;
}

/* What follows a backslash. */
static bool scan_escape(struct scan *sc)
{
    size_t start = sc->i;
    unsigned high, low;
    char c = peek(sc);

    if (c && strchr("\"\\/bfnrt", c)) {
        sc->i++;
        return true;
    }
    if (!accept(sc, 'u'))
        return wrong(sc, "json.syntax");
    if (!scan_unit(sc, &high))
        return false;
    if (high != 0 && (high < 0xD800 || high > 0xDFFF))
        return true;
    if (high >= 0xD800 && high <= 0xDBFF && accept(sc, '\\') && accept(sc, 'u') &&
        scan_unit(sc, &low) && low >= 0xDC00 && low <= 0xDFFF)
        return true;
    sc->i = start;
    return wrong(sc, "json.syntax");
}

static bool scan_string(struct scan *sc)
{
    if (!accept(sc, '"'))
        return wrong(sc, "json.syntax");
    while (sc->i < sc->n) {
        unsigned char c = (unsigned char)sc->s[sc->i];

        if (c < 0x20)
            return wrong(sc, "json.syntax");
        sc->i++;
        if (c == '"')
            return true;
        if (c == '\\' && !scan_escape(sc))
            return false;
    }
    return wrong(sc, "json.syntax");
}

static bool scan_word(struct scan *sc, const char *word)
{
    size_t n = strlen(word);

    if (sc->n - sc->i < n || memcmp(sc->s + sc->i, word, n) != 0)
        return wrong(sc, "json.syntax");
    sc->i += n;
    return true;
}

static bool scan_value(struct scan *sc);

static bool scan_member(struct scan *sc)
{
    skip_space(sc);
    if (!scan_string(sc))
        return false;
    skip_space(sc);
    return accept(sc, ':') ? scan_value(sc) : wrong(sc, "json.syntax");
}

/* An array or object: items between the brackets. */
static bool scan_items(struct scan *sc, char close, bool (*item)(struct scan *))
{
    if (++sc->depth > JSON_DEPTH)
        return wrong(sc, "json.depth");
    sc->i++;
    skip_space(sc);
    if (!accept(sc, close)) {
        do {
            if (!item(sc))
                return false;
        } while (accept(sc, ','));
        if (!accept(sc, close))
            return wrong(sc, "json.syntax");
    }
    sc->depth--;
    return true;
}

static bool scan_bare_value(struct scan *sc)
{
    switch (peek(sc)) {
    case '{':
        return scan_items(sc, '}', scan_member);
    case '[':
        return scan_items(sc, ']', scan_value);
    case '"':
        return scan_string(sc);
    case 't':
        return scan_word(sc, "true");
    case 'f':
        return scan_word(sc, "false");
    case 'n':
        return scan_word(sc, "null");
    default:
        return scan_number(sc);
    }
}

static bool scan_value(struct scan *sc)
{
    if (++sc->values > JSON_VALUES)
        return wrong(sc, "json.size");
    skip_space(sc);
    if (!scan_bare_value(sc))
        return false;
    skip_space(sc);
    return true;
}

static bool scan_document(struct scan *sc)
{
    return scan_value(sc) && (sc->i == sc->n || wrong(sc, "json.syntax"));
}

/* --- the tree --------------------------------------------------------------------------------- */

/* The text, already found right, with its long numbers written as doubles. */
static void shorten_numbers(struct buf *out, const char *s, size_t n)
{
    size_t start;

    for (size_t i = 0; i < n;) {
        start = i;
        if (s[i] == '"') {
            for (i++; s[i] != '"'; i++)
                i += s[i] == '\\';
            i++;
            buf_add(out, s + start, i - start);
        } else if (s[i] == '-' || is_digit(s[i])) {
            while (i < n && s[i] && strchr("+-.0123456789eE", s[i]))
                i++;
            if (i - start > NUMBER_LONG)
                buf_addf(out, "%.17g", read_number(s + start, i - start));
            else
                buf_add(out, s + start, i - start);
        } else {
            buf_addc(out, s[i++]);
        }
    }
}

static cJSON *make_tree(const struct scan *sc)
{
    struct buf text = BUF_INIT;
    cJSON *root;

    if (!sc->long_numbers)
        return cJSON_ParseWithLength(sc->s, sc->n);
    shorten_numbers(&text, sc->s, sc->n);
    root = cJSON_ParseWithLength(text.s, text.len);
    buf_release(&text);
    return root;
}

static int compare_keys(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* A key that object has twice, or NULL. */
static const char *twice_here(const cJSON *object)
{
    const char *few[16], **keys = few, *twice = NULL;
    size_t n = 0, i = 0;
    const cJSON *c;

    cJSON_ArrayForEach(c, object)
        n++;
    if (n > sizeof few / sizeof *few)
        keys = xmalloc(n * sizeof *keys);
    cJSON_ArrayForEach(c, object)
        keys[i++] = c->string;
    qsort(keys, n, sizeof *keys, compare_keys);
    for (i = 1; i < n && !twice; i++)
        if (strcmp(keys[i - 1], keys[i]) == 0)
            twice = keys[i];
    if (keys != few)
        free(keys);
    return twice;
}

static const char *twice_in(const cJSON *tree)
{
    const char *twice = cJSON_IsObject(tree) ? twice_here(tree) : NULL;
    const cJSON *c;

    if (!cJSON_IsObject(tree) && !cJSON_IsArray(tree))
        return NULL;
    cJSON_ArrayForEach(c, tree) {
        if (twice)
            break;
        twice = twice_in(c);
    }
    return twice;
}

static enum status fail_at(struct err *e, const char *code, size_t at)
{
    char number[24];

    snprintf(number, sizeof number, "%zu", at);
    return fail(e, ST_INVALID, code, number, NULL);
}

static size_t first_ill_formed(const char *s, size_t n)
{
    size_t i = 0, len;

    for (; i < n; i += len) {
        text_char(s + i, n - i, &len);
        if (len == 1 && (unsigned char)s[i] >= 0x80)
            break;
    }
    return i;
}

static enum status fail_scan(const struct scan *sc, struct err *e)
{
    if (strcmp(sc->wrong, "json.depth") == 0)
        return fail_at(e, sc->wrong, JSON_DEPTH);
    if (strcmp(sc->wrong, "json.size") == 0)
        return fail_at(e, sc->wrong, JSON_VALUES);
    return fail_at(e, sc->wrong, sc->i);
}

enum status json_parse(const char *s, size_t n, struct json **out, struct err *e)
{
    struct scan sc = { .s = s, .n = n };
    const char *twice;
    enum status st;
    cJSON *root;

    *out = NULL;
    if (n > JSON_MAX)
        return fail_at(e, "json.size", JSON_MAX);
    if (!text_valid(s, n))
        return fail_at(e, "json.utf8", first_ill_formed(s, n));
    if (!scan_document(&sc))
        return fail_scan(&sc, e);
    root = make_tree(&sc);
    if (!root)
        return fail_at(e, "json.syntax", n);
    twice = twice_in(root);
    if (twice) {
        st = fail(e, ST_INVALID, "json.duplicate", twice, NULL);
        cJSON_Delete(root);
        return st;
    }
    *out = (struct json *)root;
    return ST_OK;
}

void json_free(struct json *root)
{
    cJSON_Delete((cJSON *)root);
}

static const cJSON *node(const struct json *j)
{
    return (const cJSON *)j;
}

enum json_type json_type(const struct json *j)
{
    switch (node(j)->type & 0xFF) {
    case cJSON_False:
    case cJSON_True:
        return JSON_BOOL;
    case cJSON_Number:
        return JSON_NUMBER;
    case cJSON_String:
        return JSON_STRING;
    case cJSON_Array:
        return JSON_ARRAY;
    case cJSON_Object:
        return JSON_OBJECT;
    default:
        return JSON_NULL;
    }
}

const struct json *json_get(const struct json *j, const char *key)
{
    return cJSON_IsObject(node(j))
               ? (const struct json *)cJSON_GetObjectItemCaseSensitive(node(j), key) : NULL;
}

const struct json *json_first(const struct json *j)
{
    return cJSON_IsObject(node(j)) || cJSON_IsArray(node(j)) ? (const struct json *)node(j)->child
                                                            : NULL;
}

const struct json *json_next(const struct json *j)
{
    return (const struct json *)node(j)->next;
}

const char *json_key(const struct json *j)
{
    return node(j)->string;
}

const char *json_string(const struct json *j)
{
    return cJSON_IsString(node(j)) ? node(j)->valuestring : NULL;
}

double json_number(const struct json *j)
{
    return cJSON_IsNumber(node(j)) ? node(j)->valuedouble : NAN;
}

bool json_bool(const struct json *j)
{
    return cJSON_IsTrue(node(j));
}

/* --- the writer ------------------------------------------------------------------------------- */

enum { IN_ARRAY = 1, IN_OBJECT = 2, HAS_ITEM = 4, HAS_KEY = 8 };

void jw_init(struct jw *w, struct buf *out)
{
    *w = (struct jw){ .out = out };
}

/* Before each value: the comma that is due, and whether a value may come at all. */
static void begin_value(struct jw *w)
{
    unsigned char *state;

    assert(!w->done);
    if (w->depth == 0) {
        w->done = true;
        return;
    }
    state = &w->state[w->depth - 1];
    if (*state & IN_OBJECT) {
        assert(*state & HAS_KEY);
        *state &= (unsigned char)~HAS_KEY;
        return;
    }
    if (*state & HAS_ITEM)
        buf_addc(w->out, ',');
    *state |= HAS_ITEM;
}

static void open_level(struct jw *w, unsigned char kind, char bracket)
{
    begin_value(w);
    assert(w->depth < JSON_DEPTH);
    w->done = false;
    w->state[w->depth++] = kind;
    buf_addc(w->out, bracket);
}

static void close_level(struct jw *w, unsigned char kind, char bracket)
{
    assert(w->depth > 0);
    assert(w->state[w->depth - 1] & kind);
    assert(!(w->state[w->depth - 1] & HAS_KEY));
    w->depth--;
    w->done = w->depth == 0;
    buf_addc(w->out, bracket);
}

void jw_object(struct jw *w)
{
    open_level(w, IN_OBJECT, '{');
}

void jw_end_object(struct jw *w)
{
    close_level(w, IN_OBJECT, '}');
}

void jw_array(struct jw *w)
{
    open_level(w, IN_ARRAY, '[');
}

void jw_end_array(struct jw *w)
{
    close_level(w, IN_ARRAY, ']');
}

static void add_escape(struct buf *out, uint32_t c)
{
    static const char letters[] = "btn\0fr";      /* of 8 .. 13; 11 has none */

    if (c == '"' || c == '\\')
        buf_addf(out, "\\%c", (int)c);
    else if (c >= 8 && c <= 13 && letters[c - 8])
        buf_addf(out, "\\%c", letters[c - 8]);
    else if (c < 0x10000)
        buf_addf(out, "\\u%04x", (unsigned)c);
    else
        buf_addf(out, "\\u%04x\\u%04x", (unsigned)(0xD7C0 + (c >> 10)),
                 (unsigned)(0xDC00 + (c & 0x3FF)));
}

/* Are the eight bytes at s printable ASCII that needs no escape? */
static bool eight_clean(const char *s)
{
    const uint64_t ones = 0x0101010101010101u, tops = ones * 0x80;
    uint64_t x, quote, slash;

    memcpy(&x, s, 8);
    quote = x ^ ones * '"';
    slash = x ^ ones * '\\';
    return !(((x - ones * 0x20) | (x + ones) | x | ((quote - ones) & ~quote) | ((slash - ones) & ~slash)) &
             tops);
}

static bool is_tail(char c)
{
    return ((unsigned char)c & 0xC0) == 0x80;
}

/* The bytes that s begins with and that stand in JSON as they are. */
static size_t clean_run(const char *s, size_t n)
{
    size_t i = 0, len;

    while (i < n) {
        unsigned char byte = (unsigned char)s[i];

        if (byte < 0x80) {
            if (n - i >= 8 && eight_clean(s + i)) {
                i += 8;
                continue;
            }
            if (byte < 0x20 || byte == 0x7F || byte == '"' || byte == '\\')
                break;
            i++;
        } else if (byte >= 0xE4 && byte <= 0xE9 && n - i >= 3 && is_tail(s[i + 1]) && is_tail(s[i + 2])) {
            i += 3;                     /* U+4000 .. U+9FFF */
        } else {
            uint32_t c = text_char(s + i, n - i, &len);

            if (len == 1 || text_hidden(c))
                break;
            i += len;
        }
    }
    return i;
}

static void add_quoted(struct buf *out, const char *s, size_t n)
{
    size_t run = clean_run(s, n), len;
    char *p = buf_room(out, run + 2);

    *p = '"';
    memcpy(p + 1, s, run);
    p[1 + run] = '"';
    buf_wrote(out, run + (run == n ? 2 : 1));
    if (run == n)
        return;
    while (run < n) {
        uint32_t c = text_char(s + run, n - run, &len);

        if (len == 1 && (unsigned char)s[run] >= 0x80)
            buf_adds(out, "\xEF\xBF\xBD");
        else
            add_escape(out, c);
        s += run + len;
        n -= run + len;
        run = clean_run(s, n);
        buf_add(out, s, run);
    }
    buf_addc(out, '"');
}

/* Before each key; true where a comma is due. */
static bool begin_key(struct jw *w)
{
    unsigned char *state, before;

    assert(w->depth > 0);
    state = &w->state[w->depth - 1];
    before = *state;
    assert((before & IN_OBJECT) && !(before & HAS_KEY));
    *state |= HAS_ITEM | HAS_KEY;
    return before & HAS_ITEM;
}

void jw_key(struct jw *w, const char *key)
{
    if (begin_key(w))
        buf_addc(w->out, ',');
    add_quoted(w->out, key, strlen(key));
    buf_addc(w->out, ':');
}

/* ,"key": */
struct jw_name jw_name(struct arena *a, const char *key, const char *suffix)
{
    struct buf b = BUF_INIT;
    const char *whole = arena_printf(a, "%s%s", key, suffix);
    struct jw_name name;

    buf_addc(&b, ',');
    add_quoted(&b, whole, strlen(whole));
    buf_addc(&b, ':');
    name = (struct jw_name){ arena_strndup(a, b.s, b.len), b.len };
    buf_release(&b);
    return name;
}

void jw_named(struct jw *w, const struct jw_name *name)
{
    size_t skip = begin_key(w) ? 0 : 1;

    buf_add(w->out, name->text + skip, name->n - skip);
}

void jw_strn(struct jw *w, const char *s, size_t n)
{
    begin_value(w);
    add_quoted(w->out, s, n);
}

void jw_str(struct jw *w, const char *s)
{
    if (s)
        jw_strn(w, s, strlen(s));
    else
        jw_null(w);
}

void jw_int(struct jw *w, int64_t v)
{
    begin_value(w);
    buf_addi(w->out, v);
}

void jw_num(struct jw *w, double v)
{
    char text[NUMBER_TEXT];
    int digits = fabs(v) < 1e-300 ? 1 : 15;     /* only the smallest numbers hold fewer */

    if (!isfinite(v)) {
        jw_null(w);
        return;
    }
    begin_value(w);
    do
        snprintf(text, sizeof text, "%.*g", digits, v);
    while (digits++ < 17 && strtod(text, NULL) != v);
    buf_adds(w->out, text);
}

void jw_bool(struct jw *w, bool v)
{
    begin_value(w);
    buf_adds(w->out, v ? "true" : "false");
}

void jw_null(struct jw *w)
{
    begin_value(w);
    buf_adds(w->out, "null");
}

void jw_id(struct jw *w, int64_t id)
{
    if (id == 0) {
        jw_null(w);
        return;
    }
    begin_value(w);
    buf_addc(w->out, '"');
    buf_addi(w->out, id);
    buf_addc(w->out, '"');
}

void jw_copy(struct jw *w, const struct json *j)
{
    switch (json_type(j)) {
    case JSON_NULL: jw_null(w); break;
    case JSON_BOOL: jw_bool(w, json_bool(j)); break;
    case JSON_NUMBER: jw_num(w, json_number(j)); break;
    case JSON_STRING: jw_str(w, json_string(j)); break;
    case JSON_ARRAY:
        jw_array(w);
        for (const struct json *kid = json_first(j); kid; kid = json_next(kid))
            jw_copy(w, kid);
        jw_end_array(w);
        break;
    case JSON_OBJECT:
        jw_object(w);
        for (const struct json *kid = json_first(j); kid; kid = json_next(kid)) {
            jw_key(w, json_key(kid));
            jw_copy(w, kid);
        }
        jw_end_object(w);
        break;
    }
}
