/* history.c - what is only read: events, imports, the audit log and the proof that it is whole. */
#include "base/i18n.h"
#include "core/guard/audit.h"
#include "core/org/private.h"

const struct crud event_crud = { .noun = &event_noun };
const struct crud audit_crud = { .noun = &audit_noun };
const struct crud import_crud = { .noun = &import_noun };

enum { ANCHOR_MAX = 400 };

static const struct field verify_fields[] = {
    FIELD_TEXT(struct audit_verify_in, anchor, N_("anchor"), .max = ANCHOR_MAX),
};
const struct record audit_verify_record =
    RECORD(struct audit_verify_in, "audit_verify", verify_fields);

static const struct field verdict_fields[] = {
    FIELD_FLAG(struct audit_verdict, intact, N_("intact")),
    FIELD_INT(struct audit_verdict, rows, N_("rows")),
    FIELD_ID(struct audit_verdict, last_seq, N_("proven up to row")),
    FIELD_TIME(struct audit_verdict, last_at, N_("proven up to")),
    FIELD_ID(struct audit_verdict, bad_seq, N_("first row that does not fit")),
    FIELD_TEXT(struct audit_verdict, finding, N_("finding")),
};
const struct record audit_verdict_record =
    RECORD(struct audit_verdict, "audit_verdict", verdict_fields);

static const struct field anchor_fields[] = {
    FIELD_TEXT(struct audit_anchor_out, anchor, N_("anchor")),
};
const struct record audit_anchor_record =
    RECORD(struct audit_anchor_out, "audit_anchor", anchor_fields);

static enum status walk(struct ctx *c, const char *anchor, struct audit_report *r)
{
    const struct keys *k = db_sealer(c->db)->self;      /* keys_sealer() of the database's keys */
    if (anchor)
        return audit_check_anchor(c->db, k, anchor, c->cancel, r, c->e);
    return audit_verify(c->db, k, c->cancel, r, c->e);
}

enum status op_audit_verify(struct ctx *c, const struct op *op, const void *in_, void *out)
{
    (void)op;
    const struct audit_verify_in *in = in_;
    struct audit_report r = { 0 };
    struct err again = { 0 };
    db_end_read(c->db);                 /* the walk takes a snapshot of its own */
    enum status st = walk(c, in->anchor, &r);
    enum status back = db_begin_read(c->db, &again);
    if (st)
        return st;
    if (back) {
        *c->e = again;
        return back;
    }
    *(struct audit_verdict *)out = (struct audit_verdict){
        .intact = r.intact, .rows = r.rows, .last_seq = r.last_seq, .last_at = r.last_at,
        .bad_seq = r.bad_seq,
        .finding = r.finding,
    };
    return ST_OK;
}

enum status op_audit_anchor(struct ctx *c, const struct op *op, const void *in, void *out)
{
    (void)op;
    (void)in;
    const char *anchor = audit_anchor(c->db, c->arena, c->e);
    ((struct audit_anchor_out *)out)->anchor = anchor;
    return anchor ? ST_OK : c->e->status;
}
