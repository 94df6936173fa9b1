/* term.c - the terminal's life: modes, signals, sizes, stopping and going on. Its frames: termpaint.c. */
#include "tui/termstate.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/time.h>
#include <termios.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/crash.h"
#include "tui/clip.h"
#include "tui/probe.h"

enum {
    LAST_MS = 900,          /* for a write under way, when the terminal is gone */
    CRASH_MS = 2000,        /* a crash waits for a slow line: less than base/crash does */
    LATE_MS = 50,
    ANSWER_MS = 300         /* as late as an answer may be that is waited for */
};

/* Signal handlers can know nothing else than globals. */
static struct {
    volatile sig_atomic_t started;
    volatile sig_atomic_t have_mode, leaving;
    int in, out;
    struct termios mode;            /* as it was before us */
    int pipe[2];
    struct sigaction old[8];
} the = { .pipe = { -1, -1 } };

static const int handled[] = {
    SIGWINCH, SIGHUP, SIGTERM, SIGINT, SIGQUIT, SIGTSTP, SIGCONT, SIGPIPE
};
enum { NHANDLED = sizeof handled / sizeof handled[0] };
_Static_assert(NHANDLED <= sizeof the.old / sizeof the.old[0], "room for the old actions");

/* The keypad types digits and the arrows are ESC [: some terminals keep what another program left,
 * or begin otherwise (PuTTY). Pastes are marked also where they are forbidden, or they would come
 * as keys. */
static const char modes_on[] = "\033>\033[?1l\033[?2004h", modes_off[] = "\033[?2004l";
static const char mouse_on[] = "\033[?1000h\033[?1002h\033[?1006h",
                  mouse_off[] = "\033[?1006l\033[?1002l\033[?1000l";
/* An unfinished string ends; no mouse, no focus reports, no paste marks; the whole screen scrolls
 * (which moves the cursor: it is kept); the first screen, its cursor seen; plain letters in plain
 * colours; lines wrap, nothing is inserted; keypad and arrows as they were. */
static const char reset_all[] =
    "\033\\\033[?1000l\033[?1002l\033[?1003l\033[?1004l\033[?1005l\033[?1006l\033[?1015l\033[?2004l"
    "\0337\033[r\0338\033[?1049l\033[?25h\033[0m\033(B\017\033[?7h\033[4l\033[?1l\033>";

/* --- writing our own few sequences ------------------------------------------------------------ */

static void say(struct term *t, const char *sequence)
{
    wire_say(t->wire, sequence, strlen(sequence));
}

/* Async-signal-safe. */
static void restore(int ms)
{
    int nowhere;

    if (!the.started)
        return;
    wire_now(the.out, reset_all, sizeof reset_all - 1, ms);
    if (the.have_mode)
        tcsetattr(the.in, TCSANOW, &the.mode);
    /* another thread may still be painting */
    nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (nowhere >= 0)
        dup2(nowhere, the.out);
}

void term_restore(void)
{
    restore(CRASH_MS);
}

void term_reset(int fd)
{
    struct termios mode;

    wire_now(fd, reset_all, sizeof reset_all - 1, CRASH_MS);
    if (tcgetattr(fd, &mode) == 0) {
        mode.c_iflag |= ICRNL | IXON | BRKINT;
        mode.c_iflag &= ~(tcflag_t)(INLCR | IGNCR);
        mode.c_oflag |= OPOST | ONLCR;
        mode.c_lflag |= ISIG | ICANON | ECHO | ECHOE | ECHOK | IEXTEN;
        tcsetattr(fd, TCSANOW, &mode);
    }
}

/* --- signals ---------------------------------------------------------------------------------- */

static void on_too_late(int number)
{
    (void)number;
    restore(LATE_MS);
    _exit(1);
}

/* The clock runs from the first time on, whatever else holds the process up: a terminal that takes no more,
 * a write that waits. Async-signal-safe: setitimer() is a bare system call. */
static void leave(void)
{
    struct itimerval left = { .it_value = { .tv_usec = LAST_MS * 1000 } };

    if (the.leaving)
        return;
    the.leaving = 1;
    wire_hurry();
    setitimer(ITIMER_REAL, &left, NULL);
}

