/* Any bytes as JSON: refused, or read and written again to the same document. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void copy(struct jw *w, const struct json *j)
{
    switch (json_type(j)) {
    case JSON_NULL: jw_null(w); break;
    case JSON_BOOL: jw_bool(w, json_bool(j)); break;
    case JSON_NUMBER: jw_num(w, json_number(j)); break;
    case JSON_STRING: jw_str(w, json_string(j)); break;
    case JSON_ARRAY:
        jw_array(w);
        for (const struct json *k = json_first(j); k; k = json_next(k))
            copy(w, k);
        jw_end_array(w);
        break;
    default:
        jw_object(w);
        for (const struct json *k = json_first(j); k; k = json_next(k)) {
            jw_key(w, json_key(k));
            copy(w, k);
        }
        jw_end_object(w);
    }
}

static void print(struct buf *out, const struct json *j)
{
    struct jw w;
    jw_init(&w, out);
    copy(&w, j);
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
