/* openapi.h - the description of all operations over HTTP, as OpenAPI 3.1 has it: paths, parameters, bodies,
 * replies and an example of each, from the table of operations and the tables of fields. In the language of
 * the caller where people read it. Any thread. */
#ifndef CORE_API_OPENAPI_H
#define CORE_API_OPENAPI_H

#include "base/buf.h"
#include "core/guard/op.h"

/* Appends the document: JSON, one line. */
void openapi_write(struct buf *out);

/* Appends an input of op, as its request's body is: what is required, and a few members more; {} where
 * nothing goes in. The id in the path is not among them. */
void openapi_example(const struct op *op, struct buf *out);

#endif
