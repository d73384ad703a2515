/* The program's own version: --version, reports, the Makefile's package names. */
#ifndef ROSAUDIT_VERSION_H
#define ROSAUDIT_VERSION_H

#define ROSAUDIT_VERSION "0.1.0"

#endif
