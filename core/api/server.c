/* server.c - the server's life: where it listens, its threads' ways to the database, who is cut
 * off, its end. */
#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "core/api/sentence.h"
#include "core/api/serving.h"
#include "core/data/import.h"

enum { REAP_MS = 250, SOCKET_MODE = 0660, CONNECTIONS_MOST = 4096, BACKLOG = 128, REQUEST_MEMORY = 16 << 10,
    WORKERS = 2
};

/* ---- lanes -------------------------------------------------------------------------------------------- */

enum status server_lane(struct server *s, struct lane **out, struct err *e)
{
    struct lane *l = pthread_getspecific(s->lane);
    *out = l;
    if (l)
        return ST_OK;
    l = xcalloc(1, sizeof *l);
    enum status st = lane_open(l, &s->config.data, e);
    if (st) {
        free(l);
        return st;
    }
    pthread_mutex_lock(&s->lock);
    assert(s->nlanes < SERVER_LANES);
    s->lanes[s->nlanes++] = l;
    pthread_mutex_unlock(&s->lock);
    pthread_setspecific(s->lane, l);
    *out = l;
    return ST_OK;
}

static void close_lanes(struct server *s)
{
    for (int i = 0; i < s->nlanes; i++) {
        lane_close(s->lanes[i]);
        free(s->lanes[i]);
    }
    s->nlanes = 0;
}

/* ---- connections -------------------------------------------------------------------------------------- */

static void link_in(struct server *s, struct connection *c)
{
    pthread_mutex_lock(&s->lock);
    c->next = s->connections;
    if (c->next)
        c->next->before = c;
    s->connections = c;
    pthread_mutex_unlock(&s->lock);
}

static void link_out(struct server *s, struct connection *c)
{
    pthread_mutex_lock(&s->lock);
    if (c->before)
        c->before->next = c->next;
    else
        s->connections = c->next;
    if (c->next)
        c->next->before = c->before;
    pthread_mutex_unlock(&s->lock);
}

static void notify(void *arg, struct MHD_Connection *at, void **context,
                   enum MHD_ConnectionNotificationCode what)
{
    struct server *s = arg;
    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        struct connection *c = xcalloc(1, sizeof *c);
        c->fd = s->mhd->get_connection_info(at, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
        c->until = clock_mono_us() + HEAD_S * INT64_C(1000000);
        *context = c;
        link_in(s, c);
    } else {
        link_out(s, *context);
        free(*context);
        *context = NULL;
    }
}

/* The first line of a request is here. Nothing is decoded: http.c does. */
static void *line_came(void *arg, const char *uri, struct MHD_Connection *at)
{
    struct server *s = arg;
    struct connection *c =
        s->mhd->get_connection_info(at, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
    (void)uri;
    __atomic_store_n(&c->until, clock_mono_us() + BODY_S * INT64_C(1000000), __ATOMIC_RELAXED);
    return NULL;
}

static size_t leave_escaped(void *arg, struct MHD_Connection *at, char *text)
{
    (void)arg;
    (void)at;
    return strlen(text);
}

/* libmicrohttpd counts idle time only: who sends a byte a second would stay for ever. */
static void *reap(void *arg)
{
    struct server *s = arg;
    pthread_mutex_lock(&s->lock);
    while (!s->ending) {
        struct timespec at;
        int64_t now = clock_mono_us();
        for (struct connection *c = s->connections; c; c = c->next) {
            int64_t until = __atomic_load_n(&c->until, __ATOMIC_RELAXED);
            if (until && until < now)
                shutdown(c->fd, SHUT_RDWR);
        }
        at.tv_sec = (now + REAP_MS * 1000) / 1000000;
        at.tv_nsec = (now + REAP_MS * 1000) % 1000000 * 1000;
        pthread_cond_timedwait(&s->wake, &s->lock, &at);
    }
    pthread_mutex_unlock(&s->lock);
    return NULL;
}

/* ---- where it listens --------------------------------------------------------------------------------- */

static enum status cant_bind(struct server *s, struct err *e)
{
    return fail(e, ST_FAILED, "server.bind", s->config.listen, strerror(errno), NULL);
}

/* Under another name first: what is there under its name is ready, and a socket that a killed server left is
 * replaced. */
static enum status listen_unix(struct server *s, const char *path, struct err *e)
{
    struct sockaddr_un to = { .sun_family = AF_UNIX };
    int n = snprintf(to.sun_path, sizeof to.sun_path, "%s.new", path);
    if (n < 0 || (size_t)n >= sizeof to.sun_path)
        return fail(e, ST_INVALID, "server.address", s->config.listen, NULL);
    snprintf(s->path, sizeof s->path, "%s", path);
    s->is_unix = true;
    s->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    unlink(to.sun_path);
    if (s->listener < 0 || bind(s->listener, (struct sockaddr *)&to, sizeof to) != 0 ||
        chmod(to.sun_path, SOCKET_MODE) != 0 || listen(s->listener, BACKLOG) != 0 ||
        rename(to.sun_path, path) != 0)
        return cant_bind(s, e);
    return ST_OK;
}

static bool is_loopback(const struct sockaddr *a)
{
    const struct sockaddr_in *four = (const void *)a;
    const struct sockaddr_in6 *six = (const void *)a;
    return a->sa_family == AF_INET ? ntohl(four->sin_addr.s_addr) >> 24 == 127
                                   : a->sa_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&six->sin6_addr);
}

