#include "tui/tree.h"

#include <assert.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/i18n.h"
#include "base/text.h"
#include "tui/chooser.h"
#include "tui/columns.h"
#include "tui/loop.h"
#include "tui/rows.h"

enum { MARGIN = 2, INDENT = 2, GAP = 2, SEARCH_CHARS = 60 };

struct node {
    struct tree_row row;
    struct node *parent;
    struct node **child;
    size_t n;
    int depth;
    bool asked, loaded, open;
};

struct tree_private {
    struct node root;                   /* its children are the roots; never seen itself */
    struct node **shown;                /* visible rows, t->n of them */
    size_t cap;
    uint32_t generation;
    int outstanding;
    int64_t *was_open;                  /* ids to open again as they come, sorted; nwas of them */
    size_t nwas;
    int64_t wanted;                     /* the row to select once it comes; 0: none */
    bool searching;
    struct edit search;
    char *found;                        /* words of the last search, in text_key() form */
    struct rows_text text;              /* of tree_text() */
    struct surface area;
    int width[TABLE_COLUMNS];
};

/* --- nodes ------------------------------------------------------------------------------------ */

static void free_children(struct tree *t, struct node *node)
{
    for (size_t i = 0; i < node->n; i++) {
        free_children(t, node->child[i]);
        if (t->source->free_row)
            t->source->free_row(t->self, &node->child[i]->row);
        free(node->child[i]);
    }
    free(node->child);
    node->child = NULL;
    node->n = 0;
    node->loaded = false;
}

static struct node *find_below(struct node *node, int64_t id)
{
    for (size_t i = 0; i < node->n; i++) {
        struct node *found = node->child[i]->row.id == id ? node->child[i] : find_below(node->child[i], id);

        if (found)
            return found;
    }
    return NULL;
}

static struct node *find(const struct tree *t, int64_t id)
{
    return id == 0 ? &t->p->root : find_below(&t->p->root, id);
}

/* --- what is to be seen ----------------------------------------------------------------------- */

static void show_below(struct tree *t, struct node *node)
{
    struct tree_private *p = t->p;

    for (size_t i = 0; i < node->n; i++) {
        if (t->n == p->cap) {
            p->cap = p->cap ? p->cap * 2 : 64;
            p->shown = xrealloc(p->shown, sizeof *p->shown * p->cap);
        }
        p->shown[t->n++] = node->child[i];
        if (node->child[i]->open)
            show_below(t, node->child[i]);
    }
}

static void select_at(struct tree *t, size_t i)
{
    int64_t before = t->sel_id;

    t->sel = t->n == 0 ? 0 : i < t->n ? i : t->n - 1;
    t->sel_id = t->n ? t->p->shown[t->sel]->row.id : 0;
    if (t->sel_id != before && t->source->selected)
        t->source->selected(t->self, t);
}

static void scroll(struct tree *t)
{
    t->top = rows_top(t->top, t->sel, t->n, t->height);
}

static bool place_of(const struct tree *t, int64_t id, size_t *at)
{
    for (size_t i = 0; i < t->n; i++)
        if (t->p->shown[i]->row.id == id) {
            *at = i;
            return true;
        }
    return false;
}

/* Finds the visible rows anew; the selection stays on its row, or goes to the nearest above it. */
static void refresh(struct tree *t)
{
    size_t at = t->sel;

    t->n = 0;
    show_below(t, &t->p->root);
    if (t->p->wanted && place_of(t, t->p->wanted, &at))
        t->p->wanted = 0;
    else
        place_of(t, t->sel_id, &at);
    select_at(t, at);
    scroll(t);
}

/* --- asking and answers ----------------------------------------------------------------------- */

static void ask(struct tree *t, struct node *node)
{
    if (node->asked || node->loaded)
        return;
    node->asked = true;
    t->p->outstanding++;
    t->loading = true;
    t->source->ask(t->self, t, node->row.id, t->p->generation);
}

static int by_id(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return x < y ? -1 : x > y;
}

