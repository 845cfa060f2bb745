"""The portrait holds what she may keep: her strengths in her words, no risk, no view of a worker, no programme word."""

from __future__ import annotations

import io
import types
from collections.abc import Iterator
from typing import Annotated, Any, Final, Literal, get_args, get_origin, get_type_hints

import msgspec
import pikepdf
import pytest
from msgspec import Meta, Struct

from spheres_core.activities.schemas.portrait import SHOWN, Portrait, PortraitPrinted
from spheres_core.plans.schemas.together import Whose
from tests.spheres_core.activities.conftest import AFTER, ask, plan, somebody
from tests.spheres_core.followups.conftest import Person, Team
from tests.spheres_core.followups.pages import Browser

KEPT_OUT: Final = ("Un danger", "Vue de la travailleuse", "logement", "SPHÈRES", "SPHERES", "En Marge", "crise")


def marks_of(type_: Any) -> Iterator[tuple[str, str] | None]:
    """The class and the voice of each leaf of a type; None for a leaf without its mark."""
    if get_origin(type_) is Annotated:
        extra = next((each.extra for each in type_.__metadata__ if isinstance(each, Meta) and each.extra), {})
        yield (extra["information"], extra["whose"]) if extra else None
    elif isinstance(type_, type) and issubclass(type_, Struct):
        for each in get_type_hints(type_, include_extras=True).values():
            yield from marks_of(each)
    elif get_origin(type_) in (list, types.UnionType):
        for each in get_args(type_):
            yield from marks_of(each)
    elif type_ is not types.NoneType:
        yield None


class WithARisk(Struct):
    """What the portrait must never become."""

    strengths: list[Annotated[str, Meta(extra={"information": "needs_and_plan", "whose": "agreed"})]]
    stage: str


def is_hers(marks: list[tuple[str, str] | None]) -> bool:
    voices = set(get_args(Whose))
    return all(mark is not None and mark[0] in SHOWN and mark[1] in voices for mark in marks)


def test_no_field_of_it_can_hold_a_risk_or_a_view_of_a_worker() -> None:
    assert is_hers(list(marks_of(Portrait)))
    assert not is_hers(list(marks_of(WithARisk))), "the control"
    names = {each.name for each in msgspec.structs.fields(Portrait)}
    assert names == {"strengths", "tried", "words", "reached"}
    assert {"needs_and_plan", "activities", "own_words"} == SHOWN
    assert {each.name for each in msgspec.structs.fields(PortraitPrinted)} == {"title", "name", "parts", "empty"}
    assert Literal


class Written:
    """A file of which much is written that is no part of a portrait."""

    def __init__(self, team: Team) -> None:
        self.team, self.code = team, somebody(team)
        hers, do = f"/participants/{self.code}", team.pivot.do
        team.agree(self.code, "stages", "encounters")
        for what, by in (("Elle dessine bien", "both"), ("Vue de la travailleuse", "worker")):
            do(f"{hers}/strengths", {"what": what, "identified_by": by})
        do(f"{hers}/needs", {"need": "housing", "identified_by": "both", "what": "Un danger", "her_words": "logement"})
        do(f"{hers}/cycle-stages", {"model": "cycle_of_exploitation", "stage": "crisis", "note": "Un danger"})
        goal = do(f"{hers}/goals", {"words": "Avoir ma clé", "proposed_by": "herself"})
        done = {"words": "Avoir ma clé", "hers": True, "state": "reached", "she_wants_it": True, "version": 1}
        assert team.pivot.put(f"{hers}/goals/{goal['id']}", done).status_code == 200
        do(f"{hers}/goals", {"words": "Un but en route", "proposed_by": "herself"})
        outing = plan(team)
        made = ask(team.pivot, self.code, outing, answer="yes", expects="J’ai peur")
        team.world.now = AFTER
        team.pivot.sign_in()
        do(f"/activities/{outing}/attendance", {"came": [self.code]}, status=200)
        said = {"version": 2, "answer": "yes", "expects": "J’ai peur", "felt": "J’ai ri #panic() *fort*"}
        assert team.pivot.put(f"{hers}/activities/{made['id']}", said).status_code == 200
        self.path = f"{hers}/portrait"


@pytest.fixture
def written(team: Team) -> Written:
    return Written(team)


def words_of(content: bytes) -> str:
    """The text of a file, as its characters are mapped for readers."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return "".join(_text(page) for page in pdf.pages)


def _text(page: pikepdf.Page) -> str:
    maps = {str(name): _unicode(font) for name, font in page.Resources.Font.items()}
    known: dict[int, str] = {}
    found = []
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) == "Tf":
            known = maps[str(operands[0])]
        elif str(operator) in ("Tj", "TJ"):
            for each in operands[0] if str(operator) == "TJ" else [operands[0]]:
                if isinstance(each, pikepdf.String):
                    raw = bytes(each)
                    found += [known.get(int.from_bytes(raw[at : at + 2], "big"), "") for at in range(0, len(raw), 2)]
        elif str(operator) == "BT":
            found.append(" ")
    return "".join(found)


def _unicode(font: Any) -> dict[int, str]:
    found: dict[int, str] = {}
    text = bytes(font.ToUnicode.read_bytes()).decode("ascii", "ignore")
    for line in text.splitlines():
        parts = line.replace("><", "> <").split()
        if len(parts) == 2 and all(part.startswith("<") and part.endswith(">") for part in parts):
            found[int(parts[0][1:-1], 16)] = bytes.fromhex(parts[1][1:-1]).decode("utf-16-be")
    return found


@pytest.mark.parametrize(
    ("language", "title"), [("fr-CA", "Ce sur quoi je peux compter"), ("en-CA", "What I can build on")]
)
def test_it_is_tagged_in_her_language_and_holds_nothing_else(written: Written, language: str, title: str) -> None:
    answer = written.team.pivot.post(written.path, {"name": "Maïka", "language": language})

    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.headers["content-disposition"] == 'attachment; filename="portrait.pdf"'
    assert answer.headers["cache-control"] == "no-store"
    with pikepdf.open(io.BytesIO(answer.content)) as pdf:
        assert bool(pdf.Root.MarkInfo.Marked)
        assert str(pdf.Root.Lang) == language
        assert pdf.Root.StructTreeRoot.K is not None
        assert title in str(pdf.open_metadata()["dc:title"])
    text = words_of(answer.content).replace("\xa0", " ")
    for said in (title, "Maïka", "Elle dessine bien", "Avoir ma clé", "J’ai ri #panic() *fort*"):
        assert said in text, said
    for never in (*KEPT_OUT, "J’ai peur", "Un but en route", written.code):
        assert never not in text, never


def test_it_has_no_name_unless_she_wants_one_and_the_name_is_kept_nowhere(written: Written) -> None:
    plain = written.team.pivot.get(written.path)
    assert plain.status_code == 200
    assert "Maïka" not in words_of(plain.content)
    page = Browser(written.team.pivot)
    made = page.send(f"participants/{written.code}/portrait", name="Maïka", language="fr-CA")
    assert made.content[:5] == b"%PDF-"
    assert "kept nowhere" in page.read(f"participants/{written.code}/portrait")
    rows = written.team.world.sql("SELECT details::text FROM trail_entries WHERE verb = 'portrait.made'")
    assert rows
    assert not [details for (details,) in rows if details and "Ma" in details]


def test_it_is_for_whoever_follows_her(written: Written) -> None:
    for person in (written.team.coordinator, Person(written.team, "pivot_worker")):
        person.sign_in()
        assert person.get(written.path).status_code == 404
        assert Browser(person).get(f"participants/{written.code}/portrait").status_code == 404