static int port_of(int fd)
{
    struct sockaddr_storage at;
    socklen_t n = sizeof at;
    if (getsockname(fd, (struct sockaddr *)&at, &n) != 0)
        return 0;
    return ntohs(at.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&at)->sin6_port
                                          : ((struct sockaddr_in *)&at)->sin_port);
}

/* "host:port", "[::1]:port" */
static bool split_address(const char *listen, char host[64], char port[8])
{
    const char *colon = strrchr(listen, ':');
    size_t n = colon ? (size_t)(colon - listen) : 0;
    bool bracket = n > 2 && listen[0] == '[' && listen[n - 1] == ']';
    if (!colon || n == 0 || n >= 64 || strlen(colon + 1) > 5 || !colon[1] ||
        colon[1 + strspn(colon + 1, "0123456789")] || (!bracket && memchr(listen, ':', n)))
        return false;
    snprintf(host, 64, "%.*s", (int)(bracket ? n - 2 : n), listen + bracket);
    snprintf(port, 8, "%s", colon + 1);
    return true;
}

static enum status listen_tcp(struct server *s, struct err *e)
{
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICHOST }, *to;
    char host[64], port[8];
    int on = 1;
    if (!split_address(s->config.listen, host, port) || getaddrinfo(host, port, &hints, &to) != 0)
        return fail(e, ST_INVALID, "server.address", s->config.listen, NULL);
    enum status st = is_loopback(to->ai_addr) ? ST_OK
                                              : fail(e, ST_INVALID, "server.no_tls", s->config.listen, NULL);
    if (!st) {
        s->listener = socket(to->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (s->listener < 0 || setsockopt(s->listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
            bind(s->listener, to->ai_addr, to->ai_addrlen) != 0 || listen(s->listener, BACKLOG) != 0)
            st = cant_bind(s, e);
        else
            s->port = port_of(s->listener);
    }
    freeaddrinfo(to);
    return st;
}

/* ---- its life ----------------------------------------------------------------------------------------- */

__attribute__((format(printf, 2, 0)))
static void say(void *arg, const char *format, va_list ap)
{
    char text[LOG_VALUE];
    (void)arg;
    vsnprintf(text, sizeof text, format, ap);
    text[strcspn(text, "\n")] = '\0';
    log_event(LEVEL_WARN, "http", LOG_TEXT("text", text));
}

/* As many files as may be. */
static void raise_files(void)
{
    struct rlimit most;
    if (getrlimit(RLIMIT_NOFILE, &most) == 0 && most.rlim_cur < most.rlim_max) {
        most.rlim_cur = most.rlim_max;
        setrlimit(RLIMIT_NOFILE, &most);
    }
}

static enum status start_daemon(struct server *s, struct err *e)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    int threads = s->config.threads > 0 ? s->config.threads : processors > 0 ? (int)processors : 1;
    struct MHD_OptionItem options[] = {
        { MHD_OPTION_EXTERNAL_LOGGER, (intptr_t)say, s },
        { MHD_OPTION_LISTEN_SOCKET, s->listener, NULL },
        { MHD_OPTION_THREAD_POOL_SIZE, threads < SERVER_LANES ? threads : SERVER_LANES, NULL },
        { MHD_OPTION_CONNECTION_LIMIT, CONNECTIONS_MOST, NULL },
        { MHD_OPTION_CONNECTION_TIMEOUT, IDLE_S + 5, NULL },
        { MHD_OPTION_CONNECTION_MEMORY_LIMIT, REQUEST_MEMORY, NULL },
        { MHD_OPTION_NOTIFY_CONNECTION, (intptr_t)notify, s },
        { MHD_OPTION_NOTIFY_COMPLETED, (intptr_t)http_completed, s },
        { MHD_OPTION_URI_LOG_CALLBACK, (intptr_t)line_came, s },
        { MHD_OPTION_UNESCAPE_CALLBACK, (intptr_t)leave_escaped, s },
        { MHD_OPTION_END, 0, NULL },
    };
    s->daemon = s->mhd->start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC | MHD_USE_ERROR_LOG,
        0, NULL, NULL, http_handle, s, MHD_OPTION_ARRAY, options, MHD_OPTION_END);
    return s->daemon ? ST_OK : fail(e, ST_FAILED, "server.bind", s->config.listen, strerror(errno), NULL);
}

