/* home.h - the first screen in its parts: home.c the screen, hometiles.c what it reads, homedraw.c how it
 * looks. Private to views. */
#ifndef VIEWS_HOME_H
#define VIEWS_HOME_H

#include "views/desk.h"
#include "views/detail.h"
#include "views/leadcell.h"
#include "views/words.h"

/* In the order of pain. */
enum tile_kind { TILE_OVERDUE, TILE_TODAY, TILE_RECYCLE, TILE_NEW, TILE_MESSAGES, TILES };
enum home_number { NUMBER_POOL, NUMBER_POOL_HIGH, NUMBER_POOL_NEW, NUMBER_MINE, NUMBERS };
enum { TILE_ROWS = 5, TILE_MOST = 12 };

/* A row; all words are in home's arena. */
struct tile_row {
    int64_t id;                         /* of the task, lead or message */
    int64_t lead_id;                    /* 0: none */
    const struct lead *lead;            /* as it was read; NULL: not to be seen */
    const char *who, *product, *what;
    int64_t at;                         /* what stands at the right end: due, recycled, received, sent */
};

struct tile {
    bool there;                         /* its source exists for this person */
    struct tile_row row[TILE_MOST];
    int n;                              /* rows read */
    int room;                           /* rows that the last drawing had for it */
    int64_t count;                      /* -1: not known */
};

struct home {
    struct view view;
    struct app *app;
    struct desk desk;
    struct detail detail;               /* the lead in hand, where there is room beside the groups */
    bool beside;                        /* there was, in the last drawing */
    struct arena mem;                   /* of the rows */
    struct tile tile[TILES];
    int64_t number[NUMBERS];
    bool works, sees;                   /* has leads of its own; may see leads at all */
    bool read;                          /* the rows have come */
    bool stale, recount;
    int counting;                       /* counts under way */
    uint32_t generation, count_gen;
    struct err err;
    int tile_sel, row_sel;
    int64_t id_sel;                     /* the row, kept while others come and go */
};

static inline struct home *home_of(struct view *v)
{
    return (struct home *)(void *)v;
}

/* --- hometiles.c --- */
extern const char *const tile_titles[TILES], *const tile_notes[TILES];
/* Which tiles there are for who works here. */
void home_sources(struct home *h);
/* Reads the rows anew, then the counts. */
void home_read(struct home *h);
/* Waits for nothing any more; true if it did wait. */
bool home_stop(struct home *h);
/* The condition on leads that shows a tile as a list. */
const char *tile_where(enum tile_kind kind);
/* What a message says, the system's in the language in use. In the arena. */
const char *message_words(const struct message *m, struct arena *a);
/* Puts the selection back on its row, else on the first there is. */
void home_settle(struct home *h);
/* The selected row, or NULL. */
const struct tile_row *home_row(const struct home *h);

/* --- homedraw.c --- */
void home_draw(struct view *v, struct surface s);
int tile_shown(const struct tile *t);

#endif
