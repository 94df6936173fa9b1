/* jobs.h - jobs at a server: followed until they end, with the files of this machine that they are about.
 *
 *     PUT  /v1/uploads/leads.csv      201 {"file":"upload:ID"}: what stands in the input for the file
 *     POST /v1/leads/import           202 {"job":"ID"}
 *     GET  /v1/jobs/ID                {"state":"running","done":1,"total":9}; "done" with reply; "failed"
 *                                     with problem, and what was done as reply; both may have
 *                                     "files":{"rejects":"ID"}, {"file":"ID"}
 *     POST /v1/jobs/ID/cancel         it ends after its step, as failed
 *     GET  /v1/files/ID               the bytes
 *
 * Private to remote.c.
 */
#ifndef CORE_API_JOBS_H
#define CORE_API_JOBS_H

#include "core/api/remoting.h"

/* An OP_JOB: its files are sent before, and fetched after. ST_NOT_FOUND "import.no_file", ST_FAILED
 * "import.open", "import.not_file", "export.open", "export.write", as where it runs here. */
enum status jobs_run(struct remote *r, const struct call *call, struct arena *a, void *out, struct err *e);

/* r->answer is a 202: follows the job until it has ended. A cancel is passed on, and what was done until
 * then is in out. */
enum status jobs_follow(struct remote *r, const struct call *call, struct arena *a, void *out, struct err *e);

#endif
