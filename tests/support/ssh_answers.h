/* What tests/ssh_peer.c answers. */
#ifndef TESTS_SUPPORT_SSH_ANSWERS_H
#define TESTS_SUPPORT_SSH_ANSWERS_H

/* Takes "TEXT=REPLY": commands that hold TEXT get REPLY, with \n, \r and \t made real. A text
 * without "=" ends the process. */
void ssh_answer_add(const char *spec);
/* The reply of the first TEXT that the command holds, or "answer to: COMMAND"; heap. */
char *ssh_answer_to(const char *command);

#endif
