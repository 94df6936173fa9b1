#include "tests/screens/sample.h"

#include "tests/screens/sampleparts.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/crash.h"
#include "base/i18n.h"
#include "tui/bars.h"
#include "tui/dialog.h"
#include "tui/progress.h"

enum { REMOVED_MAX = 16, RENAMED_MAX = 4 };

/* The sample speaks both languages by itself; the toolkit's own words come from its catalogue. */
static const char *say(const char *en, const char *zh)
    __attribute__((format_arg(1), format_arg(2)));

static const char *say(const char *en, const char *zh)
{
    return strcmp(i18n_lang(), "zh_CN") ? en : zh;
}

/* --- made-up rows ----------------------------------------------------------------------------- */

static const char *const names[] = { "李䶮", "马超", "欧阳慧敏", "司马文清", "何静怡", "陈可", "石磊", "范晓",
                                     "蒋一帆", "宋佳", "彭朗", "方圆", "阿卜杜热合曼·买买提" };
static const char *const products[][2] = { { "Steady 90d", "稳健季季盈" }, { "Consumer loan", "消费贷" },
                                           { "Platinum card", "白金信用卡" }, { "Fund plan", "基金定投" },
                                           { "Large CD", "大额存单" } };
static const char *const sources[][2] = { { "website", "官网" },
                                          { "app", "APP" },
                                          { "WeChat OA", "微信公众号" },
                                          { "SMS", "短信" },
                                          { "walk-in", "到店" } };
static const char *const stages[][2] = {
    { "new", "新线索" }, { "contacted", "已联系" }, { "nurturing", "培育中" }, { "MQL", "MQL" }
};
static const char *const intents[][2] = { { "high", "高" }, { "mid", "中" }, { "low", "低" } };

struct sample {
    int64_t rows;
    int asks;
    int64_t removed[REMOVED_MAX];
    int nremoved;
    struct { int64_t id; char name[120]; } renamed[RENAMED_MAX];
    int nrenamed;
};

struct list_view {
    struct view view;
    struct sample *data;
    struct table table;
    bool desc;
    uint32_t generation;
};

/* the test's one; a product's views get theirs through backends */
static struct sample *the_sample;

static bool is_removed(const struct sample *s, int64_t id)
{
    for (int i = 0; i < s->nremoved; i++)
        if (s->removed[i] == id)
            return true;
    return false;
}

/* --- pages, on a worker ----------------------------------------------------------------------- */

struct page_job {
    struct job job;
    struct list_view *view;
    struct sample data;                 /* a copy: the worker shares nothing */
    enum table_side side;
    int64_t id;
    int count;
    bool desc;
    struct table_page *page;
    bool more_before, more;
};

/* The next id from `id` in a direction that is in the list; 0 when there is none. */
static int64_t next_id(const struct sample *s, int64_t id, int by)
{
    do
        id += by;
    while (id >= 1 && id <= s->rows && is_removed(s, id));
    return id >= 1 && id <= s->rows ? id : 0;
}

static void page_run(struct job *j, void *worker)
{
    struct page_job *p = (struct page_job *)j;
    int forward = p->desc ? -1 : 1;
    int64_t first = p->desc ? p->data.rows + 1 : 0, last = p->desc ? 0 : p->data.rows + 1, from;
    int before = p->side == TABLE_BEFORE || p->side == TABLE_LAST ? p->count
                 : p->side == TABLE_AROUND                        ? p->count / 2
                                                                  : 0;

    (void)worker;
    p->page = calloc(1, sizeof *p->page);
    p->page->row = arena_array(&p->page->mem, struct table_row, (size_t)p->count + 1);
    from = p->side == TABLE_FIRST ? first : p->side == TABLE_LAST ? last : p->id;
    for (int i = 0; i < before; i++) {
        int64_t to = next_id(&p->data, from, -forward);

        if (!to)
            break;
        from = to;
        if (p->side == TABLE_AROUND)
            p->page->anchor++;
    }
    if (p->side != TABLE_FIRST && p->side != TABLE_AFTER)
        from -= forward;                /* rows are listed from this one on */
    while (p->page->n < (size_t)p->count) {
        int64_t id = next_id(&p->data, from, forward);

        if (!id || (p->side == TABLE_BEFORE && id * forward >= p->id * forward))
            break;
        p->page->row[p->page->n++] = (struct table_row){ .id = id, .version = 1 };
        from = id;
    }
    p->more_before = p->page->n > 0 && next_id(&p->data, p->page->row[0].id, -forward);
    p->more = p->page->n > 0 && next_id(&p->data, p->page->row[p->page->n - 1].id, forward);
}

