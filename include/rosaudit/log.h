/* Diagnostics on stderr for -v; the log level is the program's only mutable global. */
#ifndef ROSAUDIT_LOG_H
#define ROSAUDIT_LOG_H

enum log_level { LOG_LEVEL_QUIET, LOG_LEVEL_NORMAL, LOG_LEVEL_VERBOSE, LOG_LEVEL_DEBUG };

void log_set_level(enum log_level level);
enum log_level log_get_level(void);
/* One line "rosaudit: …" on stderr when level is at most the one set; foreign text is escaped, so
 * %s is safe here. Never give it a secret. Thread-safe. */
void log_line(enum log_level level, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
