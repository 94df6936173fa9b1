#include "core/api/exchange.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/json.h"
#include "core/api/curl.h"
#include "version.h"

enum { HEAD_MOST = 64 << 10 };      /* bytes of an answer's headers */

struct exchange {
    const struct curl_table *curl;
    CURLM *multi;
    CURL *easy;
    struct address at;
    char *ca, *cert, *key;
    const struct ask *ask;          /* under way */
    struct answer *answer;
    size_t head;                    /* bytes of headers so far */
    bool over;                      /* the answer is too long, or the sink had enough */
    char why[CURL_ERROR_SIZE];
};

const struct address *exchange_address(const struct exchange *x)
{
    return &x->at;
}

static char *copy(const char *s)
{
    return s && *s ? xstrdup(s) : NULL;
}

enum status exchange_open(const struct backend_config *config, struct exchange **out, struct err *e)
{
    struct address at;
    enum status st = address_read(config->server, &at, e);
    const struct curl_table *curl = st ? NULL : curl_open(e);
    if (!curl)
        return st ? st : ST_FAILED;
    struct exchange *x = xcalloc(1, sizeof *x);
    *x = (struct exchange){ .curl = curl, .at = at, .multi = curl->multi_init(), .easy = curl->easy_init(),
                            .ca = copy(config->server_ca), .cert = copy(config->server_cert),
                            .key = copy(config->server_key) };
    if (!x->multi || !x->easy) {
        exchange_close(x);
        return fail(e, ST_FAILED, "library.missing", CURL_LIBRARY, "", NULL);
    }
    *out = x;
    return ST_OK;
}

void exchange_close(struct exchange *x)
{
    if (!x)
        return;
    if (x->easy)
        x->curl->easy_cleanup(x->easy);
    if (x->multi)
        x->curl->multi_cleanup(x->multi);
    free(x->ca);
    free(x->cert);
    free(x->key);
    free(x);
}

/* ---- what comes --------------------------------------------------------------------------------------- */

/* The value of the header `name` in the line, without blanks around it, cut to fit; false: it is another. */
static bool header_value(const char *line, size_t n, const char *name, char *out, size_t most)
{
    size_t at = strlen(name);
    if (n <= at || strncasecmp(line, name, at) != 0 || line[at] != ':')
        return false;
    for (at++; at < n && (line[at] == ' ' || line[at] == '\t'); at++)
        ;
    while (n > at && strchr(" \t\r\n", line[n - 1]))
        n--;
    snprintf(out, most, "%.*s", (int)(n - at < most ? n - at : most - 1), line + at);
    return true;
}

static void take_header(struct exchange *x, const char *line, size_t n)
{
    struct answer *a = x->answer;
    char text[16];
    header_value(line, n, "Gonghai-Version", a->version, sizeof a->version);
    if (header_value(line, n, "Content-Type", a->type, sizeof a->type))
        a->type[strcspn(a->type, "; ")] = '\0';
    if (header_value(line, n, "Retry-After", text, sizeof text) && *text &&
        strspn(text, "0123456789") == strlen(text) && strlen(text) < 6)
        a->retry_after_ms = strtol(text, NULL, 10) * INT64_C(1000);
}

static size_t on_header(char *line, size_t size, size_t n, void *arg)
{
    struct exchange *x = arg;
    long status = 0;
    x->head += size * n;
    x->over = x->head > HEAD_MOST;
    if (x->over)
        return 0;
    take_header(x, line, size * n);
    if (size * n > 2)
        return size * n;
    x->curl->easy_getinfo(x->easy, CURLINFO_RESPONSE_CODE, &status);
    x->answer->status = (int)status;
    if (status == 200 && x->ask->begun)
        x->ask->begun(x->ask->arg);
    return size * n;
}

static size_t on_body(char *bytes, size_t size, size_t n, void *arg)
{
    struct exchange *x = arg;
    n *= size;
    if (x->ask->sink && x->answer->status == 200) {
        x->over = !x->ask->sink(x->ask->arg, bytes, n);
    } else {
        x->over = x->answer->body.len + n > JSON_MAX;
        if (!x->over)
            buf_add(&x->answer->body, bytes, n);
    }
    return x->over ? 0 : n;
}

/* ---- what goes ---------------------------------------------------------------------------------------- */

static size_t on_upload(char *to, size_t size, size_t n, void *arg)
{
    const struct exchange *x = arg;
    ssize_t got = read(x->ask->from, to, size * n);
    return got < 0 ? CURL_READFUNC_ABORT : (size_t)got;
}

/* A connection that was kept and had died: the same goes again over a new one. */
static int on_seek(void *arg, curl_off_t offset, int origin)
{
    const struct exchange *x = arg;
    return lseek(x->ask->from, (off_t)offset, origin) < 0 ? CURL_SEEKFUNC_FAIL : CURL_SEEKFUNC_OK;
}

