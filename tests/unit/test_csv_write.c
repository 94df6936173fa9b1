/* CSV out: quoting, the guard against formulas, files that appear whole. */
#include "test_csv.h"

#include <dirent.h>
#include <sys/stat.h>

#include "core/data/csvread.h"
#include "core/data/csvwrite.h"

static void quotes_what_needs_it(void **state)
{
    static const struct { const char *cell, *want; struct csv_style style; } cases[] = {
        { "abc", "abc", { 0 } },
        { "", "", { 0 } },
        { "a,b", "\"a,b\"", { 0 } },
        { "a;b", "a;b", { 0 } },
        { "a;b", "\"a;b\"", { .separator = ';' } },
        { "a,b", "a,b", { .separator = ';' } },
        { "say \"hi\"", "\"say \"\"hi\"\"\"", { 0 } },
        { "x\ny", "\"x\ny\"", { 0 } },
        { "x\ry", "\"x\ry\"", { 0 } },
        { " x", "\" x\"", { 0 } },
        { "x\t", "\"x\t\"", { 0 } },
        { "王小明", "王小明", { 0 } },
        { "abc", "\"abc\"", { .quote_all = true } },
        { "", "\"\"", { .quote_all = true } },
        { "=1+1", "=1+1", { 0 } },
        { "=1+1", "'=1+1", { .guard = true } },
        { "=a,b", "\"'=a,b\"", { .guard = true } },
        { "=1+1", "\"'=1+1\"", { .guard = true, .quote_all = true } },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct buf out = BUF_INIT;

        csv_cell(&out, &cases[i].style, cases[i].cell, CSV_TEXT);
        assert_string_equal(out.s, cases[i].want);
        buf_release(&out);
    }
}

static void guards_formulas_and_takes_it_back(void **state)
{
    static const struct { const char *cell; bool text, number; } cases[] = {   /* guarded there? */
        { "=cmd|' /C calc'!A0", true, true }, { "+8613800138000", true, false }, { "-5", true, false },
        { "-5.25", true, false }, { "-1e3", true, false }, { "-5+cmd", true, true },
        { "@SUM(A1)", true, true },
        { "\t=1", true, true }, { "\r=1", true, true }, { "\n=1", true, true }, { "＝1+1", true, true },
        { "＋1", true, false }, { "－1", true, false }, { "＠a", true, true }, { "'=1", true, true },
        { "''=1", true, true }, { "-", true, true }, { "--1", true, true },
        { "'abc", false, false }, { "abc", false, false }, { "", false, false }, { "'", false, false },
        { "1-1", false, false }, { " =1", false, false }, { "王＝", false, false },
    };
    const struct csv_style style = { .guard = true };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        for (int numeric = 0; numeric < 2; numeric++) {
            const char *path = temp_path("out.csv");
            bool guarded = numeric ? cases[i].number : cases[i].text;
            struct csvwrite *w;
            struct csvread *r;
            struct csv_row row;
            struct buf out = BUF_INIT;

            csv_cell(&out, &style, cases[i].cell, numeric ? CSV_NUMERIC : CSV_TEXT);
            assert_int_equal(strchr("'", out.s[out.s[0] == '"']) != NULL && out.len > strlen(cases[i].cell),
                             guarded);
            buf_release(&out);

            assert_int_equal(csvwrite_open(path, &style, &w, NULL), ST_OK);
            csvwrite_cell(w, "head", CSV_TEXT);
            csvwrite_end(w);
            csvwrite_cell(w, cases[i].cell, numeric ? CSV_NUMERIC : CSV_TEXT);
            csvwrite_end(w);
            assert_int_equal(csvwrite_commit(w, NULL), ST_OK);
            assert_int_equal(csvread_open(path, &(struct csv_opts){ .unguard = true }, &r, NULL), ST_OK);
            assert_int_equal(csvread_next(r, &row, NULL), 1);
            assert_string_equal(row.cell[0], cases[i].cell);
            csvread_close(r);
        }
    }
}

static void writes_rows(void **state)
{
    const char *const cells[] = { "a", "b,c", "" }, *const empty[] = { "" };
    struct buf out = BUF_INIT;

    (void)state;
    csv_row(&out, &(struct csv_style){ 0 }, cells, 3);
    csv_row(&out, &(struct csv_style){ .crlf = true, .separator = '\t' }, cells, 3);
    csv_row(&out, &(struct csv_style){ 0 }, empty, 1);
    assert_string_equal(out.s, "a,\"b,c\",\na\tb,c\t\r\n\"\"\n");
    buf_release(&out);
}

