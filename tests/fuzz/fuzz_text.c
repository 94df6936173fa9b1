/* Any bytes through the sanitiser: well-formed, nothing that drives a terminal, never wider than
 * was allowed. */
#include <assert.h>
#include <locale.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    setlocale(LC_ALL, "C.UTF-8");
    return 0;
}

static void check(const struct buf *b)
{
    size_t len;
    assert(text_valid(b->s, b->len) && strlen(b->s) == b->len);
    for (size_t i = 0; i < b->len; i += len) {
        uint32_t c = text_char(b->s + i, b->len - i, &len);
        assert(text_safe(c));
        assert(c >= 0x20 && c != 0x7f && !(c >= 0x80 && c < 0xa0) && !(c >= 0x202a && c <= 0x202e) &&
               !(c >= 0x2066 && c <= 0x2069));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *s = malloc(size + 1);
    int cells = size ? data[0] % 40 : 3;
    struct buf clean = BUF_INIT, cut = BUF_INIT;
    struct arena a = ARENA_INIT;
    memcpy(s, data, size);
    s[size] = 0;
    text_clean(&clean, s, strlen(s));
    check(&clean);
    assert(text_width(clean.s) == text_width(s));
    int used = text_fit(&cut, s, cells);
    check(&cut);
    assert(used <= cells && text_width(cut.s) == used);
    const char *key = text_key(&a, s);
    assert(text_valid(key, strlen(key)));
    assert(strcmp(text_key(&a, key), key) == 0);
    text_nfc(&a, s);
    arena_free(&a);
    buf_release(&clean);
    buf_release(&cut);
    free(s);
    return 0;
}
