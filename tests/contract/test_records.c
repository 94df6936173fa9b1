/* Every noun through every form that it takes: struct, SQL, JSON, CSV, and back, with something in
 * every member. Values come from tests/unit/record_fill.h; references and contact data are put
 * right here, so that the database takes them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "core/model/nouns.h"
#include "core/model/record_json.h"
#include "core/model/record_text.h"
#include "core/store/row.h"
#include "tests/contract/bank.h"
#include "tests/unit/record_fill.h"

enum { NOUNS_MOST = 64 };

/* As given, and what no mask may leave of it. */
static const struct { const char *field, *given[3], *inside[3];
} secrets[] = {
    { "phone",
      { "138 0013 8001", "+86 138-0013-8002", "13800138003" },
      { " 0013 ", "-0013-", "380013800" } },
    { "email",
      { "Li.Lei@Example.CN", "li.si@example.cn", "王芳@例子.cn" },
      { "Li.Lei", "li.si", "王芳" } },
    { "id_no",
      { "11010519491231002X", "440524188001010014", "32010219900307451X" },
      { "0519491231", "2418800101", "1990030745" } },
};

static const struct lens clear = { .show_secrets = true };

struct house {
    struct bank *k;
    struct arena *a;
    struct db *db;
    void *first[NOUNS_MOST];    /* of each noun one that others may refer to */
    void *second[NOUNS_MOST];   /* of those that others have several of: another */
};

static void must(struct house *h, enum status st, const char *what)
{
    if (st)
        fail_msg("%s: %s %s %s", what, h->k->e.code, h->k->e.field, h->k->e.param[0]);
}

static size_t place(const char *noun)
{
    for (size_t i = 0; nouns[i]; i++)
        if (strcmp(nouns[i]->name, noun) == 0)
            return i;
    fail_msg("no noun %s", noun);
    return 0;
}

/* What a row is called where another one refers to it. */
static struct ref called(struct house *h, const struct noun *n, void *rec)
{
    const struct field *code = record_field(n->rec, n->code), *name = record_field(n->rec, "name");
    struct ref r = { .id = *(int64_t *)rec };
    r.code = code->type == F_ID ? arena_printf(h->a, "%lld", (long long)*field_int(code, rec))
                                : *field_text(code, rec);
    r.name = name ? *field_text(name, rec) : NULL;
    return r;
}

static int by_code(const void *a, const void *b)
{
    return strcmp(((const struct ref *)a)->code, ((const struct ref *)b)->code);
}

/* None, one or both of the two that there are, as the seed has it. */
static void put_several(struct house *h, const struct field *f, int64_t seed, void *rec)
{
    size_t to = place(f->ref), n = 0;
    struct ref *items = arena_array(h->a, struct ref, 2);
    if (seed != 0)
        items[n++] = called(h, nouns[to], h->first[to]);
    if (seed == 1)
        items[n++] = called(h, nouns[to], h->second[to]);
    qsort(items, n, sizeof *items, by_code);
    *field_refs(f, rec) = (struct refs){ items, n };
}

static void put_refs(struct house *h, const struct noun *n, int64_t seed, void *rec)
{
    for (size_t i = 0; i < n->rec->nfields; i++) {
        const struct field *f = &n->rec->fields[i];
        if (f->type == F_REFS)
            put_several(h, f, seed, rec);
        if (f->type != F_REF)
            continue;
        size_t to = place(f->ref);
        *field_ref(f, rec) = h->first[to] ? called(h, nouns[to], h->first[to]) : (struct ref){ 0 };
    }
}

static void put_secrets(const struct noun *n, int64_t seed, void *rec)
{
    for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++) {
        const struct field *f = record_field(n->rec, secrets[i].field);
        if (f && f->type == F_SECRET)
            *field_text(f, rec) = secrets[i].given[seed];
    }
}

