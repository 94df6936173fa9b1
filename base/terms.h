/* terms.h - a bank's own words, laid over the translations.
 *
 *     [zh_CN]
 *     公海 = 公共池                 ; a word as it is shown, wherever it stands in a sentence
 *     Claim = 认领                  ; or a whole sentence, by its English
 *     [en]
 *     lead = prospect
 *
 * Where several words begin at the same place the longest is taken; what was put in is not looked at again.
 * Latin words are replaced as whole words only, capitals count. Directives (%s, %1) stay as they are. The
 * tables only grow; terms_said() may be called by any thread once loading is over.
 */
#ifndef BASE_TERMS_H
#define BASE_TERMS_H

#include <stdbool.h>

#include "base/status.h"

/* Adds the words of a file; flags are settings_load()'s. A word that comes again replaces the earlier one.
 * ST_INVALID "terms.language" (file, line, section), "terms.empty" (file, line, key), "terms.percent"
 * (file, line, key: its directives are not those of what it replaces), or what base/settings.h says. Nothing
 * is taken on error. */
enum status terms_load(const char *path, unsigned flags, struct err *e);

/* Is there anything at all? */
bool terms_any(void);

/* `said` is msgid in the language. Returns it, or its replacement, which lives for good. */
const char *terms_said(const char *lang, const char *msgid, const char *said);

/* Forgets all words, for tests; what terms_said() has returned stays. */
void terms_clear(void);

#endif
