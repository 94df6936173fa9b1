/* test_sentence.c - every code in the sources has a sentence, and sentences are filled in right.
 *
 * The sources are those of the working folder, or of SRCDIR.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <ctype.h>
#include <dirent.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "core/api/backend.h"
#include "core/api/sentence.h"
#include "core/api/sentences.h"

/* ---- the sources ----------------------------------------------------------------------------- */

static char *read_file(const char *path)
{
    FILE *f = fopen(path, "r");
    struct buf b = BUF_INIT;
    char piece[8192];
    size_t n;
    assert_non_null(f);
    while ((n = fread(piece, 1, sizeof piece, f)) > 0)
        buf_add(&b, piece, n);
    fclose(f);
    return buf_detach(&b);
}

typedef void each_source(const char *path, const char *text, void *arg);

static void walk(const char *dir, each_source *each, void *arg)
{
    DIR *d = opendir(dir);
    assert_non_null(d);
    for (struct dirent *entry; (entry = readdir(d));) {
        char path[600];
        size_t n = strlen(entry->d_name);
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/%s", dir, entry->d_name);
        if (entry->d_type == DT_DIR) {
            walk(path, each, arg);
        } else if (n > 2 && strcmp(entry->d_name + n - 2, ".c") == 0 &&
                   strcmp(entry->d_name, "sentences.c") != 0) {
            char *text = read_file(path);
            each(path, text, arg);
            free(text);
        }
    }
    closedir(d);
}

static void walk_all(each_source *each, void *arg)
{
    static const char *const tops[] = { "base", "core", "tui", "views", "cli" };
    const char *src = getenv("SRCDIR");
    for (size_t i = 0; i < sizeof tops / sizeof *tops; i++) {
        char dir[400];
        snprintf(dir, sizeof dir, "%s/%s", src ? src : ".", tops[i]);
        walk(dir, each, arg);
    }
}

/* ---- literals -------------------------------------------------------------------------------- */

struct found { int codes, missing; };

/* A dotted lower-case name, "lead.taken". */
static bool is_dotted(const char *s, size_t n)
{
    size_t dots = 0;
    for (size_t i = 0; i < n; i++) {
        bool dot = s[i] == '.';
        if (!(dot || islower((unsigned char)s[i]) || s[i] == '_' ||
              (i && isdigit((unsigned char)s[i]))))
            return false;
        if (dot && (i == 0 || i + 1 == n || s[i - 1] == '.'))
            return false;
        dots += dot;
    }
    return dots == 1 && n > 3;
}

static void want(const char *path, const char *s, size_t n, struct found *found)
{
    char code[64];
    if (n >= sizeof code)
        return;
    snprintf(code, sizeof code, "%.*s", (int)n, s);
    found->codes++;
    if (sentence_known(code))
        return;
    print_error("%s: no sentence for \"%s\"\n", path, code);
    found->missing++;
}

/* Steps over a literal that begins at the quote; *inside and *n are what stands in it. */
static const char *literal(const char *p, const char **inside, size_t *n)
{
    *inside = ++p;
    while (*p && *p != '"')
        p += *p == '\\' && p[1] ? 2 : 1;
    *n = (size_t)(p - *inside);
    return *p ? p + 1 : p;
}

/* Names of other things that look alike: events and what else is written to the log or the audit, what a
 * key is used for, columns. */
static const char *const others[] = {
    "server.start",     "server.stop",         "writer.lost",         "leads.csv",
    "account.as",       "account.local_ended", "account.password_set", "account.totp_begun",
    "account.totp_off", "account.totp_on",     "audit.first",          "audit.lost",
    "backup.header",    "database.backup",     "database.doctor",      "database.init",   "database.key",
    "database.key_restore",
    "database.restore", "database.sizes",      "db.migrate",           "db.open",         "demo.filled",
    "event.read",       "key.changing",        "key.forgotten",        "keys.dir",        "lead.frozen",
    "lead.lost",        "lead.undone",         "lead.unfrozen",        "lead.won",        "t.branch_id",
};

/* "lead.claimed", "key.changed": events say what has happened. */
static const char *const happened[] = {
    "added", "assigned", "changed", "claimed", "consent_changed", "created", "followed_up", "imported",
    "moved", "removed", "returned", "revealed", "stage_changed", "tagged", "taken",
};

