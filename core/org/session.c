/* session.c - who is in over the network, as people see and end it: sessions and API keys. What they are
 * stands in core/guard/session.h.
 */
#include "core/guard/session.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "core/org/private.h"

enum { KEY_DAYS = 90, KEY_DAYS_MOST = 366, NAME_MOST = 80, RIGHTS_MOST = 400 };

/* Neither is a noun of conditions and screens: named in the audit. */
static const struct noun session_noun = { .name = "session", .table = "session" };
static const struct noun api_key_noun = { .name = "api_key", .table = "api_key" };

/* ---- inputs and outputs ------------------------------------------------------------------------ */

static const struct field in_list_fields[] = {
    FIELD_TEXT(struct session_list_in, account, N_("login"), .max = 64),
    FIELD_FLAG(struct session_list_in, all, N_("those that have ended, too")),
    FIELD_TEXT(struct session_list_in, cursor, N_("cursor"), .max = 40),
    FIELD_INT(struct session_list_in, limit, N_("rows at most"), .min = 1, .max = PAGE_MOST),
};
const struct record session_list_record = RECORD(struct session_list_in, "session_list", in_list_fields);

static const struct choice session_states[] = {
    { "open", N_("open") }, { "ended", N_("ended") }, { NULL, NULL },
};
static const struct choice session_whys[] = {
    { "logout", N_("logged out") },
    { "revoked", N_("ended by who manages accounts, or from another session") },
    { "password", N_("the password was changed") },
    { "account", N_("the account was switched off") },
    { "many", N_("a newer session took its place") },
    { "idle", N_("not used for too long") },
    { "expired", N_("its time was over") },
    { NULL, NULL },
};
static const struct field session_fields[] = {
    FIELD_ID(struct session_row, id, N_("id")),
    FIELD_TEXT(struct session_row, account, N_("account")),
    FIELD_TEXT(struct session_row, from, N_("address")),
    FIELD_TEXT(struct session_row, agent, N_("program")),
    FIELD_TIME(struct session_row, made_at, N_("logged in")),
    FIELD_TIME(struct session_row, seen_at, N_("last used")),
    FIELD_TIME(struct session_row, ends_at, N_("ends at the latest")),
    FIELD_CHOICE(struct session_row, state, N_("state"), .choices = session_states),
    FIELD_TIME(struct session_row, ended_at, N_("ended at")),
    FIELD_CHOICE(struct session_row, why, N_("why"), .choices = session_whys),
    FIELD_FLAG(struct session_row, current, N_("this one")),
};
const struct record session_record = RECORD(struct session_row, "session", session_fields);

static const struct field end_fields[] = { FIELD_ID(struct session_end_in, id, N_("id")) };
const struct record session_end_record = RECORD(struct session_end_in, "session_end", end_fields);

static const struct field of_account_fields[] = {
    FIELD_ID(struct account_in, id, N_("id")),
    FIELD_TEXT(struct account_in, code, N_("login"), .max = 64),
};
const struct record account_in_record = RECORD(struct account_in, "account_in", of_account_fields);

static const struct field key_in_fields[] = {
    FIELD_TEXT(struct api_key_in, name, N_("name"), .flags = FIELD_REQUIRED, .max = NAME_MOST),
    FIELD_TEXT(struct api_key_in, rights, N_("rights"), .flags = FIELD_REQUIRED, .max = RIGHTS_MOST),
    FIELD_INT(struct api_key_in, days, N_("days that it holds"), .min = 1, .max = KEY_DAYS_MOST),
};
const struct record api_key_in_record = RECORD(struct api_key_in, "api_key_in", key_in_fields);

/* FIELD_PII: so no answer is kept that has the key in it. */
static const struct field key_made_fields[] = {
    FIELD_ID(struct api_key_made, id, N_("id")),
    FIELD_TEXT(struct api_key_made, key, N_("API key"), .flags = FIELD_PII),
    FIELD_TIME(struct api_key_made, ends_at, N_("ends at")),
};
const struct record api_key_made_record = RECORD(struct api_key_made, "api_key_made", key_made_fields);

