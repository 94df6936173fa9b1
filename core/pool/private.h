/* private.h - what the files of the lead engine share. */
#ifndef CORE_POOL_PRIVATE_H
#define CORE_POOL_PRIVATE_H

#include "core/pool/pool.h"

extern const struct crud lead_crud;
extern const struct record claim_record, assign_record, return_record, outcomes_record, follow_up_in_record,
    follow_up_out_record, stage_in_record, win_record, lose_record, reveal_in_record, reveal_out_record,
    timeline_in_record, moment_record, duplicate_in_record, duplicate_out_record;

enum status op_claim(struct ctx *c, const struct op *op, const void *in, void *out);
enum status op_assign(struct ctx *c, const struct op *op, const void *in, void *out);
enum status op_return(struct ctx *c, const struct op *op, const void *in, void *out);
enum status op_follow_up(struct ctx *c, const struct op *op, const void *in, void *out);
enum status op_stage(struct ctx *c, const struct op *op, const void *in, void *out);
enum status op_win(struct ctx *c, const struct op *op, const void *in, void *out);
enum status op_lose(struct ctx *c, const struct op *op, const void *in, void *out);
enum status op_reveal(struct ctx *c, const struct op *op, const void *in, void *out);
enum status op_timeline(struct ctx *c, const struct op *op, const void *in, void *out);
enum status op_duplicate(struct ctx *c, const struct op *op, const void *in, void *out);

/* A lead as it stands, with secrets opened, so that it can be written back; out of scope:
 * ST_NOT_FOUND. version NONE: any. */
enum status lead_load(struct ctx *c, int64_t id, int64_t version, struct lead *out);

/* Writes the changed lead with its event; data may be NULL. */
enum status lead_save(struct ctx *c, const struct lead *was, struct lead *now, const char *event,
                      const char *data);

/* Opens a task for the owner, or closes those of the lead that are open (kind NULL: of every kind). */
enum status task_open(struct ctx *c, const struct lead *l, const char *kind, int64_t due_at);
enum status tasks_close(struct ctx *c, const struct lead *l, const char *kind, const char *state);

/* A lead that is in other hands is not worked on, but by those who assign. */
enum status lead_is_mine(struct ctx *c, const struct lead *l);

/* May this employee be given leads: on duty, and in the caller's scope? */
enum status receiver_check(struct ctx *c, int64_t employee, struct employee *out);

/* Is there an open lead besides this one with its phone and product? ST_CONFLICT "lead.duplicate"
 * with its number. */
enum status lead_collision(struct ctx *c, const struct lead *l);

/* raise_hours of a pool, NONE if it has none. */
enum status pool_hours(struct ctx *c, int64_t pool, int64_t *out);

#endif
