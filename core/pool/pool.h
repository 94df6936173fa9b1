/* pool.h - the lead engine: leads from their arrival to their end, and the operations on them.
 *
 * A lead is owned or in a pool while it is open. Whoever takes, gives, follows up or ends it does
 * so by one of these operations, each one transaction with its event. Result codes of claims are
 * those of domain B2, in capitals.
 */
#ifndef CORE_POOL_POOL_H
#define CORE_POOL_POOL_H

#include "core/guard/op.h"
#include "core/model/nouns.h"
#include "core/noun/crud.h"

extern const struct op pool_ops[];

/* A lead as it stood on a screen: version NONE means "whatever it is now". */
struct lead_at { int64_t id, version; };

/* Operations on one lead name it by id, or by lead (its external id or number). lead.claim,
 * lead.assign, lead.return, lead.tag and lead.undo also take several as leads. */
struct claim_in { int64_t id; struct ref lead; int64_t version; struct list leads; /* struct lead_at */ };
struct assign_in {
    int64_t id;
    struct ref lead;
    int64_t version;
    struct list leads;
    struct ref employee;
    const char *reason;
};
struct return_in {
    int64_t id;
    struct ref lead;
    int64_t version;
    struct list leads;
    struct ref pool;
    const char *reason;
};

/* Puts tags on leads and takes others off. What a lead has already, or has not, is no mistake, and where
 * nothing changes nothing is written. */
struct tag_in {
    int64_t id;
    struct ref lead;
    int64_t version;
    struct list leads;
    struct refs add, remove;
};

/* lead.undo takes back one's own last change of a lead - claim, assign, return, stage, tag - when nothing
 * has happened to it since, and for so long. Owner, pool, branch, stage, clocks, tags and tasks are as
 * before; the history keeps both. ST_CONFLICT "undo.nothing", "undo.late" (minutes), ST_DENIED
 * "undo.not_yours". */
enum { UNDO_MINUTES = 5 };

/* What became of each. For a single lead a refusal is the call's error; for several it stands here. */
struct outcome {
    int64_t id, version;
    const char *code;           /* OK, TAKEN, ... */
    const char *detail;         /* parameter of the sentence: who took it; NULL if none */
};
struct outcomes { int64_t ok, refused; struct list outcomes; /* struct outcome */ };

struct follow_up_in {
    int64_t id;
    struct ref lead;
    int64_t version;            /* NONE: not compared */
    const char *way, *result, *note;
    int64_t next_at;            /* NONE: no next one agreed */
};
struct follow_up_out { int64_t id, version; const char *stage; int64_t left_at; };

struct stage_in { int64_t id; struct ref lead; int64_t version; struct ref stage; const char *reason; };
struct win_in {
    int64_t id;
    struct ref lead;
    int64_t version;
    int64_t amount, won_at;
    struct ref product;
    const char *note;
};
struct lose_in { int64_t id; struct ref lead; int64_t version; const char *reason; };

struct reveal_in { int64_t id; struct ref lead; const char *reason; };
struct reveal_out { const char *name, *phone, *email, *id_no; };

struct timeline_in { int64_t id; struct ref lead; const char *cursor; int64_t limit; };
/* One thing that happened, newest first. */
struct moment {
    int64_t id;                 /* event seq */
    int64_t at;
    const char *type;           /* event type: "lead.followed_up" */
    struct ref actor;
    struct ref to;              /* the employee it was assigned to */
    const char *way, *result, *note;    /* of a follow-up */
    const char *data;           /* JSON of the event */
};

struct duplicate_in { const char *phone; struct ref product; };
/* Taken or free, without telling who the person is. */
struct duplicate_out {
    const char *verdict; /* free, open, closed, other_product */
    int64_t no;
    const char *owner, *owner_name;     /* code; name, where the caller sees names */
};

/* ---- for the import ----------------------------------------------------------------------------------- */

/* Fills what a new lead has whatever its source: number, person, defaults of branch, product,
 * stage, owner or pool, received, clocks. `past`: history that starts no clock. lead->created_at
 * must be set. */
struct lead_defaults { struct ref branch, product, pool; struct ref stage; int64_t stage_open; };
enum status lead_defaults_load(struct ctx *c, struct lead_defaults *out);
enum status lead_settle(struct ctx *c, const struct lead_defaults *d, struct lead *l, bool past);
/* The same without the person, for a bulk load that knows its persons by itself: it writes no row. */
enum status lead_place(struct ctx *c, const struct lead_defaults *d, struct lead *l, bool past);

/* A pool's public is the subtree of its branch, so a lead waits in a pool of its own branch or of one above:
 * ST_CONFLICT "pool.elsewhere" (pool, branch) with field pool. ST_OK for a lead that waits in none. */
enum status lead_fits_pool(struct ctx *c, const struct lead *l);

/* The person of these contact data: found by phone, id number or e-mail, else made. Where there is nothing to
 * find him by it stays who it was (l->person), or id 0. Another than it was takes along what that
 * one refuses. Sets l->frozen where he may not be approached, and never takes it away. */
enum status person_of(struct ctx *c, struct lead *l, struct ref *out);
/* What person_of makes when there is none: stamped, not written. */
void person_new(struct ctx *c, const struct lead *l, struct person *out);

/* grams.c: by what parts of names are found. Each character of a folded name (text_key), and each
 * with the one behind it: begin with { key, strlen(key) }; false at the end. */
struct gram_walk { const char *s; size_t left, one, pair; };
bool gram_next(struct gram_walk *w, const char **gram, size_t *len);

/* The next of its initials in pinyin (pinyin_initials() of the folded name) that are a gram: two bytes at
 * what is returned; NULL at the end, and for *py NULL. *py moves on. Only pairs are grams, since most leads
 * have any one letter; none crosses the blank between two forms. */
const char *gram_next_py(const char **py);

/* The name's grams, and those of its initials, into lead_gram; those of the name that it had are removed.
 * NULL: no name. */
enum status grams_write(struct ctx *c, int64_t lead, const char *was, const char *name);
/* For a new lead of a load: its name waits in lead_gram_due, where searches find it too, until many
 * of them are written in the order of their grams (core/data/gramsort.h). */
enum status grams_later(struct ctx *c, int64_t lead, const char *name);

/* Wins an open lead: deal row, stage, closed. Used by lead.win and the import of deals. */
enum status lead_win(struct ctx *c, struct lead *l, const struct deal *d);

/* ---- clocks (contract: Clocks) ------------------------------------------------------------------------ */

/* Defaults by working days, in hours of working days. Rules make them editable later. */
enum { FIRST_DUE_HOURS = 24, FIRST_RECYCLE_HOURS = 48, IDLE_RECYCLE_HOURS = 7 * 24 };

/* Sets first_due_at, recycle_at and left_at from who has the lead since when. raise_hours: of its
 * pool, NONE if never. */
void lead_clocks(struct lead *l, int64_t raise_hours);

#endif
