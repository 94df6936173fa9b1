/* frame.h - what stands around every screen: header, tabs, context, status, keys; and the box
 * around every dialog. ui.c calls this; views don't. */
#ifndef TUI_FRAME_H
#define TUI_FRAME_H

#include "tui/ui.h"

enum {
    FRAME_TABS = 9,
    FRAME_MIN_ROWS = 10,
    FRAME_MIN_COLS = 40,
    FRAME_NARROW = 60,
    FRAME_WIDE = 100
};

struct frame_tab {
    const char *label, *short_label;
    const struct action *action;        /* what a click on it calls */
    bool later, current;
};

struct frame_parts {
    const struct frame *frame;
    const struct frame_tab *tabs;
    int ntabs;
    struct view *view;
    const struct action_list *actions;
    const struct keymap *keymap;
    struct ui *ui;
    int spinner;                        /* 0: nothing to wait for; else the turn */
};

/* Draws all but body and status; returns the body, which may be empty. */
struct surface frame_draw(const struct frame_parts *p, struct surface s);

/* The status row, after the body: it may tell what the body found no room for. */
void frame_status(const struct frame_parts *p, struct surface s);

/* Where the status row is. Dialogs leave it free where they can: toasts stand there. */
struct surface frame_status_row(struct surface s);

/* The panel for windows that are too small for a frame. */
void frame_too_small(struct surface s, int rows, int cols);

/* The keys of the sets, most useful first, as many as fit, each a button; `more` adds `:` and `?`. */
void frame_keys(struct surface s, int y, const struct action_list *actions,
                const struct keymap *keymap, struct view *v, bool more);

/* One row: the F-keys that do something in v, or everywhere over it (`global`, only its
 * ACTION_ALWAYS rows), each a button. */
void frame_keybar(struct surface row, struct view *v, const struct action_list *actions,
                  const struct action_list *global, const struct keymap *keymap);

/* The words at the right end of the lowest row of the body whose empty cells hold them; where the body
 * is full, in the widest gap of the status row or of the rows above the body (s is the whole screen).
 * Never over words. */
void frame_watermark(struct surface s, struct surface body, const char *words);

/* Large print: every word of the surface bold. */
void frame_embolden(struct surface s);

/* The box of a dialog in the middle of s, with its keys; returns the body. */
struct surface frame_dialog(struct surface s, struct view *v, const struct action_list *actions,
                            const struct keymap *keymap);

#endif
