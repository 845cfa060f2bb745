"""Names the permissions of this room. None of them opens a file: that needs a standing and a consent."""

from typing import Final

READ: Final = "participants.read"
"""Comes to the pages and routes about participants."""
RECORD_CONSENTS: Final = "participants.record_consents"
"""Records consents and what is taken back, and keeps people away, with `READ`."""
IDENTITY: Final = "participants.identity"
"""Opens and writes who a participant is, with a reason, where standing and consent reach her identity."""
DUPLICATES: Final = "participants.duplicates"
"""Sees who of those whom she coordinates could be the same person, and decides it."""
OPENINGS: Final = "participants.identity_openings"
"""Lists who opened whose identity, and why."""
LISTED: Final = "participants.listed"
"""Finds the list of participants in the menu; whom it holds is decided by standings and consents."""
