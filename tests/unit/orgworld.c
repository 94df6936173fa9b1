#include "tests/unit/orgworld.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "core/guard/audit.h"
#include "core/noun/resolve.h"

/* ---- the bank -------------------------------------------------------------------------------- */

static void add_tables(struct world *w)
{
    static const struct { int64_t id; const char *code, *kind; } stages[] = {
        { STAGE_NEW, "new", "open" }, { STAGE_MQL, "mql", "open" }, { STAGE_WON, "won", "won" },
        { STAGE_LOST, "lost", "lost" },
    };
    for (size_t i = 0; i < sizeof stages / sizeof *stages; i++)
        tmpdb_run(
            &w->t,
            arena_printf(&w->t.arena,
                         "insert into stage (id, version, created_at, updated_at, code, code_key,"
                         " position, kind) values (%d, 1, 0, 0, '%s', '%s', %zu, '%s')",
                         (int)stages[i].id, stages[i].code, stages[i].code, i, stages[i].kind));
    tmpdb_run(&w->t, "insert into pool (id, version, created_at, updated_at, code, code_key, name, "
                     "name_key, branch_id)"
                     " values (501, 1, 0, 0, 'default', 'default', 'default', 'default', 1)");
    tmpdb_run(
        &w->t,
        "insert into product (id, version, created_at, updated_at, code, code_key, name, name_key)"
        " values (601, 1, 0, 0, 'none', 'none', 'none', 'none')");
}

int world_setup(void **state)
{
    struct world *w = xcalloc(1, sizeof *w);
    tmpdb_open(&w->t);
    add_tables(w);
    world_as(w, "owner");
    *state = w;
    return 0;
}

int world_teardown(void **state)
{
    struct world *w = *state;
    tmpdb_close(&w->t);
    free(w);
    return 0;
}

void world_as(struct world *w, const char *login)
{
    enum status st = strcmp(login, "owner") == 0
                         ? actor_local(w->t.db, TMPDB_UID, &w->t.arena, &w->who, &w->e)
                         : actor_load(w->t.db, login, &w->t.arena, &w->who, &w->e);
    if (!st)
        return;
    fprintf(stderr, "as %s: %s\n", login, w->e.code);
    abort();
}

int64_t world_lead(struct world *w, int64_t branch, int64_t owner, int64_t person)
{
    int64_t id = 9000 + ++w->leads;
    struct stmt *q;
    if (branch == WEST && !owner)
        tmpdb_run(&w->t, "insert into pool (id, version, created_at, updated_at, code, code_key, name, "
                         "name_key, branch_id)"
                         " values (502, 1, 0, 0, 'west', 'west', 'west', 'west', 5) on conflict do nothing");
    enum status st = db_begin(w->t.db, &w->e);
    q = db_query(
        w->t.db,
        "insert into lead (id, version, created_at, updated_at, no, name, name_key, branch_id,"
        " product_id, stage_id, open, owner_id, pool_id, received_at, received_how, person_id) "
        "values ($1, 1, $2,"
        " $2, $3, '李四', '李四', $4, $5, $6, 1, $7, $8, $2, 'create', $9)",
        "iiiiiiIII", id, TMPDB_NOW, w->leads, branch, (int64_t)PRODUCT_NONE, (int64_t)STAGE_NEW,
        owner ? owner : NONE, owner ? NONE : (int64_t)(branch == WEST ? POOL_WEST : POOL_DEFAULT),
        person ? person : NONE);
    db_row(q);
    if (st || db_end(q, &w->e) || db_commit(w->t.db, &w->e)) {
        fprintf(stderr, "lead: %s %s\n", w->e.code, w->e.param[0]);
        abort();
    }
    return id;
}

