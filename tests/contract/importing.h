/* importing.h - files into the bank's database by NOUN.import, and what lies in the bank's folder then. */
#ifndef TESTS_CONTRACT_IMPORTING_H
#define TESTS_CONTRACT_IMPORTING_H

#include "tests/contract/bank.h"

/* A file of n leads with numbers of their own, which come in steps: there is a lead already. refused: the row
 * whose number is none; 0: none. Its path. */
const char *many_rows(struct bank *k, const char *name, int n, int refused);

/* Calls KIND.import on a file. more: further members of the input with their comma before them, or "".
 * The reply, or NULL with k->e. */
const char *import_file(struct bank *k, const char *kind, const char *file, const char *more);

/* "rows created updated skipped rejected" of a reply; for NULL the code of the refusal and its first
 * parameter. */
const char *import_counts(struct bank *k, const char *reply);

/* The counts of importing a file: both of the above. */
const char *imported(struct bank *k, const char *kind, const char *file, const char *more);

/* The first 64 KiB of a file; "" when it is not there. In the arena. */
const char *file_text(struct bank *k, const char *path);
bool file_there(const char *path);

/* How many files in the bank's folder have names that begin so. */
int files_beginning(struct bank *k, const char *begin);

#endif
