"""Kills browsers and servers while somebody types about a participant, and measures how much of it is lost.

    python -m tests.journeys.killed_typing --kills 500 --seed 1

It types at a random pace into forms of her file in headless Chromium, several tabs at a time, and kills the browser at
a random moment. Now and then a tab is closed, the network goes, or the server with its database is killed and started
again as a supervisor would. The form is then opened anew and the draft taken back. What is lost is counted in seconds
on the browser's own monotonic clock: from the first character that did not come back until the kill, without the time
in which no server could be reached. The command fails when more than five seconds are lost, or a word comes back wrong.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Browser, BrowserContext, Error, Page, Playwright, async_playwright

from spheres_core import app
from spheres_core.foundation.database import migrations
from spheres_core.foundation.encryption import Keyring
from spheres_core.foundation.plugins.discovery import Machine, discover
from spheres_core.testing import World, apply_definitions, definition
from tests import optional_programs
from tests.conftest import BROWSER_FLAGS
from tests.homes import lay_home
from tests.journeys.conftest import PASSWORD, Site, employ
from tests.journeys.killable import KEY, PLUGINS, Installation
from tests.journeys.participant_files import add_file
from tests.wait import LIMIT, wait_for_answer, wait_until_async

MOST_LOST: Final = 5.0
"""Seconds of typing that may be lost."""
FORMS: Final = ("encounters/new",)
"""Addresses of forms below her file."""
WORDS: Final = "Elle préfère le matin ; rien n’est décidé, on s’en reparle jeudi… "
LISTEN: Final = """
() => {
  window.typedLog = [];
  document.addEventListener("input", (event) => {
    window.typedLog.push([performance.timeOrigin + event.timeStamp, event.target.name, event.target.value]);
  }, true);
}
"""
DISCARD: Final = """
async (form) => {
  const headers = { "X-CSRF-Token": form.elements.namedItem("_csrf").value };
  return (await fetch(form.querySelector("[data-earlier]").dataset.earlier, { method: "DELETE", headers })).status;
}
"""
TAKE: Final = "() => [performance.timeOrigin + performance.now(), window.typedLog.splice(0)]"


@dataclass
class Outages:
    """When no server could be reached, in seconds of this machine's monotonic clock."""

    spans: list[list[float]] = field(default_factory=list)

    def begin(self) -> None:
        self.spans.append([time.monotonic(), float("inf")])

    def end(self) -> None:
        self.spans[-1][1] = time.monotonic()

    def within(self, first: float, last: float) -> float:
        """Returns how many seconds of that time no server could be reached."""
        return sum(max(0.0, min(last, end) - max(first, begin)) for begin, end in self.spans)


@dataclass
class Loss:
    """The cost of one kill."""

    kind: str
    seconds: float
    characters: int
    typed: int
    wrong: str = ""


class Typist:
    """Somebody who types into one form in a tab of its own, until it dies."""

    def __init__(self, harness: Harness, browser: Browser, code: str, random_of: random.Random) -> None:
        self.harness, self.browser, self.code, self.random = harness, browser, code, random_of
        self.form = random_of.choice(FORMS)
        self.outages = Outages()
        self.log: list[tuple[float, str, str]] = []
        self.clock: float | None = None
        """Seconds by which the browser's clock is behind this machine's."""
        self.stops = False
        self.context: BrowserContext | None = None
        self.page: Page | None = None

    async def open(self) -> None:
        self.context = await self.harness.context(self.browser)
        self.page = await self.context.new_page()
        while not await self.page.locator("[data-draft]").count():
            await self.harness.served()
            with contextlib.suppress(Error):  # the server was killed meanwhile
                await self.page.goto(self.harness.address(self.code, self.form))
        await self.page.evaluate(LISTEN)

    async def type(self) -> None:
        """Types until it is told to stop or the tab is gone."""
        assert self.page is not None
        mark = f"{self.random.randrange(10**6):06} "
        boxes = await self.page.locator("form:has([data-draft]) textarea").all()
        left = dict.fromkeys(boxes, mark + WORDS * 20)
        box = self.random.choice(boxes)
        while not self.stops:
            if self.random.random() < 0.05:
                box = self.random.choice(boxes)
            try:
                await box.press_sequentially(left[box][0])
                left[box] = left[box][1:]
                await self._note()
                if self.random.random() < 0.01:
                    await self._lose_network()
            except Error:
                return
            pause = self.random.expovariate(1 / 0.12) if self.random.random() > 0.03 else self.random.uniform(1, 6)
            await asyncio.sleep(min(pause, 6))

    async def _note(self) -> None:
        assert self.page is not None
        before = time.monotonic()
        now, events = await self.page.evaluate(TAKE)
        behind = before - now / 1000
        self.clock = behind if self.clock is None else max(self.clock, behind)
        self.log += [(moment / 1000, name, value) for moment, name, value in events]

    async def _lose_network(self) -> None:
        assert self.context is not None
        self.outages.begin()
        await self.context.set_offline(True)
        await asyncio.sleep(self.random.uniform(0.2, 5))
        await self.context.set_offline(False)
        self.outages.end()

    def lost(self, kind: str, killed: float, back: dict[str, str]) -> Loss:
        """Returns what is missing of what had been typed when the tab was killed."""
        typed = {name: value for _, name, value in self.log}
        wrong = "; ".join(
            f"{name}: {back.get(name, '')[-40:]!r} is not how {value[-60:]!r} began"
            for name, value in typed.items()
            if not value.startswith(back.get(name, "")) and not back.get(name, "").startswith(value)
        )
        missing = [(moment, name) for moment, name, value in self.log if len(back.get(name, "")) < len(value)]
        if not missing or self.clock is None:
            return Loss(kind, 0.0, 0, len(self.log), wrong)
        first = missing[0][0] + self.clock
        down = self.outages.within(first, killed) + self.harness.outages.within(first, killed)
        return Loss(kind, max(0.0, killed - first - down), len(missing), len(self.log), wrong)


