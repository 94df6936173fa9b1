/* Any bytes as an INI file: refused with a line, or read to the end. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/settings.h"
#include "base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum status see(void *ctx, const struct setting *s, struct err *e)
{
    int *last = ctx;
    (void)e;
    assert(s->line >= *last && s->line > 0);
    assert(s->key && *s->key && s->value && s->section);
    assert(strlen(s->section) < SETTINGS_SECTION + 1);
    *last = s->line;
    return ST_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int last = 0;
    struct err e = { 0 };
    enum status st = settings_parse("fuzz.ini", (const char *)data, size, see, &last, &e);
    assert(st == ST_OK || (e.code[0] && e.nparam > 0));
    return 0;
}
