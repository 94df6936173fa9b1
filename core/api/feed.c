#include "core/api/feed.h"

#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "core/api/notice.h"
#include "core/guard/session.h"

enum { NOUNS_MOST = 64, OUT_MOST = 16 << 10, PIECE = 1024, END_MS = 1000, STEP_MS = 5 };

struct watcher {
    struct watcher *next, **link;
    struct feed *feed;
    struct MHD_Connection *at;
    int fd;
    struct seat seat;
    uint64_t rights;            /* as they were looked at last */
    struct buf out;             /* what it has not taken yet */
    bool asleep, ending, new;
    int64_t last;               /* of Last-Event-ID; NONE: none */
};

struct feed {
    const struct mhd *mhd;
    struct lane lane;           /* of the thread */
    struct notice notice;
    pthread_t thread;
    int wake;                   /* eventfd: a new listener, or the end */
    int64_t newest, age;        /* of the thread: the newest event, actor_age() */
    pthread_mutex_t lock;       /* of what follows, and of all watchers */
    pthread_cond_t gone;
    struct watcher *first;
    int n;
    bool ending;
};

/* ---- one listener ------------------------------------------------------------------------------------- */

/* Under the lock. Who does not read gets no more than that all may have changed. */
static void say(struct watcher *w, const char *text, size_t n)
{
    if (w->out.len + n > OUT_MOST) {
        static const char reset[] = "event: reset\ndata: {}\n\n";
        buf_clear(&w->out);
        buf_add(&w->out, reset, sizeof reset - 1);
    } else {
        buf_add(&w->out, text, n);
    }
    if (w->asleep) {
        w->asleep = false;
        w->feed->mhd->resume_connection(w->at);
    }
}

static void end(struct watcher *w, const char *why)
{
    char bye[64];
    w->ending = true;
    say(w, bye, (size_t)snprintf(bye, sizeof bye, "event: bye\ndata: {\"why\":\"%s\"}\n\n", why));
}

/* A thread of libmicrohttpd's wants more of the stream. It sleeps where there is none: under the
 * lock, so that no wake is lost. */
static ssize_t pull(void *arg, uint64_t pos, char *to, size_t max)
{
    struct watcher *w = arg;
    ssize_t n = 0;
    (void)pos;
    pthread_mutex_lock(&w->feed->lock);
    if (w->out.len) {
        n = (ssize_t)(w->out.len < max ? w->out.len : max);
        memcpy(to, w->out.s, (size_t)n);
        memmove(w->out.s, w->out.s + n, w->out.len - (size_t)n + 1);
        w->out.len -= (size_t)n;
    } else if (w->ending) {
        n = MHD_CONTENT_READER_END_OF_STREAM;
    } else {
        w->asleep = true;
        w->feed->mhd->suspend_connection(w->at);
    }
    pthread_mutex_unlock(&w->feed->lock);
    return n;
}

static void forget(void *arg)
{
    struct watcher *w = arg;
    struct feed *f = w->feed;
    pthread_mutex_lock(&f->lock);
    *w->link = w->next;
    if (w->next)
        w->next->link = w->link;
    f->n--;
    pthread_cond_broadcast(&f->gone);
    pthread_mutex_unlock(&f->lock);
    buf_release(&w->out);
    free(w);
}

static int64_t number(const char *s)
{
    char *end;
    int64_t n = s ? strtoll(s, &end, 10) : NONE;
    return s && *s >= '0' && *s <= '9' && !*end ? n : NONE;
}

struct MHD_Response *feed_listen(struct feed *f, struct MHD_Connection *at, int fd, const struct seat *seat,
                                 const char *last)
{
    struct watcher *w = xcalloc(1, sizeof *w);
    *w = (struct watcher){ .feed = f, .at = at, .fd = fd, .seat = *seat, .out = BUF_INIT, .new = true,
                           .last = number(last) };
    buf_adds(&w->out, "retry: 3000\n\n");
    struct MHD_Response *r = f->mhd->create_response_from_callback(MHD_SIZE_UNKNOWN, PIECE, pull, w, forget);
    if (!r) {
        buf_release(&w->out);
        free(w);
        return NULL;
    }
    pthread_mutex_lock(&f->lock);
    w->next = f->first;
    w->link = &f->first;
    if (w->next)
        w->next->link = &w->next;
    f->first = w;
    f->n++;
    w->ending = f->ending;
    pthread_mutex_unlock(&f->lock);
    eventfd_write(f->wake, 1);
    return r;
}

int feed_listeners(struct feed *f)
{
    pthread_mutex_lock(&f->lock);
    int n = f->n;
    pthread_mutex_unlock(&f->lock);
    return n;
}

/* ---- what has changed --------------------------------------------------------------------------------- */

