/* Passwords: the rules, the hash, and typing one at a terminal without showing it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/guard/password.h"
#include "tests/unit/tmpdb.h"

/* argon2id as cheap as it gets: what is tested is not its cost. */
static const struct password_cost cheap = { .passes = 1, .bytes = 8192 };

/* ---- the rules ------------------------------------------------------------------------------- */

static void the_rules(void **state)
{
    static const struct { const char *password, *code; } cases[] = {
        { "Abcdefgh12", "" }, { "abcdefgh1!", "" }, { "ABCDEFGH1!", "" }, { "Abcdefgh !", "" },
        { "公海营销部门密码Ab", "" }, { "公海营销部门密码a1", "" },
        { "Abcdefg12", "password.short" }, { "", "password.short" },
        { "公海密码Ab", "password.short" },             /* 14 bytes, 6 characters */
        { "abcdefgh12", "password.classes" }, { "ABCDEFGHIJ", "password.classes" },
        { "1234567890", "password.classes" },
        { "公海营销部门密码公海", "password.classes" },
        { "xxE10023xx!", "password.login" }, { "xxe10023xX!", "password.login" },
        { "xxｅ１００２３xX!", "password.login" },          /* full-width, same search form */
        { "Abcdefgh1\t2", "password.characters" }, { "Abcdefgh1\x7f" "2", "password.characters" },
        { "Abcdefgh12\xff", "password.characters" },
    };
    struct err e;
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        enum status st = password_check(cases[i].password, "E10023", &e);
        if (st != (*cases[i].code ? ST_INVALID : ST_OK))
            fail_msg("%s: %d %s", cases[i].password, st, e.code);
        if (st) {
            assert_string_equal(e.code, cases[i].code);
            assert_string_equal(e.field, "password");
        }
    }
}

static void short_logins_do_not_forbid_a_letter(void **state)
{
    struct err e;
    (void)state;
    assert_int_equal(password_check("Abcdefgh12", "ab", &e), ST_OK);
    assert_int_equal(password_check("Abcdefgh12", "abc", &e), ST_INVALID);
    assert_int_equal(password_check("Abcdefgh12", "", &e), ST_OK);
}

static void a_password_has_an_end(void **state)
{
    char long_one[PASSWORD_MAX + 2];
    struct err e;
    (void)state;
    memset(long_one, 'a', sizeof long_one);
    memcpy(long_one, "A1", 2);
    long_one[PASSWORD_MAX] = 0;
    assert_int_equal(password_check(long_one, "x", &e), ST_OK);
    long_one[PASSWORD_MAX] = 'a';
    long_one[PASSWORD_MAX + 1] = 0;
    assert_int_equal(password_check(long_one, "x", &e), ST_INVALID);
    assert_string_equal(e.code, "password.long");
    assert_string_equal(e.param[0], "256");
}

/* ---- the hash -------------------------------------------------------------------------------- */

static void only_the_right_word_fits(void **state)
{
    char hash[PASSWORD_HASH], again[PASSWORD_HASH];
    bool rehash = true;
    (void)state;
    assert_int_equal(password_hash("Abcdefgh12", &cheap, hash, NULL), ST_OK);
    assert_int_equal(strncmp(hash, "$argon2id$v=19$m=8,t=1,p=1$", 27), 0);
    assert_true(password_verify(hash, "Abcdefgh12", &cheap, &rehash));
    assert_false(rehash);
    assert_false(password_verify(hash, "Abcdefgh13", &cheap, &rehash));
    assert_false(password_verify(hash, "", &cheap, NULL));
    assert_int_equal(password_hash("Abcdefgh12", &cheap, again, NULL), ST_OK);
    assert_string_not_equal(hash, again);
    assert_false(password_verify(NULL, "Abcdefgh12", &cheap, NULL));
    assert_false(password_verify("", "", &cheap, NULL));
    assert_false(password_verify("plain", "plain", &cheap, NULL));
}

/* é as one character or as e and an accent: keyboards differ. */
static void two_spellings_of_one_character_are_one(void **state)
{
    char hash[PASSWORD_HASH];
    (void)state;
    assert_int_equal(password_hash("Caf\xc3\xa9-12345", &cheap, hash, NULL), ST_OK);
    assert_true(password_verify(hash, "Cafe\xcc\x81-12345", &cheap, NULL));
    assert_false(password_verify(hash, "Cafe-12345", &cheap, NULL));
}

static void a_cheaper_hash_asks_for_a_new_one(void **state)
{
    const struct password_cost dearer = { .passes = 2, .bytes = 16384 };
    char hash[PASSWORD_HASH];
    bool rehash;
    (void)state;
    assert_int_equal(password_hash("Abcdefgh12", &cheap, hash, NULL), ST_OK);
    assert_true(password_verify(hash, "Abcdefgh12", &dearer, &rehash));
    assert_true(rehash);
}

