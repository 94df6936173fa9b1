/* doctor.c - what can be wrong with a database, one check after the other.
 *
 * A check that finds nothing says so too: a person who asks wants to know what was looked at.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/i18n.h"
#include "core/api/open.h"
#include "core/api/upkeep.h"
#include "core/guard/audit.h"
#include "core/store/migrate.h"

struct exam {
    const struct backend_config *config;
    const atomic_bool *cancel;
    void (*each)(void *arg, const struct finding *f);
    void *arg;
    struct opened d;
    struct err *e;
    bool bad;
};

static void tell(struct exam *x, enum verdict v, const char *what, const struct err *why)
{
    struct finding f = { .verdict = v, .what = what };
    if (v != VERDICT_OK)
        f.why = *why;
    x->bad = x->bad || v == VERDICT_BAD;
    x->each(x->arg, &f);
}

/* Well unless `wrong`; then the code with its parameter says why. */
static void judge(struct exam *x, bool wrong, enum verdict v, const char *what, const char *code,
                  const char *param)
{
    struct err why;
    if (wrong)
        fail(&why, ST_FAILED, code, param, NULL);
    tell(x, wrong ? v : VERDICT_OK, what, &why);
}

/* ---- the file -------------------------------------------------------------------------------- */

/* The first line that the database has to say of its pages and indexes, unless it is "ok". */
static enum status check_pages(struct exam *x)
{
    const char *what = N_("pages and indexes");
    char first[200] = "";
    struct stmt *s = db_query(x->d.db, "pragma integrity_check(1)", "");
    if (db_row(s))
        snprintf(first, sizeof first, "%s", db_text(s, 0));
    enum status st = db_end(s, x->e);
    if (st && st != ST_CANCELLED) {
        tell(x, VERDICT_BAD, what, x->e);
        err_clear(x->e);
        return ST_OK;
    }
    if (!st)
        judge(x, strcmp(first, "ok") != 0, VERDICT_BAD, what, "db.corrupt", first);
    return st;
}

static enum status check_references(struct exam *x)
{
    const char *what = N_("references between rows");
    char table[64] = "";
    struct stmt *s = db_query(x->d.db, "pragma foreign_key_check", "");
    if (db_row(s))
        snprintf(table, sizeof table, "%s", db_text(s, 0));
    enum status st = db_end(s, x->e);
    if (!st)
        judge(x, *table, VERDICT_BAD, what, "doctor.reference", table);
    return st;
}

static enum status check_rights(struct exam *x)
{
    const char *what = N_("rights of the file");
    struct stat st;
    if (stat(db_path(x->d.db), &st) != 0)
        return ST_OK;
    judge(x, st.st_mode & (S_IROTH | S_IWOTH), VERDICT_BAD, what, "doctor.open_to_others",
          db_path(x->d.db));
    return ST_OK;
}

static enum status check_space(struct exam *x)
{
    const char *what = N_("free space on the disk");
    enum { LEAST = 200 << 20 };
    struct statvfs fs;
    char free_mib[24];
    if (statvfs(db_path(x->d.db), &fs) != 0)
        return ST_OK;
    uint64_t bytes = (uint64_t)fs.f_bavail * fs.f_frsize;
    snprintf(free_mib, sizeof free_mib, "%" PRIu64, bytes >> 20);
    judge(x, bytes < LEAST, VERDICT_NOTE, what, "doctor.space", free_mib);
    return ST_OK;
}

static enum status check_audit(struct exam *x)
{
    const char *what = N_("audit log");
    struct audit_report r;
    enum status st = audit_verify(x->d.db, x->d.keys, x->cancel, &r, x->e);
    if (!st)
        judge(x, !r.intact, VERDICT_BAD, what, r.finding ? r.finding : "", NULL);
    return st;
}

/* ---- what must hold between rows ------------------------------------------------------------- */

struct rule { const char *what, *code; enum verdict verdict; const char *sql; };

