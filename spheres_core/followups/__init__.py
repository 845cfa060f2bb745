"""Follows a participant over time: that she takes part, who follows her, and what was done together.

*Participation*: one episode, from her agreement to the closing conversation; she may come back, under the same code.
*Assignment*: a member of staff who follows her: one *pivot* worker at any date, and perhaps a *backup*. It opens her
standing, and its end ends it. *Hand-over*: an assignment that another worker accepts or declines.
"""
