/* test_matrix.c - every operation as every role, against the table written by hand in matrix.txt.
 *
 * A bank of two branches (SH and WEST) is made once, by operations of its local owner; then each
 * call gets a copy of it to itself. What belongs to WEST carries WEST in its name or in that of
 * what it points to. Inputs are JSON with places: @lead is SH's lead or, where the scope is tried,
 * WEST's.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/json.h"
#include "core/api/backend.h"
#include "core/api/init.h"
#include "core/guard/totp.h"
#include "core/model/record_json.h"
#include "tests/unit/tmpdb.h"

enum { ROWS_MOST = 400, PLACES = 24 };

/* What belongs to the own person, in clear: none of it may come back but by a reveal. */
#define PHONE "13812345678"
#define EMAIL "zhangsan@bank.example"
#define ID_NO "11010519491231002X"
#define NAME "张三丰"

/* ---- the table ------------------------------------------------------------------------------- */

struct row { char op[40]; char cell[ACCOUNT_ROLE_COUNT]; char scope[16]; bool seen; };

/* The order of the columns. */
static const enum account_role columns[ACCOUNT_ROLE_COUNT] = {
    ROLE_SYSADMIN,   ROLE_SECADMIN,    ROLE_AUDITADMIN, ROLE_STAFF,   ROLE_SUPERVISOR,
    ROLE_OPERATIONS, ROLE_HEAD_OFFICE, ROLE_CONFIG,     ROLE_AUDITOR, ROLE_LOCAL_OWNER,
};

/* Those that see their branch and below. */
static bool is_scoped(enum account_role r)
{
    return r == ROLE_STAFF || r == ROLE_SUPERVISOR || r == ROLE_OPERATIONS || r == ROLE_CONFIG;
}

static struct row rows[ROWS_MOST];
static size_t nrows;

static void read_row(const char *line, int number)
{
    struct row *x = &rows[nrows++];
    char cells[ACCOUNT_ROLE_COUNT][4];
    int n = sscanf(line, "%39s %3s %3s %3s %3s %3s %3s %3s %3s %3s %3s %15s", x->op, cells[0],
                   cells[1], cells[2], cells[3], cells[4], cells[5], cells[6], cells[7], cells[8],
                   cells[9], x->scope);
    if (n != ACCOUNT_ROLE_COUNT + 2)
        fail_msg("matrix.txt:%d: %d words where %d are wanted", number, n, ACCOUNT_ROLE_COUNT + 2);
    for (int i = 0; i < ACCOUNT_ROLE_COUNT; i++) {
        if (!strchr("-+mnc", cells[i][0]) || cells[i][1])
            fail_msg("matrix.txt:%d: what is \"%s\"?", number, cells[i]);
        x->cell[columns[i]] = cells[i][0];
    }
}

static void read_table(void)
{
    FILE *f = fopen("tests/contract/matrix.txt", "r");
    char line[256];
    if (!f)
        fail_msg("tests/contract/matrix.txt: %s (run in the project's folder)", strerror(errno));
    for (int number = 1; fgets(line, sizeof line, f); number++)
        if (line[0] != '#' && line[0] != '\n')
            read_row(line, number);
    fclose(f);
}

static struct row *row_of(const char *op)
{
    for (size_t i = 0; i < nrows; i++)
        if (strcmp(rows[i].op, op) == 0)
            return &rows[i];
    return NULL;
}

/* ---- inputs ---------------------------------------------------------------------------------- */

#define LIST_OF "{\"limit\":500}"
#define COUNT_OF "{}"

/* What each operation is called with. A NOUN.list, .count, .explain, .get, .export or .import
 * needs no line. */
