/* ask.h - questions and answers, line by line: stdout asks, stdin answers. */
#ifndef CLI_ASK_H
#define CLI_ASK_H

#include "cli/cli.h"

/* The answer to a prompt, cleaned of blanks at its ends, in the arena; NULL when the input is over.
 * What is no text in the terminal's encoding is asked again. */
const char *ask_line(struct arena *a, const char *prompt);

/* Is the answer this word (a key, a label), capitals aside? */
bool ask_is(const char *answer, const char *word);

/* Asks for the fields of an operation's input, by comma, in this order: label, choices by number, `?`
 * lists what a reference may be, an empty line leaves a field out, a dot gives all up. False when it was
 * given up. */
bool ask_fields(struct cli *c, const struct op *op, const char *fields, void *in, bool *given);

/* Asks and calls until it goes well, is given up (ST_CANCELLED), or fails for something that no answer would
 * mend. The sentence of an error has been said. out is in a. */
enum status ask_call(struct cli *c, const struct op *op, const char *fields, void *in, bool *given,
                     struct arena *a, void *out);

/* The same without the first questions: the fields of in are there. */
enum status ask_send(struct cli *c, const struct op *op, const char *fields, void *in, bool *given,
                     struct arena *a, void *out);

/* Asks for one of n words, by its number or as it is shown; NULL given up, "" for an empty line, else the
 * word's value. */
struct ask_word { const char *value, *label; };        /* label: msgid */
const char *ask_word(const char *label, const struct ask_word *words, size_t n);

/* Says the run's error. */
void ask_say(struct cli *c);

#endif
