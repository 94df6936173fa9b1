/* sampleterm.h - the sample console on a terminal in memory. vt and ui are the test's own variables. */
#ifndef TESTS_SCREENS_SAMPLETERM_H
#define TESTS_SCREENS_SAMPLETERM_H

#include "tests/screens/sample.h"
#include "tests/screens/vt.h"

enum { SAMPLE_ROWS = 312 };         /* of the list, where a test wants no other number */

/* Stops the clock on Tuesday 2026-11-24, 8:47 in Shanghai; that time. */
int64_t sample_morning(void);

/* Starts on a terminal of that size and shows a list of so many rows. In o->term the terminal's name and
 * what it can do are the caller's; the rest is filled in. */
void sample_start(struct vt **vt, struct ui **ui, struct ui_options *o, int rows, int cols, int64_t records);

/* Fits a teardown: stops what was started, if anything, and lets the clock run. 0, or -1 when something was
 * written that no terminal should see, which it says. */
int sample_stop(struct vt **vt, struct ui **ui);

/* Waits until all is quiet; the bytes that were written. */
size_t sample_settle(struct vt *vt, struct ui *ui);

/* Presses keys (key.h), then as sample_settle(). */
size_t sample_press(struct vt *vt, struct ui *ui, const char *keys);

#endif
