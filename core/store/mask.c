/* mask.c - what is shown of personal data to those who may not see it: shape kept, digits gone. */
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "core/store/row.h"

/* The first `head` and last `tail` characters, stars for those between (at least three). */
static const char *keep_ends(struct arena *a, const char *s, size_t head, size_t tail, size_t stars)
{
    size_t bytes = strlen(s), n = text_count(s), first = 0, last = bytes, len;
    if (n <= head + tail) {
        head = n > 1 ? 1 : 0;
        tail = 0;
    }
    for (size_t i = 0; i < n - tail; i++) {
        if (i == head)
            last = first;
        text_char(s + (i < head ? first : last), bytes - (i < head ? first : last), &len);
        if (i < head)
            first += len;
        else
            last += len;
    }
    char *masked = arena_alloc(a, first + stars + bytes - last + 1);
    memcpy(masked, s, first);
    memset(masked + first, '*', stars);
    memcpy(masked + first + stars, s + last, bytes - last);
    return masked;
}

static const char *mask_email(struct arena *a, const char *s)
{
    const char *at = strrchr(s, '@');
    if (!at || at == s)
        return keep_ends(a, s, 1, 0, 3);
    size_t len;
    text_char(s, strlen(s), &len);
    return arena_printf(a, "%.*s***%s", (int)len, s, at);
}

const char *mask_secret(struct arena *a, const char *field, const char *value)
{
    if (strcmp(field, "email") == 0)
        return mask_email(a, value);
    if (strcmp(field, "id_no") == 0)
        return keep_ends(a, value, 1, 1, 16);
    return keep_ends(a, value, 3, 4, 4);
}

const char *mask_name(struct arena *a, const char *name)
{
    return keep_ends(a, name, 1, 0, 1);
}