static bool is_event(const char *name)
{
    for (size_t i = 0; i < sizeof happened / sizeof *happened; i++)
        if (strcmp(strchr(name, '.') + 1, happened[i]) == 0)
            return true;
    return false;
}

static bool is_file(const char *name)
{
    static const char *const ends[] = { "conf", "db", "h", "ini", "log" };
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (strcmp(strchr(name, '.') + 1, ends[i]) == 0)
            return true;
    return false;
}

static bool is_other(const char *name)
{
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (strcmp(name, others[i]) == 0)
            return true;
    return op_find(name) != NULL;
}

static bool is_other_n(const char *s, size_t n)
{
    char name[64];
    return (size_t)snprintf(name, sizeof name, "%.*s", (int)n, s) < sizeof name && is_other(name);
}

/* The literals among the arguments of one call, up to its closing parenthesis: a code is dotted or
 * in capitals. */
static void scan_call(const char *path, const char *p, struct found *found)
{
    for (int depth = 1; *p && depth > 0;) {
        const char *s;
        size_t n;
        if (*p == '"') {
            p = literal(p, &s, &n);
            bool capitals = n > 3 && strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_") == n;
            if ((is_dotted(s, n) && !is_other_n(s, n)) || (capitals && strstr(path, "/core/")))
                want(path, s, n, found);
            continue;
        }
        if (*p == '\'' && p[1]) {
            p += p[1] == '\\' ? 4 : 3;
            continue;
        }
        depth += (*p == '(') - (*p == ')');
        p++;
    }
}

static void scan_calls(const char *path, const char *text, void *arg)
{
    static const char *const calls[] = { "fail(",      "fail_field(",   "settings_fail(",
                                         "cli_usage(", "cli_sentence(", "sentence_of(" };
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        for (const char *p = text; (p = strstr(p, calls[i]));) {
            bool word = p > text && (isalnum((unsigned char)p[-1]) || p[-1] == '_');
            p += strlen(calls[i]);
            if (!word)
                scan_call(path, p, arg);
        }
}

static void every_code_that_is_given_has_a_sentence(void **state)
{
    struct found found = { 0 };
    (void)state;
    walk_all(scan_calls, &found);
    assert_int_equal(found.missing, 0);
    assert_true(found.codes > 150);
}

/* Codes also stand in tables, are returned by themselves, and given to functions that fail for others. In
 * base and core whatever looks like a code and is nothing else is one. In tui and cli names of actions and
 * settings are dotted too; there these first words are of codes only. */
static const char *const families[] = {
    "actor", "as",        "backup", "cli",      "cond",     "config", "db",     "doctor",   "email",
    "field", "id_number", "init",   "json",     "keymap",   "keys",   "now",    "phone",    "ref",
    "right", "scope",     "secret", "settings", "terminal", "theme",  "import", "password",
};

static bool of_codes(const char *path, const char *name)
{
    size_t first = strcspn(name, ".");
    if (strstr(path, "/base/") || strstr(path, "/core/"))
        return !is_file(name) && !is_event(name);
    for (size_t i = 0; i < sizeof families / sizeof *families; i++)
        if (strlen(families[i]) == first && strncmp(name, families[i], first) == 0)
            return true;
    return false;
}

static void scan_literals(const char *path, const char *text, void *arg)
{
    if (strstr(path, "/views/"))        /* names of actions are dotted too; codes come from below */
        return;
    for (const char *p = strchr(text, '"'); p && *p; p = strchr(p, '"')) {
        const char *s;
        char name[64];
        size_t n;
        p = literal(p, &s, &n);
        if (!is_dotted(s, n) || n >= sizeof name)
            continue;
        snprintf(name, sizeof name, "%.*s", (int)n, s);
        if (of_codes(path, name) && !is_other(name))
            want(path, s, n, arg);
    }
}

static void every_code_in_a_table_has_a_sentence(void **state)
{
    struct found found = { 0 };
    (void)state;
    walk_all(scan_literals, &found);
    assert_int_equal(found.missing, 0);
    assert_true(found.codes > 150);
}

/* ---- the table ------------------------------------------------------------------------------- */

