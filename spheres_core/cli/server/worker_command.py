"""`spheres worker`: delivers what is due, beside the web server."""

from __future__ import annotations

import asyncio

import rich_click as click

from spheres_core import app
from spheres_core.app import assembly
from spheres_core.cli import environment, processes
from spheres_core.cli.help import command
from spheres_core.cli.output import Output, _
from spheres_core.cli.server import web_server
from spheres_core.foundation import deployment, logs
from spheres_core.worker import run_worker


@command(
    "worker",
    examples=["spheres worker", "spheres worker --once"],
)
@click.option("--once", is_flag=True, help=_("Deliver what is due now, then end."))
def worker(output: Output, once: bool) -> None:
    urls = environment.database_urls(output)
    machine = environment.require_migrated(urls, app.machine())
    environment.report_unmigrated(output, machine)
    keyring = environment.load_fitting_keyring(urls)
    output.print_notice(_("Delivering what is due.") if once else _("Delivering · Ctrl-C stops it."))
    logs.configure()

    async def working() -> None:
        async with environment.open_runtime(urls, keyring, machine, make=assembly.make_runtime) as runtime:
            await run_worker(
                runtime, urls.app, signals=True, until_idle=once, restart_database=web_server.restarting(urls)
            )

    with processes.register_process(deployment.home(), "worker", machine):
        asyncio.run(working())
    if once:
        output.print_result({"ok": True})
