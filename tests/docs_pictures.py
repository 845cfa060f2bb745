"""Makes the pictures in the roles' pages of docs/: `python -m tests.docs_pictures`, or those of some roles only, such
as `python -m tests.docs_pictures coordinator liaison`.

It starts a demo of its own in a temporary folder, with two regions that nobody lives in: one whose people write French,
one whose people write English. Everybody and everything on the pictures is made up. Codes and days differ each time.
"""

from __future__ import annotations

import contextlib
import io
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from spheres_core.cli.demo_data import sign_ins
from tests import optional_programs
from tests.conftest import BROWSER_FLAGS
from tests.wait import wait_for_answer

ROOT: Final = Path(__file__).parents[1]
PICTURES: Final = ROOT / "docs" / "pictures"
LANGUAGES: Final = {"en": "example", "fr": "exemple"}
"""Each language, and the region whose people write in it."""
REGION: Final = """slug = "{slug}"
name = {{fr = "SPHÈRES Exemple", en = "SPHÈRES Example"}}
languages = [{languages}]
time_zone = "America/Toronto"
hosts = []
illustrative = true
plugins = ["quebec", "outaouais"]
"""
PARTICIPANTS: Final = 12
WIDTH: Final = 1000
HEIGHT: Final = 4000
"""Nothing is scrolled."""
MARGIN: Final = 12
COLOURS: Final = 48
"""A page has few colours; most of the others are edges of letters."""


def _open_her_plan(page: Page, start: Start) -> None:
    """Opens the plan of the first who lets this partner open it, after asking her pivot worker for her code."""
    reason = {"en": "She calls and asks where she can sleep.", "fr": "Elle appelle et demande où dormir cette nuit."}
    for code in start.sign_in("pivot").locator(".her-code").all_inner_texts():
        page.locator("#code").fill(code)
        page.locator("#reason").fill(reason[start.language])
        page.locator("main button").first.click()
        if page.url.endswith(code):
            return


class Picture(NamedTuple):
    """One picture: who looks at what, and how much of it is shown."""

    who: str
    """Whose account of the demo: the part of the address before the @."""
    links: tuple[str, ...] = ()
    """After signing in, the first of each of these links is followed, one after the other."""
    top: str = ".top"
    bottom: str = "main > .wrap > :last-child"
    opens_her_plan: bool = False
    """Whether her emergency plan is opened, with the code and a reason."""


PICTURES_OF: Final[Mapping[str, tuple[Picture, ...]]] = {
    "pivot-worker": (
        Picture("pivot", bottom="section:has(> #dates)"),
        Picture(
            "pivot",
            ("section:has(> #files) li:nth-child(6) a[href*='/encounters/new']",),
            top="main",
            bottom=".question:has(#her_words)",
        ),
    ),
    "backup": (
        Picture("pivot", top="section:has(> #files)", bottom="section:has(> #files)"),
        Picture("deuxieme-pivot", ("main a[href$='/staff/hand-overs']",), top="main"),
    ),
    "coordinator": (
        Picture("coordination", bottom="tbody tr:nth-child(3)"),
        Picture("coordination", ("a[href$='/staff/coordination']",), "main", "section:has(> #offers)"),
    ),
    "liaison": (Picture("liaison", bottom="main .card >> nth=1"),),
    "committee-member": (
        Picture("comite"),
        Picture("comite", ("main a[href*='/meetings/']",), "main", "main section.card, main article"),
    ),
    "on-call-partner": (Picture("garde"), Picture("garde", top="main", opens_her_plan=True)),
    "clinical-support": (
        Picture("soutien"),
        Picture("soutien", ("main a[href*='/advice/requests/']",), top="main"),
    ),
    "privacy-officer": (
        Picture("confidentialite"),
        Picture("confidentialite", ("a[href$='/staff/emergency-accesses']",), top="main"),
    ),
    "content-editor": (
        Picture("contenu", bottom="main .card >> nth=2"),
        Picture("contenu", ("main a[href$='/staff/tool-proposals']", "main a[href*='/tool-proposals/']"), "main"),
    ),
    "evaluator": (Picture("evaluation"),),
}
"""The pictures of each role's page, in their order."""


