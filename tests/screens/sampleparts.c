#include "tests/screens/sampleparts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "tui/chart.h"
#include "tui/dialog.h"
#include "tui/month.h"
#include "tui/tree.h"

static const char *say(const char *en, const char *zh) __attribute__((format_arg(1), format_arg(2)));

static const char *say(const char *en, const char *zh)
{
    return strcmp(i18n_lang(), "zh_CN") ? en : zh;
}

/* --- tree: a bank of 3 x 3 x 3 units ---------------------------------------------------------- */

struct tree_view { struct view view; struct tree tree; };

static const char *const levels[][3][2] = {
    { { "East China", "华东分行" }, { "South China", "华南分行" }, { "North China", "华北分行" } },
    { { "Pudong", "浦东支行" }, { "Xuhui", "徐汇支行" }, { "Jing'an", "静安支行" } },
    { { "Lujiazui outlet", "陆家嘴网点" }, { "Century outlet", "世纪大道网点" },
      { "Harbour outlet", "外高桥网点" } }
};
static bool hold_answers;
static struct { int64_t parent; uint32_t generation; bool is; } held;

/* Ids are their path in digits: 1, 12, 123. */
static int depth_of(int64_t id)
{
    return id < 10 ? 0 : id < 100 ? 1 : 2;
}

static void answer(struct tree *t, int64_t parent, uint32_t generation)
{
    struct tree_row rows[3];

    for (int i = 0; i < 3; i++)
        rows[i] = (struct tree_row){ .id = parent * 10 + i + 1, .version = 1,
                                     .folder = depth_of(parent * 10 + i + 1) < 2 };
    tree_answer(t, generation, parent, rows, 3);
}

static void units_ask(void *self, struct tree *t, int64_t parent, uint32_t generation)
{
    (void)self;
    if (hold_answers && parent) {
        held.parent = parent;
        held.generation = generation;
        held.is = true;
    } else {
        answer(t, parent, generation);
    }
}

static void units_cell(void *self, struct tree *t, const struct tree_row *row, int column,
                       struct table_cell *out)
{
    int64_t id = row->id;
    int depth = depth_of(id), leads = 3885;

    (void)self;
    for (int64_t k = id; k > 0; k /= 10)
        leads = leads * (int)(5 - k % 10) / 10;
    if (column == 0) {
        out->words = say(levels[depth][(id - 1) % 10][0], levels[depth][(id - 1) % 10][1]);
        out->ink = depth ? ROLE_TEXT : ROLE_STRONG;
    } else if (column == 1) {
        out->words = tree_text(t, "%d", leads);
    } else if (column == 2) {
        out->words = tree_text(t, "%.1f%%", 5 + (double)(id * 7 % 90) / 10);
        out->ink = id % 3 == 0 ? ROLE_GOOD : ROLE_TEXT;
    } else {
        out->words = say("online", "线上");
        out->ink = ROLE_DIM;
    }
}

static const struct table_column unit_columns[] = {
    { .key = "unit", .title = "Unit", .min = 16, .max = 30 },
    { .key = "leads", .title = "Leads", .min = 6, .align = ALIGN_RIGHT, .number = true },
    { .key = "rate", .title = "Rate", .min = 6, .align = ALIGN_RIGHT, .number = true, .priority = 1 },
    { .key = "kind", .title = "Kind", .min = 8, .priority = 2 }
};
static const struct tree_source unit_source = { .ask = units_ask, .cell = units_cell };

static enum status tree_view_open(struct view *v, const void *arg, struct err *e)
{
    struct tree_view *t = (struct tree_view *)v;

    (void)arg;
    (void)e;
    tree_init(&t->tree, unit_columns, 4, &unit_source, t);
    return ST_OK;
}

static void tree_view_close(struct view *v)
{
    tree_free(&((struct tree_view *)v)->tree);
}

static void tree_view_draw(struct view *v, struct surface s)
{
    tree_draw(&((struct tree_view *)v)->tree, s);
}

static unsigned tree_view_input(struct view *v, const struct input *in)
{
    return tree_input(&((struct tree_view *)v)->tree, in);
}

static bool tree_view_typing(const struct view *v)
{
    return tree_typing(&((const struct tree_view *)v)->tree);
}

static unsigned do_close(const struct action_call *call)
{
    ui_close(call->ui, call->self);
    return UI_DONE;
}

static const struct action part_actions[] = {
    { .name = "part.close", .label = "Back", .help = "Back to the list.", .group = "Lead",
      .keys = "Esc", .flags = ACTION_FOOTER, .run = do_close }
};

