#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "tui/loop.h"
#include "tui/work.h"

/* What happened, in order, on the UI thread: d done, f free, p progress. */
static char told[64];
static int opened, closed, interrupted;
static atomic_int ran;
static pthread_t ui_thread;

struct task {
    struct job job;
    char name;
    sem_t *started, *go;            /* wait here when given */
    int64_t steps;
    bool *saw_cancel;
};

static void tell(char what, struct job *j)
{
    size_t n = strlen(told);

    assert_true(pthread_equal(pthread_self(), ui_thread));
    told[n] = what;
    told[n + 1] = ((struct task *)j)->name;
    told[n + 2] = '\0';
}

static void run(struct job *j, void *worker)
{
    struct task *t = (struct task *)j;

    assert_false(pthread_equal(pthread_self(), ui_thread));
    assert_ptr_equal(worker, &opened);
    if (t->started)
        sem_post(t->started);
    if (t->go)
        sem_wait(t->go);
    for (int64_t i = 1; i <= t->steps; i++)
        job_report(j, i, t->steps);
    if (t->saw_cancel)
        *t->saw_cancel = job_cancelled(j);
    atomic_fetch_add(&ran, 1);
}

static unsigned done(struct job *j)
{
    tell('d', j);
    return UI_REDRAW;
}

static unsigned progress(struct job *j)
{
    assert_true(job_at(j) > 0);
    return UI_REDRAW;
}

static void release(struct job *j)
{
    tell('f', j);
    free(j);
}

static void *open_worker(void *arg, enum worker which)
{
    (void)which;
    assert_ptr_equal(arg, told);
    opened++;
    return &opened;
}

static void close_worker(void *arg, void *worker)
{
    (void)arg;
    assert_ptr_equal(worker, &opened);
    closed++;
}

static void interrupt(void *arg, void *worker, struct job *j)
{
    struct task *t = (struct task *)j;

    (void)arg;
    (void)worker;
    interrupted++;
    if (t->go)
        sem_post(t->go);
}

static const struct work_ops ops = { .open = open_worker,
                                     .close = close_worker,
                                     .interrupt = interrupt };

static int setup(void **state)
{
    told[0] = '\0';
    opened = closed = interrupted = 0;
    atomic_store(&ran, 0);
    ui_thread = pthread_self();
    *state = work_new(&ops, told);
    return 0;
}

static struct task *task(char name, const void *owner, uint32_t generation)
{
    struct task *t = calloc(1, sizeof *t);

    t->job = (struct job){ .run = run,
                           .done = done,
                           .progress = progress,
                           .free = release,
                           .owner = owner,
                           .generation = generation };
    t->name = name;
    return t;
}

static unsigned deliver(void *w)
{
    return work_deliver(w);
}

static void wait_all(struct work *w)
{
    struct loop *l = loop_new();

    loop_add_fd(l, work_fd(w), deliver, w);
    while (work_outstanding(w) > 0)
        loop_wait(l, -1);
    loop_free(l);
}

static void jobs_of_a_lane_come_back_in_order(void **state)
{
    struct work *w = *state;

    for (char c = 'a'; c < 'e'; c++)
        work_post(w, WORK_PAGES, &task(c, w, 0)->job);
    assert_int_equal(work_outstanding(w), 4);
    wait_all(w);
    assert_string_equal(told, "dafadbfbdcfcddfd");
    assert_int_equal(opened, 1);
    work_free(w);
    assert_int_equal(closed, 1);
}

static void a_stale_answer_is_dropped(void **state)
{
    struct work *w = *state;
    sem_t started, go;
    struct task *slow = task('s', "view", 1);

    sem_init(&started, 0, 0);
    sem_init(&go, 0, 0);
    slow->started = &started;
    slow->go = &go;
    work_post(w, WORK_SCANS, &slow->job);
    work_post(w, WORK_SCANS, &task('q', "view", 1)->job);       /* still queued */
    work_post(w, WORK_SCANS, &task('o', "other", 1)->job);
    sem_wait(&started);
    work_cancel(w, "view", 2);
    assert_int_equal(interrupted, 1);
    assert_int_equal(work_outstanding_of(w, "view"), 0);
    assert_int_equal(work_outstanding_of(w, "other"), 1);
    work_post(w, WORK_SCANS, &task('n', "view", 2)->job);
    wait_all(w);
    assert_null(strstr(told, "ds"));
    assert_null(strstr(told, "dq"));
    assert_non_null(strstr(told, "fs"));
    assert_non_null(strstr(told, "fq"));
    assert_non_null(strstr(told, "dofo"));
    assert_non_null(strstr(told, "dnfn"));
    assert_int_equal(atomic_load(&ran), 3);                     /* q never ran */
    work_free(w);
}

