#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/contract/httpclient.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/buf.h"

const char *http_socket(struct bank *k)
{
    return arena_printf(&k->arena, "%s/http", k->dir);
}

struct server *http_serve(struct bank *k, int group)
{
    struct server_config config = { .data = { .url = k->path, .keys_dir = k->keys },
                                    .threads = 2,
                                    .group = group };
    struct server *s;
    config.listen = arena_printf(&k->arena, "unix:%s", http_socket(k));
    if (server_start(&s, &config, &k->e) != ST_OK)
        fail_msg("server: %s %s", k->e.code, k->e.nparam ? k->e.param[0] : "");
    return s;
}

int http_connect(struct bank *k)
{
    struct sockaddr_un to = { .sun_family = AF_UNIX };
    struct timeval patience = { .tv_sec = 30 };
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    snprintf(to.sun_path, sizeof to.sun_path, "%s", http_socket(k));
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
    return fd;
}

static bool send_all(int fd, const char *bytes, size_t n)
{
    while (n > 0) {
        ssize_t sent = send(fd, bytes, n, MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        bytes += sent;
        n -= (size_t)sent;
    }
    return true;
}

static const char *find_header(const char *head, const char *name)
{
    for (const char *line = strchr(head, '\n'); line && line[1]; line = strchr(line + 1, '\n'))
        if (strncasecmp(line + 1, name, strlen(name)) == 0 && line[1 + strlen(name)] == ':')
            return line + 2 + strlen(name) + strspn(line + 2 + strlen(name), " ");
    return NULL;
}

/* Is the reply whole? */
static bool is_whole(const struct buf *b)
{
    const char *end = strstr(b->s, "\r\n\r\n"), *length = find_header(b->s, "Content-Length");
    if (!end)
        return false;
    size_t head = (size_t)(end + 4 - b->s), n = length && length < end ? strtoul(length, NULL, 10) : 0;
    return b->len >= head + n;
}

struct reply http_raw(int fd, struct arena *a, const char *bytes, size_t n)
{
    struct reply r = { .head = "", .body = "" };
    struct buf b = BUF_INIT;
    char piece[8192];
    ssize_t got = 1;
    send_all(fd, bytes, n);         /* one that was refused at its first bytes has an answer, too */
    while (!is_whole(&b) && (got = recv(fd, piece, sizeof piece, 0)) > 0)
        buf_add(&b, piece, (size_t)got);
    char *all = arena_strndup(a, b.s, b.len), *end = strstr(all, "\r\n\r\n");
    if (end) {
        r.body = end + 4;
        end[2] = '\0';
        r.head = all;
        r.status = atoi(all + strlen("HTTP/1.1 "));
    }
    r.closed = got <= 0 || (find_header(r.head, "Connection") && recv(fd, piece, 1, 0) == 0);
    buf_release(&b);
    return r;
}

struct reply http_ask(struct bank *k, const char *method, const char *path, const char *headers,
                      const char *body)
{
    struct buf b = BUF_INIT;
    int fd = http_connect(k);
    buf_addf(&b, "%s %s HTTP/1.1\r\nHost: bank\r\n%s", method, path, headers);
    if (body)
        buf_addf(&b, "Content-Type: application/json\r\nContent-Length: %zu\r\n", strlen(body));
    buf_addf(&b, "\r\n%s", body ? body : "");
    struct reply r = http_raw(fd, &k->arena, b.s, b.len);
    close(fd);
    buf_release(&b);
    return r;
}

const char *http_header(struct bank *k, struct reply r, const char *name)
{
    const char *value = find_header(r.head, name);
    return value ? arena_strndup(&k->arena, value, strcspn(value, "\r\n")) : NULL;
}
