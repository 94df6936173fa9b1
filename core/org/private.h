/* private.h - what the files of this engine share. */
#ifndef CORE_ORG_PRIVATE_H
#define CORE_ORG_PRIVATE_H

#include "core/org/org.h"

extern const struct crud branch_crud, employee_crud, account_crud, channel_crud, product_crud,
    tag_crud, pool_crud, stage_crud, custom_field_crud, person_crud, consent_crud, task_crud, message_crud,
    event_crud, audit_crud, import_crud, filter_crud;
extern const struct record password_record, verify_record, message_read_record, task_done_record,
    audit_verify_record, audit_verdict_record, audit_anchor_record, filter_remove_record,
    session_list_record, session_record, session_end_record, account_in_record, api_key_in_record,
    api_key_made_record, api_key_record;

enum status password_prepare(struct ctx *c, const struct op *op, const void *in);
enum status op_password(struct ctx *c, const struct op *op, const void *in, void *out);
enum status verify_prepare(struct ctx *c, const struct op *op, const void *in);
enum status op_verify(struct ctx *c, const struct op *op, const void *in, void *out);
enum status op_has_password(struct ctx *c, const struct op *op, const void *in, void *out);
enum status op_session_list(struct ctx *c, const struct op *op, const void *in, void *out);
enum status op_session_end(struct ctx *c, const struct op *op, const void *in, void *out);
enum status op_end_sessions(struct ctx *c, const struct op *op, const void *in, void *out);
enum status op_api_key_list(struct ctx *c, const struct op *op, const void *in, void *out);
enum status op_api_key_create(struct ctx *c, const struct op *op, const void *in, void *out);
enum status op_api_key_end(struct ctx *c, const struct op *op, const void *in, void *out);
enum status op_consent(struct ctx *c, const struct op *op, const void *in, void *out);
enum status op_message(struct ctx *c, const struct op *op, const void *in, void *out);
enum status op_message_read(struct ctx *c, const struct op *op, const void *in, void *out);
enum status op_task_create(struct ctx *c, const struct op *op, const void *in, void *out);
enum status op_task_done(struct ctx *c, const struct op *op, const void *in, void *out);
enum status op_filter_remove(struct ctx *c, const struct op *op, const void *in, void *out);
enum status op_audit_verify(struct ctx *c, const struct op *op, const void *in, void *out);
enum status op_audit_anchor(struct ctx *c, const struct op *op, const void *in, void *out);

/* A copy of a row to be made, with choices by their codes: for those who do not make it by
 * crud_create(). ST_INVALID "field.read_only" for what only operations set. */
enum status org_take(struct ctx *c, const struct record *r, const void *in, void *copy);

/* The whole row as it will stand: a change may not empty what is required. */
enum status org_whole(struct ctx *c, const struct noun *n, const void *rec);

/* Sets an empty flag. */
void org_default(int64_t *flag, int64_t value);

/* Did the flag just go from 1 to 0, or a row arrive at 0? */
bool org_switched_off(const int64_t *before, int64_t after);

/* ST_CONFLICT with that field and code, and the number as its parameter, when the query counts
 * any. $1 is id. */
enum status org_none(struct ctx *c, const char *field, const char *code, const char *sql,
                     int64_t id);

/* ST_CONFLICT with the code when making `parent` the one above `id` would close a ring. column
 * is parent_id or manager_id. */
enum status org_no_ring(struct ctx *c, const struct noun *n, const char *field, int64_t id,
                        int64_t parent);

/* ST_CONFLICT "branch.inactive" (name) when the branch is not in use. */
enum status org_branch_in_use(struct ctx *c, const struct ref *branch);

/* The employee; ST_CONFLICT "employee.has_left" (name) with the field when he has. */
enum status org_on_staff(struct ctx *c, const char *field, int64_t id, struct employee *out);

#endif
