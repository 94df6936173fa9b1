/* keys.h - the keys of the sealed columns, of the blind index and of the audit chain.
 *
 * One 32-byte master key a database, in a file of its own that lies apart from the data:
 * KEYDIR/DATABASE-ID.key, mode 0600, where KEYDIR is the setting [keys] dir, else
 * $XDG_CONFIG_HOME/gonghai/keys. Sub-keys are derived from it by name. Every sealed value names its
 * algorithm and key number, so that both can be changed later:
 *
 *     byte 0      KEYS_SEAL_V1: XChaCha20-Poly1305-IETF; sub-key "seal"
 *     byte 1      key number
 *     2 .. 25     nonce: the row's id (8 bytes), then SipHash-2-4-128 (sub-key "nonce") of the
 *                 associated data, a zero byte and the value. It needs no luck, and survives fork
 *                 and snapshots. Equal values in one place of one row look equal: the blind index
 *                 beside them says no less.
 *     26 ..       ciphertext and tag; associated data "table|column|id|key number"
 */
#ifndef CORE_GUARD_KEYS_H
#define CORE_GUARD_KEYS_H

#include "core/store/row.h"

struct keys;

enum { KEYS_SEAL_V1 = 1, KEYS_SEAL_EXTRA = 2 + 24 + 16, KEYS_MAC = 32, KEYS_ID_MAX = 64 };

/* Makes the key of a new database and its file, and the directory (0700) where it is missing. id is
 * the database's random name, [0-9a-z-] and at most KEYS_ID_MAX long ("keys.id", ST_INVALID).
 * ST_CONFLICT "keys.exists" (path): the file must not exist. ST_FAILED "keys.write" (path, reason),
 * "keys.open_to_others" (path: a directory that others may write). */
enum status keys_create(const char *dir, const char *id, struct keys **out, struct err *e);

/* Reads it. ST_FAILED "keys.missing" (id, path), "keys.damaged" (path), "keys.open_to_others"
 * (path: anybody besides the owner may read the file or write the directory), "keys.read" (path,
 * reason). */
enum status keys_load(const char *dir, const char *id, struct keys **out, struct err *e);
void keys_free(struct keys *k);             /* wipes; NULL allowed */

/* The name of the database they belong to. */
const char *keys_id(const struct keys *k);

/* The directory in use: dir, or the default when it is NULL; in the arena. */
const char *keys_dir(const char *dir, struct arena *a);

/* The store's sealer over these keys; lives as long as they do; its `self` is the keys. Thread-safe:
 * keys are read-only. open fails with ST_FAILED "secret.damaged" (table, column, id: changed, moved
 * from another row, or another key's), "secret.key" (number), "secret.version" (number). */
const struct sealer *keys_sealer(const struct keys *k);

/* A keyed BLAKE2b-256 under the sub-key `name` ("audit", "answer"). */
void keys_mac(const struct keys *k, const char *name, const void *p, size_t n,
              unsigned char out[KEYS_MAC]);

/* The sub-key itself, for streams (core/guard/backup.h) and long walks (core/guard/audit.h). Wipe
 * it after use. Returns out. */
const unsigned char *keys_sub(const struct keys *k, const char *name, unsigned char out[KEYS_MAC]);

/* The key as text to be written down (for restore on another machine): groups of four hex digits,
 * the last one of them a checksum over the database's id too. It is the secret itself: wipe it
 * after use. keys_import makes the file from it; blanks, dashes and case do not matter. ST_INVALID
 * "keys.text" (a typing error, or the key of another database); else as keys_create. */
char *keys_print(const struct keys *k, struct arena *a);
enum status keys_import(const char *dir, const char *id, const char *text, struct err *e);

#endif
