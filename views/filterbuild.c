/* filterbuild.c - a condition built by choosing: what may come next is a list, until the condition is whole.
 *
 * What is chosen is written into the bar, which stays in sight above the list. Esc takes the last choice
 * back; who would rather type goes on in the bar.
 */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "core/api/sentence.h"
#include "tui/chooser.h"
#include "views/filteroffer.h"

enum { CELLS = 64, ROWS = 16, DIGITS = 9, CONTEXT_ROWS = 4, LIST_TOP = 2 };

/* A choice that Esc takes back: what stood in the bar before it, and the word that was chosen. */
struct taken { char *before, *word; };

/* What a row of the list does: adds its word, shows the list of leads, or adds what is typed. */
enum row_kind { ROW_WORD, ROW_SHOW, ROW_TYPED };

struct builder {
    struct view view;
    struct filterbar *bar;
    bool opened;                        /* the bar was closed when this began */
    struct arena mem;                   /* of the step at hand */
    struct lang_wish wish;
    struct filter_offer *offer;
    size_t n;                           /* rows: [show] offers [typed] */
    bool show, typed;
    const char **hay;
    struct chooser chooser;
    char *error;                        /* what is wrong with the value that was typed; NULL: nothing */
    bool reading;                       /* the data are asked for values */
    uint32_t gen;
    struct taken *taken;
    size_t ntaken, cap;
};

static struct builder *builder_of(struct view *v)
{
    return (struct builder *)(void *)v;
}

static const char *text_of(const struct builder *k)
{
    return edit_text(&k->bar->edit);
}

static void env_of(const struct builder *k, struct lang_env *env)
{
    k->bar->host->env(k->bar->self, env);
}

static bool is_whole(struct builder *k)
{
    struct lang_env env;
    struct cond *c;
    env_of(k, &env);
    return lang_parse(&k->mem, text_of(k), &env, &c, NULL) == ST_OK && c;
}

/* What is chosen is right as far as it goes: the bar says what comes next, and counts when it is whole. */
static void put_text(struct builder *k, const char *text)
{
    struct lang_env env;
    struct cond *c;
    struct err e = { 0 };
    filter_set(k->bar, text);
    env_of(k, &env);
    enum status st = lang_parse(&k->mem, text_of(k), &env, &c, &e);
    if (st == ST_OK && c)
        return;
    filter_stop_timer(k->bar);
    filter_set_error(k->bar, st == ST_OK ? NULL : &e, true);
    if (!k->bar->unfinished)
        filter_set_error(k->bar, NULL, true);
}

static void say(struct builder *k, const char *error)
{
    free(k->error);
    k->error = error ? xstrdup(error) : NULL;
}

/* ---- the rows of a step ----------------------------------------------------------------------------- */

static enum row_kind kind_of(const struct builder *k, size_t row)
{
    return k->show && row == 0 ? ROW_SHOW : k->typed && row + 1 == k->n ? ROW_TYPED : ROW_WORD;
}

static const struct filter_offer *offer_of(const struct builder *k, size_t row)
{
    return &k->offer[row - k->show];
}

/* What is typed is one of the rows, behind all that it finds. */
static int score(void *self, size_t row, const char *words)
{
    const struct builder *k = self;
    return kind_of(k, row) == ROW_TYPED ? 1 : chooser_match(k->hay[row], words) * 2;
}

static void list_rows(struct builder *k, size_t offers)
{
    k->show = k->wish.kind == WISH_LINK && is_whole(k);
    k->typed = k->wish.kind == WISH_VALUE;
    k->n = offers + k->show + k->typed;
    k->hay = arena_array(&k->mem, const char *, k->n + 1);
    for (size_t i = 0; i < k->n; i++) {
        const struct filter_offer *o = kind_of(k, i) == ROW_WORD ? offer_of(k, i) : NULL;
        k->hay[i] = !o ? text_key(&k->mem, _("Show the list"))
                       : text_key(&k->mem, arena_printf(&k->mem, "%s %s %s", o->label, o->word,
                                                        o->code ? o->code : ""));
    }
}

static const char *hint_of(const struct builder *k)
{
    return k->n == 1 && k->typed ? N_("Type the value") : k->n > DIGITS || k->typed
               ? N_("Type a few letters to narrow the list") : NULL;
}

