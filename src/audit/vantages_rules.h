/* The rows of rules.c that tell of other vantages: a file of their own for their length. */
#ifndef ROSAUDIT_VANTAGES_RULES_H
#define ROSAUDIT_VANTAGES_RULES_H

/* clang-format off */
#define VANTAGE_RULES \
	{ .info = { \
	.id = "RA721", .title = N_("served from where it should be refused"), \
	.severity = SEVERITY_HIGH, \
	.meaning = N_("From another vantage of the policy the service answered, although its " \
		"address list, or the firewall as it is read, keeps that address out."), \
	.why = N_("The restriction is there and does not hold: whoever relies on it is " \
		"open to networks that were thought to be shut out."), \
	.mend = N_("Make sure that the probe reached this router. Then look for what stands " \
		"before the list: a dst-nat rule, a proxy, a NAT that hides the source."), \
	.source = "RouterOS manual: Services; Filter", \
	  }, \
	  .needs = NEEDS_LINE, .run = rule_vantage_served, \
	}, \
	{ .info = { \
	.id = "RA722", .title = N_("refused from where it should be served"), \
	.severity = SEVERITY_MEDIUM, \
	.meaning = N_("From another vantage of the policy the service refused or did not " \
		"answer, although its address list lets that address in, and the " \
		"firewall as it is read, too."), \
	.why = N_("Those who should reach the service from there do not."), \
	.mend = N_("Look at the way between: another firewall, a NAT that changes the " \
		"source, max-sessions of the service."), \
	.source = "RouterOS manual: Services; Filter", \
	  }, \
	  .needs = NEEDS_LINE, .run = rule_vantage_refused, \
	}, \
	{ .info = { \
	.id = "RA723", .title = N_("restriction not verified from a vantage"), \
	.severity = SEVERITY_INFO, \
	.meaning = N_("The policy asks for a restriction of the service, and from one of its " \
		"vantages it could not be told whether it holds."), \
	.why = N_("What was to be verified was not, and is not taken for true."), \
	.mend = N_("Where a NAT stands between, write the address behind it: from. Else " \
		"audit again."), \
	.source = "RouterOS manual: Services", \
	  }, \
	  .needs = NEEDS_WANT | NEEDS_LINE, .asked = true, .run = rule_vantage_undecided, \
	},
/* clang-format on */

#endif