static void the_table_is_in_order_and_has_no_code_twice(void **state)
{
    (void)state;
    for (size_t i = 1; i < sentences_n; i++)
        if (strcmp(sentences[i - 1].code, sentences[i].code) >= 0)
            fail_msg("%s before %s", sentences[i - 1].code, sentences[i].code);
}

/* Brackets close, places are %1 to %5, and a sentence ends. */
static void every_sentence_is_well_formed(void **state)
{
    (void)state;
    for (size_t i = 0; i < sentences_n; i++) {
        const char *s = sentences[i].text;
        int depth = 0;
        size_t n = strlen(s);
        assert_true(n > 10);
        if (s[n - 1] != '.' || !(isupper((unsigned char)s[0]) || strchr("%\"`-T", s[0])))
            fail_msg("%s: %s", sentences[i].code, s);
        for (; *s; s++) {
            if (*s == '%' && !strchr("12345[]%", s[1]))
                fail_msg("%s: %s", sentences[i].code, sentences[i].text);
            if (*s == '%')
                s++;
            else
                depth += (*s == '[') - (*s == ']');
            if (depth < 0 || depth > 1)
                fail_msg("%s: brackets", sentences[i].code);
        }
        assert_int_equal(depth, 0);
    }
}

/* Made with every parameter, and with none: nothing of the markup is left. */
static void no_markup_is_left(void **state)
{
    static const char *const full[] = { "p1", "p2", "p3", "p4" }, *const empty[] = { "", "", "",
                                                                                     "" };
    struct arena a = ARENA_INIT;
    (void)state;
    for (size_t i = 0; i < sentences_n; i++)
        for (int k = 0; k < 3; k++) {
            const char *s = sentence_of(&a, sentences[i].code, k ? empty : full, k < 2 ? 4 : 0);
            bool brackets = strcmp(sentences[i].code, "settings.syntax") != 0 && strpbrk(s, "[]");
            if (strchr(s, '%') || brackets)
                fail_msg("%s: %s", sentences[i].code, s);
        }
    arena_free(&a);
}

/* ---- filling in ------------------------------------------------------------------------------ */

static void parameters_stand_in_their_places(void **state)
{
    struct arena a = ARENA_INIT;
    struct err e;
    (void)state;
    fail_field(&e, ST_INVALID, "score", "field.range", "score", "0", "100", NULL);
    assert_string_equal(sentence(&a, &e),
                        "score lies between 0 and 100. Give a value in these bounds.");
    arena_free(&a);
}

static void what_lacks_its_parameter_is_left_out(void **state)
{
    struct arena a = ARENA_INIT;
    struct err e;
    (void)state;
    fail(&e, ST_CONFLICT, "TAKEN", "王芳", NULL);
    assert_string_equal(sentence(&a, &e),
                        "Somebody was faster: the lead is with 王芳 now. Choose another lead.");
    fail(&e, ST_CONFLICT, "TAKEN", "", NULL);
    assert_string_equal(sentence(&a, &e), "Somebody was faster. Choose another lead.");
    fail(&e, ST_CONFLICT, "TAKEN", NULL);
    assert_string_equal(sentence(&a, &e), "Somebody was faster. Choose another lead.");
    arena_free(&a);
}

/* A parameter is data: what looks like markup in it is no markup, and it can't drive a terminal. */
static void parameters_are_taken_as_they_are(void **state)
{
    struct arena a = ARENA_INIT;
    struct err e;
    (void)state;
    fail(&e, ST_NOT_FOUND, "db.missing", "a%1[b]\x1b[2J\xe2\x80\xae.db", NULL);
    const char *s = sentence(&a, &e);
    assert_non_null(strstr(s, "a%1[b]"));
    assert_null(strchr(s, '\x1b'));
    assert_null(strstr(s, "\xe2\x80\xae"));
    arena_free(&a);
}

