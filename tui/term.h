/* term.h - the terminal: curses, started, fed and left in good order.
 *
 * The only files that know curses (with termpaint.c). It writes the cells of a screen (surface.h) that
 * differ from the last frame, in one update a call, and nothing else: no byte of data reaches the terminal
 * but as a character of a cell. One terminal a process, because curses and signal handlers are so. UI
 * thread only but for term_restore().
 */
#ifndef TUI_TERM_H
#define TUI_TERM_H

#include <stdbool.h>
#include <stdio.h>

#include "base/status.h"
#include "tui/key.h"
#include "tui/surface.h"
#include "tui/theme.h"

enum color_choice { COLORS_AUTO, COLORS_NEVER, COLORS_8, COLORS_16, COLORS_256, COLORS_TRUE };

struct term_options {
    FILE *in, *out;             /* NULL: stdin and stdout. A test gives a memory file */
    const char *term;           /* NULL: $TERM */
    enum color_choice colors;   /* auto looks at terminfo, COLORTERM and NO_COLOR */
    int rows, cols;             /* 0: the real size */
    bool mouse, esc_digit;
    int esc_ms;                 /* until a lone ESC is the key; 0: 25 */
    FILE *as_drawn;             /* NULL, or a test's: gets each frame as curses wrote it (wire.h) */
};

struct term;

/* Starts curses, and sees to it that a crash gives the terminal back. A TERM that is unknown falls
 * back to xterm-256color, xterm, vt100 (term_fallback() says so). ST_FAILED "terminal.dumb" when the
 * terminal cannot move its cursor, "terminal.unknown" (param: TERM) when nothing fits,
 * "terminal.none" when in is not a terminal and no size is given. */
enum status term_start(struct term **out, const struct term_options *o, struct err *e);

/* Leaves the alternate screen and gives everything back. NULL allowed. */
void term_stop(struct term *t);

void term_size(const struct term *t, int *rows, int *cols);
enum depth term_depth(const struct term *t);
/* The name that was used instead of an unknown TERM, or NULL. */
const char *term_fallback(const struct term *t);

/* The file descriptor to poll for input, and the one that turns readable when a signal came. */
int term_fd(const struct term *t);
int term_signal_fd(const struct term *t);

/* Reads what is there into the decoder. False at the end of input: the terminal is gone. */
bool term_read(struct term *t);
struct decoder *term_decoder(struct term *t);

/* What signals asked for since the last call. */
enum { TERM_RESIZED = 1, TERM_GONE = 2, TERM_SUSPEND = 4, TERM_CONTINUED = 8 };
unsigned term_signals(struct term *t);

/* Sets the size that curses works with (after TERM_RESIZED it is read from the terminal: rows =
 * cols = 0). */
void term_resize(struct term *t, int rows, int cols);

/* Brings the terminal up to date with s under the theme; a frame that equals the last one writes
 * no byte. */
void term_show(struct term *t, const struct grid *s, const struct theme *theme);

/* The next term_show() repaints everything (^L, after a foreign program wrote). */
void term_repaint(struct term *t);

/* Stops the process as ^Z would, the terminal in good order meanwhile; returns when it goes on. */
void term_suspend(struct term *t);

/* The process was stopped by others and goes on: takes the terminal again as it was. */
void term_resume(struct term *t);

void term_mouse(struct term *t, bool on);

/* Asks the terminal how many cells it draws an ambiguous character in (probe.h). Returns the row
 * and column, from 0, that the question was asked at; the answer comes as an INPUT_REPLY. False
 * where nobody would answer: no real terminal, or the Linux console. */
bool term_probe(struct term *t, int *y, int *x);

/* Sends a copy to the terminal's clipboard (clip.h). False where it has none. Words are sanitised
 * there. */
bool term_copy(struct term *t, const char *words);

/* The terminal is gone: from now on the process has 900 ms to end by itself; then it is ended with code 1,
 * the terminal in good order. For a write under way that still waits for its turn. A signal that asks the
 * process to go (TERM_GONE) does the same by itself, whatever the UI thread is waiting for then. */
void term_leave(struct term *t);

/* Puts the terminal right with one write and tcsetattr: async-signal-safe, for the crash handler
 * of base/crash. What other threads write to it afterwards is lost. Does nothing when no terminal
 * is started. */
void term_restore(void);

/* The same for `gonghai --reset-terminal`, on any descriptor. */
void term_reset(int fd);

#endif