#define SET(x, option, value) ((x)->curl->easy_setopt((x)->easy, CURLOPT_##option, (value)))

static void set_place(struct exchange *x, const char *url)
{
    SET(x, URL, url);
    SET(x, NOSIGNAL, 1L);
    SET(x, FOLLOWLOCATION, 0L);
    SET(x, PROXY, "");
    SET(x, NETRC, (long)CURL_NETRC_IGNORED);
    SET(x, HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    SET(x, USERAGENT, "gonghai/" GONGHAI_VERSION);
#if LIBCURL_VERSION_NUM >= 0x075500
    SET(x, PROTOCOLS_STR, x->at.tls ? "https" : "http");
#endif
    if (*x->at.socket)
        SET(x, UNIX_SOCKET_PATH, x->at.socket);
    SET(x, SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    SET(x, SSL_VERIFYPEER, 1L);
    SET(x, SSL_VERIFYHOST, 2L);
    if (x->ca) {
        SET(x, CAINFO, x->ca);
        SET(x, CAPATH, NULL);
    }
    if (x->cert)
        SET(x, SSLCERT, x->cert);
    if (x->key)
        SET(x, SSLKEY, x->key);
}

static void set_limits(struct exchange *x)
{
#if LIBCURL_VERSION_NUM >= 0x075700
    SET(x, QUICK_EXIT, 1L);             /* who cancels does not wait for a name server */
#endif
    SET(x, CONNECTTIMEOUT_MS, (long)EXCHANGE_CONNECT_MS);
    SET(x, TIMEOUT_MS, (long)x->ask->limit_ms);
    SET(x, FRESH_CONNECT, x->ask->once ? 1L : 0L);
    SET(x, TCP_KEEPALIVE, 1L);
    SET(x, TCP_KEEPIDLE, 30L);
    SET(x, TCP_KEEPINTVL, 10L);
    if (x->ask->silence_ms) {
        SET(x, LOW_SPEED_LIMIT, 1L);
        SET(x, LOW_SPEED_TIME, (long)(x->ask->silence_ms / 1000));
    }
}

static void set_body(struct exchange *x)
{
    const struct ask *ask = x->ask;
    struct stat info;
    if (ask->from >= 0) {
        SET(x, UPLOAD, 1L);
        SET(x, READFUNCTION, on_upload);
        SET(x, READDATA, x);
        SET(x, SEEKFUNCTION, on_seek);
        SET(x, SEEKDATA, x);
        SET(x, INFILESIZE_LARGE, (curl_off_t)(fstat(ask->from, &info) == 0 ? info.st_size : 0));
    } else if (ask->body) {
        SET(x, POST, 1L);
        SET(x, POSTFIELDSIZE_LARGE, (curl_off_t)ask->nbody);
        SET(x, POSTFIELDS, ask->body);
    }
    SET(x, CUSTOMREQUEST, ask->method);
}

static void set_answer(struct exchange *x)
{
    SET(x, HEADERFUNCTION, on_header);
    SET(x, HEADERDATA, x);
    SET(x, WRITEFUNCTION, on_body);
    SET(x, WRITEDATA, x);
    SET(x, ERRORBUFFER, x->why);
    if (x->at.tls && !x->ask->sink)     /* on this machine it costs more than it saves */
        SET(x, ACCEPT_ENCODING, "");
}

/* ---- how it ended ------------------------------------------------------------------------------------- */

enum end { END_UNREACHABLE, END_TLS, END_REPLY, END_LOST };

static const struct { CURLcode code; enum end end; } ends[] = {
    { CURLE_COULDNT_RESOLVE_HOST, END_UNREACHABLE },
    { CURLE_COULDNT_CONNECT, END_UNREACHABLE },
    { CURLE_SSL_CONNECT_ERROR, END_TLS },
    { CURLE_PEER_FAILED_VERIFICATION, END_TLS },
    { CURLE_SSL_CERTPROBLEM, END_TLS },
    { CURLE_SSL_CACERT_BADFILE, END_TLS },
    { CURLE_SSL_ISSUER_ERROR, END_TLS },
    { CURLE_SSL_CIPHER, END_TLS },
    { CURLE_WRITE_ERROR, END_REPLY },
    { CURLE_UNSUPPORTED_PROTOCOL, END_REPLY },
    { CURLE_WEIRD_SERVER_REPLY, END_REPLY },
    { CURLE_HTTP2, END_REPLY },
    { CURLE_BAD_CONTENT_ENCODING, END_REPLY },
};

/* Has any of the request gone out? */
static bool was_sent(const struct exchange *x)
{
    long bytes = 0;
    x->curl->easy_getinfo(x->easy, CURLINFO_REQUEST_SIZE, &bytes);
    return bytes > 0;
}

static enum end end_of(const struct exchange *x, CURLcode rc)
{
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (ends[i].code == rc)
            return ends[i].end;
    /* TLS 1.3: a client's certificate is refused only after the handshake. */
    if (rc == CURLE_RECV_ERROR && strstr(x->why, "alert"))
        return END_TLS;
    return rc == CURLE_OPERATION_TIMEDOUT && !x->answer->sent ? END_UNREACHABLE : END_LOST;
}

/* The system's word where it has one: curl's names the address again, and a socket's wrongly. */
static const char *why_of(const struct exchange *x, CURLcode rc)
{
    long os = 0;
    x->curl->easy_getinfo(x->easy, CURLINFO_OS_ERRNO, &os);
    if (rc == CURLE_COULDNT_CONNECT && os)
        return strerror((int)os);
    return *x->why ? x->why : x->curl->easy_strerror(rc);
}

static enum status failed(const struct exchange *x, CURLcode rc, struct err *e)
{
    const char *why = why_of(x, rc), *name = x->at.name;
    char status[12] = "";
    switch (end_of(x, rc)) {
    case END_UNREACHABLE: return fail(e, ST_UNREACHABLE, "server.unreachable", name, why, NULL);
    case END_TLS: return fail(e, ST_UNREACHABLE, "server.tls", name, why, NULL);
    case END_LOST: return fail(e, ST_UNREACHABLE, "server.lost", name, why, NULL);
    case END_REPLY: break;
    }
    if (x->answer->status)
        snprintf(status, sizeof status, "%d", x->answer->status);
    return fail(e, ST_UNREACHABLE, "server.reply", status, NULL);
}

static bool is_cancelled(const atomic_bool *cancel)
{
    return cancel && atomic_load(cancel);
}

static int slice_of(const struct ask *ask)
{
    return ask->cancel && !ask->waked ? EXCHANGE_SLICE_MS : 1000;
}

/* Until it has ended (true, *rc says how) or was cancelled. */
static bool carry(struct exchange *x, CURLcode *rc)
{
    int running = 1, left;
    CURLMsg *m;
    while (!is_cancelled(x->ask->cancel)) {
        if (x->curl->multi_perform(x->multi, &running) != CURLM_OK) {
            *rc = CURLE_FAILED_INIT;
            return true;
        }
        while ((m = x->curl->multi_info_read(x->multi, &left)))
            if (m->msg == CURLMSG_DONE) {
                *rc = m->data.result;
                return true;
            }
        x->curl->multi_poll(x->multi, NULL, 0, slice_of(x->ask), NULL);
    }
    return false;
}

/* curl's own "Expect: 100-continue" costs a turn and buys nothing here. */
static struct curl_slist *headers_of(const struct exchange *x)
{
    struct curl_slist *list = x->curl->slist_append(NULL, "Expect:");
    for (int i = 0; i < EXCHANGE_HEADERS && x->ask->header[i]; i++)
        list = x->curl->slist_append(list, x->ask->header[i]);
    return list;
}

enum status exchange_run(struct exchange *x, const struct ask *ask, struct answer *answer, struct err *e)
{
    struct buf url = BUF_INIT;
    CURLcode rc = CURLE_OK;
    x->ask = ask;
    x->answer = answer;
    x->head = 0;
    x->over = false;
    *x->why = '\0';
    buf_clear(&answer->body);
    *answer = (struct answer){ .body = answer->body, .retry_after_ms = -1 };
    buf_adds(&url, x->at.base);
    buf_adds(&url, ask->path);
    x->curl->easy_reset(x->easy);
    struct curl_slist *headers = headers_of(x);
    set_place(x, url.s);
    set_limits(x);
    set_body(x);
    set_answer(x);
    SET(x, HTTPHEADER, headers);
    x->curl->multi_add_handle(x->multi, x->easy);
    bool ended = carry(x, &rc);
    answer->sent = was_sent(x);
    x->curl->multi_remove_handle(x->multi, x->easy);
    x->curl->slist_free_all(headers);
    buf_release(&url);
    if (!ended)
        return fail(e, ST_CANCELLED, "cancelled", NULL);
    return rc == CURLE_OK ? ST_OK : failed(x, rc, e);
}

bool exchange_wait(struct exchange *x, int64_t ms, int slice_ms, const atomic_bool *cancel)
{
    for (int64_t slice; ms > 0 && !is_cancelled(cancel); ms -= slice) {
        slice = ms < slice_ms ? ms : slice_ms;
        x->curl->multi_poll(x->multi, NULL, 0, (int)slice, NULL);
    }
    return !is_cancelled(cancel);
}

void exchange_wake(struct exchange *x)
{
    x->curl->multi_wakeup(x->multi);
}
