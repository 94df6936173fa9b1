/* log.h - what the program did, for who runs it: one JSON object a line.
 *
 * A line has time (RFC 3339, bank's zone), level, event (a stable name, "db.open"), pid, req (the
 * request's id, if any) and the caller's fields. Never personal data: no names, phones, texts of
 * leads; ids and codes. Several processes may write the same file. Before log_open() and after
 * log_close() lines are dropped. Thread-safe.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

enum log_level { LEVEL_DEBUG, LEVEL_INFO, LEVEL_WARN, LEVEL_ERROR };

enum {
    LOG_SIZE = 10 << 20,    /* usual limit of a file in bytes */
    LOG_KEEP = 5,           /* usual number of old files: path.1 (newest) .. path.5 */
    LOG_VALUE = 1000,       /* longer texts in fields are cut */
    LOG_REQUEST = 64        /* a request id with its NUL */
};

/* Appends to path (made with mode 0640 less the umask; a symbolic link is refused), or to stderr
 * when it is "-". A file that reaches max_bytes is renamed to path.1 and so on; keep >= 1. Lines
 * below `least` are dropped. ST_FAILED "log.open" (path, reason). An open log is closed first. */
enum status log_open(const char *path, size_t max_bytes, int keep, enum log_level least,
                     struct err *e);
void log_close(void);

/* The level from now on; true if lines of this level are written (to spare the making of costly
 * fields). */
void log_set_level(enum log_level least);
bool log_wants(enum log_level level);

/* The request that the calling thread works for, in each of its lines until NULL ends it. Copied,
 * cut to fit. */
void log_request(const char *id);

struct log_field { const char *key; bool is_text; const char *text; int64_t number; };

#define LOG_TEXT(k, v) { .key = (k), .is_text = true, .text = (v) }     /* NULL writes null */
#define LOG_INT(k, v) { .key = (k), .number = (v) }

/* log_event(LEVEL_INFO, "db.open", LOG_TEXT("path", path), LOG_INT("ms", ms)); fields may be
 * missing. */
#define log_event(level, event, ...) \
    log_write((level), (event), (const struct log_field[]){ { 0 }, ##__VA_ARGS__, { 0 } })

/* What log_event() calls: fields from the second on, up to one without key. */
void log_write(enum log_level level, const char *event, const struct log_field *fields);

#endif
