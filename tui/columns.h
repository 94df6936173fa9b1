/* columns.h - sharing the cells of a row among columns: of a table, of a tree. Pure. */
#ifndef TUI_COLUMNS_H
#define TUI_COLUMNS_H

#include <stdbool.h>

#include "tui/table.h"

/* What a column needs and would like, in cells; least 0: it is not to be shown. */
struct column_need { int least, liked; };

/* Shares `cells` among the columns whose indexes stand in order[0..n), from the left: fills
 * width[index], 0 where there is no room. `margin` cells stand before the first, `gap` between two.
 * Columns of the highest priority number give way first; spare room goes to numbers, then to the
 * others, from the left. A column of priority 0 that has more than it must is cut back to floor[]
 * rather than run over the edge (NULL: none is). Returns how many found no room. */
int columns_share(const struct table_column *c, const int *order, int n, const struct column_need *need,
                  const int *floor, int margin, int gap, int cells, int *width);

#endif
