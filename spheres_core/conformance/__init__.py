"""Checks a plugin before others trust it: Bronze (loads safely), Silver (survives), Gold (serves people).

A *rule* has an id that never changes and is checked by machine alone; an *exemption* names a rule, a reason and a day
on which it ends. The *level* is the highest at which every rule holds or is exempt.
"""
