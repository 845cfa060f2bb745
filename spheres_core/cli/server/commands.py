"""Answering requests, stopping, and bringing the database to the version of the code."""

from __future__ import annotations

from typing import Any

import rich_click as click
from rich.markup import escape

from spheres_core import app
from spheres_core.cli import environment, processes
from spheres_core.cli.help import command
from spheres_core.cli.output import Output, _
from spheres_core.cli.server import web_server
from spheres_core.cli.server.port import port_option
from spheres_core.facts import msg
from spheres_core.foundation import deployment, logs
from spheres_core.foundation.database import migrations
from spheres_core.foundation.database.components import Applied
from spheres_core.foundation.postgres import roles
from spheres_core.foundation.postgres.cluster import Cluster


@command(
    "serve",
    examples=["spheres serve --port 8080 --workers 2"],
)
@click.option("--host", default="127.0.0.1", show_default=True, help=_("The address to listen on."))
@port_option
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help=_("How many processes."))
def serve(output: Output, host: str, port: int, workers: int) -> None:
    home = deployment.home()
    urls = environment.database_urls(output)
    machine = environment.require_migrated(urls, app.machine())
    environment.report_unmigrated(output, machine)
    environment.load_fitting_keyring(urls)
    web_server.check_port(host, port)
    web_server.trusted_proxies()
    web_server.check_post_limits()
    deployment.set_default_port(port)
    output.print_notice(msg("Answering at http://{host}:{port} · Ctrl-C stops it.", host=host, port=port))
    logs.configure()
    with processes.register_process(home, "serve", machine):
        web_server.multiprocess_server(host, port, workers).serve()


@command(
    "stop",
    examples=["spheres stop"],
)
def stop(output: Output) -> None:
    home = deployment.home()
    with output.progress(_("Stopping")):
        ended = processes.stop_processes(home)
        database = Cluster(home).stop()
    names = [kind for kind, _number in ended]
    lines = [output.say(msg("Stopped: {name}.", name=name)) for name in names]
    if database:
        lines.append(output.say(_("The database has stopped.")))
    if not lines:
        lines = [output.say(_("Nothing was running."))]
    output.print_result({"stopped": names, "database": database}, *lines)


@command(
    "migrate",
    examples=["spheres migrate", "spheres migrate --status", "spheres migrate --roles-sql > roles.sql"],
)
@click.option("--status", is_flag=True, help=_("Only say where each part stands."))
@click.option(
    "--roles-sql", is_flag=True, help=_("Only print the SQL that makes database and roles on your own PostgreSQL.")
)
def migrate_command(output: Output, status: bool, roles_sql: bool) -> None:
    if roles_sql:
        output.print_result({"sql": roles.roles_sql()})
        click.echo("" if output.json else roles.roles_sql(), nl=False)
        return
    machine = app.machine()
    urls = environment.database_urls(output)
    if status:
        standing = migrations.status(urls.needed("owner"), app.components(machine))
        output.print_result(standing)
        rows = [(s.component, output.say(STATES[s.state]), s.current or "", s.head or "") for s in standing]
        output.print_table([_("Part"), _("State"), _("Database"), _("Code")], rows)
        return
    applied = environment.migrate(output, urls, machine)
    environment.open_keyring(urls)
    output.print_result({"applied": applied}, *_applied_lines(output, applied))


STATES: dict[str, str] = {
    "current": _("up to date"),
    "behind": _("behind the code"),
    "new": _("not there yet"),
    "ahead": _("newer than the code"),
    "damaged": _("its migrations cannot be used"),
    "vanished": _("its plugin is gone"),
}


def _applied_lines(output: Output, applied: list[Applied]) -> list[str]:
    if not applied:
        return [output.say(_("The database is up to date; nothing to do."))]
    said: list[Any] = [
        msg("{part}: {before} → {after}", part=each.component, before=each.before or "—", after=each.after or "—")
        for each in applied
    ]
    return [escape(output.say(each)) for each in said]
