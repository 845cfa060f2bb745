"""Participants: a young person who takes part, known by a random code. Names and contacts are elsewhere, sealed.

*Code*: what colleagues call her by default: random, never derived from anything about her, never dated, never used
again; the same when she comes back.
"""
