#include "tui/columns.h"

#include <stddef.h>

static int sum_widths(const int *order, int n, const int *width, int margin, int gap)
{
    int sum = margin, shown = 0;

    for (int k = 0; k < n; k++)
        if (width[order[k]] > 0) {
            sum += width[order[k]];
            shown++;
        }
    return sum + (shown > 1 ? gap * (shown - 1) : 0);
}

/* The column that goes first when it gets narrow; -1 when only those are left that never go. */
static int least_wanted(const struct table_column *c, const int *order, int n, const int *width)
{
    int found = -1;

    for (int k = 0; k < n; k++) {
        int i = order[k];

        if (width[i] > 0 && c[i].priority > 0 && (found < 0 || c[i].priority >= c[found].priority))
            found = i;
    }
    return found;
}

/* Takes cells back from those that must stay, the widest surplus first come. */
static void cut_back(const int *order, int n, const int *floor, int over, int *width)
{
    for (int k = 0; k < n && over > 0; k++) {
        int i = order[k], less = width[i] > 0 ? width[i] - floor[i] : 0;

        less = less > over ? over : less;
        if (less > 0) {
            width[i] -= less;
            over -= less;
        }
    }
}

/* Gives spare cells to the columns that would like more; first to those that lack least, so that as many as
 * may be are whole. */
static void widen(const struct table_column *c, const int *order, int n, const struct column_need *need,
                  int spare, bool numbers, int *width)
{
    while (spare > 0) {
        int found = -1, least = 0;

        for (int k = 0; k < n; k++) {
            int i = order[k], more = need[i].liked - width[i];

            if (width[i] == 0 || c[i].number != numbers || more <= 0 || (found >= 0 && more >= least))
                continue;
            found = i;
            least = more;
        }
        if (found < 0)
            return;
        least = least < spare ? least : spare;
        width[found] += least;
        spare -= least;
    }
}

int columns_share(const struct table_column *c, const int *order, int n, const struct column_need *need,
                  const int *floor, int margin, int gap, int cells, int *width)
{
    int gone, dropped = 0;

    for (int k = 0; k < n; k++)
        width[order[k]] = need[order[k]].least;
    while (sum_widths(order, n, width, margin, gap) > cells &&
           (gone = least_wanted(c, order, n, width)) >= 0) {
        width[gone] = 0;
        dropped++;
    }
    if (floor)
        cut_back(order, n, floor, sum_widths(order, n, width, margin, gap) - cells, width);
    widen(c, order, n, need, cells - sum_widths(order, n, width, margin, gap), true, width);
    widen(c, order, n, need, cells - sum_widths(order, n, width, margin, gap), false, width);
    return dropped;
}
