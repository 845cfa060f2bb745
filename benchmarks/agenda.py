"""A meeting with thirty files on its agenda: each of eight members reads her brief, at the product and at the floor.

Two members sit for each of four organizations. Each participant lets all of them discuss her plan; one who lets
another organization discuss her stands on no brief here. What a brief shows an organization for the first time is
recorded as having left; what is measured are the readings after that.
"""

import asyncio
import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from typing import Any, Final
from uuid import UUID

import asyncpg
import msgspec

from benchmarks import ground, sameness
from benchmarks.caseload import Laying
from benchmarks.figures import Load, Measured
from benchmarks.ground import KEY, Agenda, Ground
from benchmarks.serving import Server
from spheres_core.foundation.database.schema import uuid7
from spheres_core.foundation.encryption import Keyring

BRIEFS: Final = "briefs"
ITEMS: Final = 30
MEMBERS: Final = 8
ORGANIZATIONS: Final = ("marie_vincent", "anonyme", "en_marge_12_17", "example_clinic")
DISCUSSED: Final = ("committee", "needs_and_plan", "own_words", "participation")
IN_EACH_PLAN: Final = 3
"""Strengths and open needs of each participant; goals likewise."""
_COLUMNS: Final[Mapping[str, str]] = {
    "committee_meetings": "tenant_id id body at ends_at place state version author written_at",
    "participants": "tenant_id id code code_mark dated_on",
    "consents": "tenant_id id participant_id kind given_on how giver authority recorded_at to_confirm holder regime"
    " starts ends",
    "consent_entries": "tenant_id id consent_id participant_id recipient information act purpose starts ends first_day"
    " last_day onward",
    "participations": "tenant_id id participant_id consent_id state version dated_on changed_at",
    "agenda_items": "tenant_id id participant_id meeting_id number state carried asked told_on shares named version"
    " author written_at dated_on",
    "committee_texts": "tenant_id id participant_id about information part version words author written_at dated_on",
    "standings": "tenant_id id participant_id kind staff_id recipient classes acts purpose starts ends opened_by_kind"
    " opened_by_id",
    "strengths": "tenant_id id participant_id participation_id identified_by version author written_at dated_on",
    "goals": "tenant_id id participant_id participation_id state proposed_by needs hers version author written_at"
    " dated_on",
    "needs": "tenant_id id participant_id participation_id need state identified_by urgency version author written_at"
    " dated_on",
    "plan_texts": "tenant_id id participant_id about information part version words author written_at dated_on hers",
}


def measure(laid: Ground, home: Path, servers: Mapping[str, Server], load: Load, *, rounds: int) -> dict[str, Any]:
    """Product and floor in turns: ratios, processor time, and how long eight members wait for their briefs."""
    path, meeting = home / "agenda.json", asyncio.run(_lay(laid))
    asked = msgspec.structs.replace(laid, places=[msgspec.structs.replace(laid.places[0], agenda=meeting)])
    ground.write(asked, path)
    found = Measured(BRIEFS, f"{ITEMS} files, {MEMBERS} members")
    sameness.check_briefs(asked, servers["product"], servers["floor"])
    for server in servers.values():
        load(server, path, BRIEFS, 1)
    for turn in range(rounds):
        for side in ("product", "floor") if turn % 2 == 0 else ("floor", "product"):
            getattr(found, side).slices.append(load(servers[side], path, BRIEFS, 1))
    one = median(taken for each in found.product.slices for taken in each.taken)
    return {**found.plain(), "items": ITEMS, "members": MEMBERS, "all_members_ms": round(MEMBERS * one, 1)}