/* A record of the noun that the database takes; its id and version are new. */
static void *make(struct house *h, const struct noun *n, int64_t seed)
{
    void *rec = arena_alloc(h->a, n->rec->size);
    fill_record(n->rec, seed, h->a, rec);
    for (size_t i = 0; i < n->rec->nfields; i++)            /* what is not stored */
        if (n->rec->fields[i].flags & FIELD_VIRTUAL)
            *field_text(&n->rec->fields[i], rec) = NULL;
    put_refs(h, n, seed, rec);
    put_secrets(n, seed, rec);
    struct row_head *head = rec;
    head->id = db_new_id(h->db);
    head->version = 1;
    if (n == &lead_noun) {          /* an open lead has an owner or a pool, others may have both */
        struct lead *l = rec;
        l->open = seed == 1;
        if (l->open)
            l->pool = (struct ref){ 0 };
    }
    return rec;
}

static bool referred(const struct noun *n)
{
    for (size_t i = 0; nouns[i]; i++)
        for (size_t f = 0; f < nouns[i]->rec->nfields; f++)
            if (nouns[i]->rec->fields[f].type == F_REF && strcmp(nouns[i]->rec->fields[f].ref, n->name) == 0)
                return true;
    return false;
}

static void insert_several(struct house *h, const struct noun *n)
{
    static const int64_t seeds[] = { 8, 9 };    /* none that a test takes */
    for (size_t i = 0; i < n->rec->nfields; i++) {
        const struct field *f = &n->rec->fields[i];
        if (f->type != F_REFS)
            continue;
        size_t to = place(f->ref);
        h->first[to] = make(h, nouns[to], seeds[0]);
        h->second[to] = make(h, nouns[to], seeds[1]);
        must(h, row_insert(h->db, nouns[to], h->first[to], h->a, &h->k->e), f->ref);
        must(h, row_insert(h->db, nouns[to], h->second[to], h->a, &h->k->e), f->ref);
    }
}

static int setup(void **state)
{
    static const char *const fields[FILL_DEFS] = {
        "{\"noun\":\"lead\",\"code\":\"job\",\"name\":\"Job\",\"type\":\"text\"}",
        "{\"noun\":\"lead\",\"code\":\"age\",\"name\":\"Age\",\"type\":\"number\"}",
        "{\"noun\":\"lead\",\"code\":\"since\",\"name\":\"Since\",\"type\":\"date\"}",
        ("{\"noun\":\"lead\",\"code\":\"level\",\"name\":\"Level\",\"type\":\"choice\",\"choices\":"
         "\"gold,silver\"}"),
        "{\"noun\":\"lead\",\"code\":\"vip\",\"name\":\"VIP\",\"type\":\"flag\"}",
    };
    struct house *h = calloc(1, sizeof *h);
    if (bank_setup((void **)&h->k))
        return -1;
    for (size_t i = 0; i < FILL_DEFS; i++)
        bank_do(h->k, "custom_field.create", fields[i]);
    h->a = &h->k->arena;
    h->db = h->k->raw.db;
    must(h, db_begin(h->db, &h->k->e), "begin");
    for (size_t i = 0; nouns[i]; i++)
        insert_several(h, nouns[i]);
    for (size_t i = 0; nouns[i]; i++) {
        if (!referred(nouns[i]))
            continue;
        void *rec = make(h, nouns[i], 0);
        must(h, row_insert(h->db, nouns[i], rec, h->a, &h->k->e), nouns[i]->name);
        h->first[i] = rec;
    }
    *state = h;
    return 0;
}

static int teardown(void **state)
{
    struct house *h = *state;
    void *k = h->k;
    while (db_in_tx(h->db))
        db_rollback(h->db);
    free(h);
    return bank_teardown(&k);
}

