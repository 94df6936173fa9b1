#include "tui/wire.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/arena.h"

enum { PIECE = 4096, MOST_PARTS = 100 };

struct wire {
    int fd, frame;                  /* frame: a file in memory; -1: curses writes to the terminal */
    FILE *paper, *as_drawn;
    bool shortens;
    struct shorten_can can;
    struct buf bytes, fewer;        /* the frame's, and what is sent of them */
};

/* Signal handlers can know nothing else than globals. */
static volatile sig_atomic_t hurried;

/* --- writing ---------------------------------------------------------------------------------- */

static bool takes_more(int fd, int ms)
{
    struct pollfd p = { .fd = fd, .events = POLLOUT };

    return poll(&p, 1, ms) > 0;
}

/* Also to a descriptor that another program has told not to wait. An error is no matter here: a terminal
 * that is gone is seen where it is read. */
static void write_all(int fd, const char *s, size_t n)
{
    do {
        ssize_t done = write(fd, s, n);

        if (done > 0) {
            s += done;
            n -= (size_t)done;
        } else if (done < 0 && errno == EAGAIN && !hurried) {
            takes_more(fd, -1);
        } else if (done == 0 || errno != EINTR) {
            return;
        }
    } while (n > 0 && !hurried);
}

void wire_hurry(void)
{
    hurried = 1;
}

void wire_now(int fd, const char *s, size_t n, int ms)
{
    int flags = fcntl(fd, F_GETFL);

    if (flags < 0)
        return;
    fcntl(fd, F_SETFL, flags | O_NONBLOCK);
    for (int parts = 0; n > 0 && parts < MOST_PARTS; parts++) {
        ssize_t done = write(fd, s, n);

        if (done > 0) {
            s += done;
            n -= (size_t)done;
        } else if (errno != EINTR && (errno != EAGAIN || !takes_more(fd, ms))) {
            break;
        }
    }
    fcntl(fd, F_SETFL, flags);
}

/* --- the line --------------------------------------------------------------------------------- */

struct wire *wire_open(int fd, FILE *as_drawn)
{
    int own = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    FILE *paper = own < 0 ? NULL : fdopen(own, "w");
    struct wire *w;

    if (!paper) {
        if (own >= 0)
            close(own);
        return NULL;
    }
    w = xcalloc(1, sizeof *w);
    *w = (struct wire){ .fd = fd, .frame = memfd_create("frame", MFD_CLOEXEC), .paper = paper,
                        .as_drawn = as_drawn, .bytes = BUF_INIT, .fewer = BUF_INIT };
    hurried = 0;
    return w;
}

void wire_close(struct wire *w)
{
    if (!w)
        return;
    fclose(w->paper);
    if (w->frame >= 0)
        close(w->frame);
    buf_release(&w->bytes);
    buf_release(&w->fewer);
    free(w);
}

FILE *wire_paper(struct wire *w)
{
    return w->paper;
}

void wire_shorten(struct wire *w, struct shorten_can can)
{
    w->shortens = true;
    w->can = can;
}

static void copy(const struct wire *w, const char *bytes, size_t n)
{
    if (w->as_drawn) {
        fwrite(bytes, 1, n, w->as_drawn);
        fflush(w->as_drawn);
    }
}

void wire_say(struct wire *w, const char *bytes, size_t n)
{
    copy(w, bytes, n);
    write_all(w->fd, bytes, n);
}

void wire_plain(struct wire *w)
{
    static const char plain[] = "\033[m\033(B\017";

    if (w->shortens)
        wire_say(w, plain, sizeof plain - 1);
}

/* --- frames ----------------------------------------------------------------------------------- */

void wire_catch(struct wire *w)
{
    if (w->frame >= 0)
        dup3(w->frame, fileno(w->paper), O_CLOEXEC);
}

/* What was written since wire_catch(); the file keeps its room for the next frame. */
static void read_frame(struct wire *w)
{
    char piece[PIECE];
    off_t size = lseek(w->frame, 0, SEEK_CUR), at = 0;
    ssize_t n;

    buf_clear(&w->bytes);
    for (; at < size && (n = pread(w->frame, piece, sizeof piece, at)) > 0; at += n)
        buf_add(&w->bytes, piece, (size_t)(n < size - at ? n : size - at));
    lseek(w->frame, 0, SEEK_SET);
}

void wire_send(struct wire *w)
{
    const struct buf *out = &w->bytes;

    if (w->frame < 0)
        return;
    fflush(w->paper);
    dup3(w->fd, fileno(w->paper), O_CLOEXEC);
    read_frame(w);
    if (w->bytes.len == 0)
        return;
    copy(w, w->bytes.s, w->bytes.len);
    if (w->shortens) {
        buf_clear(&w->fewer);
        shorten(&w->fewer, w->bytes.s, w->bytes.len, w->can);
        out = &w->fewer;
    }
    write_all(w->fd, out->s, out->len);
}
