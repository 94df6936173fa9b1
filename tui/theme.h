/* theme.h - what things mean (roles) and how a theme shows them.
 *
 * Code names roles only. A theme is an INI text: [theme] has `name` and `flatten` (the grounds on which every
 * word takes the ground's own look); [roles] has one line a role,
 *
 *     colhead = #aab3c1 on #20262f | 249 on 235 | cyan on -, underline | underline
 *
 * four looks parted by `|`: true colour, 256 colours, 8 colours, no colour. A look is `FG [on BG][, attribute ...]`;
 * a colour is #rrggbb, 0..255, one of black red green yellow blue magenta cyan white, or `-` (the terminal's own).
 * A look without colours is `normal` or attributes alone: bold dim underline reverse.
 * 16-colour terminals use the third look, with bold words in the bright half.
 */
#ifndef TUI_THEME_H
#define TUI_THEME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

/* Every role: symbol, name in a theme, letter in style dumps. The order is that of the design's table. */
#define ROLE_LIST(X) \
    X(TEXT, "text", '.') X(STRONG, "strong", 'S') X(DIM, "dim", 'd') X(BORDER, "border", '-') \
    X(ACCENT, "accent", 'a') X(KEY, "key", 'k') X(TITLE, "title", 'T') X(COLHEAD, "colhead", 'h') \
    X(MARK, "mark", 'm') X(GOOD, "good", 'g') X(WARN, "warn", 'w') X(BAD, "bad", 'b') \
    X(STALE, "stale", 's') X(WATERMARK, "watermark", '~') X(TRACK, "track", '_') X(HEADER, "header", 'H') \
    X(TAB, "tab", 't') X(SELECT, "select", '#') X(SELECT_OFF, "select.off", '=') X(FIELD, "field", 'f') \
    X(DIALOG, "dialog", 'D') X(TOAST, "toast", 'o') X(BANNER, "banner", 'B') X(MATCH, "match", 'M') \
    X(CHART1, "chart1", '1') X(CHART2, "chart2", '2') X(CHART3, "chart3", '3') \
    X(CHART4, "chart4", '4') X(CHART5, "chart5", '5') X(CHART6, "chart6", '6') \
    X(LANE1, "lane1", 'u') X(LANE2, "lane2", 'v') X(LANE3, "lane3", 'x') \
    X(LANE4, "lane4", 'y') X(LANE5, "lane5", 'z') X(LANE6, "lane6", 'Z')

enum role {
#define ROLE_ENUM(sym, name, letter) ROLE_##sym,
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
    bool ground[ROLE_COUNT];                        /* role has a ground of its own */
    bool flatten[ROLE_COUNT];
    struct style look[THEME_LOOKS][ROLE_COUNT];     /* 0 true colour, 1 256, 2 8 colours, 3 mono */
};

/* Name of a role in a theme file ("select.off"), and back; ROLE_COUNT for an unknown name. */
const char *role_name(enum role role);
enum role role_find(const char *name);
char role_letter(enum role role);

/* The names of the compiled-in themes, ending in NULL; the first is "default". */
const char *const *theme_names(void);

/* Fills *t from a compiled-in theme. ST_NOT_FOUND "theme.unknown" (param: name). */
enum status theme_builtin(struct theme *t, const char *name, struct err *e);

/* Fills *t from INI text; `file` only names it in errors. A role may stay unset in the text only when `base` is
 * given, which then supplies it. ST_INVALID "theme.mistake" (params: file, line, what is wrong there);
 * *t is unchanged on error. */
enum status theme_parse(struct theme *t, const char *name, const char *file, const char *text,
                        const struct theme *base, struct err *e);

/* Reads a theme file (at most 64 KiB); ST_FAILED "theme.unreadable" (params: file, reason) and theme_parse()'s. */
enum status theme_load(struct theme *t, const char *file, const struct theme *base, struct err *e);

/* How `ink` looks on `ground` at this depth. Pure. */
struct style theme_style(const struct theme *t, int ink, enum role ground, enum depth depth);

#endif
