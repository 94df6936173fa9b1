#include "tui/theme.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/settings.h"
#include "builtin_ini.h"

enum { NBUILTIN = sizeof builtin_ini / sizeof builtin_ini[0] };

static const struct { const char *name; char letter; bool ground; } roles[ROLE_COUNT] = {
#define ROLE_ROW(sym, name, letter, ground) [ROLE_##sym] = { name, letter, ground },
    ROLE_LIST(ROLE_ROW)
#undef ROLE_ROW
};

static const char *const color_names[8] = {
    "black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"
};

static const struct { const char *name; unsigned attr; } attributes[] = {
    { "normal", 0 },
    { "bold", STYLE_BOLD },
    { "dim", STYLE_DIM },
    { "underline", STYLE_UNDERLINE },
    { "reverse", STYLE_REVERSE }
};

const char *role_name(enum role role)
{
    assert(role < ROLE_COUNT);
    return roles[role].name;
}

enum role role_find(const char *name)
{
    for (int i = 0; i < ROLE_COUNT; i++)
        if (!strcmp(roles[i].name, name))
            return (enum role)i;
    return ROLE_COUNT;
}

char role_letter(enum role role)
{
    assert(role < ROLE_COUNT);
    return roles[role].letter;
}

bool role_is_ground(enum role role)
{
    assert(role < ROLE_COUNT);
    return roles[role].ground;
}

const char *const *theme_names(void)
{
    static const char *names[NBUILTIN + 1];

    if (!names[0]) {
        int n = 0;

        names[n++] = "default";
        for (int i = 0; i < NBUILTIN; i++)
            if (strcmp(builtin_ini[i].name, "default"))
                names[n++] = builtin_ini[i].name;
        assert(n == NBUILTIN);
    }
    return names;
}

/* --- reading ---------------------------------------------------------------------------------- */

struct reading {
    struct theme t;
    bool set[ROLE_COUNT];
    char what[160];
};

/* The next piece of *s up to `stop`, without the blanks around it; cuts *s there. */
static char *piece(char **s, const char *stop)
{
    char *p = *s + strspn(*s, " \t"), *end = strstr(p, stop), *last;

    *s = end ? end + strlen(stop) : p + strlen(p);
    last = end ? end : *s;
    while (last > p && (last[-1] == ' ' || last[-1] == '\t'))
        last--;
    *last = '\0';
    return p;
}

/* What each look may name: any colour, a 256 index, one of the eight, none. */
static bool read_color(const char *word, int look, int32_t *out)
{
    char *end;
    long n;

    *out = COLOR_NONE;
    if (!strcmp(word, "-"))
        return true;
    for (int i = 0; i < 8; i++)
        if (!strcmp(word, color_names[i])) {
            *out = i;
            return look < 3;
        }
    if (word[0] == '#' && strlen(word) == 7 && strspn(word + 1, "0123456789abcdefABCDEF") == 6) {
        *out = COLOR_RGB | (int32_t)strtol(word + 1, NULL, 16);
        return look == 0;
    }
    n = strtol(word, &end, 10);
    *out = (int32_t)n;
    return look <= 1 && end > word && !*end && n >= 0 && n <= 255;
}

static bool read_attribute(const char *word, unsigned *attr)
{
    for (size_t i = 0; i < sizeof attributes / sizeof attributes[0]; i++)
        if (!strcmp(word, attributes[i].name)) {
            *attr |= attributes[i].attr;
            return true;
        }
    return false;
}

/* "FG [on BG][, attribute ...]" or attributes alone. */
static bool read_look(struct reading *r, char *text, int look, struct style *out)
{
    char *rest = text, *colors, *fg;
    unsigned ignored = 0;

    *out = (struct style){ .fg = COLOR_NONE, .bg = COLOR_NONE };
    colors = piece(&rest, ",");
    snprintf(r->what, sizeof r->what, _("cannot read \"%.60s\""), colors);
    if (!*colors)
        return false;
    fg = piece(&colors, " on ");
    if (!read_attribute(fg, &ignored)) {
        if (!read_color(fg, look, &out->fg) ||
            (*colors && !read_color(piece(&colors, ","), look, &out->bg)))
            return false;
    } else {
        out->attr = ignored;
    }
    while (*rest) {
        char *word = piece(&rest, ",");

        snprintf(r->what, sizeof r->what, _("unknown attribute \"%.60s\""), word);
        if (!read_attribute(word, &out->attr))
            return false;
    }
    return true;
}

