/* i18n.c - the user's language. */
#include "base/i18n.h"

#include <limits.h>
#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/terms.h"

#define DOMAIN "gonghai"

/* gettext looks at LANGUAGE again when this changes (GNU gettext manual, "Being a gettext
 * user"). */
extern int _nl_msg_cat_cntr;

/* The msgids are "en". */
static const char *const languages[] = { "en", "zh_CN" };
static const char *current = "en";

/* The language that a locale name or a LANGUAGE entry of n bytes means, or NULL. */
static const char *known(const char *name, size_t n)
{
    for (size_t i = 0; i < sizeof languages / sizeof *languages; i++)
        if (n >= 2 && strncmp(name, languages[i], 2) == 0 && (n == 2 || strchr("_-.@", name[2])))
            return languages[i];
    return NULL;
}

/* The first entry of a list like "zh_CN:en" that is known. */
static const char *first_known(const char *list)
{
    const char *found = NULL;

    while (list && *list && !found) {
        size_t n = strcspn(list, ":");

        found = known(list, n);
        list += n + (list[n] == ':');
    }
    return found;
}

static const char *environment_language(void)
{
    static const char *const names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };
    const char *found = first_known(getenv("LANGUAGE"));

    for (size_t i = 0; i < 3 && !found; i++) {
        const char *value = getenv(names[i]);

        if (value && *value) {
            found = known(value, strlen(value));
            break;
        }
    }
    return found ? found : "en";
}

static bool is_c(int category)
{
    const char *name = setlocale(category, NULL);

    return !name || strcmp(name, "C") == 0 || strcmp(name, "POSIX") == 0;
}

static void set_locale(void)
{
    if (!setlocale(LC_ALL, "") || is_c(LC_CTYPE))
        setlocale(LC_ALL, "C.UTF-8");
    if (is_c(LC_MESSAGES))
        setlocale(LC_MESSAGES, "C.UTF-8");      /* in plain C gettext ignores LANGUAGE */
    setlocale(LC_NUMERIC, "C");
}

/* Binds dir if the catalogues are there. */
static bool bind_catalogues(const char *dir)
{
    char path[PATH_MAX + 64];

    snprintf(path, sizeof path, "%s/zh_CN/LC_MESSAGES/" DOMAIN ".mo", dir);
    return access(path, R_OK) == 0 && bindtextdomain(DOMAIN, dir);
}

/* Where `make` puts them for the program and for what lies in folders of the build, where a package
 * does. */
static void find_catalogues(void)
{
    static const char *const places[] = { "locale", "../locale", "../share/locale" };
    char exe[PATH_MAX], dir[PATH_MAX + 32], *slash;
    ssize_t n = readlink("/proc/self/exe", exe, sizeof exe - 1);

    exe[n > 0 ? n : 0] = '\0';
    slash = strrchr(exe, '/');
    for (size_t i = 0; slash && i < sizeof places / sizeof *places; i++) {
        snprintf(dir, sizeof dir, "%.*s/%s", (int)(slash - exe), exe, places[i]);
        if (bind_catalogues(dir))
            return;
    }
#ifdef GONGHAI_PREFIX
    bind_catalogues(GONGHAI_PREFIX "/share/locale");
#endif
}

const char *i18n_init(const char *lang)
{
    const char *wanted = lang ? known(lang, strlen(lang)) : NULL;

    set_locale();
    find_catalogues();
    bind_textdomain_codeset(DOMAIN, "UTF-8");
    textdomain(DOMAIN);
    return i18n_set(wanted ? wanted : environment_language());
}

const char *i18n_set(const char *lang)
{
    const char *wanted = known(lang, strlen(lang));

    if (wanted) {
        current = wanted;
        setenv("LANGUAGE", wanted, 1);
        _nl_msg_cat_cntr++;
    }
    return current;
}

const char *i18n_lang(void)
{
    return current;
}

const char *i18n_english(const char *s)
{
    const char *end = s ? strchr(s, '\004') : NULL;

    return !s ? "" : end ? end + 1 : s;
}

enum status i18n_terms(const char *path, unsigned flags, struct err *e)
{
    return terms_load(path, flags, e);
}

/* What no catalogue has is data in Chinese, but may be a sentence in English. */
const char *i18n_gettext(const char *s)
{
    const char *said = gettext(s);

    if (!terms_any() || !*s || (said == s && strcmp(current, "en") != 0))
        return said;
    return terms_said(current, s, said == s ? i18n_english(s) : said);
}

const char *i18n_text(const char *s)
{
    const char *said = s && *s ? i18n_gettext(s) : "";

    return said == s ? i18n_english(s) : said;
}
