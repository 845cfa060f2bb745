"""What is kept of participants, with a word in each sealed field that stands nowhere else; and who may read what.

Both are read as the database's owner, past every policy and condition: what is under test has no part in it.
"""

from __future__ import annotations

import datetime as dt
import random
import re
import string
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple
from uuid import UUID

from sqlalchemy import LargeBinary

from spheres_core.consents.queries.policies import EXEMPT, TABLES, AboutParticipants
from spheres_core.consents.rule import may
from spheres_core.consents.schemas import TEAM, Allowed, ConsentEntry, Exclusion, Purpose, Question, Standing
from spheres_core.foundation.database.schema import Base
from spheres_core.foundation.encryption import TenantKeys
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.vault_keys import open_vault
from spheres_core.testing import World

WORD: Final = re.compile(r"kanari[a-z]{12}")
NOBODY: Final = "*nobody"
"""In place of a class: what is shown to no one."""
CODE: Final = re.compile(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}\b")
VAULT: Final = frozenset({"identities", "identity_links"})
"""Tables that are sealed with the second key."""
WITHOUT_WORDS: Final[Mapping[tuple[str, str], str]] = {
    ("participants", "code"): "her code, which is looked for as it is",
    ("identities", "birthday"): "a day",
    ("hand_overs", "carried"): "codes and days",
    ("identity_links", "content"): "her code in another region, which is looked for as it is",
    ("transfers", "content"): "what goes along, kept until it has left: histories write it",
    ("erasure_holds", "reason"): "why something is kept, about nobody",
}
"""Sealed fields in which no word can be written, each with the reason."""
OTHERS: Final[Mapping[str, AboutParticipants | None]] = {
    "standings": None,
    "consents": AboutParticipants("participation", day="given_on"),
    "consent_entries": None,
    "disclosures": None,
    "identity_openings": AboutParticipants("participation"),
    "exclusions": None,
    "erasure_holds": None,
}
"""Tables about participants without a policy: which class their words are; None: their words are shown to no one."""
assert OTHERS.keys() == EXEMPT.keys()

LEAVING: Final = frozenset({("transfers", "content")})
"""Fields of all classes at once, which are shown to no one here."""


Read = Purpose | Literal["discuss"]
DISCUSS: Final = "discuss"
"""In place of a purpose: what may be discussed in a committee."""


class Held(NamedTuple):
    """Something of a participant that must not be read without a standing and an entry."""

    participant: UUID
    information: str
    day: dt.date
    table: str
    column: str
    writer: UUID | None
    """The only person who may read it, where there is one."""
    team_only: bool = False
    """Whether only who has to do with her on the team's part may read it."""


def new_word(chance: random.Random) -> str:
    return "kanari" + "".join(chance.choices(string.ascii_lowercase, k=12))


def sealed_columns(table: str) -> list[str]:
    """Returns the sealed columns of a table. A blind index or a hash is none: nothing can be read out of it."""
    binary = [each.name for each in Base.metadata.tables[table].c if isinstance(each.type, LargeBinary)]
    return [each for each in binary if not each.endswith(("mark", "hash"))]


async def keys_of(ctx: Context) -> dict[bool, TenantKeys]:
    """Returns the region's keys, by whether they are the vault's."""
    return {False: ctx.keys, True: await open_vault(ctx)}


def read_all(world: World, tenant: UUID, keys: Mapping[bool, TenantKeys]) -> Iterator[tuple[str, Held]]:
    """Yields everything that a region keeps of participants: words, ids of rows, codes."""
    for name, about in {**TABLES, **OTHERS}.items():
        yield from _read_table(world, tenant, keys, name, about)


def _read_table(
    world: World, tenant: UUID, keys: Mapping[bool, TenantKeys], name: str, about: AboutParticipants | None
) -> Iterator[tuple[str, Held]]:
    sealed = sealed_columns(name)
    hers, day = ("participant_id", "NULL") if about is None else (about.participant, about.day)
    of_class = f"'{NOBODY}'" if about is None else f"'{about.information}'"
    if about is not None and about.information.startswith("*"):
        of_class = about.information[1:]
    for_team = about is not None and about.team_only
    writer = "writer" if "writer" in Base.metadata.tables[name].c else "NULL::uuid"
    for id, participant, information, on, by, *values in world.sql(
        f"SELECT {', '.join(['id', hers, of_class, day, writer, *sealed])} FROM {name} WHERE tenant_id = %s",
        tenant,
    ):

        def held(column: str) -> Held:
            of = NOBODY if (name, column) in LEAVING else information  # noqa: B023
            return Held(participant, of, on or dt.date.min, name, column, by, for_team)  # noqa: B023

        if name not in OTHERS or name == "consents":
            yield str(id), held("id")
        for column, value in zip(sealed, values, strict=True):
            text = "" if value is None else keys[name in VAULT].open(name, id, column, bytes(value)).decode()
            codes = CODE.findall(text) if name in (*VAULT, "participants") else []
            yield from ((value, held(column)) for value in (*codes, *WORD.findall(text)))


