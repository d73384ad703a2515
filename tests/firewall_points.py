#!/usr/bin/env python3
"""Holds a prediction against scans: firewall_points.py EXPOSURE.json INTERFACE=SCAN.json ...

Each port that a scan probed from its source address is one point of the matrix. Prints a line for
each point that differs, then how many were judged, and of these how many the prediction leaves open.
Apart from rosaudit's own code: it knows only the two JSON formats.
"""
import ipaddress
import json
import sys

# What each predicted end looks like from outside: nmap's states.
LOOKS = {
    "served": {"open"},
    "refused": {"open"},
    "closed": {"closed"},
    "rejected": {"closed", "filtered"},
    "dropped": {"filtered"},
    "tarpit": {"open"},
    "forwarded": {"open", "closed", "filtered"},
    "unknown": set(),
}


def numbers(text):
    for word in text.split(","):
        first, _, last = word.partition("-")
        yield from range(int(first), int(last or first) + 1)


def states(host):
    for port in host["ports"]:
        if port["proto"] == "tcp":
            yield port["port"], port["state"], port.get("serve")
    for group in host["groups"]:
        if group["proto"] == "tcp":
            for port in numbers(group["ports"]):
                yield port, group["state"], None


def contains(ranges, address):
    for text in ranges:
        if text == "everyone" or text == "*":
            return True
        if "-" in text:
            first, last = (ipaddress.ip_address(word) for word in text.split("-"))
            if first.version == address.version and first <= address <= last:
                return True
        elif address in ipaddress.ip_network(text):
            return True
    return False


def part_of(exposure, interface, port, address):
    for row in exposure["rows"]:
        if (row["interface"], row["port"], row["proto"], row["family"]) == (
            interface, port, "tcp", address.version,
        ):
            for part in exposure["partitions"][row["partition"]]:
                if contains(part["from"], address):
                    return part
    return None


def main():
    exposure = json.load(open(sys.argv[1], encoding="utf-8"))["exposure"]
    judged = undecided = 0
    for word in sys.argv[2:]:
        interface, _, path = word.partition("=")
        for host in json.load(open(path, encoding="utf-8"))["hosts"]:
            address = ipaddress.ip_address(host["source"])
            for port, state, serve in states(host):
                part = part_of(exposure, interface, port, address)
                if part is None:
                    continue
                judged += 1
                undecided += part["outcome"] == "unknown"
                looks = set().union(*(LOOKS[o] for o in part["possible"]))
                wrong = state not in looks
                wrong |= part["outcome"] == "served" and serve == "refused"
                wrong |= part["outcome"] == "refused" and serve == "serving"
                if wrong:
                    print(f"{address} via {interface} port {port}: predicted "
                          f"{part['outcome']} {part['possible']}, seen {state} {serve}")
    print(f"points {judged} undecided {undecided}")


main()
