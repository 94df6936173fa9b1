/* keys.h - the keys of the sealed columns, of the blind index and of the audit chain.
 *
 * The 32-byte master keys of a database lie in a file of their own, apart from the data:
 * KEYDIR/DATABASE-ID.key, mode 0600, where KEYDIR is the setting [keys] dir, else
 * $XDG_CONFIG_HOME/gonghai/keys. Each has a number; sub-keys are derived from it by name. Every
 * sealed value names its algorithm and key number, so that both can be changed:
 *
 *     byte 0      KEYS_SEAL_V1: XChaCha20-Poly1305-IETF; sub-key "seal"
 *     byte 1      key number
 *     2 .. 25     nonce: the row's id (8 bytes), then SipHash-2-4-128 (sub-key "nonce") of the
 *                 associated data, a zero byte and the value. It needs no luck, and survives fork
 *                 and snapshots. Equal values in one place of one row look equal: the blind index
 *                 beside them says no less.
 *     26 ..       ciphertext and tag; associated data "table|column|id|key number"
 *
 * Which keys are in use is a fact of the data, in meta ("keys": "CURRENT FORMER"): new values are
 * sealed and indexed with the current key, and while FORMER is not 0 (a change of key goes on:
 * core/data/rekey.h) values of both stand beside each other. It is read at the start of every
 * transaction, so that no process writes with a key that has gone; a key that is not known yet is
 * looked for in the file again. Keys that no value uses any more stay in the file: backups of their
 * time need them. One that was forgotten keeps only the sub-keys that prove the past (the audit
 * chain, the answers of Idempotency-Keys), and opens nothing.
 */
#ifndef CORE_GUARD_KEYS_H
#define CORE_GUARD_KEYS_H

#include "core/store/row.h"

struct keys;

enum { KEYS_SEAL_V1 = 1, KEYS_SEAL_EXTRA = 2 + 24 + 16, KEYS_MAC = 32, KEYS_ID_MAX = 64,
       KEYS_MOST = 32 };

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

/* The store's sealer over these keys; lives as long as they do; its `self` is the keys. They belong
 * to one connection and its thread. open fails with ST_FAILED "secret.damaged" (table, column, id:
 * changed, moved from another row, or another key's), "secret.key" (number), "secret.version"
 * (number). fresh fails with "keys.absent" (number, path). */
const struct sealer *keys_sealer(const struct keys *k);

/* The numbers in use, as the data said when a transaction last began; after loading the newest of
 * the file, and 0 for no former one. */
int keys_current(const struct keys *k);
int keys_former(const struct keys *k);

/* The key number of a sealed value; 0 when it is none of KEYS_SEAL_V1. */
int keys_number_of(const void *box, size_t len);

/* What the file has, newest first: number i of 0 .. keys_count() - 1. */
struct key_info { int number; int64_t made; /* ms */ bool past; };
size_t keys_count(const struct keys *k);
struct key_info keys_info(const struct keys *k, size_t i);

/* Reads the file again; the old keys stay on an error. */
enum status keys_reload(struct keys *k, struct err *e);

/* Puts a new key into the file, not in use yet. ST_CONFLICT "keys.full" (most). The file is whole
 * at every moment, and several processes may do it at once. */
enum status keys_add(struct keys *k, int *number, struct err *e);

/* Takes it out of the file but for what proves the past. The caller knows that no value uses it and
 * none will: its number is below those in use.
 * ST_NOT_FOUND "keys.none" (number). */
enum status keys_forget(struct keys *k, int number, struct err *e);

/* A keyed BLAKE2b-256 under the current key's sub-key `name` ("audit", "answer"). */
void keys_mac(const struct keys *k, const char *name, const void *p, size_t n,
              unsigned char out[KEYS_MAC]);

/* The sub-key itself, for streams (core/guard/backup.h) and long walks (core/guard/audit.h). Wipe
 * it after use. Returns out. */
const unsigned char *keys_sub(const struct keys *k, const char *name, unsigned char out[KEYS_MAC]);

/* The same of one key; false (out is wiped) when it is not in the file, or is past and this no
 * sub-key that proves the past. */
bool keys_sub_of(const struct keys *k, int number, const char *name, unsigned char out[KEYS_MAC]);
bool keys_mac_of(const struct keys *k, int number, const char *name, const void *p, size_t n,
                 unsigned char out[KEYS_MAC]);

/* What the file has as text to be written down (for restore on another machine): groups of four hex
 * digits, the last eight of them a checksum over the database's id too. It is the secret itself:
 * wipe it after use. keys_import makes the file from it; blanks, dashes and case do not matter.
 * ST_INVALID "keys.text" (a typing error, or the key of another database); else as keys_create. */
char *keys_print(const struct keys *k, struct arena *a);
enum status keys_import(const char *dir, const char *id, const char *text, struct err *e);

/* The same in two steps: in memory alone, to see whether it is the right one; then the file. */
enum status keys_typed(const char *dir, const char *id, const char *text, struct keys **out, struct err *e);
enum status keys_write(const struct keys *k, struct err *e);

/* Has the text all its digits? Several keys are printed in several lines; the first, and any text of
 * one key, says how many follow. */
enum { KEYS_TEXT_MAX = 16384 };
bool keys_text_whole(const char *text);

/* Copies the key file to `path`, mode 0600, fsynced. ST_CONFLICT "keys.exists" (path); ST_INVALID
 * "keys.beside" (path): it would lie in the folder of the database `db`; "keys.write". */
enum status keys_copy(const struct keys *k, const char *db, const char *path, struct err *e);

#endif
