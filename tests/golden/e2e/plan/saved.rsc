# rosaudit 0.1.0: brings to its policy the router one
# RouterOS (unknown), identity (unknown), read TIME
# Read it before it runs. In a terminal, Ctrl-X (safe mode) before it takes back
# what it did if the session breaks.
# Made from a saved output: it is not known through which service you come.
# It does not shut these, so run it through one of them: ssh, winbox, www, api-ssl, api
# The version is not known: from RouterOS 7.19 on a listener may bear the name of
# a service as well, and `set` refuse it; then write [find name=NAME dynamic=no].

# The router did not tell its identity: nothing below checks that this is the right one.

# RA102 telnet: expected disabled, declared enabled (WORK/fleet.yaml:2)
/ip service set telnet disabled=yes
