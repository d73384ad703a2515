/* The program's own version: --version, reports, the Makefile's package names. */
#ifndef ROSAUDIT_VERSION_H
#define ROSAUDIT_VERSION_H

#define ROSAUDIT_VERSION "0.1.0"
/* Of this version; the manual pages bear it. */
#define ROSAUDIT_DATE "2026-11-22"

#endif
