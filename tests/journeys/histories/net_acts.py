"""What happens in the net around her: plans, emergency accesses, invitations, agendas, requests for advice."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from spheres_core.consents.name_lines import may_be_about
from spheres_core.consents.operations import ledger
from spheres_core.consents.operations.ledger import ConsentGiven, ConsentLine
from spheres_core.consents.schemas import CLASSES, TEAM, Act, Purpose
from spheres_core.facts import AgeRange
from tests.journeys.histories.kept import Ledger
from tests.journeys.histories.outputs import Route
from tests.journeys.histories.region import PARTNERS, Participant
from tests.journeys.histories.sent import Sent
from tests.spheres_core.followups.conftest import START, TODAY

if TYPE_CHECKING:
    from tests.journeys.histories.acts import History
    from tests.spheres_core.followups.conftest import Person


LETS: Final[tuple[tuple[str, Purpose, Act], ...]] = (
    (TEAM, "follow_up", "read"), (TEAM, "follow_up", "write"), (PARTNERS[0], "emergency", "read"),
    (TEAM, "committee", "discuss"), (PARTNERS[0], "committee", "discuss"),
)  # fmt: skip
"""What lets all of these happen, if somebody has to do with her."""


def write_plan(history: History) -> str:
    """Her emergency plan is written anew, and she agrees to it or not yet."""
    her, person = _somebody(history), _whoever(history)
    path = f"/participants/{her.code}/emergency-plan"
    found = person.get(path)
    if found.status_code != 200:
        return f"plan: {found.status_code}"
    plan = found.json()
    version = max([each["version"] for each in (plan["draft"], plan["agreed"]) if each], default=0)
    word = history.region.word
    body = {"version": version, "language": "fr-CA", "sections": {"signs": word(), "helps": word()}, "places": [],
            "people": [{"name": word(), "ways": word(), "times": word()}], "carried": ["people"]}  # fmt: skip
    told = post(history, person, path, body)
    if history.chance.random() < 0.5:
        told += f", {post(history, person, f'{path}/agree', {'version': version + 1})}"
    return told


def open_plan(history: History) -> str:
    """Somebody on call opens a plan by her code."""
    reason = f"{history.region.word()} is the reason"
    on_call = history.chance.choice([history.region.partners[0], *history.region.partners, history.region.police])
    return post(history, on_call, f"/participants/{_somebody(history).code}/emergency-access", {"reason": reason})


def invite(history: History) -> str:
    """She is asked along to an outing, or what she answered is changed."""
    her, person = _somebody(history), _whoever(history)
    outings = [row[0] for row in history.region.world.sql("SELECT id FROM outings ORDER BY id")]
    body = {"outing": str(history.chance.choice(outings)), "how": "encounter", "expects": history.region.word(),
            "answer": history.chance.choice(("yes", "later"))}  # fmt: skip
    return post(history, person, f"/participants/{her.code}/activities", body)


def put_on_agenda(history: History) -> str:
    """A committee is to think along about her situation."""
    her, person, word = _somebody(history), _whoever(history), history.region.word
    classes = history.chance.choice((["needs_and_plan"], ["needs_and_plan", "stages"], ["encounters"]))
    body = {"participant": her.code, "question": word(), "asked": "said", "wants_said": word(),
            "told_on": TODAY, "shares": classes}  # fmt: skip
    return post(history, person, f"/meetings/{history.region.meeting}/agenda", body)


def recuse(history: History) -> str:
    """A member stays out of an item."""
    body = {"item": history.chance.randint(1, 3)}
    return post(history, _whoever(history), f"/meetings/{history.region.meeting}/recuse", body)


def ask_for_advice(history: History) -> str:
    """A professional asks how to intervene: what she types stands nowhere but at the desk."""
    region = history.region
    word = region.word()
    region.advised.add(word)
    answers = {"situation": f"Une jeune reçoit des cadeaux {word}.", "question": f"Que dire {word}?"}
    asked = {"answers": answers, "language": "fr", "confirmed": True}
    return f"advice: {region.world.post(f'/t/{region.slug}/api/advice', json=asked).status_code}"


def post(history: History, person: Person, path: str, body: dict[str, Any]) -> str:
    """Posts something as somebody, and keeps what was answered, to be looked at."""
    region = history.region
    kept, before = region.everything(), Ledger(region.world, region.tenant)
    person.sign_in()
    answer = person.post(path, body)
    history.sent.append(Sent(person, Route("POST", path, False), path + json.dumps(body), answer, kept, before))
    return f"{person.email[:6]} {path.rpartition('/')[2]}: {answer.status_code}"


def _somebody(history: History) -> Participant:
    """Returns a participant, who mostly lets it happen first."""
    her = history.one()
    if history.chance.random() < 0.7:
        lines = tuple(ConsentLine(to, each, purpose, act) for to, purpose, act in LETS
                      for each in CLASSES if may_be_about(each, to, purpose, act))  # fmt: skip
        given = ConsentGiven("information", START.date(), "spoken", "herself", AgeRange(18, 24), lines)
        agreed = history.act(lambda ctx: ledger.give_consent(ctx, her.id, given))
        history.told.append(f"agree to all: {agreed}")
    return her


def _whoever(history: History) -> Person:
    """Returns mostly the one who has to do with her."""
    region = history.region
    person = region.team.pivot if history.chance.random() < 0.6 else history.chance.choice(region.people)
    person.sign_in()
    return person
