/* filterbuild.c - a condition built by choosing: what may come next is a list, until the condition is whole.
 *
 * What is chosen is written into the bar, which stays open behind the lists: who leaves them goes on typing.
 */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "core/api/sentence.h"
#include "tui/dialog.h"
#include "tui/pick.h"
#include "views/filterbar.h"

enum { SHOW = '!', TYPE = '?', WORD = '=' };         /* what a line does; WORD stands before what it adds */

struct builder {
    struct filterbar *bar;
    struct ui *ui;
    int refs;
    struct arena mem;
    struct lang_wish wish;
};

static void drop(void *self)
{
    struct builder *k = self;
    if (--k->refs)
        return;
    arena_free(&k->mem);
    free(k);
}

static unsigned go_on(struct builder *k);

static const char *text_of(const struct builder *k)
{
    return edit_text(&k->bar->edit);
}

/* ---- what is added
 * -------------------------------------------------------------------------------------- */

/* Puts the word behind what is there, in the place of one that was begun. */
static void add_word(struct builder *k, const char *word)
{
    const char *text = text_of(k);
    size_t n = k->wish.from;
    char last = n ? text[n - 1] : ' ';
    bool air = !strchr(" (", last) && *word != ',' && *word != ')';
    filter_set(k->bar, arena_printf(&k->mem, "%.*s%s%s", (int)n, text, air ? " " : "", word));
}

static bool is_whole(struct builder *k, struct err *e)
{
    struct lang_env env;
    struct cond *c;
    k->bar->host->env(k->bar->self, &env);
    return lang_parse(&k->mem, text_of(k), &env, &c, e) == ST_OK && c;
}

/* ---- a value that is typed
 * ------------------------------------------------------------------------------ */

static const struct form_field fields[] = {
    { .key = "value", .label = N_("Value"), .kind = FORM_TEXT, .required = true, .width = 40, .max = 200 },
};

/* The text with a value at its end; what it still lacks there is none of the value's mistakes. */
static bool takes_value(struct builder *k, const char *value, struct err *e)
{
    struct lang_env env;
    struct cond *c;
    const char *text = arena_printf(&k->mem, "%.*s%s%s%s", (int)k->wish.from, text_of(k),
                                    k->wish.from && text_of(k)[k->wish.from - 1] != ' ' ? " " : "", value,
                                    k->wish.in_list ? ")" : "");
    k->bar->host->env(k->bar->self, &env);
    if (lang_parse(&k->mem, text, &env, &c, e) == ST_OK)
        return true;
    return strcmp(e->code, "cond.syntax") == 0 && strtol(e->param[0], NULL, 10) > (long)text_count(text);
}

static unsigned value_typed(struct ui *ui, struct view *dialog, struct form *form, void *self)
{
    struct builder *k = self;
    struct err e = { 0 };
    struct buf quoted = BUF_INIT;
    const char *value = form_get(form, "value"), *word = NULL;
    lang_word_print(value, &quoted);
    if (takes_value(k, value, &e))
        word = value;
    else if (takes_value(k, quoted.s, &(struct err){ 0 }))
        word = arena_strdup(&k->mem, quoted.s);
    buf_release(&quoted);
    if (!word) {
        form_error(form, "value", sentence(&k->mem, &e));
        return UI_REDRAW;
    }
    add_word(k, word);
    k->refs++;
    ui_close(ui, dialog);
    go_on(k);
    drop(k);
    return UI_REDRAW;
}

static void ask_typed(struct builder *k)
{
    k->refs++;
    dialog_form(k->ui, &(struct form_dialog){ .title = arena_printf(&k->mem, "%s …", text_of(k)),
                                              .fields = fields,
                                              .nfields = 1,
                                              .go_label = _("Take"),
                                              .cells = 60,
                                              .submit = value_typed,
                                              .free = drop,
                                              .self = k });
}

/* ---- a list
 * --------------------------------------------------------------------------------------------- */

static unsigned chosen(struct ui *ui, const char *value, void *self)
{
    struct builder *k = self;
    (void)ui;
    if (*value == SHOW) {
        filter_take(k->bar, arena_strdup(&k->mem, text_of(k)));
        return UI_REDRAW;
    }
    if (*value == TYPE) {
        ask_typed(k);
        return UI_REDRAW;
    }
    add_word(k, value + 1);
    return go_on(k);
}

static const char *title_of(struct builder *k)
{
    static const char *const titles[] = {
        [WISH_FIELD] = N_("What is tested?"),
        [WISH_OPERATOR] = N_("How?"),
        [WISH_VALUE] = N_("Against what?"),
        [WISH_LINK] = N_("And now?"),
    };
    const char *what = i18n_text(titles[k->wish.kind]);
    return *text_of(k) ? arena_printf(&k->mem, "%s   %s", what, text_of(k)) : what;
}

