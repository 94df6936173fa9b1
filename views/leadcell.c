#include "views/leadcell.h"

#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "core/model/labels.h"
#include "core/model/record_text.h"
#include "views/words.h"

/* Widths suit the words of a language: stages are short in Chinese, names of sources in English. */
#define COLUMNS(name_min, source_min, stage_min) { \
    [LEAD_NAME] = { .key = "name", .title = N_("Customer"), .min = (name_min), .max = 14, \
                    .sortable = true }, \
    [LEAD_PRODUCT] = { .key = "product", .title = N_("Product"), .min = 10, .max = 16, .priority = 2, \
                       .ink = ROLE_DIM, \
                       .sortable = true }, \
    [LEAD_SOURCE] = { .key = "source", .title = N_("Source"), .min = (source_min), .max = 14, \
                      .priority = 4, .ink = ROLE_DIM, \
                      .sortable = true }, \
    [LEAD_INTENT] = { .key = "intent", .title = N_("Intent"), .min = 4, .priority = 3 }, \
    [LEAD_STAGE] = { .key = "stage", .title = N_("Stage"), .min = (stage_min), .max = 12, .priority = 1, \
                     .sortable = true }, \
    [LEAD_IDLE] = { .key = "idle", .title = N_("Idle"), .min = 4, .priority = 5, .align = ALIGN_RIGHT, \
                    .number = true }, \
    [LEAD_LEFT] = { .key = "left", .title = N_("Time left"), .min = 11, .align = ALIGN_RIGHT, \
                    .number = true, \
                    .sortable = true }, \
    [LEAD_SCORE] = { .key = "score", .title = N_("Score"), .min = 4, .priority = 6, .align = ALIGN_RIGHT, \
                     .number = true, \
                     .sortable = true, .sort_desc = true }, \
    [LEAD_OWNER] = { .key = "owner", .title = N_("Owner"), .min = 8, .max = 12, .priority = 7, \
                     .sortable = true }, \
}

static const struct table_column english[LEAD_COLUMNS] = COLUMNS(8, 8, 9),
    chinese[LEAD_COLUMNS] = COLUMNS(10, 10, 6);

const struct table_column *lead_columns(void)
{
    return strcmp(i18n_lang(), "zh_CN") == 0 ? chinese : english;
}

const char lead_row_fields[] =
    "no,external_id,name,phone,branch,product,channel,stage,owner,pool,open,frozen,intent,score,received_at,"
    "left_at,first_due_at,first_response_at,last_follow_up_at";

const char *lead_sort_field(int column)
{
    static const char *const fields[LEAD_COLUMNS] = {
        [LEAD_NAME] = "name", [LEAD_PRODUCT] = "product", [LEAD_SOURCE] = "channel", [LEAD_STAGE] = "stage",
        [LEAD_LEFT] = "left_at", [LEAD_SCORE] = "score", [LEAD_OWNER] = "owner",
    };
    return column >= 0 && column < LEAD_COLUMNS ? fields[column] : NULL;
}

/* ---- words -------------------------------------------------------------------------------------------- */

const char *ref_word(const struct ref *r)
{
    return r->name ? r->name : r->code ? r->code : "";
}

/* A row that init made and nobody has named since. */
static bool is_shipped(const struct ref *r, const char *code)
{
    return r->code && r->name && strcmp(r->code, code) == 0 && strcmp(r->name, code) == 0;
}

const char *product_word(const struct ref *r)
{
    return is_shipped(r, "none") ? C_("product", "none") : ref_word(r);
}

const char *pool_word(const struct ref *r)
{
    return is_shipped(r, "default") ? C_("pool", "default") : ref_word(r);
}

const char *lead_called(const struct lead *l, struct arena *a)
{
    if (l->name)
        return l->name;
    if (l->phone)
        return l->phone;
    if (l->external_id)
        return l->external_id;
    for (size_t i = 0; i < l->attr.n; i++) {
        const char *words = record_text(NULL, &l->attr.items[i], l, TEXT_SHOW, a);
        if (*words)
            return words;
    }
    return arena_printf(a, _("Lead %lld"), (long long)l->no);
}

static bool stage_is(const struct lead *l, const char *code)
{
    return l->stage.code && strcmp(l->stage.code, code) == 0;
}

const char *stage_word(const struct lead *l, int *ink)
{
    *ink = stage_is(l, "new") ? ROLE_ACCENT : stage_is(l, "won") ? ROLE_GOOD : l->open == 1 ? ROLE_TEXT
        : ROLE_DIM;
    return i18n_text(stage_label(&l->stage));
}

const char *intent_word(const struct lead *l, int *ink)
{
    const struct choice *c = l->intent ? choice_find(intent_choices, l->intent) : NULL;
    *ink = !c ? ROLE_DIM : strcmp(c->code, "high") == 0 ? ROLE_GOOD | INK_BOLD : strcmp(c->code, "low") == 0
        ? ROLE_DIM : ROLE_TEXT;
    return c ? i18n_text(c->label) : l->intent ? l->intent : "-";
}

int64_t lead_idle_since(const struct lead *l)
{
    if (l->last_follow_up_at != NONE && (l->received_at == NONE || l->last_follow_up_at > l->received_at))
        return l->last_follow_up_at;
    return l->received_at;
}

/* ---- cells -------------------------------------------------------------------------------------------- */

/* Hours and minutes both, always: how late somebody is, is not rounded. */
static void left_cell(const struct lead *l, int64_t now, struct table *t, struct table_cell *out)
{
    char words[WORDS];
    out->ink = words_left(l->open == 1 ? l->left_at : NONE, now, words);
    out->words = table_text(t, "%s", words);
    if (l->frozen == 1 && l->open == 1) {
        out->words = _("!stopped");
        out->ink = ROLE_BAD;
    }
}

static void idle_cell(const struct lead *l, int64_t now, struct table *t, struct table_cell *out)
{
    char words[WORDS] = "-";
    int64_t since = lead_idle_since(l);
    if (since != NONE && l->open == 1)
        words_short(now > since ? now - since : 0, words);
    else
        out->ink = ROLE_DIM;
    out->words = table_text(t, "%s", words);
}

void lead_cell(const struct lead *l, const char *called, int column, int64_t now, struct table *t,
               struct table_cell *out)
{
    switch ((enum lead_column)column) {
    case LEAD_NAME:
        out->words = called;
        break;
    case LEAD_PRODUCT:
        out->words = product_word(&l->product);
        break;
    case LEAD_SOURCE:
        out->words = l->channel.id ? ref_word(&l->channel) : "-";
        break;
    case LEAD_INTENT:
        out->words = intent_word(l, &out->ink);
        break;
    case LEAD_STAGE:
        out->words = stage_word(l, &out->ink);
        break;
    case LEAD_IDLE:
        idle_cell(l, now, t, out);
        break;
    case LEAD_LEFT:
        left_cell(l, now, t, out);
        break;
    case LEAD_SCORE:
        out->words = l->score == NONE ? "-" : table_text(t, "%lld", (long long)l->score);
        break;
    default:
        out->words = l->owner.id ? ref_word(&l->owner) : l->pool.id ? pool_word(&l->pool) : "-";
        break;
    }
}
