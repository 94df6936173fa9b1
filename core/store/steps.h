/* steps.h - what steps of the schema do besides their SQL. Private to core/store and its tests. */
#ifndef CORE_STORE_STEPS_H
#define CORE_STORE_STEPS_H

#include "core/store/db.h"

/* A step of that number runs `run` at the line of its SQL that begins with "-- code:" (at its end
 * when it has none), in the same transaction. An error takes the whole step back. It works on the
 * schema as it stands there, by SQL of its own: field tables are those of the newest. */
struct schema_code { int number; enum status (*run)(struct db *db, struct err *e); };

/* Those of this program's schema; ends with number 0. */
extern const struct schema_code schema_codes[];

#endif
