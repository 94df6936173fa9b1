/* status.h - how every function of Gonghai says what became of it.
 *
 * A programmer's mistake is an assert; what the world does wrong is a status, with a `struct err`
 * that carries a stable code and its parameters. The sentence is made where a person reads it
 * (core/api/sentence.h), in that person's language; nothing below makes sentences.
 */
#ifndef BASE_STATUS_H
#define BASE_STATUS_H

#include <stddef.h>

/* cmocka.h, which tests include before this, has a macro of the same name. fail_msg() stays. */
#ifdef fail
#undef fail
#undef fail_msg
#define fail_msg(...) (print_error("ERROR: " __VA_ARGS__), print_error("\n"), _fail(__FILE__, __LINE__))
#endif

/* The values are the exit codes of the command line (contract: Command line). */
enum status {
    ST_OK = 0,
    ST_FAILED = 1,      /* could not be done: disk, database, refused file */
    ST_INVALID = 2,     /* the caller's words are off: usage, validation */
    ST_NOT_FOUND = 3,
    ST_CONFLICT = 4,    /* stale version, taken, duplicate */
    ST_DENIED = 5,
    ST_UNREACHABLE = 6,
    ST_CANCELLED = 7    /* the caller asked to stop; exit code 1 on the command line */
};

enum { ERR_PARAMS = 5, ERR_PARAM_SIZE = 200 };

/* What went wrong. Plain data without pointers: copied freely, sent over a wire. */
struct err {
    enum status status;
    char code[48];                              /* stable: "lead.taken" */
    char field[64];                             /* the input field at fault, or "" */
    int nparam;
    char param[ERR_PARAMS][ERR_PARAM_SIZE];     /* UTF-8, cut at a character; %1 .. %5 of the sentence */
};

/* Fills *e (NULL allowed) and returns st, so that `return fail(...)` reads well. The list of const
 * char * parameters ends in NULL; at most ERR_PARAMS are kept. */
enum status fail(struct err *e, enum status st, const char *code, ...) __attribute__((sentinel));

/* As fail(), and names the input field at fault. */
enum status fail_field(struct err *e, enum status st, const char *field, const char *code, ...)
    __attribute__((sentinel));

/* Back to ST_OK. */
void err_clear(struct err *e);

/* "ok", "failed", ...: the word of a status in JSON and logs; never translated. */
const char *status_name(enum status st);

#endif
