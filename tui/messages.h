/* messages.h - the toast in the status row and the log of all that was said (`M`). ui.h has the
 * calls that say things. */
#ifndef TUI_MESSAGES_H
#define TUI_MESSAGES_H

#include "tui/ui.h"

struct messages;

struct messages *messages_new(struct ui *ui);
void messages_free(struct messages *m);

/* What ui_toast() and ui_toast_undo() do; the text is taken as it is. */
void messages_say(struct messages *m, enum toast_kind kind, const char *text);
void messages_say_undo(struct messages *m, const char *text, int seconds,
                       unsigned (*undo)(struct ui *ui, void *self), void (*done)(void *self),
                       void *self);

/* Is there a toast to show? Draws it over the status row. */
bool messages_toast(const struct messages *m);
void messages_draw_toast(struct messages *m, struct surface row);

/* How much was said so far, and: shows the last of it again (it came while the console was locked). */
size_t messages_count(const struct messages *m);
void messages_again(struct messages *m);

/* Can u undo something now? Does it. */
bool messages_can_undo(const struct messages *m);
unsigned messages_undo(struct messages *m);

/* Opens the log, newest first. */
void messages_open(struct ui *ui, struct messages *m);

#endif
