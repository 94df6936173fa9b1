/* filterbar.h - the bar in which a condition is typed, for any view that shows a list.
 *
 * It colours what is typed, proposes what may come next (with the values that the data has), counts
 * what fits, says what it would cost, and keeps what was asked before; filters have names when they
 * are saved, and can be built by choosing. What is in force is shown as a sentence whose parts can
 * be taken off one by one (chips). A view embeds a struct filterbar, and hands on its drawing,
 * input, actions and clicks. UI thread.
 *
 * What is kept of former conditions never names a customer: those with names or numbers of people
 * are forgotten with the console.
 */
#ifndef VIEWS_FILTERBAR_H
#define VIEWS_FILTERBAR_H

#include "core/lang/lang.h"
#include "tui/edit.h"
#include "views/callbook.h"
#include "views/console.h"

/* What the bar has to ask of its view; self is the view's. */
struct filter_host {
    const struct noun *noun;
    const char *count;                  /* operation {where} -> {count}: "lead.count" */
    const char *values; /* operation {field, prefix, where, limit} -> {values}: "lead.values";
                                         * where there is none nothing is proposed of the data */
    void (*env)(void *self, struct lang_env *out);
    /* The list's own condition with the person's (NULL: without one), which stands in brackets beside it; in
     * the arena. */
    const char *(*whole)(void *self, const char *own, struct arena *a);
    const char *(*matches)(int64_t n);  /* "leads match", translated */
    const char *(*where)(void *self);   /* what is in force; NULL: none */
    /* Takes a condition that is known to be right ("": none) and reads the list anew. */
    void (*apply)(void *self, const char *where);
};

enum { FILTER_PAST = 50, FILTER_LIST = 8 };

/* A proposal; count -1: not known. search: a test that looks for the word. */
struct filter_item { const char *text, *label; int64_t count; bool search; };

struct filterbar {
    const struct filter_host *host;
    void *self;
    struct view *view;
    bool open;
    struct edit edit;

    /* Of the text as it is: in mem. */
    struct arena mem;
    struct edit_ink *ink;
    struct lang_wish wish;
    struct filter_item *item;
    size_t nitems;
    /* what is typed in the language in use; NULL: not right, or the same */
    char *sentence;
    bool reads;                         /* what is typed is a condition */
    bool listing;                       /* the proposals are shown */
    bool wanted;                        /* because the person asked for them */
    bool said;                          /* what is typed says already what the one proposal would */
    int sel;                            /* -1: none in hand */
    size_t top;
    int rows;                           /* of the last drawing */

    /* The count, the cost, the mistake. */
    int timer;
    uint32_t gen;
    bool asking, unfinished, waits;     /* waits: for Enter, as it asks for what is masked */
    /* The character where it goes wrong, from 1; 0: none. error_typed: found while it was typed. */
    long error_at;
    bool error_typed;
    int64_t so_far;                     /* of a count that takes long */
    int64_t count, looks_at;            /* -1: not known; looks_at: rows without an index */
    char *error;

    /* What the data has for the wish. */
    struct arena value_mem;
    struct filter_item *value;
    size_t nvalues;
    struct lang_name value_name;
    const char *value_word;
    uint32_t value_gen;

    struct callbook book;               /* what is called how, of what was asked here */

    /* Conditions of before, the newest first. */
    char *past[FILTER_PAST];
    int npast, at_past;                 /* 0: what is typed, else the one that is shown, from 1 */
    bool fresh;                         /* nothing was typed since it was opened or taken from before */

    /* Chips. */
    bool choosing;
    int chip;
    int sentence_room;                  /* cells that the sentence had in the last drawing */
};

/* host and self outlive the bar. */
void filterbar_init(struct filterbar *b, struct view *view, const struct filter_host *host, void *self);
void filterbar_free(struct filterbar *b);

/* A condition is in force, or is about to be shown: finds out how the rows are called that it names by code.
 * NULL or "": none. */
void filterbar_learn(struct filterbar *b, const char *where);

/* Opens it with what is in force. */
void filterbar_open(struct filterbar *b);
void filterbar_close(struct filterbar *b);
bool filterbar_busy(const struct filterbar *b);

