/* plain.c - the console of lines. Home, lists, a lead, messages: each is said as text, then a prompt takes a
 * number, a key or a word. It goes by the same operations, labels and keys as the screen. */
#include "cli/plain.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/settings.h"
#include "cli/ask.h"
#include "cli/config.h"
#include "cli/out.h"
#include "core/api/demo.h"
#include "core/api/sentence.h"
#include "core/model/nouns.h"
#include "core/model/record_text.h"
#include "core/noun/query.h"
#include "views/detail.h"
#include "views/home.h"
#include "views/leadcell.h"
#include "views/words.h"

enum { ROWS = 10, MOMENTS = 10 };

/* What a person asked for besides a number: leave this place, go home, end. */
enum way { WAY_ON, WAY_BACK, WAY_HOME, WAY_QUIT };

struct plain { struct cli *c; const struct whoami *who; };

static bool may(const struct plain *p, const char *op)
{
    return p->who->rights & (UINT64_C(1) << op_find(op)->right);
}

/* The ways that hold everywhere; WAY_ON: the answer is something else. */
static enum way way_of(const char *answer)
{
    static const struct { const char *key, *label; enum way way; } ways[] = {
        { "b", N_("Back"), WAY_BACK }, { "h", N_("Home"), WAY_HOME }, { "q", N_("Quit"), WAY_QUIT },
    };
    for (size_t i = 0; answer && i < sizeof ways / sizeof *ways; i++)
        if (ask_is(answer, ways[i].key) || ask_is(answer, i18n_text(ways[i].label)))
            return ways[i].way;
    return answer ? WAY_ON : WAY_QUIT;
}

/* "c Claim, f Follow up": appended to b. */
static void add_key(struct buf *b, const char *key, const char *label)
{
    buf_addf(b, "%s%s %s", b->len ? ", " : "", key, label);
}

static void add_ways(struct buf *b, bool back)
{
    if (back) {
        add_key(b, "b", _("Back"));
        add_key(b, "h", _("Home"));
    }
    add_key(b, "q", _("Quit"));
}

/* A number from 1 to n that is the answer; 0 if it is none. */
static int number_of(const char *answer, int n)
{
    size_t digits = strspn(answer, "0123456789");
    int i = digits && digits < 5 && !answer[digits] ? atoi(answer) : 0;
    return i <= n ? i : 0;
}

static void say_unknown(const char *answer)
{
    out_linef(_("Nothing here is called \"%s\". ? says what there is."), answer);
}

/* ---- a lead ---------------------------------------------------------------------------------- */

/* The deeds of the screen, by their keys and labels there (views/desk.c). */
static const struct deed_row { const char *key, *label, *op, *asks; } deeds[] = {
    { "c", N_("Claim"), "lead.claim", "" },
    { "f", N_("Follow up"), "lead.follow_up", "result,way,note,next_at" },
    { "a", N_("Assign"), "lead.assign", "employee,reason" },
    { "x", N_("Return"), "lead.return", "reason,pool" },
    { "w", N_("Win"), "lead.win", "amount,product,won_at,note" },
    { "l", N_("Lose"), "lead.lose", "reason" },
    { "t", N_("Tags"), "lead.tag", "add,remove" },
    { "e", N_("Phone in clear"), "lead.reveal", "reason" },
    { "u", N_("Undo"), "lead.undo", "" },
};
enum { DEEDS = sizeof deeds / sizeof *deeds };

static bool read_lead(struct plain *p, int64_t id, struct arena *a, const struct lead **out)
{
    const struct op *op = op_find("lead.get");
    struct lead *l = record_new(op->out, a);
    void *in = record_new(op->in, a);
    bool *given = arena_array(a, bool, op->in->nfields);
    enum status st = ST_OK;
    cli_set(p->c, op, in, given, "id", arena_printf(a, "%lld", (long long)id), &st);
    if (!st)
        st = cli_call(p->c, op, in, given, a, l);
    if (st)
        ask_say(p->c);
    *out = l;
    return !st;
}