static void on_signal(int number)
{
    unsigned char byte = (unsigned char)number;
    int keep = errno;
    ssize_t done = write(the.pipe[1], &byte, 1);    /* full: enough is waiting there */

    (void)done;
    if (number == SIGHUP || number == SIGTERM || number == SIGINT || number == SIGQUIT)
        leave();
    errno = keep;
}

static void catch_signals(void)
{
    struct sigaction action = { .sa_handler = on_signal };

    sigemptyset(&action.sa_mask);
    for (int i = 0; i < NHANDLED; i++) {
        action.sa_handler = handled[i] == SIGPIPE ? SIG_IGN : on_signal;
        sigaction(handled[i], &action, &the.old[i]);
    }
    signal(SIGALRM, on_too_late);
}

static void release_signals(void)
{
    for (int i = 0; i < NHANDLED; i++)
        sigaction(handled[i], &the.old[i], NULL);
}

unsigned term_signals(struct term *t)
{
    unsigned char bytes[64];
    unsigned found = 0;
    ssize_t n;

    (void)t;
    while ((n = read(the.pipe[0], bytes, sizeof bytes)) > 0)
        for (ssize_t i = 0; i < n; i++)
            switch (bytes[i]) {
            case SIGWINCH:
                found |= TERM_RESIZED;
                break;
            case SIGTSTP:
                found |= TERM_SUSPEND;
                break;
            case SIGCONT:
                found |= TERM_CONTINUED;
                break;
            default:
                found |= TERM_GONE;
            }
    return found;
}

static bool open_pipe(void)
{
    if (the.pipe[0] >= 0)
        return true;
    return pipe2(the.pipe, O_NONBLOCK | O_CLOEXEC) == 0;
}

/* --- starting --------------------------------------------------------------------------------- */

static bool wants_true(enum color_choice c)
{
    const char *env = getenv("COLORTERM");

    if (c == COLORS_TRUE)
        return true;
    return c == COLORS_AUTO && !(getenv("NO_COLOR") && *getenv("NO_COLOR")) && env &&
           (!strcmp(env, "truecolor") || !strcmp(env, "24bit"));
}

/* Only entries named NAME-direct tell curses how to write 24 bits; not every machine has them. */
static SCREEN *new_direct(const char *name, FILE *out, FILE *in)
{
    static const char *const families[] = { "xterm", "tmux",   "konsole", "vte",
                                            "st",    "mlterm", "iterm2" };
    char direct[64];

    if (strstr(name, "-direct"))
        return NULL;
    for (size_t i = 0; i < sizeof families / sizeof families[0]; i++) {
        size_t n = strlen(families[i]);

        if (!strncmp(name, families[i], n) && (name[n] == '-' || !name[n])) {
            snprintf(direct, sizeof direct, "%s-direct", families[i]);
            return newterm(direct, out, in);
        }
    }
    return NULL;
}

/* A size that is given must be known to curses before it starts: it sets the scrolling region then. */
static void tell_size(int rows, int cols)
{
    char number[16];

    if (rows <= 0 || cols <= 0)
        return;
    snprintf(number, sizeof number, "%d", rows);
    setenv("LINES", number, 1);
    snprintf(number, sizeof number, "%d", cols);
    setenv("COLUMNS", number, 1);
}

static SCREEN *new_screen(struct term *t, const char *name, bool direct)
{
    static const char *const others[] = { "xterm-256color", "xterm", "vt100" };
    FILE *paper = wire_paper(t->wire);
    SCREEN *s = direct ? new_direct(name, paper, t->in) : NULL;

    if (!s)
        s = newterm(name, paper, t->in);
    for (size_t i = 0; !s && i < sizeof others / sizeof others[0]; i++) {
        s = newterm(others[i], paper, t->in);
        t->fallback = others[i];
    }
    return s;
}

