#include "tests/unit/child.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

int child_run(const struct child_job *jobs, size_t n, const char *name, const char *path)
{
    enum { NO_SUCH_JOB = 126 };
    for (size_t i = 0; i < n; i++)
        if (strcmp(jobs[i].name, name) == 0)
            return jobs[i].run(path);
    return NO_SUCH_JOB;
}

pid_t child_start(const char *job, const char *path, int *out)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t pid = fork();
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);       /* a test that fails leaves no locks behind */
        dup2(ends[1], STDOUT_FILENO);
        close(ends[0]);
        close(ends[1]);
        execl("/proc/self/exe", "test", job, path, (char *)NULL);
        _exit(127);
    }
    assert_true(pid > 0);
    close(ends[1]);
    if (out)
        *out = ends[0];
    else
        close(ends[0]);
    return pid;
}

pid_t child_start_ready(const char *job, const char *path)
{
    char said = 0;
    int out;
    pid_t pid = child_start(job, path, &out);
    assert_int_equal(read(out, &said, 1), 1);
    assert_int_equal(said, 'x');
    close(out);
    return pid;
}

void child_ended_well(pid_t pid)
{
    int how;
    assert_int_equal(waitpid(pid, &how, 0), pid);
    assert_true(WIFEXITED(how));
    assert_int_equal(WEXITSTATUS(how), 0);
}
