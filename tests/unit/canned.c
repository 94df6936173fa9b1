#include "tests/unit/canned.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* ---- answers ------------------------------------------------------------------------------------------ */

void canned_bytes(int fd, const char *text)
{
    size_t n = strlen(text);
    while (n) {
        ssize_t sent = send(fd, text, n, MSG_NOSIGNAL);
        if (sent <= 0)
            return;
        text += sent;
        n -= (size_t)sent;
    }
}

void canned_answer(int fd, int status, const char *extra, const char *body)
{
    struct buf b = BUF_INIT;
    buf_addf(&b, "HTTP/1.1 %d Whatever\r\nGonghai-Version: 1\r\nContent-Type: application/json\r\n", status);
    buf_addf(&b, "Content-Length: %zu\r\n%s\r\n%s", strlen(body), extra ? extra : "", body);
    canned_bytes(fd, b.s);
    buf_release(&b);
}

/* ---- requests ----------------------------------------------------------------------------------------- */

static size_t length_of(const char *head)
{
    const char *at = strcasestr(head, "\r\ncontent-length:");
    return at ? strtoul(at + 17, NULL, 10) : 0;
}

/* False at the end of the connection. */
static bool read_request(int fd, struct seen *rq)
{
    struct buf b = BUF_INIT;
    char piece[4096], *end = NULL;
    ssize_t n;
    while (!(end = strstr(b.s, "\r\n\r\n")) && (n = read(fd, piece, sizeof piece)) > 0)
        buf_add(&b, piece, (size_t)n);
    size_t head = end ? (size_t)(end - b.s) + 4 : 0, want = end ? head + length_of(b.s) : 0;
    while (end && b.len < want && (n = read(fd, piece, sizeof piece)) > 0)
        buf_add(&b, piece, (size_t)n);
    bool whole = end && b.len >= want && sscanf(b.s, "%15s %511s", rq->method, rq->path) == 2;
    if (whole) {
        rq->head = strndup(b.s, head);
        rq->nbody = want - head;
        rq->body = calloc(1, rq->nbody + 1);
        memcpy(rq->body, b.s + head, rq->nbody);
    }
    buf_release(&b);
    return whole;
}

static bool answer_session(struct canned *s, int fd, const struct seen *rq)
{
    if (strcmp(rq->method, "POST") == 0)
        canned_answer(fd, 201, NULL, "{\"token\":\"tok-123\",\"login\":\"101\"}");
    else
        canned_answer(fd, 200, NULL, strcmp(rq->method, "GET") == 0 ? s->session : "{}");
    return true;
}

struct connection { struct canned *s; int fd; };

static void *serve(void *arg)
{
    struct connection c = *(struct connection *)arg;
    struct canned *s = c.s;
    bool on = true;
    free(arg);
    while (on) {
        struct seen rq = { .nbody = 0 };
        if (!read_request(c.fd, &rq))
            break;
        bool session = strcmp(rq.path, "/v1/session") == 0 && s->session;
        pthread_mutex_lock(&s->lock);
        assert(s->nseen < CANNED_SEEN);
        s->seen[s->nseen++] = rq;
        int n = session ? 0 : s->played++;
        pthread_cond_broadcast(&s->more);
        pthread_mutex_unlock(&s->lock);
        on = session ? answer_session(s, c.fd, &rq) : s->play(s, c.fd, &rq, n);
    }
    shutdown(c.fd, SHUT_RDWR);
    return NULL;
}

static void *run(void *arg)
{
    struct canned *s = arg;
    for (;;) {
        int fd = accept(s->listen, NULL, NULL);
        if (fd < 0)
            return NULL;
        pthread_mutex_lock(&s->lock);
        if (s->stop) {
            pthread_mutex_unlock(&s->lock);
            close(fd);
            return NULL;
        }
        assert(s->neach < CANNED_THREADS);
        struct connection *c = malloc(sizeof *c);
        *c = (struct connection){ s, fd };
        s->fds[s->neach] = fd;
        pthread_create(&s->each[s->neach++], NULL, serve, c);
        pthread_mutex_unlock(&s->lock);
    }
}

