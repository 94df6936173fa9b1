/* lang_world.h - a small noun with one field of every type, for the tests of conditions. Everything
 * about it is worked out by hand here: branches by their parents, codes by a table. */
#ifndef TESTS_UNIT_LANG_WORLD_H
#define TESTS_UNIT_LANG_WORLD_H

#include <sqlite3.h>

#include "core/lang/lang.h"

enum { WORLD_TAG = 31, WORLD_TAGS = 3, WORLD_VISITS = 3, WORLD_EVENTS = 3 };

struct thing {
    int64_t id, no, amount, at, active;
    double weight;
    const char *name, *note, *kind, *phone;
    struct ref branch, owner, stage;
    int64_t seen;
    struct refs tags;           /* never read: the rows that hold are those of tagged */
    /* other tables */
    unsigned tagged;            /* bit i: WORLD_TAG + i */
    int nvisits, nevents;
    struct visit { int64_t at, score; const char *way; } visit[WORLD_VISITS];
    struct world_event { int64_t at; const char *type, *data; } event[WORLD_EVENTS];
    bool member;                /* of the static segment */
    /* the side table */
    const char *job, *grade;
    double age;
    int64_t since, vip;
};

/* Row members by the name that conditions have; references give ids, keyed texts their key. */
struct cell { char type; int64_t i; double d; const char *s; };     /* i d s, or 0: empty */
struct cell world_cell(const struct thing *t, struct lang_name n);

extern const struct noun thing_noun, visit_noun;
extern const struct attr_def thing_attrs[];
enum { WORLD_ATTRS = 5, WORLD_ME = 12, WORLD_BRANCH = 3 };

/* What stands behind an owner: whether he is there, and his branch. 0: empty. */
struct world_employee { int64_t id; const char *status; int64_t branch; };
extern const struct world_employee world_employees[];

/* The condition of the dynamic segment "rich"; "listed" is the static one, "ring" asks for itself. */
extern const char world_rich[];

/* A row of another noun: what a word may name. */
struct world_ref { const char *noun, *code, *name; int64_t id, parent; };
extern const struct world_ref world_refs[];
int64_t world_ref_id(const char *noun, const char *word);
bool world_is_under(int64_t branch, int64_t root);

/* Nobody masked, WORLD_ME asking. */
extern const struct lang_env world_env;

/* An empty database with the noun's tables and indexes. */
sqlite3 *world_open(void);
void world_insert(sqlite3 *db, const struct thing *t);
/* The ids that a condition finds, ascending, as "1 3 7"; or the error's code. Static. */
const char *world_find(sqlite3 *db, const struct lang_env *env, const struct cond *c);
/* The same of a text. */
const char *world_where(sqlite3 *db, const struct lang_env *env, const char *text);

/* A statement of q, bound. */
sqlite3_stmt *world_prepare(sqlite3 *db, const struct sql *q);

#endif
