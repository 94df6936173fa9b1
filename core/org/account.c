/* account.c - logins. What holds for all of them together stands in core/guard/account.h. */
#include "core/guard/account.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "core/guard/password.h"
#include "core/org/private.h"

/* ---- making and changing --------------------------------------------------------------------- */

/* The audit names the system and the local owner so: nobody else may be called that. */
static bool reserved(struct arena *a, const char *login)
{
    const char *key = text_key(a, login);
    return strcmp(key, "system") == 0 || strncmp(key, "local:", 6) == 0;
}

static enum status before(struct ctx *c, const void *old, void *rec)
{
    struct account *x = rec;
    unsigned roles;
    org_default(&x->active, 1);
    enum status st = ST_OK;
    if (!old && reserved(c->arena, x->code))
        st = fail_field(c->e, ST_INVALID, "code", "account.login_reserved", x->code, NULL);
    if (!st)
        st = account_check(c, old, x, &roles);
    if (!st && x->local_uid == NONE)
        x->roles = roles_text(roles, c->arena);
    return st ? st : org_whole(c, &account_noun, x);
}

static enum status after(struct ctx *c, const void *old, void *rec)
{
    (void)old;
    (void)rec;
    return account_settle(c);
}

const struct crud account_crud = { .noun = &account_noun, .before = before, .after = after };

/* ---- passwords ------------------------------------------------------------------------------- */

/* The passwords are F_SECRET, so that what writes calls down knows them for what they are. */
static const struct field password_fields[] = {
    FIELD_ID(struct password_in, id, N_("id")),
    FIELD_TEXT(struct password_in, code, N_("login"), .max = 64),
    FIELD_SECRET(struct password_in, password, N_("new password"),
                 .flags = FIELD_REQUIRED | FIELD_VIRTUAL | FIELD_PII, .max = PASSWORD_MAX),
    FIELD_SECRET(struct password_in, old, N_("old password"), .flags = FIELD_VIRTUAL | FIELD_PII,
                 .max = PASSWORD_MAX),
};
const struct record password_record = RECORD(struct password_in, "password", password_fields);

/* Asked before anything is looked up, so that logins can't be tried out. */
static bool is_own(const struct ctx *c, const struct password_in *in)
{
    if (in->id)
        return in->id == c->who->account;
    return !in->code ||
           strcmp(text_key(c->arena, in->code), text_key(c->arena, c->who->login)) == 0;
}

static enum status check_old(struct ctx *c, const struct account *x, const struct password_in *in)
{
    if (x->password_at == NONE)
        return ST_OK;
    if (!in->old)
        return fail_field(c->e, ST_INVALID, "old", "field.required", N_("old password"), NULL);
    if (strcmp(in->old, in->password) == 0)
        return fail_field(c->e, ST_INVALID, "password", "password.same", NULL);
    struct stmt *q =
        db_query(c->db, "select password_hash from account where id = $1", "i", x->head.id);
    const char *hash = db_row(q) ? db_strdup(q, 0, c->arena) : NULL;
    enum status st = db_end(q, c->e);
    if (!st && !password_verify(hash, in->old, &password_cost, NULL))
        st = fail_field(c->e, ST_DENIED, "old", "password.wrong", NULL);
    return st;
}

enum status op_password(struct ctx *c, const struct op *op, const void *in_, void *out)
{
    const struct password_in *in = in_;
    struct account x;
    bool own = is_own(c, in);
    if (!own && !actor_may(c->who, RIGHT_ACCOUNT))
        return fail(c->e, ST_DENIED, "right.missing", op->name, right_label(RIGHT_ACCOUNT), NULL);
    enum status st =
        crud_find(c, &account_noun, own ? c->who->account : in->id, own ? NULL : in->code, &x);
    if (!st && x.local_uid != NONE)
        st = fail(c->e, ST_DENIED, "account.local_owner", NULL);
    if (!st && own)
        st = check_old(c, &x, in);
    if (!st)
        st = password_set(c, x.head.id, in->password, &password_cost);
    if (st)
        return st;
    c->subject = x.head.id;
    *(struct done *)out = (struct done){ x.head.id, x.head.version + 1 };
    return ctx_event(c, "account.password_set", "account", x.head.id, 0, NULL);
}