class Reader(NamedTuple):
    """Whoever reads: a member of staff and the organization that she works for."""

    staff: UUID
    organization: str
    reviews: bool = False
    """Whether she looks at emergency accesses afterwards."""


REVIEWED: Final = frozenset({"emergency_accesses", "identity_openings"})
"""Tables that a privacy officer looks through: who opened a plan or an identity, and why; codes, plans, identities stay
closed."""


class Ledger:
    """All that decides about the participants of a region at one moment."""

    def __init__(self, world: World, tenant: UUID) -> None:
        self.tenant, self.now = tenant, world.now or dt.datetime.now(dt.UTC)
        self._standings: dict[UUID, list[Standing]] = {}
        self._entries: dict[UUID, list[ConsentEntry]] = {}
        self._exclusions: dict[UUID, list[Exclusion]] = {}
        self._decided: dict[Any, bool] = {}
        for row in world.sql(
            "SELECT tenant_id, id, participant_id, kind, staff_id, recipient, classes, acts, purpose, starts, ends"
            " FROM standings WHERE tenant_id = %s", tenant,
        ):  # fmt: skip
            standing = Standing(*row[:6], frozenset(row[6]), frozenset(row[7]), *row[8:])
            self._standings.setdefault(standing.participant, []).append(standing)
        for row in world.sql(
            "SELECT tenant_id, id, participant_id, recipient, information, act, purpose, starts, ends,"
            " greatest(first_day, '0001-01-01'), last_day, onward FROM consent_entries WHERE tenant_id = %s", tenant,
        ):  # fmt: skip
            self._entries.setdefault(row[2], []).append(ConsentEntry(*row))
        for row in world.sql(
            "SELECT tenant_id, id, participant_id, staff_id, organization, information, starts, ends"
            " FROM exclusions WHERE tenant_id = %s", tenant,
        ):  # fmt: skip
            self._exclusions.setdefault(row[2], []).append(Exclusion(*row))

    def reads(
        self, reader: Reader, participant: UUID, information: str, day: dt.date, purpose: Read,
        *, team_only: bool = False,
    ) -> bool:  # fmt: skip
        """Returns whether the specification lets somebody read a class of information about a day."""
        asked = (reader, participant, information, day, purpose, team_only)
        if asked not in self._decided:
            act, whatfor = ("discuss", "committee") if purpose == DISCUSS else ("read", purpose)
            question = Question(
                self.tenant, participant, reader.staff, reader.organization, act, information, whatfor, day
            )  # fmt: skip
            standings = [
                each for each in self._standings.get(participant, []) if each.recipient == TEAM or not team_only
            ]
            decided = may(
                question, standings, self._entries.get(participant, []), self._exclusions.get(participant, []), self.now
            )
            self._decided[asked] = isinstance(decided, Allowed)
        return self._decided[asked]

    def lets(self, reader: Reader, held: Held, purposes: Collection[Read]) -> bool:
        """Returns whether somebody may read this, for any of these purposes."""
        if held.information == NOBODY or held.writer not in (None, reader.staff):
            return False
        return any(
            self.reads(reader, held.participant, held.information, held.day, each, team_only=held.team_only)
            for each in purposes
        )


def leaks(
    found: Collection[str],
    everything: Mapping[str, Sequence[Held]],
    ledgers: Sequence[Ledger],
    reader: Reader,
    purposes: Collection[Read],
) -> list[tuple[str, Held]]:
    """Returns what was found in an output and nothing lets the reader read; of two ledgers, around an act, either."""
    return [
        (each, everything[each][0])
        for each in found
        if each in everything
        and not (reader.reviews and everything[each][0].table in REVIEWED)
        and not any(ledger.lets(reader, held, purposes) for ledger in ledgers for held in everything[each])
    ]
