/* guard.c - `audit`, `backup`, `restore`, `key`, `doctor`: what keeps a database in good order. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/text.h"
#include "cli/bundle.h"
#include "cli/cli.h"
#include "cli/env.h"
#include "cli/login.h"
#include "cli/out.h"
#include "cli/meter.h"
#include "core/api/sentence.h"
#include "core/api/upkeep.h"
#include "core/data/rekey.h"
#include "core/guard/password.h"
#include "core/model/record_json.h"
#include "core/org/org.h"

/* ---- audit ----------------------------------------------------------------------------------- */

enum { LINE_MAX_BYTES = 1024 };

/* The first line of a file. */
static enum status read_line(struct cli *c, const char *path, char out[LINE_MAX_BYTES])
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, out, LINE_MAX_BYTES - 1);
    int error = errno;
    if (fd >= 0)
        close(fd);
    if (n < 0)
        return fail(&c->err, error == ENOENT ? ST_NOT_FOUND : ST_FAILED, "cli.file", path,
                    strerror(error), NULL);
    out[n] = '\0';
    out[strcspn(out, "\r\n")] = '\0';
    return text_valid(out, strlen(out)) ? ST_OK : fail(&c->err, ST_INVALID, "audit.anchor", NULL);
}

static void print_verdict(struct cli *c, const struct audit_verdict *v)
{
    char rows[24], at[CLOCK_TEXT];
    snprintf(rows, sizeof rows, "%lld", (long long)v->rows);
    clock_rfc3339(v->last_at, at);
    const char *params[] = { rows, at };
    out_textf("%s\n", sentence_of(&c->arena, v->rows ? "cli.audit_proven" : "cli.audit_nothing",
                                  params, 2));
}

static enum status verdict_status(struct cli *c, const struct audit_verdict *v)
{
    char seq[24];
    snprintf(seq, sizeof seq, "%lld", (long long)v->bad_seq);
    return v->intact == 1 ? ST_OK : fail(&c->err, ST_FAILED, v->finding, seq, NULL);
}

static void print_record(const struct record *r, const void *rec)
{
    struct buf b = BUF_INIT;
    struct jw w;
    jw_init(&w, &b);
    record_to_json(&w, r, rec);
    buf_addc(&b, '\n');
    out_data(b.s, b.len);
    buf_release(&b);
}

static enum status run_verify(struct cli *c)
{
    const struct op *op = op_find("audit.verify");
    const char *file = cli_option(c, "anchor");
    char line[LINE_MAX_BYTES];
    struct audit_verify_in in = { 0 };
    struct audit_verdict v;
    enum status st = file ? read_line(c, file, line) : ST_OK;
    if (file)
        in.anchor = line;
    if (!st)
        st = cli_open(c);
    if (!st)
        st = cli_call(c, op, &in, NULL, &c->arena, &v);
    if (st)
        return st;
    if (cli_flag(c, "json"))
        print_record(op->out, &v);
    else
        print_verdict(c, &v);
    return verdict_status(c, &v);
}

static enum status run_anchor(struct cli *c)
{
    struct audit_anchor_out anchor;
    enum status st = cli_open(c);
    if (!st)
        st = cli_call(c, op_find("audit.anchor"), NULL, NULL, &c->arena, &anchor);
    if (!st)
        out_textf("%s\n", anchor.anchor);
    return st;
}

/* ---- backup and restore ---------------------------------------------------------------------- */

static void copy_progress(void *arg, int done, int total)
{
    meter_step(arg, done, total);
}

static void print_info(const struct backup_info *info)
{
    char at[CLOCK_TEXT];
    clock_rfc3339(info->created, at);
    out_textf("created %s\nschema %d\nbytes %lld\n", at, info->schema, (long long)info->bytes);
    for (size_t i = 0; i < info->ntables; i++)
        out_linef("rows %s %lld", info->tables[i].name, (long long)info->tables[i].rows);
}

