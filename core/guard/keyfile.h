/* keyfile.h - the file that a database's keys lie in: private to keys.c and keyfile.c. See keys.h.
 *
 *     gonghai-key 2
 *     id 0123abcd
 *     key 3 1795305600 HEX                       newest first: number, when made (s), 32 bytes
 *     key 2 1790000000 HEX
 *     past 1 1780000000 HEX HEX HEX HEX          forgotten: only what proves the past (keys.h)
 *     check HEX
 *
 * The file of a database whose key was never changed is of format 1, "key 1 HEX" without a time.
 */
#ifndef CORE_GUARD_KEYFILE_H
#define CORE_GUARD_KEYFILE_H

#include "core/guard/keys.h"

enum { KEY = 32, KEYS_NUMBER_MAX = 255, KEY_PROOFS = 4 };

/* The sub-keys that outlive a key which was forgotten. */
extern const char *const key_proofs[KEY_PROOFS];

struct key {
    int number;                 /* 1 .. KEYS_NUMBER_MAX */
    int64_t made;               /* s since 1970 */
    bool past;                  /* master is gone */
    unsigned char master[KEY], proof[KEY_PROOFS][KEY];
    unsigned char seal[KEY], nonce[KEY], index[KEY];    /* derived, not in the file */
};

/* In memory of its own: locked, between guard pages. */
struct ring {
    bool first;                 /* the file is of format 1 */
    size_t n;
    struct key key[KEYS_MOST];  /* newest first */
};

struct ring *ring_new(void);
void ring_free(struct ring *r);             /* wipes; NULL allowed */
struct key *ring_find(struct ring *r, int number);      /* NULL: not there */

/* The sub-key of that name; false when the key was forgotten and it is none of key_proofs. */
bool key_sub(const struct key *k, const char *name, unsigned char out[KEY]);

/* Takes everything away from a key but what proves the past. */
void key_forget(struct key *k);

/* Makes the file; it must not exist. Reads it into an empty ring. Errors: keys_create, keys_load. */
enum status keyfile_make(const char *dir, const char *id, const struct ring *r, struct err *e);
enum status keyfile_read(const char *dir, const char *id, struct ring *r, struct err *e);

/* Reads the file anew, changes it and puts it in the old one's place, in one step that survives a
 * crash, while no other process does the same. The ring holds what the file says afterwards. */
enum status keyfile_change(const char *dir, const char *id, struct ring *r,
                           enum status (*change)(struct ring *r, void *arg, struct err *e),
                           void *arg, struct err *e);

/* See keys_print(), keys_copy(). */
enum status keyfile_copy(const char *id, const struct ring *r, const char *path, struct err *e);
char *keyfile_print(const char *id, const struct ring *r, struct arena *a);

/* What was printed, into an empty ring; no file is made. Errors: keys_import. */
enum status keyfile_typed(const char *id, const char *text, struct ring *r, struct err *e);

bool keys_id_ok(const char *id);
void keys_start_sodium(void);

#endif
