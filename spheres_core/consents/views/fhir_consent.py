"""Writes a consent as FHIR R4 Consent. The patient is a pseudonym; words and reasons never leave."""

from __future__ import annotations

import datetime as dt
from typing import Final, Literal

from msgspec import Struct, field

from spheres_core.consents.api_schemas import ConsentRead, LineRead
from spheres_core.consents.queries.access import Access
from spheres_core.consents.schemas import TEAM
from spheres_core.foundation.tenancy.context import Context

PSEUDONYM: Final = 24
"""Characters of a pseudonym, from a keyed hash: it leads nowhere outside this region."""
URN: Final = "urn:spheres"
HL7: Final = "http://terminology.hl7.org/CodeSystem"
SCOPES: Final = {
    "participation": "treatment", "information": "patient-privacy", "care": "treatment", "research": "research",
    "publication": "patient-privacy",
}  # fmt: skip
"""Codes of http://terminology.hl7.org/CodeSystem/consentscope, by kind."""
ACTIONS: Final = {"read": "access", "discuss": "use", "forward": "disclose", "write": "collect"}
"""Codes of http://terminology.hl7.org/CodeSystem/consentaction, by act."""
STATUS: Final[dict[str, Literal["proposed", "active", "inactive"]]] = {"waits": "proposed", "holds": "active"}
CONSENT_DOCUMENT: Final = "59284-0"
"""LOINC: consent document."""


class Coding(Struct, frozen=True):
    """A code of a system."""

    system: str
    code: str


class CodeableConcept(Struct, frozen=True):
    """A concept by its codes."""

    coding: list[Coding]


class Identifier(Struct, frozen=True):
    """A business identifier."""

    system: str
    value: str


class Reference(Struct, frozen=True):
    """A reference by identifier, not by address."""

    identifier: Identifier
    type: str


class Period(Struct, frozen=True, omit_defaults=True):
    """From when until when."""

    start: str | None = None
    end: str | None = None


class ProvisionActor(Struct, frozen=True):
    """To whom it is permitted."""

    role: CodeableConcept
    reference: Reference


class LineProvision(Struct, frozen=True, omit_defaults=True):
    """One line of a consent."""

    type: Literal["permit"]
    period: Period
    actor: list[ProvisionActor]
    action: list[CodeableConcept]
    purpose: list[Coding]
    information: list[Coding] = field(name="class")
    data_period: Period | None = field(name="dataPeriod", default=None)


class BaseProvision(Struct, frozen=True):
    """Nothing is permitted but what the lines say."""

    type: Literal["deny"]
    provision: list[LineProvision]


class FhirConsent(Struct, frozen=True, omit_defaults=True):
    """A Consent of FHIR R4."""

    resource_type: str = field(name="resourceType")
    identifier: list[Identifier]
    status: Literal["proposed", "active", "inactive"]
    scope: CodeableConcept
    category: list[CodeableConcept]
    patient: Reference
    date_time: str = field(name="dateTime")
    policy_rule: CodeableConcept = field(name="policyRule")
    provision: BaseProvision | None = None


def fhir_consent(ctx: Context, access: Access, consent: ConsentRead) -> FhirConsent:
    """Returns a consent as FHIR R4 Consent, with the lines that the reader may know of."""
    lines = [_line(ctx, each) for each in consent.lines]
    return FhirConsent(
        resource_type="Consent",
        identifier=[Identifier(f"{URN}:consent", _pseudonym(ctx, "consent", str(consent.id)))],
        status=STATUS.get(consent.state, "inactive"),
        scope=_concept(f"{HL7}/consentscope", SCOPES[consent.kind]),
        category=[_concept("http://loinc.org", CONSENT_DOCUMENT)],
        patient=Reference(
            Identifier(f"{URN}:participant", _pseudonym(ctx, "participant", str(access.participant))), "Patient"
        ),
        date_time=consent.given_on.isoformat(),
        policy_rule=_concept(f"{HL7}/v3-ActCode", "OPTIN"),
        provision=BaseProvision("deny", lines) if lines else None,
    )


def _line(ctx: Context, line: LineRead) -> LineProvision:
    about = Period(
        None if line.first_day is None else line.first_day.isoformat(),
        None if line.last_day is None else line.last_day.isoformat(),
    )
    return LineProvision(
        "permit",
        Period(_moment(line.starts), _moment(line.ends)),
        [ProvisionActor(_concept(f"{HL7}/v3-ParticipationType", "IRCP"), _recipient(line.recipient))],
        [_concept(f"{HL7}/consentaction", ACTIONS[line.act])],
        [Coding(f"{URN}:purpose", line.purpose)],
        [Coding(f"{URN}:information", line.information)],
        about if about != Period() else None,
    )


def _moment(at: dt.datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def _recipient(key: str) -> Reference:
    kind = "CareTeam" if key == TEAM else "Organization"
    return Reference(Identifier(f"{URN}:recipient", "team" if key == TEAM else key), kind)


def _concept(system: str, code: str) -> CodeableConcept:
    return CodeableConcept([Coding(system, code)])


def _pseudonym(ctx: Context, kind: str, of: str) -> str:
    return ctx.keys.blind(f"fhir {kind}", of).hex()[:PSEUDONYM]
