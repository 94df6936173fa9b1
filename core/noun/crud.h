/* crud.h - the operations that every noun has: list, count, explain, values, get, create, change.
 *
 * A noun's engine gives hooks for what is its own; the rest (reading, scope, checks, versions,
 * events) is here, once.
 */
#ifndef CORE_NOUN_CRUD_H
#define CORE_NOUN_CRUD_H

#include "core/guard/op.h"
#include "core/model/nouns.h"
#include "core/noun/explain.h"
#include "core/noun/query.h"
#include "core/noun/values.h"

struct crud {
    const struct noun *noun;
    /* Before a row is written: fills what is derived and refuses what is wrong. old is NULL for a
     * new row. NULL allowed. */
    enum status (*before)(struct ctx *c, const void *old, void *rec);
    /* After it was written, in the same transaction. NULL allowed. */
    enum status (*after)(struct ctx *c, const void *old, void *rec);
    /* Of each row that is listed or got: fills what is not stored. Of a list only the columns that were
     * asked for are there. NULL allowed. */
    enum status (*read)(struct ctx *c, void *rec);
};

/* The input of NOUN.get and of operations on one row: by id, or by what people call it. */
struct one { int64_t id; const char *code; };
extern const struct record one_record;

/* What a write answers with: enough to go on. */
struct done { int64_t id, version; };
extern const struct record done_record;

enum status crud_list(struct ctx *c, const struct op *op, const void *in, void *out);
enum status crud_count(struct ctx *c, const struct op *op, const void *in, void *out);
enum status crud_values(struct ctx *c, const struct op *op, const void *in, void *out);
enum status crud_get(struct ctx *c, const struct op *op, const void *in, void *out);
enum status crud_create(struct ctx *c, const struct op *op, const void *in, void *out);
enum status crud_change(struct ctx *c, const struct op *op, const void *in, void *out);

/* Rows of an operation table. P: path; K: struct crud. To read: N is the noun's name, which says the right
 * too; to write: N is that as text, R: right. */
#define CRUD_READ(N, P, K, REC)                                                                    \
    { .name = #N ".list",                                                                          \
      .method = "GET",                                                                             \
      .path = P,                                                                                   \
      .summary = N_("a page of the list"),                                                         \
      .kind = OP_READ,                                                                             \
      .right = (enum right)READING_##N,                                                            \
      .in = &query_record,                                                                         \
      .out = (REC),                                                                                \
      .many = OUT_MANY,                                                                            \
      .arg = (K),                                                                                  \
      .run = crud_list },                                                                          \
        { .name = #N ".count",                                                                     \
          .method = "GET",                                                                         \
          .path = P "/count",                                                                      \
          .summary = N_("how many match"),                                                         \
          .kind = OP_READ,                                                                         \
          .right = (enum right)READING_##N,                                                        \
          .in = &query_record,                                                                     \
          .out = &count_record,                                                                    \
          .many = OUT_ONE,                                                                         \
          .arg = (K),                                                                              \
          .run = crud_count },                                                                     \
        { .name = #N ".explain",                                                                   \
          .method = "GET",                                                                         \
          .path = P "/{id}/explain",                                                               \
          .summary = N_("why a condition holds of one of them, or not"),                           \
          .kind = OP_READ,                                                                         \
          .right = (enum right)READING_##N,                                                        \
          .in = &explain_in_record,                                                                \
          .out = &explained_record,                                                                \
          .many = OUT_ONE,                                                                         \
          .arg = (K),                                                                              \
          .run = crud_explain },                                                                   \
        { .name = #N ".values",                                                                    \
          .method = "GET",                                                                         \
          .path = P "/values",                                                                     \
          .summary = N_("what stands in a field, and how often"),                                  \
          .kind = OP_READ,                                                                         \
          .right = (enum right)READING_##N,                                                        \
          .in = &values_in_record,                                                                 \
          .out = &values_record,                                                                   \
          .many = OUT_ONE,                                                                         \
          .arg = (K),                                                                              \
          .run = crud_values },                                                                    \
    {                                                                                              \
        .name = #N ".get", .method = "GET", .path = P "/{id}", .summary = N_("one of them"),       \
        .kind = OP_READ, .right = (enum right)READING_##N, .in = &one_record, .out = (REC), .many = OUT_ONE,\
        .arg = (K), .run = crud_get                                                                \
    }
#define CRUD_WRITE(N, P, R, K, REC)                                                                \
    { .name = N ".create",                                                                         \
      .method = "POST",                                                                            \
      .path = P,                                                                                   \
      .summary = N_("make a new one"),                                                             \
      .kind = OP_WRITE,                                                                            \
      .right = (R),                                                                                \
      .in = (REC),                                                                                 \
      .out = &done_record,                                                                         \
      .many = OUT_ONE,                                                                             \
      .own_checks = true,                                                                          \
      .arg = (K),                                                                                  \
      .run = crud_create },                                                                        \
    {                                                                                              \
        .name = N ".change", .method = "PATCH", .path = P "/{id}",                                 \
        .summary = N_("change fields of it"), .kind = OP_WRITE, .right = (R), .in = (REC),         \
        .out = &done_record, .many = OUT_ONE, .own_checks = true, .arg = (K), .run = crud_change   \
    }

/* Was the field of this record given? */
bool crud_given(const struct ctx *c, const struct record *r, size_t field, const void *in);

/* Sets id, version 1 and the times of a new row. */
void crud_stamp(struct ctx *c, struct row_head *head);

/* Reads a row by id or code in the caller's scope: out of scope is ST_NOT_FOUND, so that ids can't
 * be probed. */
enum status crud_find(struct ctx *c, const struct noun *noun, int64_t id, const char *code, void *rec);

#endif