static unsigned page_done(struct job *j)
{
    struct page_job *p = (struct page_job *)j;
    bool more = p->side == TABLE_BEFORE || p->side == TABLE_LAST ? p->more_before : p->more;
    bool changed = table_answer(&p->view->table, j->generation, p->page, p->more_before, more);

    p->page = NULL;
    return changed ? UI_REDRAW : 0;
}

static void page_free(struct job *j)
{
    struct page_job *p = (struct page_job *)j;

    if (p->page) {
        arena_free(&p->page->mem);
        free(p->page);
    }
    free(p);
}

static void list_ask(void *self, struct table *t, const struct table_ask *ask)
{
    struct list_view *v = self;
    struct page_job *p = calloc(1, sizeof *p);

    (void)t;
    v->data->asks++;
    *p = (struct page_job){ .job = { .run = page_run,
                                     .done = page_done,
                                     .free = page_free,
                                     .owner = v,
                                     .generation = ask->generation },
                            .view = v,
                            .data = *v->data,
                            .side = ask->side,
                            .id = ask->edge ? ask->edge->id : ask->id,
                            .count = ask->count,
                            .desc = v->desc };
    work_cancel(ui_work(v->view.ui), v, ask->generation);
    work_post(ui_work(v->view.ui), WORK_PAGES, &p->job);
}

/* --- cells ------------------------------------------------------------------------------------ */

enum { COL_NAME, COL_PRODUCT, COL_SOURCE, COL_INTENT, COL_STAGE, COL_IDLE, COL_LEFT, COL_SCORE };

static const struct table_column columns[] = {
    [COL_NAME] = { .key = "name", .title = "Customer", .min = 10, .max = 14 },
    [COL_PRODUCT] = { .key = "product", .title = "Product", .min = 10, .max = 13, .priority = 2,
    .ink = ROLE_DIM },
    [COL_SOURCE] = { .key = "source", .title = "Source", .min = 10, .max = 12, .priority = 4,
    .ink = ROLE_DIM },
    [COL_INTENT] = { .key = "intent", .title = "Intent", .min = 4, .priority = 3 },
    [COL_STAGE] = { .key = "stage", .title = "Stage", .min = 9, .priority = 1 },
    [COL_IDLE] = { .key = "idle", .title = "Idle", .min = 6, .priority = 5, .align = ALIGN_RIGHT,
    .number = true },
    [COL_LEFT] = { .key = "left", .title = "Left", .min = 10, .align = ALIGN_RIGHT, .number = true,
    .sortable = true },
    [COL_SCORE] = { .key = "score", .title = "Score", .min = 5, .priority = 6,
    .align = ALIGN_RIGHT, .number = true }
};

static const char *pick_word(const char *const words[][2])
{
    return say(words[0][0], words[0][1]);
}

static void left_cell(struct table *t, int64_t id, struct table_cell *out)
{
    if (id == 1) {
        out->words = say("!late 2h 14m", "!超 2时14分");
        out->ink = ROLE_BAD | INK_BOLD;
    } else if (id < 6) {
        out->words = table_text(t, say("%dh %02dm", "%d时%02d分"), (int)id, (int)(id * 11 % 60));
        out->ink = ROLE_WARN | INK_BOLD;
    } else {
        out->words = table_text(t, say("%dh", "%d时"), (int)(id % 1000));
    }
}

static const char *name_of(const struct sample *s, int64_t id)
{
    for (int i = 0; i < s->nrenamed; i++)
        if (s->renamed[i].id == id)
            return s->renamed[i].name;
    return names[(id - 1) % 13];
}

static void list_cell(void *self, struct table *t, const struct table_row *row, int column,
                      struct table_cell *out)
{
    struct list_view *v = self;
    int64_t id = row->id;

    switch (column) {
    case COL_NAME:
        out->words = name_of(v->data, id);
        break;
    case COL_PRODUCT:
        out->words = pick_word(&products[(id - 1) % 5]);
        break;
    case COL_SOURCE:
        out->words = pick_word(&sources[id * 3 % 5]);
        break;
    case COL_INTENT:
        out->words = pick_word(&intents[id * 7 % 3]);
        out->ink = id * 7 % 3 == 0 ? ROLE_GOOD | INK_BOLD : ROLE_TEXT;
        break;
    case COL_STAGE:
        out->words = pick_word(&stages[id * 5 % 4]);
        out->ink = id * 5 % 4 == 0 ? ROLE_ACCENT : ROLE_TEXT;
        break;
    case COL_IDLE:
        out->words = table_text(t, say("%dh", "%d时"), (int)(id * 5 % 48));
        break;
    case COL_LEFT:
        left_cell(t, id, out);
        break;
    default:
        out->words = table_text(t, "%d", (int)(99 - id * 13 % 70));
    }
}