static const struct { const char *op, *in; } inputs[] = {
    { "lead.create", "{\"name\":\"新客\",\"branch\":\"@branch\"}" },
    { "lead.change", "{\"id\":\"@lead\",\"intent\":\"high\"}" },
    { "lead.claim", "{\"id\":\"@pooled\"}" },
    { "lead.assign", "{\"id\":\"@lead\",\"employee\":\"E.SUPERVISOR\"}" },
    { "lead.return", "{\"id\":\"@lead\",\"reason\":\"远\"}" },
    { "lead.follow_up", "{\"id\":\"@lead\",\"way\":\"phone\",\"result\":\"reached\"}" },
    { "lead.stage", "{\"id\":\"@lead\",\"stage\":\"mql\"}" },
    { "lead.win", "{\"id\":\"@lead\",\"amount\":100}" },
    { "lead.lose", "{\"id\":\"@lead\",\"reason\":\"无意向\"}" },
    { "lead.tag", "{\"id\":\"@lead\",\"add\":[\"vip\"]}" },
    { "lead.undo", "{\"id\":\"@lead\"}" },            /* of something() that the caller did */
    { "lead.reveal", "{\"id\":\"@lead\",\"reason\":\"回访\"}" },
    { "lead.timeline", "{\"id\":\"@lead\"}" },
    { "lead.duplicate", "{\"phone\":\"" PHONE "\"}" },
    { "person.change", "{\"id\":\"@person\",\"gender\":\"m\"}" },
    { "consent.create", "{\"person_id\":\"@person\",\"way\":\"sms\",\"state\":\"refused\"}" },
    { "task.create",
      "{\"subject\":\"备料\",\"owner\":\"@owner\",\"due_at\":\"2030-01-02 09:00\"}" },
    { "task.change", "{\"id\":\"@task\",\"subject\":\"备料二\"}" },
    { "task.done", "{\"id\":\"@task\"}" },
    { "message.create", "{\"to\":\"E.STAFF\",\"body\":\"请跟进\"}" },
    { "message.read", "{\"id\":\"@message\"}" },
    { "branch.create", "{\"code\":\"B9\",\"name\":\"九\",\"parent\":\"@branch\"}" },
    { "branch.change", "{\"id\":\"@branch_id\",\"name\":\"改名\"}" },
    { "employee.create", "{\"code\":\"E9\",\"name\":\"九\",\"branch\":\"@branch\"}" },
    { "employee.change", "{\"id\":\"@employee\",\"name\":\"改名\"}" },
    { "account.create", "{\"code\":\"a9\",\"roles\":\"staff\",\"branch\":\"@branch\"}" },
    { "account.change", "{\"id\":\"@account\",\"roles\":\"staff,supervisor\"}" },
    { "channel.create", "{\"code\":\"c9\",\"name\":\"九\"}" },
    { "channel.change", "{\"id\":\"@channel\",\"name\":\"改名\"}" },
    { "product.create", "{\"code\":\"p9\",\"name\":\"九\"}" },
    { "product.change", "{\"id\":\"@product\",\"name\":\"改名\"}" },
    { "tag.create", "{\"code\":\"t9\",\"name\":\"九\"}" },
    { "tag.change", "{\"id\":\"@tag\",\"name\":\"改名\"}" },
    { "pool.create", "{\"code\":\"q9\",\"name\":\"九\",\"branch\":\"@branch\"}" },
    { "pool.change", "{\"id\":\"@pool\",\"name\":\"改名\"}" },
    { "stage.create", "{\"code\":\"s9\",\"name\":\"九\",\"position\":35,\"kind\":\"open\"}" },
    { "stage.change", "{\"id\":\"@stage\",\"name\":\"改名\"}" },
    { "custom_field.create",
      "{\"noun\":\"lead\",\"code\":\"f9\",\"name\":\"九\",\"type\":\"text\"}" },
    { "custom_field.change", "{\"id\":\"@custom_field\",\"name\":\"改名\"}" },
    { "lead.values", "{\"field\":\"external_id\"}" },
    { "person.values", "{\"field\":\"gender\"}" },
    { "deal.values", "{\"field\":\"branch\"}" },
    { "follow_up.values", "{\"field\":\"branch\"}" },
    { "task.values", "{\"field\":\"branch\"}" },
    { "event.values", "{\"field\":\"branch\",\"limit\":50}" },
    { "consent.values", "{\"field\":\"note\"}" },
    { "message.values", "{\"field\":\"body\"}" },
    { "audit.values", "{\"field\":\"operation\"}" },
    { "import.values", "{\"field\":\"kind\"}" },
    { "filter.values", "{\"field\":\"name\"}" },
    { "segment.create",
      "{\"code\":\"s9\",\"name\":\"九\",\"kind\":\"static\",\"sharing\":\"branch\",\"branch\":\"@branch\"}" },
    { "segment.change", "{\"id\":\"@segment\",\"name\":\"改名\"}" },
    { "segment.add", "{\"id\":\"@segment\",\"leads\":[{\"id\":\"@lead\"}]}" },
    { "segment.remove", "{\"id\":\"@segment\",\"where\":\"score is empty\"}" },
    { "segment.snapshot",
      "{\"code\":\"s8\",\"name\":\"八\",\"where\":\"score is empty\",\"sharing\":\"branch\","
      "\"branch\":\"@branch\"}" },
    { "filter.create",
      "{\"name\":\"九\",\"noun\":\"filters\",\"condition\":\"name = 九\",\"sharing\":\"branch\","
      "\"branch\":\"@branch\"}" },
    { "filter.change", "{\"id\":\"@filter\",\"name\":\"改名\"}" },
    { "filter.remove", "{\"id\":\"@filter\"}" },
    { "condition.check", "{\"noun\":\"leads\",\"where\":\"open = yes\"}" },
    { "condition.names", "{\"noun\":\"leads\",\"where\":\"open = yes\"}" },
    { "account.verify", "{\"password\":\"Kaffee-2026\"}" },
    { "account.has_password", NULL },
    { "account.totp_start", NULL },
    { "session.list", "{\"all\":true}" },
    { "api_key.list", "{\"all\":true}" },
    { "api_key.create", "{\"name\":\"nightly\",\"rights\":\"none\"}" },
    { "audit.verify", "{}" },
    { "audit.anchor", NULL },
    { "key.list", NULL },
    { "key.rotate", "{}" },
    { "key.forget", "{\"number\":1}" },
};

