"""Notices, who gets them, and what a tenant may set."""

from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

from spheres_core.facts import Message, Words

Pace = Literal["at_once", "daily"]
"""Each message by itself, or one for all that came in a day."""
Channel = Literal["mail", "text"]
"""By e-mail, or by a text message to a telephone, which a plugin hands over."""


class QuietHours(Struct, frozen=True):
    """Hours in which no message comes: from a full hour to another, over midnight too; they differ."""

    begins: int
    ends: int

    def hold(self, hour: int) -> bool:
        """Tells whether an hour lies within."""
        if self.begins < self.ends:
            return self.begins <= hour < self.ends
        return hour >= self.begins or hour < self.ends


class Settings(Struct, frozen=True):
    """`[settings.notifications]` of a tenant's file. How to reach a mail server is the deployment's, never here."""

    channel: Literal["auto", "file", "smtp"] = "auto"
    """auto: SMTP when the deployment has it, else files."""
    sender: str = ""
    """The address messages come from; empty: the deployment's `SPHERES_MAIL_SENDER`."""
    public_address: str = ""
    """`https://…` of a host of the tenant's own; empty: the deployment's `SPHERES_PUBLIC_URL` and `/t/<tenant>`."""
    daily_hour: Annotated[int, Meta(ge=0, le=23)] = 8
    """The hour of the region's clock at which those who chose one message a day get it."""
    text_gateway: str = ""
    """The id of the plugin that hands over text messages; empty: the first of the region's plugins that does."""


class Notice(Struct, frozen=True):
    """The text of a message. Raises ValueError when a sentence takes parameters: none is safe in mail."""

    kind: str
    """A code for the trail, e.g. `something_waits`."""
    subject: Message | Words
    body: tuple[Message | Words, ...]

    def __post_init__(self) -> None:
        for sentence in (self.subject, *self.body):
            if isinstance(sentence, Message) and (sentence.params or "{" in sentence.msgid):
                raise ValueError(f"notice {self.kind}: a sentence of a message has no placeholders")


class Recipient(Struct, frozen=True):
    """Who gets a message."""

    id: UUID
    """Of the staff member or the invitation; the trail names this, never the address."""
    address: str
    language: str | None = None
    """One of the tenant's tags; None: every language of the tenant, one after the other."""
    kind: str = "staff"
    """The kind of record that `id` names: staff or invitation."""
    pace: Pace = "at_once"
    quiet: QuietHours | None = None
    channel: Channel = "mail"
    """text only for somebody whose number is confirmed."""
