/* sentences.h - the table behind sentence.h. Private to core/api and its test. */
#ifndef CORE_API_SENTENCES_H
#define CORE_API_SENTENCES_H

#include <stddef.h>

/* In the text %1 .. %4 stand for the parameters. What stands in [brackets] is left out when a
 * parameter in it is empty or missing; %%, %[ and %] are the signs themselves. */
struct sentence { const char *code, *text; };   /* text is a msgid */

/* In the order of strcmp() by code. */
extern const struct sentence sentences[];
extern const size_t sentences_n;

#endif
