/* backup.h - a copy of a SQLite database that only the key's holder can read, proven to be
 * readable.
 *
 * FILE.gbk is a short header in plain text (which database, when, how many rows, the audit chain's
 * anchor), a keyed MAC over it, and the database as a libsodium secretstream (XChaCha20-Poly1305)
 * in chunks; the key is the sub-key "backup" of core/guard/keys.h and is not inside. A backup
 * counts only after it was read back: decrypted, checked by SQLite, and its rows and audit anchor
 * compared with the header.
 *
 * The plain database exists for that while in a folder .gonghai-backup-XXXXXX (0700) beside the
 * target, overwritten before it is removed. One that a killed process left is removed by the next
 * call.
 */
#ifndef CORE_GUARD_BACKUP_H
#define CORE_GUARD_BACKUP_H

#include "core/guard/keys.h"
#include "core/store/copy.h"

enum { BACKUP_TABLES = 64, BACKUP_NAME = 32, BACKUP_ANCHOR = 256 };

struct backup_info {
    char id[KEYS_ID_MAX + 1];           /* of the database: names the key */
    int key;                            /* number of the key it is sealed with */
    int schema;
    int64_t created;                    /* ms */
    int64_t bytes;                      /* of the database */
    char anchor[BACKUP_ANCHOR];         /* audit_anchor(); "" when there is no audit row */
    struct { char name[BACKUP_NAME]; int64_t rows; } tables[BACKUP_TABLES];
    size_t ntables;
};

/* All take a watch (progress in thousandths of the whole, cancel), which may be NULL. ST_CANCELLED
 * and every error leave nothing behind. Common errors, ST_FAILED: "backup.write" (path, reason),
 * "backup.read" (path, reason), "backup.key" (path: not this key's, or its header was changed),
 * "backup.damaged" (path: cut or changed; what was restored does not match), "backup.newer" (path,
 * format); ST_INVALID "backup.not_ours" (path); ST_NOT_FOUND "backup.missing" (path). */

/* Makes `path` from an open connection that is in no transaction, while others may write.
 * ST_CONFLICT "backup.exists" (path). ST_INVALID "backup.server": not a SQLite database. *info
 * (NULL allowed) is what the header says. */
enum status backup_make(struct db *db, const struct keys *k, const char *path,
                        const struct copy_watch *w, struct backup_info *info, struct err *e);

/* The header, unproven: to find the key by the id. */
enum status backup_read_info(const char *path, struct backup_info *info, struct err *e);

/* Reads it whole, as after making. */
enum status backup_verify(const char *path, const struct keys *k, const struct copy_watch *w,
                          struct backup_info *info, struct err *e);

/* Verifies it and puts the database at `to`. ST_CONFLICT "backup.target_exists" (path) when it or
 * its -wal or -journal is there and replace is false. With replace the old file is kept as
 * TO.replaced; ST_CONFLICT "backup.in_use" (path) while anybody has it open. */
enum status backup_restore(const char *path, const struct keys *k, const char *to, bool replace,
                           const struct copy_watch *w, struct backup_info *info, struct err *e);

#endif