static void free_server(struct server *s)
{
    if (s->workers)
        workers_stop(s->workers);
    if (s->writer)
        writer_stop(s->writer);
    close_lanes(s);
    if (s->listener >= 0)
        close(s->listener);
    pthread_key_delete(s->lane);
    pthread_cond_destroy(&s->wake);
    pthread_mutex_destroy(&s->lock);
    free(s);
}

static struct server *new_server(const struct server_config *config)
{
    struct server *s = xcalloc(1, sizeof *s);
    pthread_condattr_t monotonic;
    s->config = *config;
    s->listener = -1;
    pthread_key_create(&s->lane, NULL);
    pthread_mutex_init(&s->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&s->wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
    return s;
}

enum status server_start(struct server **out, const struct server_config *config, struct err *e)
{
    struct server *s = new_server(config);
    s->mhd = mhd_open(e);
    enum status st = s->mhd ? ST_OK : e->status;
    raise_files();
    if (!st)
        st = writer_start(&s->writer, &config->data, config->group > 0 ? config->group : WRITER_GROUP, e);
    if (!st)
        st = workers_start(&s->workers, &config->data, WORKERS, e);
    if (!st)
        st = strncmp(config->listen, "unix:", 5) == 0 ? listen_unix(s, config->listen + 5, e)
                                                      : listen_tcp(s, e);
    if (!st && pthread_create(&s->reaper, NULL, reap, s) != 0)
        st = fail(e, ST_FAILED, "server.threads", NULL);
    else if (!st && (st = start_daemon(s, e))) {
        s->ending = true;
        pthread_cond_broadcast(&s->wake);
        pthread_join(s->reaper, NULL);
    }
    if (st) {
        free_server(s);
        return st;
    }
    import_words(sentence);
    *out = s;
    return ST_OK;
}

int server_port(const struct server *s)
{
    return s->port;
}

static void wait_for_answers(struct server *s, int ms)
{
    int64_t until = clock_mono_us() + ms * INT64_C(1000);
    struct timespec at = { .tv_sec = until / 1000000, .tv_nsec = until % 1000000 * 1000 };
    pthread_mutex_lock(&s->lock);
    while (atomic_load(&s->active) > 0 && clock_mono_us() < until)
        pthread_cond_timedwait(&s->wake, &s->lock, &at);
    s->ending = true;
    pthread_cond_broadcast(&s->wake);
    pthread_mutex_unlock(&s->lock);
}

/* A daemon with a suspended connection can't be stopped: the writer empties its queue first, and each that it
 * answered is taken up again. */
void server_stop(struct server *s, int ms)
{
    atomic_store(&s->stopping, true);
    if (s->is_unix)
        unlink(s->path);
    s->mhd->quiesce_daemon(s->daemon);
    wait_for_answers(s, ms);
    pthread_join(s->reaper, NULL);
    workers_stop(s->workers);
    s->workers = NULL;
    writer_stop(s->writer);
    s->writer = NULL;
    while (atomic_load(&s->suspended) > 0)
        nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
    s->mhd->stop_daemon(s->daemon);
    free_server(s);
}
