/* The terminal on a real pty: what a line does that is slow, stopped, cut or told not to wait. The console is
 * a child here, which paints frames when it is told to; the test is the terminal's other end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/crash.h"
#include "base/i18n.h"
#include "tui/term.h"

enum { ROWS = 60, COLS = 200, FRAMES = 8, PATIENCE = 20000 };

struct console {
    pid_t pid;
    int master, slave;
    int go, said;                   /* our ends of the two pipes: "paint", and what it has done */
};

static struct console c;

/* --- the console ------------------------------------------------------------------------------ */

static void paint(struct term *t, struct grid *g, const struct theme *theme, int number)
{
    struct surface s = surface_of(g);

    grid_clear(g);
    for (int y = 0; y < ROWS; y++)
        for (int x = 0; x < COLS - 10; x += 10)
            surface_printf(s, y, x, (x / 10 + number) % 2 ? ROLE_GOOD : ROLE_TEXT, "%d/%d 李轩", number, y);
    term_repaint(t);
    term_show(t, g, theme);
}

/* The frame's file in memory, or -1. */
static off_t size_of_frame(void)
{
    char path[40], name[100];
    struct stat st;

    for (int fd = 3; fd < 50; fd++) {
        ssize_t n;

        snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
        n = readlink(path, name, sizeof name - 1);
        name[n > 0 ? n : 0] = '\0';
        if (strstr(name, "memfd:frame") && fstat(fd, &st) == 0)
            return st.st_size;
    }
    return -1;
}

static int inherited(void)
{
    int n = 0, flags;

    for (int fd = 3; fd < 50; fd++) {
        flags = fcntl(fd, F_GETFD);
        n += flags >= 0 && !(flags & FD_CLOEXEC);
    }
    return n;
}

static void say(int fd, char byte)
{
    if (write(fd, &byte, 1) != 1)
        _exit(9);
}

static void wait_for_the_end(struct term *t)
{
    struct pollfd p[] = { { .fd = term_fd(t), .events = POLLIN },
                          { .fd = term_signal_fd(t), .events = POLLIN } };

    for (;;) {
        poll(p, 2, -1);
        if (p[1].revents && (term_signals(t) & TERM_GONE))
            return;
        if (p[0].revents && !term_read(t)) {
            term_leave(t);
            return;
        }
    }
}

static _Noreturn void be_the_console(FILE *in, FILE *out, int go, int said)
{
    struct term_options o = { .in = in, .out = out, .term = "xterm-256color" };
    struct term *t;
    struct grid g;
    struct theme theme;
    struct err e = { 0 };
    int before = inherited();
    off_t first;
    char byte;

    crash_install(NULL, "test");
    if (theme_builtin(&theme, "default", &e) != ST_OK || term_start(&t, &o, &e) != ST_OK)
        _exit(8);
    grid_init(&g, ROWS, COLS);
    paint(t, &g, &theme, 0);
    first = size_of_frame();
    say(said, inherited() > before ? 'i' : 'r');        /* what we open is closed on exec */
    if (read(go, &byte, 1) != 1)
        _exit(7);
    if (byte == 'q') {
        term_probe(t, &(int){ 0 }, &(int){ 0 });
        say(said, 'q');
        term_stop(t);
        _exit(0);
    }
    say(said, 'p');
    for (int i = 1; i <= FRAMES; i++)
        paint(t, &g, &theme, i % 2);
    say(said, size_of_frame() > first + 1000 ? 'g' : 'd');      /* nor does the frame's file grow */
    wait_for_the_end(t);
    term_stop(t);
    _exit(1);
}

/* --- the other end ---------------------------------------------------------------------------- */

static void start(int flags)
{
    struct winsize w = { .ws_row = ROWS, .ws_col = COLS };
    int go[2], said[2];

    assert_int_equal(openpty(&c.master, &c.slave, NULL, NULL, &w), 0);
    assert_int_equal(fcntl(c.slave, F_SETFL, fcntl(c.slave, F_GETFL) | flags), 0);
    assert_int_equal(pipe2(go, O_CLOEXEC) | pipe2(said, O_CLOEXEC), 0);
    c.pid = fork();
    if (c.pid == 0) {
        fcntl(c.master, F_SETFD, FD_CLOEXEC);
        fcntl(c.slave, F_SETFD, FD_CLOEXEC);
        close(c.master);
        close(go[1]);
        close(said[0]);
        signal(SIGTTOU, SIG_IGN);
        be_the_console(fdopen(c.slave, "r"), fdopen(fcntl(c.slave, F_DUPFD_CLOEXEC, 3), "w"), go[0], said[1]);
    }
    close(go[0]);
    close(said[1]);
    c.go = go[1];
    c.said = said[0];
}

/* What the terminal gets until the console says so, into *out. */
static void read_until(char what, struct buf *out)
{
    struct pollfd p[] = { { .fd = c.master, .events = POLLIN }, { .fd = c.said, .events = POLLIN } };
    char bytes[4096], byte;
    ssize_t n;

    for (;;) {
        assert_true(poll(p, 2, PATIENCE) > 0);
        if (p[0].revents) {
            n = read(c.master, bytes, sizeof bytes);
            assert_true(n > 0);
            buf_add(out, bytes, (size_t)n);
        } else if (p[1].revents) {
            assert_int_equal(read(c.said, &byte, 1), 1);
            assert_int_equal(byte, what);
            return;
        }
    }
}

