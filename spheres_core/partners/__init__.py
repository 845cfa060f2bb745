"""Who works together in a region, what each one offers, who coordinates, and whom to call right
now.

A region takes SPHÈRES up with the organizations it already has. They join, leave and change duties,
and coordination has changed hands before, so everything here has dates: the answer for a past day
stays true. What a pack brings is merged into the tenant's own tables and never deletes what was
changed there.

Words of this room: an *organization* has *roles* in the *partnership* and offers *services*;
exactly one holds the *coordination mandate* on any date; a *contact* says on which day it was last
verified; an *emergency contact* belongs to *areas*, because one number is not good everywhere. The
region's *legal profile*, *lists* and *terms* are read here too, until a room of their own needs
them.
"""
