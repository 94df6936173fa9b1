/* test_org_config.c - channels, products, pools, stages and custom fields: what may be switched
 * off, and what a new field makes possible. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "core/model/labels.h"
#include "core/store/ddl.h"
#include "tests/unit/orgworld.h"

#define assert_code(w, text) assert_string_equal((w)->e.code, text)

static int64_t make_channel(struct world *w, const char *code, int64_t parent)
{
    struct done done = { 0 };
    struct channel x;
    record_empty(&channel_record, &x);
    x.code = x.name = code;
    x.parent.id = parent;
    assert_int_equal(world_call(w, "channel.create", &x, &done), ST_OK);
    return done.id;
}

static struct pool pool_of(const char *code, int64_t branch, int64_t parent)
{
    struct pool x;
    record_empty(&pool_record, &x);
    x.code = x.name = code;
    x.branch.id = branch;
    x.parent.id = parent;
    return x;
}

static int64_t make_pool(struct world *w, const char *code, int64_t branch, int64_t parent)
{
    struct done done = { 0 };
    struct pool x = pool_of(code, branch, parent);
    assert_int_equal(world_call(w, "pool.create", &x, &done), ST_OK);
    return done.id;
}

static enum status switch_pool(struct world *w, int64_t id, int64_t active)
{
    struct pool x = pool_of(NULL, 0, 0);
    x.head.id = id;
    x.active = active;
    return world_call(w, "pool.change", &x, NULL);
}

/* ---- channels, products ---------------------------------------------------------------------- */

static void channels_form_a_tree(void **state)
{
    struct world *w = *state;
    int64_t web = make_channel(w, "web", 0), search = make_channel(w, "search", web),
            paid = make_channel(w, "paid", search);
    assert_string_equal(world_text(w, "select kind from channel where code = 'web'"), "online");
    struct channel x;
    record_empty(&channel_record, &x);
    x.head.id = web;
    x.parent.id = paid;
    assert_int_equal(world_call(w, "channel.change", &x, NULL), ST_CONFLICT);
    assert_code(w, "noun.ring");
    x.parent.id = web;
    assert_int_equal(world_call(w, "channel.change", &x, NULL), ST_CONFLICT);
    x.head.id = paid;
    assert_int_equal(world_call(w, "channel.change", &x, NULL), ST_OK);

    record_empty(&channel_record, &x);
    x.code = "WEB";
    x.name = "x";
    assert_int_equal(world_call(w, "channel.create", &x, NULL), ST_CONFLICT);
    assert_code(w, "noun.duplicate");
    assert_string_equal(w->e.field, "code");
}

static void the_product_none_stays(void **state)
{
    struct world *w = *state;
    struct product x;
    record_empty(&product_record, &x);
    x.head.id = PRODUCT_NONE;
    x.active = 0;
    assert_int_equal(world_call(w, "product.change", &x, NULL), ST_CONFLICT);
    assert_code(w, "product.none_needed");
    x.active = NONE;
    x.name = "未定";
    assert_int_equal(world_call(w, "product.change", &x, NULL), ST_OK);
}

/* ---- pools ----------------------------------------------------------------------------------- */

static void pools_with_leads_stay(void **state)
{
    struct world *w = *state;
    int64_t east = make_pool(w, "east", EAST, POOL_DEFAULT), sh = make_pool(w, "sh", SH, east);
    assert_int_equal(switch_pool(w, POOL_DEFAULT, 0), ST_CONFLICT);
    assert_code(w, "pool.default_needed");
    assert_int_equal(switch_pool(w, east, 0), ST_CONFLICT);
    assert_code(w, "pool.has_pools");

    int64_t lead = world_lead(w, SH, 0, 0);
    tmpdb_run(&w->t, arena_printf(&w->t.arena, "update lead set pool_id = %lld where id = %lld",
                                  (long long)sh, (long long)lead));
    assert_int_equal(switch_pool(w, sh, 0), ST_CONFLICT);
    assert_code(w, "pool.has_leads");
    assert_string_equal(w->e.param[0], "1");
    tmpdb_run(&w->t, "update lead set pool_id = 501");
    assert_int_equal(switch_pool(w, sh, 0), ST_OK);
    assert_int_equal(switch_pool(w, east, 0), ST_OK);
    assert_int_equal(switch_pool(w, sh, 1), ST_CONFLICT);       /* its parent is off */
    assert_code(w, "pool.inactive");
}

