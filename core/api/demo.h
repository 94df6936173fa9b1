/* demo.h - `gonghai demo`: makes a database marked demo and fills it. */
#ifndef CORE_API_DEMO_H
#define CORE_API_DEMO_H

#include "core/api/init.h"
#include "core/data/demo.h"

/* init.demo is set here. On an error nothing is left behind. */
enum status database_demo(const struct init_options *init, const struct demo_options *demo, struct err *e);

#endif
