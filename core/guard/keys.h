/* keys.h - the keys of the sealed columns, of the blind index and of the audit chain.
 *
 * One 32-byte master key a database, in a file of its own that lies apart from the data: KEYDIR/DATABASE-ID.key, mode
 * 0600, where KEYDIR is the setting [keys] dir, else $XDG_CONFIG_HOME/gonghai/keys. Sub-keys are derived from it by
 * name. Every sealed value names its algorithm and key number, so that both can be changed later.
 */
#ifndef CORE_GUARD_KEYS_H
#define CORE_GUARD_KEYS_H

#include "core/store/row.h"

struct keys;

/* Makes the key of a new database (id: its random hex name) and its file. The file must not exist. */
enum status keys_create(const char *dir, const char *id, struct keys **out, struct err *e);

/* Reads it. ST_FAILED "keys.missing" (id, path), "keys.damaged" (path), "keys.open_to_others" (path). */
enum status keys_load(const char *dir, const char *id, struct keys **out, struct err *e);
void keys_free(struct keys *k);             /* wipes */

/* The directory in use: dir, or the default when it is NULL; in the arena. */
const char *keys_dir(const char *dir, struct arena *a);

/* The store's sealer over these keys; lives as long as they do. Thread-safe: keys are read-only. */
const struct sealer *keys_sealer(struct keys *k);

/* A keyed BLAKE2b-256 under the sub-key `name` ("audit", "answer"). */
void keys_mac(const struct keys *k, const char *name, const void *p, size_t n, unsigned char out[32]);

/* The key as text to be written down (for restore on another machine) and back: words in groups of hex with a
 * checksum. */
char *keys_print(const struct keys *k, struct arena *a);
enum status keys_import(const char *dir, const char *id, const char *text, struct err *e);

/* Encrypts a stream for a backup under the sub-key "backup" or a passphrase-derived key: see core/guard/backup.h. */
const unsigned char *keys_sub(const struct keys *k, const char *name, unsigned char out[32]);

#endif
