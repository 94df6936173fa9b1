/* A database on a network file system is refused: by the kinds that statfs() names, and for real on a
 * FUSE file system that a child of this test serves, where the system lets us mount one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/store/driver.h"
#include "core/store/db.h"
#include "tests/unit/tmpdb.h"

/* ---- kinds -------------------------------------------------------------------------------------------- */

/* The magic numbers of statfs(2). */
static void kinds_of_file_systems(void **state)
{
    static const struct {
        const char *name;
        unsigned long f_type;
        bool refused;
    } kinds[] = {
        { "ext4", 0xef53, false },
        { "xfs", 0x58465342, false },
        { "btrfs", 0x9123683e, false },
        { "tmpfs", 0x01021994, false },
        { "overlayfs", 0x794c7630, false },
        { "zfs", 0x2fc12fc1, false },
        { "f2fs", 0xf2f52010, false },
        { "nfs", 0x6969, true },
        { "smb", 0x517b, true },
        { "cifs", 0xff534d42, true },
        { "smb2", 0xfe534d42, true },
        { "fuse", 0x65735546, true },
        { "9p", 0x01021997, true },
        { "afs", 0x5346414f, true },
        { "ceph", 0x00c36400, true },
        /* as a signed 32-bit word becomes one of 64 */
        { "cifs, signed", 0xffffffffff534d42, true },
        { "smb2, signed", 0xfffffffffe534d42, true },
    };
    (void)state;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (sqlite_network_fs(kinds[i].f_type) != kinds[i].refused)
            fail_msg("%s: %s", kinds[i].name, kinds[i].refused ? "taken" : "refused");
}

/* ---- a file system of our own ------------------------------------------------------------------------- */

struct reply {
    struct fuse_out_header head;
    union {
        struct fuse_init_out init;
        struct fuse_attr_out attr;
        struct fuse_statfs_out statfs;
    } body;
};

/* An empty folder; a name in it is not there. False when the file system is gone. */
static bool serve_one(int fd)
{
    static _Alignas(8) char request[FUSE_MIN_READ_BUFFER + (1 << 17)];
    ssize_t n = read(fd, request, sizeof request);
    if (n < (ssize_t)sizeof(struct fuse_in_header))
        return n < 0 && errno == EINTR;
    const struct fuse_in_header *in = (const void *)request;
    struct reply out = { .head = { .len = sizeof out.head, .unique = in->unique } };
    switch (in->opcode) {
    case FUSE_INIT:
        out.body.init = (struct fuse_init_out){ .major = FUSE_KERNEL_VERSION,
                                                .minor = FUSE_KERNEL_MINOR_VERSION,
                                                .max_write = 4096 };
        out.head.len += (uint32_t)sizeof out.body.init;
        break;
    case FUSE_GETATTR:
        out.body.attr.attr =
            (struct fuse_attr){ .ino = 1, .mode = S_IFDIR | 0777, .nlink = 2, .blksize = 4096 };
        out.head.len += (uint32_t)sizeof out.body.attr;
        break;
    case FUSE_STATFS:
        out.body.statfs.st = (struct fuse_kstatfs){ .bsize = 4096, .namelen = 255, .frsize = 4096 };
        out.head.len += (uint32_t)sizeof out.body.statfs;
        break;
    case FUSE_FORGET:
    case FUSE_BATCH_FORGET:
    case FUSE_INTERRUPT:
        return true; /* these have no answer */
    case FUSE_LOOKUP:
        out.head.error = -ENOENT;
        break;
    default:
        out.head.error = -ENOSYS;
    }
    return write(fd, &out, out.head.len) >= 0 || errno == ENOENT;
}

enum { REFUSED, TAKEN, OTHERWISE, NO_MOUNT };

/* In a mount namespace of its own, which ends with the process. */
static int try_there(const char *dir)
{
    char options[128], path[400];
    struct err e = { 0 };
    struct db *db = NULL;
    int fd = unshare(CLONE_NEWNS) ? -1 : open("/dev/fuse", O_RDWR | O_CLOEXEC);
    if (fd < 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
        return NO_MOUNT;
    snprintf(options, sizeof options, "fd=%d,rootmode=40000,user_id=%u,group_id=%u", fd,
             (unsigned)getuid(), (unsigned)getgid());
    if (mount("gonghai-test", dir, "fuse", MS_NOSUID | MS_NODEV, options))
        return NO_MOUNT;
    pid_t server = fork();
    if (server == 0) {
        while (serve_one(fd))
            ;
        _exit(0);
    }
    snprintf(path, sizeof path, "%s/t.db", dir);
    enum status st = db_open(&db, path, DB_CREATE, &e);
    int how = !st ? TAKEN : strcmp(e.code, "db.network_fs") == 0 ? REFUSED : OTHERWISE;
    if (how == OTHERWISE)
        fprintf(stderr, "refused as %s %s\n", e.code, e.param[0]);
    umount2(dir, MNT_DETACH);
    close(fd);
    waitpid(server, NULL, 0);
    return how;
}

static void a_database_on_a_network_file_system_is_refused(void **state)
{
    struct tmpdb *t = *state;
    int how;
    const char *dir = tmpdb_path(t, "net");
    assert_int_equal(mkdir(dir, 0700), 0);
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0)
        _exit(try_there(dir));
    assert_int_equal(waitpid(pid, &how, 0), pid);
    assert_true(WIFEXITED(how));
    if (WEXITSTATUS(how) == NO_MOUNT) {
        print_message("no FUSE file system can be mounted here (root and /dev/fuse are needed)\n");
        skip();
    }
    assert_int_equal(WEXITSTATUS(how), REFUSED);
}

/* On the same disk as the rest of the tests it is taken. */
static void on_a_local_disk_it_is_taken(void **state)
{
    struct tmpdb *t = *state;
    struct db *db;
    assert_int_equal(db_open(&db, tmpdb_path(t, "local.db"), DB_CREATE, &t->err), ST_OK);
    db_close(db);
}

#define T(f) cmocka_unit_test_setup_teardown(f, tmpdb_setup, tmpdb_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kinds_of_file_systems),
        T(a_database_on_a_network_file_system_is_refused),
        T(on_a_local_disk_it_is_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