/* A field in a condition: its label, and the name that is to be typed. */
static void fields_of_conditions_have_label_and_name(void **state)
{
    static const struct { const char *code, *params[5], *begin; } rows[] = {
        { "cond.type", { "no", "abc", "a whole number", "6", "number" },
          "number (no) can't be compared with \"abc\" (column 6). Write a whole number." },
        { "cond.type", { "stage", "abc", "a whole number", "6", "stage" }, "stage can't be " },
        { "cond.type", { "attr.job", "abc", "a whole number", "6", "职业" }, "职业 (attr.job) can't be " },
        { "cond.type", { "attr.job", "abc", "a whole number", "6" }, "attr.job can't be " },
        { "cond.operator", { "received_at", "contains", "1", "received" }, "received (received_at) can't" },
        { "cond.unknown_value", { "owner", "x", "", "9", "owner" }, "owner has no \"x\" (column 9)." },
        { "cond.unknown_value", { "won_at", "x", "", "9", "won at" }, "won at (won_at) has no \"x\"" },
        { "cond.masked_equality", { "email", "1", "e-mail" }, "You see e-mail (email) masked" },
        { "cond.masked_sort", { "email", "e-mail" }, "You see e-mail (email) masked" },
    };
    struct arena a = ARENA_INIT;
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *const *p = rows[i].params, *s;
        int n = 0;
        while (n < 5 && p[n])
            n++;
        s = sentence_of(&a, rows[i].code, p, n);
        if (strncmp(s, rows[i].begin, strlen(rows[i].begin)) != 0)
            fail_msg("%s: %s", rows[i].code, s);
    }
    arena_free(&a);
}

/* A form stands at the field; a command line has its name only. */
static void fields_have_their_names_where_they_were_typed(void **state)
{
    struct arena a = ARENA_INIT;
    struct err e;
    (void)state;
    fail_field(&e, ST_INVALID, "email", "field.required", "e-mail", NULL);
    assert_string_equal(sentence(&a, &e), "e-mail is missing. Fill it in.");
    assert_string_equal(sentence_typed(&a, &e), "e-mail (email) is missing. Fill it in.");
    fail_field(&e, ST_INVALID, "gender", "field.choice", "gender", "q", NULL);
    assert_string_equal(sentence_typed(&a, &e), "\"q\" is no value of gender. Choose one of its values.");
    fail_field(&e, ST_CONFLICT, "code", "noun.duplicate", "branch", "code", NULL);
    assert_string_equal(sentence_typed(&a, &e), sentence(&a, &e));
    arena_free(&a);
}

static void nouns_are_named_in_words(void **state)
{
    struct arena a = ARENA_INIT;
    struct err e;
    (void)state;
    fail(&e, ST_NOT_FOUND, "noun.not_found", "follow_up", NULL);
    assert_string_equal(sentence(&a, &e),
                        "There is no such follow-up that you may see. Refresh the list.");
    arena_free(&a);
}

/* What somebody typed stays as he typed it, also where it looks like a word of the program. */
static void data_is_not_translated(void **state)
{
    struct arena a = ARENA_INIT;
    const char *word = "follow_up";
    (void)state;
    assert_non_null(strstr(sentence_of(&a, "cli.unknown_command", &word, 1), "\"follow_up\""));
    arena_free(&a);
}

static void an_unknown_code_is_shown(void **state)
{
    struct arena a = ARENA_INIT;
    struct err e;
    (void)state;
    fail(&e, ST_FAILED, "no.such.code", "x", NULL);
    assert_string_equal(sentence(&a, &e), "Something went wrong (no.such.code).");
    assert_false(sentence_known("no.such.code"));
    assert_true(sentence_known("TAKEN"));
    arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_that_is_given_has_a_sentence),
        cmocka_unit_test(every_code_in_a_table_has_a_sentence),
        cmocka_unit_test(the_table_is_in_order_and_has_no_code_twice),
        cmocka_unit_test(every_sentence_is_well_formed),
        cmocka_unit_test(no_markup_is_left),
        cmocka_unit_test(parameters_stand_in_their_places),
        cmocka_unit_test(what_lacks_its_parameter_is_left_out),
        cmocka_unit_test(parameters_are_taken_as_they_are),
        cmocka_unit_test(fields_of_conditions_have_label_and_name),
        cmocka_unit_test(fields_have_their_names_where_they_were_typed),
        cmocka_unit_test(nouns_are_named_in_words),
        cmocka_unit_test(data_is_not_translated),
        cmocka_unit_test(an_unknown_code_is_shown),
    };
    setlocale(LC_ALL, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