static void list_sort(void *self, struct table *t, int column, bool desc)
{
    (void)column;
    ((struct list_view *)self)->desc = desc;
    table_reset(t);
}

/* Of the last change; the app would keep it in its state file. */
static struct buf the_layout = BUF_INIT;

static void list_laid_out(void *self, struct table *t)
{
    (void)self;
    buf_clear(&the_layout);
    table_layout(t, &the_layout);
}

const char *sample_layout(void)
{
    return the_layout.s;
}

static const struct table_source list_source = { .ask = list_ask,
                                                 .cell = list_cell,
                                                 .sort = list_sort,
                                                 .laid_out = list_laid_out };

/* --- the follow-up form ----------------------------------------------------------------------- */

static const struct form_choice results[] = {
    { "1", "reached", '1', 0 },        { "2", "no answer", '2', 0 }, { "3", "busy", '3', 0 },
    { "4", "rejected", '4', 0 },       { "5", "refuses marketing", '5', ROLE_BAD },
    { "6", "wrong number", '6', 0 },   { "7", "interested", '7', 0 },
    { "8", "not interested", '8', 0 },
    { "9", "appointment", '9', 0 },    { "0", "considering", '0', 0 }
};
static const struct form_choice ways[] = { { "phone", "phone", 'd', 0 },
                                           { "wechat", "WeChat", 'w', 0 },
                                           { "visit", "meeting", 'm', 0 } };

static const char *check_note(void *self, const struct form_field *f, const char *value)
{
    (void)self;
    (void)f;
    return strlen(value) < 2 ? say("a word at least", "至少写两个字") : NULL;
}

static const struct form_field follow_fields[] = {
    { .key = "result", .label = "Result", .kind = FORM_GRID, .required = true, .choices = results,
      .nchoices = 10, .help = "press one digit", .then = "note" },
    { .key = "way", .label = "Way", .kind = FORM_CHOICE, .choices = ways, .nchoices = 3 },
    { .key = "note", .label = "Note", .kind = FORM_TEXT, .rows = 3, .max = 200, .required = true,
      .check = check_note },
    { .key = "next", .label = "Next", .kind = FORM_DATE, .width = 20, .max = 20,
      .help = "+1 +3 +7 days on" },
    { .key = "oral", .label = "Consent", .kind = FORM_FLAG, .help = "given by word of mouth" }
};

static unsigned follow_submit(struct ui *ui, struct view *dialog, struct form *form, void *self)
{
    (void)dialog;
    (void)self;
    ui_toast(ui, TOAST_DONE, "%s %s, %s", say("Recorded: result", "已记录：结果"),
             form_get(form, "result"), form_get(form, "note"));
    return UI_CLOSE;
}

static void follow_ready(struct form *form, void *self)
{
    (void)self;
    form_set(form, "way", "phone");
}

static unsigned do_follow(const struct action_call *call)
{
    char title[100];

    snprintf(title, sizeof title, "%s   %s", say("Follow up", "记录跟进"), call->subject.name);
    dialog_form(call->ui, &(struct form_dialog){ .title = title,
                                                 .fields = follow_fields,
                                                 .nfields = 5,
                                                 .cells = 56,
                                                 .go_label = say("Save", "保存"),
                                                 .submit = follow_submit,
                                                 .ready = follow_ready });
    return UI_DONE;
}

/* --- other actions ---------------------------------------------------------------------------- */

static unsigned undo_claim(struct ui *ui, void *self)
{
    (void)self;
    ui_toast(ui, TOAST_DONE, "%s", say("Given back", "已退回"));
    return UI_REDRAW;
}

static unsigned do_claim(const struct action_call *call)
{
    ui_toast_undo(call->ui, 24, undo_claim, NULL, NULL, say("Claimed %s", "已领取 %s"),
                  call->subject.name);
    return UI_DONE;
}

