"""Files that are given as answers: which are taken, and what is left of one when all that it need not say is taken out.

A file is never kept as it came. What is kept is written anew from what it shows or sounds like; a kind for which that
cannot be done is refused.
"""
