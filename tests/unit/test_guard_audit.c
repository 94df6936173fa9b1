/* The audit chain: each way of tampering with it is tried with a bare connection, and has to
 * show. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>
#include <sodium.h>

#include "core/guard/audit.h"
#include "tests/unit/tmpdb.h"

enum { ROWS = 20 };

static void append(struct tmpdb *t, const struct audit_entry *x)
{
    struct ctx c = tmpdb_ctx(t);
    c.now += 1000;
    if (audit_append(&c, t->keys, x))
        fail_msg("append: %s %s", t->err.code, t->err.param[0]);
}

/* A chain of ROWS rows of all shapes. */
static int setup(void **state)
{
    static const char *const results[] = { "ok", "denied", "failed" };
    tmpdb_setup(state);
    struct tmpdb *t = *state;
    assert_int_equal(db_begin(t->db, &t->err), ST_OK);
    for (int i = 1; i <= ROWS; i++)
        append(t, &(struct audit_entry){
            .operation = arena_printf(&t->arena, "lead.op%d", i), .noun = i % 5 ? "lead" : NULL,
            .subject = i % 5 ? 1000 + i : 0, .branch = i % 3 ? SH : 0, .result = results[i % 3],
            .code = i % 3 ? "scope.branch" : NULL,
            .detail = i % 2 ? "{\"changed\":[\"stage\"]}" : NULL,
        });
    assert_int_equal(db_commit(t->db, &t->err), ST_OK);
    return 0;
}

static struct audit_report verify(struct tmpdb *t)
{
    struct audit_report r;
    if (audit_verify(t->db, t->keys, NULL, &r, &t->err))
        fail_msg("verify: %s", t->err.code);
    return r;
}

#define DISARM "drop trigger audit_no_update; drop trigger audit_no_delete; "

/* What somebody does who may write the file; triggers are no hindrance to him. */
static void tamper(struct tmpdb *t, const char *sql)
{
    raw_run(t->path, arena_printf(&t->arena, DISARM "%s", sql));
}

static void expect(struct tmpdb *t, const char *finding, int64_t seq)
{
    struct audit_report r = verify(t);
    assert_false(r.intact);
    assert_string_equal(r.finding, finding);
    assert_int_equal(r.bad_seq, seq);
    assert_int_equal(r.last_seq, seq - 1);
    assert_int_equal(r.rows, seq - 1);
}

/* ---- an honest chain ------------------------------------------------------------------------- */

static void an_untouched_chain_is_intact(void **state)
{
    struct audit_report r = verify(*state);
    assert_true(r.intact);
    assert_int_equal(r.rows, ROWS);
    assert_int_equal(r.last_seq, ROWS);
    assert_int_equal(r.last_at, TMPDB_NOW + 1000);
    assert_int_equal(r.bad_seq, 0);
    assert_null(r.finding);
}

static void a_row_says_who_did_what(void **state)
{
    struct tmpdb *t = *state;
    const char *row = raw_text(t->path,
                               "select at || ' ' || account || ' ' || operation || ' ' || noun ||"
                               " ' ' || subject || ' ' || branch_id || ' ' || result || ' ' ||"
                               " code || ' ' || detail || ' ' || request from audit where id = 7",
                               &t->arena);
    assert_string_equal(row, "1795305601000 system lead.op7 lead 1007 3 denied scope.branch"
                             " {\"changed\":[\"stage\"]} r-1");
}

static void the_table_itself_refuses_changes(void **state)
{
    struct tmpdb *t = *state;
    assert_int_equal(db_begin(t->db, &t->err), ST_OK);
    assert_int_not_equal(db_exec(t->db, &t->err, "update audit set result = 'ok' where id = 7",
                                 ""), ST_OK);
    assert_int_not_equal(db_exec(t->db, &t->err, "delete from audit where id = 7", ""), ST_OK);
    db_rollback(t->db);
    assert_true(verify(t).intact);
}

static void what_is_rolled_back_leaves_no_gap(void **state)
{
    struct tmpdb *t = *state;
    const struct audit_entry x = { .operation = "lead.claim", .result = "ok" };
    assert_int_equal(db_begin(t->db, &t->err), ST_OK);
    append(t, &x);
    db_rollback(t->db);
    assert_int_equal(db_begin(t->db, &t->err), ST_OK);
    append(t, &x);
    assert_int_equal(db_begin(t->db, &t->err), ST_OK);
    append(t, &x);
    db_rollback(t->db);
    append(t, &x);
    assert_int_equal(db_commit(t->db, &t->err), ST_OK);
    assert_true(verify(t).intact);
    assert_int_equal(verify(t).rows, ROWS + 2);
}