/* What words_rich() would colour, without its marks. */
static void say_rich(const char *s)
{
    struct buf b = BUF_INIT;
    while (*s) {
        size_t n = strcspn(s, "{}");
        buf_add(&b, s, n);
        s += n;
        if (*s)
            s += *s == '{' && s[1] ? 2 : 1;
    }
    out_line(b.s);
    buf_release(&b);
}

static void say_fact(const char *label, const char *value)
{
    if (value && *value)
        out_linef("%s: %s", label, value);
}

static void say_timeline(struct plain *p, int64_t id, struct arena *a)
{
    const struct op *op = op_find("lead.timeline");
    void *in = record_new(op->in, a);
    bool *given = arena_array(a, bool, op->in->nfields);
    struct page page = { 0 };
    enum status st = ST_OK;
    cli_set(p->c, op, in, given, "id", arena_printf(a, "%lld", (long long)id), &st);
    cli_set(p->c, op, in, given, "limit", arena_printf(a, "%d", MOMENTS), &st);
    if (!st)
        st = cli_call(p->c, op, in, given, a, &page);
    if (st) {
        ask_say(p->c);
        return;
    }
    out_line(_("Timeline"));
    for (size_t i = 0; i < page.rows.n; i++) {
        struct moment_row m;
        char when[WORDS];
        moment_read(op->out, (const char *)page.rows.items + i * op->out->size, &m);
        words_when(m.at, clock_now(), when);
        say_fact(arena_printf(a, "  %s", when),
                 arena_printf(a, "%s%s%s", moment_words(&m, a), m.note ? ": " : "", m.note ? m.note : ""));
    }
}

static void say_lead(struct plain *p, const struct lead *l, struct arena *a)
{
    static const char *const facts[] = { "phone", "email", "gender", "intent", "channel", "region", "owner",
                                         "branch", "tags", "next_follow_up_at", "amount" };
    char left[WORDS];
    int ink;
    int64_t now = clock_now();
    out_text("\n");
    say_fact(arena_printf(a, "L-%lld", (long long)l->no), lead_called(l, a));
    say_fact(_("Product"), product_word(&l->product));
    say_fact(_("Stage"), stage_word(l, &ink));
    words_left(l->left_at, now, left);
    say_fact(_("Time left"), left);
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
        const struct field *f = record_field(&lead_record, facts[i]);
        say_fact(i18n_text(f->label), record_text(f, NULL, l, TEXT_SHOW, a));
    }
    say_rich(lead_rule(l, now, a));
    say_timeline(p, l->head.id, a);
}

static void say_out(const struct op *op, const void *out, struct arena *a)
{
    for (size_t i = 0; i < op->out->nfields; i++)
        say_fact(i18n_text(op->out->fields[i].label),
                 record_text(&op->out->fields[i], NULL, out, TEXT_SHOW, a));
}

/* After the deed: what the screen's toast says. */
static void say_done(struct plain *p, const struct deed_row *d, int64_t id, const char *called,
                     struct arena *a)
{
    const struct lead *l;
    char when[WORDS];
    bool claim = strcmp(d->op, "lead.claim") == 0, talk = strcmp(d->op, "lead.follow_up") == 0;
    if (!(claim || talk) || !read_lead(p, id, a, &l)) {
        out_line(_("Done."));
        return;
    }
    words_when(claim ? l->first_due_at : l->left_at, clock_now(), when);
    if (claim)
        out_linef(_("Claimed %s; first follow-up by %s."), called, when);
    else if (l->left_at == NONE)
        out_linef(_("Recorded for %s."), called);
    else
        out_linef(_("Recorded for %s; the next limit is %s."), called, when);
}