static void the_last_pool_stays(void **state)
{
    struct world *w = *state;
    int64_t only = make_pool(w, "only", HQ, 0);
    tmpdb_run(&w->t, "update pool set active = 0 where code = 'default'");
    assert_int_equal(switch_pool(w, only, 0), ST_CONFLICT);
    assert_code(w, "pool.last");
}

static void pools_form_no_ring_and_stand_in_scope(void **state)
{
    struct world *w = *state;
    int64_t east = make_pool(w, "east", EAST, POOL_DEFAULT);
    struct pool x = pool_of(NULL, 0, east);
    x.head.id = POOL_DEFAULT;
    assert_int_equal(world_call(w, "pool.change", &x, NULL), ST_CONFLICT);
    assert_code(w, "noun.ring");
    world_as(w, "operations");
    x = pool_of("west", WEST, 0);
    assert_int_equal(world_call(w, "pool.create", &x, NULL), ST_DENIED);
    assert_code(w, "scope.branch");
    world_as(w, "staff");
    assert_int_equal(world_call(w, "pool.create", &x, NULL), ST_DENIED);
    assert_code(w, "right.missing");
}

/* ---- stages ---------------------------------------------------------------------------------- */

static struct stage stage_change(int64_t id)
{
    struct stage x;
    record_empty(&stage_record, &x);
    x.head.id = id;
    return x;
}

static void stages_in_use_stay(void **state)
{
    struct world *w = *state;
    world_lead(w, SH, EMPLOYEE + SH, 0);
    struct stage x = stage_change(STAGE_NEW);
    x.active = 0;
    assert_int_equal(world_call(w, "stage.change", &x, NULL), ST_CONFLICT);
    assert_code(w, "stage.needed");
    tmpdb_run(&w->t, "update lead set stage_id = 402");
    x.head.id = STAGE_MQL;
    assert_int_equal(world_call(w, "stage.change", &x, NULL), ST_CONFLICT);
    assert_code(w, "stage.has_leads");
    tmpdb_run(&w->t, "update lead set stage_id = 401");
    assert_int_equal(world_call(w, "stage.change", &x, NULL), ST_OK);

    x = stage_change(STAGE_MQL);
    x.kind = "won";
    assert_int_equal(world_call(w, "stage.change", &x, NULL), ST_INVALID);
    assert_code(w, "field.fixed");
}

static void a_stage_of_the_banks_own_has_a_name(void **state)
{
    struct world *w = *state;
    struct stage x = stage_change(0);
    x.code = "visited";
    x.position = 35;
    x.kind = "open";
    assert_int_equal(world_call(w, "stage.create", &x, NULL), ST_INVALID);
    assert_string_equal(w->e.field, "name");
    x.name = "已到店";
    assert_int_equal(world_call(w, "stage.create", &x, NULL), ST_OK);
    x = stage_change(STAGE_MQL);        /* a shipped one may lose its own name again */
    x.name = "市场线索";
    assert_int_equal(world_call(w, "stage.change", &x, NULL), ST_OK);
    x.name = NULL;
    assert_int_equal(world_give(w, "stage.change", "name", &x, NULL), ST_OK);
    assert_string_equal(world_text(w, "select coalesce(name, '-') from stage where code = 'mql'"),
                        "-");
}

static void stages_have_labels(void **state)
{
    (void)state;
    assert_string_equal(stage_label(&(struct ref){ 1, "new", NULL }), "new lead");
    assert_string_equal(stage_label(&(struct ref){ 1, "new", "新到" }), "新到");
    assert_string_equal(stage_label(&(struct ref){ 1, "visited", NULL }), "visited");
    assert_string_equal(stage_label(&(struct ref){ 0 }), "");
    assert_true(stage_shipped("duplicate") && !stage_shipped("visited") && !stage_shipped(NULL));
}

