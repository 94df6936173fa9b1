/* keymapfile.h - a person's own keys: an INI file over the built-in ones.
 *
 * A line with a mistake (an unknown action or key, a key that would mean two things in a section) is said
 * and left out: that action keeps its built-in keys and the console starts. UI thread.
 */
#ifndef TUI_KEYMAPFILE_H
#define TUI_KEYMAPFILE_H

#include "tui/action.h"

/* keys/default.ini as compiled in: every action there is, with its keys. */
const char *keymap_builtin(void);

/* Called with one whole sentence, translated, that names file and line. */
typedef void keymap_say(void *self, const char *sentence);

/* Adds the lines of INI text; `file` names it in sentences. known is a text such as keymap_builtin(): what a
 * line may name. A text that is no INI at all is one sentence, too. */
void keymap_read(struct keymap *k, const char *known, const char *file, const char *text, keymap_say *say,
                 void *self);

/* The same from a file. ST_OK, also with mistakes in it; settings_load()'s errors for a file that cannot be
 * read or is too long. */
enum status keymap_load(struct keymap *k, const char *known, const char *file, keymap_say *say, void *self,
                        struct err *e);

#endif