/* Asks what the deed needs, and does it to the lead as it was said. */
static void do_deed(struct plain *p, const struct deed_row *d, const struct lead *l)
{
    const struct op *op = op_find(d->op);
    struct arena a = ARENA_INIT;
    void *in = record_new(op->in, &a), *out = record_new(op->out, &a);
    bool *given = arena_array(&a, bool, op->in->nfields);
    enum status st = ST_OK;
    cli_set(p->c, op, in, given, "id", arena_printf(&a, "%lld", (long long)l->head.id), &st);
    cli_set(p->c, op, in, given, "version", arena_printf(&a, "%lld", (long long)l->head.version), &st);
    st = ask_call(p->c, op, d->asks, in, given, &a, out);
    if (!st && strcmp(d->op, "lead.reveal") == 0)
        say_out(op, out, &a);
    else if (!st)
        say_done(p, d, l->head.id, lead_called(l, &a), &a);
    else if (st == ST_CANCELLED)
        out_line(_("Given up; nothing was changed."));
    arena_free(&a);
}

static void say_deeds(const struct plain *p)
{
    struct buf b = BUF_INIT;
    for (int i = 0; i < DEEDS; i++)
        if (may(p, deeds[i].op))
            add_key(&b, deeds[i].key, i18n_text(deeds[i].label));
    add_ways(&b, true);
    out_line(b.s);
    buf_release(&b);
}

static const struct deed_row *deed_of(const struct plain *p, const char *answer)
{
    for (int i = 0; i < DEEDS; i++)
        if (may(p, deeds[i].op) &&
            (ask_is(answer, deeds[i].key) || ask_is(answer, i18n_text(deeds[i].label))))
            return &deeds[i];
    return NULL;
}

static enum way open_lead(struct plain *p, int64_t id)
{
    enum way way = WAY_ON;
    bool say = true;
    while (way == WAY_ON) {
        struct arena a = ARENA_INIT;
        const struct lead *l;
        if (!read_lead(p, id, &a, &l)) {
            arena_free(&a);
            return WAY_BACK;
        }
        if (say) {
            say_lead(p, l, &a);
            say_deeds(p);
        }
        const char *answer = ask_line(&a, arena_printf(&a, "%s> ", lead_called(l, &a)));
        const struct deed_row *d = answer ? deed_of(p, answer) : NULL;
        way = d ? WAY_ON : way_of(answer);
        say = answer && strcmp(answer, "?") == 0;
        if (d)
            do_deed(p, d, l);
        else if (way == WAY_ON && !say && *answer)
            say_unknown(answer);
        arena_free(&a);
    }
    return way;
}

/* ---- a list ---------------------------------------------------------------------------------- */

struct listing {
    const char *title, *base, *sort;
    char *where;                        /* the person's own condition, or NULL */
    char *cursor;                       /* of the page shown; NULL: the first */
    int64_t back;
    struct arena mem;                   /* of the page */
    struct page page;
};

static struct query query_of(const struct listing *l, struct arena *a)
{
    struct query q;
    record_empty(&query_record, &q);
    q.where = !l->where ? l->base
              : *l->base ? arena_printf(a, "(%s) and %s", l->where, l->base) : l->where;
    q.sort = l->sort;
    q.limit = ROWS;
    q.cursor = l->cursor;
    q.back = l->back;
    return q;
}

static enum status read_page(struct plain *p, struct listing *l)
{
    struct arena mem = ARENA_INIT;
    struct page page = { 0 };
    struct query q = query_of(l, &mem);
    enum status st = cli_call(p->c, op_find("lead.list"), &q, NULL, &mem, &page);
    if (st) {
        arena_free(&mem);
        ask_say(p->c);
        return st;
    }
    arena_free(&l->mem);
    l->mem = mem;
    l->page = page;
    return ST_OK;
}

static void say_count(struct plain *p, struct listing *l)
{
    struct arena a = ARENA_INIT;
    struct query q = query_of(l, &a);
    struct count n;
    char words[WORDS];
    q.cursor = NULL;
    q.back = q.limit = NONE;
    q.sort = NULL;
    if (cli_call(p->c, op_find("lead.count"), &q, NULL, &a, &n))
        ask_say(p->c);
    else {
        words_count(n.count, words);
        out_text("\n");
        out_linef("%s: %s%s%s", i18n_text(l->title), words, l->where ? "; " : "", l->where ? l->where : "");
    }
    arena_free(&a);
}

