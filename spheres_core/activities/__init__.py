"""Activities: outings and groups, invitations in her pace, how she expected it and how it was, her strengths.

Outings belong to the region; who comes along to one belongs to her file, and is decided by the ledger. Two persons who
must not meet never hold a seat on the same outing, and nobody who plans learns of it.
"""