static void open_list(struct builder *k, const struct filter_item *item, size_t n)
{
    struct pick_item *items = arena_array(&k->mem, struct pick_item, n + 2);
    size_t m = 0;
    if (k->wish.kind == WISH_LINK && is_whole(k, NULL))
        items[m++] = (struct pick_item){ .value = "!", .label = _("Show the list") };
    for (size_t i = 0; i < n; i++) {
        char count[TEXT_GROUPED];
        text_grouped(item[i].count < 0 ? 0 : item[i].count, count);
        items[m++] = (struct pick_item){
            .value = arena_printf(&k->mem, "%c%s", WORD, item[i].text), .label = item[i].text,
            .note = item[i].count < 0 ? item[i].label
                  : item[i].label ? arena_printf(&k->mem, "%s  %s", item[i].label, count)
                                  : arena_strdup(&k->mem, count),
            .also = item[i].label };
    }
    if (k->wish.kind == WISH_VALUE)
        items[m++] = (struct pick_item){ .value = "?", .label = _("Something else: type it") };
    k->refs++;
    pick_open(k->ui, &(struct pick){ .title = title_of(k),
                                     .items = items,
                                     .n = m,
                                     .chosen = chosen,
                                     .free = drop,
                                     .self = k });
}

/* Known words first; what the data has gives them their count, or follows. */
static size_t merge(struct filter_item *items, size_t n, const struct filter_item *rows, size_t nrows)
{
    for (size_t r = 0; r < nrows; r++) {
        size_t i = 0;
        while (i < n && strcmp(items[i].text, rows[r].text) != 0 &&
               !(rows[r].label && strcmp(items[i].text, rows[r].label) == 0))
            i++;
        if (i < n)
            items[i].count = rows[r].count;
        else
            items[n++] = rows[r];
    }
    return n;
}

static size_t known_words(struct builder *k, struct filter_item **out, size_t room)
{
    struct lang_env env;
    struct lang_proposal *p;
    size_t n;
    k->bar->host->env(k->bar->self, &env);
    lang_propose(&k->mem, text_of(k), &k->wish, &env, i18n_lang(), &p, &n);
    *out = arena_array(&k->mem, struct filter_item, n + room + 1);
    for (size_t i = 0; i < n; i++)
        (*out)[i] = (struct filter_item){ .text = p[i].text, .label = p[i].label, .count = -1 };
    return n;
}

/* A list of nothing is a field to type into. */
static unsigned offer(struct builder *k, const struct filter_item *rows, size_t nrows)
{
    struct filter_item *items;
    size_t n = known_words(k, &items, nrows);
    n = merge(items, n, rows, nrows);
    if (n == 0 && k->wish.kind == WISH_VALUE)
        ask_typed(k);
    else if (n > 0)
        open_list(k, items, n);
    return UI_REDRAW;
}

static unsigned got_values(void *self, struct api_job *j)
{
    struct builder *k = self;
    struct filter_item *rows = NULL;
    size_t n = api_error(j) ? 0 : filter_value_rows(j, &k->mem, &rows);
    return k->bar->open ? offer(k, rows, n) : 0;
}

/* What may come behind the text. */
static unsigned go_on(struct builder *k)
{
    struct lang_env env;
    const char *text = text_of(k);
    size_t n = strlen(text);
    if (n && text[n - 1] != ' ' && text[n - 1] != '(') {
        filter_set(k->bar, arena_printf(&k->mem, "%s ", text));
        text = text_of(k);
        n++;
    }
    k->bar->host->env(k->bar->self, &env);
    lang_wish(&k->mem, text, n, &env, &k->wish);
    if (k->wish.kind == WISH_NONE)
        return UI_REDRAW;
    if (!filter_asks_values(k->bar, &k->wish))
        return offer(k, NULL, 0);
    struct api_job *j =
        filter_value_job(k->bar, &k->bar->value, ++k->bar->value_gen, got_values, k, &k->wish, "");
    j->released = drop;
    k->refs++;
    api_post(j, WORK_PAGES);
    return UI_REDRAW;
}

unsigned filter_build_open(const struct action_call *call)
{
    struct filterbar *b = call->self;
    struct builder *k = xcalloc(1, sizeof *k);
    *k = (struct builder){ .bar = b, .ui = call->ui, .refs = 1 };
    filterbar_open(b);
    go_on(k);
    drop(k);
    return UI_DONE;
}
