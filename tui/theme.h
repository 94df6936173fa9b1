/* theme.h - what things mean (roles) and how a theme shows them.
 *
 * Code names roles only. A theme is an INI text: [theme] has `name` and `flatten` (the grounds on
 * which every word takes the ground's own look); [roles] has one line a role,
 *
 *     colhead = #aab3c1 on #20262f | 249 on 235 | cyan on -, underline | underline
 *
 * four looks parted by `|`: true colour, 256 colours, 8 colours, no colour. A look is `FG [on BG][,
 * attribute ...]`; a colour is #rrggbb, 0..255, one of black red green yellow blue magenta cyan
 * white, or `-` (the terminal's own). A look without colours is `normal` or attributes alone: bold
 * dim underline reverse. 16-colour terminals use the third look, with bold words in the bright
 * half.
 */
#ifndef TUI_THEME_H
#define TUI_THEME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

/* Every role: symbol, name in a theme, letter in style dumps, whether it brings a ground of its
 * own. */
#define ROLE_LIST(X) \
    X(TEXT, "text", '.', 0) X(STRONG, "strong", 'S', 0) X(DIM, "dim", 'd', 0) \
    X(BORDER, "border", '-', 0) X(ACCENT, "accent", 'a', 0) X(KEY, "key", 'k', 0) \
    X(TITLE, "title", 'T', 0) X(COLHEAD, "colhead", 'h', 1) X(MARK, "mark", 'm', 0) \
    X(GOOD, "good", 'g', 0) X(WARN, "warn", 'w', 0) X(BAD, "bad", 'b', 0) \
    X(STALE, "stale", 's', 0) X(WATERMARK, "watermark", '~', 0) X(TRACK, "track", '_', 0) \
    X(HEADER, "header", 'H', 1) X(TAB, "tab", 't', 1) X(SELECT, "select", '#', 1) \
    X(SELECT_OFF, "select.off", '=', 1) X(FIELD, "field", 'f', 1) X(DIALOG, "dialog", 'D', 1) \
    X(TOAST, "toast", 'o', 1) X(BANNER, "banner", 'B', 1) X(MATCH, "match", 'M', 1) \
    X(CHART1, "chart1", '1', 0) X(CHART2, "chart2", '2', 0) X(CHART3, "chart3", '3', 0) \
    X(CHART4, "chart4", '4', 0) X(CHART5, "chart5", '5', 0) X(CHART6, "chart6", '6', 0) \
    X(LANE1, "lane1", 'u', 1) X(LANE2, "lane2", 'v', 1) X(LANE3, "lane3", 'x', 1) \
    X(LANE4, "lane4", 'y', 1) X(LANE5, "lane5", 'z', 1) X(LANE6, "lane6", 'Z', 1)

enum role {
#define ROLE_ENUM(sym, name, letter, ground) ROLE_##sym,
    ROLE_LIST(ROLE_ENUM)
#undef ROLE_ENUM
    ROLE_COUNT,
    ROLE_NONE = ROLE_TEXT       /* as a ground: the terminal's own background */
};

/* An ink is a role, or'ed with what the place adds to it. */
enum { INK_BOLD = 0x100, INK_UNDERLINE = 0x200, INK_ROLE = 0xff };

enum depth { DEPTH_MONO, DEPTH_8, DEPTH_16, DEPTH_256, DEPTH_TRUE };

/* Colours of a style: COLOR_NONE, an index 0..255, or COLOR_RGB | 0xrrggbb. */
enum { COLOR_NONE = -1, COLOR_RGB = 0x1000000 };
enum { STYLE_BOLD = 1, STYLE_DIM = 2, STYLE_UNDERLINE = 4, STYLE_REVERSE = 8 };
struct style { int32_t fg, bg; unsigned attr; };

enum { THEME_LOOKS = 4, THEME_NAME = 32 };
struct theme {
    char name[THEME_NAME];                          /* file name without .ini */
    char title[64];                                 /* `name` of [theme], UTF-8 */
    bool flatten[ROLE_COUNT];
    struct style look[THEME_LOOKS][ROLE_COUNT];     /* 0 true colour, 1 256, 2 8 colours, 3 mono */
};

/* Name of a role in a theme file ("select.off"), and back; ROLE_COUNT for an unknown name. */
const char *role_name(enum role role);
enum role role_find(const char *name);
char role_letter(enum role role);
bool role_is_ground(enum role role);

/* The names of the compiled-in themes, ending in NULL; the first is "default". */
const char *const *theme_names(void);

/* Fills *t from a compiled-in theme. ST_NOT_FOUND "theme.unknown" (param: name). */
enum status theme_builtin(struct theme *t, const char *name, struct err *e);

/* Fills *t from INI text; `file` only names it in errors. A role may stay unset in the text only
 * when `base` is given, which then supplies it. ST_INVALID "theme.mistake" (params: file, line,
 * what is wrong there), and settings_parse()'s; *t is unchanged on error. */
enum status theme_parse(struct theme *t, const char *name, const char *file, const char *text,
                        const struct theme *base, struct err *e);

/* The same from a file: settings_load()'s errors and theme_parse()'s. */
enum status theme_load(struct theme *t, const char *file, const struct theme *base, struct err *e);

/* How `ink` looks on `ground` at this depth. Pure. */
struct style theme_style(const struct theme *t, int ink, enum role ground, enum depth depth);

#endif