/* ---- custom fields --------------------------------------------------------------------------- */

static struct custom_field field_of(const char *code, const char *type, const char *choices)
{
    struct custom_field x;
    record_empty(&custom_field_record, &x);
    x.noun = "lead";
    x.code = x.name = code;
    x.type = type;
    x.choices = choices;
    return x;
}

static int64_t make_field(struct world *w, const char *code, const char *type, const char *choices)
{
    struct done done = { 0 };
    struct custom_field x = field_of(code, type, choices);
    assert_int_equal(world_call(w, "custom_field.create", &x, &done), ST_OK);
    return done.id;
}

/* What STRICT knows; a wrong one would have been refused by SQLite. */
static void a_custom_field_is_a_column(void **state)
{
    struct world *w = *state;
    make_field(w, "age", "number", NULL);
    make_field(w, "job", "text", NULL);
    make_field(w, "level", "choice", "gold, silver ,vip");
    make_field(w, "opened", "date", NULL);
    make_field(w, "1st_time", "flag", NULL);
    assert_string_equal(
        world_text(
            w, "select group_concat(name || ' ' || type, ',') from pragma_table_info('lead_x')"),
        "id INTEGER,a_age REAL,a_job TEXT,k_job TEXT,a_level TEXT,k_level TEXT,a_opened INTEGER,"
        "a_1st_time INTEGER");
    assert_string_equal(world_text(w, "select choices from custom_field where code = 'level'"),
                        "gold,silver,vip");
    assert_string_equal(
        world_text(w, "select group_concat(code, ',') from (select code from custom_field order by"
                      " position)"),
        "age,job,level,opened,1st_time");

    int64_t lead = world_lead(w, SH, 0, 0);
    struct lead l;
    struct shape shape;
    struct arena *a = &w->t.arena;
    assert_int_equal(shape_full(w->t.db, &lead_noun, a, &shape, &w->e), ST_OK);
    assert_int_equal(row_get(w->t.db, &lead_noun, lead, NULL, a, &l, &w->e), ST_OK);
    struct lead now = l;
    now.attr.items = arena_memdup(a, l.attr.items, l.attr.n * sizeof *l.attr.items);
    now.head.updated_at = TMPDB_NOW;
    attr_get(&now.attr, "age")->d = 41.5;
    attr_get(&now.attr, "job")->s = "Teacher";
    attr_get(&now.attr, "1st_time")->i = 1;
    assert_int_equal(db_begin(w->t.db, &w->e), ST_OK);
    assert_int_equal(row_update(w->t.db, &shape, &l, &now, a, NULL, &w->e), ST_OK);
    assert_int_equal(db_commit(w->t.db, &w->e), ST_OK);
    assert_string_equal(world_text(w, "select a_age || k_job || a_1st_time from lead_x"),
                        "41.5teacher1");
}

static void keys_are_plain(void **state)
{
    struct world *w = *state;
    static const char *const bad[] = {
        "Age", "a b", "a-b", "年龄", "a;drop", "a23456789012345678901234567890123456789012",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct custom_field x = field_of(bad[i], "text", NULL);
        assert_int_equal(world_call(w, "custom_field.create", &x, NULL), ST_INVALID);
        assert_code(w, "custom_field.key");
    }
    make_field(w, "a234567890123456789012345678901234567890", "text", NULL);
    make_field(w, "select", "text", NULL);
    struct custom_field x = field_of("select", "number", NULL);
    assert_int_equal(world_call(w, "custom_field.create", &x, NULL), ST_CONFLICT);
    assert_code(w, "noun.duplicate");
}

