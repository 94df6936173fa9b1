/* filteroffer.h - what may come next in a condition, in words: for who builds it by choosing. */
#ifndef VIEWS_FILTEROFFER_H
#define VIEWS_FILTEROFFER_H

#include "views/filterbar.h"

/* What is put into the condition, what it is called (translated), what stands beside it in grey (a code, a
 * sign, a meaning; NULL: nothing), and how many rows have it (-1: not known). */
struct filter_offer { const char *word, *label, *code; int64_t count; };

/* What needs no data, the usual first; in the arena, with room for `more` behind them. */
size_t filter_offers(struct arena *a, const char *text, const struct lang_wish *wish,
                     const struct lang_env *env, size_t more, struct filter_offer **out);

/* Values of the data give those of their word their count; the others follow, as far as there was room for
 * them. Returns how many there are now. */
size_t filter_offer_rows(struct filter_offer *offer, size_t n, const struct filter_item *row, size_t nrows);

/* An example of what may be typed as the value, translated; "" where anything may. */
const char *filter_example(const struct lang_wish *wish);

/* Is the value one of few, so that digits choose and are not typed? */
bool filter_has_choices(const struct lang_wish *wish);

#endif
