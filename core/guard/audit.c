/* audit.c - the chain: one serialisation of a row, used when it is written and when it is checked.
 *
 * A row is the link before it and its columns in the order of the table, each with a type byte: 'i'
 * and 8 bytes, little-endian; 't', the length in 4 bytes, and the text; 'n' for null. No two rows
 * give the same bytes.
 */
#include "core/guard/audit.h"

#include <assert.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    LINK = KEYS_MAC,
    HASH_TEXT = 7 + 2 * LINK,           /* the longest, "b2.255:" and hex, without NUL */
    CANCEL_EVERY = 4096,
};

/* Columns of the walk, in the order of the table and of the serialisation. */
enum {
    ID, VERSION, CREATED_AT, UPDATED_AT, AT, ACCOUNT, OPERATION, NOUN, SUBJECT, BRANCH, RESULT,
    CODE, DETAIL, REQUEST, HASH
};

static const bool is_int[HASH] = {
    [ID] = true, [VERSION] = true, [CREATED_AT] = true, [UPDATED_AT] = true, [AT] = true,
    [SUBJECT] = true, [BRANCH] = true,
};

/* key: the number of the key it was made with. */
struct link { int key; unsigned char b[LINK]; };

/* ---- hashing --------------------------------------------------------------------------------- */

/* Bytes on their way into the hash. Nearly every row fits the buffer, and is hashed in one go. */
struct sink {
    const unsigned char *key;
    crypto_generichash_state st;
    bool started;
    size_t n;
    unsigned char b[1024];
};

static void sink_flush(struct sink *s)
{
    if (!s->started)
        crypto_generichash_init(&s->st, s->key, KEYS_MAC, LINK);
    s->started = true;
    crypto_generichash_update(&s->st, s->b, s->n);
    s->n = 0;
}

static void put(struct sink *s, const void *p, size_t n)
{
    if (n > sizeof s->b - s->n)
        sink_flush(s);
    if (n > sizeof s->b) {
        crypto_generichash_update(&s->st, p, n);
        return;
    }
    memcpy(s->b + s->n, p, n);
    s->n += n;
}

static void put_number(struct sink *s, char type, uint64_t v, size_t bytes)
{
    unsigned char b[9] = { (unsigned char)type };
    for (size_t i = 0; i < bytes; i++)
        b[1 + i] = (unsigned char)(v >> 8 * i);
    put(s, b, 1 + bytes);
}

static void put_int(struct sink *s, bool null, int64_t v)
{
    if (null)
        put(s, "n", 1);
    else
        put_number(s, 'i', (uint64_t)v, 8);
}

static void put_text(struct sink *s, const char *text, size_t n)
{
    if (!text) {
        put(s, "n", 1);
        return;
    }
    put_number(s, 't', n, 4);
    put(s, text, n);
}

static void put_str(struct sink *s, const char *text)
{
    put_text(s, text, text ? strlen(text) : 0);
}

static void sink_end(struct sink *s, struct link *out)
{
    if (s->started) {
        sink_flush(s);
        crypto_generichash_final(&s->st, out->b, LINK);
    } else {
        crypto_generichash(out->b, LINK, s->b, s->n, s->key, KEYS_MAC);
    }
}

static void sink_begin(struct sink *s, const unsigned char key[KEYS_MAC], const struct link *before)
{
    s->key = key;
    s->started = false;
    s->n = 0;
    put(s, before->b, LINK);
}

static size_t hash_text(const struct link *l, char out[HASH_TEXT + 1])
{
    int n = l->key == 1 ? snprintf(out, HASH_TEXT, "b2:") : snprintf(out, HASH_TEXT, "b2.%d:", l->key);
    sodium_bin2hex(out + n, 2 * LINK + 1, l->b, LINK);
    return (size_t)n + 2 * LINK;
}

