"""Support: professionals and close ones are helped with what they ask, and nobody's file can be reached from here.

*Advice request*: a professional asks how to intervene, without an account and without saying about whom. What was typed
is deleted when the request is closed. *Identifier*: anything in such words by which a person could be recognized.

This room stands below `consents` on purpose: it imports no room that knows a participant, and the import contract of
`pyproject.toml` proves it.
"""
