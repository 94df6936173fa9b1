#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/contract/bank.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/json.h"
#include "core/api/init.h"
#include "core/api/sentence.h"
#include "core/guard/session.h"
#include "core/model/nouns.h"
#include "core/model/record_json.h"

static void must(struct bank *k, enum status st, const char *what)
{
    if (st)
        fail_msg("%s: %s %s [%s] [%s]", what, k->e.code, k->e.field, k->e.param[0], k->e.param[1]);
}

/* ---- a server in the place of a file ------------------------------------------------------------------- */

static bool is_remote(void)
{
    const char *way = getenv("GONGHAI_BACKEND");
    return way && strcmp(way, "unix") == 0;
}

/* A session without a password: accounts of the bank have none. */
static const char *session_of(struct bank *k, const char *login)
{
    char token[SESSION_TOKEN];
    struct actor who;
    struct session_rules rules = { .whole_ms = 400 * (int64_t)CLOCK_DAY, .idle_ms = NONE, .most = 100 };
    must(k, actor_load(k->raw.db, login, &k->arena, &who, &k->e), login);
    struct ctx c = { .db = k->raw.db, .arena = &k->arena, .e = &k->e, .who = &who, .now = clock_now(),
                     .request = "bank" };
    struct session_new new = { .account = who.account, .from = "bank", .rules = &rules };
    must(k, db_begin(c.db, c.e), "session");
    must(k, session_begin(&c, &new, token, &(int64_t){ 0 }), "session");
    must(k, db_commit(c.db, c.e), "session");
    return arena_strdup(&k->arena, token);
}

static struct backend_config remote_config(struct bank *k, const char *login)
{
    const char *where = bank_text(k, "unix:%s/server", k->dir);
    struct server_config config = { .data = { .url = k->path, .keys_dir = k->keys },
                                    .listen = where,
                                    .threads = 1 };
    if (!k->server)
        must(k, server_start(&k->server, &config, &k->e), "server");
    return (struct backend_config){ .server = where, .token = login ? session_of(k, login) : NULL };
}

void bank_as(struct bank *k, const char *login)
{
    struct backend_config c = { .url = k->path, .keys_dir = k->keys, .as = login };
    backend_close(k->b);
    k->b = NULL;
    k->login = login;
    if (is_remote())
        c = remote_config(k, login);
    must(k, backend_open(&c, &k->b, &k->e), "open");
}

void bank_later(int64_t ms)
{
    clock_set(clock_now() + ms);
}