/* While it is open. */
unsigned filterbar_input(struct filterbar *b, const struct input *in);
/* Draws the bar over the first rows of s; returns the rows used. */
int filterbar_draw(struct filterbar *b, struct surface s);
/* Draws the proposals over what stands below: call it last, with the same s. */
void filterbar_draw_list(struct filterbar *b, struct surface s);
/* The rows while it is open or chips are chosen; true if no others hold now. */
bool filterbar_actions(struct filterbar *b, struct action_list *out);
/* The rows of the list that belong to the condition: chips, saved filters, the builder. self NULL: what the
 * palette lists before the screen was opened. */
void filterbar_list_actions(struct filterbar *b, struct action_list *out);
/* A click on cells that the bar or the chips made clickable; 0: not one of theirs. */
unsigned filterbar_clicked(struct filterbar *b, int id);

/* --- chips (filterchips.c) --- */
/* The condition in force as a sentence; while its parts are chosen each has a sign, and the one in
 * hand the bar. */
void filterbar_sentence(struct filterbar *b, struct line *l);
/* From draw(): makes the sentence clickable that was drawn in row `y` of the grid from column x on,
 * as long as it is left of column `end`. */
void filterbar_sentence_zones(struct filterbar *b, struct surface grid, int y, int x, int end);
/* Words of a condition in several inks, as the sentence has them. */
void filter_words(struct line *l, const struct cond *c, const struct lang_env *env, const char *lang);

/* --- of the bar's files --- */
enum { CLICK_ITEM = 1000, CLICK_CHIP = 2000 };         /* ids of what can be clicked */

const char *filter_typed(const struct filterbar *b);
/* The view's environment, whose prints have names in the place of codes: for people. */
void filter_env(struct filterbar *b, struct lang_env *out);
/* Is a field of the condition one of those? wrong: the answer for what is no condition. */
bool filter_has_field(struct filterbar *b, const char *text, bool (*is)(const struct field *f), bool wrong);
bool filter_is_secret(const struct field *f);
/* Puts the cursor behind the word that is wrong. */
void filter_go_wrong(struct filterbar *b);
/* After each change of the text: its looks, the proposals, its sentence. */
void filter_understand(struct filterbar *b);
/* Are there proposals to be seen: not closed, and not just the word that stands there? */
bool filter_list_shown(const struct filterbar *b);
unsigned filter_take_item(struct filterbar *b, size_t i);
/* Asks the data for the values that the wish is for, if it is for values. */
void filter_ask_values(struct filterbar *b);

/* --- the count (filtercount.c) --- */
void filter_forget_count(struct filterbar *b);
/* Counts what is typed, if it is right; done is filter_applied() to put it in force. */
void filter_ask_count(struct filterbar *b, api_done *done);
unsigned filter_applied(void *self, struct api_job *j);
/* The rest after the last key, and its end. */
unsigned filter_rested(void *self);
void filter_stop_timer(struct filterbar *b);
/* `typing`: what is missing at the end is still to come, and said as a help. e NULL: nothing is wrong. */
void filter_set_error(struct filterbar *b, const struct err *e, bool typing);
bool filter_shows_error(const struct filterbar *b);

int filter_look_ink(enum lang_look look);
/* The text was changed by another hand than the keyboard's. */
void filter_set(struct filterbar *b, const char *text);
/* Takes a condition as the one in force, and remembers it. */
void filter_take(struct filterbar *b, const char *where);
/* A click on a part: takes it in hand, or off if it is in hand. False: there is no such part. */
bool filterbar_click_chip(struct filterbar *b, int chip);
bool filterbar_chip_actions(struct filterbar *b, struct action_list *out);
unsigned filter_chips_open(const struct action_call *call);     /* self is the bar */
unsigned filter_chip_last(const struct action_call *call);
bool filter_has_parts(struct filterbar *b);
/* The rows of the parts where there are none: they say so. */
void filter_no_part_actions(struct filterbar *b, struct action_list *out);
unsigned filter_save_open(const struct action_call *call);      /* filtersaved.c; self is the bar */
unsigned filter_saved_open(const struct action_call *call);
const char *filter_cant_save(const struct action_call *call);
unsigned filter_build_open(const struct action_call *call);     /* filterbuild.c */
/* Proposals and values at the end of a text, for the builder: see filterbar.c. */
bool filter_asks_values(const struct filterbar *b, const struct lang_wish *w);
struct api_job *filter_value_job(struct filterbar *b, const void *owner, uint32_t gen,
                                 api_done *done, void *self, const struct lang_wish *w,
                                 const char *word);
size_t filter_value_rows(const struct api_job *j, struct arena *a, struct filter_item **out);

#endif
