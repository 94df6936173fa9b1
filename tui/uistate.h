/* uistate.h - the console's one struct, for the files that make it work: ui.c start, loop, stop;
 * uiviews.c the stack of views and the tabs; uiactions.c what the toolkit can do by itself, and how
 * an action is called; uiinput.c from bytes to handlers; uipaint.c a frame. Private to them.
 */
#ifndef TUI_UISTATE_H
#define TUI_UISTATE_H

#include "tui/frame.h"
#include "tui/lock.h"
#include "tui/messages.h"
#include "tui/scan.h"
#include "tui/ui.h"

enum { UI_TABS = 24, UI_SETS = 4 };

struct tab {
    const struct view_ops *ops;             /* NULL: announced only */
    const char *label, *short_label;
    struct view *view;                      /* once opened */
};

/* Cells that answer a click while their view is on top: an action, or the view's clicked(id). */
struct click_zone { int y, x, h, w, id; struct view *view; const struct action *action; };
enum { UI_ZONES = 160 };

struct ui {
    struct ui_options options;
    struct term *term;                      /* NULL when headless */
    struct decoder *decoder, own_decoder;
    struct loop *loop;
    struct work *work;
    struct keymap *keymap;
    struct theme theme;
    struct frame frame;
    struct grid grid;
    struct messages *messages;
    struct ui_history history;
    struct tab tab[UI_TABS];
    int ntabs;
    struct action tab_action[FRAME_TABS];
    struct action_set set[UI_SETS];
    int nsets;
    struct view *top, *dead;
    int depth;                              /* handlers under way: closed views wait */
    bool dirty, quit, mouse, input_seen;
    bool blank;                             /* names are blanked: a customer looks on */
    int rc;
    int64_t dirty_since, busy_since;
    int64_t wake_at;                        /* of the frame shown; NONE: nothing changes by itself */
    int esc_timer, busy_timer, wake_timer, spinner;
    struct lock *lock;
    struct scan scan;                       /* what may become a code */
    int scan_timer;
    int64_t read_at;                        /* when the input under way was read, clock_mono()'s */
    bool read_late;                         /* it may have waited before */
    bool asked;                             /* for the width of ambiguous characters, at: */
    int asked_y, asked_x;
    struct buf copied;                      /* the last copy */
    struct click_zone zone[UI_ZONES];
    int nzones;
    struct script script;
    struct buf script_text;
    size_t script_base;
};

/* --- uiviews.c -------------------------------------------------------------------------------- */
/* Frees the views that were closed while a handler ran, once no handler runs (ui->depth is 0). */
void ui_bury(struct ui *ui);
bool ui_is_tab(const struct ui *ui, const struct view *v);
/* The rows of the registered screens other than the one shown, a list each, and whose they are (both
 * UI_TABS long). Returns how many. Only to be listed: what is disabled is not known here. */
int ui_actions_elsewhere(struct ui *ui, struct action_list *lists, const struct view_ops **whose);
/* All of them, at the end. */
void ui_close_views(struct ui *ui);

/* --- uiactions.c ------------------------------------------------------------------------------ */
/* The rows that hold in every view: the app's, the tabs, the toolkit's own. */
void ui_add_global(struct ui *ui, struct action_list *out);
/* Gives the terminal to the shell until it brings us back. */
void ui_suspend(struct ui *ui);

/* Tells who keeps it what a person switched. */
void ui_chose(struct ui *ui, const char *key, const char *value);

/* --- uiclick.c -------------------------------------------------------------------------------- */
/* A left click on the cells of s calls the action, if v still offers it and is on top. */
void ui_click_action(struct view *v, struct surface s, const struct action *a);
/* Calls what a click falls on; 0 if nothing. */
unsigned ui_click(struct ui *ui, const struct input *in);

/* --- uiinput.c -------------------------------------------------------------------------------- */
/* Asks the terminal what the settings leave open, after the first frame. */
void ui_ask_terminal(struct ui *ui);
/* Carries out what a handler's answer asks of the console itself. */
void ui_take_bits(struct ui *ui, unsigned bits);
/* Callbacks of the loop. */
unsigned ui_on_input(void *self);
unsigned ui_on_signal(void *self);
unsigned ui_on_work(void *self);

/* --- uipaint.c -------------------------------------------------------------------------------- */
/* Is there no room for anything but the sentence that says so? */
bool ui_is_small(const struct ui *ui);

#endif
