/* Fuzzes the reader of tables and all that is done to a cell. The first byte picks options, the rest is
 * the file.
 *
 * Beyond not crashing: a second pass sees the same rows; every cell is well-formed UTF-8; what is written
 * from the rows reads back as the same cells, guarded or not. */
#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/text.h"
#include "core/data/cell.h"
#include "core/data/csvread.h"
#include "core/data/csvwrite.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A file in memory, under a path. The caller closes it. */
static int memory_file(const void *p, size_t n, char path[64])
{
    int fd = memfd_create("fuzz", MFD_CLOEXEC);

    assert(fd >= 0);
    for (size_t done = 0; done < n; ) {
        ssize_t did = write(fd, (const char *)p + done, n - done);

        assert(did > 0);
        done += (size_t)did;
    }
    snprintf(path, 64, "/proc/self/fd/%d", fd);
    return fd;
}

static void convert(const char *cell, struct cell_guess *guess, struct date_orders *orders)
{
    char phone[PHONE_TEXT], again[PHONE_TEXT], email[EMAIL_TEXT], idno[IDNO_TEXT];
    int64_t i;
    double d;
    bool b;

    if (phone_normal(cell, phone) == NULL)
        assert(phone_normal(phone, again) == NULL && strcmp(phone, again) == 0);
    (void)email_normal(cell, email);
    (void)idno_normal(cell, idno);
    (void)cell_integer(cell, &i);
    (void)cell_number(cell, &d);
    (void)cell_money(cell, &i);
    (void)cell_flag(cell, &b);
    (void)cell_exponent(cell);
    for (enum date_order o = DATE_OPEN; o <= DATE_YMD; o++)
        (void)cell_date(cell, o, &i, &b);
    cell_guess_feed(guess, cell);
    date_orders_feed(orders, cell);
}

/* All rows of one pass as one text; -1 keeps what came before the refusal. */
static int read_pass(struct csvread *r, struct buf *out, bool work, struct buf *copy,
                     const struct csv_style *st)
{
    struct csv_row row;
    struct cell_guess guess = { 0 };
    struct date_orders orders = { 0 };
    int rc;

    while ((rc = csvread_next(r, &row, NULL)) == 1) {
        buf_addf(out, "%lld@%lld%s", (long long)row.record, (long long)row.line, row.code ? row.code : "");
        for (int i = 0; i < row.n; i++) {
            assert(text_valid(row.cell[i], strlen(row.cell[i])));
            buf_adds(out, row.cell[i]);
            buf_addc(out, '\0');
            if (work)
                convert(row.cell[i], &guess, &orders);
        }
        if (copy)
            csv_row(copy, st, row.cell, row.n);
    }
    return rc;
}

/* Every row written must be read again as it was, unless the text holds what refuses any file. */
static void round_trip(struct csvread *r, const struct csv_style *st)
{
    struct buf copy = BUF_INIT, again = BUF_INIT;
    struct csv_row row, twin;
    struct csvread *back;
    char path[64];

    assert(csvread_rewind(r, NULL) == ST_OK);
    csv_row(&copy, st, (const char *const[]){ "first", "last" }, 2);
    if (read_pass(r, &again, false, &copy, st) < 0)
        goto done;

    int fd = memory_file(copy.s, copy.len, path);
    struct csv_opts opts = { .encoding = "utf-8", .separator = st->separator, .unguard = st->guard };

    if (csvread_open(path, &opts, &back, NULL) == ST_OK) {
        assert(csvread_rewind(r, NULL) == ST_OK);
        while (csvread_next(r, &row, NULL) == 1) {
            if (csvread_next(back, &twin, NULL) != 1)
                break;      /* a conflict marker inside a quoted cell */
            for (int i = 0; i < row.n && i < twin.n; i++)
                assert(strcmp(row.cell[i], twin.cell[i]) == 0);
            for (int i = twin.n; i < row.n; i++)
                assert(row.cell[i][0] == '\0');
        }
        csvread_close(back);
    }
    close(fd);
done:
    buf_release(&copy);
    buf_release(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const encodings[8] = { NULL, "utf-8", "utf-16le", "utf-16be", "gb18030" };
    struct csvread *r;
    struct buf one = BUF_INIT, two = BUF_INIT;
    char path[64];

    if (size == 0)
        return 0;
    clock_zone("Asia/Shanghai");

    int fd = memory_file(data + 1, size - 1, path);
    struct csv_opts opts = { .encoding = encodings[data[0] & 7], .no_header = data[0] & 8 };
    const struct csv_style style = { .separator = data[0] & 16 ? ';' : ',', .guard = data[0] & 32,
                                     .quote_all = data[0] & 64, .crlf = data[0] & 128 };

    if (csvread_open(path, &opts, &r, NULL) == ST_OK) {
        for (int i = 0; i < csvread_columns(r); i++)
            assert(csvread_find(r, csvread_name(r, i)) <= i);

        int rc = read_pass(r, &one, true, NULL, NULL);

        assert(csvread_rewind(r, NULL) == ST_OK);
        assert(read_pass(r, &two, false, NULL, NULL) == rc);
        assert(one.len == two.len && memcmp(one.s, two.s, one.len) == 0);
        round_trip(r, &style);
        csvread_close(r);
    }
    close(fd);
    buf_release(&one);
    buf_release(&two);
    return 0;
}