static void put_int(struct buf *b, int64_t v)
{
    buf_addc(b, 'i');
    for (int i = 0; i < 8; i++)
        buf_addc(b, (char)((uint64_t)v >> 8 * i));
}

static void put_text(struct buf *b, const char *s)
{
    if (!s) {
        buf_addc(b, 'n');
        return;
    }
    buf_addc(b, 't');
    for (int i = 0; i < 4; i++)
        buf_addc(b, (char)(strlen(s) >> 8 * i));
    buf_adds(b, s);
}

/* The format that audit.c's head describes, derived anew: an auditor's own program must be able to
 * check it. */
static void the_hash_is_what_the_paper_says(void **state)
{
    struct tmpdb *t = *state;
    unsigned char key[32], mac[32];
    char hex[65];
    struct buf b = BUF_INIT;
    keys_sub(t->keys, "audit.first", key);
    crypto_generichash(mac, 32, (const unsigned char *)TMPDB_ID, strlen(TMPDB_ID), key, 32);
    buf_add(&b, mac, 32);
    put_int(&b, 1);                         /* id */
    put_int(&b, 1);                         /* version */
    put_int(&b, TMPDB_NOW + 1000);          /* created_at */
    put_int(&b, TMPDB_NOW + 1000);          /* updated_at */
    put_int(&b, TMPDB_NOW + 1000);          /* at */
    put_text(&b, "system");
    put_text(&b, "lead.op1");
    put_text(&b, "lead");
    put_int(&b, 1001);
    put_int(&b, SH);
    put_text(&b, "denied");
    put_text(&b, "scope.branch");
    put_text(&b, "{\"changed\":[\"stage\"]}");
    put_text(&b, "r-1");
    keys_sub(t->keys, "audit", key);
    crypto_generichash(mac, 32, (const unsigned char *)b.s, b.len, key, 32);
    sodium_bin2hex(hex, sizeof hex, mac, 32);
    assert_string_equal(raw_text(t->path, "select hash from audit where id = 1", &t->arena),
                        arena_printf(&t->arena, "b2:%s", hex));
    buf_release(&b);
}

static void long_details_are_covered_to_the_last_byte(void **state)
{
    struct tmpdb *t = *state;
    for (size_t n = 900; n < 5000; n += 251) {
        char *detail = arena_alloc(&t->arena, n + 1);
        memset(detail, 'd', n);
        assert_int_equal(db_begin(t->db, &t->err), ST_OK);
        append(t, &(struct audit_entry){ .operation = "x", .result = "ok", .detail = detail });
        assert_int_equal(db_commit(t->db, &t->err), ST_OK);
    }
    struct audit_report r = verify(t);
    assert_true(r.intact);
    tamper(t, arena_printf(&t->arena, "update audit set detail ="
                           " substr(detail, 1, length(detail) - 1) || 'e' where id = %d",
                           (int)r.last_seq));
    expect(t, "audit.edited", r.last_seq);
}

static void verifying_can_be_cancelled(void **state)
{
    struct tmpdb *t = *state;
    const atomic_bool stop = true;
    struct audit_report r;
    assert_int_equal(db_begin(t->db, &t->err), ST_OK);
    for (int i = 0; i < 5000; i++) {
        append(t, &(struct audit_entry){ .operation = "x", .result = "ok" });
    }
    assert_int_equal(db_commit(t->db, &t->err), ST_OK);
    assert_int_equal(audit_verify(t->db, t->keys, &stop, &r, &t->err), ST_CANCELLED);
    assert_false(r.intact);
}

/* ---- edited ---------------------------------------------------------------------------------- */

static void an_edit_of_any_column_shows(void **state)
{
    static const char *const edits[] = {
        "version = 2", "created_at = created_at + 1", "updated_at = updated_at - 1", "at = at + 1",
        "account = 'staff'", "operation = 'lead.op8'", "noun = 'deal'", "noun = null", "noun = ''",
        "subject = 1008", "subject = null", "branch_id = 4", "branch_id = null", "result = 'ok'",
        "code = 'x'", "code = null", "detail = '{}'", "detail = null", "detail = ''",
        "request = null", "hash = 'b2:' || substr(hash, 4, 63) || 'x'", "hash = upper(hash)",
        "hash = ''", "hash = hash || '0'", "hash = (select hash from audit where id = 6)",
        "account = 'systeml', operation = 'ead.op7'",
        "account = 'system' || char(0)",
    };
    (void)state;
    for (size_t i = 0; i < sizeof edits / sizeof *edits; i++) {
        void *p;
        setup(&p);
        tamper(p, arena_printf(&((struct tmpdb *)p)->arena, "update audit set %s where id = 7",
                               edits[i]));
        expect(p, "audit.edited", 7);
        tmpdb_teardown(&p);
    }
}

