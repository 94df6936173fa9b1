#include "tui/chooser.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "tui/loop.h"

void chooser_init(struct chooser *c, size_t n,
                  int (*score)(void *self, size_t i, const char *words), void *self)
{
    *c = (struct chooser){ .n = n, .score = score, .self = self };
    edit_init(&c->field, 100, 1);
    c->hit = xcalloc(n + 1, sizeof *c->hit);
    chooser_filter(c);
}

void chooser_free(struct chooser *c)
{
    edit_free(&c->field);
    free(c->hit);
    c->hit = NULL;
}

void chooser_filter(struct chooser *c)
{
    struct arena mem = ARENA_INIT;
    const char *words = text_key(&mem, edit_text(&c->field));
    int *score = arena_array(&mem, int, c->n + 1), best = 0;

    c->nhits = c->sel = c->top = 0;
    for (size_t i = 0; i < c->n; i++) {
        score[i] = *words ? c->score(c->self, i, words) : 1;
        best = score[i] > best ? score[i] : best;
    }
    for (int want = best; want > 0; want--)
        for (size_t i = 0; i < c->n; i++)
            if (score[i] == want)
                c->hit[c->nhits++] = i;
    arena_free(&mem);
}

size_t chooser_item(const struct chooser *c)
{
    return c->nhits ? c->hit[c->sel] : c->n;
}

void chooser_select(struct chooser *c, size_t item)
{
    for (size_t i = 0; i < c->nhits; i++)
        if (c->hit[i] == item)
            c->sel = i;
}

static unsigned move(struct chooser *c, int by)
{
    long to = (long)c->sel + by, last = (long)c->nhits - 1;

    c->sel = c->nhits == 0 || to < 0 ? 0 : to > last ? (size_t)last : (size_t)to;
    return UI_DONE;
}

unsigned chooser_input(struct chooser *c, const struct input *in)
{
    int page = c->height > 1 ? c->height - 1 : 1;
    size_t before = c->field.text.len;
    unsigned bits;

    if (in->kind == INPUT_KEY)
        switch (in->key) {
        case K_UP:
        case 'p' | K_CTRL:
            return move(c, -1);
        case K_DOWN:
        case 'n' | K_CTRL:
            return move(c, 1);
        case K_PGUP:
            return move(c, -page);
        case K_PGDN:
            return move(c, page);
        default:
            break;
        }
    bits = edit_input(&c->field, in);
    if (bits && (c->field.text.len != before || in->kind == INPUT_PASTE))
        chooser_filter(c);
    return bits;
}

void chooser_draw(struct chooser *c, struct surface s,
                  void (*draw)(void *self, size_t item, struct surface row, bool selected))
{
    size_t height = s.h > 0 ? (size_t)s.h : 0;

    c->height = s.h;
    if (c->sel < c->top)
        c->top = c->sel;
    if (height > 0 && c->sel >= c->top + height)
        c->top = c->sel - height + 1;
    for (size_t y = 0; y < height && c->top + y < c->nhits; y++) {
        bool selected = c->top + y == c->sel;
        struct surface row = surface_sub(s, (int)y, 0, 1, s.w);

        if (selected) {
            row = surface_on(row, ROLE_SELECT);
            surface_fill(row);
            surface_glyph(row, 0, 0, ROLE_ACCENT, GLYPH_FOCUS);
        }
        draw(c->self, c->hit[c->top + y], row, selected);
    }
    surface_thumb(s, s.w - 1, (int64_t)c->top, (int64_t)c->nhits);
}

static int match_word(const char *hay, const char *word, size_t n)
{
    int best = 0;

    for (const char *p = hay; *p && best < 3; p++)
        if (!strncmp(p, word, n)) {
            int score = p == hay ? 3 : p[-1] == ' ' || p[-1] == '.' || p[-1] == '-' ? 2 : 1;

            best = score > best ? score : best;
        }
    return best;
}

int chooser_match(const char *hay, const char *words)
{
    int least = 3;

    for (size_t n; *(words += strspn(words, " ")); words += n) {
        int score;

        n = strcspn(words, " ");
        score = match_word(hay, words, n);
        least = score < least ? score : least;
    }
    return least;
}
