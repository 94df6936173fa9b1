#include "core/api/login.h"

#include <inttypes.h>
#include <pthread.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/json.h"
#include "base/text.h"
#include "core/guard/audit.h"
#include "core/guard/password.h"
#include "core/guard/tries.h"

enum { LOGIN_MOST = 256 };      /* bytes; no login is so long */

/* ---- who has logged in -------------------------------------------------------------------------------- */

/* The last one of this process: the MAC of login and password under the database's own key. For the local
 * backend alone: a server's process is everybody's. */
static struct {
    pthread_mutex_t lock;
    bool any;
    unsigned char proof[KEYS_MAC];
} last = { .lock = PTHREAD_MUTEX_INITIALIZER };

static void make_proof(const struct opened *at, const char *login, const char *password,
                       unsigned char out[KEYS_MAC])
{
    struct buf b = BUF_INIT;
    buf_add(&b, login, strlen(login) + 1);
    buf_add(&b, password, strlen(password) + 1);
    keys_mac(at->keys, "login", b.s, b.len, out);
    explicit_bzero(b.s, b.len);
    buf_release(&b);
}

static bool is_known(const unsigned char proof[KEYS_MAC])
{
    pthread_mutex_lock(&last.lock);
    bool is = last.any && memcmp(last.proof, proof, KEYS_MAC) == 0;
    pthread_mutex_unlock(&last.lock);
    return is;
}

static void remember(const unsigned char proof[KEYS_MAC])
{
    pthread_mutex_lock(&last.lock);
    memcpy(last.proof, proof, KEYS_MAC);
    last.any = true;
    pthread_mutex_unlock(&last.lock);
}

/* ---- one login ---------------------------------------------------------------------------------------- */

struct login {
    struct opened *at;
    struct ctx ctx;
    const char *key;            /* as logins are compared */
    const char *from;           /* the address; NULL: this machine's OS user */
    struct actor outside;       /* who asks, of whom no more is known */
    struct actor *who;          /* filled when he is let in */
    const struct session_new *session;      /* to be begun with it; NULL: none */
    char *token;
    int64_t *id;                /* of the session */
    int64_t account;            /* 0: there is none of that login */
    const char *hash;           /* NULL: none, or the account may not be used */
    int64_t minutes;            /* no password is heard for so long */
};

static const char *os_name(struct arena *a)
{
    return arena_printf(a, "local:%" PRId64, (int64_t)getuid());
}

/* {"as":"101"}, of whatever was typed there. */
static const char *detail_of(struct login *x, const char *name, const char *value)
{
    struct buf b = BUF_INIT;
    struct jw w;
    jw_init(&w, &b);
    jw_object(&w);
    jw_key(&w, name);
    jw_str(&w, value);
    jw_end_object(&w);
    const char *text = arena_strdup(x->ctx.arena, b.s);
    buf_release(&b);
    return text;
}

/* Asks the same of every account, so that it takes the same time. */
static enum status find_account(struct login *x)
{
    struct stmt *q = db_query(x->ctx.db,
                              "select a.id, a.password_hash, a.active, a.local_uid, e.status from account a"
                              " left join employee e on e.id = a.employee_id where a.code_key = $1",
                              "t", x->key);
    x->account = 0;
    x->hash = NULL;
    if (db_row(q)) {
        bool left = !db_null(q, 4) && strcmp(db_text(q, 4), "left") == 0;
        x->account = db_int(q, 0);
        if (db_int(q, 2) == 1 && db_null(q, 3) && !left)
            x->hash = db_strdup(q, 1, x->ctx.arena);
    }
    return db_end(q, x->ctx.e);
}

static enum status ended(struct login *x, enum status st)
{
    if (!st)
        return db_commit(x->ctx.db, x->ctx.e);
    db_rollback(x->ctx.db);
    return st;
}

static enum status count_try(struct login *x)
{
    unsigned char nobody[TRIES_HASH];
    enum status st = db_begin(x->ctx.db, x->ctx.e);
    if (st)
        return st;
    keys_mac(x->at->keys, "login", x->key, strlen(x->key), nobody);
    st = find_account(x);
    if (!st)
        st = x->account ? tries_take(&x->ctx, x->account, &x->minutes)
                        : tries_take_nobody(&x->ctx, nobody, &x->minutes);
    return ended(x, st);
}

