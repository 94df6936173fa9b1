/* detail.h - one lead, whole: facts, the rule that holds for it, what happened. Beside the list, and as a
 * screen of its own.
 *
 * A view embeds a struct detail; jobs run under the detail's own address as owner, so detail_free()
 * belongs into close().
 */
#ifndef VIEWS_DETAIL_H
#define VIEWS_DETAIL_H

#include "tui/ui.h"
#include "core/model/nouns.h"

struct moment_row {
    int64_t at;
    const char *type, *actor, *to, *to_code, *way, *result, *note, *data;
};

struct detail {
    struct ui *ui;
    int64_t id;                     /* wanted: 0 for none */
    uint32_t generation;
    struct arena mem;               /* of what is shown */
    const struct lead *lead;        /* what is shown; NULL: nothing yet */
    struct moment_row *moment;
    size_t nmoments;
    bool more;                      /* the timeline goes on */
    const char *consent[8][2];      /* way, state: the newest of each way */
    int nconsents;
    const char *error;              /* a sentence instead */
    int timer;                      /* the rest before a look */
    int scroll, rows, height;       /* of the timeline: first row shown, rows it has, room */
};

void detail_init(struct detail *d, struct ui *ui);
void detail_free(struct detail *d);

/* Shows another lead once the selection has rested on it (at once when nothing was shown). */
void detail_follow(struct detail *d, int64_t id);
/* Reads the lead again, at once. */
void detail_reload(struct detail *d);

void detail_draw(struct detail *d, struct surface s, bool focused);
/* Facts at the left, the timeline at the right; one above the other where there is no room. */
void detail_draw_wide(struct detail *d, struct surface s);
/* Scrolls the timeline. */
void detail_scroll(struct detail *d, int rows);

/* A row of lead.timeline; r is the record of its rows, whose memory is shared. */
void moment_read(const struct record *r, const void *row, struct moment_row *out);

/* The last follow-up among the rows of a lead.timeline; false when there is none. */
struct api_job;
bool moment_last_talk(const struct api_job *j, int step, struct moment_row *out);

/* The sentence of the rule that holds for a lead now: words_rich() text, in the arena. */
const char *lead_rule(const struct lead *l, int64_t now, struct arena *a);

/* What happened, in words. In the arena. */
const char *moment_words(const struct moment_row *m, struct arena *a);

#endif