static unsigned do_return(const struct action_call *call)
{
    sample_remove(call->ui, call->subject.id);
    ui_toast(call->ui, TOAST_DONE, say("Returned %s", "已退回 %s"), call->subject.name);
    return UI_DONE;
}

static unsigned do_open(const struct action_call *call)
{
    dialog_tell(
        call->ui, call->subject.name,
        say("Opened by Enter. The lead is yours for 48 hours by working days; then it goes back to "
            "the pool.",
            "领取后 24 小时(只算工作日)内跟进并记结果；48 小时未跟进退回公海，并通知主管。"),
        "lead.open");
    return UI_DONE;
}

static const char *assign_disabled(const struct action_call *call)
{
    (void)call;
    return say("needs a supervisor", "要 主管");
}

static unsigned do_assign(const struct action_call *call)
{
    (void)call;
    return UI_DONE;
}

static unsigned do_import(const struct action_call *call)
{
    struct err e = { 0 };

    ui_goto(call->ui, "import", NULL, &e);
    return UI_DONE;
}

static unsigned do_part(const struct action_call *call)
{
    sample_part(call->ui, call->action->name[strlen("part.")]);
    return UI_DONE;
}

static unsigned do_columns(const struct action_call *call)
{
    table_columns_dialog(call->ui, call->self);
    return UI_DONE;
}

static const struct action sample_actions[] = {
    { .name = "lead.open", .number = 2011, .label = "Open", .help = "Shows the lead.",
      .group = "Lead", .keys = "Enter", .flags = ACTION_SUBJECT | ACTION_FOOTER, .run = do_open },
    { .name = "lead.claim", .number = 2031, .label = "Claim",
      .help = "Makes the lead yours and starts the clock.",
      .group = "Lead", .keys = "c", .flags = ACTION_SUBJECT | ACTION_WRITE | ACTION_FOOTER,
      .run = do_claim },
    { .name = "lead.follow_up", .number = 2032, .label = "Follow up",
      .help = "Records what was said.", .group = "Lead",
      .keys = "f", .flags = ACTION_SUBJECT | ACTION_WRITE | ACTION_FOOTER, .run = do_follow },
    { .name = "lead.assign", .number = 2034, .label = "Assign",
      .help = "Gives the lead to a colleague.", .group = "Lead",
      .keys = "a", .flags = ACTION_SUBJECT | ACTION_WRITE | ACTION_FOOTER, .run = do_assign,
      .disabled = assign_disabled },
    { .name = "lead.return", .number = 2035, .label = "Return",
      .help = "Gives the lead back to the pool.",
      .confirm = "Give it back to the pool? Your clock stops.", .group = "Lead", .keys = "b y",
      .flags = ACTION_SUBJECT | ACTION_WRITE | ACTION_CONFIRM, .run = do_return },
    { .name = "lead.erase", .number = 2039, .label = "Erase", .help = "Removes the lead for good.",
      .confirm = "This cannot be taken back.", .group = "Lead", .keys = "D",
      .flags = ACTION_SUBJECT | ACTION_WRITE | ACTION_TYPED, .run = do_return },
    { .name = "data.import", .number = 2100, .label = "Import", .help = "Takes leads from a file.",
      .group = "Data", .keys = "I", .run = do_import },
    { .name = "part.tree", .label = "Units", .help = "The bank as a tree.",
      .group = "Data", .keys = "T", .run = do_part },
    { .name = "part.charts", .label = "Charts", .help = "Lines and columns.",
      .group = "Data", .keys = "L", .run = do_part },
    { .name = "part.bars", .label = "Bars", .help = "Bars and dots.",
      .group = "Data", .keys = "B", .run = do_part },
    { .name = "part.months", .label = "Months", .help = "Days to choose.",
      .group = "Data", .keys = "m", .run = do_part },
    { .name = "part.new", .label = "New lead", .help = "A lead by hand.",
      .group = "Lead", .keys = "n", .run = do_part },
    { .name = "list.columns", .label = "Columns", .help = "Which columns, and how wide.",
      .group = "List", .keys = "C", .run = do_columns }
};

/* --- the list screen -------------------------------------------------------------------------- */

static enum status list_open(struct view *view, const void *arg, struct err *e)
{
    struct list_view *v = (struct list_view *)view;

    (void)arg;
    (void)e;
    v->data = the_sample;
    table_init(&v->table, columns, (int)(sizeof columns / sizeof columns[0]), &list_source, v);
    v->table.sort = COL_LEFT;
    table_set_total(&v->table, v->data->rows);
    table_reset(&v->table);
    return ST_OK;
}

