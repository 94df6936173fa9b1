/* sse.h - the stream of events that a server sends (text/event-stream of the HTML standard): bytes in, events
 * out. Pure: no time, no I/O.
 *
 * Lines end in LF, CR or CR LF, and may be cut anywhere between two feeds. A comment says nothing; an unknown
 * field is left aside; an event ends with an empty line and is told only when it has data. What is longer
 * than the limits makes the stream broken: what sends that is no server of ours.
 */
#ifndef CORE_API_SSE_H
#define CORE_API_SSE_H

#include <stdbool.h>

#include "base/buf.h"

enum { SSE_LINE = 16 << 10 /* bytes of a line */, SSE_DATA = 64 << 10 /* of an event's data */, SSE_ID = 64 };

struct sse_event {
    const char *name;           /* "message" where the server named none */
    const char *data;           /* lines joined by LF */
    const char *id;             /* of the last event that had one, "" before */
};

struct sse {
    /* Called for each event; its texts live until it returns. */
    void (*event)(void *arg, const struct sse_event *ev);
    void *arg;
    /* Last-Event-ID: of the last event told; one that is too long or not printable is none */
    char id[SSE_ID + 1];
    int64_t retry_ms;           /* what the server asks to wait before the next try; -1: it did not say */
    /* The rest is the parser's own. */
    struct buf line, name, data;
    char next_id[SSE_ID + 1];   /* holds from the event on that is being read */
    bool any_data, after_cr, started, broken;
};

/* Sets it up; the stream begins. id NULL: none is known yet. */
void sse_init(struct sse *s, void (*event)(void *arg, const struct sse_event *ev), void *arg);

/* The connection was made anew: what was read by half is forgotten; id and retry_ms stay. */
void sse_restart(struct sse *s);

/* Reads n bytes, telling events as they end. False when the stream breaks a limit, or holds a NUL: nothing is
 * read any more until sse_restart(). */
bool sse_feed(struct sse *s, const char *bytes, size_t n);

void sse_free(struct sse *s);

#endif
