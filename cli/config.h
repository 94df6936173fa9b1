/* config.h - the settings file: /etc/gonghai/gonghai.conf, then gonghai.conf in the user's
 * configuration folder.
 *
 *     [database] url    instead of the embedded default       [keys] dir    where key files lie
 *     [console] theme, theme_file, keymap, language            mouse, paste = yes or no
 *
 * Options of the command line win over it. A file that others may write is refused.
 */
#ifndef CLI_CONFIG_H
#define CLI_CONFIG_H

#include "cli/cli.h"

/* Reads both files into the run. ST_INVALID "config.unknown" (file, line, key) for a key that means
 * nothing. */
enum status config_load(struct cli *c);

/* The value of "section.key" ("keys.dir"), or NULL. */
const char *config_get(const struct cli *c, const char *name);

#endif
