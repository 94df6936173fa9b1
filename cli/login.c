#include "cli/login.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/text.h"
#include "cli/config.h"
#include "core/guard/password.h"

static enum status no_file(struct cli *c, const char *path, int error)
{
    return fail(&c->err, error == ENOENT ? ST_NOT_FOUND : ST_FAILED, "cli.file", path, strerror(error), NULL);
}

/* The first line. A file that others may read gives nothing: its password is not a secret any more. */
static enum status read_file(struct cli *c, const char *path, char out[PASSWORD_MAX + 1])
{
    struct stat info;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return no_file(c, path, errno);
    enum status st = ST_OK;
    if (fstat(fd, &info) < 0)
        st = no_file(c, path, errno);
    else if (S_ISDIR(info.st_mode))
        st = no_file(c, path, EISDIR);
    else if (info.st_mode & (S_IRWXG | S_IRWXO))
        st = fail(&c->err, ST_INVALID, "cli.password_file_open", path, NULL);
    else
        st = password_read(fd, NULL, out, &c->err);
    close(fd);
    if (strcmp(c->err.code, "password.none") == 0 || (!st && !*out))
        st = fail(&c->err, ST_INVALID, "cli.password_file_empty", path, NULL);
    return st;
}

/* "Password of 101: ", of whatever was given as a login. */
static const char *prompt_of(struct cli *c)
{
    struct buf clean = BUF_INIT;
    const char *login = cli_option(c, "as");
    text_clean(&clean, login, strlen(login));
    const char *prompt = arena_printf(&c->arena, _("Password of %s: "), clean.s ? clean.s : "");
    buf_release(&clean);
    return prompt;
}

/* The standard input may be data: the terminal itself is asked. The error stays where there is none. */
static enum status ask(struct cli *c, const char *prompt, char out[PASSWORD_MAX + 1])
{
    int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return ST_DENIED;
    err_clear(&c->err);
    enum status st = password_read(fd, prompt, out, &c->err);
    close(fd);
    return st;
}

static enum status read_typed(struct cli *c, const char *path, char out[PASSWORD_MAX + 1])
{
    (void)path;
    return ask(c, prompt_of(c), out);
}

static enum status read_code(struct cli *c, const char *path, char out[PASSWORD_MAX + 1])
{
    (void)path;
    return ask(c, _("One-time code: "), out);
}

static enum status keep(struct cli *c, enum status (*read)(struct cli *c, const char *path, char *out),
                        const char *path)
{
    char *secret = arena_calloc(&c->arena, 1, PASSWORD_MAX + 1);
    enum status st = read(c, path, secret);
    if (!st && read == read_code)
        c->code = secret;
    else if (!st)
        c->password = secret;
    return st;
}

/* What the refusal asks for and was not given yet; NULL: nothing. */
static enum status (*wanted(const struct cli *c))(struct cli *c, const char *path, char *out)
{
    if (!c->password && strcmp(c->err.code, "login.password") == 0)
        return read_typed;
    return !c->code && strcmp(c->err.code, "login.totp") == 0 ? read_code : NULL;
}

enum status login_open(struct cli *c, struct backend **out)
{
    const char *file = cli_option(c, "password-file");
    enum status st = file && !c->password ? keep(c, read_file, file) : ST_OK;
    if (st)
        return st;
    for (;;) {
        struct backend_config config = cli_config(c);
        st = backend_open(&config, out, &c->err);
        if (st != ST_DENIED || !wanted(c))
            return st;
        st = keep(c, wanted(c), NULL);
        if (st)
            return st;
    }
}

enum status login_first(struct cli *c)
{
    struct backend *b = NULL;
    bool remote = config_get(c, "server.url") != NULL;
    if (!cli_option(c, "as") && !remote)
        return ST_OK;
    enum status st = login_open(c, &b);
    if (!st)
        backend_close(b);
    if (!st || remote || st == ST_DENIED || st == ST_CANCELLED || strncmp(c->err.code, "cli.", 4) == 0)
        return st;
    err_clear(&c->err);
    return ST_OK;
}

void login_end(struct cli *c)
{
    if (c->password)
        explicit_bzero(c->password, PASSWORD_MAX + 1);
    if (c->code)
        explicit_bzero(c->code, PASSWORD_MAX + 1);
    c->password = c->code = NULL;
}
