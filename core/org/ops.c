/* ops.c - the operations of this engine. */
#include "base/i18n.h"
#include "core/org/private.h"

/* A noun that is read and written with the same pattern. */
#define BOTH(N, P, WRITE) \
    CRUD_READ(N, P, &N##_crud, &N##_record), CRUD_WRITE(#N, P, WRITE, &N##_crud, &N##_record)

/* One operation that writes, and one that reads. */
#define WRITES(N, M, P, S, R, IN, OUT, RUN, ...) \
    { .name = (N), .method = (M), .path = (P), .summary = (S), .kind = OP_WRITE, .right = (R), \
      .in = (IN), .out = (OUT), .many = OUT_ONE, .run = (RUN), __VA_ARGS__ }
#define READS(N, P, S, R, IN, OUT, RUN, ...) \
    { .name = (N), .method = "GET", .path = (P), .summary = (S), .kind = OP_READ, .right = (R), \
      .in = (IN), .out = (OUT), .many = OUT_ONE, .run = (RUN), __VA_ARGS__ }

#define PAGES(N, P, S, R, IN, OUT, RUN) \
    { .name = (N), .method = "GET", .path = (P), .summary = (S), .kind = OP_READ, .right = (R), \
      .in = (IN), .out = (OUT), .many = OUT_MANY, .run = (RUN) }

const struct op org_ops[] = {
    BOTH(branch, "/v1/branches", RIGHT_ORG_WRITE),
    BOTH(employee, "/v1/employees", RIGHT_ORG_WRITE),
    BOTH(account, "/v1/accounts", RIGHT_ACCOUNT),
    WRITES("account.password", "POST", "/v1/accounts/password",
           N_("set one's own password, or as security administrator another's"), RIGHT_NONE,
           &password_record, &done_record, op_password, .prepare = password_prepare),
    WRITES("account.verify", "POST", "/v1/accounts/verify",
           N_("is this one's own password? After several wrong ones none is heard for a while"), RIGHT_NONE,
           &verify_record, &count_record, op_verify, .prepare = verify_prepare),
    READS("account.has_password", "/v1/accounts/password", N_("has one a password?"), RIGHT_NONE, NULL,
          &count_record, op_has_password),
    WRITES("account.end_sessions", "POST", "/v1/accounts/{id}/end_sessions",
           N_("end one's own other sessions, or as security administrator all of another's"), RIGHT_NONE,
           &account_in_record, &count_record, op_end_sessions),
    WRITES("account.totp_start", "POST", "/v1/accounts/totp/start",
           N_("make a secret for one's own authenticator; it is shown once"), RIGHT_NONE, NULL,
           &totp_made_record, op_totp_start),
    WRITES("account.totp_confirm", "POST", "/v1/accounts/totp/confirm",
           N_("a code of it: from now on a login takes one, too"), RIGHT_NONE, &totp_confirm_record,
           &done_record, op_totp_confirm),
    WRITES("account.totp_clear", "POST", "/v1/accounts/totp/clear",
           N_("no one-time codes any more; as security administrator another's, whose authenticator is lost"),
           RIGHT_NONE, &totp_clear_record, &count_record, op_totp_clear, .prepare = totp_clear_prepare),
    PAGES("session.list", "/v1/sessions", N_("who is logged in over the network, and since when"), RIGHT_NONE,
          &session_list_record, &session_record, op_session_list),
    WRITES("session.end", "DELETE", "/v1/sessions/{id}", N_("end a session"), RIGHT_NONE,
           &session_end_record, &count_record, op_session_end),
    PAGES("api_key.list", "/v1/api_keys", N_("the API keys, and what each may"), RIGHT_NONE,
          &session_list_record, &api_key_record, op_api_key_list),
    WRITES("api_key.create", "POST", "/v1/api_keys", N_("make an API key for oneself; it is shown once"),
           RIGHT_NONE, &api_key_in_record, &api_key_made_record, op_api_key_create),
    WRITES("api_key.end", "DELETE", "/v1/api_keys/{id}", N_("end an API key"), RIGHT_NONE,
           &session_end_record, &count_record, op_api_key_end),

    BOTH(channel, "/v1/channels", RIGHT_CONFIG),
    BOTH(product, "/v1/products", RIGHT_CONFIG),
    BOTH(tag, "/v1/tags", RIGHT_CONFIG),
    BOTH(pool, "/v1/pools", RIGHT_CONFIG),
    BOTH(stage, "/v1/stages", RIGHT_CONFIG),
    BOTH(custom_field, "/v1/custom_fields", RIGHT_CONFIG),

    CRUD_READ(person, "/v1/persons", &person_crud, &person_record),
    WRITES("person.change", "PATCH", "/v1/persons/{id}", N_("change fields of it"),
           RIGHT_LEAD_WRITE, &person_record, &done_record, crud_change, .own_checks = true,
           .arg = &person_crud),
    CRUD_READ(consent, "/v1/consents", &consent_crud, &consent_record),
    WRITES("consent.create", "POST", "/v1/consents",
           N_("write down what a person said of being reached"), RIGHT_LEAD_WRITE, &consent_record,
           &done_record, op_consent),

    CRUD_READ(task, "/v1/tasks", &task_crud, &task_record),
    WRITES("task.create", "POST", "/v1/tasks", N_("make a new one"), RIGHT_LEAD_WRITE, &task_record,
           &done_record, op_task_create, .own_checks = true, .arg = &task_crud),
    WRITES("task.change", "PATCH", "/v1/tasks/{id}", N_("change fields of it"), RIGHT_LEAD_WRITE,
           &task_record, &done_record, crud_change, .own_checks = true, .arg = &task_crud),
    WRITES("task.done", "POST", "/v1/tasks/{id}/done", N_("a task is done"), RIGHT_LEAD_WRITE,
           &task_done_record, &done_record, op_task_done),

    CRUD_READ(message, "/v1/messages", &message_crud, &message_record),
    WRITES("message.create", "POST", "/v1/messages", N_("write to a colleague"), RIGHT_MESSAGE,
           &message_record, &done_record, op_message),
    WRITES("message.read", "POST", "/v1/messages/read", N_("mark one message as read, or all"),
           RIGHT_MESSAGE, &message_read_record, &count_record, op_message_read),

    BOTH(filter, "/v1/filters", RIGHT_NONE),
    WRITES("filter.remove", "DELETE", "/v1/filters/{id}", N_("remove a saved filter"), RIGHT_NONE,
           &filter_remove_record, &done_record, op_filter_remove),

    CRUD_READ(event, "/v1/events", &event_crud, &event_record),
    CRUD_READ(audit, "/v1/audit", &audit_crud, &audit_record),
    READS("audit.verify", "/v1/audit/verify",
          N_("prove that the audit log is whole, and up to when"), RIGHT_AUDIT,
          &audit_verify_record, &audit_verdict_record, op_audit_verify, .unlimited = true),
    READS("audit.anchor", "/v1/audit/anchor", N_("the head of the audit log, to be kept elsewhere"),
          RIGHT_AUDIT, NULL, &audit_anchor_record, op_audit_anchor),
    CRUD_READ(import, "/v1/imports", &import_crud, &import_record),

    { .name = NULL },
};
