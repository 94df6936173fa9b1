/* totp.c - one-time codes of accounts: begun, confirmed, taken off (core/guard/totp.h). */
#include "core/guard/totp.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "core/guard/tries.h"
#include "core/org/private.h"

/* FIELD_PII: so no answer is kept that has the secret in it. */
static const struct field made_fields[] = {
    FIELD_TEXT(struct totp_made, secret, N_("secret"), .flags = FIELD_PII),
    FIELD_TEXT(struct totp_made, uri, N_("address for the authenticator"), .flags = FIELD_PII),
};
const struct record totp_made_record = RECORD(struct totp_made, "totp", made_fields);

#define TOTP_FIELD(T, ...) \
    FIELD_SECRET(T, totp, N_("one-time code"), .max = 16, .flags = FIELD_VIRTUAL | FIELD_PII __VA_ARGS__)

static const struct field confirm_fields[] = { TOTP_FIELD(struct totp_confirm_in, | FIELD_REQUIRED) };
const struct record totp_confirm_record = RECORD(struct totp_confirm_in, "totp_confirm", confirm_fields);

static const struct field clear_fields[] = {
    FIELD_ID(struct totp_clear_in, id, N_("id")),
    FIELD_TEXT(struct totp_clear_in, code, N_("login"), .max = 64),
    TOTP_FIELD(struct totp_clear_in),
};
const struct record totp_clear_record = RECORD(struct totp_clear_in, "totp_clear", clear_fields);

static enum status changed(struct ctx *c, int64_t account, const char *type)
{
    c->subject = account;
    return ctx_event(c, type, "account", account, 0, NULL);
}

/* ---- on ---------------------------------------------------------------------------------------- */

/* The login as it may stand in a URI: all but letters and digits as %XX. */
static const char *uri_of(struct ctx *c, const char *secret)
{
    struct buf b = BUF_INIT;
    buf_adds(&b, "otpauth://totp/Gonghai:");
    for (const unsigned char *p = (const unsigned char *)c->who->login; *p; p++) {
        if ((*p >= '0' && *p <= '9') || (*p >= 'A' && *p <= 'Z') || (*p >= 'a' && *p <= 'z'))
            buf_addc(&b, (char)*p);
        else
            buf_addf(&b, "%%%02X", *p);
    }
    buf_addf(&b, "?secret=%s&issuer=Gonghai", secret);
    const char *text = arena_strdup(c->arena, b.s);
    explicit_bzero(b.s, b.len);
    buf_release(&b);
    return text;
}

enum status op_totp_start(struct ctx *c, const struct op *op, const void *in, void *out_)
{
    (void)op;
    (void)in;
    struct totp_made *out = out_;
    char secret[TOTP_TEXT];
    enum status st = totp_start(c, c->who->account, secret);
    if (st)
        return st;
    out->secret = arena_strdup(c->arena, secret);
    out->uri = uri_of(c, secret);
    explicit_bzero(secret, sizeof secret);
    return changed(c, c->who->account, "account.totp_begun");
}

enum status op_totp_confirm(struct ctx *c, const struct op *op, const void *in_, void *out)
{
    (void)op;
    const struct totp_confirm_in *in = in_;
    struct done *done = out;
    int64_t id = c->who->account;
    enum status st = totp_confirm(c, id, in->totp);
    if (!st)
        st = db_get_int(c->db, c->e, &done->version, "select version from account where id = $1", "i", id);
    done->id = id;
    return st ? st : changed(c, id, "account.totp_on");
}

/* ---- off --------------------------------------------------------------------------------------- */

static bool is_own(const struct ctx *c, const struct totp_clear_in *in)
{
    if (in->id)
        return in->id == c->who->account;
    return !in->code || strcmp(text_key(c->arena, in->code), text_key(c->arena, c->who->login)) == 0;
}

/* What was found before the lock was held: for how many minutes no code is heard; 0: this one is. */
struct heard { int64_t minutes; };

/* Codes are tried out no faster than passwords: counted apart, for what is counted would go with a
 * refusal. */
enum status totp_clear_prepare(struct ctx *c, const struct op *op, const void *in_)
{
    (void)op;
    const struct totp_clear_in *in = in_;
    if (!in || !in->totp || !is_own(c, in))
        return ST_OK;
    struct heard *h = arena_new(c->arena, struct heard);
    c->prepared = h;
    enum status st = db_begin(c->db, c->e);
    if (st)
        return st;
    st = tries_take(c, c->who->account, &h->minutes);
    if (!st)
        return db_commit(c->db, c->e);
    db_rollback(c->db);
    return st;
}

static enum status check_own(struct ctx *c, const struct totp_clear_in *in)
{
    const struct heard *h = c->prepared;
    bool on, fits = false;
    enum status st = totp_is_on(c->db, c->who->account, &on, c->e);
    if (st || !on)
        return st;
    if (!in->totp)
        return fail_field(c->e, ST_INVALID, "totp", "field.required", N_("one-time code"), NULL);
    if (h->minutes)
        return fail(c->e, ST_DENIED, "account.locked_for",
                    arena_printf(c->arena, "%lld", (long long)h->minutes), NULL);
    st = totp_take(c, c->who->account, in->totp, &fits);
    if (!st && !fits)
        st = fail_field(c->e, ST_DENIED, "totp", "totp.wrong", NULL);
    return st ? st : tries_clear(c, c->who->account);
}

enum status op_totp_clear(struct ctx *c, const struct op *op, const void *in_, void *out)
{
    const struct totp_clear_in *in = in_;
    struct account x;
    int64_t id = c->who->account;
    bool was = false, own = is_own(c, in);
    enum status st = ST_OK;
    if (own) {
        st = check_own(c, in);
    } else if (!actor_may(c->who, RIGHT_ACCOUNT)) {
        st = fail(c->e, ST_DENIED, "right.missing", op->name, right_label(RIGHT_ACCOUNT), NULL);
    } else {
        st = crud_find(c, &account_noun, in->id, in->code, &x);
        id = st ? 0 : x.head.id;
    }
    if (!st)
        st = totp_clear(c, id, &was);
    ((struct count *)out)->count = was;
    return st ? st : changed(c, id, "account.totp_off");
}
