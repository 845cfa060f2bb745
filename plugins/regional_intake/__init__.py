"""Answers for a wide region on a border when a referral comes in. A larger example than docs/write-a-plugin.md.

*Other law*: she may be where another province's rules on age and reporting apply, so a person decides.
*Travel question*: she is where getting there must be thought of before a first meeting; noted once per referral.
"""