static void say_row(const struct lead *l, int i, struct arena *a)
{
    char left[WORDS];
    int ink;
    words_left(l->left_at, clock_now(), left);
    out_linef("%d  %s, %s, %s, %s", i, lead_called(l, a), product_word(&l->product), stage_word(l, &ink),
              left);
}

static void say_page(struct listing *l)
{
    const struct lead *rows = l->page.rows.items;
    struct buf b = BUF_INIT;
    for (size_t i = 0; i < l->page.rows.n; i++)
        say_row(&rows[i], (int)i + 1, &l->mem);
    if (!l->page.rows.n)
        out_line(_("The list is empty."));
    else
        buf_addf(&b, "1-%zu %s", l->page.rows.n, _("Open"));
    if (l->page.next)
        add_key(&b, "n", _("Next page"));
    if (l->page.prev)
        add_key(&b, "p", _("Page before"));
    add_key(&b, "/", _("Filter"));
    add_ways(&b, true);
    out_line(b.s);
    buf_release(&b);
}

static void turn_page(struct plain *p, struct listing *l, const char *cursor, bool back)
{
    char *old = l->cursor;
    int64_t old_back = l->back;
    if (!cursor) {
        out_line(back ? _("This is the first page.") : _("This is the last page."));
        return;
    }
    l->cursor = xstrdup(cursor);
    l->back = back;
    if (read_page(p, l) == ST_OK) {
        free(old);
        say_page(l);
    } else {
        free(l->cursor);
        l->cursor = old;
        l->back = old_back;
    }
}

/* Asked alone, so that an error tells the column as it was typed. Says what is wrong. */
static bool is_condition(struct plain *p, const char *text)
{
    struct arena a = ARENA_INIT;
    struct query q;
    struct page page = { 0 };
    record_empty(&query_record, &q);
    q.where = *text ? text : NULL;
    q.limit = 1;
    enum status st = *text ? cli_call(p->c, op_find("lead.list"), &q, NULL, &a, &page) : ST_OK;
    if (st)
        ask_say(p->c);
    arena_free(&a);
    return !st;
}

/* Another condition: the old one stays where the new one is wrong. */
static void filter(struct plain *p, struct listing *l)
{
    struct arena a = ARENA_INIT;
    const char *text = ask_line(&a, arena_printf(&a, "%s ", _("Condition (empty: none):")));
    struct listing next = *l;
    if (text) {
        next.where = *text ? xstrdup(text) : NULL;
        next.cursor = NULL;
        next.back = NONE;
        next.mem = (struct arena)ARENA_INIT;
        if (!is_condition(p, text)) {
            free(next.where);
        } else if (read_page(p, &next) == ST_OK) {
            free(l->where);
            free(l->cursor);
            arena_free(&l->mem);
            *l = next;
            say_count(p, l);
            say_page(l);
        } else {
            free(next.where);
        }
    }
    arena_free(&a);
}

static enum way list_answer(struct plain *p, struct listing *l, const char *answer)
{
    int i = answer ? number_of(answer, (int)l->page.rows.n) : 0;
    if (i) {
        const struct lead *rows = l->page.rows.items;
        enum way way = open_lead(p, rows[i - 1].head.id);
        if (way == WAY_BACK && read_page(p, l) == ST_OK)
            say_page(l);
        return way == WAY_BACK ? WAY_ON : way;
    }
    enum way way = way_of(answer);
    if (way != WAY_ON || !*answer)
        return way;
    if (ask_is(answer, "n"))
        turn_page(p, l, l->page.next, false);
    else if (ask_is(answer, "p"))
        turn_page(p, l, l->page.prev, true);
    else if (ask_is(answer, "/") || ask_is(answer, _("Filter")))
        filter(p, l);
    else if (strcmp(answer, "?") == 0)
        say_page(l);
    else
        say_unknown(answer);
    return WAY_ON;
}

static enum way open_list(struct plain *p, const char *title, const char *base)
{
    struct listing l = { .title = title, .base = base, .sort = "left_at", .back = NONE };
    enum way way = WAY_ON;
    if (read_page(p, &l))
        return WAY_BACK;
    say_count(p, &l);
    say_page(&l);
    while (way == WAY_ON) {
        struct arena a = ARENA_INIT;
        way = list_answer(p, &l, ask_line(&a, arena_printf(&a, "%s> ", i18n_text(title))));
        arena_free(&a);
    }
    free(l.where);
    free(l.cursor);
    arena_free(&l.mem);
    return way;
}

