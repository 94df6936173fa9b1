#include "core/guard/password.h"

#include <ctype.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

#include "base/text.h"
#include "core/guard/session.h"

_Static_assert(PASSWORD_HASH >= crypto_pwhash_STRBYTES, "room for libsodium's text");

const struct password_cost password_cost = { .passes = 3, .bytes = 64 << 20 };

/* ---- the rules ------------------------------------------------------------------------------- */

enum { LOGIN_COUNTS = 3, CLASSES = 3 };

static bool controls(const char *s)
{
    for (; *s; s++)
        if (iscntrl((unsigned char)*s))
            return true;
    return false;
}

static int classes(const char *s)
{
    unsigned seen = 0;
    for (; *s; s++) {
        if (*s >= 'a' && *s <= 'z')
            seen |= 1;
        else if (*s >= 'A' && *s <= 'Z')
            seen |= 2;
        else if (*s >= '0' && *s <= '9')
            seen |= 4;
        else
            seen |= 8;
    }
    return __builtin_popcount(seen);
}

static bool contains_login(const char *password, const char *login)
{
    struct arena a = ARENA_INIT;
    const char *name = text_key(&a, login);
    bool found = false;
    if (name && text_count(name) >= LOGIN_COUNTS) {
        char *folded = text_key(&a, password);
        found = strstr(folded, name) != NULL;
        sodium_memzero(folded, strlen(folded));
    }
    arena_free(&a);
    return found;
}

static enum status rule(struct err *e, const char *code, int limit)
{
    char text[16];
    snprintf(text, sizeof text, "%d", limit);
    return fail_field(e, ST_INVALID, "password", code, text, NULL);
}

enum status password_check(const char *password, const char *login, struct err *e)
{
    if (strlen(password) > PASSWORD_MAX)
        return rule(e, "password.long", PASSWORD_MAX);
    if (!text_valid(password, strlen(password)) || controls(password))
        return fail_field(e, ST_INVALID, "password", "password.characters", NULL);
    if (text_count(password) < PASSWORD_MIN)
        return rule(e, "password.short", PASSWORD_MIN);
    if (classes(password) < CLASSES)
        return rule(e, "password.classes", CLASSES);
    if (contains_login(password, login))
        return fail_field(e, ST_INVALID, "password", "password.login", NULL);
    return ST_OK;
}

/* ---- hashing --------------------------------------------------------------------------------- */

/* The NFC form, in an arena of its own; drop wipes it. */
static char *form(struct arena *a, const char *password)
{
    char *copy = arena_strdup(a, password), *nfc = text_nfc(a, copy);
    if (nfc != copy)
        sodium_memzero(copy, strlen(copy));
    return nfc;
}

static void drop(struct arena *a, char *text)
{
    sodium_memzero(text, strlen(text));
    arena_free(a);
}

enum status password_hash(const char *password, const struct password_cost *cost,
                          char out[PASSWORD_HASH], struct err *e)
{
    struct arena a = ARENA_INIT;
    if (sodium_init() < 0)
        return fail(e, ST_FAILED, "password.memory", NULL);
    char *text = form(&a, password);
    int rc = crypto_pwhash_str_alg(out, text, strlen(text), cost->passes, cost->bytes,
                                   crypto_pwhash_ALG_ARGON2ID13);
    drop(&a, text);
    return rc ? fail(e, ST_FAILED, "password.memory", NULL) : ST_OK;
}

bool password_verify(const char *hash, const char *password, const struct password_cost *cost,
                     bool *rehash)
{
    if (rehash)
        *rehash = false;
    if (!hash) {        /* hashing costs what verifying does */
        char unused[PASSWORD_HASH];
        password_hash(password, cost, unused, NULL);
        return false;
    }
    struct arena a = ARENA_INIT;
    if (sodium_init() < 0)
        return false;
    char *text = form(&a, password);
    bool fits = crypto_pwhash_str_verify(hash, text, strlen(text)) == 0;
    drop(&a, text);
    if (fits && rehash)
        *rehash = crypto_pwhash_str_needs_rehash(hash, cost->passes, cost->bytes) != 0;
    return fits;
}

/* ---- accounts -------------------------------------------------------------------------------- */

enum status password_store(struct ctx *c, int64_t account, const char *hash)
{
    enum status st = db_exec(c->db, c->e,
                             "update account set password_hash = $1, password_at = $2,"
                             " version = version + 1, updated_at = $2 where id = $3", "tii",
                             hash, c->now, account);
    if (!st && db_changes(c->db) == 0)
        st = fail(c->e, ST_NOT_FOUND, "account.not_found", NULL);
    int64_t keep = c->who && c->who->account == account ? c->who->session : 0;
    return st ? st : session_end_all(c, account, keep, "password", NULL);
}