static bool was_open(const struct tree *t, int64_t id)
{
    return t->p->nwas > 0 && bsearch(&id, t->p->was_open, t->p->nwas, sizeof id, by_id);
}

static void settle(struct tree *t, struct node *node)
{
    node->asked = false;
    t->p->outstanding--;
    t->loading = t->p->outstanding > 0;
}

static void give_back(struct tree *t, const struct tree_row *rows, size_t n)
{
    for (size_t i = 0; i < n && t->source->free_row; i++) {
        struct tree_row row = rows[i];

        t->source->free_row(t->self, &row);
    }
}

bool tree_answer(struct tree *t, uint32_t generation, int64_t parent, const struct tree_row *rows, size_t n)
{
    struct node *node = generation == t->p->generation ? find(t, parent) : NULL;

    if (!node || !node->asked) {
        give_back(t, rows, n);
        return false;
    }
    settle(t, node);
    node->loaded = true;
    node->child = xcalloc(n + 1, sizeof *node->child);
    for (size_t i = 0; i < n; i++) {
        struct node *child = xcalloc(1, sizeof *child);

        *child = (struct node){ .row = rows[i], .parent = node, .depth = node->depth + 1 };
        node->child[node->n++] = child;
    }
    refresh(t);
    for (size_t i = 0; i < n; i++)
        if (was_open(t, node->child[i]->row.id))
            tree_open(t, node->child[i]->row.id, true);
    return true;
}

void tree_failed(struct tree *t, uint32_t generation, int64_t parent)
{
    struct node *node = generation == t->p->generation ? find(t, parent) : NULL;

    if (!node || !node->asked)
        return;
    settle(t, node);
    node->open = false;
    refresh(t);
}

static void keep_open(struct tree *t, const struct node *node)
{
    struct tree_private *p = t->p;

    for (size_t i = 0; i < node->n; i++)
        if (node->child[i]->open) {
            p->was_open = xrealloc(p->was_open, sizeof *p->was_open * (p->nwas + 1));
            p->was_open[p->nwas++] = node->child[i]->row.id;
            keep_open(t, node->child[i]);
        }
}

void tree_reload(struct tree *t)
{
    struct tree_private *p = t->p;

    if (p->root.loaded) {
        p->nwas = 0;
        keep_open(t, &p->root);
        if (p->nwas > 0)
            qsort(p->was_open, p->nwas, sizeof *p->was_open, by_id);
        p->wanted = t->sel_id;
    }
    free_children(t, &p->root);
    t->n = 0;
    p->root.asked = false;
    p->outstanding = 0;
    p->generation++;
    ask(t, &p->root);
}

/* --- start and end ---------------------------------------------------------------------------- */

void tree_init(struct tree *t, const struct table_column *columns, int n,
               const struct tree_source *source, void *self)
{
    assert(n > 0 && n <= TABLE_COLUMNS && source->ask && source->cell);
    *t = (struct tree){ .source = source, .self = self, .column = columns, .ncolumns = n,
                        .focused = true };
    t->p = xcalloc(1, sizeof *t->p);
    t->p->root.depth = -1;
    t->p->text = (struct rows_text)ROWS_TEXT_INIT;
    edit_init(&t->p->search, SEARCH_CHARS, 1);
    t->p->search.prompt = "/ ";
    ask(t, &t->p->root);
}

void tree_free(struct tree *t)
{
    if (!t->p)
        return;
    free_children(t, &t->p->root);
    edit_free(&t->p->search);
    rows_text_release(&t->p->text);
    free(t->p->was_open);
    free(t->p->shown);
    free(t->p->found);
    free(t->p);
    t->p = NULL;
}

const char *tree_text(struct tree *t, const char *fmt, ...)
{
    const char *words;
    va_list ap;

    va_start(ap, fmt);
    words = rows_vtext(&t->p->text, fmt, ap);
    va_end(ap);
    return words;
}

/* --- opening and moving ----------------------------------------------------------------------- */

const struct tree_row *tree_selected(const struct tree *t)
{
    return t->n ? &t->p->shown[t->sel]->row : NULL;
}

