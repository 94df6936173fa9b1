#include "tests/screens/monkey.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tui/dump.h"

static const char *const words[] = {
    "Down", "Up", "Left", "Right", "PgDn", "PgUp", "End", "Home", "Enter", "Esc", "Tab", "BTab",
    "Space", "Backspace", "Del", "C-w", "C-u", "C-k", "C-y", "C-Left", "C-Right", "M-b", "M-x",
    "S-Up", "S-Down", "C-l", "F1", "F2", "F3", "F4", "F5", "F6", "F8", "F9", "F12",
    "a", "b", "c", "d", "f", "g", "i", "j", "k", "l", "m", "n", "o", "p", "r", "s", "t", "u", "v", "w",
    "x", "y", "z", "B", "C", "D", "G", "L", "M", "N", "P", "T", "U", "0", "1", "2", "3", "4", "5", "6", "7",
    "8",
    "9", "/", ":", "?", ".", "*", "+", "-", "[", "]", "<", ">",
    "text:领_a", "text:１：", "paste:中文_x", "paste:\033[2J", "click:0,9",
    "click:3,30", "click:4,25", "click:7,9", "click:11,40", "click:22,5", "drag:4,30", "release:4,33",
    "wheel-up:9,9", "wheel-down:9,9"
};

const char *const *monkey_words(size_t *n)
{
    *n = sizeof words / sizeof words[0];
    return words;
}

/* Own numbers: the same on every machine. */
static unsigned draw(unsigned long long *state, unsigned below)
{
    *state = *state * 6364136223846793005ull + 1442695040888963407ull;
    return (unsigned)(*state >> 33) % below;
}

static unsigned from_environment(const char *name, unsigned value)
{
    const char *s = getenv(name);

    return s && *s ? (unsigned)strtoul(s, NULL, 10) : value;
}

static bool screen_and_grid_agree(const struct monkey *m)
{
    struct buf a = BUF_INIT, b = BUF_INIT;
    bool same;

    vt_text(m->vt, &a);
    dump_text(ui_grid(m->ui), &b);
    same = !strcmp(a.s, b.s);
    buf_release(&a);
    buf_release(&b);
    return same;
}

static void resize(const struct monkey *m, unsigned long long *state)
{
    int rows = 1 + (int)draw(state, m->max_rows ? (unsigned)m->max_rows : 60),
        cols = 1 + (int)draw(state, m->max_cols ? (unsigned)m->max_cols : 200);

    vt_resize(m->vt, rows, cols);
    ui_resize(m->ui, rows, cols);
}

bool monkey_run(const struct monkey *m, struct buf *why)
{
    unsigned seed = from_environment("SEED", m->seed), steps = from_environment("STEPS", (unsigned)m->steps);
    unsigned long long state = seed;
    size_t n = m->nwords;
    const char *const *word = m->words ? m->words : monkey_words(&n);

    for (unsigned i = 0; i < steps; i++) {
        const char *press = word[draw(&state, (unsigned)n)], *bad;

        if (draw(&state, 40) == 0)
            resize(m, &state);
        if (!ui_keys(m->ui, press, &bad)) {
            buf_addf(why, "\"%s\" is no key", bad);
            return false;
        }
        ui_run_until_idle(m->ui);
        vt_sync(m->vt);
        if (vt_bad(m->vt))
            buf_addf(why, "it wrote %s", vt_bad(m->vt));
        else if (draw(&state, 50) == 0 && !screen_and_grid_agree(m))
            buf_adds(why, "the terminal does not show what the grid holds");
        else if (!m->after || m->after(m->self, why))
            continue;
        buf_addf(why, " (SEED=%u, step %u of %u, key %s)", seed, i, steps, press);
        return false;
    }
    return true;
}