/* A row of each noun, SH's and WEST's: selects from the bank's tables. */
static const struct { const char *place, *own, *other;
} place_sql[PLACES] = {
    { "lead", "select id from lead where external_id = 'L.SH'",
      "select id from lead where external_id = 'L.WEST'" },
    { "pooled", "select id from lead where external_id = 'P.SH'",
      "select id from lead where external_id = 'P.WEST'" },
    { "deal", "select d.id from deal d, lead l where l.id = d.lead_id and external_id = 'W.SH'",
      "select d.id from deal d, lead l where l.id = d.lead_id and external_id = 'W.WEST'" },
    { "follow_up", "select f.id from follow_up f, lead l where l.id = f.lead_id and external_id = 'L.SH'",
      "select f.id from follow_up f, lead l where l.id = f.lead_id and external_id = 'L.WEST'" },
    { "person", "select person_id from lead where external_id = 'L.SH'",
      "select person_id from lead where external_id = 'L.WEST'" },
    { "consent",
      "select c.id from consent c, lead l where l.person_id = c.person_id and external_id = 'L.SH'",
      "select c.id from consent c, lead l where l.person_id = c.person_id and external_id = "
      "'L.WEST'" },
    { "task", "select id from task where subject = 'SH 任务'",
      "select id from task where subject = 'WEST 任务'" },
    { "message", "select id from message where body = 'SH 消息'",
      "select id from message where body = 'WEST 消息'" },
    { "event", "select e.id from event e, lead l where e.subject = l.id and external_id = 'L.SH'",
      "select e.id from event e, lead l where e.subject = l.id and external_id = 'L.WEST'" },
    { "pool", "select id from pool where code = 'Q.SH'", "select id from pool where code = 'Q.WEST'" },
    { "branch_id", "select id from branch where code = 'SH'", "select id from branch where code = 'WEST'" },
    { "branch", "select code from branch where code = 'SH'", "select code from branch where code = 'WEST'" },
    { "employee", "select id from employee where code = 'E.CLERK'",
      "select id from employee where code = 'E.WEST'" },
    { "account", "select id from account where code = 'clerk'", NULL },
    { "channel", "select id from channel where code = 'web'", NULL },
    { "product", "select id from product where code = 'none'", NULL },
    { "tag", "select id from tag where code = 'vip'", NULL },
    { "stage", "select id from stage where code = 'mql'", NULL },
    { "custom_field", "select id from custom_field where code = 'job'", NULL },
    { "audit", "select id from audit where id = 2", NULL },
    { "import", "select id from import limit 1", NULL },
    { "segment", "select id from segment where code = 'S.SH'",
      "select id from segment where code = 'S.WEST'" },
    { "filter", "select id from saved_filter where name = 'F.SH'",
      "select id from saved_filter where name = 'F.WEST'" },
};

/* ---- the bank -------------------------------------------------------------------------------- */

struct bank {
    char dir[256];
    char made[300], copy[300], keys[300];
    struct arena a;             /* of the whole test */
    const char *own[PLACES], *other[PLACES];
};

static struct bank bank;

static struct backend *open_as(const char *path, const char *login)
{
    struct backend *b;
    struct err e = { 0 };
    struct backend_config config = { .url = path, .as = login, .keys_dir = bank.keys };
    if (backend_open(&config, &b, &e))
        fail_msg("cannot open the bank as %s: %s %s", login ? login : "local owner", e.code,
                 e.param[0]);
    return b;
}

/* Carries an operation out; the answer is JSON in *out. */
static enum status call_json(struct backend *b, const char *name, const char *in, struct arena *a,
                             struct buf *out, struct err *e)
{
    const struct op *op = op_find(name);
    struct call call = { .op = op };
    struct json *j = NULL;
    bool *given = NULL;
    void *rec = op->in ? record_new(op->in, a) : NULL;
    if (op->in) {
        if (json_parse(in, strlen(in), &j, e) ||
            record_from_json(j, op->in, NULL, 0, a, rec, &given, e))
            fail_msg("%s %s: %s %s", name, in, e->code, e->param[0]);
        json_free(j);
        call.in = rec;
        call.given = given;
    }
    struct page page = { 0 };
    void *answer = op->many == OUT_MANY ? &page : op->out ? record_new(op->out, a) : NULL;
    enum status st = backend_call(b, &call, a, answer, e);
    if (st || op->many == OUT_NONE)
        return st;
    struct jw w;
    jw_init(&w, out);
    jw_array(&w);
    for (size_t i = 0; op->many == OUT_MANY && i < page.rows.n; i++)
        record_to_json(&w, op->out, (char *)page.rows.items + i * op->out->size);
    if (op->many == OUT_ONE)
        record_to_json(&w, op->out, answer);
    jw_end_array(&w);
    return ST_OK;
}

static void must(struct backend *b, const char *op, const char *in)
{
    struct err e = { 0 };
    struct buf out = BUF_INIT;
    struct arena a = ARENA_INIT;
    if (call_json(b, op, in, &a, &out, &e))
        fail_msg("%s %s: %s %s %s", op, in, e.code, e.field, e.param[0]);
    buf_release(&out);
    arena_free(&a);
}

__attribute__((format(printf, 3, 4)))
static void mustf(struct backend *b, const char *op, const char *fmt, ...)
{
    va_list ap;
    struct buf in = BUF_INIT;
    va_start(ap, fmt);
    buf_vaddf(&in, fmt, ap);
    va_end(ap);
    must(b, op, in.s);
    buf_release(&in);
}

static void write_file(const char *name, const char *text)
{
    FILE *f = fopen(arena_printf(&bank.a, "%s/%s", bank.dir, name), "w");
    if (!f || fputs(text, f) < 0 || fclose(f))
        fail_msg("%s: %s", name, strerror(errno));
}

static const char *id_of(const char *sql)
{
    return raw_text(bank.made, sql, &bank.a);
}

