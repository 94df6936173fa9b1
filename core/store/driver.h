/* driver.h - what a database has to offer to db.c. Private to core/store.
 *
 * Every function gets the connection or statement that open and prepare gave. Errors are put into *e with the
 * codes of db.h. SQL arrives as the caller wrote it, with $N parameters.
 */
#ifndef CORE_STORE_DRIVER_H
#define CORE_STORE_DRIVER_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

enum { STEP_DONE, STEP_ROW, STEP_ERROR };

struct driver {
    enum status (*open)(const char *target, unsigned flags, void **conn, struct err *e);
    void (*close)(void *conn);
    enum status (*scratch)(void *like, void **conn, struct err *e);     /* db_scratch */

    void *(*prepare)(void *conn, const char *sql, struct err *e);
    void (*finalize)(void *st);
    void (*reset)(void *st);
    void (*bind_int)(void *st, int n, int64_t v);
    void (*bind_num)(void *st, int n, double v);
    void (*bind_text)(void *st, int n, const char *v, size_t len);
    void (*bind_blob)(void *st, int n, const void *v, size_t len);
    void (*bind_null)(void *st, int n);
    /* the value of a column of another statement's row */
    void (*bind_same)(void *st, int n, void *from, int col);
    int (*step)(void *conn, void *st, struct err *e);
    int (*columns)(void *st);
    bool (*is_null)(void *st, int col);
    int64_t (*get_int)(void *st, int col);          /* NONE where null */
    double (*get_num)(void *st, int col);
    const char *(*get_text)(void *st, int col);
    const void *(*get_blob)(void *st, int col);
    size_t (*get_bytes)(void *st, int col);
    const char *(*get_both)(void *st, int col, size_t *len);        /* db_bytes_of */

    enum status (*script)(void *conn, const char *sql, struct err *e);
    int64_t (*changes)(void *conn);
    /* waits for its turn; the only writer after it */
    enum status (*begin)(void *conn, struct err *e);
    enum status (*commit)(void *conn, struct err *e);           /* tells the others after it */
    void (*rollback)(void *conn);
    enum status (*begin_read)(void *conn, struct err *e);
    void (*end_read)(void *conn);
    void (*set_cancel)(void *conn, const atomic_bool *flag);
    void (*set_limit)(void *conn, int64_t ms);                  /* db_set_limit */
    /* what is put before a statement so that its rows tell how it would run, and whether such a row tells
     * that all rows under the alias are looked at */
    const char *explain;
    bool (*scans)(void *st, const char *alias);
    int64_t (*data_version)(void *conn);
};

extern const struct driver sqlite_driver;

/* Is this f_type of statfs() one of a network file system, where a database is refused? */
bool sqlite_network_fs(unsigned long f_type);

#endif
