# rosaudit 0.1.0: brings to its policy the router r1
# RouterOS 7.9.2, identity r1, read 2026-01-02T03:04:05Z
# Read it before it runs. In a terminal, Ctrl-X (safe mode) before it takes back
# what it did if the session breaks.
# It does not shut these, so run it through one of them: ssh

# On another router /import stops at the next line; pasted lines do not stop.
:if ([/system identity get name] != "r1") do={:error "this script is for another router"}

# RA105 www-ssl: expected certificate web, declared certificate none (policy.yaml:11)
# RA106 www-ssl: expected tls-version only-1.2, declared tls-version any (policy.yaml:11)
# RA101 www-ssl: expected enabled, declared disabled (policy.yaml:11)
/ip service set www-ssl certificate=web tls-version=only-1.2 disabled=no

# RA104 ssh: expected within 192.0.2.0/24,2001:db8::/64, declared unrestricted (policy.yaml:10)
/ip service set ssh address=192.0.2.0/24,2001:db8::/64

# RA104 winbox: expected within 192.0.2.0/24, declared unrestricted (policy.yaml:12)
/ip service set winbox address=192.0.2.0/24

# RA102 ftp: expected disabled, declared enabled (policy.yaml:8)
/ip service set ftp disabled=yes

# RA102 telnet: expected disabled, declared enabled (policy.yaml:7)
/ip service set telnet disabled=yes

# RA102 www: expected disabled, declared enabled (policy.yaml:9)
/ip service set www disabled=yes

# RA102 api-ssl: expected disabled, declared enabled (policy.yaml:13)
/ip service set api-ssl disabled=yes

# RA109 api: expected not at all, declared enabled (policy.yaml:5)
/ip service set api disabled=yes