int64_t world_person(struct world *w, const char *name, const char *phone)
{
    struct person p;
    struct ctx c = tmpdb_ctx(&w->t);
    record_empty(&person_record, &p);
    p.name = name;
    p.phone = phone;
    p.deceased = p.minor = 0;
    enum status st = db_begin(w->t.db, &w->e);
    crud_stamp(&c, &p.head);
    if (st || row_insert(w->t.db, &person_noun, &p, &w->t.arena, &w->e) ||
        db_commit(w->t.db, &w->e)) {
        fprintf(stderr, "person: %s\n", w->e.code);
        abort();
    }
    return p.head.id;
}

/* ---- calling --------------------------------------------------------------------------------- */

static const struct op *find(const char *name)
{
    for (const struct op *op = org_ops; op->name; op++)
        if (strcmp(op->name, name) == 0)
            return op;
    fprintf(stderr, "no operation %s\n", name);
    abort();
}

static enum status carry_out(struct ctx *c, const struct op *op, const void *in, void *out)
{
    void *copy = op->in ? record_new(op->in, c->arena) : NULL;
    if (in)
        memcpy(copy, in, op->in->size);
    enum status st =
        actor_may(c->who, op->right) ? ST_OK : fail(c->e, ST_DENIED, "right.missing", NULL);
    if (!st && copy)
        st = resolve_refs(c, op->in, NULL, copy);
    if (!st && copy && !op->arg)
        st = record_check(op->in, copy, true, c->e);
    return st ? st : op->run(c, op, copy, out);
}

static enum status call(struct world *w, const struct op *op, const bool *given, const void *in,
                        void *out)
{
    static _Alignas(16) char unused[4096];
    struct ctx c = tmpdb_ctx(&w->t);
    c.e = &w->e;
    c.who = &w->who;
    c.given = given;
    err_clear(&w->e);
    out = out ? out : unused;
    if (op->many == OUT_MANY)
        *(struct page *)out = (struct page){ 0 };
    if (op->kind == OP_READ) {
        enum status st = db_begin_read(w->t.db, &w->e);
        st = st ? st : carry_out(&c, op, in, out);
        db_end_read(w->t.db);
        return st;
    }
    enum status st = op->prepare ? op->prepare(&c, op, in) : ST_OK;
    if (!st)
        st = db_begin(w->t.db, &w->e);
    if (st)
        return st;
    st = carry_out(&c, op, in, out);
    if (!st) {
        struct audit_entry entry = { .operation = op->name,
                                     .subject = c.subject,
                                     .branch = c.subject_branch,
                                     .result = "ok",
                                     .detail = c.detail };
        st = audit_append(&c, w->t.keys, &entry);
    }
    if (st)
        db_rollback(w->t.db);
    else
        st = db_commit(w->t.db, &w->e);
    return st;
}

enum status world_call(struct world *w, const char *op, const void *in, void *out)
{
    return call(w, find(op), NULL, in, out);
}

enum status world_give(struct world *w, const char *name, const char *fields, const void *in,
                       void *out)
{
    const struct op *op = find(name);
    bool *given = arena_array(&w->t.arena, bool, op->in->nfields);
    for (const char *p = fields; *p;) {
        size_t n = strcspn(p, ",");
        const struct field *f = record_field(op->in, arena_strndup(&w->t.arena, p, n));
        if (!f)
            abort();
        given[f - op->in->fields] = true;
        p += n + (p[n] == ',');
    }
    return call(w, op, given, in, out);
}

/* ---- looking --------------------------------------------------------------------------------- */

const char *world_text(struct world *w, const char *sql)
{
    struct stmt *q = db_query(w->t.db, sql, "");
    const char *text = db_row(q) ? db_strdup(q, 0, &w->t.arena) : NULL;
    if (db_end(q, &w->e)) {
        fprintf(stderr, "%s: %s\n", sql, w->e.param[0]);
        abort();
    }
    return text ? text : "";
}

int64_t world_int(struct world *w, const char *sql)
{
    const char *text = world_text(w, sql);
    return *text ? strtoll(text, NULL, 10) : NONE;
}