const struct tree_row *tree_row_at(const struct tree *t, size_t i, int *depth)
{
    if (i >= t->n)
        return NULL;
    if (depth)
        *depth = t->p->shown[i]->depth;
    return &t->p->shown[i]->row;
}

bool tree_is_open(const struct tree *t, int64_t id)
{
    const struct node *node = find(t, id);

    return node && node->open;
}

void tree_open(struct tree *t, int64_t id, bool open)
{
    struct node *node = find(t, id);

    if (!node || node == &t->p->root || !node->row.folder || node->open == open)
        return;
    /* a selection below what is shut goes up to it */
    for (const struct node *up = t->n ? t->p->shown[t->sel] : NULL; !open && up; up = up->parent)
        if (up == node)
            t->sel_id = id;
    node->open = open;
    refresh(t);
    if (open)
        ask(t, node);
}

static void open_below(struct node *node, bool open)
{
    for (size_t i = 0; i < node->n; i++) {
        struct node *child = node->child[i];

        if (child->row.folder && (child->loaded || !open))
            child->open = open;
        open_below(child, open);
    }
}

void tree_open_all(struct tree *t, bool open)
{
    struct node *top = t->n ? t->p->shown[t->sel] : NULL;

    while (!open && top && top->parent != &t->p->root)
        top = top->parent;
    if (!open && top)
        t->sel_id = top->row.id;
    open_below(&t->p->root, open);
    refresh(t);
}

bool tree_select(struct tree *t, int64_t id)
{
    struct node *node = find(t, id);
    size_t at;

    if (!node || node == &t->p->root)
        return false;
    for (struct node *up = node->parent; up && up != &t->p->root; up = up->parent)
        up->open = true;
    refresh(t);
    if (place_of(t, id, &at))
        select_at(t, at);
    scroll(t);
    return true;
}

static unsigned move(struct tree *t, long by)
{
    long to = (long)t->sel + by, last = (long)t->n - 1;

    t->p->wanted = 0;
    select_at(t, to < 0 || last < 0 ? 0 : to > last ? (size_t)last : (size_t)to);
    scroll(t);
    return UI_DONE;
}

/* --- search ----------------------------------------------------------------------------------- */

static bool fits(struct tree *t, const struct node *node, const char *words)
{
    struct table_cell c = { 0 };
    struct arena mem = ARENA_INIT;
    bool found;

    t->source->cell(t->self, t, &node->row, 0, &c);
    found = c.words && chooser_match(text_key(&mem, c.words), words) > 0;
    arena_free(&mem);
    return found;
}

/* All rows that are here, in their order, also those that are shut away. */
static void list_all(struct node *node, struct node **out, size_t *n)
{
    for (size_t i = 0; i < node->n; i++) {
        out[(*n)++] = node->child[i];
        list_all(node->child[i], out, n);
    }
}

static size_t count_all(const struct node *node)
{
    size_t n = node->n;

    for (size_t i = 0; i < node->n; i++)
        n += count_all(node->child[i]);
    return n;
}

/* Selects the next row that fits, from the one in hand on (`itself`: that one may do). */
static bool seek(struct tree *t, const char *words, int by, bool itself)
{
    size_t total = count_all(&t->p->root), n = 0, from = 0;
    struct node **all = xcalloc(total + 1, sizeof *all);
    int64_t id = 0;

    list_all(&t->p->root, all, &n);
    while (from < n && all[from]->row.id != t->sel_id)
        from++;
    for (size_t k = itself ? 0 : 1; k <= n && n > 0 && !id && *words; k++) {
        size_t i = (from + (by > 0 ? k : n - k % n)) % n;

        if (fits(t, all[i], words))
            id = all[i]->row.id;
    }
    free(all);
    return id && tree_select(t, id);
}

static void keep_search(struct tree *t)
{
    struct arena mem = ARENA_INIT;

    free(t->p->found);
    t->p->found = xstrdup(text_key(&mem, edit_text(&t->p->search)));
    arena_free(&mem);
}