/* ---- messages -------------------------------------------------------------------------------- */

static void say_messages(const struct message *rows, size_t n, struct arena *a)
{
    for (size_t i = 0; i < n; i++) {
        char when[WORDS];
        words_when(rows[i].at, clock_now(), when);
        say_fact(arena_printf(a, "%zu  %s, %s", i + 1, when,
                              rows[i].from.id ? ref_word(&rows[i].from) : _("system")),
                 message_words(&rows[i], a));
    }
    if (!n)
        out_line(_("No unread messages."));
}

static void mark_read(struct plain *p, int64_t id, struct arena *a)
{
    const struct op *op = op_find("message.read");
    void *in = record_new(op->in, a), *out = record_new(op->out, a);
    bool *given = arena_array(a, bool, op->in->nfields);
    enum status st = ST_OK;
    cli_set(p->c, op, in, given, "id", arena_printf(a, "%lld", (long long)id), &st);
    if (!st)
        st = cli_call(p->c, op, in, given, a, out);
    if (st)
        ask_say(p->c);
}

/* A number marks a message as read, and opens the lead that it is about. */
static enum way open_messages(struct plain *p)
{
    enum way way = WAY_ON;
    while (way == WAY_ON) {
        struct arena a = ARENA_INIT;
        struct page page = { 0 };
        struct query q;
        record_empty(&query_record, &q);
        q.where = "read_at is empty";
        q.sort = "-at";
        q.limit = ROWS;
        if (cli_call(p->c, op_find("message.list"), &q, NULL, &a, &page)) {
            ask_say(p->c);
            arena_free(&a);
            return WAY_BACK;
        }
        const struct message *rows = page.rows.items;
        out_text("\n");
        say_messages(rows, page.rows.n, &a);
        const char *answer = ask_line(&a, arena_printf(&a, "%s> ", _("Messages")));
        int i = answer ? number_of(answer, (int)page.rows.n) : 0;
        way = i ? WAY_ON : way_of(answer);
        if (i)
            mark_read(p, rows[i - 1].head.id, &a);
        if (i && rows[i - 1].lead.id)
            way = open_lead(p, rows[i - 1].lead.id);
        way = i && way == WAY_BACK ? WAY_ON : way;
        arena_free(&a);
    }
    return way;
}

/* ---- home ------------------------------------------------------------------------------------ */

/* What home offers: the tiles of the screen, then its lists. where NULL: the messages. */
struct offer { const char *title, *where; bool rows; };

static int offers_of(const struct plain *p, struct offer out[TILES + LEAD_TABS], struct arena *a)
{
    int n = 0;
    bool sees = may(p, "lead.list");
    for (int t = 0; sees && p->who->employee && t < TILE_MESSAGES; t++)
        out[n++] = (struct offer){ tile_titles[t],
                                   arena_printf(a, "%s and open = yes and owner = me", tile_where(t)),
                                   true };
    if (may(p, "message.list") && p->who->employee)
        out[n++] = (struct offer){ tile_titles[TILE_MESSAGES], NULL, false };
    if (!sees)
        return n;
    out[n++] = (struct offer){ N_("Public pool"), "open = yes and pool is set", false };
    if (p->who->employee)
        out[n++] = (struct offer){ N_("My leads"), "open = yes and owner = me", false };
    out[n++] = (struct offer){ N_("All"), "", false };
    return n;
}

/* The count of an offer; NONE when it can't be had, which has been said. */
static int64_t count_of(struct plain *p, const struct offer *o, struct arena *a)
{
    struct query q;
    struct count n;
    record_empty(&query_record, &q);
    q.where = o->where ? o->where : "read_at is empty";
    if (cli_call(p->c, op_find(o->where ? "lead.count" : "message.count"), &q, NULL, a, &n)) {
        ask_say(p->c);
        return NONE;
    }
    return n.count;
}