static void stand_on(struct builder *k, const char *word)
{
    for (size_t i = 0; word && i < k->n; i++)
        if (kind_of(k, i) == ROW_WORD && strcmp(offer_of(k, i)->word, word) == 0)
            chooser_select(&k->chooser, i);
}

/* The rows are others; what was typed to narrow them stays, as does the one in hand. */
static void list_again(struct builder *k, size_t offers)
{
    char *words = xstrdup(edit_text(&k->chooser.field));
    size_t row = chooser_item(&k->chooser);
    const char *word = row < k->n && kind_of(k, row) == ROW_WORD ? offer_of(k, row)->word : NULL;
    list_rows(k, offers);
    chooser_free(&k->chooser);
    chooser_init(&k->chooser, k->n, score, k);
    k->chooser.field.hint = hint_of(k);
    edit_set(&k->chooser.field, words);
    chooser_filter(&k->chooser);
    stand_on(k, word);
    free(words);
}

static unsigned got_values(void *self, struct api_job *j)
{
    struct builder *k = self;
    struct filter_item *rows = NULL;
    k->reading = false;
    size_t n = api_error(j) ? 0 : filter_value_rows(j, &k->mem, &rows), known = k->n - k->show - k->typed;
    struct filter_offer *all = arena_array(&k->mem, struct filter_offer, known + n + 1);
    for (size_t i = 0; i < known; i++)
        all[i] = k->offer[i];
    k->offer = all;
    list_again(k, filter_offer_rows(all, known, rows, n));
    return UI_REDRAW;
}

static void ask_values(struct builder *k)
{
    k->reading = filter_asks_values(k->bar, &k->wish);
    if (!k->reading)
        return;
    api_post(filter_value_job(k->bar, &k->view, k->gen, got_values, k, &k->wish, ""), WORK_PAGES);
}

/* ---- from step to step ------------------------------------------------------------------------------ */

/* Chinese writes a window and its span without a blank. */
static bool joins(const struct builder *k, const char *word)
{
    bool window = k->wish.kind == WISH_VALUE &&
                  (k->wish.op == OP_LAST || k->wish.op == OP_NEXT || k->wish.op == OP_CHANGED);
    return *word == ',' || *word == ')' || (window && strcmp(i18n_lang(), "zh_CN") == 0);
}

/* Puts the word behind what is there, in the place of one that was begun. */
static void add_word(struct builder *k, const char *word)
{
    const char *text = text_of(k);
    size_t n = k->wish.from;
    while (n && text[n - 1] == ' ')
        n--;
    bool air = n && text[n - 1] != '(' && !joins(k, word);
    put_text(k, arena_printf(&k->mem, "%.*s%s%s", (int)n, text, air ? " " : "", word));
}

static void ask_next(struct builder *k)
{
    const char *text = text_of(k);
    size_t n = strlen(text);
    struct lang_env env;
    if (n && text[n - 1] != ' ' && text[n - 1] != '(') {
        put_text(k, arena_printf(&k->mem, "%s ", text));
        text = text_of(k);
        n++;
    }
    env_of(k, &env);
    lang_wish(&k->mem, text, n, &env, &k->wish);
}

/* What may come behind the text; what must come is put there at once. False: nothing may. */
static bool next_step(struct builder *k)
{
    struct lang_env env;
    size_t n;
    work_cancel(ui_work(k->view.ui), &k->view, ++k->gen);
    arena_reset(&k->mem);
    say(k, NULL);
    for (;;) {
        ask_next(k);
        if (k->wish.kind == WISH_NONE)
            return false;
        env_of(k, &env);
        n = filter_offers(&k->mem, text_of(k), &k->wish, &env, 0, &k->offer);
        if (k->wish.kind != WISH_LINK || n != 1 || is_whole(k))
            break;
        add_word(k, k->offer[0].word);
    }
    list_rows(k, n);
    chooser_free(&k->chooser);
    chooser_init(&k->chooser, k->n, score, k);
    k->chooser.field.hint = hint_of(k);
    ask_values(k);
    return k->n > 0;
}

