/* What was chosen on the screens: kept a person and database, whole or not at all. */
#include <dirent.h>
#include <signal.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "tui/loop.h"
#include "views/viewstate.h"

static char dir[64];

static int set_up(void **state)
{
    (void)state;
    snprintf(dir, sizeof dir, "%s", "/tmp/gonghai-state-XXXXXX");
    return mkdtemp(dir) ? setenv("XDG_STATE_HOME", dir, 1) : -1;
}

static int tear_down(void **state)
{
    char command[128];
    (void)state;
    snprintf(command, sizeof command, "chmod -R u+w '%s'; rm -rf '%s'", dir, dir);
    return system(command);
}

static struct viewstate *of(const char *login, const char *database)
{
    struct viewstate *s = viewstate_new();
    viewstate_bind(s, login, database);
    return s;
}

/* The only file there is; false for none. */
static int file_of(char out[300])
{
    char folder[100];
    int n = 0;
    snprintf(folder, sizeof folder, "%s/gonghai", dir);
    DIR *d = opendir(folder);
    for (struct dirent *x; d && (x = readdir(d));)
        if (x->d_name[0] != '.') {
            snprintf(out, 300, "%s/%s", folder, x->d_name);
            n++;
        }
    if (d)
        closedir(d);
    return n;
}

static void choices_outlive_the_run_of_one_person_on_one_database(void **state)
{
    (void)state;
    struct viewstate *s = of("wang", "/srv/a.db");
    viewstate_set(s, "ui.theme", "light");
    viewstate_set(s, "leads.columns", "name,product:12,-score");
    viewstate_free(s);
    s = of("wang", "/srv/a.db");
    assert_string_equal(viewstate_get(s, "ui.theme"), "light");
    assert_string_equal(viewstate_get(s, "leads.columns"), "name,product:12,-score");
    viewstate_set(s, "ui.theme", NULL);
    viewstate_free(s);
    s = of("wang", "/srv/a.db");
    assert_null(viewstate_get(s, "ui.theme"));
    viewstate_free(s);
    s = of("li", "/srv/a.db");
    assert_null(viewstate_get(s, "leads.columns"));
    viewstate_free(s);
    s = of("wang", "/srv/b.db");
    assert_null(viewstate_get(s, "leads.columns"));
    viewstate_free(s);
}

static void any_text_comes_back_as_it_was(void **state)
{
    static const char *const texts[] = { "", " a ", "a ; b # c", "50%", "一\n二\t三", "%41", "[x]", "= :",
                                         "\"quoted\"" };
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct viewstate *s = of("wang", "/srv/text.db");
        viewstate_set(s, "text", texts[i]);
        viewstate_free(s);
        s = of("wang", "/srv/text.db");
        assert_non_null(viewstate_get(s, "text"));
        assert_string_equal(viewstate_get(s, "text"), texts[i]);
        viewstate_free(s);
    }
}

static void two_consoles_keep_what_each_chose(void **state)
{
    (void)state;
    struct viewstate *a = of("wang", "/srv/two.db"), *b = of("wang", "/srv/two.db");
    viewstate_set(a, "ui.theme", "light");
    viewstate_set(b, "ui.lang", "en");
    viewstate_free(a);
    viewstate_free(b);
    a = of("wang", "/srv/two.db");
    assert_string_equal(viewstate_get(a, "ui.theme"), "light");
    assert_string_equal(viewstate_get(a, "ui.lang"), "en");
    viewstate_free(a);
}

/* The child is killed without a chance to end in order, after its timer has run. */
static void a_kill_loses_nothing_that_is_a_second_old(void **state)
{
    int done[2], status;
    char byte;
    (void)state;
    assert_int_equal(pipe(done), 0);
    pid_t child = fork();
    if (child == 0) {
        struct loop *loop = loop_new();
        struct viewstate *s = of("wang", "/srv/kill.db");
        viewstate_attach(s, loop);
        viewstate_set(s, "ui.theme", "light");
        while (loop_next(loop) >= 0)
            loop_wait(loop, -1);
        _exit(write(done[1], "x", 1) == 1 ? (kill(getpid(), SIGKILL), 1) : 1);
    }
    close(done[1]);
    assert_int_equal(read(done[0], &byte, 1), 1);
    close(done[0]);
    waitpid(child, &status, 0);
    assert_true(WIFSIGNALED(status));
    struct viewstate *s = of("wang", "/srv/kill.db");
    assert_string_equal(viewstate_get(s, "ui.theme"), "light");
    viewstate_free(s);
}

static void what_is_no_state_of_this_person_is_ignored(void **state)
{
    static const char *const bad[] = {
        "", "nonsense\n", "[gonghai]\nversion = 2\n[chosen]\nui.theme = light\n",
        "[gonghai]\nversion = 1\nlogin = li\ndatabase = /srv/f.db\n[chosen]\nui.theme = light\n",
        "[gonghai]\nversion = 1\nlogin = wang\ndatabase = /srv/f.db\n[chosen]\nui.theme = %ZZ\n",
        "\xff\xfe\n",
    };
    char file[300];
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct viewstate *s = of("wang", "/srv/f.db");
        viewstate_set(s, "x", i % 2 ? "1" : "2");
        viewstate_free(s);
        assert_int_equal(file_of(file), 1);
        FILE *f = fopen(file, "w");
        fputs(bad[i], f);
        fclose(f);
        s = of("wang", "/srv/f.db");
        assert_null(viewstate_get(s, "ui.theme"));
        assert_null(viewstate_get(s, "x"));
        viewstate_free(s);
    }
    assert_int_equal(chmod(file, 0666), 0);     /* others may write it */
    struct viewstate *s = of("wang", "/srv/f.db");
    assert_null(viewstate_get(s, "x"));
    viewstate_free(s);
}

static void without_a_folder_it_lives_in_memory(void **state)
{
    (void)state;
    setenv("XDG_STATE_HOME", "/proc/nowhere", 1);
    struct viewstate *s = of("wang", "/srv/a.db");
    viewstate_set(s, "ui.theme", "light");
    viewstate_flush(s);
    assert_string_equal(viewstate_get(s, "ui.theme"), "light");
    viewstate_free(s);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(choices_outlive_the_run_of_one_person_on_one_database),
        TEST(any_text_comes_back_as_it_was),
        TEST(two_consoles_keep_what_each_chose),
        TEST(a_kill_loses_nothing_that_is_a_second_old),
        TEST(what_is_no_state_of_this_person_is_ignored),
        TEST(without_a_folder_it_lives_in_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
