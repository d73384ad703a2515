/* The ways in which tests/ssh_peer.c misbehaves, and those that need no SSH at all. */
#ifndef TESTS_SUPPORT_SSH_FAULTS_H
#define TESTS_SUPPORT_SSH_FAULTS_H

#include <stdbool.h>

enum fault {
	FAULT_NONE,
	GREETING_STALL,
	GREETING_CLOSE,
	GREETING_RESET,
	GREETING_DRIP,
	GREETING_HTTP,
	GREETING_FTP,
	GREETING_ENDLESS,
	KEX_STALL,
	KEX_CLOSE,
	KEX_GARBAGE,
	KEX_OLD,
	AUTH_STALL,
	AUTH_CLOSE,
	AUTH_RESET,
	AUTH_DISCONNECT,
	AUTH_DENY,
	AUTH_NONE,
	AUTH_PARTIAL,
	AUTH_QUESTIONS,
	CHANNEL_REFUSE,
	CHANNEL_CLOSE,
	EXEC_REFUSE,
	EXEC_STALL,
	EXEC_CLOSE,
	EXEC_RESET,
	EXEC_EOF_CLOSE,
	EXEC_NO_STATUS,
	EXEC_STATUS_FIRST,
	EXEC_NO_CLOSE,
	EXEC_SIGNAL,
	EXEC_STDERR,
	EXEC_ENDLESS,
	EXEC_DRIP,
	FAULT_COUNT,
};

/* The fault of that name; an unknown one ends the process. */
enum fault ssh_fault_find(const char *name);
/* One line for each: its name and what it does. */
void ssh_fault_print_all(void);

/* Misbehaves on a fresh connection if the fault is one that comes before any SSH, and then ends the
 * process; returns when it is another. */
void ssh_fault_early(enum fault fault, int fd, long drip_ms);
/* Closes with FIN, or with RST, without a word of SSH, and ends the process. */
void ssh_fault_hang_up(int fd, bool reset);
/* Waits for ever. */
void ssh_fault_stall(void);
void ssh_fault_nap(long ms);

#endif
