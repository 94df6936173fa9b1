/* labels.h - what the rows that every bank has are called on the screen. */
#ifndef CORE_MODEL_LABELS_H
#define CORE_MODEL_LABELS_H

#include <stdbool.h>

#include "core/model/record.h"

/* The bank's own name of a stage; where it gave none, the msgid of a shipped stage, else the
 * code. Never NULL: "" for an empty reference. To be shown through i18n_text(). */
const char *stage_label(const struct ref *stage);

/* Does the program come with a stage of that code? NULL: no. */
bool stage_shipped(const char *code);

#endif