static enum status append(struct login *x, const struct actor *who, const char *code, const char *detail)
{
    struct audit_entry entry = { .operation = "login", .noun = "account", .subject = x->account,
                                 .result = code ? "denied" : "ok", .code = code, .detail = detail };
    x->ctx.who = who;
    return audit_append(&x->ctx, x->at->keys, &entry);
}

/* Writes a refusal down; what is answered is it, or why it could not be written. */
static enum status refuse(struct login *x, const struct err *why)
{
    enum status st = db_begin(x->ctx.db, x->ctx.e);
    if (!st)
        st = ended(x, append(x, &x->outside, why->code, detail_of(x, "as", x->key)));
    if (!st)
        *x->ctx.e = *why;
    return st ? st : why->status;
}

static enum status refuse_wrong(struct login *x)
{
    struct err why = { 0 };
    fail(&why, ST_DENIED, "login.wrong", NULL);
    return refuse(x, &why);
}

static enum status refuse_locked(struct login *x)
{
    struct err why = { 0 };
    fail(&why, ST_DENIED, "account.locked_for", arena_printf(x->ctx.arena, "%" PRId64, x->minutes), NULL);
    return refuse(x, &why);
}

static const char *came_from(struct login *x)
{
    return x->from ? detail_of(x, "from", x->from)
                   : arena_printf(x->ctx.arena, "{\"os_user\":%u}", (unsigned)getuid());
}

/* What goes with it, in its transaction: no session outlives a password that was changed meanwhile. */
static enum status write_down(struct login *x)
{
    enum status st = tries_clear(&x->ctx, x->account);
    if (!st)
        st = append(x, x->who, NULL, came_from(x));
    if (st || !x->session)
        return st;
    struct session_new s = *x->session;
    s.account = x->account;
    return session_begin(&x->ctx, &s, x->token, x->id);
}

/* The password fitted: it does still, and the account may be used. *same: so it is, and it is written. */
static enum status let_in(struct login *x, bool *same)
{
    const char *looked_at = x->hash;
    struct err no = { 0 };
    enum status st = db_begin(x->ctx.db, x->ctx.e);
    if (st)
        return st;
    st = find_account(x);
    *same = !st && x->hash && strcmp(x->hash, looked_at) == 0;
    if (!st && *same) {
        st = actor_load(x->ctx.db, x->key, x->ctx.arena, x->who, &no);
        *same = st != ST_DENIED;        /* its roles can't be held together */
        if (st && *same)
            *x->ctx.e = no;
        st = *same ? st : ST_OK;
    }
    if (!st && *same)
        st = write_down(x);
    return ended(x, st);
}

/* The hash is worked out between two transactions: it takes a tenth of a second. */
static enum status log_in(struct login *x, const char *password)
{
    bool same = false;
    enum status st = count_try(x);
    if (st)
        return st;
    if (x->minutes)
        return refuse_locked(x);
    bool whole = strlen(password) <= PASSWORD_MAX;      /* no account has a longer one */
    if (!password_verify(whole ? x->hash : NULL, whole ? password : "", &password_cost, NULL))
        return refuse_wrong(x);
    st = let_in(x, &same);
    return st || same ? st : refuse_wrong(x);
}

/* x: with at, from and what is wanted of it. */
static enum status begin(struct login *x, const char *login, const char *password, struct arena *a,
                         struct actor *out, struct err *e)
{
    x->key = strlen(login) <= LOGIN_MOST ? text_key(a, login) : "";
    x->outside.login = x->from ? arena_printf(a, "from:%s", x->from) : os_name(a);
    x->who = out;
    x->ctx = (struct ctx){ .db = x->at->db, .arena = a, .e = e, .who = &x->outside, .now = clock_now(),
                           .request = "login" };
    return log_in(x, password);
}

enum status login_password(struct line *l, const char *login, const char *password, const char *from,
                           struct arena *a, struct actor *out, struct err *e)
{
    struct login x = { .at = &l->at, .from = from };
    enum status st = line_check(l, e);
    return st ? st : begin(&x, login, password, a, out, e);
}