static void remember(struct builder *k, const char *word)
{
    if (k->ntaken == k->cap) {
        k->cap = k->cap ? 2 * k->cap : 16;
        k->taken = xrealloc(k->taken, k->cap * sizeof *k->taken);
    }
    k->taken[k->ntaken++] = (struct taken){ xstrdup(text_of(k)), xstrdup(word) };
}

static unsigned go_on(struct builder *k, const char *word)
{
    remember(k, word);
    add_word(k, word);
    if (!next_step(k))
        ui_close(k->view.ui, &k->view);
    return UI_DONE;
}

/* ---- a value that is typed -------------------------------------------------------------------------- */

/* The text with a value at its end; what it still lacks there is none of the value's mistakes. */
static bool takes_value(struct builder *k, const char *value, struct err *e)
{
    struct lang_env env;
    struct cond *c;
    const char *before = arena_strndup(&k->mem, text_of(k), k->wish.from);
    size_t n = strlen(before);
    const char *text = arena_printf(&k->mem, "%s%s%s%s", before, n && before[n - 1] != ' ' ? " " : "", value,
                                    k->wish.in_list ? ")" : "");
    env_of(k, &env);
    if (lang_parse(&k->mem, text, &env, &c, e) == ST_OK)
        return true;
    return strcmp(e->code, "cond.syntax") == 0 && strtol(e->param[0], NULL, 10) > (long)text_count(text);
}

static unsigned take_typed(struct builder *k)
{
    struct err e = { 0 };
    struct buf quoted = BUF_INIT;
    const char *value = arena_strdup(&k->mem, edit_text(&k->chooser.field)), *word = NULL;
    if (!value[strspn(value, " ")]) {
        say(k, _("Type the value"));
        return UI_DONE;
    }
    lang_word_print(value, &quoted);
    if (takes_value(k, value, &e))
        word = value;
    else if (takes_value(k, quoted.s, &(struct err){ 0 }))
        word = arena_strdup(&k->mem, quoted.s);
    buf_release(&quoted);
    if (word)
        return go_on(k, word);
    say(k, sentence(&k->mem, &e));
    return UI_DONE;
}

static unsigned take(struct builder *k, size_t row)
{
    if (row >= k->n)
        return UI_DONE;
    enum row_kind kind = kind_of(k, row);
    if (kind == ROW_TYPED)
        return take_typed(k);
    if (kind == ROW_WORD)
        return go_on(k, offer_of(k, row)->word);
    struct filterbar *b = k->bar;
    char *where = xstrdup(text_of(k));
    ui_close(k->view.ui, &k->view);
    filter_take(b, where);
    free(where);
    return UI_DONE;
}

/* ---- the view --------------------------------------------------------------------------------------- */

static void builder_close(struct view *v)
{
    struct builder *k = builder_of(v);
    for (size_t i = 0; i < k->ntaken; i++) {
        free(k->taken[i].before);
        free(k->taken[i].word);
    }
    free(k->taken);
    free(k->error);
    chooser_free(&k->chooser);
    arena_free(&k->mem);
}

/* Behind what nobody understands nothing can be chosen. */
static enum status builder_open(struct view *v, const void *arg, struct err *e)
{
    struct builder *k = builder_of(v);
    (void)e;
    k->bar = *(struct filterbar *const *)arg;
    k->opened = !k->bar->open;
    filterbar_open(k->bar);
    char *typed = xstrdup(text_of(k));
    bool follows = next_step(k);
    if (!follows) {
        filter_set(k->bar, typed);
        builder_close(v);
    }
    free(typed);
    return follows ? ST_OK : ST_INVALID;
}

/* Where it is not the beginning of a name or a value a digit takes one of the first rows. */
static bool has_digits(const struct builder *k)
{
    bool few = k->wish.kind == WISH_OPERATOR || k->wish.kind == WISH_LINK || filter_has_choices(&k->wish);
    return few && k->chooser.field.text.len == 0;
}

static unsigned builder_input(struct view *v, const struct input *in)
{
    struct builder *k = builder_of(v);
    int key = in->kind == INPUT_KEY ? key_narrow(in->key) : K_NONE;
    if (has_digits(k) && key >= '1' && key <= '0' + DIGITS && (size_t)(key - '1') < k->n)
        return take(k, (size_t)(key - '1'));
    unsigned bits = chooser_input(&k->chooser, in);
    if (bits)
        say(k, NULL);
    return bits;
}

