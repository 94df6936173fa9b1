/* private.h - what the files of the lead engine share. */
#ifndef CORE_POOL_PRIVATE_H
#define CORE_POOL_PRIVATE_H

#include "core/pool/pool.h"

extern const struct crud lead_crud;
extern const struct record lead_at_record, tag_in_record, claim_record, assign_record, return_record,
    outcomes_record, follow_up_in_record, follow_up_out_record, stage_in_record, win_record, lose_record,
    reveal_in_record, reveal_out_record,
    timeline_in_record, moment_record, duplicate_in_record, duplicate_out_record;

enum status op_create(struct ctx *c, const struct op *op, const void *in, void *out);
enum status op_claim(struct ctx *c, const struct op *op, const void *in, void *out);
enum status op_assign(struct ctx *c, const struct op *op, const void *in, void *out);
enum status op_return(struct ctx *c, const struct op *op, const void *in, void *out);
enum status op_tag(struct ctx *c, const struct op *op, const void *in, void *out);
enum status op_undo(struct ctx *c, const struct op *op, const void *in, void *out);
enum status op_follow_up(struct ctx *c, const struct op *op, const void *in, void *out);
enum status op_stage(struct ctx *c, const struct op *op, const void *in, void *out);
enum status op_win(struct ctx *c, const struct op *op, const void *in, void *out);
enum status op_lose(struct ctx *c, const struct op *op, const void *in, void *out);
enum status op_reveal(struct ctx *c, const struct op *op, const void *in, void *out);
enum status op_timeline(struct ctx *c, const struct op *op, const void *in, void *out);
enum status op_duplicate(struct ctx *c, const struct op *op, const void *in, void *out);

/* Does one lead in the open transaction. do_lead is the run of an operation on one or several: it does the
 * one that the input names, by id or lead; for those of a list the frame calls it one by one (struct op_each
 * of core/guard/op.h: leads_each in the row). in begins as struct claim_in does. */
typedef enum status one_lead(struct ctx *c, const void *in, const struct lead_at *at, struct outcome *o);
enum status do_lead(struct ctx *c, const void *in, one_lead *one, struct outcomes *out);
extern const struct op_each leads_each;

/* ST_CONFLICT "tag.inactive" with its name: a tag that is switched off is put on no lead any more. had
 * NULL: none. */
enum status tags_check(struct ctx *c, const struct refs *had, const struct refs *now);

/* A lead as it stands, with secrets opened, so that it can be written back; out of scope:
 * ST_NOT_FOUND. version NONE: any. */
enum status lead_load(struct ctx *c, int64_t id, int64_t version, struct lead *out);

/* Writes the changed lead with its event; data may be NULL. */
enum status lead_save(struct ctx *c, const struct lead *was, struct lead *now, const char *event,
                      const char *data);

/* Opens a task for the owner, or closes those of the lead that are open (kind NULL: of every kind). */
enum status task_open(struct ctx *c, const struct lead *l, const char *kind, int64_t due_at);
enum status tasks_close(struct ctx *c, const struct lead *l, const char *kind, const char *state);

/* A person of this lead alone, where there is nothing to find him by. */
enum status person_alone(struct ctx *c, struct lead *l);

/* *stopped 1: nobody may approach the lead's person at all, by the lead's mark or by his own word. A closed
 * lead's mark is out of date: see lead_heed. */
enum status lead_stopped(struct ctx *c, const struct lead *l, int64_t *stopped);
/* ST_CONFLICT "FROZEN" when it is so. */
enum status lead_reachable(struct ctx *c, const struct lead *l);

/* For a lead that opens again: sets its mark by what its person said, which a closed lead is not told of. */
enum status lead_heed(struct ctx *c, struct lead *l);

/* An object of texts for an event, in the arena: KEY, VALUE, ..., NULL. A value NULL is left out. */
const char *texts_json(struct arena *a, ...) __attribute__((sentinel));

/* The row that every database has, by its code: ST_FAILED "db.incomplete" where it is missing. */
enum status row_needed(struct ctx *c, const struct noun *n, const char *code, struct ref *out);

/* ---- what can be taken back (undo.c) ---- */
/* Which tasks a change closed, and which one it opened (0: none). */
struct trace { int64_t *closed; size_t n; int64_t opened; };

/* The two above, and what they did: before the lead is written, so that its event can tell. */
enum status trace_close(struct ctx *c, const struct lead *l, struct trace *t);
enum status trace_open(struct ctx *c, const struct lead *l, const char *kind, int64_t due_at,
                       struct trace *t);

/* lead_save() of a change that lead.undo can take back: the event has besides data (an object, or NULL)
 * "was", "tasks", "task" and "account". */
enum status lead_save_traced(struct ctx *c, const struct lead *was, struct lead *now, const char *event,
                             const char *data, const struct trace *t);
/* The data of such an event, in the arena. */
const char *trace_json(struct ctx *c, const char *data, const struct lead *was, const struct lead *now,
                       const struct trace *t);

/* Tells an employee, who is not the caller, of a lead: "message.assigned" and the like. */
enum status lead_notify(struct ctx *c, const struct lead *l, int64_t to, const char *code);

/* What a lead's tags are with some put on and others taken off, in the arena. */
struct refs tags_changed(struct arena *a, const struct refs *had, const struct refs *add,
                         const struct refs *remove);

/* Worked on and changed is what one has; by those who assign, what is of their branches too. A lead that is
 * only seen from below its pool is for claiming and assigning: ST_DENIED "lead.in_pool", as any in a pool. */
enum status lead_is_mine(struct ctx *c, const struct lead *l);

/* May this employee be given leads: on duty, and in the caller's scope? */
enum status receiver_check(struct ctx *c, int64_t employee, struct employee *out);

/* Is there an open lead besides this one with its phone and product? ST_CONFLICT "lead.duplicate"
 * with its number. */
enum status lead_collision(struct ctx *c, const struct lead *l);

/* The pool in use that is nearest to the branch on its way up: where what is of the branch waits if nothing
 * else was said. ST_CONFLICT "pool.none_above" (branch). */
enum status pool_nearest(struct ctx *c, int64_t branch, struct ref *out);

/* raise_hours of a pool, NONE if it has none. */
enum status pool_hours(struct ctx *c, int64_t pool, int64_t *out);

#endif
