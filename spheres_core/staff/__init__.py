"""Who works here: accounts with roles, how they sign in, and the tokens with which other systems call.

*Staff*: a person who works for the tenant; a *role* is what she may do there, and she may have several. *Session*: one
browser in which she is signed in. *Token*: a long secret that a system sends instead of signing in; it has roles of its
own. *Attempts*: failed sign-ins, counted per account and per source address, after which the next has to wait.
"""
