"""Runs the demo: the regions here, fictional referrals and accounts to sign in with."""

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
from spheres_core.cli import environment, processes
from spheres_core.cli.output import CommandError, Output, _
from spheres_core.cli.server import demo_partners, demo_referrals, web_server
from spheres_core.cli.staff import passphrases
from spheres_core.cli.tenant import apply_files
from spheres_core.facts import msg
from spheres_core.foundation import deployment, logs
from spheres_core.foundation.database.transactions import REQUESTS
from spheres_core.foundation.encryption import Keyring
from spheres_core.foundation.plugins.discovery import Machine
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


class SavedSignIns(Struct):
    """`demo.json` in SPHERES_HOME, mode 0600: the sign-ins by tenant, to be printed again."""

    sign_ins: dict[str, list[SignIn]] = msgspec.field(default_factory=dict)


def run_demo(output: Output, *, port: int) -> None:
    """Starts what is needed, loads what is missing, serves until stopped, and stops what it started."""
    home = deployment.home()
    web_server.check_port("127.0.0.1", port)
    deployment.set_port(port)
    logs.configure()
    cluster = Cluster(home)
    own_server = deployment.database_url() is not None
    started = not own_server and not cluster.status().running
    with processes.register_process(home, "demo", app.machine()):
        try:
            files = apply_files.default_files()
            if not files:
                raise CommandError(msg("There is no file in tenants/ here. Make one with `spheres tenant new`."))
            urls, keyring, machine = prepare(output, home, files)
            asyncio.run(_serve(output, urls, keyring, machine, port))
        finally:
            if started:
                with output.progress(_("Stopping the database")):
                    cluster.stop()
    output.print_notice(_("Stopped. `spheres demo` starts it again where it was."))


def prepare(output: Output, home: Path, files: Sequence[Path]) -> tuple[Urls, Keyring, Machine]:
    """Makes database, key file, tables, tenants, accounts and referrals; each only when it is missing."""
    machine = app.machine()
    apply_files.read_files(files, machine)
    urls = environment.database_urls(output)
    machine = environment.migrate_what_can_be(output, urls, machine)
    keyring = environment.open_keyring(urls)
    saved = _read_sign_ins(home)
    asyncio.run(_refuse_real_data(urls, saved))
    _save_sign_ins(home, saved, [file.stem for file in files])
    apply_files.apply_all(output, files, urls, keyring, machine)
    asyncio.run(_add_accounts_and_examples(output, urls, keyring, machine, saved))
    return urls, keyring, machine


def _read_sign_ins(home: Path) -> SavedSignIns:
    try:
        return msgspec.json.decode((home / "demo.json").read_bytes(), type=SavedSignIns)
    except FileNotFoundError:
        return SavedSignIns()
    except msgspec.DecodeError as error:
        raise CommandError(
            msg("{file} cannot be read: {reason}.", file=str(home / "demo.json"), reason=str(error))
        ) from None


async def _refuse_real_data(urls: Urls, saved: SavedSignIns) -> None:
    """Raises `CommandError` for a database with other tenants: fictional data does not belong there."""
    async with environment.open_database(urls.app) as database, database.transaction(None) as db:
        there = [each.slug for each in await db.all(tenants.ALL)]
    if there and not saved.sign_ins:
        raise CommandError(
            msg(
                "This database holds tenants that the demo did not make ({names}). Choose another SPHERES_HOME.",
                names=", ".join(there),
            )
        )


def _save_sign_ins(home: Path, saved: SavedSignIns, slugs: Sequence[str]) -> None:
    """Makes and saves passwords before anything else, so that none is lost when the first start is cut off."""
    before = msgspec.json.encode(saved)
    for slug in slugs:
        known = {each.role: each for each in saved.sign_ins.get(slug, [])}
        for role, (address, _name, _roles) in ACCOUNTS.items():
            known.setdefault(role, SignIn(role, address.format(slug=slug), passphrases.make_passphrase()))
        saved.sign_ins[slug] = list(known.values())
    after = msgspec.json.encode(saved)
    if before != after:
        write_private(home / "demo.json", msgspec.json.format(after).decode())


