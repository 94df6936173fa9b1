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

#include "base/buf.h"
#include "base/i18n.h"
#include "core/api/open.h"
#include "core/api/upkeep.h"
#include "core/data/rekey.h"
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

/* One thing that is examined: what a finding calls it (a msgid), who examines it, and what it says when
 * that is not well. sql counts the rows that are wrong. */
struct check {
    const char *what;
    enum status (*run)(struct exam *x, const struct check *c);
    enum verdict verdict;
    const char *code, *sql;
};

/* Well unless `wrong`; then the check's code with its parameters says why. */
static void judge(struct exam *x, const struct check *c, bool wrong, const char *first,
                  const char *second)
{
    struct err why;
    if (wrong)
        fail(&why, ST_FAILED, c->code, first, second, NULL);
    tell(x, wrong ? c->verdict : VERDICT_OK, c->what, &why);
}

/* ---- the file -------------------------------------------------------------------------------- */

static enum status check_rights(struct exam *x, const struct check *c)
{
    struct stat st;
    if (stat(db_path(x->d.db), &st) != 0)
        return ST_OK;
    judge(x, c, st.st_mode & (S_IROTH | S_IWOTH), db_path(x->d.db), NULL);
    return ST_OK;
}

static enum status check_space(struct exam *x, const struct check *c)
{
    enum { LEAST = 200 << 20 };
    struct statvfs fs;
    char free_mib[24];
    if (statvfs(db_path(x->d.db), &fs) != 0)
        return ST_OK;
    uint64_t bytes = (uint64_t)fs.f_bavail * fs.f_frsize;
    snprintf(free_mib, sizeof free_mib, "%" PRIu64, bytes >> 20);
    judge(x, c, bytes < LEAST, free_mib, NULL);
    return ST_OK;
}

/* The first line that the database has to say of its pages and indexes, unless it is "ok". */
static enum status check_pages(struct exam *x, const struct check *c)
{
    char first[200] = "";
    struct stmt *s = db_query(x->d.db, "pragma integrity_check(1)", "");
    if (db_row(s))
        snprintf(first, sizeof first, "%s", db_text(s, 0));
    enum status st = db_end(s, x->e);
    if (st && st != ST_CANCELLED) {
        tell(x, c->verdict, c->what, x->e);
        err_clear(x->e);
        return ST_OK;
    }
    if (!st)
        judge(x, c, strcmp(first, "ok") != 0, first, NULL);
    return st;
}

static enum status check_references(struct exam *x, const struct check *c)
{
    char table[64] = "";
    struct stmt *s = db_query(x->d.db, "pragma foreign_key_check", "");
    if (db_row(s))
        snprintf(table, sizeof table, "%s", db_text(s, 0));
    enum status st = db_end(s, x->e);
    if (!st)
        judge(x, c, *table, table, NULL);
    return st;
}

/* The audit log says itself what is wrong with it. */
static enum status check_audit(struct exam *x, const struct check *c)
{
    struct audit_report r;
    char seq[24];
    enum status st = audit_verify(x->d.db, x->d.keys, x->cancel, &r, x->e);
    if (st)
        return st;
    struct check found = *c;
    found.code = r.finding;
    snprintf(seq, sizeof seq, "%" PRId64, r.bad_seq);
    judge(x, &found, !r.intact, seq, NULL);
    return ST_OK;
}

/* ---- keys ------------------------------------------------------------------------------------ */

/* A change of key that was cancelled or killed: both keys are in use until it has ended. */
static enum status check_key_change(struct exam *x, const struct check *c)
{
    char former[8], current[8];
    enum status st = db_begin_read(x->d.db, x->e);      /* which keys are in use by now */
    if (st)
        return st;
    db_end_read(x->d.db);
    snprintf(former, sizeof former, "%d", keys_former(x->d.keys));
    snprintf(current, sizeof current, "%d", keys_current(x->d.keys));
    judge(x, c, keys_former(x->d.keys) != 0, former, current);
    return ST_OK;
}

static bool key_opens(const struct keys *k, int number)
{
    for (size_t i = 0; i < keys_count(k); i++)
        if (keys_info(k, i).number == number)
            return !keys_info(k, i).past;
    return false;
}

static enum status check_sealed(struct exam *x, const struct check *c)
{
    int64_t counts[256];
    char number[8] = "", count[24] = "";
    bool wrong = false;
    enum status st = sealed_count(x->d.db, counts, x->e);
    for (int i = 0; i < 256 && !st && !wrong; i++) {
        wrong = counts[i] && !key_opens(x->d.keys, i);
        snprintf(number, sizeof number, "%d", i);
        snprintf(count, sizeof count, "%" PRId64, counts[i]);
    }
    if (!st)
        judge(x, c, wrong, number, count);
    return st;
}

/* ---- what must hold between rows ------------------------------------------------------------- */

