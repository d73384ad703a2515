# rosaudit 0.1.0: sets back what the plan changes on the router r1
# RouterOS 7.16.2, identity r1"]; /system reset-configuration \, read 2026-01-02T03:04:05Z
# Read it before it runs. In a terminal, Ctrl-X (safe mode) before it takes back
# what it did if the session breaks.

# On another router /import stops at the next line; pasted lines do not stop.
:if ([/system identity get name] != "r1\"]; /system reset-configuration \\") do={:error "this script is for another router"}

/ip service set www-ssl certificate="old\0A/system reboot\\"
