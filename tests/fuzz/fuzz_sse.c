/* Any bytes as a stream of events: however they are cut, the same events come out, each within its limits. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "core/api/sse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void note(void *arg, const struct sse_event *ev)
{
    struct buf *all = arg;
    assert(strlen(ev->data) <= SSE_DATA && strlen(ev->id) <= SSE_ID && *ev->name);
    assert(!strpbrk(ev->id, "\r\n \t"));
    buf_addf(all, "%s|%s|%s\n", ev->name, ev->data, ev->id);
}

/* Fed in pieces of `piece` bytes; the first byte of the input is not part of the stream. */
static bool feed(struct buf *all, struct sse *s, const uint8_t *data, size_t size, size_t piece)
{
    sse_init(s, note, all);
    bool good = true;
    for (size_t at = 0; at < size && good; at += piece)
        good = sse_feed(s, (const char *)data + at, size - at < piece ? size - at : piece);
    buf_addf(all, "%s %lld", s->id, (long long)s->retry_ms);
    return good;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sse s;
    struct buf whole = BUF_INIT, cut = BUF_INIT;
    if (!size)
        return 0;
    size_t piece = data[0] % 7 + 1;
    bool good = feed(&whole, &s, data + 1, size - 1, size);
    sse_free(&s);
    assert(feed(&cut, &s, data + 1, size - 1, piece) == good);
    assert(strcmp(whole.s, cut.s) == 0);
    sse_restart(&s);
    assert(sse_feed(&s, "data: x\n\n", 9));
    sse_free(&s);
    buf_release(&whole);
    buf_release(&cut);
    return 0;
}
