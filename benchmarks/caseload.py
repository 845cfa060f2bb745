"""The worker of each region and whom she follows: one file of 500 entries, and others as in a usual week."""

import datetime as dt
import secrets
from collections.abc import Iterator, Mapping
from typing import Any, Final
from uuid import UUID

import asyncpg
import msgspec
from msgspec import Struct

from spheres_core.consents.schemas import FIRST_DAY, FOREVER, LAST_DAY, TEAM
from spheres_core.foundation.content.readable_codes import new_readable_code, normalize_readable_code
from spheres_core.foundation.database.schema import uuid7
from spheres_core.foundation.encryption import TenantKeys
from spheres_core.foundation.tenancy.runtime import LoadedTenant
from spheres_core.participants.schemas.safe_contact import WEEKDAYS, ChannelContact, SafeContact, SafeHours
from spheres_core.staff.access_secrets import TOKEN_PREFIX, hash_secret, new_secret

FILES: Final = 20
"""Files of each worker beside the long one. Each has an encounter that is planned."""
ENTRIES: Final = 500
"""Encounters and attempts in the long one."""
CLASSES: Final = (
    "participation", "encounters", "own_words", "safe_contact", "needs_and_plan", "service_requests", "stages"
)  # fmt: skip
_SINCE: Final = dt.timedelta(days=200)
_ASK_AGAIN: Final = dt.timedelta(days=90)
"""Until when none of them wants an emergency plan, so that no line about it stands in the day."""
_OF_STAFF: Final[Mapping[str, str]] = {
    "staff": "tenant_id id email email_index name password_hash roles organization active chooses_referral_mail"
    " message_pace message_channel created_at",
    "api_tokens": "tenant_id id hash label roles made_by acts_as_maker created_at expires_at",
}
_COLUMNS: Final[Mapping[str, str]] = {
    "participants": "tenant_id id code code_mark dated_on",
    "consents": "tenant_id id participant_id kind given_on how giver authority recorded_at to_confirm holder regime"
    " starts ends",
    "standings": "tenant_id id participant_id kind staff_id recipient classes acts purpose starts ends opened_by_kind"
    " opened_by_id",
    "consent_entries": "tenant_id id consent_id participant_id recipient information act purpose starts ends first_day"
    " last_day onward",
    "participations": "tenant_id id participant_id consent_id state version dated_on changed_at",
    "participation_moves": "tenant_id id participant_id participation_id from_state to_state at dated_on recorded_by",
    "assignments": "tenant_id id participant_id participation_id staff_id part starts ends dated_on",
    "limits_explained": "tenant_id id participant_id dated_on explained_by text_version recorded_at",
    "safe_contacts": "tenant_id id participant_id version content recorded_at recorded_by dated_on",
    "encounters": "tenant_id id participant_id participation_id state kind at themes principles version"
    " author written_at dated_on",
    "contact_attempts": "tenant_id id participant_id participation_id channel outcome at dated_on author",
    "vulnerable_dates": "tenant_id id participant_id kind first_on repeats author written_at dated_on",
    "needs": "tenant_id id participant_id participation_id need state identified_by urgency version author written_at"
    " dated_on",
    "emergency_plan_not_now": "tenant_id id participant_id ask_again_on author written_at dated_on",
}


class Caseload(Struct, frozen=True):
    """A worker as the client asks for her."""

    token: str
    """Acts as her."""
    long_file: str
    """Code of the participant with 500 entries."""
    files: list[str]
    """Codes of the others."""


async def lay(connection: asyncpg.Connection, loaded: LoadedTenant) -> Caseload:
    """Adds a worker to a region, and whom she follows."""
    laying = _Files(loaded.tenant.id, loaded.keys, _COLUMNS)
    token = laying.add_staff(laying.worker, "pivot_worker")
    long_file = laying.add_file(entries=ENTRIES)
    files = [laying.add_file(entries=2, number=number) for number in range(FILES)]
    await laying.copy(connection)
    return Caseload(token, long_file, files)


