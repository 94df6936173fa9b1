/* env.h - what the program takes from its surroundings, settled before anything else runs. */
#ifndef CLI_ENV_H
#define CLI_ENV_H

/* Keeps a fixed list of variables and GONGHAI_*, removes all others: what libraries would obey
 * (terminfo and locale paths, proxies, editors) is not the caller's to choose. New files are the
 * user's alone, no core is dumped, and other processes of the user can't read this one's memory
 * (not in builds for a debugger). Closed descriptors 0, 1, 2 are opened on /dev/null. Before
 * threads. */
void env_settle(void);

/* Ctrl-C, SIGTERM and SIGHUP set cli_cancel; a second one ends the program as it would have. */
void env_catch_signals(void);

#endif
