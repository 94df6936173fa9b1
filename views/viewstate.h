/* viewstate.h - what a person chose on the screens, kept from one run to the next.
 *
 * One small INI file a person and database in the state folder ($XDG_STATE_HOME/gonghai). It holds looks only
 * (theme, language, columns), never data of customers. A file that can't be read, or is another's, counts as
 * empty: the log says so, nobody is bothered. Written whole or not at all, a second after the last change and
 * at the end; of two consoles of one person each keeps what the other chose meanwhile. UI thread only.
 */
#ifndef VIEWS_VIEWSTATE_H
#define VIEWS_VIEWSTATE_H

struct loop;
struct viewstate;

/* An empty one that lives in memory alone, until viewstate_bind(). */
struct viewstate *viewstate_new(void);

/* Ties it to the file of this login on this database (its path, or a server's address) and reads what was
 * kept; what was set before is given up. No folder to write in: it goes on in memory. */
void viewstate_bind(struct viewstate *s, const char *login, const char *database);

/* From now on this loop's timer writes; NULL: only viewstate_flush() and the end do. */
void viewstate_attach(struct viewstate *s, struct loop *loop);

/* The value of a key ("leads.columns"), until the key is set anew; NULL when nothing was chosen. */
const char *viewstate_get(const struct viewstate *s, const char *key);

/* Chooses; NULL forgets. Keys are of [a-z0-9._-]; values are any UTF-8 text of at most VIEWSTATE_VALUE
 * bytes (longer ones are dropped with a log line). The same value again changes nothing. */
enum { VIEWSTATE_VALUE = 1000 };
void viewstate_set(struct viewstate *s, const char *key, const char *value);

/* Writes now what has changed. */
void viewstate_flush(struct viewstate *s);

/* Writes and frees. NULL allowed. */
void viewstate_free(struct viewstate *s);

#endif