static enum depth find_depth(enum color_choice c)
{
    int colors = tigetnum("colors");
    enum depth has = tigetflag("RGB") > 0 || colors > 256 ? DEPTH_TRUE
                     : colors >= 256                      ? DEPTH_256
                     : colors >= 16                       ? DEPTH_16
                     : colors >= 8                        ? DEPTH_8
                                                          : DEPTH_MONO;
    static const enum depth most[] = {
        [COLORS_AUTO] = DEPTH_TRUE, [COLORS_NEVER] = DEPTH_MONO, [COLORS_8] = DEPTH_8,
        [COLORS_16] = DEPTH_16,     [COLORS_256] = DEPTH_256,    [COLORS_TRUE] = DEPTH_TRUE
    };

    if (c == COLORS_AUTO && getenv("NO_COLOR") && *getenv("NO_COLOR"))
        return DEPTH_MONO;
    return has < most[c] ? has : most[c];
}

/* A key's sequence by the terminal's description. The keypad's own codes stay what is printed on it: a
 * vt100's description calls some of them F5 to F10. */
static void add_key(struct decoder *d, const char *cap, int key)
{
    const char *s = tigetstr(cap);

    if (!s || s == (char *)-1 || s[0] != 27)
        return;
    if (s[1] == 'O' && s[2] && strchr("jklmnopqrstuvwxyEGIMX", s[2]) && !s[3])
        return;
    decoder_define(d, s, key);
}

/* What this terminal's description says its keys send, besides the dialects that everyone may
 * send. */
static void define_keys(struct decoder *d)
{
    static const struct { const char *cap; int key; } caps[] = {
        { "kcuu1", K_UP }, { "kcud1", K_DOWN }, { "kcub1", K_LEFT }, { "kcuf1", K_RIGHT },
        { "khome", K_HOME },
        { "kend", K_END }, { "kpp", K_PGUP }, { "knp", K_PGDN }, { "kich1", K_INS },
        { "kdch1", K_DEL },
        { "kcbt", K_BTAB }, { "kUP", K_UP | K_SHIFT }, { "kDN", K_DOWN | K_SHIFT }
    };
    char cap[16];

    for (size_t i = 0; i < sizeof caps / sizeof caps[0]; i++)
        add_key(d, caps[i].cap, caps[i].key);
    for (int i = 1; i <= 12; i++) {
        snprintf(cap, sizeof cap, "kf%d", i);
        add_key(d, cap, K_F0 + i);
    }
}

static bool says(const char *cap, const char *what)
{
    const char *s = tigetstr(cap);

    return s && s != (char *)-1 && !strcmp(s, what);
}

/* Terminals that write their sequences as ECMA-48 does, and may move while letters are coloured. */
static void find_short(struct term *t)
{
    static const char *const ends[] = { "\033(B\033[m", "\033[m\017",  "\033[m",
                                        "\033[0m",       "\033[0m\017", "\033[m\033(B" };
    struct shorten_can can = { .column = says("hpa", "\033[%i%p1%dG"),
                               .defaults = says("op", "\033[39;49m") };
    bool plain = false;

    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
        plain = plain || says("sgr0", ends[i]);
    if (plain && says("cup", "\033[%i%p1%d;%p2%dH") && tigetflag("xenl") > 0 && tigetflag("msgr") > 0)
        wire_shorten(t->wire, can);
}

static void set_modes(struct term *t)
{
    raw();
    noecho();
    nonl();
    typeahead(-1);
    scrollok(stdscr, FALSE);
    idlok(stdscr, TRUE);
    leaveok(stdscr, FALSE);
    if (t->depth != DEPTH_MONO) {
        start_color();
        t->own_default = use_default_colors() == ERR;
        t->plain_underline = tigetnum("ncv") > 0 && (tigetnum("ncv") & 2);
        t->max_pairs = COLOR_PAIRS < PAIRS_MAX ? COLOR_PAIRS : PAIRS_MAX;
    }
    term_forget_looks(t);
    curs_set(0);
}

static void turn_on(struct term *t)
{
    say(t, modes_on);
    if (t->mouse)
        say(t, mouse_on);
}

static void turn_off(struct term *t)
{
    if (t->mouse)
        say(t, mouse_off);
    say(t, modes_off);
    curs_set(1);
}

