#include "tui/action.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/i18n.h"
#include "base/text.h"
#include "tui/key.h"
#include "tui/ui.h"

void action_list_add(struct action_list *l, const char *scope, const struct action *rows, size_t n,
                     void *self, bool (*subject)(void *self, struct subject *out))
{
    assert(l->n < ACTION_SETS);
    l->set[l->n++] = (struct action_set){
        .scope = scope, .rows = rows, .n = n, .self = self, .subject = subject
    };
}

void subject_name(struct subject *s, const char *words)
{
    size_t n = words ? text_cut(words, sizeof s->name - 1) : 0;

    memcpy(s->name, words ? words : "", n);
    s->name[n] = '\0';
}

/* --- keys ------------------------------------------------------------------------------------- */

struct override { char *scope, *name, *keys; };

struct keymap { size_t n, cap; struct override *row; };

struct keymap *keymap_new(void)
{
    return xcalloc(1, sizeof(struct keymap));
}

void keymap_free(struct keymap *k)
{
    if (!k)
        return;
    while (k->n > 0) {
        struct override *o = &k->row[--k->n];

        free(o->scope);
        free(o->name);
        free(o->keys);
    }
    free(k->row);
    free(k);
}

/* The word at or behind s, n bytes; "" at the end. Words are so short that strcspn() takes longer. */
static const char *next_word(const char *s, size_t *n)
{
    while (*s == ' ')
        s++;
    for (*n = 0; s[*n] && s[*n] != ' '; ++*n)
        ;
    return s;
}

bool keys_each(const char *keys, bool (*call)(void *self, const char *name, int key), void *self)
{
    char name[K_NAME];

    for (size_t n; keys && *(keys = next_word(keys, &n)); keys += n) {
        size_t kept = n;

        kept = kept < K_NAME ? kept : K_NAME - 1;
        memcpy(name, keys, kept);
        name[kept] = '\0';
        if (call(self, name, key_find(name)))
            return true;
    }
    return false;
}

void keymap_set(struct keymap *k, const char *scope, const char *name, const char *keys)
{
    if (k->n == k->cap) {
        k->cap = k->cap ? k->cap * 2 : 16;
        k->row = xrealloc(k->row, sizeof *k->row * k->cap);
    }
    k->row[k->n++] = (struct override){ xstrdup(scope), xstrdup(name), xstrdup(keys) };
}

const char *keymap_keys(const struct keymap *k, const char *scope, const struct action *a)
{
    for (size_t i = k->n; i-- > 0;)
        if (!strcmp(k->row[i].name, a->name) && !strcmp(k->row[i].scope, scope))
            return k->row[i].keys;
    return a->keys ? a->keys : "";
}

static bool take_first(void *self, const char *name, int key)
{
    (void)name;
    *(int *)self = key;
    return true;
}

int keymap_first(const struct keymap *k, const char *scope, const struct action *a)
{
    int key = K_NONE;

    keys_each(keymap_keys(k, scope, a), take_first, &key);
    return key;
}

/* Is this the name of the key, n bytes of it? Letters and digits are their own names and no others', so most
 * are told apart without a look into the table of names. */
static bool is_key(const char *word, size_t n, int key)
{
    char name[K_NAME];
    bool plain = key > 0 && key < 128 && isalnum(key);

    if (n == 1 || plain)
        return n == 1 && (unsigned char)word[0] == (unsigned)key;
    n = n < K_NAME ? n : K_NAME - 1;
    memcpy(name, word, n);
    name[n] = '\0';
    return key_find(name) == key;
}

bool keymap_has(const struct keymap *k, const char *scope, const struct action *a, int key)
{
    const char *keys = keymap_keys(k, scope, a);

    for (size_t n; *(keys = next_word(keys, &n)); keys += n)
        if (is_key(keys, n, key))
            return true;
    return false;
}

/* --- printing --------------------------------------------------------------------------------- */

void keymap_print(const struct keymap *k, const struct action_list *all, struct buf *out)
{
    for (int i = 0; i < all->n; i++) {
        const struct action_set *set = &all->set[i];

        buf_addf(out, "%s[%s]\n", i ? "\n" : "", set->scope);
        for (size_t j = 0; j < set->n; j++) {
            const struct action *a = &set->rows[j];

            buf_addf(out, "; %s\n%s = %s\n", i18n_text(a->label), a->name,
                     keymap_keys(k, set->scope, a));
        }
    }
}

/* --- looking up ------------------------------------------------------------------------------- */

static void fill_call(struct action_call *call, struct ui *ui, const struct action_set *set,
                      const struct action *a, int key)
{
    *call = (struct action_call){ .ui = ui, .self = set->self, .action = a, .key = key };
    call->has_subject = set->subject && set->subject(set->self, &call->subject);
}

bool action_by_key(const struct keymap *k, const struct action_list *l, struct ui *ui, int key,
                   struct action_call *call)
{
    for (int i = 0; i < l->n; i++)
        for (size_t j = 0; j < l->set[i].n; j++)
            if (keymap_has(k, l->set[i].scope, &l->set[i].rows[j], key)) {
                fill_call(call, ui, &l->set[i], &l->set[i].rows[j], key);
                return true;
            }
    return false;
}

bool action_by_name(const struct action_list *l, struct ui *ui, const char *name,
                    struct action_call *call)
{
    for (int i = 0; i < l->n; i++)
        for (size_t j = 0; j < l->set[i].n; j++)
            if (!strcmp(l->set[i].rows[j].name, name)) {
                fill_call(call, ui, &l->set[i], &l->set[i].rows[j], K_NONE);
                return true;
            }
    return false;
}

bool action_by_number(const struct action_list *l, struct ui *ui, int number,
                      struct action_call *call)
{
    for (int i = 0; number > 0 && i < l->n; i++)
        for (size_t j = 0; j < l->set[i].n; j++)
            if (l->set[i].rows[j].number == number) {
                fill_call(call, ui, &l->set[i], &l->set[i].rows[j], K_NONE);
                return true;
            }
    return false;
}

bool action_reached(const struct keymap *k, const struct action_list *l, int set, const struct action *a,
                    int key)
{
    struct action_call first;

    if (l->typing && key_is_text(key) && !(a->flags & ACTION_TYPING))
        return false;
    return action_by_key(k, l, NULL, key, &first) && first.action == a && first.self == l->set[set].self;
}

struct reach {
    const struct keymap *k;
    const struct action_list *l;
    int set;
    const struct action *a;
    int key;
};

static bool is_reached(void *self, const char *name, int key)
{
    struct reach *r = self;

    (void)name;
    if (!action_reached(r->k, r->l, r->set, r->a, key))
        return false;
    r->key = key;
    return true;
}

int action_key(const struct keymap *k, const struct action_list *l, int set, const struct action *a)
{
    struct reach r = { k, l, set, a, K_NONE };

    keys_each(keymap_keys(k, l->set[set].scope, a), is_reached, &r);
    return r.key;
}

const char *action_disabled(const struct action_call *call)
{
    const struct action *a = call->action;
    const struct frame *f = call->ui ? ui_frame(call->ui) : NULL;

    if ((a->flags & ACTION_WRITE) && f && f->offline)
        return _("not connected");
    if ((a->flags & ACTION_WRITE) && f && f->read_only)
        return _("read only");
    if ((a->flags & ACTION_SUBJECT) && !call->has_subject)
        return _("nothing selected");
    return a->disabled ? a->disabled(call) : NULL;
}