/* As read, custom fields name the definitions of that reading: here those of record_fill.h. */
static void know_defs(const struct noun *n, void *rec)
{
    for (size_t i = 0; i < n->rec->nfields; i++) {
        struct attrs *x = n->rec->fields[i].type == F_ATTRS ? field_attrs(&n->rec->fields[i], rec) : NULL;
        for (size_t k = 0; x && k < x->n; k++)
            for (size_t d = 0; d < FILL_DEFS; d++)
                if (strcmp(x->items[k].def->key, fill_defs[d].key) == 0)
                    x->items[k].def = &fill_defs[d];
    }
}

static void *read_back(struct house *h, const struct noun *n, int64_t id, const struct lens *lens)
{
    void *rec = arena_alloc(h->a, n->rec->size);
    must(h, row_get(h->db, n, id, lens, h->a, rec, &h->k->e), n->name);
    know_defs(n, rec);
    return rec;
}

static void same(const struct noun *n, const void *x, const void *y, bool codes_only, const char *how)
{
    const char *differs = fill_differs(n->rec, x, y, codes_only);
    if (differs)
        fail_msg("%s.%s is another after %s", n->name, differs, how);
}

/* Between the two a noun has the bank for itself: a custom field's row, for one, changes what a lead is. */
static void enter(struct house *h)
{
    must(h, db_begin(h->db, &h->k->e), "begin");
}

static void leave(struct house *h)
{
    db_rollback(h->db);
}

static void *inserted(struct house *h, const struct noun *n, int64_t seed)
{
    void *rec = make(h, n, seed);
    must(h, row_insert(h->db, n, rec, h->a, &h->k->e), n->name);
    return rec;
}

/* ---- SQL ---------------------------------------------------------------------------------------------- */

static void sql_gives_back_what_it_took(void **state)
{
    struct house *h = *state;
    for (size_t i = 0; nouns[i]; i++)
        for (int64_t seed = 1; seed < 3; seed++) {
            enter(h);
            void *rec = inserted(h, nouns[i], seed);
            same(nouns[i], rec, read_back(h, nouns[i], *(int64_t *)rec, &clear), false, "SQL");
            for (size_t f = 0; f < nouns[i]->rec->nfields; f++) {
                const struct field *x = &nouns[i]->rec->fields[f];
                bool pool = strcmp(nouns[i]->name, "lead") == 0 && strcmp(x->name, "pool") == 0;
                if (field_empty(x, rec) && !pool && !(x->flags & FIELD_VIRTUAL))
                    fail_msg("%s.%s has no value here", nouns[i]->name, x->name);
            }
            leave(h);
        }
}

/* The least that the tables take: what is not there comes back as not there. */
static void empty_members_stay_empty(void **state)
{
    static const char *const needed[] = {
        "id",
        "version",
        "created_at",
        "updated_at",
        "code",
        "name",
        "path",
        "level",
        "active",
        "branch",
        "status",
        "roles",
        "kind",
        "position",
        "deceased",
        "minor",
        "person",
        "way",
        "state",
        "at",
        "no",
        "product",
        "stage",
        "open",
        "owner",
        "received_at",
        "received_how",
        "sharing",
        "account_id",
        "follow_up_count",
        "returned_count",
        "frozen",
        "lead",
        "won_at",
        "result",
        "due_at",
        "to",
        "noun",
        "type",
        "subject",
        "account",
        "operation",
        "hash",
        "file",
        "sha256",
        "mode",
        "total",
        "rows",
        "created",
        "updated",
        "skipped",
        "rejected",
        "next_row",
    };
    struct house *h = *state;
    for (size_t i = 0; nouns[i]; i++) {
        const struct record *r = nouns[i]->rec;
        enter(h);
        void *full = make(h, nouns[i], 1), *rec = record_new(r, h->a);
        for (size_t f = 0; f < r->nfields; f++)
            for (size_t k = 0; k < sizeof needed / sizeof *needed; k++)
                if (strcmp(r->fields[f].name, needed[k]) == 0) {
                    size_t end = f + 1 < r->nfields ? r->fields[f + 1].off : r->size;
                    memcpy((char *)rec + r->fields[f].off, (char *)full + r->fields[f].off,
                           end - r->fields[f].off);
                }
        must(h, row_insert(h->db, nouns[i], rec, h->a, &h->k->e), nouns[i]->name);
        void *back = read_back(h, nouns[i], *(int64_t *)rec, &clear);
        for (size_t f = 0; f < r->nfields; f++)
            if (field_empty(&r->fields[f], rec) && r->fields[f].type != F_ATTRS &&
                !field_empty(&r->fields[f], back))
                fail_msg("%s.%s came from nowhere", nouns[i]->name, r->fields[f].name);
        leave(h);
    }
}

