"""Inquiries: an organization elsewhere asks what it would take to implement the programme in its own region.

*Inquiry*: one such question, with who asks and how to answer. It is never about a young person, says so, and has
nothing to do with referrals. *Slip*: what the page's form carries to show that it was opened here, a moment ago, and
that it is sent once; with it, a field that people do not see, and a count per place and day, it needs no third party
to keep machines away.
"""
