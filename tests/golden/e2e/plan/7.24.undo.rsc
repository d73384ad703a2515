# rosaudit 0.1.0: sets back what the plan changes on the router r1
# RouterOS 7.24 (stable), identity r 1, read TIME
# Read it before it runs. In a terminal, Ctrl-X (safe mode) before it takes back
# what it did if the session breaks.

# On another router /import stops at the next line; pasted lines do not stop.
:if ([/system identity get name] != "r 1") do={:error "this script is for another router"}

/ip service set [find name=api-ssl dynamic=no] disabled=no

/ip service set [find name=api dynamic=no] disabled=no

/ip service set [find name=telnet dynamic=no] disabled=no

/ip service set [find name=ftp dynamic=no] disabled=no

/ip service set [find name=www dynamic=no] port=80

/ip service set [find name=winbox dynamic=no] available-from=198.51.100.0/24,2001:db8::/64

/ip service set [find name=ssh dynamic=no] available-from=""

/ip service set [find name=www-ssl dynamic=no] certificate=old tls-version=any disabled=yes
