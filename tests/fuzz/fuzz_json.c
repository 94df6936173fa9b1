/* Any bytes as JSON: refused, or read and written again to the same document. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void print(struct buf *out, const struct json *j)
{
    struct jw w;
    jw_init(&w, out);
    jw_copy(&w, j);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct json *j, *again;
    struct err e = { 0 };
    if (json_parse((const char *)data, size, &j, &e)) {
        assert(e.status == ST_INVALID && e.code[0]);
        return 0;
    }
    struct buf once = BUF_INIT, twice = BUF_INIT;
    print(&once, j);
    enum status st = json_parse(once.s, once.len, &again, &e);
    assert(st == ST_OK);
    print(&twice, again);
    assert(strcmp(once.s, twice.s) == 0);
    json_free(j);
    json_free(again);
    buf_release(&once);
    buf_release(&twice);
    return 0;
}
