/* gbk.h - the file format of a backup: private to backup.c and gbk.c. See backup.h. */
#ifndef CORE_GUARD_GBK_H
#define CORE_GUARD_GBK_H

#include <sodium.h>

#include "core/guard/backup.h"

enum { GBK_HEADER_MAX = 8192, GBK_STREAM = crypto_secretstream_xchacha20poly1305_HEADERBYTES };

struct gbk_header {
    struct backup_info info;
    unsigned char stream[GBK_STREAM];
    unsigned char mac[KEYS_MAC];
    char text[GBK_HEADER_MAX + 1];
    size_t covered;             /* bytes of text that the MAC is over */
    size_t len;                 /* with the MAC's line */
};

/* One stretch of the way, from and to in thousandths of the whole. */
struct stage {
    const struct copy_watch *watch;     /* NULL: nobody looks on */
    int from, to;
};

/* Tells the watch; arg is the stage, so that it serves db_copy too. */
void stage_advance(void *arg, int done, int total);
const atomic_bool *stage_cancel(const struct stage *s);

/* Opens a backup and reads its header, unproven; *fd stands at the first chunk and is the
 * caller's. */
enum status gbk_open(const char *path, int *fd, struct gbk_header *h, struct err *e);

/* Seals the file `from` into the new file `to`, fsynced. Sets info->bytes. */
enum status gbk_seal(const char *from, const char *to, const struct keys *k,
                     struct backup_info *info, struct stage *stage, struct err *e);

/* Proves the header of the backup at path and decrypts it into the new file `to`, fsynced. */
enum status gbk_unseal(const char *path, const char *to, const struct keys *k, struct gbk_header *h,
                       struct stage *stage, struct err *e);

/* ST_FAILED with path and the reason of errno. */
enum status gbk_io_error(struct err *e, const char *code, const char *path);

bool gbk_write_full(int fd, const void *p, size_t n);

#endif
