#include "core/api/sse.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { RETRY_MOST_MS = 3600000 };

void sse_init(struct sse *s, void (*event)(void *arg, const struct sse_event *ev), void *arg)
{
    *s = (struct sse){ .event = event, .arg = arg, .retry_ms = -1, .line = BUF_INIT, .name = BUF_INIT,
                       .data = BUF_INIT };
}

static void forget_event(struct sse *s)
{
    buf_clear(&s->name);
    buf_clear(&s->data);
    s->any_data = false;
}

void sse_restart(struct sse *s)
{
    forget_event(s);
    buf_clear(&s->line);
    memcpy(s->next_id, s->id, sizeof s->id);
    s->after_cr = s->started = s->broken = false;
}

void sse_free(struct sse *s)
{
    buf_release(&s->line);
    buf_release(&s->name);
    buf_release(&s->data);
}

/* ---- fields ------------------------------------------------------------------------------------------- */

/* It goes back to the server in a header: what can't stand there is no id. */
static void take_id(struct sse *s, const char *value)
{
    size_t n = strlen(value);
    if (n > SSE_ID)
        return;
    for (size_t i = 0; i < n; i++)
        if (value[i] < 0x21 || value[i] > 0x7e)
            return;
    memcpy(s->next_id, value, n + 1);
}

static void take_retry(struct sse *s, const char *value)
{
    size_t n = strlen(value);
    if (n == 0 || n > 9 || strspn(value, "0123456789") != n)
        return;
    long ms = strtol(value, NULL, 10);
    s->retry_ms = ms < RETRY_MOST_MS ? ms : RETRY_MOST_MS;
}

static void take_data(struct sse *s, const char *value)
{
    if (s->any_data)
        buf_addc(&s->data, '\n');
    buf_adds(&s->data, value);
    s->any_data = true;
    s->broken = s->broken || s->data.len > SSE_DATA;
}

static void take_field(struct sse *s, const char *name, const char *value)
{
    if (strcmp(name, "data") == 0) {
        take_data(s, value);
    } else if (strcmp(name, "event") == 0) {
        buf_clear(&s->name);
        buf_adds(&s->name, value);
    } else if (strcmp(name, "id") == 0) {
        take_id(s, value);
    } else if (strcmp(name, "retry") == 0) {
        take_retry(s, value);
    }
}

/* ---- lines -------------------------------------------------------------------------------------------- */

static void end_event(struct sse *s)
{
    memcpy(s->id, s->next_id, sizeof s->id);
    if (s->any_data)
        s->event(s->arg, &(struct sse_event){ .name = s->name.len ? s->name.s : "message",
                                              .data = s->data.s,
                                              .id = s->id });
    forget_event(s);
}

static void end_line(struct sse *s)
{
    char *line = s->line.s;
    if (!s->started && strncmp(line, "\xef\xbb\xbf", 3) == 0)
        line += 3;
    s->started = true;
    if (!*line) {
        end_event(s);
    } else if (*line != ':') {
        char *colon = strchr(line, ':');
        char *value = colon ? colon + 1 + (colon[1] == ' ') : line + strlen(line);
        if (colon)
            *colon = '\0';
        take_field(s, line, value);
    }
    buf_clear(&s->line);
}

bool sse_feed(struct sse *s, const char *bytes, size_t n)
{
    for (const char *end = bytes + n; bytes < end && !s->broken;) {
        if (s->after_cr && *bytes == '\n') {
            s->after_cr = false;
            bytes++;
            continue;
        }
        s->after_cr = false;
        size_t part = 0, left = (size_t)(end - bytes);
        while (part < left && bytes[part] != '\n' && bytes[part] != '\r')
            part++;
        s->broken = s->line.len + part > SSE_LINE || memchr(bytes, '\0', part);
        if (s->broken)
            break;
        buf_add(&s->line, bytes, part);
        bytes += part;
        if (bytes < end) {
            s->after_cr = *bytes++ == '\r';
            end_line(s);
        }
    }
    return !s->broken;
}
