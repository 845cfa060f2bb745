"""Who works here: accounts with roles, how they sign in, and the tokens that other systems come with.

*Staff*: a person who works for the tenant; a *role* is what she may do there, and she may have several. *Session*: one
browser in which she is signed in. *Token*: a long secret that a system sends instead of signing in; it has roles of its
own. *Attempts*: sign-ins that failed, counted per account and per place they came from, until the next may be tried.
"""
