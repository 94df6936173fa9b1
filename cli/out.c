#include "cli/out.h"

#include <errno.h>
#include <iconv.h>
#include <langinfo.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"

/* ---- encodings ------------------------------------------------------------------------------- */

static bool locale_is_utf8(void)
{
    const char *set = nl_langinfo(CODESET);
    return strcasecmp(set, "UTF-8") == 0 || strcasecmp(set, "ANSI_X3.4-1968") == 0;
}

/* Appends s in another encoding. With `mark` what it lacks becomes a '?'; else that is false. */
static bool convert(const char *to, const char *from, const char *s, size_t n, bool mark,
                    struct buf *out)
{
    iconv_t cd = iconv_open(to, from);
    if (cd == (iconv_t)-1)
        return false;
    char *in = (char *)(uintptr_t)s, piece[512];
    bool whole = true;
    while (n && whole) {
        char *at = piece;
        size_t room = sizeof piece;
        size_t got = iconv(cd, &in, &n, &at, &room);
        buf_add(out, piece, (size_t)(at - piece));
        if (got != (size_t)-1 || errno == E2BIG)
            continue;
        if (!mark) {
            whole = false;
            continue;
        }
        size_t len;
        text_char(in, n, &len);
        buf_addc(out, '?');
        in += len;
        n -= len;
    }
    iconv_close(cd);
    return whole;
}

char *in_utf8(const char *word)
{
    size_t n = strlen(word);
    struct buf b = BUF_INIT;
    if (!locale_is_utf8() && convert("UTF-8", nl_langinfo(CODESET), word, n, false, &b))
        return buf_detach(&b);
    buf_release(&b);
    return text_valid(word, n) ? xstrdup(word) : NULL;
}

/* ---- writing --------------------------------------------------------------------------------- */

static void write_text(FILE *f, const char *s, size_t n)
{
    struct buf b = BUF_INIT;
    if (!locale_is_utf8() && convert(nl_langinfo(CODESET), "UTF-8", s, n, true, &b))
        fwrite(b.s, 1, b.len, f);
    else
        fwrite(s, 1, n, f);
    buf_release(&b);
}

void out_data(const char *s, size_t n)
{
    fwrite(s, 1, n, stdout);
}

void out_text(const char *s)
{
    write_text(stdout, s, strlen(s));
}

__attribute__((format(printf, 2, 0)))
static void write_formatted(FILE *f, const char *fmt, va_list ap)
{
    struct buf b = BUF_INIT;
    buf_vaddf(&b, fmt, ap);
    write_text(f, b.s, b.len);
    buf_release(&b);
}

void out_textf(const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    write_formatted(stdout, fmt, ap);
    va_end(ap);
}

void say(const char *s)
{
    fflush(stdout);
    write_text(stderr, s, strlen(s));
}

void sayf(const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    fflush(stdout);
    write_formatted(stderr, fmt, ap);
    va_end(ap);
}

enum status out_end(struct err *e)
{
    errno = 0;
    bool lost = fflush(stdout) != 0 || ferror(stdout);
    return lost ? fail(e, ST_FAILED, "cli.stdout", strerror(errno ? errno : EIO), NULL) : ST_OK;
}

int out_columns(void)
{
    struct winsize size;
    if (!isatty(STDOUT_FILENO) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0)
        return 0;
    return size.ws_col;
}

bool out_is_terminal(void)
{
    return isatty(STDOUT_FILENO);
}
