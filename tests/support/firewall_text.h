/* Reads a router's menus from a text of this form, one item a line; what a heading names was read:
 *
 *     version 7.18.2
 *     /ip firewall filter
 *     add chain=input action=drop comment="no one"
 *     /ip firewall raw missing
 *
 * disabled=yes, dynamic=yes, invalid=yes and comment= become the item's own; /ip service becomes
 * rows. Shares nothing with src/routeros. */
#ifndef TESTS_FIREWALL_TEXT_H
#define TESTS_FIREWALL_TEXT_H

#include "rosaudit/device.h"

/* *d is initialised here. Ends the test when a line makes no sense. */
void firewall_text_read(const char *text, struct device *d);

#endif