static void write_file(const struct csv_style *st, const char *cell)
{
    struct csvwrite *w;

    assert_int_equal(csvwrite_open(temp_path("out.csv"), st, &w, NULL), ST_OK);
    csvwrite_row(w, &cell, 1);
    assert_int_equal(csvwrite_rows(w), 1);
    assert_int_equal(csvwrite_commit(w, NULL), ST_OK);
}

static void writes_mark_and_encoding(void **state)
{
    struct buf got;

    (void)state;
    write_file(&(struct csv_style){ .bom = true, .crlf = true }, "王");
    got = slurp(temp_path("out.csv"));
    assert_string_equal(got.s, "\xEF\xBB\xBF王\r\n");
    buf_release(&got);

    /* 王 is CD F5; U+2CB5A is the four bytes 99 33 AA 34. */
    write_file(&(struct csv_style){ .gb18030 = true, .bom = true }, "王\xF0\xAC\xAD\x9A");
    got = slurp(temp_path("out.csv"));
    assert_string_equal(got.s, "\xCD\xF5\x99\x33\xAA\x34\n");
    buf_release(&got);
}

/* Files in the test's folder whose name holds `part`. */
static int files_like(const char *part)
{
    char folder[512];
    struct dirent *entry;
    int n = 0;

    snprintf(folder, sizeof folder, "%s", temp_path(""));
    *strrchr(folder, '/') = '\0';
    DIR *d = opendir(folder);

    assert_non_null(d);
    while ((entry = readdir(d)))
        n += strstr(entry->d_name, part) != NULL;
    closedir(d);
    return n;
}

static void appears_whole_or_not_at_all(void **state)
{
    char name[64];
    struct csvwrite *w;
    struct stat st;
    struct buf got;

    (void)state;
    snprintf(name, sizeof name, "gonghai-%ld-out.csv", (long)getpid());
    unlink(temp_path("out.csv"));
    assert_int_equal(csvwrite_open(temp_path("out.csv"), &(struct csv_style){ 0 }, &w, NULL), ST_OK);
    for (int i = 0; i < 30000; i++)
        csvwrite_row(w, (const char *const[]){ "0123456789" }, 1);      /* more than is kept in memory */
    assert_int_equal(access(temp_path("out.csv"), F_OK), -1);
    assert_true(files_like(name) <= 1);     /* none where the file system has files without a name */
    assert_int_equal(csvwrite_commit(w, NULL), ST_OK);
    assert_int_equal(stat(temp_path("out.csv"), &st), 0);
    assert_int_equal(st.st_size, 30000 * 11);
    assert_int_equal(st.st_mode & 07777, 0600);

    assert_int_equal(csvwrite_open(temp_path("out.csv"), &(struct csv_style){ 0 }, &w, NULL), ST_OK);
    csvwrite_row(w, (const char *const[]){ "new" }, 1);
    csvwrite_abort(w);
    csvwrite_abort(NULL);
    got = slurp(temp_path("out.csv"));
    assert_int_equal(got.len, 30000 * 11);
    assert_int_equal(files_like(name), 1);
    buf_release(&got);
}

static void goes_back_to_the_mark(void **state)
{
    struct csvwrite *w;
    struct buf got;

    (void)state;
    assert_int_equal(csvwrite_open(temp_path("out.csv"), &(struct csv_style){ 0 }, &w, NULL), ST_OK);
    csvwrite_row(w, (const char *const[]){ "kept" }, 1);
    csvwrite_mark(w);
    for (int i = 0; i < 30000; i++)
        csvwrite_row(w, (const char *const[]){ "taken back" }, 1);      /* some of it on the disk */
    csvwrite_cell(w, "half a", CSV_TEXT);
    csvwrite_back(w);
    assert_int_equal(csvwrite_rows(w), 1);
    csvwrite_row(w, (const char *const[]){ "then" }, 1);
    assert_int_equal(csvwrite_commit(w, NULL), ST_OK);
    got = slurp(temp_path("out.csv"));
    assert_string_equal(got.s, "kept\nthen\n");
    buf_release(&got);
}

static void never_writes_through_a_link(void **state)
{
    const char *victim = put("keep me");
    char link[512];
    struct csvwrite *w;
    struct err e = { 0 };
    struct buf got;

    (void)state;
    snprintf(link, sizeof link, "%s", temp_path("link.csv"));
    assert_int_equal(symlink(temp_path("in.csv"), link), 0);
    assert_int_equal(csvwrite_open(link, &(struct csv_style){ 0 }, &w, &e), ST_FAILED);
    assert_null(w);
    assert_string_equal(e.code, "export.not_file");
    unlink(link);
    victim = temp_path("in.csv");
    got = slurp(victim);
    assert_string_equal(got.s, "keep me");
    buf_release(&got);
}

