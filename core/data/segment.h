/* segment.h - segments: leads that belong together under a name, by a condition or by a list.
 *
 * A segment shows nobody a lead that he does not see anyway: its members are asked for by the condition
 * "segment = CODE", in the scope of the one who asks. Whoever may assign leads makes segments; who may see
 * and use which, its sharing says (core/noun/kept.h).
 */
#ifndef CORE_DATA_SEGMENT_H
#define CORE_DATA_SEGMENT_H

#include "core/guard/op.h"
#include "core/model/nouns.h"

extern const struct op segment_ops[];

/* By id, at once. By a condition there is no end to them. */
enum { SEGMENT_LEADS_MOST = 500 };

/* segment.add, segment.remove: leads into a static segment and out of it, those named or all that the caller
 * sees of a condition. A job: a condition is carried out a page at a time, each page's leads in steps of a
 * few milliseconds. What is in already, or not in, is no mistake, so a call that died half way is simply made
 * again. */
struct segment_lead { int64_t id; };
struct segment_fill {
    int64_t id;             /* the segment, or */
    const char *code;
    struct list leads;      /* struct segment_lead; or */
    const char *where;
};
struct segment_filled {
    int64_t id;
    int64_t changed;        /* leads that were not in, or that were */
    int64_t refused;        /* of those named: that the caller does not see */
    int64_t members;
};

/* segment.snapshot: a new segment with those that a condition has now, in one statement. */
struct segment_snapshot { const char *code, *name, *where, *sharing; struct ref branch; const char *note; };
struct segment_taken { int64_t id, version, members; };

#endif