/* The nouns of events after one, each once; many: more than can be told. */
struct changes { char noun[NOUNS_MOST][32]; int n; int64_t newest; bool many; };

static void add(struct changes *c, const char *noun)
{
    for (int i = 0; i < c->n; i++)
        if (strcmp(c->noun[i], noun) == 0)
            return;
    if (c->n < NOUNS_MOST)
        snprintf(c->noun[c->n++], sizeof *c->noun, "%s", noun);
}

static void read_changes(struct feed *f, int64_t after, struct changes *out)
{
    int rows = 0;
    *out = (struct changes){ .newest = after };
    struct stmt *s =
        db_query(f->lane.line.db, "select id, noun from event where id > $1 order by id limit $2",
                 "ii", after, (int64_t)FEED_BACK + 1);
    while (db_row(s)) {
        out->newest = db_int(s, 0);
        add(out, db_text(s, 1));
        rows++;
    }
    db_end(s, NULL);
    out->many = rows > FEED_BACK;
}

static int64_t newest(struct feed *f)
{
    int64_t n = 0;
    struct stmt *s = db_query(f->lane.line.db, "select max(id) from event", "");
    if (db_row(s) && !db_null(s, 0))
        n = db_int(s, 0);
    db_end(s, NULL);
    return n;
}

static bool may_read(const struct watcher *w, const char *noun)
{
    return w->rights & UINT64_C(1) << right_to_read(noun);
}

/* Under the lock. */
static void tell(struct watcher *w, const struct changes *c, int64_t id)
{
    struct buf b = BUF_INIT;
    int n = 0;
    buf_addf(&b, "id: %lld\nevent: %s\ndata: {\"topics\":[", (long long)id, c->many ? "reset" : "change");
    for (int i = 0; i < c->n; i++)
        if (may_read(w, c->noun[i]))
            buf_addf(&b, "%s\"%s\"", n++ ? "," : "", c->noun[i]);
    buf_adds(&b, "]}\n\n");
    if (n || c->many)
        say(w, b.s, b.len);
    buf_release(&b);
}

/* ---- the thread --------------------------------------------------------------------------------------- */

/* The end of a session is no change of rights. */
static bool has_ended(struct feed *f, const struct seat *seat)
{
    struct bearer b = { .session = seat->session, .key = seat->key };
    struct arena a = ARENA_INIT;
    struct actor who;
    enum status st =
        seat->uid != NONE ? ST_OK : bearer_actor(f->lane.line.db, &b, clock_now(), &a, &who, NULL);
    arena_free(&a);
    return st == ST_DENIED;
}

/* What it may see; false: it is to go. Of the thread, outside the lock: the database is asked. */
static bool look_at(struct feed *f, const struct seat *seat, uint64_t *rights)
{
    struct caller *who;
    struct err e = { 0 };
    if (has_ended(f, seat))
        return false;
    if (lane_caller(&f->lane, seat, &who, &e) != ST_OK || caller_refresh(who, &f->lane.line, &e) != ST_OK)
        return e.status != ST_DENIED;
    *rights = who->actor.rights | UINT64_C(1) << RIGHT_NONE;
    return true;
}

/* Those that are new, or all when accounts have changed or a beat has passed. A watcher that goes
 * meanwhile is not
 * touched: it is looked for again under the lock. */
static void look_at_seats(struct feed *f, bool all)
{
    pthread_mutex_lock(&f->lock);
    int n = 0;
    struct { struct watcher *w; struct seat seat; bool stays; uint64_t rights; } *list =
        xcalloc((size_t)f->n + 1, sizeof *list);
    for (struct watcher *w = f->first; w; w = w->next)
        if (!w->ending && (all || w->new)) {
            list[n].w = w;
            list[n++].seat = w->seat;
        }
    pthread_mutex_unlock(&f->lock);
    for (int i = 0; i < n; i++)
        list[i].stays = look_at(f, &list[i].seat, &list[i].rights);
    pthread_mutex_lock(&f->lock);
    for (struct watcher *w = f->first; w; w = w->next)
        for (int i = 0; i < n; i++)
            if (list[i].w == w && !w->ending) {
                w->rights = list[i].rights ? list[i].rights : w->rights;
                if (!list[i].stays)
                    end(w, "session");
            }
    pthread_mutex_unlock(&f->lock);
    free(list);
}

/* Where it stands: from its last event on, or from now. */
static void begin_new(struct feed *f)
{
    pthread_mutex_lock(&f->lock);
    for (struct watcher *w = f->first; w; w = w->next) {
        struct changes c = { .newest = f->newest };
        if (!w->new || w->ending)
            continue;
        w->new = false;
        if (w->last != NONE && w->last < f->newest)
            read_changes(f, w->last, &c);
        c.many = c.many || (w->last != NONE && w->last > f->newest);
        if (c.n || c.many)
            tell(w, &c, f->newest);
        else {
            char text[64];
            say(w, text, (size_t)snprintf(text, sizeof text, "id: %lld\n\n", (long long)f->newest));
        }
    }
    pthread_mutex_unlock(&f->lock);
}

