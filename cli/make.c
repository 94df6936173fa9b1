/* make.c - `init` and `demo`: databases from nothing. */
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/i18n.h"
#include "cli/cli.h"
#include "cli/console.h"
#include "cli/env.h"
#include "cli/out.h"
#include "cli/meter.h"
#include "core/api/demo.h"
#include "core/api/init.h"
#include "core/guard/password.h"

/* The clock of a database that is not there yet can only be set where it will be marked. */
static enum status set_clock(struct cli *c, bool marked)
{
    if (c->now == NONE)
        return ST_OK;
    if (!marked)
        return fail(&c->err, ST_DENIED, "now.not_test", NULL);
    clock_set(c->now);
    return ST_OK;
}

static struct init_options init_of(struct cli *c)
{
    const struct backend_config config = cli_config(c);
    return (struct init_options){ .url = config.url, .keys_dir = config.keys_dir };
}

static void say_made(struct cli *c, const char *url)
{
    const char *path = url ? url : backend_default_path(&c->arena);
    sayf("%s\n", cli_sentence(c, "cli.made", path));
}

static enum status run_init(struct cli *c)
{
    struct init_options o = init_of(c);
    char password[PASSWORD_MAX + 1] = "";
    o.test = cli_flag(c, "test");
    o.admin = cli_option(c, "admin");
    enum status st = set_clock(c, o.test);
    if (!st && o.admin) {
        st = password_read(STDIN_FILENO, _("Password of the administrator: "), password, &c->err);
        o.password = password;
    }
    if (!st)
        st = database_init(&o, &c->err);
    explicit_bzero(password, sizeof password);
    if (!st)
        say_made(c, o.url);
    return st;
}

static enum status run_demo(struct cli *c)
{
    struct init_options o = init_of(c);
    struct meter bar;
    int64_t leads, seed;
    enum status st = cli_number(c, "leads", 1, DEMO_LEADS_MOST, DEMO_LEADS, &leads);
    if (!st)
        st = cli_number(c, "seed", 0, INT64_MAX, 1, &seed);
    if (!st)
        st = set_clock(c, true);
    if (st)
        return st;
    struct demo_options demo = { .leads = leads, .seed = (uint64_t)seed, .uid = (int64_t)getuid(),
                                 .progress = meter_step, .arg = &bar,
                                 .cancel = &cli_cancel };
    env_catch_signals();
    meter_start(&bar, _("Making a demo database"), _("leads"));
    st = database_demo(&o, &demo, &c->err);
    meter_end(&bar);
    if (st)
        return st;
    say_made(c, o.url);
    return cli_flag(c, "no-open") || !isatty(STDOUT_FILENO) ? ST_OK : console_open(c);
}

static const struct option init_options[] = {
    { "admin", 0, TAKES_TEXT, "NAME",
      N_("also make the account of a security administrator; his password is one line of "
         "the standard input") },
    { "test", 0, TAKES_NOTHING, NULL, N_("mark it as a test database, on which --now works") },
    { 0 },
};

static const struct option demo_options[] = {
    { "leads", 0, TAKES_TEXT, "N", N_("so many leads; 3000 unless given") },
    { "seed", 0, TAKES_TEXT, "S", N_("the same seed gives the same leads; 1 unless given") },
    { "no-open", 0, TAKES_NOTHING, NULL, N_("do not open the console on it") },
    { 0 },
};

const struct command make_commands[] = {
    { "demo", "", N_("makes a demo database and opens it"), NULL, demo_options, CMD_NO_AS | CMD_LOCAL,
      run_demo },
    { "init", "", N_("makes an empty database"),
      N_("It has head office HQ, the public pool default, the product none and the stages. Whoever "
         "makes it is its local owner: "
         "he may do everything without a login, until the three officers are appointed."),
      init_options, CMD_NO_AS | CMD_LOCAL, run_init },
    { 0 },
};
