/* leads.h - the lead list in its parts: leads.c the screen, leadpage.c its pages, leadfilter.c its
 * condition. Private to views. */
#ifndef VIEWS_LEADS_H
#define VIEWS_LEADS_H

#include "core/lang/lang.h"
#include "views/desk.h"
#include "views/filterbar.h"
#include "views/leadcell.h"
#include "views/words.h"

enum { OUTCOMES = 64, OUTCOME_HOLD_MS = 2000 };

/* What a table row's data points to; in the page's arena. */
struct lead_item { const struct lead *lead; const char *called; const char *prev, *next; };

struct leads {
    struct view view;
    struct app *app;
    struct table table;
    struct desk desk;
    struct detail detail;
    enum lead_tab tab;
    struct err err;                     /* why there is no list */
    bool stale;                         /* changed while another screen was shown */
    int64_t now;                        /* of the frame in hand: its cells tell the time by it */

    char *where;                        /* the condition, as it was typed; NULL: none */
    struct filterbar bar;

    /* Counts: of the list, and of each tab without the condition; -1 not known. */
    int64_t total, tab_count[LEAD_TABS];
    bool tab_stale[LEAD_TABS];          /* its count is to be asked again */
    uint32_t count_gen;
    int counting;                       /* counts under way */
    uint32_t asked;                     /* generation of the page asked for last */
    bool recount;

    /* Custom fields and the own branch: read once. */
    struct arena mem;
    struct attr_def *attrs;
    size_t nattrs;
    const char *branch_code;
    bool ready;
    bool nameless;                      /* some leads have but custom fields: pages ask for these at once */
    bool no_pane;                       /* the person closed it */

    /* Marked leads outside the window, as they were seen last; names are of their own. */
    struct seen *kept;
    size_t nkept, kept_cap;

    /* What became of leads that were just worked on; their rows stay for a moment. */
    struct { int64_t id; char words[40]; int ink; } outcome[OUTCOMES];
    int noutcomes;
    int hold_timer;
};

static inline struct leads *leads_of(struct view *v)
{
    return (struct leads *)(void *)v;
}

/* --- leadpage.c --- */
extern const struct table_source leads_source;

/* --- leadfilter.c --- */
/* The whole condition of a tab with the person's own (NULL: none); in the arena. */
const char *leads_where(const struct leads *v, enum lead_tab tab, const char *own, struct arena *a);
/* Takes a condition that is known to be right; NULL or "" for none. */
void leads_take_where(struct leads *v, const char *where);

/* What the bar asks; its self is the struct leads. */
extern const struct filter_host leads_filter;

/* --- leads.c --- */
/* Another list: from its start, counted anew. */
void leads_restart(struct leads *v);
void leads_count(struct leads *v);
/* Remembers how a marked lead was seen; *s is copied. */
void leads_keep(struct leads *v, const struct seen *s);

#endif
