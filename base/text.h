/* text.h - UTF-8, what it looks like, and what may be shown.
 *
 * Everything that reaches a screen, stderr or a log goes through text_clean() or text_fit(): data
 * can't drive a terminal. Widths are those of the running locale's wcwidth(), the table ncurses
 * uses; they are right only after setlocale(). Strings are UTF-8 and end in NUL unless a length is
 * given.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct buf;

/* The character at s (n bytes left) and its length in *len. An ill-formed byte gives U+FFFD and
 * length 1; n = 0 gives 0 and length 0. */
uint32_t text_char(const char *s, size_t n, size_t *len);

/* Writes c in UTF-8 to out (at least 4 bytes); returns the bytes written. c must be a scalar
 * value. */
size_t text_put(char *out, uint32_t c);

/* Well-formed UTF-8 without surrogates and overlong forms? */
bool text_valid(const char *s, size_t n);

/* The bytes of printable ASCII that s begins with, at most n. */
size_t text_ascii(const char *s, size_t n);

/* Characters (code points) in s. */
size_t text_count(const char *s);

/* The longest prefix of s of at most n bytes that ends between characters: its length in bytes. */
size_t text_cut(const char *s, size_t n);

/* Cells that c takes: 0, 1 or 2; what has no width (control, unassigned) gives the width of its
 * substitute. */
int text_char_width(uint32_t c);

/* Cells that s takes once cleaned. */
int text_width(const char *s);

/* Says how many cells the terminal gives the characters whose width Unicode leaves open (`·`, `“`, `—`,
 * `①`, Greek, Cyrillic): 1, 2, or 0 for what the locale says. Where the terminal and the locale, which
 * curses counts by, differ, such characters are not shown: a twin of certain width stands for them
 * (text_shown()). True if that changes what is shown. UI thread; before it draws, or between two
 * frames. */
bool text_ambiguous(int cells);

/* What is drawn for c where c is safe: itself, or the twin of an ambiguous character. */
uint32_t text_shown(uint32_t c);

/* May c be shown as it is? False for controls, escape, bidi overrides, zero-width, tags, variation
 * selectors, line separators, unassigned. */
bool text_safe(uint32_t c);

/* The part of !text_safe() that no locale changes: controls and what works without being seen. For
 * writers of data that someone may print (JSON). */
bool text_hidden(uint32_t c);

/* Appends s to out with every character that is not safe replaced: by a blank for TAB and line
 * ends, by a visible substitute otherwise (U+3013 of two cells for CJK and other wide characters
 * that the locale does not know, else U+FFFD, or '?' where that is not one cell). A mark without a
 * base is replaced too; marks past the 8th on one base are dropped. Of an emoji cluster (joiners,
 * selectors, skin tones, flags) the first character is shown and the rest is dropped: terminals do
 * not agree on its cells. */
void text_clean(struct buf *out, const char *s, size_t n);

/* Appends the n bytes of UTF-8 at s in the encoding of the running locale; '?' for what it lacks. */
void text_to_locale(struct buf *out, const char *s, size_t n);

/* Appends s, cleaned, cut to at most `cells` cells; where it was cut the last cell is an ellipsis.
 * Never half a character. The ellipsis is '~' where the locale makes it wider than one cell.
 * Returns the cells used (<= cells). */
int text_fit(struct buf *out, const char *s, int cells);

/* Search and comparison form: NFKC, case-folded, without invisible characters (Unicode's
 * NFKC_Casefold), blanks at the ends cut and runs of them made one. In the arena; s NULL gives
 * NULL; ill-formed bytes are dropped. Used for the *_key columns. */
char *text_key(struct arena *a, const char *s);

/* NFC of s in the arena; ill-formed input is returned unchanged. */
char *text_nfc(struct arena *a, const char *s);

/* Full-width forms (U+FF01..FF5E, U+3000) to their ASCII twins, in place. */
void text_halfwidth(char *s);

enum { TEXT_GROUPED = 32 };

/* 30854 as "30,854". */
void text_grouped(int64_t n, char out[TEXT_GROUPED]);

#endif
