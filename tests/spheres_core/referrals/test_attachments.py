"""Files as answers: sent before the referral or with its page, kept sealed and bare, read with the referral."""

from __future__ import annotations

import io
import re
import secrets
import zipfile
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from PIL import Image

from spheres_core.foundation.encryption import TenantKeys
from spheres_core.foundation.plugins.discovery import discover
from spheres_core.foundation.tenancy.periodic_tasks import run_in_each_tenant
from spheres_core.referrals.operations import expiry, subject_data
from spheres_core.testing import MakeWorld, World, definition, write_plugin
from tests.spheres_core.forms.attachments import hostile_files as hostile
from tests.spheres_core.forms.attachments.hostile_files import CANARY, GOOD, OTHERS

FORM: Final = """
| survey |
| | type | name | label::fr | label::en | meaning |
| | text | called | Comment l’appeler? | What to call her? | participant_name |
| | select_one yn | knows | Est-ce su? | Is it known? | knows |
| | select_one yn | agrees | D’accord? | Agreed? | agrees_to_contact |
| | select_multiple need | needs | Besoins | Needs | need |
| | integer | age | Âge | Age | age |
| | text | safe | Comment la joindre? | How to reach her? | safe_contact |
| | select_one tongue | tongue | Langue | Language | language |
| | text | referrer | Votre nom | Your name | referrer_name |
| | text | mail | Courriel | E-mail | referrer_email |
| | image | photo | Une photo | A picture | |
| | video | film | Une vidéo | A video | |
| | begin repeat | papers | Documents | Papers | |
| | file | paper | Document | Paper | |
| | end repeat | | | | |
| choices |
| | list_name | name | label::fr | label::en |
| | yn | yes | Oui | Yes |
| | yn | no | Non | No |
| | tongue | fr | Français | French |
| | need | housing | Logement | Housing |
| settings |
| | form_title::fr | form_title::en | default_language |
| | Référence | Referral | fr |
"""
WORD: Final = "Nour-qui-attend"
SEND: Final = "/t/north/api/referrals/attachments"


@pytest.fixture(scope="module")
def world(make_module_world: MakeWorld, tmp_path_factory: pytest.TempPathFactory) -> World:
    """Three regions with the same form; two take files."""
    folder = tmp_path_factory.mktemp("packs")
    write_plugin(folder, "here", {"forms/referral.md": FORM}, provides={"content": ["forms/referral.md"]})
    takes = {"forms": {"attachments": True, "attachment_megabytes": 1, "attachments_each": 3}}
    made: World = make_module_world(
        definition("north", "here", settings=takes), definition("south", "here", settings=takes),
        definition("without", "here"), on=discover([folder]),
    )  # fmt: skip
    return made


def send(world: World, data: bytes, question: str = "photo", *, slug: str = "north") -> httpx.Response:
    return world.post(
        f"/t/{slug}/api/referrals/attachments", params={"question": question}, content=data,
        headers={"content-type": "application/octet-stream"},
    )  # fmt: skip


def handle(world: World, data: bytes, question: str = "photo", *, slug: str = "north") -> str:
    sent = send(world, data, question, slug=slug)
    assert sent.status_code == 201, sent.text
    return str(sent.json()["handle"])


def read_newest(world: World, slug: str = "north") -> dict[str, Any]:
    token = world.bearer(slug, "coordinator")
    newest = world.get(f"/t/{slug}/api/referrals", params={"state": "all"}, headers=token).json()["items"][0]["id"]
    return world.get(f"/t/{slug}/api/referrals/{newest}", headers=token).json()  # type: ignore[no-any-return]


def download(
    world: World, referral: str, attachment: str, role: str = "coordinator", slug: str = "north"
) -> httpx.Response:
    place = f"/t/{slug}/api/referrals/{referral}/attachments/{attachment}"
    return world.get(place, headers=world.bearer(slug, role))


def dump(world: World) -> bytes:
    """Every byte of every table that a file or its name could stand in."""
    rows = world.sql("SELECT * FROM referral_attachments")
    for table in ("referrals", "trail_entries", "idempotency_answers", "deliveries", "procrastinate_jobs"):
        rows += world.sql(f"SELECT * FROM {table}")
    return b"\n".join(
        bytes(cell) if isinstance(cell, bytes | memoryview) else str(cell).encode() for row in rows for cell in row
    )


