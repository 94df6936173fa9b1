/* table.h - a list of any length that never holds more than a window of it.
 *
 * The table asks its source for pages of rows beside rows it has (keyset windows, never offsets)
 * and is answered at once or later; it keeps a few screenfuls and gives the rest back. The
 * selection is an id, not a row number: it stays with its record when rows come, go or change
 * places. Movement past what is loaded is owed and paid when the page arrives, so keys typed ahead
 * are not lost. The state is plain and needs no terminal.
 *
 * A view embeds a struct table, calls table_init() in open(), table_free() in close(), table_draw()
 * in draw(), and adds the movement with table_actions(). Pages come from the view's jobs: done()
 * calls table_answer().
 */
#ifndef TUI_TABLE_H
#define TUI_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "tui/action.h"
#include "tui/key.h"
#include "tui/surface.h"

struct table;
struct ui;

/* A column. Widths are cells; a column is at least as wide as its title, and a number column as
 * the widest number of the list shown so far, in its short spelling. */
struct table_column {
    const char *key;                /* the source's name of it: "stage" */
    const char *title;              /* msgid */
    /* max 0: min. Spare room goes to columns whose words need it, up to their max, first where the
     * least makes them whole */
    int min, max;
    /* 0 never goes; the highest number goes first when it gets narrow */
    int priority;
    enum align align;
    int ink;                        /* of cells that name none; usually ROLE_TEXT or ROLE_DIM */
    bool number;                    /* never cut: takes the short spelling, then widens */
    bool sortable;
    bool sort_desc;                 /* first direction when sorted by it */
};

/* What stands in a cell. `words` and `brief` stay valid until the next call for the same table;
 * table_text() below makes such words. */
struct table_cell { const char *words, *brief; int ink; };

struct table_row { int64_t id, version; void *data; };

/* Rows in list order. Made by the source, owned by the table once answered, freed by the
 * source's free_page (or, when that is NULL, by freeing `mem` and the page with free()). */
struct table_page {
    struct arena mem;
    size_t n;
    struct table_row *row;
    /* AROUND: the asked row's index here; if it left the list, that of the row now in its place */
    size_t anchor;
    void *data;                     /* the source's own */
};

enum table_side {
    TABLE_FIRST,                    /* the first `count` rows */
    TABLE_LAST,                     /* the last `count` rows */
    TABLE_AFTER,                    /* the next ones after `edge` */
    TABLE_BEFORE,                   /* the ones before `edge`, in list order too */
    /* count/2 before and the rest from row `id` on, at the place where it now is; if it left the
     * list, from where `edge` (its old self) would stand */
    TABLE_AROUND
};

struct table_ask {
    enum table_side side;
    /* valid during ask() only: copy its keys; NULL for FIRST, LAST, and AROUND of a row that was
     * never loaded */
    const struct table_row *edge;
    int64_t id;                     /* of AROUND */
    int count;                      /* 1..1000 */
    /* AFTER, BEFORE, of a source that can (`skips`): so many rows behind the edge are passed over
     * first; a list that ends among them gives no row. */
    int64_t skip;
    uint32_t generation;            /* goes back with the answer */
};

struct table_source {
    bool skips;                     /* ask() knows skip: keys typed ahead jump in one go */
    /* Wants rows. One ask is outstanding at a time; a newer generation makes older ones
     * pointless. */
    void (*ask)(void *self, struct table *t, const struct table_ask *ask);
    /* Fills *out (which comes with no words and the column's ink) for a row. */
    void (*cell)(void *self, struct table *t, const struct table_row *row, int column,
                 struct table_cell *out);
    void (*free_page)(void *self, struct table_page *page);             /* NULL: see table_page */
    /* The person chose another order: take it and table_reload(). NULL: the table offers no
     * sorting. */
    void (*sort)(void *self, struct table *t, int column, bool desc);
    /* The row's own ink, over the columns': ROLE_STALE for what is being written, ROLE_TEXT for
     * none. NULL: none. */
    int (*row_ink)(void *self, struct table *t, const struct table_row *row);
    /* The selection rests on another row now. NULL: none. */
    void (*selected)(void *self, struct table *t);
    /* The person hid, moved or resized a column: table_layout() is what to keep. NULL: nobody
     * keeps it. */
    void (*laid_out)(void *self, struct table *t);
};

enum { TABLE_COLUMNS = 32, TABLE_WINDOW = 2000 };

struct table {
    const struct table_source *source;
    void *self;
    const struct table_column *column;
    int ncolumns;
    int sort;                       /* column sorted by, -1: none shown */
    bool sort_desc;
    bool focused;                   /* set by the view before drawing */
    /* Large print: two lines and an empty one a row, four columns that matter most on the first,
     * the others below them in words. The grid says so at each drawing. */
    bool large;

    /* Read only outside table.c. */
    int64_t total;                  /* rows in the list, -1: not known */
    /* place of the window's first row in the list, from 0; -1: not known */
    int64_t first;
    size_t n;                       /* rows in the window */
    size_t sel, top;                /* in the window */
    int64_t sel_id;
    int height;                     /* text rows of the last drawing */
    bool loading, at_start, at_end; /* the window touches the list's ends */
    int dropped;                    /* columns that found no room; names with table_dropped() */

