/* tablecolumns.c - columns by taste: their layout as text, and the dialog that changes it. */
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "tui/tablestate.h"
#include "tui/ui.h"

/* --- the layout ------------------------------------------------------------------------------- */

void table_columns_reset(struct table *t)
{
    for (int i = 0; i < t->ncolumns; i++) {
        t->p->order[i] = i;
        t->p->hidden[i] = false;
        t->p->own[i] = 0;
    }
}

void table_tell_layout(struct table *t)
{
    if (t->source->laid_out)
        t->source->laid_out(t->self, t);
}

void table_layout(const struct table *t, struct buf *out)
{
    for (int k = 0; k < t->ncolumns; k++) {
        int i = t->p->order[k];

        buf_addf(out, "%s%s%s", k ? "," : "", t->p->hidden[i] ? "-" : "", t->column[i].key);
        if (t->p->own[i])
            buf_addf(out, ":%d", t->p->own[i]);
    }
}

static int place_of(const struct table *t, int column)
{
    for (int k = 0; k < t->ncolumns; k++)
        if (t->p->order[k] == column)
            return k;
    return -1;
}

static int find_column(const struct table *t, const char *key, size_t n)
{
    for (int i = 0; i < t->ncolumns; i++)
        if (strlen(t->column[i].key) == n && !strncmp(t->column[i].key, key, n))
            return i;
    return -1;
}

/* ":12" behind a key; 0 when there is none, -1 when it is no width. */
static int read_width(const char *s, size_t n)
{
    int cells = 0;

    if (n == 0)
        return 0;
    for (size_t i = 1; i < n; i++) {
        if (s[i] < '0' || s[i] > '9' || i > 3)
            return -1;
        cells = cells * 10 + (s[i] - '0');
    }
    return cells >= TABLE_WIDTH_LEAST && cells <= TABLE_WIDTH_MOST ? cells : -1;
}

/* One word of a layout; false when it is not (wholly) taken. */
static bool take_word(struct table *t, const char *s, size_t n, bool *named, int *order, int *at)
{
    bool hidden = n > 0 && *s == '-';
    size_t key;
    int i, cells;

    s += hidden;
    n -= hidden;
    key = 0;
    while (key < n && s[key] != ':')
        key++;
    i = find_column(t, s, key);
    if (i < 0 || named[i])
        return false;
    named[i] = true;
    order[(*at)++] = i;
    t->p->hidden[i] = hidden;
    cells = read_width(s + key, n - key);
    t->p->own[i] = cells > 0 ? cells : 0;
    return cells >= 0;
}

/* Puts a column that no word names behind the one that it follows by default. */
static void put_in(int *order, int *n, int column)
{
    int at = 0;

    for (int k = 0; k < *n; k++)
        if (order[k] == column - 1)
            at = k + 1;
    memmove(order + at + 1, order + at, sizeof *order * (size_t)(*n - at));
    order[at] = column;
    (*n)++;
}

bool table_set_layout(struct table *t, const char *text)
{
    bool named[TABLE_COLUMNS] = { false }, whole = true, shown = false;
    int order[TABLE_COLUMNS], at = 0;

    table_columns_reset(t);
    for (const char *s = text ? text : ""; *s;) {
        size_t n = strcspn(s, ",");

        whole = take_word(t, s, n, named, order, &at) && whole;
        s += n + (s[n] == ',');
    }
    for (int i = 0; i < t->ncolumns; i++)
        if (!named[i])
            put_in(order, &at, i);
    memcpy(t->p->order, order, sizeof *order * (size_t)t->ncolumns);
    for (int i = 0; i < t->ncolumns; i++)
        shown = shown || !t->p->hidden[i];
    if (!shown) {
        t->p->hidden[t->p->order[0]] = false;
        whole = false;
    }
    return whole;
}

bool table_column_hidden(const struct table *t, int column)
{
    return t->p->hidden[column];
}

int table_column_at(const struct table *t, int place)
{
    return t->p->order[place];
}

bool table_column_hide(struct table *t, int column, int by)
{
    bool hide = by > 0 || (by == 0 && !t->p->hidden[column]);
    int others = 0;

    for (int i = 0; i < t->ncolumns; i++)
        others += i != column && !t->p->hidden[i];
    if (hide == t->p->hidden[column] || (hide && others == 0))
        return false;
    t->p->hidden[column] = hide;
    table_tell_layout(t);
    return true;
}

bool table_column_move(struct table *t, int column, int by)
{
    int from = place_of(t, column), to = from + by, last = t->ncolumns - 1, step;

    to = to < 0 ? 0 : to > last ? last : to;
    if (to == from)
        return false;
    step = to > from ? 1 : -1;
    for (int k = from; k != to; k += step)
        t->p->order[k] = t->p->order[k + step];
    t->p->order[to] = column;
    table_tell_layout(t);
    return true;
}