/* A change of every member at once, from one full record to another. The audit log and codes that
 * name a row stay as they are. */
static void a_change_writes_every_member(void **state)
{
    struct house *h = *state;
    for (size_t i = 0; nouns[i]; i++) {
        if (nouns[i] == &audit_noun)
            continue;
        enter(h);
        struct row_head *old = inserted(h, nouns[i], 1), *now = make(h, nouns[i], 2);
        struct shape shape;
        now->id = old->id;
        now->version = old->version;
        now->created_at = old->created_at;
        must(h, shape_full(h->db, nouns[i], h->a, &shape, &h->k->e), "shape");
        must(h, row_update(h->db, &shape, old, now, h->a, NULL, &h->k->e), nouns[i]->name);
        assert_int_equal(now->version, 2);
        same(nouns[i], now, read_back(h, nouns[i], old->id, &clear), false, "a change");
        struct err e = { 0 };       /* the old version is gone: nobody writes over what he has not seen */
        old->updated_at++;
        assert_int_equal(row_update(h->db, &shape, old, make(h, nouns[i], 2), h->a, NULL, &e), ST_CONFLICT);
        assert_string_equal(e.code, "noun.stale");
        leave(h);
    }
}

/* On the disk phone, e-mail and id number are nowhere in clear, nor the same twice. */
static void secrets_are_sealed_in_the_table(void **state)
{
    struct house *h = *state;
    struct lead *a = inserted(h, &lead_noun, 1), *b = make(h, &lead_noun, 2);
    b->phone = a->phone;            /* of a closed lead: may be there twice */
    must(h, row_insert(h->db, &lead_noun, b, h->a, &h->k->e), "lead");
    struct stmt *s = db_query(h->db,
                              "select x.phone_enc, y.phone_enc, x.phone_hash = y.phone_hash, "
                              "x.email_enc from lead x, lead y"
                              " where x.id = $1 and y.id = $2",
                              "ii", a->head.id, b->head.id);
    assert_true(db_row(s));
    assert_int_equal(db_int(s, 2), 1);
    bool equal = db_bytes(s, 0) == db_bytes(s, 1) &&
                 memcmp(db_blob(s, 0), db_blob(s, 1), db_bytes(s, 0)) == 0;
    bool inside = memmem(db_blob(s, 0), db_bytes(s, 0), "138", 3) ||
                  memmem(db_blob(s, 3), db_bytes(s, 3), "li.si", 5);
    assert_int_equal(db_end(s, NULL), ST_OK);
    assert_false(equal);
    assert_false(inside);
}

/* ---- JSON and CSV ------------------------------------------------------------------------------------- */

static const char *json_of(struct house *h, const struct noun *n, const void *rec)
{
    struct buf out = BUF_INIT;
    struct jw w;
    jw_init(&w, &out);
    record_to_json(&w, n->rec, rec);
    const char *text = arena_strdup(h->a, out.s);
    buf_release(&out);
    return text;
}

static void json_gives_back_what_sql_gave(void **state)
{
    struct house *h = *state;
    for (size_t i = 0; nouns[i]; i++) {
        const struct noun *n = nouns[i];
        enter(h);
        void *rec = read_back(h, n, *(int64_t *)inserted(h, n, 1), &clear),
             *back = arena_alloc(h->a, n->rec->size);
        const char *text = json_of(h, n, rec);
        struct json *j;
        bool *given;
        must(h, json_parse(text, strlen(text), &j, &h->k->e), text);
        enum status st = record_from_json(j, n->rec, fill_defs, FILL_DEFS, h->a, back, &given, &h->k->e);
        json_free(j);
        must(h, st, text);
        same(n, rec, back, false, "JSON");
        leave(h);
    }
}