static void wait_until_said(char what)
{
    char byte;

    assert_int_equal(read(c.said, &byte, 1), 1);
    assert_int_equal(byte, what);
}

/* Waits until it sleeps in its write: there is no room left. */
static void wait_until_stuck(void)
{
    int64_t until = clock_mono() + PATIENCE;
    char path[40], text[300];
    int queued = -1;

    snprintf(path, sizeof path, "/proc/%d/stat", (int)c.pid);
    while (clock_mono() < until) {
        FILE *f = fopen(path, "r");
        size_t n = f ? fread(text, 1, sizeof text - 1, f) : 0;
        int now = 0;

        assert_non_null(f);
        fclose(f);
        text[n] = '\0';
        ioctl(c.master, FIONREAD, &now);
        if (now == queued && strstr(text, ") S "))
            return;
        queued = now;
        poll(NULL, 0, 1);
    }
    fail_msg("it never waited");
}

/* How it ended, and after how many ms. */
static int ended(int64_t *ms)
{
    int64_t begun = clock_mono();
    int how = 0;
    pid_t done;

    while ((done = waitpid(c.pid, &how, WNOHANG)) == 0 && clock_mono() - begun < PATIENCE)
        poll(NULL, 0, 1);
    *ms = clock_mono() - begun;
    assert_int_equal(done, c.pid);
    c.pid = 0;
    return how;
}

static int stop(void **state)
{
    (void)state;
    if (c.pid > 0) {
        kill(c.pid, SIGKILL);
        waitpid(c.pid, NULL, 0);
    }
    close(c.master);
    close(c.slave);
    close(c.go);
    close(c.said);
    c.pid = 0;
    return 0;
}

/* --- tests ------------------------------------------------------------------------------------ */

/* All that comes when nothing is in the way. */
static void frames_of_an_open_line(struct buf *out)
{
    void *none = NULL;

    start(0);
    read_until('r', out);
    say(c.go, 'p');
    read_until('p', out);
    read_until('d', out);
    stop(&none);
}

static void assert_same(const struct buf *a, const struct buf *b)
{
    assert_int_equal(a->len, b->len);
    assert_memory_equal(a->s, b->s, a->len);
}

/* What is read after the line was full, with size changes in the middle of a frame. */
static void a_full_line_loses_nothing(int flags)
{
    struct buf want = BUF_INIT, have = BUF_INIT;

    frames_of_an_open_line(&want);
    assert_true(want.len > 100000);
    start(flags);
    read_until('r', &have);
    say(c.go, 'p');
    wait_until_said('p');
    for (int i = 0; i < 20; i++) {
        wait_until_stuck();
        kill(c.pid, SIGWINCH);
    }
    wait_until_stuck();
    read_until('d', &have);
    assert_same(&want, &have);
    buf_release(&want);
    buf_release(&have);
}

static void a_line_that_waits_loses_nothing(void **state)
{
    (void)state;
    a_full_line_loses_nothing(0);
}

/* Another program has told the terminal not to wait: its description is shared with us. */
static void a_line_that_does_not_wait_loses_nothing(void **state)
{
    (void)state;
    a_full_line_loses_nothing(O_NONBLOCK);
}

/* The time a waiting console takes of the processor. */
static void a_full_line_costs_no_time(void **state)
{
    struct buf out = BUF_INIT;
    char path[40], text[400];
    unsigned long user = 0, system = 0, before = 0;

    (void)state;
    start(O_NONBLOCK);
    read_until('r', &out);
    buf_release(&out);
    say(c.go, 'p');
    wait_until_said('p');
    wait_until_stuck();
    snprintf(path, sizeof path, "/proc/%d/stat", (int)c.pid);
    for (int turn = 0; turn < 2; turn++) {
        FILE *f = fopen(path, "r");
        size_t n = fread(text, 1, sizeof text - 1, f);

        fclose(f);
        text[n] = '\0';
        assert_int_equal(sscanf(strrchr(text, ')'), ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu",
                                &user, &system), 2);
        if (turn == 0) {
            before = user + system;
            poll(NULL, 0, 300);     /* not to wait for something: this is what is measured */
        }
    }
    assert_in_range(user + system - before, 0, 5);      /* of 30 ticks */
}

static void it_leaves_within_a_second(int number, int flags, bool painting)
{
    struct buf out = BUF_INIT;
    int64_t ms;
    int how;

    start(flags);
    read_until('r', &out);
    buf_release(&out);
    assert_int_equal(tcflow(c.slave, TCOOFF), 0);       /* as Ctrl-S */
    if (painting) {
        say(c.go, 'p');
        wait_until_said('p');
    }
    wait_until_stuck();
    if (!painting)
        say(c.go, 'p');
    kill(c.pid, number);
    how = ended(&ms);
    assert_true(WIFEXITED(how));
    assert_int_equal(WEXITSTATUS(how), 1);
    assert_in_range(ms, 0, 1400);       /* a second, and what a busy machine needs */
}