static void an_answer_that_waits_in_the_pipe_can_be_cancelled(void **state)
{
    struct work *w = *state;
    sem_t started;
    struct task *t = task('a', "view", 1);

    sem_init(&started, 0, 0);
    t->started = &started;
    work_post(w, WORK_PAGES, &t->job);
    sem_wait(&started);
    while (atomic_load(&ran) == 0)
        continue;
    work_cancel(w, "view", WORK_ALL);
    wait_all(w);
    assert_string_equal(told, "fa");
    work_free(w);
}

static void lanes_do_not_wait_for_each_other(void **state)
{
    struct work *w = *state;
    sem_t started, go;
    struct task *scan = task('s', w, 0);
    struct loop *l = loop_new();

    sem_init(&started, 0, 0);
    sem_init(&go, 0, 0);
    scan->started = &started;
    scan->go = &go;
    work_post(w, WORK_SCANS, &scan->job);
    sem_wait(&started);
    work_post(w, WORK_PAGES, &task('p', w, 0)->job);
    work_post(w, WORK_WRITES, &task('w', w, 0)->job);
    loop_add_fd(l, work_fd(w), deliver, w);
    while (work_outstanding(w) > 1)
        loop_wait(l, -1);
    assert_null(strchr(told, 's'));
    sem_post(&go);
    loop_free(l);
    wait_all(w);
    work_free(w);
}

static void a_write_that_was_posted_is_never_lost(void **state)
{
    struct work *w = *state;
    sem_t started, go;
    struct task *first = task('a', "view", 0), *second = task('b', "view", 0);
    bool saw = false;

    sem_init(&started, 0, 0);
    sem_init(&go, 0, 0);
    first->started = &started;
    first->go = &go;
    second->saw_cancel = &saw;
    work_post(w, WORK_WRITES, &first->job);
    work_post(w, WORK_WRITES, &second->job);
    sem_wait(&started);
    work_free(w);                       /* quits with one write under way and one queued */
    assert_int_equal(atomic_load(&ran), 2);
    assert_true(saw);
    assert_string_equal(told, "fafb");
}

static void progress_is_told_on_the_ui_thread(void **state)
{
    struct work *w = *state;
    struct task *t = task('a', w, 0);

    t->steps = 100000;                  /* far more reports than the pipe could hold */
    work_post(w, WORK_WRITES, &t->job);
    wait_all(w);
    assert_string_equal(told, "dafa");
    work_free(w);
}

static unsigned count(void *self)
{
    ++*(int *)self;
    return UI_REDRAW;
}

static void timers_run_once_and_can_be_cancelled(void **state)
{
    struct loop *l = loop_new();
    int first = 0, second = 0, id;

    work_free(*state);
    assert_int_equal(loop_next(l), -1);
    loop_add_timer(l, 0, count, &first);
    id = loop_add_timer(l, 0, count, &second);
    loop_cancel_timer(l, id);
    loop_cancel_timer(l, 0);
    assert_int_equal(loop_wait(l, -1), UI_REDRAW);
    assert_int_equal(first, 1);
    assert_int_equal(second, 0);
    assert_int_equal(loop_wait(l, 0), 0);
    loop_free(l);
}

#define CASE(f) cmocka_unit_test_setup(f, setup)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(jobs_of_a_lane_come_back_in_order), CASE(a_stale_answer_is_dropped),
        CASE(an_answer_that_waits_in_the_pipe_can_be_cancelled),
        CASE(lanes_do_not_wait_for_each_other),
        CASE(a_write_that_was_posted_is_never_lost), CASE(progress_is_told_on_the_ui_thread),
        CASE(timers_run_once_and_can_be_cancelled)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
