"""Makes a receipt of a consent or of its withdrawal, to keep: it says nothing of who she is or who helps her.

Shaped after the profile of ISO/IEC TS 27560 in the Data Privacy Vocabulary (w3c/dpv, guides/consent-27560), which asks
of a receipt its identifier and the schema it is written in. Recipients are marks that her worker can read with her.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from msgspec import Struct, field

from spheres_core.consents.api_schemas import ConsentRead, LineRead
from spheres_core.foundation.tenancy.context import Context

SCHEMA: Final = "https://w3id.org/dpv/guides/consent-27560"
STATUS: Final = {
    "waits": "dpv:ConsentRequested", "holds": "dpv:ConsentGiven", "withdrawn": "dpv:ConsentWithdrawn",
    "ended": "dpv:ConsentExpired",
}  # fmt: skip
ACTS: Final = {"read": "dpv:Access", "discuss": "dpv:Use", "forward": "dpv:Disclose", "write": "dpv:Record"}
PURPOSE: Final = "dpv:Purpose"
MARK: Final = 12
"""Characters of a mark, from a keyed hash: the same in each of her receipts, of no use to anybody else."""


class ReceiptContext(Struct, frozen=True):
    """The vocabularies that a receipt is written in."""

    dpv: str = "https://w3id.org/dpv#"
    dct: str = "http://purl.org/dc/terms/"


class ReceiptLine(Struct, frozen=True):
    """One thing that was agreed to or taken back."""

    identifier: str = field(name="dct:identifier")
    status: str = field(name="dpv:hasConsentStatus")
    processing: str = field(name="dpv:hasProcessing")
    recipient: str = field(name="dpv:hasRecipient")
    since: dt.date | None = field(name="dct:issued")
    until: dt.date | None = field(name="dct:valid", default=None)
    type_: str = field(name="@type", default="dpv:Process")
    legal_basis: str = field(name="dpv:hasLegalBasis", default="dpv:ExplicitlyExpressedConsent")
    purpose: str = field(name="dpv:hasPurpose", default=PURPOSE)
    personal_data: str = field(name="dpv:hasPersonalData", default="dpv:PersonalData")


class ConsentReceipt(Struct, frozen=True):
    """A receipt as JSON-LD."""

    identifier: str = field(name="dct:identifier")
    issued: dt.datetime = field(name="dct:issued")
    language: str = field(name="dct:language")
    status: str = field(name="dpv:hasConsentStatus")
    record: str = field(name="dct:source")
    """The mark of the consent's record."""
    given_on: dt.date = field(name="dct:dateAccepted")
    lines: list[ReceiptLine] = field(name="dpv:hasProcess")
    vocabularies: ReceiptContext = field(name="@context", default_factory=ReceiptContext)
    type_: str = field(name="@type", default="dpv:ConsentReceipt")
    conforms_to: str = field(name="dct:conformsTo", default=SCHEMA)


def consent_receipt(ctx: Context, consent: ConsentRead) -> ConsentReceipt:
    """Returns the receipt of a consent as it stands now."""
    record = _mark(ctx, "record", str(consent.id))
    return ConsentReceipt(
        identifier=_mark(ctx, "receipt", f"{consent.id} {consent.state} {ctx.now.isoformat()}"),
        issued=ctx.now, language=ctx.locale.tag, status=STATUS[consent.state], record=record,
        given_on=consent.given_on, lines=[_line(ctx, each) for each in consent.lines],
    )  # fmt: skip


def _line(ctx: Context, line: LineRead) -> ReceiptLine:
    return ReceiptLine(
        identifier=_mark(ctx, "line", str(line.id)), status=STATUS[line.state], processing=ACTS[line.act],
        recipient=_mark(ctx, "recipient", line.recipient), since=_day(ctx, line.starts), until=_day(ctx, line.ends),
    )  # fmt: skip


def _day(ctx: Context, moment: dt.datetime | None) -> dt.date | None:
    return None if moment is None else moment.astimezone(ctx.zone).date()


def _mark(ctx: Context, kind: str, of: str) -> str:
    return ctx.keys.blind(f"consent {kind}", of).hex()[:MARK].upper()
