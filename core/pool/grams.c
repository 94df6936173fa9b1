#include <string.h>

#include "base/pinyin.h"
#include "base/text.h"
#include "core/pool/pool.h"

bool gram_next(struct gram_walk *w, const char **gram, size_t *len)
{
    size_t two = 0;
    *gram = w->s;
    if (w->pair) {
        *len = w->pair;
        w->pair = 0;
    } else {
        if (!w->left)
            return false;
        text_char(w->s, w->left, &w->one);
        text_char(w->s + w->one, w->left - w->one, &two);
        *len = w->one;
        w->pair = two ? w->one + two : 0;
    }
    if (!w->pair) {
        w->s += w->one;
        w->left -= w->one;
    }
    return true;
}

const char *gram_next_py(const char **py)
{
    const char *p = *py;
    while (p && p[0] && p[1] && (p[0] == ' ' || p[1] == ' '))
        p++;
    if (!p || !p[0] || !p[1])
        return NULL;
    *py = p + 1;
    return p;
}

static enum status each_gram(struct ctx *c, int64_t lead, const char *name, const char *sql)
{
    enum status st = ST_OK;
    const char *key = text_key(c->arena, name), *py = pinyin_initials(c->arena, key), *gram;
    struct gram_walk w = { .s = key, .left = key ? strlen(key) : 0 };
    for (size_t len; !st && gram_next(&w, &gram, &len);)
        st = db_exec(c->db, c->e, sql, "Ti", gram, len, lead);
    while (!st && (gram = gram_next_py(&py)))
        st = db_exec(c->db, c->e, sql, "Ti", gram, (size_t)2, lead);
    return st;
}

enum status grams_write(struct ctx *c, int64_t lead, const char *was, const char *name)
{
    enum status st = ST_OK;
    if (was)
        st = db_exec(c->db, c->e, "delete from lead_gram_due where lead_id = $1", "i", lead);
    if (!st)
        st = each_gram(c, lead, was, "delete from lead_gram where gram = $1 and lead_id = $2");
    return st ? st : each_gram(c, lead, name, "insert into lead_gram (gram, lead_id) values ($1, $2) "
                                              "on conflict do nothing");
}

enum status grams_later(struct ctx *c, int64_t lead, const char *name)
{
    const char *key = text_key(c->arena, name);
    return db_exec(c->db, c->e, "insert into lead_gram_due (lead_id, name_key, name_py) values ($1, $2, $3)",
                   "itt", lead, key, pinyin_initials(c->arena, key));
}