static const struct field key_fields[] = {
    FIELD_ID(struct api_key_row, id, N_("id")),
    FIELD_TEXT(struct api_key_row, account, N_("account")),
    FIELD_TEXT(struct api_key_row, name, N_("name")),
    FIELD_TEXT(struct api_key_row, rights, N_("rights")),
    FIELD_TIME(struct api_key_row, made_at, N_("made at")),
    FIELD_TIME(struct api_key_row, seen_at, N_("last used")),
    FIELD_TIME(struct api_key_row, ends_at, N_("ends at")),
    FIELD_CHOICE(struct api_key_row, state, N_("state"), .choices = session_states),
    FIELD_TIME(struct api_key_row, ended_at, N_("ended at")),
};
const struct record api_key_record = RECORD(struct api_key_row, "api_key", key_fields);

/* ---- whose ------------------------------------------------------------------------------------- */

static enum status find_login(struct ctx *c, const char *login, int64_t *id)
{
    *id = NONE;
    enum status st = db_get_int(c->db, c->e, id, "select id from account where code_key = $1", "t",
                                text_key(c->arena, login));
    return st || *id != NONE ? st : fail(c->e, ST_NOT_FOUND, "account.not_found", NULL);
}

static bool is_own_login(const struct ctx *c, const char *login)
{
    return strcmp(text_key(c->arena, login), text_key(c->arena, c->who->login)) == 0;
}

static enum status no_right(struct ctx *c, const struct op *op)
{
    return fail(c->e, ST_DENIED, "right.missing", op->name, right_label(RIGHT_ACCOUNT), NULL);
}

/* The account that a list is of; 0: all. Who may not see others' is asked before logins are looked up. */
static enum status list_whose(struct ctx *c, const struct op *op, const char *login, int64_t *id)
{
    bool may = actor_may(c->who, RIGHT_ACCOUNT);
    *id = may ? 0 : c->who->account;
    if (!login || (!may && is_own_login(c, login)))
        return ST_OK;
    return may ? find_login(c, login, id) : no_right(c, op);
}

static enum status row_whose(struct ctx *c, const struct noun *n, int64_t id, int64_t *account)
{
    *account = NONE;
    return db_get_int(c->db, c->e, account,
                      arena_printf(c->arena, "select account_id from %s where id = $1", n->table), "i", id);
}

/* Another's is not there for who does not manage accounts; that he asked stands in the audit. */
static enum status check_row(struct ctx *c, const struct noun *n, int64_t id)
{
    int64_t account = NONE;
    enum status st = id ? row_whose(c, n, id, &account) : ST_OK;
    if (st)
        return st;
    bool mine = account == c->who->account || actor_may(c->who, RIGHT_ACCOUNT);
    if (account != NONE && mine)
        return ST_OK;
    if (account != NONE)
        c->hidden = (struct hidden){ n, id, 0 };
    return fail(c->e, ST_NOT_FOUND, "noun.not_found", n->name, NULL);
}

/* ---- lists ------------------------------------------------------------------------------------- */

/* Pages of rows with an id, an account and an end, the newest first. */
struct listing {
    struct ctx *c;
    const struct session_list_in *in;
    int64_t whose, before;
    struct sql q;
};

static enum status listing_begin(struct listing *l, const struct op *op, const char *select)
{
    l->before = INT64_MAX;
    if (l->in->cursor) {
        char *end;
        l->before = strtoll(l->in->cursor, &end, 10);
        if (*end || l->before <= 0)
            return fail_field(l->c->e, ST_INVALID, "cursor", "list.cursor", NULL);
    }
    enum status st = list_whose(l->c, op, l->in->account, &l->whose);
    if (st)
        return st;
    sql_init(&l->q, l->c->arena);
    sql_add(&l->q, select);
    sql_add(&l->q, " where x.id < ");
    sql_int(&l->q, l->before);
    if (l->whose) {
        sql_add(&l->q, " and x.account_id = ");
        sql_int(&l->q, l->whose);
    }
    if (l->in->all != 1) {
        sql_add(&l->q, " and x.ended_at is null and x.ends_at > ");
        sql_int(&l->q, l->c->now);
    }
    return ST_OK;
}

static int64_t listing_limit(const struct listing *l)
{
    return l->in->limit == NONE ? PAGE_DEFAULT : l->in->limit;
}

