/* start.c - from exec to main: `start PROGRAM TIMES` stops the program at its first instruction of
 * main and prints the median time in ms since exec, and the memory that is resident and mapped by
 * then. Only for x86-64; the program keeps its symbols. */
#include <elf.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/bench/bench.h"

/* The address of main in the file; 0 when it has no symbols. */
static unsigned long find_main(const char *path)
{
    FILE *f = fopen(path, "rb");
    Elf64_Ehdr h;
    unsigned long at = 0;
    if (!f || fread(&h, sizeof h, 1, f) != 1)
        return 0;
    Elf64_Shdr *s = xcalloc(h.e_shnum, sizeof *s);
    fseek(f, (long)h.e_shoff, SEEK_SET);
    size_t n = fread(s, sizeof *s, h.e_shnum, f);
    for (size_t i = 0; i < n && !at; i++) {
        if (s[i].sh_type != SHT_SYMTAB)
            continue;
        Elf64_Sym *symbols = xmalloc(s[i].sh_size);
        char *names = xmalloc(s[s[i].sh_link].sh_size);
        fseek(f, (long)s[i].sh_offset, SEEK_SET);
        size_t count = fread(symbols, 1, s[i].sh_size, f) / sizeof *symbols;
        fseek(f, (long)s[s[i].sh_link].sh_offset, SEEK_SET);
        if (!fread(names, s[s[i].sh_link].sh_size, 1, f))
            count = 0;
        for (size_t k = 0; k < count && !at; k++)
            if (strcmp(names + symbols[k].st_name, "main") == 0)
                at = symbols[k].st_value;
        free(symbols);
        free(names);
    }
    free(s);
    fclose(f);
    return at;
}

/* Where the program lies: the first mapping of its file. */
static unsigned long base_of(pid_t pid)
{
    char path[64], line[512];
    unsigned long base = 0;
    snprintf(path, sizeof path, "/proc/%d/maps", (int)pid);
    FILE *f = fopen(path, "r");
    if (f && fgets(line, sizeof line, f))
        base = strtoul(line, NULL, 16);
    if (f)
        fclose(f);
    return base;
}

static void memory(pid_t pid, double *resident, double *mapped)
{
    char path[64];
    long pages = 0, in = 0;
    snprintf(path, sizeof path, "/proc/%d/statm", (int)pid);
    FILE *f = fopen(path, "r");
    if (f && fscanf(f, "%ld %ld", &pages, &in) == 2) {
        *mapped = (double)pages / 256;
        *resident = (double)in / 256;
    }
    if (f)
        fclose(f);
}

static double once(const char *program, unsigned long at, double *resident, double *mapped)
{
    int status;
    pid_t pid = fork();
    if (pid == 0) {
        ptrace(PTRACE_TRACEME, 0, 0, 0);
        execl(program, program, "--version", (char *)NULL);
        _exit(127);
    }
    waitpid(pid, &status, 0);           /* stopped in exec */
    unsigned long where = at + base_of(pid);
    errno = 0;
    long word = ptrace(PTRACE_PEEKTEXT, pid, where, 0);
    ptrace(PTRACE_POKETEXT, pid, where, (word & ~0xffL) | 0xcc);
    double start = bench_seconds();
    ptrace(PTRACE_CONT, pid, 0, 0);
    waitpid(pid, &status, 0);
    double ms = (bench_seconds() - start) * 1e3;
    if (!WIFSTOPPED(status) || WSTOPSIG(status) != SIGTRAP)
        exit(1);
    memory(pid, resident, mapped);
    ptrace(PTRACE_KILL, pid, 0, 0);
    waitpid(pid, &status, 0);
    return ms;
}

int main(int argc, char **argv)
{
    if (argc != 3)
        return 2;
    int times = atoi(argv[2]);
    double *v = xcalloc((size_t)times, sizeof *v), resident = 0, mapped = 0;
    unsigned long at = find_main(argv[1]);
    if (!at)
        return 1;
    for (int i = 0; i < times; i++)
        v[i] = once(argv[1], at, &resident, &mapped);
    printf("start %.2f ms\nresident %.2f MiB\nmapped %.2f MiB\n",
           bench_percentile(v, (size_t)times, 0.5), resident, mapped);
    free(v);
    return 0;
}
