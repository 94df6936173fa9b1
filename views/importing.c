/* importing.c - leads from a file: which file, which column fills which field, then the bar and what came
 * of it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"
#include "core/api/sentence.h"
#include "tui/progress.h"
#include "views/desk.h"
#include "views/sheet.h"
#include "views/words.h"

/* What is known about one import, in its deed's arena. */
struct intake {
    const char *file, *columns;         /* headers, as far as one message holds them */
    struct form_field field[5];
    bool tried;                         /* counts are those of a dry run */
    int64_t rows, created, updated, skipped, rejected;
    const char *first;                  /* why the first row would be refused: a sentence */
    struct view *run;                   /* the bar; NULL when it is not there */
};

/* ---- guessing the map --------------------------------------------------------------------------------- */

/* Headers that banks' lists have, in text_key() form, by bars. */
static const struct { const char *field, *headers; } known[] = {
    { "external_id", "external_id|external id|id|编号|客户编号|线索编号|外部编号|mql_id" },
    { "name", "name|customer|full name|客户|客户姓名|客户名称|姓名|名字" },
    { "phone", "phone|mobile|tel|telephone|手机|手机号|手机号码|电话|联系电话" },
    { "email", "email|e-mail|邮箱|电子邮箱" },
    { "id_no", "id number|id_no|身份证|身份证号|证件号码" },
    { "product", "product|产品|产品名称" },
    { "channel", "channel|source|origin|渠道|渠道名|来源" },
    { "tags", "tags|tag|标签" },
    { "branch", "branch|机构|网点|支行" },
    { "owner", "owner|sr_id|工号|客户经理|归属人" },
    { "intent", "intent|意向" },
    { "score", "score|评分" },
    { "region", "region|city|区域|地区|城市" },
    { "source_detail", "source_detail|note|remark|备注|说明" },
    { "created_at", "created_at|created|first_contact_date|创建时间|首次联系|登记时间" },
};

static bool listed(const char *bars, const char *word)
{
    size_t n = strlen(word);
    for (const char *p = bars; *p; p += strcspn(p, "|"), p += *p == '|')
        if (strcspn(p, "|") == n && strncmp(p, word, n) == 0)
            return true;
    return false;
}

static const char *guess(struct arena *a, const char *header)
{
    const char *word = text_key(a, header);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (listed(known[i].headers, word))
            return known[i].field;
    return NULL;
}

static void add_column(struct buf *map, const char *field, const char *header)
{
    buf_addf(map, "%s%s=", map->len ? "," : "", field);
    if (!header[strcspn(header, ",=\"")]) {
        buf_adds(map, header);
        return;
    }
    buf_addc(map, '"');
    for (; *header; header++) {
        if (*header == '"')
            buf_addc(map, '"');
        buf_addc(map, *header);
    }
    buf_addc(map, '"');
}

/* "name=客户姓名,phone=手机" of the headers that say what they are. */
static const char *guess_map(struct arena *a, const char *columns)
{
    struct buf map = BUF_INIT;
    char taken[sizeof known / sizeof *known] = { 0 };
    while (*columns) {
        const char *end = strstr(columns, ", ");
        size_t n = end ? (size_t)(end - columns) : strlen(columns);
        const char *header = arena_strndup(a, columns, n), *field = guess(a, header);
        for (size_t i = 0; field && i < sizeof known / sizeof *known; i++)
            if (known[i].field == field && !taken[i]++)
                add_column(&map, field, header);
        columns += n + (end ? 2 : 0);
    }
    const char *text = arena_strdup(a, map.s);
    buf_release(&map);
    return text;
}

/* ---- the bar ------------------------------------------------------------------------------------------ */

struct run {
    struct view view;
    struct deed *deed;
    struct api_job *job;                /* NULL once it ended */
    struct progress progress;
    bool dry, stopping;
    struct err err;
    int64_t count[5];                   /* rows, created, updated, skipped, rejected */
    char rejects[512];
};

static struct run *run_of(struct view *v)
{
    return (struct run *)(void *)v;
}

