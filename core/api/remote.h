/* remote.h - the backend whose data lie at a server, reached over HTTP as core/api/wire.h says.
 *
 * Reads are sent once. Each write carries an Idempotency-Key, the caller's or one made here; when its answer
 * is lost it is sent again with the same key, so that it is done once whatever broke. Jobs run at the server
 * and are asked how far they are; their files go there and come back.
 *
 * Beside what the operation answers: ST_UNREACHABLE "server.unreachable" (name, reason): nothing was sent;
 * "server.lost" (name, reason): a read's answer did not come; "server.unsure" (name, reason): a write's did
 * not, nor after three more tries: it may be done or not; "server.tls" (name, reason); "server.reply" (HTTP
 * status or ""); "server.version" (the server's, ours). A write that was cancelled after it was sent is
 * "server.unsure" with ST_CANCELLED. ST_INVALID "key.shape": a key that is no header.
 */
#ifndef CORE_API_REMOTE_H
#define CORE_API_REMOTE_H

#include "core/api/backend.h"

/* config->server is set. ST_INVALID "server.url", "server.plain" (text); ST_FAILED "library.missing" (file,
 * reason); ST_DENIED "login.password" (login), "server.login": the server wants to know who it is; else what
 * the server answers. */
enum status remote_open(const struct backend_config *config, struct backend **out, struct err *e);

#endif
