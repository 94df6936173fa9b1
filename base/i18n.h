/* i18n.h - the user's language: gettext, switched at run time.
 *
 * _() translates where it stands, N_() marks a string in a table for the translators and is
 * translated where it is shown. A word with two meanings gets a context, which only translators
 * see: C_("type", "number") and NC_("type", "number"). Only the UI thread (or a command line before
 * it starts threads) calls i18n_set().
 */
#ifndef BASE_I18N_H
#define BASE_I18N_H

#include <libintl.h>

#include "base/status.h"

#define _(s) i18n_gettext(s)
#define N_(s) (s)
#define NC_(context, s) (context "\004" s)
#define C_(context, s) i18n_text(NC_(context, s))
#define P_(one, many, n) i18n_plural(one, many, (long long)(n))

/* setlocale (C falls back to C.UTF-8; LC_NUMERIC stays "C", so that numbers in files and JSON never
 * depend on the user), finds the catalogues (beside the program's build, else PREFIX), and takes
 * `lang` ("en", "zh_CN") or, when it is NULL or unknown, the environment's: LANGUAGE, then LC_ALL,
 * LC_MESSAGES, LANG. Returns the language in use. */
const char *i18n_init(const char *lang);

/* Switches; "zh", "zh-CN", "zh_CN.UTF-8" are zh_CN, and likewise for en; unknown languages leave
 * all as it is. Returns the language in use: "en" or "zh_CN". */
const char *i18n_set(const char *lang);
const char *i18n_lang(void);

/* A bank's own words over the translations, from here on (base/terms.h); flags are settings_load()'s. */
enum status i18n_terms(const char *path, unsigned flags, struct err *e);

/* gettext(), and the bank's own words. Any thread. */
const char *i18n_gettext(const char *s) __attribute__((format_arg(1)));

/* ngettext(), and the bank's own words: "%lld lead" for 1, "%lld leads" for all else. Any thread. */
const char *i18n_plural(const char *one, const char *many, long long n)
    __attribute__((format_arg(1), format_arg(2)));

/* What N_() or NC_() marked, translated; "" for NULL and for "" (of which gettext makes its
 * header). */
const char *i18n_text(const char *s);

/* The same in the other of the two languages: what people type may be in either. English where it has no
 * translation; "" for NULL and for "". Any thread. */
const char *i18n_other(const char *s);

/* The English of what N_() or NC_() marked, without its context; "" for NULL. */
const char *i18n_english(const char *s);

#endif
