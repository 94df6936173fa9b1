/* upkeep.h - a database as a thing to be kept: backed up, put back, examined.
 *
 * Backup and examination need the right "system" of whoever the config names, who comes in as by
 * backend_open() (core/api/login.h); they and a restore are written to the audit log.
 */
#ifndef CORE_API_UPKEEP_H
#define CORE_API_UPKEEP_H

#include "core/api/backend.h"
#include "core/guard/backup.h"

/* Writes an encrypted copy that was read back. Others may work meanwhile. Errors are those of
 * backup_make(), and "right.missing". */
enum status database_backup(const struct backend_config *config, const char *path,
                            const struct copy_watch *w, struct backup_info *info, struct err *e);

/* Puts a backup in the place of config->url. Its key must be in the key folder; with key_text (see
 * keys_print()) it is put there first. Whoever may write the file may do it. Errors are those of
 * backup_restore() and keys_import(). */
enum status database_restore(const struct backend_config *config, const char *path,
                             const char *key_text, bool replace, const struct copy_watch *w,
                             struct backup_info *info, struct err *e);

/* The key as text to be written down, in the arena; wipe it after use. */
enum status database_key(const struct backend_config *config, struct arena *a, char **text,
                         struct err *e);

/* Copies the key file to `path`, mode 0600; recorded before it is. Errors are those of keys_copy(), and
 * "right.missing". */
enum status database_key_copy(const struct backend_config *config, const char *path, struct err *e);

/* Makes the lost key file again from what keys_print() gave, once it has shown that it opens this database:
 * it has the keys in use, and the audit log is of one of them. Whoever has the key may do it. ST_CONFLICT
 * "keys.exists" (path): no file is replaced. ST_INVALID "keys.text"; "keys.printed_old" (number): made before
 * that key was. ST_FAILED "audit.head"; else as keys_create(). */
enum status database_key_restore(const struct backend_config *config, const char *key_text, struct err *e);

/* Sets the first password of a security administrator, by the hand of the former local owner, while no such
 * account has one: else three officers appointed without passwords would lock everybody out. Where that is
 * not so, ST_DENIED "actor.local_ended"; ST_INVALID as password_check(). */
enum status database_first_password(const struct backend_config *config, const char *login,
                                    const char *password, struct err *e);

/* ---- doctor ---------------------------------------------------------------------------------- */

enum verdict { VERDICT_OK, VERDICT_NOTE, VERDICT_BAD };

/* One thing that was examined: what (a msgid), and with a verdict that is not ok why (for
 * sentence.h). */
struct finding { enum verdict verdict; const char *what; struct err why; };

/* Examines the database: file, schema, key, every page and index, references, the audit chain, what
 * must hold between tables, free space. Each finding is told as it comes, strings live until `each`
 * returns. Nothing is changed. The status is ST_OK when it could be examined, whatever was found;
 * *bad says whether anything is wrong. */
enum status database_doctor(const struct backend_config *config, const atomic_bool *cancel,
                            void (*each)(void *arg, const struct finding *f), void *arg, bool *bad,
                            struct err *e);

/* Rows of each table, for a support bundle: "lead 3000" lines, no data. In the arena. */
enum status database_sizes(const struct backend_config *config, struct arena *a, char **text,
                           struct err *e);

#endif
