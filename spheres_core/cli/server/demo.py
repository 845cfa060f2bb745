"""The demo: the regions here, fictional referrals, accounts to sign in with, all of it started and stopped together."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct
from rich.markup import escape
from rich.panel import Panel

from spheres_core import app
from spheres_core.cli import environment
from spheres_core.cli.output import Speaker, Trouble, _
from spheres_core.cli.server import demo_referrals, web_server
from spheres_core.cli.staff import passphrases
from spheres_core.cli.tenant import apply_files
from spheres_core.facts import msg
from spheres_core.foundation import deployment, logs
from spheres_core.foundation.encryption import Keyring
from spheres_core.foundation.postgres.cluster import Cluster
from spheres_core.foundation.postgres.server_record import Urls, write_private
from spheres_core.foundation.tenancy import tenants
from spheres_core.foundation.tenancy.runtime import LoadedTenant, Runtime
from spheres_core.staff.operations import accounts
from spheres_core.staff.queries import members as member_queries
from spheres_core.staff.schemas import ROLES
from spheres_core.worker import run_worker

ACCOUNTS: Final = {
    "coordinator": ("coordination@{slug}.example.org", "Camille Exemple", ("coordinator",)),
    "administrator": ("administration@{slug}.example.org", "Dominique Exemple", ("administrator",)),
}
"""E-mail, name and roles of each demo account; the names are nobody's."""


class SignIn(Struct, frozen=True):
    """How to sign in to the demo."""

    role: str
    email: str
    password: str


class Notes(Struct):
    """`demo.json` in SPHERES_HOME, mode 0600: the sign-ins by tenant, to be printed again."""

    sign_ins: dict[str, list[SignIn]] = msgspec.field(default_factory=dict)


def run_demo(speaker: Speaker, *, port: int) -> None:
    """Start what is needed, load what is missing, serve until stopped, and stop what was started."""
    home = deployment.home()
    web_server.check_port("127.0.0.1", port)
    deployment.set_port(port)
    logs.configure()
    cluster = Cluster(home)
    own_server = deployment.database_url() is not None
    started = not own_server and not cluster.status().running
    with web_server.listed(home, "demo"):
        try:
            urls, keyring = prepare(speaker, home, apply_files.files_here())
            asyncio.run(_live(speaker, urls, keyring, port))
        finally:
            if started:
                with speaker.working(_("Stopping the database")):
                    cluster.stop()
    speaker.note(_("Stopped. `spheres demo` starts it again where it was."))


def prepare(speaker: Speaker, home: Path, files: Sequence[Path]) -> tuple[Urls, Keyring]:
    """Database, key file, tables, these tenants, accounts and referrals; each only when it is not there yet."""
    machine = app.machine()
    apply_files.read_all(files, machine)
    urls = environment.addresses(speaker)
    environment.bring_up_to_date(speaker, urls, machine)
    keyring = environment.key_ring(urls)
    notes = _read_notes(home)
    asyncio.run(_refuse_real_data(urls, notes))
    _keep_sign_ins(home, notes, [file.stem for file in files])
    apply_files.apply_all(speaker, files, urls, keyring, machine)
    asyncio.run(_furnish(speaker, urls, keyring, notes))
    return urls, keyring


def _read_notes(home: Path) -> Notes:
    try:
        return msgspec.json.decode((home / "demo.json").read_bytes(), type=Notes)
    except FileNotFoundError:
        return Notes()
    except msgspec.DecodeError as error:
        raise Trouble(
            msg("{file} cannot be read: {reason}.", file=str(home / "demo.json"), reason=str(error))
        ) from None


async def _refuse_real_data(urls: Urls, notes: Notes) -> None:
    """Fictional referrals and printed passwords have no place in a database where somebody works."""
    async with environment.opened(urls.app) as database, database.transaction(None) as db:
        there = [each.slug for each in await db.all(tenants.ALL)]
    if there and not notes.sign_ins:
        raise Trouble(
            msg(
                "This database holds tenants that the demo did not make ({names}). Choose another SPHERES_HOME.",
                names=", ".join(there),
            )
        )


