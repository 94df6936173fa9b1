/* monkey.h - presses keys at random, at random sizes, on any console in memory.
 *
 * The same seed presses the same keys. After each key: nothing was written to the terminal that no
 * terminal should see (vt_bad()); now and then the terminal shows what the grid holds. SEED and
 * STEPS in the environment replace the caller's; SEED is what a failure tells.
 */
#ifndef TESTS_SCREENS_MONKEY_H
#define TESTS_SCREENS_MONKEY_H

#include "base/buf.h"
#include "tests/screens/vt.h"
#include "tui/ui.h"

struct monkey {
    struct ui *ui;
    struct vt *vt;
    const char *const *words;           /* scripted inputs of key.h that it draws from; NULL: its own */
    size_t nwords;
    unsigned seed;
    int steps;
    int max_rows, max_cols;             /* sizes are drawn up to these; 0: 60 x 200 */
    /* Called after every key; false stops, with *why filled. NULL: none. */
    bool (*after)(void *self, struct buf *why);
    void *self;
};

/* True when all steps went well; else *why says the seed, the step, its key and what was wrong. It
 * never quits the console: keys that would are left out by the caller. */
bool monkey_run(const struct monkey *m, struct buf *why);

/* Its own words: movement, letters, digits, F-keys, words, pastes, clicks, drags; none that quits or
 * suspends. */
const char *const *monkey_words(size_t *n);

#endif
