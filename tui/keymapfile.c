#include "tui/keymapfile.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/i18n.h"
#include "base/settings.h"
#include "builtin_keys.h"
#include "tui/key.h"

struct reading {
    struct arena mem;
    struct settings known, given;
    bool *dropped;                          /* of given: a line with a mistake */
    const char *file;
    keymap_say *say;
    void *self;
};

const char *keymap_builtin(void)
{
    return builtin_keys[0].text;
}

/* --- what a line may say ---------------------------------------------------------------------- */

static bool same_row(const struct setting *a, const struct setting *b)
{
    return !strcmp(a->section, b->section) && !strcmp(a->key, b->key);
}

static const struct setting *find_known(const struct reading *r, const struct setting *s)
{
    for (size_t i = 0; i < r->known.n; i++)
        if (same_row(&r->known.item[i], s))
            return &r->known.item[i];
    return NULL;
}

/* Tabs that are announced, or that another edition has. */
static bool is_tab(const struct setting *s)
{
    return !strcmp(s->section, "views") && !strncmp(s->key, "view.", 5);
}

static bool is_unknown(void *self, const char *name, int key)
{
    if (key == K_NONE)
        snprintf(self, K_NAME, "%s", name);
    return key == K_NONE;
}

static bool is_key(void *self, const char *name, int key)
{
    (void)name;
    return key == *(int *)self;
}

static bool has_key(const char *keys, int key)
{
    return keys_each(keys, is_key, &key);
}

static void drop(struct reading *r, size_t i, const char *what)
{
    char sentence[500];

    /* TRANSLATORS: a key table's file, a line of it, what is wrong there */
    snprintf(sentence, sizeof sentence, _("%s, line %d: %s. The built-in keys hold there."), r->file,
             r->given.item[i].line, what);
    r->dropped[i] = true;
    r->say(r->self, sentence);
}

static void check_line(struct reading *r, size_t i)
{
    const struct setting *s = &r->given.item[i];
    char what[300], unknown[K_NAME];

    if (!*s->section)
        drop(r, i, _("a line before the first [section]"));
    else if (!find_known(r, s) && !is_tab(s)) {
        snprintf(what, sizeof what, _("there is no action \"%.60s\" in [%.60s]"), s->key, s->section);
        drop(r, i, what);
    } else if (keys_each(s->value, is_unknown, unknown)) {
        snprintf(what, sizeof what, _("there is no key \"%s\""), unknown);
        drop(r, i, what);
    }
}

/* --- a key that means two things -------------------------------------------------------------- */

/* The keys that a known row has once the lines that stand are taken. */
static const char *keys_now(const struct reading *r, const struct setting *row)
{
    for (size_t i = r->given.n; i-- > 0;)
        if (!r->dropped[i] && same_row(&r->given.item[i], row))
            return r->given.item[i].value;
    return row->value;
}

struct clash { const struct reading *r; const struct setting *line, *own, *other; char key[K_NAME]; };

/* Has another row of the section the key, too? Built-in twins (rows that never meet) are none. */
static bool find_clash(void *self, const char *name, int key)
{
    struct clash *c = self;

    for (size_t i = 0; i < c->r->known.n; i++) {
        const struct setting *row = &c->r->known.item[i];
        bool twins = c->own && has_key(c->own->value, key) && has_key(row->value, key);

        if (strcmp(row->section, c->line->section) || !strcmp(row->key, c->line->key) || twins ||
            !has_key(keys_now(c->r, row), key))
            continue;
        c->other = row;
        snprintf(c->key, sizeof c->key, "%s", name);
        return true;
    }
    return false;
}

/* Drops the last line that gives a key a second meaning; false when there is none. */
static bool drop_clash(struct reading *r)
{
    for (size_t i = r->given.n; i-- > 0;) {
        struct clash c = { .r = r, .line = &r->given.item[i], .own = find_known(r, &r->given.item[i]) };
        char what[300];

        if (r->dropped[i] || !keys_each(c.line->value, find_clash, &c))
            continue;
        snprintf(what, sizeof what, _("key %s would mean both %s and %s"), c.key, c.line->key, c.other->key);
        drop(r, i, what);
        return true;
    }
    return false;
}

/* --- reading ---------------------------------------------------------------------------------- */

static void begin(struct reading *r, const char *known, const char *file, keymap_say *say, void *self)
{
    struct err e = { 0 };

    *r = (struct reading){ .mem = ARENA_INIT, .file = file, .say = say, .self = self };
    r->known.arena = r->given.arena = &r->mem;
    settings_parse("built-in keys", known, strlen(known), settings_collect, &r->known, &e);
}

static void finish(struct reading *r, struct keymap *k)
{
    r->dropped = arena_array(&r->mem, bool, r->given.n + 1);
    for (size_t i = 0; i < r->given.n; i++)
        check_line(r, i);
    while (drop_clash(r))
        ;
    for (size_t i = 0; i < r->given.n; i++)
        if (!r->dropped[i])
            keymap_set(k, r->given.item[i].section, r->given.item[i].key, r->given.item[i].value);
    arena_free(&r->mem);
}

/* No INI text: said, and no line of it is taken. */
static void refuse(struct reading *r, const struct err *e)
{
    char sentence[500];

    snprintf(sentence, sizeof sentence,
             _("%s, line %s: this is no line of a key table. All built-in keys hold."), r->file,
             e->param[1]);
    r->given.n = 0;
    r->say(r->self, sentence);
}

void keymap_read(struct keymap *k, const char *known, const char *file, const char *text, keymap_say *say,
                 void *self)
{
    struct reading r;
    struct err e = { 0 };

    begin(&r, known, file, say, self);
    if (settings_parse(file, text, strlen(text), settings_collect, &r.given, &e) != ST_OK)
        refuse(&r, &e);
    finish(&r, k);
}

enum status keymap_load(struct keymap *k, const char *known, const char *file, keymap_say *say, void *self,
                        struct err *e)
{
    struct reading r;
    enum status st;

    begin(&r, known, file, say, self);
    st = settings_load(file, 0, settings_collect, &r.given, e);
    if (st != ST_OK && e && !strcmp(e->code, "settings.syntax")) {
        refuse(&r, e);
        err_clear(e);
        st = ST_OK;
    } else if (st != ST_OK) {
        r.given.n = 0;
    }
    finish(&r, k);
    return st;
}