def test_a_file_is_sent_claimed_by_a_referral_and_read_by_who_may_read_the_referral(world: World) -> None:
    sent = send(world, GOOD["jpg"])
    told = sent.json()
    assert (told["media_type"], told["name"]) == ("image/jpeg", "photo.jpg")
    paper = handle(world, GOOD["pdf"], "papers[0].paper")
    answers = {"called": WORD, "photo": told["handle"], "papers": [{"paper": paper}]}
    assert world.refer("north", answers).status_code == 201

    found = read_newest(world)
    assert [(each["question"], each["media_type"]) for each in found["attachments"]] == [
        ("photo", "image/jpeg"), ("papers.paper", "application/pdf"),
    ]  # fmt: skip
    first = found["attachments"][0]["id"]
    assert found["answers"]["photo"] == first
    taken = download(world, found["id"], first)
    assert taken.status_code == 200
    assert taken.headers["content-type"] == "image/jpeg"
    assert taken.headers["content-disposition"] == "attachment; filename=\"photo.jpg\"; filename*=UTF-8''photo.jpg"
    assert taken.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in taken.headers["content-security-policy"]
    assert taken.headers["cache-control"] == "no-store"
    with Image.open(io.BytesIO(taken.content)) as picture:
        assert picture.size == (48, 32)
    for role, slug, status in (("administrator", "north", 403), ("coordinator", "south", 404)):
        assert download(world, found["id"], first, role, slug).status_code == status
    assert world.get(f"/t/north/api/referrals/{found['id']}/attachments/{first}").status_code == 401
    opened = world.sql("SELECT details FROM trail_entries WHERE verb = 'referral.attachment_opened'")
    assert ({"attachment": first},) in opened


def test_a_video_is_asked_for_sent_and_given_back_as_mp4(world: World) -> None:
    told = send(world, GOOD["mov"], "film").json()
    assert world.refer("north", {"called": WORD, "film": told["handle"]}).status_code == 201
    found = read_newest(world)
    taken = download(world, found["id"], found["attachments"][0]["id"])
    assert (told["media_type"], taken.headers["content-type"]) == ("video/mp4", "video/mp4")
    assert taken.content[4:8] == b"ftyp"
    assert CANARY not in taken.content
    assert 'accept="video/mp4,video/quicktime"' in world.get("/t/north/en/refer").text


def test_a_handle_is_good_once_for_its_own_question_in_its_own_region(world: World) -> None:
    mine, theirs = handle(world, GOOD["png"]), handle(world, GOOD["png"], slug="south")
    paper = handle(world, GOOD["wav"], "papers.paper")
    for wrong in (theirs, paper, secrets.token_urlsafe(32), f"{mine[:-1]}{'A' if mine[-1] != 'A' else 'B'}"):
        refused = world.refer("north", {"called": WORD, "photo": wrong})
        assert (refused.status_code, refused.json()["errors"][0]["path"]) == (422, "photo")
    twice = world.refer("north", {"called": WORD, "papers": [{"paper": paper}, {"paper": paper}]})
    assert (twice.status_code, twice.json()["errors"][0]["path"]) == (422, "papers[1].paper")
    assert world.refer("north", {"called": WORD, "photo": mine}).status_code == 201
    assert world.refer("north", {"called": WORD, "photo": mine}).status_code == 422


def test_more_files_than_the_region_takes_are_refused_at_their_questions(world: World) -> None:
    papers = [{"paper": handle(world, GOOD["mp3"], "papers.paper")} for _ in range(4)]
    refused = world.refer("north", {"called": WORD, "papers": papers})
    assert (refused.status_code, refused.json()["errors"][0]["path"]) == (422, "papers[3].paper")


@pytest.mark.parametrize(
    ("data", "question", "code"),
    [(OTHERS["svg"], "photo", "file_kind"), (GOOD["pdf"], "photo", "file_kind"), (b"", "photo", "file_empty"),
     (GOOD["jpg"][:120], "photo", "file_unreadable"), (b"\xff\xd8\xff" + b"\0" * 1_000_001, "photo", "file_too_large"),
     (hostile.png_of(8_000, 6_000, b""), "photo", "file_too_many_pixels"), (GOOD["jpg"], "called", "not_asked"),
     (GOOD["jpg"], "nothing", "not_asked"), (GOOD["m4a"], "film", "file_kind"),
     (OTHERS["mp4"], "film", "file_video_kind"), (OTHERS["heic"], "photo", "file_heic")],
    ids=lambda given: given if isinstance(given, str) else f"{len(given)} bytes",
)  # fmt: skip
def test_what_cannot_be_kept_is_refused_with_its_reason(world: World, data: bytes, question: str, code: str) -> None:
    before = world.sql("SELECT count(*) FROM referral_attachments")
    refused = send(world, data, question)
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, code)
    assert world.sql("SELECT count(*) FROM referral_attachments") == before


