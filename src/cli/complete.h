/* Inner header of complete.c and complete_shells.c. */
#ifndef ROSAUDIT_CLI_COMPLETE_H
#define ROSAUDIT_CLI_COMPLETE_H

/* The script of "bash", "zsh" or "fish"; NULL for another word. */
const char *completion_script(const char *shell);

#endif