static void list_close(struct view *view)
{
    table_free(&((struct list_view *)view)->table);
}

static void list_draw_detail(struct list_view *v, struct surface s)
{
    const struct table_row *row = table_selected(&v->table);
    struct line note = LINE_INIT;
    int y = 1;

    line_add(&note, ROLE_KEY | INK_BOLD, "Enter");
    line_add(&note, ROLE_DIM, " %s", say("full", "全屏"));
    view_pane_title(s, 0, say("Lead", "线索详情"), &note, false);
    line_free(&note);
    if (!row)
        return;
    y += view_fact(s, y, 6, say("Name", "客户"), ROLE_STRONG, name_of(v->data, row->id));
    y += view_fact(s, y, 6, say("Phone", "电话"), ROLE_TEXT, "138****6721");
    y += view_fact(s, y, 6, say("Unit", "机构"), ROLE_TEXT, say("Pudong › Lujiazui", "浦东支行 › 陆家嘴网点"));
    y++;
    surface_wrap(
        surface_sub(s, 0, 2, s.h, -1), y, ROLE_TEXT,
        say("Follow up within 24 hours (working days only) and record the result; after 48 hours "
            "it returns to the pool.",
            "领取后 24 小时(只算工作日)内跟进并记结果；48 小时未跟进退回公海，并通知主管。"));
    y += 5;
    view_pane_title(s, y++, say("By unit", "分到哪里"), NULL, false);
    for (int i = 0; i < 4; i++) {
        surface_text(s, y + i, 0, ROLE_TEXT, say("Outlet", "网点"), 10, ALIGN_LEFT);
        bar_line(s, y + i, 11, 16, 0.9 - 0.22 * i, i ? ROLE_CHART2 : ROLE_CHART1,
                 i == 1 ? 0.5 : -1);
        surface_printf(s, y + i, 29, ROLE_STRONG, "%d", 4120 - 900 * i);
    }
    bar_spark(s, y + 5, 0, (double[]){ 3, 5, 4, 7, 8, 6, 9, 12 }, 8, ROLE_CHART6, ROLE_CHART1);
}

static void list_draw(struct view *view, struct surface s)
{
    struct list_view *v = (struct list_view *)view;
    struct split parts = s.w >= 110 ? view_split(s, 60, 60, 36) : (struct split){ .left = s };

    table_draw(&v->table, parts.left);
    if (v->table.n == 0 && !v->table.loading)
        view_empty(surface_sub(parts.left, 2, 0, -1, -1), 0, say("No lead fits", "没有符合的线索"),
                   say("The condition leaves nothing.", "条件太窄。"),
                   (const char *const[]){ say("All leads", "看全部线索"),
                                          say("Change the condition", "改条件") },
                   2);
    if (parts.right.w > 0)
        list_draw_detail(v, parts.right);
}

static unsigned list_input(struct view *view, const struct input *in)
{
    return table_input(&((struct list_view *)view)->table, in);
}

static void list_sets(struct view *view, struct action_list *out)
{
    struct list_view *v = (struct list_view *)view;

    ACTION_LIST_ADD(out, "leads", sample_actions, &v->table, table_subject);
    table_actions(&v->table, out);
}

static void list_context(struct view *view, int row, struct line *left, struct line *right)
{
    struct list_view *v = (struct list_view *)view;

    if (row == 0) {
        line_add(left, ROLE_TITLE | INK_UNDERLINE, "%s", say("Public pool", "公海"));
        line_add(left, ROLE_TEXT, " 1,284");
        line_gap(left, 3);
        line_add(left, ROLE_DIM, "%s", say("My leads", "我的线索"));
        line_add(left, ROLE_TEXT, " 41");
        return;
    }
    line_add(left, ROLE_DIM, "%s  ", say("Filter", "筛选"));
    line_add(left, ROLE_TEXT, "%s ", say("received within", "接入"));
    line_add(left, ROLE_ACCENT, "%s", say("last 30d", "近30天"));
    line_add(right, ROLE_STRONG, "%lld", (long long)v->table.total);
    line_add(right, ROLE_DIM, " %s", say("leads", "条"));
}

static void list_status(struct view *view, struct line *left, struct line *right)
{
    struct list_view *v = (struct list_view *)view;

    line_add(left, ROLE_DIM, "%s ", say("Claims left", "今日可领"));
    line_add(left, ROLE_TEXT, "7");
    line_gap(left, 3);
    table_status(&v->table, left);
    table_dropped(&v->table, right);
    line_gap(right, 2);
    line_add(right, ROLE_GOOD, "%s", say("live", "实时"));
}