static enum status run_open(struct view *v, const void *arg, struct err *e)
{
    (void)e;
    run_of(v)->deed = deed_hold(*(struct deed *const *)arg);
    progress_start(&run_of(v)->progress, N_("rows"));
    return ST_OK;
}

/* Left before the end: the import stops between two steps. */
static void run_close(struct view *v)
{
    struct run *r = run_of(v);
    if (r->job)
        api_stop(r->job);
    ((struct intake *)r->deed->data)->run = NULL;
    deed_drop(r->deed);
}

static void count_line(struct line *l, const char *label, int64_t n, int ink)
{
    char words[WORDS];
    words_count(n, words);
    line_add(l, ROLE_DIM, "%s ", label);
    line_add(l, n ? ink : ROLE_TEXT, "%s", words);
    line_gap(l, 3);
}

static int draw_counts(struct surface s, int y, const int64_t count[5])
{
    struct line l = LINE_INIT;
    count_line(&l, _("Rows"), count[0], ROLE_STRONG);
    count_line(&l, _("Created"), count[1], ROLE_GOOD);
    count_line(&l, _("Updated"), count[2], ROLE_GOOD);
    count_line(&l, _("Skipped"), count[3], ROLE_WARN);
    count_line(&l, _("Rejected"), count[4], ROLE_BAD | INK_BOLD);
    surface_line(s, y, 0, &l, s.w, ALIGN_LEFT);
    line_free(&l);
    return y + 1;
}

static void run_draw(struct view *v, struct surface s)
{
    struct run *r = run_of(v);
    const struct intake *k = r->deed->data;
    struct arena a = ARENA_INIT;
    int y = 0;
    surface_text(s, y, 0, ROLE_DIM, k->file, s.w, ALIGN_LEFT);
    y += 2;
    if (r->err.status) {
        struct line l = LINE_INIT;
        progress_line(&r->progress, &l);
        surface_line(s, y++, 0, &l, s.w, ALIGN_LEFT);
        line_free(&l);
    } else {
        y += progress_draw(&r->progress, s, y);
    }
    y++;
    if (r->job)
        surface_wrap(s, y, ROLE_DIM, r->stopping ? _("Stopping after this step ..")
                     : r->progress.at == 0 ? _("It begins when what others are writing is done.")
                     : _("Others go on working meanwhile."));
    else
        y = draw_counts(s, y, r->count) + 1;
    if (!r->job && r->err.status)
        y += surface_wrap(s, y, ROLE_WARN, sentence(&a, &r->err));
    if (!r->job && r->rejects[0])
        surface_wrap(s, y, ROLE_TEXT, arena_printf(&a,
                                                   _("What was refused, and why, stands in %s; mended, it "
                                                     "can be imported again."),
                                                   r->rejects));
    else if (!r->job && !r->err.status)
        surface_wrap(s, y, ROLE_GOOD, _("Every row was taken."));
    arena_free(&a);
}

static void run_measure(struct view *v, int max_h, int max_w, int *h, int *w)
{
    (void)v;
    *w = max_w < 72 ? max_w : 72;
    *h = max_h < 13 ? max_h : 13;
}

static unsigned do_stop(const struct action_call *call)
{
    struct run *r = call->self;
    r->stopping = true;
    api_stop(r->job);
    return UI_DONE;
}

static unsigned do_close(const struct action_call *call)
{
    struct run *r = call->self;
    struct deed *d = deed_hold(r->deed);
    ui_close(call->ui, &r->view);
    unsigned bits = deed_done(d);
    deed_drop(d);
    return bits | UI_DONE;
}

static const struct action stop_actions[] = {
    { .name = "import.stop", .label = N_("Stop"),
      .help = N_("Stops; what was taken stays, and the file can be taken up again."),
      .group = N_("Data"), .keys = "Esc", .flags = ACTION_FOOTER, .run = do_stop },
};
static const struct action close_actions[] = {
    { .name = "import.close", .label = N_("Close"), .help = N_("Back to the list."), .group = N_("Data"),
      .keys = "Enter Esc q",
      .flags = ACTION_FOOTER, .run = do_close },
};