/* "b2:", "b2.3:", at the start of n bytes: its length, or 0. */
static size_t hash_key(const char *text, size_t n, int *key)
{
    const char *end = memchr(text, ':', n);
    *key = 1;
    if (!end || n < 3 || memcmp(text, "b2", 2) != 0)
        return 0;
    if (end == text + 2)
        return 3;
    *key = 0;
    for (const char *p = text + 3; p < end && *key < 1000; p++)
        *key = *p >= '0' && *p <= '9' ? *key * 10 + *p - '0' : 1000;
    return text[2] == '.' && text[3] != '0' && *key > 1 && *key < 256 ? (size_t)(end + 1 - text) : 0;
}

static bool hash_parse(const char *text, size_t n, struct link *out)
{
    size_t start = hash_key(text, n, &out->key);
    return start && n == start + 2 * LINK
        && sodium_hex2bin(out->b, LINK, text + start, 2 * LINK, NULL, NULL, NULL) == 0;
}

/* What stands in the place of a link before row 1. */
static void first_link(const struct keys *k, struct link *out)
{
    out->key = 1;
    keys_mac_of(k, 1, "audit.first", keys_id(k), strlen(keys_id(k)), out->b);
}

/* ---- the head -------------------------------------------------------------------------------- */

struct head {
    int64_t seq;
    struct link hash;
};

/* With the key of the hash. */
static bool head_mac(const struct keys *k, const struct head *h, struct link *out)
{
    unsigned char text[8 + LINK];
    for (int i = 0; i < 8; i++)
        text[i] = (unsigned char)((uint64_t)h->seq >> 8 * i);
    memcpy(text + 8, h->hash.b, LINK);
    out->key = h->hash.key;
    return keys_mac_of(k, out->key, "audit.head", text, sizeof text, out->b);
}

/* "SEQ HASH MAC" of this key? */
static bool head_parse(const struct keys *k, const char *text, struct head *out)
{
    char *rest;
    struct link mac, want;
    out->seq = strtoll(text, &rest, 10);
    if (out->seq < 1 || *rest++ != ' ')
        return false;
    size_t n = strcspn(rest, " ");
    if (!rest[n] || !hash_parse(rest, n, &out->hash)
        || !hash_parse(rest + n + 1, strlen(rest + n + 1), &mac))
        return false;
    return head_mac(k, out, &want) && mac.key == want.key
        && sodium_memcmp(want.b, mac.b, LINK) == 0;
}

enum head_state { HEAD_GOOD, HEAD_NONE, HEAD_BAD };

static enum status head_read(struct db *db, const struct keys *k, struct head *out,
                             enum head_state *state, struct err *e)
{
    struct stmt *q = db_query(db, "select value from meta where key = 'audit.head'", "");
    *state = HEAD_NONE;
    if (db_row(q))
        *state = head_parse(k, db_text(q, 0), out) ? HEAD_GOOD : HEAD_BAD;
    return db_end(q, e);
}

static enum status head_write(struct db *db, const struct keys *k, const struct head *h,
                              struct arena *a, struct err *e)
{
    struct link mac;
    char hash[HASH_TEXT + 1], check[HASH_TEXT + 1];
    head_mac(k, h, &mac);
    hash_text(&h->hash, hash);
    hash_text(&mac, check);
    return db_exec(db, e, "insert into meta (key, value) values ('audit.head', $1)"
                   " on conflict (key) do update set value = excluded.value", "t",
                   arena_printf(a, "%" PRId64 " %s %s", h->seq, hash, check));
}

/* ---- appending ------------------------------------------------------------------------------- */

/* Whose account it was, and who acted in its name. */
static const char *account_name(struct ctx *c)
{
    const struct actor *who = c->who;
    return who->behind ? arena_printf(c->arena, "%s by %s", who->login, who->behind) : who->login;
}

