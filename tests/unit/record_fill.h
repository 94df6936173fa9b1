/* record_fill.h - records of any noun with something in every member, and the question whether two
 * are the same.
 *
 * Values differ from field to field, so that two members that were swapped show. They are those an
 * editor of the text form can hold: times on whole minutes.
 */
#ifndef TESTS_UNIT_RECORD_FILL_H
#define TESTS_UNIT_RECORD_FILL_H

#include "core/model/noun.h"

/* Definitions of custom fields, one a type, in the order text, number, date, choice, flag. */
enum { FILL_DEFS = 5 };
extern const struct attr_def fill_defs[FILL_DEFS];

/* seed 0, 1, 2 ... give different values. */
void fill_record(const struct record *r, int64_t seed, struct arena *a, void *rec);

/* The name of the first member that is not the same, or NULL. codes_only: a reference is its code.
 */
const char *fill_differs(const struct record *r, const void *x, const void *y, bool codes_only);

#endif