static unsigned builder_clicked(struct view *v, int id)
{
    return take(builder_of(v), (size_t)id);
}

static bool builder_typing(const struct view *v)
{
    (void)v;
    return true;
}

/* ---- drawing ---------------------------------------------------------------------------------------- */

static const char *label_of(const struct builder *k, size_t row, const char **code, char out[64])
{
    const char *typed = edit_text(&k->chooser.field);
    *code = NULL;
    switch (kind_of(k, row)) {
    case ROW_SHOW: return _("Show the list");
    case ROW_TYPED:
        if (!*typed) {
            *code = filter_example(&k->wish);
            return k->n > 1 ? _("Something else: type it") : **code ? _("for example") : _("as it is typed");
        }
        *code = _("as it is typed");
        out[text_cut(typed, 63)] = '\0';
        return memcpy(out, typed, text_cut(typed, 63));
    default: *code = offer_of(k, row)->code; return offer_of(k, row)->label;
    }
}

/* Of the names; what is typed may be of any length. */
static int label_cells(const struct builder *k)
{
    int cells = 0;
    for (size_t i = 0; i < k->chooser.nhits; i++) {
        char typed[64];
        const char *code;
        bool other = kind_of(k, k->chooser.hit[i]) == ROW_TYPED;
        int w = other ? 0 : text_width(label_of(k, k->chooser.hit[i], &code, typed));
        cells = w > cells ? w : cells;
    }
    return cells;
}

/* Name, code, how many rows have it. */
static void draw_row(void *self, size_t i, struct surface row, bool selected)
{
    struct builder *k = self;
    char digit[2] = { (char)('1' + i), '\0' }, typed[64], count[TEXT_GROUPED];
    const char *code, *label = label_of(k, i, &code, typed);
    int x = 2, end = row.w - 1;
    int64_t rows = kind_of(k, i) == ROW_WORD ? offer_of(k, i)->count : -1;
    ui_clickable(&k->view, row, (int)i);
    if (has_digits(k)) {
        surface_text(row, 0, x, ROLE_KEY | INK_BOLD, i < DIGITS ? digit : "", -1, ALIGN_LEFT);
        x += 2;
    }
    if (rows >= 0) {
        text_grouped(rows, count);
        end -= text_width(count);
        surface_text(row, 0, end, ROLE_ACCENT, count, -1, ALIGN_LEFT);
        end -= 2;
    }
    int most = end - x > 2 ? end - x : 0, cells = label_cells(k) < most ? label_cells(k) : most;
    surface_text(row, 0, x, selected ? ROLE_STRONG : ROLE_TEXT, label, most, ALIGN_LEFT);
    int own = text_width(label);
    x += (own > cells ? own : cells) + 2;
    if (code && end - x > 2)
        surface_text(row, 0, x, ROLE_DIM, code, end - x, ALIGN_LEFT);
}

static void builder_draw(struct view *v, struct surface s)
{
    struct builder *k = builder_of(v);
    int top = LIST_TOP;
    edit_draw(&k->chooser.field, surface_sub(s, 0, 0, 1, s.w), true);
    if (k->error)
        top = 1 + surface_wrap(surface_sub(s, 0, 2, -1, s.w - 4), 1, ROLE_BAD, k->error);
    if (k->chooser.nhits == 0)
        surface_text(s, top, 2, ROLE_STRONG, k->reading ? _("reading ..") : _("Nothing fits these words"),
                     s.w - 2, ALIGN_LEFT);
    chooser_draw(&k->chooser, surface_sub(s, top < LIST_TOP ? LIST_TOP : top, 0, -1, s.w), draw_row);
}

static void builder_measure(struct view *v, int max_h, int max_w, int *h, int *w)
{
    const struct builder *k = builder_of(v);
    int error = k->error ? text_rows(k->error, (max_w < CELLS ? max_w : CELLS) - 4) : 0;
    *w = max_w < CELLS ? max_w : CELLS;
    *h = LIST_TOP + (int)(k->n < ROWS ? k->n : ROWS) + (error > 1 ? error - 1 : 0);
    *h = *h < max_h ? *h : max_h;
}