static void make_people(struct backend *b)
{
    must(b, "branch.create",
         "{\"code\":\"SH\",\"name\":\"SH\",\"parent\":\"HQ\",\"level\":\"branch\"}");
    must(b, "branch.create",
         "{\"code\":\"WEST\",\"name\":\"WEST\",\"parent\":\"HQ\",\"level\":\"branch\"}");
    static const struct { enum account_role role; const char *branch; bool employee; } people[] = {
        { ROLE_STAFF, "SH", true },       { ROLE_SUPERVISOR, "SH", true },
        { ROLE_OPERATIONS, "SH", true },  { ROLE_HEAD_OFFICE, "HQ", true },
        { ROLE_CONFIG, "SH", false },     { ROLE_AUDITOR, NULL, false },
        { ROLE_SYSADMIN, NULL, false },   { ROLE_SECADMIN, NULL, false },
        { ROLE_AUDITADMIN, NULL, false },
    };
    for (size_t i = 0; i < sizeof people / sizeof *people; i++) {
        const char *role = account_role_name(people[i].role);
        char code[40] = "";
        snprintf(code, sizeof code, "E.%s", role);
        for (char *p = code; *p; p++)
            *p = (char)(*p >= 'a' && *p <= 'z' ? *p - 32 : *p);
        if (people[i].employee)
            mustf(b, "employee.create", "{\"code\":\"%s\",\"name\":\"%s\",\"branch\":\"%s\"}", code,
                  code, people[i].branch);
        if (people[i].employee)
            mustf(b, "account.create", "{\"code\":\"%s\",\"roles\":\"%s\",\"employee\":\"%s\"}",
                  role, role, code);
        else if (people[i].branch)
            mustf(b, "account.create", "{\"code\":\"%s\",\"roles\":\"%s\",\"branch\":\"%s\"}", role,
                  role, people[i].branch);
        else    /* officers are switched on for their own turn: three at once end the local owner */
            mustf(b, "account.create", "{\"code\":\"%s\",\"roles\":\"%s\",\"active\":%s}", role,
                  role, people[i].role == ROLE_AUDITOR ? "true" : "false");
    }
    must(b, "employee.create", "{\"code\":\"E.WEST\",\"name\":\"E.WEST\",\"branch\":\"WEST\"}");
    must(b, "employee.create", "{\"code\":\"E.CLERK\",\"name\":\"E.CLERK\",\"branch\":\"SH\"}");
    must(b, "account.create", "{\"code\":\"clerk\",\"roles\":\"staff\",\"employee\":\"E.CLERK\"}");
    must(b, "account.password", "{\"code\":\"auditor\",\"password\":\"Kaffee-2026\"}");
}

/* One of everything in a branch. */
static void make_work(struct backend *b, const char *branch, const char *owner, const char *name,
                      const char *secrets)
{
    mustf(b, "pool.create",
          "{\"code\":\"Q.%s\",\"name\":\"Q.%s\",\"branch\":\"%s\",\"parent\":\"default\"}", branch,
          branch, branch);
    mustf(b, "lead.create",
          "{\"external_id\":\"L.%s\",\"name\":\"%s\",%s,\"branch\":\"%s\",\"owner\":\"%s\"}",
          branch, name, secrets, branch, owner);
    mustf(b, "lead.create",
          "{\"external_id\":\"P.%s\",\"name\":\"%s\",\"branch\":\"%s\",\"pool\":\"Q.%s\"}", branch,
          name, branch, branch);
    mustf(b, "lead.create",
          "{\"external_id\":\"W.%s\",\"name\":\"%s\",\"branch\":\"%s\",\"owner\":\"%s\"}", branch,
          name, branch, owner);
    mustf(b, "lead.win", "{\"lead\":\"W.%s\",\"amount\":5000,\"note\":\"%s\"}", branch, branch);
    mustf(b, "lead.follow_up", "{\"lead\":\"L.%s\",\"way\":\"phone\",\"result\":\"considering\"}",
          branch);
    mustf(b, "task.create",
          "{\"subject\":\"%s 任务\",\"owner\":\"%s\",\"lead\":\"L.%s\",\"due_at\":\"2030-01-01\"}",
          branch, owner, branch);
    mustf(b, "message.create", "{\"to\":\"%s\",\"body\":\"%s 消息\"}", owner, branch);
    mustf(
        b, "segment.create",
        "{\"code\":\"S.%s\",\"name\":\"S.%s\",\"kind\":\"static\",\"sharing\":\"branch\",\"branch\":\"%s\"}",
        branch, branch, branch);
    mustf(b, "filter.create",
          "{\"name\":\"F.%s\",\"noun\":\"leads\",\"condition\":\"owner = \\\"%s\\\"\",\"sharing\":\"branch\","
          "\"branch\":\"%s\"}", branch, owner, branch);
    const char *person = id_of(
        arena_printf(&bank.a, "select person_id from lead where external_id = 'L.%s'", branch));
    mustf(b, "consent.create",
          "{\"person_id\":\"%s\",\"way\":\"wechat\",\"state\":\"granted\",\"note\":\"%s\"}", person,
          branch);
}

static void find_places(void)
{
    for (size_t i = 0; i < PLACES && place_sql[i].place; i++) {
        bank.own[i] = id_of(place_sql[i].own);
        bank.other[i] = place_sql[i].other ? id_of(place_sql[i].other) : bank.own[i];
        if (!*bank.own[i] || !*bank.other[i])
            fail_msg("the bank has no %s", place_sql[i].place);
    }
}

