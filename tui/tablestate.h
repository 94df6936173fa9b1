/* tablestate.h - what the table's files share: table.c the window and what can be done, tabledraw.c
 * how it looks and the mouse, tablecolumns.c columns by taste. Private to them.
 */
#ifndef TUI_TABLESTATE_H
#define TUI_TABLESTATE_H

#include "tui/rows.h"
#include "tui/table.h"

enum { TABLE_PAGES = 64 };

enum { TABLE_MET = 128 };        /* a power of two */

struct table_private {
    struct table_page *page[TABLE_PAGES];
    int npages;
    uint32_t generation;
    bool asked;                         /* an ask is outstanding */
    enum table_side side;
    int64_t id;                         /* the row that is sought with TABLE_AROUND */
    bool replace;                       /* its answer takes the place of the whole window */
    /* a reload was asked for while another ask was on its way */
    bool wanted;
    int64_t owed;                       /* rows the selection still has to move */
    int64_t jump;                       /* those of them that the ask on its way covers; 0: it is none */
    int64_t margin;                     /* rows that its page has before the one where the jump ends */
    int offset;                         /* rows between top and selection, kept over a reload */
    bool fresh;                         /* nothing was ever shown */
    int64_t *mark;
    size_t nmarks, cap_marks;
    struct rows_text text;              /* of table_text() */
    /* The person's taste, by column. */
    int order[TABLE_COLUMNS];           /* columns by place */
    bool hidden[TABLE_COLUMNS];
    int own[TABLE_COLUMNS];             /* width chosen; 0: none */
    /* Of the last drawing. */
    struct surface area;
    int width[TABLE_COLUMNS];           /* 0: no room */
    /* found no room in the last table_wish(): not in the next drawing either */
    bool held[TABLE_COLUMNS];
    int short_of;                       /* cells that shown columns would like and did not get */
    /* The widest words met in a column, in their full spelling and, of numbers, in their short one.
     * They only grow, so that columns stand still while one pages; other columns begin anew, the
     * short spelling with another list too. */
    int widest[TABLE_COLUMNS], brief[TABLE_COLUMNS];
    const struct table_column *widest_of;
    /* The rows whose words were measured, and when, by the last bits of their ids. */
    struct met_row { int64_t id, version, when; } met[TABLE_MET];
    int lead[TABLE_COLUMNS];            /* large print: the columns of the first line */
    int nlead;
    /* A border in hand: the column left of it (-1: none), where it was taken, its width then. */
    int drag, drag_x, drag_cells;
};

/* --- table.c ---------------------------------------------------------------------------------- */
/* Keeps the selection on the screen. */
void table_scroll(struct table *t);
/* Asks for what is missing around the selection. */
void table_fetch(struct table *t);
struct table_cell table_cell(struct table *t, const struct table_row *row, int column);
/* Sorts by the column, the other way round when it is already. */
void table_sort_by(struct table *t, int column);

/* --- tablecolumns.c --------------------------------------------------------------------------- */
/* The order and widths that nobody changed. */
void table_columns_reset(struct table *t);
/* Gives a column a width of its own within what is allowed; 0: none. */
void table_column_width(struct table *t, int column, int cells);
void table_tell_layout(struct table *t);

#endif