static void people(struct bank *k)
{
    static const char *const rows[][2] = {
        { "branch.create",
          "{\"code\":\"N\",\"name\":\"North\",\"parent\":\"HQ\",\"level\":\"branch\"}" },
        { "branch.create",
          "{\"code\":\"S\",\"name\":\"South\",\"parent\":\"HQ\",\"level\":\"branch\"}" },
        { "branch.create",
          "{\"code\":\"N1\",\"name\":\"North 1\",\"parent\":\"N\",\"level\":\"outlet\"}" },
        { "branch.create",
          "{\"code\":\"N2\",\"name\":\"North 2\",\"parent\":\"N\",\"level\":\"outlet\"}" },
        { "employee.create", "{\"code\":\"101\",\"name\":\"Li\",\"branch\":\"N1\"}" },
        { "employee.create", "{\"code\":\"102\",\"name\":\"Wang\",\"branch\":\"N1\"}" },
        { "employee.create", "{\"code\":\"201\",\"name\":\"Zhao\",\"branch\":\"N2\"}" },
        { "employee.create", "{\"code\":\"300\",\"name\":\"Sun\",\"branch\":\"N\"}" },
        { "employee.create", "{\"code\":\"400\",\"name\":\"Qian\",\"branch\":\"S\"}" },
        { "account.create",
          "{\"code\":\"101\",\"employee\":\"101\",\"roles\":\"staff\",\"active\":true}" },
        { "account.create",
          "{\"code\":\"102\",\"employee\":\"102\",\"roles\":\"staff\",\"active\":true}" },
        { "account.create",
          "{\"code\":\"201\",\"employee\":\"201\",\"roles\":\"staff\",\"active\":true}" },
        { "account.create",
          "{\"code\":\"300\",\"employee\":\"300\",\"roles\":\"supervisor\",\"active\":true}" },
        { "account.create",
          "{\"code\":\"400\",\"employee\":\"400\",\"roles\":\"staff\",\"active\":true}" },
        { "account.create",
          "{\"code\":\"audit\",\"branch\":\"HQ\",\"roles\":\"auditor\",\"active\":true}" },
        { "product.create", "{\"code\":\"card\",\"name\":\"Card\",\"active\":true}" },
        { "product.create", "{\"code\":\"loan\",\"name\":\"Loan\",\"active\":true}" },
        { "channel.create", "{\"code\":\"web\",\"name\":\"Web\",\"active\":true}" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        bank_do(k, rows[i][0], rows[i][1]);
}

int bank_setup(void **state)
{
    struct bank *k = calloc(1, sizeof *k);
    const char *tmp = getenv("TMPDIR");
    i18n_init("en");
    snprintf(k->dir, sizeof k->dir, "%s/bank.XXXXXX", tmp ? tmp : "/tmp");
    if (!mkdtemp(k->dir))
        return -1;
    snprintf(k->path, sizeof k->path, "%s/t.db", k->dir);
    snprintf(k->keys, sizeof k->keys, "%s/keys", k->dir);
    clock_set(BANK_NOW);
    struct init_options o = { .url = k->path, .keys_dir = k->keys, .test = true };
    must(k, database_init(&o, &k->e), "init");
    must(k, database_open(k->path, k->keys, 0, &k->raw, &k->e), "raw");
    bank_as(k, NULL);
    people(k);
    *state = k;
    return 0;
}

int bank_teardown(void **state)
{
    struct bank *k = *state;
    char command[400];
    backend_close(k->b);
    if (k->server)
        server_stop(k->server, 1000);
    database_close(&k->raw);
    arena_free(&k->arena);
    snprintf(command, sizeof command, "rm -rf '%s'", k->dir);
    clock_set(NONE);
    int rc = system(command);
    free(k);
    return rc;
}

/* ---- calls -------------------------------------------------------------------------------------------- */

static const char *page_json(struct bank *k, const struct op *op, const struct page *page)
{
    struct buf out = BUF_INIT;
    struct jw w;
    jw_init(&w, &out);
    jw_object(&w);
    jw_key(&w, "items");
    jw_array(&w);
    for (size_t i = 0; i < page->rows.n; i++)
        record_to_json(&w, op->out, (const char *)page->rows.items + i * op->out->size);
    jw_end_array(&w);
    jw_key(&w, "next");
    jw_str(&w, page->next);
    jw_end_object(&w);
    const char *text = arena_strdup(&k->arena, out.s);
    buf_release(&out);
    return text;
}

static const char *record_text_of(struct bank *k, const struct op *op, const void *rec)
{
    struct buf out = BUF_INIT;
    struct jw w;
    jw_init(&w, &out);
    record_to_json(&w, op->out, rec);
    const char *text = arena_strdup(&k->arena, out.s);
    buf_release(&out);
    return text;
}

const char *bank_call_key(struct bank *k, const char *name, const char *json, const char *key)
{
    const struct op *op = op_find(name);
    if (!op)
        fail_msg("no operation %s", name);
    struct json *j = NULL;
    bool *given = NULL;
    void *in = NULL;
    const struct attr_def *defs = NULL;
    size_t ndefs = 0;
    attr_defs(k->raw.db, &lead_noun, &k->arena, &defs, &ndefs, NULL);
    must(k, json_parse(json, strlen(json), &j, &k->e), json);
    if (op->in) {
        in = record_new(op->in, &k->arena);
        enum status st = record_from_json(j, op->in, defs, ndefs, &k->arena, in, &given, &k->e);
        if (st) {
            json_free(j);
            return NULL;
        }
    }
    json_free(j);
    struct page page = { 0 };
    void *out = op->many == OUT_MANY ? (void *)&page : op->out ? arena_alloc(&k->arena, op->out->size) : NULL;
    struct call c = { .op = op, .in = in, .given = given, .key = key };
    if (backend_call(k->b, &c, &k->arena, out, &k->e))
        return NULL;
    return op->many == OUT_MANY ? page_json(k, op, &page) : op->out ? record_text_of(k, op, out) : "{}";
}

const char *bank_call(struct bank *k, const char *op, const char *json)
{
    return bank_call_key(k, op, json, NULL);
}

const char *bank_do(struct bank *k, const char *op, const char *json)
{
    const char *reply = bank_call(k, op, json);
    if (!reply)
        fail_msg("%s %s: %s (%s)", op, json, sentence(&k->arena, &k->e), k->e.code);
    return reply;
}

const char *bank_get(struct bank *k, const char *reply, const char *member)
{
    struct json *j = NULL;
    must(k, json_parse(reply, strlen(reply), &j, &k->e), "reply");
    const struct json *v = json_get(j, member);
    const char *text = "";
    if (v && json_string(v))
        text = arena_strdup(&k->arena, json_string(v));
    else if (v && json_type(v) == JSON_NUMBER)
        text = bank_text(k, "%.0f", json_number(v));
    else if (v && json_type(v) == JSON_BOOL)
        text = json_bool(v) ? "true" : "false";
    json_free(j);
    return text;
}

const char *bank_on(struct bank *k, const char *op, const char *id, const char *more)
{
    return bank_call(k, op, bank_text(k, "{\"id\":\"%s\"%s}", id, more));
}

const char *bank_field(struct bank *k, const char *id, const char *member)
{
    return bank_get(k, bank_do(k, "lead.get", bank_text(k, "{\"id\":\"%s\"}", id)), member);
}

void bank_refused(struct bank *k, const char *reply, enum status st, const char *code)
{
    assert_null(reply);
    assert_string_equal(k->e.code, code);
    assert_int_equal(k->e.status, st);
}

/* ---- beside the operations ---------------------------------------------------------------------------- */

/* What a test itself asks is none of the product's statements, which tests/system/pg-prepare.sh collects. */
static const char *log_off(struct bank *k)
{
    const char *log = arena_strdup(&k->arena, getenv("GONGHAI_SQL_LOG"));
    unsetenv("GONGHAI_SQL_LOG");
    return log;
}

static void log_on(const char *log)
{
    if (log)
        setenv("GONGHAI_SQL_LOG", log, 1);
}

const char *bank_sql(struct bank *k, const char *sql)
{
    const char *log = log_off(k);
    struct stmt *s = db_query(k->raw.db, sql, "");
    const char *text = db_row(s) ? db_strdup(s, 0, &k->arena) : NULL;
    must(k, db_end(s, &k->e), sql);
    log_on(log);
    return text ? text : "";
}

int64_t bank_sql_int(struct bank *k, const char *sql)
{
    int64_t v;
    const char *log = log_off(k);
    must(k, db_get_int(k->raw.db, &k->e, &v, sql, ""), sql);
    log_on(log);
    return v;
}

const char *bank_file(struct bank *k, const char *name, const char *text)
{
    const char *path = bank_text(k, "%s/%s", k->dir, name);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
    return path;
}

int64_t bank_count(struct bank *k, const char *where)
{
    struct buf b = BUF_INIT;
    struct jw w;
    jw_init(&w, &b);
    jw_object(&w);
    jw_key(&w, "where");
    jw_str(&w, where);
    jw_end_object(&w);
    const char *reply = bank_do(k, "lead.count", arena_strdup(&k->arena, b.s));
    buf_release(&b);
    return atoll(bank_get(k, reply, "count"));
}