    struct table_private *p;
};

void table_init(struct table *t, const struct table_column *columns, int n,
                const struct table_source *source, void *self);
void table_free(struct table *t);

/* Asks for the first rows and forgets the window when they come; until then the old ones stand. */
void table_reset(struct table *t);
/* Asks for the rows around the selection again: data changed, or the order. Selection and its
 * place on the screen stay. */
void table_reload(struct table *t);
/* Selects a row that may not be loaded. */
void table_goto(struct table *t, int64_t id);

/* Answers an ask. `more`: the list goes on beyond the page's far side (for AROUND: past its end;
 * `more_before`: before its start). A page of an old generation is given back at once. Returns
 * true when the screen should be drawn: not while the selection is still on its way through
 * pages to come. */
bool table_answer(struct table *t, uint32_t generation, struct table_page *page, bool more_before,
                  bool more);
/* The ask failed: stops waiting; what was shown stays. */
void table_failed(struct table *t, uint32_t generation);

void table_set_total(struct table *t, int64_t total);

/* The selected row, NULL in an empty list. Valid until the next table_ call. */
const struct table_row *table_selected(const struct table *t);
/* The selected row's place, from 1; 0 when not known. */
int64_t table_place(const struct table *t);
const struct table_row *table_row_at(const struct table *t, size_t i);

/* Moves the selection by rows (may pass what is loaded), or to an end. */
void table_move(struct table *t, int64_t rows);
void table_move_end(struct table *t, bool last);

/* --- marks: ids, kept while the list changes -------------------------------------------------- */
void table_mark(struct table *t, int64_t id, bool on);
bool table_marked(const struct table *t, int64_t id);
/* sorted; valid until the next change */
size_t table_marks(const struct table *t, const int64_t **ids);
void table_unmark_all(struct table *t);

/* --- screen ----------------------------------------------------------------------------------- */
/* Head, rows, selection bar, scroll position. While the first rows are on their way grey stubs
 * stand for them. An empty list draws nothing below the head: the view says what is missing
 * (view_empty). */
void table_draw(struct table *t, struct surface s);
/* How many cells more than s has the columns that find room there would fill; 0 when they have all
 * they like. Draws nothing; the next table_draw() uses what it is given for these columns. */
int table_wish(struct table *t, struct surface s);
/* A click or the wheel inside the last drawing; reaction bits. A click on a row selects it, on a
 * sortable column's head sorts by it (again: the other way round). A press on the blanks right of a
 * head takes its border in hand: moves of the mouse resize it until the button is let go. */
unsigned table_input(struct table *t, const struct input *in);
/* Movement, marks, sort: the set "list". Its subject is the selected row, named by the first
 * column's words. */
void table_actions(struct table *t, struct action_list *out);
bool table_subject(void *table, struct subject *out);
/* "第 1/1,312 条": place and total, for the status row; and what was dropped: "> 评分 归属". */
void table_status(const struct table *t, struct line *l);
void table_dropped(const struct table *t, struct line *l);

/* --- columns by taste --------------------------------------------------------------------------
 * A layout is what a person made of the columns: their order, which are hidden, and widths. Columns
 * are named by their place in table_init()'s array, whatever their order on the screen.
 *
 * As text: keys in their order, parted by commas; `-` before a hidden one, `:cells` after one with
 * a width of its own: "name,product:12,-score". Written so it says all columns. */
enum { TABLE_WIDTH_LEAST = 3, TABLE_WIDTH_MOST = 80 };

void table_layout(const struct table *t, struct buf *out);
/* Takes such text over the columns' defaults; NULL or "": the defaults. Words that name no column,
 * a column named twice, and widths out of range are passed over; columns that it does not name
 * keep their place behind the one that they follow by default. Never hides all. True if every word
 * was taken. Does not call laid_out(). */
bool table_set_layout(struct table *t, const char *text);

/* Hides column i (by > 0), shows it (by < 0), or the other of the two (0). False: it is so already,
 * or it is the last one that is shown. */
bool table_column_hide(struct table *t, int column, int by);
/* Moves it by so many places among all columns, to the left when negative; as far as it goes. */
bool table_column_move(struct table *t, int column, int by);
/* Makes it wider or narrower by so many cells than it is now; 0: its own width again. */
bool table_column_resize(struct table *t, int column, int by);
bool table_column_hidden(const struct table *t, int column);
/* The column at a place of the order (0 .. ncolumns-1), hidden ones included. */
int table_column_at(const struct table *t, int place);

/* The dialog: Space shows and hides, S-Up and S-Down (or [ and ]) move, + and - set the width, 0
 * gives it back, Backspace brings the defaults. Every step is seen at once behind it; Esc takes
 * all of them back. */
void table_columns_dialog(struct ui *ui, struct table *t);

/* printf into a buffer of the table that lives until the next row is drawn: for cell(). */
const char *table_text(struct table *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