static void run_actions(struct view *v, struct action_list *out)
{
    if (run_of(v)->job)
        ACTION_LIST_ADD(out, "import", stop_actions, v, NULL);
    else
        ACTION_LIST_ADD(out, "import", close_actions, v, NULL);
}

static bool run_busy(const struct view *v)
{
    return ((const struct run *)(const void *)v)->job;
}

static const struct view_ops run_ops = {
    .name = "import", .title = N_("Import"), .kind = VIEW_DIALOG, .size = sizeof(struct run),
    .open = run_open,
    .close = run_close, .draw = run_draw, .measure = run_measure, .actions = run_actions, .busy = run_busy,
};

static unsigned run_progress(void *self, struct api_job *j)
{
    const struct deed *d = self;
    const struct intake *k = d->data;
    if (k->run)
        progress_set(&run_of(k->run)->progress, job_at(&j->job), job_of(&j->job));
    return UI_REDRAW;
}

/* Nothing of it was taken: the words of the form are at fault, or the file is. */
static unsigned run_refused(struct deed *d, const struct err *e)
{
    struct intake *k = d->data;
    if (k->run) {
        run_of(k->run)->job = NULL;
        ui_close(d->ui, k->run);
    }
    if (d->sheet)
        sheet_refuse(d->sheet, e);
    else
        app_toast(d->ui, e);
    return UI_REDRAW;
}

static const char *const count_fields[5] = { "rows", "created", "updated", "skipped", "rejected" };

static unsigned run_done(void *self, struct api_job *j)
{
    struct deed *d = self;
    struct intake *k = d->data;
    const struct api_step *s = &j->step[0];
    bool any = record_int(s->op->out, s->out, "rows") > 0;
    if (s->err.status && !any)
        return run_refused(d, &s->err) | app_changed(app_of(d->ui));
    for (int i = 0; k->run && i < 5; i++)
        run_of(k->run)->count[i] = record_int(s->op->out, s->out, count_fields[i]);
    if (k->run) {
        struct run *r = run_of(k->run);
        const char *rejects = record_word(s->op->out, s->out, "rejects");
        r->job = NULL;
        r->err = s->err;
        snprintf(r->rejects, sizeof r->rejects, "%s", rejects ? rejects : "");
        if (!s->err.status)             /* a short file ends before its first report */
            progress_set(&r->progress, r->count[0], r->count[0]);
        progress_end(&r->progress);
    } else {
        ui_toast(d->ui, TOAST_DONE, _("Import ended: %lld created."), (long long)record_int(s->op->out,
                s->out, "created"));
    }
    return app_changed(app_of(d->ui)) | UI_REDRAW;
}

/* ---- the form ----------------------------------------------------------------------------------------- */

static struct api_job *import_job(struct deed *d, struct form *form, bool dry, api_done *done)
{
    const struct intake *k = d->data;
    struct api_job *j = deed_job(d, done);
    int step = api_add(j, "lead.import");
    api_set_text(j, step, "file", k->file);
    api_set_text(j, step, "map", form_get(form, "map"));
    api_set_text(j, step, "on_duplicate", form_get(form, "on_duplicate"));
    api_set_int(j, step, "create_missing", *form_get(form, "create_missing") ? 1 : 0);
    api_set_int(j, step, "again", *form_get(form, "again") ? 1 : 0);
    api_set_int(j, step, "dry_run", dry);
    return j;
}

static unsigned take_file(struct deed *d)
{
    struct intake *k = d->data;
    struct api_job *j = import_job(d, sheet_form(d->sheet), false, run_done);
    j->progress = run_progress;
    k->run = ui_push(d->ui, &run_ops, &d, NULL);
    run_of(k->run)->job = j;
    api_post(j, WORK_WRITES);
    return UI_DONE;
}

/* What is there already is written over only on purpose. */
static unsigned submit(struct view *sheet, struct form *form, void *self)
{
    struct deed *d = self;
    (void)sheet;
    if (strcmp(form_get(form, "on_duplicate"), "update") != 0)
        return take_file(d);
    return deed_ask(d, _("Import"), _("Leads that are here already are changed to what the file says."),
                    _("Import"), take_file);
}