async def _lay(laid: Ground) -> Agenda:
    """Adds a meeting to the first tenant, its members, and those whom it may discuss."""
    connection = await asyncpg.connect(laid.owner)
    tenant, wrapped = await connection.fetchrow(
        "SELECT id, wrapped FROM tenants JOIN tenant_keys ON tenant_id = id WHERE slug = $1", laid.places[0].slug
    )
    laying = _Meeting(tenant, Keyring(KEY).unwrap(tenant, wrapped), _COLUMNS)
    tokens = laying.add_members()
    for number in range(1, ITEMS + 1):
        laying.add_item(number)
    await laying.copy(connection)
    await connection.execute("VACUUM ANALYZE")
    await connection.close()
    return Agenda(str(laying.meeting), tokens)


class _Meeting(Laying):
    """A meeting and its items."""

    meeting: UUID
    ends: dt.datetime
    members: list[tuple[UUID, str]]

    def add_members(self) -> list[str]:
        at = self.now + dt.timedelta(hours=1)
        self.meeting, self.ends = uuid7(), self.now + dt.timedelta(hours=5)
        place = self.keys.seal("committee_meetings", self.meeting, "place", "Salle 3")
        self.rows["committee_meetings"].append(
            (self.tenant, self.meeting, "clinical", at, self.ends, place, "planned", 1, None, self.now)
        )
        self.members = [(uuid7(), ORGANIZATIONS[number % len(ORGANIZATIONS)]) for number in range(MEMBERS)]
        return [self.add_staff(id, "committee_member", organization) for id, organization in self.members]

    def add_item(self, number: int) -> None:
        (her, _), day = self.add_participant(), self.since.date()
        consent = self.add_consent(her)
        for organization in ORGANIZATIONS:
            for information in DISCUSSED:
                self.add_line(consent, her, organization, information, "discuss", "committee")
        episode = self.add("participations", her, consent, "active", 2, day, self.since)
        item = self.add(
            "agenda_items", her, self.meeting, number, "on", False, "said", day, ["needs_and_plan"], [], 1, None,
            self.now, day,
        )  # fmt: skip
        self._say("committee_texts", her, item, "committee", "question", "Comment l’aider à garder son logement ?")
        self._say("committee_texts", her, item, "own_words", "wants_said", "Je veux rester dans mon quartier.")
        for staff, organization in self.members:
            self.add(
                "standings", her, "committee", staff, organization, list(DISCUSSED), ["discuss"], "committee",
                self.since, self.ends, "agenda_item", item,
            )  # fmt: skip
        for turn in range(IN_EACH_PLAN):
            written = (1, None, self.since, day)
            strength = self.add("strengths", her, episode, "both", *written)
            goal = self.add("goals", her, episode, "active", "herself", [], True, *written)
            need = self.add("needs", her, episode, "housing", "open", "herself", "soon", *written)
            self._say("plan_texts", her, strength, "needs_and_plan", "what", f"Elle dessine ({turn})")
            self._say("plan_texts", her, goal, "needs_and_plan", "what", f"Finir mon cours ({turn})")
            self._say("plan_texts", her, need, "needs_and_plan", "what", f"Un logement stable ({turn})")

    def _say(self, table: str, her: UUID, about: UUID, information: str, part: str, words: str) -> None:
        id = uuid7()
        self.rows[table].append(
            (self.tenant, id, her, about, information, part, 1, self.keys.seal(table, id, "words", words), None,
             self.since, self.since.date(), *([False] if table == "plan_texts" else []))
        )  # fmt: skip


def show(found: Mapping[str, Any]) -> str:
    """The figures for a person."""
    product, floor = found["product"], found["floor"]
    return (
        f"\nthe brief of one of {found['members']} members, {found['items']} files on the agenda:\n"
        f"  ratio {found['ratio']:.2f} ({found['ratio_min']:.2f}–{found['ratio_max']:.2f}),"
        f" cpu {found['cpu_ratio']:.2f}; p50 and p99 {product['p50_ms']:.1f} {product['p99_ms']:.1f} ms,"
        f" the floor’s {floor['p50_ms']:.1f} {floor['p99_ms']:.1f};"
        f" all members one by one {found['all_members_ms']:.0f} ms (allowed: 10 s)"
    )
