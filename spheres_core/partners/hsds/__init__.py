"""The directory in the Human Services Data Specification (HSDS) 3 of Open Referral: exported and imported.

Other directories speak HSDS: a region's 211 service, a city, a neighbouring region. What HSDS has a field for is said
in that field; what it has none for (a text in each language, how well a fact is known, the zone of the hours) stands
beside it under `x_spheres`, so that a directory can go from one tenant to another and come back the same. What another
directory says and is not understood here is kept as it came, given back, and reported; it is never used.

Words of this part: a *record* is an object of HSDS; an *entry* is what `partners.toml` would say.
"""

EXTENSION = "x_spheres"
"""Where a record carries our own entry."""

WITHOUT_LISTS = "without_lists"
"""Set in our own part of a record whose lists were left out: that they are absent says nothing."""

ORIGIN = "hsds"
"""The beginning of every imported entry's origin; never a plugin's id."""
