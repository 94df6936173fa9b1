/* filterchips.c - the condition in force as a sentence; each of its parts can be taken off. */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "views/filterbar.h"

/* ---- the parts ----------------------------------------------------------------------------------------- */

/* The condition in force as it was parsed, and its parts: what `and` joins. */
struct parts {
    struct arena mem;
    struct lang_env env;
    struct cond *whole;
    struct cond *const *part;
    size_t n;
};

static bool take_apart(struct filterbar *b, struct parts *p)
{
    const char *where = b->host->where(b->self);
    *p = (struct parts){ .mem = ARENA_INIT };
    filter_env(b, &p->env);
    if (!where || lang_parse(&p->mem, where, &p->env, &p->whole, NULL) != ST_OK || !p->whole)
        return false;
    bool joined = p->whole->kind == COND_AND;
    p->part = joined ? p->whole->kids : &p->whole;
    p->n = joined ? p->whole->nkids : 1;
    return true;
}

static size_t count_parts(struct filterbar *b)
{
    struct parts p;
    size_t n = take_apart(b, &p) ? p.n : 0;
    arena_free(&p.mem);
    return n;
}

/* ---- words --------------------------------------------------------------------------------------------- */

/* The words of a text in the inks of the bar, blanks between them kept. */
static void add_looks(struct line *l, const char *text, const struct lang_env *env)
{
    struct arena a = ARENA_INIT;
    struct lang_stretch *s;
    size_t n, at = 0;
    lang_look(&a, text, env, &s, &n);
    for (size_t i = 0; i < n; i++) {
        int ink = s[i].look == LOOK_FIELD || s[i].look == LOOK_WRONG ? ROLE_TEXT :
                  s[i].look == LOOK_LINK ? ROLE_DIM : filter_look_ink(s[i].look);
        line_add(l, ink, "%.*s", (int)(s[i].end - at), text + at);
        at = s[i].end;
    }
    arena_free(&a);
}

void filter_words(struct line *l, const struct cond *c, const struct lang_env *env, const char *lang)
{
    struct buf text = BUF_INIT;
    lang_print(c, env, lang, &text);
    add_looks(l, text.s, env);
    buf_release(&text);
}

static const char *sign(const struct filterbar *b, char out[8])
{
    out[text_put(out, glyph_char(GLYPH_NO, ui_ascii(b->view->ui)))] = '\0';
    return out;
}

/* A part; with its sign while parts are chosen, and the one in hand on the bar. */
static void add_part(struct filterbar *b, struct line *l, const struct parts *p, size_t i)
{
    struct buf text = BUF_INIT;
    char no[8];
    bool group = p->n > 1 && p->part[i]->kind == COND_OR;
    if (b->choosing && (int)i == b->chip) {
        lang_print(p->part[i], &p->env, i18n_lang(), &text);
        line_add(l, ROLE_SELECT, group ? " (%s) %s " : " %s %s ", text.s, sign(b, no));
        buf_release(&text);
        return;
    }
    line_add(l, ROLE_DIM, "%s", group ? "(" : "");
    filter_words(l, p->part[i], &p->env, i18n_lang());
    line_add(l, ROLE_DIM, "%s", group ? ")" : "");
    if (b->choosing)
        line_add(l, ROLE_BAD, " %s", sign(b, no));
}

static void add_link(struct line *l)
{
    line_add(l, ROLE_DIM, " %s ", _("and"));
}

static int part_cells(struct filterbar *b, const struct parts *p, size_t i)
{
    struct line l = LINE_INIT;
    if (i)
        add_link(&l);
    add_part(b, &l, p, i);
    int cells = line_width(&l);
    line_free(&l);
    return cells;
}

static const char cut[] = "… ";         /* parts before are not shown */

/* The part with which the sentence begins, so that the one in hand is seen whole. */
static size_t first_part(struct filterbar *b, const struct parts *p)
{
    size_t from = b->choosing && b->sentence_room > 0 && b->chip >= 0 ? (size_t)b->chip : 0;
    if (from >= p->n)
        return 0;
    int cells = from ? part_cells(b, p, from) : 0;
    while (from > 0 && cells + part_cells(b, p, from - 1) + text_width(cut) <= b->sentence_room)
        cells += part_cells(b, p, --from);
    return from;
}

static void add_cut(struct line *l, size_t from)
{
    if (from)
        line_add(l, ROLE_DIM, "%s", cut);
}

void filterbar_sentence(struct filterbar *b, struct line *l)
{
    struct parts p;
    const char *where = b->host->where(b->self);
    if (take_apart(b, &p)) {
        size_t from = first_part(b, &p);
        add_cut(l, from);
        for (size_t i = from; i < p.n; i++) {
            if (i > from)
                add_link(l);
            add_part(b, l, &p, i);
        }
    } else {
        line_add(l, ROLE_ACCENT, "%s", where ? where : "");
    }
    arena_free(&p.mem);
}

void filterbar_sentence_zones(struct filterbar *b, struct surface grid, int y, int x, int end)
{
    struct parts p;
    bool there = take_apart(b, &p);
    b->sentence_room = end - x;
    size_t from = there ? first_part(b, &p) : 0;
    x += from ? text_width(cut) : 0;
    for (size_t i = from; there && i < p.n && x < end; i++) {
        struct line l = LINE_INIT;
        if (i > from)
            add_link(&l);
        x += line_width(&l);
        line_clear(&l);
        add_part(b, &l, &p, i);
        int cells = line_width(&l);
        ui_clickable(b->view, surface_sub(grid, y, x, 1, x + cells > end ? end - x : cells),
                     CLICK_CHIP + (int)i);
        x += cells;
        line_free(&l);
    }
    arena_free(&p.mem);
}