/* True: it is of those who may come in. */
static bool of_people(const struct changes *c)
{
    static const char *const people[] = { "session", "api_key", "account", "employee" };
    for (int i = 0; i < c->n; i++)
        for (size_t k = 0; k < sizeof people / sizeof *people; k++)
            if (strcmp(c->noun[i], people[k]) == 0)
                return true;
    return c->many;
}

static bool tell_all(struct feed *f)
{
    struct changes c;
    read_changes(f, f->newest, &c);
    if (c.newest == f->newest)
        return false;
    f->newest = c.many ? newest(f) : c.newest;
    pthread_mutex_lock(&f->lock);
    for (struct watcher *w = f->first; w; w = w->next)
        if (!w->ending)
            tell(w, &c, f->newest);
    pthread_mutex_unlock(&f->lock);
    return of_people(&c);
}

static void beat(struct feed *f)
{
    pthread_mutex_lock(&f->lock);
    for (struct watcher *w = f->first; w; w = w->next)
        if (!w->ending)
            say(w, ":\n\n", 3);
    pthread_mutex_unlock(&f->lock);
}

static bool accounts_changed(struct feed *f)
{
    int64_t age = f->age;
    actor_age(f->lane.line.db, &age, NULL);
    bool changed = age != f->age;
    f->age = age;
    return changed;
}

static bool is_ending(struct feed *f)
{
    pthread_mutex_lock(&f->lock);
    bool ending = f->ending;
    pthread_mutex_unlock(&f->lock);
    return ending;
}

static void *work(void *arg)
{
    struct feed *f = arg;
    int again = 0;
    int64_t next_beat = clock_mono() + FEED_BEAT_MS;
    while (!is_ending(f)) {
        struct pollfd on[] = { { f->wake, POLLIN, 0 }, { f->notice.fd, POLLIN, 0 } };
        eventfd_t none;
        int64_t left = next_beat - clock_mono();
        poll(on, 2, again && again < left ? again : left > 0 ? (int)left : 0);
        eventfd_read(f->wake, &none);
        if (notice_taken(&f->notice, &again)) {
            bool people = tell_all(f);
            look_at_seats(f, accounts_changed(f) || people);
        } else {
            look_at_seats(f, false);
        }
        begin_new(f);
        if (clock_mono() >= next_beat) {
            beat(f);
            look_at_seats(f, true);
            next_beat = clock_mono() + FEED_BEAT_MS;
        }
    }
    return NULL;
}

/* ---- its life ----------------------------------------------------------------------------------------- */

static void release(struct feed *f)
{
    notice_end(&f->notice);
    lane_close(&f->lane);
    if (f->wake >= 0)
        close(f->wake);
    pthread_cond_destroy(&f->gone);
    pthread_mutex_destroy(&f->lock);
    free(f);
}

enum status feed_start(struct feed **out, const struct backend_config *config,
                       const struct mhd *mhd, struct err *e)
{
    struct feed *f = xcalloc(1, sizeof *f);
    f->mhd = mhd;
    f->notice.fd = -1;
    f->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    pthread_mutex_init(&f->lock, NULL);
    pthread_cond_init(&f->gone, NULL);
    enum status st = lane_open(&f->lane, config, e);
    if (!st) {
        notice_begin(&f->notice, f->lane.line.db);
        f->newest = newest(f);
        accounts_changed(f);
    }
    if (!st && (f->wake < 0 || pthread_create(&f->thread, NULL, work, f) != 0))
        st = fail(e, ST_FAILED, "server.threads", NULL);
    if (st)
        release(f);
    else
        *out = f;
    return st;
}

void feed_end(struct feed *f)
{
    pthread_mutex_lock(&f->lock);
    f->ending = true;
    for (struct watcher *w = f->first; w; w = w->next)
        if (!w->ending)
            end(w, "stopping");
    pthread_mutex_unlock(&f->lock);
    eventfd_write(f->wake, 1);
    pthread_join(f->thread, NULL);
    for (int ms = 0; ms < END_MS && feed_listeners(f) > 0; ms += STEP_MS)
        nanosleep(&(struct timespec){ .tv_nsec = STEP_MS * 1000000 }, NULL);
    pthread_mutex_lock(&f->lock);
    for (struct watcher *w = f->first; w; w = w->next)
        shutdown(w->fd, SHUT_RDWR);     /* it does not read its bye */
    while (f->n > 0)
        pthread_cond_wait(&f->gone, &f->lock);
    pthread_mutex_unlock(&f->lock);
}

void feed_free(struct feed *f)
{
    release(f);
}