static void a_stopped_terminal_holds_nobody_back(void **state)
{
    static const int numbers[] = { SIGHUP, SIGTERM, SIGINT, SIGQUIT };

    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        it_leaves_within_a_second(numbers[i], 0, true);
        stop(state);
    }
    it_leaves_within_a_second(SIGHUP, O_NONBLOCK, true);
    stop(state);
    it_leaves_within_a_second(SIGTERM, 0, false);
}

static void a_line_that_is_cut_ends_the_console(void **state)
{
    struct buf out = BUF_INIT;
    int64_t ms;
    int how;

    (void)state;
    start(0);
    read_until('r', &out);
    buf_release(&out);
    say(c.go, 'p');
    wait_until_said('p');
    wait_until_stuck();
    close(c.slave);
    close(c.master);
    c.master = c.slave = -1;
    how = ended(&ms);
    assert_true(WIFEXITED(how));
    assert_in_range(ms, 0, 1400);
}

/* A crash in the middle of a frame: the terminal gets the half that was under way, then its modes back. */
static void a_crash_in_half_a_frame_restores(void **state)
{
    static const char last[] = "\033[?1049l\033[?25h\033[0m\033(B\017\033[?7h\033[4l\033[?1l\033>";
    struct buf out = BUF_INIT;
    struct termios before, after;
    struct pollfd p;
    char bytes[4096];
    int64_t ms;
    ssize_t n;
    int how;

    (void)state;
    start(0);
    read_until('r', &out);
    assert_int_equal(tcgetattr(c.slave, &before), 0);
    assert_false(before.c_lflag & ICANON);
    say(c.go, 'p');
    wait_until_said('p');
    wait_until_stuck();
    kill(c.pid, SIGSEGV);
    p = (struct pollfd){ .fd = c.master, .events = POLLIN };
    while (!memmem(out.s, out.len, last, sizeof last - 1) && poll(&p, 1, 5000) > 0 &&
           (n = read(c.master, bytes, sizeof bytes)) > 0)
        buf_add(&out, bytes, (size_t)n);
    assert_non_null(memmem(out.s, out.len, last, sizeof last - 1));
    how = ended(&ms);
    assert_true(WIFSIGNALED(how));
    assert_int_equal(WTERMSIG(how), SIGSEGV);
    assert_int_equal(tcgetattr(c.slave, &after), 0);
    assert_true(after.c_lflag & ICANON);
    assert_int_equal(fcntl(c.slave, F_GETFL) & O_NONBLOCK, 0);
    buf_release(&out);
}

/* And where nothing goes out any more it ends all the same. */
static void a_crash_on_a_stopped_terminal_ends(void **state)
{
    struct buf out = BUF_INIT;
    int64_t ms;
    int how;

    (void)state;
    start(0);
    read_until('r', &out);
    buf_release(&out);
    assert_int_equal(tcflow(c.slave, TCOOFF), 0);
    say(c.go, 'p');
    wait_until_said('p');
    wait_until_stuck();
    kill(c.pid, SIGSEGV);
    how = ended(&ms);
    assert_true(WIFSIGNALED(how));
    assert_int_equal(WTERMSIG(how), SIGSEGV);
    assert_in_range(ms, 0, 4000);
}

/* Who leaves before the terminal has answered how wide a dot is does not find the answer in the shell. */
static void an_answer_on_its_way_is_not_typed_into_the_shell(void **state)
{
    struct buf out = BUF_INIT;
    int64_t ms;
    int left = -1, how;

    (void)state;
    start(0);
    read_until('r', &out);
    say(c.go, 'q');
    read_until('q', &out);
    assert_non_null(memmem(out.s, out.len, "\033[6n", 4));
    wait_until_stuck();
    assert_int_equal(write(c.master, "\033[2;3R", 6), 6);
    how = ended(&ms);
    assert_true(WIFEXITED(how));
    assert_int_equal(WEXITSTATUS(how), 0);
    assert_int_equal(tcsetattr(c.slave, TCSANOW, &(struct termios){ .c_cc[VMIN] = 1 }), 0);
    assert_int_equal(ioctl(c.slave, FIONREAD, &left), 0);
    assert_int_equal(left, 0);
    buf_release(&out);
}

#define CASE(f) cmocka_unit_test_teardown(f, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_line_that_waits_loses_nothing), CASE(a_line_that_does_not_wait_loses_nothing),
        CASE(a_full_line_costs_no_time), CASE(a_stopped_terminal_holds_nobody_back),
        CASE(a_line_that_is_cut_ends_the_console), CASE(a_crash_in_half_a_frame_restores),
        CASE(a_crash_on_a_stopped_terminal_ends),
        CASE(an_answer_on_its_way_is_not_typed_into_the_shell),
    };

    i18n_init("en");
    unsetenv("NO_COLOR");
    unsetenv("COLORTERM");
    signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
