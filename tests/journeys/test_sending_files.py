"""Somebody who refers sends a picture with the form, in a browser, with JavaScript and without."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Page

from spheres_core.foundation.plugins.discovery import discover
from spheres_core.foundation.postgres.cluster import Cluster
from spheres_core.testing import definition, write_plugin
from tests.journeys.conftest import Site, open_site
from tests.journeys.page_checks import check_page, load_axe
from tests.spheres_core.forms.attachments.hostile_files import GOOD, OTHERS
from tests.spheres_core.referrals.test_attachments import FORM, WORD

PICTURE = FilePayload(name="Photo d’ici.jpg", mimeType="image/jpeg", buffer=GOOD["jpg"])
SCRIPT = FilePayload(name="a.svg", mimeType="image/svg+xml", buffer=OTHERS["svg"])


@pytest.fixture(scope="module")
def takes_files(cluster: Cluster, migrated: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A region whose form asks for a picture and for documents."""
    folder = tmp_path_factory.mktemp("packs")
    write_plugin(folder, "here", {"forms/referral.md": FORM}, provides={"content": ["forms/referral.md"]})
    region = definition("north", "here", settings={"forms": {"attachments": True}})
    with open_site(cluster, discover([folder]), migrated, [region]) as site:
        yield site


def fill(site: Site, page: Page, file: FilePayload) -> None:
    page.goto(site.url("north", "fr", "refer"))
    page.get_by_label("Comment l’appeler?").fill(WORD)
    page.get_by_label("Une photo").set_input_files(file)


def send(page: Page) -> None:
    page.locator("main form .button").last.click()


@pytest.mark.parametrize("browser_kind", ["page", "plain"])
def test_a_refused_file_is_said_at_its_question_and_another_one_is_sent(
    takes_files: Site, page: Page, plain: Page, browser_kind: str
) -> None:
    page = {"page": page, "plain": plain}[browser_kind]
    fill(takes_files, page, SCRIPT)
    send(page)
    page.wait_for_selector(".summary")
    assert "Choisissez une image" in page.locator("#q-photo-problem").inner_text().replace("\xa0", " ")
    assert page.get_by_label("Comment l’appeler?").input_value() == WORD

    page.get_by_label("Une photo").set_input_files(PICTURE)
    send(page)
    page.wait_for_selector(".receipt-code")

    takes_files.sign_in(page, "north", "coordinator")
    page.goto(takes_files.url("north", "fr", "referrals"))
    page.locator(".inbox .open").first.click()
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Photo d’ici.jpg").click()
    assert downloading.value.suggested_filename == "Photo d’ici.jpg"
    with Image.open(io.BytesIO(downloading.value.path().read_bytes())) as picture:
        assert (picture.format, picture.size, dict(picture.getexif())) == ("JPEG", (48, 32), {})


def test_a_file_stays_with_the_form_in_another_language_and_can_be_removed(takes_files: Site, page: Page) -> None:
    load_axe(page)
    fill(takes_files, page, PICTURE)
    page.locator("button[name=_show]").first.click()
    page.get_by_text("Photo d’ici.jpg was sent with your answers.").wait_for()
    assert check_page(page) == []

    page.get_by_label("Remove this file").check()
    page.locator("button[name=_show]").first.click()
    page.get_by_text("Envoyer la référence").first.wait_for(state="attached")
    assert page.locator("input[type=hidden][name=photo]").count() == 0
    assert page.get_by_label("Comment l’appeler?").input_value() == WORD