static const char *read_role(struct reading *r, const char *name, const char *value)
{
    enum role role = role_find(name);
    char copy[200], *rest = copy;

    if (role == ROLE_COUNT) {
        snprintf(r->what, sizeof r->what, _("unknown role \"%.60s\""), name);
        return r->what;
    }
    if (r->set[role]) {
        snprintf(r->what, sizeof r->what, _("role \"%s\" is set twice"), name);
        return r->what;
    }
    snprintf(copy, sizeof copy, "%s", value);
    for (int look = 0; look < THEME_LOOKS; look++) {
        if (!*rest)
            return _("a role has four looks: true colour | 256 colours | 8 colours | no colour");
        if (!read_look(r, piece(&rest, "|"), look, &r->t.look[look][role]))
            return r->what;
    }
    if (*rest)
        return _("a role has four looks only");
    r->set[role] = true;
    return NULL;
}

static const char *read_flatten(struct reading *r, const char *value)
{
    char copy[200], *save = NULL;

    snprintf(copy, sizeof copy, "%s", value);
    for (char *w = strtok_r(copy, " \t", &save); w; w = strtok_r(NULL, " \t", &save)) {
        enum role role = role_find(w);

        if (role == ROLE_COUNT || !roles[role].ground) {
            snprintf(r->what, sizeof r->what, _("\"%.60s\" is no role with a ground"), w);
            return r->what;
        }
        r->t.flatten[role] = true;
    }
    return NULL;
}

static const char *take_line(struct reading *r, const struct setting *s)
{
    if (!strcmp(s->section, "roles"))
        return read_role(r, s->key, s->value);
    if (!strcmp(s->section, "theme") && !strcmp(s->key, "name")) {
        snprintf(r->t.title, sizeof r->t.title, "%s", s->value);
        return NULL;
    }
    if (!strcmp(s->section, "theme") && !strcmp(s->key, "flatten"))
        return read_flatten(r, s->value);
    snprintf(r->what, sizeof r->what, _("unknown key \"%.40s\" in [%.40s]"), s->key, s->section);
    return r->what;
}

static enum status on_setting(void *self, const struct setting *s, struct err *e)
{
    const char *wrong = take_line(self, s);
    char line[16];

    snprintf(line, sizeof line, "%d", s->line);
    return wrong ? fail(e, ST_INVALID, "theme.mistake", s->file, line, wrong, NULL) : ST_OK;
}

static struct reading begin(const char *name, const struct theme *base)
{
    struct reading r = { 0 };

    if (base)
        r.t = *base;
    snprintf(r.t.name, sizeof r.t.name, "%s", name);
    snprintf(r.t.title, sizeof r.t.title, "%s", name);
    return r;
}

/* Every role must be set, here or in the theme that it is laid over. */
static enum status finish(struct reading *r, const char *file, const struct theme *base,
                          struct theme *t, struct err *e)
{
    for (int i = 0; i < ROLE_COUNT && !base; i++)
        if (!r->set[i]) {
            snprintf(r->what, sizeof r->what, _("role \"%s\" is not set"), roles[i].name);
            return fail(e, ST_INVALID, "theme.mistake", file, "0", r->what, NULL);
        }
    *t = r->t;
    return ST_OK;
}

enum status theme_parse(struct theme *t, const char *name, const char *file, const char *text,
                        const struct theme *base, struct err *e)
{
    struct reading r = begin(name, base);
    enum status st = settings_parse(file, text, strlen(text), on_setting, &r, e);

    return st == ST_OK ? finish(&r, file, base, t, e) : st;
}