void table_column_width(struct table *t, int column, int cells)
{
    if (cells > 0)
        cells = cells < TABLE_WIDTH_LEAST ? TABLE_WIDTH_LEAST
                : cells > TABLE_WIDTH_MOST ? TABLE_WIDTH_MOST
                                           : cells;
    t->p->own[column] = cells;
}

bool table_column_resize(struct table *t, int column, int by)
{
    int before = t->p->own[column], is = t->p->width[column];

    is = is > 0 ? is : before > 0 ? before : t->column[column].min;
    table_column_width(t, column, by == 0 ? 0 : is + by > 0 ? is + by : TABLE_WIDTH_LEAST);
    if (t->p->own[column] == before)
        return false;
    table_tell_layout(t);
    return true;
}

/* --- the dialog ------------------------------------------------------------------------------- */

struct columns_view {
    struct view view;
    struct table *table;
    int place, top, height;             /* of the order; first row shown; rows of the last drawing */
    struct buf before;                  /* the layout that Esc brings back */
};

static enum status columns_open(struct view *v, const void *arg, struct err *e)
{
    struct columns_view *c = (struct columns_view *)v;

    (void)e;
    c->table = *(struct table *const *)arg;
    c->before = (struct buf)BUF_INIT;
    table_layout(c->table, &c->before);
    return ST_OK;
}

static void columns_close(struct view *v)
{
    buf_release(&((struct columns_view *)v)->before);
}

static void draw_column(struct columns_view *c, struct surface row, int place)
{
    const struct table *t = c->table;
    int i = t->p->order[place], right = row.w - 1;
    bool hidden = t->p->hidden[i];
    char cells[32];

    if (place == c->place) {
        row = surface_on(row, ROLE_SELECT);
        surface_fill(row);
        surface_glyph(row, 0, 0, ROLE_ACCENT, GLYPH_FOCUS);
        surface_cursor(row, 0, 0, false);
    }
    surface_text(row, 0, 2, ROLE_KEY, "[ ]", -1, ALIGN_LEFT);
    if (!hidden)
        surface_glyph(row, 0, 3, ROLE_MARK, GLYPH_YES);
    surface_text(row, 0, 6, hidden ? ROLE_DIM : ROLE_TEXT, i18n_text(t->column[i].title), right - 20,
                 ALIGN_LEFT);
    if (t->p->own[i])
        snprintf(cells, sizeof cells, "%d", t->p->own[i]);
    surface_text(row, 0, right - 12,
                 hidden             ? ROLE_DIM
                 : t->p->own[i]     ? ROLE_ACCENT
                 : t->p->width[i]   ? ROLE_DIM
                                    : ROLE_WARN,
                 hidden             ? _("hidden")
                 : t->p->own[i]     ? cells
                 : t->p->width[i]   ? _("by itself")
                                    : _("no room"),
                 12, ALIGN_RIGHT);
}

static void columns_draw(struct view *v, struct surface s)
{
    struct columns_view *c = (struct columns_view *)v;

    c->height = s.h;
    if (c->place < c->top)
        c->top = c->place;
    if (c->place >= c->top + s.h)
        c->top = c->place - s.h + 1;
    for (int y = 0; y < s.h && c->top + y < c->table->ncolumns; y++)
        draw_column(c, surface_sub(s, y, 0, 1, s.w), c->top + y);
    surface_thumb(s, s.w - 1, c->top, c->table->ncolumns);
}

static void columns_measure(struct view *v, int max_h, int max_w, int *h, int *w)
{
    const struct table *t = ((struct columns_view *)v)->table;

    *h = t->ncolumns < max_h ? t->ncolumns : max_h;
    *w = max_w < 70 ? max_w : 70;
}

static unsigned columns_go(struct columns_view *c, int by)
{
    int last = c->table->ncolumns - 1, to = c->place + by;

    c->place = to < 0 ? 0 : to > last ? last : to;
    return UI_DONE;
}

static unsigned do_walk(const struct action_call *call)
{
    struct columns_view *c = call->self;
    int page = c->height > 1 ? c->height - 1 : 1;
    const char *name = call->action->name + strlen("columns.");
    int by = !strcmp(name, "up")        ? -1
             : !strcmp(name, "down")    ? 1
             : !strcmp(name, "page-up") ? -page
             : !strcmp(name, "page-down") ? page
             : !strcmp(name, "first")   ? -TABLE_COLUMNS
                                        : TABLE_COLUMNS;

    return columns_go(c, by);
}

static unsigned do_hide(const struct action_call *call)
{
    struct columns_view *c = call->self;

    if (!table_column_hide(c->table, c->table->p->order[c->place], 0))
        ui_toast(call->ui, TOAST_WARN, "%s", _("One column must stay"));
    return UI_DONE;
}