static enum status start_curses(struct term *t, const struct term_options *o, struct err *e)
{
    const char *name = o->term ? o->term : getenv("TERM"), *cup;

    if (!name || !*name || !strcmp(name, "dumb"))
        return fail(e, ST_FAILED, "terminal.dumb", NULL);
    setenv("NCURSES_NO_UTF8_ACS", "1", 0);
    t->name = name;
    tell_size(o->rows, o->cols);
    fflush(t->out);
    t->wire = wire_open(fileno(t->out), o->as_drawn);
    if (!t->wire)
        return fail(e, ST_FAILED, "terminal.none", NULL);
    t->curses = new_screen(t, name, wants_true(o->colors));
    if (!t->curses)
        return fail(e, ST_FAILED, "terminal.unknown", name, NULL);
    cup = tigetstr("cup");
    if (!cup || cup == (char *)-1) {
        endwin();
        delscreen(t->curses);
        return fail(e, ST_FAILED, "terminal.dumb", NULL);
    }
    return ST_OK;
}

enum status term_start(struct term **out, const struct term_options *o, struct err *e)
{
    struct term *t;
    enum status st;

    assert(!the.started);
    *out = NULL;
    if (o->rows == 0 &&
        !(isatty(fileno(o->in ? o->in : stdin)) && isatty(fileno(o->out ? o->out : stdout))))
        return fail(e, ST_FAILED, "terminal.none", NULL);
    t = xcalloc(1, sizeof *t);
    t->in = o->in ? o->in : stdin;
    t->out = o->out ? o->out : stdout;
    the.in = fileno(t->in);
    the.out = fileno(t->out);
    the.have_mode = tcgetattr(the.in, &the.mode) == 0;
    st = open_pipe() ? start_curses(t, o, e) : fail(e, ST_FAILED, "terminal.none", NULL);
    if (st != ST_OK) {
        wire_close(t->wire);
        free(t);
        return st;
    }
    the.started = 1;
    the.leaving = 0;
    t->fixed = o->rows > 0 && o->cols > 0;
    t->signals = !t->fixed;
    t->mouse = o->mouse;
    t->depth = find_depth(o->colors);
    decoder_init(&t->decoder, o->esc_digit);
    define_keys(&t->decoder);
    find_short(t);
    grid_init(&t->shown, 0, 0);
    set_modes(t);
    if (t->signals) {
        catch_signals();
        crash_on_restore(term_restore);
    }
    term_resize(t, o->rows, o->cols);
    wire_plain(t->wire);
    turn_on(t);
    *out = t;
    return ST_OK;
}

static bool is_answer(const unsigned char *bytes, size_t n)
{
    const unsigned char *begin = memmem(bytes, n, "\033[", 2);

    return begin && memchr(begin, 'R', n - (size_t)(begin - bytes));
}

/* An answer that is still on its way would be typed into the shell: it is waited for, not for long. */
static void await_answer(struct term *t)
{
    struct pollfd p = { .fd = fileno(t->in), .events = POLLIN };
    int64_t left = t->asked + ANSWER_MS - clock_mono();

    while (t->asked && !the.leaving && left > 0 && poll(&p, 1, (int)left) > 0) {
        t->decoder.n = 0;
        if (!term_read(t))
            return;
        left = t->asked + ANSWER_MS - clock_mono();
    }
}

void term_stop(struct term *t)
{
    if (!t)
        return;
    await_answer(t);
    turn_off(t);
    endwin();
    if (t->signals) {
        release_signals();
        crash_on_restore(NULL);
    }
    delscreen(t->curses);
    wire_close(t->wire);
    the.started = 0;
    close(the.pipe[0]);
    close(the.pipe[1]);
    the.pipe[0] = the.pipe[1] = -1;
    decoder_free(&t->decoder);
    grid_free(&t->shown);
    free(t->row);
    free(t);
}

/* --- small answers ---------------------------------------------------------------------------- */

enum depth term_depth(const struct term *t)
{
    return t->depth;
}

