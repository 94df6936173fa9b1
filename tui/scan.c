#include "tui/scan.h"

#include <string.h>

#include "tui/key.h"

enum { SAME_LETTER = 3 };       /* as many in a row are a key held down */

static bool is_digit(int c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(int c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Codes begin with a letter or digit, or with the signs that some kinds put before them. */
static bool goes_on(const struct scan *s, int key)
{
    if (s->n > 0)
        return key >= ' ' && key < 127;
    return is_digit(key) || is_letter(key) || (key > ' ' && key < 127 && strchr("([]*+%$", key));
}

static bool is_held_down(const struct scan *s, int key)
{
    if (!is_letter(key) || s->n + 1 < SAME_LETTER)
        return false;
    for (size_t i = 1; i < SAME_LETTER; i++)
        if (s->held[s->n - i] != key)
            return false;
    return true;
}

static bool is_code(const struct scan *s)
{
    size_t digits = 0;

    for (size_t i = 0; i < s->n; i++)
        digits += is_digit(s->held[i]);
    if (s->late)
        return s->n >= SCAN_LEAST_LATE && digits == s->n;
    return s->n >= SCAN_LEAST && digits > 0;
}

static enum scan_step enter(struct scan *s, bool soon)
{
    if (s->code && soon) {
        s->code = false;
        return SCAN_EAT;
    }
    s->code = soon && is_code(s);
    return s->code ? SCAN_CODE : SCAN_PASS;
}

enum scan_step scan_key(struct scan *s, int key, int64_t now, bool late)
{
    bool soon = now - s->at <= SCAN_GAP;

    s->at = now;
    if (!soon)
        s->passing = false;
    if (key == K_ENTER)
        return enter(s, soon);
    s->code = false;
    if (s->n > 0 && !soon)
        return SCAN_PASS;
    if (s->passing || !goes_on(s, key) || s->n == SCAN_MOST)
        return SCAN_PASS;
    if (is_held_down(s, key)) {
        s->passing = true;
        return SCAN_PASS;
    }
    s->late = s->n > 0 ? s->late || late : late;
    s->held[s->n++] = (char)key;
    return SCAN_HOLD;
}

const char *scan_text(struct scan *s)
{
    s->held[s->n] = '\0';
    s->n = 0;
    return s->held;
}

int scan_let_go(struct scan *s)
{
    int key;

    if (s->n == 0)
        return 0;
    key = (unsigned char)s->held[0];
    memmove(s->held, s->held + 1, --s->n);
    return key;
}