bool tree_typing(const struct tree *t)
{
    return t->p->searching;
}

static unsigned search_input(struct tree *t, const struct input *in)
{
    unsigned bits;

    if (in->kind == INPUT_KEY && (in->key == K_ENTER || in->key == K_ESC)) {
        t->p->searching = false;
        return UI_DONE;
    }
    if (in->kind == INPUT_KEY && (in->key == K_UP || in->key == K_DOWN)) {
        seek(t, t->p->found, in->key == K_UP ? -1 : 1, false);
        return UI_DONE;
    }
    bits = edit_input(&t->p->search, in);
    if (bits) {
        keep_search(t);
        seek(t, t->p->found, 1, true);
    }
    return bits;
}

/* --- drawing ---------------------------------------------------------------------------------- */

static struct table_cell cell_of(struct tree *t, const struct node *node, int column)
{
    struct table_cell c = { .ink = t->column[column].ink };

    t->source->cell(t->self, t, &node->row, column, &c);
    return c;
}

static int name_cells(struct tree *t, const struct node *node)
{
    struct table_cell c = cell_of(t, node, 0);

    return node->depth * INDENT + 2 + (c.words ? text_width(c.words) : 0);
}

static void lay_out(struct tree *t, int cells)
{
    struct column_need need[TABLE_COLUMNS];
    int order[TABLE_COLUMNS];

    for (int i = 0; i < t->ncolumns; i++) {
        const struct table_column *c = &t->column[i];
        int title = text_width(i18n_text(c->title)), least = title > c->min ? title : c->min,
            liked = least > c->max ? least : c->max;

        for (size_t r = t->top; r < t->n && r < t->top + (size_t)t->height; r++) {
            struct table_cell cell = cell_of(t, t->p->shown[r], i);
            int w = i == 0 ? name_cells(t, t->p->shown[r]) : cell.words ? text_width(cell.words) : 0;

            if (c->number && w > least)
                least = w;
            if (i == 0 && w > liked)
                liked = w;
        }
        order[i] = i;
        need[i] = (struct column_need){ least, liked > least ? liked : least };
    }
    columns_share(t->column, order, t->ncolumns, need, NULL, MARGIN, GAP, cells, t->p->width);
}

static void draw_head(struct tree *t, struct surface row)
{
    int x = MARGIN;

    row = surface_on(row, ROLE_COLHEAD);
    surface_fill(row);
    for (int i = 0; i < t->ncolumns; i++) {
        if (t->p->width[i] == 0)
            continue;
        surface_text(row, 0, x, ROLE_COLHEAD, i18n_text(t->column[i].title), t->p->width[i],
                     t->column[i].align);
        x += t->p->width[i] + GAP;
    }
}

static void draw_name(struct tree *t, struct surface cell, const struct node *node)
{
    int x = node->depth * INDENT;
    struct table_cell c = cell_of(t, node, 0);

    if (node->row.folder)
        surface_glyph(cell, 0, x, ROLE_KEY,
                      node->asked  ? GLYPH_ELLIPSIS
                      : node->open ? GLYPH_SORT_DOWN
                                   : GLYPH_FOLDED);
    surface_text(cell, 0, x + 2, c.ink, c.words ? c.words : "", cell.w - x - 2, ALIGN_LEFT);
}

static void draw_node(struct tree *t, struct surface row, const struct node *node, bool selected)
{
    int x = MARGIN;

    if (selected) {
        row = surface_on(row, t->focused ? ROLE_SELECT : ROLE_SELECT_OFF);
        surface_fill(row);
        surface_glyph(row, 0, 0, t->focused ? ROLE_ACCENT : ROLE_DIM,
                      t->focused ? GLYPH_FOCUS : GLYPH_FOCUS_OFF);
        surface_cursor(row, 0, 0, false);
    }
    for (int i = 0; i < t->ncolumns; i++) {
        struct table_cell c;

        if (t->p->width[i] == 0)
            continue;
        if (i == 0) {
            draw_name(t, surface_sub(row, 0, x, 1, t->p->width[0]), node);
        } else {
            c = cell_of(t, node, i);
            if (c.words && c.brief && text_width(c.words) > t->p->width[i])
                c.words = c.brief;
            surface_text(row, 0, x, c.ink, c.words ? c.words : "", t->p->width[i], t->column[i].align);
        }
        x += t->p->width[i] + GAP;
    }
}