def test_no_canary_is_at_rest_and_an_unsealed_one_would_be_found(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in GOOD:
        question = "photo" if kind in ("jpg", "png", "webp") else "papers.paper"
        sent = handle(world, GOOD[kind], question)
        answers = {"photo": sent} if question == "photo" else {"papers": [{"paper": sent}]}
        assert world.refer("north", {"called": WORD, **answers}).status_code == 201
    at_rest = dump(world)
    assert CANARY not in at_rest
    assert WORD.encode() not in at_rest
    assert b"\xff\xd8\xff" not in at_rest, "a picture lies open"

    with monkeypatch.context() as broken:
        broken.setattr(TenantKeys, "seal", lambda _self, _table, _id, _column, value: b"\1" + bytes(12) + value
                       if isinstance(value, bytes) else b"\1" + bytes(12) + value.encode())  # fmt: skip
        send(world, GOOD["jpg"])
    assert b"\xff\xd8\xff" in dump(world)
    world.sql("DELETE FROM referral_attachments WHERE referral_id IS NULL RETURNING 1")


def test_a_file_that_no_referral_claims_goes_after_two_hours(world: World) -> None:
    waiting = handle(world, GOOD["jpg"])
    world.forward(hours=2, seconds=1)
    assert world.refer("north", {"called": WORD, "photo": waiting}).status_code == 422
    handle(world, GOOD["png"])
    left = world.sql(
        "SELECT count(*) FROM referral_attachments WHERE referral_id IS NULL AND expires_at < %s", world.now
    )
    assert left == [(0,)]


def test_what_nobody_claims_goes_although_nobody_sends_another(world: World) -> None:
    handle(world, GOOD["jpg"])
    handle(world, GOOD["jpg"], slug="south")
    world.forward(hours=2, seconds=1)
    world.run(run_in_each_tenant(world.runtime, "forget_expired", expiry.forget_expired))
    assert world.sql("SELECT count(*) FROM referral_attachments WHERE referral_id IS NULL") == [(0,)]


def test_a_region_that_takes_no_files_asks_for_none_and_keeps_none(world: World) -> None:
    assert send(world, GOOD["jpg"], slug="without").json()["errors"][0]["code"] == "not_asked"
    page = world.get("/t/without/fr/refer").text
    assert 'type="file"' not in page
    assert "Une photo" not in page
    schema = world.get("/t/without/api/forms/referral").json()["schema"]["properties"]
    assert "photo" not in schema
    sent = world.refer("without", {"called": WORD, "photo": secrets.token_urlsafe(32)})
    assert (sent.status_code, sent.json()["ignored"]) == (201, ["photo"])
    page = world.get("/t/north/fr/refer").text
    assert page.count('type="file"') >= 2
    assert 'enctype="multipart/form-data"' in page


def post_page(world: World, fields: dict[str, str], files: dict[str, tuple[str, bytes]]) -> httpx.Response:
    once = re.search(r'name="_once" value="([^"]+)"', world.get("/t/north/fr/refer").text)
    assert once is not None
    return world.post("/t/north/fr/refer", data={"_once": once[1], **fields}, files=files)


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [(b"", "multipart/form-data; boundary=x", 400), (b"--x\r\nbroken", "multipart/form-data; boundary=x", 400),
     (b"--x--\r\n", "multipart/form-data", 400), (b"--x--\r\n", "multipart/form-data; boundary=x", 201),
     (b"--x\r\nContent-Disposition: form-data; name=called\r\n\r\n\xff\r\n--x--\r\n",
      "multipart/form-data; boundary=x", 400)],
)  # fmt: skip
def test_a_broken_post_with_files_is_refused_clearly(world: World, body: bytes, kind: str, status: int) -> None:
    assert world.post("/t/north/en/refer", content=body, headers={"content-type": kind}).status_code == status


def handles_of(page: str, name: str) -> list[str]:
    return re.findall(rf'type="hidden" name="{re.escape(name)}" value="([^"]+)"', page)


def test_a_page_without_javascript_keeps_what_is_right_and_says_at_the_question_what_is_not(world: World) -> None:
    shown = post_page(
        world, {"called": WORD}, {"photo": ("a.svg", OTHERS["svg"]), "papers[0].paper": ("../../Été.pdf", GOOD["pdf"])}
    )
    assert shown.status_code == 422
    assert "Choisissez une image" in shown.text.replace("\u00a0", " ")
    assert WORD in shown.text
    assert "Été.pdf" in shown.text
    (paper,) = handles_of(shown.text, "papers[0].paper")

    sent = post_page(world, {"called": WORD, "papers[0].paper": paper}, {"photo": ("b.jpg", GOOD["jpg"])})
    assert sent.status_code == 201, sent.text
    assert [(each["question"], each["name"]) for each in read_newest(world)["attachments"]] == [
        ("papers.paper", "Été.pdf"), ("photo", "b.jpg"),
    ]  # fmt: skip