static unsigned do_shift(const struct action_call *call)
{
    struct columns_view *c = call->self;
    int by = !strcmp(call->action->name, "columns.earlier") ? -1 : 1;

    if (table_column_move(c->table, c->table->p->order[c->place], by))
        columns_go(c, by);
    return UI_DONE;
}

static unsigned do_width(const struct action_call *call)
{
    struct columns_view *c = call->self;
    const char *name = call->action->name;

    table_column_resize(c->table, c->table->p->order[c->place],
                        !strcmp(name, "columns.wider") ? 1 : !strcmp(name, "columns.narrower") ? -1 : 0);
    return UI_DONE;
}

static unsigned do_reset(const struct action_call *call)
{
    struct columns_view *c = call->self;

    table_columns_reset(c->table);
    table_tell_layout(c->table);
    return UI_DONE;
}

static unsigned do_keep(const struct action_call *call)
{
    ui_close(call->ui, call->self);
    return UI_DONE;
}

static unsigned do_drop(const struct action_call *call)
{
    struct columns_view *c = call->self;
    struct buf now = BUF_INIT;

    table_layout(c->table, &now);
    if (strcmp(now.s, c->before.s)) {
        table_set_layout(c->table, c->before.s);
        table_tell_layout(c->table);
    }
    buf_release(&now);
    ui_close(call->ui, &c->view);
    return UI_DONE;
}

static const struct action columns_actions[] = {
    { .name = "columns.keep", .label = N_("Done"), .help = N_("Keeps the columns as they are now."),
      .group = N_("Columns"), .keys = "Enter", .flags = ACTION_FOOTER, .run = do_keep },
    { .name = "columns.hide", .label = N_("On/off"), .help = N_("Shows the column, or hides it."),
      .group = N_("Columns"), .keys = "Space x", .flags = ACTION_FOOTER, .run = do_hide },
    { .name = "columns.earlier", .label = N_("To left"),
      .help = N_("Moves the column one place to the left."),
      .group = N_("Columns"), .keys = "[ S-Up <", .flags = ACTION_FOOTER, .run = do_shift },
    { .name = "columns.later", .label = N_("To right"),
      .help = N_("Moves the column one place to the right."),
      .group = N_("Columns"), .keys = "] S-Down >", .flags = ACTION_FOOTER, .run = do_shift },
    { .name = "columns.wider", .label = N_("Wider"), .help = N_("Gives the column one more cell."),
      .group = N_("Columns"), .keys = "+ = Right", .flags = ACTION_FOOTER, .run = do_width },
    { .name = "columns.narrower", .label = N_("Narrower"), .help = N_("Takes a cell from the column."),
      .group = N_("Columns"), .keys = "- Left", .flags = ACTION_FOOTER, .run = do_width },
    { .name = "columns.width", .label = N_("Own width"),
      .help = N_("Lets the column have its own width again."),
      .group = N_("Columns"), .keys = "0", .run = do_width },
    { .name = "columns.reset", .label = N_("Defaults"), .help = N_("Brings back all columns as they come."),
      .group = N_("Columns"), .keys = "Backspace Del", .run = do_reset },
    { .name = "columns.up", .label = N_("Up"), .help = N_("The row above."), .group = N_("Columns"),
      .keys = "Up k", .run = do_walk },
    { .name = "columns.down", .label = N_("Down"), .help = N_("The row below."), .group = N_("Columns"),
      .keys = "Down j", .run = do_walk },
    { .name = "columns.page-up", .label = N_("Page up"), .help = N_("A screenful up."),
      .group = N_("Columns"), .keys = "PgUp", .run = do_walk },
    { .name = "columns.page-down", .label = N_("Page down"), .help = N_("A screenful down."),
      .group = N_("Columns"), .keys = "PgDn", .run = do_walk },
    { .name = "columns.first", .label = N_("First"), .help = N_("The first row of the list."),
      .group = N_("Columns"), .keys = "g Home", .run = do_walk },
    { .name = "columns.last", .label = N_("Last"), .help = N_("The last row of the list."),
      .group = N_("Columns"), .keys = "G End", .run = do_walk },
    { .name = "columns.cancel", .label = N_("Cancel"), .help = N_("Brings back the columns as they were."),
      .group = N_("Columns"), .keys = "Esc", .flags = ACTION_FOOTER, .run = do_drop }
};

static void columns_sets(struct view *v, struct action_list *out)
{
    ACTION_LIST_ADD(out, "columns", columns_actions, v, NULL);
}

static const struct view_ops columns_ops = {
    .name = "columns", .title = N_("Columns"), .kind = VIEW_DIALOG, .size = sizeof(struct columns_view),
    .open = columns_open, .close = columns_close, .draw = columns_draw, .actions = columns_sets,
    .measure = columns_measure
};

void table_columns_dialog(struct ui *ui, struct table *t)
{
    ui_push(ui, &columns_ops, &t, NULL);
}
