/* ui.h - the console: one struct that holds terminal, loop, workers, views, theme and keys.
 *
 *     ui_start(&ui, &options, &err);
 *     ui_register(ui, &home_view);
 *     ui_goto(ui, "home", NULL, &err);
 *     rc = ui_run(ui);
 *     ui_stop(ui);
 *
 * One turn of the loop: all waiting input, finished work, timers, then at most one frame. UI thread
 * only.
 */
#ifndef TUI_UI_H
#define TUI_UI_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "tui/loop.h"
#include "tui/term.h"
#include "tui/view.h"
#include "tui/work.h"

/* What the frame's header and footer say about person and connection. Words are translated by
 * the app. */
enum { FRAME_UNITS = 6 };
struct frame {
    const char *product;                    /* "公海"; NULL: the toolkit's own */
    int nunits;
    char unit[FRAME_UNITS][64];             /* place in the organisation, from the top */
    char person[64], role[64];
    char connection[48];                    /* one word; "" for none */
    int connection_ink;
    int messages;                           /* unread; -1: no such thing yet */
    bool read_only, offline;                /* disable ACTION_WRITE rows */
    char offline_why[160];                  /* the banner in place of row 2 while offline */
};

struct ui_options {
    struct term_options term;
    /* no terminal at all: rows x cols of term, dumps and scripts only */
    bool headless;
    bool ascii;                             /* ASCII chrome even where lines would do */
    bool cursor_always;                     /* show the cursor on lists, too (screen readers) */
    const char *theme;                      /* NULL: "default"; depth mono always shows "mono" */
    const char *theme_file, *keymap_file;   /* NULL: none */
    const struct work_ops *work;
    void *work_arg;
    /* a script (key.h) that is played before the terminal is read */
    const char *keys;
    bool quit_after_keys;
    /* Initials that find a label in the palette ("lq" for 领取); writes to out. NULL: none. */
    void (*initials)(void *arg, const char *label, struct buf *out);
    void *initials_arg;
    bool keybar;                            /* one more row at the bottom: what F1 to F12 do here */
    bool large;                             /* large print: two rows a line, letters spaced wide */
    int lock_after_s;                       /* idle seconds until the console locks; 0: never */
    /* Who and where, in one line, shown dim in the empty cells of screens with personal data.
     * NULL: none. */
    const char *watermark;
    bool clipboard;                         /* may copies go to the terminal's clipboard (OSC 52)? */
    bool paste;                             /* may text be pasted? */
    int ambiguous;                          /* columns of ambiguous characters: 1, 2, 0 asks */
    bool scan;                              /* is a barcode scanner's burst recognised? */
    /* A person switched something that may be kept: the key as in the settings ("ui.theme"), and
     * its value ("light", "true"). Called on the UI thread. NULL: nobody keeps it. */
    void (*chose)(void *arg, const char *key, const char *value);
    void *chose_arg;
    /* A barcode scanner's burst, UTF-8, without its Enter, where no text field takes it; reaction
     * bits. NULL: nobody. */
    unsigned (*scanned)(void *arg, const char *text);
    void *scanned_arg;
};

struct ui;

enum status ui_start(struct ui **out, const struct ui_options *o, struct err *e);
void ui_stop(struct ui *ui);                /* closes the views; NULL allowed */

/* --- views ------------------------------------------------------------------------------------ */
/* Registers a screen: reachable by name and number; the first nine stand in the tabs, in this
 * order. */
void ui_register(struct ui *ui, const struct view_ops *ops);
/* A tab that is announced but not there yet stands grey: its key says so. label, short_label:
 * msgids. */
void ui_register_later(struct ui *ui, const char *label, const char *short_label);
/* Makes a registered screen the base of the stack (what stood on it is closed). Screens stay
 * open in the background. ST_INVALID "view.unknown" (params: name, the names there are), or
 * the error of open(). */
enum status ui_goto(struct ui *ui, const char *name, const void *arg, struct err *e);
/* Opens a view on top. NULL with *e filled (NULL allowed) when open() refused; a toast then says
 * that nothing opened only if the caller does so. */
struct view *ui_push(struct ui *ui, const struct view_ops *ops, const void *arg, struct err *e);
/* Closes the view and all that stands on it. Safe inside its own handlers: it goes after they
 * return. */
void ui_close(struct ui *ui, struct view *v);
struct view *ui_top(struct ui *ui);
/* The topmost full screen. */
struct view *ui_screen(struct ui *ui);

/* Adds rows that hold everywhere (after the toolkit's own). rows live as long as ui. */
void ui_add_actions(struct ui *ui, const char *scope, const struct action *rows, size_t n,
                    void *self);
