"""Referrals: a professional tells us of a young person; a coordinator finds out, at her pace, whether she wants this.

*Referral*: what a professional tells us of one young person, with the answers to the tenant's form. *Receipt*: the code
by which the referrer, who has no account, can ask what became of it, without ever learning whether she takes part.
*Triage*: the coordinator's way from received to the young person's own answer. *Transition*: one step of it; hooks and
tables call it a move. *Opinion*: what a rule says of eligibility; people decide. A young person here has no record of
her own yet: that begins with her agreement.
"""