def _keep_sign_ins(home: Path, notes: Notes, slugs: Sequence[str]) -> None:
    """Passwords are made and kept before anything else, so that none is lost when the first start is cut off."""
    before = msgspec.json.encode(notes)
    for slug in slugs:
        known = {each.role: each for each in notes.sign_ins.get(slug, [])}
        for role, (address, _name, _roles) in ACCOUNTS.items():
            known.setdefault(role, SignIn(role, address.format(slug=slug), passphrases.make()))
        notes.sign_ins[slug] = list(known.values())
    after = msgspec.json.encode(notes)
    if before != after:
        write_private(home / "demo.json", msgspec.json.format(after).decode())


async def _furnish(speaker: Speaker, urls: Urls, keyring: Keyring, notes: Notes) -> None:
    async with environment.open_runtime(urls, keyring) as runtime:
        for slug in notes.sign_ins:
            loaded = await environment.load_tenant(runtime, slug)
            await _open_accounts(runtime, loaded, notes)
            await _refer(speaker, runtime, loaded)


async def _open_accounts(runtime: Runtime, loaded: LoadedTenant, notes: Notes) -> None:
    known = {each.role: each for each in notes.sign_ins[loaded.tenant.slug]}
    async with runtime.context(loaded) as ctx:
        there = {member.email for member in await member_queries.list_members(ctx)}
        for role, (_address, name, roles) in ACCOUNTS.items():
            if known[role].email not in there:
                await accounts.create_account(
                    ctx,
                    known[role].email,
                    name=name,
                    roles=roles,
                    password=known[role].password,
                    chooses_referral_mail=role == "coordinator",
                )


async def _refer(speaker: Speaker, runtime: Runtime, loaded: LoadedTenant) -> None:
    async with runtime.context(loaded) as ctx:
        if await demo_referrals.any_yet(ctx):
            return
        name = speaker.say(loaded.tenant.name)
        title = msg("Fictional referrals for {name}", name=name)
        with speaker.counting(title, len(demo_referrals.STORIES)) as done:
            for story in demo_referrals.STORIES:
                await demo_referrals.tell(ctx, story)
                done()


async def _live(speaker: Speaker, urls: Urls, keyring: Keyring, port: int) -> None:
    async with environment.open_runtime(urls, keyring, pages=True) as runtime:
        await live(runtime, urls, port, lambda: print_sign_ins(speaker, deployment.home(), port), stop_on_signals())


def stop_on_signals() -> asyncio.Event:
    """What SIGINT and SIGTERM set, in the running loop."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    return stop


async def live(runtime: Runtime, urls: Urls, port: int, begun: Callable[[], None], stop: asyncio.Event) -> None:
    """Serve and deliver in one loop until `stop` is set, or until one of the two gives up."""
    server = web_server.server_inside(web_server.dispatcher_over(runtime), port)
    delivering = asyncio.create_task(run_worker(runtime, urls.app))
    answering = asyncio.create_task(server.serve())
    begun()
    await asyncio.wait({delivering, answering, asyncio.create_task(stop.wait())}, return_when=asyncio.FIRST_COMPLETED)
    server.stop()  # type: ignore[no-untyped-call]
    delivering.cancel()
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(asyncio.gather(answering, delivering, return_exceptions=True), web_server.END_WITHIN)


def print_sign_ins(speaker: Speaker, home: Path, port: int) -> None:
    """Where the tenants of `demo.json` answer, and how to sign in."""
    notes = _read_notes(home)
    base = f"http://127.0.0.1:{port}"
    places = {
        slug: {
            "pages": f"{base}/t/{slug}/",
            "refer": f"{base}/t/{slug}/fr/refer",
            "sign_in": f"{base}/t/{slug}/fr/sign-in",
        }
        for slug in notes.sign_ins
    }
    speaker.answer({"url": base, "tenants": {s: {**places[s], "sign_ins": notes.sign_ins[s]} for s in places}})
    if speaker.json:
        return
    for slug in places:
        lines = [f"[link]{places[slug]['pages']}[/link]", ""]
        for each in notes.sign_ins[slug]:
            lines.append(f"{speaker.say(ROLES[each.role]):<16} {escape(each.email)}")
            lines.append(f"{'':<16} [bold]{escape(each.password)}[/bold]")
        speaker.out.print(Panel("\n".join(lines), title=slug, title_align="left", expand=False))
    speaker.out.print(escape(speaker.say(_("Everything here is fictional. Ctrl-C stops it."))))
