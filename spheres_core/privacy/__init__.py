"""Privacy: what whoever watches over private information works with, and the register of incidents.

Nothing here is about one participant: an *incident* says what happened to information, and about how many persons.
"""