/* ---- taking off ---------------------------------------------------------------------------------------- */

static void take_off(struct filterbar *b, size_t off)
{
    struct parts p;
    struct buf text = BUF_INIT;
    bool there = take_apart(b, &p);
    p.env.called = NULL;                    /* codes stay codes */
    for (size_t i = 0; there && i < p.n; i++) {
        bool group = p.n > 2 && p.part[i]->kind == COND_OR;
        if (i == off)
            continue;
        buf_adds(&text, text.len ? " and " : "");
        buf_adds(&text, group ? "(" : "");
        lang_print(p.part[i], &p.env, "en", &text);
        buf_adds(&text, group ? ")" : "");
    }
    arena_free(&p.mem);
    bool choosing = b->choosing && p.n > 1;
    filter_take(b, text.len ? text.s : "");
    b->choosing = choosing;
    b->chip = choosing && b->chip >= (int)p.n - 1 ? (int)p.n - 2 : b->chip;
    buf_release(&text);
}

/* The first click takes it in hand, the second takes it off: a sentence does not go by a slip. */
bool filterbar_click_chip(struct filterbar *b, int chip)
{
    if (chip < 0 || (size_t)chip >= count_parts(b) || b->open)
        return false;
    if (b->choosing && b->chip == chip) {
        take_off(b, (size_t)chip);
        return true;
    }
    b->choosing = true;
    b->chip = chip;
    return true;
}

/* ---- actions ------------------------------------------------------------------------------------------- */

bool filter_has_parts(struct filterbar *b)
{
    return count_parts(b) > 0;
}

unsigned filter_chips_open(const struct action_call *call)
{
    struct filterbar *b = call->self;
    b->choosing = true;
    b->chip = (int)count_parts(b) - 1;
    return UI_DONE;
}

unsigned filter_chip_last(const struct action_call *call)
{
    struct filterbar *b = call->self;
    take_off(b, count_parts(b) - 1);
    return UI_DONE;
}

static unsigned do_move(const struct action_call *call)
{
    struct filterbar *b = call->self;
    int n = (int)count_parts(b), to = b->chip + (strcmp(call->action->name, "chip.left") == 0 ? -1 : 1);
    b->chip = to < 0 ? 0 : to >= n ? n - 1 : to;
    return UI_DONE;
}

static unsigned do_off(const struct action_call *call)
{
    struct filterbar *b = call->self;
    take_off(b, (size_t)b->chip);
    return UI_DONE;
}

static unsigned do_done(const struct action_call *call)
{
    struct filterbar *b = call->self;
    b->choosing = false;
    return UI_DONE;
}

static unsigned do_all(const struct action_call *call)
{
    filter_take(call->self, "");
    return UI_DONE;
}

static const char *no_parts(const struct action_call *call)
{
    (void)call;
    return _("no condition is in force; press / to filter");
}

/* Where there is nothing to take off the keys say so; help and palette leave them out. */
static const struct action none_rows[] = {
    { .name = "filter.chips", .number = 2019, .label = N_("Take parts off"), .group = N_("List"),
      .help = N_("Chooses parts of the condition and takes them off."), .keys = "Backslash",
      .flags = ACTION_HIDDEN, .run = filter_chips_open, .disabled = no_parts },
    { .name = "filter.last-off", .label = N_("Take the last part off"), .group = N_("List"),
      .help = N_("Takes the last part off the condition."), .keys = "Backspace",
      .flags = ACTION_HIDDEN, .run = filter_chip_last, .disabled = no_parts },
};

void filter_no_part_actions(struct filterbar *b, struct action_list *out)
{
    ACTION_LIST_ADD(out, "filter-list", none_rows, b, NULL);
}

static const struct action chip_actions[] = {
    { .name = "chip.off", .label = N_("Take off"), .help = N_("Takes this part off the condition."),
      .group = N_("Filter"), .keys = "Enter Del Backspace x", .flags = ACTION_FOOTER, .run = do_off },
    { .name = "chip.left", .label = N_("Part before"), .help = N_("The part of the condition before."),
      .group = N_("Filter"), .keys = "Left h BTab", .flags = ACTION_FOOTER, .run = do_move },
    { .name = "chip.right", .label = N_("Next part"), .help = N_("The next part of the condition."),
      .group = N_("Filter"), .keys = "Right l Tab", .flags = ACTION_FOOTER, .run = do_move },
    { .name = "chip.all", .label = N_("Clear filter"), .help = N_("Shows all of the list again."),
      .group = N_("Filter"), .keys = "F4", .flags = ACTION_FOOTER, .run = do_all },
    { .name = "chip.done", .label = N_("Done"), .help = N_("Leaves the parts that are left."),
      .group = N_("Filter"), .keys = "Esc Backslash", .flags = ACTION_FOOTER, .run = do_done },
};

bool filterbar_chip_actions(struct filterbar *b, struct action_list *out)
{
    if (!b->choosing || !count_parts(b)) {
        b->choosing = false;
        return false;
    }
    ACTION_LIST_ADD(out, "filter-chips", chip_actions, b, NULL);
    return true;
}