static void tree_view_sets(struct view *v, struct action_list *out)
{
    struct tree_view *t = (struct tree_view *)v;

    tree_actions(&t->tree, out);
    if (!tree_typing(&t->tree))
        ACTION_LIST_ADD(out, "part", part_actions, v, NULL);
}

static const struct view_ops tree_ops = {
    .name = "units", .title = "Units", .size = sizeof(struct tree_view), .open = tree_view_open,
    .close = tree_view_close, .draw = tree_view_draw, .input = tree_view_input,
    .typing = tree_view_typing, .actions = tree_view_sets
};

void sample_tree_answer(struct ui *ui, bool hold)
{
    struct view *v = ui_screen(ui);

    hold_answers = hold;
    if (!hold && held.is && v && v->ops == &tree_ops)
        answer(&((struct tree_view *)v)->tree, held.parent, held.generation);
    held.is = false;
}

/* --- charts ----------------------------------------------------------------------------------- */

static const double roi_a[] = { -0.2, 0.1, 0.1, 0.4, 0.9, 1.1, 1.1, 1.3, 1.62, 1.62 },
                    roi_b[] = { 0.3, 0.3, 0.5, 0.5, 0.2, 0.2, 0.6, 0.71, 0.71, 0.71 },
                    roi_c[] = { -0.9, -0.6, -0.2, NAN, NAN, -0.3, -0.3, -0.45, -0.45, -0.45 },
                    weeks[] = { 18200, 22100, NAN, 9800, 30500, 27400, -4000, 41200 };

static void charts_draw(struct view *v, struct surface s)
{
    const struct chart_series series[] = { { say("New year", "开门红"), roi_a },
                                           { say("Card spring", "信用卡新春"), roi_b },
                                           { say("Call again", "外呼唤醒"), roi_c } };
    const char *months[] = { say("Sep", "9月"), NULL, NULL, NULL, say("Oct", "10月"), NULL, NULL, NULL,
                             say("Nov", "11月"), NULL };
    const char *week[] = { "W40", "W41", "W42", "W43", "W44", "W45", "W46", "W47" };
    const struct chart lines = { .series = series, .nseries = 3, .n = 10, .label = months,
                                 .target = 1.0, .target_words = say("plan", "计划") };
    const struct chart_series one = { NULL, weeks };
    int half = s.h / 2;

    (void)v;
    view_pane_title(s, 0, say("ROI of campaigns", "活动 ROI"), NULL, true);
    chart_lines(surface_sub(s, 1, 0, half - 2, s.w), &lines);
    view_pane_title(s, half, say("Amount by week", "按周成交"), NULL, false);
    chart_columns(surface_sub(s, half + 1, 0, -1, s.w),
                  &(struct chart){ .series = &one, .nseries = 1, .n = 8, .label = week, .target = NAN });
}

static void bars_draw(struct view *v, struct surface s)
{
    const struct chart_bar rank[] = {
        { say("Ouyang Na", "欧阳娜"), 612.5, 533, 0, "88%" },
        { say("Zhao Lei", "赵磊"), 598, 495, 0, "92%" },
        { say("Lin Wanqing", "林婉清"), 571.2, 610, ROLE_CHART2, "71%" },
        { say("Gao Xiang", "高翔"), NAN, NAN, 0, NULL }
    };
    const struct chart_bar change[] = { { say("Website", "官网"), 9, NAN, 0, NULL },
                                        { say("SMS", "短信"), -12, NAN, 0, NULL },
                                        { "APP", 14, NAN, 0, NULL } };
    const struct chart_series series[] = { { say("New year", "开门红"), roi_a },
                                           { say("Call again", "外呼唤醒"), roi_c } };
    int y = 1;

    (void)v;
    view_pane_title(s, 0, say("Sales", "成交金额"), NULL, true);
    y += chart_bars(surface_sub(s, y, 0, 5, s.w), rank, 4, NULL) + 1;
    view_pane_title(s, y++, say("Against last month", "较上月"), NULL, false);
    y += chart_bars(surface_sub(s, y, 0, 4, s.w), change, 3, NULL) + 1;
    chart_lines(surface_sub(s, y, 0, -1, s.w),
                &(struct chart){ .series = series, .nseries = 2, .n = 10, .target = NAN, .braille = true });
}

static void part_sets(struct view *v, struct action_list *out)
{
    ACTION_LIST_ADD(out, "part", part_actions, v, NULL);
}

static const struct view_ops charts_ops = { .name = "charts", .title = "Charts", .size = sizeof(struct view),
                                            .draw = charts_draw, .actions = part_sets },
                             bars_ops = { .name = "bars", .title = "Bars", .size = sizeof(struct view),
                                          .draw = bars_draw, .actions = part_sets };

