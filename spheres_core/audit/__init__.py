"""The trail: who read and changed what, in the same transaction as the reading and the changing. And the outbox.

*Entry*: one line of the trail, a verb with codes and ids, never words. *Delivery*: what still has to happen because of
an entry, after commit: an `on_` hook or a message. An entry is never changed or taken away while its tenant lives.
"""
