/* sentence.h - codes to sentences, in the language of the one who reads them. The only place that
 * words errors.
 *
 * A sentence says what happened and what to do. %1 .. %5 stand for the parameters; those that are
 * labels or names of nouns (the table says which) are translated too, data is not. A field of a
 * condition is said by its label and the name to be typed: "编号 (no)".
 */
#ifndef CORE_API_SENTENCE_H
#define CORE_API_SENTENCE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/status.h"

/* The sentence of an error; an unknown code gives "Something went wrong (CODE)". Translated,
 * cleaned, in the arena. */
const char *sentence(struct arena *a, const struct err *e);

/* The same for one who wrote the fields' names himself, on the command line: an error at a field names
 * it so too: "性别 (gender)". */
const char *sentence_typed(struct arena *a, const struct err *e);

/* The same from a code and parameters, for messages and findings. */
const char *sentence_of(struct arena *a, const char *code, const char *const *params, int n);

/* Is there a sentence for the code? Tests ask for every code in the sources. */
bool sentence_known(const char *code);

#endif
