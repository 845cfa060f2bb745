"""The tenant's face: its public pages, and the page on which its administrator sees what stands.

Everything a visitor needs without an account: a way to reach someone now, what is offered to young people and to those
who work with them, who the partners are. Words: a *page* of text comes from a pack (`pages/<language>/<slug>.md`); a
*way* is one means of reaching someone, always with the day it was verified; a *door* is a large link on the first page.
The look of all rooms' pages lives here too: `static/`, and the frame and macros in `templates/`.
"""