static enum status run_backup(struct cli *c)
{
    struct meter bar;
    struct copy_watch watch = { copy_progress, &bar, &cli_cancel };
    struct backup_info info;
    enum status st = cli_open(c);               /* also sets the clock of --now */
    if (st)
        return st;
    struct backend_config config = cli_config(c);
    meter_start(&bar, _("Backing up"), NULL);
    st = database_backup(&config, c->arg[0], &watch, &info, &c->err);
    meter_end(&bar);
    if (!st)
        print_info(&info);
    return st;
}

/* The printed key: one line, or as many as its first says. */
static enum status read_key(struct cli *c, char out[KEYS_TEXT_MAX])
{
    size_t n = 0;
    enum status st;
    do {
        st = password_read(STDIN_FILENO, _("Key: "), out + n, &c->err);
        n += st ? 0 : strlen(out + n);
        out[n++] = ' ';
        out[n] = 0;
    } while (!st && !keys_text_whole(out) && n + PASSWORD_MAX + 2 < KEYS_TEXT_MAX);
    return strcmp(c->err.code, "password.none") == 0 ? fail(&c->err, ST_INVALID, "cli.no_key", NULL) : st;
}

static enum status run_restore(struct cli *c)
{
    struct meter bar;
    struct copy_watch watch = { copy_progress, &bar, &cli_cancel };
    struct backend_config config = cli_config(c);
    struct backup_info info;
    char key[KEYS_TEXT_MAX] = "";
    bool typed = cli_flag(c, "printed-key");
    enum status st = typed ? read_key(c, key) : ST_OK;
    if (!st) {
        env_catch_signals();
        meter_start(&bar, _("Restoring"), NULL);
        st = database_restore(&config, c->arg[0], typed ? key : NULL, cli_flag(c, "replace"),
                              &watch, &info, &c->err);
        meter_end(&bar);
    }
    explicit_bzero(key, sizeof key);
    if (!st)
        print_info(&info);
    return st;
}

static enum status run_key(struct cli *c)
{
    struct backend_config config;
    char *text = NULL;
    enum status st = cli_open(c);
    if (st)
        return st;
    config = cli_config(c);
    st = database_key(&config, &c->arena, &text, &c->err);
    if (st)
        return st;
    out_textf("%s\n", text);
    explicit_bzero(text, strlen(text));
    return ST_OK;
}

static void print_keys(const struct page *page)
{
    const struct key_row *rows = page->rows.items;
    out_textf("%-6s  %-9s  %-25s  %10s  %s\n", "number", "state", "made_at", "values", "algorithm");
    for (size_t i = 0; i < page->rows.n; i++) {
        char at[CLOCK_TEXT] = "";
        if (rows[i].made_at != NONE)
            clock_rfc3339(rows[i].made_at, at);
        out_textf("%-6lld  %-9s  %-25s  %10lld  %s\n", (long long)rows[i].number, rows[i].state, at,
                  (long long)rows[i].values, rows[i].algorithm);
    }
}

static void print_keys_json(const struct page *page)
{
    const struct key_row *rows = page->rows.items;
    struct buf b = BUF_INIT;
    struct jw w;
    jw_init(&w, &b);
    jw_array(&w);
    for (size_t i = 0; i < page->rows.n; i++)
        record_to_json(&w, &key_row_record, &rows[i]);
    jw_end_array(&w);
    buf_addc(&b, '\n');
    out_data(b.s, b.len);
    buf_release(&b);
}

static enum status run_key_list(struct cli *c)
{
    struct page page = { 0 };
    enum status st = cli_open(c);
    if (!st)
        st = cli_call(c, op_find("key.list"), NULL, NULL, &c->arena, &page);
    if (st)
        return st;
    (cli_flag(c, "json") ? print_keys_json : print_keys)(&page);
    return ST_OK;
}