static void link_entry(struct ctx *c, const struct keys *k, const struct audit_entry *x,
                       const struct head *before, int64_t seq, struct link *out)
{
    unsigned char key[KEYS_MAC];
    struct sink s;
    out->key = keys_current(k);
    sink_begin(&s, keys_sub(k, "audit", key), &before->hash);
    put_int(&s, false, seq);
    put_int(&s, false, 1);
    for (int i = 0; i < 3; i++)         /* created_at, updated_at, at */
        put_int(&s, false, c->now);
    put_str(&s, account_name(c));
    put_str(&s, x->operation);
    put_str(&s, x->noun);
    put_int(&s, !x->subject, x->subject);
    put_int(&s, !x->branch, x->branch);
    put_str(&s, x->result);
    put_str(&s, x->code);
    put_str(&s, x->detail);
    put_str(&s, c->request);
    sink_end(&s, out);
    sodium_memzero(key, sizeof key);
}

enum status audit_append(struct ctx *c, const struct keys *k, const struct audit_entry *x)
{
    assert(db_in_tx(c->db) && x->operation && x->result);
    struct head head;
    enum head_state state;
    enum status st = head_read(c->db, k, &head, &state, c->e);
    if (st)
        return st;
    if (state == HEAD_BAD)
        return fail(c->e, ST_FAILED, "audit.head", NULL);
    if (state == HEAD_NONE) {
        head.seq = 0;
        first_link(k, &head.hash);
    }

    struct head next = { .seq = head.seq + 1 };
    char hash[HASH_TEXT + 1];
    link_entry(c, k, x, &head, next.seq, &next.hash);
    hash_text(&next.hash, hash);
    struct err own;
    st = db_exec(c->db, &own,
                 "insert into audit (id, version, created_at, updated_at, at, account, operation,"
                 " noun, subject, branch_id, result, code, detail, request, hash)"
                 " values ($1, 1, $2, $2, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
                 "iitttIIttttt", next.seq, c->now, account_name(c), x->operation, x->noun,
                 x->subject ? x->subject : NONE, x->branch ? x->branch : NONE,
                 x->result, x->code, x->detail, c->request, hash);
    if (st && db_is_unique(&own))       /* rows are there that the head does not know */
        return fail(c->e, ST_FAILED, "audit.head", NULL);
    if (st && c->e)
        *c->e = own;
    return st ? st : head_write(c->db, k, &next, c->arena, c->e);
}

/* ---- verifying ------------------------------------------------------------------------------- */

static bool found(struct audit_report *out, const char *finding, int64_t seq)
{
    out->intact = false;
    out->finding = finding;
    out->bad_seq = seq;
    return false;
}

static void link_row(struct stmt *q, struct sink *s)
{
    for (int col = 0; col < HASH; col++) {
        if (is_int[col]) {
            int64_t v = db_int(q, col);
            put_int(s, v == NONE && db_null(q, col), v);
        } else {
            const char *text = db_text(q, col);
            put_text(s, text, text ? db_bytes(q, col) : 0);
        }
    }
}

struct walk {
    const struct keys *keys;
    unsigned char key[KEYS_MAC];        /* of the row at hand: number last.key */
    enum head_state state;
    struct head head;
    const struct head *anchor;          /* or NULL */
    struct link last;
    struct sink sink;
};

/* Does the row that stands in q follow the last one? */
static bool check_row(struct walk *w, struct stmt *q, struct audit_report *out)
{
    int64_t id = db_int(q, ID);
    char want[HASH_TEXT + 1];
    const char *have = db_text(q, HASH);
    int number;
    if (id < 1 || (w->state == HEAD_GOOD && id > w->head.seq))
        return found(out, "audit.inserted", id);
    if (id != out->last_seq + 1)
        return found(out, "audit.missing", out->last_seq + 1);
    if (!have || !hash_key(have, db_bytes(q, HASH), &number) || number < w->last.key)
        return found(out, "audit.edited", id);
    if (number != w->last.key && !keys_sub_of(w->keys, number, "audit", w->key))
        return found(out, "audit.key", id);
    sink_begin(&w->sink, w->key, &w->last);
    link_row(q, &w->sink);
    w->last.key = number;
    sink_end(&w->sink, &w->last);
    if (hash_text(&w->last, want) != db_bytes(q, HASH) || memcmp(have, want, db_bytes(q, HASH)) != 0)
        return found(out, "audit.edited", id);
    if (w->anchor && id == w->anchor->seq && memcmp(w->last.b, w->anchor->hash.b, LINK) != 0)
        return found(out, "audit.rewritten", id);
    out->rows++;
    out->last_seq = id;
    out->last_at = db_int(q, AT);
    return true;
}

