/* money.h - amounts: int64 fen (1/100 yuan) everywhere; text only at the edges. */
#ifndef BASE_MONEY_H
#define BASE_MONEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MONEY_TEXT = 32 };

/* Reads yuan: "1234", "-0.5", "1,234.50", "¥12", "3万", "1.5亿", "2万亿元"; blanks around it are
 * skipped. Commas stand between groups of three or nowhere. What is smaller than a fen must be
 * zero: "0.0100" and "1.234567万" are amounts, "0.001" is none. False and nothing written if it is
 * no amount (exponents, inf, hex) or passes int64. */
bool money_parse(const char *s, int64_t *fen);

/* Yuan with two decimals, no grouping: "1234.50". CSV and forms. NONE gives "" here and below. */
void money_text(int64_t fen, char out[MONEY_TEXT]);

/* Grouped, for tables: "1,234.50". */
void money_grouped(int64_t fen, char out[MONEY_TEXT]);

#endif
