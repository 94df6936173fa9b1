/* open.h - a database with its key: what the backend, the demo, backup and doctor open. */
#ifndef CORE_API_OPEN_H
#define CORE_API_OPEN_H

#include "core/guard/keys.h"
#include "core/store/db.h"

struct opened {
    struct db *db;
    struct keys *keys;
    char place[4096];           /* the path */
    char zone[64];              /* the bank's, "": none is set */
    char id[KEYS_ID_MAX + 1];   /* the database's own name, and its key's */
};

/* url NULL: the embedded default; keys: directory of keys, NULL: the default. flags of db_open.
 * Migrates unless DB_READ is set, then only a database of this program's schema is taken; sets the
 * bank's zone. On an error nothing is open. */
enum status database_open(const char *url, const char *keys, unsigned flags, struct opened *out,
                          struct err *e);
void database_close(struct opened *d);

/* The same in two steps: without a key, for what gets it from elsewhere; then with one, the database's from
 * now on. */
enum status database_open_sealed(const char *url, unsigned flags, struct opened *out, struct err *e);
void database_unseal(struct opened *d, struct keys *k);

/* Takes a half-made database and its key away. */
void database_remove(const char *url, const char *keys, const char *id);

#endif
