"""Runs the demo: the regions here, fictional participants and referrals, and accounts to sign in with."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Callable, Coroutine, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar
from uuid import UUID

from rich.markup import escape
from rich.panel import Panel

from spheres_core import app
from spheres_core.app import assembly
from spheres_core.cli import environment, processes
from spheres_core.cli.demo_data import (
    advice,
    entourage,
    files,
    incidents,
    partners,
    referrals,
    sign_ins,
    support_sessions,
    tools,
    transfers,
    workshops,
)
from spheres_core.cli.demo_data.acts import DemoFile
from spheres_core.cli.demo_data.languages import language_of
from spheres_core.cli.demo_data.people import MANY
from spheres_core.cli.demo_data.sign_ins import SavedSignIns
from spheres_core.cli.output import CommandError, Output, _
from spheres_core.cli.server import web_process, web_server
from spheres_core.cli.tenant import apply_files
from spheres_core.facts import Message, msg
from spheres_core.foundation import deployment, logs
from spheres_core.foundation.database.transactions import REQUESTS
from spheres_core.foundation.encryption import Keyring
from spheres_core.foundation.plugins.discovery import Machine
from spheres_core.foundation.postgres.cluster import Cluster
from spheres_core.foundation.postgres.server_record import Urls
from spheres_core.foundation.tenancy import tenants
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.runtime import Runtime
from spheres_core.staff.schemas import ROLES
from spheres_core.worker import run_worker

T = TypeVar("T")
BeginBar = Callable[[Message, int], Callable[[], None]]
AT_ONCE: Final = 2
"""Regions that are filled at the same time: while the database works for one, the other goes on. Each takes up to two
of the four connections."""


def run_demo(output: Output, *, port: int, participants: int = MANY) -> None:
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
            tenant_files = apply_files.default_files()
            if not tenant_files:
                raise CommandError(msg("There is no file in tenants/ here. Make one with `spheres tenant new`."))
            urls, keyring, machine = prepare(output, home, tenant_files, participants=participants)
            asyncio.run(_serve(output, urls, keyring, machine, port))
        finally:
            if started:
                with output.progress(_("Stopping the database")):
                    cluster.stop()
    output.print_notice(_("Stopped. `spheres demo` starts it again where it was."))


def prepare(
    output: Output, home: Path, tenant_files: Sequence[Path], *, participants: int
) -> tuple[Urls, Keyring, Machine]:
    """Makes database, key file, tables, tenants, accounts, files and referrals; each only when it is missing.

    `participants`: how many fictional ones each region gets.
    """
    machine = app.machine()
    apply_files.read_files(tenant_files, machine)
    urls = environment.database_urls(output)
    machine = environment.migrate_what_can_be(output, urls, machine)
    keyring = environment.open_keyring(urls)
    saved = sign_ins.read_saved(home)
    asyncio.run(_refuse_real_data(urls, saved))
    sign_ins.add_missing(home, saved, [file.stem for file in tenant_files])
    apply_files.apply_all(output, tenant_files, urls, keyring, machine)
    asyncio.run(_add_accounts_and_examples(output, urls, keyring, machine, saved, participants))
    sign_ins.save(home, saved)
    return urls, keyring, machine


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


async def _add_accounts_and_examples(
    output: Output, urls: Urls, keyring: Keyring, machine: Machine, saved: SavedSignIns, participants: int
) -> None:
    turns = asyncio.Semaphore(AT_ONCE)
    async with environment.open_runtime(urls, keyring, machine) as runtime:
        with output.progress_bars() as begin:

            async def fill(slug: str) -> list[DemoFile]:
                async with turns:
                    return await _fill_region(output, begin, runtime, slug, saved, participants)

            made = await _all_or_none([fill(slug) for slug in saved.sign_ins])
        await transfers.exchange(runtime, dict(zip(saved.sign_ins, made, strict=True)))


async def _all_or_none(work: Sequence[Coroutine[Any, Any, T]]) -> list[T]:
    """Returns what each comes to; where one fails, the others end before it is told."""
    tasks = [asyncio.create_task(each) for each in work]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for each in tasks:
            each.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _fill_region(
    output: Output, begin: BeginBar, runtime: Runtime, slug: str, saved: SavedSignIns, participants: int
) -> list[DemoFile]:
    loaded = await environment.load_tenant(runtime, slug)
    async with runtime.context(loaded) as ctx:
        if loaded.tenant.illustrative:
            await partners.add_fictional(ctx)
        staff = await sign_ins.open_accounts(ctx, saved)
    async with runtime.context(loaded) as ctx:
        return await _add_examples(output, begin, ctx, staff, participants)


async def _add_examples(
    output: Output, begin: BeginBar, ctx: Context, staff: Mapping[str, UUID], participants: int
) -> list[DemoFile]:
    """Adds files and referrals, in one transaction: a start that is cut off leaves neither. Returns the files."""
    waiting = () if await referrals.has_referrals(ctx) else referrals.DEMO_REFERRALS
    planned = await files.plan(ctx, staff, many=participants)
    total = len(planned) + len(waiting)
    if not total:
        return []
    title = msg("Fictional participants and referrals for {name}", name=output.say(ctx.tenant.name))
    done = begin(title, total)
    await files.make(ctx, planned, done)
    for referral in waiting:
        await referrals.receive(ctx, referral)
        done()
    if waiting:
        coordinator = staff[sign_ins.COORDINATOR.address]
        await advice.ask_all(ctx, coordinator)
        await tools.write_all(ctx, staff[sign_ins.CONTENT_EDITOR.address], coordinator)
        await entourage.support_all(ctx, coordinator)
        await support_sessions.hold_all(ctx, staff, language_of(ctx))
        await workshops.log_all(ctx, coordinator, staff[sign_ins.FIRST_PIVOT.address])
        await incidents.record_all(ctx, staff[sign_ins.PRIVACY_OFFICER.address])
    return list({id(file): file for file, _ in planned}.values())


async def _serve(output: Output, urls: Urls, keyring: Keyring, machine: Machine, port: int) -> None:
    async with environment.open_runtime(
        urls, keyring, machine, make=assembly.make_runtime, deadlines=REQUESTS
    ) as runtime:
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
    server = web_server.embedded_server(web_process.build_dispatcher(runtime, web_server.restarting(urls)), port)
    delivering = asyncio.create_task(run_worker(runtime, urls.app))
    answering = asyncio.create_task(server.serve())
    on_started()
    await asyncio.wait({delivering, answering, asyncio.create_task(stop.wait())}, return_when=asyncio.FIRST_COMPLETED)
    server.stop()  # type: ignore[no-untyped-call]
    delivering.cancel()
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(asyncio.gather(answering, delivering, return_exceptions=True), processes.STOP_TIMEOUT)


def print_sign_ins(output: Output, home: Path, port: int) -> None:
    """Prints where the tenants of `demo.json` answer, and how to sign in; starts nothing.

    Raises `CommandError` where the demo was never started.
    """
    saved = sign_ins.read_saved(home)
    if not saved.sign_ins:
        raise CommandError(msg("There is no demo here yet. `spheres demo` makes it."))
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
            where = f" [dim]{escape(each.organization)}[/dim]" if each.organization else ""
            lines.append(f"{output.say(ROLES[each.role]):<16} {escape(each.email)}{where}")
            lines.append(f"{'':<16} [bold]{escape(each.password)}[/bold]")
        output.out.print(Panel("\n".join(lines), title=slug, title_align="left", expand=False))
    output.out.print(escape(output.say(_("Everything here is fictional. Ctrl-C stops it."))))
