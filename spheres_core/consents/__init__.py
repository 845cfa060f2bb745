"""Consents: who may see what of a young person, why, and until when. Every reading about her is decided here.

*Standing*: why a member of staff or an organization has to do with her at all: an assignment, a seat for one meeting's
agenda, an accepted service request, an emergency access. Rooms above open and end standings together with the act.
*Consent*: what she, or who may consent for her, has agreed to; each of its *entries* permits one recipient one action
with one class of information for one purpose, and nothing else. *Exclusion*: a refusal, a conflict of interest, a
worker she does not want. It beats everything.

`rule.may` decides. `readable.permitted` is the same rule for a statement, `policies` the same for row-level security:
each of the three is enough by itself, and tests hold them equal.
"""