/* Under the bar, whose sentence grows. */
static int builder_top(struct view *v)
{
    return CONTEXT_ROWS + builder_of(v)->bar->rows;
}

static void builder_subject(struct view *v, struct line *title, struct line *right)
{
    static const char *const titles[] = {
        [WISH_FIELD] = N_("What is tested?"),
        [WISH_OPERATOR] = N_("How?"),
        [WISH_VALUE] = N_("Against what?"),
        [WISH_LINK] = N_("And now?"),
    };
    const struct builder *k = builder_of(v);
    if (k->wish.kind != WISH_NONE)
        line_add(title, ROLE_TITLE, "%s", i18n_text(titles[k->wish.kind]));
    if (k->n > ROWS)
        line_add(right, ROLE_DIM, _("%zu of %zu"), k->chooser.nhits, k->n);
}

/* ---- actions ---------------------------------------------------------------------------------------- */

static const char *no_row(const struct action_call *call)
{
    const struct builder *k = call->self;
    return chooser_item(&k->chooser) < k->n ? NULL : _("nothing fits these words");
}

static unsigned do_take(const struct action_call *call)
{
    struct builder *k = call->self;
    return take(k, chooser_item(&k->chooser));
}

static unsigned do_back(const struct action_call *call)
{
    struct builder *k = call->self;
    struct taken t = k->taken[--k->ntaken];
    put_text(k, t.before);
    next_step(k);
    stand_on(k, t.word);
    free(t.before);
    free(t.word);
    return UI_DONE;
}

/* Where nothing was chosen nothing stays behind. */
static unsigned do_close(const struct action_call *call)
{
    struct builder *k = call->self;
    if (k->opened)
        filterbar_close(k->bar);
    ui_close(call->ui, &k->view);
    return UI_DONE;
}

static unsigned do_type(const struct action_call *call)
{
    ui_close(call->ui, call->self);
    return UI_DONE;
}

static const struct action take_actions[] = {
    { .name = "builder.take", .label = N_("Choose"), .help = N_("Takes the one in hand."),
      .group = N_("Filter"), .keys = "Enter", .flags = ACTION_FOOTER, .run = do_take, .disabled = no_row },
};
static const struct action back_actions[] = {
    { .name = "builder.back", .label = N_("One step back"), .help = N_("Takes the last choice back."),
      .group = N_("Filter"), .keys = "Esc", .flags = ACTION_FOOTER, .run = do_back },
};
static const struct action close_actions[] = {
    { .name = "builder.close", .label = N_("Close"), .help = N_("Closes the list."),
      .group = N_("Filter"), .keys = "Esc", .flags = ACTION_FOOTER, .run = do_close },
};
static const struct action type_actions[] = {
    { .name = "builder.type", .label = N_("Go on typing"),
      .help = N_("Leaves what was chosen in the bar, to be typed on."),
      .group = N_("Filter"), .keys = "F6", .flags = ACTION_FOOTER, .run = do_type },
};

static void builder_actions(struct view *v, struct action_list *out)
{
    struct builder *k = builder_of(v);
    ACTION_LIST_ADD(out, "builder", take_actions, k, NULL);
    if (k->ntaken)
        ACTION_LIST_ADD(out, "builder", back_actions, k, NULL);
    else
        ACTION_LIST_ADD(out, "builder", close_actions, k, NULL);
    ACTION_LIST_ADD(out, "builder", type_actions, k, NULL);
}

static const struct view_ops builder_view = {
    .name = "builder", .title = N_("Filter step by step"), .kind = VIEW_DIALOG,
    .size = sizeof(struct builder),
    .open = builder_open, .close = builder_close, .draw = builder_draw, .input = builder_input,
    .clicked = builder_clicked, .actions = builder_actions, .typing = builder_typing,
    .measure = builder_measure, .top = builder_top, .subject = builder_subject,
};

unsigned filter_build_open(const struct action_call *call)
{
    struct filterbar *b = call->self;
    if (!ui_push(call->ui, &builder_view, &b, NULL))
        ui_toast(call->ui, TOAST_WARN, "%s",
                 _("Nothing can be chosen behind this: mend what is typed."));
    return UI_DONE;
}
