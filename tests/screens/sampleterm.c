#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/screens/sampleterm.h"

#include <stdio.h>

#include "base/clock.h"

int64_t sample_morning(void)
{
    int64_t now;

    clock_zone("Asia/Shanghai");
    now = clock_from_civil((struct civil){ .year = 2026, .month = 11, .day = 24, .hour = 8, .minute = 47 });
    clock_set(now);
    return now;
}

void sample_start(struct vt **vt, struct ui **ui, struct ui_options *o, int rows, int cols, int64_t records)
{
    struct err e = { 0 };

    *vt = vt_open(rows, cols);
    vt_options(*vt, &o->term, o->term.term);
    assert_int_equal(ui_start(ui, o, &e), ST_OK);
    sample_register(*ui, records);
    assert_int_equal(ui_goto(*ui, "list", NULL, &e), ST_OK);
    sample_settle(*vt, *ui);
}

int sample_stop(struct vt **vt, struct ui **ui)
{
    bool bad = false;

    if (*ui) {
        ui_stop(*ui);
        vt_sync(*vt);
        bad = vt_bad(*vt) != NULL;
        if (bad)
            fprintf(stderr, "written to the terminal: %s\n", vt_bad(*vt));
        vt_close(*vt);
    }
    *ui = NULL;
    *vt = NULL;
    clock_set(NONE);
    return bad ? -1 : 0;
}

size_t sample_settle(struct vt *vt, struct ui *ui)
{
    ui_run_until_idle(ui);
    return vt_sync(vt);
}

size_t sample_press(struct vt *vt, struct ui *ui, const char *keys)
{
    const char *bad;

    if (!ui_keys(ui, keys, &bad))
        fail_msg("no such key: %s", bad);
    return sample_settle(vt, ui);
}
