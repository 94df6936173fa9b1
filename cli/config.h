/* config.h - the settings: one table of keys, and where the value of each comes from.
 *
 *     built in  <  $XDG_CONFIG_DIRS/gonghai/gonghai.conf (/etc/xdg)  <  /etc/gonghai/gonghai.conf
 *               <  gonghai.conf in the user's configuration folder  <  GONGHAI_UI_THEME=..
 *               <  options of the command line
 *
 * A file has the part before the dot as its section. In a system's file `!key = value` locks the key: what
 * the user's file and the environment say is left aside, an option against it is refused. A file that others
 * may write is refused. Man page, reference and `gonghai config` are made from the table.
 */
#ifndef CLI_CONFIG_H
#define CLI_CONFIG_H

#include "cli/cli.h"
#include "core/guard/session.h"

struct config_key {
    const char *name;           /* "ui.theme" */
    const char *old;            /* what it was called before, understood in files; NULL: nothing else */
    /* "auto|1|2": one of these; "yes|no": also on, off, true, false, 1, 0; "0-480": a number; "FILE",
     * "FOLDER", "NAME", "URL": any text */
    const char *takes;
    const char *built_in;       /* "" for none */
    const char *help;           /* msgid */
};
extern const struct config_key config_keys[CONFIG_KEYS];

/* Reads all layers into the run, options last. ST_INVALID "config.unknown" (file, line, key),
 * "config.value" (file, line, key, value, what it takes), "config.lock" (file, line, key: a lock outside
 * the system's files), "config.environment" (variable, value, what it takes); ST_DENIED "config.locked"
 * (option, key, file, line). */
enum status config_load(struct cli *c);

/* Is there the file that a key names? ST_NOT_FOUND "config.file" (where it was said, line or "", key,
 * file) when a settings file or the environment names one that can't be read; what an option names is left
 * to who reads it. */
enum status config_check_file(struct cli *c, const char *name);

/* The value that holds; NULL when there is none. name is in the table (assert). Yes and no are "yes" and
 * "no". */
const char *config_get(const struct cli *c, const char *name);
bool config_is(const struct cli *c, const char *name);          /* "yes" */
int config_number(const struct cli *c, const char *name);

/* How long logins over the network last, for the server. */
struct session_rules config_session(const struct cli *c);

/* Sets a value for the rest of the run, over all else; it outlives the run. */
void config_set(struct cli *c, const char *name, const char *value);

/* Does the value come from the user himself (file, environment, option) rather than from the system? */
enum config_from config_from(const struct cli *c, const char *name);
bool config_locked(const struct cli *c, const char *name);

/* "GONGHAI_UI_THEME", in the arena. */
const char *config_variable(struct arena *a, const struct config_key *key);

#endif