static void says_where_it_cannot_write(void **state)
{
    struct csvwrite *w;
    struct err e = { 0 };

    (void)state;
    assert_int_equal(csvwrite_open("/nonexistent/x.csv", &(struct csv_style){ 0 }, &w, &e), ST_FAILED);
    assert_string_equal(e.code, "export.open");
    assert_string_equal(e.param[0], "/nonexistent/x.csv");
    assert_int_equal(csvwrite_open("/dev/null", &(struct csv_style){ 0 }, &w, &e), ST_FAILED);
    assert_string_equal(e.code, "export.not_file");
    assert_int_equal(csvwrite_open("/", &(struct csv_style){ 0 }, &w, &e), ST_FAILED);
    assert_string_equal(e.code, "export.not_file");
}

/* A folder that vanishes under the writer: the commit says so, once. */
static void tells_a_failed_commit(void **state)
{
    char folder[512], file[600];
    struct csvwrite *w;
    struct err e = { 0 };

    (void)state;
    snprintf(folder, sizeof folder, "%s", temp_path("folder"));
    snprintf(file, sizeof file, "%s/x.csv", folder);
    assert_int_equal(mkdir(folder, 0700), 0);
    assert_int_equal(csvwrite_open(file, &(struct csv_style){ 0 }, &w, &e), ST_OK);
    csvwrite_row(w, (const char *const[]){ "a" }, 1);
    assert_int_equal(mkdir(file, 0700), 0);
    assert_int_equal(csvwrite_commit(w, &e), ST_FAILED);
    assert_string_equal(e.code, "export.write");
    assert_int_equal(rmdir(file), 0);
    assert_int_equal(rmdir(folder), 0);         /* nothing was left in it */
}

/* Whatever the cells, what is written reads back the same, in every dialect. */
static void comes_back_as_it_was(void **state)
{
    static const char *const cells[] = {
        "", "a", "a,b", "a;b", "a\tb", "a|b", "\"", "\"\"", "x\"y", "x\r\ny", "\n", "\r", " x ", "\tx", "'x",
        "'=x", "=x", "王\xF0\xAC\xAD\x9A", "＝x", "=======", "<<<<<<< HEAD", "0123", "1e5",
    };
    static const char separators[] = ",;\t|";

    (void)state;
    for (int k = 0; k < 64; k++) {
        const struct csv_style st = {
            .separator = separators[k & 3], .crlf = k & 4, .bom = k & 8, .guard = k & 16, .quote_all = k & 32,
            .gb18030 = k & 1,
        };
        struct csvwrite *w;
        struct csvread *r;
        struct csv_row row;
        struct err e = { 0 };

        assert_int_equal(csvwrite_open(temp_path("out.csv"), &st, &w, NULL), ST_OK);
        csvwrite_row(w, (const char *const[]){ "col", "列", "col3" }, 3);
        for (size_t i = 0; i < COUNT(cells); i++)
            csvwrite_row(w, (const char *const[]){ i > 18 && i < 21 ? "x" : cells[i], cells[i], "end" }, 3);
        assert_int_equal(csvwrite_commit(w, NULL), ST_OK);
        if (csvread_open(temp_path("out.csv"), &(struct csv_opts){ .unguard = st.guard }, &r, &e) != ST_OK)
            fail_msg("style %d: %s", k, e.code);
        assert_int_equal(csvread_dialect(r)->separator, st.separator);
        for (size_t i = 0; i < COUNT(cells); i++) {
            assert_int_equal(csvread_next(r, &row, &e), 1);
            assert_null(row.code);
            assert_int_equal(row.n, 3);
            assert_string_equal(row.cell[1], cells[i]);
        }
        assert_int_equal(csvread_next(r, &row, &e), 0);
        csvread_close(r);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quotes_what_needs_it),
        cmocka_unit_test(guards_formulas_and_takes_it_back),
        cmocka_unit_test(writes_rows),
        cmocka_unit_test(writes_mark_and_encoding),
        cmocka_unit_test(appears_whole_or_not_at_all),
        cmocka_unit_test(goes_back_to_the_mark),
        cmocka_unit_test(never_writes_through_a_link),
        cmocka_unit_test(says_where_it_cannot_write),
        cmocka_unit_test(tells_a_failed_commit),
        cmocka_unit_test(comes_back_as_it_was),
    };

    return cmocka_run_group_tests(tests, NULL, remove_file);
}