/* What could be called now: the top's sets, then the global ones. */
void ui_actions(struct ui *ui, struct action_list *out);
/* The same as if no palette or help stood above: what those two offer. */
void ui_actions_of(struct ui *ui, struct view *v, struct action_list *out);
/* Calls an action after its checks: disabled says why in a toast, confirm classes ask first.
 * Reaction bits. */
unsigned ui_call(struct ui *ui, const struct action_call *call);

/* --- the loop --------------------------------------------------------------------------------- */
/* Until someone quits, input ends or a signal says so. 0, or 1 when the terminal went away. */
int ui_run(struct ui *ui);
/* Plays the script, each key once no job is outstanding, and paints; returns when all is quiet.
 * For tests and dumps. */
void ui_run_until_idle(struct ui *ui);
/* Adds to the script. False if it names an unknown key; *bad then points into keys. */
bool ui_keys(struct ui *ui, const char *keys, const char **bad);
/* Delivers one input as the terminal would. */
void ui_input(struct ui *ui, const struct input *in);
/* Feeds bytes as the terminal would send them. */
void ui_bytes(struct ui *ui, const void *bytes, size_t n);
void ui_redraw(struct ui *ui);
/* Must names be drawn as blanks now, because a customer looks on? F9 switches it; every view asks
 * while it draws (views/words.h: words_name). */
bool ui_blank(const struct ui *ui);
/* Is large print on? Then rows take two lines and names are spaced; surfaces know it, too
 * (grid.large). */
bool ui_large(const struct ui *ui);
void ui_paint(struct ui *ui);               /* now, if anything changed */

struct loop *ui_loop(struct ui *ui);
struct work *ui_work(struct ui *ui);
struct frame *ui_frame(struct ui *ui);      /* fill in, then ui_redraw() */
struct grid *ui_grid(struct ui *ui);        /* as last painted */
struct keymap *ui_keymap(struct ui *ui);
const struct theme *ui_theme(const struct ui *ui);
const struct ui_options *ui_options(const struct ui *ui);
bool ui_ascii(const struct ui *ui);
/* Are there no colours? What only a colour would tell has to be told otherwise. */
bool ui_mono(const struct ui *ui);

/* Takes a compiled-in theme by name; names NULL goes to the next one. */
enum status ui_set_theme(struct ui *ui, const char *name, struct err *e);
/* Layout for another size; a terminal is asked to follow only in tests. */
void ui_resize(struct ui *ui, int rows, int cols);

/* From draw(): the moment (clock_now()'s) at which what is shown changes by itself, because a limit
 * passes. The console wakes for the earliest of a frame's moments and draws; else it sleeps. NONE
 * and moments that have passed ask for nothing. */
void ui_wake_at(struct ui *ui, int64_t when);

/* From draw(): a left click on the cells of s calls v's clicked(v, id), while v is on top and until
 * the next frame. */
void ui_clickable(struct view *v, struct surface s, int id);

/* --- the lock --------------------------------------------------------------------------------- */
/* A locked console shows no data and takes no key but its password; jobs go on, messages wait. It
 * locks by its action and after options.lock_after_s seconds without input. */
struct ui_lock {
    /* Has the account a password? NULL or false: Enter unlocks, and the screen says why. */
    bool (*needs)(void *arg);
    /* Is this it? ST_OK unlocks; else *e says why not. On the UI thread. */
    enum status (*check)(void *arg, const char *password, struct err *e);
    /* The sentence of such an error, appended to out; NULL: "wrong password" for all. */
    void (*say)(void *arg, const struct err *e, struct buf *out);
    void *arg;
};
/* How to unlock; *how is copied. Without it Enter unlocks. */
void ui_lock_with(struct ui *ui, const struct ui_lock *how);
void ui_lock(struct ui *ui);
bool ui_locked(const struct ui *ui);

/* The lines of the palette, the newest last. */
enum { UI_HISTORY = 50 };
struct ui_history { char *line[UI_HISTORY]; int n; };
struct ui_history *ui_history(struct ui *ui);

/* --- saying things ---------------------------------------------------------------------------- */
enum toast_kind { TOAST_DONE, TOAST_WARN, TOAST_BAD };
/* One sentence in the status row for 4 s, and in the message log. Formats are translated by the
 * caller. */
void ui_toast(struct ui *ui, enum toast_kind kind, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* As above with an undo: `u` calls undo(self) once within `seconds`, whose remaining time is
 * shown. free(self) runs when it is over either way (NULL allowed). */
void ui_toast_undo(struct ui *ui, int seconds, unsigned (*undo)(struct ui *ui, void *self),
                   void (*done)(void *self), void *self, const char *fmt, ...)
    __attribute__((format(printf, 6, 7)));

#endif
