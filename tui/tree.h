/* tree.h - branches, channels, goals: rows that open and close, with columns beside them.
 *
 * The tree asks its source for the children of a row when it is opened first (lazily), at once or
 * later; the selection is an id. What was open stays open when everything is read again. Typing
 * after `/` finds rows among those that are here. The state is plain and needs no terminal.
 *
 * A view embeds a struct tree, calls tree_init() in open(), tree_free() in close(), tree_draw() in
 * draw(), tree_input() first in input(), tree_typing() in typing(), and adds tree_actions().
 */
#ifndef TUI_TREE_H
#define TUI_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tui/action.h"
#include "tui/edit.h"
#include "tui/table.h"

struct tree;

struct tree_row {
    int64_t id, version;            /* id: > 0, unique in the whole tree */
    bool folder;                    /* it has, or may have, rows below it */
    void *data;                     /* the source's own */
};

struct tree_source {
    /* Wants the rows below `parent` (0: the roots); answer with tree_answer() or tree_failed(),
     * during the call or later. */
    void (*ask)(void *self, struct tree *t, int64_t parent, uint32_t generation);
    /* As a table's: *out comes with no words and the column's ink. Column 0 names the row. */
    void (*cell)(void *self, struct tree *t, const struct tree_row *row, int column,
                 struct table_cell *out);
    void (*free_row)(void *self, struct tree_row *row);     /* gives `data` back; NULL: nothing to do */
    /* The selection rests on another row now. NULL: none. */
    void (*selected)(void *self, struct tree *t);
};

struct tree {
    const struct tree_source *source;
    void *self;
    const struct table_column *column;      /* [0] holds the tree itself */
    int ncolumns;
    bool focused;                           /* set by the view before drawing */

    /* Read only outside tree.c. */
    size_t n;                               /* rows that are to be seen: those whose parents are open */
    size_t sel, top;
    int64_t sel_id;                         /* 0: none */
    int height;
    bool loading;                           /* an answer is outstanding */
    struct tree_private *p;
};

/* Asks for the roots at once. One column at least. */
void tree_init(struct tree *t, const struct table_column *columns, int n,
               const struct tree_source *source, void *self);
void tree_free(struct tree *t);

/* Everything is read again; what is open and selected stays so, as far as it still exists. */
void tree_reload(struct tree *t);

/* The rows below `parent`, copied, in order. Of an old generation: they are given back. True when
 * the screen should be drawn. */
bool tree_answer(struct tree *t, uint32_t generation, int64_t parent, const struct tree_row *rows, size_t n);
void tree_failed(struct tree *t, uint32_t generation, int64_t parent);

/* The selected row, NULL in an empty tree; a visible row with its depth (0: a root). Valid until
 * the next tree_ call. */
const struct tree_row *tree_selected(const struct tree *t);
const struct tree_row *tree_row_at(const struct tree *t, size_t i, int *depth);
bool tree_is_open(const struct tree *t, int64_t id);

/* Selects a row that is here, opening what is above it; false if it is not here. */
bool tree_select(struct tree *t, int64_t id);
void tree_open(struct tree *t, int64_t id, bool open);
/* All that is here, to the leaves; what was never asked for is not. close: all but the roots shut. */
void tree_open_all(struct tree *t, bool open);

/* Column heads, rows, bar, thumb; the search in the last row while it goes on. */
void tree_draw(struct tree *t, struct surface s);
/* The search's keys while it goes on; a click selects, on the mark before a folder it turns it, the
 * wheel moves. Reaction bits. */
unsigned tree_input(struct tree *t, const struct input *in);
bool tree_typing(const struct tree *t);

/* Up and down, Right opens (or goes in), Left closes (or goes out), `*` opens all, `/` searches, n and N
 * go on: the set "tree". Its subject is the selected row. */
void tree_actions(struct tree *t, struct action_list *out);
bool tree_subject(void *tree, struct subject *out);

/* printf into a buffer of the tree that lives until the call after next: for cell(). */
const char *tree_text(struct tree *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
