/* pages.h - all rows of a list, page after page, in constant memory. */
#ifndef CLI_PAGES_H
#define CLI_PAGES_H

#include "cli/cli.h"
#include "core/noun/query.h"

/* Called for each row; rec lives until it returns. Anything but ST_OK ends it. */
typedef enum status page_row(void *ctx, const void *rec);

/* Calls NOUN.list with `what` (cursor and limit are set here) until the end or `limit` rows; NONE:
 * no limit. */
enum status pages_each(struct cli *c, const struct op *op, const struct query *what, int64_t limit,
                       page_row *each, void *ctx);

#endif
