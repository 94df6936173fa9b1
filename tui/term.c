#define NCURSES_WIDECHAR 1
#include "tui/term.h"

#include <assert.h>
#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <termios.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/crash.h"
#include "tui/clip.h"
#include "tui/probe.h"
#include "tui/shorten.h"

enum { PAIRS_MAX = 512, INK_KINDS = 4 };

/* What curses needs for one ink on one ground; pair -1: not made yet. Bare: a blank in it shows
 * nothing but the terminal's own ground. */
struct look { attr_t attr; int pair; bool bare; };
static const struct look bare_look = { .bare = true };

struct term {
    SCREEN *curses;
    FILE *in, *out;
    const char *fallback, *name;    /* name: $TERM */
    enum depth depth;
    bool mouse, own_default, signals, repaint, cursor_on, fixed;
    struct decoder decoder;
    struct grid shown;
    char theme[THEME_NAME];
    struct look look[INK_KINDS][ROLE_COUNT][ROLE_COUNT];
    struct { int32_t fg, bg; } pair[PAIRS_MAX];
    int npairs, max_pairs;
    bool plain_underline;           /* underline and colour exclude each other here */
    cchar_t *row;
    int row_cap;
    FILE *paper;                    /* what curses writes to: the terminal again, or the frame */
    int frame;                      /* a file in memory; -1: curses writes to the terminal */
    bool shortens;                  /* the terminal speaks what shorten.h can read */
    struct shorten_can can;
    struct buf bytes, fewer;        /* the frame's, and what is sent of them */
};