/* Where the form has no room for the figures beside it. */
static void say_tried(struct deed *d, const struct intake *k)
{
    ui_toast(d->ui, k->rejected ? TOAST_WARN : TOAST_DONE,
             P_("Dry run of %lld row: %lld created, %lld updated, %lld skipped, %lld rejected.",
                "Dry run of %lld rows: %lld created, %lld updated, %lld skipped, %lld rejected.", k->rows),
             (long long)k->rows, (long long)k->created, (long long)k->updated, (long long)k->skipped,
             (long long)k->rejected);
}

static unsigned try_done(void *self, struct api_job *j)
{
    struct deed *d = self;
    struct intake *k = d->data;
    const char *code = api_text(j, 0, "first_code");
    if (deed_failed(d, j))
        return UI_REDRAW;
    if (d->sheet)
        sheet_wait(d->sheet, false);
    k->tried = true;
    k->rows = api_int(j, 0, "rows");
    k->created = api_int(j, 0, "created");
    k->updated = api_int(j, 0, "updated");
    k->skipped = api_int(j, 0, "skipped");
    k->rejected = api_int(j, 0, "rejected");
    k->first = code ? sentence_of(&d->mem, code, NULL, 0) : NULL;
    if (!d->sheet || !sheet_has_side(d->sheet))
        say_tried(d, k);
    return UI_REDRAW;
}

static unsigned do_try(const struct action_call *call)
{
    struct deed *d = call->self;
    struct form *form = sheet_form(d->sheet);
    if (!form_check(form))
        return UI_DONE;
    api_post(import_job(d, form, true, try_done), WORK_WRITES);
    return UI_DONE;
}

static const struct action form_actions[] = {
    { .name = "import.try", .label = N_("Dry run"),
      .help = N_("Takes the file and gives everything back: what would happen."),
      .group = N_("Data"), .keys = "F5", .flags = ACTION_FOOTER, .run = do_try },
};

static void side(void *self, struct surface s)
{
    const struct deed *d = self;
    const struct intake *k = d->data;
    int y = 0;
    surface_text(s, y++, 0, ROLE_TITLE | INK_BOLD, _("Columns of the file"), s.w, ALIGN_LEFT);
    y += surface_wrap(s, y, ROLE_TEXT, k->columns) + 1;
    surface_text(s, y++, 0, ROLE_TITLE | INK_BOLD, _("Dry run"), s.w, ALIGN_LEFT);
    if (!k->tried) {
        surface_wrap(s, y, ROLE_DIM, _("F5 tries the whole file and changes nothing."));
        return;
    }
    struct { const char *label; int64_t n; int ink; } rows[] = {
        { _("Rows"), k->rows, ROLE_STRONG },     { _("Created"), k->created, ROLE_GOOD }, { _("Updated"),
                k->updated, ROLE_GOOD },
        { _("Skipped"), k->skipped, ROLE_WARN }, { _("Rejected"), k->rejected, ROLE_BAD },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char words[WORDS];
        words_count(rows[i].n, words);
        surface_text(s, y, 0, ROLE_DIM, rows[i].label, 10, ALIGN_LEFT);
        surface_text(s, y++, 10, rows[i].n ? rows[i].ink : ROLE_TEXT, words, 12, ALIGN_RIGHT);
    }
    if (k->rejected && k->first)
        surface_wrap(s, y, ROLE_WARN, k->first);
}

static const struct form_choice duplicates[] = {
    { "skip", N_("skip"), 's', 0 }, { "update", N_("update"), 'u', 0 }, { "error", N_("refuse"), 'r', 0 },
};

static void ready(struct form *form, void *self)
{
    struct deed *d = self;
    const struct intake *k = d->data;
    form_set(form, "map", guess_map(&d->mem, k->columns));
    form_set(form, "on_duplicate", "skip");
    form_set(form, "create_missing", "1");
}

