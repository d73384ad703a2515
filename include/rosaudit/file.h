/* Whole files in, whole files out: written to a temporary name and renamed. */
#ifndef ROSAUDIT_FILE_H
#define ROSAUDIT_FILE_H

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct error;

/* Reads all of path ("-" is stdin) into out, at most out->max bytes. 0 or -1 with a sentence. */
int file_read(const char *path, struct buf *out, struct error *err);
/* Writes n bytes to path through a temporary file beside it and a rename; a device, a pipe or
 * /dev/stdout is written in place. 0, or -1 with ERROR_OUTPUT and nothing left behind. */
int file_write(const char *path, const char *p, size_t n, struct error *err);
/* Are both names of one regular file, or of the one that either would make? A device or a pipe is
 * not: it takes two texts, one after the other. */
bool file_same(const char *a, const char *b);
/* ~ and ~/… replaced by $HOME. Heap; the caller frees. */
char *file_expand(const char *path);

#endif