static void say_first_rows(struct plain *p, const struct offer *o, struct arena *a)
{
    struct query q;
    struct page page = { 0 };
    record_empty(&query_record, &q);
    q.where = o->where;
    q.sort = "left_at";
    q.limit = TILE_ROWS;
    if (cli_call(p->c, op_find("lead.list"), &q, NULL, a, &page))
        ask_say(p->c);
    const struct lead *rows = page.rows.items;
    for (size_t i = 0; i < page.rows.n; i++) {
        char left[WORDS];
        words_left(rows[i].left_at, clock_now(), left);
        say_fact(arena_printf(a, "   %s", lead_called(&rows[i], a)),
                 arena_printf(a, "%s, %s", product_word(&rows[i].product), left));
    }
}

static void say_who(const struct plain *p, struct arena *a)
{
    char when[WORDS];
    const char *place = "";
    for (int i = 0; p->who->branch_path[i]; i++)
        place = p->who->branch_path[i];
    words_when(clock_now(), clock_now(), when);
    say_fact(_("Gonghai"),
             arena_printf(a, "%s, %s%s%s, %s", p->who->name, place, *place ? ", " : "", when,
                          p->who->demo ? _("demo data") : p->who->test ? _("test data") : _("local file")));
}

static void say_home(struct plain *p, const struct offer *o, int n, struct arena *a)
{
    struct buf b = BUF_INIT;
    out_text("\n");
    say_who(p, a);
    for (int i = 0; i < n; i++) {
        char words[WORDS];
        int64_t count = count_of(p, &o[i], a);
        words_count(count, words);
        out_textf("%d  %s: %s\n", i + 1, i18n_text(o[i].title), words);
        if (o[i].rows && count > 0)
            say_first_rows(p, &o[i], a);
    }
    buf_addf(&b, "1-%d %s", n, _("Open"));
    if (may(p, "lead.create"))
        add_key(&b, "n", _("New"));
    add_key(&b, "?", _("Help"));
    add_ways(&b, false);
    out_line(b.s);
    buf_release(&b);
}

static void say_help(void)
{
    out_line(_("Type a number, a key or its word, then Enter. An empty line changes nothing. In questions a "
               "dot gives up, ? lists what there is to choose from. b goes back, h goes home, q leaves."));
}

/* The answers of the form (views/create.c): calls, all ways, refuses; nothing is written for an empty line.
 * False when it was given up. */
static bool ask_consent(const struct op *op, struct lead_new *in, bool *given, struct arena *a)
{
    static const struct ask_word ways[] = {
        { "phone", N_("calls") }, { "all", N_("all ways") }, { "refused", N_("refuses") },
    };
    static const struct ask_word sources[] = {
        { "counter", N_("counter") }, { "call", N_("call") }, { "form", N_("form") },
    };
    const char *said = ask_word(_("Consent"), ways, sizeof ways / sizeof *ways);
    if (!said || !*said)
        return said != NULL;
    const char *source = ask_word(_("Given by"), sources, sizeof sources / sizeof *sources);
    if (!source)
        return false;
    bool refused = strcmp(said, "refused") == 0;
    struct consent_said *row = record_new(&consent_said_record, a);
    row->way = refused ? "all" : said;
    row->state = refused ? "refused" : "granted";
    row->source = *source ? source : NULL;
    in->consent = (struct list){ row, 1 };
    given[record_field(op->in, "consent") - op->in->fields] = true;
    return true;
}

static void create(struct plain *p)
{
    static const char fields[] = "phone,name,product,channel,intent";
    const struct op *op = op_find("lead.create");
    struct arena a = ARENA_INIT;
    void *in = record_new(op->in, &a), *out = record_new(op->out, &a);
    bool *given = arena_array(&a, bool, op->in->nfields);
    enum status st = ST_CANCELLED;
    if (ask_fields(p->c, op, fields, in, given) && ask_consent(op, in, given, &a))
        st = ask_send(p->c, op, fields, in, given, &a, out);
    if (!st)
        open_lead(p, record_int(op->out, out, "id"));
    else if (st == ST_CANCELLED)
        out_line(_("Given up; nothing was changed."));
    arena_free(&a);
}