/* One row more than is shown says whether there is a next page. */
static struct stmt *listing_query(struct listing *l)
{
    sql_add(&l->q, " order by x.id desc limit ");
    sql_int(&l->q, listing_limit(l) + 1);
    return sql_query(&l->q, l->c->db);
}

static enum status listing_end(struct listing *l, struct stmt *s, void *rows, size_t n, int64_t last,
                               struct page *page)
{
    enum status st = db_end(s, l->c->e);
    sql_release(&l->q);
    bool more = n > (size_t)listing_limit(l);
    page->rows = (struct list){ rows, more ? n - 1 : n };
    page->next = more ? arena_printf(l->c->arena, "%" PRId64, last) : NULL;
    return st;
}

/* What was not ended by anybody ends all the same. */
static void read_end(struct session_row *x, int64_t idle_ms, int64_t now)
{
    int64_t idle_at = idle_ms == NONE ? INT64_MAX : x->seen_at + idle_ms;
    if (x->ended_at == NONE && (x->ends_at <= now || idle_at <= now)) {
        x->ended_at = idle_at < x->ends_at ? idle_at : x->ends_at;
        x->why = idle_at < x->ends_at ? "idle" : "expired";
    }
    x->state = x->ended_at == NONE ? "open" : "ended";
}

static const char *why_of(const char *text)
{
    const struct choice *x = text ? choice_find(session_whys, text) : NULL;
    return x ? x->code : NULL;
}

enum status op_session_list(struct ctx *c, const struct op *op, const void *in, void *out)
{
    struct listing l = { .c = c, .in = in };
    enum status st =
        listing_begin(&l, op,
                      "select x.id, a.code, x.from_addr, x.agent, x.made_at, x.seen_at, x.ends_at,"
                      " x.ended_at, x.why, x.idle_ms from session x join account a on"
                      " a.id = x.account_id");
    if (st)
        return st;
    if (l.in->all != 1) {
        sql_add(&l.q, " and (x.idle_ms is null or x.seen_at + x.idle_ms > ");
        sql_int(&l.q, c->now);
        sql_add(&l.q, ")");
    }
    struct session_row *rows = arena_array(c->arena, struct session_row, (size_t)listing_limit(&l) + 1);
    size_t n = 0;
    int64_t last = 0;
    struct stmt *s = listing_query(&l);
    for (; db_row(s); n++) {
        struct session_row *x = &rows[n];
        *x = (struct session_row){
            .id = db_int(s, 0), .account = db_strdup(s, 1, c->arena), .from = db_strdup(s, 2, c->arena),
            .agent = db_strdup(s, 3, c->arena), .made_at = db_int(s, 4), .seen_at = db_int(s, 5),
            .ends_at = db_int(s, 6), .ended_at = db_int(s, 7), .why = why_of(db_text(s, 8)),
        };
        read_end(x, db_int(s, 9), c->now);
        x->current = x->id == c->who->session;
        if ((int64_t)n < listing_limit(&l))
            last = x->id;
    }
    return listing_end(&l, s, rows, n, last, out);
}

enum status op_api_key_list(struct ctx *c, const struct op *op, const void *in, void *out)
{
    struct listing l = { .c = c, .in = in };
    enum status st = listing_begin(&l, op,
                                   "select x.id, a.code, x.name, x.rights, x.made_at, x.seen_at, x.ends_at,"
                                   " x.ended_at from api_key x join account a on a.id = x.account_id");
    if (st)
        return st;
    struct api_key_row *rows = arena_array(c->arena, struct api_key_row, (size_t)listing_limit(&l) + 1);
    size_t n = 0;
    int64_t last = 0;
    struct stmt *s = listing_query(&l);
    for (; db_row(s); n++) {
        struct api_key_row *x = &rows[n];
        *x = (struct api_key_row){
            .id = db_int(s, 0), .account = db_strdup(s, 1, c->arena), .name = db_strdup(s, 2, c->arena),
            .rights = db_strdup(s, 3, c->arena), .made_at = db_int(s, 4), .seen_at = db_int(s, 5),
            .ends_at = db_int(s, 6), .ended_at = db_int(s, 7),
        };
        if (x->ended_at == NONE && x->ends_at <= c->now)
            x->ended_at = x->ends_at;
        x->state = x->ended_at == NONE ? "open" : "ended";
        if ((int64_t)n < listing_limit(&l))
            last = x->id;
    }
    return listing_end(&l, s, rows, n, last, out);
}

