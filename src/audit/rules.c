/* The rules: what each is called and means (for `rosaudit explain`), what it needs, what runs it.
 * Ids are for ever: a rule that goes leaves its number unused. */
#include "audit_private.h"
#include "vantages_rules.h"

#define SERVICES "RouterOS manual: Services"

/* clang-format off */
const struct rule rules[] = {
	{ .info = {
		.id = "RA101", .title = N_("service missing"), .severity = SEVERITY_MEDIUM,
		.meaning = N_("The policy wants this service to run, but the router lists it as "
			"disabled, or its version does not have it."),
		.why = N_("Somebody relies on it: a backup, a monitor, a lab exercise. A service "
		       "that is off by mistake is noticed only when it is needed."),
		.mend = N_("Enable it in /ip service, or correct the policy."),
		.source = SERVICES,
	  },
	  .needs = NEEDS_WANT, .asked = true, .run = rule_missing,
	},
	{ .info = {
		.id = "RA102", .title = N_("service forbidden"), .severity = SEVERITY_HIGH,
		.meaning = N_("The policy wants this service to be disabled, but the router has it "
			"enabled."),
		.why = N_("Each running service is a way in that can be guessed at, overloaded or "
		       "broken. Telnet and FTP also send the password in the clear."),
		.mend = N_("Disable the service in /ip service; a listener of another menu is "
			"turned off there."),
		.source = SERVICES "; Securing your router",
	  },
	  .needs = NEEDS_WANT | NEEDS_LINE, .asked = true, .run = rule_forbidden,
	},
	{ .info = {
		.id = "RA103", .title = N_("port differs from the policy"),
		.severity = SEVERITY_MEDIUM,
		.meaning = N_("The router runs the service on another TCP port than the policy "
			"says."),
		.why = N_("Firewall rules, monitors and people look for the service on the agreed "
		       "port. On another one it is missed, or escapes the rules."),
		.mend = N_("Set the port in /ip service, or correct the policy."),
		.source = SERVICES,
	  },
	  .needs = NEEDS_WANT | NEEDS_LINE, .asked = true, .run = rule_port,
	},
	{ .info = {
		.id = "RA104", .title = N_("allows other addresses than the policy"),
		.severity = SEVERITY_HIGH,
		.meaning = N_("The address list of the service (available-from since 7.24) lets in "
			"clients that the policy does not. An empty list lets in everybody; "
			"0.0.0.0/0 and ::/0 let in a whole address family. It is also told "
			"when the policy says `address: []` and the router restricts."),
		.why = N_("The list is the last lock before the login: whoever it lets in may try "
		       "passwords. Keep it to the networks of the administrators."),
		.mend = N_("Set the address list of the service to prefixes within the policy. Do "
			"it from an address that stays inside, or you lock yourself out."),
		.source = SERVICES,
	  },
	  .needs = NEEDS_WANT | NEEDS_ROW, .asked = true, .run = rule_address,
	},
	{ .info = {
		.id = "RA105", .title = N_("certificate differs from the policy"),
		.severity = SEVERITY_MEDIUM,
		.meaning = N_("A TLS service (www-ssl, api-ssl, reverse-proxy) uses another "
			"certificate than the policy says, or none."),
		.why = N_("Without a certificate only anonymous key exchange is left: nobody can "
		       "tell the router from an impostor, and usual clients refuse."),
		.mend = N_("Set the certificate of the service to one from /certificate."),
		.source = SERVICES "; API",
	  },
	  .needs = NEEDS_WANT | NEEDS_ROW, .asked = true, .run = rule_certificate,
	},
	{ .info = {
		.id = "RA106", .title = N_("tls-version differs from the policy"),
		.severity = SEVERITY_MEDIUM,
		.meaning = N_("The TLS versions that the service takes are not those of the "
			"policy: `any` includes TLS 1.0 and 1.1, `only-1.2` does not."),
		.why = N_("TLS 1.0 and 1.1 are withdrawn: their weaknesses are known."),
		.mend = N_("Set tls-version of the service."),
		.source = SERVICES,
	  },
	  .needs = NEEDS_WANT | NEEDS_ROW, .asked = true, .run = rule_tls_version,
	},
	{ .info = {
		.id = "RA107", .title = N_("VRF differs from the policy"),
		.severity = SEVERITY_MEDIUM,
		.meaning = N_("The service listens in another routing table (VRF) than the policy "
			"says. It listens in exactly one."),
		.why = N_("In the wrong VRF a management service faces the wrong network, and is "
		       "missing where it belongs."),
		.mend = N_("Set vrf of the service (RouterOS 7.1 or later)."),
		.source = SERVICES "; Virtual Routing and Forwarding (VRF)",
	  },
	  .needs = NEEDS_WANT | NEEDS_ROW, .asked = true, .run = rule_vrf,
	},
	{ .info = {
		.id = "RA108", .title = N_("max-sessions differs from the policy"),
		.severity = SEVERITY_LOW,
		.meaning = N_("The service lets in another number of sessions at once than the "
			"policy says; the router's default is 20."),
		.why = N_("A low limit can be used up by strangers who keep connections open; a "
		       "high one leaves more room for guessing passwords."),
		.mend = N_("Set max-sessions of the service (RouterOS 7.16 or later)."),
		.source = SERVICES,
	  },
	  .needs = NEEDS_WANT | NEEDS_ROW, .asked = true, .run = rule_max_sessions,
	},
	{ .info = {
		.id = "RA109", .title = N_("service not in the policy"), .severity = SEVERITY_LOW,
		.meaning = N_("The router has a service enabled, or lists a listening port, that "
			"the policy does not name. How much that weighs is the policy's own "
			"word: `unlisted: warn` is low, `fail` is high, `ignore` is nothing."),
		.why = N_("A policy that does not speak of a service has not decided about it. "
		       "Decide: write it into the policy, or turn it off."),
		.mend = N_("Name the service in the policy, or disable it on the router."),
		.source = SERVICES,
	  },
	  .needs = NEEDS_POLICY | NEEDS_LINE, .run = rule_unlisted,
	},
	{ .info = {
		.id = "RA110", .title = N_("service invalid"), .severity = SEVERITY_MEDIUM,
		.meaning = N_("The service is enabled, but the router flags it with I: it cannot "
			"run as it is configured."),
		.why = N_("It is on in the configuration and off in fact, for instance because its "
		       "certificate is gone or the device-mode does not allow it."),
		.mend = N_("Read the router's own remark with /ip service print, and correct what "
			"it says; or disable the service."),
		.source = SERVICES "; Device-mode",
	  },
	  .needs = NEEDS_ROW, .run = rule_invalid,
	},
	{ .info = {
		.id = "RA111", .title = N_("port not in use"), .severity = SEVERITY_MEDIUM,
		.meaning = N_("The policy requires something to listen on this port, but the "
			"router lists nothing there, or a probe found the port closed."),
		.why = N_("A VPN, a resolver or a monitor that people rely on is not there."),
		.mend = N_("Turn the feature on in its menu, or correct the policy."),
		.source = "RouterOS manual: Services, Protocols and ports",
	  },
	  .needs = NEEDS_WANT, .asked = true, .run = rule_port_missing,
	},
	{ .info = {
		.id = "RA112", .title = N_("port forbidden, but in use"),
		.severity = SEVERITY_HIGH,
		.meaning = N_("The policy forbids this port, but the router lists a listener on "
			"it, or a probe found it open. UDP ports are judged by the "
			"router's own list alone, which RouterOS has from 7.19 on."),
		.why = N_("Something listens where nothing should: whatever it is, nobody counted "
		       "on having to guard it."),
		.mend = N_("Turn the feature off in its menu, or find the dst-nat rule or "
			"container behind the port."),
		.source = "RouterOS manual: Services, Protocols and ports",
	  },
	  .needs = NEEDS_WANT, .asked = true, .run = rule_port_forbidden,
	},
	{ .info = {
		.id = "RA201", .title = N_("enabled but not reachable"),
		.severity = SEVERITY_MEDIUM,
		.meaning = N_("The router has the service enabled, but its port is closed "
			"(medium) or filtered (low) as seen from here. A filtered port is "
			"usually a firewall that does its work; then say `reachable: no` in "
			"the policy. reverse-proxy is left out: it listens only while it has "
			"a rule, and so is a service that the policy wants disabled: RA102 "
			"says that. A service of another VRF is told as info."),
		.why = N_("What is enabled and cannot be reached is of no use here, and one "
		       "firewall rule away from being exposed."),
		.mend = N_("Look for a firewall rule on the way, or disable the service."),
		.source = SERVICES "; Reverse proxy; Virtual Routing and Forwarding (VRF)",
	  },
	  .needs = NEEDS_ROW | NEEDS_SEEN, .run = rule_unreachable,
	},
	{ .info = {
		.id = "RA202", .title = N_("disabled yet open"), .severity = SEVERITY_HIGH,
		.meaning = N_("The router says that the service is disabled, but its port is open, "
			"and no other enabled row of /ip service has that port. It is info "
			"where that other row is reverse-proxy (7.22 or later), which has "
			"443, too, but listens only while it has a rule. Before 7.19 a server "
			"of another menu (SSTP on 443) may hold the port unlisted: then it is "
			"medium, high under `unlisted: fail`, and info where the policy names "
			"that server without forbidding it."),
		.why = N_("Either something else listens there (a VPN server, a forwarded port, a "
		       "container), or the router does not do what it says. Both should be "
		       "understood before the router is trusted."),
		.mend = N_("Find out who answers: see the listeners of /ip service (7.19 or "
			"later), dst-nat rules, and servers such as SSTP with the same port."),
		.source = SERVICES,
	  },
	  .needs = NEEDS_ROW, .run = rule_disabled_open,
	},
	{ .info = {
		.id = "RA203", .title = N_("open but undeclared"), .severity = SEVERITY_HIGH,
		.meaning = N_("A port is open that no row of /ip service has, and which line of "
			"the "
			"configuration opens it is not known, because not every menu was read. "
			"Where an unread menu usually has this port (the bandwidth test server, "
			"DNS, a proxy), it weighs what `unlisted` says; where none does, it is "
			"high. When every menu was read and none opens it, RA801 says so."),
		.why = N_("An open port that nobody declared is one that nobody guards."),
		.mend = N_("Turn the feature off in its menu, or find the dst-nat rule or "
			"container behind the port. Give rosaudit's user the right to read the "
			"menus that were not read."),
		.source = "RouterOS manual: Services, Protocols and ports",
	  },
	  .needs = NEEDS_SEEN, .run = rule_undeclared,
	},
	{ .info = {
		.id = "RA204", .title = N_("restricted yet serving us"), .severity = SEVERITY_HIGH,
		.meaning = N_("The address list of the service does not contain the address under "
			"which the router sees us, and still the service answers us."),
		.why = N_("The lock is set and does not hold. Connections from before a change "
		       "stay, but a new one should have been closed without a word."),
		.mend = N_("Read the list on the router itself; look for NAT that changes source "
			"addresses, and for another service on the same port."),
		.source = SERVICES,
	  },
	  .needs = NEEDS_ROW | NEEDS_SEEN, .run = rule_restricted_serving,
	},
	{ .info = {
		.id = "RA205", .title = N_("allowed yet refused"), .severity = SEVERITY_MEDIUM,
		.meaning = N_("The address list of the service lets us in, but the connection was "
			"accepted and closed without a word, which is how a router turns away "
			"who is not on the list. It is info where the port was closed only "
			"after rosaudit's own first bytes and these may be the reason: what "
			"winbox and the API answer before the login is not documented, and a "
			"TLS service without a certificate takes anonymous TLS only. For HTTP "
			"it stays medium."),
		.why = N_("Someone who should be let in is not: by a full session table, a proxy "
		       "on the way, or a list that changed meanwhile."),
		.mend = N_("Try the service by hand from here, and look at max-sessions and at the "
			"router's log."),
		.source = SERVICES "; REST API",
	  },
	  .needs = NEEDS_ROW | NEEDS_SEEN, .run = rule_allowed_refused,
	},
	{ .info = {
		.id = "RA206", .title = N_("other protocol than declared"),
		.severity = SEVERITY_HIGH,
		.meaning = N_("The port of the service answers in another protocol than that "
			"service speaks (high), or in one that rosaudit does not know "
			"(medium)."),
		.why = N_("Something else has taken the port, perhaps a port forward: whoever logs "
		       "in there gives the password to another machine."),
		.mend = N_("Check dst-nat rules for this port, and the port-map of the policy."),
		.source = SERVICES,
	  },
	  .needs = NEEDS_ROW | NEEDS_SEEN, .run = rule_other_protocol,
	},
	{ .info = {
		.id = "RA207", .title = N_("open, but silent"), .severity = SEVERITY_LOW,
		.meaning = N_("The router has the service enabled and its port is open, but "
			"nothing came: no greeting, and no answer to a right question in "
			"the service's own protocol. winbox is left out: what it answers "
			"before the login is not documented. With `reachable:` in the "
			"policy, that key's own finding speaks instead."),
		.why = N_("Who listens there is not known: a service that hangs, one that is "
		       "overloaded, or something else behind a port forward."),
		.mend = N_("Run the audit again with more time; then try the service by hand, and "
			"look at dst-nat rules for this port."),
		.source = SERVICES,
	  },
	  .needs = NEEDS_ROW | NEEDS_SEEN, .run = rule_silent,
	},
	{ .info = {
		.id = "RA301", .title = N_("expected reachable, is not"),
		.severity = SEVERITY_MEDIUM,
		.meaning = N_("The policy says `reachable: yes`, but from here the port is closed, "
			"filtered, or accepted and closed without a word."),
		.why = N_("The service is missing for those who sit where rosaudit ran."),
		.mend = N_("Enable the service, add this address to its list, or let it through "
			"the firewall. If rosaudit ran in the wrong place, run it elsewhere."),
		.source = SERVICES "; Building Advanced Firewall",
	  },
	  .needs = NEEDS_WANT, .asked = true, .run = rule_expected_reachable,
	},
	{ .info = {
		.id = "RA302", .title = N_("expected unreachable, but is reachable"),
		.severity = SEVERITY_HIGH,
		.meaning = N_("The policy says `reachable: no`, but from here the port answers, or "
			"stays open."),
		.why = N_("The service is exposed to a place from which it should not be seen."),
		.mend = N_("Disable the service, restrict its address list, or drop the port in "
			"the input chain of the firewall."),
		.source = SERVICES "; Building Advanced Firewall",
	  },
	  .needs = NEEDS_WANT, .asked = true, .run = rule_expected_unreachable,
	},
	{ .info = {
		.id = "RA401", .title = N_("could not be judged"), .severity = SEVERITY_MEDIUM,
		.meaning = N_("The policy asks for something of which the router, or the probe, "
			"gave no answer: the listing may be filtered, the version does not "
			"have the property, the port has no result, the version that a `when` "
			"asks for is unknown. The audit is incomplete: exit status 3."),
		.why = N_("What is not known is not fine. A report that passed over it would lie."),
		.mend = N_("Give rosaudit a way to know: log in rather than read a saved file, "
			"scan the port, or drop the key from the policy."),
		.source = SERVICES "; REST API",
	  },
	  .asked = true, .run = rule_undecided, .once = rule_unsure,
	},
	{ .info = {
		.id = "RA402", .title = N_("vantage unknown"), .severity = SEVERITY_INFO,
		.meaning = N_("The service has an address list, but under which address the router "
			"sees us is not known: nobody can say whether the list should let us "
			"in."),
		.why = N_("Behind NAT our own address is not the one that the router compares."),
		.mend = N_("Log in over SSH as the only session of the user, so that /user active "
			"shows the address."),
		.source = SERVICES "; User",
	  },
	  .needs = NEEDS_ROW | NEEDS_SEEN, .run = rule_vantage,
	},
	{ .info = {
		.id = "RA403", .title = N_("port could not be probed"), .severity = SEVERITY_LOW,
		.meaning = N_("The port was to be probed, and there is no result: the audit was "
			"interrupted, its time was up, or this machine failed."),
		.why = N_("An unprobed port is not a closed port."),
		.mend = N_("Run the audit again, with more time or fewer ports."),
		.source = SERVICES,
	  },
	  .run = rule_unprobed, .once = rule_unprobed_rest,
	},
	{ .info = {
		.id = "RA501", .title = N_("SSH and REST disagree"), .severity = SEVERITY_MEDIUM,
		.meaning = N_("The same router said something else over REST than over SSH."),
		.why = N_("Somebody changed it in between, or two different devices answered: a "
		       "port forward may lead elsewhere."),
		.mend = N_("Run the audit again; if it stays, compare the identity of both."),
		.source = SERVICES "; REST API",
	  },
	  .once = rule_transports,
	},
	{ .info = {
		.id = "RA601", .title = N_("waiver expired"), .severity = SEVERITY_LOW,
		.meaning = N_("The policy accepted a finding until a day that has come. From 00:00 "
			"of that day, local time, the finding counts again."),
		.why = N_("A waiver has an end so that somebody decides again. One that nobody "
		       "renews or removes hides nothing, but misleads who reads the policy."),
		.mend = N_("Mend what it waived, or decide again and write a new date and reason."),
		.source = "RouterOS manual: Securing your router (what is left open is a decision)",
	  },
		.of_waivers = true, .once = rule_waiver_expired,
	},
	{ .info = {
		.id = "RA602", .title = N_("waiver matches nothing"), .severity = SEVERITY_LOW,
		.meaning = N_("The policy accepts a finding that there is not: its rule, service, "
			"port or router is misspelt, or the matter was mended."),
		.why = N_("A stale waiver would accept the same finding again on the day it comes "
		       "back, and nobody would look."),
		.mend = N_("Remove the waiver, or correct what it names."),
		.source = "RouterOS manual: Securing your router (what is left open is a decision)",
	  },
		.of_waivers = true, .once = rule_waiver_unused,
	},
	{ .info = {
		.id = "RA701", .title = N_("firewall rule is never "
			"reached"), .severity = SEVERITY_LOW,
		.meaning = N_("A rule above it in the same chain has no condition and ends every "
			"packet's way."),
		.why = N_("What stands below looks like protection, or like a permission, and is "
			"neither."),
		.mend = N_("Remove the rules below, or move them above."),
		.source = "RouterOS manual: Filter",
	  },
	  .once = rule_firewall_flaw,
	},
	{ .info = {
		.id = "RA702", .title = N_("firewall rule never matches"), .severity = SEVERITY_LOW,
		.meaning = N_("Rules above it in the same chain take every packet that it names."),
		.why = N_("It does nothing, and whoever reads the firewall believes that it does."),
		.mend = N_("Remove the rule, or move it above the ones that take its packets."),
		.source = "RouterOS manual: Filter",
	  },
	  .once = rule_firewall_flaw,
	},
	{ .info = {
		.id = "RA703", .title = N_("accepted above the rule that drops "
			"it"), .severity = SEVERITY_HIGH,
		.meaning = N_("A rule drops packets that rules above it accept, all of them."),
		.why = N_("Somebody wanted these packets dropped, and they are let in."),
		.mend = N_("Move the rule that drops above the one that accepts, or narrow the one "
			"that accepts."),
		.source = "RouterOS manual: Filter",
	  },
	  .once = rule_firewall_flaw,
	},
	{ .info = {
		.id = "RA704", .title = N_("firewall rule names a list that is not "
			"there"), .severity = SEVERITY_MEDIUM,
		.meaning = N_("The rule names an address list without entries, which no rule fills "
			"either, or an interface list that does not exist. An empty list "
			"contains no address; with a ! before it the condition always holds."),
		.why = N_("An accept for such a list lets in nobody, a drop stops nobody, and the "
			"negated forms do so to everybody. Mostly the name is misspelt."),
		.mend = N_("Correct the name, or fill the list."),
		.source = "RouterOS manual: Filter; Address lists; Interface lists",
	  },
	  .once = rule_firewall_flaw,
	},
	{ .info = {
		.id = "RA705", .title = N_("firewall jump leads nowhere, or in a "
			"circle"), .severity = SEVERITY_MEDIUM,
		.meaning = N_("The rule jumps to a chain without rules, which changes "
			"nothing, or to "
			"one that the packet is in already."),
		.why = N_("What the chain was to decide is not decided. What a router does in a "
			"circle no document tells."),
		.mend = N_("Correct the jump-target, or remove the jump."),
		.source = "RouterOS manual: Filter",
	  },
	  .once = rule_firewall_flaw,
	},
	{ .info = {
		.id = "RA706", .title = N_("firewall rule is invalid"), .severity = SEVERITY_MEDIUM,
		.meaning = N_("The router marks the rule with I: something that it names is "
			"gone, or "
			"cannot be matched there."),
		.why = N_("An invalid rule does nothing. What it was to drop comes in."),
		.mend = N_("Look at the rule in the console and correct what it names."),
		.source = "RouterOS manual: Filter",
	  },
	  .once = rule_firewall_flaw,
	},
	{ .info = {
		.id = "RA707", .title = N_("open over IPv6, closed over "
			"IPv4"), .severity = SEVERITY_HIGH,
		.meaning = N_("The firewall lets the Internet reach a service over IPv6, and "
			"keeps it "
			"out over IPv4."),
		.why = N_("IPv6 has a firewall of its own, /ipv6 firewall. One who closes IPv4 and "
			"forgets the other has closed nothing."),
		.mend = N_("Give /ipv6 firewall filter the rules that IPv4 has."),
		.source = "RouterOS manual: Filter (IPv6 firewall); Building advanced firewall",
	  },
	  .once = rule_ipv6_open,
	},
	{ .info = {
		.id = "RA708", .title = N_("answers below IP, where no firewall rule "
			"sees it"), .severity = SEVERITY_LOW,
		.meaning = N_("A MAC server answers on an interface that leads outside, or "
			"RoMON is "
			"enabled. Both work with Ethernet frames."),
		.why = N_("Neither the firewall nor the address list of a service keeps anybody on "
			"that wire from the login."),
		.mend = N_("Limit the MAC servers to an interface list of the inside, and turn "
			"RoMON off."),
		.source = "RouterOS manual: MAC server; RoMON; Securing your router",
	  },
	  .once = rule_layer2,
	},
	{ .info = {
		.id = "RA709", .title = N_("firewall not understood in "
			"part"), .severity = SEVERITY_INFO,
		.meaning = N_("A rule has a condition, an action or a value that rosaudit does not "
			"know, a list has a DNS name, or a menu could not be read."),
		.why = N_("What these decide is unknown, and is said so wherever it matters; "
			"nothing is guessed."),
		.mend = N_("Let the login's group read the menus; tell the project of conditions "
			"that it should know."),
		.source = "RouterOS manual: Common firewall matchers and actions",
	  },
	  .once = rule_not_understood,
	},
	{ .info = {
		.id = "RA710", .title = N_("served to whom the policy does not allow"),
		.severity = SEVERITY_HIGH,
		.meaning = N_("By the router's own firewall and services, sources that `exposure` "
			"does not allow are served."),
		.why = N_("No scan from one place shows it: it is written in the firewall who can "
			"reach a login."),
		.mend = N_("Drop the sources in the input chain before the rule that lets them in, "
			"or shorten the address list of the service."),
		.source = "RouterOS manual: Filter; Building your first firewall; Services",
	  },
	  .asked = true, .once = rule_exposed,
	},
	{ .info = {
		.id = "RA711", .title = N_("whom it serves cannot be told"),
		.severity = SEVERITY_MEDIUM,
		.meaning = N_("`exposure` asks who is served, and the firewall was not read, or a "
			"rule decides by something that cannot be known."),
		.why = N_("Unknown is not no: sources that the policy does not allow may be "
			"served."),
		.mend = N_("Let the login's group read the firewall; put a rule without limits or "
			"times in its place; see rosaudit exposure."),
		.source = "RouterOS manual: Common firewall matchers and actions",
	  },
	  .asked = true, .once = rule_exposed_unknown,
	},
	{ .info = {
		.id = "RA712", .title = N_("firewall says otherwise than the "
			"scan"), .severity = SEVERITY_MEDIUM,
		.meaning = N_("The router's firewall and services should treat our address "
			"in one way, "
			"and the scan saw another."),
		.why = N_("Something between us and the router answers or drops in its place, or "
			"the router was changed meanwhile."),
		.mend = N_("Compare the named rule with the way from here to the router; run the "
			"audit again."),
		.source = "RouterOS manual: Filter; Services",
	  },
	  .needs = NEEDS_ROW | NEEDS_SEEN, .run = rule_predicted,
	},
	VANTAGE_RULES
	{ .info = {
		.id = "RA801", .title = N_("open without a cause"), .severity = SEVERITY_CRITICAL,
		.meaning = N_("A port is open, every menu that could open a port was read, and no "
			"line of the configuration opens it: no row of /ip service, no feature, "
			"no dst-nat rule."),
		.why = N_("Something listens that the router does not own up to. That is what "
			"malware on a router looks like. A forward in front of the router, or a "
			"feature that rosaudit does not know, would look the same."),
		.mend = N_("Make sure that the probe reached this router and no other machine. "
			"Then "
			"treat the router as broken into: save its state, reinstall it with "
			"Netinstall, and restore a configuration that you have read."),
		.source = "RouterOS manual: Services, Protocols and ports; Netinstall",
	  },
	  .needs = NEEDS_SEEN, .run = rule_no_cause,
	},
	{ .info = {
		.id = "RA802", .title = N_("a rule leads the port elsewhere"),
		.severity = SEVERITY_MEDIUM,
		.meaning = N_("The port is open, and a rule of /ip firewall nat (dst-nat, netmap, "
			"redirect) leads it away: who answers need not be the router. On a "
			"port of an enabled service it is high when the rule has no matcher "
			"beside the port; on a port that no service has, it weighs what "
			"`unlisted` says. A rule with matchers is not told where the service "
			"itself answered."),
		.why = N_("Whoever logs in there may give the password to another machine; and a "
			"machine behind the router is open to whoever reaches this port."),
		.mend = N_("Disable the rule, or name the port in the policy if it is meant."),
		.source = "RouterOS manual: NAT",
	  },
	  .needs = NEEDS_SEEN, .run = rule_forward,
	},
	{ .info = {
		.id = "RA803", .title = N_("the router's list of listeners and its menus disagree"),
		.severity = SEVERITY_MEDIUM,
		.meaning = N_("From 7.19 on the router lists every port on which it listens. It "
			"lists one whose menu says that it is off or on another port (medium), "
			"or that no menu tells of (low; not `loader`, which the manual's example "
			"shows and nothing explains); or a menu turns something on that the list "
			"does not have (low)."),
		.why = N_("One of the two is wrong, or something was changed between the two "
			"readings. What listens without a line in the configuration survives every "
			"review of the configuration."),
		.mend = N_("Read both again. Turn the feature on and off once; if the listener "
			"stays, "
			"ask MikroTik what it is."),
		.source = "RouterOS manual: Services; changelog of RouterOS 7.19",
	  },
	  .run = rule_own_list,
	},
	{ .info = {
		.id = "RA804", .title = N_("in use from outside of the policy's addresses"),
		.severity = SEVERITY_HIGH,
		.meaning = N_("A client is connected to the service now (a connection in /ip "
			"service, "
			"7.19 or later, or a session in /user active), whose address the policy "
			"does not allow. rosaudit's own session is left out; it is info where "
			"that cannot be told apart."),
		.why = N_("A changed address list applies to new connections only: who is in stays "
			"in. And somebody has just shown that the service can be reached from "
			"there."),
		.mend = N_("Find out who it is. Restrict the service, then end the session in "
			"/user "
			"active."),
		.source = "RouterOS manual: Services; User",
	  },
	  .needs = NEEDS_WANT | NEEDS_ROW, .asked = true, .run = rule_session,
	},
};
/* clang-format on */

const size_t rules_n = sizeof(rules) / sizeof(rules[0]);

#define INFO(i) &rules[i].info

const struct rule_info *const audit_rules[] = {
	INFO(0),  INFO(1),  INFO(2),  INFO(3),  INFO(4),  INFO(5),  INFO(6),  INFO(7),  INFO(8),
	INFO(9),  INFO(10), INFO(11), INFO(12), INFO(13), INFO(14), INFO(15), INFO(16), INFO(17),
	INFO(18), INFO(19), INFO(20), INFO(21), INFO(22), INFO(23), INFO(24), INFO(25), INFO(26),
	INFO(27), INFO(28), INFO(29), INFO(30), INFO(31), INFO(32), INFO(33), INFO(34), INFO(35),
	INFO(36), INFO(37), INFO(38), INFO(39), INFO(40), INFO(41), INFO(42), INFO(43),
	INFO(44), INFO(45),
};

const size_t audit_rules_n = sizeof(audit_rules) / sizeof(audit_rules[0]);

_Static_assert(sizeof(audit_rules) / sizeof(audit_rules[0]) == sizeof(rules) / sizeof(rules[0]),
               "audit_rules has one INFO() per row of rules");
