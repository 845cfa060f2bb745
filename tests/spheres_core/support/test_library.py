"""The library of tools: written as drafts, published, withdrawn, found by anybody, and never with a broken reference
unsaid."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spheres_core.support.schemas.library import ToolContent
from spheres_core.support.tool_references import broken_references, may_be_followed
from spheres_core.testing import World, definition
from tests.spheres_core.support.editors import Editor, editor

NOW: Final = dt.datetime(2026, 11, 29, 15, 0, tzinfo=dt.UTC)
API: Final = "/api/tools"
BROUGHT: Final = {"first_call", "without_naming"}
TOOL: Final[dict[str, Any]] = {
    "title": {"fr": "Écouter sans presser", "en": "Listening without haste"},
    "summary": {"fr": "Trois idées pour ouvrir la conversation.", "en": "Three ideas to open the conversation."},
    "text": {"fr": "## Au début\n\n- Laisser le temps. <b>non</b>", "en": "## At first\n\n- Give time."},
    "themes": ["contact"],
    "audiences": ["school"],
    "review_on": "2027-05-01",
}


@pytest.fixture(scope="module")
def north(shared_world: World) -> World:
    return shared_world.renew(definition("north", "quebec", "montreal"), definition("south", "quebec"))


@pytest.fixture
def world(north: World) -> World:
    """The same world with no tool of its own."""
    north.now = NOW
    north.http.cookies.clear()
    with psycopg.connect(north.urls.needed("owner")) as db:
        for table in ("tool_proposals", "hidden_tools", "tool_versions", "tools", "advice_requests", "trail_entries"):
            db.execute(f"DELETE FROM {table}")
    return north


@pytest.fixture
def writer(world: World) -> Editor:
    return editor(world, "content_editor")


def codes(world: World, query: str = "", slug: str = "north") -> set[str]:
    answer = world.get(f"/t/{slug}{API}{query}")
    assert answer.status_code == 200, answer.text
    return {each["code"] for each in answer.json()["items"]}


def write(writer: Editor, code: str = "listening", **more: Any) -> dict[str, Any]:
    sent = writer.post(API, {"code": code, "tool": TOOL | more})
    assert sent.status_code == 201, sent.text
    made: dict[str, Any] = sent.json()
    return made


def act(writer: Editor, name: str, code: str = "listening", version: int = 1) -> Any:
    return writer.post(f"{API}/{code}/{name}", {"version": version})


def test_a_tool_is_found_by_nobody_until_it_is_published_and_no_longer_once_it_is_withdrawn(
    world: World, writer: Editor
) -> None:
    assert write(writer)["state"] == "draft"
    assert codes(world) == BROUGHT and world.get(f"/t/north{API}/listening").status_code == 404

    assert act(writer, "publish").json()["state"] == "published"
    assert codes(world) == BROUGHT | {"listening"} and codes(world, slug="south") == BROUGHT
    read = world.get(f"/t/north{API}/listening", headers={"accept-language": "en"}).json()
    assert read["tool"]["title"] == "Listening without haste"
    assert [each["label"] for each in read["tool"]["themes"]] == ["Making contact"]
    page = world.get("/t/north/fr/tools/listening").text
    assert "<h2>Au début</h2>" in page and "<b>non</b>" not in page

    assert act(writer, "withdraw", version=2).json()["state"] == "withdrawn"
    assert codes(world) == BROUGHT and world.get("/t/north/fr/tools/listening").status_code == 404
    assert act(writer, "withdraw", version=3).status_code == 409
    history = writer.get(f"{API}/listening/versions").json()["history"]
    assert [(each["number"], each["act"]) for each in history] == [(3, "withdrawn"), (2, "published"), (1, "written")]
    assert {each["author"] for each in history} == {str(writer.id)}


def test_what_is_written_anew_is_in_force_once_it_is_published_too(world: World, writer: Editor) -> None:
    write(writer)
    act(writer, "publish")
    anew = {"version": 2, "tool": TOOL | {"summary": {"fr": "Autre résumé.", "en": "Another summary."}}}
    assert writer.put(f"{API}/listening", anew).json()["state"] == "published"
    assert "Another" not in world.get(f"/t/north{API}/listening", headers={"accept-language": "en"}).text
    assert [each["code"] for each in writer.get("/api/tool-work").json()["drafts"]] == ["listening"]

    refused = writer.put(f"{API}/listening", anew)
    assert refused.status_code == 409 and refused.json()["theirs"]["summary"]["en-CA"] == "Another summary."
    assert act(writer, "publish", version=3).status_code == 200
    assert "Another" in world.get(f"/t/north{API}/listening", headers={"accept-language": "en"}).text


def test_the_library_is_narrowed_by_theme_audience_and_language(world: World, writer: Editor) -> None:
    write(writer, title={"fr": "En français"}, summary={"fr": "Un résumé."}, text={"fr": "Un texte."}, themes=["legal"])
    act(writer, "publish")
    assert codes(world, "?theme=legal") == {"listening"}
    assert codes(world, "?theme=legal&audience=community") == set()
    assert codes(world, "?written_in=en-CA") == BROUGHT
    page = world.get("/t/north/en/tools?theme=legal").text
    assert 'lang="fr-CA"' in page and "En français" in page
    assert "No tool fits" in world.get("/t/north/en/tools?theme=sexual_health").text


def test_lists_of_the_library_come_in_pages_whose_cursors_nobody_makes_up(world: World, writer: Editor) -> None:
    for number in range(52):
        write(writer, f"tool_{number}")
        act(writer, "publish", f"tool_{number}")
    first = world.get(f"/t/north{API}").json()
    rest = world.get(f"/t/north{API}?cursor={first['next']}").json()
    assert len(first["items"]) == 50 and rest["next"] is None
    assert {each["code"] for each in first["items"] + rest["items"]} == BROUGHT | {f"tool_{n}" for n in range(52)}
    assert world.get(f"/t/south{API}?cursor={first['next']}").status_code == 422


@pytest.mark.parametrize(
    ("more", "place"),
    [
        ({"link": "http://exemple.ca/outil"}, "link"),
        ({"link": "https://nom:mot@exemple.ca"}, "link"),
        ({"organization": "nobody_here"}, "organization"),
        ({"related": ["nothing"]}, "related"),
        ({"themes": ["weather"]}, "themes"),
        ({"title": {"fr": "Seulement un titre"}}, "title_en-CA"),
        ({"title": {"de": "Zuhören"}, "summary": {}, "text": {}}, "title_de"),
        ({"text": {}}, "text_fr-CA"),
    ],
)
def test_a_tool_says_at_its_field_why_it_cannot_be_kept(writer: Editor, more: dict[str, Any], place: str) -> None:
    refused = writer.post(API, {"code": "listening", "tool": TOOL | more})
    assert refused.status_code == 422, refused.text
    assert place in {each["path"] for each in refused.json()["errors"]}
    assert writer.get(f"{API}/listening/versions").status_code == 404


def test_no_two_tools_have_one_code_and_a_packs_stays_its_own(writer: Editor) -> None:
    write(writer)
    for taken in ("listening", "first_call"):
        assert writer.post(API, {"code": taken, "tool": TOOL}).status_code == 409
    assert writer.put(f"{API}/first_call", {"version": 1, "tool": TOOL}).status_code == 404


def test_a_region_hides_a_tool_of_a_pack_and_shows_it_again(world: World, writer: Editor) -> None:
    for _ in range(2):
        assert writer.post(f"{API}/first_call/hide").status_code == 200
    assert codes(world) == {"without_naming"} and codes(world, slug="south") == BROUGHT
    assert world.get("/t/north/fr/tools/first_call").status_code == 404
    broken = writer.get("/api/tool-work").json()["broken"]
    assert [(each["code"], each["broken"][0]["kind"]) for each in broken] == [("without_naming", "tool_gone")]
    assert writer.post(f"{API}/first_call/show").status_code == 200
    assert codes(world) == BROUGHT
    assert writer.post(f"{API}/nothing/hide").status_code == 404


def test_what_is_due_and_what_refers_to_nothing_is_listed_to_who_writes_tools(world: World, writer: Editor) -> None:
    organization = next(iter(world.get("/t/north/api/partners").json()["partners"]))["key"]
    write(writer, organization=organization, review_on="2026-11-29")
    act(writer, "publish")
    write(writer, "goes_with", related=["listening"], text={"fr": "[Ici](http://exemple.ca)", "en": "[Here](tel:811)"})
    act(writer, "publish", "goes_with")
    assert [each["code"] for each in writer.get("/api/tool-work").json()["due"]] == ["listening"]

    act(writer, "withdraw", version=2)
    with psycopg.connect(world.urls.needed("owner")) as db:
        db.execute(
            "UPDATE tool_versions SET content = jsonb_set(content, '{organization}', '\"gone\"')"
            " WHERE tool_id = (SELECT id FROM tools WHERE code = 'goes_with')"
        )
    work = writer.get("/api/tool-work").json()
    (found,) = work["broken"]
    assert (found["code"], work["due"]) == ("goes_with", [])
    assert {each["kind"] for each in found["broken"]} == {"partner_gone", "tool_gone", "address_refused"}
    shown = writer.get("/fr/staff/tools").text
    assert "http://exemple.ca" in shown


def test_only_who_may_write_tools_does(world: World, writer: Editor) -> None:
    write(writer)
    for role in ("clinical_support", "pivot_worker", "administrator"):
        other = editor(world, role)
        assert other.get("/api/tool-work").status_code == 403
        assert other.post(API, {"code": "mine", "tool": TOOL}).status_code == 403
        assert act(other, "publish").status_code == 403
        assert other.get("/fr/staff/tools").status_code == 403
    assert world.get("/t/north/api/tool-work").status_code == 401


def test_who_writes_tools_works_on_its_pages(world: World, writer: Editor) -> None:
    fields = {
        "code": "listening", "title_fr-CA": "Écouter", "summary_fr-CA": "Un résumé.", "text_fr-CA": "Un texte.",
        "themes": ["contact"], "link": "", "organization": "", "review_on": "2027-01-01",
    }  # fmt: skip
    refused = writer.send("/fr/staff/tools/new", **(fields | {"link": "ftp://exemple.ca", "review_on": "demain"}))
    assert refused.status_code == 422 and "Écouter" in refused.text
    assert writer.get("/fr/staff/tools/new").status_code == 200
    made = writer.send("/fr/staff/tools/new", **fields)
    assert made.headers["location"] == "/t/north/fr/staff/tools/listening?done=write#done", made.text
    assert writer.send("/fr/staff/tools/listening", act="publish", version="1").status_code == 303
    assert codes(world) == BROUGHT | {"listening"}
    assert "Camille Exemple" in writer.get("/fr/staff/tools/listening").text
    assert "Un résumé." in writer.get("/fr/staff/tools/listening/change").text
    assert "Écouter" in world.get("/t/north/fr/tools").text
    changed = fields | {"title_fr-CA": "Écouter encore", "version": "2"}
    assert writer.send("/fr/staff/tools/listening/change", **changed).status_code == 303
    late = writer.send("/fr/staff/tools/listening/change", **(changed | {"title_fr-CA": "Écouter trop tard"}))
    assert late.status_code == 409 and "Écouter trop tard" in late.text and "Écouter encore" in late.text
    hidden = writer.send("/fr/staff/tools/first_call", act="hide")
    assert hidden.headers["location"] == "/t/north/fr/staff/tools?done=hide#done"
    assert writer.send("/fr/staff/tools/listening", act="withdraw", version="2").status_code == 409


@pytest.mark.parametrize(
    ("address", "followed"),
    [
        ("https://exemple.ca/outil?x=1", True),
        ("https://éducation.exemple.ca", True),
        ("http://exemple.ca", False),
        ("https://exemple", False),
        ("https://exemple.ca:99999", False),
        ("https://moi@exemple.ca", False),
        ("https://exemple.ca/a b", False),
        ("javascript:alert(1)", False),
        ("//exemple.ca", False),
        ("https://[::1", False),
        ("", False),
    ],
)
def test_an_address_is_followed_only_when_it_is_whole_and_safe(address: str, followed: bool) -> None:
    assert may_be_followed(address) is followed


@given(st.text(max_size=60))
def test_no_address_stops_the_check(address: str) -> None:
    content = ToolContent({"fr": "x"}, {"fr": "x"}, {"fr": f"[a]({address})"}, link=address)
    broken = broken_references(content, partners=(), tools=())
    assert (
        not address
        or may_be_followed(address)
        or address in {each.about for each in broken}
        or address.startswith(("mailto:", "tel:"))
    )
