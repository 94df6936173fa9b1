/* i18n.h - the user's language: gettext, switched at run time.
 *
 * _() translates where it stands, N_() marks a string in a table for the translators and is
 * translated where it is shown. Only the UI thread (or a command line before it starts threads)
 * calls i18n_set().
 */
#ifndef BASE_I18N_H
#define BASE_I18N_H

#include <libintl.h>

#define _(s) gettext(s)
#define N_(s) (s)

/* setlocale (C falls back to C.UTF-8; LC_NUMERIC stays "C", so that numbers in files and JSON never
 * depend on the user), finds the catalogues (beside the program's build, else PREFIX), and takes
 * `lang` ("en", "zh_CN") or, when it is NULL or unknown, the environment's: LANGUAGE, then LC_ALL,
 * LC_MESSAGES, LANG. Returns the language in use. */
const char *i18n_init(const char *lang);

/* Switches; "zh", "zh-CN", "zh_CN.UTF-8" are zh_CN, and likewise for en; unknown languages leave
 * all as it is. Returns the language in use: "en" or "zh_CN". */
const char *i18n_set(const char *lang);
const char *i18n_lang(void);

/* _(s), but "" for NULL and for "" (of which gettext makes its header). */
const char *i18n_text(const char *s);

#endif