const char *term_fallback(const struct term *t)
{
    return t->fallback;
}

int term_fd(const struct term *t)
{
    return fileno(t->in);
}

int term_signal_fd(const struct term *t)
{
    (void)t;
    return the.pipe[0];
}

struct decoder *term_decoder(struct term *t)
{
    return &t->decoder;
}

void term_size(const struct term *t, int *rows, int *cols)
{
    (void)t;
    getmaxyx(stdscr, *rows, *cols);
}

bool term_read(struct term *t)
{
    unsigned char bytes[DECODER_BYTES];
    size_t room = sizeof t->decoder.in - t->decoder.n;
    ssize_t n;

    if (room == 0)
        return true;
    n = read(fileno(t->in), bytes, room);
    if (n < 0)
        return errno == EINTR || errno == EAGAIN;
    decoder_feed(&t->decoder, bytes, (size_t)n);
    if (t->asked && is_answer(bytes, (size_t)n))
        t->asked = 0;
    return n > 0;
}

void term_resize(struct term *t, int rows, int cols)
{
    struct winsize w;

    if (rows <= 0 || cols <= 0) {
        if (ioctl(fileno(t->out), TIOCGWINSZ, &w) != 0 || w.ws_row == 0 || w.ws_col == 0)
            return;
        rows = w.ws_row;
        cols = w.ws_col;
    }
    if (rows == getmaxy(stdscr) && cols == getmaxx(stdscr))
        return;
    resize_term(rows, cols);
    t->repaint = true;
}

void term_repaint(struct term *t)
{
    t->repaint = true;
}

void term_mouse(struct term *t, bool on)
{
    if (on != t->mouse)
        say(t, on ? mouse_on : mouse_off);
    t->mouse = on;
}

void term_suspend(struct term *t)
{
    struct sigaction dfl = { .sa_handler = SIG_DFL }, ours;

    turn_off(t);
    def_prog_mode();
    endwin();
    sigaction(SIGTSTP, &dfl, &ours);
    kill(0, SIGTSTP);
    sigaction(SIGTSTP, &ours, NULL);
    term_resume(t);
}

void term_resume(struct term *t)
{
    reset_prog_mode();
    term_resize(t, 0, 0);
    turn_on(t);
    curs_set(1);
    t->cursor_on = true;
    t->repaint = true;
}

/* --- copies and questions ---------------------------------------------------------------------- */

bool term_copy(struct term *t, const char *words)
{
    enum clip_way way = clip_way(t->name, getenv("TMUX"));
    struct buf b = BUF_INIT;

    if (way == CLIP_NOWHERE || !clip_encode(&b, words, way)) {
        buf_release(&b);
        return false;
    }
    wire_say(t->wire, b.s, b.len);
    buf_release(&b);
    return true;
}

/* A place of two plain blanks, below the first row: the answer "row 1" would look like F3 with Shift. */
static bool find_blanks(const struct term *t, int *y, int *x)
{
    for (*y = 1; *y < t->shown.h; ++*y)
        for (*x = 0; *x + 1 < t->shown.w; ++*x) {
            const struct cell *c = &t->shown.cells[*y * t->shown.w + *x];

            if (c[0].c[0] == ' ' && c[1].c[0] == ' ' && c[0].ground == ROLE_NONE &&
                c[1].ground == ROLE_NONE)
                return true;
        }
    return false;
}

bool term_probe(struct term *t, int *y, int *x)
{
    struct buf b = BUF_INIT;
    bool blanks = find_blanks(t, y, x);

    if (!probe_is_answered(t->name) || t->shown.h < 2 || t->shown.w < 2)
        return false;
    if (!blanks) {
        *y = 1;
        *x = 0;
    }
    /* what stood there is drawn again, where it was more than two blanks of no colour */
    t->repaint = t->repaint || !blanks || !t->look[0][ROLE_TEXT][ROLE_NONE].bare;
    probe_ask(&b, *y, *x);
    t->asked = clock_mono();
    say(t, b.s);
    buf_release(&b);
    return true;
}

void term_leave(struct term *t)
{
    if (t->signals)
        leave();
}
