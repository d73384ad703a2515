# rosaudit 0.1.0: sets back what the plan changes on the router r1
# RouterOS 7.16.2 (stable), identity r 1, read TIME
# Read it before it runs. In a terminal, Ctrl-X (safe mode) before it takes back
# what it did if the session breaks.

# On another router /import stops at the next line; pasted lines do not stop.
:if ([/system identity get name] != "r 1") do={:error "this script is for another router"}

/ip service set api-ssl disabled=no

/ip service set api disabled=no

/ip service set telnet disabled=no

/ip service set ftp disabled=no

/ip service set www port=80

/ip service set winbox address=198.51.100.0/24,2001:db8::/64

/ip service set ssh address=""

/ip service set www-ssl certificate=old tls-version=any disabled=yes
