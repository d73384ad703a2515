# rosaudit 0.1.0: brings to its policy the router r1
# RouterOS 7.16.2 (stable), identity r 1, read TIME
# Read it before it runs. In a terminal, Ctrl-X (safe mode) before it takes back
# what it did if the session breaks.
# It does not shut these, so run it through one of them: ssh

# On another router /import stops at the next line; pasted lines do not stop.
:if ([/system identity get name] != "r 1") do={:error "this script is for another router"}

# RA105 www-ssl: expected certificate web "1" $x, declared certificate old (WORK/r1.yaml:16)
# RA106 www-ssl: expected tls-version only-1.2, declared tls-version any (WORK/r1.yaml:16)
# RA101 www-ssl: expected enabled, declared disabled (WORK/r1.yaml:16)
/ip service set www-ssl certificate="web \"1\" \$x" tls-version=only-1.2 disabled=no

# RA104 ssh: expected within 127.0.0.0/8,::1/128, declared unrestricted (WORK/r1.yaml:18)
/ip service set ssh address=127.0.0.0/8,::1/128

# RA104 winbox: expected within 127.0.0.0/8, declared 198.51.100.0/24,2001:db8::/64 (WORK/r1.yaml:17)
/ip service set winbox address=127.0.0.0/8

# RA103 www: expected port 8080, declared port 80 (WORK/r1.yaml:15)
/ip service set www port=8080

# RA102 ftp: expected disabled, declared enabled (WORK/r1.yaml:12)
/ip service set ftp disabled=yes

# RA102 telnet: expected disabled, declared enabled (WORK/r1.yaml:11)
/ip service set telnet disabled=yes

# RA102 api: expected disabled, declared enabled (WORK/r1.yaml:13)
/ip service set api disabled=yes

# RA102 api-ssl: expected disabled, declared enabled (WORK/r1.yaml:14)
/ip service set api-ssl disabled=yes
