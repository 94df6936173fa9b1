/* words.h - times, durations and amounts as people say them, in the language in use.
 *
 * The functions write to the caller's buffer and return the ink that goes with the words. UI thread.
 */
#ifndef VIEWS_WORDS_H
#define VIEWS_WORDS_H

#include <stddef.h>
#include <stdint.h>

#include "tui/surface.h"

enum { WORDS = 64 };

/* The time limits that the sentences name, in hours by working days (contract: Clocks). */
enum { SAID_FIRST_HOURS = 24, SAID_RECYCLE_HOURS = 48, SAID_IDLE_DAYS = 7 };

/* A span in its two largest units: "11m", "3h 12m", "1d 6h", "6d". Negative counts as its absolute value. */
void words_span(int64_t ms, char out[WORDS]);

/* The same in one unit: "2h", "6d". */
void words_short(int64_t ms, char out[WORDS]);

/* The time left until `at`: "!late 2h 14m" (bad), below 8 hours warn, else plain; NONE is "-". */
int words_left(int64_t at, int64_t now, char out[WORDS]);

/* A moment near `now`: "today 07:02", "yest. 21:15", "11-20 02:00", "2025-11-20"; NONE is "-". */
void words_when(int64_t at, int64_t now, char out[WORDS]);

/* "08:31" of today, "yest. 17:20", "11-20", "tomorrow 10:00": at the right end of a row. */
void words_clock(int64_t at, int64_t now, char out[WORDS]);

/* Yuan: "30万", "1.25亿" in Chinese, "300,000" in English; fen only where there are any. NONE is "-". */
void words_money(int64_t fen, char out[WORDS]);

/* 1284 as "1,284"; below 0 (not known yet) as "…". */
void words_count(int64_t n, char out[WORDS]);

/* A customer's name as it may be shown now: "***" while names are blanked (ui_blank). */
struct ui;
const char *words_name(const struct ui *ui, const char *name);

/* Appends words in which {bTEXT} is bad, {wTEXT} warn, {gTEXT} good, {sTEXT} strong, {aTEXT} accent; the
 * rest is in `ink`. */
void words_rich(struct line *l, int ink, const char *text);

#endif