static const struct rule rules[] = {
    { N_("leads have one place"), "doctor.lead_place", VERDICT_BAD,
      "select count(*) from lead where open = 1 and (owner_id is null) = (pool_id is null)" },
    { N_("open leads are at open stages"), "doctor.lead_stage", VERDICT_BAD,
      "select count(*) from lead l join stage s on s.id = l.stage_id where (l.open = 1) <> (s.kind "
      "= 'open')" },
    { N_("won leads have a deal"), "doctor.lead_deal", VERDICT_BAD,
      "select count(*) from lead l join stage s on s.id = l.stage_id left join deal d on d.lead_id "
      "= l.id"
      " where (s.kind = 'won') <> (d.id is not null)" },
    { N_("follow-ups are counted"), "doctor.follow_ups", VERDICT_BAD,
      "select count(*) from lead l left join (select lead_id, count(*) as n from follow_up group "
      "by lead_id) f"
      " on f.lead_id = l.id where l.follow_up_count <> coalesce(f.n, 0)" },
    { N_("closed leads have no open task"), "doctor.task", VERDICT_BAD,
      "select count(*) from task t join lead l on l.id = t.lead_id where t.state = 'open' and "
      "l.open = 0" },
    { N_("search by name finds only leads"), "doctor.gram", VERDICT_BAD,
      "select count(*) from lead_gram g where not exists (select 1 from lead l where l.id = "
      "g.lead_id)" },
    { N_("numbers only rise"), "doctor.counter", VERDICT_BAD,
      "select count(*) from (select 1 as bad from counter where name = 'lead_no' and value < "
      "(select max(no) from lead)"
      " union all select 1 from counter where name = 'event' and value < (select max(id) from "
      "event)) b" },
    { N_("imports have ended"), "doctor.import", VERDICT_NOTE,
      "select count(*) from import where state = 'running'" },
};

static enum status check_rule(struct exam *x, const struct rule *r)
{
    int64_t n = 0;
    char count[24];
    enum status st = db_get_int(x->d.db, x->e, &n, r->sql, "");
    if (st)
        return st;
    snprintf(count, sizeof count, "%" PRId64, n);
    judge(x, n > 0, r->verdict, r->what, r->code, count);
    return ST_OK;
}

static enum status check_rules(struct exam *x)
{
    enum status st = ST_OK;
    for (size_t i = 0; i < sizeof rules / sizeof *rules && !st; i++)
        st = check_rule(x, &rules[i]);
    return st;
}

/* ---- all of it ------------------------------------------------------------------------------- */

/* Outside one snapshot: the audit log is walked in its own. */
static enum status (*const checks[])(struct exam *x) = {
    check_rights, check_space, check_pages, check_references, check_rules, check_audit,
};

/* A database that can't be opened is a finding, unless it is not there or not for this caller. */
static enum status open_exam(struct exam *x)
{
    const char *what = N_("database and key");
    struct backend *b;
    enum status st = backend_open(x->config, &b, x->e);
    if (!st) {
        bool may = b->who(b)->rights & UINT64_C(1) << RIGHT_SYSTEM;
        backend_close(b);
        if (!may)
            return fail(x->e, ST_DENIED, "right.missing", "database.doctor",
                        right_label(RIGHT_SYSTEM), NULL);
        st = database_open(x->config->url, x->config->keys_dir, DB_READ, &x->d, x->e);
    }
    if (st == ST_FAILED) {
        tell(x, VERDICT_BAD, what, x->e);
        err_clear(x->e);
        return ST_OK;
    }
    if (!st)
        tell(x, VERDICT_OK, what, NULL);
    return st;
}

enum status database_doctor(const struct backend_config *config, const atomic_bool *cancel,
                            void (*each)(void *arg, const struct finding *f), void *arg, bool *bad,
                            struct err *e)
{
    struct err own = { 0 };
    struct exam x = {
        .config = config, .cancel = cancel, .each = each, .arg = arg, .e = e ? e : &own
    };
    enum status st = open_exam(&x);
    if (x.d.db) {
        db_set_cancel(x.d.db, cancel);
        for (size_t i = 0; i < sizeof checks / sizeof *checks && !st; i++)
            st = checks[i](&x);
        db_set_cancel(x.d.db, NULL);
        database_close(&x.d);
    }
    *bad = x.bad;
    return st;
}