static const struct view_ops list_ops = {
    .name = "list", .title = "Lead pool", .short_title = "Leads", .number = 2010,
    .personal = true,
    .size = sizeof(struct list_view),
    .open = list_open, .close = list_close, .draw = list_draw, .input = list_input,
    .actions = list_sets, .context = list_context, .status = list_status
};

/* --- the progress screen ---------------------------------------------------------------------- */

struct import_view { struct view view; struct progress progress; };

static enum status import_open(struct view *view, const void *arg, struct err *e)
{
    struct import_view *v = (struct import_view *)view;

    (void)arg;
    (void)e;
    progress_start(&v->progress, N_("rows"));
    progress_set(&v->progress, 48210, 48210);
    v->progress.started = 1000;             /* fixed figures: 2.2 s for it */
    v->progress.ended = 3200;
    return ST_OK;
}

static void import_draw(struct view *view, struct surface s)
{
    struct import_view *v = (struct import_view *)view;

    progress_draw(&v->progress, surface_sub(s, 1, 4, -1, s.w - 8), 0);
}

static const struct view_ops import_ops = { .name = "import",
                                            .title = "Import",
                                            .number = 2100,
                                            .size = sizeof(struct import_view),
                                            .open = import_open,
                                            .draw = import_draw };

/* --- for tests -------------------------------------------------------------------------------- */

void sample_register(struct ui *ui, int64_t rows)
{
    static struct sample data;
    struct frame *f = ui_frame(ui);

    data = (struct sample){ .rows = rows };
    buf_release(&the_layout);
    the_sample = &data;
    f->nunits = 3;
    snprintf(f->unit[0], sizeof f->unit[0], "%s", say("East China", "华东分行"));
    snprintf(f->unit[1], sizeof f->unit[1], "%s", say("Pudong", "浦东支行"));
    snprintf(f->unit[2], sizeof f->unit[2], "%s", say("Lujiazui outlet", "陆家嘴网点"));
    snprintf(f->person, sizeof f->person, "%s", say("Shen Ruoxi", "沈若溪"));
    snprintf(f->role, sizeof f->role, "%s", say("relationship manager", "客户经理"));
    snprintf(f->connection, sizeof f->connection, "%s", say("online", "已连接"));
    f->messages = 3;
    ui_register_later(ui, "Home", "Home");
    ui_register(ui, &list_ops);
    ui_register(ui, &import_ops);
    ui_register_later(ui, "Channels", NULL);
    ui_register_later(ui, "Dashboard", "Dash");
}

static struct list_view *find_list(struct ui *ui)
{
    struct view *v = ui_screen(ui);

    return v && v->ops == &list_ops ? (struct list_view *)v : NULL;
}

struct table *sample_table(struct ui *ui)
{
    return &find_list(ui)->table;
}

int sample_asks(struct ui *ui)
{
    return find_list(ui)->data->asks;
}

void sample_rename(struct ui *ui, int64_t id, const char *name)
{
    struct sample *s = find_list(ui)->data;

    s->renamed[s->nrenamed].id = id;
    snprintf(s->renamed[s->nrenamed++].name, sizeof s->renamed[0].name, "%s", name);
    ui_redraw(ui);
}

void sample_remove(struct ui *ui, int64_t id)
{
    struct list_view *v = find_list(ui);

    if (v->data->nremoved < REMOVED_MAX)
        v->data->removed[v->data->nremoved++] = id;
    if (v->table.total > 0)
        table_set_total(&v->table, v->table.total - 1);
    table_reload(&v->table);
}

#ifdef SAMPLE_MAIN
int main(int argc, char **argv)
{
    struct ui_options o = { .theme = getenv("THEME"), .keys = argc > 1 ? argv[1] : NULL };
    struct ui *ui;
    struct err e = { 0 };
    int rc;

    i18n_init(NULL);
    crash_install(NULL, "sample");
    crash_on_restore(term_restore);
    if (ui_start(&ui, &o, &e) != ST_OK) {
        fprintf(stderr, "%s %s %s %s\n", e.code, e.param[0], e.param[1], e.param[2]);
        return 1;
    }
    sample_register(ui, 312);
    ui_goto(ui, "list", NULL, &e);
    rc = ui_run(ui);
    ui_stop(ui);
    return rc;
}
#endif