/* --- months ----------------------------------------------------------------------------------- */

struct month_view { struct view view; struct month month; };

static void holidays(void *self, int64_t day, struct month_day *out)
{
    struct civil c = clock_civil(day);

    (void)self;
    if (c.month == 10 && c.day <= 7) {
        out->words = say("of", "休");
        out->ink = ROLE_GOOD;
    } else if (c.month == 11 && c.day % 9 == 0) {
        out->mark = GLYPH_DOT;
    }
}

static enum status month_view_open(struct view *v, const void *arg, struct err *e)
{
    struct month_view *m = (struct month_view *)v;

    (void)arg;
    (void)e;
    month_init(&m->month, clock_now());
    m->month.day = holidays;
    m->month.from = clock_day_add(clock_day(clock_now()), -400);
    return ST_OK;
}

static void month_view_draw(struct view *v, struct surface s)
{
    month_draw(&((struct month_view *)v)->month, surface_sub(s, 1, 2, -1, -2), true);
}

static unsigned month_view_input(struct view *v, const struct input *in)
{
    return month_input(&((struct month_view *)v)->month, in);
}

static const struct view_ops month_ops = {
    .name = "months", .title = "Months", .size = sizeof(struct month_view), .open = month_view_open,
    .draw = month_view_draw, .input = month_view_input, .actions = part_sets
};

/* --- a form with a reference and an area ------------------------------------------------------ */

static const char *const owners[][2] = {
    { "9001", "Shen Ruoxi 沈若溪" }, { "9002", "Zhou Zimo 周子墨" }, { "9003", "Zhao Lei 赵磊" },
    { "9004", "Ouyang Na 欧阳娜" },  { "9005", "Lin Wanqing 林婉清" }, { "9006", "Gao Xiang 高翔" },
    { "9007", "Qian Duoduo 钱多多" }, { "9008", "Chen Siyuan 陈思远" }, { "9009", "Murong Xiao 慕容晓" },
    { "9010", "Situ Jianguo 司徒建国" }, { "9011", "Shi Lei 石磊" }, { "9012", "Fan Xiao 范晓" },
    { "9013", "Song Jia 宋佳" }, { "9014", "Peng Lang 彭朗" }
};

static size_t find_owner(void *self, const char *text, struct form_choice *out, size_t most)
{
    size_t n = 0;

    (void)self;
    for (size_t i = 0; i < sizeof owners / sizeof owners[0] && n < most; i++)
        if (!*text || strcasestr(owners[i][1], text) || !strcmp(owners[i][0], text))
            out[n++] = (struct form_choice){ .value = owners[i][0], .label = owners[i][1] };
    return n;
}

static const struct form_choice products[] = { { "p1", "Steady 90d", 0, 0 }, { "p2", "Consumer loan", 0, 0 },
                                               { "p3", "Platinum card", 0, 0 }, { "p4", "Fund plan", 0, 0 } };
static const struct form_field create_fields[] = {
    { .key = "phone", .label = "Phone", .kind = FORM_TEXT, .narrow = true, .width = 20, .max = 20 },
    { .key = "product", .label = "Product", .kind = FORM_PICK, .choices = products, .nchoices = 4,
      .required = true, .width = 30 },
    { .key = "owner", .label = "Owner", .kind = FORM_PICK, .complete = find_owner, .width = 30,
      .unknown = "nobody of that name here" },
    { .key = "story", .label = "Story", .kind = FORM_AREA, .rows = 4, .max = 500 }
};

static unsigned create_submit(struct ui *ui, struct view *dialog, struct form *form, void *self)
{
    (void)dialog;
    (void)self;
    ui_toast(ui, TOAST_DONE, "%s %s/%s/%s/%s", say("Made", "已建"), form_get(form, "phone"),
             form_get(form, "product"), form_get(form, "owner"), form_get(form, "story"));
    return UI_CLOSE;
}

void sample_part(struct ui *ui, int what)
{
    if (what == 't')
        ui_push(ui, &tree_ops, NULL, NULL);
    else if (what == 'c')
        ui_push(ui, &charts_ops, NULL, NULL);
    else if (what == 'b')
        ui_push(ui, &bars_ops, NULL, NULL);
    else if (what == 'm')
        ui_push(ui, &month_ops, NULL, NULL);
    else
        dialog_form(ui, &(struct form_dialog){ .title = say("New lead", "新建线索"),
                                               .fields = create_fields,
                                               .nfields = 4, .go_label = say("Save", "保存"),
                                               .submit = create_submit });
}
