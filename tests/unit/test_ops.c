/* The table of operations: what the frame around them takes for granted, and that the contract names them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "core/api/backend.h"

static void names_are_there_once(void **state)
{
    (void)state;
    for (const struct op *const *p = ops_all(); *p; p++) {
        const char *dot = strchr((*p)->name, '.');
        assert_non_null(dot);
        assert_true(dot > (*p)->name && dot[1] && !strchr(dot + 1, '.'));
        assert_ptr_equal(op_find((*p)->name), *p);
    }
    assert_null(op_find("lead.nothing"));
}

/* Several subjects are taken in steps, and none of them runs what is to be done before a lock. */
static void several_and_prepare_exclude_each_other(void **state)
{
    size_t several = 0, prepared = 0;
    (void)state;
    for (const struct op *const *p = ops_all(); *p; p++) {
        const struct op *op = *p;
        if (op->each && op->prepare)
            fail_msg("%s has both", op->name);
        if ((op->each || op->prepare) && op->kind != OP_WRITE)
            fail_msg("%s is no write", op->name);
        if (op->each)
            assert_true(op->each->count && op->each->done && op->each->begin && op->each->pick &&
                        op->each->add);
        several += op->each != NULL;
        prepared += op->prepare != NULL;
    }
    assert_true(several && prepared);
}

/* A second route with the same method would never be reached. */
static void routes_are_there_once(void **state)
{
    (void)state;
    for (const struct op *const *p = ops_all(); *p; p++)
        for (const struct op *const *q = p + 1; *q; q++)
            if (strcmp((*p)->method, (*q)->method) == 0 && strcmp((*p)->path, (*q)->path) == 0)
                fail_msg("%s and %s: %s %s", (*p)->name, (*q)->name, (*p)->method, (*p)->path);
}

static char *contract(void)
{
    const char *root = getenv("ROOT");
    char path[4096], some[4096];
    struct buf text = BUF_INIT;
    size_t n;
    snprintf(path, sizeof path, "%s/docs/contract.md", root ? root : ".");
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    while ((n = fread(some, 1, sizeof some, f)) > 0)
        buf_add(&text, some, n);
    fclose(f);
    return text.s;
}

/* Verbs that the contract explains once for all nouns. */
static bool for_all_nouns(const char *verb)
{
    static const char *const verbs[] = { "list",   "count",  "explain", "values", "get",
                                         "create", "change", "import",  "export" };
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        if (strcmp(verb, verbs[i]) == 0)
            return true;
    return false;
}

static void the_contract_names_them(void **state)
{
    char *text = contract();
    (void)state;
    for (const struct op *const *p = ops_all(); *p; p++)
        if (!for_all_nouns(strchr((*p)->name, '.') + 1) && !strstr(text, (*p)->name))
            fail_msg("docs/contract.md does not tell of %s", (*p)->name);
    const struct op *list = op_find("lead.list");
    for (size_t i = 0; i < list->in->nfields; i++) {
        char member[80];
        snprintf(member, sizeof member, "`%s`", list->in->fields[i].name);
        if (!strstr(text, member))
            fail_msg("docs/contract.md does not tell of %s of lists", member);
    }
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_there_once),
        cmocka_unit_test(several_and_prepare_exclude_each_other),
        cmocka_unit_test(routes_are_there_once),
        cmocka_unit_test(the_contract_names_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
