/* loop.h - waiting: file descriptors and timers of the one event loop.
 *
 * Callbacks run on the UI thread and return reaction bits (what must happen next); they never draw.
 * Callers of a view usually reach the loop through ui_loop().
 */
#ifndef TUI_LOOP_H
#define TUI_LOOP_H

#include <stdbool.h>
#include <stdint.h>

/* What must happen next. Handlers return a union of these; 0 means "not mine". */
enum {
    UI_HANDLED = 1,         /* the input is used up */
    UI_REDRAW = 2,          /* something on the screen changed */
    UI_CLOSE = 4,           /* close the view that answered */
    UI_QUIT = 8,            /* leave the program */
    UI_DONE = UI_HANDLED | UI_REDRAW
};

typedef unsigned loop_callback(void *self);

struct loop;

struct loop *loop_new(void);
void loop_free(struct loop *l);

/* Calls back whenever fd can be read (or was hung up), for good; fd stays the caller's. */
void loop_add_fd(struct loop *l, int fd, loop_callback *call, void *self);

/* Calls back once, ms (>= 0) from now by the monotonic clock. Returns an id > 0. */
int loop_add_timer(struct loop *l, int64_t ms, loop_callback *call, void *self);
/* id 0 and ids that are over are allowed. */
void loop_cancel_timer(struct loop *l, int id);

/* Milliseconds until the next timer, -1 if there is none. */
int loop_next(const struct loop *l);

/* Milliseconds that the last loop_wait() came later than the one before it had ended: how long nobody
 * listened. */
int64_t loop_deaf(const struct loop *l);

/* Waits at most `ms` (-1: for ever, 0: not at all), never past the next timer, then runs what is
 * due. Returns the union of the callbacks' bits. A signal ends the wait early. */
unsigned loop_wait(struct loop *l, int ms);

#endif