async def _add_accounts_and_examples(
    output: Output, urls: Urls, keyring: Keyring, machine: Machine, saved: SavedSignIns
) -> None:
    async with environment.open_runtime(urls, keyring, machine) as runtime:
        for slug in saved.sign_ins:
            loaded = await environment.load_tenant(runtime, slug)
            await _open_accounts(runtime, loaded, saved)
            await _add_examples(output, runtime, loaded)


async def _open_accounts(runtime: Runtime, loaded: LoadedTenant, saved: SavedSignIns) -> None:
    known = {each.role: each for each in saved.sign_ins[loaded.tenant.slug]}
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


async def _add_examples(output: Output, runtime: Runtime, loaded: LoadedTenant) -> None:
    async with runtime.context(loaded) as ctx:
        if await demo_referrals.has_referrals(ctx):
            return
        if loaded.tenant.illustrative:
            await demo_partners.add_shelter(ctx)
        name = output.say(loaded.tenant.name)
        title = msg("Fictional referrals for {name}", name=name)
        with output.progress_bar(title, len(demo_referrals.DEMO_REFERRALS)) as done:
            for referral in demo_referrals.DEMO_REFERRALS:
                await demo_referrals.receive(ctx, referral)
                done()


async def _serve(output: Output, urls: Urls, keyring: Keyring, machine: Machine, port: int) -> None:
    async with environment.open_runtime(urls, keyring, machine, pages=True, deadlines=REQUESTS) as runtime:
        await serve_and_deliver(
            runtime, urls, port, lambda: print_sign_ins(output, deployment.home(), port), stop_on_signals()
        )


def stop_on_signals() -> asyncio.Event:
    """Returns an event that SIGINT and SIGTERM set, in the running loop."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    return stop


async def serve_and_deliver(
    runtime: Runtime, urls: Urls, port: int, on_started: Callable[[], None], stop: asyncio.Event
) -> None:
    """Serves and delivers in one loop until `stop` is set, or until one of the two ends."""
    server = web_server.embedded_server(web_server.build_dispatcher(runtime, web_server.restarting(urls)), port)
    delivering = asyncio.create_task(run_worker(runtime, urls.app))
    answering = asyncio.create_task(server.serve())
    on_started()
    await asyncio.wait({delivering, answering, asyncio.create_task(stop.wait())}, return_when=asyncio.FIRST_COMPLETED)
    server.stop()  # type: ignore[no-untyped-call]
    delivering.cancel()
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(asyncio.gather(answering, delivering, return_exceptions=True), processes.STOP_TIMEOUT)


def print_sign_ins(output: Output, home: Path, port: int) -> None:
    """Prints where the tenants of `demo.json` answer, and how to sign in."""
    saved = _read_sign_ins(home)
    base = f"http://127.0.0.1:{port}"
    places = {
        slug: {
            "pages": f"{base}/t/{slug}/",
            "refer": f"{base}/t/{slug}/fr/refer",
            "sign_in": f"{base}/t/{slug}/fr/sign-in",
        }
        for slug in saved.sign_ins
    }
    output.print_result({"url": base, "tenants": {s: {**places[s], "sign_ins": saved.sign_ins[s]} for s in places}})
    if output.json:
        return
    for slug in places:
        lines = [f"[link]{places[slug]['pages']}[/link]", ""]
        for each in saved.sign_ins[slug]:
            lines.append(f"{output.say(ROLES[each.role]):<16} {escape(each.email)}")
            lines.append(f"{'':<16} [bold]{escape(each.password)}[/bold]")
        output.out.print(Panel("\n".join(lines), title=slug, title_align="left", expand=False))
    output.out.print(escape(output.say(_("Everything here is fictional. Ctrl-C stops it."))))