static void parse_attrs(struct house *h, const struct field *f, void *from, void *to)
{
    const struct attrs *x = field_attrs(f, from);
    struct attrs *y = field_attrs(f, to);
    *y = (struct attrs){ arena_array(h->a, struct attr, x->n), x->n };
    for (size_t i = 0; i < x->n; i++)
        must(h,
             attr_parse(x->items[i].def, record_text(f, &x->items[i], from, TEXT_DATA, h->a),
                        &y->items[i], h->a, &h->k->e),
             x->items[i].def->key);
}

static void csv_gives_back_what_sql_gave(void **state)
{
    struct house *h = *state;
    for (size_t i = 0; nouns[i]; i++) {
        const struct record *r = nouns[i]->rec;
        enter(h);
        void *rec = read_back(h, nouns[i], *(int64_t *)inserted(h, nouns[i], 1), &clear),
             *back = record_new(r, h->a);
        for (size_t f = 0; f < r->nfields; f++)
            if (r->fields[f].type == F_ATTRS)
                parse_attrs(h, &r->fields[f], rec, back);
            else
                must(h,
                     record_parse(&r->fields[f],
                                  record_text(&r->fields[f], NULL, rec, TEXT_DATA, h->a), back,
                                  h->a, &h->k->e),
                     r->fields[f].name);
        same(nouns[i], rec, back, true, "CSV");
        leave(h);
    }
}

/* ---- masks -------------------------------------------------------------------------------------------- */

static void not_in(const char *text, const char *secret, const char *noun)
{
    if (strstr(text, secret))
        fail_msg("%s shows %s: %s", noun, secret, text);
}

static void masked_json_has_no_secrets(void **state)
{
    static const struct lens lenses[] = { { 0 }, { .mask_names = true } };
    struct house *h = *state;
    for (size_t i = 0; nouns[i]; i++)
        for (int64_t seed = 0; seed < 3; seed++) {
            if (!seed && !h->first[i])
                continue;
            enter(h);
            int64_t id = seed ? *(int64_t *)inserted(h, nouns[i], seed) : *(int64_t *)h->first[i];
            for (size_t m = 0; m < 2; m++) {
                const char *text = json_of(h, nouns[i], read_back(h, nouns[i], id, &lenses[m]));
                for (size_t s = 0; s < sizeof secrets / sizeof *secrets; s++)
                    for (size_t k = 0; k < 3; k++) {
                        not_in(text, secrets[s].given[k], nouns[i]->name);
                        not_in(text, secrets[s].inside[k], nouns[i]->name);
                    }
            }
            leave(h);
        }
}

/* Names of people, in their own records and wherever they are referred to, and days of birth. */
static void masked_names_are_nowhere(void **state)
{
    static const struct lens lens = { .mask_names = true };
    struct house *h = *state;
    struct lead *named = make(h, &lead_noun, 1);
    struct person *who = make(h, &person_noun, 1);
    named->name = "欧阳芳菲";
    who->name = "司马迁";
    must(h, row_insert(h->db, &person_noun, who, h->a, &h->k->e), "person");
    named->person = (struct ref){ .id = who->head.id };
    must(h, row_insert(h->db, &lead_noun, named, h->a, &h->k->e), "lead");
    for (size_t i = 0; nouns[i]; i++) {
        enter(h);
        void *rec = make(h, nouns[i], 2);
        for (size_t f = 0; f < nouns[i]->rec->nfields; f++) {
            const struct field *x = &nouns[i]->rec->fields[f];
            if (x->type == F_REF && strcmp(x->ref, "lead") == 0)
                field_ref(x, rec)->id = named->head.id;
            if (x->type == F_REF && strcmp(x->ref, "person") == 0)
                field_ref(x, rec)->id = who->head.id;
        }
        must(h, row_insert(h->db, nouns[i], rec, h->a, &h->k->e), nouns[i]->name);
        const char *text = json_of(h, nouns[i], read_back(h, nouns[i], *(int64_t *)rec, &lens));
        not_in(text, "芳菲", nouns[i]->name);
        not_in(text, "马迁", nouns[i]->name);
        leave(h);
    }
    const char *text = json_of(h, &lead_noun, read_back(h, &lead_noun, named->head.id, &lens));
    assert_non_null(strstr(text, "\"name\":\"欧*\""));
    assert_non_null(strstr(text, "\"birthday\":null"));
    assert_non_null(strstr(text, "\"person_name\":\"司*\""));
}

