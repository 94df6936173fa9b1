/* account.c - logins. What holds for all of them together stands in core/guard/account.h. */
#include "core/guard/account.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "core/guard/password.h"
#include "core/guard/session.h"
#include "core/guard/tries.h"
#include "core/org/private.h"

/* ---- making and changing --------------------------------------------------------------------- */

/* The audit names the system, the local owner and who is not known yet so: nobody else may be called that. */
static bool reserved(struct arena *a, const char *login)
{
    const char *key = text_key(a, login);
    return strcmp(key, "system") == 0 || strncmp(key, "local:", 6) == 0 ||
           strncmp(key, "from:", 5) == 0;
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
    const struct account *was = old, *x = rec;
    enum status st = was && was->active == 1 && x->active != 1 ? session_account_off(c, x->head.id) : ST_OK;
    return st ? st : account_settle(c);
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

static const struct field verify_fields[] = {
    FIELD_SECRET(struct verify_in, password, N_("password"),
                 .flags = FIELD_REQUIRED | FIELD_VIRTUAL | FIELD_PII, .max = PASSWORD_MAX),
};
const struct record verify_record = RECORD(struct verify_in, "verify", verify_fields);

/* Asked before anything is looked up, so that logins can't be tried out. */
static bool is_own(const struct ctx *c, const struct password_in *in)
{
    if (in->id)
        return in->id == c->who->account;
    return !in->code ||
           strcmp(text_key(c->arena, in->code), text_key(c->arena, c->who->login)) == 0;
}

/* What was worked out before the lock was held. */
struct password_ready {
    const char *stored;         /* the hash that `fits` is about; NULL: none */
    bool fits;                  /* the old password that was given, or the one to verify, is that one */
    int64_t minutes;            /* none is heard for so long; 0: this one was */
    char hash[PASSWORD_HASH];   /* of the new one; "": it is not needed, for something is wrong */
};

static enum status find_stored(struct ctx *c, const struct password_in *in, bool own, const char **login,
                               const char **hash)
{
    int64_t id = own ? c->who->account : in->id;
    const char *word = own || in->id ? NULL : in->code;
    struct stmt *q =
        word ? db_query(c->db, "select code, password_hash from account where code_key = $1", "t",
                        text_key(c->arena, word))
             : db_query(c->db, "select code, password_hash from account where id = $1", "i", id);
    *login = *hash = NULL;
    if (db_row(q)) {
        *login = db_strdup(q, 0, c->arena);
        *hash = db_strdup(q, 1, c->arena);
    }
    return db_end(q, c->e);
}

static enum status ended(struct ctx *c, enum status st)
{
    if (!st)
        return db_commit(c->db, c->e);
    db_rollback(c->db);
    return st;
}

/* Is `given` the caller's password, p->stored? The tries are counted in transactions of their own: what is
 * counted would go with that of a refused call. */
static enum status look_at(struct ctx *c, const char *given, struct password_ready *p)
{
    int64_t account = c->who->account;
    if (!p->stored)                     /* there is nothing to guess */
        return ST_OK;
    enum status st = db_begin(c->db, c->e);
    if (!st)
        st = ended(c, tries_take(c, account, &p->minutes));
    if (st || p->minutes)
        return st;
    p->fits = password_verify(p->stored, given, &password_cost, NULL);
    if (!p->fits)
        return ST_OK;
    st = db_begin(c->db, c->e);
    return st ? st : ended(c, tries_clear(c, account));
}

static enum status not_heard(struct ctx *c, const struct password_ready *p)
{
    return fail(c->e, ST_DENIED, "account.locked_for", arena_printf(c->arena, "%lld", (long long)p->minutes),
                NULL);
}

/* A hash takes a tenth of a second, in which all who write would wait. */
enum status password_prepare(struct ctx *c, const struct op *op, const void *in_)
{
    (void)op;
    const struct password_in *in = in_;
    const char *login;
    struct err no = { 0 };
    bool own = in && is_own(c, in);
    if (!in || !in->password || (!own && !actor_may(c->who, RIGHT_ACCOUNT)))
        return ST_OK;
    struct password_ready *p = arena_new(c->arena, struct password_ready);
    c->prepared = p;
    enum status st = find_stored(c, in, own, &login, &p->stored);
    if (!st && own && in->old && strcmp(in->old, in->password) != 0)
        st = look_at(c, in->old, p);
    if (st || !login || (own && p->stored && !p->fits) || password_check(in->password, login, &no))
        return st;
    return password_hash(in->password, &password_cost, p->hash, c->e);
}

static enum status stale(struct ctx *c)
{
    return fail(c->e, ST_CONFLICT, "noun.stale", "account", NULL);
}

/* The caller's own; *hash NULL: he has none. */
static enum status own_hash(struct ctx *c, const char **hash)
{
    struct stmt *q =
        db_query(c->db, "select password_hash from account where id = $1", "i", c->who->account);
    *hash = db_row(q) ? db_strdup(q, 0, c->arena) : NULL;
    return db_end(q, c->e);
}

/* Is the caller's password still the one that was looked at? */
static enum status unchanged(struct ctx *c, const struct password_ready *p)
{
    const char *hash;
    enum status st = own_hash(c, &hash);
    return st || (hash && p->stored && strcmp(hash, p->stored) == 0) ? st : stale(c);
}

static enum status check_old(struct ctx *c, const struct account *x, const struct password_in *in)
{
    const struct password_ready *p = c->prepared;
    if (x->password_at == NONE)
        return ST_OK;
    if (!in->old)
        return fail_field(c->e, ST_INVALID, "old", "field.required", N_("old password"), NULL);
    if (strcmp(in->old, in->password) == 0)
        return fail_field(c->e, ST_INVALID, "password", "password.same", NULL);
    if (p->minutes)
        return not_heard(c, p);
    enum status st = unchanged(c, p);
    if (!st && !p->fits)
        st = fail_field(c->e, ST_DENIED, "old", "password.wrong", NULL);
    return st;
}

enum status op_password(struct ctx *c, const struct op *op, const void *in_, void *out)
{
    const struct password_in *in = in_;
    const struct password_ready *p = c->prepared;
    struct account x;
    bool own = is_own(c, in);
    if (!own && !actor_may(c->who, RIGHT_ACCOUNT))
        return fail(c->e, ST_DENIED, "right.missing", op->name, right_label(RIGHT_ACCOUNT), NULL);
    enum status st =
        crud_find(c, &account_noun, own ? c->who->account : in->id, own ? NULL : in->code, &x);
    if (!st && x.local_uid != NONE)
        st = fail(c->e, ST_DENIED, "account.local_owner", NULL);
    if (!st && !p)                      /* the right came while we waited */
        st = stale(c);
    if (!st && own)
        st = check_old(c, &x, in);
    if (!st)
        st = password_check(in->password, x.code, c->e);
    if (!st && !p->hash[0])             /* the account was not there, or not so, a moment ago */
        st = stale(c);
    if (!st)
        st = password_store(c, x.head.id, p->hash);
    if (!st)
        st = tries_clear(c, x.head.id);
    if (st)
        return st;
    c->subject = x.head.id;
    *(struct done *)out = (struct done){ x.head.id, x.head.version + 1 };
    return ctx_event(c, "account.password_set", "account", x.head.id, 0, NULL);
}

/* ---- is it one's own? ------------------------------------------------------------------------ */

enum status verify_prepare(struct ctx *c, const struct op *op, const void *in_)
{
    (void)op;
    const struct verify_in *in = in_;
    if (!in || !in->password)
        return ST_OK;
    struct password_ready *p = arena_new(c->arena, struct password_ready);
    c->prepared = p;
    enum status st = own_hash(c, &p->stored);
    return st ? st : look_at(c, in->password, p);
}

enum status op_verify(struct ctx *c, const struct op *op, const void *in, void *out)
{
    (void)op;
    (void)in;
    const struct password_ready *p = c->prepared;
    if (p->minutes)
        return not_heard(c, p);
    if (!p->fits)
        return fail_field(c->e, ST_DENIED, "password", "password.wrong", NULL);
    enum status st = unchanged(c, p);
    c->subject = c->who->account;
    ((struct count *)out)->count = 1;
    return st;
}

enum status op_has_password(struct ctx *c, const struct op *op, const void *in, void *out)
{
    (void)op;
    (void)in;
    const char *hash;
    enum status st = own_hash(c, &hash);
    ((struct count *)out)->count = !st && hash;
    return st;
}
