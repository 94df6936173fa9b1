/* sheet.h - a dialog with a form at the left, what helps to fill it in at the right, and rows of its own
 * in the footer.
 *
 * It stays open while its write is under way: submit() returns without closing, and the answer closes it
 * or says at which field it was refused. UI thread.
 */
#ifndef VIEWS_SHEET_H
#define VIEWS_SHEET_H

#include "base/status.h"
#include "tui/form.h"
#include "tui/ui.h"

enum { SHEET_MORE = 4 };

struct sheet_spec {
    const char *title, *go_label;               /* translated, copied */
    const struct form_field *fields;            /* live as long as the sheet */
    size_t nfields;
    /* wanted: of the form (0: 60), of the side (0: none), its rows */
    int cells, side_cells, side_rows;
    void (*ready)(struct form *form, void *self);               /* presets; NULL allowed */
    /* after every input that the form took: what was typed may be another text now; NULL allowed */
    void (*typed)(struct form *form, void *self);
    /* the form is right by itself */
    unsigned (*submit)(struct view *sheet, struct form *form, void *self);
    void (*side)(void *self, struct surface s);                 /* draws the side; NULL: none */
    void (*subject)(void *self, struct line *right);            /* right end of the top line; NULL allowed */
    const struct action *more;                  /* further rows, SHEET_MORE at most; their self is self */
    size_t nmore;
    void (*closed)(void *self);                 /* called last; NULL allowed */
    void *self;
};

struct view *sheet_open(struct ui *ui, const struct sheet_spec *spec);
struct form *sheet_form(struct view *sheet);

/* Was there room for the side when it was drawn last? */
bool sheet_has_side(const struct view *sheet);

/* Enter does nothing more until the answer is here. */
void sheet_wait(struct view *sheet, bool on);

/* Says an error under the field that it names, else under the first one. */
void sheet_refuse(struct view *sheet, const struct err *e);

#endif
