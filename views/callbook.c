#include "views/callbook.h"

#include <string.h>

#include "base/i18n.h"
#include "core/model/called.h"

/* A word that names no row is remembered too, with no code: it is not asked for again. */
static struct called_row *find(const struct callbook *k, const char *noun, const char *word)
{
    for (size_t i = 0; i < k->n; i++)
        if (strcmp(k->row[i].noun, noun) == 0 && strcmp(k->row[i].word, word) == 0)
            return &k->row[i];
    return NULL;
}

static struct called_row *enter(struct callbook *k, const char *noun, const char *word)
{
    struct called_row *row = find(k, noun, word);
    if (row)
        return row;
    k->row = arena_grow(&k->mem, k->row, sizeof *k->row, &k->cap, k->n + 1);
    k->row[k->n] = (struct called_row){ .noun = arena_strdup(&k->mem, noun),
                                        .word = arena_strdup(&k->mem, word) };
    return &k->row[k->n++];
}

static const char *name(void *self, const char *noun, const char *word, bool zh)
{
    struct callbook *k = self;
    const struct called_row *row = find(k, noun, word);
    arena_reset(&k->answer);
    return row && row->code ? called_text(&k->answer, row, zh) : NULL;
}

static unsigned learned(void *self, struct api_job *j)
{
    struct callbook *k = self;
    const struct api_step *s = &j->step[0];
    if (api_error(j))
        return 0;
    const struct called_rows *answer = s->out;
    const struct called_row *from = answer->rows.items;
    for (size_t i = 0; i < answer->rows.n; i++) {
        struct called_row *row = enter(k, from[i].noun, from[i].word);
        row->code = arena_strdup(&k->mem, from[i].code);
        row->name = from[i].name ? arena_strdup(&k->mem, from[i].name) : NULL;
        row->alone = from[i].alone;
    }
    return k->told(k->self);
}

/* Enters the words that are new; true if there are any. */
static bool enter_new(struct callbook *k, const struct cond *t)
{
    const char *noun = t && t->kind == COND_TEST ? lang_names(t->name) : NULL;
    bool new = false;
    for (size_t i = 0; noun && i < t->nvalues; i++) {
        const struct value *v = &t->values[i];
        if (v->kind != VAL_TEXT || find(k, noun, v->s))
            continue;
        enter(k, noun, v->s);
        new = true;
    }
    for (size_t i = 0; t && i < t->nkids; i++)
        new = enter_new(k, t->kids[i]) || new;
    return new;
}

void callbook_learn(struct callbook *k, const struct noun *noun, const struct cond *tree, const char *where)
{
    if (!enter_new(k, tree))
        return;
    struct api_job *j = api_new(k->ui, k, 0, learned, k);
    int step = api_add(j, "condition.names");
    api_set_text(j, step, "noun", noun->name);
    api_set_text(j, step, "where", where);
    api_post(j, WORK_PAGES);
}

void callbook_init(struct callbook *k, struct ui *ui, unsigned (*told)(void *self), void *self)
{
    *k = (struct callbook){ .mem = ARENA_INIT, .answer = ARENA_INIT, .ui = ui, .told = told, .self = self };
    k->as = (struct lang_called){ .self = k, .name = name };
}

void callbook_free(struct callbook *k)
{
    if (!k->ui)
        return;
    work_cancel(ui_work(k->ui), k, WORK_ALL);
    arena_free(&k->mem);
    arena_free(&k->answer);
    k->ui = NULL;
}