static void a_refused_field_leaves_no_column(void **state)
{
    struct world *w = *state;
    make_field(w, "job", "text", NULL);
    struct custom_field x = field_of("job", "text", NULL);
    assert_int_equal(world_call(w, "custom_field.create", &x, NULL), ST_CONFLICT);
    assert_int_equal(world_int(w, "select count(*) from pragma_table_info('lead_x')"), 3);
    x = field_of("level", "choice", NULL);
    assert_int_equal(world_call(w, "custom_field.create", &x, NULL), ST_INVALID);
    assert_string_equal(w->e.field, "choices");
    x = field_of("age", "number", "a,b");
    assert_int_equal(world_call(w, "custom_field.create", &x, NULL), ST_INVALID);
    assert_code(w, "custom_field.no_choices");
    x = field_of("level", "choice", "gold,,silver");
    assert_int_equal(world_call(w, "custom_field.create", &x, NULL), ST_INVALID);
    assert_code(w, "custom_field.empty_choice");
    x = field_of("level", "choice", "gold,GOLD");
    assert_int_equal(world_call(w, "custom_field.create", &x, NULL), ST_INVALID);
    assert_code(w, "custom_field.same_choice");
    assert_int_equal(world_int(w, "select count(*) from pragma_table_info('lead_x')"), 3);
}

static void choices_grow_and_shrink_only_unused(void **state)
{
    struct world *w = *state;
    struct custom_field x = field_of(NULL, NULL, NULL);
    x.noun = NULL;
    x.head.id = make_field(w, "level", "choice", "gold,silver,vip");
    int64_t lead = world_lead(w, SH, 0, 0);
    tmpdb_run(&w->t,
              arena_printf(&w->t.arena,
                           "insert into lead_x (id, a_level, k_level) values (%lld, 'silver',"
                           " 'silver')",
                           (long long)lead));
    x.choices = "vip,gold";
    assert_int_equal(world_call(w, "custom_field.change", &x, NULL), ST_CONFLICT);
    assert_code(w, "custom_field.choice_used");
    assert_string_equal(w->e.param[0], "silver");
    assert_string_equal(w->e.param[1], "1");
    x.choices = "silver,gold,platinum";         /* vip was nobody's */
    assert_int_equal(world_call(w, "custom_field.change", &x, NULL), ST_OK);
    x.choices = NULL;
    x.name = "等级";
    assert_int_equal(world_call(w, "custom_field.change", &x, NULL), ST_OK);
    assert_string_equal(world_text(w, "select name || choices from custom_field"),
                        "等级silver,gold,platinum");
    x.type = "text";
    assert_int_equal(world_call(w, "custom_field.change", &x, NULL), ST_INVALID);
    assert_code(w, "field.fixed");
}

static void there_are_not_too_many(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < CUSTOM_FIELDS_MOST; i++)
        tmpdb_run(
            &w->t,
            arena_printf(
                &w->t.arena,
                "insert into custom_field (id, version, created_at, updated_at, noun,"
                " code, code_key, name, name_key, type) values (%d, 1, 0, 0, 'lead', 'f%d', 'f%d',"
                " 'x', 'x', 'text')",
                i + 1, i, i));
    struct custom_field x = field_of("more", "text", NULL);
    assert_int_equal(world_call(w, "custom_field.create", &x, NULL), ST_CONFLICT);
    assert_code(w, "custom_field.too_many");
}

static void types_are_those_of_strict_tables(void **state)
{
    struct world *w = *state;
    assert_string_equal(db_type(w->t.db, F_NUMBER), "real");
    assert_string_equal(db_type(w->t.db, F_TIME), "integer");
    assert_string_equal(db_type(w->t.db, F_CHOICE), "text");
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)
    const struct CMUnitTest tests[] = {
        T(channels_form_a_tree),
        T(the_product_none_stays),
        T(pools_with_leads_stay),
        T(the_last_pool_stays),
        T(pools_form_no_ring_and_stand_in_scope),
        T(stages_in_use_stay),
        T(a_stage_of_the_banks_own_has_a_name),
        T(stages_have_labels),
        T(a_custom_field_is_a_column),
        T(keys_are_plain),
        T(a_refused_field_leaves_no_column),
        T(choices_grow_and_shrink_only_unused),
        T(there_are_not_too_many),
        T(types_are_those_of_strict_tables),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
