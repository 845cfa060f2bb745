"""The card that she may carry holds what she wants on it of the plan to which she agreed, in her language, nameless."""

from __future__ import annotations

import io
from typing import Any, Final

import pikepdf
import pytest
from msgspec import Struct

from spheres_core.safety.schemas.card import SHOWN, Card
from tests.spheres_core.activities.test_portrait import marks_of, words_of
from tests.spheres_core.followups.conftest import Person, Team
from tests.spheres_core.plans.test_plan_pages import page_of, send
from tests.spheres_core.safety.conftest import PLAN

CARRIED: Final = ["people", "places", "numbers", "not_wanted", "after"]
LEFT_AT_HOME: Final = ("cogne à la porte", "sans arrêt", "Pluie")
PROGRAM: Final = ("SPHÈRES", "SPHERES", "exploitation")


def agree_to(team: Team, code: str, **changed: Any) -> None:
    path = f"/participants/{code}/emergency-plan"
    version = team.pivot.read(path)["version"]
    team.pivot.do(path, PLAN | {"version": version, "carried": CARRIED} | changed)
    team.pivot.do(f"{path}/agree", {"version": version + 1}, status=200)


def card_of(person: Person, code: str, size: str = "page") -> Any:
    return person.get(f"/participants/{code}/emergency-plan/card?size={size}")


class WithAStage(Struct):
    """What the card must never become."""

    card: Card
    stage: str


def test_no_field_of_it_can_hold_a_risk_or_a_view_of_a_worker() -> None:
    def is_hers(kind: type[Struct]) -> bool:
        return all(mark is not None and mark[0] in SHOWN for mark in marks_of(kind))

    assert is_hers(Card)
    assert not is_hers(WithAStage), "the control"
    assert {"emergency_plan"} == SHOWN
    assert {mark[1] for mark in marks_of(Card) if mark} == {"hers", "region", "number"}


@pytest.mark.parametrize(
    ("language", "title", "people"),
    [("fr-CA", "À garder sur moi", "Les personnes à qui je fais confiance"),
     ("en-CA", "To keep with me", "People I trust")],
)  # fmt: skip
@pytest.mark.parametrize(("size", "width"), [("page", 612), ("card", 210)])
def test_it_is_tagged_in_her_language_and_holds_what_she_wants_on_it(
    team: Team, code: str, language: str, title: str, people: str, size: str, width: int
) -> None:
    agree_to(team, code, language=language)
    answer = card_of(team.pivot, code, size)

    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.headers["content-disposition"] == 'attachment; filename="notes.pdf"'
    assert answer.headers["cache-control"] == "no-store"
    with pikepdf.open(io.BytesIO(answer.content)) as pdf:
        assert bool(pdf.Root.MarkInfo.Marked)
        assert str(pdf.Root.Lang) == language
        assert pdf.Root.StructTreeRoot.K is not None
        assert str(pdf.open_metadata()["dc:title"]) == title
        assert round(float(pdf.pages[0].MediaBox[2])) == width
        assert "/URI" not in str(pdf.Root), "nothing in it asks the network for anything"
    text = " ".join(words_of(answer.content).split())
    for said in (title, people, "Tante Lou", "par texto", "le soir", "N’appelez pas ma mère", "911"):
        assert said in text, said
    for never in (*LEFT_AT_HOME, *PROGRAM, code, "open now", "ouvert"):
        assert never not in text, never
    named = "Places and numbers as of" if language == "en-CA" else "Lieux et numéros en date du"
    assert named in text


def test_it_is_the_plan_to_which_she_agreed_and_never_the_draft(team: Team, code: str) -> None:
    path = f"/participants/{code}/emergency-plan"
    team.pivot.do(path, PLAN | {"carried": CARRIED})
    refused = card_of(team.pivot, code)
    assert (refused.status_code, refused.json()["code"]) == (409, "nothing_to_carry")
    team.pivot.do(f"{path}/agree", {"version": 1}, status=200)
    draft = {"not_wanted": "Autre chose", "code_word": "Neige"}
    team.pivot.do(path, PLAN | {"version": 1, "carried": ["code_word", "not_wanted"], "sections": draft})
    text = words_of(card_of(team.pivot, code).content)
    assert "ma mère" in text
    assert "Autre chose" not in text
    assert "Neige" not in text
    assert card_of(team.pivot, code, "poster").status_code in (400, 422)


def test_nothing_stands_on_it_that_she_did_not_choose(team: Team, code: str) -> None:
    agree_to(team, code, carried=[])
    assert card_of(team.pivot, code).json()["code"] == "nothing_to_carry"
    unknown = team.pivot.post(f"/participants/{code}/emergency-plan", PLAN | {"version": 1, "carried": ["nowhere"]})
    assert (unknown.status_code, unknown.json()["code"]) == (422, "catalogue_code_unknown")
    page = page_of(team.pivot, f"/participants/{code}/emergency-plan")
    assert "She wants nothing of it on a card." in page
    refused = send(team.pivot, f"/participants/{code}/emergency-plan/card", {"size": "page"})
    assert (refused.status_code, "Nothing stands on her card" in refused.text) == (409, True)


@pytest.mark.parametrize("named", ["Refuge Spherès", "Halte de la RÉGION NORTH"])
def test_a_place_that_names_the_program_or_the_region_stands_on_it_without_its_name(
    team: Team, code: str, named: str
) -> None:
    agree_to(team, code)
    said = words_of(card_of(team.pivot, code).content)
    rows = "UPDATE services SET content = jsonb_set(content, '{name,fr}', to_jsonb(%s::text)) WHERE key = %s"
    ((was,),) = team.world.sql("SELECT content->'name'->>'fr' FROM services WHERE key = %s", *PLAN["places"])
    assert was in said, "the control"
    team.world.sql(rows, named, *PLAN["places"])
    text = words_of(card_of(team.pivot, code).content)
    team.world.sql(rows, was, *PLAN["places"])
    assert named.split()[0] not in text
    assert "514" in text, "its number stays"


def test_that_it_was_made_stays_in_the_trail_without_a_word(team: Team, code: str) -> None:
    agree_to(team, code)
    page = page_of(team.pivot, f"/participants/{code}/emergency-plan")
    assert "Make the small card (PDF)" in page
    for size in ("page", "card"):
        made = send(team.pivot, f"/participants/{code}/emergency-plan/card", {"size": size})
        assert made.content[:5] == b"%PDF-"
    rows = team.world.sql("SELECT details FROM trail_entries WHERE verb = 'emergency_plan.card_made' ORDER BY id DESC")
    assert [set(details) for (details,) in rows[:2]] == [{"plan", "version"}] * 2


def test_it_is_for_whoever_follows_her(team: Team, code: str) -> None:
    agree_to(team, code)
    for person in (team.coordinator, Person(team, "pivot_worker")):
        assert card_of(person, code).status_code == 404