static void the_product_pays_three_passes_over_64_mib(void **state)
{
    char hash[PASSWORD_HASH];
    (void)state;
    assert_int_equal(password_hash("Abcdefgh12", &password_cost, hash, NULL), ST_OK);
    assert_int_equal(strncmp(hash, "$argon2id$v=19$m=65536,t=3,p=1$", 31), 0);
}

/* ---- accounts -------------------------------------------------------------------------------- */

static enum status set(struct tmpdb *t, int64_t account, const char *password)
{
    struct ctx c = tmpdb_ctx(t);
    char hash[PASSWORD_HASH];
    assert_int_equal(password_hash(password, &cheap, hash, &t->err), ST_OK);
    assert_int_equal(db_begin(t->db, &t->err), ST_OK);
    enum status st = password_store(&c, account, hash);
    if (st)
        db_rollback(t->db);
    else
        assert_int_equal(db_commit(t->db, &t->err), ST_OK);
    return st;
}

static enum status login(struct tmpdb *t, const char *name, const char *password)
{
    return password_login(t->db, name, password, &cheap, NULL, &t->err);
}

static void an_account_takes_a_password(void **state)
{
    struct tmpdb *t = *state;
    assert_int_equal(login(t, "staff", "Abcdefgh12"), ST_DENIED);
    assert_int_equal(set(t, ACCOUNT + ROLE_STAFF, "Abcdefgh12"), ST_OK);
    assert_int_equal(login(t, "STAFF", "Abcdefgh12"), ST_OK);
    assert_int_equal(login(t, "staff", "abcdefgh12"), ST_DENIED);
    assert_string_equal(t->err.code, "password.wrong");
    assert_int_equal(login(t, "nobody", "Abcdefgh12"), ST_DENIED);
    assert_string_equal(t->err.code, "password.wrong");
    assert_string_equal(raw_text(t->path,
                                 "select password_at || ' ' || version from account"
                                 " where code = 'staff'", &t->arena),
                        "1795305600000 2");
    assert_string_equal(raw_text(t->path,
                                 "select count(*) from account where password_hash like '%Abc%'",
                                 &t->arena), "0");
}

static void nobody_has_no_password(void **state)
{
    struct tmpdb *t = *state;
    assert_int_equal(set(t, 999, "Abcdefgh12"), ST_NOT_FOUND);
    assert_string_equal(t->err.code, "account.not_found");
    assert_string_equal(raw_text(t->path,
                                 "select count(*) from account where password_hash is not null",
                                 &t->arena), "0");
}

/* ---- from a pipe ----------------------------------------------------------------------------- */

static enum status from_pipe(const char *bytes, size_t n, char out[PASSWORD_MAX + 1], struct err *e)
{
    int fds[2];
    assert_int_equal(pipe(fds), 0);
    assert_int_equal(write(fds[1], bytes, n), n);
    close(fds[1]);
    enum status st = password_read(fds[0], "unseen", out, e);
    close(fds[0]);
    return st;
}

static void a_line_is_read_without_its_end(void **state)
{
    char out[PASSWORD_MAX + 1];
    struct err e;
    (void)state;
    assert_int_equal(from_pipe("秘密-Ab 1\n", 13, out, &e), ST_OK);
    assert_string_equal(out, "秘密-Ab 1");
    assert_int_equal(from_pipe("abc\r\n", 5, out, &e), ST_OK);
    assert_string_equal(out, "abc");
    assert_int_equal(from_pipe("abc", 3, out, &e), ST_OK);
    assert_string_equal(out, "abc");
    assert_int_equal(from_pipe("\n", 1, out, &e), ST_OK);
    assert_string_equal(out, "");
    assert_int_equal(from_pipe("", 0, out, &e), ST_INVALID);
    assert_string_equal(e.code, "password.none");
    assert_int_equal(from_pipe("ab\0c\n", 5, out, &e), ST_INVALID);
    assert_string_equal(e.code, "password.characters");
}

static void the_longest_line_fits_and_no_more(void **state)
{
    char line[PASSWORD_MAX + 8], out[PASSWORD_MAX + 1];
    struct err e;
    (void)state;
    memset(line, 'x', sizeof line);
    memcpy(line + PASSWORD_MAX, "\r\n", 2);
    assert_int_equal(from_pipe(line, PASSWORD_MAX + 2, out, &e), ST_OK);
    assert_int_equal(strlen(out), PASSWORD_MAX);
    memcpy(line + PASSWORD_MAX, "x\n", 2);
    assert_int_equal(from_pipe(line, PASSWORD_MAX + 2, out, &e), ST_INVALID);
    assert_string_equal(e.code, "password.long");
    assert_int_equal(out[0], 0);
    memcpy(line + PASSWORD_MAX, "\rxxx\n", 5);
    assert_int_equal(from_pipe(line, PASSWORD_MAX + 5, out, &e), ST_INVALID);
}

