/* i18n.c - the user's language. */
#include "base/i18n.h"

#include <limits.h>
#include <locale.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/terms.h"

#define DOMAIN "gonghai"

/* gettext looks at LANGUAGE again when this changes (GNU gettext manual, "Being a gettext
 * user"). */
extern int _nl_msg_cat_cntr;

static const char english[] = "en";         /* that of the msgids */
static const char *const languages[] = { english, "zh_CN" };
static const char *current = english;
static char translated[PATH_MAX + 64];      /* the catalogue of the other language; "" if there is none */

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
    return found ? found : english;
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
    if (access(path, R_OK) != 0 || !bindtextdomain(DOMAIN, dir))
        return false;
    memcpy(translated, path, sizeof path);
    return true;
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
    const char *said = current == english ? s : gettext(s);

    if (!terms_any() || !*s || (said == s && current != english))
        return said;
    return terms_said(current, s, said == s ? i18n_english(s) : said);
}

const char *i18n_plural(const char *one, const char *many, long long n)
{
    const char *s = n == 1 ? one : many;
    const char *said = current == english ? s : ngettext(one, many, n < 0 ? 0 : (unsigned long)n);

    return terms_any() && (said != s || current == english) ? terms_said(current, s, said) : said;
}

const char *i18n_text(const char *s)
{
    const char *said = s && *s ? i18n_gettext(s) : "";

    return said == s ? i18n_english(s) : said;
}

/* ---- the other language ---------------------------------------------------------------------- */

/* gettext() answers in one language at a time, and other threads are asking it. So the catalogue is
 * read here, once: a .mo file (GNU gettext manual, "The Format of GNU MO Files") is two tables of
 * length and offset, of the msgids in order and of what they are in the language. */
static struct { const unsigned char *data; size_t size; uint32_t n, ids, said; } catalogue;

static uint32_t number_at(size_t at)
{
    uint32_t v;
    memcpy(&v, catalogue.data + at, sizeof v);
    return v;
}

/* The i-th string of a table; NULL when it does not lie in the file whole. */
static const char *string_at(uint32_t table, uint32_t i)
{
    size_t n = number_at(table + (size_t)i * 8), at = number_at(table + (size_t)i * 8 + 4);
    return at < catalogue.size && n < catalogue.size - at && !catalogue.data[at + n]
        ? (const char *)catalogue.data + at : NULL;
}

static bool is_table(uint32_t table)
{
    return table <= catalogue.size && catalogue.n <= (catalogue.size - table) / 8;
}

static void read_catalogue(void)
{
    enum { HEAD = 20, MOST = 16 << 20 };
    FILE *f = *translated ? fopen(translated, "rbe") : NULL;
    if (!f)
        return;
    long size = fseek(f, 0, SEEK_END) == 0 ? ftell(f) : -1;
    unsigned char *data = size >= HEAD && size <= MOST ? xmalloc((size_t)size) : NULL;
    rewind(f);
    if (data && fread(data, 1, (size_t)size, f) == (size_t)size) {
        catalogue.data = data;
        catalogue.size = (size_t)size;
        catalogue.n = number_at(8);
        catalogue.ids = number_at(12);
        catalogue.said = number_at(16);
    } else {
        free(data);
    }
    fclose(f);
    if (data && (number_at(0) != 0x950412de || !is_table(catalogue.ids) || !is_table(catalogue.said)))
        catalogue.n = 0;
}

static const char *in_catalogue(const char *s)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, read_catalogue);
    for (uint32_t from = 0, to = catalogue.n; from < to;) {
        uint32_t i = from + (to - from) / 2;
        const char *id = string_at(catalogue.ids, i), *said = string_at(catalogue.said, i);
        int order = id ? strcmp(s, id) : -1;
        if (order == 0)
            return said && *said ? said : NULL;
        if (order < 0)
            to = i;
        else
            from = i + 1;
    }
    return NULL;
}

const char *i18n_other(const char *s)
{
    if (!s || !*s)
        return "";
    const char *lang = current == english ? languages[1] : english;
    const char *said = lang == english ? NULL : in_catalogue(s);
    if (!said)
        return lang == english && terms_any() ? terms_said(lang, s, i18n_english(s)) : i18n_english(s);
    return terms_any() ? terms_said(lang, s, said) : said;
}