enum status password_login(struct db *db, const char *login, const char *password,
                           const struct password_cost *cost, bool *rehash, struct err *e)
{
    struct arena a = ARENA_INIT;
    struct stmt *q = db_query(db, "select password_hash from account where code_key = $1", "t",
                              text_key(&a, login));
    const char *hash = db_row(q) ? db_strdup(q, 0, &a) : NULL;
    enum status st = db_end(q, e);
    if (!st && !password_verify(hash, password, cost, rehash))
        st = fail(e, ST_DENIED, "password.wrong", NULL);
    arena_free(&a);
    return st;
}

/* ---- reading --------------------------------------------------------------------------------- */

enum { CTRL_C = 3 };

/* A terminal without echo; what Ctrl-C sends ends the line and is read like any other byte, so that
 * no signal finds the terminal changed. Signals from outside wait at signal_fd. */
struct quiet {
    bool tty;
    struct termios before;
    sigset_t mask;
    int signal_fd;
};

/* To people; when nobody can read it, one may still type. */
static void say(const char *text)
{
    if (text && write(STDERR_FILENO, text, strlen(text)) < 0)
        errno = 0;
}

static void quiet_begin(struct quiet *t, int fd, const char *prompt)
{
    sigset_t ends;
    t->signal_fd = -1;
    t->tty = tcgetattr(fd, &t->before) == 0;
    if (!t->tty)
        return;
    sigemptyset(&ends);
    for (size_t i = 0; i < 4; i++)
        sigaddset(&ends, (const int[]){ SIGHUP, SIGINT, SIGQUIT, SIGTERM }[i]);
    pthread_sigmask(SIG_BLOCK, &ends, &t->mask);
    t->signal_fd = signalfd(-1, &ends, SFD_CLOEXEC | SFD_NONBLOCK);

    struct termios now = t->before;
    now.c_lflag &= ~(tcflag_t)(ECHO | ECHOE | ECHOK | ECHONL | ISIG);
    now.c_lflag |= ICANON;
    now.c_cc[VEOL] = CTRL_C;
    tcsetattr(fd, TCSAFLUSH, &now);
    say(prompt);
}

/* A waiting signal is delivered by the last line, with the terminal as it was. */
static void quiet_end(struct quiet *t, int fd)
{
    if (!t->tty)
        return;
    say("\n");
    tcsetattr(fd, TCSAFLUSH, &t->before);
    if (t->signal_fd >= 0)
        close(t->signal_fd);
    pthread_sigmask(SIG_SETMASK, &t->mask, NULL);
}

/* 1: a byte; 0: the end; -1: stopped or broken. */
static int next_byte(const struct quiet *t, int fd, char *c)
{
    for (;;) {
        struct pollfd p[2] = {
            { .fd = fd, .events = POLLIN }, { .fd = t->signal_fd, .events = POLLIN },
        };
        if (poll(p, 2, -1) < 0 && errno != EINTR)
            return -1;
        if (p[1].revents)
            return -1;
        ssize_t n = p[0].revents ? read(fd, c, 1) : -1;
        if (n >= 0)
            return (int)n;
        if (p[0].revents && errno != EINTR && errno != EAGAIN)
            return -1;
    }
}

static enum status read_line(const struct quiet *t, int fd, char out[PASSWORD_MAX + 1],
                             struct err *e)
{
    size_t n = 0;               /* bytes seen; those that fit are in out */
    bool nul = false;
    char c;
    int got;
    while ((got = next_byte(t, fd, &c)) == 1 && c != '\n') {
        if (t->tty && c == CTRL_C)
            return fail(e, ST_CANCELLED, "cancelled", NULL);
        nul |= !c;
        if (n <= PASSWORD_MAX)
            out[n] = c;
        n++;
    }
    if (got < 0)
        return fail(e, ST_CANCELLED, "cancelled", NULL);
    if (got == 0 && n == 0)
        return fail(e, ST_INVALID, "password.none", NULL);
    if (n && n <= PASSWORD_MAX + 1 && out[n - 1] == '\r')
        n--;
    if (n > PASSWORD_MAX)
        return rule(e, "password.long", PASSWORD_MAX);
    if (nul)
        return fail_field(e, ST_INVALID, "password", "password.characters", NULL);
    out[n] = 0;
    return ST_OK;
}

enum status password_read(int fd, const char *prompt, char out[PASSWORD_MAX + 1], struct err *e)
{
    struct quiet t;
    quiet_begin(&t, fd, prompt);
    enum status st = read_line(&t, fd, out, e);
    quiet_end(&t, fd);
    if (st)
        sodium_memzero(out, PASSWORD_MAX + 1);
    return st;
}
