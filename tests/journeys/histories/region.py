"""A region with people of every role, two participants with a word in each field, and one who came from elsewhere."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from typing import Any, Final, NamedTuple
from uuid import UUID, uuid4

from spheres_core.consents.name_lines import may_be_about
from spheres_core.consents.operations import disclosures, exclusions, ledger, standings
from spheres_core.consents.operations.ledger import ConsentGiven, ConsentLine
from spheres_core.consents.queries.policies import EXEMPT, TABLES
from spheres_core.consents.schemas import CLASSES
from spheres_core.forms.attached_forms import FILE_KINDS
from spheres_core.foundation.database.schema import uuid7
from spheres_core.foundation.tenancy.context import Actor, Context
from spheres_core.foundation.tenancy.tenants import Definition
from spheres_core.testing import World, definition
from tests.journeys.histories.kept import Held, Reader, keys_of, new_word, read_all
from tests.spheres_core.followups.conftest import START, TODAY, Person
from tests.spheres_core.transfers.conftest import Transferring, ask_extra_questions

PARTNERS: Final = ("marie_vincent", "anonyme")
POLICE: Final = "spvm"
SERVICE: Final = "marie_vincent_psychotherapy"
OF_PARTNERS: Final = (
    "liaison",
    "committee_member",
    "clinical_support",
    "pivot_worker",
    "coordinator",
    "on_call_partner",
)
"""Somebody of a partner with more roles than anybody should have: no role opens a file."""
OF_OFFICES: Final = ("administrator", "privacy_officer", "evaluator", "content_editor")
BORN: Final = dt.date(2012, 11, 25)
"""Fourteen two days after the histories begin."""
COMING_ALONG: Final = ("needs_and_plan", "encounters", "own_words")
"""Classes that somebody agreed to let come along from another region."""
BASE: Final = (*TABLES, *EXEMPT)
"""Tables that each history begins with as they were."""
LEDGER: Final = ("standings", "exclusions", "disclosures", "consents", "consent_entries", "assignments")
STATES: Final = ("participations", "service_requests", "agenda_items", "recommendations")
AS_IT_WAS: Final = (
    *(f"DELETE FROM {name}" for name in LEDGER),
    *(f"DELETE FROM {name} t WHERE NOT EXISTS (SELECT FROM kept.{name} k WHERE k.id = t.id)"
      for name in BASE if name not in LEDGER),
    *(f"INSERT INTO {name} SELECT * FROM kept.{name}" for name in LEDGER),
    *(f"UPDATE {name} t SET state = k.state, version = k.version FROM kept.{name} k WHERE k.id = t.id"
      for name in STATES),
    "UPDATE meeting_names t SET called = k.called, version = k.version FROM kept.meeting_names k WHERE k.id = t.id",
    "UPDATE hand_overs SET state = 'offered'",
    "UPDATE committee_meetings SET state = 'planned', version = 1",
    "DELETE FROM received_transfers WHERE state <> 'accepted'",
    "DELETE FROM trail_entries WHERE verb LIKE 'transfer%'",
)  # fmt: skip
"""Statements that make everything as it was, sent as one."""


def _exchanging(slug: str, other: str) -> Definition:
    settings = {"notifications": {"channel": "file"}, "transfers": {"regions": [other]}}
    return definition(slug, "quebec", "montreal", settings=settings)


class Participant(NamedTuple):
    """Somebody who takes part."""

    id: UUID
    code: str


class Region:
    """A region in which histories take place, one after the other, each from the same beginning."""

    def __init__(self, world: World, chance: random.Random, *, slug: str = "north") -> None:
        self.chance, self.slug = chance, slug
        self.world = world.renew(_exchanging(slug, "south"), _exchanging("south", slug), now=START)
        self.team, self.south = Transferring(self.world, slug), Transferring(self.world, "south")
        self.tenant = self.team.tenant
        self.backup = Person(self.team, "pivot_worker", name="Sacha Côté")
        self.partners = [Person(self.team, *OF_PARTNERS, organization=each) for each in PARTNERS]
        self.police = Person(self.team, *OF_PARTNERS, organization=POLICE)
        self.office = Person(self.team, *OF_OFFICES)
        self.people = [
            self.team.pivot, self.backup, self.team.coordinator, *self.partners, self.police, self.office
        ]  # fmt: skip
        organizations = (None, None, None, *PARTNERS, POLICE, None)
        self.readers = {
            person.id: Reader(UUID(person.id), organization or "", person is self.office)
            for person, organization in zip(self.people, organizations, strict=True)
        }
        self.keys = world.act(slug, keys_of)
        self.advised: set[str] = set()
        """Words of requests for advice, which may be read at the advice desk and nowhere else."""
        for kind in sorted(FILE_KINDS):
            ask_extra_questions(world, slug, kind)
        self.meeting = self._meet()
        self.participants = [self._write_file() for _ in range(2)]
        self.participants.append(self._bring())
        self._decide_duplicates()
        self._keep_base()

    def word(self) -> str:
        """A new word that stands nowhere else."""
        return new_word(self.chance)

    def everything(self) -> dict[str, list[Held]]:
        """Everything that is kept of the participants, by the word, id or code."""
        found: dict[str, list[Held]] = {}
        for value, held in read_all(self.world, self.tenant, self.keys):
            found.setdefault(value, []).append(held)
        return found

    def _extra(self, kind: str) -> dict[str, Any]:
        return {f"on_{kind}": {"answers": {"ours": self.word(), "hers": self.word()}}}

    # ---- writing her file ------------------------------------------------------------------------------------------

    def _write_file(self) -> Participant:
        """Adds a participant and writes a word into each field of her file, with her agreement to all."""
        team, word = self.team, self.word
        agreement = {"on": TODAY, "how": "spoken", "words": word()}
        code = team.begin(pivot=team.pivot.id, agreement=agreement)["participant"]
        hers = f"/participants/{code}"
        agreed = (("*team", "follow_up", "read"), (PARTNERS[0], "service", "read"), (PARTNERS[0], "emergency", "read"),
                  ("*team", "committee", "discuss"), (PARTNERS[0], "committee", "discuss"))  # fmt: skip
        for recipient, purpose, act in agreed:
            lines = [{"recipient": recipient, "information": each, "purpose": purpose, "act": act}
                     for each in CLASSES if may_be_about(each, recipient, purpose, act)]  # fmt: skip
            given = {"kind": "information", "given_on": TODAY, "how": "spoken", "giver": "herself", "age": 19,
                     "lines": lines, "words": word()}  # fmt: skip
            team.pivot.do(f"{hers}/consents", given)
        team.pivot.do(f"{hers}/limits", {"on": TODAY})
        self._put(f"{hers}/identity", {"identity": self._identity(), "version": 0, "reason": f"Because {self.word()}"})
        self._put(f"{hers}/safe-contact", {"safe_contact": self._safe_contact(), "version": 0})
        self._put(f"{hers}/meeting-name", {"called": self.word(), "version": 0})
        for path, body in self._written():
            team.pivot.do(hers + path, body)
        self._write_more(hers)
        self._put(f"{hers}/drafts/{uuid4()}", self._draft())
        id = self._newest()
        actor = Actor("staff", UUID(team.coordinator.id))
        self.world.act(self.slug, lambda ctx: self._write_by_operations(ctx, id), actor=actor)
        return Participant(id, code)

    def _identity(self) -> dict[str, Any]:
        return {"legal_name": self.word(), "chosen_name": self.word(), "pronouns": self.word(),
                "birthday": BORN.isoformat()}  # fmt: skip

    def _safe_contact(self) -> dict[str, Any]:
        hours = [{"days": ["MO", "TU", "WE", "TH", "FR", "SA", "SU"], "opens": "00:00", "closes": "24:00"}]
        return {
            "channels": [
                {"channel": each, "value": self.word(), "hours": hours, "confirmed_on": TODAY,
                 "code_word": self.word(), "duress_word": self.word()}
                for each in ("phone", "text")
            ],
            "language": "fr-CA",
            "around_her": [{"relation": "exploiter", "instruction": self.word()}],
        }  # fmt: skip

    def _written(self) -> Iterator[tuple[str, dict[str, Any]]]:
        word = self.word
        yield "/strengths", {"what": word(), "identified_by": "both"}
        yield "/needs", {"need": "housing", "identified_by": "both", "urgency": "urgent", "what": word(),
                         "met_by": word(), "could_be_met_by": word(), "her_words": word(),
                         "extra": self._extra("need")}  # fmt: skip
        yield "/cycle-stages", {"model": "cycle_of_exploitation", "stage": "crisis", "her_stage": "crisis",
                                "note": word(), "her_words": word()}  # fmt: skip
        yield "/dates", {"kind": "rent", "on": "2026-11-30", "repeats": "monthly", "note": word()}
        yield "/emergency-plan", {"version": 0, "language": "fr-CA", "community": "montreal", "places": [],
                                  "sections": {"signs": word(), "helps": word(), "code_word": word()},
                                  "people": [{"name": word(), "ways": word(), "times": word()}],
                                  "carried": ["signs", "people"]}  # fmt: skip
        yield "/service-gaps", {"need": "housing", "note": word(), "age": 17, "language": "fr", "area": "montreal"}
        yield "/reporting-decisions", {"decision": "not_reported", "recipient": "youth_protection", "told": "before",
                                       "decided_on": TODAY, "reason": word(), "her_words": word()}  # fmt: skip
        yield "/contact-attempts", {"channel": "phone", "outcome": "no_answer"}
        for kind in ("clinic", "court"):
            yield "/accompaniments", {"state": "held", "kind": kind, "at": "2026-11-23T13:00:00Z", "what": word(),
                                      "wish": "nearby", "wish_words": word(), "how_it_went": word()}  # fmt: skip
        yield "/accompaniments", {"state": "held", "kind": "peer_meeting", "at": "2026-11-23T13:20:00Z", "what": word(),
                                  "agreed": ["herself", "other_side"], "first_name": word()}  # fmt: skip
        planned = {"state": "planned", "kind": "in_person", "at": "2026-11-24T15:00:00Z", "note": word()}
        yield "/encounters", planned

    def _write_more(self, hers: str) -> None:
        """Writes what needs a record that was written before."""
        do, word = self.team.pivot.do, self.word
        held = {"state": "held", "kind": "phone", "at": "2026-11-23T14:30:00Z", "note": word(), "her_words": word(),
                "extra": self._extra("encounter")}  # fmt: skip
        made = do(f"{hers}/encounters", held)
        for is_hers in (False, True):
            do(f"{hers}/encounters/{made['id']}/addenda", {"text": word(), "hers": is_hers})
        outing = {"activity": "museum", "at": "2026-11-24T18:00:00-05:00", "place": "Au coin", "seats": 8}
        id = self.team.coordinator.do("/activities", outing)["items"][0]["id"]
        do(f"{hers}/activities", {"outing": id, "how": "encounter", "expects": word()})
        goal = do(f"{hers}/goals", {"words": word(), "proposed_by": "herself", "extra": self._extra("goal")})
        do(f"{hers}/goals/{goal['id']}/stages", {"placed_by": "both", "importance": 3, "note": word(),
                                                 "her_words": word()})  # fmt: skip
        asked = {"service": SERVICE, "need": "mental_health", "what": word(), "age": 17, "language": "fr",
                 "area": "montreal", "exception": word(), "shares": ["needs_and_plan", "own_words"],
                 "extra": self._extra("service_request")}  # fmt: skip
        made = do(f"{hers}/requests", asked)
        for to in ("acknowledged", "accepted"):
            answer = {"to": to, "version": made["version"], "words": word()}
            made = self.partners[0].do(f"/requests/{made['id']}/answer", answer, status=200)
        step = {"to": "paused", "version": 2, "reason": "her_wish", "note": word()}
        do(f"{hers}/participations/steps", step, status=200)
        do(f"{hers}/participations/steps", {"to": "active", "version": 3}, status=200)
        do(f"{hers}/emergency-plan/agree", {"version": 1}, status=200)
        self.partners[0].do(f"{hers}/emergency-access", {"reason": f"{word()} is the reason"})
        do(f"{hers}/emergency-plan/not-now", {"ask_again_on": "2027-01-01"}, status=200)
        self._discuss(hers)
        do("/hand-overs", {"to": self.backup.id, "participants": [hers.split("/")[2]], "word": word()})

    def _meet(self) -> str:
        """Plans a meeting of the Clinical Committee, in which a coordinator and somebody of a partner sit."""
        coordinator = self.team.coordinator
        for person in (coordinator, self.partners[0]):
            coordinator.do("/committee-seats", {"body": "clinical", "staff": person.id, "starts": TODAY})
        meeting = str(coordinator.do("/meetings", {"body": "clinical", "at": "2026-12-03T14:00:00Z"})["id"])
        coordinator.do(f"/meetings/{meeting}/presence", {"staff": [coordinator.id]}, status=200)
        return meeting

    def _discuss(self, hers: str) -> None:
        """Puts her on the agenda of the meeting, which recommends something; she is told, and it is done."""
        do, word, coordinator = self.team.pivot.do, self.word, self.team.coordinator
        put = {"participant": hers.split("/")[2], "question": word(), "asked": "said", "wants_said": word(),
               "told_on": TODAY, "shares": ["needs_and_plan", "stages"]}  # fmt: skip
        item = do(f"/meetings/{self.meeting}/agenda", put)
        posted = {"item": item["number"], "what": word(), "owner": coordinator.id, "due_on": "2026-12-10",
                  "dissented": [coordinator.id], "dissent": word()}  # fmt: skip
        made = coordinator.do(f"/meetings/{self.meeting}/recommendations", posted)
        path = f"{hers}/recommendations/{made['id']}"
        told = {"on": TODAY, "told": word(), "her_words": word(), "version": 1}
        do(f"{path}/told", told, status=200)
        do(f"{path}/result", {"state": "done", "result": word(), "version": 2}, status=200)

    def _draft(self) -> dict[str, Any]:
        return {"form": "encounter", "values": {"note": self.word(), "her_words": self.word()}, "number": 1}

    def _put(self, path: str, body: Any) -> None:
        answer = self.team.pivot.put(path, body)
        assert answer.status_code == 200, answer.text

    async def _write_by_operations(self, ctx: Context, her: UUID) -> None:
        """Writes what has no route of its own yet, or whose words are shown nowhere."""
        await standings.open_standing(
            ctx, her, "investigation", recipient="*team", classes=("stages",), acts=("read",), purpose="oversight",
            opened_by=("investigation", uuid7()), staff=UUID(int=77), ends=ctx.now + dt.timedelta(days=1),
            basis=self.word(),
        )  # fmt: skip
        id = await exclusions.exclude(ctx, her, "her_wish", staff=UUID(int=78), reason=self.word())
        await exclusions.end_exclusion(ctx, her, id)
        await disclosures.record_disclosure(
            ctx, her, PARTNERS[1], "legal", "service", left_by=("letter", uuid7()), basis=self.word()
        )
        given = ConsentGiven("information", ctx.today, "spoken", "benefit", BORN, (
            ConsentLine(PARTNERS[1], "activities", "service"),), holder=PARTNERS[1], benefit=self.word())  # fmt: skip
        await ledger.give_consent(ctx, her, given)

    def _newest(self) -> UUID:
        newest = "SELECT id FROM participants WHERE tenant_id = %s ORDER BY id DESC LIMIT 1"
        found: UUID = self.world.sql(newest, self.tenant)[0][0]
        return found

    def _bring(self) -> Participant:
        """Lets somebody come from another region with what she agreed to."""
        code = str(self.south.begin(pivot=self.south.pivot.id)["participant"])
        hers, do = f"/participants/{code}", self.south.pivot.do
        self.south.agree(code, *COMING_ALONG)
        do(f"{hers}/strengths", {"what": self.word(), "identified_by": "both"})
        do(f"{hers}/encounters", {"state": "held", "kind": "phone", "at": "2026-11-23T14:30:00Z", "note": self.word(),
                                  "her_words": self.word()})  # fmt: skip
        self.south.offer(code, self.slug, *COMING_ALONG)
        self.south.cross()
        new = self.team.accept()["participant"]
        self.team.cross()
        self.south.cross()
        return Participant(self._newest(), new)

    def _decide_duplicates(self) -> None:
        """Notes that the two are not the same person, as somebody who knows of both, undoes it, and notes it again."""
        kept, other, _ = (each.code for each in self.participants)
        self.team.pivot.do(f"/participants/{kept}/kept-apart", {"participant": other})
        posted = {"participant": kept, "other": other, "same": False, "reason": f"{self.word()} is the reason"}
        made = self.team.coordinator.do("/participant-duplicates", posted)
        undone = {"reason": f"{self.word()} is the reason"}
        self.team.coordinator.do(f"/participant-duplicates/{made['id']}/undo", undone, status=200)
        self.team.coordinator.do("/participant-duplicates", posted)

    # ---- each history from the same beginning ----------------------------------------------------------------------

    def _keep_base(self) -> None:
        """Takes back what she agreed to but that she takes part, and keeps a copy of all that is there."""
        sql = self.world.sql
        of_information = "SELECT id FROM consents WHERE kind = 'information'"
        sql(
            f"UPDATE consent_entries SET withdrawn_at = %s, ends = %s WHERE consent_id IN ({of_information})",
            *[START] * 2,
        )
        sql("UPDATE consents SET withdrawn_at = %s, ends = %s WHERE kind = 'information'", START, START)
        sql("DROP SCHEMA IF EXISTS kept CASCADE")
        sql("CREATE SCHEMA kept")
        for name in BASE:
            sql(f"CREATE TABLE kept.{name} AS SELECT * FROM {name}")

    def begin_again(self) -> None:
        """Makes everything as it was before the last history."""
        self.world.now = START
        self.world.sql("; ".join(AS_IT_WAS))