/* ---- words -------------------------------------------------------------------------------------------- */

static int64_t found(struct house *h, const char *noun, const char *word)
{
    struct ref r;
    must(h, row_resolve(h->db, noun_find(noun), word, &r, h->a, &h->k->e), word);
    return r.id;
}

static void rows_are_found_by_their_words(void **state)
{
    struct house *h = *state;
    struct lead *l = make(h, &lead_noun, 1);
    int64_t n1 = bank_sql_int(h->k, "select id from branch where code = 'N1'");
    assert_int_equal(found(h, "branch", "N1"), n1);
    assert_int_equal(found(h, "branch", "n1"), n1);
    assert_int_equal(found(h, "branch", "Ｎ１"), n1);                /* full width */
    assert_int_equal(found(h, "branch", "north 1"), n1);            /* by name, where it is unique */
    assert_int_equal(found(h, "branch", "N9"), 0);
    l->external_id = "A-7";
    must(h, row_insert(h->db, &lead_noun, l, h->a, &h->k->e), "lead");
    assert_int_equal(found(h, "lead", "A-7"), l->head.id);
    assert_int_equal(found(h, "lead", "a-7"), l->head.id);
    assert_int_equal(found(h, "lead", arena_printf(h->a, "%lld", (long long)l->no)), l->head.id);
    assert_int_equal(found(h, "person", arena_printf(h->a, "%lld", (long long)l->person.id)), l->person.id);
    assert_int_equal(found(h, "person", "0"), 0);
}

static void a_name_of_two_names_nobody(void **state)
{
    struct house *h = *state;
    struct channel *a = inserted(h, &channel_noun, 1), *b = make(h, &channel_noun, 2);
    assert_int_equal(found(h, "channel", a->name), a->head.id);
    b->name = a->name;
    must(h, row_insert(h->db, &channel_noun, b, h->a, &h->k->e), "channel");
    assert_int_equal(found(h, "channel", a->name), 0);
    assert_int_equal(found(h, "channel", a->code), a->head.id);
}

/* A code that is nearly right is answered with the one that is meant. */
static void a_misspelt_word_is_answered_with_the_nearest(void **state)
{
    struct house *h = *state;
    db_rollback(h->db);
    assert_null(bank_call(h->k, "lead.count", "{\"where\":\"channel = wep\"}"));
    assert_int_equal(h->k->e.status, ST_INVALID);
    bool meant = false;
    for (int i = 0; i < h->k->e.nparam; i++)
        meant = meant || strstr(h->k->e.param[i], "web");
    assert_true(meant);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(sql_gives_back_what_it_took),
        T(empty_members_stay_empty),
        T(a_change_writes_every_member),
        T(secrets_are_sealed_in_the_table),
        T(json_gives_back_what_sql_gave),
        T(csv_gives_back_what_sql_gave),
        T(masked_json_has_no_secrets),
        T(masked_names_are_nowhere),
        T(rows_are_found_by_their_words),
        T(a_name_of_two_names_nobody),
        T(a_misspelt_word_is_answered_with_the_nearest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