/* Rows 5, 10, ... have no noun, no subject, no code: nothing must pass for it. */
static void nothing_is_not_something(void **state)
{
    static const char *const edits[] = {
        "noun = ''", "subject = 0", "subject = -9223372036854775808", "noun = 'n'",
    };
    (void)state;
    for (size_t i = 0; i < sizeof edits / sizeof *edits; i++) {
        void *p;
        setup(&p);
        tamper(p, arena_printf(&((struct tmpdb *)p)->arena, "update audit set %s where id = 5",
                               edits[i]));
        expect(p, "audit.edited", 5);
        tmpdb_teardown(&p);
    }
}

static void first_and_last_rows_are_no_exception(void **state)
{
    tamper(*state, "update audit set result = 'ok' where id = 20");
    expect(*state, "audit.edited", 20);
    raw_run(((struct tmpdb *)*state)->path, "update audit set result = 'failed' where id = 1");
    expect(*state, "audit.edited", 1);
}

/* ---- deleted, truncated ---------------------------------------------------------------------- */

static void a_deleted_row_shows(void **state)
{
    tamper(*state, "delete from audit where id = 7");
    expect(*state, "audit.missing", 7);
    raw_run(((struct tmpdb *)*state)->path, "delete from audit where id = 1");
    expect(*state, "audit.missing", 1);
}

static void closing_the_gap_does_not_help(void **state)
{
    tamper(*state, "delete from audit where id = 7;"
                   "update audit set id = id - 1 where id = 8;"
                   "update audit set id = id - 1 where id = 9;");
    expect(*state, "audit.edited", 7);
}

static void a_cut_tail_shows(void **state)
{
    tamper(*state, "delete from audit where id = 20");
    expect(*state, "audit.truncated", 20);
    raw_run(((struct tmpdb *)*state)->path, "delete from audit where id > 10");
    expect(*state, "audit.truncated", 11);
    raw_run(((struct tmpdb *)*state)->path, "delete from audit");
    expect(*state, "audit.truncated", 1);
}

static void nothing_at_all_is_not_intact(void **state)
{
    tamper(*state, "delete from audit; delete from meta where key = 'audit.head'");
    expect(*state, "audit.head", 1);
}

/* ---- moved, put in --------------------------------------------------------------------------- */

static void swapped_rows_show(void **state)
{
    tamper(*state, "update audit set id = -1 where id = 7; update audit set id = 7 where id = 8;"
                   "update audit set id = 8 where id = -1");
    expect(*state, "audit.edited", 7);
}

#define COPY_OF_LAST(id) \
    "insert into audit select " id ", version, created_at, updated_at, at, account, operation," \
    " noun, subject, branch_id, result, code, detail, request, hash from audit where id = 20"

static void a_row_put_in_shows(void **state)
{
    struct tmpdb *t = *state;
    tamper(t, COPY_OF_LAST("21"));
    expect(t, "audit.inserted", 21);
    struct audit_report r;
    raw_run(t->path, COPY_OF_LAST("0"));
    r = verify(t);
    assert_string_equal(r.finding, "audit.inserted");
    assert_int_equal(r.bad_seq, 0);
    assert_int_equal(r.rows, 0);
}

static void making_room_for_it_does_not_help(void **state)
{
    tamper(*state, "update audit set id = id + 1000 where id > 6;"
                   "update audit set id = id - 999 where id > 1000;"
                   "insert into audit select 7, version, created_at, updated_at, at, account,"
                   " operation, noun, subject, branch_id, 'ok', null, detail,"
                   " request, hash from audit where id = 8");
    expect(*state, "audit.edited", 7);
}

/* ---- the head -------------------------------------------------------------------------------- */

static void append_refused(struct tmpdb *t)
{
    struct ctx c = tmpdb_ctx(t);
    assert_int_equal(db_begin(t->db, &t->err), ST_OK);
    assert_int_equal(audit_append(&c, t->keys,
                                  &(struct audit_entry){ .operation = "x", .result = "ok" }),
                                  ST_FAILED);
    assert_string_equal(t->err.code, "audit.head");
    db_rollback(t->db);
}

/* A cut tail, and a head made to fit it: without the key there is no such head. Were rows appended
 * to it, the cut would be covered up. */
