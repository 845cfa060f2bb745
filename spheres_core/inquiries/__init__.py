"""Inquiries: an organization elsewhere asks what it would take to implement the program in its own region.

*Inquiry*: one such question, with who asks and how to answer. It is never about a young person, says so, and has
nothing to do with referrals. *Form token*: a value in the page's form which shows that it was opened here, a moment
ago, and that it is sent once. With it, a field that people do not see, and a count per address and day, no third party
is needed to keep machines away.
"""
