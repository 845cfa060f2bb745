"""The public pages of a tenant, and the pages on which its administrator sees and changes how it is set up.

Everything a visitor needs without an account: a way to reach someone now, what is offered to young people and to those
who work with them, who the partners are. Words: a *page* of text comes from a pack (`pages/<language>/<slug>.md`); a
*way* is one means of reaching someone, always with the day it was verified; a *link card* is a large link on the first
page. The style sheets, fonts and scripts of all rooms' pages lie here too, in `static/`.
"""
