/* desk.h - what can be done with leads: one table of actions for the list and for a lead's own screen.
 *
 * A view embeds a struct desk and adds its rows with desk_actions(). Ids and versions are taken when the
 * key is pressed; the answer comes as a toast, in the message log, and to desk->outcome() for each lead.
 */
#ifndef VIEWS_DESK_H
#define VIEWS_DESK_H

#include "views/detail.h"
#include "views/console.h"

/* A lead as it stood on the screen. name lives in the arena it was chosen into. */
struct seen { int64_t id, version; const char *name; };

struct desk {
    struct ui *ui;
    struct view *view;
    bool lasting;               /* the view lives as long as ui: it may be told of outcomes */
    bool held;                  /* all its leads are in somebody's hands: nothing to claim */
    bool (*subject)(void *desk, struct subject *out);
    /* The marked leads, else the one in hand; in the arena. */
    size_t (*chosen)(struct desk *k, struct arena *a, struct seen **out);
    /* The lead in hand as far as it was read, or NULL. */
    const struct lead *(*lead)(struct desk *k);
    /* The condition in force, or NULL: none. NULL allowed. */
    const char *(*where)(struct desk *k);
    /* What became of a lead, for its row. NULL allowed. */
    void (*outcome)(struct desk *k, int64_t id, const char *words, int ink);
    /* All of it is done: marks go, lists are read anew. */
    unsigned (*finished)(struct desk *k);
};

void desk_actions(struct desk *k, struct action_list *out);

/* --- one deed, from the key to the answer --- */
struct deed {
    struct ui *ui;
    struct desk *desk;          /* NULL when the view may be gone by then */
    struct arena mem;
    struct seen *seen;
    size_t n;
    struct view *sheet;         /* NULL: none, or closed by now */
    int refs;                   /* the sheet's and the job's */
    void *data;                 /* of the kind of deed, in mem */
    int64_t chosen;             /* what was chosen for it: the id of a tag */
};

/* A deed on the leads that are chosen now; one reference, the caller's. */
struct deed *deed_new(struct desk *k);
/* Another one for the same desk, on no leads. */
struct deed *deed_after(const struct deed *d);
struct deed *deed_hold(struct deed *d);
void deed_drop(void *deed);                 /* fits free and released */
void deed_sheet_closed(void *deed);         /* fits sheet_spec.closed: takes a reference that the sheet had */

/* Posts a write of the deed: done gets the deed as self; the job holds a reference. */
struct api_job *deed_job(struct deed *d, api_done *done);

/* Gives a step the deed's leads as they were seen: one as "id" and "version", several as "leads". */
void deed_set_leads(struct deed *d, struct api_job *j, int step);

/* The answer is an error: said in the sheet if that still stands, else as a toast. True when it was one. */
bool deed_failed(struct deed *d, struct api_job *j);

/* It went well: closes the sheet, tells desk and console. */
unsigned deed_done(struct deed *d);

/* "李䶮" or "3 leads"; "***" while names are blanked. In the deed's arena. */
const char *deed_name(struct deed *d);

/* Asks before what others feel: Cancel is the default. go() runs on the deed as it was when its key was
 * pressed. */
unsigned deed_ask(struct deed *d, const char *title, const char *text, const char *go_label,
                  unsigned (*go)(struct deed *d));
/* The same where there are more than a person looks through one by one; fewer go on at once. */
enum { DEED_MANY = 20 };
unsigned deed_ask_many(struct deed *d, const char *go_label, unsigned (*go)(struct deed *d));

/* Says what was done, and offers to take it back (lead.undo): of the leads in the answer of a claim, an
 * assignment, a return or of tags. */
void deed_say_undo(struct deed *d, const struct api_job *j, int step, const char *words);

/* --- the dialogs with more to them --- */
unsigned follow_up_open(const struct action_call *call);
unsigned assign_open(const struct action_call *call);
unsigned tagging_open(const struct action_call *call);
unsigned create_open(const struct action_call *call);
unsigned explain_open(const struct action_call *call);
unsigned reveal_open(const struct action_call *call);
unsigned import_open(const struct action_call *call);

#endif
