/* ops.c - the operations of this engine. */
#include "base/i18n.h"
#include "core/org/private.h"

/* A noun that is read and written with the same pattern. */
#define BOTH(N, P, READ, WRITE) \
    CRUD_READ(#N, P, READ, &N##_crud, &N##_record), CRUD_WRITE(#N, P, WRITE, &N##_crud, &N##_record)

const struct op org_ops[] = {
    BOTH(branch, "/v1/branches", RIGHT_ORG_READ, RIGHT_ORG_WRITE),
    BOTH(employee, "/v1/employees", RIGHT_ORG_READ, RIGHT_ORG_WRITE),
    BOTH(account, "/v1/accounts", RIGHT_ACCOUNT, RIGHT_ACCOUNT),
    { .name = "account.password", .method = "POST", .path = "/v1/accounts/password",
      .summary = N_("set one's own password, or as security administrator another's"), .kind = OP_WRITE,
      .right = RIGHT_NONE, .in = &password_record, .out = &done_record, .many = OUT_ONE, .run = op_password },

    BOTH(channel, "/v1/channels", RIGHT_ORG_READ, RIGHT_CONFIG),
    BOTH(product, "/v1/products", RIGHT_ORG_READ, RIGHT_CONFIG),
    BOTH(pool, "/v1/pools", RIGHT_ORG_READ, RIGHT_CONFIG),
    BOTH(stage, "/v1/stages", RIGHT_ORG_READ, RIGHT_CONFIG),
    BOTH(custom_field, "/v1/custom_fields", RIGHT_ORG_READ, RIGHT_CONFIG),

    CRUD_READ("person", "/v1/persons", RIGHT_LEAD_READ, &person_crud, &person_record),
    { .name = "person.change", .method = "PATCH", .path = "/v1/persons/{id}", .summary = N_("change fields of it"),
      .kind = OP_WRITE, .right = RIGHT_LEAD_WRITE, .in = &person_record, .out = &done_record, .many = OUT_ONE,
      .arg = &person_crud, .run = crud_change },
    CRUD_READ("consent", "/v1/consents", RIGHT_LEAD_READ, &consent_crud, &consent_record),
    { .name = "consent.create", .method = "POST", .path = "/v1/consents",
      .summary = N_("write down what a person said of being reached"), .kind = OP_WRITE, .right = RIGHT_LEAD_WRITE,
      .in = &consent_record, .out = &done_record, .many = OUT_ONE, .run = op_consent },

    CRUD_READ("task", "/v1/tasks", RIGHT_LEAD_READ, &task_crud, &task_record),
    { .name = "task.create", .method = "POST", .path = "/v1/tasks", .summary = N_("make a new one"), .kind = OP_WRITE,
      .right = RIGHT_LEAD_WRITE, .in = &task_record, .out = &done_record, .many = OUT_ONE, .arg = &task_crud,
      .run = op_task_create },
    { .name = "task.change", .method = "PATCH", .path = "/v1/tasks/{id}", .summary = N_("change fields of it"),
      .kind = OP_WRITE, .right = RIGHT_LEAD_WRITE, .in = &task_record, .out = &done_record, .many = OUT_ONE,
      .arg = &task_crud, .run = crud_change },
    { .name = "task.done", .method = "POST", .path = "/v1/tasks/{id}/done", .summary = N_("a task is done"),
      .kind = OP_WRITE, .right = RIGHT_LEAD_WRITE, .in = &task_done_record, .out = &done_record, .many = OUT_ONE,
      .run = op_task_done },

    CRUD_READ("message", "/v1/messages", RIGHT_MESSAGE, &message_crud, &message_record),
    { .name = "message.create", .method = "POST", .path = "/v1/messages", .summary = N_("write to a colleague"),
      .kind = OP_WRITE, .right = RIGHT_MESSAGE, .in = &message_record, .out = &done_record, .many = OUT_ONE,
      .run = op_message },
    { .name = "message.read", .method = "POST", .path = "/v1/messages/read",
      .summary = N_("mark one message as read, or all"), .kind = OP_WRITE, .right = RIGHT_MESSAGE,
      .in = &message_read_record, .out = &count_record, .many = OUT_ONE, .run = op_message_read },

    CRUD_READ("event", "/v1/events", RIGHT_EVENT_READ, &event_crud, &event_record),
    CRUD_READ("audit", "/v1/audit", RIGHT_AUDIT, &audit_crud, &audit_record),
    { .name = "audit.verify", .method = "GET", .path = "/v1/audit/verify",
      .summary = N_("prove that the audit log is whole, and up to when"), .kind = OP_READ, .right = RIGHT_AUDIT,
      .in = &audit_verify_record, .out = &audit_verdict_record, .many = OUT_ONE, .run = op_audit_verify },
    { .name = "audit.anchor", .method = "GET", .path = "/v1/audit/anchor",
      .summary = N_("the head of the audit log, to be kept elsewhere"), .kind = OP_READ, .right = RIGHT_AUDIT,
      .out = &audit_anchor_record, .many = OUT_ONE, .run = op_audit_anchor },
    CRUD_READ("import", "/v1/imports", RIGHT_IMPORT, &import_crud, &import_record),

    { .name = NULL },
};
