/* action.h - what can be done, as rows.
 *
 * One row is an operation a person can call: name, function number, words, keys, handler. Keys,
 * footer, `?` help and `:` palette are made from the rows; nothing repeats them. A view offers sets
 * of rows: its own, those of the widget that has the focus, and the toolkit's global ones. Keys may
 * be changed by an INI file: sections are the sets' scopes, a line is `name = keys` (blanks between
 * them, nothing: no key).
 *
 *     static const struct action lead_actions[] = {
 *         { .name = "lead.claim", .number = 2031, .label = N_("Claim"),
 *           .help = N_("Makes the lead yours and starts the clock."), .group = N_("Lead"),
 *           .keys = "c", .flags = ACTION_SUBJECT | ACTION_WRITE | ACTION_FOOTER,
 *           .run = lead_claim },
 *     };
 */
#ifndef TUI_ACTION_H
#define TUI_ACTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "tui/loop.h"

struct ui;
struct action;

enum {
    ACTION_SUBJECT = 1,     /* works on the selected record: disabled without one */
    ACTION_WRITE = 2,       /* changes data: disabled while the frame is read-only or offline */
    ACTION_CONFIRM = 4,     /* asks first; Cancel is the default */
    ACTION_TYPED = 8,       /* asks for the subject's word to be typed */
    ACTION_FOOTER = 16,     /* stands in the key row, in the order of the rows */
    ACTION_ALWAYS = 32,     /* works over dialogs too (redraw, lock, help) */
    ACTION_HIDDEN = 64,     /* in neither palette nor help (Esc, plain movement twins) */
    ACTION_TYPING = 128,    /* its printable keys work while a text field has the focus, too */
    ACTION_LOCKED = 256     /* its keys work on the lock screen, too */
};

/* What an action works on: taken when the key is pressed, so a list that moves meanwhile changes
 * nothing. */
struct subject {
    int64_t id, version;
    int64_t marked;         /* how many are marked; 0: only this one */
    char name[64];          /* for sentences, UTF-8 */
};

/* Sets its name, cut to what there is room for. NULL: none. */
void subject_name(struct subject *s, const char *words);

struct action_call {
    struct ui *ui;
    void *self;                         /* the set's owner */
    const struct action *action;
    int key;                            /* K_NONE from the palette */
    const char *arg;                    /* words after the name in the palette, or NULL */
    bool has_subject;
    struct subject subject;
};

struct action {
    const char *name;                   /* "lead.claim", unique, stable */
    int number;                         /* four digits, or 0 */
    const char *label, *help, *group;   /* msgids; group is the help screen's section */
    const char *keys;                   /* default keys, or NULL */
    /* NULL: the label of the first key; else shown instead ("F2") */
    const char *footer_keys;
    unsigned flags;
    /* msgid: the sentence asked with ACTION_CONFIRM or ACTION_TYPED */
    const char *confirm;
    unsigned (*run)(const struct action_call *call);
    /* Why it cannot be done now, translated ("not in your hands"); NULL when it can. */
    const char *(*disabled)(const struct action_call *call);
};

struct action_set {
    const char *scope;                  /* section of the keymap: "leads" */
    const struct action *rows;
    size_t n;
    void *self;
    bool (*subject)(void *self, struct subject *out);      /* NULL: has none */
};

enum { ACTION_SETS = 16 };
struct action_list {
    int n;
    struct action_set set[ACTION_SETS];
    bool typing;            /* a text field has the focus: printable keys are letters, mostly */
};

void action_list_add(struct action_list *l, const char *scope, const struct action *rows, size_t n,
void *self,
                     bool (*subject)(void *self, struct subject *out));
#define ACTION_LIST_ADD(l, scope, rows, self, subject) \
    action_list_add((l), (scope), (rows), sizeof(rows) / sizeof((rows)[0]), (self), (subject))

/* --- keys ------------------------------------------------------------------------------------- */
struct keymap;

struct keymap *keymap_new(void);
void keymap_free(struct keymap *k);

/* The keys of an action in its scope from now on (names parted by blanks, "" for none), over its own.
 * Nothing is checked: tui/keymapfile.h does that for what people write. */
void keymap_set(struct keymap *k, const char *scope, const char *name, const char *keys);

/* Calls back for each key name of a list parted by blanks, K_NONE for a name that is none; stops when it
 * answers true, and says so. */
bool keys_each(const char *keys, bool (*call)(void *self, const char *name, int key), void *self);

/* The keys of a row in its scope: the override, or the default. "" for none. */
const char *keymap_keys(const struct keymap *k, const char *scope, const struct action *a);

/* First key of a row, K_NONE without. */
int keymap_first(const struct keymap *k, const char *scope, const struct action *a);
bool keymap_has(const struct keymap *k, const char *scope, const struct action *a, int key);

/* The keymap that the rows make by default, as INI text: documentation and starting point. */
struct buf;
void keymap_print(const struct keymap *k, const struct action_list *all, struct buf *out);

/* --- looking up and calling ------------------------------------------------------------------- */
/* Fills *call for the row of the first set that has the key; false if none. Sets are searched
 * from the first on. */
bool action_by_key(const struct keymap *k, const struct action_list *l, struct ui *ui, int key,
struct action_call *call);
bool action_by_name(const struct action_list *l, struct ui *ui, const char *name,
struct action_call *call);
bool action_by_number(const struct action_list *l, struct ui *ui, int number,
struct action_call *call);

/* Does the key reach this row of l->set[set]? Not where a row before it has the same key, nor where
 * the key would be typed. What is shown to people is only what this says. */
bool action_reached(const struct keymap *k, const struct action_list *l, int set, const struct action *a,
                    int key);
/* The first of its keys that reaches it, K_NONE without. */
int action_key(const struct keymap *k, const struct action_list *l, int set, const struct action *a);

/* Why the call cannot be made now, translated, or NULL. Asks flags first, then the row. */
const char *action_disabled(const struct action_call *call);

#endif
