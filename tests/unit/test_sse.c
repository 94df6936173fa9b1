/* The stream of events as the HTML standard has it, however the bytes are cut. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "core/api/sse.h"

static void note(void *arg, const struct sse_event *ev)
{
    buf_addf(arg, "[%s|%s|%s]", ev->name, ev->data, ev->id);
}

/* All at once, and byte by byte: the events must be those. */
static void reads(const char *stream, const char *events)
{
    struct sse s;
    for (size_t piece = 1; piece < 2000; piece += 1998) {
        struct buf told = BUF_INIT;
        size_t n = strlen(stream);
        sse_init(&s, note, &told);
        for (size_t at = 0; at < n; at += piece)
            assert_true(sse_feed(&s, stream + at, n - at < piece ? n - at : piece));
        assert_string_equal(told.s, events);
        buf_release(&told);
        sse_free(&s);
    }
}

static void events_have_name_data_and_id(void **state)
{
    (void)state;
    reads("id: 7\nevent: change\ndata: {\"topics\":[]}\n\n", "[change|{\"topics\":[]}|7]");
    reads("data: a\n\ndata: b\n\n", "[message|a|][message|b|]");
    reads("id: 1\ndata: a\n\ndata: b\n\n", "[message|a|1][message|b|1]");
    reads("data:a\ndata: b\ndata:  c\n\n", "[message|a\nb\n c|]");
    reads("data\n\n", "[message||]");
    reads("event: change\n\ndata: x\n\n", "[message|x|]");
}

static void every_line_end_counts_once(void **state)
{
    (void)state;
    reads("data: a\r\n\r\ndata: b\r\rdata: c\n\n", "[message|a|][message|b|][message|c|]");
    reads("data: a\r\ndata: b\r\n\r\n", "[message|a\nb|]");
}

static void what_says_nothing_is_left_aside(void **state)
{
    (void)state;
    reads(":\n\n: beat\n\n", "");
    reads("\xef\xbb\xbf" "data: a\n\n", "[message|a|]");
    reads("colour: blue\ndata: a\n\n", "[message|a|]");
    reads("data: cut off", "");
    reads("id: with blank\ndata: a\n\n", "[message|a|]");
}

/* An id holds from its event on: one that was cut off was not heard. */
static void a_stream_that_breaks_goes_on_after_the_last_whole_event(void **state)
{
    (void)state;
    struct sse s;
    struct buf told = BUF_INIT;
    const char first[] = "retry: 250\nid: 7\ndata: a\n\nid: 8\ndata: b\n";
    sse_init(&s, note, &told);
    assert_int_equal(s.retry_ms, -1);
    assert_true(sse_feed(&s, first, strlen(first)));
    sse_restart(&s);
    assert_string_equal(s.id, "7");
    assert_int_equal(s.retry_ms, 250);
    assert_true(sse_feed(&s, "data: c\n\n", 9));
    assert_string_equal(told.s, "[message|a|7][message|c|7]");
    buf_release(&told);
    sse_free(&s);
}

static void what_never_ends_breaks_the_stream(void **state)
{
    (void)state;
    struct sse s;
    struct buf told = BUF_INIT;
    char *line = malloc(SSE_LINE + 1);
    memset(line, 'x', SSE_LINE + 1);
    sse_init(&s, note, &told);
    assert_true(sse_feed(&s, line, SSE_LINE));
    assert_false(sse_feed(&s, line, 1));
    assert_false(sse_feed(&s, "\ndata: a\n\n", 10));
    sse_restart(&s);
    for (int i = 0; i < SSE_DATA / 8000; i++) {
        assert_true(sse_feed(&s, "data:", 5) && sse_feed(&s, line, 8000) && sse_feed(&s, "\n", 1));
    }
    assert_true(sse_feed(&s, "data:", 5) && sse_feed(&s, line, 8000));
    assert_false(sse_feed(&s, "\n", 1));
    sse_restart(&s);
    assert_false(sse_feed(&s, "data: a\0b\n\n", 11));
    assert_string_equal(told.s, "");
    free(line);
    buf_release(&told);
    sse_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_have_name_data_and_id),
        cmocka_unit_test(every_line_end_counts_once),
        cmocka_unit_test(what_says_nothing_is_left_aside),
        cmocka_unit_test(a_stream_that_breaks_goes_on_after_the_last_whole_event),
        cmocka_unit_test(what_never_ends_breaks_the_stream),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
