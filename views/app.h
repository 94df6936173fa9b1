/* app.h - the console as a whole: what the command line starts.
 *
 * The UI thread owns the screen and one backend for news; each worker opens its own (work.h). Strings of
 * the options must outlive the call. Both functions run from main's thread, once a process.
 */
#ifndef VIEWS_APP_H
#define VIEWS_APP_H

#include <stdbool.h>
#include <stdio.h>

#include "core/api/backend.h"
#include "tui/term.h"

struct app_options {
    struct backend_config backend;
    const char *view;           /* VIEW name of the first screen; NULL: home */
    const char *theme;          /* name of a theme; NULL: default */
    const char *lang;           /* "en", "zh_CN"; NULL: as i18n_init() left it */
    const char *keys;           /* a script (tui/key.h), played before the terminal is read; NULL: none */
    const char *theme_file, *keymap_file;   /* INI files; NULL: none */
    const char *term;           /* the terminal's type; NULL: $TERM */
    enum color_choice colors;
    int cols, rows;             /* 0: the terminal's (120 x 40 for app_show) */
    bool no_mouse, no_paste, no_clipboard, no_scan, ascii;
    bool keybar, large, cursor; /* cursor: on lists, too */
    bool watermark;             /* on real data: neither demo nor test */
    int lock_minutes;           /* 0: never */
    int ambiguous;              /* columns of ambiguous characters: 1, 2, 0 asks */
    int esc_ms;                 /* 0: the toolkit's own */
    /* What is chosen on the screens is kept for the next run, and what was chosen is taken up; but for
     * theme and language where they are fixed (an option, the environment, a lock). */
    bool remembers, fixed_theme, fixed_lang;
    bool quit_after_keys;       /* leave when the script is over */
    FILE *in, *out;             /* the terminal, or the dump of app_show; NULL: stdin and stdout */
};

/* The full-screen console, until the person leaves it. The exit code: 0; that of the error's status when it
 * could not start; 1 when it had to leave or the terminal went away. What went wrong is then said on stderr
 * in the user's language. Without a
 * database a screen asks which to take. */
int app_run(const struct app_options *o);

/* One screen as plain text to o->out once its data has come; `view` NULL is o->view, else home. The exit
 * code is that of the error's status: 2 for an unknown view or script, 3 without a database. */
int app_show(const struct app_options *o, const char *view);

#endif