static void open_form(struct deed *d)
{
    static const struct form_field plain[] = {
        { .key = "map", .label = N_("Map"), .kind = FORM_TEXT, .rows = 5, .max = 4000, .required = true,
          .hint = N_("name=COLUMN,phone=COLUMN,attr.KEY=COLUMN") },
        { .key = "on_duplicate", .label = N_("On a duplicate"), .kind = FORM_CHOICE, .choices = duplicates,
          .nchoices = 3,
          .required = true },
        { .key = "create_missing", .label = N_("Missing"), .kind = FORM_FLAG,
          .help = N_("create channels, employees, custom fields") },
        { .key = "again", .label = N_("Again"), .kind = FORM_FLAG,
          .help = N_("also if this file was taken before") },
    };
    struct intake *k = d->data;
    memcpy(k->field, plain, sizeof plain);
    const char *slash = strrchr(k->file, '/');
    d->sheet = sheet_open(d->ui, &(struct sheet_spec){
        .title = arena_printf(&d->mem, "%s   %s", _("Import"), slash ? slash + 1 : k->file),
        .go_label = _("Import"),
        .fields = k->field, .nfields = sizeof plain / sizeof *plain, .cells = 62, .side_cells = 32,
        .side_rows = 18, .ready = ready,
        .submit = submit, .side = side, .more = form_actions, .nmore = 1, .closed = deed_sheet_closed,
        .self = d });
}

/* ---- which file --------------------------------------------------------------------------------------- */

/* No column has this name, so the answer names those that there are. */
#define NO_COLUMN "\"(columns?)\""

static unsigned got_columns(void *self, struct api_job *j)
{
    struct deed *d = self;
    struct intake *k = d->data;
    const struct err *e = api_error(j);
    if (e && strcmp(e->code, "import.unknown_column") != 0)
        return deed_failed(d, j) ? UI_REDRAW : 0;
    if (!d->sheet)
        return 0;                       /* left meanwhile */
    ui_close(d->ui, d->sheet);
    struct deed *next = deed_after(d);  /* the first sheet's closing is still to come */
    next->data = arena_new(&next->mem, struct intake);
    *(struct intake *)next->data = (struct intake){ .file = arena_strdup(&next->mem, k->file),
                                                    .columns = arena_strdup(&next->mem, e ? e->param[1]
                                                            : "") };
    open_form(next);
    return UI_REDRAW;
}

/* "~/list.csv" is meant as in a shell. */
static const char *path_of(struct arena *a, const char *typed)
{
    const char *home = getenv("HOME");
    while (*typed == ' ')
        typed++;
    return typed[0] == '~' && typed[1] == '/' && home ? arena_printf(a, "%s%s", home, typed + 1)
        : arena_strdup(a, typed);
}

static unsigned file_submit(struct view *sheet, struct form *form, void *self)
{
    struct deed *d = self;
    struct intake *k = d->data;
    (void)sheet;
    k->file = path_of(&d->mem, form_get(form, "file"));
    struct api_job *j = deed_job(d, got_columns);
    int step = api_add(j, "lead.import");
    api_set_text(j, step, "file", k->file);
    api_set_text(j, step, "map", "name=" NO_COLUMN);
    api_set_int(j, step, "dry_run", 1);
    api_post(j, WORK_PAGES);
    return UI_DONE;
}

static const struct form_field file_fields[] = {
    { .key = "file", .label = N_("File"), .kind = FORM_TEXT, .required = true, .max = 1000,
      .hint = N_("path of a CSV file") },
    { .key = "about", .kind = FORM_NOTE,
      .label = N_("CSV in UTF-8, UTF-16 or GB18030; comma, semicolon, tab or bar: all found by itself. "
                  "The first row names the"
                  " columns.") },
};

unsigned import_open(const struct action_call *call)
{
    struct deed *d = deed_new(call->self);
    d->data = arena_new(&d->mem, struct intake);
    d->sheet = sheet_open(call->ui, &(struct sheet_spec){
        .title = _("Import leads"), .go_label = _("Continue"), .fields = file_fields, .nfields = 2,
        .cells = 64,
        .submit = file_submit, .closed = deed_sheet_closed, .self = d });
    return UI_DONE;
}
