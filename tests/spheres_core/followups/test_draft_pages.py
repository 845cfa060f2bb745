"""A note that is not sent yet, on pages and without JavaScript: kept for later, offered to its writer, thrown away."""

from __future__ import annotations

import re
from html import unescape
from typing import Any, Final

import pytest

from spheres_core.testing import World
from tests.spheres_core.followups.conftest import START, Person, Team
from tests.spheres_core.followups.pages import Browser

NOTE: Final = {
    "state": "held", "kind": "phone", "day": "2026-11-23", "time": "9:30", "place": "outside",
    "note": "Elle cherche\r\nun logement", "her_words": "Ma clé", "from": "my_day",
}  # fmt: skip
OFFER: Final = "You began this and did not send it"


class Writer:
    """A pivot worker at the form of a note about somebody who lets encounters and her own words be kept."""

    def __init__(self, team: Team) -> None:
        self.team, self.browser = team, Browser(team.pivot)
        self.code = str(team.begin(pivot=team.pivot.id)["participant"])
        team.agree(self.code, "encounters", "own_words")
        self.encounters = f"participants/{self.code}/encounters"
        self.form = f"{self.encounters}/new?from=my_day"

    def keep(self, page: str, path: str, **fields: Any) -> str:
        """Presses the button under a form as it stands on a page, and returns the page that it leads to."""
        return self.browser.done(path, **NOTE | hidden(page) | fields, _draft_keep="yes")

    def drafts(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.team.pivot.read(f"/participants/{self.code}/drafts")["drafts"]
        return found


@pytest.fixture(scope="module")
def on_duty(region: World) -> Team:
    region.now = START
    return Team(region, "north")


@pytest.fixture
def writer(on_duty: Team) -> Writer:
    return Writer(on_duty)


def hidden(page: str) -> dict[str, str]:
    """The fields of a form that keep a draft apart from others."""
    return dict(re.findall(r'name="(_draft\w*)" value="([^"]*)"', page.replace('name="_draft_keep"', "")))


def onward(page: str) -> str:
    found = re.search(r'href="([^"]+\?draft=[^"]+)"', page)
    assert found, page
    return found[1]


def test_a_note_that_is_kept_for_later_is_offered_and_sent_and_then_offered_no_more(writer: Writer) -> None:
    empty = writer.browser.read(writer.form)
    assert OFFER not in empty
    after = writer.keep(empty, writer.encounters)
    assert "It is kept for later, and offered to you alone when you open the form again." in after
    assert "Elle cherche" not in writer.browser.read(writer.encounters), "nothing is sent"

    offered = writer.browser.read(writer.form)
    assert OFFER in offered
    assert "Elle cherche" not in offered, "it is put into the form only when she says so"
    page = writer.browser.read(onward(offered))
    assert "Elle cherche\nun logement</textarea>" in page
    assert "Ma clé</textarea>" in page
    assert 'value="my_day"' in page, "it leads back to where she came from"
    assert OFFER not in page
    sent = writer.browser.send(writer.encounters, **NOTE | hidden(page))
    assert sent.headers["location"].endswith("/staff/my-day?done=recorded#done")
    assert writer.drafts() == []
    assert OFFER not in writer.browser.read(writer.form)


def test_whoever_goes_on_and_keeps_it_again_has_one_draft_and_two_openings_have_two(writer: Writer) -> None:
    for note in ("La première", "La deuxième"):
        writer.keep(writer.browser.read(writer.form), writer.encounters, note=note)
        writer.team.world.forward(minutes=1)
    offered = writer.browser.read(writer.form)
    assert offered.count(OFFER) == 1, "one card for all"
    assert offered.count("Throw it away") == 2, "and a line for each"
    assert "La première" not in offered

    page = writer.browser.read(onward(offered))
    writer.keep(page, writer.encounters, note="La deuxième, et plus")
    assert sorted(each["values"]["note"] for each in writer.drafts()) == ["La deuxième, et plus", "La première"]


def test_it_is_offered_to_its_writer_alone_and_its_address_opens_it_for_nobody_else(writer: Writer) -> None:
    writer.keep(writer.browser.read(writer.form), writer.encounters)
    other = Person(writer.team, "pivot_worker")
    writer.team.coordinator.do(f"/participants/{writer.code}/assignments", {"staff": other.id, "part": "backup"})
    address = onward(writer.browser.read(writer.form))

    assert "Elle cherche" in writer.browser.read(address)
    for each in (writer.form, address):
        page = Browser(other).read(each)
        assert OFFER not in page
        assert "Elle cherche" not in page


def test_it_is_thrown_away_and_the_form_stands_there_again(writer: Writer) -> None:
    writer.keep(writer.browser.read(writer.form), writer.encounters)
    offered = writer.browser.read(writer.form)
    discard = re.search(r'action="([^"]+/discard)"', offered)
    assert discard
    for _ in ("once", "twice, as a double press does"):
        page = writer.browser.done(discard[1], form="encounter")
        assert "It is thrown away." in page
        assert 'id="note"' in page
        assert OFFER not in page
    assert writer.drafts() == []


def test_what_may_not_be_kept_is_said_and_stays_in_the_form(writer: Writer) -> None:
    page = writer.browser.read(writer.form)
    too_long = writer.browser.send(
        writer.encounters, **NOTE | hidden(page) | {"place": "x" * 20_001}, _draft_keep="yes"
    )
    assert too_long.status_code == 422
    assert "This could not be kept for later. What you typed still stands here." in unescape(too_long.text)
    assert "Elle cherche" in too_long.text
    assert hidden(too_long.text)["_draft"] == hidden(page)["_draft"], "it is still the same opening of the form"
    assert "data-unsaved" in too_long.text
    assert writer.drafts() == []


def test_a_correction_that_waited_shows_both_sides_when_somebody_wrote_it_anew(writer: Writer) -> None:
    posted = {"state": "held", "kind": "phone", "at": "2026-11-23T14:30:00Z", "note": "La première"}
    path = f"{writer.encounters}/{writer.team.pivot.do(f'/participants/{writer.code}/encounters', posted)['id']}"
    page = writer.browser.read(path)
    writer.keep(page, path, note="En attente", version="1")
    assert OFFER not in writer.browser.read(writer.form), "it is about this encounter and no other"
    assert writer.browser.send(path, **NOTE, version="1").status_code == 303

    both = writer.browser.read(onward(writer.browser.read(path)))
    assert "As somebody has written it meanwhile" in both
    assert "En attente</textarea>" in both
    assert "Elle cherche" in both
    assert 'name="version" value="2"' in both
    writer.browser.done(path, **NOTE | hidden(both) | {"note": "Les deux"}, version="2")
    assert writer.drafts() == []


def ticked(page: str, name: str) -> set[str]:
    return set(re.findall(rf'name="{name}" value="(\w+)" checked', page))


def test_all_themes_and_principles_that_are_ticked_come_back_and_no_others(writer: Writer) -> None:
    boxes = {"themes": ["housing_and_money", "family"], "principles": "harm_reduction"}
    writer.keep(writer.browser.read(writer.form), writer.encounters, **boxes)
    page = writer.browser.read(onward(writer.browser.read(writer.form)))
    assert ticked(page, "themes") == {"housing_and_money", "family"}
    assert ticked(page, "principles") == {"harm_reduction"}

    posted = {"state": "held", "kind": "phone", "at": "2026-11-23T14:30:00Z", "themes": ["family"]}
    path = f"{writer.encounters}/{writer.team.pivot.do(f'/participants/{writer.code}/encounters', posted)['id']}"
    assert ticked(writer.browser.read(path), "themes") == {"family"}
    writer.keep(writer.browser.read(path), path, version="1")
    assert ticked(writer.browser.read(onward(writer.browser.read(path))), "themes") == set(), "it was taken away"


def test_a_correction_that_waited_too_long_is_offered_as_an_addition(writer: Writer) -> None:
    posted = {"state": "held", "kind": "phone", "at": "2026-11-23T14:30:00Z", "note": "La première"}
    path = f"{writer.encounters}/{writer.team.pivot.do(f'/participants/{writer.code}/encounters', posted)['id']}"
    writer.keep(writer.browser.read(path), path, note="En attente", version="1")
    writer.team.world.forward(days=1)
    writer.team.pivot.sign_in()
    late = writer.browser.read(onward(writer.browser.read(path)))
    writer.team.world.now = START
    writer.team.pivot.sign_in()

    assert f"{path}/addenda" in late
    assert "En attente</textarea>" in late


def test_the_offer_is_read_in_french(writer: Writer) -> None:
    writer.keep(writer.browser.read(writer.form), writer.encounters)
    page = Browser(writer.team.pivot, "fr").read(writer.form)
    for words in ("Vous avez commencé ceci sans l’envoyer", "Poursuivre", "Jeter", "Garder pour plus tard"):
        assert words in page
