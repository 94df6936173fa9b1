/* lock.h - the screen that hides all others until its person is back. ui.h has the calls for views and
 * app; this is what the console's own files use. UI thread only.
 *
 * Idleness is measured by the wall clock and by the clock that only goes forward, whichever says more:
 * a machine that slept has been idle, and a clock that was set back unlocks nothing.
 */
#ifndef TUI_LOCK_H
#define TUI_LOCK_H

#include "tui/ui.h"

struct lock;

struct lock *lock_new(struct ui *ui);
void lock_free(struct lock *l);         /* NULL allowed */

bool lock_held(const struct lock *l);

/* Something was typed or clicked. */
void lock_touch(struct lock *l);

/* Locks if the console has been idle long enough, else sees to it that it is looked at again. True if it
 * has locked just now. */
bool lock_look(struct lock *l);

/* While locked: takes the password. Reaction bits; 0 for a key that is not its own. */
unsigned lock_input(struct lock *l, const struct input *in);
void lock_draw(struct lock *l, struct surface s);

#endif