/* All rows fit: does the end? */
static bool check_end(const struct walk *w, struct audit_report *out)
{
    if (w->anchor && out->last_seq < w->anchor->seq)
        return found(out, "audit.truncated", out->last_seq + 1);
    if (w->state != HEAD_GOOD)
        return found(out, "audit.head", out->last_seq + 1);
    if (out->last_seq < w->head.seq)
        return found(out, "audit.truncated", out->last_seq + 1);
    if (memcmp(w->last.b, w->head.hash.b, LINK) != 0)
        return found(out, "audit.rewritten", out->last_seq);
    return true;
}

static enum status walk_rows(struct db *db, struct walk *w, const atomic_bool *cancel,
                             struct audit_report *out, struct err *e)
{
    struct stmt *q = db_query(db,
                              "select id, version, created_at, updated_at, at, account, operation,"
                              " noun, subject, branch_id, result, code, detail, request, hash"
                              " from audit order by id", "");
    bool fits = true, stopped = false;
    while (fits && !stopped && db_row(q)) {
        fits = check_row(w, q, out);
        stopped = out->rows % CANCEL_EVERY == 0 && cancel
            && atomic_load_explicit(cancel, memory_order_relaxed);
    }
    enum status st = db_end(q, e);
    if (!st && stopped)
        st = fail(e, ST_CANCELLED, "cancelled", NULL);
    if (!st && fits)
        check_end(w, out);
    return st;
}

static enum status verify(struct db *db, const struct keys *k, const struct head *anchor,
                          const atomic_bool *cancel, struct audit_report *out, struct err *e)
{
    struct walk w = { .keys = k, .anchor = anchor };
    *out = (struct audit_report){ .intact = true, .last_at = NONE };
    first_link(k, &w.last);
    w.last.key = 0;                     /* the first row's is looked up as any other */
    enum status st = db_begin_read(db, e);
    if (!st) {
        st = head_read(db, k, &w.head, &w.state, e);
        if (!st)
            st = walk_rows(db, &w, cancel, out, e);
        db_end_read(db);
    }
    sodium_memzero(w.key, sizeof w.key);
    if (st)
        out->intact = false;
    return st;
}

enum status audit_verify(struct db *db, const struct keys *k, const atomic_bool *cancel,
                         struct audit_report *out, struct err *e)
{
    return verify(db, k, NULL, cancel, out, e);
}

/* ---- anchors --------------------------------------------------------------------------------- */

static const char anchor_mark[] = "gonghai-audit 1 ";

char *audit_anchor(struct db *db, struct arena *a, struct err *e)
{
    char *line = NULL;
    struct stmt *q = db_query(db, "select value from meta where key = 'audit.head'", "");
    if (db_row(q))
        line = arena_printf(a, "%s%s", anchor_mark, db_text(q, 0));
    if (db_end(q, e))
        return NULL;
    if (!line)
        fail(e, ST_FAILED, "audit.head", NULL);
    return line;
}

enum status audit_check_anchor(struct db *db, const struct keys *k, const char *anchor,
                               const atomic_bool *cancel, struct audit_report *out, struct err *e)
{
    struct head head;
    struct arena a = ARENA_INIT;
    size_t n = strcspn(anchor, "\r\n"), mark = sizeof anchor_mark - 1;
    bool ok = strncmp(anchor, anchor_mark, mark) == 0
        && head_parse(k, arena_strndup(&a, anchor + mark, n - mark), &head);
    arena_free(&a);
    *out = (struct audit_report){ .last_at = NONE };
    if (!ok)
        return fail(e, ST_INVALID, "audit.anchor", NULL);
    return verify(db, k, &head, cancel, out, e);
}