static void the_next_line_stays_for_the_next_reader(void **state)
{
    char out[PASSWORD_MAX + 1];
    int fds[2];
    (void)state;
    assert_int_equal(pipe(fds), 0);
    assert_int_equal(write(fds[1], "one\ntwo\n", 8), 8);
    assert_int_equal(password_read(fds[0], NULL, out, NULL), ST_OK);
    assert_string_equal(out, "one");
    assert_int_equal(password_read(fds[0], NULL, out, NULL), ST_OK);
    assert_string_equal(out, "two");
    close(fds[0]);
    close(fds[1]);
}

/* ---- at a terminal --------------------------------------------------------------------------- */

struct sitting {
    int screen;         /* what the terminal shows, and its keyboard */
    int slave, said;    /* the terminal; what the child wrote to stderr */
    pid_t child;
    struct termios before;
};

/* A child asks for a password at a terminal of its own; returns when the prompt stands there. Its
 * exit code is the status, or 77 when the word was not the right one. */
static void sit_down(struct sitting *s)
{
    int fds[2];
    char prompt[16] = "";
    assert_int_equal(openpty(&s->screen, &s->slave, NULL, NULL, NULL), 0);
    assert_int_equal(tcgetattr(s->slave, &s->before), 0);
    assert_int_equal(pipe(fds), 0);
    s->child = fork();
    if (s->child == 0) {
        char out[PASSWORD_MAX + 1];
        dup2(fds[1], STDERR_FILENO);
        signal(SIGTERM, SIG_DFL);
        enum status st = password_read(s->slave, "密码: ", out, NULL);
        _exit(st ? (int)st : strcmp(out, "S3cret!") == 0 ? 0 : 77);
    }
    close(fds[1]);
    s->said = fds[0];
    assert_int_equal(read(s->said, prompt, sizeof prompt - 1), strlen("密码: "));
    assert_string_equal(prompt, "密码: ");
    struct termios now;
    tcgetattr(s->slave, &now);
    assert_false(now.c_lflag & ECHO);
}

/* How the child ended; the terminal must be as it was, and must not have shown the word. */
static int stand_up(struct sitting *s)
{
    char shown[256] = "";
    int how;
    struct termios now;
    assert_int_equal(waitpid(s->child, &how, 0), s->child);
    tcgetattr(s->slave, &now);
    assert_int_equal(now.c_lflag, s->before.c_lflag);
    assert_int_equal(now.c_cc[VEOL], s->before.c_cc[VEOL]);
    assert_int_equal(write(s->slave, ".", 1), 1);
    assert_true(read(s->screen, shown, sizeof shown - 1) > 0);
    assert_null(strstr(shown, "S3"));
    close(s->slave);
    close(s->screen);
    close(s->said);
    return how;
}

static void typed_words_are_not_shown(void **state)
{
    struct sitting s;
    (void)state;
    sit_down(&s);
    assert_int_equal(write(s.screen, "S3cx\x7fret!\n", 10), 10);
    int how = stand_up(&s);
    assert_true(WIFEXITED(how));
    assert_int_equal(WEXITSTATUS(how), 0);
}

static void ctrl_c_gives_up(void **state)
{
    struct sitting s;
    (void)state;
    sit_down(&s);
    assert_int_equal(write(s.screen, "S3c\x03", 4), 4);
    int how = stand_up(&s);
    assert_true(WIFEXITED(how));
    assert_int_equal(WEXITSTATUS(how), ST_CANCELLED);
}

static void a_signal_ends_it_with_the_terminal_restored(void **state)
{
    struct sitting s;
    (void)state;
    sit_down(&s);
    assert_int_equal(kill(s.child, SIGTERM), 0);
    int how = stand_up(&s);
    assert_true(WIFSIGNALED(how));
    assert_int_equal(WTERMSIG(how), SIGTERM);
}

#define with_db(f) cmocka_unit_test_setup_teardown(f, tmpdb_setup, tmpdb_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_rules),
        cmocka_unit_test(short_logins_do_not_forbid_a_letter),
        cmocka_unit_test(a_password_has_an_end),
        cmocka_unit_test(only_the_right_word_fits),
        cmocka_unit_test(two_spellings_of_one_character_are_one),
        cmocka_unit_test(a_cheaper_hash_asks_for_a_new_one),
        cmocka_unit_test(the_product_pays_three_passes_over_64_mib),
        with_db(an_account_takes_a_password),
        with_db(nobody_has_no_password),
        cmocka_unit_test(a_line_is_read_without_its_end),
        cmocka_unit_test(the_longest_line_fits_and_no_more),
        cmocka_unit_test(the_next_line_stays_for_the_next_reader),
        cmocka_unit_test(typed_words_are_not_shown),
        cmocka_unit_test(ctrl_c_gives_up),
        cmocka_unit_test(a_signal_ends_it_with_the_terminal_restored),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