static int make_bank(void **state)
{
    (void)state;
    const char *tmp = getenv("TMPDIR");
    snprintf(bank.dir, sizeof bank.dir, "%s/gonghai-matrix-XXXXXX", tmp && *tmp ? tmp : "/tmp");
    assert_non_null(mkdtemp(bank.dir));
    snprintf(bank.made, sizeof bank.made, "%s/made.db", bank.dir);
    snprintf(bank.copy, sizeof bank.copy, "%s/copy.db", bank.dir);
    snprintf(bank.keys, sizeof bank.keys, "%s/keys", bank.dir);
    read_table();

    struct err e = { 0 };
    struct init_options options = { .url = bank.made, .keys_dir = bank.keys, .test = true };
    if (database_init(&options, &e))
        fail_msg("init: %s %s", e.code, e.param[0]);
    struct backend *b = open_as(bank.made, NULL);
    make_people(b);
    must(b, "channel.create", "{\"code\":\"web\",\"name\":\"web\"}");
    must(b, "tag.create", "{\"code\":\"vip\",\"name\":\"贵宾\"}");
    must(b, "custom_field.create",
         "{\"noun\":\"lead\",\"code\":\"job\",\"name\":\"job\",\"type\":\"text\"}");
    make_work(b, "SH", "E.STAFF", NAME,
              "\"phone\":\"" PHONE "\",\"email\":\"" EMAIL "\",\"id_no\":\"" ID_NO "\"");
    make_work(b, "WEST", "E.WEST", "WEST 西门", "\"phone\":\"13912345679\"");
    must(b, "lead.create",
         "{\"external_id\":\"A.HQ\",\"name\":\"总行客户\",\"phone\":\"13712345670\",\"branch\":\"HQ\"}");
    write_file("first.csv", "code,name\nfirst,first\n");
    write_file("lead.csv", "external_id,name\nX1,新客甲\n");
    write_file("deal.csv", "lead,won_at,amount\nL.SH,2026-01-02,12.50\n");
    write_file("branch.csv", "code,name,parent\nB8,八,SH\n");
    write_file("employee.csv", "code,name,branch\nE8,八,SH\n");
    write_file("channel.csv", "code,name\nc8,八\n");
    write_file("product.csv", "code,name\np8,八\n");
    mustf(b, "channel.import", "{\"file\":\"%s/first.csv\"}", bank.dir);
    raw_run(bank.made,
            "insert into session (id, account_id, token_hash, made_at, seen_at, ends_at, from_addr)"
            " select id + 1, id, cast(code as blob), 1, 1, 4102444800000,"
            " code || case code when 'clerk' then ' WEST' else '' end from account");
    raw_run(bank.made,
            "insert into api_key (id, account_id, name, name_key, key_hash, rights, made_at, ends_at)"
            " select id + 2, account_id, from_addr, id, token_hash, 'none', 1, 4102444800000 from session");
    find_places();
    must(b, "key.rotate", "{}");                /* so that there is a key to forget */
    backend_close(b);
    raw_run(bank.made, "pragma wal_checkpoint(truncate)");
    return 0;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
    (void)st, (void)kind, (void)ftw;
    return remove(path);
}

