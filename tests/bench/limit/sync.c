/* sync.c - the limit of durable writes: 16 threads in a queue, each 20 times a second, write three pages of
 * a file that has its size, and fdatasync(). It is what the claims do, without a database.
 *
 *     sync FILE    goes on until it is told to end (SIGTERM), then prints p50, p99 and the worst (ms).
 *                  Beside a load it shows how long this disk makes anybody wait
 */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { WRITERS = 16, EVERY_MS = 50, PAGES = 3, PAGE = 4096, FILE_PAGES = 3000, MOST = 4000000 };

static volatile sig_atomic_t ended;

static void end(int sig)
{
    (void)sig;
    ended = 1;
}

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void stop(const char *what)
{
    perror(what);
    exit(1);
}

static void put(int fd, int page, int n)
{
    static char data[PAGES * PAGE];
    if (pwrite(fd, data, (size_t)n * PAGE, (off_t)page * PAGE) != (ssize_t)n * PAGE)
        stop("pwrite");
}

static pthread_mutex_t queue = PTHREAD_MUTEX_INITIALIZER;
static double ms[MOST], start;
static size_t n;
static int fd;

static void write_one(void)
{
    double from = now_ms();
    pthread_mutex_lock(&queue);
    put(fd, (int)(n * PAGES % FILE_PAGES), PAGES);
    if (fdatasync(fd))
        stop("fdatasync");
    if (n < MOST)
        ms[n++] = now_ms() - from;
    pthread_mutex_unlock(&queue);
}

static void *writer(void *number)
{
    double first = start + (double)(size_t)number * EVERY_MS / WRITERS;
    for (int i = 0; !ended; i++) {
        double rest = first + (double)i * EVERY_MS - now_ms();
        if (rest > 0)
            usleep((useconds_t)(rest * 1e3));
        write_one();
    }
    return NULL;
}

int main(int argc, char **argv)
{
    pthread_t threads[WRITERS];
    fd = argc == 2 ? open(argv[1], O_RDWR | O_CREAT | O_TRUNC, 0600) : -1;
    if (fd < 0)
        stop("usage: sync FILE");
    for (int i = 0; i < FILE_PAGES; i += PAGES)
        put(fd, i, PAGES);
    if (fsync(fd))
        stop("fsync");
    signal(SIGTERM, end);
    start = now_ms();
    for (size_t i = 0; i < WRITERS; i++)
        pthread_create(&threads[i], NULL, writer, (void *)i);
    for (size_t i = 0; i < WRITERS; i++)
        pthread_join(threads[i], NULL);
    qsort(ms, n, sizeof *ms, by_value);
    if (n)
        printf("p50 %.2f ms\np99 %.2f ms\nworst %.2f ms\n", ms[n / 2], ms[n * 99 / 100], ms[n - 1]);
    return 0;
}
