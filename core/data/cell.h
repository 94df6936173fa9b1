/* cell.h - one cell of a file to one typed value, strictly: what is doubtful is refused, never guessed.
 *
 * Each function returns NULL when *out holds the value, else the stable code of the refusal (static) with
 * *out untouched. Blanks at the ends do not count. An empty cell has no value: ask cell_empty() first; the
 * others refuse it with their ordinary code. Any thread.
 */
#ifndef CORE_DATA_CELL_H
#define CORE_DATA_CELL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/model/contact.h"

/* The text without blanks at its ends: where it begins in s, and its length in *n. */
const char *cell_trim(const char *s, size_t *n);

/* Nothing but blanks (also no-break and ideographic ones)? 0 is not empty. */
bool cell_empty(const char *s);

/* A whole number in int64, with grouping commas at the right places or none; "12.0" passes, "12.5" does
 * not. import.integer */
const char *cell_integer(const char *s, int64_t *out);

/* A finite decimal number, also grouped or with an exponent; no hexadecimal, no inf, no nan, whatever the
 * locale. import.number */
const char *cell_number(const char *s, double *out);

/* Yuan to fen as base/money.h reads it. import.money */
const char *cell_money(const char *s, int64_t *fen);

/* yes no true false y n t f 1 0 是 否 真 假 对 错, in any case. import.flag */
const char *cell_flag(const char *s, bool *out);

/* In which order day and month stand where the year comes last. A date that begins with its year of four
 * digits is year, month, day in every order. */
enum date_order { DATE_OPEN, DATE_MDY, DATE_DMY, DATE_YMD };

/* Dates: 2018-02-01, 2018/2/1, 2018.2.1, 20180201, 2018年2月1日, 2/1/2018; then perhaps a time: 8:05, 08:05:30,
 * 08:05:30.123456 (milliseconds are kept), 1:05 PM, 下午1:05, 8时5分30秒; then perhaps Z or +08:00, else
 * the bank's zone. A date alone is 00:00. *day_only (NULL allowed) says so. Years 1900 to 2199.
 *   import.date          no date, or a day that does not exist
 *   import.date_order    2/1/2018 under DATE_OPEN: ask for --dates. 22/1/2018 can only be read one way and
 *                        passes. DATE_YMD refuses all year-last dates so
 *   import.serial_date   43132: a spreadsheet's day count; format the column as a date and export again */
const char *cell_date(const char *s, enum date_order order, int64_t *ms, bool *day_only);

/* Finds the order over the whole file: zero the struct, feed every cell of every date column. */
struct date_orders {
    int64_t seen;           /* year-last dates */
    int64_t mdy, dmy;       /* those that are possible only as month-first, only as day-first */
    int64_t open;           /* those that mean different days in the two orders */
};
enum date_verdict {
    DATES_KNOWN,            /* *order to be used; DATE_OPEN if no cell needs one */
    DATES_ASK,              /* every doubtful date could be either: ask for --dates */
    DATES_CLASH             /* some only month-first, some only day-first: no order fits */
};
void date_orders_feed(struct date_orders *d, const char *s);
enum date_verdict date_orders_verdict(const struct date_orders *d, enum date_order *order);

/* As phone_normal() and so on, but 1.38E+10 is import.exponent: format the column as text and export
 * again. cell_exponent() is the test alone. */
bool cell_exponent(const char *s);
const char *cell_phone(const char *s, char out[PHONE_TEXT]);
const char *cell_email(const char *s, char out[EMAIL_TEXT]);
const char *cell_idno(const char *s, char out[IDNO_TEXT]);

/* The type of a custom field over the whole file: zero the struct, feed every cell. A date if every value
 * is one, year first or year last (20180201 also); else a number if every value is a finite number and none
 * looks like an id (leading zero, more than 15 digits); else text, and when there is no value at all. */
enum cell_type { CELL_TEXT, CELL_NUMBER, CELL_DATE };
struct cell_guess { int64_t values, numbers, dates; };
void cell_guess_feed(struct cell_guess *g, const char *s);
enum cell_type cell_guess_type(const struct cell_guess *g);

#endif