def test_a_file_can_be_removed_or_replaced_before_it_is_sent_for_good(world: World) -> None:
    shown = post_page(world, {"called": WORD, "_show": "fr"}, {"photo": ("a.jpg", GOOD["jpg"])})
    (first,) = handles_of(shown.text, "photo")
    again = post_page(world, {"called": WORD, "_show": "fr", "photo": first}, {"photo": ("b.png", GOOD["png"])})
    (other,) = handles_of(again.text, "photo")
    assert (other != first, "b.jpg" in again.text) == (True, True)
    gone = post_page(world, {"called": WORD, "photo": other, "_drop": "photo"}, {"none": ("", b"")})
    assert gone.status_code == 201
    assert read_newest(world)["attachments"] == []


def test_the_same_page_sent_twice_is_one_referral_with_one_file(world: World) -> None:
    page = world.get("/t/north/fr/refer").text
    once = re.search(r'name="_once" value="([^"]+)"', page)
    assert once is not None
    before = len(world.sql("SELECT id FROM referral_attachments"))
    for _ in range(2):
        sent = world.post(
            "/t/north/fr/refer", data={"_once": once[1], "called": WORD}, files={"photo": ("a.jpg", GOOD["jpg"])}
        )
        assert sent.status_code == 201
    assert len(world.sql("SELECT id FROM referral_attachments")) == before + 1


def test_a_body_with_files_may_be_larger_only_where_files_are_taken(world: World) -> None:
    large = b"\xff\xd8\xff" + bytes(3_000_000)
    assert send(world, large).json()["errors"][0]["code"] == "file_too_large"
    assert send(world, large, slug="without").status_code == 413
    assert send(world, bytes(26_000_000)).status_code == 413


def test_files_are_handed_over_and_erased_with_the_person(world: World, tmp_path: Path) -> None:
    assert world.refer("north", {"called": WORD, "photo": handle(world, GOOD["webp"])}).status_code == 201
    found = read_newest(world)
    id = world.sql("SELECT id FROM referrals WHERE id = %s", found["id"])[0][0]
    written = world.run(subject_data.export(world.runtime, world.loaded("north"), id, folder=tmp_path))
    (picture,) = [path for path in written if path.suffix == ".jpg"]
    assert picture.read_bytes().startswith(b"\xff\xd8\xff")
    assert picture.stat().st_mode & 0o777 == 0o600

    erased = world.run(subject_data.erase(world.runtime, world.loaded("north"), id, reason="asked_for"))
    assert erased.rows["referral_attachments"] == 1
    assert world.sql("SELECT id FROM referral_attachments WHERE id = %s", found["attachments"][0]["id"]) == []


def test_a_coordinator_finds_the_files_on_the_page_of_the_referral(world: World) -> None:
    assert world.refer("north", {"called": WORD, "photo": handle(world, GOOD["jpg"])}).status_code == 201
    found = read_newest(world)
    page = world.get(f"/t/north/fr/referrals/{found['id']}", headers=world.bearer("north", "coordinator"))
    place = f"/t/north/fr/referrals/{found['id']}/attachments/{found['attachments'][0]['id']}"
    assert f'href="{place}"' in page.text
    assert "photo.jpg (" in page.text
    assert world.get(place, headers=world.bearer("north", "coordinator")).content.startswith(b"\xff\xd8\xff")


def test_the_description_of_the_api_says_how_a_file_is_sent(world: World) -> None:
    paths = world.get("/t/north/api/openapi.json").json()["paths"]
    body = paths["/api/referrals/attachments"]["post"]["requestBody"]["content"]
    assert body == {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}


def test_an_export_calls_a_file_by_its_own_name_which_is_no_formula(world: World) -> None:
    files = {"photo": ("=1+1.jpg", GOOD["jpg"]), "papers[0].paper": ("Été.pdf", GOOD["pdf"])}
    assert post_page(world, {"called": WORD}, files).status_code == 201
    ids = {each["name"]: each["id"] for each in read_newest(world)["attachments"]}
    exported = world.post(
        "/t/north/api/referrals/export",
        json={"purpose": "quality", "file": "csv", "language": "en"},
        headers=world.bearer("north", "coordinator"),
    )
    with zipfile.ZipFile(io.BytesIO(exported.content)) as file:
        tables = {name: file.read(name).decode("utf-8-sig") for name in file.namelist()}
    assert f"'=1+1.jpg ({ids['=1+1.jpg']})" in tables["answers.csv"]
    assert f"Été.pdf ({ids['Été.pdf']})" in tables["papers.csv"]