class Harness:
    """An installation, and the browsers that are killed at it."""

    def __init__(self, installation: Installation, codes: list[str], seed: int) -> None:
        self.installation, self.codes, self.seed = installation, codes, seed
        self.outages = Outages()
        self.losses: list[Loss] = []
        self._signed_in: Any = None
        self._viewer = Chromium()
        """A browser that is not killed: in it the drafts are taken back."""
        self._view: Browser | None = None
        self._serving = asyncio.Lock()

    def address(self, code: str, form: str) -> str:
        return f"{self.installation.address}/t/north/fr/staff/participants/{code}/{form}"

    async def context(self, browser: Browser) -> BrowserContext:
        """Opens a browser context of the worker, who stays signed in."""
        made = await browser.new_context(storage_state=self._signed_in, locale="fr-CA")
        made.set_default_timeout(1000 * LIMIT)
        return made

    async def sign_in(self, playwright: Playwright) -> None:
        self._view = browser = await self._viewer.start(playwright)
        page = await (await self.context(browser)).new_page()
        await page.goto(f"{self.installation.address}/t/north/fr/sign-in")
        await page.locator("#email").fill("coordinator@example.org")
        await page.locator("#password").fill(PASSWORD)
        await page.locator("main button").click()
        await page.wait_for_selector(".me form")
        self._signed_in = await page.context.storage_state()
        for code in self.codes:
            for form in FORMS:
                while await self._take_back(await self.context(browser), self.address(code, form)):
                    continue

    async def run(self, playwright: Playwright, *, kills: int, tabs: int, browsers: int) -> None:
        """Kills until there are so many tabs that died while somebody typed."""
        todo = iter(range(-(-kills // tabs)))
        files = [self.codes[number * tabs : (number + 1) * tabs] for number in range(browsers)]

        async def rounds(codes: list[str]) -> None:
            for number in todo:
                await self._round(playwright, codes, random.Random(f"{self.seed} {number}"))
                self.say(kills)

        outer = asyncio.create_task(self._kill_servers(random.Random(f"{self.seed} servers")))
        await asyncio.gather(*(rounds(codes) for codes in files))
        outer.cancel()
        self._viewer.kill()

    async def _round(self, playwright: Playwright, codes: list[str], chance: random.Random) -> None:
        chromium = Chromium()
        browser = await chromium.start(playwright)
        typists = [Typist(self, browser, code, random.Random(f"{chance.random()} {code}")) for code in codes]
        await self.served()
        await asyncio.gather(*(each.open() for each in typists))
        typing = [asyncio.create_task(each.type()) for each in typists]
        kind = "tab" if chance.random() < 0.2 else "browser"
        await asyncio.sleep(chance.uniform(1, 15))
        if kind == "tab":
            killed = time.monotonic()
            await asyncio.gather(*(each.page.close() for each in typists if each.page), return_exceptions=True)
        killed = time.monotonic()
        chromium.kill()
        for each in typists:
            each.stops = True
        await asyncio.gather(*typing)
        for each in typists:
            await self._look(each, kind, killed)

    async def _look(self, typist: Typist, kind: str, killed: float) -> None:
        """Opens the form anew, takes the draft back and compares."""
        loss = typist.lost(kind, killed, await self._taken_back(typist))
        if loss.wrong or loss.seconds > MOST_LOST:
            print(f"\n{kind} of {typist.code}: {loss}", flush=True)
        self.losses.append(loss)

    async def _taken_back(self, typist: Typist) -> dict[str, str]:
        assert self._view is not None
        while True:
            await self.served()
            context = await self.context(self._view)
            try:
                return await self._take_back(context, self.address(typist.code, typist.form))
            except Error:  # the server was killed meanwhile
                await context.close()

    async def _take_back(self, context: BrowserContext, address: str) -> dict[str, str]:
        page = await context.new_page()
        await page.goto(address)
        onward = page.locator("a[href*='draft=']")
        back: dict[str, str] = {}
        if await onward.count():
            await onward.first.click()
            form = page.locator("form:has([data-earlier])")
            for box in await form.locator("textarea").all():
                back[str(await box.get_attribute("name"))] = await box.input_value()
            assert await form.evaluate(DISCARD) == 200
        await context.close()
        return back

    async def served(self) -> None:
        """Waits until the server stands."""
        async with self._serving:
            return

    async def _kill_servers(self, chance: random.Random) -> None:
        while True:
            await asyncio.sleep(chance.uniform(40, 120))
            async with self._serving:
                self.outages.begin()
                await asyncio.to_thread(self.installation.kill)
                await asyncio.to_thread(self.installation.start)
                await asyncio.to_thread(wait_for_answer, f"{self.installation.address}/t/north/fr/sign-in")
                self.outages.end()

    def say(self, kills: int) -> None:
        worst = max(each.seconds for each in self.losses)
        servers = len(self.outages.spans)
        print(
            f"\r{len(self.losses)} of {kills} kills, {servers} of servers; at most {worst:.2f} s lost",
            end="",
            flush=True,
        )


class Chromium:
    """A browser whose whole process group can be killed."""

    def __init__(self) -> None:
        self._profile = tempfile.TemporaryDirectory(prefix="killed-typing-", ignore_cleanup_errors=True)
        self._process: subprocess.Popen[bytes] | None = None

    async def start(self, playwright: Playwright) -> Browser:
        folder = Path(self._profile.name)
        flags = [*BROWSER_FLAGS, "--headless=new", "--remote-debugging-port=0", f"--user-data-dir={folder}"]
        command = [str(optional_programs.CHROMIUM.path), *flags, "about:blank"]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self._process = await asyncio.to_thread(subprocess.Popen, command, start_new_session=True, **quiet)
        said = folder / "DevToolsActivePort"
        await wait_until_async(lambda: said.exists() and "\n" in said.read_text())
        return await playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{said.read_text().split()[0]}")

    def kill(self) -> None:
        """`kill -9` to each of its processes at once."""
        assert self._process is not None
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._profile.cleanup()


def install(home: Path, machine: Machine, *, files: int) -> tuple[Installation, list[str]]:
    """Returns a server's installation, started, and the codes of so many files that its coordinator follows."""
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        port = tried.getsockname()[1]
    made = Installation(lay_home(home), port)
    made.cluster.start()
    urls = made.cluster.urls()
    migrations.migrate(urls.needed("owner"), app.components(machine))
    apply_definitions(urls, [definition("north", "quebec", "montreal")], Keyring(KEY))
    with ThreadPoolExecutor(max_workers=1) as behind:
        world = behind.submit(World, urls, machine, Keyring(KEY)).result()
        behind.submit(employ, world, "north").result()
        site = Site(world, made.address, behind)
        codes = [add_file(site, "north") for _ in range(files)]
        behind.submit(world.close).result()
    made.start()
    wait_for_answer(f"{made.address}/health")
    return made, codes


async def kill_while_typing(installation: Installation, codes: list[str], *, kills: int, tabs: int, browsers: int,
                            seed: int) -> list[Loss]:  # fmt: skip
    """Returns what each of so many kills has cost."""
    harness = Harness(installation, codes, seed)
    async with async_playwright() as playwright:
        await harness.sign_in(playwright)
        await harness.run(playwright, kills=kills, tabs=tabs, browsers=browsers)
    return harness.losses


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--tabs", type=int, default=4, help="tabs of a browser that die together")
    parser.add_argument("--browsers", type=int, default=2, help="browsers at a time")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that nothing is left running
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        made, codes = install(Path(home), discover([PLUGINS]), files=asked.tabs * asked.browsers)
        try:
            losses = asyncio.run(
                kill_while_typing(
                    made, codes, kills=asked.kills, tabs=asked.tabs, browsers=asked.browsers, seed=asked.seed
                )
            )
        finally:
            made.end()
            made.cluster.stop()
    ordered = sorted(each.seconds for each in losses)
    print(f"\n{len(losses)} kills while {sum(each.typed for each in losses)} characters were typed. Lost: "
          f"median {ordered[len(ordered) // 2]:.2f} s, at most {ordered[-1]:.2f} s, "
          f"at most {max(each.characters for each in losses)} characters.")  # fmt: skip
    return int(ordered[-1] > MOST_LOST or any(each.wrong for each in losses))


if __name__ == "__main__":
    sys.exit(main())
