/* viewbank.h - a small bank with a fixed clock, and the console on it in memory: what the tests of screens
 * share.
 *
 * The bank is made by operations, at the times its history says. Every check of the data asks through a
 * backend of its own. One screen at a time.
 */
#ifndef TESTS_SCREENS_VIEWBANK_H
#define TESTS_SCREENS_VIEWBANK_H

#include "core/model/nouns.h"
#include "tests/screens/vt.h"
#include "views/console.h"

#define NOW "2026-11-24 08:47"          /* a Tuesday */
#define OWNER NULL
#define SHEN "10203847"
#define ZHAO "10203911"
#define CHIEF "10200001"

struct views_bank {
    char dir[256], db[300], keys[300];
    struct backend_config config;
    struct backend *as[4];              /* opened at first use: owner, SHEN, ZHAO, CHIEF */
    struct arena mem;
    struct err e;
};
extern struct views_bank views_bank;

/* Setup and teardown of a test: the bank with leads and work, or with its people only. */
int open_bank(void **state);
int open_bare_bank(void **state);
int close_bank(void **state);
/* Keeps the bank as it is now; puts it back so. No console may be open. */
void keep_bank(void);
void put_bank_back(void);

/* What time it is: "2026-11-24 08:47". */
void at(const char *when);

/* Calls an operation with fields given as name, text, ..., NULL; its record, or NULL with the error in
 * views_bank.e. */
void *try_op(const char *who, const char *name, ...);
#define OP(who, name, ...) do { \
        if (!try_op(who, name, __VA_ARGS__, NULL)) \
            fail_msg("%s: %s %s %s", name, views_bank.e.code, views_bank.e.field, \
                     views_bank.e.nparam ? views_bank.e.param[0] : ""); \
    } while (0)

/* How many leads somebody sees that fit. */
int64_t count(const char *who, const char *where);
/* The id of the lead of that name. */
const char *lead_id(const char *name);

/* ---- the console in memory ---- */
struct screen { struct vt *vt; struct app *app; struct app_options o; };

void open_screen(struct screen *s, const char *who, const char *view, const char *lang,
                 int cols, int rows, const char *theme);
/* The same with all options; who, language and size are in o, the terminal is filled in. Its data are not
 * waited for. */
void start_screen(struct screen *s, const char *view, const struct app_options *o);
void close_screen(struct screen *s);
/* Closes the one that a failed test left open. */
void close_left_open(void);
/* Plays a script, each key once nothing is outstanding;
 * and sees that no byte is odd and no key has two meanings. */
void keys(struct screen *s, const char *script);
void shows(struct screen *s, const char *words);
void shows_not(struct screen *s, const char *words);
/* Lets the loop turn until the words are there, or gone: for what comes by itself. */
void turn_until(struct screen *s, const char *words, bool there);
#endif