/* ---- ending ------------------------------------------------------------------------------------ */

/* One that has ended already is no mistake: whoever ends it wants it ended. */
enum status op_session_end(struct ctx *c, const struct op *op, const void *in_, void *out)
{
    (void)op;
    const struct session_end_in *in = in_;
    int64_t id = in->id ? in->id : c->who->session;
    bool ended = false;
    enum status st = check_row(c, &session_noun, id);
    if (!st)
        st = session_end(c, id, id == c->who->session ? "logout" : "revoked", &ended);
    c->subject = st ? 0 : id;
    ((struct count *)out)->count = ended;
    return st;
}

/* Without one it is the caller's own, but for the session he comes through. */
enum status op_end_sessions(struct ctx *c, const struct op *op, const void *in_, void *out)
{
    const struct account_in *in = in_;
    int64_t id = c->who->account, known = 0;
    bool own = in->id ? in->id == id : !in->code || is_own_login(c, in->code);
    enum status st = ST_OK;
    if (!own && !actor_may(c->who, RIGHT_ACCOUNT))
        return no_right(c, op);
    if (!own && in->id) {
        id = in->id;
        st = db_get_int(c->db, c->e, &known, "select count(*) from account where id = $1", "i", id);
        if (!st && !known)
            st = fail(c->e, ST_NOT_FOUND, "account.not_found", NULL);
    } else if (!own) {
        st = find_login(c, in->code, &id);
    }
    if (!st)
        st = session_end_all(c, id, own ? c->who->session : 0, "revoked", &((struct count *)out)->count);
    c->subject = st ? 0 : id;
    return st;
}

/* ---- API keys ---------------------------------------------------------------------------------- */

/* The rights as they are kept, in the order of their table: known ones, and the caller's own. */
static enum status take_rights(struct ctx *c, const char *words, const char **out)
{
    const char *bad;
    uint64_t bits = api_key_rights(words, c->arena, &bad);
    struct buf b = BUF_INIT;
    if (bad)
        return fail_field(c->e, ST_INVALID, "rights", "api_key.right_unknown", bad, NULL);
    for (enum right r = RIGHT_NONE + 1; r < RIGHT_COUNT; r++) {
        if (!(bits >> r & 1))
            continue;
        if (!actor_may(c->who, r)) {
            buf_release(&b);
            return fail_field(c->e, ST_DENIED, "rights", "api_key.right_not_yours", right_label(r), NULL);
        }
        buf_addf(&b, "%s%s", b.len ? "," : "", right_name(r));
    }
    *out = b.len ? arena_strdup(c->arena, b.s) : right_name(RIGHT_NONE);
    buf_release(&b);
    return ST_OK;
}

enum status op_api_key_create(struct ctx *c, const struct op *op, const void *in_, void *out_)
{
    (void)op;
    const struct api_key_in *in = in_;
    struct api_key_made *out = out_;
    if (c->who->roles & 1u << ROLE_LOCAL_OWNER)         /* nobody comes in as him over the network */
        return fail(c->e, ST_DENIED, "api_key.local_owner", NULL);
    int64_t days = in->days == NONE ? KEY_DAYS : in->days;
    struct api_key_new k = { .name = in->name, .ends_at = c->now + days * CLOCK_DAY };
    char key[SESSION_TOKEN];
    enum status st = take_rights(c, in->rights, &k.rights);
    if (!st)
        st = api_key_make(c, &k, key, &out->id);
    if (st)
        return st;
    out->key = arena_strdup(c->arena, key);
    out->ends_at = k.ends_at;
    explicit_bzero(key, sizeof key);
    c->subject = out->id;
    c->detail = arena_printf(c->arena, "{\"rights\":\"%s\"}", k.rights);
    return ST_OK;
}

enum status op_api_key_end(struct ctx *c, const struct op *op, const void *in_, void *out)
{
    (void)op;
    const struct session_end_in *in = in_;
    bool ended = false;
    enum status st = check_row(c, &api_key_noun, in->id);
    if (!st)
        st = api_key_end(c, in->id, &ended);
    c->subject = st ? 0 : in->id;
    ((struct count *)out)->count = ended;
    return st;
}
