"""Keeps the committees: partners who think about a situation together, without exposing anybody.

*Body*: the Clinical Committee, the Steering Committee, or one that a plugin adds. *Seat*: that somebody sits in a body
for an organization, from a day until a day; a substitute's counts where the other is absent. *Agenda item*: one
participant in one meeting, with what the team asks and what she wants said. *Brief*: what one member may discuss of the
items of a meeting, as far as she lets the member's organization; none sees more. *Recusal*: that a member stays
out of one participant's items; for her they are not there. *Recommendation*: what a meeting advises, who takes care of
it until when, and what came of it. The Steering Committee has seats and meetings, and nobody's file on its agenda.
"""
