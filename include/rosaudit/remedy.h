/* From findings to the commands that bring a router to its policy, and back. Pure: nothing here
 * talks to a router, and nothing in rosaudit ever sends these commands. */
#ifndef ROSAUDIT_REMEDY_H
#define ROSAUDIT_REMEDY_H

#include <stdbool.h>
#include <stddef.h>

#include "rosaudit/arena.h"
#include "rosaudit/buf.h"
#include "rosaudit/device.h"
#include "rosaudit/finding.h"
#include "rosaudit/observation.h"
#include "rosaudit/policy.h"

struct remedy_input {
	const struct target *target; /* with its resolved policy */
	const struct device *device;
	const struct observations *observations; /* of the same run: what they prove counts */
	const struct findings *findings;
	const char *made; /* time of the run, RFC 3339 */
};

/* One property. Values stand as in a command, quoted already. */
struct remedy_change {
	const char *property;
	const char *value, *old;   /* old NULL: the router did not say */
	const struct finding *why; /* NULL in the undo, and where a step makes room */
};

enum { REMEDY_CHANGES = 7 }; /* one for each property that /ip service set takes */

/* One command: all changes of one row, or one feature. */
struct remedy_step {
	const struct service *row;
	const struct catalogue_row *feature; /* instead of a row */
	const char *command;                 /* of a feature; NULL in the undo: not known */
	struct remedy_change changes[REMEDY_CHANGES];
	size_t n;
	const struct finding *why; /* of a feature */
	const char *way; /* it cuts the way by which we came; this is the proof of the other one */
	bool makes_room; /* off only for a moment: another service takes its port meanwhile */
};

/* What the policy asks for, and the script does not do. */
struct remedy_left {
	const struct finding *finding;
	const char *reason;
	const char *command; /* that would do it, or NULL */
};

struct remedy {
	struct arena arena;
	struct remedy_step *steps, *undo; /* each in the order in which they are safe */
	size_t steps_n, undo_n;
	struct remedy_left *left;
	size_t left_n;
};

void remedy_init(struct remedy *r);
void remedy_done(struct remedy *r);
/*
 * Decides what is changed. The rules of the house:
 * - what the policy asks for and a command is known for, and what is not waived;
 * - no change of the service by which this run logged in that would shut it (off, another port, VRF
 *   or certificate, an address list without the address under which the router sees us), unless
 *   another management service that the policy asks for was seen serving us in this very run, and
 *   keeps all of that;
 * - of a saved output, where nobody logged in: some enabled management service is left as it is;
 * - what opens comes before what closes, and a port is freed before it is taken.
 * The input must outlive *out, which is initialised by the caller.
 */
void remedy_make(const struct remedy_input *in, struct remedy *out);
/* The script (.rsc), and the one that sets the declared values back. Appends. */
void remedy_script(const struct remedy_input *in, const struct remedy *r, struct buf *out);
void remedy_undo_script(const struct remedy_input *in, const struct remedy *r, struct buf *out);
/* The summary for people: a line for the router, and one for each thing left out. Appends; foreign
 * text is escaped. */
void remedy_summary(const struct remedy_input *in, const struct remedy *r, struct buf *out);

#endif
