/* checkpoint.h - brings home what the WAL holds, beside those who write. Private to core/store.
 *
 * A checkpoint inside a commit makes the one who commits wait for thousands of pages, and all who
 * queue behind him. Here a thread of its own, with a connection of its own, does it: little
 * and often, so that no commit waits long for a disk that is busy with it.
 */
#ifndef CORE_STORE_CHECKPOINT_H
#define CORE_STORE_CHECKPOINT_H

struct checkpointer;

/* For the database at `path` (a real path) whose writers queue on `lock_path`. Its thread starts
 * with the first wake; where none can be started, the one who wakes does the work, and tries to
 * start it again the next time. Free with checkpointer_stop(). */
struct checkpointer *checkpointer_new(const char *path, const char *lock_path);

/* Says that the WAL has grown; returns at once where there is a thread. From one thread at a time, as
 * the others below, and never while holding the writers' turn. */
void checkpointer_wake(struct checkpointer *k);

/* Waits until the work at hand is done, if any is. Never call it while holding the writers' turn. */
void checkpointer_wait(struct checkpointer *k);

/* Waits for the work at hand and for what was asked since, ends the thread. One who writes a little
 * and goes (a command beside an open console) would otherwise always go before his thread has begun,
 * and the WAL would grow as long as the console only looks. NULL is fine. */
void checkpointer_stop(struct checkpointer *k);

#endif