/* ---- the server --------------------------------------------------------------------------------------- */

void canned_open(struct canned *s, bool (*play)(struct canned *s, int fd, const struct seen *rq, int n))
{
    struct sockaddr_un at = { .sun_family = AF_UNIX };
    *s = (struct canned){
        .play = play,
        .session = "{\"login\":\"101\",\"name\":\"李敏\",\"branch_path\":[\"总行\",\"西区\"],"
                   "\"employee\":\"11\",\"branch\":\"22\",\"roles\":[\"staff\"],"
                   "\"rights\":[\"lead.read\",\"lead.write\",\"of.tomorrow\"],\"demo\":false,"
                   "\"test\":true}"
    };
    pthread_mutex_init(&s->lock, NULL);
    pthread_cond_init(&s->more, NULL);
    snprintf(s->dir, sizeof s->dir, "/tmp/cannedXXXXXX");
    char *made = mkdtemp(s->dir);
    assert(made);
    snprintf(at.sun_path, sizeof at.sun_path, "%s/s", s->dir);
    snprintf(s->url, sizeof s->url, "unix:%s", at.sun_path);
    s->listen = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int rc = bind(s->listen, (struct sockaddr *)&at, sizeof at);
    rc = rc ? rc : listen(s->listen, 16);
    rc = rc ? rc : pthread_create(&s->thread, NULL, run, s);
    assert(rc == 0);
}

void canned_leave(struct canned *s)
{
    if (s->stop)
        return;
    pthread_mutex_lock(&s->lock);
    s->stop = true;
    pthread_mutex_unlock(&s->lock);
    shutdown(s->listen, SHUT_RDWR);
    pthread_join(s->thread, NULL);
    close(s->listen);
    for (int i = 0; i < s->neach; i++)
        shutdown(s->fds[i], SHUT_RDWR);
    for (int i = 0; i < s->neach; i++) {
        pthread_join(s->each[i], NULL);
        close(s->fds[i]);
    }
}

void canned_close(struct canned *s)
{
    canned_leave(s);
    unlink(s->url + 5);
    rmdir(s->dir);
    for (int i = 0; i < s->nseen; i++) {
        free(s->seen[i].head);
        free(s->seen[i].body);
    }
    pthread_mutex_destroy(&s->lock);
    pthread_cond_destroy(&s->more);
}

static int count(struct canned *s, const char *path)
{
    int n = 0;
    for (int i = 0; i < s->nseen; i++)
        n += strncmp(s->seen[i].path, path, strlen(path)) == 0;
    return n;
}

int canned_count(struct canned *s, const char *path)
{
    pthread_mutex_lock(&s->lock);
    int n = count(s, path);
    pthread_mutex_unlock(&s->lock);
    return n;
}

void canned_wait(struct canned *s, const char *path, int n)
{
    pthread_mutex_lock(&s->lock);
    while (count(s, path) < n)
        pthread_cond_wait(&s->more, &s->lock);
    pthread_mutex_unlock(&s->lock);
}

const struct seen *canned_seen(struct canned *s, const char *path, int i)
{
    const struct seen *found = NULL;
    pthread_mutex_lock(&s->lock);
    for (int k = 0; k < s->nseen && !found; k++)
        if (strncmp(s->seen[k].path, path, strlen(path)) == 0 && i-- == 0)
            found = &s->seen[k];
    pthread_mutex_unlock(&s->lock);
    return found;
}

const char *canned_header(const struct seen *rq, const char *name)
{
    static char value[512];
    char at[64];
    snprintf(at, sizeof at, "\r\n%s: ", name);
    const char *found = strcasestr(rq->head, at);
    if (!found)
        return NULL;
    found += strlen(at);
    snprintf(value, sizeof value, "%.*s", (int)strcspn(found, "\r"), found);
    return value;
}
