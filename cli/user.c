/* user.c - `user`: accounts, by the operations of the noun. */
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/i18n.h"
#include "cli/cli.h"
#include "cli/out.h"
#include "core/api/sentence.h"
#include "core/api/upkeep.h"
#include "core/guard/password.h"
#include "core/model/nouns.h"
#include "core/noun/crud.h"
#include "core/org/org.h"

/* ---- passwords ------------------------------------------------------------------------------- */

/* On a terminal a new password is typed twice. */
static enum status read_new(struct cli *c, char out[PASSWORD_MAX + 1])
{
    char again[PASSWORD_MAX + 1] = "";
    enum status st = password_read(STDIN_FILENO, _("New password: "), out, &c->err);
    if (!st && isatty(STDIN_FILENO)) {
        st = password_read(STDIN_FILENO, _("The same again: "), again, &c->err);
        if (!st && strcmp(out, again) != 0)
            st = fail_field(&c->err, ST_INVALID, "password", "password.differ", NULL);
    }
    explicit_bzero(again, sizeof again);
    return st;
}

static enum status set_password(struct cli *c, const char *login, const char *password,
                                const char *old)
{
    const struct op *op = op_find("account.password");
    struct password_in in = { .code = login, .password = password, .old = old };
    struct done done;
    return cli_call(c, op, &in, NULL, &c->arena, &done);
}

/* The officers were appointed, and the one who looks after accounts has no password yet. */
static enum status set_first(struct cli *c, const char *login)
{
    char new[PASSWORD_MAX + 1] = "";
    struct backend_config config = cli_config(c);
    err_clear(&c->err);
    enum status st = read_new(c, new);
    if (!st)
        st = database_first_password(&config, login, new, &c->err);
    explicit_bzero(new, sizeof new);
    return st;
}

static enum status run_password(struct cli *c)
{
    char old[PASSWORD_MAX + 1] = "", new[PASSWORD_MAX + 1] = "";
    const char *login = c->nargs ? c->arg[0] : NULL;
    enum status st = cli_open(c);
    if (st && login && strcmp(c->err.code, "actor.local_ended") == 0 && !cli_config(c).server)
        return set_first(c, login);
    if (!st && !login)
        st = password_read(STDIN_FILENO, _("Old password: "), old, &c->err);
    if (!st)
        st = read_new(c, new);
    if (!st)
        st = set_password(c, login, new, login ? NULL : old);
    explicit_bzero(old, sizeof old);
    explicit_bzero(new, sizeof new);
    return st;
}

/* ---- accounts -------------------------------------------------------------------------------- */

/* The fields that were given by options, over an empty record. */
static enum status take_options(struct cli *c, const struct op *op, void *in, bool *given)
{
    static const char *const names[] = { "roles", "employee", "branch" };
    enum status st = ST_OK;
    for (size_t i = 0; i < sizeof names / sizeof *names && !st; i++) {
        const char *value = cli_option(c, names[i]);
        if (value)
            cli_set(c, op, in, given, names[i], value, &st);
    }
    return st;
}

/* Changes the account of that login: `set` says which field to what. */
static enum status change(struct cli *c, const char *field, const char *value)
{
    const struct op *get = op_find("account.get"), *op = op_find("account.change");
    struct one one = { .code = c->arg[0] };
    struct account have, in;
    struct done done;
    bool *given = arena_array(&c->arena, bool, op->in->nfields);
    enum status st = cli_call(c, get, &one, NULL, &c->arena, &have);
    if (st)
        return st;
    record_empty(op->in, &in);
    in.head.id = have.head.id;
    in.head.version = have.head.version;
    cli_set(c, op, &in, given, field, value, &st);
    return st ? st : cli_call(c, op, &in, given, &c->arena, &done);
}

/* Said once: what was done may have been the last thing that this caller could do. */
static enum status tell_end(struct cli *c, enum status st)
{
    struct backend_config config = cli_config(c);
    struct backend *again = NULL;
    struct err e = { 0 };
    if (st || config.as)
        return st;
    if (backend_open(&config, &again, &e) && strcmp(e.code, "actor.local_ended") == 0)
        sayf("%s\n", sentence(&c->arena, &e));
    backend_close(again);
    return ST_OK;
}

static enum status run_add(struct cli *c)
{
    const struct op *op = op_find("account.create");
    void *in = record_new(op->in, &c->arena);
    bool *given = arena_array(&c->arena, bool, op->in->nfields);
    char password[PASSWORD_MAX + 1] = "";
    struct done done;
    enum status st = ST_OK;
    cli_set(c, op, in, given, "code", c->arg[0], &st);
    if (cli_flag(c, "password"))        /* until it has one: with it a last officer may end our own right */
        cli_set(c, op, in, given, "active", "no", &st);
    if (!st)
        st = take_options(c, op, in, given);
    if (!st)
        st = cli_open(c);
    if (!st && cli_flag(c, "password")) {
        st = read_new(c, password);
        if (!st)
            st = password_check(password, c->arg[0],
                                &c->err); /* before the account stands without one */
    }
    if (!st)
        st = cli_call(c, op, in, given, &c->arena, &done);
    if (!st && cli_flag(c, "password"))
        st = set_password(c, c->arg[0], password, NULL);
    if (!st && cli_flag(c, "password"))
        st = change(c, "active", "yes");
    explicit_bzero(password, sizeof password);
    return tell_end(c, st);
}

static enum status run_roles(struct cli *c)
{
    enum status st = cli_open(c);
    return st ? st : tell_end(c, change(c, "roles", c->arg[1]));
}

static enum status run_off(struct cli *c)
{
    enum status st = cli_open(c);
    return st ? st : change(c, "active", "no");
}

static enum status run_on(struct cli *c)
{
    enum status st = cli_open(c);
    return st ? st : tell_end(c, change(c, "active", "yes"));
}

static const struct option add_options[] = {
    { "roles", 0, TAKES_TEXT, "a,b",
      N_("sysadmin, secadmin, auditadmin, staff, supervisor, operations, head_office, config or "
         "auditor") },
    { "employee", 0, TAKES_TEXT, "CODE", N_("whose account it is: a staff number") },
    { "branch", 0, TAKES_TEXT, "CODE",
      N_("where its scope begins; the employee's branch unless given") },
    { "password", 0, TAKES_NOTHING, NULL, N_("read its password: one line of the standard input") },
    { 0 },
};

const struct command user_commands[] = {
    { "user add", "LOGIN", N_("makes an account"),
      N_("`gonghai list accounts` shows those there are."), add_options, 0, run_add },
    { "user password", "[LOGIN]", N_("sets a password"),
      N_("Without LOGIN it is one's own, and the old password is read first. Passwords are lines "
         "of the standard input, typed "
         "unseen on a terminal."),
      NULL, 0, run_password },
    { "user roles", "LOGIN ROLES", N_("gives an account other roles"), NULL, NULL, 0, run_roles },
    { "user off", "LOGIN", N_("switches an account off"), NULL, NULL, 0, run_off },
    { "user on", "LOGIN", N_("switches an account on again"), NULL, NULL, 0, run_on },
    { 0 },
};