/* Signal handlers can know nothing else than globals. */
static struct {
    volatile sig_atomic_t started;
    volatile sig_atomic_t have_mode;
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

static void write_all(int fd, const char *s, size_t n)
{
    while (n > 0) {
        ssize_t done = write(fd, s, n);

        if (done < 0 && errno != EINTR)
            return;
        if (done > 0) {
            s += done;
            n -= (size_t)done;
        }
    }
}

static void say(struct term *t, const char *sequence)
{
    fflush(t->out);
    write_all(fileno(t->out), sequence, strlen(sequence));
}

/* Async-signal-safe: write and tcsetattr only. */
void term_restore(void)
{
    int nowhere;

    if (!the.started)
        return;
    write_all(the.out, reset_all, sizeof reset_all - 1);
    if (the.have_mode)
        tcsetattr(the.in, TCSANOW, &the.mode);
    /* another thread may still be painting */
    nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (nowhere >= 0)
        dup2(nowhere, the.out);
}

void term_reset(int fd)
{
    struct termios mode;

    write_all(fd, reset_all, sizeof reset_all - 1);
    if (tcgetattr(fd, &mode) == 0) {
        mode.c_iflag |= ICRNL | IXON | BRKINT;
        mode.c_iflag &= ~(tcflag_t)(INLCR | IGNCR);
        mode.c_oflag |= OPOST | ONLCR;
        mode.c_lflag |= ISIG | ICANON | ECHO | ECHOE | ECHOK | IEXTEN;
        tcsetattr(fd, TCSANOW, &mode);
    }
}

/* --- signals ---------------------------------------------------------------------------------- */

static void on_signal(int number)
{
    unsigned char byte = (unsigned char)number;
    int keep = errno;

    if (write(the.pipe[1], &byte, 1) < 0)
        errno = keep;               /* full: enough is waiting there */
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

/* curses gets a descriptor of its own for the terminal, so that a frame can be caught (send_frame). */
static bool open_paper(struct term *t)
{
    int fd = fcntl(fileno(t->out), F_DUPFD_CLOEXEC, 3);

    t->paper = fd < 0 ? NULL : fdopen(fd, "w");
    if (fd >= 0 && !t->paper)
        close(fd);
    t->frame = memfd_create("frame", MFD_CLOEXEC);
    return t->paper != NULL;
}

static void close_paper(struct term *t)
{
    if (t->paper)
        fclose(t->paper);
    if (t->frame >= 0)
        close(t->frame);
    buf_release(&t->bytes);
    buf_release(&t->fewer);
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
    SCREEN *s = direct ? new_direct(name, t->paper, t->in) : NULL;

    if (!s)
        s = newterm(name, t->paper, t->in);
    for (size_t i = 0; !s && i < sizeof others / sizeof others[0]; i++) {
        s = newterm(others[i], t->paper, t->in);
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

    for (size_t i = 0; i < sizeof caps / sizeof caps[0]; i++) {
        const char *s = tigetstr(caps[i].cap);

        if (s && s != (char *)-1 && s[0] == 27)
            decoder_define(d, s, caps[i].key);
    }
    for (int i = 1; i <= 12; i++) {
        const char *s;

        snprintf(cap, sizeof cap, "kf%d", i);
        s = tigetstr(cap);
        if (s && s != (char *)-1 && s[0] == 27)
            decoder_define(d, s, K_F0 + i);
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
    bool plain = says("sgr0", "\033(B\033[m") || says("sgr0", "\033[m\017") || says("sgr0", "\033[m") ||
                 says("sgr0", "\033[0m") || says("sgr0", "\033[0m\017") || says("sgr0", "\033[m\033(B");

    t->shortens = plain && says("cup", "\033[%i%p1%d;%p2%dH") && tigetflag("xenl") > 0 &&
                  tigetflag("msgr") > 0;
    t->can.column = says("hpa", "\033[%i%p1%dG");
    t->can.defaults = says("op", "\033[39;49m");
}

static void forget_looks(struct term *t)
{
    for (int k = 0; k < INK_KINDS; k++)
        for (int r = 0; r < ROLE_COUNT; r++)
            for (int g = 0; g < ROLE_COUNT; g++)
                t->look[k][r][g].pair = -1;
    t->npairs = 1;
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
    forget_looks(t);
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
    if (!open_paper(t))
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
    t->frame = -1;
    t->bytes = t->fewer = (struct buf)BUF_INIT;
    t->in = o->in ? o->in : stdin;
    t->out = o->out ? o->out : stdout;
    the.in = fileno(t->in);
    the.out = fileno(t->out);
    the.have_mode = tcgetattr(the.in, &the.mode) == 0;
    st = open_pipe() ? start_curses(t, o, e) : fail(e, ST_FAILED, "terminal.none", NULL);
    if (st != ST_OK) {
        close_paper(t);
        free(t);
        return st;
    }
    the.started = 1;
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
    turn_on(t);
    *out = t;
    return ST_OK;
}

void term_stop(struct term *t)
{
    if (!t)
        return;
    turn_off(t);
    endwin();
    fflush(t->paper);
    if (t->signals) {
        release_signals();
        crash_on_restore(NULL);
    }
    delscreen(t->curses);
    close_paper(t);
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
    fflush(t->paper);
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
    fflush(t->out);
    write_all(fileno(t->out), b.s, b.len);
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
    say(t, b.s);
    buf_release(&b);
    return true;
}

static void on_too_late(int number)
{
    (void)number;
    term_restore();
    _exit(1);
}

void term_leave_within(struct term *t, int ms)
{
    struct itimerval left = { .it_value = { .tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000 } };

    if (!t->signals)
        return;
    signal(SIGALRM, on_too_late);
    setitimer(ITIMER_REAL, &left, NULL);
}

/* --- painting --------------------------------------------------------------------------------- */

/* Colours as curses wants them; direct colours below 8 would be taken as indices. */
static int curses_color(const struct term *t, int32_t c, int otherwise)
{
    if (c == COLOR_NONE)
        return t->own_default ? otherwise : -1;
    if (c & COLOR_RGB) {
        int rgb = c & 0xffffff;

        return rgb < 8 ? 8 : rgb;
    }
    return c;
}

static int pair_for(struct term *t, int32_t fg, int32_t bg)
{
    if (t->depth == DEPTH_MONO)
        return 0;
    for (int i = 1; i < t->npairs; i++)
        if (t->pair[i].fg == fg && t->pair[i].bg == bg)
            return i;
    if (t->npairs >= t->max_pairs)
        return 0;
    t->pair[t->npairs].fg = fg;
    t->pair[t->npairs].bg = bg;
    init_extended_pair(t->npairs, curses_color(t, fg, COLOR_WHITE),
                       curses_color(t, bg, COLOR_BLACK));
    return t->npairs++;
}

static const struct look *look_for(struct term *t, const struct theme *theme, int ink, int ground)
{
    struct look *l = &t->look[ink >> 8 & (INK_KINDS - 1)][ink & INK_ROLE][ground];

    if (l->pair < 0) {
        struct style s = theme_style(theme, ink, (enum role)ground, t->depth);

        l->attr = (s.attr & STYLE_BOLD ? A_BOLD : 0) | (s.attr & STYLE_DIM ? A_DIM : 0) |
                  (s.attr & STYLE_UNDERLINE ? A_UNDERLINE : 0) |
                  (s.attr & STYLE_REVERSE ? A_REVERSE : 0);
        l->pair = t->plain_underline && (s.attr & STYLE_UNDERLINE) ? 0 : pair_for(t, s.fg, s.bg);
        l->bare = s.bg == COLOR_NONE && !t->own_default && !(l->attr & (A_UNDERLINE | A_REVERSE));
    }
    return l;
}

static bool is_blank(const struct cell *c)
{
    return c->c[0] == ' ' && !c->c[1];
}

/* A blank shows no ink: it goes on in the look of what stands left of it, if that is the same to
 * the eye, so that no sequence need be written between two words. Behind the last word (from `end`
 * on) nothing is shown, as on a cleared line. */
static const struct look *cell_look(struct term *t, const struct theme *theme,
                                    const struct cell *row, int x, int end, const struct look *left)
{
    const struct look *own = look_for(t, theme, row[x].ink, row[x].ground);

    if (!is_blank(&row[x]))
        return own;
    if (x > 0 && x < end && left && row[x - 1].ground == row[x].ground &&
        (left->attr & (A_UNDERLINE | A_REVERSE)) == (own->attr & (A_UNDERLINE | A_REVERSE)))
        return left;
    return own->bare ? &bare_look : own;
}

static void set_cchar(const struct look *l, const struct cell *c, cchar_t *out)
{
    wchar_t text[CELL_CHARS + 1] = { c->c[0] ? (wchar_t)c->c[0] : L' ' };
    int pair = l->pair;

    for (int i = 1; i < CELL_CHARS; i++)
        text[i] = (wchar_t)c->c[i];
    setcchar(out, text, l->attr, (short)pair, &pair);
}

/* The same for a cell with no marks, after one of the same look: a scrolled list sets thousands. */
static void set_next_cchar(const cchar_t *before, const struct cell *c, cchar_t *out)
{
    *out = *before;
    out->chars[0] = (wchar_t)c->c[0];
    for (int i = 1; i < CCHARW_MAX && out->chars[i]; i++)
        out->chars[i] = L'\0';
}

/* The cells from..to of row y, whole characters. */
static void show_cells(struct term *t, const struct grid *s, const struct theme *theme, int y,
                       int from, int to)
{
    const struct cell *row = s->cells + y * s->w;
    const struct look *look = NULL, *before = NULL;
    int n = 0, end = s->w - 1;      /* the last column has the thumb */

    while (from > 0 && row[from].width == 0)
        from--;
    while (end > 0 && is_blank(&row[end - 1]))
        end--;
    for (int x = 0; x <= to; x++) {
        if (row[x].width == 0)
            continue;
        look = cell_look(t, theme, row, x, end, look);
        if (x < from)
            continue;
        if (n > 0 && look == before && row[x].c[0] && !row[x].c[1])
            set_next_cchar(&t->row[n - 1], &row[x], &t->row[n]);
        else
            set_cchar(look, &row[x], &t->row[n]);
        before = look;
        n++;
    }
    mvadd_wchnstr(y, from, t->row, n);
}

/* Writes what differs from the last frame to curses; true if anything did. */
static bool show_changes(struct term *t, const struct grid *s, const struct theme *theme, bool all)
{
    int h = s->h < getmaxy(stdscr) ? s->h : getmaxy(stdscr),
        w = s->w < getmaxx(stdscr) ? s->w : getmaxx(stdscr);
    bool changed = false;

    for (int y = 0; y < h; y++) {
        const struct cell *now = s->cells + y * s->w, *was = all ? NULL : t->shown.cells + y * s->w;
        int from = 0, to = w - 1;

        if (was) {
            while (from < w && !memcmp(&now[from], &was[from], sizeof *now))
                from++;
            while (to > from && !memcmp(&now[to], &was[to], sizeof *now))
                to--;
        }
        if (from >= w)
            continue;
        show_cells(t, s, theme, y, from, to);
        changed = true;
    }
    return changed;
}

static void make_room(struct term *t, const struct grid *s)
{
    if (t->row_cap <= s->w) {
        t->row_cap = s->w + 1;
        t->row = xrealloc(t->row, sizeof *t->row * (size_t)t->row_cap);
    }
}

static bool show_cursor(struct term *t, const struct grid *s, bool resized)
{
    bool changed = resized || s->cursor_shown != t->cursor_on || s->cursor_y != t->shown.cursor_y ||
                   s->cursor_x != t->shown.cursor_x;

    if (s->cursor_shown != t->cursor_on)
        curs_set(s->cursor_shown ? 1 : 0);
    t->cursor_on = s->cursor_shown;
    move(s->cursor_y < getmaxy(stdscr) ? s->cursor_y : 0,
         s->cursor_x < getmaxx(stdscr) ? s->cursor_x : 0);
    return changed;
}

/* curses writes at each move of the cursor, a hundred times in a frame. It writes to a file in memory
 * while it draws one, which then goes to the terminal at once: no half frame is seen, and over a line
 * it is one packet, not a hundred. */
static void catch_frame(struct term *t)
{
    if (t->frame >= 0)
        dup3(t->frame, fileno(t->paper), O_CLOEXEC);
}

static void send_frame(struct term *t)
{
    char piece[4096];
    off_t size, at = 0;
    ssize_t n;

    if (t->frame < 0)
        return;
    dup3(fileno(t->out), fileno(t->paper), O_CLOEXEC);
    size = lseek(t->frame, 0, SEEK_CUR);
    buf_clear(&t->bytes);
    for (; at < size && (n = pread(t->frame, piece, sizeof piece, at)) > 0; at += n)
        buf_add(&t->bytes, piece, (size_t)(n < size - at ? n : size - at));
    lseek(t->frame, 0, SEEK_SET);
    if (t->shortens) {
        buf_clear(&t->fewer);
        shorten(&t->fewer, t->bytes.s, t->bytes.len, t->can);
        write_all(fileno(t->out), t->fewer.s, t->fewer.len);
    } else {
        write_all(fileno(t->out), t->bytes.s, t->bytes.len);
    }
}

void term_show(struct term *t, const struct grid *s, const struct theme *theme)
{
    bool resized = s->h != t->shown.h || s->w != t->shown.w, all = resized || t->repaint, changed;

    if (strcmp(t->theme, theme->name)) {
        snprintf(t->theme, sizeof t->theme, "%s", theme->name);
        forget_looks(t);
        all = true;
    }
    if (resized)
        grid_resize(&t->shown, s->h, s->w);
    make_room(t, s);
    if (all)
        erase();
    if (t->repaint)
        clearok(curscr, TRUE);
    t->repaint = false;
    changed = show_changes(t, s, theme, all);
    catch_frame(t);
    changed = show_cursor(t, s, all) || changed;
    if (changed) {
        wnoutrefresh(stdscr);
        doupdate();
    }
    send_frame(t);
    if (!changed)
        return;
    memcpy(t->shown.cells, s->cells, sizeof *s->cells * (size_t)(s->h * s->w));
    t->shown.cursor_y = s->cursor_y;
    t->shown.cursor_x = s->cursor_x;
}
