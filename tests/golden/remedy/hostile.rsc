# rosaudit 0.1.0: brings to its policy the router r1
# RouterOS 7.16.2, identity r1"]; /system reset-configuration \, read 2026-01-02T03:04:05Z
# Read it before it runs. In a terminal, Ctrl-X (safe mode) before it takes back
# what it did if the session breaks.
# It does not shut these, so run it through one of them: ssh

# On another router /import stops at the next line; pasted lines do not stop.
:if ([/system identity get name] != "r1\"]; /system reset-configuration \\") do={:error "this script is for another router"}

# RA105 www-ssl: expected certificate a b"; /system reboot; $x<C3><A9> /quit, declared certificate old<0A>/system reboot\ (policy.yaml:6)
/ip service set www-ssl certificate="a b\"; /system reboot; \$x\C3\A9 /quit"
