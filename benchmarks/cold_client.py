"""`python -m benchmarks.cold_client`: how long a worker waits for her pages on a slow line and a slow machine.

A browser with nothing in its cache (headless Chromium), 1.5 Mbit/s, 150 ms of latency and a processor four times as
slow opens my day and a file of 500 entries: the page as it comes from the product, one at a time. What counts is the
time from the click until the greatest part of the page is drawn (largest contentful paint) and all has arrived.
Exit code 1 when a page takes longer than it may.
"""

import argparse
import asyncio
import datetime as dt
import sys
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from typing import Any, Final

import asyncpg
from playwright.sync_api import Browser, sync_playwright

from benchmarks import ground
from benchmarks.ground import Ground
from benchmarks.serving import Server, serving
from spheres_core.staff.access_secrets import hash_secret, new_secret

CHROMIUM: Final = "/usr/bin/chromium-headless-shell"
FLAGS: Final = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync")  # fmt: skip
LINE: Final = {"offline": False, "latency": 150, "downloadThroughput": 1.5e6 / 8, "uploadThroughput": 0.75e6 / 8}
SLOWED: Final = 4
ALLOWED: Final[Mapping[str, float]] = {"my day": 2.5, "a file of 500 entries": 3.0}
"""Seconds."""
DRAWN: Final = """() => new Promise(done => {
  new PerformanceObserver(list => {
    const [navigation] = performance.getEntriesByType('navigation');
    const bytes = [navigation, ...performance.getEntriesByType('resource')].reduce((n, e) => n + e.transferSize, 0);
    done({drawn: list.getEntries().at(-1).startTime, arrived: navigation.loadEventEnd, bytes});
  }).observe({type: 'largest-contentful-paint', buffered: true});
})"""


def measure(laid: Ground, plugins: Path, rounds: int) -> dict[str, Any]:
    """Returns for each page the seconds until it is drawn and has arrived, and its bytes, medians of all rounds."""
    secret = new_secret()
    asyncio.run(_sign_in(laid, secret))
    place = laid.places[0]
    pages = {
        "my day": "staff/my-day",
        "a file of 500 entries": f"staff/participants/{place.caseload.long_file}/timeline",
    }
    found: dict[str, list[Mapping[str, float]]] = {name: [] for name in pages}
    with serving("product", laid.url, plugins, {}) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        for _ in range(rounds + 1):
            for name, path in pages.items():
                found[name].append(_open(browser, server, place.slug, secret, path))
        browser.close()
    return {
        name: {part: round(median(each[part] for each in turns[1:]), 2) for part in ("seconds", "drawn", "kilobytes")}
        for name, turns in found.items()
    }


def _open(browser: Browser, server: Server, slug: str, secret: str, path: str) -> Mapping[str, float]:
    """Opens a page in a browser that knows nothing, and says how long that took."""
    root = f"http://127.0.0.1:{server.port}/t/{slug}"
    context = browser.new_context(locale="fr-CA")
    context.add_cookies([{"name": f"spheres_{slug}", "value": secret, "url": root}])
    page = context.new_page()
    tools = context.new_cdp_session(page)
    tools.send("Network.enable")
    tools.send("Network.emulateNetworkConditions", LINE)
    tools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
    answer = page.goto(f"{root}/fr/{path}")
    if answer is None or answer.status != 200 or not page.url.endswith(path):
        raise RuntimeError(f"{path}: unexpected answer {answer and answer.status} of {page.url}")
    told = page.evaluate(DRAWN)
    context.close()
    drawn, arrived = told["drawn"] / 1000, told["arrived"] / 1000
    return {"seconds": max(drawn, arrived), "drawn": drawn, "kilobytes": told["bytes"] / 1000}


async def _sign_in(laid: Ground, secret: str) -> None:
    """Opens a session for the worker of the first region."""
    connection = await asyncpg.connect(laid.owner)
    now = dt.datetime.now(dt.UTC)
    await connection.execute(
        "INSERT INTO staff_sessions (tenant_id, id, staff_id, created_at, last_seen_at)"
        " SELECT s.tenant_id, $1, s.id, $2, $2 FROM staff s JOIN tenants t ON t.id = s.tenant_id WHERE t.slug = $3",
        hash_secret(secret), now, laid.places[0].slug,
    )  # fmt: skip
    await connection.close()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cold_client", description=__doc__)
    parser.add_argument(
        "--rounds", type=int, default=7, help="how often each page is opened, after once for the server"
    )
    parser.add_argument("--home", default=".spheres-bench", help="where the database is laid")
    parser.add_argument("--plugins", default="plugins", help="the folder of plugins")
    arguments = parser.parse_args()
    if not Path(CHROMIUM).exists():
        print(f"left out: there is no {CHROMIUM}")
        return
    plugins = Path(arguments.plugins).absolute()
    pg = ground.cluster(Path(arguments.home).absolute(), "on")
    try:
        laid = ground.lay(pg, "bench_cold", tenants_present=1, plugins=plugins)
        found = measure(laid, plugins, arguments.rounds)
    finally:
        pg.stop()
    late = [name for name, each in found.items() if each["seconds"] > ALLOWED[name]]
    for name, each in found.items():
        print(
            f"{name:<24}{each['seconds']:.2f} s (allowed {ALLOWED[name]:.1f}); drawn after {each['drawn']:.2f} s,"
            f" {each['kilobytes']:.0f} kB"
        )
    sys.exit(1 if late else 0)


if __name__ == "__main__":
    main()