static void a_forged_head_shows_and_nothing_is_built_on_it(void **state)
{
    static const char *const forged[] = {
        "value = '10 ' || (select hash from audit where id = 10) || substr(value, 71)",
        "value = '10' || substr(value, 3)", "value = '19' || substr(value, 3)", "value = ''",
        "value = '20'", "value = value || ' '", "value = substr(value, 1, length(value) - 1)",
        "value = replace(value, 'b2:', 'B2:')", "value = '-' || value",
    };
    (void)state;
    for (size_t i = 0; i < sizeof forged / sizeof *forged; i++) {
        void *p;
        setup(&p);
        struct tmpdb *x = p;
        tamper(x, arena_printf(&x->arena, "update meta set %s where key = 'audit.head'",
                               forged[i]));
        expect(x, "audit.head", ROWS + 1);
        append_refused(x);
        raw_run(x->path, "delete from audit where id > 10");
        expect(x, "audit.head", 11);
        append_refused(x);
        tmpdb_teardown(&p);
    }
}

static void a_chain_is_not_begun_anew_over_rows(void **state)
{
    tamper(*state, "delete from meta where key = 'audit.head'");
    expect(*state, "audit.head", ROWS + 1);
    append_refused(*state);
}

static void rows_after_tampering_do_not_heal_it(void **state)
{
    struct tmpdb *t = *state;
    tamper(t, "delete from audit where id = 20");
    assert_int_equal(db_begin(t->db, &t->err), ST_OK);
    append(t, &(struct audit_entry){ .operation = "x", .result = "ok" });
    assert_int_equal(db_commit(t->db, &t->err), ST_OK);
    expect(t, "audit.missing", 20);
}

/* ---- keys and anchors ------------------------------------------------------------------------ */

static void another_key_proves_nothing(void **state)
{
    struct tmpdb *t = *state;
    struct keys *own = t->keys;
    assert_int_equal(keys_create(t->keydir, "other", &t->keys, &t->err), ST_OK);
    expect(t, "audit.edited", 1);
    append_refused(t);
    keys_free(t->keys);
    t->keys = own;
    assert_true(verify(t).intact);
}

/* The chain goes on under a new key; its first link holds what the old one proved. */
static void a_change_of_key_does_not_break_it(void **state)
{
    struct tmpdb *t = *state;
    struct keys *before;
    int number;
    struct audit_report r = verify(t);
    int64_t last = r.last_seq;
    const char *old_file = tmpdb_path(t, "old");
    assert_int_equal(mkdir(old_file, 0700), 0);
    assert_int_equal(keys_copy(t->keys, t->path, arena_printf(&t->arena, "%s/%s.key", old_file, TMPDB_ID),
                               &t->err), ST_OK);
    char *anchor = audit_anchor(t->db, &t->arena, &t->err);
    assert_int_equal(keys_add(t->keys, &number, &t->err), ST_OK);
    tmpdb_run(t, "insert into meta (key, value) values ('keys', '2 1')");
    assert_int_equal(db_begin(t->db, &t->err), ST_OK);
    append(t, &(struct audit_entry){ .operation = "x", .result = "ok" });
    append(t, &(struct audit_entry){ .operation = "y", .result = "ok" });
    assert_int_equal(db_commit(t->db, &t->err), ST_OK);
    assert_string_equal(raw_text(t->path, "select substr(hash, 1, 5) from audit where operation = 'x'",
                                 &t->arena), "b2.2:");
    r = verify(t);
    assert_true(r.intact);
    assert_int_equal(r.last_seq, last + 2);
    assert_int_equal(audit_check_anchor(t->db, t->keys, anchor, NULL, &r, &t->err), ST_OK);
    assert_true(r.intact);
    anchor = audit_anchor(t->db, &t->arena, &t->err);
    assert_int_equal(audit_check_anchor(t->db, t->keys, anchor, NULL, &r, &t->err), ST_OK);
    assert_true(r.intact);

    assert_int_equal(keys_load(old_file, TMPDB_ID, &before, &t->err), ST_OK);
    assert_int_equal(audit_verify(t->db, before, NULL, &r, &t->err), ST_OK);
    assert_string_equal(r.finding, "audit.key");
    assert_int_equal(r.bad_seq, last + 1);
    keys_free(before);

    tmpdb_run(t, "update meta set value = '2 0' where key = 'keys'");
    verify(t);
    assert_int_equal(keys_forget(t->keys, 1, &t->err), ST_OK);
    assert_true(verify(t).intact);
    tamper(t, "update audit set hash = 'b2:' || substr(hash, 6) where operation = 'y'");
    expect(t, "audit.edited", last + 2);
}

static enum status anchored(struct tmpdb *t, const char *anchor, struct audit_report *r)
{
    return audit_check_anchor(t->db, t->keys, anchor, NULL, r, &t->err);
}

