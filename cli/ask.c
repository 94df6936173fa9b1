#include "cli/ask.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "base/text.h"
#include "cli/out.h"
#include "core/api/sentence.h"
#include "core/model/record_text.h"
#include "core/noun/query.h"

enum { OFFERS = 30 };

void ask_say(struct cli *c)
{
    out_line(sentence(&c->arena, &c->err));
    err_clear(&c->err);
}

/* ---- lines ----------------------------------------------------------------------------------- */

static char *trim(char *s)
{
    s += strspn(s, " \t\r\n");
    size_t n = strlen(s);
    while (n && strchr(" \t\r\n", s[n - 1]))
        s[--n] = '\0';
    return s;
}

/* Without a line's end: names stand in prompts. False when nobody can read it any more. */
static bool say_prompt(const char *prompt)
{
    struct buf clean = BUF_INIT;
    text_clean(&clean, prompt, strlen(prompt));
    out_text(clean.s);
    buf_release(&clean);
    return fflush(stdout) == 0 && !ferror(stdout);
}

const char *ask_line(struct arena *a, const char *prompt)
{
    char *line = NULL;
    size_t room = 0;
    const char *answer = NULL;
    bool more = true;
    while (more && !answer) {
        more = say_prompt(prompt) && getline(&line, &room, stdin) >= 0;
        if (!isatty(STDIN_FILENO))
            out_text("\n");             /* nobody's Enter ended the line of the prompt */
        char *text = more ? in_utf8(trim(line)) : NULL;
        if (more && !text)
            out_line(sentence_of(a, "cli.utf8", &(const char *){ "?" }, 1));
        answer = arena_strdup(a, text);
        free(text);
    }
    free(line);
    return answer;
}

bool ask_is(const char *answer, const char *word)
{
    struct arena a = ARENA_INIT;
    bool same = strcmp(text_key(&a, answer), text_key(&a, word)) == 0;
    arena_free(&a);
    return same;
}

const char *ask_word(const char *label, const struct ask_word *words, size_t n)
{
    struct arena a = ARENA_INIT;
    const char *prompt = label, *found = NULL;
    for (size_t i = 0; i < n; i++)
        prompt = arena_printf(&a, "%s%s%zu %s", prompt, i ? ", " : " (", i + 1, i18n_text(words[i].label));
    prompt = arena_printf(&a, "%s): ", prompt);
    for (bool again = true; again;) {
        const char *answer = ask_line(&a, prompt);
        again = answer && *answer && strcmp(answer, ".") != 0;
        if (answer && !*answer)
            found = "";
        for (size_t i = 0; again && !found && i < n; i++)
            if (strtoul(answer, NULL, 10) == i + 1 || ask_is(answer, i18n_text(words[i].label)))
                found = words[i].value;
        again = again && !found;
        if (again)
            out_line(_("choose one"));
    }
    arena_free(&a);
    return found;
}

/* ---- fields ---------------------------------------------------------------------------------- */

static const char *prompt_of(struct cli *c, const struct field *f)
{
    const char *s = i18n_text(f->label);
    int i = 0;
    for (const struct choice *ch = f->choices; ch && ch->code; ch++, i++)
        s = arena_printf(&c->arena, "%s%s%d %s", s, i ? ", " : " (", i + 1, i18n_text(ch->label));
    if (i)
        s = arena_printf(&c->arena, "%s)", s);
    else if (f->type == F_REF || f->type == F_REFS)
        s = arena_printf(&c->arena, "%s (%s)", s, _("? lists them"));
    return arena_printf(&c->arena, "%s: ", s);
}

/* A choice by its number; anything else is what it says. */
static const char *choice_of(const struct field *f, const char *answer)
{
    size_t digits = strspn(answer, "0123456789");
    int i = digits && digits < 4 && !answer[digits] ? atoi(answer) : 0;
    for (const struct choice *ch = f->choices; i > 0 && ch && ch->code; ch++)
        if (--i == 0)
            return ch->code;
    return answer;
}

/* Code and name of the rows that a reference may be. */
static void list_refs(struct cli *c, const struct field *f)
{
    const struct op *op = cli_op(f->ref, "list");
    const struct noun *noun = noun_find(f->ref);
    struct arena a = ARENA_INIT;
    struct query *q = record_new(op->in, &a);
    struct page page = { 0 };
    q->limit = OFFERS;
    if (cli_call(c, op, q, NULL, &a, &page)) {
        ask_say(c);
        return;
    }
    const struct field *name = record_field(noun->rec, "name");
    for (size_t i = 0; i < page.rows.n; i++) {
        const char *row = (const char *)page.rows.items + i * op->out->size;
        const char *code = record_text(record_field(noun->rec, noun->code), NULL, row, TEXT_SHOW, &a);
        out_linef("  %s  %s", code, name ? record_text(name, NULL, row, TEXT_SHOW, &a) : "");
    }
    if (page.next)
        out_linef("  %s", _("and more: their codes can be given, too"));
    arena_free(&a);
}

/* One field, until the answer fits. False: given up. */
static bool ask_field(struct cli *c, const struct op *op, const struct field *f, void *in, bool *given)
{
    for (;;) {
        enum status st = ST_OK;
        const char *answer = ask_line(&c->arena, prompt_of(c, f));
        if (!answer || strcmp(answer, ".") == 0)
            return false;
        if (strcmp(answer, "?") == 0 && f->ref) {
            list_refs(c, f);
            continue;
        }
        if (!*answer && !(f->flags & FIELD_REQUIRED))
            return true;
        if (!*answer)
            st = fail(&c->err, ST_INVALID, "field.required", f->label, NULL);
        else
            cli_set(c, op, in, given, f->name, choice_of(f, answer), &st);
        if (!st)
            return true;
        ask_say(c);
    }
}

bool ask_fields(struct cli *c, const struct op *op, const char *fields, void *in, bool *given)
{
    for (const char *s = fields; *s; s += strcspn(s, ","), s += *s == ',') {
        const char *name = arena_strndup(&c->arena, s, strcspn(s, ","));
        if (!ask_field(c, op, record_field(op->in, name), in, given))
            return false;
    }
    return true;
}

/* Is the error about one of the fields that were asked for? */
static const struct field *at_fault(struct cli *c, const struct op *op, const char *fields)
{
    for (const char *s = fields; *s; s += strcspn(s, ","), s += *s == ',')
        if (strlen(c->err.field) == strcspn(s, ",") &&
            strncmp(c->err.field, s, strlen(c->err.field)) == 0)
            return record_field(op->in, c->err.field);
    return NULL;
}

enum status ask_call(struct cli *c, const struct op *op, const char *fields, void *in, bool *given,
                     struct arena *a, void *out)
{
    return ask_fields(c, op, fields, in, given) ? ask_send(c, op, fields, in, given, a, out) : ST_CANCELLED;
}

enum status ask_send(struct cli *c, const struct op *op, const char *fields, void *in, bool *given,
                     struct arena *a, void *out)
{
    for (;;) {
        enum status st = cli_call(c, op, in, given, a, out);
        const struct field *f = st ? at_fault(c, op, fields) : NULL;
        if (!st)
            return ST_OK;
        ask_say(c);
        if (!f)
            return st;
        if (!ask_field(c, op, f, in, given))
            return ST_CANCELLED;
    }
}
