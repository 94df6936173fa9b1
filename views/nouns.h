/* nouns.h - the nouns for screens. The toolkit has a struct event of its own (a key, a click); here the
 * noun's steps aside. */
#ifndef VIEWS_NOUNS_H
#define VIEWS_NOUNS_H

#define event noun_event
#include "core/model/nouns.h"
#undef event

#endif