static void an_anchor_holds_while_the_chain_grows(void **state)
{
    struct tmpdb *t = *state;
    struct audit_report r;
    const char *anchor = audit_anchor(t->db, &t->arena, &t->err);
    assert_non_null(anchor);
    assert_int_equal(anchored(t, anchor, &r), ST_OK);
    assert_true(r.intact);
    assert_int_equal(db_begin(t->db, &t->err), ST_OK);
    append(t, &(struct audit_entry){ .operation = "x", .result = "ok" });
    assert_int_equal(db_commit(t->db, &t->err), ST_OK);
    assert_int_equal(anchored(t, arena_printf(&t->arena, "%s\n", anchor), &r), ST_OK);
    assert_true(r.intact);
    assert_int_equal(r.rows, ROWS + 1);
}

/* The one thing the chain itself can't show: the whole file as it was an hour ago. The anchor
 * does. */
static void an_old_state_put_back_shows_by_the_anchor_alone(void **state)
{
    struct tmpdb *t = *state;
    struct audit_report r;
    const char *head = raw_text(t->path, "select value from meta where key = 'audit.head'",
                                &t->arena);
    assert_int_equal(db_begin(t->db, &t->err), ST_OK);
    for (int i = 0; i < 5; i++)
        append(t, &(struct audit_entry){ .operation = "lead.export", .result = "ok" });
    assert_int_equal(db_commit(t->db, &t->err), ST_OK);
    const char *anchor = audit_anchor(t->db, &t->arena, &t->err);
    tamper(t, arena_printf(&t->arena,
                           "delete from audit where id > %d;"
                           "update meta set value = '%s' where key = 'audit.head'", ROWS, head));
    assert_true(verify(t).intact);
    assert_int_equal(anchored(t, anchor, &r), ST_OK);
    assert_false(r.intact);
    assert_string_equal(r.finding, "audit.truncated");
    assert_int_equal(r.bad_seq, ROWS + 1);

    /* and other rows in the place of the lost ones */
    assert_int_equal(db_begin(t->db, &t->err), ST_OK);
    for (int i = 0; i < 9; i++)
        append(t, &(struct audit_entry){ .operation = "lead.list", .result = "ok" });
    assert_int_equal(db_commit(t->db, &t->err), ST_OK);
    assert_true(verify(t).intact);
    assert_int_equal(anchored(t, anchor, &r), ST_OK);
    assert_false(r.intact);
    assert_string_equal(r.finding, "audit.rewritten");
    assert_int_equal(r.bad_seq, ROWS + 5);
}

static void what_is_no_anchor_of_this_database_is_refused(void **state)
{
    struct tmpdb *t = *state;
    struct audit_report r;
    char *anchor = audit_anchor(t->db, &t->arena, &t->err);
    const char *bad[] = {
        "", "gonghai-audit 1 ", "hello", arena_printf(&t->arena, "gonghai-audit 2 %s", anchor + 16),
        arena_printf(&t->arena, " %s", anchor), anchor,
    };
    anchor[16] ^= 1;        /* another seq */
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(anchored(t, bad[i], &r), ST_INVALID);
        assert_string_equal(t->err.code, "audit.anchor");
        assert_false(r.intact);
    }
}

#define test(f) cmocka_unit_test_setup_teardown(f, setup, tmpdb_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        test(an_untouched_chain_is_intact),
        test(a_row_says_who_did_what),
        test(the_table_itself_refuses_changes),
        test(what_is_rolled_back_leaves_no_gap),
        test(the_hash_is_what_the_paper_says),
        test(long_details_are_covered_to_the_last_byte),
        test(verifying_can_be_cancelled),
        cmocka_unit_test(an_edit_of_any_column_shows),
        cmocka_unit_test(nothing_is_not_something),
        test(first_and_last_rows_are_no_exception),
        test(a_deleted_row_shows),
        test(closing_the_gap_does_not_help),
        test(a_cut_tail_shows),
        test(nothing_at_all_is_not_intact),
        test(swapped_rows_show),
        test(a_row_put_in_shows),
        test(making_room_for_it_does_not_help),
        cmocka_unit_test(a_forged_head_shows_and_nothing_is_built_on_it),
        test(a_chain_is_not_begun_anew_over_rows),
        test(rows_after_tampering_do_not_heal_it),
        test(another_key_proves_nothing),
        test(a_change_of_key_does_not_break_it),
        test(an_anchor_holds_while_the_chain_grows),
        test(an_old_state_put_back_shows_by_the_anchor_alone),
        test(what_is_no_anchor_of_this_database_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