enum status login_session(struct line *l, const char *login, const char *password,
                          const struct session_new *session, struct arena *a, struct actor *out,
                          char token[SESSION_TOKEN], struct err *e)
{
    int64_t id = 0;
    struct login x = { .at = &l->at, .from = session->from, .session = session, .token = token, .id = &id };
    enum status st = line_check(l, e);
    if (!st)
        st = begin(&x, login, password, a, out, e);
    if (st)
        explicit_bzero(token, SESSION_TOKEN);
    else
        out->session = id;
    return st;
}

/* ---- of this process ---------------------------------------------------------------------------------- */

static enum status check_password(const struct backend_config *config, struct opened *at, struct err *e)
{
    unsigned char proof[KEYS_MAC];
    struct arena a = ARENA_INIT;
    const char *key = strlen(config->as) <= LOGIN_MOST ? text_key(&a, config->as) : "";
    enum status st = ST_OK;
    if (!config->password) {
        st = fail(e, ST_DENIED, "login.password", config->as, NULL);
    } else {
        make_proof(at, key, config->password, proof);
        if (!is_known(proof)) {
            struct login x = { .at = at };
            struct actor who;
            st = begin(&x, config->as, config->password, &a, &who, e);
            if (!st)
                remember(proof);
        }
    }
    explicit_bzero(proof, sizeof proof);
    arena_free(&a);
    return st;
}

/* ---- in another's name -------------------------------------------------------------------------------- */

/* A login as it may stand inside JSON: no quotes, backslashes, controls. */
static bool text_plain(const char *s)
{
    for (; *s; s++)
        if (*s == '"' || *s == '\\' || (unsigned char)*s < 0x20)
            return false;
    return true;
}

static enum status audit_as(const struct backend_config *config, struct opened *at, const struct actor *own,
                            struct arena *a, enum status how, struct err *e)
{
    struct err mine = { 0 };
    struct ctx c = { .db = at->db, .arena = a, .e = &mine, .who = own, .now = clock_now(), .request = "as" };
    struct audit_entry entry = { .operation = "account.as",
                                 .noun = "account",
                                 .result = how ? "denied" : "ok",
                                 .code = how ? e->code : NULL,
                                 .detail = arena_printf(a, "{\"as\":\"%s\"}", config->as) };
    enum status st = db_begin(at->db, &mine);
    if (st)
        return st;
    st = audit_append(&c, at->keys, &entry);
    if (st)
        db_rollback(at->db);
    else
        st = db_commit(at->db, &mine);
    if (st)
        *e = mine;
    return st;
}

/* The local owner may, and leaves a row in the audit. */
static enum status check_as(const struct backend_config *config, struct opened *at, const struct actor *own,
                            struct arena *a, struct err *e)
{
    enum status st = ST_OK;
    if (!actor_may(own, RIGHT_ACCOUNT) || !text_plain(config->as))
        st = fail(e, ST_DENIED, "as.denied", NULL);
    enum status written = config->read_only ? ST_OK : audit_as(config, at, own, a, st, e);
    return st ? st : written;
}

enum status login_enter(const struct backend_config *config, struct opened *at, bool *proven, struct err *e)
{
    *proven = false;
    if (!config->as)                    /* login_actor asks the same */
        return ST_OK;
    struct arena a = ARENA_INIT;
    struct err no = { 0 };
    struct actor own;
    enum status st = actor_local(at->db, (int64_t)getuid(), &a, &own, &no);
    *proven = st == ST_DENIED;
    if (!st)
        st = check_as(config, at, &own, &a, e);
    else if (*proven)
        st = check_password(config, at, e);
    else
        *e = no;
    arena_free(&a);
    return st;
}

enum status login_actor(const struct backend_config *config, struct db *db, bool proven, struct arena *a,
                        struct actor *out, struct err *e)
{
    struct actor own;
    if (!config->as)
        return actor_local(db, (int64_t)getuid(), a, out, e);
    enum status st = proven ? ST_OK : actor_local(db, (int64_t)getuid(), a, &own, e);
    if (!st)
        st = actor_load(db, config->as, a, out, e);
    if (!st && !proven)                 /* what is done in another's name says by whom */
        out->behind = own.login;
    return st;
}
