# rosaudit 0.1.0: sets back what the plan changes on the router r1
# RouterOS 7.19.4, identity r1, read 2026-01-02T03:04:05Z
# Read it before it runs. In a terminal, Ctrl-X (safe mode) before it takes back
# what it did if the session breaks.

# On another router /import stops at the next line; pasted lines do not stop.
:if ([/system identity get name] != "r1") do={:error "this script is for another router"}

/ip service set [find name=api dynamic=no] disabled=no

/ip service set [find name=api-ssl dynamic=no] disabled=no

/ip service set [find name=www dynamic=no] disabled=no

/ip service set [find name=telnet dynamic=no] disabled=no

/ip service set [find name=ftp dynamic=no] disabled=no

/ip service set [find name=winbox dynamic=no] address=""

/ip service set [find name=ssh dynamic=no] address=""

/ip service set [find name=www-ssl dynamic=no] certificate=none tls-version=any disabled=yes
