#include "cli/out.h"

#include <errno.h>
#include <iconv.h>
#include <langinfo.h>
#include <stdarg.h>
#include <stdbool.h>
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
    struct buf clean = BUF_INIT, b = BUF_INIT;
    for (const char *end = s + n; s < end;) {
        const char *line = memchr(s, '\n', (size_t)(end - s));
        text_clean(&clean, s, (size_t)((line ? line : end) - s));
        if (line)
            buf_addc(&clean, '\n');
        s = line ? line + 1 : end;
    }
    if (!locale_is_utf8() && convert(nl_langinfo(CODESET), "UTF-8", clean.s, clean.len, true, &b))
        fwrite(b.s, 1, b.len, f);
    else
        fwrite(clean.s, 1, clean.len, f);
    buf_release(&clean);
    buf_release(&b);
}

static bool is_terminal(void)
{
    static int known = -1;              /* asked for each row of a list */
    if (known < 0)
        known = isatty(STDOUT_FILENO);
    return known;
}

void out_data(const char *s, size_t n)
{
    if (is_terminal())
        write_text(stdout, s, n);
    else
        fwrite(s, 1, n, stdout);
}

void out_text(const char *s)
{
    write_text(stdout, s, strlen(s));
}

void out_line(const char *s)
{
    struct buf clean = BUF_INIT;
    text_clean(&clean, s, strlen(s));
    buf_addc(&clean, '\n');
    write_text(stdout, clean.s, clean.len);
    buf_release(&clean);
}

void out_textf(const char *fmt, ...)
{
    struct buf b = BUF_INIT;
    va_list ap;
    va_start(ap, fmt);
    buf_vaddf(&b, fmt, ap);
    va_end(ap);
    write_text(stdout, b.s, b.len);
    buf_release(&b);
}

void out_linef(const char *fmt, ...)
{
    struct buf b = BUF_INIT;
    va_list ap;
    va_start(ap, fmt);
    buf_vaddf(&b, fmt, ap);
    va_end(ap);
    out_line(b.s);
    buf_release(&b);
}

void say(const char *s)
{
    fflush(stdout);
    write_text(stderr, s, strlen(s));
}

void sayf(const char *fmt, ...)
{
    struct buf b = BUF_INIT;
    va_list ap;
    va_start(ap, fmt);
    buf_vaddf(&b, fmt, ap);
    va_end(ap);
    say(b.s);
    buf_release(&b);
}

void say_over(const char *s, int blanks)
{
    fflush(stdout);
    fputc('\r', stderr);
    write_text(stderr, s, strlen(s));
    fprintf(stderr, "%*s", blanks > 0 ? blanks : 0, "");
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
