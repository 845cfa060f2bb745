"""The four ways in which an operation says no, and what becomes of each in an answer.

    Refusal                     (status, code, message, errors)
      Invalid     422           what was sent cannot be accepted; `errors` name each place
      NotAllowed  403           who asks may not
      NotFound    404           no such thing, or none that the asker may know of: the answers are the same
      Conflict    409           it could be, but not now; `extra` names what could

Rooms subclass these beside the operation that raises them. They become RFC 9457 problem documents in the API
and an error page for people, in the reader's language; never a trace.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from spheres_core.facts import Message, Problem, msg


class Refusal(Exception):
    """Base of the four. Raise one of the four, not this."""

    status: ClassVar[int] = 400
    code: ClassVar[str] = "refused"
    message: Message = msg("This could not be done.")

    def __init__(
        self,
        message: Message | None = None,
        *,
        errors: Sequence[Problem] = (),
        extra: Mapping[str, Any] | None = None,
        language: str | None = None,
    ) -> None:
        """`language`: the tag to say it in when it is not the request's (a form is answered in its own)."""
        self.message = message or type(self).message
        self.errors = tuple(errors)
        self.extra = dict(extra or {})
        self.language = language
        super().__init__(self.message.msgid)


class Invalid(Refusal):
    status = 422
    code = "invalid"
    message = msg("Some answers need another look.")


class NotAllowed(Refusal):
    status = 403
    code = "not_allowed"
    message = msg("You may not do this.")


class NotFound(Refusal):
    status = 404
    code = "not_found"
    message = msg("There is nothing here.")


class Conflict(Refusal):
    status = 409
    code = "conflict"
    message = msg("This cannot be done now.")


class ChangedMeanwhile(Conflict):
    """Somebody wrote it anew in the meantime. `yours` and `theirs` are the two sides."""

    code = "changed_meanwhile"
    message = msg("This was changed in the meantime. Please look at both versions.")