static int drop_bank(void **state)
{
    (void)state;
    arena_free(&bank.a);
    nftw(bank.dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    return 0;
}

/* A bank as it was made, for one call. */
static void fresh_copy(enum account_role r)
{
    static const char *const ends[] = { "-wal", "-shm" };
    char name[320];
    for (size_t i = 0; i < 2; i++) {
        snprintf(name, sizeof name, "%s%s", bank.copy, ends[i]);
        unlink(name);
    }
    FILE *from = fopen(bank.made, "r"), *to = fopen(bank.copy, "w");
    static char block[1 << 16];
    size_t n;
    assert_true(from && to);
    while ((n = fread(block, 1, sizeof block, from)) > 0)
        assert_int_equal(fwrite(block, 1, n, to), n);
    assert_int_equal(fclose(from) + fclose(to), 0);
    if (ROLE_OFFICERS >> r & 1) {
        snprintf(name, sizeof name, "update account set active = 1 where code = '%s'",
                 account_role_name(r));
        raw_run(bank.copy, name);
    }
}

/* ---- one call -------------------------------------------------------------------------------- */

struct result {
    enum status st;
    struct err e;
    struct buf text;            /* the answer, and the file that was written */
    struct arena a;
};

static const char *place_value(const char *place, size_t n, bool other)
{
    for (size_t i = 0; i < PLACES && place_sql[i].place; i++)
        if (strlen(place_sql[i].place) == n && memcmp(place_sql[i].place, place, n) == 0)
            return other ? bank.other[i] : bank.own[i];
    fail_msg("no place @%.*s", (int)n, place);
    return NULL;
}

static const char *verb_of(const char *op)
{
    return strchr(op, '.') + 1;
}

/* The template of an operation's input. */
static const char *template_of(const char *op, struct arena *a)
{
    const char *verb = verb_of(op);
    int noun = (int)(verb - op - 1);
    for (size_t i = 0; i < sizeof inputs / sizeof *inputs; i++)
        if (strcmp(inputs[i].op, op) == 0)
            return inputs[i].in ? inputs[i].in : "";
    if (strcmp(verb, "list") == 0)
        return LIST_OF;
    if (strcmp(verb, "count") == 0)
        return COUNT_OF;
    if (strcmp(verb, "values") == 0)
        return "{\"field\":\"code\"}";
    if (strcmp(verb, "get") == 0)
        return arena_printf(a, "{\"id\":\"@%.*s%s\"}", noun, op,
                            strcmp(op, "branch.get") == 0 ? "_id" : "");
    if (strcmp(verb, "explain") == 0) {
        bool people = strncmp(op, "lead.", 5) == 0 || strncmp(op, "person.", 7) == 0;
        return arena_printf(a, "{\"id\":\"@%.*s%s\",\"where\":\"%s\"}", noun, op,
                            strcmp(op, "branch.explain") == 0 ? "_id" : "",
                            people ? "name is set and phone is set and id is set" : "id is set");
    }
    if (strcmp(verb, "export") == 0)
        return arena_printf(a, "{\"file\":\"%s/out.csv\"}", bank.dir);
    if (strcmp(verb, "import") == 0)
        return arena_printf(a, "{\"file\":\"%s/%.*s.csv\",\"rejects\":\"%s/rejects.csv\"}",
                            bank.dir, noun, op, bank.dir);
    fail_msg("%s: test_matrix.c has no input for it", op);
    return NULL;
}

/* The one who is to have the new task: the caller where he has tasks, WEST's where scope is
 * tried. */
static const char *owner_of(enum account_role r, bool other)
{
    if (other)
        return "E.WEST";
    if (r == ROLE_SUPERVISOR)
        return "E.SUPERVISOR";
    return r == ROLE_OPERATIONS ? "E.OPERATIONS" : "E.STAFF";
}

static const char *fill_in(const char *text, enum account_role r, bool other, struct arena *a)
{
    struct buf out = BUF_INIT;
    for (const char *p = text; *p;) {
        if (*p != '@' || p == text || p[-1] != '"') {
            buf_addc(&out, *p++);
            continue;
        }
        size_t n = strspn(++p, "abcdefghijklmnopqrstuvwxyz_");
        bool owner = n == 5 && memcmp(p, "owner", 5) == 0;
        buf_adds(&out, owner ? owner_of(r, other) : place_value(p, n, other));
        p += n;
    }
    const char *kept = arena_strdup(a, out.s);
    buf_release(&out);
    return kept;
}

/* Of everyone's own account, but for those who set others' too. NULL: the operation is about none. */
static const char *account_input(const char *op, enum account_role r, bool other, struct arena *a)
{
    const char *login = other || r == ROLE_LOCAL_OWNER ? "clerk" : account_role_name(r);
    const char *table = strcmp(op, "session.end") == 0 ? "session"
                        : strcmp(op, "api_key.end") == 0 ? "api_key" : NULL;
    if (table) {
        const char *row = arena_printf(a, "select max(x.id) from %s x, account a where a.id = x.account_id"
                                          " and a.code = '%s'", table, login);
        return arena_printf(a, "{\"id\":\"%s\"}", raw_text(bank.copy, row, a));
    }
    if (strcmp(op, "account.password") == 0)
        return arena_printf(a, "{\"code\":\"%s\",\"password\":\"Zwoelf-Zeichen-9\"}", login);
    bool bare = strcmp(op, "account.end_sessions") == 0 || strcmp(op, "account.totp_clear") == 0;
    return bare ? arena_printf(a, "{\"code\":\"%s\"}", login) : NULL;
}

static void add_file(struct buf *out)
{
    char name[300], block[4096];
    size_t n;
    snprintf(name, sizeof name, "%s/out.csv", bank.dir);
    FILE *f = fopen(name, "r");
    while (f && (n = fread(block, 1, sizeof block, f)) > 0)
        buf_add(out, block, n);
    if (f)
        fclose(f);
    unlink(name);
}

/* The last that happened to every lead was done by the caller, a moment ago. */
static void something(enum account_role r)
{
    const char *who = r == ROLE_LOCAL_OWNER
        ? "local_uid is not null" : arena_printf(&bank.a, "code = '%s'", account_role_name(r));
    raw_run(bank.copy, arena_printf(&bank.a,
            "insert into event (id, version, created_at, updated_at, type, noun, subject, at, data) select "
            "(select max(id) from event) + 1000 + row_number() over (order by l.id), 1, 0, 0, '%s', 'lead', "
            "l.id, %lld, '{\"add\":[],\"remove\":[],\"was\":{\"version\":\"' || (l.version - 1) || "
            "'\"},\"account\":\"' || a.id || '\"}' from lead l, account a where a.%s",
            r == ROLE_HEAD_OFFICE ? "lead.assigned" : "lead.tagged", (long long)clock_now(), who));
}

/* A code of the secret that was made a moment ago. */
static const char *code_input(struct backend *b, struct arena *a)
{
    struct err e = { 0 };
    struct buf made = BUF_INIT;
    unsigned char secret[TOTP_BYTES];
    char text[TOTP_TEXT] = "";
    if (call_json(b, "account.totp_start", "", a, &made, &e))
        fail_msg("account.totp_start: %s", e.code);
    sscanf(strstr(made.s, "\"secret\":\"") + 10, "%32s", text);
    assert_true(totp_secret(text, secret));
    buf_release(&made);
    int64_t step = clock_now() / (TOTP_SECONDS * (int64_t)CLOCK_SECOND);
    return arena_printf(a, "{\"totp\":\"%06u\"}", totp_code(secret, TOTP_BYTES, step, TOTP_DIGITS));
}

static struct result call_as(const char *op, enum account_role r, bool other)
{
    struct result x = { .text = BUF_INIT, .a = ARENA_INIT };
    fresh_copy(r);
    if (strcmp(op, "lead.undo") == 0)
        something(r);
    struct backend *b = open_as(bank.copy, r == ROLE_LOCAL_OWNER ? NULL : account_role_name(r));
    const char *in = account_input(op, r, other, &x.a);
    if (strcmp(op, "account.totp_confirm") == 0)
        in = code_input(b, &x.a);
    if (!in)
        in = fill_in(template_of(op, &x.a), r, other, &x.a);
    x.st = call_json(b, op, in, &x.a, &x.text, &x.e);
    backend_close(b);
    add_file(&x.text);
    return x;
}

static void result_free(struct result *x)
{
    buf_release(&x->text);
    arena_free(&x->a);
}

/* ---- what must be true of it ----------------------------------------------------------------- */

static int faults;

static void fault(const char *op, enum account_role r, const struct result *x, const char *what)
{
    print_error("%s as %s: %s (%s %s %s)\n", op, account_role_name(r), what, status_name(x->st),
                x->e.code, x->e.param[0]);
    faults++;
}

static bool has(const struct result *x, const char *word)
{
    return memmem(x->text.s, x->text.len, word, strlen(word)) != NULL;
}

static bool no_right(const struct result *x)
{
    return x->st == ST_DENIED && strcmp(x->e.code, "right.missing") == 0;
}

static bool denial_is_written(const char *op)
{
    struct arena a = ARENA_INIT;
    const char *last = raw_text(
        bank.copy, "select result || ' ' || operation from audit order by id desc limit 1", &a);
    bool written = strncmp(last, "denied ", 7) == 0 && strcmp(last + 7, op) == 0;
    arena_free(&a);
    return written;
}

static void check_denied(const char *op, enum account_role r, const struct result *x)
{
    if (!no_right(x))
        fault(op, r, x, "should be denied");
    else if (!denial_is_written(op))
        fault(op, r, x, "its denial is not in the audit");
    if (x->text.len)
        fault(op, r, x, "denied, and yet it answers");
}

static bool clear_data(const struct result *x)
{
    return has(x, PHONE) || has(x, EMAIL) || has(x, ID_NO);
}

static bool masked_data(const struct result *x)
{
    return has(x, "138****5678");
}

static void check_answer(const char *op, enum account_role r, char cell, const struct result *x)
{
    if (cell == 'c') {
        if (!has(x, PHONE) || !has(x, EMAIL) || !has(x, ID_NO))
            fault(op, r, x, "should reveal");
        return;
    }
    if (clear_data(x))
        fault(op, r, x, "gives personal data in clear");
    if (cell == '+' && masked_data(x))
        fault(op, r, x, "gives personal data, where the table says none");
    if (cell == 'm' && (!masked_data(x) || !has(x, NAME)))
        fault(op, r, x, "should give masked data and clear names");
    if (cell == 'n' && has(x, NAME))
        fault(op, r, x, "gives a name in clear");
}

/* Of an operation that reads: it must have come through, or there is nothing to be judged. */
static bool reads(const char *op)
{
    const char *verb = verb_of(op);
    return strcmp(verb, "list") == 0 || strcmp(verb, "count") == 0 || strcmp(verb, "export") == 0 ||
           strcmp(verb, "values") == 0;
}

static void check_role(const struct row *row, enum account_role r, bool *worked)
{
    char cell = row->cell[r];
    struct result x = call_as(row->op, r, false);
    if (cell == '-') {
        check_denied(row->op, r, &x);
    } else if (no_right(&x)) {
        fault(row->op, r, &x, "should be allowed");
    } else if (x.st == ST_OK) {
        *worked = true;
        check_answer(row->op, r, cell, &x);
    } else if (cell != '+' || reads(row->op)) {
        fault(row->op, r, &x, "should come through");
    }
    result_free(&x);
}

/* ---- scope ----------------------------------------------------------------------------------- */

static int64_t number_in(const struct result *x)
{
    const char *p = strstr(x->text.s, "\"count\":");
    return p ? strtoll(p + 8, NULL, 10) : -1;
}

/* A count is less than the local owner's, a list leaves WEST out where his does not. */
static void check_hidden(const struct row *row, enum account_role r, const struct result *x,
                         const struct result *all)
{
    bool hidden = strcmp(row->scope, "hidden") == 0;
    if (x->st || all->st) {
        fault(row->op, r, x, "should come through");
    } else if (strcmp(verb_of(row->op), "count") == 0) {
        int64_t n = number_in(x), whole = number_in(all);
        if (hidden ? n < 1 || n >= whole : n != whole)
            fault(row->op, r, x,
                  hidden ? "counts other branches too, or nothing" : "counts a part");
    } else if (hidden && (has(x, "WEST") || !has(all, "WEST"))) {
        fault(row->op, r, x, "shows another branch");
    }
}

/* What the words of the scope mean, for a call that aims at WEST's row. */
static const char *broken_scope(const struct row *row, const struct result *x)
{
    const char *s = row->scope;
    if (strcmp(s, "not_found") == 0)
        return x->st == ST_NOT_FOUND ? NULL : "should not find another branch's";
    if (strcmp(s, "denied") == 0)
        return x->st == ST_DENIED && !no_right(x) && denial_is_written(row->op)
            ? NULL : "should be refused in another branch, and the audit say so";
    if (strcmp(s, "own") == 0 && reads(row->op))
        return !x->st && !has(x, "WEST") ? NULL : "shows what is another's";
    if (strcmp(s, "own") == 0)
        return x->st == ST_NOT_FOUND || x->st == ST_DENIED ? NULL : "reaches what is another's";
    if (strcmp(s, "all") == 0)
        return x->st == ST_DENIED || x->st == ST_NOT_FOUND ? "belongs to no branch and is not there"
                                                           : NULL;
    return strcmp(s, "none") == 0 ? NULL : "no such word for a scope";
}

static void check_scope(const struct row *row)
{
    bool compared =
        reads(row->op) && (strcmp(row->scope, "hidden") == 0 || strcmp(row->scope, "all") == 0);
    struct result all = { .text = BUF_INIT, .a = ARENA_INIT };
    if (compared)
        all = call_as(row->op, ROLE_LOCAL_OWNER, true);
    for (enum account_role r = 0; r < ACCOUNT_ROLE_COUNT; r++) {
        if (row->cell[r] == '-' || !is_scoped(r))
            continue;
        struct result x = call_as(row->op, r, true);
        const char *broken = compared ? NULL : broken_scope(row, &x);
        if (compared)
            check_hidden(row, r, &x, &all);
        else if (broken)
            fault(row->op, r, &x, broken);
        result_free(&x);
    }
    result_free(&all);
}

/* ---- tests ----------------------------------------------------------------------------------- */

static void every_operation_has_a_line_and_every_line_an_operation(void **state)
{
    (void)state;
    int wrong = 0;
    for (const struct op *const *p = ops_all(); *p; p++) {
        struct row *row = row_of((*p)->name);
        if (!row)
            print_error("%s has no line in matrix.txt\n", (*p)->name);
        else if (row->seen)
            print_error("%s is there twice\n", (*p)->name);
        wrong += !row || row->seen;
        if (row)
            row->seen = true;
    }
    for (size_t i = 0; i < nrows; i++)
        if (!rows[i].seen) {
            print_error("matrix.txt: there is no operation %s\n", rows[i].op);
            wrong++;
        }
    assert_int_equal(wrong, 0);
}

static void every_role_may_what_the_table_says(void **state)
{
    (void)state;
    faults = 0;
    for (size_t i = 0; i < nrows; i++) {
        bool worked = false;
        if (!op_find(rows[i].op))
            continue;
        for (enum account_role r = 0; r < ACCOUNT_ROLE_COUNT; r++)
            check_role(&rows[i], r, &worked);
        if (!worked) {
            print_error("%s worked for nobody: its input in test_matrix.c is wrong\n", rows[i].op);
            faults++;
        }
    }
    assert_int_equal(faults, 0);
}

static void scope_ends_at_the_branch(void **state)
{
    (void)state;
    faults = 0;
    for (size_t i = 0; i < nrows; i++)
        if (op_find(rows[i].op))
            check_scope(&rows[i]);
    assert_int_equal(faults, 0);
}

/* What waits in head office's pool belongs to another branch too, but they are of its public: it is read,
 * claimed and given to one's people; all else is for those who have it. */
static void what_waits_above_is_read_claimed_and_given(void **state)
{
    static const struct { const char *op; bool works; } table[] = {
        { "lead.get", true },       { "lead.timeline", true },   { "lead.reveal", true },
        { "lead.claim", true },     { "lead.assign", true },     { "person.get", true },
        { "lead.change", false },   { "lead.follow_up", false }, { "lead.stage", false },
        { "lead.win", false },      { "lead.lose", false },      { "lead.return", false },
        { "person.change", false }, { "consent.create", false },
    };
    static const struct { const char *place, *sql; } above[] = {
        { "lead", "select id from lead where external_id = 'A.HQ'" },
        { "pooled", "select id from lead where external_id = 'A.HQ'" },
        { "person", "select person_id from lead where external_id = 'A.HQ'" },
    };
    (void)state;
    const char *kept[PLACES];
    memcpy(kept, bank.own, sizeof kept);
    for (size_t i = 0; i < PLACES && place_sql[i].place; i++)
        for (size_t j = 0; j < sizeof above / sizeof *above; j++)
            if (strcmp(place_sql[i].place, above[j].place) == 0)
                bank.own[i] = id_of(above[j].sql);
    faults = 0;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        for (enum account_role r = 0; r < ACCOUNT_ROLE_COUNT; r++) {
            if (!is_scoped(r) || row_of(table[i].op)->cell[r] == '-')
                continue;
            struct result x = call_as(table[i].op, r, false);
            bool refused = x.st == ST_DENIED || (x.st == ST_CONFLICT && strcmp(x.e.code, "IN_POOL") == 0);
            if (table[i].works ? x.st != ST_OK : !refused)
                fault(table[i].op, r, &x, table[i].works ? "should work from below" : "is for its owner");
            result_free(&x);
        }
    memcpy(bank.own, kept, sizeof kept);
    assert_int_equal(faults, 0);
}

/* What became of one more call; for tests that must close the backend whatever it was. */
static enum status try_call(struct backend *b, const char *op, const char *in, struct err *e)
{
    struct buf out = BUF_INIT;
    struct arena a = ARENA_INIT;
    enum status st = call_json(b, op, in, &a, &out, e);
    buf_release(&out);
    arena_free(&a);
    return st;
}

/* On one connection, without anybody else's commit in between. */
static void ones_own_changes_hold_at_once(void **state)
{
    (void)state;
    struct err e = { 0 };
    fresh_copy(ROLE_OPERATIONS);
    struct backend *b = open_as(bank.copy, "operations");
    must(b, "branch.create", "{\"code\":\"SH1\",\"name\":\"徐汇\",\"parent\":\"SH\"}");
    enum status st = try_call(b, "employee.create",
                              "{\"code\":\"E1\",\"name\":\"甲\",\"branch\":\"SH1\"}", &e);
    backend_close(b);
    assert_string_equal(e.code, "");
    assert_int_equal(st, ST_OK);
}

static void the_local_owner_ends_with_his_own_hand(void **state)
{
    (void)state;
    static const enum account_role officers[] = {
        ROLE_SYSADMIN, ROLE_SECADMIN, ROLE_AUDITADMIN,
    };
    struct err e = { 0 };
    fresh_copy(ROLE_LOCAL_OWNER);
    struct backend *b = open_as(bank.copy, NULL);
    for (size_t i = 0; i < sizeof officers / sizeof *officers; i++)
        mustf(b, "account.create", "{\"code\":\"o%zu\",\"roles\":\"%s\"}", i,
              account_role_name(officers[i]));
    enum status st = try_call(b, "account.create", "{\"code\":\"o3\",\"roles\":\"auditor\"}", &e);
    backend_close(b);
    assert_int_equal(st, ST_DENIED);
    assert_string_equal(e.code, "actor.local_ended");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_operation_has_a_line_and_every_line_an_operation),
        cmocka_unit_test(every_role_may_what_the_table_says),
        cmocka_unit_test(scope_ends_at_the_branch),
        cmocka_unit_test(what_waits_above_is_read_claimed_and_given),
        cmocka_unit_test(ones_own_changes_hold_at_once),
        cmocka_unit_test(the_local_owner_ends_with_his_own_hand),
    };
    return cmocka_run_group_tests(tests, make_bank, drop_bank);
}
