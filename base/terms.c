#include "base/terms.h"

#include <ctype.h>
#include <pthread.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/i18n.h"
#include "base/settings.h"
#include "base/text.h"

enum { SLOTS = 4096, MOST = 8192 };     /* sentences that are remembered: more are said as they are */

struct term { const char *lang, *key, *value; size_t n; struct term *next; };

/* What became of a sentence: out is NULL when it stays as it is. */
struct memo { const char *lang, *msgid, *out; struct memo *next; };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct arena words, memos;       /* memos live for good: they have been handed out */
static struct term *terms;              /* the newest first */
static struct memo *slot[SLOTS];
static size_t nmemos;

/* ---- directives ------------------------------------------------------------------------------ */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The length of the directive at s ("%s", "%-*lld", "%2$s", or "%1" of a sentence), 0 if there is none. */
static size_t directive(const char *s)
{
    size_t n = 1;
    if (*s != '%')
        return 0;
    n += strspn(s + n, "-+ #'0");
    n += strspn(s + n, "0123456789*$");
    if (s[n] == '.' && (s[n + 1] == '*' || is_digit(s[n + 1])))
        n += 1 + strspn(s + n + 1, "0123456789*");
    size_t bare = n;
    n += strspn(s + n, "hlLqjzt");
    if (s[n] && strchr("diouxXcsfgp%[", s[n]))
        return n + 1;
    return bare > 1 ? bare : 1;
}

static const char *next_directive(const char *s)
{
    while (*s && *s != '%')
        s++;
    return s;
}

static bool same_directives(const char *a, const char *b)
{
    for (;;) {
        a = next_directive(a);
        b = next_directive(b);
        size_t n = directive(a), m = directive(b);
        if (n != m || strncmp(a, b, n) != 0)
            return false;
        if (n == 0)
            return true;
        a += n;
        b += m;
    }
}

/* ---- loading --------------------------------------------------------------------------------- */

struct loading { struct term *first; };

static const char *language_of(const char *section)
{
    return strcmp(section, "en") == 0 ? "en" : strcmp(section, "zh_CN") == 0 ? "zh_CN" : NULL;
}

static enum status take(void *ctx, const struct setting *s, struct err *e)
{
    struct loading *l = ctx;
    const char *lang = language_of(s->section);
    if (!lang) {
        struct setting named = *s;
        named.key = s->section;
        return settings_fail(e, &named, "terms.language");
    }
    if (!*s->value || !*s->key)
        return settings_fail(e, s, "terms.empty");
    if (!same_directives(s->key, s->value))
        return settings_fail(e, s, "terms.percent");
    struct term *t = arena_new(&words, struct term);
    *t = (struct term){ .lang = lang, .key = arena_strdup(&words, s->key), .n = strlen(s->key),
                        .value = arena_strdup(&words, s->value), .next = l->first };
    l->first = t;
    return ST_OK;
}

static void forget(void)
{
    memset(slot, 0, sizeof slot);
    nmemos = 0;
}

enum status terms_load(const char *path, unsigned flags, struct err *e)
{
    struct loading l = { terms };
    enum status st = settings_load(path, flags | SETTINGS_TRUSTED, take, &l, e);
    if (st)
        return st;
    pthread_mutex_lock(&lock);
    terms = l.first;
    forget();
    pthread_mutex_unlock(&lock);
    return ST_OK;
}

bool terms_any(void)
{
    return terms;
}

void terms_clear(void)
{
    pthread_mutex_lock(&lock);
    terms = NULL;
    forget();
    arena_free(&words);
    pthread_mutex_unlock(&lock);
}

/* ---- saying ---------------------------------------------------------------------------------- */

static bool is_word(char c)
{
    return isalnum((unsigned char)c);
}

/* Does the term stand at s, which begins at `start`, as a word? */
static bool stands(const struct term *t, const char *start, const char *s)
{
    if (strncmp(s, t->key, t->n) != 0)
        return false;
    if (is_word(t->key[0]) && s > start && is_word(s[-1]))
        return false;
    return !(is_word(t->key[t->n - 1]) && is_word(s[t->n]));
}

static const struct term *longest(const char *lang, const char *start, const char *s)
{
    const struct term *found = NULL;
    for (const struct term *t = terms; t; t = t->next)
        if (t->lang == lang && (!found || t->n > found->n) && stands(t, start, s))
            found = t;
    return found;
}

static const struct term *whole(const char *lang, const char *msgid)
{
    const char *english = i18n_english(msgid);
    for (const struct term *t = terms; t; t = t->next)
        if (t->lang == lang && strcmp(t->key, english) == 0)
            return t;
    return NULL;
}

/* The sentence with its words replaced, in memos; NULL when there are none to replace. */
static const char *replaced(const char *lang, const char *said)
{
    struct buf b = BUF_INIT;
    bool any = false;
    for (const char *s = said; *s;) {
        size_t n = directive(s);
        const struct term *t = n ? NULL : longest(lang, said, s);
        if (t) {
            buf_adds(&b, t->value);
            any = true;
            n = t->n;
        } else if (n) {
            buf_add(&b, s, n);
        } else {
            text_char(s, strlen(s), &n);
            buf_add(&b, s, n);
        }
        s += n;
    }
    const char *out = any ? arena_strndup(&memos, b.s, b.len) : NULL;
    buf_release(&b);
    return out;
}

static struct memo **place_of(const char *lang, const char *msgid)
{
    uint64_t h = lang[0] == 'z' ? UINT64_C(14695981039346656037) : UINT64_C(1099511628211);
    for (const char *s = msgid; *s; s++)
        h = (h ^ (unsigned char)*s) * UINT64_C(1099511628211);
    struct memo **at = &slot[(h ^ h >> 32) % SLOTS];
    while (*at && ((*at)->lang != lang || strcmp((*at)->msgid, msgid) != 0))
        at = &(*at)->next;
    return at;
}

const char *terms_said(const char *lang, const char *msgid, const char *said)
{
    const char *own = language_of(lang);
    pthread_mutex_lock(&lock);
    struct memo **at = place_of(own, msgid);
    if (!*at && nmemos < MOST) {
        const struct term *t = whole(own, msgid);
        nmemos++;
        *at = arena_new(&memos, struct memo);
        **at = (struct memo){ .lang = own, .msgid = arena_strdup(&memos, msgid),
                              .out = t ? arena_strdup(&memos, t->value) : replaced(own, said) };
    }
    const char *out = *at && (*at)->out ? (*at)->out : said;
    pthread_mutex_unlock(&lock);
    return out;
}