static enum status run_key_rotate(struct cli *c)
{
    struct meter bar;
    struct key_rotate_in in = { .forget = cli_flag(c, "forget") };
    struct key_rotate_out out;
    const struct op *op = op_find("key.rotate");
    enum status st = cli_open(c);
    if (st)
        return st;
    struct call call = { .op = op, .in = &in, .cancel = &cli_cancel, .progress = meter_step,
                         .progress_arg = &bar };
    meter_start(&bar, _("Sealing with a new key"), NULL);
    st = backend_call(c->backend, &call, &c->arena, &out, &c->err);
    meter_end(&bar);
    if (st)
        return st;
    if (cli_flag(c, "json")) {
        print_record(op->out, &out);
        return ST_OK;
    }
    const char *numbers[] = { arena_printf(&c->arena, "%lld", (long long)out.key),
                              arena_printf(&c->arena, "%lld", (long long)out.former) };
    out_textf("%s\n", sentence_of(&c->arena, "cli.key_changed", numbers, 2));
    if (out.forgotten)
        out_textf("%s\n", sentence_of(&c->arena, "cli.key_forgotten", &numbers[1], 1));
    return ST_OK;
}

static enum status run_key_forget(struct cli *c)
{
    struct key_forget_out out;
    struct key_forget_in in;
    char *end;
    in.number = strtoll(c->arg[0], &end, 10);
    if (end == c->arg[0] || *end)
        return fail(&c->err, ST_NOT_FOUND, "keys.none", c->arg[0], NULL);
    enum status st = cli_open(c);
    if (!st)
        st = cli_call(c, op_find("key.forget"), &in, NULL, &c->arena, &out);
    if (!st)
        out_textf("%s\n", sentence_of(&c->arena, "cli.key_forgotten", (const char *[]){ c->arg[0] }, 1));
    return st;
}

static enum status run_key_backup(struct cli *c)
{
    enum status st = cli_open(c);
    if (st)
        return st;
    struct backend_config config = cli_config(c);
    st = database_key_copy(&config, c->arg[0], &c->err);
    if (strcmp(c->err.code, "keys.exists") == 0)
        st = fail(&c->err, ST_CONFLICT, "cli.exists", c->arg[0], NULL);
    if (!st)
        sayf("%s\n", cli_sentence(c, "cli.key_copied", c->arg[0]));
    return st;
}

static enum status run_key_restore(struct cli *c)
{
    struct backend_config config = cli_config(c);
    char key[KEYS_TEXT_MAX] = "";
    enum status st = read_key(c, key);
    if (!st)
        st = database_key_restore(&config, key, &c->err);
    explicit_bzero(key, sizeof key);
    if (strcmp(c->err.code, "keys.exists") == 0)
        st = fail(&c->err, ST_CONFLICT, "cli.key_file_there", arena_strdup(&c->arena, c->err.param[0]), NULL);
    if (!st)
        sayf("%s\n", sentence_of(&c->arena, "cli.key_restored", NULL, 0));
    return st;
}

/* ---- doctor ---------------------------------------------------------------------------------- */

static void print_finding(void *arg, const struct finding *f)
{
    static const char *const words[] = {
        [VERDICT_OK] = N_("ok"), [VERDICT_NOTE] = NC_("verdict", "note"), [VERDICT_BAD] = N_("BAD"),
    };
    struct arena a = ARENA_INIT;
    struct bundle *bundle = arg;
    const char *word = i18n_text(words[f->verdict]);
    const char *line =
        arena_printf(&a, "%s%*s  %s", word, 4 - text_width(word), "", i18n_text(f->what));
    if (f->verdict != VERDICT_OK)
        line = arena_printf(&a, "%s: %s", line, sentence(&a, &f->why));
    out_textf("%s\n", line);
    if (bundle)
        bundle_finding(bundle, f);
    arena_free(&a);
}

static enum status run_doctor(struct cli *c)
{
    const char *path = cli_option(c, "bundle");
    struct bundle *bundle = NULL;
    bool bad = false;
    enum status st = login_first(c);
    if (st)
        return st;
    struct backend_config config = cli_config(c);
    env_catch_signals();
    st = path ? bundle_open(path, &bundle, &c->err) : ST_OK;
    if (!st)
        st = database_doctor(&config, &cli_cancel, print_finding, bundle, &bad, &c->err);
    if (!st && bundle)
        st = bundle_close(bundle, &config, &c->err);
    else if (bundle)
        bundle_abort(bundle);
    return !st && bad ? fail(&c->err, ST_FAILED, "doctor.bad", NULL) : st;
}