static enum status check_none(struct exam *x, const struct check *c)
{
    int64_t n = 0;
    char count[24];
    enum status st = db_get_int(x->d.db, x->e, &n, c->sql, "");
    if (st)
        return st;
    snprintf(count, sizeof count, "%" PRId64, n);
    judge(x, c, n > 0, count, NULL);
    return ST_OK;
}

/* Leads that were taken before codes compared case-folded: which number is told apart from which. */
static enum status check_twins(struct exam *x, const struct check *c)
{
    enum { NAMED_MOST = 10 };
    char count[24];
    int64_t n = 0;
    struct buf pairs = BUF_INIT;
    struct stmt *s = db_query(x->d.db,
                              "select l.no, o.no from lead l left join lead o on o.external_id_key = "
                              "l.external_id_key and o.external_id_twin = 0 "
                              "where l.external_id_twin <> 0 order by l.no",
                              "");
    for (; db_row(s); n++)
        if (n < NAMED_MOST)
            buf_addf(&pairs, "%s%" PRId64 " (%" PRId64 ")", n ? ", " : "", db_int(s, 0), db_int(s, 1));
        else if (n == NAMED_MOST)
            buf_adds(&pairs, ", ...");
    enum status st = db_end(s, x->e);
    snprintf(count, sizeof count, "%" PRId64, n);
    if (!st)
        judge(x, c, n > 0, count, pairs.s);
    buf_release(&pairs);
    return st;
}

/* ---- all of it ------------------------------------------------------------------------------- */

/* Outside one snapshot: the audit log is walked in its own. */
static const struct check checks[] = {
    { N_("rights of the file"), check_rights, VERDICT_BAD, "doctor.open_to_others", NULL },
    { N_("free space on the disk"), check_space, VERDICT_NOTE, "doctor.space", NULL },
    { N_("pages and indexes"), check_pages, VERDICT_BAD, "db.corrupt", NULL },
    { N_("references between rows"), check_references, VERDICT_BAD, "doctor.reference", NULL },
    { N_("leads have one place"), check_none, VERDICT_BAD, "doctor.lead_place",
      "select count(*) from lead where open = 1 and (owner_id is null) = (pool_id is null)" },
    { N_("open leads are at open stages"), check_none, VERDICT_BAD, "doctor.lead_stage",
      "select count(*) from lead l join stage s on s.id = l.stage_id where (l.open = 1) <> "
      "(s.kind = 'open')" },
    { N_("won leads have a deal"), check_none, VERDICT_BAD, "doctor.lead_deal",
      "select count(*) from lead l join stage s on s.id = l.stage_id left join deal d on "
      "d.lead_id = l.id where (s.kind = 'won') <> (d.id is not null)" },
    { N_("follow-ups are counted"), check_none, VERDICT_BAD, "doctor.follow_ups",
      "select count(*) from lead l left join (select lead_id, count(*) as n from follow_up "
      "group by lead_id) f on f.lead_id = l.id where l.follow_up_count <> coalesce(f.n, 0)" },
    { N_("closed leads have no open task"), check_none, VERDICT_BAD, "doctor.task",
      "select count(*) from task t join lead l on l.id = t.lead_id where t.state = 'open' and "
      "l.open = 0" },
    { N_("search by name finds only leads"), check_none, VERDICT_BAD, "doctor.gram",
      "select count(*) from lead_gram g where not exists (select 1 from lead l where l.id = "
      "g.lead_id)" },
    { N_("search by name finds all leads"), check_none, VERDICT_BAD, "doctor.name",
      "select count(*) from lead l where ((l.name_key <> '' and not exists (select 1 from lead_gram g where "
      "g.gram = substr(l.name_key, 1, 2) and g.lead_id = l.id)) or (substr(l.name_py, 2, 1) > ' ' and not "
      "exists (select 1 from lead_gram g where g.gram = substr(l.name_py, 1, 2) and g.lead_id = l.id))) and "
      "not exists (select 1 from lead_gram_due d where d.lead_id = l.id)" },
    { N_("numbers only rise"), check_none, VERDICT_BAD, "doctor.counter",
      "select count(*) from (select 1 as bad from counter where name = 'lead_no' and value < "
      "(select max(no) from lead) union all select 1 from counter where name = 'event' and "
      "value < (select max(id) from event)) b" },
    { N_("imports have ended"), check_none, VERDICT_NOTE, "doctor.import",
      "select count(*) from import where state = 'running'" },
    { N_("external ids differ in more than case"), check_twins, VERDICT_NOTE, "doctor.same_code", NULL },
    { N_("change of the key"), check_key_change, VERDICT_NOTE, "doctor.key_change", NULL },
    { N_("sealed values have their key"), check_sealed, VERDICT_BAD, "doctor.key_unknown", NULL },
    { N_("audit log"), check_audit, VERDICT_BAD, NULL, NULL },
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
            st = checks[i].run(&x, &checks[i]);
        db_set_cancel(x.d.db, NULL);
        database_close(&x.d);
    }
    *bad = x.bad;
    return st;
}