enum status theme_builtin(struct theme *t, const char *name, struct err *e)
{
    char file[THEME_NAME + 8];

    for (int i = 0; i < NBUILTIN; i++)
        if (!strcmp(builtin_ini[i].name, name)) {
            snprintf(file, sizeof file, "%s.ini", name);
            return theme_parse(t, name, file, builtin_ini[i].text, NULL, e);
        }
    return fail(e, ST_NOT_FOUND, "theme.unknown", name, NULL);
}

enum status theme_load(struct theme *t, const char *file, const struct theme *base, struct err *e)
{
    const char *slash = strrchr(file, '/');
    char name[THEME_NAME];
    struct reading r;
    enum status st;

    snprintf(name, sizeof name, "%.31s", slash ? slash + 1 : file);
    if (strlen(name) > 4 && !strcmp(name + strlen(name) - 4, ".ini"))
        name[strlen(name) - 4] = '\0';
    r = begin(name, base);
    st = settings_load(file, 0, on_setting, &r, e);
    return st == ST_OK ? finish(&r, file, base, t, e) : st;
}

/* --- looking up ------------------------------------------------------------------------------- */

/* On these, words take the ground's own look where there are few colours: hues would not be told
 * from it. */
static bool flattens(const struct theme *t, enum role ground, enum depth depth)
{
    if (t->flatten[ground])
        return true;
    return depth <= DEPTH_16 &&
           (ground == ROLE_SELECT || ground == ROLE_TAB || ground == ROLE_TOAST ||
            ground == ROLE_BANNER || ground == ROLE_MATCH);
}

/* The bright half of 16 colours is what bold means on 8. */
static struct style brighten(struct style s)
{
    if ((s.attr & STYLE_BOLD) && s.fg >= 0 && s.fg < 8)
        s.fg += 8;
    return s;
}

static unsigned ink_attr(int ink)
{
    return (ink & INK_BOLD ? STYLE_BOLD : 0u) | (ink & INK_UNDERLINE ? STYLE_UNDERLINE : 0u);
}

struct style theme_style(const struct theme *t, int ink, enum role ground, enum depth depth)
{
    static const int look_of[] = {
        [DEPTH_MONO] = 3, [DEPTH_8] = 2, [DEPTH_16] = 2, [DEPTH_256] = 1, [DEPTH_TRUE] = 0
    };
    const struct style *look = t->look[look_of[depth]];
    enum role role = (enum role)(ink & INK_ROLE);
    struct style s = look[role], g = look[ground];

    assert(role < ROLE_COUNT && ground < ROLE_COUNT);
    if (ground == ROLE_NONE) {
        /* a ground's words on the bare terminal */
        if (roles[role].ground && role != ROLE_MATCH) {
            s.bg = COLOR_NONE;
            s.attr &= ~(unsigned)STYLE_REVERSE;
        }
    } else if (!roles[ground].ground) {                     /* a bar: its colour is the ground */
        s.bg = g.fg;
        if (depth == DEPTH_MONO && ground != ROLE_TRACK)
            s.attr |= STYLE_REVERSE;
    } else if (role == ground || flattens(t, ground, depth)) {
        s = g;
    } else {
        bool quiet = role == ROLE_DIM || role == ROLE_STALE || role == ROLE_TEXT;

        if (roles[role].ground || (quiet && ground == ROLE_SELECT))
            s.fg = g.fg;
        s.bg = g.bg;
        if (s.fg == COLOR_NONE && s.bg != COLOR_NONE)       /* the terminal's own might not be seen there */
            s.fg = g.fg;
        s.attr = (roles[role].ground ? 0 : s.attr) | g.attr;
    }
    if (depth > DEPTH_16 || s.fg != 0)          /* bold black is grey on terminals of few colours */
        s.attr |= ink_attr(ink);
    if ((s.attr & (STYLE_BOLD | STYLE_DIM)) == (STYLE_BOLD | STYLE_DIM))
        s.attr &= ~(unsigned)STYLE_DIM;
    return depth == DEPTH_16 ? brighten(s) : s;
}