void tree_draw(struct tree *t, struct surface s)
{
    struct surface rows = surface_sub(s, 1, 0, t->p->searching ? -2 : -1, -1);

    if (s.h < 3 || s.w < 6)
        return;
    t->p->area = s;
    if (t->height != rows.h) {
        t->height = rows.h;
        scroll(t);
    }
    lay_out(t, s.w - 1);
    draw_head(t, surface_sub(s, 0, 0, 1, s.w));
    surface_thumb(rows, rows.w - 1, (int64_t)t->top, (int64_t)t->n);
    for (int y = 0; y < rows.h && t->top + (size_t)y < t->n; y++)
        draw_node(t, surface_sub(rows, y, 0, 1, s.w - 1), t->p->shown[t->top + (size_t)y],
                  t->top + (size_t)y == t->sel);
    if (t->p->searching)
        edit_draw(&t->p->search, surface_sub(s, s.h - 1, 0, 1, s.w), true);
}

/* --- input ------------------------------------------------------------------------------------ */

static unsigned turn(struct tree *t, const struct node *node)
{
    tree_open(t, node->row.id, !node->open);
    return UI_DONE;
}

static unsigned mouse(struct tree *t, const struct input *in)
{
    struct surface a = t->p->area;
    size_t at;
    const struct node *node;
    int mark;

    if (in->y < a.y || in->y >= a.y + a.h || in->x < a.x || in->x >= a.x + a.w)
        return 0;
    if (in->button == MOUSE_WHEEL_UP || in->button == MOUSE_WHEEL_DOWN)
        return move(t, in->button == MOUSE_WHEEL_UP ? -3 : 3);
    at = t->top + (size_t)(in->y - a.y - 1);
    if (in->button != MOUSE_LEFT || in->y == a.y || at >= t->n || in->y - a.y - 1 >= t->height)
        return 0;
    node = t->p->shown[at];
    mark = a.x + MARGIN + node->depth * INDENT;
    select_at(t, at);
    return in->x >= mark - 1 && in->x <= mark + 1 && node->row.folder ? turn(t, node) : UI_DONE;
}

unsigned tree_input(struct tree *t, const struct input *in)
{
    if (in->kind == INPUT_MOUSE)
        return mouse(t, in);
    return t->p->searching ? search_input(t, in) : 0;
}

/* --- actions ---------------------------------------------------------------------------------- */

static unsigned do_move(const struct action_call *call)
{
    struct tree *t = call->self;
    const char *name = call->action->name + strlen("tree.");
    long page = t->height > 1 ? t->height - 1 : 1;

    return move(t, !strcmp(name, "up")          ? -1
                   : !strcmp(name, "down")      ? 1
                   : !strcmp(name, "page-up")   ? -page
                   : !strcmp(name, "page-down") ? page
                   : !strcmp(name, "first")     ? -(long)t->n
                                                : (long)t->n);
}

static unsigned do_in(const struct action_call *call)
{
    struct tree *t = call->self;
    const struct node *node = t->n ? t->p->shown[t->sel] : NULL;

    if (!node || !node->row.folder)
        return UI_HANDLED;
    return node->open ? (node->n ? move(t, 1) : UI_HANDLED) : turn(t, node);
}

static unsigned do_out(const struct action_call *call)
{
    struct tree *t = call->self;
    const struct node *node = t->n ? t->p->shown[t->sel] : NULL;

    if (node && node->open)
        return turn(t, node);
    if (node && node->parent != &t->p->root)
        tree_select(t, node->parent->row.id);
    return UI_DONE;
}