class Start:
    """A region of the demo in a language: who signs in there once stays signed in."""

    def __init__(self, browser: Browser, origin: str, language: str, saved: sign_ins.SavedSignIns) -> None:
        self.browser = browser
        self.language = language
        region = LANGUAGES[language]
        self.address = f"{origin}/t/{region}/{language}/"
        self.accounts = {each.email.partition("@")[0]: each for each in saved.sign_ins[region]}
        self.signed_in: dict[str, tuple[Page, str]] = {}

    def sign_in(self, who: str) -> Page:
        """Returns the browser page of somebody, at the first page after signing in."""
        if who in self.signed_in:
            page, first = self.signed_in[who]
            page.goto(first)
            return page
        context = self.browser.new_context(
            viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light", java_script_enabled=False
        )
        page = context.new_page()
        page.goto(f"{self.address}sign-in")
        page.locator("#email").fill(self.accounts[who].email)
        page.locator("#password").fill(self.accounts[who].password)
        page.locator("main button").click()
        self.signed_in[who] = page, page.url
        return page

    def take(self, picture: Picture) -> bytes:
        """Returns the picture as the browser gives it."""
        page = self.sign_in(picture.who)
        for link in picture.links:
            page.locator(link).first.click()
        if picture.opens_her_plan:
            _open_her_plan(page, self)
        above, below = (page.locator(each).first.bounding_box() for each in (picture.top, picture.bottom))
        assert above and below, picture
        top, end = above["y"] + 4, below["y"] + below["height"] + MARGIN
        return page.screenshot(clip={"x": 0, "y": top, "width": WIDTH, "height": end - top})


def make_pictures(roles: list[str]) -> None:
    """Makes the pictures of these roles in both languages."""
    PICTURES.mkdir(exist_ok=True)
    with _demo() as (origin, saved), sync_playwright() as playwright:
        path = str(optional_programs.CHROMIUM.path)
        browser = playwright.chromium.launch(executable_path=path, args=list(BROWSER_FLAGS))
        for language in LANGUAGES:
            start = Start(browser, origin, language, saved)
            for role in roles:
                for number, picture in enumerate(PICTURES_OF[role], start=1):
                    file = PICTURES / f"{role}-{number}.{language}.webp"
                    file.write_bytes(_smaller(start.take(picture)))
                    print(f"{file.relative_to(ROOT)} {file.stat().st_size / 1000:.0f} kB")
        browser.close()


@contextlib.contextmanager
def _demo() -> Iterator[tuple[str, sign_ins.SavedSignIns]]:
    """Starts a demo of the regions, with its address and who can sign in."""
    with tempfile.TemporaryDirectory(prefix="spheres-pictures-") as folder, socket.socket() as found:
        place, home = Path(folder), Path(folder) / "home"
        (place / "tenants").mkdir()
        for language, slug in LANGUAGES.items():
            tags = sorted(("en-CA", "fr-CA"), key=lambda tag, first=language: not tag.startswith(first))
            text = REGION.format(slug=slug, languages=", ".join(f'"{each}"' for each in tags))
            (place / "tenants" / f"{slug}.toml").write_text(text, encoding="utf-8")
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
        found.close()
        command = [Path(sys.executable).with_name("spheres"), "demo", "--participants", str(PARTICIPANTS)]
        settings = {"SPHERES_HOME": str(home), "SPHERES_PLUGINS": str(ROOT / "plugins"), "PORT": str(port)}
        started = subprocess.Popen(
            command, cwd=place, env={**os.environ, **settings}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            wait_for_answer(f"http://127.0.0.1:{port}/health")
            yield f"http://127.0.0.1:{port}", sign_ins.read_saved(home)
        finally:
            started.terminate()
            started.wait()


def _smaller(taken: bytes) -> bytes:
    """Returns the picture with few colours, without loss of lines."""
    with Image.open(io.BytesIO(taken)) as image:
        few = image.convert("RGB").quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        out = io.BytesIO()
        few.convert("RGB").save(out, "WEBP", lossless=True, quality=60, method=4)
        return out.getvalue()


if __name__ == "__main__":
    make_pictures(sys.argv[1:] or list(PICTURES_OF))