/* ---- tables ---------------------------------------------------------------------------------- */

static const struct option verify_options[] = {
    { "anchor", 0, TAKES_FILE, "FILE", N_("also prove that the log runs through this anchor") },
    { "json", 0, TAKES_NOTHING, NULL, N_("print the result as JSON") },
    { 0 },
};
static const struct option restore_options[] = {
    { "replace", 0, TAKES_NOTHING, NULL,
      N_("put it in the place of the database there; that is kept as DATABASE.replaced") },
    { "printed-key", 0, TAKES_NOTHING, NULL,
      N_("read the printed key first, from the standard input") },
    { 0 },
};
static const struct option doctor_options[] = {
    { "bundle", 0, TAKES_FILE, "FILE",
      N_("also write a file for support: versions, findings, sizes, log; no personal data") },
    { 0 },
};

static const struct option key_list_options[] = {
    { "json", 0, TAKES_NOTHING, NULL, N_("print the result as JSON") },
    { 0 },
};
static const struct option rotate_options[] = {
    { "forget", 0, TAKES_NOTHING, NULL,
      N_("then forget the old key: backups made with it can't be read any more") },
    { "json", 0, TAKES_NOTHING, NULL, N_("print the result as JSON") },
    { 0 },
};

const struct command guard_commands[] = {
    { "audit verify", "", N_("proves that the audit log is whole, and up to when"),
      N_("Exit code 1 when a row was changed, moved, put in or taken away. Only an anchor that was "
         "kept elsewhere shows that "
         "somebody put back an old copy of the whole database."),
      verify_options, 0, run_verify },
    { "audit anchor", "", N_("prints the head of the audit log, to be kept elsewhere"), NULL, NULL,
      0, run_anchor },
    { "backup", "FILE", N_("writes an encrypted copy and reads it back"),
      N_("Others may work meanwhile. Without the key file, or its printed text, the copy can't be "
         "read: keep it elsewhere."),
      NULL, CMD_LOCAL, run_backup },
    { "restore", "FILE", N_("puts a backup in the place of --db"), NULL, restore_options,
      CMD_NO_AS | CMD_NO_NOW | CMD_LOCAL, run_restore },
    { "key print", "", N_("prints the database's key, to be kept in a safe"),
      N_("It is the secret itself: whoever has it and a copy of the database reads every phone "
         "number. It is recorded."),
      NULL, CMD_LOCAL, run_key },
    { "key backup", "FILE", N_("copies the key file, to be kept elsewhere"),
      N_("FILE is made for you alone (mode 0600), and not in the database's folder. To use it, put it "
         "back under its old name. It is the secret itself, and taking it is recorded."),
      NULL, CMD_LOCAL, run_key_backup },
    { "key restore", "", N_("makes a lost key file again from the printed key"),
      N_("The printed key is read from the standard input, typed unseen on a terminal. It is tried on this "
         "database first. A key file that is there is never replaced. It is recorded."),
      NULL, CMD_NO_AS | CMD_NO_NOW | CMD_LOCAL, run_key_restore },
    { "key list", "", N_("lists the database's keys and what is sealed with each"),
      N_("Never the keys themselves. A retired key seals nothing any more: backups of its time need "
         "it."),
      key_list_options, 0, run_key_list },
    { "key rotate", "", N_("makes a new key and seals everything with it"),
      N_("Others may work meanwhile. Stopped half way, both keys stay in use, and the same command "
         "goes on where it was. Afterwards print or copy the key file again: older copies of it lack "
         "the new key."),
      rotate_options, 0, run_key_rotate },
    { "key forget", "NUMBER", N_("takes a key that nothing uses out of the key file"),
      N_("Backups that were made with it can't be read any more, nor restored copies of this database that "
         "still use it. What proves the audit log stays."),
      NULL, 0, run_key_forget },
    { "doctor", "", N_("examines the database"), NULL, doctor_options, CMD_NO_NOW | CMD_LOCAL, run_doctor },
    { 0 },
};