static unsigned do_turn(const struct action_call *call)
{
    struct tree *t = call->self;

    return t->n ? turn(t, t->p->shown[t->sel]) : UI_HANDLED;
}

static unsigned do_all(const struct action_call *call)
{
    tree_open_all(call->self, !strcmp(call->action->name, "tree.open-all"));
    return UI_DONE;
}

static unsigned do_search(const struct action_call *call)
{
    struct tree *t = call->self;

    t->p->searching = true;
    edit_set(&t->p->search, "");
    keep_search(t);
    return UI_DONE;
}

static unsigned do_next(const struct action_call *call)
{
    struct tree *t = call->self;

    seek(t, t->p->found, !strcmp(call->action->name, "tree.next") ? 1 : -1, false);
    return UI_DONE;
}

static const char *no_search(const struct action_call *call)
{
    const struct tree *t = call->self;

    return t->p->found && *t->p->found ? NULL : _("nothing was searched for yet");
}

static const struct action tree_set[] = {
    { .name = "tree.up", .label = N_("Up"), .help = N_("The row above."), .group = N_("Movement"),
      .keys = "Up k", .run = do_move },
    { .name = "tree.down", .label = N_("Down"), .help = N_("The row below."), .group = N_("Movement"),
      .keys = "Down j", .run = do_move },
    { .name = "tree.page-up", .label = N_("Page up"), .help = N_("A screenful up."),
      .group = N_("Movement"), .keys = "PgUp C-u C-b", .run = do_move },
    { .name = "tree.page-down", .label = N_("Page down"), .help = N_("A screenful down."),
      .group = N_("Movement"), .keys = "PgDn C-d C-f", .run = do_move },
    { .name = "tree.first", .label = N_("First"), .help = N_("The first row of the list."),
      .group = N_("Movement"), .keys = "g Home", .run = do_move },
    { .name = "tree.last", .label = N_("Last"), .help = N_("The last row of the list."),
      .group = N_("Movement"), .keys = "G End", .run = do_move },
    { .name = "tree.in", .label = N_("Open the branch"),
      .help = N_("Shows what is below the row, then goes into it."),
      .group = N_("Tree"), .keys = "Right l", .flags = ACTION_FOOTER, .run = do_in },
    { .name = "tree.out", .label = N_("Close the branch"),
      .help = N_("Hides what is below the row, then goes out of it."),
      .group = N_("Tree"), .keys = "Left h", .flags = ACTION_FOOTER, .run = do_out },
    { .name = "tree.turn", .label = N_("Open or close"),
      .help = N_("Shows or hides what is below the row."),
      .group = N_("Tree"), .keys = "Space", .run = do_turn },
    { .name = "tree.open-all", .label = N_("Open all"), .help = N_("Opens every branch that was read."),
      .group = N_("Tree"), .keys = "*", .run = do_all },
    { .name = "tree.close-all", .label = N_("Close all"), .help = N_("Leaves only the topmost rows."),
      .group = N_("Tree"), .keys = "-", .run = do_all },
    { .name = "tree.search", .label = N_("Search"), .help = N_("Goes to the row whose name is typed."),
      .group = N_("Tree"), .keys = "/", .flags = ACTION_FOOTER, .run = do_search },
    { .name = "tree.next", .label = N_("Next match"), .help = N_("The next row with these words."),
      .group = N_("Tree"), .keys = "n", .run = do_next, .disabled = no_search },
    { .name = "tree.previous", .label = N_("Previous match"),
      .help = N_("The row with these words before this one."),
      .group = N_("Tree"), .keys = "N", .run = do_next, .disabled = no_search }
};

void tree_actions(struct tree *t, struct action_list *out)
{
    ACTION_LIST_ADD(out, "tree", tree_set, t, tree_subject);
}

bool tree_subject(void *tree, struct subject *out)
{
    struct tree *t = tree;
    const struct tree_row *row = tree_selected(t);

    if (!row)
        return false;
    *out = (struct subject){ .id = row->id, .version = row->version };
    subject_name(out, cell_of(t, t->p->shown[t->sel], 0).words);
    return true;
}