/* Home, and what is opened from it, until the person leaves. */
static void be_home(struct plain *p)
{
    bool say = true;
    for (enum way way = WAY_ON; way != WAY_QUIT;) {
        struct offer offer[TILES + LEAD_TABS];
        struct arena a = ARENA_INIT;
        int n = offers_of(p, offer, &a);
        if (say)
            say_home(p, offer, n, &a);
        const char *answer = ask_line(&a, arena_printf(&a, "%s> ", _("Home")));
        int i = answer ? number_of(answer, n) : 0;
        say = true;
        way = i ? WAY_ON : way_of(answer);
        if (i && offer[i - 1].where)
            way = open_list(p, offer[i - 1].title, offer[i - 1].where);
        else if (i)
            way = open_messages(p);
        else if (way == WAY_ON && may(p, "lead.create") && (ask_is(answer, "n") || ask_is(answer, _("New"))))
            create(p);
        else if (way == WAY_ON && strcmp(answer, "?") == 0)
            say_help();
        else if (way == WAY_ON && *answer) {
            say = false;
            say_unknown(answer);
        }
        arena_free(&a);
    }
}

/* ---- the first run --------------------------------------------------------------------------- */

static enum status make_database(struct cli *c, const char *url, bool demo)
{
    struct init_options init = { .url = url, .keys_dir = config_get(c, "keys.dir") };
    struct demo_options what = { .leads = DEMO_LEADS, .seed = 1, .uid = (int64_t)getuid() };
    enum status st = url ? ST_OK : settings_make_dir(DIR_DATA, &c->err);
    if (!st)
        st = demo ? database_demo(&init, &what, &c->err) : database_init(&init, &c->err);
    return st;
}

/* The same three ways as views/first.c. *url: the database to open. */
static enum status choose(struct cli *c, const char **url)
{
    const char *own = cli_config(c).url;
    for (;;) {
        out_textf("%s\n1  %s\n2  %s\n3  %s\nq  %s\n",
                  _("There is no data yet. Choose one; it can be changed later."),
                  _("Look at demo data first"), _("Use it on this machine"),
                  _("Open or make a database elsewhere"), _("Quit"));
        const char *answer = ask_line(&c->arena, "> ");
        if (way_of(answer) == WAY_QUIT)
            return ST_CANCELLED;
        int i = number_of(answer, 3);
        if (!i)
            continue;
        *url = own ? own : i == 1 ? settings_path(&c->arena, DIR_DATA, "demo.db") : NULL;
        if (i == 3)
            *url = ask_line(&c->arena, arena_printf(&c->arena, "%s: ", _("Path")));
        if (i == 3 && (!*url || !**url || strcmp(*url, ".") == 0))
            continue;
        if (i == 3 && access(*url, F_OK) == 0)
            return ST_OK;
        enum status st = make_database(c, *url, i == 1);
        if (!st || strcmp(c->err.code, "init.exists") == 0)
            return ST_OK;
        ask_say(c);
    }
}

static bool no_database(const struct cli *c, const struct err *e)
{
    return !cli_config(c).server && (strcmp(e->code, "db.missing") == 0 || strcmp(e->code, "db.empty") == 0);
}

static enum status open_database(struct cli *c)
{
    enum status st = cli_open(c);
    const char *url;
    while (st && no_database(c, &c->err)) {
        err_clear(&c->err);
        st = choose(c, &url);
        if (st)
            return st;
        if (url)
            config_set(c, "database.url", url);
        st = cli_open(c);
    }
    return st;
}

enum status plain_open(struct cli *c)
{
    enum status st = c->backend ? ST_OK : open_database(c);
    if (st == ST_CANCELLED)
        return ST_OK;                   /* it was asked to leave */
    if (st)
        return st;
    signal(SIGINT, SIG_DFL);            /* a prompt waits: Ctrl-C leaves at once */
    struct plain p = { c, c->backend->who(c->backend) };
    be_home(&p);
    return ST_OK;
}
