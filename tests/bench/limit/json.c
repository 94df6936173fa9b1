/* json.c - the limit of a page as JSON: its bytes put together from prepared pieces, one memcpy() for each
 * key and each value, into a buffer that has the room.
 *
 *     json FILE TIMES     FILE: the text that tests/bench/json.c wrote
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MOST = 1 << 20, PIECES = 1 << 16 };

static struct piece { char *text; size_t n; } pieces[PIECES];
static size_t npieces;

static double now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

/* The end of the string, number or word at s, or of one bracket; a key has its colon and its comma. */
static const char *piece_end(const char *s)
{
    const char *p = *s == ',' ? s + 1 : s;
    if (*p == '"') {
        for (p++; *p != '"'; p++)
            p += *p == '\\';
        return p[1] == ':' ? p + 2 : p + 1;
    }
    size_t n = strcspn(p, ",]}");
    return p == s && n == 0 ? p + 1 : strchr("[{", *p) ? p + 1 : p + n;
}

static void take(const char *text)
{
    for (const char *s = text, *end; *s; s = end) {
        end = piece_end(s);
        struct piece *p = &pieces[npieces++];
        *p = (struct piece){ malloc((size_t)(end - s)), (size_t)(end - s) };
        memcpy(p->text, s, p->n);
    }
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
    static char text[MOST], out[MOST];
    FILE *f = argc == 3 ? fopen(argv[1], "r") : NULL;
    if (!f) {
        fprintf(stderr, "usage: json FILE TIMES\n");
        return 2;
    }
    size_t n = fread(text, 1, sizeof text - 1, f), at = 0;
    int times = atoi(argv[2]);
    double *us = calloc((size_t)times, sizeof *us);
    fclose(f);
    take(text);
    for (int i = 0; i < times; i++) {
        double start = now_us();
        at = 0;
        for (size_t k = 0; k < npieces; k++) {
            memcpy(out + at, pieces[k].text, pieces[k].n);
            at += pieces[k].n;
        }
        us[i] = now_us() - start;
    }
    if (at != n || memcmp(out, text, n) != 0) {
        fprintf(stderr, "json: the pieces are not the text\n");
        return 1;
    }
    qsort(us, (size_t)times, sizeof *us, by_value);
    printf("page %.2f us\npieces %zu\n", us[times / 2], npieces);
    return 0;
}