class Laying:
    """Rows of one region, until they are copied into their tables. `columns`: of each table but a worker's."""

    def __init__(self, tenant: UUID, keys: TenantKeys, columns: Mapping[str, str]) -> None:
        self.tenant, self.keys, self.columns = tenant, keys, {**_OF_STAFF, **columns}
        self.rows: dict[str, list[tuple[Any, ...]]] = {name: [] for name in self.columns}
        self.now = dt.datetime.now(dt.UTC)
        self.since = self.now - _SINCE

    def add(self, table: str, *values: Any) -> UUID:
        id = uuid7()
        self.rows[table].append((self.tenant, id, *values))
        return id

    def add_staff(self, id: UUID, role: str, organization: str | None = None) -> str:
        """Adds somebody who works here. Returns a token that acts as her."""
        sealed = {name: self.keys.seal("staff", id, name, "Camille") for name in ("email", "name")}
        self.rows["staff"].append(
            (self.tenant, id, sealed["email"], secrets.token_bytes(32), sealed["name"], b"", [role], organization,
             True, False, "at_once", "mail", self.since)
        )  # fmt: skip
        token, text = uuid7(), TOKEN_PREFIX + new_secret()
        label = self.keys.seal("api_tokens", token, "label", "benchmark")
        ends = self.now + dt.timedelta(days=2)
        self.rows["api_tokens"].append((self.tenant, token, hash_secret(text), label, [], id, True, self.now, ends))
        return text

    def add_participant(self) -> tuple[UUID, str]:
        """Adds a participant. Returns her id and her code."""
        her, code = uuid7(), new_readable_code()
        mark = self.keys.blind("participant", normalize_readable_code(code))
        sealed = self.keys.seal("participants", her, "code", code)
        self.rows["participants"].append((self.tenant, her, sealed, mark, self.since.date()))
        return her, code

    def add_consent(self, her: UUID) -> UUID:
        """Adds that she agreed to something, without a line."""
        return self.add(
            "consents", her, "information", self.since.date(), "spoken", "herself", "", self.since, False, "", "",
            self.since, FOREVER,
        )  # fmt: skip

    def add_line(self, consent: UUID, her: UUID, recipient: str, information: str, act: str, purpose: str) -> None:
        """Adds a line of what she agreed to."""
        self.add(
            "consent_entries", consent, her, recipient, information, act, purpose, self.since, FOREVER, FIRST_DAY,
            LAST_DAY, False,
        )  # fmt: skip

    async def copy(self, connection: asyncpg.Connection) -> None:
        """Writes what was added."""
        for name, columns in self.columns.items():
            names = columns.split()
            values = ", ".join(f"${place}" for place in range(1, len(names) + 1))
            await connection.executemany(f"INSERT INTO {name} ({', '.join(names)}) VALUES ({values})", self.rows[name])


class _Files(Laying):
    """A worker's files."""

    def __init__(self, tenant: UUID, keys: TenantKeys, columns: Mapping[str, str]) -> None:
        super().__init__(tenant, keys, columns)
        self.worker = uuid7()

    def add_file(self, *, entries: int, number: int = 0) -> str:
        """Adds a participant who takes part and lets the team read what the daily work needs."""
        (her, code), day, worker = self.add_participant(), self.since.date(), self.worker
        consent = self.add_consent(her)
        for information in CLASSES:
            self.add_line(consent, her, TEAM, information, "read", "follow_up")
        episode = self.add("participations", her, consent, "active", 2, day, self.since)
        self.add("participation_moves", her, episode, "proposed", "active", self.since, day, worker)
        assignment = self.add("assignments", her, episode, worker, "pivot", self.since, FOREVER, day)
        self.add(
            "standings", her, "assignment", worker, TEAM, list(CLASSES), ["read", "write"], "follow_up", self.since,
            FOREVER, "assignment", assignment,
        )  # fmt: skip
        self.add("limits_explained", her, day, worker, "1", self.since)
        self.add("emergency_plan_not_now", her, self.now.date() + _ASK_AGAIN, worker, self.now, self.now.date())
        contact, record = uuid7(), msgspec.json.encode(_reached_by_phone())
        sealed = self.keys.seal("safe_contacts", contact, "content", record)
        self.rows["safe_contacts"].append((self.tenant, contact, her, 1, sealed, self.since, worker, day))
        self._add_acts(her, episode, entries, number)
        return code

    def _add_acts(self, her: UUID, episode: UUID, entries: int, number: int) -> None:
        """Adds what was done, the oldest first: of five entries four are encounters and one an attempt to reach her."""
        for at, is_attempt in _moments(self.since, self.now, entries):
            if is_attempt:
                self.add("contact_attempts", her, episode, "phone", "reached", at, at.date(), self.worker)
            else:
                self.add("encounters", her, episode, "held", "in_person", at, [], [], 1, self.worker, at, at.date())
        coming = self.now + dt.timedelta(days=number % 5 + 1)
        self.add(
            "encounters", her, episode, "planned", "phone", coming, [], [], 1, self.worker, self.now, coming.date()
        )  # fmt: skip
        if number % 5 == 1:
            self.add(
                "vulnerable_dates", her, "court", coming.date(), "never", self.worker, self.since, self.since.date()
            )
        if number % 5 == 2:
            self.add(
                "needs", her, episode, "housing", "open", "herself", "urgent", 1, self.worker, self.since,
                self.since.date(),
            )  # fmt: skip


def _moments(first: dt.datetime, last: dt.datetime, number: int) -> Iterator[tuple[dt.datetime, bool]]:
    for at in range(number):
        yield first + (last - first) * at / number, at % 5 == 4


def _reached_by_phone() -> SafeContact:
    always = (SafeHours(WEEKDAYS, "00:00", "24:00"),)
    today = dt.datetime.now(dt.UTC).date() - dt.timedelta(days=1)
    return SafeContact(
        channels=(
            ChannelContact("phone", "514 555-0123", hours=always, voicemail=True, confirmed_on=today),
            ChannelContact("text", "514 555-0123", hours=always, code_word="tulipe", confirmed_on=today),
        ),
        language="fr-CA",
    )
